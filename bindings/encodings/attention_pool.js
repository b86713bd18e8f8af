/**
 * The tokens of CLIP's attention pool, and what it pools. Not here: attention of encoders.
 */
import { LAYOUT } from './enums.js';
import { allocate, Operands } from './operands.js';
import { partResult, withPreset } from './options.js';
import { readMethod, resampleGrid } from './resample.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

const PRESETS = {
  clip: { resize: false },
  timm: { resize: true, mode: 'bicubic', antialias: true },
};

/**
 * The table for the grid of x: its own, or resampled.
 * @param {Instance} core
 * @param {Operands} operands
 * @param {Record<string, number>} sizes h, w and C of x
 */
function readTable(core, operands, sizes) {
  const table = operands.floats(
    'table',
    [
      ['rows', 'C'],
      [1, 'rows', 'C'],
    ],
    sizes,
  );
  const { h, w, C: channels, rows } = sizes;
  const side = Math.round(Math.sqrt(rows - 1));
  const from = operands.pair('from', { fallback: rows === h * w + 1 ? [h, w] : [side, side] });
  if (from[0] * from[1] !== rows - 1)
    operands.refuse('from', `two sizes whose product is the table's cells, ${rows - 1}`, from);
  const resize = operands.flag('resize', false);
  const method = readMethod(operands);
  if (from[0] === h && from[1] === w) return table;
  if (!resize) operands.refuse('x', `of the table's grid, [${from}], or resize true`, [h, w]);
  const out = allocate(Float32Array, (h * w + 1) * channels);
  out.set(table.subarray(0, channels));
  resampleGrid(core, out.subarray(channels), table.subarray(channels), from, [h, w], channels, method);
  return out;
}

/**
 * Attention of the mean token alone to all tokens, and the output's projection.
 * @param {Instance} core
 * @param {Operands} operands
 * @param {Float32Array} tokens [B, T, C]
 * @param {Record<string, number>} sizes B and C
 * @returns {{ width: number, fill: (out: Float32Array) => void }}
 */
function readPooling(core, operands, tokens, sizes) {
  const { B: batch, C: channels } = sizes;
  const count = tokens.length / (batch * channels);
  const weights = ['query', 'key', 'value'].map((name) => ({
    weight: operands.floats(`${name}Weight`, [['E', 'C']], sizes),
    bias: operands.optionalFloats(`${name}Bias`, [['E']], sizes),
  }));
  const { E: dim } = sizes;
  const heads = operands.integer('heads', { max: dim });
  if (dim % heads !== 0) operands.refuse('heads', `a divisor of the width, ${dim}`);
  const weight = operands.floats('outputWeight', [['out', 'E']], sizes);
  const bias = operands.optionalFloats('outputBias', [['out']], sizes);
  const { out: width } = sizes;
  return {
    width,
    fill(out) {
      const mean = allocate(Float32Array, batch * channels);
      for (let b = 0; b < batch; b++) {
        const at = b * count * channels;
        mean.set(tokens.subarray(at, at + channels), b * channels);
      }
      const [query, key, value] = weights.map((linear, i) => {
        const x = i === 0 ? mean : tokens;
        const result = allocate(Float32Array, (x.length / channels) * dim);
        core.invoke('wf_project', [
          { out: result },
          x,
          linear.weight,
          linear.bias,
          x.length / channels,
          channels,
          dim,
        ]);
        return result;
      });
      const probabilities = allocate(Float32Array, batch * heads * count);
      const context = allocate(Float32Array, batch * dim);
      const results = [{ out: probabilities }, { out: context }];
      const shape = [batch, heads, 1, count, dim / heads, 0, 0, LAYOUT.BTHD, Math.sqrt(heads / dim)];
      core.invoke('wf_biased_attention', [...results, query, key, value, null, null, ...shape]);
      core.invoke('wf_project', [{ out }, context, weight, bias, batch, dim, width]);
    },
  };
}

/**
 * CLIP's attention pool: the mean of the cells becomes a token in front, each token gets its row of a learned table, and
 * the first attends to all. Without weights only the tokens are made.
 *
 * Formula: `tokens = [mean(x), x_1 … x_hw] + table`; `output = (softmax(q_0 k^T / sqrt(E/H)) v) W^T + b`.
 * Models: CLIP's ResNets ('clip': another grid is refused), timm's AttentionPool2d ('timm': the table is resampled).
 * Source: Radford et al. 2021 (arXiv 2103.00020), openai/CLIP `AttentionPool2d`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.x [B, C, h, w], the last feature map
 * @param {Tensor} options.table [1 + h0 w0, C] or [1, 1 + h0 w0, C]; row 0 belongs to the mean
 * @param {number | [number, number]} [options.from] h0 and w0; x's grid if it fits, else a square, by default
 * @param {boolean} [options.resize] resample the table for another grid; false by default
 * @param {'bicubic' | 'bilinear'} [options.mode] as in `resizeTable`, 'bicubic' by default
 * @param {boolean} [options.antialias] as in `resizeTable`, false by default
 * @param {boolean} [options.alignCorners] as in `resizeTable`, false by default
 * @param {number} [options.scaleOffset] as in `resizeTable`, 0 by default
 * @param {number} [options.heads] heads H, a divisor of E; with weights
 * @param {Tensor} [options.queryWeight] [E, C]; gives the output too
 * @param {Tensor} [options.queryBias] [E]
 * @param {Tensor} [options.keyWeight] [E, C]
 * @param {Tensor} [options.keyBias] [E]
 * @param {Tensor} [options.valueWeight] [E, C]
 * @param {Tensor} [options.valueBias] [E]
 * @param {Tensor} [options.outputWeight] [O, E]
 * @param {Tensor} [options.outputBias] [O]
 * @param {'clip' | 'timm'} [options.preset] sets resize, mode and antialias
 * @param {{ tokens?: Float32Array | Tensor, output?: Float32Array | Tensor }} [options.out] filled instead of new memory
 * @returns {{ tokens: Tensor, output: Tensor | null }} float32 [B, 1 + h w, C] and [B, O]
 * @throws {InputError} an option that is missing, unknown or out of range, among them a grid of another size than the table's
 * @throws {ShapeError} tensors whose sizes do not fit
 * @example
 * const x = random(1, 2048, 7, 7);
 * pe.attentionPoolTable({ x, table: random(50, 2048) }).tokens.shape; // [1, 50, 2048]
 */
export function attentionPoolTable(core, options) {
  const given = withPreset('attentionPoolTable', options, PRESETS);
  const linear = ['query', 'key', 'value', 'output'].flatMap((name) => [`${name}Weight`, `${name}Bias`]);
  const known = 'x table from resize mode antialias alignCorners scaleOffset heads preset'.split(' ');
  const operands = new Operands('attentionPoolTable', given, [...known, ...linear]);
  /** @type {Record<string, number>} */
  const sizes = {};
  const x = operands.floats('x', [['B', 'C', 'h', 'w']], sizes);
  const table = readTable(core, operands, sizes);
  const { B: batch, C: channels, h, w } = sizes;
  const tokens = partResult(
    'attentionPoolTable',
    given.out,
    'tokens',
    [batch, 1 + h * w, channels],
    (out) => {
      core.invoke('wf_pool_tokens', [{ out }, x, table, batch, channels, h * w]);
    },
  );
  const weights = ['heads', ...linear].filter((key) => operands.has(key));
  if (weights.length === 0) return { tokens, output: null };
  const pooling = readPooling(core, operands, /** @type {Float32Array} */ (tokens.data), sizes);
  const output = partResult('attentionPoolTable', given.out, 'output', [batch, pooling.width], pooling.fill);
  return { tokens, output };
}
