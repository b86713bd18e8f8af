/**
 * config.json: parsing it, and reading single values from it within limits. Which keys a model family has is
 * known in architectures/, not here.
 */
import { ConfigError, FormatError, show, UnsupportedError } from '../errors.js';
import { isObject, parseJsonObject } from './json.js';

/** @typedef {Readonly<Record<string, unknown>>} Config A parsed config.json: no prototype, own keys only. */
/** @typedef {string | readonly string[]} Key A key, or several names of a value: the first present. */

/**
 * @typedef {object} Keys of a class of configs, each listed once
 * @property {readonly string[]} read
 * @property {readonly string[]} harmless training, decoding, and what follows from other keys
 * @property {Readonly<Record<string, readonly unknown[]>>} fixed the values that change nothing
 */

/** The largest sizes that are taken from a file, whatever it says. */
export const LIMITS = Object.freeze({
  hidden: 8192,
  layers: 128,
  heads: 128,
  feedForward: 65536,
  vocabulary: 2 ** 20,
  positions: 65536,
  /** Tokens in one call. */
  tokens: 2 ** 20,
  tensors: 65536,
  rank: 8,
});

const JSON_LIMITS = { length: 2 ** 20, depth: 8, values: 2 ** 18 };

/**
 * Parses a config.json.
 * @param {string} text
 * @param {string} [path] The file's name, for messages.
 * @returns {Config} With every object in it without a prototype, so that only the file's keys are found.
 * @throws {FormatError} If the text is not a JSON object, is longer than 1 MB, or nested more than 8 deep.
 */
export function parseConfig(text, path = 'config.json') {
  return copyOf(parseJsonObject(text, path, JSON_LIMITS), path, JSON_LIMITS.depth);
}

/**
 * Takes a configuration that lies in memory as if it were a file.
 * @param {unknown} value
 * @param {string} [path] Its name, for messages.
 * @returns {Config} A copy, as parseConfig gives it.
 * @throws {ConfigError} If it is not an object.
 * @throws {FormatError} If it is nested more than 8 deep, or holds what JSON cannot.
 */
export function checkConfig(value, path = 'config') {
  if (isObject(value)) return copyOf(value, path, JSON_LIMITS.depth);
  throw new ConfigError(`${path} is ${show(value)}; expected an object`, { path, value });
}

/**
 * @param {any} value
 * @param {string} path
 * @param {number} depth How much deeper the copy may go.
 * @returns {any}
 */
function copyOf(value, path, depth) {
  if (['string', 'number', 'boolean'].includes(typeof value) || value === null || value === undefined)
    return value;
  if (typeof value !== 'object' || depth === 0) {
    throw new FormatError(`${path} holds ${show(value)}; expected JSON at most ${JSON_LIMITS.depth} deep`, {
      path,
    });
  }
  if (Array.isArray(value)) return value.map((item) => copyOf(item, path, depth - 1));
  const copy = Object.create(null);
  for (const key of Object.keys(value)) copy[key] = copyOf(value[key], path, depth - 1);
  return copy;
}

/**
 * Reads a whole number from `min` to `max`.
 * @param {Config} config
 * @param {Key} key
 * @param {{min?: number, max?: number, fallback?: number}} [options] Without a fallback the key is required.
 * @returns {number}
 * @throws {ConfigError} If the value is missing, not a whole number, or outside the range.
 */
export function integer(config, key, { min = 0, max = Number.MAX_SAFE_INTEGER, fallback } = {}) {
  const isValid = (/** @type {any} */ value) => Number.isSafeInteger(value) && value >= min && value <= max;
  return read(config, key, fallback, isValid, `a whole number from ${min} to ${max}`);
}

/**
 * Reads a finite number from `min` to `max`.
 * @param {Config} config
 * @param {Key} key
 * @param {{min?: number, max?: number, fallback?: number}} [options] Without a fallback the key is required.
 * @returns {number}
 * @throws {ConfigError} If the value is missing, not a number, or outside the range.
 */
export function number(config, key, { min = -Number.MAX_VALUE, max = Number.MAX_VALUE, fallback } = {}) {
  const isValid = (/** @type {any} */ value) => Number.isFinite(value) && value >= min && value <= max;
  return read(config, key, fallback, isValid, `a number from ${min} to ${max}`);
}

/**
 * Reads true or false.
 * @param {Config} config
 * @param {Key} key
 * @param {{fallback?: boolean}} [options] Without a fallback the key is required.
 * @returns {boolean}
 * @throws {ConfigError} If the value is missing or neither true nor false.
 */
export function boolean(config, key, { fallback } = {}) {
  return read(config, key, fallback, (value) => typeof value === 'boolean', 'true or false');
}

/**
 * Reads one of a few values.
 * @template {string | number | boolean} T
 * @param {Config} config
 * @param {Key} key
 * @param {readonly T[]} values
 * @param {{fallback?: T}} [options] Without a fallback the key is required.
 * @returns {T}
 * @throws {ConfigError} If the value is missing or not one of them.
 */
export function oneOf(config, key, values, { fallback } = {}) {
  const isValid = (/** @type {any} */ value) => values.includes(value);
  return read(config, key, fallback, isValid, `one of ${values.map((value) => show(value)).join(', ')}`);
}

/**
 * Keys of a config that are in no list of those which its class knows.
 * @param {Config} config
 * @param {...Keys} lists
 */
export function unknownKeys(config, ...lists) {
  const known = new Set(
    lists.flatMap(({ read, harmless, fixed }) => [...read, ...harmless, ...Object.keys(fixed)]),
  );
  return Object.keys(config).filter((key) => !known.has(key));
}

/**
 * Refuses values of keys that are not acted upon, but for those that change nothing.
 * @param {Config} config
 * @param {Readonly<Record<string, readonly unknown[]>>} fixed those values, by key; null is "not set"
 * @param {string} [path] The config's name, for messages.
 * @throws {UnsupportedError} naming the key
 */
export function refuseUnless(config, fixed, path = 'config') {
  for (const [key, values] of Object.entries(fixed)) {
    const value = config[key] ?? null;
    const text = JSON.stringify(value);
    if (value === null || values.some((one) => JSON.stringify(one) === text)) continue;
    const found = typeof value === 'object' ? text : show(value);
    const expected = values.map((one) => JSON.stringify(one)).join(' or ') || 'none';
    throw new UnsupportedError(`${path}: ${key} is ${found}; expected ${expected}`, { path: key, value });
  }
}

/**
 * @template T
 * @param {Config} config
 * @param {Key} key
 * @param {T | undefined} fallback
 * @param {(value: unknown) => boolean} isValid
 * @param {string} expected
 * @returns {T}
 */
function read(config, key, fallback, isValid, expected) {
  const names = typeof key === 'string' ? [key] : key;
  // null is how transformers writes "not set".
  const name = names.find((candidate) => (config[candidate] ?? null) !== null);
  if (name === undefined) {
    if (fallback !== undefined) return fallback;
    throw new ConfigError(`config has no ${names.join(' or ')}; expected ${expected}`, { path: names[0] });
  }
  const value = config[name];
  if (isValid(value)) return /** @type {T} */ (value);
  throw new ConfigError(`config: ${name} is ${show(value)}; expected ${expected}`, { path: name, value });
}
