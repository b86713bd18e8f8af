/**
 * What an encoding is: a table that describes it, its options and its result, with a function that fills the result by calls of
 * the core; and the entries that such tables share. Not here: how options are checked and results made (call.js).
 */

import { formsOf, sizeIn } from '../options/shapes.js';
import { any, choice, entry } from '../options/table.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Table, Values } from '../options/table.js'
 * @import { Size } from '../options/shapes.js'
 *
 * @typedef {Record<string, number>} Sizes by the letters of shapes, and by the names of options that are numbers
 * @typedef {Record<string, number[]>} Shapes of the options that are arrays
 * @typedef {(values: any, sizes: Sizes, shapes: Shapes) => number[] | null} ShapeOf
 *
 * @typedef {object} Result
 * @property {'float32' | 'int32'} dtype
 * @property {string} shape in the notation of bindings/options/shapes.js
 * @property {string} [about] what else there is to say, such as other shapes
 * @property {ShapeOf} [shapeOf] where the notation cannot say it; null for a result that there is not
 * @property {(values: any) => 'float32' | 'int32'} [dtypeOf] where it depends on the options
 * @property {boolean} [nullable] whether there may be none: null
 *
 * @typedef {{ dtype: 'int32' | 'number', shape?: string, about?: string }} Also a Tensor or a number
 *
 * @typedef {object} Description
 * @property {string} summary one sentence
 * @property {string} [more]
 * @property {string} formula
 * @property {string} models
 * @property {string} source papers, and the code that it agrees with
 * @property {Table} options
 * @property {Result | Readonly<Record<string, Result>>} result or several by name
 * @property {string} [out] of several results the one that the option `out` is for
 * @property {Readonly<Record<string, Also>>} [also] what `fill` returns beside several results
 * @property {string} example code that ends with a value, and the value behind //; `random` makes inputs
 *
 * @typedef {object} Filled what calls read of an encoding
 * @property {Table} known the options with `out`
 * @property {(Result & { key: string, sizes: Size[] })[]} results with their names; a single one has none
 * @property {string} [out]
 * @property {FillOf<any>} fill
 */

/**
 * @template O a table of options
 * @typedef {(core: Instance, out: any, values: Values<O>, sizes: Sizes, shapes: Shapes) => object | void} FillOf fills the result's
 *   array, or those of several by name, and may give what is returned beside them
 */

/** The results by name; a single one has none. @param {Pick<Description, 'result'>} description @returns {Record<string, Result>} */
export const resultsOf = ({ result }) =>
  typeof result.dtype === 'string' ? { '': /** @type {Result} */ (result) } : /** @type {any} */ (result);

const OUT = any('filled instead of new memory', { optional: true });

/**
 * An encoding by its table, from which `fill` gets the types of its options.
 * @template {Table} const O
 * @template {Description['result']} const R
 * @template {NonNullable<Description['also']>} [const A={}]
 * @param {Omit<Description, 'options' | 'result' | 'also'> & { options: O, result: R, also?: A, fill: FillOf<O> }} table
 * @returns {Omit<Description, 'options' | 'result' | 'also'> & Filled & { options: O, result: R, also: A }}
 */
export const encoding = (table) => {
  const results = Object.entries(resultsOf(table)).map(([key, one]) => {
    const sizes = one.shapeOf ? [] : formsOf(one.shape)[0].map(sizeIn);
    return { ...one, key, sizes };
  });
  return /** @type {any} */ ({ ...table, known: { ...table.options, out: OUT }, results });
};

/** The core counts angles to 2^50; positions are held to less, so that frequencies above 1 have room. */
export const REACH = /** @type {const} */ ({ min: -(2 ** 40), max: 2 ** 40 });

/** A size of something: the largest that an axis may have is 2^20. */
export const size = entry('integer', { min: 1, max: 2 ** 20 });
/** How many there are of what may be missing. */
export const count = entry('integer', { min: 0, max: 2 ** 20, default: 0 });
export const positive = entry('number', { above: 0 });
/** The sizes of a grid or a window. */
export const grid = entry('pair', { min: 1, max: 32768 });
/** Numbers of any shape, kept in double. */
export const coordinates = entry('numbers', REACH);
/** Switches by their default. */
export const on = entry('flag', { default: true });
export const off = entry('flag', { default: false });
export const NONE = /** @type {const} */ ({ optional: 'none' });
/** The base of frequencies, such as base^(-i/n). */
export const BASE = positive('', { default: 10000 });

/**
 * One of several names, by default the first.
 * @template {string} C
 * @param {readonly C[]} choices
 * @param {string} [about]
 * @returns {{ kind: 'choice', choices: readonly NoInfer<C>[], about: string, default: NoInfer<C> }}
 */
export const choose = (choices, about) => choice(choices, about, { default: choices[0] });

/**
 * Names of libraries' ways, and what each sets other options to.
 * @template {Record<string, Record<string, unknown>>} const S
 * @param {S} sets
 * @param {string} about
 */
export const preset = (sets, about) => {
  const choices = /** @type {(keyof S & string)[]} */ (Object.keys(sets));
  return choice(choices, about, { sets, ...NONE });
};

/**
 * @template {'float32' | 'int32'} D
 * @param {D} dtype
 * @returns {(shape: string, about?: string, shapeOf?: ShapeOf) => Result & { dtype: D }}
 */
const result = (dtype) => (shape, about, shapeOf) => ({ dtype, shape, about, shapeOf });

export const float32 = result('float32');
export const int32 = result('int32');

/**
 * float32, unless an option has a value that makes it int32.
 * @param {Result} result
 * @param {string} option
 * @param {string} value
 * @returns {Result & { dtype: 'float32' | 'int32' }}
 */
export const integersIf = (result, option, value) => ({
  ...result,
  dtypeOf: (values) => (values[option] === value ? 'int32' : 'float32'),
});
