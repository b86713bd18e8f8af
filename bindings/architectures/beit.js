/**
 * BEiT and Data2Vec-vision (`model_type: beit, data2vec-vision`): ViT with biases by the offset of two patches, of each layer or
 * shared by all, layer scale, and a norm over the mean of patches. Reference: transformers' BeitModel, Data2VecVisionModel and
 * their heads for image classification.
 */
import { BIAS, FINAL_NORM, POOL } from '../core/abi.js';
import { UnsupportedError } from '../errors.js';
import { boolean, number } from '../formats/config.js';
import { kind, PRE } from './blueprint.js';
import { byClass, pooled, pooler, sequence, tokens } from './heads.js';
import { VIT_PARTS } from './layer_placements.js';
import { patchFamily } from './patch_family.js';
import { single } from './placements.js';
import { architectureOf, BASE, imageSize } from './sizes.js';

const TABLE = 'relative_position_bias.relative_position_bias_table';
const LAYER = 'encoder.layer.#.';

/** Whether a config says yes to what the class does not do by default. @param {import('./sizes.js').Config} config @param {string} key */
const asks = (config, key) => boolean(config, key, { fallback: false });

/** Of each patch, logits of the words that stand for pictures. It has no pipeline in transformers. */
const words = tokens([{ module: 'layernorm', bare: true }, { module: 'lm_head' }]);
/** @type {import('./heads.js').HeadOf} */
const masked = Object.assign(
  (/** @type {Parameters<typeof words>} */ ...made) => {
    const top = words(...made);
    return { ...top, outputs: top.outputs.map((output) => ({ ...output, skip: 1 })), tasks: [] };
  },
  { marks: words.marks },
);

/** @param {import('./sizes.js').Config} config */
const pools = (config) => boolean(config, 'use_mean_pooling', { fallback: true });

export const beit = patchFamily({
  modelTypes: ['beit', 'data2vec-vision'],
  classes: ['Beit', 'Data2VecVision'],
  sizes: { ...BASE, channels: ['num_channels', 3] },
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-12],
  keys: {
    read: [
      ...['image_size', 'patch_size', 'use_absolute_position_embeddings', 'use_relative_position_bias'],
      ...['use_shared_relative_position_bias', 'use_mean_pooling', 'layer_scale_init_value'],
    ],
    fixed: {},
    harmless: [
      ...['attention_probs_dropout_prob', 'drop_path_rate', 'hidden_dropout_prob', 'use_mask_token'],
      'tie_word_embeddings',
      // Of the classes that segment, that give maps of features, and that learn.
      ...['add_fpn', 'auxiliary_channels', 'auxiliary_concat_input', 'auxiliary_loss_weight'],
      ...['auxiliary_num_convs', 'out_features', 'out_indices', '_out_features', '_out_indices'],
      ...['pool_scales', 'reshape_hidden_states', 'semantic_loss_ignore_index', 'stage_names'],
      ...['use_auxiliary_head', 'vocab_size'],
    ],
  },
  harmless: [
    ...[
      'embeddings.mask_token',
      'pooler.',
      `${LAYER}attention.attention.relative_position_bias.relative_position_index`,
    ],
    'encoder.relative_position_bias.relative_position_index',
  ],
  prefixes: ['', 'beit.', 'data2vec_vision.'],
  positions: 'embeddings.position_embeddings',
  projection: 'embeddings.patch_embeddings.projection',
  layer: LAYER,
  parts: { ...VIT_PARTS, scale1: 'lambda_1', scale2: 'lambda_2' },
  norm: 'layernorm',
  read(config, _, { layers, channels, ...own }) {
    const [image, patch] = [imageSize(config, 'image_size', 224), imageSize(config, 'patch_size', 16)];
    const [each, shared] = [
      asks(config, 'use_relative_position_bias'),
      asks(config, 'use_shared_relative_position_bias'),
    ];
    if (each && shared) {
      const path = 'use_shared_relative_position_bias';
      throw new UnsupportedError(
        `config: ${path} is true beside use_relative_position_bias; one of them is supported`,
        {
          path,
          value: true,
        },
      );
    }
    const scaled = number(config, 'layer_scale_init_value', { fallback: 0.1 }) > 0 ? 1 : 0;
    const [rows, columns] = image.map((side, axis) => Math.floor(side / patch[axis]));
    const bias = each || shared ? { bias: BIAS.DENSE, bias_buckets: rows, bias_reach: columns } : {};
    const tables = Array.from({ length: each ? layers : 1 }, (_, index) => {
      const at = shared ? 'encoder.' : `${LAYER.replace('#', String(index))}attention.attention.`;
      return single(at + TABLE, 'DENSE_TABLE', { index });
    });
    return {
      ...{ image, patch, channels },
      biases: { qkv: true, key: false },
      tokens: [['embeddings.cls_token', 1]],
      positions: asks(config, 'use_absolute_position_embeddings'),
      stack: Array(layers).fill(
        kind(/** @type {any} */ ({ ...own, ...bias, norms: PRE, layer_scale: scaled })),
      ),
      finalNorm: pools(config) ? FINAL_NORM.NONE : FINAL_NORM.ROWS,
      placements: each || shared ? tables : [],
      ...(pools(config) && { pooling: /** @type {const} */ ('mean') }),
      more: { places: 'square', ...(pools(config) && { skip: 1 }) },
      model: shared ? { layer_bias: Array(layers).fill(0) } : {},
    };
  },
  top({ config, prefix }) {
    const class_ = architectureOf(config);
    if (class_.endsWith('ForSemanticSegmentation')) {
      const message = `config: architectures names ${class_}, whose decoder is made of convolutions; expected a class without it`;
      throw new UnsupportedError(message, { path: 'architectures', value: class_ });
    }
    const task = 'image-classification';
    const norm = { module: `${prefix}pooler.layernorm`, bare: true, pooler: true };
    const options = { pooling: POOL.MEAN, skip: 1 };
    const classes = pools(config)
      ? sequence([norm, { module: 'classifier' }], { ...options, task })
      : sequence([{ module: 'classifier' }], { task });
    return byClass(
      config,
      { ForImageClassification: classes, ForMaskedImageModeling: masked },
      pools(config) ? pooler(norm, options) : pooled(POOL.FIRST),
    );
  },
});
