/** Programs of Fourier features, and where the cells of a grid lie in the ways that they and rotary encodings measure it. */
import { number, over, plus, powers, times } from '../python.js';

/** @typedef {import('../python.js').Program} Program */

/**
 * The coordinate of cells by their index.
 * @param {string} index an expression
 * @param {number} axis
 * @param {number[]} sizes
 * @param {{ grid: string, offset: number, reference: ArrayLike<number> | null, normalize: string }} measure
 */
export function coordinate(index, axis, sizes, { grid, offset, reference, normalize }) {
  const size = sizes[axis];
  const common = normalize === 'max' ? Math.max(...sizes) : Math.min(...sizes);
  const to = reference ? `${over(size)}${times(reference[axis])}` : '';
  if (grid === 'pixel' && size === 1) return `(${index} - 1.0)${to}`;
  if (grid === 'pixel')
    return to ? `(2 * ${index} / ${size - 1} - 1)${to}` : `2 * ${index} / ${size - 1} - 1`;
  if (grid === 'centered')
    return `2 * (${index}${plus(0.5 + offset)}) / ${normalize === 'separate' ? size : common}${to} - 1`;
  return offset !== 0 && to ? `(${index}${plus(offset)})${to}` : `${index}${plus(offset)}${to}`;
}

/** The frequencies of an axis. @param {string} spacing @param {number} count @param {number} base @param {number} resolution */
export function bands(spacing, count, base, resolution) {
  if (spacing === 'geometric') return powers(base, count);
  if (spacing === 'periods') return `2 * np.pi * ${powers(base, count)}`;
  const most = number(resolution / 2);
  return spacing === 'octaves'
    ? `np.pi * ${most} ** np.linspace(0, 1, ${count})`
    : `np.pi * np.linspace(1, ${most}, ${count})`;
}

/** @type {Record<string, Program>} */
export const features = {
  fourier: {
    double: true,
    numpy(o) {
      const { sizes: grid, maxResolution, layout, concatPositions, sineOnly } = o;
      const sizes = Array.from(grid ?? []);
      const axes = o.size.axes;
      const resolutions = Array.from(maxResolution ?? [1]);
      const ofAxis = (/** @type {number} */ r) => bands(o.spacing, o.bands, o.base, r);
      const isOne = resolutions.every((r) => r === resolutions[0]);
      const lines = sizes.map((n, axis) => coordinate(`np.arange(${n})`, axis, sizes, o));
      const lead = grid ? '-1' : '*positions.shape[:-1]';
      const perAxis = layout === 'per-axis';
      const flat = (/** @type {string} */ name) => `${name}.reshape(${lead}, ${axes * o.bands})`;
      const parts = [
        concatPositions && (perAxis ? 'c[..., None]' : `c.reshape(${lead}, ${axes})`),
        perAxis ? 'np.sin(angles)' : flat('np.sin(angles)'),
        !sineOnly && (perAxis ? 'np.cos(angles)' : flat('np.cos(angles)')),
      ].filter(Boolean);
      return [
        grid ? `c = np.stack(np.meshgrid(${lines.join(', ')}, indexing='ij'), axis=-1)` : 'c = positions',
        isOne ? `f = ${ofAxis(resolutions[0])}` : `f = np.stack([${resolutions.map(ofAxis).join(', ')}])`,
        'angles = c[..., None] * f',
        parts.length === 1
          ? `table = ${parts[0]}`
          : ['table = np.concatenate([', ...parts.map((part) => `    ${part},`), '], axis=-1)'],
      ];
    },
  },
  nerf: {
    double: true,
    numpy: ({ octaves, includeInput, spacing, size: { D } }) => [
      spacing === 'octaves'
        ? `w = 2.0 ** np.arange(${octaves})`
        : `w = np.linspace(1, ${2 ** (octaves - 1)}, ${octaves})`,
      'angles = w[:, None] * x[..., None, :]',
      'table = np.stack([np.sin(angles), np.cos(angles)], axis=-2)',
      `table = table.reshape(*x.shape[:-1], ${2 * octaves * D})`,
      includeInput && 'table = np.concatenate([x, table], axis=-1)',
    ],
  },
  randomFourier: {
    double: true,
    numpy: ({ coordinates, height, width, center, channelsFirst }) => [
      !coordinates && [
        `y, x = (np.arange(${height}) + 0.5) / ${height}, (np.arange(${width}) + 0.5) / ${width}`,
        "y, x = np.meshgrid(y, x, indexing='ij')",
        'coordinates = np.stack([x, y], axis=-1)',
      ],
      `angles = 2 * np.pi * ${center ? '(2 * coordinates - 1)' : 'coordinates'} @ matrix`,
      'table = np.concatenate([np.sin(angles), np.cos(angles)], axis=-1)',
      channelsFirst && 'table = np.moveaxis(table, -1, 0)',
    ],
  },
};
