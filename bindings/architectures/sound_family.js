/** What families of sound encoders have in common: convolutions over time, positions, layers, a head. */
import { STEM } from '../core/abi.js';
import { findPrefix } from './bind.js';
import { describe } from './blueprint.js';
import { layers } from './layer_placements.js';
import { allKeys, checkKeys } from './ledger.js';
import { pair, single } from './placements.js';
import { fieldsOf } from './sizes.js';

/**
 * @typedef {object} Sound what a config and a file say of a model
 * @property {import('../core/layouts.js').Kind[]} stack
 * @property {Partial<import('./blueprint.js').ModelDescription> & { table_width: number }} model
 * @property {(at: string) => import('./placements.js').Placement[]} placements of all but layers and the final norm
 * @property {import('./layer_placements.js').LayerOptions['biases']} [biases]
 * @property {import('./blueprint.js').Sound} sound
 *
 * @typedef {object} SoundModel
 * @property {string[]} modelTypes
 * @property {string[]} classes what the names of its classes begin with, each for a model type
 * @property {import('./ledger.js').Keys} keys of its config class
 * @property {string[]} harmless tensors, see Blueprint
 * @property {string[]} prefixes under which files have the modules
 * @property {string} marks a tensor that every file has
 * @property {string} layer the modules of layer #
 * @property {import('./layer_placements.js').Parts} parts
 * @property {string} norm the module of the norm before or behind the layers
 * @property {(config: import('./sizes.js').Config, tensors: import('./blueprint.js').TensorList, fields: Record<string, number>,
 *   prefix: string) => Sound} read
 * @property {(config: import('./sizes.js').Config) => import('./heads.js').TopOf} top
 *
 * @typedef {SoundModel & import('./sizes.js').Sources} SoundFamily
 */

/** @param {SoundFamily} family @returns {import('./index.js').Family} */
export const soundFamily = (family) => ({
  modelTypes: family.modelTypes,
  classes: family.classes,
  get keys() {
    return allKeys(family.keys, family);
  },
  blueprint(config, tensors, path) {
    checkKeys(config, family.keys);
    const prefix = findPrefix(tensors, family.prefixes, family.marks, path);
    const read = family.read(config, tensors, fieldsOf(config, family), prefix);
    const { stack, model, biases, sound } = read;
    const projection = model.projection ?? 0;
    const description = describe({ stem: STEM.FRAMES, stack, ...model, projection });
    const top = family.top(config)(description, tensors);
    const at = (/** @type {number} */ i) => prefix + family.layer.replace('#', String(i));
    const norm = description.final_norm ? 'FINAL_NORM' : 'EMBEDDING_NORM';
    return {
      description,
      ...top,
      prefix,
      harmless: family.harmless,
      placements: [
        ...read.placements(prefix),
        ...pair(prefix + family.norm, norm),
        ...layers(description, at, family.parts, { biases }),
        ...top.placements,
      ],
      tasks: ['feature-extraction', ...top.tasks],
      sound,
    };
  },
});

/**
 * Where the tensors of a convolution over time go.
 * @param {string} module
 * @param {number} index
 * @param {number[]} shape of its weight
 * @param {{ bias?: boolean, norm?: string }} [options] norm: the module of its norm
 */
export const convolution = (module, index, shape, { bias = true, norm } = {}) => [
  single(`${module}.weight`, 'FRAME_WEIGHT', { index, shape }),
  ...(bias ? [single(`${module}.bias`, 'FRAME_BIAS', { index })] : []),
  ...(norm ? pair(norm, 'FRAME_NORM', { index }) : []),
];
