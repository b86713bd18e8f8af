/**
 * Sines and cosines of coordinates at many frequencies: on a grid, of points, and with random frequencies. Not here: positions
 * of tokens (sincos.js, sincos_grid.js).
 */

import { allocate, sizeOfShape } from '../arrays.js';
import { flag, floats, integers, numbers } from '../options/table.js';
import { BASE, choose, coordinates, encoding, float32, off, on, preset, size } from './encoding.js';
import { axisCoordinates, bandsOf, evenly, gridCoordinates, MEASURE, spread } from './frequencies.js';
import { fillSinusoids, targetsOf, transpose } from './generate.js';

/** @type {import('../options/table.js').Must} */
const FEW_AXES = [
  'of at most 64 coordinates a point',
  (_, _values, sizeOf) => (sizeOf('axes') ?? sizeOf('D')) <= 64,
];
const OF_GRID = /** @type {const} */ ({ when: { positions: false } });
const NO_GRID = /** @type {const} */ ({ only: { coordinates: false } });

/** Functions of a coordinate. @param {{ concatPositions: boolean, sineOnly: boolean, bands: number }} options */
const functionsOf = ({ concatPositions, sineOnly, bands }) =>
  Number(concatPositions) + (sineOnly ? 1 : 2) * bands;

/** @type {import('./encoding.js').ShapeOf} */
function fourierShape({ layout, positions, sizes: grid, ...options }, { axes }, shapes) {
  const functions = functionsOf(/** @type {any} */ (options));
  const lead = positions ? shapes.positions.slice(0, -1) : Array.from(grid);
  if (layout === 'per-axis') return [...lead, axes, functions];
  const rows = positions ? lead : [sizeOfShape(lead)];
  return [...rows, axes * functions];
}

// biome-ignore format: tables, a line an entry
export const fouriers = {
  fourier: encoding({
    summary: "Fourier features of a grid's cells or of any points: sine and cosine of each coordinate at each of K frequencies.",
    formula: "coordinate c, frequencies f: `[c, sin(f c), cos(f c)]`. 'functions': coordinates of all axes, then all sines axis by " +
      "axis, then all cosines; 'per-axis': `[c, sin(f c) …, cos(f c) …]` of each axis. 'linear' f = pi times 1 … maxResolution/2 " +
      "by equal steps, 'octaves' by equal ratios, 'geometric' `base^(-i/K)`.",
    models: "Perceiver, Perceiver IO ('perceiver'), timm's FourierEmbed ('timm', its own bands with spacing 'linear').",
    source: 'Jaegle et al. 2021 (arXiv 2103.03206); transformers `generate_fourier_features`; timm `build_fourier_pos_embed`.',
    options: {
      sizes: integers("of the grid's axes, one to three", { shape: '[axes]', min: 1, max: 2 ** 20, ...OF_GRID, must: [
        ['one to three sizes', (sizes) => sizes.length <= 3],
        ['of at most 2^30 cells', (sizes) => sizes.reduce((/** @type {number} */ product, /** @type {number} */ n) => product * n, 1) <= 2 ** 30],
      ] }),
      positions: coordinates('instead of a grid', { shape: '[..., axes]', optional: 'none', must: [FEW_AXES] }),
      bands: size('K'),
      maxResolution: numbers('of all axes or of each',
        { single: true, count: 'axes', above: 0, max: 2 ** 40, only: { spacing: ['linear', 'octaves'] }, default: 224 }),
      spacing: choose(['linear', 'octaves', 'geometric']),
      base: { ...BASE, about: "for 'geometric'", only: { spacing: 'geometric' } },
      grid: { ...choose(['pixel', 'index', 'centered'], 'how cells are measured, as in `rope2d`'), ...OF_GRID },
      offset: { ...MEASURE.offset, ...OF_GRID, about: 'as in `rope2d`' },
      reference: { ...MEASURE.reference, ...OF_GRID, about: 'as in `rope2d`' },
      normalize: { ...MEASURE.normalize, ...OF_GRID, about: 'as in `rope2d`' },
      layout: choose(['functions', 'per-axis']),
      concatPositions: on('the coordinates too'),
      sineOnly: off('no cosines'),
      preset: preset({
        perceiver: { grid: 'pixel', spacing: 'linear', layout: 'functions', concatPositions: true },
        timm: { grid: 'pixel', spacing: 'octaves', layout: 'per-axis', concatPositions: true },
      }, 'sets grid, spacing, layout and concatPositions'),
    },
    result: float32('[cells, C]', "of 'functions', of points [..., C]; 'per-axis': [...sizes, axes, C / axes]", fourierShape),
    fill(core, out, { sizes: grid, positions, ...options }, { axes }) {
      const { bands, layout, concatPositions, sineOnly, spacing, base, maxResolution } = options;
      const lines = grid && axisCoordinates(Array.from(grid), options);
      const functions = functionsOf(options);
      const copy = Number(concatPositions);
      const perAxis = layout === 'per-axis';
      const axisOf = (/** @type {number} */ pair) => Math.floor(pair / bands);
      const sineOf = (/** @type {number} */ pair) =>
        perAxis ? axisOf(pair) * functions + copy + (pair % bands) : copy * axes + pair;
      const apart = perAxis ? bands : axes * bands;
      const targets = targetsOf(axes * bands, sineOf, sineOnly ? Number.POSITIVE_INFINITY : apart);
      const copies = Int32Array.from({ length: axes }, (_, axis) => (copy === 0 ? -1 : perAxis ? axis * functions : axis));
      const ofAxis = Array.from({ length: axes }, (_, axis) => bandsOf(core, spacing, bands, base, maxResolution?.[axis]));
      const frequencies = spread(axes, axes * bands, axisOf, (pair) => ofAxis[axisOf(pair)][pair % bands]);
      const coordinates = positions ?? gridCoordinates(/** @type {number[][]} */ (lines));
      fillSinusoids(core, out, null, { coordinates, frequencies, targets, copies, axes });
    },
    example: "pe.fourier({ sizes: [224, 224], bands: 64, preset: 'perceiver' }).shape; // [50176, 258]",
  }),
  nerf: encoding({
    summary: "NeRF's encoding of points: each coordinate at L frequencies.",
    formula: '`[x, sin(w_0 x), cos(w_0 x), sin(w_1 x), cos(w_1 x) …]`, each of all coordinates; `w_k = 2^k`, or evenly spaced from ' +
      '1 to 2^(L-1). No factor of pi.',
    models: 'NeRF and its kin.',
    source: 'Mildenhall et al. 2020 (arXiv 2003.08934); bmild/nerf `run_nerf_helpers.py`.',
    options: {
      x: coordinates('D at most 64', { shape: '[..., D]', min: -(2 ** 50), max: 2 ** 50, must: [
        FEW_AXES,
        ['of numbers up to 2^50 over the largest frequency, 2^(octaves - 1)', (x, { octaves }) =>
          x.every((/** @type {number} */ at) => Math.abs(at) <= 2 ** (51 - octaves))],
      ] }),
      octaves: size('L, 1 to 32', { max: 32 }),
      includeInput: on('x itself too'),
      spacing: choose(['octaves', 'linear'], "of the frequencies; 'octaves' is `log_sampling`"),
    },
    result: float32('[..., D (2L + 1)]', 'without the input D 2L', ({ octaves, includeInput }, { D }, { x }) =>
      [...x.slice(0, -1), D * (2 * octaves + Number(includeInput))]),
    fill(core, out, { x, octaves, includeInput, spacing }, { D: axes }) {
      const copy = Number(includeInput);
      const powers = Float64Array.from({ length: octaves }, (_, k) => 2 ** k);
      const bands = spacing === 'linear' ? evenly(1, powers[octaves - 1], octaves) : powers;
      const pairs = axes * octaves;
      const [axisOf, octaveOf] = [(/** @type {number} */ pair) => pair % axes, (/** @type {number} */ pair) => Math.floor(pair / axes)];
      const frequencies = spread(axes, pairs, axisOf, (pair) => bands[octaveOf(pair)]);
      const targets = targetsOf(pairs, (pair) => (copy + 2 * octaveOf(pair)) * axes + axisOf(pair), axes);
      const copies = Int32Array.from({ length: axes }, (_, axis) => (copy ? axis : -1));
      fillSinusoids(core, out, null, { coordinates: x, frequencies, targets, copies, axes });
    },
    example: 'pe.nerf({ x: [[0.1, 0.2, 0.3]], octaves: 10 }).shape; // [1, 63]',
  }),
  randomFourier: encoding({
    summary: 'Random Fourier features: sine and cosine of coordinates times a fixed random matrix, as SAM encodes clicks, boxes and ' +
      'cells.',
    formula: '`a = 2 pi (2c - 1) G`, `[sin a | cos a]`; without `center` `a = 2 pi c G`. ' +
      "A grid's cells have `c = ((x + 1/2)/w, (y + 1/2)/h)`.",
    models: 'SAM, SAM 2, their prompt encoder and dense picture encoding.',
    source: 'Tancik et al. 2020 (arXiv 2006.10739); transformers `SamPositionalEmbedding`.',
    options: {
      coordinates: coordinates('in [0, 1] for SAM', { shape: '[..., D]', optional: 'none', must: [FEW_AXES] }),
      height: size('rows of a grid of cells', NO_GRID),
      width: size('columns of that grid', NO_GRID),
      matrix: floats('[D, F]', 'G, of a grid [2, F]', { shapeOf: ({ coordinates: points }) => (points ? '[D, F]' : '[2, F]') }),
      center: on('map [0, 1] to [-1, 1]'),
      channelsFirst: flag('of a grid: the shape [2F, height, width]', { ...NO_GRID, default: false }),
    },
    result: float32('[..., 2F]', 'of a grid [height, width, 2F]', ({ coordinates: points, channelsFirst }, { height, width, F }, shapes) => {
      const lead = points ? shapes.coordinates.slice(0, -1) : [height, width];
      return channelsFirst ? [2 * F, ...lead] : [...lead, 2 * F];
    }),
    fill(core, out, { coordinates: given, height, width, matrix, center, channelsFirst }, { F }) {
      const axes = matrix.length / F;
      const points = given ?? middles(height, width);
      const rows = channelsFirst ? allocate(Float32Array, out.length) : out;
      const coordinates = center ? points.map((c) => 2 * c - 1) : points;
      const frequencies = Float64Array.from(matrix, (g) => 2 * Math.PI * g);
      const targets = targetsOf(F, (k) => k, F);
      fillSinusoids(core, rows, null, { coordinates, frequencies, targets, axes });
      if (channelsFirst) transpose(out, rows, out.length / (2 * F), 2 * F);
    },
    example: 'pe.randomFourier({ coordinates: [[0.5, 0.25]], matrix: random(2, 128) }).shape; // [1, 256]',
  }),
};

/** The middles of a grid's cells as (x, y) in [0, 1]. @param {number} height @param {number} width */
function middles(height, width) {
  const lines = [height, width].map((side) => Array.from({ length: side }, (_, i) => (i + 0.5) / side));
  const yx = gridCoordinates(lines);
  return yx.map((_, i) => yx[i ^ 1]);
}
