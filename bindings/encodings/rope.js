/**
 * The cosines and sines that rotate queries and keys by their position in a text, of one coordinate and of several in sections
 * (M-RoPE), and the rotation itself: what a model does in every layer. Not here: pictures (rope_grid.js), scaling (rope_scaling.js).
 */
import { floats, integers, number } from '../options/table.js';
import { BASE, choose, coordinates, count, encoding, float32, NONE, on, size } from './encoding.js';
import { LAYOUT } from './enums.js';
import { spread } from './frequencies.js';
import { fillSinusoids } from './generate.js';
import { scaledFrequencies, scalingOption } from './rope_scaling.js';

/** @import { Instance } from '../core/instance.js' */

/** How a table holds the angles. */
export const FORM = {
  layout: choose(['half', 'interleaved']),
  repeat: on('each angle in both columns of its pair, or once: dim/2 columns'),
};
const NO_POSITIONS = /** @type {const} */ ({ only: { positions: false } });
const NO_FREQUENCIES = /** @type {const} */ ({ only: { frequencies: false } });

/**
 * Columns of the pairs of a rotation.
 * @param {number} pairs
 * @param {{ layout: 'half' | 'interleaved', repeat: boolean }} form
 */
export function rotationTargets(pairs, { layout, repeat }) {
  const [step, apart] = repeat && layout === 'interleaved' ? [2, 1] : [1, pairs];
  const columns = (/** @type {number} */ k) => [step * k, repeat ? step * k + apart : -1];
  return Int32Array.from({ length: 4 * pairs }, (_, i) => columns(i >> 2)[i % 2]);
}

/** Tables of cosines and of sines. @param {import('./encoding.js').ShapeOf} shapeOf @param {string} shape @param {string} about */
export const rotation = (shapeOf, shape, about) => ({
  cos: float32(shape, about, shapeOf),
  sin: float32(shape, about, shapeOf),
});

/** @param {{ dim: number, repeat: boolean }} options */
const columnsOf = ({ dim, repeat }) => (repeat ? dim : dim / 2);

/** @param {Int32Array} sections */
const sumOf = (sections) => sections.reduce((sum, n) => sum + n, 0);

/** Sections that fit the pairs or the axes. @type {import('../options/table.js').Must[]} */
const FITTING = [
  [
    'of sum {dim/2}, half of dim',
    (sections, { mode, dim }) => mode !== 'chunked' || 2 * sumOf(sections) === dim,
  ],
  [
    'of one number an axis',
    ({ length }, { mode }, sizeOf) => mode !== 'strided' || length === (sizeOf('axes') ?? 3),
  ],
];

/** The axes of x by the names of the orders. @type {Record<string, string>} */
const ORDERS = { bhtd: '[B, H, T, D]', bthd: '[B, T, H, D]', tbhd: '[T, B, H, D]' };

/** @param {any} options @param {(letter: string) => number} sizeOf */
function tablesShape({ prefix, tables }, sizeOf) {
  const [B, H, rows] = [sizeOf('B') ?? 1, sizeOf('H') ?? 1, sizeOf('T') - prefix];
  return `[${rows}, R] or [${tables === 'heads' ? H : B}, ${rows}, R] or [${B}, ${H}, ${rows}, R] or [${B}, 1, ${rows}, R]`;
}

/** Channels of x that a table rotates. @param {boolean} repeat @param {(letter: string) => number} sizeOf */
const rotated = (repeat, sizeOf) => (repeat ? 1 : 2) * sizeOf('R');

// biome-ignore format: tables, a line an entry
export const ropes = {
  rope: encoding({
    summary: 'The rotary table of a text: cosines and sines of position times frequency, for `applyRope`.',
    formula: "`angle[p, i] = p w_i`, `w_i = base^(-2i/dim)` or as `scaling` stretches them; 'half' holds each angle at i and " +
      "dim/2 + i, 'interleaved' at 2i and 2i + 1. The two rotate the same pairs up to a fixed order of the channels; a checkpoint " +
      'needs the one it was trained with.',
    models: "ModernBERT (base 160000 global, 10000 local), ESM-2, NomicBERT, GTE, EuroBERT, Llama ('half'); RoFormer, GPT-J " +
      "('interleaved'); GPT-NeoX, Phi (dim a part of the head).",
    source: 'Su et al. 2021 (arXiv 2104.09864); transformers `LlamaRotaryEmbedding`, RoFormer `apply_rotary_position_embeddings`.',
    options: {
      length: size('positions offset to offset + length - 1', NO_POSITIONS),
      offset: number('the first position', { ...NO_POSITIONS, default: 0 }),
      positions: coordinates('any positions, of any shape', NONE),
      dim: size('rotated channels of a head', { multiple: 2 }),
      base: { ...BASE, ...NO_FREQUENCIES, about: '`rope_theta`' },
      scaling: { ...scalingOption, ...NO_FREQUENCIES },
      frequencies: coordinates('dim/2 of them, as a checkpoint holds them, instead of base and scaling', { count: 'dim/2', ...NONE }),
      ...FORM,
    },
    result: rotation(({ length, ...options }, _, { positions }) => [...(positions ?? [length]), columnsOf(options)],
      '[length, dim]', "or the positions' shape with dim columns"),
    fill(core, { cos, sin }, { length, offset, positions, dim, base, scaling, frequencies: given, ...form }) {
      const pairs = dim / 2;
      const places = positions ?? Float64Array.from({ length }, (_, i) => offset + i);
      const { frequencies, attentionFactor: gain } = given
        ? { frequencies: given, attentionFactor: 1 }
        : scaledFrequencies(core, pairs, base, scaling, lengthOf(places));
      fillSinusoids(core, sin, cos, { coordinates: places, frequencies, targets: rotationTargets(pairs, form), gain });
    },
    example: 'const { cos, sin } = pe.rope({ length: 512, dim: 64, base: 160000 });\n' +
      '[cos.shape, sin.shape]; // [[512, 64], [512, 64]]',
  }),
  ropeSections: encoding({
    summary: 'The rotary table of tokens that have several coordinates, such as time, row and column: each pair of channels turns ' +
      'with one of them (M-RoPE).',
    formula: "`angle[t, i] = p[axis(i), t] base^(-2i/dim)`. 'chunked': the first sections[0] pairs turn with axis 0, the next " +
      "sections[1] with axis 1, and so on; 'strided': the axes take turns T, H, W, T, H, W …, axis a up to pair axes sections[a], " +
      'the rest turns with axis 0.',
    models: "Qwen2-VL and Qwen2.5-VL ('chunked'), Qwen3-VL and GenLIP ('strided').",
    source: 'Wang et al. 2024 (arXiv 2409.12191); transformers `Qwen2VLRotaryEmbedding`; timm `RotaryEmbeddingMRope`.',
    options: {
      positions: coordinates('2 to 4 axes', { shape: '[axes, T] or [axes, B, T]', ...NONE, must: [
        ['of 2 to 4 axes', (_, _values, sizeOf) => sizeOf('axes') >= 2 && sizeOf('axes') <= 4],
      ] }),
      height: size('of a picture whose tokens have the coordinates (0, row, column)', NO_POSITIONS),
      width: size('of that picture', NO_POSITIONS),
      dim: size('channels of a head', { multiple: 2 }),
      sections: integers("pairs of each axis; 'chunked' sections may go around the axes again", { min: 0, max: 2 ** 20, must: FITTING }),
      mode: choose(['chunked', 'strided']),
      base: BASE,
      scaling: { ...scalingOption, about: 'as in `rope`' },
      layout: FORM.layout,
      repeat: { ...FORM.repeat, about: 'as in `rope`' },
    },
    result: rotation(({ positions, ...options }, { height, width }, shapes) =>
      [...(positions ? shapes.positions.slice(1) : [height * width]), columnsOf(/** @type {any} */ (options))],
    '[T, dim]', 'or [B, T, dim]'),
    fill(core, { cos, sin }, { positions, dim, sections, mode, base, scaling, ...options }, sizes) {
      const { axes = 3, height, width } = sizes;
      const pairs = dim / 2;
      const places = positions ?? cellPlaces(height, width);
      const tokens = places.length / axes;
      const coordinates = places.map((_, i) => places[(i % axes) * tokens + Math.floor(i / axes)]);
      const scaled = scaledFrequencies(core, pairs, base, scaling, lengthOf(places));
      const axisOf = sectionAxes(sections, mode, pairs, axes);
      const frequencies = spread(axes, pairs, (k) => axisOf[k], (k) => scaled.frequencies[k]);
      const targets = rotationTargets(pairs, options);
      fillSinusoids(core, sin, cos, { targets, coordinates, frequencies, axes, gain: scaled.attentionFactor });
    },
    example: "pe.ropeSections({ height: 2, width: 3, dim: 16, sections: [2, 3, 3], mode: 'strided' }).cos.shape; // [6, 16]",
  }),
  applyRope: encoding({
    summary: 'Rotates pairs of channels of queries or keys by the angles of their tokens.',
    formula: "`out = x cos + rotated(x) sin`; 'half' rotated = `[-x_2 | x_1]` of the halves, 'interleaved' `-x_1, x_0, -x_3, x_2 …`. " +
      "Channels beyond the table's and the first `prefix` tokens stay as they are.",
    models: 'as in `rope`, `rope2d`, `ropeSections`; partial rotation in GPT-NeoX and Phi; prefix for the class and register tokens ' +
      'of EVA-02 and DINOv3.',
    source: 'Su et al. 2021 (arXiv 2104.09864); transformers `apply_rotary_pos_emb`; timm `apply_rot_embed_cat`.',
    options: {
      x: floats('[B, H, T, D] or [B, T, D] or [T, D]', 'the first in the order of `order`, the others of one head',
        { shapeOf: ({ order }) => `${ORDERS[order]} or [B, T, D] or [T, D]` }),
      cos: floats('[T - prefix, R]', 'of its own for each sequence [B, T - prefix, R], for each head [H, T - prefix, R] with `tables` ' +
        "'heads', or [B, H, T - prefix, R]; R channels are rotated", { shapeOf: tablesShape, must: [
        ['of an even number of columns', (_, { repeat }, sizeOf) => rotated(repeat, sizeOf) % 2 === 0],
        ['of at most the channels of x, {D}', (_, { repeat }, sizeOf) => rotated(repeat, sizeOf) <= sizeOf('D')],
      ] }),
      sin: floats('', 'of the same shape', { shapeOf: (_values, _sizeOf, { cos }) => `[${cos}]` }),
      layout: { ...FORM.layout, about: 'as the table was made' },
      repeat: { ...FORM.repeat, about: 'the table holds each angle twice, or once: then 2R channels are rotated' },
      order: choose(['bhtd', 'bthd', 'tbhd'], 'the axes of x'),
      prefix: count('tokens in front that are not rotated', { max: 'T - 1' }),
      tables: choose(['sequences', 'heads'], 'what the first of three axes of the table is'),
    },
    result: float32('[..., D]', "x's shape; `out` may be x's own memory", (_values, _sizes, { x }) => x),
    fill(core, out, { x, cos, sin, repeat, prefix, ...options }, { B = 1, H = 1, T, D, R }, shapes) {
      const { layout, order, tables } = options;
      const leading = shapes.cos.slice(0, -2);
      const [sequences, heads] =
        leading.length === 2 ? leading : leading.length === 0 ? [1, 1] : tables === 'heads' ? [1, H] : [B, 1];
      const axes = shapes.x.length === 4 ? LAYOUT[/** @type {'BHTD'} */ (order.toUpperCase())] : LAYOUT.BHTD;
      const rotary = (repeat ? 1 : 2) * R;
      const turned = [prefix, rotary, sequences, heads, R, axes, layout === 'interleaved' ? 1 : 0];
      core.invoke('wf_rotate', [{ out }, x, cos, sin, B, H, T, D, ...turned]);
    },
    example: 'const { cos, sin } = pe.rope({ length: 8, dim: 64 });\n' +
      'pe.applyRope({ x: random(1, 12, 8, 64), cos, sin }).shape; // [1, 12, 8, 64]',
  }),
};

/** Tokens of a text whose positions these are. @param {Float64Array} positions */
const lengthOf = (positions) => positions.reduce((most, p) => Math.max(most, p), 0) + 1;

/** The coordinates (0, row, column) of a picture's cells: [3, cells]. @param {number} height @param {number} width */
function cellPlaces(height, width) {
  const cells = height * width;
  const places = new Float64Array(3 * cells);
  for (let i = 0; i < cells; i++) {
    places[cells + i] = Math.floor(i / width);
    places[2 * cells + i] = i % width;
  }
  return places;
}

/**
 * Which axis each pair turns with.
 * @param {Int32Array} sections
 * @param {'chunked' | 'strided'} mode
 * @param {number} pairs
 * @param {number} axes
 * @returns {number[]}
 */
function sectionAxes(sections, mode, pairs, axes) {
  if (mode === 'chunked')
    return Array.from(sections).flatMap((length, i) => new Array(length).fill(i % axes));
  const isTurn = (/** @type {number} */ k) => k % axes !== 0 && k < sections[k % axes] * axes;
  return Array.from({ length: pairs }, (_, k) => (isTurn(k) ? k % axes : 0));
}
