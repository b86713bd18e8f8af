/**
 * The one checker of options: a table says what each option is, and `check` reads a caller's object by it. Unknown options,
 * wrong types, values out of range and options that exclude each other are InputErrors, which name the option (`path`), the
 * `value` and the rule. Not here: the kinds of options (options/kinds.js), the notation of shapes (options/shapes.js).
 *
 * @example
 * const table = { topK: integer('classes', { min: 1, default: 5 }), signal: signal('', { optional: true }) };
 * const { topK, signal } = check('classify', options, table);
 */
import { InputError, ShapeError, show } from './errors.js';
import { isObject, KINDS, literal, ruleOf } from './options/kinds.js';
import { didYouMean } from './options/nearest.js';
import { planOf } from './options/plan.js';
import { describe, evaluate, expressionsOf, formsOf, match } from './options/shapes.js';

/**
 * @import { Entry, Part, Plan } from './options/plan.js'
 * @import { Must, Rule, SizeOf, Table, Values } from './options/table.js'
 *
 * @typedef {{ path: string, sizeOf: SizeOf }} Outer
 */

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
  reader.readAll();
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
  /** @type {Plan} */ #plan;
  /** @type {Record<string, any> | undefined} */ #values;
  /** What stands before names of options in messages. @type {string} */ #within;
  /** @type {SizeOf | undefined} */ #outer;

  /** @param {string} name @param {Record<string, any>} given @param {Table} table @param {Outer} [outer] */
  constructor(name, given, table, outer) {
    this.#name = name;
    this.#given = given;
    this.#plan = planOf(table);
    this.#within = outer?.path ?? '';
    this.#outer = outer?.sizeOf;
  }

  readAll() {
    const { entries, all, bound, presets } = this.#plan;
    for (const key of Object.keys(this.#given)) if (!entries.has(key)) this.#refuseUnknown(key);
    for (const key of presets) {
      const { sets = {} } = /** @type {Entry} */ (entries.get(key)).rule;
      if (this.#given[key] !== undefined) this.#preset = sets[this.#get(key)];
    }
    for (const { key } of all) this.#get(key);
    for (const { key, rule } of bound) this.#checkMust(key, rule.must ?? []);
  }

  /** @param {string} key @returns {never} */
  #refuseUnknown(key) {
    const path = this.#within + key;
    const names = [...this.#plan.entries.keys()];
    const message = `${this.#name}: unknown option "${path}"${didYouMean(key, names)}; known are ${names.join(', ')}`;
    throw new InputError(message, { path, value: this.#given[key] });
  }

  /**
   * @param {string} key
   * @param {string} rule
   * @param {unknown} [value]
   * @param {import('./arrays.js').Place} [place]
   * @returns {never}
   */
  #refuse(key, rule, value = this.#given[key], { at = '', unit } = {}) {
    const path = this.#within + key;
    const { choices = [] } = /** @type {Entry} */ (this.#plan.entries.get(key)).rule;
    const verb = unit ? 'have' : 'be';
    const message = `${this.#name}: option "${path}${at}" must ${verb} ${rule}, not ${show(value)}${didYouMean(value, choices)}`;
    throw new InputError(message, { path, value });
  }

  /** The values for rules, each read when it is asked for. */
  get #lazy() {
    this.#values ??= this.#plan.lazily(this.#get);
    return this.#values;
  }

  /** @param {string} key */
  #get = (key) => {
    const known = this.values[key];
    if (known !== undefined || Object.hasOwn(this.values, key)) return known;
    const value = this.#read(/** @type {Entry} */ (this.#plan.entries.get(key)));
    this.values[key] = value;
    return value;
  };

  /** @param {Entry} entry @returns {any} */
  #read(entry) {
    const { key, rule } = entry;
    const own = this.#given[key];
    const unmet = this.#unmet(entry.only);
    if (unmet && own !== undefined) this.#refuse(key, `left out ${unmet}`);
    if (unmet || this.#unmet(entry.when)) {
      if (own !== undefined)
        this.#take({ ...entry, forms: [], computed: [], rule: { ...rule, shapeOf: undefined } }, own);
      return entry.isArray ? null : undefined;
    }
    const value = own === undefined ? this.#fallback(entry) : own;
    if (value !== undefined)
      return value === entry.sure ? this.#keep(entry, value) : this.#take(entry, value);
    if (rule.optional === undefined || rule.default !== undefined)
      this.#refuse(key, ruleOf(this.#boundsOf(entry)));
    return entry.isArray ? null : undefined;
  }

  /** What is taken for an option that is left out. @param {Entry} entry */
  #fallback({ key, rule: { default: usual, or }, isNumeric }) {
    if (this.#preset[key] !== undefined) return this.#preset[key];
    if (typeof usual === 'function') return usual(this.#lazy, this.#sizeOf);
    if (typeof usual !== 'string' || !isNumeric || or?.includes(usual)) return usual;
    const value = evaluate(usual, this.#sizeOf);
    return Number.isNaN(value) ? undefined : value;
  }

  /** @param {Entry} entry @param {any} given */
  #take(entry, given) {
    const { key, rule } = entry;
    if (rule.or?.includes(given)) return given;
    const bounds = this.#boundsOf(entry);
    const value = KINDS[rule.kind].read(
      given,
      bounds,
      (text = ruleOf(bounds), wrong = given, place = undefined) => this.#refuse(key, text, wrong, place),
    );
    if (entry.isArray) return this.#takeArray(entry, value);
    if (rule.fields) {
      const outer = { path: `${this.#within}${key}.`, sizeOf: this.#sizeOf };
      return read(this.#name, value, rule.fields, outer).values;
    }
    return this.#keep(entry, value);
  }

  /** The letters of a number or a pair get their sizes. @param {Entry} entry @param {any} value */
  #keep({ letters, isNumeric }, value) {
    for (let i = 0; i < letters.length; i++) this.sizes[letters[i]] = isNumeric ? value : value[i];
    return value;
  }

  /** @param {Entry} entry @param {{ data: ArrayLike<number>, shape: number[] }} array */
  #takeArray({ key, rule, forms: usual, computed }, { data, shape }) {
    const forms = rule.shapeOf ? formsOf(rule.shapeOf(this.#lazy, this.#sizeOf, this.shapes)) : usual;
    for (const size of rule.shapeOf ? expressionsOf(forms) : computed) evaluate(size, this.#sizeOf); // reads what they depend on
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

  /** The rule with bounds as numbers. @param {Entry} entry @returns {Rule & import('./options/kinds.js').Bounds} */
  #boundsOf({ rule, expressions }) {
    if (expressions.length === 0) return /** @type {any} */ (rule);
    const bounds = expressions.map((key) => [key, evaluate(Reflect.get(rule, key), this.#sizeOf)]);
    return { ...rule, ...Object.fromEntries(bounds) };
  }

  /** A size that is known, or that a number or a pair among the options gives. @param {string} letter */
  #known = (letter) => {
    for (const key of this.#plan.numbers.get(letter) ?? [])
      if (this.sizes[letter] === undefined) this.#get(key);
    return this.sizes[letter] ?? this.#outer?.(letter);
  };

  /** As `#known`, or a size that the shape of a tensor gives. @param {string} letter */
  #sizeOf = (letter) => {
    for (const key of this.#plan.arrays.get(letter) ?? [])
      if (this.#known(letter) === undefined) this.#get(key);
    return this.#known(letter);
  };

  /** Why a condition does not hold, undefined if it does. @param {Part[]} parts */
  #unmet(parts) {
    if (parts.length === 0) return undefined;
    const isGiven = (/** @type {{ key: string }} */ { key }) => this.#given[key] !== undefined;
    const excluding = parts.filter((part) => part.isPresence && !part.wanted[0] && isGiven(part));
    if (excluding.length) return `with ${excluding.map(({ key }) => key).join(' and ')}`;
    for (const part of parts) {
      const { key, wanted, isPresence } = part;
      if (isPresence && wanted[0] && !isGiven(part)) return `without ${key}`;
      const isMet = () => [this.#get(key)].flat().some((value) => wanted.includes(value));
      if (!isPresence && !isMet()) return `unless ${key} is ${wanted.map(literal).join(' or ')}`;
    }
    return undefined;
  }

  /** @param {string} key @param {readonly Must[]} must */
  #checkMust(key, must) {
    const value = this.values[key];
    if (value === undefined || value === null) return;
    for (const [words, holds] of must) {
      if (holds(value, this.values, this.#sizeOf, this.shapes)) continue;
      const rule = words.replace(/\{([^}]+)\}/g, (_, sizes) => String(evaluate(sizes, this.#sizeOf)));
      this.#refuse(key, rule, this.shapes[key] ?? this.#given[key] ?? value);
    }
  }
}
