/**
 * What a network says of a drawing: all that this room takes from the library. It runs in the room's thread, and in Node for what the
 * room starts with.
 */
import { patchSimilarity } from '../../../bindings/patches.js';
import { rollout } from '../../../bindings/rollout.js';
import { PATCHES, shuffled } from './patches.js';
import { SIDE } from './strokes.js';

/**
 * @import { Encoder } from '../../../bindings/tasks/encoder.js'
 *
 * @typedef {object} Asked
 * @property {Uint8Array} pixels of the drawing, 28 × 28
 * @property {readonly number[]} order of the patches the second time
 * @property {number} layer whose heads are shown, from 1; 0 shows the rollout through all
 * @property {number} head of it, from 1; 0 shows the mean of all
 * @property {number | null} patch whose likeness is shown
 *
 * @typedef {object} Answer
 * @property {number[]} shares of the ten digits
 * @property {number[]} look how much of the result each patch has
 * @property {number[] | null} like of each patch to the one held, the cosine of their vectors
 *
 * @typedef {{ drawn: Answer, mixed: Answer }} Answers of a network, to the drawing and to its patches in another order
 */

/** The five networks, in the order of their rows. */
export const KINDS = /** @type {const} */ (['none', 'learned', 'sines', 'bias', 'rotary']);
/** Of each: a rollout through all, or one of these. */
export const [LAYERS, HEADS] = [5, 6];

/**
 * @param {Encoder} encoder
 * @param {Asked} asked
 * @returns {Promise<Answers>}
 */
export async function readDrawing(encoder, asked) {
  const { pixels, order, patch } = asked;
  const place = patch === null ? null : order.indexOf(patch);
  return {
    drawn: await readPixels(encoder, pixels, { ...asked, patch }),
    mixed: await readPixels(encoder, shuffled(pixels, order), { ...asked, patch: place }),
  };
}

/** @param {Encoder} encoder @param {Uint8Array} data @param {Asked} asked @returns {Promise<Answer>} */
async function readPixels(encoder, data, { layer, head, patch }) {
  const inputs = await encoder.preprocess({ data, width: SIDE, height: SIDE, channels: 1 });
  const outputs = /** @type {any} */ (
    await encoder.forward(inputs, { attentions: true, hidden_states: patch !== null })
  );
  return {
    shares: softmax(Array.from(outputs.logits.data, Number)),
    look: lookOf(outputs, Boolean(Reflect.get(encoder.config, 'use_mean_pooling')), layer, head),
    like: patch === null ? null : likeOf(outputs, layer, patch),
  };
}

/** @param {any} outputs @param {boolean} isMean whether the result is the mean of the patches, not the class token @param {number} layer @param {number} head */
function lookOf({ attentions, patches: { prefix } }, isMean, layer, head) {
  const whole = layer ? attentions[layer - 1] : rollout(attentions);
  const tokens = whole.shape[whole.shape.length - 1];
  const heads = layer && head ? [head - 1] : Array.from({ length: layer ? HEADS : 1 }, (_, i) => i);
  const rows = isMean ? Array.from({ length: PATCHES }, (_, i) => prefix + i) : [0];
  const out = new Array(PATCHES).fill(0);
  for (const of of heads)
    for (const row of rows)
      for (let i = 0; i < PATCHES; i++)
        out[i] += whole.data[(of * tokens + row) * tokens + prefix + i] / heads.length / rows.length;
  return out;
}

/** @param {any} outputs @param {number} layer @param {number} patch */
function likeOf(outputs, layer, patch) {
  const side = Math.sqrt(PATCHES);
  const [row, column] = [Math.floor(patch / side), patch % side];
  const cosines = patchSimilarity(outputs, { row, column, layer: layer || undefined });
  return Array.from(cosines.data, Number);
}

/** @param {number[]} logits */
function softmax(logits) {
  const most = Math.max(...logits);
  const powers = logits.map((x) => Math.exp(x - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => x / sum);
}

/** The digit with the largest share. @param {readonly number[]} shares */
export const digitOf = (shares) => shares.indexOf(Math.max(...shares));
