/**
 * Positions by convolution, which sees where the sequence or the grid ends: wav2vec 2.0's and CPVT's. Not here: the
 * convolutions of feature extractors.
 */
import { allocate, Operands } from './operands.js';
import { exclude, partResult } from './options.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/**
 * The weight of the convolution as it is, or folded from a weight norm's direction and length.
 * @param {Instance} core
 * @param {Operands} operands
 * @param {any} options
 * @param {Record<string, number>} sizes
 */
function readWeight(core, operands, options, sizes) {
  const form = ['C', 'I', 'K'];
  if (operands.has('weight')) {
    exclude(operands, ['direction', 'length'], 'left out with weight');
    return operands.floats('weight', [form], sizes);
  }
  const direction = operands.floats('direction', [form], sizes);
  const { C: channels, I: inputs, K: taps } = sizes;
  const length = operands.floats(
    'length',
    [
      [1, 1, taps],
      [channels, 1, 1],
    ],
    sizes,
  );
  const perOutput = options.length.shape[2] === taps && options.length.shape[0] === 1 ? 0 : 1;
  const out = allocate(Float32Array, direction.length);
  core.invoke('wf_fold_weight_norm', [{ out }, direction, length, channels, inputs, taps, perOutput]);
  return out;
}

/**
 * The convolutional position of a sequence: a wide grouped convolution and GELU, which a model adds to its input.
 *
 * Formula: `gelu(conv1d(x) + bias)` with K/2 zeros on both sides, for even K without the last output; of a weight norm
 *   `weight = g v / |v|`, the norm over all but the taps.
 * Models: wav2vec 2.0, HuBERT, WavLM, data2vec-audio (of its one layer).
 * Source: Baevski et al. 2020 (arXiv 2006.11477); transformers `Wav2Vec2PositionalConvEmbedding`.
 *
 * @param {Instance} core
 * @param {object} options `weight`, or `direction` and `length`
 * @param {Tensor} options.x [T, C] or [B, T, C]
 * @param {Tensor} [options.weight] [C, C/groups, K]
 * @param {Tensor} [options.direction] v [C, C/groups, K] of a weight norm (`weight_v`, `original1`)
 * @param {Tensor} [options.length] g [1, 1, K] (`weight_g`, `original0`), or [C, 1, 1] for a norm of each output
 * @param {Tensor} [options.bias] [C]
 * @param {boolean} [options.residual] add x; false by default
 * @param {{ output?: Float32Array | Tensor, weight?: Float32Array | Tensor }} [options.out] filled instead of new memory
 * @returns {{ output: Tensor, weight: Tensor }} float32 of x's shape, and the weight that was applied
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} tensors whose sizes do not fit
 * @example
 * const [direction, length] = [random(768, 48, 128), random(1, 1, 128)];
 * pe.convolutionalPosition({ x: random(20, 768), direction, length, bias: random(768) }).output.shape; // [20, 768]
 */
export function convolutionalPosition(core, options) {
  const name = 'convolutionalPosition';
  const operands = new Operands(name, options, ['x', 'weight', 'direction', 'length', 'bias', 'residual']);
  /** @type {Record<string, number>} */
  const sizes = {};
  const x = operands.floats(
    'x',
    [
      ['T', 'C'],
      ['B', 'T', 'C'],
    ],
    sizes,
  );
  const folded = readWeight(core, operands, options, sizes);
  const { B: batch = 1, T: tokens, C: channels, I: inputs, K: taps } = sizes;
  if (channels % inputs !== 0)
    operands.refuse(
      operands.has('weight') ? 'weight' : 'direction',
      `of a divisor of ${channels} inputs a group`,
      inputs,
    );
  const bias = operands.optionalFloats('bias', [['C']], sizes);
  const residual = operands.flag('residual', false) ? 1 : 0;
  const groups = channels / inputs;
  const packed = allocate(Float32Array, groups * Math.ceil(inputs / 8) * 8 * inputs * taps);
  core.invoke('wf_pack_convolution', [{ out: packed }, folded, channels, taps, groups]);
  const output = partResult(name, options.out, 'output', options.x.shape, (out) => {
    const shape = [batch, tokens, channels, taps, groups, residual];
    core.invoke('wf_convolutional_position', [{ out }, x, packed, bias, ...shape]);
  });
  const weight = partResult(name, options.out, 'weight', [channels, inputs, taps], (out) => out.set(folded));
  return { output, weight };
}

/**
 * The conditional position of a grid: a depthwise convolution, to which tokens in front are not exposed.
 *
 * Formula: `conv2d(x) + bias`, one filter a channel, k/2 zeros around the grid; with stride 1 plus x.
 * Models: CPVT, Twins ('PEG'), PVTv2 and SegFormer inside their feed-forward layers (without x).
 * Source: Chu et al. 2021 (arXiv 2102.10882); timm `twins.PosConv`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.x [B, prefix + height width, C] or [prefix + height width, C]
 * @param {number} options.height rows of the grid
 * @param {number} options.width columns of the grid
 * @param {Tensor} options.weight [C, 1, k, k] or [C, k, k], k odd and at most 9
 * @param {Tensor} [options.bias] [C]
 * @param {number} [options.stride] 1 by default; the grid becomes ceil(height / stride) x ceil(width / stride)
 * @param {boolean} [options.residual] add x; true for stride 1, else false, by default
 * @param {number} [options.prefix] class tokens in front, which stay as they are; 0 by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32 of x's axes
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} tensors whose sizes do not fit
 * @example
 * const [x, weight, bias] = [random(1, 197, 192), random(192, 1, 3, 3), random(192)];
 * pe.conditionalPosition({ x, height: 14, width: 14, weight, bias, prefix: 1 }).shape; // [1, 197, 192]
 */
export function conditionalPosition(core, options) {
  const known = 'x height width weight bias stride residual prefix'.split(' ');
  const operands = new Operands('conditionalPosition', options, known);
  const [height, width] = [operands.integer('height'), operands.integer('width')];
  const prefix = operands.integer('prefix', { min: 0, fallback: 0 });
  const tokens = prefix + height * width;
  /** @type {Record<string, number>} */
  const sizes = {};
  const x = operands.floats(
    'x',
    [
      [tokens, 'C'],
      ['B', tokens, 'C'],
    ],
    sizes,
  );
  const weight = operands.floats(
    'weight',
    [
      ['C', 1, 'k', 'k'],
      ['C', 'k', 'k'],
    ],
    sizes,
  );
  const { B: batch = 1, C: channels, k: kernel } = sizes;
  if (kernel % 2 === 0 || kernel > 9)
    operands.refuse('weight', 'of a kernel that is odd and at most 9', kernel);
  const bias = operands.optionalFloats('bias', [['C']], sizes);
  const stride = operands.integer('stride', { fallback: 1 });
  const residual = operands.flag('residual', stride === 1);
  if (residual && stride !== 1) operands.refuse('residual', 'false with a stride', residual);
  const cells = Math.ceil(height / stride) * Math.ceil(width / stride);
  const shape = [...options.x.shape.slice(0, -2), prefix + cells, channels];
  return operands.result(shape, 'float32', (out) => {
    for (let b = 0; b < batch; b++) {
      const from = x.subarray(b * tokens * channels, (b + 1) * tokens * channels);
      const to = out.subarray(b * (prefix + cells) * channels, (b + 1) * (prefix + cells) * channels);
      const grid = [1, height, width, channels, kernel, stride, residual ? 1 : 0];
      const inner = { out: to.subarray(prefix * channels) };
      core.invoke('wf_conditional_position', [
        inner,
        from.subarray(prefix * channels),
        weight,
        bias,
        ...grid,
      ]);
      to.set(from.subarray(0, prefix * channels));
    }
  });
}
