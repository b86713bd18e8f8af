/**
 * The parts of a tokenizer.json, read key by key: a part of unknown type, an unknown option or a value of the wrong form is
 * refused with an error that names it. What the parts do is told in the rooms below.
 */
import { FormatError, show, UnsupportedError } from '../errors.js';
import { isObject } from '../formats/json.js';

/** Parts within parts, as a Sequence has them; deeper ones are refused, as are more of them. */
const DEEPEST = 16;
const MOST_PARTS = 256;

/** An object of the file whose keys are read one by one; `end` refuses those that nobody asked for. */
export class Part {
  /** @type {Record<string, any>} */ #json;
  /** @type {Set<string>} */ #unread;
  /** @type {Set<string>} */ #nullable = new Set();

  /**
   * @param {unknown} json
   * @param {string} name of the part, for messages: 'normalizer Strip'
   * @param {string} file its file
   */
  constructor(json, name, file) {
    this.name = name;
    this.file = file;
    if (!isObject(json)) throw this.fail(`is ${show(json)}; expected an object`, json);
    this.#json = json;
    this.#unread = new Set(Object.keys(json));
  }

  /** @param {string} words @param {unknown} [value] */
  fail(words, value) {
    return new FormatError(`${this.file}: ${this.name} ${words}`, { path: this.file, value });
  }

  /** @param {string} words @param {unknown} [value] */
  unsupported(words, value) {
    return new UnsupportedError(`${this.file}: ${this.name} ${words}`, { path: this.file, value });
  }

  /** Null means nothing for these: they are as if they were left out. @param {string[]} keys */
  allowNull(...keys) {
    this.#nullable = new Set(keys);
  }

  /** @param {string} key @returns {any} the value, undefined if the file has none */
  raw(key) {
    this.#unread.delete(key);
    const value = Object.hasOwn(this.#json, key) ? this.#json[key] : undefined;
    return value === null && this.#nullable.has(key) ? undefined : value;
  }

  /**
   * @template T
   * @param {string} key
   * @param {(value: any) => boolean} fits
   * @param {string} expected
   * @param {T} [fallback] for a value that is left out; without one it is required
   * @returns {any}
   */
  #read(key, fits, expected, fallback) {
    const value = this.raw(key);
    if (value === undefined && fallback !== undefined) return fallback;
    if (fits(value)) return value;
    throw this.fail(`has ${key} ${show(value)}; expected ${expected}`, value);
  }

  /** @param {string} key @param {boolean} [fallback] @returns {boolean} */
  flag(key, fallback) {
    return this.#read(key, (value) => typeof value === 'boolean', 'true or false', fallback);
  }

  /** @param {string} key @param {string} [fallback] @returns {string} */
  text(key, fallback) {
    return this.#read(key, (value) => typeof value === 'string', 'a string', fallback);
  }

  /** @param {string} key @param {string} [fallback] @returns {string} a single character */
  character(key, fallback) {
    const isOne = (/** @type {any} */ value) => typeof value === 'string' && [...value].length === 1;
    return this.#read(key, isOne, 'a single character', fallback);
  }

  /** @param {string} key @param {{ min: number, max: number, fallback?: number }} range @returns {number} */
  integer(key, { min, max, fallback }) {
    const fits = (/** @type {any} */ value) => Number.isInteger(value) && value >= min && value <= max;
    return this.#read(key, fits, `a whole number from ${min} to ${max}`, fallback);
  }

  /**
   * @template {string} T
   * @param {string} key
   * @param {readonly T[]} values
   * @param {T} [fallback]
   * @returns {T}
   */
  choice(key, values, fallback) {
    return this.#read(key, (value) => values.includes(value), `one of ${values.join(', ')}`, fallback);
  }

  /** @param {string} key @returns {any[]} */
  list(key) {
    return this.#read(key, Array.isArray, 'an array');
  }

  /** Refuses what was not read. */
  end() {
    const [key] = this.#unread;
    if (key === undefined) return;
    throw this.unsupported(
      `has the option ${show(key)}, which is not known: ${show(this.#json[key])}`,
      this.#json[key],
    );
  }
}

/**
 * A part and all parts in it, in order: a Sequence counts as what it holds.
 * @param {unknown} root null or undefined for none
 * @param {string} kind as the file calls it: 'normalizer'
 * @param {string} list the key of a Sequence: 'normalizers'
 * @param {string} file
 * @returns {{ type: string, part: Part }[]}
 * @throws {FormatError} a part that is no object with a type; parts nested too deep, or too many
 */
export function flatten(root, kind, list, file) {
  /** @type {{ type: string, part: Part }[]} */
  const found = [];
  let count = 0;
  const visit = (/** @type {unknown} */ json, /** @type {number} */ depth) => {
    const part = new Part(json, kind, file);
    if (++count > MOST_PARTS) throw part.fail(`has more than ${MOST_PARTS} parts`);
    if (depth > DEEPEST) throw part.fail(`is nested deeper than ${DEEPEST}`);
    const type = part.text('type');
    part.name = `${kind} ${type}`;
    if (type !== 'Sequence') {
      found.push({ type, part });
      return;
    }
    for (const inner of part.list(list)) visit(inner, depth + 1);
    part.end();
  };
  if (root !== null && root !== undefined) visit(root, 1);
  return found;
}

/**
 * Makes what each part describes, by its type.
 * @template T
 * @param {{ type: string, part: Part }[]} parts
 * @param {Readonly<Record<string, (part: Part) => T>>} makers
 * @returns {T[]}
 * @throws {UnsupportedError} a type or an option that is not known; {FormatError} a value of the wrong form
 */
export function make(parts, makers) {
  return parts.map(({ type, part }) => {
    if (typeof type !== 'string' || !Object.hasOwn(makers, type)) {
      throw part.unsupported(`is not known; expected ${Object.keys(makers).join(', ')}`, type);
    }
    const made = makers[type](part);
    part.end();
    return made;
  });
}
