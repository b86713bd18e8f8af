/**
 * ViT and DeiT (`model_type: vit, deit`): patches with learned positions and one or two prefix tokens, pre-norm.
 * Reference: transformers' ViTModel, DeiTModel and their heads for image classification.
 */
import { ACTIVATION, PLACE, POOL, SLOT, STEM } from '../core/abi.js';
import { integer, LIMITS, number, oneOf } from '../formats/config.js';
import { Tensor } from '../tensor.js';
import { findPrefix } from './bind.js';
import {
  ACTIVATION_NAMES,
  activationOf,
  architectureOf,
  describe,
  head,
  headCount,
  headPlacements,
  imageSize,
  layer,
  pair,
  single,
} from './blueprint.js';

/** @typedef {import('./blueprint.js').Blueprint} Blueprint */

const PARTS = {
  query: 'attention.attention.query',
  key: 'attention.attention.key',
  value: 'attention.attention.value',
  out: 'attention.output.dense',
  norm1: 'layernorm_before',
  up: 'intermediate.dense',
  down: 'output.dense',
  norm2: 'layernorm_after',
};

/**
 * @param {import('../formats/config.js').Config} config
 * @param {number} prefix
 */
function sizes(config, prefix) {
  const width = integer(config, 'hidden_size', { min: 1, max: LIMITS.hidden, fallback: 768 });
  const image = imageSize(config, 'image_size', 224);
  const [down, across] = imageSize(config, 'patch_size', 16);
  const description = describe({
    stem: STEM.PATCHES,
    place: PLACE.PRE,
    width,
    layers: integer(config, 'num_hidden_layers', { min: 1, max: LIMITS.layers, fallback: 12 }),
    heads: headCount(config, 'num_attention_heads', width, 12),
    feed_forward: integer(config, 'intermediate_size', { min: 1, max: LIMITS.feedForward, fallback: 3072 }),
    activation: activationOf(oneOf(config, 'hidden_act', ACTIVATION_NAMES, { fallback: 'gelu' })),
    norm_epsilon: number(config, 'layer_norm_eps', { min: 0, max: 1, fallback: 1e-12 }),
    positions: prefix + Math.floor(image[0] / down) * Math.floor(image[1] / across),
    channels: integer(config, 'num_channels', { min: 1, max: 16, fallback: 3 }),
    patch_height: down,
    patch_width: across,
    prefix,
    prefix_positions: 1,
    final_norm: 1,
  });
  return { description, image };
}

/**
 * @param {Blueprint['description']} d
 * @param {import('../formats/config.js').Config} config
 * @param {import('./blueprint.js').TensorList} tensors
 * @param {string} prefix
 * @returns {Pick<Blueprint, 'outputs' | 'placements' | 'tasks' | 'combine'>}
 */
function heads(d, config, tensors, prefix) {
  const architecture = architectureOf(config);
  const labels = (/** @type {string} */ name) =>
    head({ inputs: d.width, outputs: tensors.get(`${name}.weight`)?.shape[0] ?? 1 });
  if (architecture.endsWith('ForImageClassificationWithTeacher')) {
    d.head = [labels('cls_classifier'), labels('distillation_classifier')];
    return {
      placements: [
        ...headPlacements('cls_classifier', 0, d.head[0]),
        ...headPlacements('distillation_classifier', 1, d.head[1]),
      ],
      outputs: [
        { name: 'cls_logits', pool: POOL.FIRST, heads: [0] },
        { name: 'distillation_logits', pool: POOL.FIRST, token: 1, heads: [1] },
      ],
      combine: meanOf('cls_logits', 'distillation_logits'),
      tasks: ['image-classification'],
    };
  }
  if (architecture.endsWith('ForImageClassification')) {
    d.head = [labels('classifier')];
    return {
      placements: headPlacements('classifier', 0, d.head[0]),
      outputs: [{ name: 'logits', pool: POOL.FIRST, heads: [0] }],
      tasks: ['image-classification'],
    };
  }
  if (!tensors.has(`${prefix}pooler.dense.weight`)) return { placements: [], outputs: [], tasks: [] };
  const act = oneOf(config, 'pooler_act', ACTIVATION_NAMES, { fallback: 'tanh' });
  const outputs = tensors.get(`${prefix}pooler.dense.weight`)?.shape[0] ?? d.width;
  d.head = [head({ inputs: d.width, outputs, activation: activationOf(act) ?? ACTIVATION.TANH })];
  return {
    placements: headPlacements(`${prefix}pooler.dense`, 0, d.head[0]),
    outputs: [{ name: 'pooler_output', pool: POOL.FIRST, heads: [0] }],
    tasks: [],
  };
}

/**
 * Logits that are the mean of two classifiers'.
 * @param {string} first
 * @param {string} second
 * @returns {NonNullable<Blueprint['combine']>}
 */
export const meanOf = (first, second) => (outputs) => {
  const [a, b] = [outputs[first], outputs[second]];
  const values = /** @type {Float32Array} */ (a.data);
  const mean = values.map((value, i) => (value + Number(b.data[i])) / 2);
  return { logits: new Tensor('float32', mean, a.shape) };
};

/** @type {import('./index.js').Family} */
export const vit = {
  modelTypes: ['vit', 'deit'],
  blueprint(config, tensors, path) {
    const isDeit = config.model_type === 'deit';
    const { description, image } = sizes(config, isDeit ? 2 : 1);
    const { width, layers, positions, channels, patch_height: down, patch_width: across } = description;
    const prefix = findPrefix(tensors, ['', 'vit.', 'deit.'], 'embeddings.cls_token', path);
    const top = heads(description, config, tensors, prefix);
    const patches = `${prefix}embeddings.patch_embeddings.projection`;
    return {
      description,
      placements: [
        single(`${prefix}embeddings.cls_token`, SLOT.PREFIX_TABLE, [1, width]),
        ...(isDeit
          ? [
              single(`${prefix}embeddings.distillation_token`, SLOT.PREFIX_TABLE, [1, width], {
                first: width,
              }),
            ]
          : []),
        single(`${prefix}embeddings.position_embeddings`, SLOT.POSITION_TABLE, [positions, width]),
        single(`${patches}.weight`, SLOT.PATCH_WEIGHT, [width, channels, down, across]),
        single(`${patches}.bias`, SLOT.PATCH_BIAS, [width], { required: false }),
        ...Array.from({ length: layers }, (_, i) =>
          layer(`${prefix}encoder.layer.${i}.`, i, PARTS, description, { qkvBias: false }),
        ).flat(),
        ...pair(`${prefix}layernorm`, [SLOT.FINAL_NORM_WEIGHT, SLOT.FINAL_NORM_BIAS], { shape: [width] }),
        ...top.placements,
      ],
      outputs: top.outputs,
      combine: top.combine,
      tasks: ['image-feature-extraction', ...top.tasks],
      pooling: 'cls',
      image,
    };
  },
};
