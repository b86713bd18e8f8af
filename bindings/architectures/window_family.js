/**
 * What families of Swin's kind have in common: stages of windows that shift every other layer, a bias table for each
 * layer, and patch merging between stages.
 */
import { BIAS, POOL, STEM } from '../core/abi.js';
import { ConfigError } from '../errors.js';
import { findPrefix } from './bind.js';
import { describe, kind } from './blueprint.js';
import { both, byClass, pooled, sequence } from './heads.js';
import { layers, pair, single } from './placements.js';
import { patches } from './sizes.js';

/**
 * @typedef {object} Stages what a config says of a model
 * @property {[height: number, width: number]} image
 * @property {[height: number, width: number]} patch
 * @property {number} channels
 * @property {number} width of the first stage; each next one has twice the width
 * @property {number[]} depths layers of each stage
 * @property {number[]} heads of each stage
 * @property {number} window
 * @property {number} inner of the first stage
 * @property {Partial<import('../core/abi.js').Kind>} fields of every kind
 *
 * @typedef {object} WindowFamily
 * @property {string[]} modelTypes
 * @property {string[]} prefixes under which files have the modules
 * @property {string} projection the module that embeds patches
 * @property {string} embeddingNorm
 * @property {string} stage the modules of stage #
 * @property {string} layer those of layer # in a stage
 * @property {import('./placements.js').Parts & { table: string }} parts
 * @property {{ norm: string, reduction: string }} merge modules of a stage
 * @property {string} norm the module of the final norm
 * @property {number} epsilon of the stem's and of merging's norms
 * @property {(config: import('./sizes.js').Config) => Stages} read
 */

/** A stage has two kinds of layer, of which every second is shifted. @param {Stages} stages */
function stackOf({ width, depths, heads, window, inner, fields }) {
  if (
    heads.length !== depths.length ||
    heads.some((count, i) => count !== heads[0] * 2 ** i) ||
    width % heads[0]
  ) {
    throw new ConfigError(
      `num_heads in the configuration is [${heads}], but must double with each of the ${depths.length} stages and divide their widths`,
      { path: 'num_heads', value: heads },
    );
  }
  return depths.flatMap((depth, stage) => {
    const sizes = { width: width * 2 ** stage, heads: heads[stage], inner: inner * 2 ** stage };
    const kinds = [0, Math.floor(window / 2)].map((shift) =>
      kind({ ...fields, ...sizes, bias: BIAS.WINDOW, window, shift }),
    );
    return Array.from({ length: depth }, (_, layer) => ({ kind: kinds[layer % 2], stage, layer }));
  });
}

/** @param {WindowFamily} family @returns {import('./index.js').Family} */
export const windowFamily = (family) => ({
  modelTypes: family.modelTypes,
  blueprint(config, tensors, path) {
    const stages = family.read(config);
    const { image, patch, channels, depths } = stages;
    const stack = stackOf(stages);
    const description = describe({
      ...patches(image, patch, channels),
      stem: STEM.PATCHES,
      positions: 0,
      stack: stack.map((layer) => layer.kind),
      embedding_norm: 1,
      embedding_norm_epsilon: family.epsilon,
      merge_norm_epsilon: family.epsilon,
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
    const top = both(pooled(POOL.MEAN), classes)(description, tensors);
    return {
      description,
      ...top,
      placements: [
        ...pair(prefix + family.projection, 'PATCH', {
          shape: [description.width, channels, ...patch],
          bias: false,
        }),
        ...pair(prefix + family.embeddingNorm, 'EMBEDDING_NORM'),
        ...layers(description, at, family.parts, { qkvBias: false }),
        ...stack.map((_, index) => single(at(index) + family.parts.table, 'WINDOW_TABLE', { index })),
        ...depths
          .slice(1)
          .flatMap((_, index) => [
            ...pair(inStage(index) + family.merge.norm, 'MERGE_NORM', { index }),
            single(`${inStage(index)}${family.merge.reduction}.weight`, 'MERGE_WEIGHT', { index }),
          ]),
        ...pair(prefix + family.norm, 'FINAL_NORM'),
        ...top.placements,
      ],
      tasks: ['image-feature-extraction', ...top.tasks],
      pooling: 'mean',
      image,
    };
  },
});
