/** Values of tensors as people and JSON get them. Not here: files (npy.js). */
import { isDetached } from '../arrays.js';

/** Nested arrays as JSON has them. @param {any} value @returns {any} */
export function jsonOf(value) {
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** How many of an axis are shown at either end, where it has more than twice as many. */
const SHOWN = 3;

/** The values, of long axes the first and last, with four digits. @param {import('../tensor.js').Tensor} tensor @returns {string} */
export function textOf({ dtype, data, shape }) {
  if (isDetached(data)) return '(its memory was given away)';
  const element = (/** @type {number} */ i) => {
    const value = data[i];
    if (dtype === 'bool') return String(value !== 0);
    if (typeof value === 'bigint') return String(value);
    return String(Number.isInteger(value) ? value : Number(Number(value).toPrecision(4)));
  };
  /** @type {(axis: number, start: number, size: number) => string} */
  const nest = (axis, start, size) => {
    if (axis === shape.length) return element(start);
    const [count, step] = [shape[axis], size / shape[axis]];
    const part = (/** @type {number} */ i) => nest(axis + 1, start + i * step, step);
    const all = Array.from({ length: Math.min(count, 2 * SHOWN) }, (_, i) =>
      part(count <= 2 * SHOWN || i < SHOWN ? i : count - 2 * SHOWN + i),
    );
    if (count > 2 * SHOWN) all.splice(SHOWN, 0, '…');
    return `[${all.join(', ')}]`;
  };
  return nest(0, 0, data.length);
}
