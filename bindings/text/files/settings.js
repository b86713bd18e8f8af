/**
 * tokenizer_config.json: each key that transformers knows is read, makes no difference here, or is refused unless it has the
 * value that changes nothing. Keys that it does not know are ignored, and listed.
 */
import { ConfigError, show, UnsupportedError } from '../../errors.js';
import { isObject } from '../../formats/json.js';

/** @typedef {Readonly<Record<string, any>>} Json a parsed file */

const FILE = 'tokenizer_config.json';

/** Read by name, here and in the other files of this room. */
const READ = [
  ...['tokenizer_class', 'model_max_length', 'max_len', 'model_input_names', 'added_tokens_decoder'],
  ...['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'],
  ...['additional_special_tokens', 'extra_special_tokens', 'pad_token_type_id', 'split_special_tokens'],
  ...['padding_side', 'truncation_side', 'clean_up_tokenization_spaces', 'do_lower_case', 'strip_accents'],
  ...['tokenize_chinese_chars', 'add_prefix_space', 'trim_offsets', 'word_delimiter_token'],
  ...['replace_word_delimiter_char', 'target_lang'],
  'clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output',
];

/** For Python, for other calls, for files that tokenizer.json stands for, or what tokenizer.json says itself. */
const HARMLESS = [
  ...[
    'name_or_path',
    'special_tokens_map_file',
    'tokenizer_file',
    'vocab_file',
    'merges_file',
    'init_inputs',
  ],
  ...[
    'processor_class',
    'feature_extractor_type',
    'backend',
    'is_local',
    'local_files_only',
    'use_fast',
    'from_slow',
  ],
  ...['chat_template', 'response_schema', 'use_default_system_prompt', 'legacy', 'sp_model_kwargs', 'errors'],
  ...['spaces_between_special_tokens', 'do_basic_tokenize', 'never_split', 'keep_accents', 'remove_space'],
  ...[
    'add_bos_token',
    'add_eos_token',
    'extra_ids',
    'vocab_size',
    'verbose',
    'return_attention_mask',
    'do_normalize',
  ],
  ...[
    'max_length',
    'stride',
    'truncation_strategy',
    'pad_to_multiple_of',
    'padding',
    'truncation',
    'return_tensors',
  ],
  ...[
    'return_token_type_ids',
    'pad_to_max_length',
    'device_map',
    'torch_dtype',
    'dtype',
    'trust_remote_code',
  ],
  ...[
    'split_by_punct',
    'vocab_type',
    'sep_token_box',
    'only_label_first_subword',
    'pad_token_label',
    'pad_token_box',
  ],
  ...['cls_token_box', 'src_lang', 'tgt_lang', 'language_codes', 'tokenizer_type', 'special_tokens_pattern'],
];

/** What would change ids in ways that are not built: the value that changes nothing, besides null. */
const REFUSED = new Map([
  ['fix_mistral_regex', false],
  ['is_decode_only', false],
]);

/**
 * @param {Json | null} config tokenizer_config.json
 * @returns {string[]} the keys that are ignored
 * @throws {UnsupportedError} a key with a value that is not built
 */
export function classify(config) {
  const keys = Object.keys(config ?? {});
  for (const key of keys) {
    const value = config?.[key] ?? null;
    const usual = REFUSED.get(key);
    if (usual !== undefined && value !== null && value !== usual) {
      throw new UnsupportedError(`${FILE}: ${key} is ${show(value)}; expected ${usual}`, {
        path: key,
        value,
      });
    }
  }
  const custom =
    config?.auto_map?.AutoTokenizer ?? (Array.isArray(config?.auto_map) ? config.auto_map : null);
  if (custom) {
    throw new UnsupportedError(
      `${FILE}: auto_map names a tokenizer in Python, ${show(custom)}; expected one of transformers' own`,
      { path: 'auto_map', value: custom },
    );
  }
  const known = new Set([...READ, ...HARMLESS, ...REFUSED.keys(), 'auto_map']);
  return keys.filter((key) => !known.has(key) && !key.endsWith('_token'));
}

/**
 * @param {Json | null} config
 * @param {string} key
 * @param {(value: any) => boolean} fits
 * @param {string} expected
 * @returns {any} undefined if it is left out or null
 */
function read(config, key, fits, expected) {
  const value = config?.[key] ?? undefined;
  if (value === undefined || fits(value)) return value;
  throw new ConfigError(`${FILE}: ${key} is ${show(value)}; expected ${expected}`, { path: key, value });
}

/** @param {Json | null} config @param {string} key @returns {boolean | undefined} */
export const flagOf = (config, key) =>
  read(config, key, (value) => typeof value === 'boolean', 'true or false');

/** @param {Json | null} config @param {string} key @returns {string | undefined} */
export const textOf = (config, key) => read(config, key, (value) => typeof value === 'string', 'a string');

/** @param {Json | null} config @param {string} key @returns {number | undefined} */
export const numberOf = (config, key) =>
  read(config, key, (value) => Number.isInteger(value) && value >= 0, 'a whole number from 0');

/** @param {Json | null} config @param {string} key @returns {'left' | 'right' | undefined} */
export const sideOf = (config, key) =>
  read(config, key, (value) => ['left', 'right'].includes(value), 'left or right');

/** @param {Json | null} config @param {string} key @returns {string[] | undefined} */
export const namesOf = (config, key) =>
  read(
    config,
    key,
    (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
    'an array of strings',
  );

/** @param {Json | null} config @param {string} key @returns {Json | undefined} */
export const objectOf = (config, key) => read(config, key, isObject, 'an object');
