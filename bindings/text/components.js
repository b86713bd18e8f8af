/**
 * The parts of a tokenizer.json, walked and checked before the library of tokenizers sees them. What they do
 * is the library's business.
 */
import { FormatError, show, UnsupportedError } from '../errors.js';
import { LIMITS } from '../formats/config.js';
import { isObject } from '../formats/json.js';

/** @typedef {Record<string, any>} Component A normalizer, pre_tokenizer, post_processor or decoder. */

const DEEPEST = 16;
const MODELS = ['WordPiece', 'BPE', 'Unigram'];
const SPLITTERS = ['Split', 'Replace'];

// The regular expressions of published tokenizers. Others are not compiled: a pattern from a file could make
// the engine search for hours.
const WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
const MARKS = '| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const CLIP = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
const PATTERNS = new Set([
  ' {2,}', // XLM-R, T5
  '\\n', // DeBERTa
  '\\s+', // CLIP
  CLIP,
  `<\\|startoftext\\|>|<\\|endoftext\\|>|${CLIP}`,
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", // GPT-2
  `${WORDS}\\p{N}{1,3}${MARKS}`, // Llama 3, EuroBERT
  `${WORDS}\\p{N}${MARKS}`, // Qwen 2
]);

/**
 * A part and all parts in it, as a Sequence has them.
 * @param {unknown} root Null or undefined for none.
 * @param {string} path The file's name, for messages.
 * @returns {Component[]}
 * @throws {FormatError} If a part is not an object with a type, or they are nested too deep.
 */
export function components(root, path) {
  /** @type {Component[]} */
  const found = [];
  const visit = (/** @type {unknown} */ node, /** @type {number} */ depth) => {
    if (node === null || node === undefined) return;
    if (!isObject(node) || typeof node.type !== 'string' || depth > DEEPEST) {
      throw new FormatError(`${path}: a part is ${show(node)}; expected {type, …}, at most ${DEEPEST} deep`, {
        path,
        value: node,
      });
    }
    found.push(node);
    for (const list of [node.normalizers, node.pretokenizers, node.processors, node.decoders]) {
      if (Array.isArray(list)) for (const part of list) visit(part, depth + 1);
    }
  };
  visit(root, 1);
  return found;
}

/**
 * Checks what would otherwise fail deep inside the library: the model's type, its vocabulary and the added
 * tokens; and that no regular expression of the file's own is compiled.
 * @param {Record<string, any>} tokenizer A parsed tokenizer.json.
 * @param {string} path The file's name, for messages.
 * @throws {FormatError} If it is malformed.
 * @throws {UnsupportedError} If its model or a regular expression is not known.
 */
export function checkTokenizer(tokenizer, path) {
  const { model, added_tokens: added } = tokenizer;
  if (!isObject(model)) {
    throw new FormatError(`${path}: model is ${show(model)}; expected an object`, { path, value: model });
  }
  const type = modelType(model);
  if (!MODELS.includes(type)) {
    const message = `${path}: model type is ${show(type)}; expected ${MODELS.join(', ')}`;
    throw new UnsupportedError(message, { path, value: type });
  }
  checkVocabulary(model, path);
  if (!Array.isArray(added)) {
    throw new FormatError(`${path}: added_tokens is ${show(added)}; expected an array`, {
      path,
      value: added,
    });
  }
  for (const token of added) {
    if (typeof token?.content !== 'string' || !isId(token.id)) {
      throw new FormatError(
        `${path}: added token ${show(token?.content)} has id ${show(token?.id)}; expected ${ID}`,
        { path, value: token },
      );
    }
  }
  for (const key of ['normalizer', 'pre_tokenizer', 'decoder']) {
    for (const part of components(tokenizer[key], path)) checkPattern(part, path);
  }
}

const ID = `a number below ${LIMITS.vocabulary}`;

/**
 * The type of a model; old files leave it out.
 * @param {Record<string, any>} model
 * @returns {string}
 */
export function modelType({ type, vocab, merges }) {
  return type ?? (Array.isArray(vocab) ? 'Unigram' : merges ? 'BPE' : 'WordPiece');
}

/**
 * @param {Record<string, any>} model
 * @param {string} path
 */
function checkVocabulary(model, path) {
  const { vocab, continuing_subword_prefix: prefix } = model;
  const fail = (/** @type {string} */ what) => new FormatError(`${path}: ${what}`, { path });
  const isList = modelType(model) === 'Unigram'; // of [token, score]; the others have {token: id}
  if (!(isList ? Array.isArray(vocab) : isObject(vocab))) {
    throw fail(`vocab is ${show(vocab)}; expected ${isList ? 'an array' : 'an object'}`);
  }
  const entries = isList ? vocab : Object.values(vocab);
  const isPair = (/** @type {any} */ item) => typeof item?.[0] === 'string' && Number.isFinite(item[1]);
  const bad = entries.findIndex((/** @type {unknown} */ item) => !(isList ? isPair(item) : isId(item)));
  if (bad >= 0) throw fail(`vocab has ${show(entries[bad])}; expected ${isList ? '[token, score]' : ID}`);
  if (entries.length === 0 || entries.length > LIMITS.vocabulary) {
    throw fail(`vocab has ${entries.length} entries; expected 1 to ${LIMITS.vocabulary}`);
  }
  if (modelType(model) === 'WordPiece' && typeof prefix !== 'string') {
    throw fail(`continuing_subword_prefix is ${show(prefix)}; expected a string`);
  }
}

/**
 * @param {Component} part
 * @param {string} path
 */
function checkPattern({ type, pattern }, path) {
  if (!SPLITTERS.includes(type) || typeof pattern?.String === 'string') return;
  const source = pattern?.Regex;
  if (PATTERNS.has(source)) return;
  const Failure = typeof source === 'string' ? UnsupportedError : FormatError;
  throw new Failure(`${path}: ${type} has pattern ${show(source)}; expected that of a published tokenizer`, {
    path,
    value: source,
  });
}

/** @param {unknown} value */
function isId(value) {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < LIMITS.vocabulary;
}
