/** What families of text encoders have in common: tables of embeddings, norms, layers, a head. */
import { findPrefix } from './bind.js';
import { describe, kind, POST } from './blueprint.js';
import { layers } from './layer_placements.js';
import { allKeys, checkKeys } from './ledger.js';
import { pair, single } from './placements.js';
import { tablesOf } from './rope.js';
import { fieldsOf } from './sizes.js';

/**
 * @typedef {import('./sizes.js').Config} Config
 * @typedef {import('./blueprint.js').ModelDescription} ModelDescription
 * @typedef {import('../core/layouts.js').Kind} Kind
 *
 * @typedef {object} Reading what a config and a file say besides sizes; each may be absent
 * @property {Partial<Kind>} [kind] fields of every layer's kind
 * @property {Kind[]} [stack] the kinds of the layers, if they differ
 * @property {number[]} [shared] the layer whose weights each uses
 * @property {Partial<ModelDescription>} [model]
 * @property {import('./rope.js').Rope[]} [rotary] the tables of angles
 * @property {import('./layer_placements.js').LayerOptions} [layers]
 * @property {Partial<import('./layer_placements.js').Parts>} [parts] other names than the family's
 * @property {(number | string)[]} [numbers] what stands for # in the names of each layer, by default its index
 * @property {Partial<Record<import('./placements.js').SlotName, import('./placements.js').Options>>} [tables] how others are put
 * @property {import('./placements.js').Placement[]} [placements] of what only this family has, prefix included
 * @property {Partial<import('./blueprint.js').Blueprint>} [blueprint]
 *
 * @typedef {object} Tokens
 * @property {string[]} modelTypes
 * @property {string[]} [classes] what the names of its classes begin with, each for a model type
 * @property {string[]} prefixes under which files have the modules
 * @property {number} [norms] wf_norm_places, behind both halves by default
 * @property {Partial<Record<import('./placements.js').SlotName, string | string[]>> & { TOKEN_TABLE: string | string[] }} tables
 * @property {string} [norm] the module of the norm over the sum of the tables
 * @property {string} [projection] of the tables' rows to the model's width, where they differ
 * @property {'always'} [projects] also where the widths are the same
 * @property {string} [finalNorm] the module of the norm behind the layers
 * @property {string} layer the modules of layer #
 * @property {import('./layer_placements.js').Parts} parts
 * @property {import('./ledger.js').Keys} keys of its config class, beside those named above
 * @property {string[]} harmless tensors, see Blueprint
 * @property {(config: Config, made: { fields: Record<string, number>, tensors: import('./blueprint.js').TensorList,
 *   prefix: string, layer: (index: number) => string }) => Reading} [read]
 * @property {(made: { config: Config, prefix: string, activation: number }) => import('./heads.js').TopOf} top
 *
 * @typedef {Tokens & import('./sizes.js').Sources} TokenFamily
 */

/** @param {TokenFamily} family @returns {import('./index.js').Family} */
export const tokenFamily = (family) => ({
  modelTypes: family.modelTypes,
  classes: family.classes,
  get keys() {
    return allKeys(family.keys, family);
  },
  blueprint(config, tensors, path) {
    checkKeys(config, family.keys);
    const { TOKEN_TABLE, ...tables } = family.tables;
    const prefix = findPrefix(tensors, family.prefixes, [TOKEN_TABLE].flat(), path);
    const layer = (/** @type {number | string} */ n) => prefix + family.layer.replace('#', String(n));
    const fields = fieldsOf(config, family);
    const read = family.read?.(config, { fields, tensors, prefix, layer }) ?? {};
    const { layers: size, vocabulary, positions = 0, types = 0, table, ...own } = fields;
    const one = kind(/** @type {any} */ ({ ...own, norms: family.norms ?? POST, ...read.kind }));
    const depth = read.numbers?.length ?? size;
    const norms = read.layers?.biases?.norms;
    const projects = table !== undefined && (table !== own.width || family.projects === 'always');
    const description = describe({
      stack: read.stack ?? Array(depth).fill(one),
      shared: read.shared,
      vocabulary,
      positions,
      types,
      table_width: table ?? own.width,
      projection: projects ? 1 : 0,
      embedding_norm: family.norm ? 1 : 0,
      final_norm: family.finalNorm ? 1 : 0,
      norm_form: one.norm_form,
      rotary: tablesOf(read.rotary ?? []),
      ...read.model,
    });
    const top = family.top({ config, prefix, activation: own.activation })(description, tensors);
    const named = (/** @type {string | string[]} */ names) => [names].flat().map((name) => prefix + name);
    const given = { position: description.positions, type: description.types };
    const placed = Object.entries(tables).filter(
      ([slot]) => (slot !== 'POSITION_TABLE' || given.position) && (slot !== 'TYPE_TABLE' || given.type),
    );
    const norm = (/** @type {string | undefined} */ module, /** @type {string} */ slot) =>
      module ? pair(prefix + module, slot, { bias: norms, offset: read.layers?.offset }) : [];
    return {
      description,
      ...top,
      rotary: read.rotary,
      ...read.blueprint,
      prefix,
      harmless: family.harmless,
      placements: [
        single(named(TOKEN_TABLE), 'TOKEN_TABLE'),
        ...placed.map(([slot, names]) =>
          single(
            named(names ?? ''),
            /** @type {import('./placements.js').SlotName} */ (slot),
            read.tables?.[/** @type {import('./placements.js').SlotName} */ (slot)],
          ),
        ),
        ...norm(description.embedding_norm ? family.norm : undefined, 'EMBEDDING_NORM'),
        ...(projects ? pair(prefix + family.projection, 'PROJECTION', { bias: null }) : []),
        ...layers(
          description,
          (i) => layer(read.numbers?.[i] ?? i),
          { ...family.parts, ...read.parts },
          read.layers,
        ),
        ...norm(description.final_norm ? family.finalNorm : undefined, 'FINAL_NORM'),
        ...(read.placements ?? []),
        ...top.placements,
      ],
      tasks: ['feature-extraction', ...top.tasks],
    };
  },
});
