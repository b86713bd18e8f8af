/**
 * A tokenizer from the files of a model: they are read into one description (files/), and its parts are made. Not here:
 * where the files come from.
 */
import { FormatError, show } from '../errors.js';
import { LIMITS } from '../formats/config.js';
import { isObject } from '../formats/json.js';
import { AddedVocabulary, readAddedToken } from './added_tokens.js';
import { stripped } from './decoders/clean_up.js';
import { makeDecoder } from './decoders/index.js';
import { kindOf, specialsOf } from './files/classes.js';
import { describe } from './files/describe.js';
import { classify, flagOf, namesOf, numberOf, sideOf } from './files/settings.js';
import { readNamed, tokensBeside } from './files/special_tokens.js';
import { makeModel } from './models/index.js';
import { makeNormalizer } from './normalizers/index.js';
import { lowercase } from './normalizers/lowercase.js';
import { Pipeline } from './pipeline.js';
import { makePreTokenizer } from './pre_tokenizers/index.js';
import { makeProcessor } from './processors/template.js';
import { Tokenizer } from './tokenizer.js';

/** @import { Kind } from './files/classes.js' */
/** @import { Json } from './files/settings.js' */
/** @import { Named } from './files/special_tokens.js' */
/** @import { Normalizer } from './normalizers/index.js' */
/**
 * @typedef {object} TokenizerFiles of which tokenizer.json counts before vocab.txt and vocab.json
 * @property {any} [tokenizer] tokenizer.json, parsed
 * @property {any} [tokenizerConfig] tokenizer_config.json, parsed
 * @property {any} [specialTokensMap] special_tokens_map.json, parsed
 * @property {any} [addedTokens] added_tokens.json, parsed
 * @property {string | null} [vocab] the text of vocab.txt
 * @property {any} [vocabJson] vocab.json, parsed
 * @property {string | null} [merges] the text of merges.txt
 * @property {any} [config] config.json, parsed
 * @property {boolean} [lowerCase] whether texts are lowered first, as sentence_bert_config.json may ask
 */
/**
 * Makes the tokenizer of a model. What tokenizer.json says about truncation and padding counts as far as transformers lets it:
 * the sides and the padding token, where tokenizer_config.json is silent.
 * @param {TokenizerFiles} files
 * @returns {Tokenizer}
 * @throws {FormatError} a file is malformed; {ConfigError} tokenizer_config.json has a wrong value; {UnsupportedError} a part,
 *   an option or a kind of vocabulary that is not known
 */
export function createTokenizer(files) {
  const { tokenizer, tokenizerConfig, specialTokensMap, addedTokens, config: model = null } = files;
  const [config, map, added] = [tokenizerConfig ?? null, specialTokensMap ?? null, addedTokens ?? null];
  checkObjects({
    tokenizer,
    tokenizer_config: config,
    special_tokens_map: map,
    added_tokens: added,
    config: model,
  });
  const ignored = classify(config);
  // A vocab.txt of which nothing is told is taken for BERT's.
  const isTold = typeof config?.tokenizer_class === 'string' || typeof model?.model_type === 'string';
  const kind = isTold || tokenizer || typeof files.vocab !== 'string' ? kindOf(config, model) : 'bert';
  const named = readNamed({ config, map, added }, specialsOf(kind));
  const { json, file, decode, first, unknown, kept } = describe(files, kind, named.roles);
  const own = makeNormalizer(json.normalizer, file);
  const normalizer = chain([...(files.lowerCase ? [lowercase] : []), ...first, ...(own ? [own] : [])]);
  const madeModel = makeModel(json.model, file);
  const vocabulary = new AddedVocabulary(
    madeModel.vocabulary,
    normalizer,
    flagOf(config, 'split_special_tokens') ?? false,
  );
  const known = readAddedTokens(json.added_tokens, file);
  vocabulary.add(known);
  vocabulary.add(
    tokensBeside({ config, map, added }, named, known, (token) => vocabulary.idOf(token) !== undefined),
  );
  if (vocabulary.size > LIMITS.vocabulary) {
    throw new FormatError(`${file} has ${vocabulary.size} ids; expected at most ${LIMITS.vocabulary}`, {
      path: file,
    });
  }
  const preTokenizer = makePreTokenizer(json.pre_tokenizer, file);
  return new Tokenizer({
    file,
    ignored,
    vocabulary,
    pipeline: new Pipeline({ added: vocabulary, normalizer, preTokenizer, model: madeModel, file }),
    processor: makeProcessor(json.post_processor, vocabulary.size, file),
    decode: decode ?? decoderOf(json, kind, file),
    ...{ unknown, kept },
    cleansUp: cleansUp(config, json),
    subwordPrefix: prefixOf(json.model),
    special: specialIds(vocabulary, named),
    padding: paddingOf(config, json, named),
    truncationSide: sideOf(config, 'truncation_side') ?? directionOf(json.truncation),
    inputNames: namesOf(config, 'model_input_names') ?? null,
    maxLength: longest(config?.model_max_length ?? config?.max_len, model?.max_position_embeddings),
  });
}

/**
 * CLIP's class writes a space for what ends a word, which its decoder leaves as it is.
 * @param {Json} json
 * @param {Kind | undefined} kind
 * @param {string} file
 * @returns {(tokens: string[]) => string}
 */
function decoderOf(json, kind, file) {
  const decode = makeDecoder(json.decoder, file);
  const end = json.model?.end_of_word_suffix;
  return kind === 'clip' && end ? (tokens) => stripped(decode(tokens).replaceAll(end, ' ')) : decode;
}

/** What marks tokens inside a word. @param {Json} model */
function prefixOf(model) {
  const { continuing_subword_prefix: prefix, type } = model ?? {};
  if (typeof prefix === 'string') return prefix;
  return type === 'WordPiece' ? '##' : '';
}

/** @param {Record<string, unknown>} files by name */
function checkObjects(files) {
  for (const [name, value] of Object.entries(files)) {
    if (value === undefined || value === null || isObject(value)) continue;
    throw new FormatError(`${name}.json holds ${show(value)}; expected an object`, {
      path: `${name}.json`,
      value,
    });
  }
}

/** @param {Normalizer[]} steps @returns {Normalizer | null} */
function chain(steps) {
  if (steps.length === 0) return null;
  return (section) => steps.reduce((result, step) => step(result), section);
}

/** @param {unknown} json the key `added_tokens` @param {string} file */
function readAddedTokens(json, file) {
  if (json === undefined || json === null) return [];
  if (!Array.isArray(json)) {
    throw new FormatError(`${file}: added_tokens is ${show(json)}; expected an array`, {
      path: file,
      value: json,
    });
  }
  return json.map((token) => {
    const id = token?.id;
    if (!(Number.isInteger(id) && id >= 0 && id < LIMITS.vocabulary)) {
      throw new FormatError(
        `${file}: an added token has id ${show(id)}; expected a number below ${LIMITS.vocabulary}`,
        { path: file, value: id },
      );
    }
    return readAddedToken(token, `added token ${id}`, file);
  });
}

/** @param {AddedVocabulary} vocabulary @param {Named} named @returns {import('./public.js').SpecialIds} */
function specialIds(vocabulary, { roles }) {
  const find = (/** @type {keyof typeof COMMON} */ role) => {
    const own = roles[role];
    const ids = (own === undefined ? COMMON[role] : [own]).map((token) => vocabulary.idOf(token));
    return ids.find((id) => id !== undefined) ?? null;
  };
  return { cls: find('cls'), sep: find('sep'), pad: find('pad'), mask: find('mask'), unk: find('unk') };
}

/** What special tokens are called where no file says it. */
const COMMON = Object.freeze({
  cls: ['[CLS]', '<s>'],
  sep: ['[SEP]', '</s>'],
  pad: ['[PAD]', '<pad>'],
  mask: ['[MASK]', '<mask>'],
  unk: ['[UNK]', '<unk>'],
});

/** @param {any} settings truncation or padding of a tokenizer.json @returns {'left' | 'right'} */
const directionOf = (settings) => (settings?.direction === 'Left' ? 'left' : 'right');

/**
 * @param {Json | null} config
 * @param {Json} json
 * @param {Named} named
 * @returns {import('./tokenizer_parts.js').PaddingSettings}
 */
function paddingOf(config, json, { roles }) {
  const own = isObject(json.padding) ? json.padding : {};
  const type = Number.isInteger(own.pad_type_id) ? own.pad_type_id : 0;
  return {
    token: roles.pad ?? (typeof own.pad_token === 'string' ? own.pad_token : null),
    typeId: numberOf(config, 'pad_token_type_id') ?? type,
    side: sideOf(config, 'padding_side') ?? directionOf(own),
  };
}

/** Whether decoding takes spaces before punctuation out; of byte-pair tokens transformers does so only if pressed. */
function cleansUp(/** @type {Json | null} */ config, /** @type {Json} */ json) {
  const pressed = 'clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output';
  const cleans = flagOf(config, 'clean_up_tokenization_spaces') ?? false;
  return cleans && (!json.model?.merges || (flagOf(config, pressed) ?? false));
}

/**
 * @param {unknown} limit model_max_length, which is a huge number where nobody set it
 * @param {unknown} positions max_position_embeddings
 * @returns {number | null}
 */
function longest(limit, positions) {
  const isSane = (/** @type {any} */ value) =>
    Number.isInteger(value) && value > 0 && value <= LIMITS.positions;
  const sane = [limit, positions].filter(isSane).map(Number);
  return sane.length === 0 ? null : Math.min(...sane);
}
