/**
 * Learned tables of absolute positions at another size than the trained one: the four ways that libraries resample them.
 * Not here: tables of relative positions (resize_bias.js).
 */
import { RESAMPLE } from './enums.js';
import { allocate, Operands } from './operands.js';
import { exclude, withPreset } from './options.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

const PRESETS = {
  timm: { mode: 'bicubic', antialias: true },
  hf: { mode: 'bicubic' },
  dinov2: { mode: 'bicubic', scaleOffset: 0.1 },
  torchvision: { mode: 'bicubic', alignCorners: true },
  siglip2: { mode: 'bilinear', antialias: true },
  naflex: { mode: 'bicubic', antialias: true },
};

/**
 * How to resample.
 * @typedef {object} Method
 * @property {number} flags of wf_resample_axis
 * @property {number} scaleOffset
 */

/** @param {Operands} operands @returns {Method & { line: boolean }} line: one axis instead of two */
export function readMethod(operands) {
  const mode = operands.choice('mode', ['bicubic', 'bilinear', 'cubic', 'linear'], 'bicubic');
  const alignCorners = operands.flag('alignCorners', false);
  const flags =
    (mode.endsWith('cubic') ? RESAMPLE.CUBIC : 0) +
    (operands.flag('antialias', false) ? RESAMPLE.ANTIALIAS : 0) +
    (alignCorners ? RESAMPLE.ALIGN_CORNERS : 0);
  const scaleOffset = operands.number('scaleOffset', { fallback: 0 });
  if (scaleOffset <= -1) operands.refuse('scaleOffset', 'above -1');
  if (alignCorners && scaleOffset !== 0) operands.refuse('scaleOffset', '0 with alignCorners');
  return { flags, scaleOffset, line: !mode.startsWith('bi') };
}

/**
 * Resamples x [from[0], from[1], dim] to [to[0], to[1], dim]; equal sizes are copied.
 * @param {Instance} core
 * @param {Float32Array} out
 * @param {Float32Array} x
 * @param {readonly number[]} from
 * @param {readonly number[]} to
 * @param {number} dim
 * @param {Method} method
 */
export function resampleGrid(core, out, x, from, to, dim, { flags, scaleOffset }) {
  if (from[0] === to[0] && from[1] === to[1]) {
    out.set(x);
    return;
  }
  const [rowStep, columnStep] = to.map((size, axis) => (scaleOffset ? from[axis] / (size + scaleOffset) : 0));
  const rows = allocate(Float32Array, to[0] * from[1] * dim);
  core.invoke('wf_resample_axis', [{ out: rows }, x, 1, from[0], to[0], from[1] * dim, rowStep, flags]);
  core.invoke('wf_resample_axis', [{ out }, rows, to[0], from[1], to[1], dim, columnStep, flags]);
}

/**
 * The table as rows, and how a result of other sizes is shaped.
 * @param {Operands} operands
 * @param {number} prefix
 * @param {boolean} line
 */
function readTable(operands, prefix, line) {
  /** @type {Record<string, number>} */
  const sizes = {};
  const grids =
    line || prefix > 0
      ? []
      : [
          [1, 'h', 'w', 'D'],
          ['h', 'w', 'D'],
        ];
  const table = operands.floats('table', [['rows', 'D'], [1, 'rows', 'D'], ...grids], sizes);
  const { h, w, D: dim } = sizes;
  const rows = sizes.rows ?? h * w;
  if (rows <= prefix) operands.refuse('prefix', `less than the table's rows, ${rows}`);
  return { table, rows, dim, grid: h === undefined ? null : [h, w] };
}

/**
 * The trained grid.
 * @param {Operands} operands
 * @param {{ rows: number, grid: number[] | null }} table
 * @param {number} prefix
 * @param {boolean} line
 * @returns {number[]}
 */
function readFrom(operands, { rows, grid }, prefix, line) {
  const cells = rows - prefix;
  if (line) return [operands.integer('from', { fallback: cells, min: cells, max: cells }), 1];
  const side = Math.round(Math.sqrt(cells));
  const from = operands.pair('from', { fallback: grid ?? [side, side] });
  if (from[0] * from[1] !== cells) {
    operands.refuse('from', `two sizes whose product is the table's cells, ${cells}`, from);
  }
  return from;
}

/**
 * A learned table of positions for another grid, its prefix rows kept. Equal sizes give the table itself.
 *
 * Formula: separable interpolation, cell i of the new axis at `(i + 1/2) from/to - 1/2` of the old (with `scaleOffset` o at
 *   `(i + 1/2) from/(to + o) - 1/2`, with `alignCorners` at `i (from - 1)/(to - 1)`). Cubic: Keys' with a = -0.75, with
 *   `antialias` -0.5 and the filter widened by from/to when shrinking.
 * Models: every timm ViT ('timm'), ViT, DeiT, BEiT, DINOv2, CLIP, SigLIP of transformers ('hf'), the original DINO and DINOv2
 *   ('dinov2'; with registers scaleOffset 0), torchvision's ViT ('torchvision'), SigLIP 2 ('siglip2'), timm's NaFlex ('naflex').
 * Source: timm `resample_abs_pos_embed`; transformers `interpolate_pos_encoding`; torchvision `interpolate_embeddings`;
 *   transformers `Siglip2VisionEmbeddings.resize_positional_embeddings`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.table [prefix + h w, D], [1, prefix + h w, D], or without prefix [h, w, D], [1, h, w, D]; a line
 *   (modes 'linear' and 'cubic') [prefix + n, D]
 * @param {number | [number, number]} [options.from] the trained height and width; a square by default, or the table's own
 *   axes
 * @param {number | [number, number]} [options.to] the new height and width, of a line its new length
 * @param {readonly (readonly [number, number])[]} [options.sizes] instead of `to`: a grid for each picture of a batch
 * @param {number} [options.maxLength] with `sizes`: rows of each picture; the most cells by default
 * @param {'first' | 'zero'} [options.fill] with `sizes`: rows beyond a picture's cells repeat its first one, 'first' (default),
 *   or are 0
 * @param {number} [options.prefix] rows in front that are kept; 0 by default
 * @param {'bicubic' | 'bilinear' | 'cubic' | 'linear'} [options.mode] 'bicubic' by default; 'cubic' and 'linear' are of lines
 * @param {boolean} [options.antialias] false by default
 * @param {boolean} [options.alignCorners] false by default
 * @param {number} [options.scaleOffset] added to the new size where samples are placed (`interpolate_offset`); 0 by default
 * @param {'timm' | 'hf' | 'dinov2' | 'torchvision' | 'siglip2' | 'naflex'} [options.preset] sets mode, antialias, alignCorners
 *   and scaleOffset
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32, of as many axes as the table: [prefix + h' w', D], [1, prefix + h' w', D], [h', w', D],
 *   [1, h', w', D]; with `sizes` [B, maxLength, D]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} a table of another number of axes
 * @example
 * const table = random(197, 768); // a class token and 14 x 14 cells
 * pe.resizeTable({ table, to: [16, 24], prefix: 1, preset: 'hf' }).shape; // [385, 768]
 */
export function resizeTable(core, options) {
  const given = withPreset('resizeTable', options, PRESETS);
  const known =
    'table from to sizes maxLength fill prefix mode antialias alignCorners scaleOffset preset'.split(' ');
  const operands = new Operands('resizeTable', given, known);
  const method = readMethod(operands);
  const prefix = operands.integer('prefix', { min: 0, fallback: 0 });
  const source = readTable(operands, prefix, method.line);
  const from = readFrom(operands, source, prefix, method.line);
  if (operands.has('sizes')) return resizeBatch(core, operands, given, source, from, method);
  exclude(operands, ['maxLength', 'fill'], 'left out without sizes');
  const to = method.line ? [operands.integer('to'), 1] : operands.pair('to');
  const { table, dim, grid } = source;
  const rank = given.table.shape.length;
  const cells = grid ? [...to, dim] : [prefix + to[0] * to[1], dim];
  return operands.result(cells.length < rank ? [1, ...cells] : cells, 'float32', (out) => {
    out.set(table.subarray(0, prefix * dim));
    resampleGrid(core, out.subarray(prefix * dim), table.subarray(prefix * dim), from, to, dim, method);
  });
}

/**
 * One table for each picture of a batch, cut to one length.
 * @param {Instance} core
 * @param {Operands} operands
 * @param {any} options
 * @param {{ table: Float32Array, rows: number, dim: number }} source
 * @param {number[]} from
 * @param {Method & { line: boolean }} method
 */
function resizeBatch(core, operands, options, { table, rows, dim }, from, method) {
  exclude(operands, ['to'], 'left out with sizes');
  if (method.line || rows !== from[0] * from[1]) operands.refuse('sizes', 'of a grid without prefix');
  const { sizes } = options;
  if (!Array.isArray(sizes) || sizes.length === 0) operands.refuse('sizes', 'an array of [height, width]');
  const pairs = sizes.map((size, i) =>
    new Operands(`resizeTable, sizes[${i}]`, { size }, ['size']).pair('size'),
  );
  const most = Math.max(...pairs.map(([h, w]) => h * w));
  const length = operands.integer('maxLength', { fallback: most });
  if (length < most) operands.refuse('maxLength', `at least the cells of the largest picture, ${most}`);
  const repeat = operands.choice('fill', ['first', 'zero'], 'first') === 'first';
  return operands.result([pairs.length, length, dim], 'float32', (out) => {
    pairs.forEach((to, i) => {
      const picture = out.subarray(i * length * dim, (i + 1) * length * dim);
      const end = to[0] * to[1] * dim;
      resampleGrid(core, picture.subarray(0, end), table, from, to, dim, method);
      picture.fill(0, end);
      for (let at = end; repeat && at < picture.length; at += dim) picture.copyWithin(at, 0, dim);
    });
  });
}
