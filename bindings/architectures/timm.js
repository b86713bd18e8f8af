/**
 * ViT and DeiT as timm writes them: `blocks.i.*`, a fused `qkv`, and a config.json that names a model instead of its
 * sizes. What model_args leaves out is read from the shapes; heads cannot be, so they are 64 wide unless the config or
 * the model's name says otherwise. Reference: timm's VisionTransformer and VisionTransformerDistilled.
 */
import { PLACE, POOL, SLOT, STEM } from '../core/abi.js';
import { ConfigError, UnsupportedError } from '../errors.js';
import { integer, LIMITS } from '../formats/config.js';
import { describe, head, headPlacements, imageSize, layer, pair, single } from './blueprint.js';
import { meanOf } from './vit.js';

/** @typedef {import('./blueprint.js').Blueprint} Blueprint */

const PARTS = { out: 'attn.proj', norm1: 'norm1', up: 'mlp.fc1', down: 'mlp.fc2', norm2: 'norm2' };
const EPSILON = 1e-6;

/** @param {import('./blueprint.js').TensorList} tensors @param {string} name */
function shapeOf(tensors, name) {
  const shape = tensors.get(name)?.shape;
  if (shape) return shape;
  throw new UnsupportedError(`this timm model has no tensor "${name}"; only plain ViT and DeiT are read`, {
    path: name,
  });
}

/**
 * @param {import('../formats/config.js').Config} config
 * @param {import('./blueprint.js').TensorList} tensors
 */
function sizes(config, tensors) {
  const args = /** @type {import('../formats/config.js').Config} */ (config.model_args ?? {});
  const pretrained = /** @type {{ input_size?: number[] }} */ (config.pretrained_cfg ?? {});
  const [width, channels, down, across] = shapeOf(tensors, 'patch_embed.proj.weight');
  const [feedForward] = shapeOf(tensors, 'blocks.0.mlp.fc1.weight');
  const layers = [...tensors.keys()].filter((name) => /^blocks\.\d+\.norm1\.weight$/.test(name)).length;
  const heads = integer(args, 'num_heads', {
    min: 1,
    max: LIMITS.heads,
    fallback: Math.max(1, Math.round(width / 64)),
  });
  if (width % heads)
    throw new ConfigError(`num_heads is ${heads}, but must divide the width ${width}`, { value: heads });
  const prefix = ['cls_token', 'dist_token'].filter((name) => tensors.has(name)).length;
  const image = imageSize(args, 'img_size', pretrained.input_size?.[1] ?? 224);
  return {
    image,
    description: describe({
      stem: STEM.PATCHES,
      place: PLACE.PRE,
      width,
      layers,
      heads,
      feed_forward: feedForward,
      norm_epsilon: EPSILON,
      positions: prefix + Math.floor(image[0] / down) * Math.floor(image[1] / across),
      channels,
      patch_height: down,
      patch_width: across,
      prefix,
      prefix_positions: 1,
      final_norm: 1,
    }),
  };
}

/**
 * @param {Blueprint['description']} d
 * @param {import('./blueprint.js').TensorList} tensors
 * @returns {Pick<Blueprint, 'outputs' | 'placements' | 'combine'>}
 */
function heads(d, tensors) {
  const names = ['head', 'head_dist'].filter((name) => tensors.has(`${name}.weight`));
  d.head = names.map((name) => head({ inputs: d.width, outputs: shapeOf(tensors, `${name}.weight`)[0] }));
  const placements = names.flatMap((name, i) => headPlacements(name, i, d.head[i]));
  if (names.length < 2) {
    const outputs = names.map(() => ({ name: 'logits', pool: POOL.FIRST, heads: [0] }));
    return { placements, outputs };
  }
  return {
    placements,
    outputs: [
      { name: 'cls_logits', pool: POOL.FIRST, heads: [0] },
      { name: 'distillation_logits', pool: POOL.FIRST, token: 1, heads: [1] },
    ],
    combine: meanOf('cls_logits', 'distillation_logits'),
  };
}

/** @type {import('./index.js').Family} */
export const timm = {
  modelTypes: ['timm:vit_*', 'timm:deit_*'],
  blueprint(config, tensors) {
    const args = /** @type {{ global_pool?: string } | undefined} */ (config.model_args);
    const pool = args?.global_pool ?? config.global_pool;
    if (tensors.has('attn_pool.q.weight') || (pool !== undefined && pool !== 'token')) {
      throw new UnsupportedError(
        `config.json: global_pool "${pool ?? 'map'}" is not supported; expected "token"`,
        {
          path: 'global_pool',
          value: pool,
        },
      );
    }
    const { description, image } = sizes(config, tensors);
    const {
      width,
      layers,
      positions,
      prefix,
      channels,
      patch_height: down,
      patch_width: across,
    } = description;
    const top = heads(description, tensors);
    return {
      description,
      placements: [
        ...['cls_token', 'dist_token']
          .slice(0, prefix)
          .map((name, i) => single(name, SLOT.PREFIX_TABLE, [1, width], { first: i * width })),
        single('pos_embed', SLOT.POSITION_TABLE, [positions, width]),
        single('patch_embed.proj.weight', SLOT.PATCH_WEIGHT, [width, channels, down, across]),
        single('patch_embed.proj.bias', SLOT.PATCH_BIAS, [width], { required: false }),
        ...Array.from({ length: layers }, (_, i) => [
          ...pair(`blocks.${i}.attn.qkv`, [SLOT.QKV_WEIGHT, SLOT.QKV_BIAS], {
            index: i,
            shape: [3 * width, width],
            bias: false,
          }),
          ...layer(`blocks.${i}.`, i, PARTS, description),
        ]).flat(),
        ...pair('norm', [SLOT.FINAL_NORM_WEIGHT, SLOT.FINAL_NORM_BIAS], { shape: [width] }),
        ...top.placements,
      ],
      outputs: top.outputs,
      combine: top.combine,
      tasks: ['image-feature-extraction', ...(top.outputs.length ? ['image-classification'] : [])],
      pooling: prefix ? 'cls' : 'mean',
      image,
    };
  },
};
