/** The special and the added tokens of a tokenizer, from the four files that may tell of them, as transformers weighs them. */
import { ConfigError, FormatError, show } from '../../errors.js';
import { LIMITS } from '../../formats/config.js';
import { isObject } from '../../formats/json.js';
import { readAddedToken } from '../added_tokens.js';
import { objectOf } from './settings.js';

/** @import { AddedToken } from '../added_tokens.js' */
/** @import { Json } from './settings.js' */
/** @typedef {'bos' | 'eos' | 'unk' | 'sep' | 'pad' | 'cls' | 'mask'} Role */
/**
 * @typedef {object} Files parsed; null where there is none
 * @property {Json | null} config tokenizer_config.json
 * @property {Json | null} map special_tokens_map.json
 * @property {Json | null} added added_tokens.json
 */
/**
 * @typedef {object} Named
 * @property {Partial<Record<Role, string>>} roles
 * @property {AddedToken[]} tokens all that have a name or are additional
 * @property {Set<string>} usual those that no file names, as a class of transformers does
 */

/** @type {readonly Role[]} */
export const ROLES = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'];
const CONFIG = 'tokenizer_config.json';

/**
 * @param {Files} files
 * @param {Partial<Record<Role, string>>} usual what a class of transformers calls them
 * @returns {Named}
 * @throws {ConfigError} a token of the wrong form
 */
export function readNamed({ config, map }, usual) {
  // Newer files keep all in tokenizer_config.json, and then the older ones do not count.
  const source = objectOf(config, 'added_tokens_decoder') ? config : { ...config, ...map };
  /** @type {Named} */
  const named = { roles: {}, tokens: [], usual: new Set() };
  const take = (/** @type {AddedToken} */ token) => {
    if (!named.tokens.some(({ content }) => content === token.content)) named.tokens.push(token);
  };
  for (const role of ROLES) {
    const own = readSpecial(source?.[`${role}_token`], `${role}_token`);
    const token = own ?? readSpecial(usual[role], role);
    if (!token) continue;
    named.roles[role] = token.content;
    if (!own) named.usual.add(token.content);
    take(token);
  }
  for (const token of additionalOf(source)) take(token);
  return named;
}

/**
 * The tokens that tokenizer.json may lack, or has with other properties.
 * @param {Files} files
 * @param {Named} named
 * @param {AddedToken[]} known the added tokens of tokenizer.json
 * @param {(token: string) => boolean} isToken whether the vocabulary has it
 * @returns {AddedToken[]} in the order in which transformers adds them
 */
export function tokensBeside({ config, added }, { tokens, usual }, known, isToken) {
  const isNamed = (/** @type {string} */ content) => tokens.some((token) => token.content === content);
  const decoder = objectOf(config, 'added_tokens_decoder');
  const numbered = (decoder ? readDecoder(decoder) : readAdded(added, isNamed))
    .filter((token) => !known.some((other) => isSame(other, token)))
    .map((token) => ({ ...token, special: token.special || isNamed(token.content) }));
  const contents = new Set([...known, ...numbered].map(({ content }) => content));
  // What only a class names is no reason for a new id.
  const rest = tokens.filter(
    ({ content }) => !contents.has(content) && (!usual.has(content) || isToken(content)),
  );
  return [...numbered, ...rest];
}

/** @param {any} value a string, or an object with content @param {string} key @returns {AddedToken | null} */
function readSpecial(value, key) {
  if (value === undefined || value === null) return null;
  if (isObject(value)) return { ...readAddedToken(value, key, CONFIG, { special: true }), special: true };
  if (typeof value === 'string') return plain(value, true);
  throw new ConfigError(`${CONFIG}: ${key} is ${show(value)}; expected a string or a token`, {
    path: key,
    value,
  });
}

/** @param {string} content @param {boolean} special @returns {AddedToken} */
export const plain = (content, special) => ({
  ...{ content, special, normalized: !special },
  ...{ single_word: false, lstrip: false, rstrip: false },
});

/** @param {Json | null} source @returns {AddedToken[]} */
function additionalOf(source) {
  return ['additional_special_tokens', 'extra_special_tokens'].flatMap((key) => {
    const list = source?.[key] ?? [];
    const values = isObject(list) ? Object.values(list) : list;
    if (Array.isArray(values)) return values.flatMap((value) => readSpecial(value, key) ?? []);
    throw new ConfigError(`${CONFIG}: ${key} is ${show(list)}; expected an array`, {
      path: key,
      value: list,
    });
  });
}

/** @param {Json} decoder tokens by id @returns {AddedToken[]} in the order of their ids */
function readDecoder(decoder) {
  return Object.keys(decoder)
    .map((id) => ({ id: checkId(Number(id), CONFIG), key: id }))
    .sort((a, b) => a.id - b.id)
    .map(({ key }) => readAddedToken(decoder[key], `added token ${key}`, CONFIG));
}

/** @param {Json | null} added ids by token @param {(content: string) => boolean} isNamed @returns {AddedToken[]} */
function readAdded(added, isNamed) {
  return Object.keys(added ?? {})
    .map((content) => ({ content, id: checkId(added?.[content], 'added_tokens.json') }))
    .sort((a, b) => a.id - b.id)
    .map(({ content }) => plain(content, isNamed(content)));
}

/** @param {any} id @param {string} file @returns {number} */
function checkId(id, file) {
  if (Number.isInteger(id) && id >= 0 && id < LIMITS.vocabulary) return id;
  throw new FormatError(`${file}: a token has id ${show(id)}; expected a number below ${LIMITS.vocabulary}`, {
    path: file,
    value: id,
  });
}

/** @param {AddedToken} a @param {AddedToken} b */
const isSame = (a, b) =>
  /** @type {(keyof AddedToken)[]} */ (Object.keys(a)).every((key) => a[key] === b[key]);
