/** Programs of the sinusoids of positions, time steps, distances and grids. */
import { declare, number, over, plus, powers, times } from '../python.js';

/** @typedef {import('../python.js').Program} Program */

/** Columns of angles: side by side, or alternating. @param {any} o @param {number} width @param {string} lead of the shape */
function columns({ layout = 'halves', order = 'sin-cos' }, width, lead) {
  const parts = order === 'sin-cos' ? 'np.sin(angles), np.cos(angles)' : 'np.cos(angles), np.sin(angles)';
  return layout === 'halves'
    ? `table = np.concatenate([${parts}], axis=-1)`
    : `table = np.stack([${parts}], axis=-1).reshape(${lead}${width})`;
}

const ZERO_COLUMN = 'table = np.concatenate([table, np.zeros_like(table[..., :1])], axis=-1)';

/** @param {number} prefix @param {number} dim */
const zeroRows = (prefix, dim) =>
  prefix > 0 && `table = np.concatenate([np.zeros((${prefix}, ${dim})), table])`;

/** How many columns time, and each axis of space, have. @type {Record<string, (dim: number) => [number, number]>} */
const SPLITS = {
  half: (dim) => [dim / 2, dim / 4],
  equal: (dim) => [2 * Math.ceil(dim / 6), 2 * Math.ceil(dim / 6)],
  quarter: (dim) => [dim / 4, (3 * dim) / 8],
};

/** The columns of an axis of a grid. */
const WAVES = [
  'def waves(at, columns):',
  '    w = base ** (-np.arange(columns // 2) / (columns // 2))',
  '    angles = at.reshape(-1, 1) * w',
  '    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)',
];

/** @type {Record<string, Program>} */
export const waves = {
  sincos1d: {
    double: true,
    numpy(o) {
      const { dim, odd, divisor, length, offset, scale, padding } = o;
      const pairs = odd === 'zero' ? Math.floor(dim / 2) : Math.ceil(dim / 2);
      const last = o.guard ? Math.max(pairs - 1, 1) : pairs - 1;
      const exponents = divisor === 'n-1' ? last : odd === 'zero' ? pairs : dim / 2;
      const moved = offset === 0 ? 'positions' : `(positions${plus(offset)})`;
      const isLine = !o.positions || o.shape.positions.length === 1;
      return [
        !o.positions && `positions = np.arange(${length})`,
        `w = ${powers(o.base, pairs, exponents)}`,
        isLine
          ? `angles = np.outer(positions${plus(offset)}, w)${times(scale)}`
          : `angles = ${moved}[..., None] * w${times(scale)}`,
        columns(o, 2 * pairs, isLine ? '-1, ' : '*positions.shape, '),
        2 * pairs > dim && `table = table[..., :${dim}]`,
        2 * pairs < dim && ZERO_COLUMN,
        padding !== undefined && `table[positions == ${number(padding)}] = 0`,
      ];
    },
  },
  timestep: {
    double: true,
    numpy(o) {
      const pairs = Math.floor(o.dim / 2);
      return [
        `w = ${powers(o.base, pairs, pairs - o.shift)}`,
        `angles = ${o.scale === 1 ? '' : `${number(o.scale)} * `}timesteps[..., None] * w`,
        columns(o, o.dim, ''),
        o.dim % 2 === 1 && ZERO_COLUMN,
      ];
    },
  },
  relativeSincos: {
    double: true,
    numpy(o) {
      const ends = {
        conformer: [o.length - 1, 1 - o.length],
        xlnet: [o.keys, o.causal ? 0 : 1 - o.queries],
      };
      const [from, to] = ends[/** @type {'xlnet'} */ (o.preset)] ?? [o.from, o.to];
      const clamp = Number.isFinite(o.clamp) ? `.clip(-${number(o.clamp)}, ${number(o.clamp)})` : '';
      return [
        `distances = np.arange(${from}, ${to - 1}, -1)${clamp}`,
        `w = ${powers(o.base, o.dim / 2)}`,
        'angles = np.outer(distances, w)',
        columns(o, o.dim, '-1, '),
      ];
    },
  },
  sincos2d: {
    double: true,
    numpy({ height, width, dim, base, axes, layout, divisor, guard, tokens, prefix }) {
      const q = dim / 4;
      const last = guard ? Math.max(q - 1, 1) : q - 1;
      const [a, b] = axes;
      const parts = {
        'per-axis': `np.sin(${a}), np.cos(${a}), np.sin(${b}), np.cos(${b})`,
        halves: `np.sin(${a}), np.sin(${b}), np.cos(${a}), np.cos(${b})`,
      }[/** @type {'halves'} */ (layout)];
      const order = tokens === 'row-major' ? 'ij' : 'xy';
      return [
        `w = ${powers(base, q, divisor === 'n' ? q : last)}`,
        `y, x = np.meshgrid(np.arange(${height}), np.arange(${width}), indexing='${order}')`,
        'y, x = y.reshape(-1, 1) * w, x.reshape(-1, 1) * w',
        parts
          ? `table = np.concatenate([${parts}], axis=1)`
          : [
              'def waves(angles):',
              `    return np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(-1, ${2 * q})`,
              `table = np.concatenate([waves(${a}), waves(${b})], axis=1)`,
            ],
        zeroRows(prefix, dim),
      ];
    },
  },
  sincos3d: {
    double: true,
    numpy({ frames, height, width, dim, base, split, axes, spatialScale, temporalScale, byFrame, prefix }) {
      const [time, space] = SPLITS[split](dim);
      const parts = [...axes].map((axis) =>
        axis === 't'
          ? `waves(t${over(temporalScale)}, ${time})`
          : `waves(${axis}${over(spatialScale)}, ${space})`,
      );
      const lines = [frames, height, width].map((size) => `np.arange(${size})`);
      return [
        declare({ base }),
        `t, y, x = np.meshgrid(${lines.join(', ')}, indexing='ij')`,
        WAVES,
        `table = np.concatenate([${parts.join(', ')}], axis=1)${time + 2 * space > dim ? `[:, :${dim}]` : ''}`,
        byFrame && `table = table.reshape(${frames}, ${height * width}, ${dim})`,
        zeroRows(prefix, dim),
      ];
    },
  },
  sineGrid: {
    double: true,
    numpy({ mask, features, base, normalize, scale, epsilon, offset, axes, channelsFirst, size }) {
      const scaled = (/** @type {string} */ at, /** @type {string} */ last) =>
        `${at} = ${offset === 0 ? at : `(${at}${plus(offset)})`} / (${at}[${last}] + ${number(epsilon)}) * ${number(scale)}`;
      return [
        !mask && `mask = np.ones((${size.height}, ${size.width}))`,
        'y, x = mask.cumsum(axis=-2), mask.cumsum(axis=-1)',
        normalize && [scaled('y', '..., -1:, :'), scaled('x', '..., -1:')],
        `w = ${powers(base, features / 2)}`,
        'def waves(at):',
        '    angles = at[..., None] * w',
        `    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(*at.shape, ${features})`,
        `table = np.concatenate([waves(${axes[0]}), waves(${axes[1]})], axis=-1)`,
        channelsFirst && 'table = np.moveaxis(table, -1, -3)',
      ];
    },
  },
};
