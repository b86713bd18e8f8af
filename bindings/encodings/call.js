/**
 * A call of an encoding: options checked by its table, room for the result, the caller's `out` or new memory, and the fill.
 * And calls of the core that make new arrays. Not here: what encodings do.
 */
import { allocate, arrayName, isArrayOf, MOST_VALUES, ownArray, sizeOfShape, tensorOf } from '../arrays.js';
import { read } from '../check.js';
import { InputError, show } from '../errors.js';
import { Tensor } from '../tensor.js';

/**
 * @import { Argument, Instance, Numbers } from '../core/instance.js'
 * @import { Filled } from './encoding.js'
 */

/**
 * @param {Instance} core
 * @param {string} name
 * @param {Filled} encoding
 * @param {any} options
 * @returns {any} a Tensor, or an object of Tensors by the names of results
 */
export function callEncoding(core, name, { known, results, out: whole, fill }, options) {
  const { values, sizes, shapes } = read(name, options, known);
  const isSingle = results[0].key === '';
  const out = isSingle || whole ? { [whole ?? '']: options.out } : outEntries(name, options.out);
  /** @type {Record<string, any>} */
  const tensors = {};
  /** @type {Record<string, any>} */
  const arrays = {};
  const sizeOf = (/** @type {string} */ letter) => sizes[letter];
  for (const { key, dtype, sizes: axes, shapeOf, dtypeOf } of results) {
    const shape = shapeOf ? shapeOf(values, sizes, shapes) : axes.map((size) => size(sizeOf));
    const owner = isSingle ? name : `${name}, ${key}`;
    tensors[key] = shape && roomFor(owner, out[key], dtypeOf?.(values) ?? dtype, shape);
    arrays[key] = tensors[key]?.data;
  }
  const also = fill(core, isSingle ? arrays[''] : arrays, values, sizes, shapes);
  return isSingle ? tensors[''] : { ...tensors, ...also };
}

/** The caller's `out` of several results. @param {string} name @param {any} out @returns {Record<string, unknown>} */
function outEntries(name, out = {}) {
  if (out !== null && typeof out === 'object' && !arrayName(out) && !('data' in out)) return out;
  const rule = 'an object with an entry for each result';
  throw new InputError(`${name}: option "out" must be ${rule}, not ${show(out)}`, {
    path: 'out',
    value: out,
  });
}

/**
 * The caller's array as a tensor, or a new one.
 * @param {string} name
 * @param {any} out
 * @param {'float32' | 'int32'} dtype
 * @param {number[]} shape
 */
function roomFor(name, out, dtype, shape) {
  const count = sizeOfShape(shape);
  if (count > MOST_VALUES)
    throw new InputError(`${name}: the result, ${show(shape)}, has more than 2^30 elements`, {
      value: shape,
    });
  const type = dtype === 'float32' ? Float32Array : Int32Array;
  if (out === undefined) return new Tensor(dtype, allocate(/** @type {any} */ (type), count), shape);
  const refuse = (/** @type {unknown} */ found = out) => {
    const rule = `a ${type.name} or a Tensor of ${dtype}, of ${count} elements for the shape ${show(shape)}`;
    const message = `${name}: option "out" must be ${rule}, not ${show(found)}`;
    throw new InputError(message, { path: 'out', value: out });
  };
  const given = arrayName(out) ? out : out?.data;
  if (!isArrayOf(given, type)) return refuse(given);
  if (given !== out) tensorOf(out, () => refuse(given));
  const room = ownArray(given);
  return room.length === count ? new Tensor(dtype, room, shape) : refuse(given);
}

/**
 * An array that the core fills.
 * @template {Numbers} A
 * @param {Instance} core
 * @param {string} name of the core's function
 * @param {A} room
 * @param {...Argument} args behind it
 * @returns {A} the room
 */
export function made(core, name, room, ...args) {
  core.invoke(name, [{ out: room }, ...args]);
  return room;
}

/**
 * x W^T + b, row by row.
 * @param {Instance} core
 * @param {Float32Array} x [rows, inputs]
 * @param {Float32Array} weight [outputs, inputs]
 * @param {Float32Array | null} bias [outputs]
 * @param {number} inputs
 * @returns {Float32Array} [rows, outputs]
 */
export function project(core, x, weight, bias, inputs) {
  const [rows, outputs] = [x.length / inputs, weight.length / inputs];
  const out = allocate(Float32Array, rows * outputs);
  return made(core, 'wf_project', out, x, weight, bias, rows, inputs, outputs);
}
