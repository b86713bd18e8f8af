/** What families of text encoders have in common: tables of embeddings, a norm, layers of one kind, a head. */
import { findPrefix } from './bind.js';
import { describe, kind, POST } from './blueprint.js';
import { checkKeys } from './ledger.js';
import { layers, pair, single } from './placements.js';
import { activation, epsilon, sizes } from './sizes.js';

/**
 * @typedef {import('./sizes.js').Config} Config
 * @typedef {import('./sizes.js').Source} Source
 *
 * @typedef {object} TokenFamily
 * @property {string[]} modelTypes
 * @property {string[]} prefixes under which files have the modules
 * @property {Parameters<typeof sizes>[1]} sizes keys of the config
 * @property {Source} activation
 * @property {Source | number} epsilon a key of the config, or what the class fixes
 * @property {number} [norms] wf_norm_places, behind both halves by default
 * @property {Partial<Record<import('./placements.js').SlotName, string>> & { TOKEN_TABLE: string }} tables tensors
 * @property {string} [norm] the module of the norm over the sum of the tables
 * @property {string} layer the modules of layer #
 * @property {import('./placements.js').Parts} parts
 * @property {string} class what the names of its classes begin with
 * @property {import('./ledger.js').Keys} keys of its config class
 * @property {string[]} harmless tensors, see Blueprint
 * @property {(made: { config: Config, prefix: string, activation: number }) => import('./heads.js').TopOf} top
 */

/** @param {TokenFamily} family @returns {import('./index.js').Family} */
export const tokenFamily = (family) => ({
  modelTypes: family.modelTypes,
  classes: [family.class],
  keys: family.keys,
  blueprint(config, tensors, path) {
    checkKeys(config, family.keys);
    const prefix = findPrefix(tensors, family.prefixes, family.tables.TOKEN_TABLE, path);
    const { layers: depth, vocabulary, positions = 0, types = 0, ...own } = sizes(config, family.sizes);
    const act = activation(config, family.activation);
    const norm_epsilon =
      typeof family.epsilon === 'number' ? family.epsilon : epsilon(config, family.epsilon);
    const fields = { activation: act, norms: family.norms ?? POST, norm_epsilon };
    const stack = Array(depth).fill(kind(/** @type {any} */ ({ ...own, ...fields })));
    const description = describe({
      stack,
      vocabulary,
      positions,
      types,
      embedding_norm: family.norm ? 1 : 0,
    });
    const top = family.top({ config, prefix, activation: act })(description, tensors);
    return {
      description,
      ...top,
      prefix,
      harmless: family.harmless,
      placements: [
        ...Object.entries(family.tables).map(([slot, name]) =>
          single(prefix + name, /** @type {import('./placements.js').SlotName} */ (slot)),
        ),
        ...(family.norm ? pair(prefix + family.norm, 'EMBEDDING_NORM') : []),
        ...layers(description, (i) => prefix + family.layer.replace('#', String(i)), family.parts),
        ...top.placements,
      ],
      tasks: ['feature-extraction', ...top.tasks],
    };
  },
});
