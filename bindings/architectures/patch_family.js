/** What families of vision encoders have in common: patches behind prefix tokens, positions, pre-norm layers, a head. */
import { FINAL_NORM, STEM } from '../core/abi.js';
import { findPrefix } from './bind.js';
import { describe } from './blueprint.js';
import { layers } from './layer_placements.js';
import { allKeys, checkKeys } from './ledger.js';
import { pair, single } from './placements.js';
import { tablesOf } from './rope.js';
import { fieldsOf, patches } from './sizes.js';

/**
 * @typedef {object} Patches what a config and a file say of a model
 * @property {[height: number, width: number]} image
 * @property {[height: number, width: number]} patch
 * @property {[height: number, width: number]} [stride] from one patch to the next, by default a patch
 * @property {number} channels
 * @property {[tensor: string, rows: number][]} tokens of the prefix
 * @property {number} [placed] how many of those rows, from the first, have positions; by default all
 * @property {import('../core/layouts.js').Kind[]} stack
 * @property {number} [finalNorm] FINAL_NORM, by default of the rows
 * @property {string} [norm] the module of the final norm, if it is not the family's
 * @property {string} [embeddingNorm] the module of a norm before the layers
 * @property {import('../public.js').Pooling} [pooling]
 * @property {Pick<import('./blueprint.js').Blueprint, 'skip' | 'resample' | 'places' | 'accepts' | 'labels' | 'classToken' | 'spectrogram'>} [more]
 * @property {import('./layer_placements.js').LayerOptions['biases']} [biases] of the layers; those of queries, keys and values are by
 *   default as the file has them
 * @property {boolean} [positions] whether there is a table of positions; there is by default
 * @property {import('./placements.js').Placement[]} [placements] of what only this family has, prefix left out
 * @property {Partial<import('./blueprint.js').ModelDescription>} [model]
 * @property {import('./rope.js').Rope[]} [rotary] the tables of angles
 * @property {import('../core/layouts.js').Kind} [poolKind] of the layer that pools, if one does
 * @property {Partial<import('./layer_placements.js').Parts>} [parts] other names than the family's
 *
 * @typedef {object} PatchModel
 * @property {string[]} modelTypes
 * @property {string[]} [classes] what the names of its classes begin with
 * @property {import('./ledger.js').Keys} [keys] of its config class
 * @property {string[]} [harmless] tensors, see Blueprint
 * @property {string[]} prefixes under which files have the modules
 * @property {string} positions the table's name
 * @property {string} projection the module that embeds patches
 * @property {string} layer the modules of layer #
 * @property {import('./layer_placements.js').Parts} parts
 * @property {string} norm the module of the final norm
 * @property {(config: import('./sizes.js').Config, tensors: import('./blueprint.js').TensorList,
 *   fields: Record<string, number>) => Patches} read fields: the values that the sources have
 * @property {(made: { config: import('./sizes.js').Config, prefix: string,
 *   tensors: import('./blueprint.js').TensorList, read: Patches }) => import('./heads.js').TopOf} top
 *
 * @typedef {PatchModel & import('./sizes.js').Sources} SizedFamily
 * @typedef {SizedFamily | (PatchModel & { sizes?: undefined })} PatchFamily
 */

/** The rows of the prefix that each of its tensors is. @param {Patches['tokens']} tokens */
const placesOf = (tokens) =>
  tokens.map(([name, rows], i) => {
    const first = tokens.slice(0, i).reduce((sum, [, count]) => sum + count, 0);
    return /** @type {const} */ ([name, [first, rows]]);
  });

/** @param {PatchFamily} family @returns {import('./index.js').Family} */
export const patchFamily = (family) => ({
  modelTypes: family.modelTypes,
  classes: family.classes,
  get keys() {
    return family.keys && allKeys(family.keys, family);
  },
  blueprint(config, tensors, path) {
    if (family.keys) checkKeys(config, family.keys);
    const read = family.read(config, tensors, family.sizes ? fieldsOf(config, family) : {});
    const {
      image,
      patch,
      stride = patch,
      channels,
      tokens,
      stack,
      poolKind,
      embeddingNorm,
      pooling = 'cls',
      biases = { qkv: null },
    } = read;
    const { finalNorm = FINAL_NORM.ROWS, norm = family.norm, positions = true } = read;
    const count = tokens.reduce((sum, [, rows]) => sum + rows, 0);
    const placed = read.placed ?? count;
    const stem = { stem: STEM.PATCHES, ...patches(image, patch, channels, placed, stride) };
    const description = describe({
      ...stem,
      prefix: count,
      prefix_positions: placed,
      embedding_norm: embeddingNorm ? 1 : 0,
      stack,
      pooling: poolKind,
      final_norm: finalNorm,
      ...(!positions && { positions: 0 }),
      rotary: tablesOf(read.rotary ?? []),
      ...read.model,
    });
    const prefix = findPrefix(tensors, family.prefixes, `${family.projection}.weight`, path);
    // In some files of transformers 5 the layers stand without it.
    const first = family.layer.replace('#', '0');
    const isInside = [...tensors.keys()].some((name) => name.startsWith(prefix + first));
    const top = family.top({ config, prefix, tensors, read })(description, tensors);
    const shape = [description.width, channels, ...patch];
    return {
      description,
      ...top,
      outputs: top.outputs.map((output) => ({ skip: read.more?.skip, ...output })),
      ...read.more,
      rotary: read.rotary,
      prefix,
      harmless: family.harmless,
      placements: [
        ...placesOf(tokens).map(([name, part]) => single(prefix + name, 'PREFIX_TABLE', { part })),
        ...(positions ? [single(prefix + family.positions, 'POSITION_TABLE')] : []),
        ...(read.placements ?? []).map((one) => ({ ...one, names: one.names.map((name) => prefix + name) })),
        ...pair(prefix + family.projection, 'PATCH', { shape, bias: null }),
        ...(embeddingNorm ? pair(prefix + embeddingNorm, 'EMBEDDING_NORM') : []),
        ...layers(
          description,
          (i) => (isInside ? prefix : '') + family.layer.replace('#', String(i)),
          { ...family.parts, ...read.parts },
          { biases },
        ),
        ...(finalNorm ? pair(prefix + norm, 'FINAL_NORM') : []),
        ...top.placements,
      ],
      tasks: [read.more?.spectrogram ? 'feature-extraction' : 'image-feature-extraction', ...top.tasks],
      pooling,
      image,
    };
  },
});
