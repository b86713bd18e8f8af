/**
 * What a forward of a vision model tells of its patches, as maps [rows, columns] over the picture: attention rollout, the
 * similarity of patches, and colours of principal components. Pure functions of what `forward` returned; sums in double
 * precision.
 */
import { allocate, sizeOfShape } from './arrays.js';
import { check } from './check.js';
import { InputError, ShapeError, show, UnsupportedError } from './errors.js';
import { choice, integer } from './options/table.js';
import { principalAxes } from './principal.js';
import { similarity } from './similarity.js';
import { Tensor } from './tensor.js';

/** @import { ForwardResult } from './public.js' */
/** @import { Patches } from './run/public.js' */

const HEADS = /** @type {const} */ (['mean', 'max', 'min']);
const layer = integer('the state that is looked at: an index into hidden_states', {
  min: 0,
  optional: 'last_hidden_state',
});

/**
 * How much each patch has to do with the result, by attention rollout: A = (A + I) / 2 of every layer, A being one map of all
 * heads, its rows scaled to sum 1, and the product of these through the layers. A map holds the row of the class token behind
 * its prefix; without a class token the mean of the rows of all patches.
 *
 * Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers" (https://arxiv.org/abs/2005.00928).
 * @param {ForwardResult} outputs of pictures, with {attentions: true}; of a model of two towers its vision_model_output
 * @param {{ heads?: 'mean' | 'max' | 'min' }} [options] heads: what makes one map of the heads', mean by default
 * @returns {Tensor<'float32'>} [B, rows, columns], at least 0; with the shares of the prefix they sum to 1
 * @throws {InputError} outputs without attention maps; {UnsupportedError} a model that attends within windows, as Swin
 * @example
 * const outputs = await encoder.forward(await encoder.preprocess('cat.jpg'), { attentions: true });
 * const map = attentionRollout(outputs); // [1, 14, 14]
 */
export function attentionRollout(outputs, options = {}) {
  const { heads } = check('attentionRollout', options, {
    heads: choice(HEADS, "what makes one map of the heads'", { default: 'mean' }),
  });
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
  const tokens = prefix + rows * columns;
  const [batch] = attentions[0].shape;
  for (const [i, { shape }] of attentions.entries()) {
    if (shape.length === 4 && shape[0] === batch && shape[2] === tokens && shape[3] === tokens) continue;
    const expected = `[${batch}, heads, ${tokens}, ${tokens}]`;
    throw new ShapeError(`attentions[${i}] has shape ${show(shape)}; expected ${expected}`, {
      path: 'attentions',
      value: shape,
    });
  }
  const out = allocate(Float32Array, batch * rows * columns);
  for (let b = 0; b < batch; b++) {
    let shares = startOf(tokens, classToken ? 0 : prefix, classToken ? 1 : tokens);
    for (const maps of [...attentions].reverse()) shares = rolledBack(shares, maps, b, heads);
    out.set(shares.subarray(prefix), b * rows * columns);
  }
  return new Tensor('float32', out, [batch, rows, columns]);
}

/** Equal shares of the tokens from first to end. @param {number} tokens @param {number} first @param {number} end */
const startOf = (tokens, first, end) => new Float64Array(tokens).fill(1 / (end - first), first, end);

/**
 * Shares of a layer's outputs as those of its inputs: a row times the layer's matrix.
 * @param {Float64Array} shares [T]
 * @param {Tensor} maps [B, H, T, T]
 * @param {number} image
 * @param {typeof HEADS[number]} heads
 */
function rolledBack(shares, { data, shape: [, count] }, image, heads) {
  const tokens = shares.length;
  const out = new Float64Array(tokens);
  const row = new Float64Array(tokens);
  for (let query = 0; query < tokens; query++) {
    if (shares[query] === 0) continue;
    for (let head = 0; head < count; head++) {
      const from = ((image * count + head) * tokens + query) * tokens;
      for (let key = 0; key < tokens; key++) {
        const value = Number(data[from + key]);
        if (head === 0) row[key] = value;
        else if (heads === 'mean') row[key] += value;
        else row[key] = Math[heads](row[key], value);
      }
    }
    let sum = 0;
    for (let key = 0; key < tokens; key++) {
      row[key] = (heads === 'mean' ? row[key] / count : row[key]) / 2 + (key === query ? 0.5 : 0);
      sum += row[key];
    }
    for (let key = 0; key < tokens; key++) out[key] += (shares[query] * row[key]) / sum;
  }
  return out;
}

/**
 * How alike each patch is to one patch of its picture: the cosines of their vectors, as in the figures of DINO and DINOv2.
 *
 * Caron 2021 (https://arxiv.org/abs/2104.14294), Siméoni 2025 (DINOv3, https://arxiv.org/abs/2508.10104).
 * @param {ForwardResult} outputs of pictures; of a model of two towers its vision_model_output
 * @param {{ row: number, column: number, layer?: number }} options row, column: the patch, counted from 0 from the top left;
 *   layer: an index into hidden_states instead of last_hidden_state
 * @returns {Tensor<'float32'>} [B, rows, columns], from -1 to 1
 * @throws {InputError} a patch outside the picture, an unknown option; {ShapeError} a layer whose patches are others
 */
export function patchSimilarity(outputs, options) {
  const { rows, columns } = geometryOf(outputs);
  const { row, column, ...which } = check('patchSimilarity', options, {
    row: integer('the patch, from the top', { min: 0, max: rows - 1 }),
    column: integer('the patch, from the left', { min: 0, max: columns - 1 }),
    layer,
  });
  const vectors = vectorsOf(outputs, which.layer);
  const [batch, count] = vectors.shape;
  const out = allocate(Float32Array, batch * count);
  for (let b = 0; b < batch; b++) {
    const patches = vectors.slice(b);
    const at = row * columns + column;
    out.set(/** @type {Float32Array} */ (similarity(patches.slice([at, at + 1]), patches).data), b * count);
  }
  return new Tensor('float32', out, [batch, rows, columns]);
}

/**
 * A colour for each patch: the first three principal components of the vectors of all patches of the call, each scaled so that
 * its least value is 0 and its largest 1, as in the figures of DINOv2. Pictures of one call share their colours. A component's
 * sign is that with which its entry of largest magnitude is positive; components that patches do not spread along are 0.
 *
 * Oquab 2023 (DINOv2, https://arxiv.org/abs/2304.07193).
 * @param {ForwardResult} outputs of pictures; of a model of two towers its vision_model_output
 * @param {{ layer?: number }} [options] layer: an index into hidden_states instead of last_hidden_state
 * @returns {Tensor<'float32'>} [B, rows, columns, 3], from 0 to 1
 * @throws {InputError} outputs of no pictures, an unknown option; {ShapeError} a layer whose patches are others
 */
export function patchColours(outputs, options = {}) {
  const { rows, columns } = geometryOf(outputs);
  const { data, shape } = vectorsOf(outputs, check('patchColours', options, { layer }).layer);
  const [batch, count, width] = shape;
  const total = batch * count;
  const out = allocate(Float32Array, total * 3);
  if (total > 0) {
    const vectors = centred(/** @type {Float32Array} */ (data), total, width);
    principalAxes(vectors, 3).forEach((axis, colour) => {
      const values = vectors.map((vector) => vector.reduce((sum, x, i) => sum + x * axis[i], 0));
      const least = values.reduce((a, b) => Math.min(a, b));
      const range = values.reduce((a, b) => Math.max(a, b)) - least;
      values.forEach((value, i) => {
        out[i * 3 + colour] = range > 0 ? (value - least) / range : 0;
      });
    });
  }
  return new Tensor('float32', out, [batch, rows, columns, 3]);
}

/** Vectors less their mean. @param {Float32Array} data @param {number} count @param {number} width */
function centred(data, count, width) {
  const mean = new Float64Array(width);
  for (let i = 0; i < data.length; i++) mean[i % width] += data[i] / count;
  return Array.from({ length: count }, (_, row) =>
    Float64Array.from({ length: width }, (_, i) => data[row * width + i] - mean[i]),
  );
}

/**
 * @param {any} outputs
 * @returns {Patches}
 */
function geometryOf(outputs) {
  const { patches } = outputs ?? {};
  if (patches && [patches.rows, patches.columns, patches.prefix].every(Number.isInteger)) return patches;
  throw new InputError(`outputs is ${show(outputs)}; expected what forward gave for pictures`, {
    path: 'outputs',
    value: outputs,
  });
}

/**
 * The vectors of patches, the prefix left out.
 * @param {any} outputs
 * @param {number | undefined} index of the state
 * @returns {Tensor} [B, patches, D]
 */
function vectorsOf(outputs, index) {
  const { rows, columns, prefix } = geometryOf(outputs);
  const state = index === undefined ? outputs.last_hidden_state : outputs.hidden_states?.[index];
  if (!(state instanceof Tensor)) {
    const found = outputs.hidden_states
      ? `${outputs.hidden_states.length} hidden_states`
      : 'no hidden_states';
    throw new InputError(`outputs has ${found}; forward gives them with {hidden_states: true}`, {
      path: 'layer',
      value: index,
    });
  }
  const [batch, tokens, width] = state.shape;
  if (tokens !== prefix + rows * columns) {
    throw new ShapeError(
      `the state has ${tokens} tokens; expected ${prefix} and those of ${rows} x ${columns} patches`,
      { path: 'layer', value: index },
    );
  }
  const data = allocate(Float32Array, sizeOfShape([batch, tokens - prefix, width]));
  for (let b = 0; b < batch; b++) {
    const rowsOf = state.data.subarray((b * tokens + prefix) * width, (b + 1) * tokens * width);
    data.set(/** @type {Float32Array} */ (rowsOf), b * (tokens - prefix) * width);
  }
  return new Tensor('float32', data, [batch, tokens - prefix, width]);
}
