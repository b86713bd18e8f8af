/**
 * The modules of sentence-transformers behind a model, as their folders say what they are: pooling, linear layers, norms. Not
 * here: which there are is for sentence_transformers.js, their weights are for loading/.
 */
import { ConfigError, FormatError, show, UnsupportedError } from '../errors.js';
import { boolean, integer, LIMITS } from '../formats/config.js';
import { checkSentenceKeys } from './sentence_keys.js';

/** @typedef {'cls' | 'max' | 'mean' | 'mean_sqrt_len' | 'weightedmean' | 'lasttoken'} PoolingMode */
/**
 * A linear layer; its weights are `linear.weight` [out, in] and `linear.bias` [out].
 * @typedef {object} DenseModule
 * @property {'Dense'} kind
 * @property {string} path Its folder.
 * @property {number} in
 * @property {number} out
 * @property {boolean} bias
 * @property {Activation} activation
 */
/** A layer norm; its weights are `norm.weight` and `norm.bias`. @typedef {{kind: 'LayerNorm', path: string, in: number}} NormModule */
/** Unit length. @typedef {{kind: 'Normalize'}} NormalizeModule */
/** @typedef {DenseModule | NormModule | NormalizeModule} Module */
/** @typedef {(path: string, isRequired?: boolean) => Promise<import('../formats/config.js').Config>} Read */

// In the order in which sentence-transformers concatenates them.
const MODES = Object.freeze({
  pooling_mode_cls_token: 'cls',
  pooling_mode_max_tokens: 'max',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_mean_sqrt_len_tokens: 'mean_sqrt_len',
  pooling_mode_weightedmean_tokens: 'weightedmean',
  pooling_mode_lasttoken: 'lasttoken',
});
/** torch's classes of activations, with the arguments that they have by default. */
const ACTIVATIONS = /** @type {const} */ ({
  Tanh: 'TANH',
  Identity: 'IDENTITY',
  Sigmoid: 'SIGMOID',
  GELU: 'GELU',
  ReLU: 'RELU',
  ReLU6: 'RELU6',
  SiLU: 'SILU',
  LeakyReLU: 'LEAKY_RELU',
  Hardswish: 'HARD_SWISH',
  Mish: 'MISH',
});
/** @typedef {(typeof ACTIVATIONS)[keyof typeof ACTIVATIONS]} Activation By the core's names. */
const KINDS = ['Transformer', 'Pooling', 'Dense', 'LayerNorm', 'Normalize', 'Dropout'];
const FOLDER = /^[A-Za-z0-9][\w.-]{0,95}$/;
/**
 * The modules, the model itself first, each by its class: the path before that changed with versions.
 * @param {unknown} modules
 * @returns {{kind: string, path: string, bare: boolean}[]} bare: without a file of settings
 * @throws {FormatError} no array
 * @throws {UnsupportedError} a module or an order of modules that is not known
 */
export function readList(modules) {
  const path = 'modules.json';
  if (!Array.isArray(modules)) {
    throw new FormatError(`${path} holds ${show(modules)}; expected an array`, { path, value: modules });
  }
  const list = modules.map((module) => {
    const { type, path: given = '' } = module ?? {};
    const kind =
      /^sentence_transformers\.(?:\w+\.)*(\w+)$/.exec(typeof type === 'string' ? type : '')?.[1] ?? '';
    if (!KINDS.includes(kind)) {
      throw new UnsupportedError(
        `${path} has a module of type ${show(type)}; expected ${KINDS.join(', ')} of sentence_transformers`,
        { path, value: type },
      );
    }
    const folder = typeof given === 'string' ? given.replace(/[\\/]$/, '') : given;
    if (typeof folder !== 'string' || !((kind === 'Transformer' && folder === '') || FOLDER.test(folder))) {
      const expected =
        kind === 'Transformer' ? 'the top folder or a plain folder name' : 'a plain folder name';
      throw new UnsupportedError(`${path} has its ${kind} in ${show(given)}; expected ${expected}`, {
        path,
        value: given,
      });
    }
    // Where versions before 6 keep their modules: their Normalize has no file.
    return { kind, path: folder, bare: kind === 'Normalize' && !type.includes('.base.') };
  });
  const kinds = list.map(({ kind }) => kind);
  const first = ['Transformer', 'Pooling'].every((kind, i) => (kinds[i] ?? kind) === kind);
  if (first && kinds.length && !kinds.slice(2).some((kind) => kind === 'Transformer' || kind === 'Pooling'))
    return list;
  throw new UnsupportedError(
    `${path} has ${kinds.join(', ') || 'no modules'}; expected Transformer, Pooling, then others`,
    { path, value: modules },
  );
}

/** @param {{path: string}} module @param {Read} read */
export async function readPooling({ path }, read) {
  const config = await read(`${path}/config.json`, true);
  checkSentenceKeys('Pooling', config, `${path}/config.json`);
  return { modes: readModes(config), includePrompt: boolean(config, 'include_prompt', { fallback: true }) };
}

/**
 * A module behind pooling: none for those that do nothing outside training.
 * @param {{kind: string, path: string, bare: boolean}} module
 * @param {Read} read
 * @returns {Promise<Module[]>}
 */
export async function readModule({ kind, path, bare }, read) {
  if (kind === 'Dropout') return [];
  if (bare) return [{ kind: 'Normalize' }];
  const config = await read(`${path}/config.json`, kind !== 'Normalize');
  checkSentenceKeys(kind, config, `${path}/config.json`);
  if (kind === 'Dense') return [readDense(path, config)];
  if (kind === 'Normalize') return [{ kind }];
  return [{ kind: 'LayerNorm', path, in: integer(config, 'dimension', { min: 1, max: LIMITS.feedForward }) }];
}

/**
 * 1_Pooling/config.json: a switch a mode, or since version 6 of sentence-transformers their names.
 * @param {import('../formats/config.js').Config} config
 * @returns {PoolingMode[]}
 */
function readModes(config) {
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
  // Tanh is the default of the class; null stands for no activation.
  const { activation_function: name = 'torch.nn.modules.activation.Tanh' } = config;
  const found = /^torch\.nn\.(?:modules\.(?:activation|linear)\.)?(\w+)$/.exec(
    typeof name === 'string' ? name : '',
  );
  const kind = name === null ? 'Identity' : (found?.[1] ?? '');
  if (!Object.hasOwn(ACTIVATIONS, kind)) {
    const known = Object.keys(ACTIVATIONS).join(', ');
    throw new UnsupportedError(`${path} has activation_function ${show(name)}; expected torch's ${known}`, {
      path: `${path}/config.json`,
      value: name,
    });
  }
  return {
    kind: 'Dense',
    path,
    in: integer(config, 'in_features', { min: 1, max: LIMITS.feedForward }),
    out: integer(config, 'out_features', { min: 1, max: LIMITS.feedForward }),
    bias: boolean(config, 'bias', { fallback: true }),
    activation: ACTIVATIONS[/** @type {keyof typeof ACTIVATIONS} */ (kind)],
  };
}
