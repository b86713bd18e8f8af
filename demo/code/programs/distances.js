/** Programs of biases of the distance of two tokens: buckets, ALiBi, KERPLE, FIRE, Sandwich; and masks. */
import { declare, number, powers } from '../python.js';

/**
 * @typedef {import('../python.js').Program} Program
 * @typedef {import('../python.js').Lines} Lines
 */

/** The distances of t5Buckets and debertaBuckets. @param {any} o @returns {Lines} */
const given = ({ distances, from, to }) => [!distances && `distances = np.arange(${from}, ${to + 1})`];

/** The logarithm of float32 numbers, rounded once: at edges of buckets the last bit decides. @param {string} x */
const log = (x) => `np.log((${x}).astype(float)).astype(np.float32)`;

/** T5's buckets of `distances`, in float32 as everywhere. @param {any} o @param {number} buckets @returns {Lines} */
function t5(o, buckets) {
  const { maxDistance, bidirectional, preset } = o;
  const n = Math.floor(buckets / (bidirectional ? 2 : 1));
  const exact = n >> 1;
  const steps = `steps / math.log(${maxDistance} / ${exact}) * ${n - exact}`;
  return [
    `r = ${bidirectional ? 'np.abs(distances)' : '(-distances).clip(0, None)'}.astype(np.float32)`,
    `steps = ${log(`r.clip(${exact}, None) / ${exact}`)}`,
    preset === 'wavlm'
      ? `far = (${exact} + ${steps}).astype(int)`
      : `far = ${exact} + (${steps}).astype(int)`,
    `buckets = np.where(r < ${exact}, r.astype(int), far.clip(None, ${n - 1}))`,
    bidirectional && `buckets = buckets + (distances > 0) * ${n}`,
  ];
}

/** DeBERTa's buckets of `distances`, in float32 as there. @param {number} size @param {number} most @returns {Lines} */
export const deberta = (size, most) => {
  const mid = size >> 1;
  const ratio = (most - 1) / mid;
  const single = Math.fround(ratio) === ratio ? `${most - 1} / ${mid}` : String(Math.fround(ratio));
  return [
    `r = np.abs(distances).clip(${mid}, None).astype(np.float32)`,
    `steps = ${log(`r / ${mid}`)} / math.log(${single}) * ${mid - 1}`,
    `far = np.sign(distances) * (np.ceil(steps).astype(int) + ${mid})`,
    `buckets = np.where(np.abs(distances) <= ${mid}, distances, far)`,
  ];
};

/** @param {number} heads @param {number} most @returns {Lines} */
function slopes(heads, most) {
  const power = 2 ** Math.floor(Math.log2(heads));
  const line = (/** @type {string} */ range, /** @type {number} */ n) =>
    `2.0 ** (-${number(most)} * np.arange(${range}) / ${n})`;
  return [
    `slopes = ${line(`1, ${power + 1}`, power)}`,
    heads > power && `slopes = np.concatenate([slopes, ${line(`1, ${2 * (heads - power)}, 2`, 2 * power)}])`,
  ];
}

/** |i - j| of all pairs. @param {number} length @returns {Lines} */
const apart = (length) => [
  `i, j = np.arange(${length})[:, None], np.arange(${length})`,
  'distance = np.abs(i - j)',
];

/** `allowed` as the options want it. @param {any} o */
const masked = ({ as, fill }) =>
  as === 'allowed' ? 'mask = allowed.astype(np.int32)' : `mask = np.where(allowed, 0.0, ${number(fill)})`;

/** @type {Record<string, Program>} */
export const distances = {
  t5Buckets: { numpy: (o) => [given(o), t5(o, o.buckets)] },
  t5Bias: {
    numpy: (o) => [
      `distances = np.arange(${o.keys}) - np.arange(${o.offset ? `${o.offset}, ` : ''}${o.offset + o.queries})[:, None]`,
      t5(o, o.size.buckets),
      'bias = np.moveaxis(table[buckets], -1, 0)',
    ],
  },
  debertaBuckets: { numpy: (o) => [given(o), deberta(o.bucketSize, o.maxPosition)] },
  alibiSlopes: { numpy: ({ heads, biasMax }) => slopes(heads, biasMax) },
  alibi: {
    numpy({ heads, length, form, slopes: given, biasMax, size }) {
      const steep = 'slopes[:, None, None]';
      return [
        !given && slopes(heads, biasMax),
        {
          symmetric: [apart(length), `bias = -${steep} * distance`],
          mpt: [`bias = ${steep} * (np.arange(${length}) - ${length - 1})`],
          bloom: [
            'positions = (mask.cumsum(axis=-1) - 1) * mask',
            `bias = (${steep} * positions[:, None, None]).reshape(-1, 1, ${size.T})`,
          ],
        }[/** @type {'mpt'} */ (form)],
      ];
    },
  },
  kerple: {
    numpy: ({ length, form }) => [
      apart(length),
      'r1, r2 = r1[:, None, None], r2[:, None, None]',
      form === 'log' ? 'bias = -r1 * np.log(1 + r2 * distance)' : 'bias = -r1 * distance ** r2',
    ],
  },
  fire: {
    numpy: ({ length, c, threshold, epsilon, hiddenBias, outputBias }) => [
      declare({ c, threshold, epsilon }),
      apart(length),
      'most = i.clip(abs(threshold), None)',
      'x = np.log(np.abs(c * distance) + 1) / (np.log(np.abs(c * most) + 1) + epsilon)',
      `hidden = x[..., None] * hidden_weight[:, 0]${hiddenBias ? ' + hidden_bias' : ''}`,
      'hidden = np.maximum(hidden, 0)',
      `bias = np.moveaxis(hidden @ output_weight.T${outputBias ? ' + output_bias' : ''}, -1, 0)`,
    ],
  },
  sandwich: {
    double: true,
    numpy: ({ length, heads, dim, base }) => [
      `w = ${powers(base, dim / 2)}`,
      apart(length),
      'likeness = np.cos(distance[..., None] * w).sum(axis=-1)',
      `heads = np.arange(1, ${heads + 1})[:, None, None]`,
      `bias = likeness * ${heads} / (8 * heads)`,
    ],
  },
  paddingMask: {
    numpy: (o) => [`allowed = np.arange(${o.length}) < lengths[:, None]`, masked(o)],
  },
  slidingWindowMask: {
    numpy(o) {
      const { length, left, right } = o;
      const bounds = [
        Number.isFinite(left) && `(offset >= ${-Math.min(left, length)})`,
        Number.isFinite(right) && `(offset <= ${Math.min(right, length)})`,
      ].filter(Boolean);
      return [
        `offset = np.arange(${length}) - np.arange(${length})[:, None]  # key minus query`,
        `allowed = ${bounds.join(' & ') || `offset > -${length}`}`,
        masked(o),
      ];
    },
  },
  segmentMask: {
    numpy(o) {
      const { boundaries, lengths, segments } = o;
      return [
        boundaries && `segments = np.repeat(np.arange(${boundaries.length - 1}), np.diff(boundaries))`,
        lengths && `segments = np.repeat(np.arange(${lengths.length}), lengths)`,
        `allowed = ${segments ? '(segments[:, None] == segments) & (segments >= 0)' : 'segments[:, None] == segments'}`,
        masked(o),
      ];
    },
  },
};
