/** Programs of positions with small networks: CLIP's attention pool, the convolutions of wav2vec 2.0 and CPVT. */
import { SOFTMAX, tuple } from '../python.js';
import { resampled2d } from './resampled.js';

/**
 * @typedef {import('../python.js').Program} Program
 * @typedef {import('../python.js').Lines} Lines
 */

/** x W^T + b. @param {any} o @param {string} name of the projection, as query @param {string} x */
export const projected = (o, name, x) => {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return `${x} @ ${snake}_weight.T${o[`${name}Bias`] ? ` + ${snake}_bias` : ''}`;
};

/** @param {any} o @param {boolean} torch @returns {Lines} */
function attentionPool(o, torch) {
  const { from, heads, size, shape } = o;
  const { B, C, h, w, E } = size;
  const isSame = from[0] === h && from[1] === w;
  const { helper, lines } = resampled2d(from, [h, w], o, torch);
  const split = (/** @type {string} */ name, /** @type {string} */ x) => `split(${projected(o, name, x)})`;
  const scale = `(${E} // ${heads}) ** 0.5`;
  return [
    shape.table.length === 3 && 'table = table[0]',
    !isSame && [
      helper,
      `grid = table[1:].reshape(${from.join(', ')}, ${C})`,
      lines,
      `table = np.concatenate([table[:1], grid.reshape(-1, ${C})])`,
    ],
    `cells = x.reshape(${B}, ${C}, ${h * w}).swapaxes(1, 2)`,
    'tokens = np.concatenate([cells.mean(axis=1, keepdims=True), cells], axis=1) + table',
    o.queryWeight && [
      !torch && SOFTMAX,
      'def split(x):  # heads',
      `    return x.reshape(${B}, -1, ${heads}, ${E / heads}).swapaxes(1, 2)`,
      `query = ${split('query', 'tokens[:, :1]')}`,
      `key, value = ${split('key', 'tokens')}, ${split('value', 'tokens')}`,
      torch
        ? 'context = F.scaled_dot_product_attention(query, key, value)'
        : [`scores = query @ key.swapaxes(-1, -2) / ${scale}`, 'context = softmax(scores) @ value'],
      `output = ${projected(o, 'output', `context.swapaxes(1, 2).reshape(${B}, ${E})`)}`,
    ],
  ];
}

/** The weight of a convolution, made of its direction and length. @param {any} o @returns {Lines} */
function folded({ weight, shape, size: { K } }) {
  if (weight) return [];
  const perOutput = shape.length[0] !== 1 || shape.length[2] !== K;
  return [
    `norm = np.sqrt((direction ** 2).sum(axis=${perOutput ? '(1, 2)' : '(0, 1)'}, keepdims=True))`,
    'weight = length * direction / norm',
  ];
}

/** @type {Record<string, Program>} */
export const networks = {
  attentionPoolTable: { numpy: (o) => attentionPool(o, false), torch: (o) => attentionPool(o, true) },
  convolutionalPosition: {
    numpy(o) {
      const { bias, residual, shape, size } = o;
      const { B = 1, T, C, I, K } = size;
      const groups = C / I;
      return [
        folded(o),
        `padded = np.pad(x.reshape(${B}, ${T}, ${C}), ((0, 0), (${K >> 1}, ${K >> 1}), (0, 0)))`,
        `taps = np.lib.stride_tricks.sliding_window_view(padded, ${K}, axis=1)[:, :${T}]`,
        `taps = taps.reshape(${B}, ${T}, ${groups}, ${I}, ${K})`,
        `filters = weight.reshape(${groups}, ${C / groups}, ${I}, ${K})`,
        `conv = np.einsum('btgik,goik->btgo', taps, filters).reshape(${shape.x.join(', ')})${bias ? ' + bias' : ''}`,
        'erf = np.vectorize(math.erf)',
        `output = conv * (1 + erf(conv / math.sqrt(2))) / 2${residual ? ' + x' : ''}`,
      ];
    },
    torch(o) {
      const { bias, residual, size } = o;
      const { T, C, I, K } = size;
      return [
        folded(o),
        `conv = F.conv1d(x.mT, weight, ${bias ? 'bias' : 'None'}, padding=${K >> 1}, groups=${C / I})`,
        `output = F.gelu(conv[..., :${T}]).mT${residual ? ' + x' : ''}`,
      ];
    },
  },
  conditionalPosition: {
    numpy(o) {
      const { height, width, bias, stride, residual, prefix, shape, size } = o;
      const { C, k } = size;
      const step = stride > 1 ? `[:, ::${stride}, ::${stride}]` : '';
      const r = k >> 1;
      const lead = [...shape.x.slice(0, -2), -1, C].join(', ');
      return [
        `grid = x${prefix ? `[..., ${prefix}:, :]` : ''}.reshape(-1, ${height}, ${width}, ${C})`,
        `padded = np.pad(grid, ((0, 0), (${r}, ${r}), (${r}, ${r}), (0, 0)))`,
        `taps = np.lib.stride_tricks.sliding_window_view(padded, ${tuple([k, k])}, axis=(1, 2))${step}`,
        `cells = (taps * weight.reshape(${C}, ${k}, ${k})).sum(axis=(-2, -1))${bias ? ' + bias' : ''}${residual ? ' + grid' : ''}`,
        `out = cells.reshape(${lead})`,
        prefix > 0 && `out = np.concatenate([x[..., :${prefix}, :], out], axis=-2)`,
      ];
    },
    torch(o) {
      const { height, width, bias, stride, residual, prefix, shape, size } = o;
      const { C, k } = size;
      const how = `stride=${stride}, padding=${k >> 1}, groups=${C}`;
      const lead = [...shape.x.slice(0, -2), -1, C].join(', ');
      return [
        `grid = x${prefix ? `[..., ${prefix}:, :]` : ''}.reshape(-1, ${height}, ${width}, ${C}).permute(0, 3, 1, 2)`,
        `cells = F.conv2d(grid, weight.reshape(${C}, 1, ${k}, ${k}), ${bias ? 'bias' : 'None'}, ${how})${residual ? ' + grid' : ''}`,
        `out = cells.permute(0, 2, 3, 1).reshape(${lead})`,
        prefix > 0 && `out = torch.cat([x[..., :${prefix}, :], out], dim=-2)`,
      ];
    },
  },
};
