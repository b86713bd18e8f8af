/**
 * Tables of options: the form of an entry, the types that follow from a table, and short ways to write entries down. Not here:
 * what a value of a kind must be (kinds.js), reading options by a table (check.js).
 */

/**
 * @import { Tensor } from '../tensor.js'
 *
 * @typedef {number | string} Bound a number, or an expression of other options and sizes, as in "rows - 1"
 * @typedef {Readonly<Record<string, unknown>>} Condition what other options are: a value or one of several; true for one that
 *   is given, false for one that is left out (of a 'flag' they are its value)
 * @typedef {(letter: string) => any} SizeOf a size by its letter
 * @typedef {Record<string, number[]>} Shapes of the options that are arrays
 * @typedef {readonly [rule: string, holds: (value: any, values: any, sizeOf: SizeOf, shapes: Shapes) => boolean]} Must a rule in
 *   words, where {rows - 1} stands for sizes, and whether it holds
 * @typedef {string | number | boolean | null | readonly unknown[] | ((values: any, sizeOf: SizeOf) => unknown)} Default of
 *   numbers also an expression
 *
 * @typedef {object} Rule what an option is: an entry of a table. With neither `default` nor `optional` it is required
 * @property {keyof typeof import('./kinds.js').KINDS} kind
 * @property {string} [about] what it means
 * @property {Bound} [min]
 * @property {Bound} [max]
 * @property {Bound} [above] an open lower bound
 * @property {Bound} [multiple] what an integer must be a multiple of
 * @property {Bound} [count] numbers that a list must have
 * @property {boolean} [infinite] infinities are numbers too
 * @property {boolean} [nested] a list of integers may be nested
 * @property {boolean} [single] one entry may stand for a list
 * @property {readonly string[]} [choices]
 * @property {Readonly<Record<string, Readonly<Record<string, unknown>>>>} [sets] of a 'choice': what each sets other options to,
 *   unless the caller gives them
 * @property {readonly unknown[]} [or] values that are taken besides those of the kind
 * @property {string} [shape] of an array, "[B, T] or [T]": letters get their sizes of it
 * @property {(values: any, sizeOf: SizeOf, shapes: Shapes) => string} [shapeOf] the shape where it depends on
 *   other options
 * @property {string} [letters] for the sizes of a pair, "h w", or for a number beside its name
 * @property {Table} [fields] of an 'object'
 * @property {Condition} [only] when the option may be given: otherwise it is refused
 * @property {Condition} [when] when it is read: otherwise its kind is checked, and it is ignored
 * @property {readonly Must[]} [must] rules beyond those of the kind
 * @property {Default} [default]
 * @property {string | true} [optional] it may be left out; the words say what is done then
 *
 * @typedef {Readonly<Record<string, Rule>>} Table options by name, in the order in which they are told
 */

/**
 * @template R a rule
 * @typedef {R extends { kind: 'integer' | 'number' } ? number
 *   : R extends { kind: 'flag' } ? boolean
 *   : R extends { kind: 'choice', choices: readonly (infer C)[] } ? C
 *   : R extends { kind: 'choices', choices: readonly (infer C)[] } ? C[]
 *   : R extends { kind: 'pair' } ? [number, number]
 *   : R extends { kind: 'pairs' } ? [number, number][]
 *   : R extends { kind: 'floats' } ? Float32Array
 *   : R extends { kind: 'integers' } ? Int32Array
 *   : R extends { kind: 'numbers' } ? Float64Array
 *   : R extends { kind: 'text' } ? string
 *   : R extends { kind: 'texts' } ? string[]
 *   : R extends { kind: 'signal' } ? AbortSignal
 *   : R extends { kind: 'object', fields: infer F } ? Values<F>
 *   : any} ValueOf what `check` gives for it
 */

/**
 * @template R a rule
 * @typedef {R extends { default: unknown } ? never : R extends { optional: unknown } ? R extends { kind: 'floats' | 'integers' | 'numbers' } ? null : undefined : never} Absent
 */

/**
 * @template T a table
 * @typedef {{ [K in keyof T]: ValueOf<T[K]> | Absent<T[K]> | (T[K] extends { or: readonly (infer O)[] } ? O : never) }} Values
 */

/**
 * @template R a rule
 * @typedef {R extends { kind: 'pair' } ? number | readonly [number, number]
 *   : R extends { kind: 'pairs' } ? readonly (number | readonly [number, number])[]
 *   : R extends { kind: 'choices', choices: readonly (infer C)[] } ? readonly C[]
 *   : R extends { kind: 'floats' } ? Tensor
 *   : R extends { kind: 'integers' | 'numbers' } ? readonly any[] | ArrayBufferView | Tensor | Single<R>
 *   : R extends { kind: 'object', fields: infer F } ? Given<F>
 *   : ValueOf<R>} GivenOf what callers may give for it
 */

/** @typedef {{ default: unknown } | { optional: unknown } | { only: unknown } | { when: unknown }} Free what may be left out */

/**
 * @template R a rule
 * @typedef {R extends { single: true } ? number : never} Single
 */

/**
 * @template T a table
 * @typedef {{ [K in keyof T as T[K] extends Free ? never : K]: GivenOf<T[K]> } &
 *   { [K in keyof T as T[K] extends Free ? K : never]?: GivenOf<T[K]> }} Given options as a caller gives them
 */

/**
 * @template K
 * @template U
 * @typedef {{ (about?: string): U & { kind: K, about: string },
 *   <const R extends Omit<Rule, 'kind'>>(about: string, rule: R): NoInfer<R> & Omit<U, keyof R> & { kind: K, about: string } }} Entry
 */

/**
 * A way to write entries of a kind down: what the option means, and its rules beyond those that are usual.
 * @template {Rule['kind']} K
 * @template {Omit<Rule, 'kind'>} [const U={}]
 * @param {K} kind
 * @param {U} [usual]
 * @returns {Entry<K, U>}
 */
export const entry =
  (kind, usual) =>
  (about = '', rule = {}) =>
    /** @type {any} */ ({ kind, about, ...usual, ...rule });

export const integer = entry('integer');
export const number = entry('number');
export const flag = entry('flag');
export const pair = entry('pair');
export const pairs = entry('pairs');
export const integers = entry('integers');
export const numbers = entry('numbers');
export const text = entry('text');
export const texts = entry('texts');
export const callback = entry('callback');
export const signal = entry('signal');
export const object = entry('object');
export const any = entry('any');

/**
 * @template {'choice' | 'choices'} K
 * @param {K} kind
 * @returns {<C extends string, const R extends Omit<Rule, 'kind'>>(choices: readonly C[], about?: string, rule?: R) =>
 *   NoInfer<R> & { kind: K, choices: readonly NoInfer<C>[], about: string }}
 */
const named = (kind) => (choices, about, rule) => /** @type {any} */ ({ kind, choices, about, ...rule });

/** One of several names. */
export const choice = named('choice');
/** A list of several names, each at most once. */
export const choices = named('choices');

/**
 * A tensor of floating point.
 * @template {Omit<Rule, 'kind'>} const R
 * @param {string} shape as in "[rows, D] or [1, rows, D]"
 * @param {string} [about]
 * @param {R} [rule]
 * @returns {NoInfer<R> & { kind: 'floats', shape: string, about: string }}
 */
export const floats = (shape, about, rule) => /** @type {any} */ ({ kind: 'floats', shape, about, ...rule });
