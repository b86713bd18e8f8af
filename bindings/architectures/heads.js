/**
 * The standard heads on top of an encoder, each written down once: poolers, classifiers of sequences, tokens and pictures,
 * masked words. A family names the modules; a head joins the description when it is chosen.
 */
import { ACTIVATION, POOL } from '../core/abi.js';
import { ConfigError, UnsupportedError } from '../errors.js';
import { boolean } from '../formats/config.js';
import { addHead, lastWidth } from './blueprint.js';
import { pair, single } from './placements.js';
import { architectureOf } from './sizes.js';

/**
 * @typedef {import('./blueprint.js').ModelDescription} ModelDescription
 * @typedef {import('./blueprint.js').TensorList} TensorList
 * @typedef {Pick<import('./blueprint.js').Blueprint, 'outputs' | 'placements' | 'tasks' | 'logits'>} Top
 * @typedef {(description: ModelDescription, tensors: TensorList) => Top} TopOf
 * @typedef {TopOf & { marks: string[] }} HeadOf marks: modules that a file with this head has; those behind a ! it does not have
 *
 * @typedef {object} Layer a linear layer of a head
 * @property {string} module
 * @property {number} [activation]
 * @property {string} [norm] the module of a layer norm behind it
 * @property {boolean | null} [bias] whether the layer has one; null: if the file has it; it has by default
 * @property {boolean} [normBias] whether the norm has
 * @property {boolean} [pooler] its result is an output of its own
 * @property {boolean} [bare] it is a norm alone
 */

/** @param {string[]} marks @param {TopOf} top @returns {HeadOf} */
const head = (marks, top) => Object.assign(top, { marks });
/** @type {Top} */
const NOTHING = { placements: [], outputs: [], tasks: [] };

/**
 * Linear layers in turn, as heads; each has as many outputs as its weight has rows.
 * @param {ModelDescription} description
 * @param {TensorList} tensors
 * @param {Layer[]} layers
 * @param {number} [vectors] side by side, that the first reads
 */
function chain(description, tensors, layers, vectors = 1) {
  let inputs = lastWidth(description) * vectors;
  const placements = [];
  const heads = [];
  for (const { module, activation, norm, bias, normBias, bare } of layers) {
    const outputs = bare ? inputs : (tensors.get(`${module}.weight`)?.shape[0] ?? inputs);
    const norm_epsilon = description.kind[0].norm_epsilon;
    const fields = { activation, norm: norm || bare ? 1 : 0, norm_epsilon, bare: bare ? 1 : 0 };
    const index = addHead(description, { inputs, outputs, ...fields });
    placements.push(...pair(module, bare ? 'HEAD_NORM' : 'HEAD', { index, bias }));
    if (norm) placements.push(...pair(norm, 'HEAD_NORM', { index, bias: normBias }));
    heads.push(index);
    inputs = outputs;
  }
  return { placements, heads };
}

/** A bare encoder. @type {TopOf} */
export const nothing = () => NOTHING;

/** The pooling of all rows, or of some, without a layer. @param {number} pooling @param {number} [rows] @returns {TopOf} */
export const pooled = (pooling, rows) => () => ({
  ...NOTHING,
  outputs: [{ name: 'pooler_output', poolings: [pooling], rows, heads: [] }],
});

/**
 * A pooler: a layer over the first token, or over another pooling without the first `skip` rows. A file may lack it.
 * @param {string | Layer} layer a module alone has a tanh behind it
 * @param {{ activation?: number, pooling?: number, skip?: number }} [options]
 * @returns {TopOf}
 */
export const pooler =
  (layer, { activation = ACTIVATION.TANH, pooling = POOL.FIRST, skip } = {}) =>
  (description, tensors) => {
    const one = typeof layer === 'string' ? { module: layer, activation } : layer;
    if (!tensors.has(`${one.module}.weight`)) return NOTHING;
    const { placements, heads } = chain(description, tensors, [one]);
    const output = { name: 'pooler_output', poolings: [pooling], heads, ...(skip !== undefined && { skip }) };
    return { ...NOTHING, placements, outputs: [output] };
  };

/**
 * Logits of a whole sequence: layers over a pooling of its rows.
 * @param {Layer[]} layers those marked as pooler give `pooler_output`
 * @param {{ pooling?: number, poolings?: number[], skip?: number, rows?: number, late?: number, task?: string }} [options] pooling: the first
 *   token by default; poolings: several, side by side, means without the first `skip` rows, of `rows`. late: layers before it
 * @returns {HeadOf}
 */
export const sequence = (
  layers,
  { pooling = POOL.FIRST, poolings = [pooling], skip, rows, late = 0, task = 'text-classification' } = {},
) =>
  head(
    layers.map(({ module }) => module),
    (description, tensors) => {
      const { placements, heads } = chain(description, tensors, layers, poolings.length);
      const poolers = layers.filter(({ pooler: is }) => is).length;
      const output = (/** @type {string} */ name, /** @type {number} */ count) => ({
        name,
        poolings,
        ...(skip !== undefined && { skip }),
        rows,
        heads: heads.slice(0, count),
        late,
      });
      const outputs = [output('logits', heads.length)];
      if (poolers) outputs.unshift(output('pooler_output', poolers));
      return { placements, outputs, tasks: [task] };
    },
  );

/** A module, or layers in turn. @param {string | Layer[]} layers @returns {Layer[]} */
const layersOf = (layers) => (typeof layers === 'string' ? [{ module: layers }] : layers);

const modulesOf = (/** @type {Layer[]} */ layers) => layers.map(({ module }) => module);

/**
 * Logits of every token.
 * @param {string | Layer[]} layers a module, or several in turn
 * @param {string[]} [without] modules that files of other classes have beside it
 * @param {string} [task]
 * @returns {HeadOf}
 */
export const tokens = (layers, without = [], task = 'token-classification') =>
  head([...modulesOf(layersOf(layers)), ...without.map((other) => `!${other}`)], (description, tensors) => {
    const { placements, heads } = chain(description, tensors, layersOf(layers));
    return {
      placements,
      outputs: [{ name: 'logits', poolings: [], heads }],
      tasks: [task],
    };
  });

/**
 * Where in a text an answer starts and where it ends: two logits of every token.
 * @param {string | Layer[]} layers a module, or several in turn
 * @returns {HeadOf}
 */
export const questions = (layers) =>
  head(modulesOf(layersOf(layers)), (description, tensors) => {
    const module = /** @type {string} */ (modulesOf(layersOf(layers)).at(-1));
    const columns = ['start_logits', 'end_logits'];
    const rows = tensors.get(`${module}.weight`)?.shape[0] ?? columns.length;
    if (rows !== columns.length) {
      const message = `${module} has ${rows} rows; an answer has 2, its start and its end`;
      throw new UnsupportedError(message, { path: `${module}.weight`, value: rows });
    }
    const { placements, heads } = chain(description, tensors, layersOf(layers));
    const outputs = [{ name: module, columns, poolings: [], heads }];
    return { placements, outputs, tasks: ['question-answering'] };
  });

/**
 * Logits of every word of the vocabulary for every token: a layer if there is one, then a decoder: of its own if the file has
 * one or the config says that it is not tied, else the token table with a bias.
 * @param {import('../formats/config.js').Config} config
 * @param {Layer | null} transform
 * @param {string} decoder its module
 * @param {{ bias?: string, biased?: boolean | null, tied?: boolean }} [options] bias: another name of the decoder's. biased: whether
 *   it has one; null: if the file has it. tied: whether the class ties it
 * @returns {HeadOf}
 */
export const maskedWords = (config, transform, decoder, { bias, biased = true, tied: ties = true } = {}) =>
  head([transform?.module ?? decoder], (description, tensors) => {
    const biases = [`${decoder}.bias`, ...(bias ? [bias] : [])];
    const weight = `${decoder}.weight`;
    const layers = transform ? [transform] : [];
    const marks = [...layers.map(({ module }) => `${module}.weight`), weight, ...biases];
    if (!marks.some((name) => tensors.has(name))) return NOTHING;
    const tied = boolean(config, 'tie_word_embeddings', { fallback: ties }) && !tensors.has(weight) ? 1 : 0;
    const { placements, heads } = chain(description, tensors, layers);
    const { table_width, vocabulary: outputs } = description;
    const index = addHead(description, { inputs: table_width, outputs, tied });
    return {
      placements: [
        ...placements,
        ...(tied ? [] : [single(weight, 'HEAD_WEIGHT', { index })]),
        ...(biased === false ? [] : [single(biases, 'HEAD_BIAS', { index, required: biased === true })]),
      ],
      outputs: [{ name: 'logits', poolings: [], heads: [...heads, index] }],
      tasks: ['fill-mask'],
    };
  });

/**
 * Logits of a picture from its class token. With two modules the second reads the second token, and logits are the mean.
 * @param {string[]} modules
 * @param {string[]} [names] of the outputs
 * @returns {HeadOf}
 */
export const pictures = (modules, names = ['cls_logits', 'distillation_logits']) =>
  head(modules, (description, tensors) => {
    const chains = modules.map((module) => chain(description, tensors, [{ module }]));
    const outputs = chains.map(({ heads }, token) => ({
      name: modules.length > 1 ? names[token] : 'logits',
      poolings: [POOL.TOKEN],
      token,
      heads,
    }));
    const placements = chains.flatMap((one) => one.placements);
    return {
      placements,
      outputs,
      tasks: ['image-classification'],
      ...(modules.length > 1 && { logits: names }),
    };
  });

/**
 * The head of the class that a model was saved from; where the config names none, of the one class that the file can be of.
 * @param {import('../formats/config.js').Config} config
 * @param {Record<string, HeadOf>} byClass by the end of the class' name, such as ForTokenClassification
 * @param {TopOf} [otherwise]
 * @returns {TopOf}
 */
export const byClass =
  (config, byClass, otherwise = nothing) =>
  (description, tensors) => {
    const name = architectureOf(config);
    const fits = (/** @type {string} */ mark) =>
      mark.startsWith('!') ? !tensors.has(`${mark.slice(1)}.weight`) : tensors.has(`${mark}.weight`);
    const found = Object.entries(byClass).filter(([end, { marks }]) =>
      name ? name.endsWith(end) : marks.every(fits),
    );
    if (found.length > 1) {
      const ends = found.map(([end]) => end).join(' or ');
      throw new ConfigError(
        `config has no architectures, and the file may be of a class ${ends}; name it there`,
        {
          path: 'architectures',
        },
      );
    }
    const top = found[0]?.[1](description, tensors);
    return top?.outputs.length ? top : otherwise(description, tensors);
  };

/** Several heads side by side. @param {TopOf[]} tops @returns {TopOf} */
export const both =
  (...tops) =>
  (description, tensors) => {
    const made = tops.map((top) => top(description, tensors));
    return {
      placements: made.flatMap(({ placements }) => placements),
      outputs: made.flatMap(({ outputs }) => outputs),
      tasks: made.flatMap(({ tasks }) => tasks),
    };
  };
