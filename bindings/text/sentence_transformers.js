/**
 * What a sentence-transformers folder says about turning hidden states into a vector: modules.json and the
 * files it names. It computes nothing, and takes the model itself (module 0) as known.
 */
import { ConfigError, FormatError, show } from '../errors.js';
import { boolean, checkConfig, integer, LIMITS } from '../formats/config.js';
import { isObject } from '../formats/json.js';
import { checkSentenceKeys } from './sentence_keys.js';
import { readModule, readPooling } from './sentence_modules.js';

/**
 * @typedef {object} SentenceTransformer
 * @property {string} folder That of the model itself, '' for the top one.
 * @property {{modes: import('./sentence_modules.js').PoolingMode[], includePrompt: boolean} | null} pooling Several modes are concatenated in order; null
 *   if none.
 * @property {import('./sentence_modules.js').Module[]} after What follows pooling, in order.
 * @property {boolean} normalize Whether vectors are scaled to unit length at the end.
 * @property {number | null} dimensions How many values of a vector are kept.
 * @property {number | null} maxLength The most tokens of a text; it counts more than the tokenizer's own.
 * @property {boolean} lowerCase Whether texts are lowered before the tokenizer sees them.
 * @property {Record<string, string>} prompts By name, query and document among them; without a prototype.
 * @property {string | null} defaultPrompt The name of the prompt put before texts if none is asked for.
 */
/** @typedef {(path: string) => unknown} ReadJson A parsed file of the folder or null, or a promise of it. */
/** @typedef {import('./sentence_modules.js').Read} Read */

/** The names under which the first module's settings are looked for; the first that holds any counts. */
export const SETTINGS = ['bert', 'roberta', 'distilbert', 'camembert', 'albert', 'xlm-roberta', 'xlnet'].map(
  (name) => `sentence_${name}_config.json`,
);

/**
 * Reads what belongs to modules.json.
 * @param {{list: ReturnType<typeof import('./sentence_modules.js').readList>, readJson: ReadJson}} files what modules.json lists, and a reader of the others.
 * @returns {Promise<SentenceTransformer>}
 * @throws {FormatError} If a file is missing or not of its form.
 * @throws {ConfigError} If a value in one is missing, outside its range, or asks for what is not done.
 * @throws {UnsupportedError} If there is an activation that is not known.
 */
export async function parseModules({ list: [{ path: folder }, ...rest], readJson }) {
  /** @type {Read} */
  const read = async (path, isRequired = false) => {
    const value = await readJson(path);
    if ((value ?? null) === null && isRequired) throw new FormatError(`${path} is missing`, { path });
    return checkConfig(value ?? {}, path);
  };
  const settings = await readSettings(folder, read);
  const own = await read('config_sentence_transformers.json');
  checkSentenceKeys('SentenceTransformer', own, 'config_sentence_transformers.json');
  const prompts = readPrompts(own.prompts ?? {});
  const pooling = rest.find(({ kind }) => kind === 'Pooling');
  const after = [];
  for (const module of rest) if (module !== pooling) after.push(...(await readModule(module, read)));
  return {
    folder,
    pooling: pooling ? await readPooling(pooling, read) : null,
    after,
    normalize: after.at(-1)?.kind === 'Normalize',
    dimensions: integer(own, 'truncate_dim', { min: 1, max: LIMITS.feedForward, fallback: 0 }) || null,
    maxLength: integer(settings, 'max_seq_length', { min: 1, max: LIMITS.positions, fallback: 0 }) || null,
    lowerCase: boolean(settings, 'do_lower_case', { fallback: false }),
    prompts,
    defaultPrompt: readDefaultPrompt(own.default_prompt_name ?? null, prompts),
  };
}

/** @param {string} folder @param {Read} read */
async function readSettings(folder, read) {
  for (const name of SETTINGS) {
    const path = folder ? `${folder}/${name}` : name;
    const settings = await read(path);
    checkSentenceKeys('Transformer', settings, path);
    if (Object.keys(settings).length) return settings;
  }
  return checkConfig({});
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
