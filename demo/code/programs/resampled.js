/** Programs that resample tables: of absolute positions by filters, of relative ones also on geometric progressions. */
import { indented, plus } from '../python.js';

/**
 * @typedef {import('../python.js').Program} Program
 * @typedef {import('../python.js').Lines} Lines
 * @typedef {{ mode: string, antialias?: boolean, alignCorners?: boolean, scaleOffset?: number }} Method
 */

/** How much of each old cell is in each new one: a function of Python. @param {Method} method @returns {Lines} */
export function weights({ mode, antialias = false, alignCorners = false, scaleOffset = 0 }) {
  const cubic = mode.endsWith('cubic');
  const plain = `old / ${scaleOffset ? `(new${plus(scaleOffset)})` : 'new'}`;
  const at = alignCorners
    ? 'np.arange(new) * (old - 1) / max(new - 1, 1)'
    : `(np.arange(new) + 0.5) * ${plain} - 0.5`;
  const a = antialias ? -0.5 : -0.75;
  const keys = [`    near, far = (${a + 2} * d - ${a + 3}) * d * d + 1, ${a} * (((d - 5) * d + 8) * d - 4)`];
  if (antialias)
    return [
      'def weights(old, new):  # how much of each old cell is in each new one',
      `    step = ${alignCorners ? '(old - 1) / (new - 1) if new > 1 else 0' : plain}`,
      '    at = (np.arange(new) + 0.5) * step - 0.5',
      '    d = np.abs(at[:, None] - np.arange(old)) / max(step, 1)',
      cubic
        ? [keys, '    w = np.where(d < 1, near, np.where(d < 2, far, 0))']
        : '    w = np.maximum(1 - d, 0)',
      '    return w / w.sum(axis=1, keepdims=True)',
    ];
  if (!cubic)
    return [
      'def weights(old, new):  # how much of each old cell is in each new one',
      `    at = (${at}).clip(0, old - 1)`,
      '    return np.maximum(1 - np.abs(at[:, None] - np.arange(old)), 0)',
    ];
  return [
    'def weights(old, new):  # how much of each old cell is in each new one',
    `    at = (${at})[:, None]`,
    '    cells = np.floor(at) + np.arange(-1, 3)',
    '    d = np.abs(at - cells)',
    keys,
    '    w = np.where(d < 1, near, far)',
    '    cells = cells.clip(0, old - 1)[..., None]',
    '    return (w[..., None] * (cells == np.arange(old))).sum(axis=1)',
  ];
}

/**
 * Whether PyTorch needs `weights`, too: when it antialiases, it leaves an axis of the same size as it is, whatever the scale, and
 * fills a single column with its first value (2.15).
 * @param {Method} method
 * @param {(string | number)[][]} targets [height, width]
 */
const isBeyond = ({ antialias = false, scaleOffset = 0 }, targets) =>
  antialias && (scaleOffset !== 0 || targets.some(([, width]) => width === 1));

/**
 * The lines that put `grid` [h, w, D] on another one, and the function that they need.
 * @param {number[]} from
 * @param {(string | number)[]} to numbers, or variables
 * @param {Method} method
 * @param {boolean} torch
 * @param {(string | number)[][]} [targets] all that `to` may be
 * @returns {{ helper: Lines, lines: Lines }}
 */
export function resampled2d([h, w], [toH, toW], method, torch, targets = [[toH, toW]]) {
  const { mode, antialias, alignCorners, scaleOffset = 0 } = method;
  if (!torch || isBeyond(method, targets)) {
    const shares = `weights(${h}, ${toH}), weights(${w}, ${toW})`;
    return { helper: weights(method), lines: [`grid = np.einsum('yi,xj,ijd->yxd', ${shares}, grid)`] };
  }
  const name = mode.endsWith('cubic') ? 'bicubic' : 'bilinear';
  const flags = `${antialias ? ', antialias=True' : ''}${alignCorners ? ', align_corners=True' : ''}`;
  const scales = `(${toH}${plus(scaleOffset)}) / ${h}, (${toW}${plus(scaleOffset)}) / ${w}`;
  // F.interpolate takes a size or a scale, and cuts what the scale gives to an integer.
  const isCut = scaleOffset === 0 || (scaleOffset > 0.001 && scaleOffset < 0.999);
  const target = scaleOffset ? `scale_factor=(${scales})` : `size=(${toH}, ${toW})`;
  return {
    helper: [],
    lines: [
      'grid = grid.permute(2, 0, 1)[None]',
      isCut
        ? `grid = F.interpolate(grid, ${target}, mode='${name}'${flags})`
        : `grid = torch.ops.aten.upsample_${name}2d(grid, (${toH}, ${toW}), False, ${scales})`,
      'grid = grid[0].permute(1, 2, 0)',
    ],
  };
}

/** @param {any} o @param {boolean} torch @returns {Lines} */
function resizeTable(o, torch) {
  const { from, to, sizes, maxLength, fill, prefix, mode, scaleOffset, size, shape } = o;
  const isLine = !mode.startsWith('bi');
  const old = isLine ? [from[0], 1] : from;
  const target = to && (isLine ? [to[0], 1] : to);
  const D = size.D;
  const { helper, lines } = resampled2d(old, target ?? ['h', 'w'], o, torch, sizes ?? [target]);
  const rows = shape.table.length > 2 && size.h === undefined ? 'table[0]' : 'table';
  const grid = `grid = ${rows}${prefix ? `[${prefix}:]` : ''}.reshape(${old.join(', ')}, ${D})`;
  if (sizes) {
    const rest = fill === 'first' ? 'grid[:1].repeat(rest, axis=0)' : `np.zeros((rest, ${D}))`;
    const restIn = torch && fill === 'first' ? 'grid[:1].expand(rest, -1)' : rest;
    return [
      helper,
      grid.replace('grid', 'cells'),
      'pictures = []',
      `for h, w in [${sizes.map((/** @type {number[]} */ [h, w]) => `(${h}, ${w})`).join(', ')}]:`,
      '    grid = cells',
      scaleOffset !== 0 && `    if (h, w) != (${old.join(', ')}):`,
      indented(lines, scaleOffset ? 8 : 4),
      `    grid, rest = grid.reshape(-1, ${D}), ${maxLength} - h * w`,
      `    pictures.append(np.concatenate([grid, ${restIn}]))`,
      'resized = np.stack(pictures)',
    ];
  }
  const isSame = old[0] === target[0] && old[1] === target[1];
  const lead = shape.table.length === 4 || (size.h === undefined && shape.table.length === 3) ? '1, ' : '';
  const cells = size.h === undefined ? `${prefix + target[0] * target[1]}` : target.join(', ');
  if (isSame) return [`resized = table.reshape(${lead}${cells}, ${D})  # the grid that it has`];
  const made = prefix
    ? [
        `grid = grid.reshape(-1, ${D})`,
        `resized = np.concatenate([${rows}[:${prefix}], grid])`,
        lead && `resized = resized.reshape(${lead}${cells}, ${D})`,
      ]
    : [`resized = grid.reshape(${lead}${cells}, ${D})`];
  return [helper, grid, lines, made];
}

/** The places of old offsets on a geometric progression, and the shares of old offsets in new ones. @returns {Lines} */
const GEOMETRIC = [
  'def shares(old, new):  # of old offsets in new ones',
  '    if old == 1:',
  '        return np.ones((2 * new - 1, 1))',
  '    low, high = 1.01, 1.5',
  '    while high - low > 1e-6:  # the ratio with which the ends meet',
  '        ratio = (low + high) / 2',
  '        ends = (ratio ** np.arange(old - 1)).sum()',
  '        low, high = (low, ratio) if ends > new - 1 else (ratio, high)',
  '    right = (ratio ** np.arange(old - 1)).cumsum(axis=0)',
  '    places = np.concatenate([-np.flip(right, (0,)), np.zeros(1), right])',
  '    at = np.arange(1 - new, new) * 1.0',
  '    i = np.searchsorted(places, at).clip(1, 2 * old - 2)',
  '    share = ((at - places[i - 1]) / (places[i] - places[i - 1])).clip(0, 1)[:, None]',
  '    eye = np.eye(2 * old - 1)',
  '    return (1 - share) * eye[i - 1] + share * eye[i]',
];

/**
 * The lines that make `resized` of `table`, a table of relative positions.
 * @param {{ from: number[], to: number[], extra: number, mode: string, antialias?: boolean }} o
 * @param {number} heads
 * @param {boolean} torch
 * @returns {Lines}
 */
export function resizedBias({ from, to, extra, mode, antialias }, heads, torch) {
  const [old, next] = [from, to].map((sizes) => sizes.map((n) => 2 * n - 1));
  const cells = old[0] * old[1];
  const geometric = mode === 'geometric';
  const isSame = from[0] === to[0] && from[1] === to[1];
  if (isSame) return ['resized = table  # the window that it has'];
  const { helper, lines } = resampled2d(old, next, { mode, antialias }, torch);
  const [sharesY, sharesX] = from.map((n, axis) => `shares(${n}, ${to[axis]})`);
  const tail = extra ? `, table[${cells}:]` : '';
  return [
    geometric ? GEOMETRIC : helper,
    `grid = table[:${cells}].reshape(${old.join(', ')}, ${heads})`,
    geometric ? `grid = np.einsum('yi,xj,ijd->yxd', ${sharesY}, ${sharesX}, grid)` : lines,
    `resized = ${tail ? `np.concatenate([grid.reshape(-1, ${heads})${tail}])` : `grid.reshape(-1, ${heads})`}`,
  ];
}

/** @type {Record<string, Program>} */
export const resampled = {
  resizeTable: { numpy: (o) => resizeTable(o, false), torch: (o) => resizeTable(o, true) },
  resizeBias: {
    double: ({ mode }) => mode === 'geometric',
    numpy: (o) => resizedBias(o, o.size.H, false),
    torch: (o) => resizedBias(o, o.size.H, true),
  },
};

/**
 * A line of vectors at another length: half-pixel, linear.
 * @param {string} name
 * @param {number} old
 * @param {number} next
 * @param {boolean} torch
 * @returns {Lines}
 */
export const stretched = (name, old, next, torch) =>
  torch
    ? [`${name} = F.interpolate(${name}.T[None], size=${next}, mode='linear')[0].T`]
    : [
        `at = (np.arange(${next}) + 0.5) * ${old} / ${next} - 0.5`,
        `${name} = np.stack([np.interp(at, np.arange(${old}), line) for line in ${name}.T], axis=1)`,
      ];
