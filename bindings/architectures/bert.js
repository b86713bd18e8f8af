/**
 * BERT (`model_type: bert`) and ERNIE (`ernie`): post-norm, learned positions, token types, a pooler of tanh over [CLS].
 * ERNIE may add a row for a task to every token. Reference: transformers' BertModel, ErnieModel and their heads.
 */
import { ACTIVATION } from '../core/abi.js';
import { boolean, integer, LIMITS } from '../formats/config.js';
import { byClass, maskedWords, pooler, questions, sequence, tokens } from './heads.js';
import { BERT_PARTS } from './layer_placements.js';
import { single } from './placements.js';
import { BASE } from './sizes.js';
import { tokenFamily } from './token_family.js';

/** @type {Omit<import('./token_family.js').TokenFamily, 'modelTypes' | 'classes' | 'prefixes'>} */
const BERT = {
  sizes: {
    ...BASE,
    vocabulary: ['vocab_size', 30522],
    positions: ['max_position_embeddings', 512],
    types: ['type_vocab_size', 2],
  },
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-12],
  tables: {
    TOKEN_TABLE: 'embeddings.word_embeddings.weight',
    POSITION_TABLE: 'embeddings.position_embeddings.weight',
    TYPE_TABLE: 'embeddings.token_type_embeddings.weight',
  },
  norm: 'embeddings.LayerNorm',
  layer: 'encoder.layer.#.',
  parts: BERT_PARTS,
  keys: {
    read: ['tie_word_embeddings'],
    fixed: { position_embedding_type: ['absolute'] },
    harmless: ['attention_probs_dropout_prob', 'classifier_dropout', 'hidden_dropout_prob'],
  },
  // Buffers, the pooler of classes that do without, and the bias that a decoder of its own has twice.
  harmless: [
    ...['embeddings.position_ids', 'embeddings.token_type_ids', 'pooler.'],
    ...['cls.predictions.bias', 'cls.predictions.decoder.bias'],
  ],
  top({ config, prefix, activation }) {
    const pool = { module: `${prefix}pooler.dense`, activation: ACTIVATION.TANH, pooler: true };
    const words = 'cls.predictions.transform';
    const transform = { module: `${words}.dense`, activation, norm: `${words}.LayerNorm` };
    const heads = {
      ForTokenClassification: tokens('classifier'),
      ForMaskedLM: maskedWords(config, transform, 'cls.predictions.decoder', {
        bias: 'cls.predictions.bias',
      }),
      ForSequenceClassification: sequence([pool, { module: 'classifier' }]),
      ForQuestionAnswering: questions('qa_outputs'),
    };
    return byClass(config, heads, pooler(pool.module));
  },
};

export const bert = tokenFamily({
  ...BERT,
  modelTypes: ['bert'],
  classes: ['Bert'],
  prefixes: ['', 'bert.'],
});

const TASKS = 'embeddings.task_type_embeddings.weight';

export const ernie = tokenFamily({
  ...BERT,
  modelTypes: ['ernie'],
  classes: ['Ernie'],
  prefixes: ['', 'ernie.', 'bert.'],
  keys: { ...BERT.keys, read: [...BERT.keys.read, 'use_task_id', 'task_type_vocab_size'] },
  harmless: [...BERT.harmless, TASKS],
  read(config, { fields: { width }, prefix }) {
    if (!boolean(config, 'use_task_id', { fallback: false })) return { blueprint: { taskTypes: 0 } };
    const types = integer(config, 'type_vocab_size', { min: 1, fallback: 2 });
    const max = Math.floor(LIMITS.positions / types);
    const tasks = integer(config, 'task_type_vocab_size', { min: 1, max, fallback: 3 });
    // One table of a row for each task and type, the sum of two; without task_type_ids all tokens are of task 0.
    const every = (/** @type {number} */ count) => [...Array(count).keys()];
    const ofType = (/** @type {number} */ row) => every(tasks).map((task) => task * types + row);
    const ofTask = (/** @type {number} */ row) => every(types).map((type) => row * types + type);
    return {
      model: { types: tasks * types },
      blueprint: { taskTypes: tasks },
      tables: { TYPE_TABLE: { adds: true, shape: [types, width], to: ofType } },
      placements: [single(prefix + TASKS, 'TYPE_TABLE', { adds: true, shape: [tasks, width], to: ofTask })],
    };
  },
});
