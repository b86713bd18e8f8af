/**
 * What families of Swin's kind have in common: stages of windows that shift every other layer, a bias table for each
 * layer, and patch merging between stages.
 */
import { BIAS, POOL, STEM } from '../core/abi.js';
import { ConfigError } from '../errors.js';
import { findPrefix } from './bind.js';
import { describe, kind } from './blueprint.js';
import { both, byClass, pooled, sequence } from './heads.js';
import { layers } from './layer_placements.js';
import { allKeys, checkKeys } from './ledger.js';
import { pair, single } from './placements.js';
import { patches } from './sizes.js';

/**
 * @typedef {object} Stages what a config says of a model
 * @property {[height: number, width: number]} image
 * @property {[height: number, width: number]} patch
 * @property {number} channels
 * @property {number} width of the first stage; each next one has twice the width
 * @property {number[]} depths layers of each stage
 * @property {number[]} heads of each stage
 * @property {Partial<import('../core/layouts.js').Kind>[]} windows fields of each stage, its window's among them
 * @property {number[]} [shifts] of every second layer of each stage, half a window by default
 * @property {number} ratio of the feed-forward network's inner width to a stage's
 * @property {boolean} absolute whether patches have absolute positions too
 * @property {import('./layer_placements.js').LayerOptions['biases']} biases
 * @property {Partial<import('../core/layouts.js').Kind>} fields of every kind
 * @property {Pick<import('./blueprint.js').Blueprint, 'accepts' | 'labels'>} [more]
 *
 * @typedef {object} WindowFamily
 * @property {string[]} modelTypes
 * @property {string} class what the names of its classes begin with
 * @property {import('./ledger.js').Keys | undefined} keys of its config class
 * @property {string[]} harmless tensors, see Blueprint
 * @property {string[]} prefixes under which files have the modules
 * @property {string} projection the module that embeds patches
 * @property {string} embeddingNorm
 * @property {string} positions the table's name
 * @property {string} stage the modules of stage #
 * @property {string} layer those of layer # in a stage
 * @property {import('./layer_placements.js').Parts} parts
 * @property {(at: string, index: number, kind: import('../core/layouts.js').Kind) => import('./placements.js').Placement[]} bias what a
 *   layer's bias comes from
 * @property {number} [mergeForm] wf_merge_form
 * @property {{ norm: string, reduction: string }} merge modules of a stage
 * @property {boolean} [mergesBefore] whether those are the next stage's
 * @property {string} norm the module of the final norm
 * @property {number} epsilon of the stem's and of merging's norms
 * @property {(config: import('./sizes.js').Config, tensors: import('./blueprint.js').TensorList) => Stages} read
 * @property {(made: { tensors: import('./blueprint.js').TensorList }) => import('./heads.js').TopOf} [top] by default transformers'
 */

/** A stage has two kinds of layer, of which every second is shifted. @param {Stages} stages */
function stackOf({ width, depths, heads, windows, shifts, ratio, fields }) {
  if (heads.length !== depths.length || heads.some((count, i) => (width * 2 ** i) % count)) {
    throw new ConfigError(
      `num_heads in the configuration is [${heads}], but must be one number for each of the ${depths.length} stages that divides its width`,
      { path: 'num_heads', value: heads },
    );
  }
  return depths.flatMap((depth, stage) => {
    const own = width * 2 ** stage;
    const sizes = { width: own, heads: heads[stage], inner: Math.trunc(own * ratio) };
    const shifted = shifts?.[stage] ?? Math.floor((windows[stage].window ?? 0) / 2);
    const plain = kind({ ...fields, ...sizes, ...windows[stage], bias: BIAS.WINDOW, shift: 0 });
    const kinds = [plain, shifted ? { ...plain, shift: shifted } : plain];
    return Array.from({ length: depth }, (_, layer) => ({ kind: kinds[layer % 2], stage, layer }));
  });
}

/** @param {WindowFamily} family @returns {import('./index.js').Family} */
export const windowFamily = (family) => ({
  modelTypes: family.modelTypes,
  classes: [family.class],
  get keys() {
    return family.keys && allKeys(family.keys);
  },
  blueprint(config, tensors, path) {
    if (family.keys) checkKeys(config, family.keys);
    const stages = family.read(config, tensors);
    const { image, patch, channels, depths, absolute, biases } = stages;
    const stem = patches(image, patch, channels);
    const stack = stackOf(stages);
    const description = describe({
      ...stem,
      stem: STEM.PATCHES,
      positions: absolute ? stem.positions : 0,
      stack: stack.map((layer) => layer.kind),
      embedding_norm: absolute ? 2 : 1, // positions come after the norm
      embedding_norm_epsilon: family.epsilon,
      merge_norm_epsilon: family.epsilon,
      merge_form: family.mergeForm ?? 0,
      final_norm: 1,
    });
    const prefix = findPrefix(tensors, family.prefixes, `${family.projection}.weight`, path);
    const inStage = (/** @type {number} */ stage) => prefix + family.stage.replace('#', String(stage));
    const at = (/** @type {number} */ i) =>
      inStage(stack[i].stage) + family.layer.replace('#', String(stack[i].layer));
    const options = { pooling: POOL.MEAN, task: 'image-classification' };
    const classes = byClass(config, {
      ForImageClassification: sequence([{ module: 'classifier' }], options),
    });
    const top = (family.top?.({ tensors }) ?? both(pooled(POOL.MEAN), classes))(description, tensors);
    const merged = family.mergesBefore ? 1 : 0;
    return {
      description,
      ...top,
      prefix,
      harmless: family.harmless,
      placements: [
        ...pair(prefix + family.projection, 'PATCH', {
          shape: [description.width, channels, ...patch],
          bias: null,
        }),
        ...pair(prefix + family.embeddingNorm, 'EMBEDDING_NORM'),
        ...(absolute ? [single(prefix + family.positions, 'POSITION_TABLE')] : []),
        ...layers(description, at, family.parts, { biases }),
        ...stack.flatMap((layer, index) => family.bias(at(index), index, layer.kind)),
        ...depths
          .slice(1)
          .flatMap((_, index) => [
            ...pair(inStage(index + merged) + family.merge.norm, 'MERGE_NORM', { index }),
            single(`${inStage(index + merged)}${family.merge.reduction}.weight`, 'MERGE_WEIGHT', { index }),
          ]),
        ...pair(prefix + family.norm, 'FINAL_NORM'),
        ...top.placements,
      ],
      tasks: ['image-feature-extraction', ...top.tasks],
      pooling: 'mean',
      ...stages.more,
      image,
    };
  },
});
