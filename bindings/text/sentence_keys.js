/**
 * What the files of a sentence-transformers folder may say beside what is read: every key of the classes is read, harmless,
 * or refused unless its value changes nothing.
 */
import { show, UnsupportedError } from '../errors.js';
import { refuseUnless, unknownKeys } from '../formats/config.js';
import { isObject } from '../formats/json.js';

/** Keys by the class that has them. @type {Record<string, import('../formats/config.js').Keys>} */
export const SENTENCE_KEYS = {
  /** config_sentence_transformers.json */
  SentenceTransformer: {
    read: ['prompts', 'default_prompt_name', 'truncate_dim'],
    harmless: ['__version__', 'similarity_fn_name'],
    fixed: { model_type: ['SentenceTransformer'] },
  },
  /** sentence_bert_config.json and its other names */
  Transformer: {
    read: [
      ...['max_seq_length', 'do_lower_case', 'model_args', 'model_kwargs', 'config_args', 'config_kwargs'],
      ...['tokenizer_args', 'processor_kwargs'],
    ],
    harmless: ['backend', 'cache_dir', 'model_name_or_path', 'unpad_inputs'],
    fixed: {
      document_length: [],
      modality_config: [{ text: { method: 'forward', method_output_name: 'last_hidden_state' } }],
      module_output_name: ['token_embeddings'],
      processing_kwargs: [{}],
      query_expansion: [],
      query_length: [],
      tokenizer_name_or_path: [],
      transformer_task: ['feature-extraction'],
    },
  },
  Pooling: {
    read: [
      ...['pooling_mode_cls_token', 'pooling_mode_max_tokens', 'pooling_mode_mean_tokens', 'pooling_mode'],
      ...['pooling_mode_mean_sqrt_len_tokens', 'pooling_mode_weightedmean_tokens', 'pooling_mode_lasttoken'],
      'include_prompt',
    ],
    harmless: ['embedding_dimension', 'word_embedding_dimension'],
    fixed: {},
  },
  Dense: {
    read: ['in_features', 'out_features', 'bias', 'activation_function'],
    harmless: ['init_bias', 'init_weight'],
    fixed: {
      module_input_name: ['sentence_embedding'],
      module_output_name: ['sentence_embedding'],
      use_residual: [false],
    },
  },
  LayerNorm: { read: ['dimension'], harmless: [], fixed: {} },
  Normalize: {
    read: [],
    harmless: [],
    fixed: { module_input_name: ['sentence_embedding'], module_output_name: ['sentence_embedding'] },
  },
  Dropout: { read: [], harmless: ['dropout'], fixed: {} },
};

/** What is passed on to transformers; these say how it loads and runs, not what it computes. */
const ARGUMENTS = [
  ...['attn_implementation', 'device_map', 'dtype', 'low_cpu_mem_usage', 'torch_dtype', 'trust_remote_code'],
  ...['use_cache', 'use_fast', 'use_safetensors'],
];

/** Their files also hold what programs around the model add: a key that the class does not know is ignored. */
const OPEN = ['SentenceTransformer', 'Transformer'];

/**
 * Refuses what a file asks for and is not done.
 * @param {string} kind the class
 * @param {import('../formats/config.js').Config} config
 * @param {string} path of the file
 */
export function checkSentenceKeys(kind, config, path) {
  refuseUnless(config, SENTENCE_KEYS[kind].fixed, path);
  const [unknown] = unknownKeys(config, SENTENCE_KEYS[kind]);
  if (unknown !== undefined && !OPEN.includes(kind)) {
    throw new UnsupportedError(
      `${path}: ${kind} has no option ${show(unknown)}, which is ${show(config[unknown])}`,
      {
        path: unknown,
        value: config[unknown],
      },
    );
  }
  if (kind !== 'Transformer') return;
  for (const key of SENTENCE_KEYS.Transformer.read.filter((name) => /_(args|kwargs)$/.test(name))) {
    const value = config[key] ?? {};
    const wrong = isObject(value) ? Object.keys(value).find((name) => !ARGUMENTS.includes(name)) : '';
    if (wrong === undefined) continue;
    const name = wrong ? `${key}.${wrong}` : key;
    const found = wrong ? /** @type {any} */ (value)[wrong] : value;
    throw new UnsupportedError(`${path}: ${name} is ${show(found)}, which is not passed on to a model here`, {
      path: name,
      value: found,
    });
  }
}
