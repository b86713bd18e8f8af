/**
 * A tokenizer.json made from vocab.txt, for BERT models saved before there was one: WordPiece as
 * BertTokenizer of transformers sets it up, and no other kind of vocabulary.
 */
import { ConfigError, FormatError, show, UnsupportedError } from '../errors.js';
import { boolean, LIMITS } from '../formats/config.js';

/** The tokenizers and, where none is named, the model types that read vocab.txt in this way. */
const CLASSES = ['BertTokenizer', 'DistilBertTokenizer', 'ElectraTokenizer'];
const MODEL_TYPES = ['bert', 'distilbert', 'electra'];

/**
 * Builds the tokenizer.json of a BERT vocabulary.
 * @param {string} text vocab.txt: one token a line, its line being its id.
 * @param {Record<string, any>} tokenizerConfig tokenizer_config.json, or {}.
 * @param {Record<string, any>} config config.json, or {}.
 * @returns {Record<string, any>} As a parsed tokenizer.json.
 * @throws {FormatError} If the file is empty, too long, or lacks a special token.
 * @throws {ConfigError} If tokenizer_config.json has a wrong value.
 * @throws {UnsupportedError} If the model has a vocab.txt of another kind.
 */
export function wordPieceTokenizer(text, tokenizerConfig, config) {
  checkKind(tokenizerConfig, config);
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length > LIMITS.vocabulary) {
    throw new FormatError(`vocab.txt has ${lines.length} lines; expected at most ${LIMITS.vocabulary}`, {
      path: 'vocab.txt',
    });
  }
  /** @type {Record<string, number>} */
  const vocab = Object.create(null);
  for (const [id, token] of lines.entries()) vocab[token] = id;

  const [unk, sep, pad, cls, mask] = ['unk', 'sep', 'pad', 'cls', 'mask'].map((role) => {
    return tokenName(tokenizerConfig[`${role}_token`]) ?? `[${role.toUpperCase()}]`;
  });
  const missing = [unk, sep, cls].find((token) => vocab[token] === undefined);
  if (missing !== undefined) {
    throw new FormatError(`vocab.txt has no ${show(missing)}; expected it among its lines`, {
      path: 'vocab.txt',
    });
  }
  const special = (/** @type {string} */ id, type_id = 0) => ({ SpecialToken: { id, type_id } });
  const single = [special(cls), { Sequence: { id: 'A', type_id: 0 } }, special(sep)];
  const lowercase = boolean(tokenizerConfig, 'do_lower_case', { fallback: true });
  return {
    added_tokens: [pad, unk, cls, sep, mask]
      .filter((token) => vocab[token] !== undefined)
      .map((content) => ({ id: vocab[content], content, special: true, normalized: false })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: boolean(tokenizerConfig, 'tokenize_chinese_chars', { fallback: true }),
      strip_accents: boolean(tokenizerConfig, 'strip_accents', { fallback: lowercase }),
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, { Sequence: { id: 'B', type_id: 1 } }, special(sep, 1)],
      special_tokens: { [cls]: { ids: [vocab[cls]] }, [sep]: { ids: [vocab[sep]] } },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordPiece', unk_token: unk, continuing_subword_prefix: '##', vocab },
  };
}

/**
 * @param {Record<string, any>} tokenizerConfig
 * @param {Record<string, any>} config
 */
function checkKind({ tokenizer_class: name }, { model_type: type }) {
  if (typeof name === 'string') {
    if (CLASSES.includes(name.replace(/Fast$/, ''))) return;
    throw new UnsupportedError(
      `vocab.txt belongs to a ${name}; without tokenizer.json, expected ${CLASSES.join(', ')}`,
      { path: 'tokenizer_class', value: name },
    );
  }
  if (type === undefined || MODEL_TYPES.includes(type)) return;
  throw new UnsupportedError(
    `vocab.txt belongs to a ${show(type)} model; without tokenizer.json, expected ${MODEL_TYPES.join(', ')}`,
    { path: 'model_type', value: type },
  );
}

/**
 * The name of a special token, which files give as text or as {content}.
 * @param {any} token
 * @returns {string | null} Null if there is none.
 */
export function tokenName(token) {
  const name = typeof token === 'object' && token !== null ? token.content : token;
  if (name === null || name === undefined) return null;
  if (typeof name === 'string') return name;
  throw new ConfigError(`a special token in tokenizer_config.json is ${show(name)}; expected a string`, {
    value: name,
  });
}
