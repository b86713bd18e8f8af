/**
 * timm's Swin and SwinV2: `layers.i.blocks.j.*`, a fused `qkv`, and merging at the beginning of a stage. Depths, widths, heads and
 * Swin's windows stand in the file's tensors, SwinV2's windows in the architecture's name or in model_args. Reference: timm's
 * SwinTransformer and SwinTransformerV2.
 */
import { NORM_FORM, NORM_PLACES, POOL } from '../core/abi.js';
import { show, UnsupportedError } from '../errors.js';
import { PRE } from './blueprint.js';
import { both, pooled, sequence } from './heads.js';
import { single } from './placements.js';
import { imageSize } from './sizes.js';
import { ACTIVATIONS, labelsOf, pretrainedOf } from './timm_args.js';
import { windowFamily } from './window_family.js';

/**
 * @typedef {import('./blueprint.js').TensorList} TensorList
 * @typedef {import('../formats/config.js').Config} Config
 */

/** The arguments that are read or that tensors tell, and those with the one value that changes nothing. */
const TOLD = [
  ...['img_size', 'patch_size', 'in_chans', 'num_classes', 'embed_dim', 'depths', 'num_heads', 'mlp_ratio'],
  ...['window_size', 'pretrained_window_sizes', 'act_layer', 'qkv_bias', 'drop_rate', 'proj_drop_rate'],
  ...['attn_drop_rate', 'drop_path_rate', 'weight_init'],
];
/** @type {Record<string, unknown[]>} */
const NEUTRAL = {
  always_partition: [false],
  dynamic_img_size: [false],
  features_only: [false],
  global_pool: ['avg'],
  head_dim: [null],
  norm_layer: [null, 'layernorm'],
  strict_img_size: [true],
};

/** @param {string} path @param {unknown} value @param {string} why @returns {never} */
function refuse(path, value, why) {
  throw new UnsupportedError(`config.json: ${path} is ${show(value)}, which is not supported${why}`, {
    path,
    value,
  });
}

/** @param {Config} config @returns {Config} model_args, without what is not computed */
function argsOf(config) {
  const args = /** @type {Config} */ (config.model_args ?? {});
  for (const [key, value] of Object.entries(args)) {
    const fine = NEUTRAL[key] ? NEUTRAL[key].includes(value) : TOLD.includes(key);
    if (!fine) refuse(`model_args.${key}`, value, NEUTRAL[key] ? `; expected ${show(NEUTRAL[key][0])}` : '');
  }
  const pool = config.global_pool ?? 'avg';
  if (pool !== 'avg') refuse('global_pool', pool, '; expected "avg"');
  if (/^swinv2_cr_/.test(String(config.architecture)))
    refuse('architecture', config.architecture, ': it is not among the Swins known here');
  return args;
}

/** Shapes of one kind of tensor, of each block in each stage. @param {TensorList} tensors @param {string} name */
function blocksOf(tensors, name) {
  /** @type {number[][][]} */
  const stages = [];
  for (let stage = 0; ; stage++) {
    const shapes = [];
    for (let block = 0; ; block++) {
      const found = tensors.get(`layers.${stage}.blocks.${block}.${name}`);
      if (!found) break;
      shapes.push(found.shape);
    }
    if (shapes.length === 0) return stages;
    stages.push(shapes);
  }
}

/** A side of a map behind `times` mergings. @param {number} side @param {number} times */
const halved = (side, times) => Math.ceil(side / 2 ** times);

/**
 * The windows of stages: as large as the map at most, and shifted by half where there are more than one.
 * @param {number[]} asked
 * @param {{ maps: number[][], image: number[], depths: number[] }} sizes
 */
function windowsOf(asked, { maps, image, depths }) {
  const sides = asked.map((side, stage) => Math.max(1, Math.min(side, ...maps[stage])));
  const shifts = sides.map((side, stage) => (maps[stage][0] <= side ? 0 : Math.floor(side / 2)));
  // timm rolls a map before it adds zeros, transformers behind that.
  const odd = sides.findIndex(
    (side, stage) => depths[stage] > 1 && shifts[stage] && maps[stage].some((length) => length % side),
  );
  if (odd >= 0)
    refuse(
      'img_size',
      image,
      `: maps of ${maps[odd].join(' x ')} patches are not filled by windows of ${sides[odd]}`,
    );
  return { sides, shifts };
}

/**
 * @param {Config} config
 * @param {TensorList} tensors
 */
function readSizes(config, tensors) {
  const args = argsOf(config);
  const [width, channels, ...patch] = tensors.get('patch_embed.proj.weight')?.shape ?? [];
  const inner = blocksOf(tensors, 'mlp.fc1.weight');
  if (!width || patch.length !== 2 || !inner.length || inner.length > 4)
    throw new UnsupportedError(
      'the file has not the tensors of a Swin of timm: patch_embed.proj and layers.i',
      {
        path: 'patch_embed.proj.weight',
      },
    );
  const input = pretrainedOf(config).input_size;
  const size = args.img_size ?? (Array.isArray(input) ? input.slice(1) : 224);
  const image = imageSize({ img_size: size }, 'img_size', 224);
  const act = String(args.act_layer || 'gelu').toLowerCase();
  if (!Object.hasOwn(ACTIVATIONS, act)) refuse('model_args.act_layer', act, '');
  return {
    args,
    image,
    patch: /** @type {[number, number]} */ (patch),
    channels,
    width,
    depths: inner.map(({ length }) => length),
    ratio: inner[0][0][0] / width,
    absolute: false,
    fields: { activation: ACTIVATIONS[act], norm_epsilon: 1e-5 },
    more: { accepts: { exact: image }, labels: labelsOf(config) },
    maps: inner.map((_, stage) => image.map((side, axis) => halved(Math.floor(side / patch[axis]), stage))),
  };
}

const COMMON = {
  class: '',
  keys: undefined,
  prefixes: [''],
  projection: 'patch_embed.proj',
  embeddingNorm: 'patch_embed.norm',
  positions: '',
  stage: 'layers.#.',
  layer: 'blocks.#.',
  merge: { norm: 'downsample.norm', reduction: 'downsample.reduction' },
  mergesBefore: true,
  norm: 'norm',
  epsilon: 1e-5,
  /** @type {(made: { tensors: TensorList }) => import('./heads.js').TopOf} */
  top: ({ tensors }) =>
    tensors.has('head.fc.weight')
      ? both(
          pooled(POOL.MEAN),
          sequence([{ module: 'head.fc' }], { pooling: POOL.MEAN, task: 'image-classification' }),
        )
      : (...given) => ({ ...pooled(POOL.MEAN)(...given), logits: ['pooler_output'] }),
};
const PARTS = { out: 'attn.proj', up: 'mlp.fc1', down: 'mlp.fc2' };

export const timmSwin = windowFamily({
  ...COMMON,
  modelTypes: ['timm:swin_*'],
  harmless: ['layers.#.blocks.#.attn.relative_position_index', 'layers.#.blocks.#.attn_mask'],
  parts: { ...PARTS, qkv: 'attn.qkv', norm1: 'norm1', norm2: 'norm2' },
  bias: (at, index) => [single(`${at}attn.relative_position_bias_table`, 'WINDOW_TABLE', { index })],
  read(config, tensors) {
    const { args: _, fields, maps, ...sizes } = readSizes(config, tensors);
    const tables = blocksOf(tensors, 'attn.relative_position_bias_table').map(([[offsets, heads]]) => ({
      window: (Math.sqrt(offsets) + 1) / 2,
      heads,
    }));
    const odd = tables.find(({ window }) => !Number.isInteger(window));
    if (odd) refuse('model_args.window_size', odd.window, ': windows must be square');
    const { sides, shifts } = windowsOf(
      tables.map(({ window }) => window),
      { maps, ...sizes },
    );
    return {
      ...sizes,
      heads: tables.map(({ heads }) => heads),
      windows: sides.map((window) => ({ window })),
      shifts,
      biases: { qkv: null },
      fields: { ...fields, norms: PRE },
    };
  },
});

/** SwinV2's window and the one that it was trained with before, from its name: window12to24. @param {Config} config */
function namedWindows(config) {
  const [, first, last] = /window(\d+)(?:to(\d+))?/.exec(String(config.architecture)) ?? [];
  const trained = last ? [first, first, first, Number(first) / 2].map(Number) : [0, 0, 0, 0];
  return { window: Number(last ?? first ?? 7), trained };
}

/** @param {unknown} value @param {number} stages */
const perStage = (value, stages) => (Array.isArray(value) ? value : Array(stages).fill(value));

export const timmSwinv2 = windowFamily({
  ...COMMON,
  modelTypes: ['timm:swinv2_*'],
  harmless: [
    ...['relative_position_index', 'relative_coords_table', 'k_bias'].map(
      (name) => `layers.#.blocks.#.attn.${name}`,
    ),
    'layers.#.blocks.#.attn_mask',
  ],
  parts: { ...PARTS, qkv: 'attn.qkv', norm1: '', norm2: '', inside1: 'norm1', inside2: 'norm2' },
  mergeForm: 1,
  bias: (at, index, { heads, bias_buckets }) => [
    single(`${at}attn.q_bias`, 'QKV_BIAS', { index, part: 'query', required: false }),
    single(`${at}attn.v_bias`, 'QKV_BIAS', { index, part: 'value', required: false }),
    single(`${at}attn.cpb_mlp.0.weight`, 'OFFSET_HIDDEN_WEIGHT', { index, shape: [bias_buckets, 2] }),
    single(`${at}attn.cpb_mlp.0.bias`, 'OFFSET_HIDDEN_BIAS', { index }),
    single(`${at}attn.cpb_mlp.2.weight`, 'OFFSET_OUT_WEIGHT', { index }),
    single(`${at}attn.logit_scale`, 'LOGIT_SCALE', { index, shape: [heads, 1, 1] }),
  ],
  read(config, tensors) {
    const { args, fields, maps, ...sizes } = readSizes(config, tensors);
    const named = namedWindows(config);
    const stages = sizes.depths.length;
    const asked = perStage(args.window_size ?? named.window, stages);
    const trained = perStage(args.pretrained_window_sizes ?? named.trained, stages);
    const isSide = (/** @type {any} */ side) =>
      Number.isInteger(side) && side >= 0 && side <= 128 && side !== 1;
    if (!asked.every((side) => isSide(side) && side)) refuse('model_args.window_size', args.window_size, '');
    if (!trained.every(isSide) || trained.length < stages)
      refuse('model_args.pretrained_window_sizes', args.pretrained_window_sizes, '');
    const { sides, shifts } = windowsOf(asked, { maps, ...sizes });
    const scales = blocksOf(tensors, 'attn.logit_scale').map(([[heads]]) => heads);
    const hidden = blocksOf(tensors, 'attn.cpb_mlp.0.weight')[0]?.[0][0] ?? 0;
    const network = { bias_buckets: hidden, head_norm: 1 + NORM_FORM.L2, score_scale: 1 };
    return {
      ...sizes,
      heads: scales,
      windows: sides.map((window, stage) => ({ ...network, window, bias_reach: trained[stage] })),
      shifts,
      biases: { qkv: false },
      fields: { ...fields, norms: NORM_PLACES.INSIDE_ATTENTION | NORM_PLACES.INSIDE_FEED_FORWARD },
    };
  },
});
