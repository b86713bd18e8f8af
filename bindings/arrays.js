/**
 * Arrays as callers give them: typed arrays of any realm (an iframe, a test sandbox), nested arrays, Tensors and {data, shape}.
 * The one place where they are told apart and where data is held against its shape, so that no address reaches the core with
 * fewer values behind it than its sizes say. Not here: which sizes and values a function takes.
 */
import { InputError, OutOfMemoryError, ShapeError, show } from './errors.js';

/**
 * @typedef {Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array} NumberArray
 * @typedef {{ data: NumberArray, shape: number[] }} Numbers
 * @typedef {(rule?: string, value?: unknown, place?: Place) => never} Refuse throws an error that says what was expected and what
 *   was found; without words: a Tensor or an array of numbers
 *
 * @typedef {object} Place of a value that is refused
 * @property {string} [at] where it stands in nested lists: "[1][0]"
 * @property {boolean} [isShape] sizes are at fault, not values
 * @property {string} [unit] the value is a number of these
 */

/** The most dimensions that an array may have: NumPy's own limit. */
export const MAX_RANK = 64;
/** Values that one array of the core, and nested arrays, may have. */
export const MOST_VALUES = 2 ** 30;
const MOST_NESTED = 2 ** 26;

const TYPED_ARRAY = Object.getPrototypeOf(Uint8Array.prototype);
const getterOf = (/** @type {PropertyKey} */ key) =>
  /** @type {() => any} */ (Object.getOwnPropertyDescriptor(TYPED_ARRAY, key)?.get);
const [tag, length] = [getterOf(Symbol.toStringTag), getterOf('length')];

/**
 * The name of a typed array's constructor, which no realm and no subclass changes; undefined for what is none.
 * @param {unknown} value
 * @returns {string | undefined}
 */
export const arrayName = (value) => tag.call(value);

/** The class of an object, also of one from another realm: 'URL'. @param {unknown} value */
export const classOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** @param {unknown} value @param {{ name: string }} kind such as Float32Array */
export const isArrayOf = (value, kind) => arrayName(value) === kind.name;

/**
 * A typed array as one of this realm and of no subclass, over the same memory.
 * @template {ArrayBufferView} A
 * @param {A} array
 * @returns {A}
 */
export function ownArray(array) {
  const own = Reflect.get(globalThis, /** @type {string} */ (arrayName(array)));
  if (Object.getPrototypeOf(array) === own.prototype) return array;
  return new own(array.buffer, array.byteOffset, length.call(array));
}

/** A view of bytes, of whatever kind they are; null for what is none. @param {unknown} value @returns {Uint8Array | null} */
export function bytesOf(value) {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return classOf(value) === 'ArrayBuffer' ? new Uint8Array(/** @type {ArrayBuffer} */ (value)) : null;
}

/** Whether an array's memory was given away, to a worker for instance. @param {ArrayBufferView} array */
export function isDetached(array) {
  if (array.byteLength) return false;
  try {
    new Uint8Array(array.buffer);
    return false;
  } catch {
    return true;
  }
}

/**
 * Whether a value is an array all of whose entries fit. A hole is undefined here, where `every` passes it over.
 * @param {unknown} value
 * @param {(entry: any, index: number) => unknown} fits
 * @returns {value is any[]}
 */
export function isListOf(value, fits) {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (!fits(value[i], i)) return false;
  return true;
}

/** @param {readonly number[]} shape */
export const sizeOfShape = (shape) => shape.reduce((product, size) => product * size, 1);

/** @param {unknown} shape @returns {shape is readonly number[]} whether it is a list of sizes */
export function isShape(shape) {
  const isSize = (/** @type {unknown} */ size) => Number.isSafeInteger(size) && Number(size) >= 0;
  return Array.isArray(shape) && shape.length <= MAX_RANK && isListOf(shape, isSize);
}

/**
 * The values and the shape of whatever a caller gives as numbers, of this realm.
 * @param {any} value a typed array, nested arrays, or {data, shape} as a Tensor is
 * @param {Refuse} refuse
 * @returns {Numbers} not copied where it is a typed array of numbers
 */
export function numbersOf(value, refuse) {
  if (Array.isArray(value)) return flatten(value, refuse);
  if (arrayName(value)) return flat(value, refuse);
  return value !== null && typeof value === 'object' ? tensorOf(value, refuse) : refuse();
}

/**
 * {data, shape}, of which the product of the shape is the number of values.
 * @param {any} value
 * @param {Refuse} refuse
 * @returns {Numbers}
 */
export function tensorOf(value, refuse) {
  const { data, shape } = value ?? {};
  if (!arrayName(data) && !Array.isArray(data)) return refuse();
  if (!isShape(shape))
    return refuse(`a shape that is a list of at most ${MAX_RANK} sizes`, shape, { isShape: true });
  const sizes = [...shape];
  const found = numbersOf(data, refuse);
  const count = sizeOfShape(sizes);
  if (found.shape.length !== 1) return refuse('data that is not nested');
  if (count !== found.data.length) {
    const rule = `${count} values, as its shape ${show(sizes)} says`;
    return refuse(rule, found.data.length, { isShape: true, unit: 'values' });
  }
  return { data: found.data, shape: sizes };
}

/** @param {any} array typed @param {Refuse} refuse @returns {Numbers} */
function flat(array, refuse) {
  if (isDetached(array)) return refuse('an array whose memory was not given away', array);
  const own = ownArray(array);
  const data = arrayName(own)?.startsWith('Big') ? Float64Array.from(own, Number) : own;
  return { data, shape: [data.length] };
}

/**
 * Level by level, so that neither depth nor a list inside itself matters.
 * @param {any[]} list
 * @param {Refuse} refuse
 * @returns {Numbers}
 */
function flatten(list, refuse) {
  const shape = [];
  for (let level = /** @type {unknown} */ (list); Array.isArray(level); level = level[0]) {
    shape.push(level.length);
    if (shape.length > MAX_RANK) return refuse(`lists nested at most ${MAX_RANK} deep`, list);
    if (sizeOfShape(shape) > MOST_NESTED)
      return refuse('nested lists of at most 2^26 values', shape, { isShape: true });
  }
  let level = [list];
  for (let axis = 1; axis < shape.length; axis++) {
    const next = /** @type {any[][]} */ ([]);
    for (const one of level) {
      for (let i = 0; i < shape[axis - 1]; i++) {
        if (Array.isArray(one[i]) && one[i].length === shape[axis]) next.push(one[i]);
        else refuseUneven(one[i], shape[axis], placeOf(next.length, shape.slice(0, axis)), refuse);
      }
    }
    level = next;
  }
  const width = shape[shape.length - 1];
  const data = new Float64Array(level.length * width);
  let at = 0;
  for (const row of level) {
    for (let i = 0; i < width; i++) {
      const entry = row[i];
      if (typeof entry !== 'number' && typeof entry !== 'bigint')
        return refuse('a number', entry, { at: placeOf(at, shape) });
      data[at++] = Number(entry);
    }
  }
  return { data, shape };
}

/** @param {unknown} list @param {number} size of the lists beside it @param {string} at @param {Refuse} refuse */
function refuseUneven(list, size, at, refuse) {
  if (!Array.isArray(list)) refuse(`a list of ${size}, as those beside it`, list, { at, isShape: true });
  else refuse(`${size} values, as the lists beside it`, list.length, { at, isShape: true, unit: 'values' });
}

/**
 * Where a value stands, as code says it: "[1][0]".
 * @param {number} index of the value among all
 * @param {readonly number[]} shape
 */
export function placeOf(index, shape) {
  const places = [];
  for (let axis = shape.length - 1, left = index; axis >= 0; axis--) {
    places.unshift(`[${left % shape[axis]}]`);
    left = Math.floor(left / shape[axis]);
  }
  return places.join('');
}

/**
 * @param {NumberArray} data
 * @returns {Float32Array} the same array if it is one
 */
export const floatsOf = (data) => (data instanceof Float32Array ? data : Float32Array.from(data));

/**
 * A way to refuse an argument that has a name.
 * @param {string} name
 * @param {unknown} value as given
 * @param {string} [usual] what it must be
 * @returns {Refuse}
 */
export function refuser(name, value, usual = 'a Tensor or nested arrays of numbers') {
  return (rule = usual, found = value, { at = '', isShape = false, unit } = {}) => {
    const is = unit ? `has ${show(found)} ${unit}` : `is ${show(found)}`;
    const message = `${name}${at} ${is}; expected ${rule}`;
    throw new (isShape ? ShapeError : InputError)(message, { path: name, value: found });
  };
}

/**
 * Memory for a result, or for what lies between two calls of the core.
 * @template {Float32Array | Int32Array | Uint32Array} A
 * @param {new (count: number) => A} type
 * @param {number} count
 * @returns {A}
 */
export function allocate(type, count) {
  if (count > MOST_VALUES)
    throw new InputError(`${count} elements are more than the core can hold, 2^30`, { value: count });
  try {
    return new type(count);
  } catch (cause) {
    throw new OutOfMemoryError(`${count * 4} bytes could not be had`, { value: count, cause });
  }
}
