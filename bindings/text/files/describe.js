/** One description of a tokenizer: tokenizer.json as the class of transformers takes it, or one made from a vocabulary. */
import { FormatError, show, UnsupportedError } from '../../errors.js';
import { isObject } from '../../formats/json.js';
import { heedClass } from './classes.js';
import { bytePairJson, lettersJson } from './vocab_json.js';
import { esmJson, wordPieceJson } from './vocab_txt.js';

/** @import { Normalizer } from '../normalizers/index.js' */
/** @import { Kind } from './classes.js' */
/** @import { Json } from './settings.js' */
/** @import { Role } from './special_tokens.js' */
/** @import { TokenizerFiles } from '../create_tokenizer.js' */
/**
 * @typedef {object} Description
 * @property {Json} json as a tokenizer.json
 * @property {string} file that it comes from, for messages
 * @property {((tokens: string[]) => string) | null} decode instead of the decoder of json
 * @property {Normalizer[]} first before the normalizer of json
 * @property {string} [unknown] the token that ids without one stand for; without it they are refused
 * @property {string} [kept] the special token that stays when others are left out
 */

/** The keys of a tokenizer.json; truncation and padding are those of calls. */
const KEYS = [
  ...['version', 'truncation', 'padding', 'added_tokens', 'normalizer', 'pre_tokenizer', 'post_processor'],
  ...['decoder', 'model'],
];

/**
 * @param {TokenizerFiles} files
 * @param {Kind | undefined} kind of the class that transformers would make
 * @param {Partial<Record<Role, string>>} roles
 * @returns {Description}
 * @throws {FormatError} a file of the wrong form, or none; {UnsupportedError} a class or a vocabulary that is not known
 */
export function describe(files, kind, roles) {
  const { tokenizer, vocab, vocabJson, merges } = files;
  const config = files.tokenizerConfig ?? null;
  const made = { decode: null, first: [] };
  if (tokenizer)
    return { ...made, file: 'tokenizer.json', json: heedClass(checkKeys(tokenizer), config, kind) };
  const file = typeof vocab === 'string' ? 'vocab.txt' : 'vocab.json';
  if (file === 'vocab.txt') {
    if (kind === 'esm') return { ...made, file, json: esmJson(String(vocab), roles) };
    if (kind === 'bert') return { ...made, file, json: wordPieceJson(String(vocab), config, roles, false) };
    if (kind === 'mpnet') return { ...made, file, json: wordPieceJson(String(vocab), config, roles, true) };
    throw unknownKind(file, files);
  }
  if (!isObject(vocabJson)) {
    throw new FormatError(
      'a tokenizer needs tokenizer.json, vocab.txt or vocab.json; there is none of them',
      { path: 'tokenizer.json' },
    );
  }
  if (typeof merges === 'string' && (kind === 'roberta' || kind === 'clip' || kind === 'deberta')) {
    return { ...made, file, json: bytePairJson(kind, { vocab: vocabJson, merges }, config, roles) };
  }
  if (kind !== 'wav2vec2') throw unknownKind(file, files);
  return { file, ...lettersJson(vocabJson, config, roles) };
}

/** @param {Json} json tokenizer.json @returns {Json} */
function checkKeys(json) {
  const version = json.version ?? '1.0';
  const path = 'tokenizer.json';
  if (version !== '1.0') {
    throw new UnsupportedError(`${path} has version ${show(version)}; expected "1.0"`, {
      path,
      value: version,
    });
  }
  const key = Object.keys(json).find((name) => !KEYS.includes(name));
  if (key === undefined) return json;
  throw new UnsupportedError(
    `${path} has the key ${show(key)}, which is not known; expected ${KEYS.join(', ')}`,
    { path, value: json[key] },
  );
}

/** @param {string} file @param {TokenizerFiles} files */
function unknownKind(file, { tokenizerConfig, config, merges }) {
  const isClass = typeof tokenizerConfig?.tokenizer_class === 'string';
  const value = isClass ? tokenizerConfig.tokenizer_class : config?.model_type;
  const owner = isClass ? `a ${value}` : `a model of type ${show(value)}`;
  const lacks = file === 'vocab.json' && typeof merges !== 'string' ? ' and merges.txt' : '';
  return new UnsupportedError(
    `${file} belongs to ${owner}, which is not read without tokenizer.json${lacks}; to make one in Python: AutoTokenizer.from_pretrained(folder, use_fast=True).save_pretrained(folder)`,
    { path: isClass ? 'tokenizer_class' : 'model_type', value },
  );
}
