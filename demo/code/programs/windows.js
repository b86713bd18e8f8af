/** Programs of positions in a window: Swin's index, bias and mask, BEiT's class token, SwinV2's network. */
import { number, plus } from '../python.js';
import { resizedBias } from './resampled.js';

/**
 * @typedef {import('../python.js').Program} Program
 * @typedef {import('../python.js').Lines} Lines
 */

/** The row of the table for each pair. @param {number[]} window @param {string} [sign] @returns {Lines} */
const index = ([h, w], sign = 'query-key') => {
  const offset = (/** @type {string} */ a) =>
    sign === 'query-key' ? `${a}[:, None] - ${a}` : `${a} - ${a}[:, None]`;
  return [
    `y, x = np.arange(${h * w}) // ${w}, np.arange(${h * w}) % ${w}`,
    `dy, dx = ${offset('y')}, ${offset('x')}`,
    `index = (dy${plus(h - 1)}) * ${2 * w - 1} + dx${plus(w - 1)}`,
  ];
};

/** A class token around `index`. @param {number[]} window @returns {Lines} */
function framed([h, w]) {
  const rows = (2 * h - 1) * (2 * w - 1);
  const N = h * w + 1;
  return [
    `framed = np.full((${N}, ${N}), ${rows})  # the class token asks`,
    `framed[:, 0] = ${rows + 1}  # the class token is asked`,
    `framed[0, 0] = ${rows + 2}`,
    'framed[1:, 1:] = index',
    'index = framed',
  ];
}

const GATHERED = 'bias = np.moveaxis(table[index], -1, 0)';

/** The window and the shift that `clamp` makes, and the padded map. @param {any} o */
function clamped({ height, width, window, shift, clamp }) {
  const map = [height, width];
  const shorter = Math.min(...map);
  const isCovered = clamp === 'shared' && shorter <= window[0];
  const sides = isCovered ? [shorter, shorter] : window;
  return {
    sides,
    padded: map.map((side, axis) => Math.ceil(side / sides[axis]) * sides[axis]),
    moved: shift.map((/** @type {number} */ by, /** @type {number} */ axis) =>
      isCovered || (clamp === 'axis' && map[axis] <= window[axis]) ? 0 : by,
    ),
  };
}

/** @param {any} o @returns {Lines} */
function coordinates({ window, trainedWindow, mode, oneToken }) {
  const isTrained = trainedWindow[0] > 0;
  let divisors = (isTrained ? trainedWindow : window).map((/** @type {number} */ side) => side - 1);
  if (oneToken === 'zero') divisors = divisors.map((/** @type {number} */ n) => Math.max(n, 1));
  if (oneToken === 'transformers' && !isTrained && window[0] === 1) divisors = [1, 1];
  const [y, x] = window.map((/** @type {number} */ n) => `np.arange(${1 - n}, ${n})`);
  return [
    `dy, dx = np.meshgrid(${y}, ${x}, indexing='ij')`,
    mode === 'swin'
      ? [
          `c = 8 * np.stack([dy / ${divisors[0]}, dx / ${divisors[1]}], axis=-1)`,
          'coordinates = np.sign(c) * np.log2(1 + np.abs(c)) / 3',
        ]
      : ['d = np.stack([dy, dx], axis=-1)', 'coordinates = np.sign(d) * np.log(1 + np.abs(d))'],
  ];
}

/** @param {any} o @param {boolean} torch @returns {Lines} */
function beitBias({ window, trainedWindow, mode, tableOrder, size }, torch) {
  const from = tableOrder === 'height-width' ? trainedWindow : [...trainedWindow].reverse();
  const isSame = from[0] === window[0] && from[1] === window[1];
  return [
    !isSame && resizedBias({ from, to: window, extra: 3, mode }, size.H, torch),
    index(window),
    framed(window),
    isSame ? GATHERED : GATHERED.replace('table', 'resized'),
  ];
}

/** @type {Record<string, Program>} */
export const windows = {
  windowIndex: { numpy: ({ window, sign }) => [index(window, sign)] },
  windowBias: {
    numpy: ({ window, classToken, tableLayout, sign, size }) => [
      index(window, sign),
      classToken && framed(window),
      tableLayout === 'rows-first' ? GATHERED : `bias = table.reshape(${size.H}, -1)[:, index]`,
    ],
  },
  shiftedWindowMask: {
    numpy(o) {
      const { padded, sides, moved } = clamped(o);
      const [H, W] = padded;
      const [h, w] = sides;
      const cuts = (/** @type {string} */ a, /** @type {number} */ axis) =>
        `(${a} >= ${padded[axis] - sides[axis]}) * 1 + (${a} >= ${padded[axis] - moved[axis]}) * 1`;
      return [
        `y, x = np.arange(${H}), np.arange(${W})`,
        `y, x = ${cuts('y', 0)}, ${cuts('x', 1)}`,
        'region = 3 * y[:, None] + x',
        `region = region.reshape(${H / h}, ${h}, ${W / w}, ${w}).swapaxes(1, 2).reshape(-1, ${h * w})`,
        `mask = np.where(region[:, :, None] == region[:, None], 0.0, ${number(o.fill)})`,
      ];
    },
  },
  beitIndex: { numpy: ({ window }) => [index(window), framed(window)] },
  beitBias: {
    double: ({ mode }) => mode === 'geometric',
    numpy: (o) => beitBias(o, false),
    torch: (o) => beitBias(o, true),
  },
  logCoordinates: { numpy: coordinates },
  continuousBias: {
    numpy: (o) => [
      coordinates(o),
      `hidden = coordinates.reshape(-1, 2) @ hidden_weight.T${o.hiddenBias ? ' + hidden_bias' : ''}`,
      'hidden = np.maximum(hidden, 0)',
      `table = hidden @ output_weight.T${o.outputBias ? ' + output_bias' : ''}`,
      index(o.window),
      GATHERED,
      o.gain !== 0 && `bias = ${number(o.gain)} / (1 + np.exp(-bias))`,
    ],
  },
};
