/** Programs of rotary encodings: frequencies and their scalings, tables of texts and pictures, the rotation. */
import { declare, number, over, powers, repeated } from '../python.js';
import { bands, coordinate } from './features.js';

/**
 * @typedef {import('../python.js').Program} Program
 * @typedef {import('../python.js').Lines} Lines
 */

/** @param {Float64Array} positions the length of the text that they are of */
const lengthOf = (positions) => positions.reduce((most, p) => Math.max(most, p), 0) + 1;

const list = (/** @type {ArrayLike<number>} */ values) => `[${Array.from(values, number).join(', ')}]`;

/** The lines that make the frequencies w. @param {number} dim @param {number} base @param {any} scaling @param {number} known length of the text, or 0 @returns {Lines} */
function frequencies(dim, base, scaling, known) {
  const pairs = dim / 2;
  const plain = `w = ${powers(base, pairs)}`;
  if (!scaling) return [plain];
  const { type, factor, originalLength: original } = scaling;
  if (type === 'linear') return [plain, `w = w / ${number(factor)}`];
  if (type === 'proportional') {
    const turning = Math.floor(scaling.fraction * pairs);
    return [plain, factor !== 1 && `w = w${over(factor)}`, turning < pairs && `w[${turning}:] = 0`];
  }
  if (type === 'dynamic') {
    const length = Math.max((scaling.length ?? known) || original, original);
    return [
      declare({ base, factor, length, original }),
      `base = base * (factor * length / original - factor + 1) ** (${dim} / ${dim - 2})`,
      `w = base ** (-np.arange(${pairs}) / ${pairs})`,
    ];
  }
  if (type === 'longrope') {
    const length = (scaling.length ?? known) || 1;
    return [
      plain,
      `w = w / np.array(${list(length > original ? scaling.longFactors : scaling.shortFactors)})`,
    ];
  }
  if (type === 'llama3')
    return [
      plain,
      declare({ factor, original, low: scaling.lowFactor, high: scaling.highFactor }),
      'turns = original * w / (2 * np.pi)',
      'keep = ((turns - low) / (high - low)).clip(0, 1)',
      'w = (1 - keep) * w / factor + keep * w',
    ];
  // With base 1 all pairs turn alike, and the pair of any number of turns is infinitely far.
  const farthest = (/** @type {number} */ turns) =>
    number(Math.log(original / (turns * 2 * Math.PI)) * Infinity);
  if (base === 1) {
    const [low, high] = [farthest(scaling.fast), farthest(scaling.slow)];
    return [
      plain,
      declare({ factor }),
      `low, high = max(${low}, 0), min(${high}, ${dim - 1})`,
      yarnMix(pairs),
    ];
  }
  const cut = (/** @type {string} */ how, /** @type {string} */ pair) =>
    scaling.truncate ? `math.${how}(${pair})` : pair;
  return [
    declare({ base, dim, factor, original }),
    `w = base ** (-np.arange(${pairs}) / ${pairs})`,
    'def pair(turns):',
    '    return dim * math.log(original / (turns * 2 * math.pi)) / (2 * math.log(base))',
    `low = max(${cut('floor', `pair(${number(scaling.fast)})`)}, 0)`,
    `high = min(${cut('ceil', `pair(${number(scaling.slow)})`)}, dim - 1)`,
    yarnMix(pairs),
  ];
}

/** Slow pairs are stretched, fast ones are not. @param {number} pairs @returns {Lines} */
const yarnMix = (pairs) => [
  'if low == high:',
  '    high += 0.001',
  `slow = ((np.arange(${pairs}) - low) / (high - low)).clip(0, 1)`,
  'w = slow * w / factor + (1 - slow) * w',
];

/** What cosines and sines are multiplied by, an expression; 1 for nothing. @param {any} scaling @returns {string} */
function attention(scaling) {
  const { type, factor, originalLength, attentionFactor, attentionScale: scale = 0 } = scaling ?? {};
  if (type !== 'yarn' && type !== 'longrope') return '1';
  if (attentionFactor !== undefined) return number(attentionFactor);
  if (factor <= 1) return '1';
  if (type === 'longrope')
    return `math.sqrt(1 + math.log(${number(factor)}) / math.log(${number(originalLength)}))`;
  const all = scaling.attentionScaleAll ?? 0;
  const term = (/** @type {number} */ m) =>
    `0.1${m === 1 ? '' : ` * ${number(m)}`} * math.log(${number(factor)}) + 1`;
  return scale > 0 && all > 0 ? `(${term(scale)}) / (${term(all)})` : term(1);
}

/** @param {string} gain @returns {Lines} */
const cosines = (gain) =>
  gain === '1'
    ? ['cos, sin = np.cos(angles), np.sin(angles)']
    : [`gain = ${gain}`, 'cos, sin = gain * np.cos(angles), gain * np.sin(angles)'];

/** @type {Record<string, Program>} */
export const rotary = {
  rope: {
    double: true,
    numpy(o) {
      const { length, offset, positions, dim, base, scaling, frequencies: given } = o;
      const known = positions ? lengthOf(positions) : Math.max(length + offset, 1);
      const first = offset === 0 ? '' : `${number(offset)} + `;
      return [
        !positions && `positions = ${first}np.arange(${length})`,
        given ? 'w = frequencies' : frequencies(dim, base, scaling, known),
        'angles = positions[..., None] * w',
        repeated(o),
        cosines(attention(given ? null : scaling)),
      ];
    },
  },
  ropeFrequencies: {
    double: true,
    numpy: ({ dim, base, scaling }) => [
      frequencies(dim, base, scaling, 0),
      'frequencies = w',
      `attention_factor = ${attention(scaling)}`,
    ],
  },
  ropeSections: {
    double: true,
    numpy(o) {
      const { positions, dim, sections, mode, base, scaling, size } = o;
      const axes = size.axes ?? 3;
      const [height, width] = [size.height, size.width];
      const known = positions ? lengthOf(positions) : Math.max(height, width);
      const chunks = Array.from(sections, (count, i) => `[${i % axes}] * ${count}`);
      return [
        !positions && [
          `y, x = np.meshgrid(np.arange(${height}), np.arange(${width}), indexing='ij')`,
          'positions = np.stack([0 * y, y, x]).reshape(3, -1)',
        ],
        mode === 'chunked'
          ? `axis = ${chunks.join(' + ')}`
          : [
              `counts = ${list(sections)}`,
              `axis = [k % ${axes} if k < ${axes} * counts[k % ${axes}] else 0 for k in range(${dim / 2})]`,
            ],
        frequencies(dim, base, scaling, known),
        'angles = np.moveaxis(positions[axis], 0, -1) * w',
        repeated(o),
        cosines(attention(scaling)),
      ];
    },
  },
  rope2d: {
    double: true,
    numpy(o) {
      const { height, width, dim, axes, merge, frames, last, periods, periodRange, stagger } = o;
      const [a, b] = axes;
      const count = dim / 4;
      const sizes = [height, width];
      const [y, x] = ['y', 'x'].map((name, axis) => coordinate(name, axis, sizes, o));
      const blocks = `reshape(${height / merge}, ${merge}, ${width / merge}, ${merge}).swapaxes(1, 2)`;
      const axial = () => {
        if (stagger && !periods && !periodRange)
          return [
            `w = ${powers(o.base, 2 * count)}`,
            `angles = np.concatenate([np.outer(${a}, w[::2]), np.outer(${b}, w[1::2])], axis=1)`,
          ];
        const [least, most] = periodRange ?? [];
        const ratio = `(${number(most)} / ${number(least)})`;
        return [
          periodRange && `periods = ${number(least)} * ${ratio} ** np.linspace(0, 1, ${count})`,
          periodRange || periods
            ? 'w = 2 * np.pi / periods'
            : `w = ${bands(o.bands, count, o.base, o.maxResolution)}`,
          `angles = np.concatenate([np.outer(${a}, w), np.outer(${b}, w)], axis=1)`,
        ];
      };
      const moved = [y !== 'y' && `y = ${y}`, x !== 'x' && `x = ${x}`];
      return [
        `y, x = np.meshgrid(np.arange(${height}), np.arange(${width}), indexing='ij')`,
        merge > 1 && `y, x = y.${blocks}, x.${blocks}`,
        'ids = np.stack([y, x], axis=-1).reshape(-1, 2)',
        frames > 1 && `ids = np.tile(ids, (${frames}, 1))`,
        'y, x = ids[:, 0], ids[:, 1]',
        moved,
        last > 0 && `y, x = np.concatenate([y, np.zeros(${last})]), np.concatenate([x, np.zeros(${last})])`,
        o.frequencies
          ? [
              'first, second = frequencies[0][..., None, :], frequencies[1][..., None, :]',
              `angles = ${a}[:, None] * first + ${b}[:, None] * second`,
            ]
          : axial(),
        repeated(o),
        'cos, sin = np.cos(angles), np.sin(angles)',
      ];
    },
  },
  applyRope: {
    numpy(o) {
      const { layout, repeat, order, prefix, tables, size, shape } = o;
      const rotated = (repeat ? 1 : 2) * size.R;
      const [axes, tableAxes] = [shape.x.length, shape.cos.length];
      const swap =
        axes === 4 ? { bhtd: '', bthd: '.swapaxes(1, 2)', tbhd: '.swapaxes(0, 1).swapaxes(1, 2)' } : {};
      const back =
        axes === 4 ? { bhtd: '', bthd: '.swapaxes(1, 2)', tbhd: '.swapaxes(1, 2).swapaxes(0, 1)' } : {};
      const key = /** @type {'bhtd'} */ (order);
      const isWhole = prefix === 0 && rotated === size.D;
      const fit = () => {
        if (axes === 2 && tableAxes > 2) return '[(0,) * (cos.ndim - 2)]';
        if (axes === 3 && tableAxes === 4) return '[:, 0]';
        return axes === 4 && tableAxes === 3 && tables === 'sequences' ? '[:, None]' : '';
      };
      const half = rotated / 2;
      const isHalf = layout === 'half';
      const both = (/** @type {string} */ name) =>
        isHalf ? `np.concatenate([${name}, ${name}], axis=-1)` : `${name}.repeat(2, axis=-1)`;
      const from = isWhole ? 'x' : 'part';
      const result = isWhole ? 'out' : 'part';
      return [
        swap[key] && `x = x${swap[key]}`,
        fit() && `cos, sin = cos${fit()}, sin${fit()}`,
        !repeat && `cos, sin = ${both('cos')}, ${both('sin')}`,
        !isWhole && `part = x[..., ${prefix}:, :${rotated}]`,
        isHalf
          ? `a, b = ${from}[..., :${half}], ${from}[..., ${half}:]`
          : `a, b = ${from}[..., ::2], ${from}[..., 1::2]`,
        isHalf
          ? 'turned = np.concatenate([-b, a], axis=-1)'
          : `turned = np.stack([-b, a], axis=-1).reshape(${from}.shape)`,
        `${result} = ${from} * cos + turned * sin`,
        !isWhole && ['out = x.copy()', `out[..., ${prefix}:, :${rotated}] = part`],
        back[key] && `out = out${back[key]}`,
      ];
    },
  },
};
