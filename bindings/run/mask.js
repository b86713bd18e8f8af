/** A mask over pairs of tokens, as models take it that were written for one; not attention_mask, whose tokens are left out. */
import { InputError, ShapeError, UnsupportedError } from '../errors.js';
import { asTensor } from './given.js';

/**
 * @typedef {object} Mask which pairs count, see wf_encoder_mask
 * @property {Uint8Array} values 0 for those that do not
 * @property {[sequence: number, head: number, query: number, key: number]} strides 0 along an axis that is shared
 * @property {number} fill what takes the place of their scores
 */

/** The axes of a mask by how many it has: [T, T], [B, T, T], [B, H, T, T]. @type {Record<number, number[]>} */
const AXES = { 2: [2, 3], 3: [0, 2, 3], 4: [0, 1, 2, 3] };

/**
 * @param {import('./model.js').Model} model
 * @param {any} value of which an axis may be 1: it is shared
 * @param {number[]} whole the sizes B, H, T and T
 * @returns {Mask}
 */
function readMask({ blueprint: { maskFill: fill } }, value, whole) {
  if (fill === undefined) {
    const message = 'this model takes no mask over pairs of tokens; attention_mask leaves tokens out';
    throw new UnsupportedError(message, { path: 'mask', value });
  }
  const { data, shape } = asTensor(value, 'mask', 2, 3, 4);
  const axes = AXES[shape.length];
  if (!shape.every((size, i) => size === 1 || size === whole[axes[i]])) {
    const sizes = axes.map((axis) => whole[axis]).join(', ');
    const message = `mask has shape [${shape.join(', ')}]; expected [${sizes}], or 1 in the place of any of them`;
    throw new ShapeError(message, { path: 'mask', value: shape });
  }
  /** @type {Mask['strides']} */
  const strides = [0, 0, 0, 0];
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] > 1) strides[axes[i]] = stride;
    stride *= shape[i];
  }
  return { values: Uint8Array.from(data, (one) => Number(one !== 0)), strides, fill };
}

/**
 * The mask of a call's token ids.
 * @param {import('./model.js').Model} model
 * @param {Record<string, any>} inputs
 * @param {number[]} shape [B, T] of the ids
 * @returns {Mask | undefined}
 */
export function maskOf(model, { mask, attention_mask: tokens }, [batch, length]) {
  if (mask === undefined || mask === null) return undefined;
  if (tokens !== undefined && tokens !== null) {
    const message = 'mask and attention_mask exclude each other: tokens that are left out have no pairs';
    throw new InputError(message, { path: 'mask', value: mask });
  }
  return readMask(model, mask, [batch, model.description.kind[0].heads, length, length]);
}

/**
 * The mask of some of the sequences.
 * @param {Mask | undefined} mask
 * @param {number} first
 * @param {number} end
 * @returns {Mask | undefined}
 */
export function sliceMask(mask, first, end) {
  const step = mask?.strides[0];
  return mask && step ? { ...mask, values: mask.values.subarray(first * step, end * step) } : mask;
}

/**
 * Runs a block with a mask, which stays in the core's memory meanwhile.
 * @param {import('../core/instance.js').Instance} instance
 * @param {number} encoder its address, with a block that was begun
 * @param {Mask | undefined} mask
 * @param {() => Promise<void>} work
 */
export async function withMask(instance, encoder, mask, work) {
  if (!mask) return work();
  const { values, strides, fill } = mask;
  const place = instance.reserve(values.length, { zeros: false });
  try {
    instance.write(place, values);
    instance.invoke('wf_encoder_mask', [encoder, place, Uint32Array.from(strides), fill]);
    await work();
  } finally {
    instance.release(place, values.length);
  }
}
