/**
 * timm's Vision Transformers: `blocks.i.*`, a fused `qkv`, and a config.json that names an architecture instead of its
 * sizes. Depth, patches, widths, and whether layers have scales and norms of heads stand in the file's tensors; all else in
 * the table by architecture and in model_args (timm_args.js). Reference: timm's VisionTransformer and VisionTransformerDistilled.
 */
import { FINAL_NORM, POOL } from '../core/abi.js';
import { ConfigError, ShapeError, UnsupportedError } from '../errors.js';
import { integer, LIMITS } from '../formats/config.js';
import { attentionPool, poolKind } from './attention_pool.js';
import { kind, PRE } from './blueprint.js';
import { both, nothing, pictures, pooled, sequence } from './heads.js';
import { patchFamily } from './patch_family.js';
import { pair } from './placements.js';
import { imageSize } from './sizes.js';
import { ACTIVATIONS, labelsOf, pretrainedOf, readArgs } from './timm_args.js';

/**
 * @typedef {import('./blueprint.js').TensorList} TensorList
 * @typedef {import('./sizes.js').Config} Config
 * @typedef {import('./timm_args.js').Args} Args
 * @typedef {[height: number, width: number]} Size
 */

/** @param {TensorList} tensors @param {string} name */
function shapeOf(tensors, name) {
  const shape = tensors.get(name)?.shape;
  if (shape) return shape;
  const message = `the file has no tensor "${name}", which every Vision Transformer of timm has`;
  throw new UnsupportedError(message, { path: name });
}

/**
 * The sizes that shapes tell; where model_args say them too they must be the same.
 * @param {TensorList} tensors
 * @param {Record<string, any>} own
 */
function sizesOf(tensors, own) {
  const [width, channels, ...patch] = shapeOf(tensors, 'patch_embed.proj.weight');
  const [inner] = shapeOf(tensors, 'blocks.0.mlp.fc1.weight');
  const depth = [...tensors.keys()].filter((name) => /^blocks\.\d+\.norm1\.weight$/.test(name)).length;
  const told = { embed_dim: width, in_chans: channels, depth, patch_size: patch };
  for (const [key, found] of Object.entries(told)) {
    if (own[key] === undefined || String(own[key]) === String(found)) continue;
    const message = `model_args.${key} is ${own[key]}, but the file's tensors are of ${found}`;
    throw new ShapeError(message, { path: key, value: own[key] });
  }
  if (own.mlp_ratio !== undefined && Math.trunc(width * own.mlp_ratio) !== inner) {
    const message = `model_args.mlp_ratio is ${own.mlp_ratio}, but the file's layers have ${width} and ${inner} columns`;
    throw new ShapeError(message, { path: 'mlp_ratio', value: own.mlp_ratio });
  }
  return { width, channels, patch: /** @type {Size} */ (patch), inner, depth };
}

/**
 * The heads that the arguments say. A file narrower or wider than its architecture, without a word in model_args, has heads
 * as wide as the architecture's.
 * @param {Args} args
 * @param {Record<string, any>} own
 * @param {number} width
 */
function headsOf({ embed_dim: named, num_heads: count }, own, width) {
  const across = named / count;
  const scaled = width === named || own.num_heads !== undefined ? count : Math.max(1, width / across);
  if (Number.isInteger(scaled) && width % scaled === 0) return scaled;
  const message = `the file is ${width} wide, and its architecture's ${count} heads do not fit; expected num_heads in model_args`;
  throw new ConfigError(message, { path: 'num_heads', value: count });
}

/**
 * The size of images that the model is built for, and the one whose positions the file has. They differ where timm resamples
 * the table when it loads a file.
 * @param {Config} config
 * @param {Args} args
 * @param {Record<string, any>} own
 * @param {Size} patch
 * @param {number} cells rows of the table behind the prefix
 * @returns {{ built: Size, image: Size }}
 */
function imageOf(config, { img_size: usual, dynamic_img_size: dynamic }, own, patch, cells) {
  const grid = (/** @type {Size} */ [height, width]) =>
    Math.floor(height / patch[0]) * Math.floor(width / patch[1]);
  const { input_size: input, fixed_input_size: fixed } = pretrainedOf(config);
  const sizes = own.img_size ? [own.img_size] : [usual];
  if (!own.img_size && Array.isArray(input)) sizes[fixed === false ? 'push' : 'unshift'](input.slice(1));
  const known = sizes.map((size) => imageSize({ img_size: size }, 'img_size', 224));
  const fits = known.find((size) => grid(size) === cells);
  if (fits) return { built: fits, image: fits };
  const side = Math.sqrt(cells);
  const other = /^(flexivit|.*radio)/.test(String(config.architecture));
  if (dynamic || other || !Number.isInteger(side)) {
    const message = `pos_embed has ${cells} rows for patches; an image of ${known[0].join(' x ')} pixels has ${grid(known[0])} patches`;
    throw new ShapeError(message, { path: 'pos_embed', value: cells });
  }
  return { built: known[0], image: [side * patch[0], side * patch[1]] };
}

/** The prefix in its order. @param {Args} args @returns {[string, number][]} */
function tokensOf({ class_token: hasClass, distilled, reg_tokens: registers }) {
  return [
    ...(hasClass ? [/** @type {[string, number]} */ (['cls_token', 1])] : []),
    ...(distilled ? [/** @type {[string, number]} */ (['dist_token', 1])] : []),
    ...(registers ? [/** @type {[string, number]} */ (['reg_token', registers])] : []),
  ];
}

const POOLINGS = /** @type {const} */ ({
  token: ['cls', POOL.FIRST],
  avg: ['mean', POOL.MEAN],
  max: ['max', POOL.MAX],
  map: ['pooler', POOL.ATTENTION],
});

/** @param {string} name a key of POOLINGS */
const poolingOf = (name) => POOLINGS[/** @type {keyof typeof POOLINGS} */ (name)];

/** AttentionPoolLatent. @type {import('./heads.js').TopOf} */
const attentionPooled = (description) => {
  const { width } = description;
  const names = { probe: 'latent', out: 'proj', norm: 'norm', up: 'mlp.fc1', down: 'mlp.fc2' };
  const named = Object.entries(names).map(([part, name]) => [part, `attn_pool.${name}`]);
  return attentionPool(description, Object.fromEntries(named), (index) => [
    ...pair('attn_pool.q', 'QKV', { index, part: 'query' }),
    ...pair('attn_pool.kv', 'QKV', { index, part: [width, 2 * width] }),
  ]);
};

const family = patchFamily({
  modelTypes: [
    'timm:vit_*',
    'timm:deit_*',
    'timm:deit3_*',
    'timm:flexivit_*',
    'timm:eva_large_*',
    'timm:test_vit*',
  ],
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
    queryNorm: 'attn.q_norm',
    keyNorm: 'attn.k_norm',
    scale1: 'ls1.gamma',
    scale2: 'ls2.gamma',
  },
  norm: 'norm',
  read(config, tensors) {
    const { args, own } = readArgs(config);
    const { width, channels, patch, inner, depth } = sizesOf(tensors, own);
    const tokens = tokensOf(args);
    const prefix = tokens.reduce((sum, [, rows]) => sum + rows, 0);
    const placed = args.no_embed_class ? 0 : prefix;
    const cells = (shapeOf(tensors, 'pos_embed').at(-2) ?? 0) - placed;
    const { built, image } = imageOf(config, args, own, patch, cells);
    const one = kind({
      ...{ width, inner, heads: headsOf(args, own, width), norms: PRE, norm_epsilon: args.eps },
      ...{ activation: ACTIVATIONS[args.act_layer] },
      head_norm: (own.qk_norm ?? tensors.has('blocks.0.attn.q_norm.weight')) ? 1 : 0,
      layer_scale: (own.layer_scale ?? tensors.has('blocks.0.ls1.gamma')) ? 1 : 0,
    });
    const normed = args.fc_norm ?? ['avg', 'max'].includes(args.global_pool);
    return {
      ...{ image, patch, channels, tokens, placed, stack: Array(depth).fill(one) },
      ...(args.global_pool === 'map' && { poolKind: poolKind(one) }),
      finalNorm: args.final_norm ? (normed ? FINAL_NORM.POOLED : FINAL_NORM.ROWS) : FINAL_NORM.NONE,
      norm: normed ? 'fc_norm' : 'norm',
      ...(args.pre_norm && { embeddingNorm: 'norm_pre' }),
      pooling: poolingOf(args.global_pool)[0],
      more: {
        ...(args.global_pool !== 'token' && !args.pool_include_prefix && { skip: prefix }),
        ...(!args.class_token && prefix > 0 && { classToken: false }),
        resample: { mode: 'bicubic', antialias: true },
        accepts: args.dynamic_img_size ? { multiple: patch } : { exact: built },
        labels: labelsOf(config),
      },
    };
  },
  top({ config, tensors, read }) {
    const pooling = poolingOf(readArgs(config).args.global_pool)[1];
    const isDistilled = read.tokens.some(([name]) => name === 'dist_token');
    const classes = classesOf(config, tensors);
    const alone = pooling === POOL.ATTENTION ? attentionPooled : pooled(pooling);
    // Without classes a forward gives what they would be made of.
    if (!classes)
      return isDistilled ? nothing : (...given) => ({ ...alone(...given), logits: ['pooler_output'] });
    if (isDistilled) return pictures(['head', 'head_dist']);
    const top = sequence([{ module: 'head' }], { pooling, task: 'image-classification' });
    return pooling === POOL.ATTENTION ? both(attentionPooled, top) : top;
  },
});

/** Classes of the head, 0 for none. @param {Config} config @param {TensorList} tensors */
function classesOf(config, tensors) {
  const found = tensors.get('head.weight')?.shape[0] ?? 0;
  const args = /** @type {Config} */ (config.model_args ?? {});
  const told = [args, config, pretrainedOf(config)].find((one) => (one.num_classes ?? null) !== null);
  const classes = told ? integer(told, 'num_classes', { max: LIMITS.vocabulary }) : found;
  if (!found || !classes || classes === found) return classes;
  const message = `num_classes in the configuration is ${classes}, but the file's head has ${found} classes`;
  throw new ShapeError(message, { path: 'num_classes', value: classes });
}

/** What timm leaves out when it reads a file: SigLIP's pooling where a model pools without it. @param {string} architecture */
const leftOut = (architecture) => (/siglip/.test(architecture) ? /^attn_pool\./ : /^$/);

/** @type {import('./index.js').Family} */
export const timm = {
  modelTypes: family.modelTypes,
  blueprint(config, tensors, path) {
    const made = family.blueprint(config, tensors, path);
    const placed = new Set(made.placements.flatMap(({ names }) => names));
    const harmless = leftOut(String(config.architecture));
    for (const name of tensors.keys()) {
      if (placed.has(name) || harmless.test(name)) continue;
      const message = `${path} has the tensor "${name}", which timm's ${config.architecture} with these model_args does not have`;
      throw new UnsupportedError(message, { path, value: name });
    }
    return made;
  },
};
