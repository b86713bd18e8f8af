/**
 * What a model's files hold beside what is read: every key that the reference's config class knows is read, harmless, or
 * refused unless its value changes nothing; every tensor inside the encoder is placed or listed as harmless. What a family
 * adds to the common keys stands in its own file.
 */
import { UnsupportedError } from '../errors.js';
import { refuseUnless, unknownKeys } from '../formats/config.js';

/** @typedef {import('../formats/config.js').Config} Config */
/** @typedef {import('../formats/config.js').Keys} Keys */

/** Keys of PretrainedConfig, which every class has. @type {Keys} */
export const COMMON_KEYS = {
  read: ['model_type', 'architectures', 'id2label'],
  fixed: {
    add_cross_attention: [false],
    chunk_size_feed_forward: [0],
    is_decoder: [false],
    is_encoder_decoder: [false],
    per_layer_config: [],
    problem_type: ['regression', 'single_label_classification', 'multi_label_classification'],
    pruned_heads: [{}],
    quantization_config: [],
    tie_encoder_decoder: [false],
  },
  harmless: [
    // Where the file comes from, and how other programs load and run it.
    ...['_attn_implementation', '_attn_implementation_internal', '_commit_hash', '_name_or_path', 'auto_map'],
    ...[
      '_experts_implementation',
      '_experts_implementation_internal',
      '_output_attentions',
      '_post_init_done',
    ],
    ...['attn_implementation', 'dtype', 'experts_implementation', 'gradient_checkpointing', 'name_or_path'],
    ...['output_attentions', 'output_hidden_states', 'return_dict', 'tf_legacy_loss', 'tokenizer_class'],
    ...['torch_dtype', 'torchscript', 'transformers_version', 'use_bfloat16', 'use_cache', 'use_return_dict'],
    // Labels by another order; what was done in training; ids that the tokenizer gives.
    ...[
      '_num_labels',
      'label2id',
      'num_labels',
      'finetuning_task',
      'initializer_range',
      'task_specific_params',
    ],
    ...['bos_token_id', 'cross_attention_hidden_size', 'decoder_start_token_id', 'eos_token_id'],
    ...['pad_token_id', 'prefix', 'sep_token_id'],
    // Generating text.
    ...['bad_words_ids', 'begin_suppress_tokens', 'diversity_penalty', 'do_sample', 'early_stopping'],
    ...['encoder_no_repeat_ngram_size', 'exponential_decay_length_penalty', 'forced_bos_token_id'],
    ...['forced_eos_token_id', 'length_penalty', 'max_length', 'min_length', 'no_repeat_ngram_size'],
    ...['num_beam_groups', 'num_beams', 'num_return_sequences', 'output_past', 'output_scores'],
    ...['remove_invalid_values', 'repetition_penalty', 'return_dict_in_generate', 'suppress_tokens'],
    ...['temperature', 'top_k', 'top_p', 'typical_p'],
  ],
};

/** Keys of rotary positions, harmless in classes without them. */
const ROTARY_KEYS = ['rope_parameters', 'rope_scaling', 'rope_theta'];

/**
 * A family's keys, with those that its sources name and those that are harmless without rotary positions.
 * @param {Keys} keys
 * @param {Partial<import('./sizes.js').Sources>} [sources]
 * @returns {Keys}
 */
export function allKeys({ read, fixed, harmless }, { sizes = {}, activation, epsilon } = {}) {
  const named = [...Object.values(sizes), activation, epsilon].flatMap((source) =>
    Array.isArray(source) ? source[0] : [],
  );
  const still = ROTARY_KEYS.filter((key) => !read.includes(key));
  return { read: [...named, ...read], fixed, harmless: [...harmless, ...still] };
}

/**
 * Refuses a config that asks for what is not computed.
 * @param {Config} config
 * @param {Keys} keys of the family
 */
export const checkKeys = (config, keys) => refuseUnless(config, { ...COMMON_KEYS.fixed, ...keys.fixed });

/**
 * Keys of a config that the reference's class does not know, and nothing here reads.
 * @param {Config} config
 * @param {Keys} keys of the family
 */
export const ignoredKeys = (config, keys) => unknownKeys(config, COMMON_KEYS, keys);

/** A tensor's name with # for the numbers in it. @param {string} name */
const numbered = (name) => name.replace(/(?<=^|\.)\d+(?=\.|$)/g, '#');

/** Whether one of some names is this one, or its beginning up to a dot. @param {string[]} names @param {string} name */
const covers = (names, name) =>
  names.some((one) => (one.endsWith('.') ? name.startsWith(one) : name === one));

/** The modules that hold a tensor, from the first. @param {string} name */
const rootOf = (name) => (name.includes('.') ? name.slice(0, name.indexOf('.') + 1) : name);
/** The module whose parameter a tensor is. @param {string} name */
const moduleOf = (name) => name.slice(0, name.lastIndexOf('.') + 1) || name;

/**
 * Refuses a tensor that stands among the encoder's own, or in a head that is used, and goes nowhere: the reference would
 * have computed with it.
 * @param {import('./blueprint.js').Blueprint} blueprint
 * @param {Iterable<string>} names of all tensors
 * @param {ReadonlyMap<string, unknown>} bound the tensors that go somewhere
 * @param {string} path of the file
 */
export function refuseStrays({ placements, prefix = '', harmless = [] }, names, bound, path) {
  const inside = placements.flatMap((placement) =>
    placement.names.map((name) => {
      if (prefix && name.startsWith(prefix)) return prefix;
      return placement.slot.startsWith('HEAD') ? moduleOf(name) : rootOf(name);
    }),
  );
  for (const name of names) {
    if (bound.has(name) || !covers(inside, name)) continue;
    const local = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    if (covers(harmless, numbered(local)) || covers(harmless, numbered(name))) continue;
    refuseStray(name, path);
  }
}

/** @param {string} name of a tensor @param {string} path of its file @returns {never} */
export function refuseStray(name, path) {
  throw new UnsupportedError(`${path} has a tensor "${name}", which is no part of this model as it is read`, {
    path,
    value: name,
  });
}
