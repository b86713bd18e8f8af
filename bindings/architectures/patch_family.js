/** What families of vision encoders have in common: patches behind prefix tokens, positions, pre-norm layers, a head. */
import { STEM } from '../core/abi.js';
import { findPrefix } from './bind.js';
import { describe } from './blueprint.js';
import { checkKeys } from './ledger.js';
import { layers, pair, single } from './placements.js';
import { patches } from './sizes.js';

/**
 * @typedef {object} Patches what a config and a file say of a model
 * @property {[height: number, width: number]} image
 * @property {[height: number, width: number]} patch
 * @property {number} channels
 * @property {string[]} tokens tensors of the prefix, each with a position
 * @property {import('../core/abi.js').Kind[]} stack
 * @property {import('../tasks/embed.js').Pooling} [pooling]
 * @property {boolean} [qkvBias] whether queries, keys and values have a bias; by default as the file has it
 *
 * @typedef {object} PatchFamily
 * @property {string[]} modelTypes
 * @property {string[]} [classes] what the names of its classes begin with
 * @property {import('./ledger.js').Keys} [keys] of its config class
 * @property {string[]} [harmless] tensors, see Blueprint
 * @property {string[]} prefixes under which files have the modules
 * @property {string} positions the table's name
 * @property {string} projection the module that embeds patches
 * @property {string} layer the modules of layer #
 * @property {import('./placements.js').Parts} parts
 * @property {string} norm the module of the final norm
 * @property {(config: import('./sizes.js').Config, tensors: import('./blueprint.js').TensorList) => Patches} read
 * @property {(made: { config: import('./sizes.js').Config, prefix: string,
 *   tensors: import('./blueprint.js').TensorList }) => import('./heads.js').TopOf} top
 */

/** @param {PatchFamily} family @returns {import('./index.js').Family} */
export const patchFamily = (family) => ({
  modelTypes: family.modelTypes,
  classes: family.classes,
  keys: family.keys,
  blueprint(config, tensors, path) {
    if (family.keys) checkKeys(config, family.keys);
    const {
      image,
      patch,
      channels,
      tokens,
      stack,
      pooling = 'cls',
      qkvBias = null,
    } = family.read(config, tensors);
    const stem = { stem: STEM.PATCHES, ...patches(image, patch, channels, tokens.length) };
    const description = describe({ ...stem, stack, final_norm: 1 });
    const prefix = findPrefix(tensors, family.prefixes, family.positions, path);
    const top = family.top({ config, prefix, tensors })(description, tensors);
    const shape = [description.width, channels, ...patch];
    return {
      description,
      ...top,
      prefix,
      harmless: family.harmless,
      placements: [
        ...tokens.map((name, part) => single(prefix + name, 'PREFIX_TABLE', { part })),
        single(prefix + family.positions, 'POSITION_TABLE'),
        ...pair(prefix + family.projection, 'PATCH', { shape, bias: false }),
        ...layers(description, (i) => prefix + family.layer.replace('#', String(i)), family.parts, {
          qkvBias,
        }),
        ...pair(prefix + family.norm, 'FINAL_NORM'),
        ...top.placements,
      ],
      tasks: ['image-feature-extraction', ...top.tasks],
      pooling,
      image,
    };
  },
});
