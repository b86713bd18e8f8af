/** Attention rollout: what of each token reaches each other through all layers. Sums in double precision. */
import { allocate, sizeOfShape } from './arrays.js';
import { check } from './check.js';
import { InputError, ShapeError, show, UnsupportedError } from './errors.js';
import { choice } from './options/table.js';
import { geometryOf } from './patches.js';
import { Tensor } from './tensor.js';

/**
 * @import { ForwardResult } from './public.js'
 * @typedef {{ heads?: 'mean' | 'max' | 'min' }} RolloutOptions heads: what makes one map of the heads', mean by default
 */

const HEADS = /** @type {const} */ (['mean', 'max', 'min']);

/**
 * How much each patch has to do with the result, by attention rollout: A = (A + I) / 2 of every layer, A being one map of all
 * heads, its rows scaled to sum 1, and the product of these through the layers. A map holds the row of the class token behind
 * its prefix; without a class token the mean of the rows of all patches.
 *
 * Of a bare list of maps, such as a text's, the whole product: row i tells what of each token reached token i. A token that
 * attends to none (padding) stays its own.
 *
 * Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers" (https://arxiv.org/abs/2005.00928).
 * @overload
 * @param {ForwardResult} outputs of pictures, with {attentions: true}; of a model of two towers its vision_model_output
 * @param {RolloutOptions} [options]
 * @returns {Tensor<'float32'>} [B, rows, columns], at least 0; with the shares of the prefix they sum to 1
 * @throws {InputError} outputs without attention maps; {UnsupportedError} a model that attends within windows, as Swin
 * @example
 * const outputs = await encoder.forward(await encoder.preprocess('cat.jpg'), { attentions: true });
 * const map = rollout(outputs); // [1, 14, 14]
 */
/**
 * The product of attention maps through the layers, as above.
 * @overload
 * @param {readonly Tensor[]} attentions [B, H, T, T] of each layer, the first layer first
 * @param {RolloutOptions} [options]
 * @returns {Tensor<'float32'>} [B, T, T], each row of sum 1
 * @throws {InputError} what is no list of Tensors; {ShapeError} maps that are not square, or not of one size
 * @example
 * const { attentions } = await encoder.forward(inputs, { attentions: true });
 * const joint = rollout(attentions); // [1, T, T]
 */
/**
 * @param {any} outputs
 * @param {RolloutOptions} [options]
 */
export function rollout(outputs, options = {}) {
  const { heads } = check('rollout', options, {
    heads: choice(HEADS, "what makes one map of the heads'", { default: 'mean' }),
  });
  if (Array.isArray(outputs)) {
    const tokens = checkMaps(outputs, outputs[0]?.shape?.[2]);
    const each = Array.from({ length: tokens }, (_, t) => startOf(tokens, t, t + 1));
    return rolledOut(outputs, each, heads, [tokens, tokens], 0);
  }
  const { rows, columns, prefix, classToken, windows } = geometryOf(outputs);
  if (windows) {
    throw new UnsupportedError(
      'this model attends within windows, so that its maps have no product through the layers',
    );
  }
  const { attentions } = outputs;
  if (!Array.isArray(attentions) || attentions.length === 0) {
    throw new InputError('outputs has no attentions; forward gives them with {attentions: true}', {
      path: 'attentions',
      value: attentions,
    });
  }
  const tokens = checkMaps(attentions, prefix + rows * columns);
  const start = startOf(tokens, classToken ? 0 : prefix, classToken ? 1 : tokens);
  return rolledOut(attentions, [start], heads, [rows, columns], prefix);
}

/**
 * @param {readonly any[]} attentions
 * @param {number} tokens that they must have
 */
function checkMaps(attentions, tokens) {
  const batch = attentions[0]?.shape?.[0];
  for (const [i, map] of attentions.entries()) {
    if (!(map instanceof Tensor)) {
      throw new InputError(`attentions[${i}] is ${show(map)}; expected a Tensor [B, heads, T, T]`, {
        path: 'attentions',
        value: map,
      });
    }
    const { shape } = map;
    if (shape.length === 4 && shape[0] === batch && shape[2] === tokens && shape[3] === tokens) continue;
    const expected = tokens === undefined ? '[B, heads, T, T]' : `[${batch}, heads, ${tokens}, ${tokens}]`;
    throw new ShapeError(`attentions[${i}] has shape ${show(shape)}; expected ${expected}`, {
      path: 'attentions',
      value: shape,
    });
  }
  if (attentions.length === 0) {
    throw new InputError('attentions is an empty list; expected a Tensor of each layer', {
      path: 'attentions',
      value: attentions,
    });
  }
  return tokens;
}

/** Equal shares of the tokens from first to end. @param {number} tokens @param {number} first @param {number} end */
const startOf = (tokens, first, end) => new Float64Array(tokens).fill(1 / (end - first), first, end);

/**
 * Shares of the last layer's outputs as those of the first one's inputs.
 * @param {readonly Tensor[]} attentions
 * @param {Float64Array[]} starts [T] each
 * @param {typeof HEADS[number]} heads
 * @param {number[]} shape of what a sequence gives
 * @param {number} prefix tokens that are left out
 */
function rolledOut(attentions, starts, heads, shape, prefix) {
  const [batch] = attentions[0].shape;
  const size = sizeOfShape(shape);
  const out = allocate(Float32Array, batch * size);
  for (let b = 0; b < batch; b++) {
    let all = starts;
    for (const maps of [...attentions].reverse()) {
      const mixed = mixedHeads(maps, b, heads);
      all = all.map((shares) => rolledBack(shares, mixed));
    }
    for (const [i, shares] of all.entries())
      out.set(shares.subarray(prefix), b * size + i * (shares.length - prefix));
  }
  return new Tensor('float32', out, [batch, ...shape]);
}

/**
 * One map of the heads', with the way past attention, its rows of sum 1.
 * @param {Tensor} maps [B, H, T, T]
 * @param {number} sequence
 * @param {typeof HEADS[number]} heads
 * @returns {Float64Array} [T, T]
 */
function mixedHeads({ data, shape: [, count, tokens] }, sequence, heads) {
  const size = tokens * tokens;
  const mixed = new Float64Array(size);
  for (let head = 0, from = sequence * count * size; head < count; head++, from += size) {
    for (let i = 0; i < size; i++) {
      const value = Number(data[from + i]);
      if (head === 0) mixed[i] = value;
      else if (heads === 'mean') mixed[i] += value;
      else mixed[i] = Math[heads](mixed[i], value);
    }
  }
  for (let query = 0; query < tokens; query++) {
    const row = mixed.subarray(query * tokens, (query + 1) * tokens);
    for (let key = 0; key < tokens; key++)
      row[key] = (heads === 'mean' ? row[key] / count : row[key]) / 2 + (key === query ? 0.5 : 0);
    const sum = row.reduce((a, b) => a + b, 0);
    for (let key = 0; key < tokens; key++) row[key] /= sum;
  }
  return mixed;
}

/**
 * Shares of a layer's outputs as those of its inputs: a row times the layer's matrix.
 * @param {Float64Array} shares [T]
 * @param {Float64Array} mixed [T, T]
 */
function rolledBack(shares, mixed) {
  const tokens = shares.length;
  const out = new Float64Array(tokens);
  for (let query = 0; query < tokens; query++) {
    if (shares[query] === 0) continue;
    for (let key = 0; key < tokens; key++) out[key] += shares[query] * mixed[query * tokens + key];
  }
  return out;
}
