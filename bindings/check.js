/**
 * The one checker of options: a table says what each option is, and `check` reads a caller's object by it. Unknown options,
 * wrong types, values out of range and options that exclude each other are InputErrors, which name the option (`path`), the
 * `value` and the rule. Not here: the kinds of options (kinds.js), the notation of shapes (shapes.js).
 *
 * @example
 * const table = { topK: integer('classes', { min: 1, default: 5 }), signal: signal('', { optional: true }) };
 * const { topK, signal } = check('classify', options, table);
 */
import { InputError, ShapeError, show } from './errors.js';
import { isObject, KINDS, literal, ruleOf } from './kinds.js';
import { describe, evaluate, expressionsOf, formsOf, lettersOf, match } from './shapes.js';

/**
 * @import { Condition, Rule, SizeOf, Table, Values } from './options.js'
 *
 * @typedef {{ path: string, sizeOf: SizeOf }} Outer
 */

const ARRAYS = ['floats', 'integers', 'numbers'];
const NUMERIC = ['integer', 'number'];
const BOUNDS = ['min', 'max', 'above', 'multiple', 'count'];

/**
 * The options' values, defaults where they are left out.
 * @template {Table} const T
 * @param {string} name of the function, for messages
 * @param {unknown} options as the caller gave them
 * @param {T} table
 * @returns {Values<T>}
 * @throws {InputError} options that are no object; an option that is missing, unknown, of another kind or out of range
 * @throws {ShapeError} a tensor of another shape
 */
export const check = (name, options, table) => read(name, options, table).values;

/**
 * As `check`, with what arrays had: the sizes that letters of shapes stand for, and the shapes by option. Of arrays the values
 * are typed arrays, null if they are left out.
 * @template {Table} const T
 * @param {string} name
 * @param {unknown} options
 * @param {T} table
 * @param {Outer} [outer] of options inside an option: where they are, and sizes that are known there
 * @returns {{ values: Values<T>, sizes: Record<string, number>, shapes: Record<string, number[]> }}
 */
export function read(name, options, table, outer) {
  if (!isObject(options))
    throw new InputError(`${name}: options must be an object, not ${show(options)}`, { value: options });
  const reader = new Reader(name, options, table, outer);
  reader.refuseUnknown();
  for (const key of Object.keys(table)) reader.values[key];
  for (const [key, rule] of Object.entries(table)) reader.checkMust(key, rule);
  return /** @type {any} */ (reader);
}

/** Reads each option once, when it is asked for first: rules may ask for other options and for sizes. */
class Reader {
  /** @type {Record<string, any>} */ values = {};
  /** @type {Record<string, number>} */ sizes = {};
  /** @type {Record<string, number[]>} */ shapes = {};
  /** @type {string} */ #name;
  /** @type {Record<string, any>} */ #given;
  /** What a preset sets. @type {Record<string, any>} */ #preset = {};
  /** @type {Table} */ #table;
  /** What stands before names of options in messages. @type {string} */ #within;
  /** @type {SizeOf | undefined} */ #outer;

  /** @param {string} name @param {Record<string, any>} given @param {Table} table @param {Outer} [outer] */
  constructor(name, given, table, outer) {
    this.#within = outer?.path ?? '';
    this.#outer = outer?.sizeOf;
    this.#name = name;
    this.#given = given;
    this.#table = table;
    for (const key of Object.keys(table)) {
      /** @param {unknown} value */
      const keep = (value) => {
        Object.defineProperty(this.values, key, { value, enumerable: true });
        return value;
      };
      const get = () => keep(this.#read(key, table[key]));
      Object.defineProperty(this.values, key, { get, enumerable: true, configurable: true });
    }
    for (const [key, { sets }] of Object.entries(table)) {
      if (sets && given[key] !== undefined) this.#preset = sets[this.values[key]];
    }
  }

  refuseUnknown() {
    const known = Object.keys(this.#table);
    for (const [key, value] of Object.entries(this.#given)) {
      if (known.includes(key)) continue;
      const path = this.#within + key;
      const message = `${this.#name}: unknown option "${path}"; known are ${known.join(', ')}`;
      throw new InputError(message, { path, value });
    }
  }

  /** @param {string} key @param {string} rule @param {unknown} [value] @returns {never} */
  #refuse(key, rule, value = this.#given[key]) {
    const path = this.#within + key;
    const message = `${this.#name}: option "${path}" must be ${rule}, not ${show(value)}`;
    throw new InputError(message, { path, value });
  }

  /** @param {string} key @param {Rule} rule @returns {any} */
  #read(key, rule) {
    const own = this.#given[key];
    const unmet = rule.only && this.#unmet(rule.only);
    if (unmet && own !== undefined) this.#refuse(key, `left out ${unmet}`);
    const idle = unmet || (rule.when && this.#unmet(rule.when));
    if (idle && own !== undefined) this.#take(key, { ...rule, shape: undefined, shapeOf: undefined }, own);
    const value = idle ? undefined : own === undefined ? this.#fallback(key, rule) : own;
    if (value !== undefined) return this.#take(key, rule, value);
    if (!idle && (rule.optional === undefined || rule.default !== undefined))
      this.#refuse(key, ruleOf(this.#boundsOf(rule)));
    return ARRAYS.includes(rule.kind) ? null : undefined;
  }

  /** What is taken for an option that is left out. @param {string} key @param {Rule} rule */
  #fallback(key, { kind, default: usual }) {
    if (this.#preset[key] !== undefined) return this.#preset[key];
    if (typeof usual === 'function') return usual(this.values, this.#sizeOf);
    if (typeof usual !== 'string' || !NUMERIC.includes(kind)) return usual;
    const value = evaluate(usual, this.#sizeOf);
    return Number.isNaN(value) ? undefined : value;
  }

  /** @param {string} key @param {Rule} rule @param {any} given */
  #take(key, rule, given) {
    if (rule.or?.includes(given)) return given;
    const bounds = this.#boundsOf(rule);
    /** @type {import('./kinds.js').Refuse} */
    const refuse = (text = ruleOf(bounds), wrong = given) => this.#refuse(key, text, wrong);
    const value = KINDS[rule.kind].read(given, bounds, refuse);
    if (ARRAYS.includes(rule.kind)) return this.#takeArray(key, rule, value);
    if (rule.fields)
      return read(this.#name, value, rule.fields, { path: `${this.#within}${key}.`, sizeOf: this.#sizeOf })
        .values;
    const letters = rule.letters?.split(' ') ?? [];
    if (NUMERIC.includes(rule.kind)) for (const letter of [key, ...letters]) this.sizes[letter] = value;
    if (rule.kind === 'pair') for (const [i, letter] of letters.entries()) this.sizes[letter] = value[i];
    return value;
  }

  /** @param {string} key @param {Rule} rule @param {{ data: ArrayLike<number>, shape: number[] }} array */
  #takeArray(key, rule, { data, shape }) {
    const text = rule.shapeOf?.(this.values, this.#sizeOf, this.shapes) ?? rule.shape;
    const forms = text ? formsOf(text) : [];
    for (const size of expressionsOf(forms)) evaluate(size, this.#sizeOf); // reads what they depend on
    const sizes = forms.map((form) => match(form, shape, this.#known)).find((found) => found !== null);
    if (forms.length && !sizes) {
      const expected = forms.map((form) => describe(form, this.#known)).join(' or ');
      const path = this.#within + key;
      const message = `${this.#name}: option "${path}" has shape [${shape.join(', ')}]; expected ${expected}`;
      throw new ShapeError(message, { path, value: shape });
    }
    Object.assign(this.sizes, sizes);
    this.shapes[key] = shape;
    return data;
  }

  /** Bounds as numbers. @param {Rule} rule @returns {Rule & import('./kinds.js').Bounds} */
  #boundsOf(rule) {
    const bounds = Object.entries(rule).map(([key, bound]) => {
      const isExpression = typeof bound === 'string' && BOUNDS.includes(key);
      return [key, isExpression ? evaluate(bound, this.#sizeOf) : bound];
    });
    return Object.fromEntries(bounds);
  }

  /** A size that is known, or that a number or a pair among the options gives. @param {string} letter */
  #known = (letter) => {
    for (const [key, { kind, letters }] of Object.entries(this.#table)) {
      const isIts = letters?.split(' ').includes(letter) || (key === letter && NUMERIC.includes(kind));
      if (this.sizes[letter] === undefined && isIts) this.values[key];
    }
    return this.sizes[letter] ?? this.#outer?.(letter);
  };

  /** As `#known`, or a size that the shape of a tensor gives. @param {string} letter */
  #sizeOf = (letter) => {
    for (const [key, { shape }] of Object.entries(this.#table)) {
      if (this.#known(letter) === undefined && shape && lettersOf(shape).includes(letter)) this.values[key];
    }
    return this.#known(letter);
  };

  /** Why a condition does not hold, undefined if it does. @param {Condition} condition */
  #unmet(condition) {
    const isGiven = (/** @type {string} */ key) => this.#given[key] !== undefined;
    const parts = Object.entries(condition).map(([key, wanted]) => ({
      key,
      wanted: [wanted].flat(),
      isPresence: typeof wanted === 'boolean' && this.#table[key].kind !== 'flag',
    }));
    const excluding = parts
      .filter(({ isPresence, wanted }) => isPresence && !wanted[0])
      .map(({ key }) => key);
    if (excluding.some(isGiven)) return `with ${excluding.filter(isGiven).join(' and ')}`;
    for (const { key, wanted, isPresence } of parts) {
      if (isPresence && wanted[0] && !isGiven(key)) return `without ${key}`;
      const isMet = () => [this.values[key]].flat().some((value) => wanted.includes(value));
      if (!isPresence && !isMet()) return `unless ${key} is ${wanted.map(literal).join(' or ')}`;
    }
    return undefined;
  }

  /** @param {string} key @param {Rule} rule */
  checkMust(key, { must = [] }) {
    const value = this.values[key];
    if (value === undefined || value === null) return;
    for (const [words, holds] of must) {
      if (holds(value, this.values, this.#sizeOf, this.shapes)) continue;
      const rule = words.replace(/\{([^}]+)\}/g, (_, sizes) => String(evaluate(sizes, this.#sizeOf)));
      this.#refuse(key, rule, this.shapes[key] ?? this.#given[key] ?? value);
    }
  }
}

/**
 * Refuses options that nobody reads.
 * @template {object} T
 * @param {T} options
 * @param {string[]} known
 * @returns {T}
 */
export function checkOptions(options, known) {
  if (options === null || typeof options !== 'object') {
    throw new InputError(`options are ${options === null ? 'null' : typeof options}; expected an object`);
  }
  for (const [key, value] of Object.entries(options)) {
    if (!known.includes(key)) {
      throw new InputError(`unknown option "${key}"; known: ${known.join(', ')}`, { path: key, value });
    }
    if (typeof value === 'number' && Number.isNaN(value)) {
      throw new InputError(`option "${key}" is NaN; expected a number`, { path: key, value });
    }
  }
  return options;
}
