/**
 * BERT (`model_type: bert`): post-norm, learned positions, token types, a pooler of tanh over [CLS].
 * Reference: transformers' BertModel and its heads.
 */
import { ACTIVATION } from '../core/abi.js';
import { ConfigError } from '../errors.js';
import { boolean, oneOf } from '../formats/config.js';
import { findPrefix } from './bind.js';
import { describe, kind } from './blueprint.js';
import { byClass, maskedWords, pooler, sequence, tokens } from './heads.js';
import { layers, pair, single } from './placements.js';
import { activation, epsilon, sizes } from './sizes.js';

const SIZES = /** @type {const} */ ({
  width: ['hidden_size', 768],
  layers: ['num_hidden_layers', 12],
  heads: ['num_attention_heads', 12],
  inner: ['intermediate_size', 3072],
  vocabulary: ['vocab_size', 30522],
  positions: ['max_position_embeddings', 512],
  types: ['type_vocab_size', 2],
});

const PARTS = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  out: 'attention.output.dense',
  norm1: 'attention.output.LayerNorm',
  up: 'intermediate.dense',
  down: 'output.dense',
  norm2: 'output.LayerNorm',
};

/** @type {import('./index.js').Family} */
export const bert = {
  modelTypes: ['bert'],
  blueprint(config, tensors, path) {
    oneOf(config, 'position_embedding_type', ['absolute'], { fallback: 'absolute' });
    if (boolean(config, 'is_decoder', { fallback: false })) {
      throw new ConfigError('config.json: is_decoder is true; expected an encoder', { value: true });
    }
    const prefix = findPrefix(tensors, ['', 'bert.'], 'embeddings.word_embeddings.weight', path);
    const { layers: depth, vocabulary, positions, types, ...own } = sizes(config, SIZES);
    const act = activation(config, ['hidden_act', 'gelu']);
    const norm_epsilon = epsilon(config, ['layer_norm_eps', 1e-12]);
    const stack = Array(depth).fill(kind({ ...own, activation: act, norm_epsilon }));
    const description = describe({ stack, vocabulary, positions, types, embedding_norm: 1 });
    const transform = { module: 'cls.predictions.transform.dense', activation: act };
    const pool = { module: `${prefix}pooler.dense`, activation: ACTIVATION.TANH, pooler: true };
    const top = byClass(
      config,
      {
        ForTokenClassification: tokens('classifier'),
        ForMaskedLM: maskedWords(
          { ...transform, norm: 'cls.predictions.transform.LayerNorm' },
          'cls.predictions.bias',
        ),
        ForSequenceClassification: sequence([pool, { module: 'classifier' }]),
      },
      pooler(pool.module),
    )(description, tensors);
    return {
      description,
      ...top,
      placements: [
        single(`${prefix}embeddings.word_embeddings.weight`, 'TOKEN_TABLE'),
        single(`${prefix}embeddings.position_embeddings.weight`, 'POSITION_TABLE'),
        single(`${prefix}embeddings.token_type_embeddings.weight`, 'TYPE_TABLE'),
        ...pair(`${prefix}embeddings.LayerNorm`, 'EMBEDDING_NORM'),
        ...layers(description, (i) => `${prefix}encoder.layer.${i}.`, PARTS),
        ...top.placements,
      ],
      tasks: ['feature-extraction', ...top.tasks],
    };
  },
};
