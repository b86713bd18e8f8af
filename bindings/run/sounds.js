/** Sounds as sequences of frames, with what a mask leaves of them. Files, rates and spectrograms are in audio/. */
import { floatsOf } from '../arrays.js';
import { InputError, ShapeError, UnsupportedError } from '../errors.js';
import { asTensor, checkTokens, integers, sameShape } from './given.js';

/** @typedef {import('./model.js').Model} Model */

/**
 * input_features [B, bins, frames], or input_values [B, samples] with attention_mask [B, samples].
 * @param {Model} model
 * @param {Record<string, any>} inputs
 * @returns {import('./inputs.js').Inputs}
 */
export function readSounds(model, inputs) {
  const { input, exact, masks } = /** @type {import('../architectures/blueprint.js').Sound} */ (
    model.blueprint.sound
  );
  const { frame_inputs: bins } = model.description;
  const { data, shape } = asTensor(inputs[input], input, input === 'input_features' ? 3 : 2);
  const [batch] = shape;
  const frames = shape[shape.length - 1];
  const refuse = (/** @type {string} */ expected) => {
    throw new ShapeError(`${input} has shape [${shape.join(', ')}]; expected ${expected}`, {
      path: input,
      value: shape,
    });
  };
  if (shape.length === 3 && shape[1] !== bins) refuse(`[sounds, ${bins}, frames]`);
  if (exact && frames !== exact) refuse(`${exact} frames`);
  const tokens = model.framesLength(frames);
  if (!tokens)
    refuse(`at least ${leastFrames(model.description)} ${shape.length === 3 ? 'frames' : 'samples'}`);
  checkTokens(input, shape, batch, tokens);
  const heard = masks
    ? lengthsOf(inputs.attention_mask, [batch, frames])
    : new Uint32Array(batch).fill(frames);
  const lengths = Array.from(heard, (length) => model.framesLength(length));
  const short = lengths.indexOf(0);
  if (short >= 0)
    throw new InputError(
      `attention_mask[${short}] keeps ${heard[short]} samples; expected at least ${leastFrames(model.description)}`,
      { path: 'attention_mask', value: short },
    );
  const owners = lengths.map((_, b) => b);
  const places = lengths.map((length) => Uint32Array.from({ length }, (_, t) => t));
  const sequences = { lengths: Uint32Array.from(lengths), frames: floatsOf(data), heard, time: frames };
  return { batch, tokens, places, owners, sequences };
}

/** The fewest frames that become a row. @param {import('../architectures/blueprint.js').ModelDescription} description */
const leastFrames = ({ frame }) =>
  frame.reduceRight(
    (least, { kernel, stride, padding }) => Math.max(1, (least - 1) * stride + kernel - 2 * padding),
    1,
  );

/**
 * How many samples of each sound count: those that a mask has at its beginning.
 * @param {any} mask
 * @param {number[]} shape
 */
function lengthsOf(mask, shape) {
  const [batch, frames] = shape;
  if ((mask ?? null) === null) return new Uint32Array(batch).fill(frames);
  const given = asTensor(mask, 'attention_mask', 2);
  sameShape(given.shape, shape, 'attention_mask');
  const values = integers(given, 'attention_mask', 2, 'a mask is 0 or 1');
  return Uint32Array.from({ length: batch }, (_, b) => {
    const row = values.subarray(b * frames, (b + 1) * frames);
    const length = row.reduce((sum, value) => sum + value, 0);
    if (row.subarray(0, length).includes(0))
      throw new UnsupportedError(
        `attention_mask[${b}] leaves out samples before others; only the end of a sound may be left out`,
        { path: 'attention_mask', value: b },
      );
    return length;
  });
}

/**
 * Runs a block of sounds, whose frames stay in the core's memory meanwhile.
 * @param {import('../core/instance.js').Instance} instance
 * @param {Float32Array | undefined} frames none: the block is of something else
 * @param {(place: number) => Promise<void>} work
 */
export async function withSound(instance, frames, work) {
  if (!frames) return work(0);
  const place = instance.reserve(frames.byteLength, { zeros: false });
  try {
    instance.write(place, new Uint8Array(frames.buffer, frames.byteOffset, frames.byteLength));
    await work(place);
  } finally {
    instance.release(place, frames.byteLength);
  }
}
