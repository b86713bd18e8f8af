/** Programs of positions that the content meets: WavLM's gate, DeBERTa, Shaw, Transformer-XL, CoPE. */
import { number, SOFTMAX } from '../python.js';
import { deberta } from './distances.js';
import { projected } from './networks.js';

/**
 * @typedef {import('../python.js').Program} Program
 * @typedef {import('../python.js').Lines} Lines
 */

const OFFSETS = (/** @type {number} */ queries, /** @type {number} */ keys) =>
  `np.arange(${keys}) - np.arange(${queries})[:, None]`;

/** A scale, as the root that it is by default. @param {number} scale @param {number} D */
const factor = (scale, D) => (scale === 1 / Math.sqrt(D) ? `${D} ** -0.5` : number(scale));

/** @param {any} o @returns {Lines} */
function disentangled(o) {
  const { heads, positionBuckets, maxRelativePositions, terms, shareKey, output, size } = o;
  const { B, T } = size;
  const width = size["W'"];
  const D = width / heads;
  const span = positionBuckets > 0 ? positionBuckets : maxRelativePositions;
  const scale = `(${D} * ${1 + terms.length}) ** 0.5`;
  const split = (/** @type {string} */ name, x = 'hidden') => `split(${projected(o, name, x)})`;
  const relative = `relative_embeddings[:${2 * span}]`;
  const has = (/** @type {string} */ term) => terms.includes(term);
  const sum = [has('c2p') && 'c2p', has('p2c') && 'p2c'].filter(Boolean).join(' + ');
  return [
    output !== 'bias' && SOFTMAX,
    'def split(x):  # heads',
    `    return x.reshape(*x.shape[:-1], ${heads}, ${D}).swapaxes(-3, -2)`,
    `query, key = ${split('query')}, ${split('key')}`,
    `distances = np.arange(${T})[:, None] - np.arange(${T})  # query minus key`,
    positionBuckets > 0 ? deberta(positionBuckets, maxRelativePositions) : 'buckets = distances',
    `index = (buckets + ${span}).clip(0, ${2 * span - 1})`,
    has('c2p') && [
      `position_key = ${split(shareKey ? 'key' : 'positionKey', relative)}`,
      "c2p = np.einsum('bhid,hijd->bhij', query, position_key[:, index])",
    ],
    has('p2c') && [
      `position_query = ${split(shareKey ? 'query' : 'positionQuery', relative)}`,
      "p2c = np.einsum('bhjd,hijd->bhij', key, position_query[:, index])",
    ],
    sum ? `bias = (${sum}) / ${scale}` : `bias = np.zeros((${B}, ${heads}, ${T}, ${T}))`,
    output !== 'bias' && [
      `scores = query @ key.swapaxes(-1, -2) / ${scale} + bias`,
      'probabilities = softmax(scores)',
    ],
    output === 'context' && [
      `value = ${split('value')}`,
      `context = (probabilities @ value).swapaxes(1, 2).reshape(${B}, ${T}, ${width})`,
    ],
  ];
}

/** @type {Record<string, Program>} */
export const content = {
  gatedBias: {
    numpy: ({ size: { B, H, T, D } }) => [
      `x = hidden.reshape(${B}, ${T}, ${H}, ${D}).swapaxes(1, 2)`,
      `gates = (x @ gate_weight.T + gate_bias).reshape(${B}, ${H}, ${T}, 2, 4).sum(axis=-1)`,
      'gates = 1 / (1 + np.exp(-gates))',
      'first, second = gates[..., :1], gates[..., 1:]',
      `out = (first * (second * gate_constant.reshape(${H}, 1, 1) - 1) + 2) * bias`,
    ],
  },
  disentangled: { numpy: disentangled },
  shaw: {
    numpy({ left, right, length, scale, valueTable, output, size }) {
      const { T, Tk = length } = size;
      return [
        output === 'context' && SOFTMAX,
        `index = (${OFFSETS(T, Tk)}).clip(-${left}, ${right}) + ${left}`,
        `bias = ${factor(scale, size.D)} * np.einsum('bhid,ijd->bhij', query, table[index])`,
        output === 'context' && [
          `scores = ${factor(scale, size.D)} * query @ key.swapaxes(-1, -2) + bias`,
          'probabilities = softmax(scores)',
          'context = probabilities @ value',
          valueTable && "context = context + np.einsum('bhij,ijd->bhid', probabilities, value_table[index])",
        ],
      ];
    },
  },
  transformerXL: {
    numpy({ positionWeight, positionBias, keys, zeroRow, scale, layout, size, shape }) {
      const { H, T, D, rows } = size;
      const query = {
        BHTD: 'query',
        BTHD: 'query.swapaxes(1, 2)',
        TBHD: 'np.moveaxis(query, 0, 2)',
      }[/** @type {'BHTD'} */ (layout)];
      const perSequence = shape.table.length === 4;
      const isBeyond = zeroRow + keys > rows || zeroRow - T + 1 < 0;
      return [
        positionWeight && `table = (table @ position_weight.T).reshape(${rows}, ${H}, ${D})`,
        `query = ${query}${positionBias ? ' + position_bias[:, None]' : ''}`,
        `index = ${zeroRow} + ${OFFSETS(T, keys)}`,
        `vectors = table[${isBeyond ? `index.clip(0, ${rows - 1})` : 'index'}]`,
        `bias = ${scale === 1 ? '' : `${factor(scale, D)} * `}np.einsum('bhid,ij${perSequence ? 'b' : ''}hd->bhij', query, vectors)`,
        isBeyond && `bias = np.where((index >= 0) & (index < ${rows}), bias, 0)`,
      ];
    },
  },
  cope: {
    numpy: ({ size: { P } }) => [
      'gates = 1 / (1 + np.exp(-logits))',
      `positions = np.flip(np.flip(gates, (-1,)).cumsum(axis=-1), (-1,)).clip(None, ${P - 1})`,
      'whole = np.floor(positions)',
      'met = query @ table',
      'below = np.take_along_axis(met, whole.astype(int), axis=-1)',
      'above = np.take_along_axis(met, np.ceil(positions).astype(int), axis=-1)',
      'out = below + (positions - whole) * (above - below)',
    ],
  },
};
