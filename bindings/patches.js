/**
 * What a forward of a vision model tells of its patches, as maps [rows, columns] over the picture: the similarity of patches, and
 * colours of principal components (attention rollout: rollout.js). Pure functions of what `forward` returned; sums in double
 * precision.
 */
import { allocate, sizeOfShape } from './arrays.js';
import { check } from './check.js';
import { InputError, ShapeError, show } from './errors.js';
import { integer } from './options/table.js';
import { principal } from './principal.js';
import { similarity } from './similarity.js';
import { Tensor } from './tensor.js';

/** @import { ForwardResult } from './public.js' */
/** @import { Patches } from './run/public.js' */

const layer = integer('the state that is looked at: an index into hidden_states', {
  min: 0,
  optional: 'last_hidden_state',
});

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
  const { scores } = principal(/** @type {Float32Array} */ (data), total, width, 3);
  for (const [colour, values] of scores.entries()) {
    const least = values.reduce((a, b) => Math.min(a, b));
    const range = values.reduce((a, b) => Math.max(a, b)) - least;
    for (let i = 0; i < total; i++) out[i * 3 + colour] = range > 0 ? (values[i] - least) / range : 0;
  }
  return new Tensor('float32', out, [batch, rows, columns, 3]);
}

/**
 * @param {any} outputs
 * @returns {Patches}
 */
export function geometryOf(outputs) {
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
