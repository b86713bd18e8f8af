/** Programs of terms between the cells of a grid: decomposed positions, BoTNet's logits, LeViT's offsets, ConViT's attention. */
import { SOFTMAX } from '../python.js';
import { stretched } from './resampled.js';

/**
 * @typedef {import('../python.js').Program} Program
 * @typedef {import('../python.js').Lines} Lines
 */

/** Offsets query minus key along an axis, as rows of the table. @param {number} q @param {number} k */
function offsets(q, k) {
  if (q === k) return `np.arange(${q})[:, None] - np.arange(${k}) + ${q - 1}`;
  // In float32 as the references: where the sizes do not divide, the rounding decides.
  const [a, b] = [k > q ? ` * (${k} / ${q})` : '', q > k ? ` * (${q} / ${k})` : ''];
  const line = (/** @type {number} */ n) => `np.arange(${n}, dtype=np.float32)`;
  return `(${line(q)}[:, None]${a} - ${line(k)}${b} + ${k - 1}${b}).astype(int)`;
}

/** @param {string} name @param {number} rows @param {number} q @param {number} k @param {boolean} torch */
function fitted(name, rows, q, k, torch) {
  const wanted = 2 * Math.max(q, k) - 1;
  return rows !== wanted && stretched(name, rows, wanted, torch);
}

/** The terms of rows and columns, met by the query and added. @param {any} o @param {number[]} grids @param {string[]} rows @param {number} prefix @returns {Lines} */
function met({ size: { D }, shape }, [hq, wq, hk, wk], rows, prefix) {
  const lead = shape.query.slice(0, -2);
  const sizes = [...lead, hq * wq, hk * wk].join(', ');
  const framed = [...lead, prefix + hq * wq, prefix + hk * wk].join(', ');
  return [
    `q = query${prefix ? `[..., ${prefix}:, :]` : ''}.reshape(-1, ${hq}, ${wq}, ${D})`,
    `vertical = np.einsum('byxd,ykd->byxk', q, height_table[${rows[0]}])`,
    `horizontal = np.einsum('byxd,xkd->byxk', q, width_table[${rows[1]}])`,
    `bias = (vertical[..., None] + horizontal[..., None, :]).reshape(${sizes})`,
    prefix > 0 && [
      `framed = np.zeros((${framed}))`,
      `framed[..., ${prefix}:, ${prefix}:] = bias`,
      'bias = framed',
    ],
  ];
}

/** @param {any} o @param {boolean} torch @returns {Lines} */
function decomposed(o, torch) {
  const { output, queries, keys, queryGrid, keyGrid, prefix, size } = o;
  if (output === 'axis')
    return [fitted('table', size.rows, queries, keys, torch), `vectors = table[${offsets(queries, keys)}]`];
  const [[hq, wq], [hk, wk]] = [queryGrid, keyGrid];
  return [
    fitted('height_table', size.rh, hq, hk, torch),
    fitted('width_table', size.rw, wq, wk, torch),
    `dy = ${offsets(hq, hk)}`,
    `dx = ${offsets(wq, wk)}`,
    met(o, [hq, wq, hk, wk], ['dy', 'dx'], prefix),
  ];
}

/** Offsets key minus query between all cells. @param {number} h @param {number} w @returns {Lines} */
const pairs = (h, w) => [
  `y, x = np.arange(${h * w}) // ${w}, np.arange(${h * w}) % ${w}`,
  'dy, dx = y - y[:, None], x - x[:, None]',
];

/** @type {Record<string, Program>} */
export const grids = {
  decomposedBias: { numpy: (o) => decomposed(o, false), torch: (o) => decomposed(o, true) },
  botnetBias: {
    numpy(o) {
      const { h, w } = o.size;
      return [
        `dy = np.arange(${h}) - np.arange(${h})[:, None] + ${h - 1}`,
        `dx = np.arange(${w}) - np.arange(${w})[:, None] + ${w - 1}`,
        met(o, [h, w, h, w], ['dy', 'dx'], 0),
      ];
    },
  },
  levitBias: {
    numpy({ stride, queryGrid: [hq, wq], output, size: { h, w } }) {
      const by = stride > 1 ? ` * ${stride}` : '';
      const isSame = stride === 1 && hq === h && wq === w;
      const [qy, qx] = isSame ? ['y', 'x'] : ['query_y', 'query_x'];
      const queries = `np.arange(${hq * wq})`;
      return [
        `y, x = np.arange(${h * w}) // ${w}, np.arange(${h * w}) % ${w}`,
        !isSame && `query_y, query_x = ${queries} // ${wq}${by}, ${queries} % ${wq}${by}`,
        `index = np.abs(${qy}[:, None] - y) * ${w} + np.abs(${qx}[:, None] - x)`,
        output === 'bias' && 'bias = table[:, index]',
      ];
    },
  },
  gpsa: {
    numpy({ output, scores, size: { h, w } }) {
      return [
        pairs(h, w),
        'offsets = np.stack([dx, dy, dx ** 2 + dy ** 2], axis=-1).astype(np.float32)',
        output === 'attention' && [
          SOFTMAX,
          'logits = np.moveaxis(offsets @ weight.T + bias, -1, 0)',
          'attention = softmax(logits)',
          scores && [
            'share = 1 / (1 + np.exp(-gate))',
            'share = share[:, None, None]',
            'attention = (1 - share) * softmax(scores) + share * attention',
            'attention = attention / attention.sum(axis=-1, keepdims=True)',
          ],
        ],
      ];
    },
  },
};
