/**
 * Where special tokens stand around one text or a pair, and which spaces belong to the offsets of tokens: the post_processor
 * of a tokenizer.json as data. Putting texts in is encoding.js's.
 */
import { isListOf } from '../../arrays.js';
import { show } from '../../errors.js';
import { LIMITS } from '../../formats/config.js';
import { isObject } from '../../formats/json.js';
import { flatten, make, Part } from '../parts.js';

/** @typedef {{ token: string, id: number }} Special */
/**
 * One piece of a template: special tokens, or the place of a text.
 * @typedef {object} Piece
 * @property {0 | 1 | null} text 0 for the first text, 1 for its pair, null for special tokens
 * @property {Special[]} special none for a text
 * @property {number} typeId the token type of all its tokens
 */
/**
 * @typedef {object} Template
 * @property {Piece[]} single for one text
 * @property {Piece[]} pair for a text and its pair
 * @property {boolean} isOneType whether windows of a text beyond the first have type 0 whatever the text; else 0 or 1
 */
/**
 * @typedef {object} Processor
 * @property {Template} template
 * @property {boolean[]} trims whether to leave spaces out of offsets, for each part that does: with true, all but one that was
 *   put before the text
 */

/** @param {0 | 1} index @param {number} typeId @returns {Piece} */
const text = (index, typeId) => ({ text: index, special: [], typeId });
/** @param {Special} special @param {number} typeId @returns {Piece} */
const at = (special, typeId) => ({ text: null, special: [special], typeId });

/** Two texts, one after the other, with nothing around them. @type {Template} */
const BARE = { single: [text(0, 0)], pair: [text(0, 0), text(1, 1)], isOneType: false };

/**
 * @param {unknown} json the key `post_processor`; null for none
 * @param {number} size of the vocabulary
 * @param {string} file for messages
 * @returns {Processor}
 * @throws {FormatError} a part of the wrong form, or a special token outside the vocabulary; {UnsupportedError} a part or an
 *   option that is not known, or several parts that add tokens
 */
export function makeProcessor(json, size, file) {
  const parts = flatten(json, 'post_processor', 'processors', file);
  /** @type {boolean[]} */
  const trims = [];
  const trim = (/** @type {Part} */ part, /** @type {boolean} */ usual) => {
    const isPrefixed = part.flag('add_prefix_space', true);
    if (part.flag('trim_offsets', usual)) trims.push(isPrefixed);
  };
  const made = make(parts, {
    BertProcessing: (part) => bertTemplate(part, size),
    ByteLevel: (part) => {
      trim(part, true);
      part.raw('use_regex');
      return null;
    },
    RobertaProcessing: (part) => {
      trim(part, true);
      return robertaTemplate(part, size);
    },
    TemplateProcessing: (part) => readTemplate(part, size),
  });
  const templates = made.filter((template) => template !== null);
  if (templates.length > 1) {
    throw parts[0].part.unsupported('is one of several that add tokens; expected one', templates.length);
  }
  return { template: templates[0] ?? BARE, trims };
}

/** @param {Part} part @param {number} size @returns {Template} */
function bertTemplate(part, size) {
  const [cls, sep] = [readSpecial(part, 'cls', size), readSpecial(part, 'sep', size)];
  const single = [at(cls, 0), text(0, 0), at(sep, 0)];
  return { single, pair: [...single, text(1, 1), at(sep, 1)], isOneType: false };
}

/** Two separators between the texts, and one token type. @param {Part} part @param {number} size @returns {Template} */
function robertaTemplate(part, size) {
  const [cls, sep] = [readSpecial(part, 'cls', size), readSpecial(part, 'sep', size)];
  const single = [at(cls, 0), text(0, 0), at(sep, 0)];
  return { single, pair: [...single, at(sep, 0), text(1, 0), at(sep, 0)], isOneType: true };
}

/** @param {Part} part @param {'cls' | 'sep'} key a pair [token, id] @param {number} size @returns {Special} */
function readSpecial(part, key, size) {
  const value = part.raw(key);
  const [token, id] = Array.isArray(value) && value.length === 2 ? value : [];
  if (typeof token === 'string' && isBelow(size, id)) return { token, id };
  throw part.fail(`has ${key} ${show(value)}; expected [token, id below ${size}]`, value);
}

/** @param {Part} part @param {number} size @returns {Template} */
function readTemplate(part, size) {
  const tokens = part.raw('special_tokens');
  if (!isObject(tokens)) {
    throw part.fail(`has special_tokens ${show(tokens)}; expected an object`, tokens);
  }
  const pieces = (/** @type {string} */ key) =>
    part.list(key).map((/** @type {unknown} */ item) => readPiece(part, item, tokens, size));
  const [single, pair] = [pieces('single'), pieces('pair')];
  if (single.some(({ text: index }) => index === 1)) throw part.fail('asks for a second text in single');
  return { single, pair, isOneType: false };
}

/**
 * @param {Part} part
 * @param {any} item of a template: {SpecialToken} or {Sequence}
 * @param {Record<string, any>} tokens
 * @param {number} size
 * @returns {Piece}
 */
function readPiece(part, item, tokens, size) {
  const fail = (/** @type {unknown} */ value) =>
    part.fail(
      `has ${show(value)} in its template; expected a known SpecialToken or Sequence, with ids below ${size}`,
      value,
    );
  const kind = item?.SpecialToken ? 'SpecialToken' : 'Sequence';
  const { id, type_id: typeId } = item?.[kind] ?? {};
  if (!isBelow(LIMITS.positions, typeId)) throw fail(item);
  refuseOthers(part, item, kind);
  refuseOthers(part, item[kind], 'id', 'type_id');
  if (kind === 'Sequence') {
    if (id !== 'A' && id !== 'B') throw fail(id);
    return text(id === 'A' ? 0 : 1, typeId);
  }
  const known = typeof id === 'string' && Object.hasOwn(tokens, id) ? tokens[id] : null;
  const ids = known?.ids;
  if (!Array.isArray(ids) || !ids.every((value) => isBelow(size, value))) throw fail(id);
  refuseOthers(part, known, 'id', 'ids', 'tokens');
  const names = known.tokens ?? [id];
  if (!isListOf(names, (name) => typeof name === 'string') || names.length !== ids.length) throw fail(id);
  return { text: null, special: ids.map((value, i) => ({ token: names[i], id: value })), typeId };
}

/** @param {Part} part @param {unknown} json of its template @param {string[]} keys all that it may have */
function refuseOthers({ name, file }, json, ...keys) {
  const inside = new Part(json, `${name} template`, file);
  for (const key of keys) inside.raw(key);
  inside.end();
}

/** @param {number} limit @param {unknown} value @returns {boolean} */
const isBelow = (limit, value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < limit;
