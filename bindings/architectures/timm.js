/**
 * ViT and DeiT as timm writes them: `blocks.i.*`, a fused `qkv`, and a config.json that names a model instead of its
 * sizes. What model_args leaves out is read from the shapes; heads cannot be, so they are 64 wide unless the config or
 * the model's name says otherwise. Reference: timm's VisionTransformer and VisionTransformerDistilled.
 */
import { STEM } from '../core/abi.js';
import { ConfigError, UnsupportedError } from '../errors.js';
import { integer, LIMITS } from '../formats/config.js';
import { describe, kind, PRE } from './blueprint.js';
import { nothing, pictures } from './heads.js';
import { layers, pair, single } from './placements.js';
import { imageSize, patches } from './sizes.js';

const PARTS = {
  qkv: 'attn.qkv',
  out: 'attn.proj',
  norm1: 'norm1',
  up: 'mlp.fc1',
  down: 'mlp.fc2',
  norm2: 'norm2',
};
const EPSILON = 1e-6;

/** @param {import('./blueprint.js').TensorList} tensors @param {string} name */
function shapeOf(tensors, name) {
  const shape = tensors.get(name)?.shape;
  if (shape) return shape;
  throw new UnsupportedError(`this timm model has no tensor "${name}"; only plain ViT and DeiT are read`, {
    path: name,
  });
}

/** @type {import('./index.js').Family} */
export const timm = {
  modelTypes: ['timm:vit_*', 'timm:deit_*'],
  blueprint(config, tensors) {
    const args = /** @type {import('./sizes.js').Config} */ (config.model_args ?? {});
    const pretrained = /** @type {{ input_size?: number[] }} */ (config.pretrained_cfg ?? {});
    const pool = args.global_pool ?? config.global_pool;
    if (tensors.has('attn_pool.q.weight') || (pool !== undefined && pool !== 'token')) {
      throw new UnsupportedError(
        `config.json: global_pool "${pool ?? 'map'}" is not supported; expected "token"`,
        { path: 'global_pool', value: pool },
      );
    }
    const [width, channels, down, across] = shapeOf(tensors, 'patch_embed.proj.weight');
    const [inner] = shapeOf(tensors, 'blocks.0.mlp.fc1.weight');
    const depth = [...tensors.keys()].filter((name) => /^blocks\.\d+\.norm1\.weight$/.test(name)).length;
    const usual = Math.max(1, Math.round(width / 64));
    const heads = integer(args, 'num_heads', { min: 1, max: LIMITS.heads, fallback: usual });
    if (width % heads) {
      throw new ConfigError(`num_heads is ${heads}, but must divide the width ${width}`, { value: heads });
    }
    const tokens = ['cls_token', 'dist_token'].filter((name) => tensors.has(name));
    const image = imageSize(args, 'img_size', pretrained.input_size?.[1] ?? 224);
    const stack = Array(depth).fill(kind({ width, heads, inner, norms: PRE, norm_epsilon: EPSILON }));
    const stem = { stem: STEM.PATCHES, ...patches(image, [down, across], channels, tokens.length) };
    const description = describe({ ...stem, width, stack, final_norm: 1, final_norm_epsilon: EPSILON });
    const classifiers = ['head', 'head_dist'].filter((name) => tensors.has(`${name}.weight`));
    const top = (classifiers.length ? pictures(classifiers) : nothing)(description, tensors);
    return {
      description,
      ...top,
      placements: [
        ...tokens.map((name, part) => single(name, 'PREFIX_TABLE', { part })),
        single('pos_embed', 'POSITION_TABLE'),
        ...pair('patch_embed.proj', 'PATCH', { shape: [width, channels, down, across], bias: false }),
        ...layers(description, (i) => `blocks.${i}.`, PARTS, { qkvBias: false }),
        ...pair('norm', 'FINAL_NORM'),
        ...top.placements,
      ],
      tasks: ['image-feature-extraction', ...top.tasks],
      pooling: tokens.length ? 'cls' : 'mean',
      image,
    };
  },
};
