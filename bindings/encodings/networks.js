/**
 * Positions with the small networks that read or make them: CLIP's attention pool, and the convolutions of wav2vec 2.0 and CPVT,
 * which see where the sequence or the grid ends. Not here: attention of encoders, the convolutions of feature extractors.
 */

import { allocate } from '../arrays.js';
import { resampleGrid } from '../core/resample.js';
import { flag, floats } from '../options/table.js';
import { made, project } from './call.js';
import { choose, count, encoding, float32, grid, NONE, off, preset, size } from './encoding.js';
import { LAYOUT } from './enums.js';
import { METHOD } from './resample.js';

const POOLED = /** @type {const} */ ({ only: { queryWeight: true } });
const weight = (/** @type {string} */ shape) => floats(shape, '', POOLED);
const bias = (/** @type {string} */ shape) => floats(shape, '', { ...POOLED, ...NONE });

/** @param {any} _values @param {(letter: string) => number} sizeOf @returns {[number, number]} */
function trainedGrid(_values, sizeOf) {
  const [rows, h, w] = ['rows', 'h', 'w'].map(sizeOf);
  const side = Math.round(Math.sqrt(rows - 1));
  return rows === h * w + 1 ? [h, w] : [side, side];
}

// biome-ignore format: a rule
/** @type {import('../options/table.js').Must} */
const WHOLE_GROUPS = ['of a divisor of {C} inputs a group', (_, _values, sizeOf) => sizeOf('C') % sizeOf('I') === 0];

// biome-ignore format: tables, a line an entry
export const networks = {
  attentionPoolTable: encoding({
    summary: "CLIP's attention pool: the mean of the cells becomes a token in front, each token gets its row of a learned table, and " +
      'the first attends to all.',
    more: 'Without weights only the tokens are made.',
    formula: '`tokens = [mean(x), x_1 … x_hw] + table`; `output = (softmax(q_0 k^T / sqrt(E/H)) v) W^T + b`.',
    models: "CLIP's ResNets ('clip': another grid is refused), timm's AttentionPool2d ('timm': the table is resampled).",
    source: 'Radford et al. 2021 (arXiv 2103.00020), openai/CLIP `AttentionPool2d`.',
    options: {
      x: floats('[B, C, h, w]', 'the last feature map', { must: [["of the table's grid, or resize true",
        (_x, { from: [h, w], resize }, sizeOf) => resize || (h === sizeOf('h') && w === sizeOf('w')) || h * w !== sizeOf('rows') - 1]] }),
      table: floats('[rows, C] or [1, rows, C]', 'rows = 1 + h0 w0; row 0 belongs to the mean'),
      from: grid('h0 and w0', { default: trainedGrid, optional: "x's grid if it fits, else a square", must: [
        ["two sizes whose product is the table's cells, {rows - 1}", ([h, w], _values, sizeOf) => h * w === sizeOf('rows') - 1],
      ] }),
      resize: off('resample the table for another grid'),
      mode: choose(['bicubic', 'bilinear'], 'as in `resizeTable`'),
      antialias: { ...METHOD.antialias, about: 'as in `resizeTable`' },
      alignCorners: { ...METHOD.alignCorners, about: 'as in `resizeTable`' },
      scaleOffset: { ...METHOD.scaleOffset, about: 'as in `resizeTable`' },
      heads: size('H', { ...POOLED, must: [
        ['a divisor of the width, {E}', (count, _values, sizeOf) => sizeOf('E') % count === 0],
      ] }),
      queryWeight: floats('[E, C]', 'gives the output too, with the others', NONE),
      queryBias: bias('[E]'),
      keyWeight: weight('[E, C]'),
      keyBias: bias('[E]'),
      valueWeight: weight('[E, C]'),
      valueBias: bias('[E]'),
      outputWeight: weight('[O, E]'),
      outputBias: bias('[O]'),
      preset: preset({
        clip: { resize: false },
        timm: { resize: true, mode: 'bicubic', antialias: true },
      }, 'sets resize, mode and antialias'),
    },
    result: {
      tokens: float32('[B, 1 + h w, C]'),
      output: { ...float32('[B, O]', 'null without weights', ({ queryWeight }, { B, O }) => (queryWeight ? [B, O] : null)), nullable: true },
    },
    fill(core, { tokens, output }, { x, table, from, ...o }, { B, C, h, w, E, O }) {
      const rows = allocate(Float32Array, (h * w + 1) * C);
      rows.set(table.subarray(0, C));
      resampleGrid(core, rows.subarray(C), table.subarray(C), from, [h, w], C, o);
      core.invoke('wf_pool_tokens', [{ out: tokens }, x, rows, B, C, h * w]);
      if (!output) return;
      const mean = allocate(Float32Array, B * C);
      for (let b = 0; b < B; b++) mean.set(tokens.subarray(b * (h * w + 1) * C).subarray(0, C), b * C);
      const weights = /** @type {Record<string, any>} */ (o);
      const [query, key, value] = ['query', 'key', 'value'].map((name) =>
        project(core, name === 'query' ? mean : tokens, weights[`${name}Weight`], weights[`${name}Bias`], C));
      const context = allocate(Float32Array, B * E);
      const results = [{ out: allocate(Float32Array, B * o.heads * (h * w + 1)) }, { out: context }];
      const shape = [B, o.heads, 1, h * w + 1, E / o.heads, 0, 0, LAYOUT.BTHD, Math.sqrt(o.heads / E)];
      core.invoke('wf_biased_attention', [...results, query, key, value, null, null, ...shape]);
      core.invoke('wf_project', [{ out: output }, context, o.outputWeight, o.outputBias, B, E, O]);
    },
    example: 'const x = random(1, 2048, 7, 7);\n' +
      'pe.attentionPoolTable({ x, table: random(50, 2048) }).tokens.shape; // [1, 50, 2048]',
  }),
  convolutionalPosition: encoding({
    summary: 'The convolutional position of a sequence: a wide grouped convolution and GELU, which a model adds to its input.',
    formula: '`gelu(conv1d(x) + bias)` with K/2 zeros on both sides, for even K without the last output; of a weight norm ' +
      '`weight = g v / |v|`, the norm over all but the taps.',
    models: 'wav2vec 2.0, HuBERT, WavLM, data2vec-audio (of its one layer).',
    source: 'Baevski et al. 2020 (arXiv 2006.11477); transformers `Wav2Vec2PositionalConvEmbedding`.',
    options: {
      x: floats('[T, C] or [B, T, C]'),
      weight: floats('[C, I, K]', 'I = C / groups', { ...NONE, must: [WHOLE_GROUPS] }),
      direction: floats('[C, I, K]', 'v of a weight norm (`weight_v`, `original1`)', { only: { weight: false }, must: [WHOLE_GROUPS] }),
      length: floats('[1, 1, K] or [C, 1, 1]', 'g (`weight_g`, `original0`); the second for a norm of each output',
        { only: { weight: false } }),
      bias: floats('[C]', '', NONE),
      residual: off('add x'),
    },
    result: {
      output: float32('[T, C]', "or x's shape", (_options, _sizes, { x }) => x),
      weight: float32('[C, I, K]', 'the weight that was applied'),
    },
    fill(core, { output, weight: applied }, o, { B = 1, T, C, I, K }, shapes) {
      const perOutput = Number(shapes.length?.[0] !== 1 || shapes.length[2] !== K);
      if (o.weight) applied.set(o.weight);
      else core.invoke('wf_fold_weight_norm', [{ out: applied }, o.direction, o.length, C, I, K, perOutput]);
      const room = allocate(Float32Array, (C / I) * Math.ceil(I / 8) * 8 * I * K);
      const packed = made(core, 'wf_pack_convolution', room, applied, C, K, C / I);
      const shape = [B, T, C, K, C / I, Number(o.residual)];
      core.invoke('wf_convolutional_position', [{ out: output }, o.x, packed, o.bias, ...shape]);
    },
    example: 'const [direction, length] = [random(768, 48, 128), random(1, 1, 128)];\n' +
      'pe.convolutionalPosition({ x: random(20, 768), direction, length, bias: random(768) }).output.shape; // [20, 768]',
  }),
  conditionalPosition: encoding({
    summary: 'The conditional position of a grid: a depthwise convolution, to which tokens in front are not exposed.',
    formula: '`conv2d(x) + bias`, one filter a channel, k/2 zeros around the grid; with stride 1 plus x.',
    models: "CPVT, Twins ('PEG'), PVTv2 and SegFormer inside their feed-forward layers (without x).",
    source: 'Chu et al. 2021 (arXiv 2102.10882); timm `twins.PosConv`.',
    options: {
      x: floats('[prefix + height width, C] or [B, prefix + height width, C]'),
      height: size('rows of the grid'),
      width: size('columns of the grid'),
      weight: floats('[C, 1, k, k] or [C, k, k]', 'k odd and at most 9', { must: [
        ['of a kernel that is odd and at most 9', (_, _values, sizeOf) => sizeOf('k') % 2 === 1 && sizeOf('k') <= 9],
      ] }),
      bias: floats('[C]', '', NONE),
      stride: size('the grid becomes ceil(height / stride) x ceil(width / stride)', { default: 1 }),
      residual: flag('add x', { default: ({ stride }) => stride === 1, optional: 'true for stride 1, else false', must: [
        ['false with a stride', (residual, { stride }) => !residual || stride === 1],
      ] }),
      prefix: count('class tokens in front, which stay as they are'),
    },
    result: float32('[B, prefix + cells, C]', "of x's axes", ({ height, width, stride, prefix }, { C }, { x }) =>
      [...x.slice(0, -2), prefix + Math.ceil(height / stride) * Math.ceil(width / stride), C]),
    fill(core, out, { x, height, width, prefix, ...o }, { B = 1, C, k }) {
      for (let b = 0; b < B; b++) {
        const part = (/** @type {Float32Array} */ all) => all.subarray((b * all.length) / B, ((b + 1) * all.length) / B);
        const [to, from] = [part(out), part(x)];
        const [cells, shape] = [from.subarray(prefix * C), [1, height, width, C, k, o.stride, Number(o.residual)]];
        made(core, 'wf_conditional_position', to.subarray(prefix * C), cells, o.weight, o.bias, ...shape);
        to.set(from.subarray(0, prefix * C));
      }
    },
    example: 'const [x, weight, bias] = [random(1, 197, 192), random(192, 1, 3, 3), random(192)];\n' +
      'pe.conditionalPosition({ x, height: 14, width: 14, weight, bias, prefix: 1 }).shape; // [1, 197, 192]',
  }),
};
