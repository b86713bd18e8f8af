/**
 * What a sentence-transformers folder says about turning hidden states into a vector: modules.json and the
 * files it names. It computes nothing, and takes the model itself (module 0) as known.
 */
import { ConfigError, FormatError, show, UnsupportedError } from '../errors.js';
import { boolean, checkConfig, integer, LIMITS, oneOf } from '../formats/config.js';
import { isObject } from '../formats/json.js';

/** @typedef {'cls' | 'max' | 'mean' | 'mean_sqrt_len' | 'weightedmean' | 'lasttoken'} PoolingMode */
/**
 * A linear layer after pooling; its weights are `linear.weight` [out, in] and `linear.bias` [out].
 * @typedef {object} DenseModule
 * @property {string} path Its folder.
 * @property {number} in
 * @property {number} out
 * @property {boolean} bias
 * @property {'tanh' | 'identity'} activation
 */
/**
 * @typedef {object} SentenceTransformer
 * @property {{modes: PoolingMode[]} | null} pooling Several modes are concatenated in order; null if none.
 * @property {DenseModule[]} dense In order.
 * @property {boolean} normalize Whether vectors are scaled to unit length at the end.
 * @property {number | null} maxLength The most tokens of a text; it counts more than the tokenizer's own.
 * @property {boolean} lowerCase Whether texts are lowered before the tokenizer sees them.
 * @property {Record<string, string>} prompts By name, query and document among them; without a prototype.
 * @property {string | null} defaultPrompt The name of the prompt put before texts if none is asked for.
 */
/** @typedef {(path: string) => unknown} ReadJson A parsed file of the folder or null, or a promise of it. */

// In the order in which sentence-transformers concatenates them.
const MODES = Object.freeze({
  pooling_mode_cls_token: 'cls',
  pooling_mode_max_tokens: 'max',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_mean_sqrt_len_tokens: 'mean_sqrt_len',
  pooling_mode_weightedmean_tokens: 'weightedmean',
  pooling_mode_lasttoken: 'lasttoken',
});
const ORDER = ['Transformer', 'Pooling', 'Dense', 'Normalize'];
const FOLDER = /^[A-Za-z0-9][\w.-]{0,95}$/;

/**
 * Reads modules.json and what belongs to it.
 * @param {{modules: unknown, readJson: ReadJson}} files modules.json, parsed, and a reader of the others.
 * @returns {Promise<SentenceTransformer>}
 * @throws {FormatError} If a file is missing or not of its form.
 * @throws {ConfigError} If a value in one is missing or outside its range.
 * @throws {UnsupportedError} If there is a module, an order of modules or an activation that is not known.
 */
export async function parseModules({ modules, readJson }) {
  const list = readList(modules);
  const read = async (/** @type {string} */ path, isRequired = false) => {
    const value = await readJson(path);
    if ((value ?? null) === null && isRequired) throw new FormatError(`${path} is missing`, { path });
    return checkConfig(value ?? {}, path);
  };
  const pooling = list.find(({ kind }) => kind === 'Pooling');
  const dense = list.filter(({ kind }) => kind === 'Dense');
  const [bert, own] = [
    await read('sentence_bert_config.json'),
    await read('config_sentence_transformers.json'),
  ];
  const prompts = readPrompts(own.prompts ?? {});
  return {
    pooling: pooling ? { modes: readModes(await read(`${pooling.path}/config.json`, true)) } : null,
    dense: await Promise.all(
      dense.map(async ({ path }) => readDense(path, await read(`${path}/config.json`, true))),
    ),
    normalize: list.some(({ kind }) => kind === 'Normalize'),
    maxLength: integer(bert, 'max_seq_length', { min: 1, max: LIMITS.positions, fallback: 0 }) || null,
    lowerCase: boolean(bert, 'do_lower_case', { fallback: false }),
    prompts,
    defaultPrompt: readDefaultPrompt(own.default_prompt_name ?? null, prompts),
  };
}

/**
 * The modules, each by the last word of its type: the module paths before it changed with versions.
 * @param {unknown} modules
 * @returns {{kind: string, path: string}[]}
 */
function readList(modules) {
  const path = 'modules.json';
  if (!Array.isArray(modules)) {
    throw new FormatError(`${path} holds ${show(modules)}; expected an array`, { path, value: modules });
  }
  const list = modules.map((module) => {
    const { type, path: folder = '' } = module ?? {};
    const kind = typeof type === 'string' ? type.slice(type.lastIndexOf('.') + 1) : '';
    if (!ORDER.includes(kind)) {
      throw new UnsupportedError(`${path} has a module of type ${show(type)}; expected ${ORDER.join(', ')}`, {
        path,
        value: type,
      });
    }
    const isInPlace = kind === 'Transformer' ? folder === '' : FOLDER.test(folder);
    if (typeof folder !== 'string' || !isInPlace) {
      const expected = kind === 'Transformer' ? 'the top folder' : 'a plain folder name';
      throw new UnsupportedError(`${path} has its ${kind} in ${show(folder)}; expected ${expected}`, {
        path,
        value: folder,
      });
    }
    return { kind, path: folder };
  });
  const places = list.map(({ kind }) => ORDER.indexOf(kind));
  // Each kind once, but for Dense, of which there may be several.
  const isAfter = (/** @type {number} */ place, /** @type {number} */ before) =>
    place > before || (place === before && ORDER[place] === 'Dense');
  if (!places.every((place, i) => i === 0 || isAfter(place, places[i - 1]))) {
    throw new UnsupportedError(
      `${path} has ${list.map(({ kind }) => kind).join(', ')}; expected ${ORDER.join(', ')} in this order`,
      { path, value: modules },
    );
  }
  return list;
}

/**
 * 1_Pooling/config.json: a switch a mode, or since version 6 of sentence-transformers their names.
 * @param {import('../formats/config.js').Config} config
 * @returns {PoolingMode[]}
 */
function readModes(config) {
  oneOf(config, 'include_prompt', [true], { fallback: true });
  const known = /** @type {[string, PoolingMode][]} */ (Object.entries(MODES));
  const named = config.pooling_mode ?? null;
  if (named === null) {
    const modes = known.filter(([key]) => boolean(config, key, { fallback: false })).map(([, mode]) => mode);
    return modes.length > 0 ? modes : ['mean'];
  }
  const list = (Array.isArray(named) ? named : [named]).map((name) => {
    return known.find(
      ([, mode]) => mode === name || (mode === 'mean_sqrt_len' && name === `${mode}_tokens`),
    )?.[1];
  });
  const modes = list.flatMap((mode) => mode ?? []);
  if (modes.length === list.length && modes.length > 0) return modes;
  throw new ConfigError(`pooling_mode is ${show(named)}; expected ${Object.values(MODES).join(', ')}`, {
    path: 'pooling_mode',
    value: named,
  });
}

/**
 * @param {string} path The module's folder.
 * @param {import('../formats/config.js').Config} config
 * @returns {DenseModule}
 */
function readDense(path, config) {
  oneOf(config, 'use_residual', [false], { fallback: false });
  // Tanh is the default of the class.
  const { activation_function: name = 'torch.nn.modules.activation.Tanh' } = config;
  const kind = typeof name === 'string' ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '';
  if (kind !== 'tanh' && kind !== 'identity') {
    throw new UnsupportedError(`${path} has activation_function ${show(name)}; expected Tanh or Identity`, {
      path: `${path}/config.json`,
      value: name,
    });
  }
  return {
    path,
    in: integer(config, 'in_features', { min: 1, max: LIMITS.feedForward }),
    out: integer(config, 'out_features', { min: 1, max: LIMITS.feedForward }),
    bias: boolean(config, 'bias', { fallback: true }),
    activation: kind,
  };
}

/**
 * Every model has a prompt for queries and one for documents, if only an empty one.
 * @param {unknown} value
 * @returns {Record<string, string>}
 */
function readPrompts(value) {
  const isText = (/** @type {unknown} */ text) => typeof text === 'string' || text === null;
  if (!isObject(value) || !Object.values(value).every(isText)) {
    throw new ConfigError(`prompts are ${show(value)}; expected an object of strings`, {
      path: 'prompts',
      value,
    });
  }
  /** @type {Record<string, string>} */
  const prompts = Object.assign(Object.create(null), { query: '', document: '' });
  for (const [name, text] of Object.entries(value)) prompts[name] = text ?? '';
  return prompts;
}

/**
 * @param {unknown} name
 * @param {Record<string, string>} prompts
 * @returns {string | null}
 */
function readDefaultPrompt(name, prompts) {
  if (name === null || (typeof name === 'string' && Object.hasOwn(prompts, name))) return name;
  throw new ConfigError(
    `default_prompt_name is ${show(name)}; expected one of ${show(Object.keys(prompts))}`,
    { path: 'default_prompt_name', value: name },
  );
}
