/**
 * The cosines and sines that rotate queries and keys by their position in a text: of one coordinate, and of several in
 * sections (M-RoPE). Not here: pictures (rope_grid.js), the rotation (rotate.js).
 */
import { fillSinusoids, targetsOf } from './generate.js';
import { Operands } from './operands.js';
import { exclude, limitSize, numbers, partResult } from './options.js';
import { scaledFrequencies } from './rope_scaling.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 * @import { Scaling } from './rope_scaling.js'
 */

/**
 * Columns of the pairs of a rotation.
 * @param {number} pairs
 * @param {{ layout: 'half' | 'interleaved', repeat: boolean }} form
 */
export function rotationTargets(pairs, { layout, repeat }) {
  return targetsOf(pairs, (k) => {
    const columns = !repeat ? [k] : layout === 'half' ? [k, pairs + k] : [2 * k, 2 * k + 1];
    return { sine: columns, cosine: columns };
  });
}

/** @param {Operands} operands @param {'half' | 'interleaved'} [fallback] */
export function readForm(operands, fallback = 'half') {
  const layout = operands.choice('layout', /** @type {const} */ (['half', 'interleaved']), fallback);
  return { layout, repeat: operands.flag('repeat', true) };
}

/**
 * The cosines and sines of angles, into the caller's `out` if there is one.
 * @param {Instance} core
 * @param {string} name of the function
 * @param {any} out
 * @param {readonly number[]} shape
 * @param {import('./generate.js').Sinusoids[]} plans one for each table, which lie one after another
 * @returns {{ cos: Tensor<'float32'>, sin: Tensor<'float32'> }}
 */
export function rotationTables(core, name, out, shape, plans) {
  /** @type {Float32Array} */
  let cosines;
  const cos = partResult(name, out, 'cos', shape, (room) => {
    cosines = room;
  });
  const sin = partResult(name, out, 'sin', shape, (room) => {
    const size = room.length / plans.length;
    const part = (/** @type {Float32Array} */ all, /** @type {number} */ i) =>
      all.subarray(i * size, (i + 1) * size);
    for (const [i, plan] of plans.entries()) fillSinusoids(core, part(room, i), part(cosines, i), plan);
  });
  return { cos, sin };
}

/** @param {Operands} operands @returns {number} rotated channels */
function readDim(operands) {
  const dim = operands.integer('dim');
  if (dim % 2 !== 0) operands.refuse('dim', 'even');
  return dim;
}

/**
 * The rotary table of a text: cosines and sines of position times frequency, for `applyRope`.
 *
 * Formula: `angle[p, i] = p w_i`, `w_i = base^(-2i/dim)` or as `scaling` stretches them; 'half' holds each angle at i and
 *   dim/2 + i, 'interleaved' at 2i and 2i + 1. The two rotate the same pairs up to a fixed order of the channels; a checkpoint
 *   needs the one it was trained with.
 * Models: ModernBERT (base 160000 global, 10000 local), ESM-2, NomicBERT, GTE, EuroBERT, Llama ('half'); RoFormer, GPT-J
 *   ('interleaved'); GPT-NeoX, Phi (dim a part of the head).
 * Source: Su et al. 2021 (arXiv 2104.09864); transformers `LlamaRotaryEmbedding`, RoFormer `apply_rotary_position_embeddings`.
 *
 * @param {Instance} core
 * @param {object} options `length` or `positions`
 * @param {number} [options.length] positions offset to offset + length - 1
 * @param {number} [options.offset] the first position; 0 by default
 * @param {readonly any[] | ArrayBufferView | Tensor} [options.positions] any positions, of any shape
 * @param {number} options.dim rotated channels of a head, even
 * @param {number} [options.base] 10000 by default (`rope_theta`)
 * @param {Scaling} [options.scaling] how frequencies are stretched; not at all by default
 * @param {readonly number[] | Float32Array | Float64Array | Tensor} [options.frequencies] dim/2 of them, as a checkpoint holds
 *   them, instead of base and scaling
 * @param {'half' | 'interleaved'} [options.layout] 'half' by default
 * @param {boolean} [options.repeat] each angle in both columns of its pair, or once: dim/2 columns; true by default
 * @param {{ cos?: Float32Array | Tensor, sin?: Float32Array | Tensor }} [options.out] filled instead of new memory
 * @returns {{ cos: Tensor, sin: Tensor }} float32 [length, dim], or the positions' shape with dim columns
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * const { cos, sin } = pe.rope({ length: 512, dim: 64, base: 160000 });
 * [cos.shape, sin.shape]; // [[512, 64], [512, 64]]
 */
export function rope(core, options) {
  const known = 'length offset positions dim base scaling frequencies layout repeat'.split(' ');
  const operands = new Operands('rope', options, known);
  const pairs = readDim(operands) / 2;
  const form = readForm(operands);
  let positions;
  if (operands.has('positions')) {
    exclude(operands, ['length', 'offset'], 'left out with positions');
    positions = numbers(operands, options, 'positions');
  } else {
    const length = operands.integer('length');
    const offset = operands.number('offset', { fallback: 0 });
    positions = { data: Float64Array.from({ length }, (_, i) => offset + i), shape: [length] };
  }
  const { data: coordinates, shape } = positions;
  const { frequencies, attentionFactor: gain } = readFrequencies(core, operands, options, pairs, coordinates);
  const width = form.repeat ? 2 * pairs : pairs;
  const targets = rotationTargets(pairs, form);
  const plan = { coordinates, frequencies, targets, width, gain };
  return rotationTables(core, 'rope', options.out, [...shape, width], [plan]);
}

/**
 * @param {Instance} core
 * @param {Operands} operands
 * @param {any} options
 * @param {number} pairs
 * @param {Float64Array} positions whose largest one tells how long the text is
 */
function readFrequencies(core, operands, options, pairs, positions) {
  if (operands.has('frequencies')) {
    exclude(operands, ['base', 'scaling'], 'left out with frequencies');
    const { data } = numbers(operands, options, 'frequencies');
    if (data.length !== pairs) operands.refuse('frequencies', `${pairs} numbers, one a pair`);
    return { frequencies: data, attentionFactor: 1 };
  }
  const base = operands.number('base', { above: 0, fallback: 10000 });
  const length = positions.reduce((most, p) => Math.max(most, p), 0) + 1;
  return scaledFrequencies(core, pairs, base, options.scaling, length);
}

/**
 * Which axis each pair turns with.
 * @param {Operands} operands
 * @param {any} options
 * @param {number} pairs
 * @param {number} axes
 * @returns {number[]}
 */
function readSections(operands, options, pairs, axes) {
  const sections = Array.from(operands.integers('sections', { min: 0, max: 2 ** 20 }));
  if (operands.choice('mode', ['chunked', 'strided'], 'chunked') === 'chunked') {
    const sum = sections.reduce((total, n) => total + n, 0);
    if (sum !== pairs) operands.refuse('sections', `of sum ${pairs}, half of dim`, options.sections);
    return sections.flatMap((count, i) => new Array(count).fill(i % axes));
  }
  if (sections.length !== axes) operands.refuse('sections', `${axes} numbers, one an axis`);
  return Array.from({ length: pairs }, (_, k) =>
    k % axes !== 0 && k < sections[k % axes] * axes ? k % axes : 0,
  );
}

/**
 * The rotary table of tokens that have several coordinates, such as time, row and column: each pair of channels turns with
 * one of them (M-RoPE).
 *
 * Formula: `angle[t, i] = p[axis(i), t] base^(-2i/dim)`. 'chunked': the first sections[0] pairs turn with axis 0, the next
 *   sections[1] with axis 1, and so on; 'strided': the axes take turns T, H, W, T, H, W …, axis a up to pair axes sections[a],
 *   the rest turns with axis 0.
 * Models: Qwen2-VL and Qwen2.5-VL ('chunked'), Qwen3-VL and GenLIP ('strided').
 * Source: Wang et al. 2024 (arXiv 2409.12191); transformers `Qwen2VLRotaryEmbedding`; timm `RotaryEmbeddingMRope`.
 *
 * @param {Instance} core
 * @param {object} options `positions`, or `height` and `width`
 * @param {readonly any[] | ArrayBufferView | Tensor} [options.positions] [axes, T] or [axes, B, T], 2 to 4 axes
 * @param {number} [options.height] of a picture whose tokens have the coordinates (0, row, column)
 * @param {number} [options.width] of that picture
 * @param {number} options.dim channels of a head, even
 * @param {readonly number[]} options.sections pairs of each axis; 'chunked' sections may go around the axes again
 * @param {'chunked' | 'strided'} [options.mode] 'chunked' by default
 * @param {number} [options.base] 10000 by default
 * @param {Scaling} [options.scaling] as in `rope`; not at all by default
 * @param {'half' | 'interleaved'} [options.layout] 'half' by default
 * @param {boolean} [options.repeat] as in `rope`; true by default
 * @param {{ cos?: Float32Array | Tensor, sin?: Float32Array | Tensor }} [options.out] filled instead of new memory
 * @returns {{ cos: Tensor, sin: Tensor }} float32 [T, dim] or [B, T, dim]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.ropeSections({ height: 2, width: 3, dim: 16, sections: [2, 3, 3], mode: 'strided' }).cos.shape; // [6, 16]
 */
export function ropeSections(core, options) {
  const known = 'positions height width dim sections mode base scaling layout repeat'.split(' ');
  const operands = new Operands('ropeSections', options, known);
  const pairs = readDim(operands) / 2;
  const form = readForm(operands);
  const { data, shape } = readPlaces(operands, options, 2 * pairs);
  const axes = shape[0];
  const tokens = data.length / axes;
  const axisOf = readSections(operands, options, pairs, axes);
  const { frequencies: single, attentionFactor: gain } = readFrequencies(
    core,
    operands,
    options,
    pairs,
    data,
  );
  const frequencies = new Float64Array(axes * pairs);
  axisOf.forEach((axis, k) => {
    frequencies[axis * pairs + k] = single[k];
  });
  const coordinates = new Float64Array(data.length);
  for (let axis = 0; axis < axes; axis++) {
    for (let t = 0; t < tokens; t++) coordinates[t * axes + axis] = data[axis * tokens + t];
  }
  const width = form.repeat ? 2 * pairs : pairs;
  const plan = { coordinates, frequencies, targets: rotationTargets(pairs, form), axes, width, gain };
  return rotationTables(core, 'ropeSections', options.out, [...shape.slice(1), width], [plan]);
}

/**
 * @param {Operands} operands
 * @param {any} options
 * @param {number} dim
 * @returns {{ data: Float64Array, shape: number[] }} [axes, …]
 */
function readPlaces(operands, options, dim) {
  if (operands.has('positions')) {
    exclude(operands, ['height', 'width'], 'left out with positions');
    const read = numbers(operands, options, 'positions');
    const fits = read.shape.length >= 2 && read.shape.length <= 3 && read.shape[0] >= 2 && read.shape[0] <= 4;
    if (!fits)
      operands.refuse('positions', 'of shape [axes, T] or [axes, B, T] with 2 to 4 axes', read.shape);
    return read;
  }
  const [height, width] = [operands.integer('height'), operands.integer('width')];
  limitSize(operands, 'height', [height, width, dim]);
  const cells = height * width;
  const data = new Float64Array(3 * cells);
  for (let i = 0; i < cells; i++) {
    data[cells + i] = Math.floor(i / width);
    data[2 * cells + i] = i % width;
  }
  return { data, shape: [3, cells] };
}
