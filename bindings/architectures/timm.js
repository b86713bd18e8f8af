/**
 * ViT and DeiT as timm writes them: `blocks.i.*`, a fused `qkv`, and a config.json that names a model instead of its
 * sizes. What model_args leaves out is read from the shapes; heads cannot be, so they are 64 wide unless the config or
 * the model's name says otherwise. Reference: timm's VisionTransformer and VisionTransformerDistilled.
 */
import { ConfigError, UnsupportedError } from '../errors.js';
import { integer, LIMITS } from '../formats/config.js';
import { kind, PRE } from './blueprint.js';
import { nothing, pictures } from './heads.js';
import { patchFamily } from './patch_family.js';
import { imageSize } from './sizes.js';

/** @param {import('./blueprint.js').TensorList} tensors @param {string} name */
function shapeOf(tensors, name) {
  const shape = tensors.get(name)?.shape;
  if (shape) return shape;
  throw new UnsupportedError(`this timm model has no tensor "${name}"; only plain ViT and DeiT are read`, {
    path: name,
  });
}

export const timm = patchFamily({
  modelTypes: ['timm:vit_*', 'timm:deit_*'],
  prefixes: [''],
  positions: 'pos_embed',
  projection: 'patch_embed.proj',
  layer: 'blocks.#.',
  parts: {
    qkv: 'attn.qkv',
    out: 'attn.proj',
    norm1: 'norm1',
    up: 'mlp.fc1',
    down: 'mlp.fc2',
    norm2: 'norm2',
  },
  norm: 'norm',
  read(config, tensors) {
    const args = /** @type {import('./sizes.js').Config} */ (config.model_args ?? {});
    const pretrained = /** @type {{ input_size?: number[] }} */ (config.pretrained_cfg ?? {});
    const value = args.global_pool ?? config.global_pool;
    if (tensors.has('attn_pool.q.weight') || (value !== undefined && value !== 'token')) {
      const message = `config.json: global_pool "${value ?? 'map'}" is not supported; expected "token"`;
      throw new UnsupportedError(message, { path: 'global_pool', value });
    }
    const [width, channels, ...patch] = shapeOf(tensors, 'patch_embed.proj.weight');
    const [inner] = shapeOf(tensors, 'blocks.0.mlp.fc1.weight');
    const depth = [...tensors.keys()].filter((name) => /^blocks\.\d+\.norm1\.weight$/.test(name)).length;
    const usual = Math.max(1, Math.round(width / 64));
    const heads = integer(args, 'num_heads', { min: 1, max: LIMITS.heads, fallback: usual });
    if (width % heads) {
      throw new ConfigError(`num_heads is ${heads}, but must divide the width ${width}`, { value: heads });
    }
    const tokens = ['cls_token', 'dist_token'].filter((name) => tensors.has(name));
    return {
      image: imageSize(args, 'img_size', pretrained.input_size?.[1] ?? 224),
      patch: /** @type {[number, number]} */ (patch),
      channels,
      tokens,
      stack: Array(depth).fill(kind({ width, heads, inner, norms: PRE, norm_epsilon: 1e-6 })),
      pooling: tokens.length ? 'cls' : 'mean',
    };
  },
  top({ tensors }) {
    const classifiers = ['head', 'head_dist'].filter((name) => tensors.has(`${name}.weight`));
    return classifiers.length ? pictures(classifiers) : nothing;
  },
});
