/**
 * Learned tables at another size than the trained one: of absolute positions, in the four ways that libraries resample them,
 * and of relative positions. Not here: resampling itself (core/resample.js), what reads them (learned.js, window.js).
 */
import { resampleGrid } from '../core/resample.js';
import { choice, floats, number, pairs } from '../options/table.js';
import { choose, count, encoding, float32, grid, off, preset, size } from './encoding.js';

/** @import { Instance } from '../core/instance.js' */

/** The options that say how to resample, beside the mode. */
// biome-ignore format: a table, a line an entry
export const METHOD = {
  antialias: off(),
  alignCorners: off(),
  scaleOffset: number('added to the new size where samples are placed (`interpolate_offset`)', {
    above: -1, default: 0, must: [['0 with alignCorners', (offset, { alignCorners }) => !alignCorners || offset === 0]],
  }),
};

/** Modes of one axis instead of two. @param {string} mode */
const isLine = (mode) => !mode.startsWith('bi');

/** @param {number[]} grid @param {string} mode @returns {number[]} */
const gridOf = (grid, mode) => (isLine(mode) ? [grid[0], 1] : grid);

/** The cells of the table, without its prefix. @param {{ prefix: number }} options @param {(letter: string) => number} sizeOf */
const cellsOf = ({ prefix }, sizeOf) => (sizeOf('rows') ?? sizeOf('h') * sizeOf('w')) - prefix;

/** @param {{ prefix: number, mode: string }} options @param {(letter: string) => number} sizeOf */
function trainedGrid(options, sizeOf) {
  const cells = Math.max(cellsOf(options, sizeOf), 1);
  const side = isLine(options.mode) ? cells : Math.round(Math.sqrt(cells));
  return sizeOf('h') === undefined ? [side, side] : [sizeOf('h'), sizeOf('w')];
}

/** @param {{ sizes: number[][] }} options */
const mostCells = ({ sizes }) => Math.max(...sizes.map(([h, w]) => h * w));

/** @type {import('./encoding.js').ShapeOf} */
function resizedShape({ to, sizes, maxLength, mode }, { prefix, h, D }, { table }) {
  if (sizes) return [sizes.length, maxLength, D];
  const [rows, columns] = gridOf(to, mode);
  const shape = h === undefined ? [prefix + rows * columns, D] : [rows, columns, D];
  return shape.length < table.length ? [1, ...shape] : shape;
}

// biome-ignore format: tables, a line an entry
export const resampled = {
  resizeTable: encoding({
    summary: 'A learned table of positions for another grid, its prefix rows kept.',
    more: 'Equal sizes give the table itself.',
    formula: 'separable interpolation, cell i of the new axis at `(i + 1/2) from/to - 1/2` of the old (with `scaleOffset` o at ' +
      "`(i + 1/2) from/(to + o) - 1/2`, with `alignCorners` at `i (from - 1)/(to - 1)`). Cubic: Keys' with a = -0.75, with " +
      '`antialias` -0.5 and the filter widened by from/to when shrinking.',
    models: "every timm ViT ('timm'), ViT, DeiT, BEiT, DINOv2, CLIP, SigLIP of transformers ('hf'), the original DINO and DINOv2 " +
      "('dinov2'; with registers scaleOffset 0), torchvision's ViT ('torchvision'), SigLIP 2 ('siglip2'), timm's NaFlex ('naflex').",
    source: 'timm `resample_abs_pos_embed`; transformers `interpolate_pos_encoding`; torchvision `interpolate_embeddings`; ' +
      'transformers `Siglip2VisionEmbeddings.resize_positional_embeddings`.',
    options: {
      table: floats('[prefix + h w, D] or [1, prefix + h w, D]',
        "or without prefix [h, w, D], [1, h, w, D]; a line (modes 'linear' and 'cubic') [prefix + n, D]",
        { shapeOf: ({ prefix, mode }) =>
          `[rows, D] or [1, rows, D]${prefix > 0 || isLine(mode) ? '' : ' or [1, h, w, D] or [h, w, D]'}` }),
      from: grid('the trained height and width', {
        default: trainedGrid, optional: "a square, or the table's own axes",
        must: [["two sizes whose product is the table's cells",
          ([h, w], options, sizeOf) => (isLine(options.mode) ? h : h * w) === Math.max(cellsOf(options, sizeOf), 1)]],
      }),
      to: grid('the new height and width, of a line its new length', {
        only: { sizes: false }, must: [['one length for a line', ([h, w], { mode }) => !isLine(mode) || h === w]],
      }),
      sizes: pairs('instead of `to`: a grid for each picture of a batch', {
        min: 1, max: 32768, optional: 'none',
        must: [['of a grid without prefix', (_, { prefix, mode }) => prefix === 0 && !isLine(mode)]],
      }),
      maxLength: size('with `sizes`: rows of each picture', {
        only: { sizes: true }, default: mostCells, optional: 'the most cells',
        must: [['at least the cells of the largest picture', (length, options) => length >= mostCells(options)]],
      }),
      fill: choice(['first', 'zero'], "with `sizes`: rows beyond a picture's cells repeat its first one, or are 0",
        { only: { sizes: true }, default: 'first' }),
      prefix: count('rows in front that are kept',
        { must: [["less than the table's rows, {rows}", (prefix, _, sizeOf) => !(prefix >= sizeOf('rows'))]] }),
      mode: choose(['bicubic', 'bilinear', 'cubic', 'linear'], "'cubic' and 'linear' are of lines"),
      ...METHOD,
      preset: preset({
        timm: { mode: 'bicubic', antialias: true },
        hf: { mode: 'bicubic' },
        dinov2: { mode: 'bicubic', scaleOffset: 0.1 },
        torchvision: { mode: 'bicubic', alignCorners: true },
        siglip2: { mode: 'bilinear', antialias: true },
        naflex: { mode: 'bicubic', antialias: true },
      }, 'sets mode, antialias, alignCorners and scaleOffset'),
    },
    result: float32("[prefix + h' w', D]", "of as many axes as the table: [1, prefix + h' w', D], [h', w', D], [1, h', w', D]; " +
      'with `sizes` [B, maxLength, D]', resizedShape),
    fill(core, out, { table, from, to, sizes, maxLength, fill, prefix, ...method }, { D }) {
      const [old, cells] = [gridOf(from, method.mode), table.subarray(prefix * D)];
      const resize = (/** @type {Float32Array} */ room, /** @type {number[]} */ grid) =>
        resampleGrid(core, room, cells, old, gridOf(grid, method.mode), D, method);
      if (!sizes) {
        out.set(table.subarray(0, prefix * D));
        return resize(out.subarray(prefix * D), to);
      }
      for (const [i, grid] of sizes.entries()) {
        const picture = out.subarray(i * maxLength * D, (i + 1) * maxLength * D);
        const end = grid[0] * grid[1] * D;
        resize(picture.subarray(0, end), grid);
        picture.fill(0, end);
        for (let at = end; fill === 'first' && at < picture.length; at += D) picture.copyWithin(at, 0, D);
      }
    },
    example: 'const table = random(197, 768); // a class token and 14 x 14 cells\n' +
      "pe.resizeTable({ table, to: [16, 24], prefix: 1, preset: 'hf' }).shape; // [385, 768]",
  }),
  resizeBias: encoding({
    summary: 'A table of relative positions for another window.',
    more: 'Offsets of the old window are either placed on a geometric progression, so that near offsets keep their values, or ' +
      'resampled evenly as a picture.',
    formula: "'geometric': old offsets lie at 0, ±1, ±(1 + q), ±(1 + q + q²) …, q in [1.01, 1.5] such that the last meets the " +
      "last new offset; linear between them, constant beyond. 'bicubic' and 'bilinear': `F.interpolate` of the (2h-1) x (2w-1) " +
      'picture (cubic a = -0.75, with `antialias` -0.5).',
    models: 'any Swin, BEiT or MaxViT checkpoint at another window.',
    source: "Bao et al. 2022 (arXiv 2106.08254) and timm `resize_rel_pos_bias_table` ('timm'), `_simple` ('swin', Swin's own), " +
      "`_levit` ('tinyvit'); transformers `BeitRelativePositionBias` ('midas').",
    options: {
      table: floats('[(2h-1)(2w-1) + extra, H]', 'of the window `from`'),
      from: grid('its height and width', { max: 4096, letters: 'h w' }),
      to: grid('those of the new window', { max: 4096, letters: "h' w'" }),
      extra: count('rows at the end that are copied (BEiT: 3)'),
      mode: choose(['geometric', 'bicubic', 'bilinear']),
      antialias: off("widen the filter when shrinking, for 'bicubic' and 'bilinear'", {
        must: [["false with mode 'geometric'", (antialias, { mode }) => !antialias || mode !== 'geometric']],
      }),
      preset: preset({
        timm: { mode: 'geometric' },
        swin: { mode: 'bicubic' },
        tinyvit: { mode: 'bicubic', antialias: true },
        midas: { mode: 'bilinear' },
      }, 'sets `mode` and `antialias`: geometric; bicubic; bicubic with antialias; bilinear'),
    },
    result: float32("[(2h'-1)(2w'-1) + extra, H]"),
    fill: (core, out, { table, ...how }, { H }) => resizeBiasTable(core, out, table, how, H),
    example: 'pe.resizeBias({ table: random(169, 3), from: 7, to: 12 }).shape; // [529, 3]',
  }),
};

/**
 * @param {Instance} core
 * @param {Float32Array} out [(2h'-1)(2w'-1) + extra, heads]
 * @param {Float32Array} table [(2h-1)(2w-1) + extra, heads]
 * @param {{ from: number[], to: number[], extra: number, mode: string, antialias?: boolean }} how
 * @param {number} heads
 */
export function resizeBiasTable(core, out, table, { from, to, extra, ...method }, heads) {
  if (method.mode === 'geometric')
    return core.invoke('wf_resize_bias_geometric', [{ out }, table, ...from, ...to, heads, extra]);
  const [old, grid] = [from, to].map((sizes) => sizes.map((size) => 2 * size - 1));
  const [before, after] = [old, grid].map(([h, w]) => h * w * heads);
  resampleGrid(core, out.subarray(0, after), table.subarray(0, before), old, grid, heads, method);
  out.set(table.subarray(before), after);
}
