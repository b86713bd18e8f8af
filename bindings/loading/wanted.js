/**
 * Which of a model's files a load will ask for, for sources that fetch ahead. Not here: who asks for them, and in which order
 * (assemble.js, tokenizer.js).
 */
import { SETTINGS } from '../text/sentence_transformers.js';
import { WEIGHTS } from './files.js';

/** @typedef {(names: ReadonlySet<string> | null) => string[]} Wanted names: those that there are; null if nobody knows */

const TOKENIZER = ['tokenizer_config.json', 'special_tokens_map.json'];
/** Of these forms of a tokenizer the first is read. */
const FORMS = [['tokenizer.json'], ['vocab.txt'], ['vocab.json', 'merges.txt']];
const REST =
  /^(?:modules|sentence_\w+_config|config_sentence_transformers|preprocessor_config|processor_config)\.json$/;
/** Modules of sentence-transformers: small ones, and a model in a folder of its own. */
const MODULES = /^\d+_\w+\/(?:config\.json|model\.safetensors)$/;
/** All files beside its weights that a load may read of a model, and of the folder of sentence-transformers around it. */
export const BESIDE = [
  ...['config.json', ...FORMS.flat(), ...TOKENIZER, 'added_tokens.json'],
  ...['preprocessor_config.json', 'processor_config.json', ...SETTINGS],
];
export const AROUND = ['modules.json', 'config_sentence_transformers.json'];
const SHARD = /^model-\d{5}-of-\d{5}\.safetensors$/;

/** @type {Wanted} */
export function wantedByTokenizer(names) {
  if (!names) return ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
  const form = FORMS.find(([first]) => names.has(first)) ?? [];
  return ['config.json', ...form, ...TOKENIZER].filter((name) => names.has(name));
}

/** @type {Wanted} */
export function wantedByModel(names) {
  if (!names) return [...wantedByTokenizer(null), 'modules.json', WEIGHTS];
  const all = [...names];
  const weights = names.has(WEIGHTS)
    ? [WEIGHTS]
    : [`${WEIGHTS}.index.json`, ...all.filter((name) => SHARD.test(name))];
  const rest = all.filter((name) => REST.test(name) || MODULES.test(name));
  return [...wantedByTokenizer(names), ...rest, ...weights].filter((name) => names.has(name));
}
