/** A tokenizer.json made from vocab.txt, one token a line, for models saved before there was one: of BERT, MPNet and ESM. */
import { FormatError, show } from '../../errors.js';
import { LIMITS } from '../../formats/config.js';
import { PYTHON_SPACE } from '../characters.js';
import { stripped } from '../decoders/clean_up.js';
import { flagOf } from './settings.js';
import { plain } from './special_tokens.js';

/** @import { Role } from './special_tokens.js' */
/** @import { Json } from './settings.js' */

const FILE = 'vocab.txt';
/** What Python takes for the end of a line. */
const LINES = /\r\n|\n|\r/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: separators of old
const ESM_LINES = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;
/**
 * @param {string} text
 * @param {RegExp} ends of lines
 * @returns {Record<string, number>} ids by token; of equal lines the last counts
 */
function readLines(text, ends) {
  const lines = text.split(ends);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length > LIMITS.vocabulary) {
    throw new FormatError(`${FILE} has ${lines.length} lines; expected at most ${LIMITS.vocabulary}`, {
      path: FILE,
    });
  }
  /** @type {Record<string, number>} */
  const vocab = Object.create(null);
  for (const [id, token] of lines.entries()) vocab[token] = id;
  return vocab;
}

/**
 * @param {Record<string, number>} vocab
 * @param {Partial<Record<Role, string>>} roles
 * @param {Role[]} needed
 */
function checkSpecials(vocab, roles, needed) {
  const missing = needed.map((role) => roles[role] ?? '').find((token) => vocab[token] === undefined);
  if (missing === undefined) return;
  throw new FormatError(`${FILE} has no ${show(missing)}; expected it among its lines`, { path: FILE });
}

/** Special tokens that the vocabulary has. @param {Record<string, number>} vocab @param {Partial<Record<Role, string>>} roles */
const specialsIn = (vocab, roles) =>
  [...new Set(Object.values(roles))]
    .filter((token) => vocab[token] !== undefined)
    .map((token) => ({ id: vocab[token], ...plain(token, true) }));

/**
 * Special tokens around a text and a pair: `pair` separators stand between, and the pair is of type 1.
 * @param {Record<string, number>} vocab
 * @param {{ cls: string, sep: string, between?: number, pairType?: number }} tokens
 */
function template(vocab, { cls, sep, between = 1, pairType = 1 }) {
  const special = (/** @type {string} */ id, type_id = 0) => ({ SpecialToken: { id, type_id } });
  const single = [special(cls), { Sequence: { id: 'A', type_id: 0 } }, special(sep)];
  const more = Array.from({ length: between - 1 }, () => special(sep));
  const tokens = (/** @type {string} */ token) => ({ id: token, ids: [vocab[token]], tokens: [token] });
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, ...more, { Sequence: { id: 'B', type_id: pairType } }, special(sep, pairType)],
    special_tokens: { [cls]: tokens(cls), [sep]: tokens(sep) },
  };
}

/**
 * WordPiece, as BertTokenizer and MPNetTokenizer set it up.
 * @param {string} text vocab.txt
 * @param {Json | null} config tokenizer_config.json
 * @param {Partial<Record<Role, string>>} roles
 * @param {boolean} isMpnet two separators between a text and its pair, and a mask that takes the space before it
 * @returns {Json} as a parsed tokenizer.json
 * @throws {FormatError} the file is empty, too long, or lacks a special token; {ConfigError} a wrong value
 */
export function wordPieceJson(text, config, roles, isMpnet) {
  const vocab = readLines(text, LINES);
  checkSpecials(vocab, roles, ['unk', 'sep', 'cls']);
  const { unk, sep, cls } = /** @type {Record<Role, string>} */ (roles);
  const lowercase = flagOf(config, 'do_lower_case') ?? true;
  return {
    added_tokens: specialsIn(vocab, roles).map((token) => ({
      ...token,
      lstrip: isMpnet && token.content === roles.mask,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: flagOf(config, 'tokenize_chinese_chars') ?? true,
      strip_accents: flagOf(config, 'strip_accents') ?? null,
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: template(vocab, { cls, sep, between: isMpnet ? 2 : 1 }),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      ...{ type: 'WordPiece', unk_token: unk, continuing_subword_prefix: '##' },
      ...{ max_input_chars_per_word: 100, vocab },
    },
  };
}

/**
 * The letters of proteins: every token is found wherever it stands, and what is between is unknown, word by word.
 * @param {string} text vocab.txt
 * @param {Partial<Record<Role, string>>} roles
 * @returns {Json}
 * @throws {FormatError} the file is too long, or lacks a special token
 */
export function esmJson(text, roles) {
  const lines = text.split(ESM_LINES).map(stripped);
  const vocab = readLines(lines.join('\n'), LINES);
  checkSpecials(vocab, roles, ['unk', 'cls', 'eos']);
  const { unk, cls, eos } = /** @type {Record<Role, string>} */ (roles);
  const special = new Set(Object.values(roles));
  return {
    added_tokens: Object.entries(vocab).map(([token, id]) => ({
      id,
      ...plain(token, special.has(token)),
      normalized: false,
    })),
    pre_tokenizer: {
      type: 'Split',
      pattern: { Regex: `[${PYTHON_SPACE.replaceAll('\\u', '\\x')}]` },
      behavior: 'Removed',
      invert: false,
    },
    post_processor: template(vocab, { cls, sep: eos, pairType: 0 }),
    model: { type: 'WordLevel', unk_token: unk, vocab },
  };
}
