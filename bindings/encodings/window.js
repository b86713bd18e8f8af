/**
 * Positions inside an attention window: Swin's index, bias and shifted-window mask, those of BEiT with a class token in front,
 * and SwinV2's bias, a small network over log-spaced offsets. Not here: tables for other windows (resample.js).
 */

import { allocate } from '../arrays.js';
import { floats, number } from '../options/table.js';
import { made } from './call.js';
import { choose, encoding, float32, grid, int32, NONE, off, size } from './encoding.js';
import { WINDOW } from './enums.js';
import { resizeBiasTable } from './resample.js';

/** @import { Instance } from '../core/instance.js' */

const OF_WINDOW = grid('height and width h, w of the window', { letters: 'h w' });
const SIGN = choose(
  ['query-key', 'key-query'],
  "which offset is counted: 'query-key' (Swin, timm, BEiT) or 'key-query' (TensorFlow's MaxViT)",
);
const SIGNS = { 'query-key': 0, 'key-query': WINDOW.KEY_MINUS_QUERY };

// biome-ignore format: a table, a line an entry
const LOGARITHMIC = {
  window: OF_WINDOW,
  trainedWindow: grid('the window that the network was trained with, which then is the scale; 0: the window itself',
    { min: 0, default: 0, must: [['of two sizes, or 0 for none', ([h, w]) => h > 0 === w > 0]] }),
  mode: choose(['swin', 'cr']),
  oneToken: choose(['zero', 'divide', 'transformers'], "an axis of one token has s - 1 = 0: 'zero' makes its offset 0; 'divide' " +
    "gives NaN, as timm and torchvision; 'transformers' leaves both axes undivided if the window's height is 1, and divides otherwise"),
};

// biome-ignore format: tables, a line an entry
export const windows = {
  windowIndex: encoding({
    summary: 'The row of the relative position table for each pair of positions in a window: what Swin stores as ' +
      '`relative_position_index`.',
    formula: '`index[i, j] = (yi - yj + h - 1)(2w - 1) + (xi - xj + w - 1)`, positions row by row.',
    models: 'Swin, Video Swin (2D part), MaxViT, CoAtNet.',
    source: 'Liu et al. 2021 (arXiv 2103.14030); timm `gen_relative_position_index`.',
    options: { window: OF_WINDOW, sign: SIGN },
    result: int32('[h w, h w]'),
    fill: (core, out, { sign }, { h, w }) => core.invoke('wf_window_index', [{ out }, h, w, SIGNS[sign]]),
    example: 'pe.windowIndex({ window: [1, 2] }).tolist(); // [[1, 0], [2, 1]]',
  }),
  windowBias: encoding({
    summary: "The relative position bias of a window: the table's entry for each pair of positions, one plane a head.",
    more: 'It is added to the scores: `softmax(q k^T / sqrt(d) + bias) v`.',
    formula: '`bias[h, i, j] = table[index[i, j], h]` with `windowIndex`.',
    models: "Swin, MaxViT, CoAtNet, timm's relative position ViTs.",
    source: 'Liu et al. 2021 (arXiv 2103.14030); transformers `SwinRelativePositionBias`.',
    options: {
      window: OF_WINDOW,
      table: floats('[(2h-1)(2w-1), H]', 'with a class token 3 more rows; heads first [H, (2h-1)(2w-1)] or [H, 2h-1, 2w-1]',
        { shapeOf: biasTableShape }),
      classToken: off("a class token in front, as BEiT's"),
      tableLayout: choose(['rows-first', 'heads-first'], "'heads-first' is that of TensorFlow's MaxViT"),
      sign: { ...SIGN, about: 'as in `windowIndex`' },
    },
    result: float32('[H, N, N]', 'N = h w, with a class token 1 + h w', ({ classToken }, { h, w, H }) => {
      const tokens = h * w + (classToken ? 1 : 0);
      return [H, tokens, tokens];
    }),
    fill(core, out, { table, classToken, tableLayout, sign }, { h, w, H }) {
      const order = tableLayout === 'heads-first' ? WINDOW.HEADS_FIRST : 0;
      const options = SIGNS[sign] + order + (classToken ? WINDOW.CLASS_TOKEN : 0);
      core.invoke('wf_window_bias', [{ out }, table, h, w, H, options]);
    },
    example: 'pe.windowBias({ window: 7, table: random(169, 3) }).shape; // [3, 49, 49]',
  }),
  shiftedWindowMask: encoding({
    summary: 'The mask of shifted-window attention: a window that the roll has put together from distant parts of the picture ' +
      'attends only within each part.',
    formula: '`mask[n, i, j] = 0` if positions i and j of window n lie in the same region of the rolled map, else `fill`; ' +
      'regions are cut at `size - window` and `size - shift` of each axis.',
    models: "Swin, SwinV2 (transformers adds SwinV2's mask twice: `fill: -200` gives its outputs).",
    source: 'Liu et al. 2021 (arXiv 2103.14030), section 3.2; timm `SwinTransformerBlock.get_attn_mask`.',
    options: {
      height: size('rows of the map; padded up to a multiple of the window'),
      width: size('columns of the map, likewise'),
      window: grid('height and width of the window', {
        letters: 'h w', must: [["square with clamp: 'shared'", ([h, w], { clamp }) => clamp !== 'shared' || h === w]],
      }),
      shift: grid('', {
        min: 0, default: ({ window: [h, w] }) => [h >> 1, w >> 1], optional: 'half of the window, rounded down',
        must: [['below the window, [{h}, {w}]', ([y, x], { window: [h, w] }) => y < h && x < w]],
      }),
      fill: number('added to the scores of other regions; -Infinity is possible', { default: -100, infinite: true }),
      clamp: choose(['axis', 'shared', 'none'], "what happens to an axis that one window covers: 'axis' (timm and torchvision) " +
        "shifts the other axis alone; 'shared' (transformers; square windows) shifts none and makes the window as small as the " +
        "shorter axis; 'none' takes the options as they are"),
    },
    result: float32('[windows, N, N]', 'windows row by row, N = window height times width', (options) => {
      const { padded: [height, width], window: [h, w] } = clamped(options);
      return [(height * width) / (h * w), h * w, h * w];
    }),
    fill(core, out, options) {
      const { padded, window, shift } = clamped(options);
      core.invoke('wf_shifted_window_mask', [{ out }, ...padded, ...window, ...shift, options.fill]);
    },
    example: 'pe.shiftedWindowMask({ height: 8, width: 8, window: 4, shift: 2 }).shape; // [4, 16, 16]',
  }),
  beitIndex: encoding({
    summary: "The index of BEiT: the window's index with a class token in front, whose three rows lie behind those of the window: " +
      'r = (2h-1)(2w-1) from the class token to a position, r + 1 from a position to it, r + 2 from it to itself.',
    formula: 'as `windowIndex` for i, j >= 1; `index[0, j] = r`, `index[i, 0] = r + 1`, `index[0, 0] = r + 2`.',
    models: 'BEiT, BEiT v2, data2vec-vision.',
    source: 'Bao et al. 2022 (arXiv 2106.08254); timm `gen_relative_position_index(class_token=True)`.',
    options: { window: grid('height and width h, w of the grid', { letters: 'h w' }) },
    result: int32('[1 + h w, 1 + h w]'),
    fill: (core, out, _, { h, w }) => core.invoke('wf_window_index', [{ out }, h, w, WINDOW.CLASS_TOKEN]),
    example: 'pe.beitIndex({ window: 1 }).tolist(); // [[3, 1], [2, 0]]',
  }),
  beitBias: encoding({
    summary: 'The bias of BEiT: the table, resized to the grid if it was trained on another, gathered with a class token in front.',
    formula: "`bias[h, i, j] = resized[beitIndex[i, j], h]`; the window's part of the table is resized bilinearly (MiDaS), its " +
      'last three rows are kept.',
    models: 'BEiT, BEiT v2, data2vec-vision, MiDaS 3.1.',
    source: 'Bao et al. 2022 (arXiv 2106.08254); transformers `BeitRelativePositionBias`.',
    options: {
      table: floats('[(2h0-1)(2w0-1) + 3, H]', 'of the grid h0, w0 that it was trained on'),
      window: grid('the grid h, w that the bias is for', { max: 4096, letters: 'h w' }),
      trainedWindow: grid('the grid h0, w0 of the table',
        { max: 4096, letters: 'h0 w0', default: ({ window }) => window, optional: 'the same' }),
      mode: choose(['bilinear', 'geometric', 'bicubic'], 'of resizing, as in `resizeBias`'),
      tableOrder: choose(['height-width', 'width-height'], "the order of the table's axes: 'width-height' is how transformers " +
        'reads it when it resizes, which differs only for a trained grid that is not square'),
    },
    result: float32('[H, 1 + h w, 1 + h w]'),
    fill(core, out, { table, window: to, trainedWindow, mode, tableOrder }, { h, w, H }) {
      const from = tableOrder === 'height-width' ? trainedWindow : [...trainedWindow].reverse();
      const resized = allocate(Float32Array, ((2 * h - 1) * (2 * w - 1) + 3) * H);
      resizeBiasTable(core, resized, table, { from, to, extra: 3, mode }, H);
      core.invoke('wf_window_bias', [{ out }, resized, h, w, H, WINDOW.CLASS_TOKEN]);
    },
    example: 'pe.beitBias({ table: random(28, 12), trainedWindow: 3, window: [4, 5] }).shape; // [12, 21, 21]',
  }),
  logCoordinates: encoding({
    summary: 'The offsets of a window on a logarithmic scale, which SwinV2 feeds to its network.',
    formula: "'swin': `c = 8 d / (s - 1)`, `sign(c) log2(1 + |c|) / 3`; 'cr': `sign(d) ln(1 + |d|)`; for the offset d = dy and dx, " +
      "from -(h-1) to h-1 and from -(w-1) to w-1, and the size s of the (trained) window's axis.",
    models: "SwinV2 ('swin'), timm's swin_v2_cr and relative position ViTs ('cr').",
    source: 'Liu et al. 2022 (arXiv 2111.09883); timm `gen_relative_log_coords`.',
    options: LOGARITHMIC,
    result: float32('[2h-1, 2w-1, 2]', '(dy, dx)'),
    fill: fillCoordinates,
    example: 'pe.logCoordinates({ window: [1, 2] }).tolist(); // [[[0, -1.0566…], [0, 0], [0, 1.0566…]]]',
  }),
  continuousBias: encoding({
    summary: 'The bias that SwinV2 computes instead of looking it up: a network of two layers over `logCoordinates`, gathered for ' +
      'each pair of positions.',
    formula: "`table = W2 relu(W1 c + b1) + b2`; `bias[h, i, j] = gain sigmoid(table[index[i, j], h])`, or the table's entry itself " +
      'with gain 0; index as in `windowIndex`.',
    models: "SwinV2 (gain 16, no b2), timm's swin_v2_cr and relative position ViTs (mode 'cr', gain 0).",
    source: 'Liu et al. 2022 (arXiv 2111.09883); timm `RelPosMlp`.',
    options: {
      window: LOGARITHMIC.window,
      hiddenWeight: floats('[F, 2]', 'W1, columns for dy and dx'),
      hiddenBias: floats('[F]', 'b1', NONE),
      outputWeight: floats('[H, F]', 'W2'),
      outputBias: floats('[H]', 'b2', NONE),
      mode: { ...LOGARITHMIC.mode, about: 'of the coordinates' },
      gain: number('0 for no sigmoid', { default: ({ mode }) => (mode === 'cr' ? 0 : 16), optional: "16 in mode 'swin', 0 in mode 'cr'" }),
      trainedWindow: { ...LOGARITHMIC.trainedWindow, about: 'as in `logCoordinates`' },
      oneToken: { ...LOGARITHMIC.oneToken, about: 'as in `logCoordinates`' },
    },
    result: float32('[H, h w, h w]'),
    fill(core, out, o, { h, w, F, H }) {
      const points = (2 * h - 1) * (2 * w - 1);
      const coordinates = fillCoordinates(core, allocate(Float32Array, points * 2), o);
      const weights = [o.hiddenWeight, o.hiddenBias, o.outputWeight, o.outputBias];
      const room = allocate(Float32Array, points * H);
      const table = made(core, 'wf_position_mlp', room, coordinates, ...weights, points, 2, F, H, o.gain);
      core.invoke('wf_window_bias', [{ out }, table, h, w, H, WINDOW.HEADS_FIRST]);
    },
    example: 'const weights = { hiddenWeight: random(512, 2), hiddenBias: random(512), outputWeight: random(3, 512) };\n' +
      'pe.continuousBias({ window: 8, ...weights }).shape; // [3, 64, 64]',
  }),
};

/** @param {{ classToken: boolean, tableLayout: string }} options */
function biasTableShape({ classToken, tableLayout }) {
  const rows = `(2h-1)(2w-1) + ${classToken ? 3 : 0}`;
  if (tableLayout === 'rows-first') return `[${rows}, H]`;
  return `[H, ${rows}]${classToken ? '' : ' or [H, 2h-1, 2w-1]'}`;
}

/**
 * The window and the shift that the option `clamp` makes of those given, and the map padded to windows.
 * @param {{ height: number, width: number, window: number[], shift: number[], clamp: string }} options
 */
export function clamped({ height, width, window, shift, clamp }) {
  const map = [height, width];
  const shorter = Math.min(...map);
  const isCovered = clamp === 'shared' && shorter <= window[0];
  const sides = isCovered ? [shorter, shorter] : window;
  const isStill = (/** @type {number} */ axis) =>
    isCovered || (clamp === 'axis' && map[axis] <= window[axis]);
  return {
    padded: map.map((side, axis) => Math.ceil(side / sides[axis]) * sides[axis]),
    window: sides,
    shift: shift.map((by, axis) => (isStill(axis) ? 0 : by)),
  };
}

/**
 * @param {Instance} core
 * @param {Float32Array} out [2h-1, 2w-1, 2]
 * @param {{ window: number[], trainedWindow: number[], mode: string, oneToken: string }} options
 */
function fillCoordinates(core, out, { window, trainedWindow, mode, oneToken }) {
  const isTrained = trainedWindow[0] > 0;
  let divisors = (isTrained ? trainedWindow : window).map((side) => side - 1);
  if (oneToken === 'zero') divisors = divisors.map((divisor) => Math.max(divisor, 1));
  if (oneToken === 'transformers' && !isTrained && window[0] === 1) divisors = [1, 1];
  return made(core, 'wf_log_coordinates', out, ...window, ...divisors, Number(mode === 'cr'));
}
