/** The check of arrays before a call of the core: as many bytes as their sizes say, by the table in signatures.js. */
import { ShapeError, WasmformerError } from '../errors.js';
import { sizeIn } from '../options/shapes.js';
import { SIGNATURES } from './signatures.js';

/**
 * @import { Size } from '../options/shapes.js'
 *
 * @typedef {{ name: string, type: string, sizes: string, size: Size }} Parameter type '' for a number; sizes '' for what is not
 *   checked
 * @typedef {{ parameters: Parameter[], places: Record<string, number>, where?: import('./signatures.js').Where }} Signature with the
 *   places of parameters by name
 */

/** @type {Record<string, number>} */
const BYTES = { f: 4, d: 8, i: 4, u: 4, b: 1 };

/** @type {Map<string, Signature>} */
const parsed = new Map();

/** @param {string} name of a function @returns {Signature} */
export function signatureOf(name) {
  const known = parsed.get(name);
  if (known) return known;
  const entry = SIGNATURES[name];
  if (entry === undefined) throw new WasmformerError(`${name} has no entry in the table of signatures`);
  const [text, where] = typeof entry === 'string' ? [entry] : entry;
  const found = text.matchAll(/(?:([fdiubp]):)?(\w+)(?:\[([^\]]+)\])?/g);
  const parameters = [...found].map(([, type = '', key, sizes = '']) => ({
    name: key,
    type,
    sizes,
    size: sizeIn(sizes),
  }));
  const places = Object.fromEntries(parameters.map((parameter, i) => [parameter.name, i]));
  const signature = { parameters, places, where };
  parsed.set(name, signature);
  return signature;
}

/**
 * @param {string} name
 * @param {readonly unknown[]} args
 * @param {Record<string, number>} known sizes that are no arguments
 * @throws {ShapeError} an array of another length
 */
export function checkLengths(name, args, known) {
  const { parameters, places, where } = signatureOf(name);
  const values = where ? valuesOf(parameters, args) : {};
  const sizeOf = (/** @type {string} */ letter) =>
    where?.[letter]?.(values) ?? known[letter] ?? /** @type {number} */ (args[places[letter]]);
  for (let i = 0; i < parameters.length; i++) {
    const { name: key, type, sizes, size } = parameters[i];
    const given = /** @type {any} */ (args[i]);
    if (sizes === '' || given === null || typeof given === 'number') continue;
    const array = 'out' in given ? given.out : given;
    const expected = size(sizeOf) * BYTES[type];
    if (array.byteLength === expected) continue;
    const message = `${name}: ${key} has ${array.byteLength} bytes; [${sizes}] are ${expected}`;
    throw new ShapeError(message, { path: key, value: array.byteLength });
  }
}

/** @param {readonly Parameter[]} parameters @param {readonly unknown[]} args */
function valuesOf(parameters, args) {
  /** @type {Record<string, unknown>} */
  const values = {};
  for (let i = 0; i < parameters.length; i++) values[parameters[i].name] = args[i];
  return values;
}
