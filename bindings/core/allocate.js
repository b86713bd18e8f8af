/** JavaScript's own memory, for what goes into the core and comes out of it. Not the core's (memory.js). */
import { InputError, OutOfMemoryError } from '../errors.js';

/** Elements that one array of the core may have. */
export const MOST_ELEMENTS = 2 ** 30;

/**
 * Memory for what lies between two calls of the core.
 * @template {Float32Array | Int32Array} A
 * @param {new (count: number) => A} type
 * @param {number} count
 * @returns {A}
 */
export function allocate(type, count) {
  if (count > MOST_ELEMENTS) throw new InputError(`${count} elements are more than the core can hold, 2^30`);
  try {
    return new type(count);
  } catch (cause) {
    throw new OutOfMemoryError(`${count * 4} bytes could not be had`, { value: count, cause });
  }
}
