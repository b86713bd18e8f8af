/** A tokenizer.json made from vocab.json: with merges.txt byte-level BPE of RoBERTa, CLIP and DeBERTa, alone the letters of wav2vec2. */
import { FormatError, show, UnsupportedError } from '../../errors.js';
import { isObject } from '../../formats/json.js';
import { stripped } from '../decoders/clean_up.js';
import { grouped } from '../decoders/ctc.js';
import { uppercase } from '../normalizers/lowercase.js';
import { flagOf, textOf } from './settings.js';
import { plain } from './special_tokens.js';

/** @import { Kind } from './classes.js' */
/** @import { Description } from './describe.js' */
/** @import { Role } from './special_tokens.js' */
/** @import { Json } from './settings.js' */

const FILE = 'vocab.json';
const CLIP_WORDS = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

/**
 * @param {Json} vocab ids by token
 * @param {Partial<Record<Role, string>>} roles
 * @param {Role} role
 * @returns {[token: string, id: number]}
 */
function special(vocab, roles, role) {
  const token = roles[role] ?? '';
  if (Object.hasOwn(vocab, token)) return [token, vocab[token]];
  throw new FormatError(`${FILE} has no ${show(token)}; expected it among its tokens`, {
    path: FILE,
    value: token,
  });
}

/**
 * @param {Kind} kind
 * @param {{ vocab: Json, merges: string }} files merges.txt as text
 * @param {Json | null} config tokenizer_config.json
 * @param {Partial<Record<Role, string>>} roles
 * @returns {Json} as a parsed tokenizer.json
 * @throws {FormatError} a special token is missing
 */
export function bytePairJson(kind, { vocab, merges }, config, roles) {
  const prefixed = flagOf(config, 'add_prefix_space') ?? false;
  const bytes = { type: 'ByteLevel', add_prefix_space: prefixed, trim_offsets: true, use_regex: true };
  const lines = merges.split(/\r\n|\n|\r/).filter((line) => line !== '' && !line.startsWith('#version'));
  const names = /** @type {Role[]} */ (['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask']);
  const tokens = [...new Set(names.flatMap((role) => roles[role] ?? []))]
    .filter((token) => Object.hasOwn(vocab, token))
    .map((token) => ({
      id: vocab[token],
      ...plain(token, true),
      lstrip: kind !== 'clip' && token === roles.mask,
    }));
  const model = { type: 'BPE', vocab, merges: lines };
  const shared = { added_tokens: tokens, decoder: { type: 'ByteLevel' } };
  if (kind === 'clip') return clipJson({ ...shared, model }, vocab, roles);
  const [cls, sep] = [special(vocab, roles, 'cls'), special(vocab, roles, 'sep')];
  const around =
    kind === 'deberta'
      ? { type: 'BertProcessing' }
      : { type: 'RobertaProcessing', ...trimming(config, prefixed) };
  return { ...shared, model, pre_tokenizer: bytes, post_processor: { ...around, cls, sep } };
}

/** @param {Json | null} config @param {boolean} prefixed */
const trimming = (config, prefixed) => ({
  trim_offsets: flagOf(config, 'trim_offsets') ?? true,
  add_prefix_space: prefixed,
});

/** @param {Json} json @param {Json} vocab @param {Partial<Record<Role, string>>} roles @returns {Json} */
function clipJson(json, vocab, roles) {
  const [cls, sep] = [special(vocab, roles, 'bos'), special(vocab, roles, 'eos')];
  return {
    ...json,
    model: { ...json.model, unk_token: roles.unk, end_of_word_suffix: '</w>' },
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: CLIP_WORDS }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: { type: 'RobertaProcessing', cls, sep, trim_offsets: false, add_prefix_space: false },
  };
}

/**
 * The letters that an acoustic model was trained to tell, and how their ids, one a frame, become text.
 * @param {Json} file vocab.json, by language if one is named
 * @param {Json | null} config tokenizer_config.json
 * @param {Partial<Record<Role, string>>} roles
 * @returns {Omit<Description, 'file'>}
 * @throws {FormatError} no such language; {UnsupportedError} an option that is not built
 */
export function lettersJson(file, config, roles) {
  const language = textOf(config, 'target_lang');
  const vocab = language === undefined ? file : file[language];
  if (!isObject(vocab)) {
    throw new FormatError(`${FILE} has no vocabulary of ${show(language)}, which target_lang names`, {
      path: FILE,
    });
  }
  const space = textOf(config, 'word_delimiter_token') ?? '|';
  const written = textOf(config, 'replace_word_delimiter_char') ?? ' ';
  const lowers = flagOf(config, 'do_lower_case') ?? false;
  if ([...space].length !== 1) {
    throw new UnsupportedError(`word_delimiter_token is ${show(space)}; expected a single character`, {
      path: 'word_delimiter_token',
      value: space,
    });
  }
  const named = new Set(Object.values(roles));
  const added = Object.keys(vocab)
    .filter((token) => [...token].length > 1)
    .map((token) => ({
      ...{ id: vocab[token], ...plain(token, named.has(token)) },
      ...{ normalized: false, lstrip: true, rstrip: true },
    }));
  const json = {
    added_tokens: added,
    normalizer: { type: 'Replace', pattern: { String: ' ' }, content: space },
    pre_tokenizer: { type: 'FixedLength', length: 1 },
    model: { type: 'WordLevel', unk_token: roles.unk, vocab },
  };
  const decode = (/** @type {string[]} */ tokens) => {
    const letters = grouped(tokens).filter((token) => token !== roles.pad);
    const text = stripped(letters.map((letter) => (letter === space ? written : letter)).join(''));
    return lowers ? text.toLowerCase() : text;
  };
  return { json, decode, first: lowers ? [uppercase] : [], unknown: roles.unk, kept: space };
}
