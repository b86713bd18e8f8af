/** What families of text encoders have in common: tables of embeddings, a norm, layers of one kind, a head. */
import { findPrefix } from './bind.js';
import { describe, kind, POST } from './blueprint.js';
import { layers } from './layer_placements.js';
import { allKeys, checkKeys } from './ledger.js';
import { pair, single } from './placements.js';
import { fieldsOf } from './sizes.js';

/**
 * @typedef {import('./sizes.js').Config} Config
 *
 * @typedef {object} Tokens
 * @property {string[]} modelTypes
 * @property {string[]} prefixes under which files have the modules
 * @property {number} [norms] wf_norm_places, behind both halves by default
 * @property {Partial<Record<import('./placements.js').SlotName, string>> & { TOKEN_TABLE: string }} tables tensors
 * @property {string} [norm] the module of the norm over the sum of the tables
 * @property {string} layer the modules of layer #
 * @property {import('./layer_placements.js').Parts} parts
 * @property {string} class what the names of its classes begin with
 * @property {import('./ledger.js').Keys} keys of its config class, beside those named above
 * @property {string[]} harmless tensors, see Blueprint
 * @property {(made: { config: Config, prefix: string, activation: number }) => import('./heads.js').TopOf} top
 *
 * @typedef {Tokens & import('./sizes.js').Sources} TokenFamily
 */

/** @param {TokenFamily} family @returns {import('./index.js').Family} */
export const tokenFamily = (family) => ({
  modelTypes: family.modelTypes,
  classes: [family.class],
  keys: allKeys(family.keys, family),
  blueprint(config, tensors, path) {
    checkKeys(config, family.keys);
    const prefix = findPrefix(tensors, family.prefixes, family.tables.TOKEN_TABLE, path);
    const { layers: depth, vocabulary, positions = 0, types = 0, ...own } = fieldsOf(config, family);
    const stack = Array(depth).fill(kind(/** @type {any} */ ({ ...own, norms: family.norms ?? POST })));
    const description = describe({
      stack,
      vocabulary,
      positions,
      types,
      embedding_norm: family.norm ? 1 : 0,
    });
    const top = family.top({ config, prefix, activation: own.activation })(description, tensors);
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
