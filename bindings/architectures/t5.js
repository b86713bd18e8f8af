/**
 * The encoders of T5 (`model_type: t5, mt5, umt5`): pre-norm by RMS, no biases, and scores with a bias by distance, whose table
 * is layer 0's or, in umT5, each layer's own. Reference: transformers' T5EncoderModel and
 * T5ForTokenClassification.
 */
import { BIAS, NORM_FORM } from '../core/abi.js';
import { ConfigError, show } from '../errors.js';
import { integer } from '../formats/config.js';
import { PRE } from './blueprint.js';
import { byClass, tokens } from './heads.js';
import { single } from './placements.js';
import { activation } from './sizes.js';
import { tokenFamily } from './token_family.js';

const NO_BIASES = { qkv: false, out: false, up: false, down: false, norms: false };
const TABLE = 'layer.0.SelfAttention.relative_attention_bias.weight';

/** Of feed_forward_proj: the activation, and whether it is a gate. @param {import('./sizes.js').Config} config @param {string} fallback */
function feedForward(config, fallback) {
  const text = config.feed_forward_proj ?? fallback;
  const [, gated, name] = (typeof text === 'string' && /^(gated-)?([a-z_\d]+)$/.exec(text)) || [];
  if (!name) {
    const message = `config: feed_forward_proj is ${show(text)}; expected an activation, or gated- and one`;
    throw new ConfigError(message, { path: 'feed_forward_proj', value: text });
  }
  const act = gated && name === 'gelu' ? 'gelu_new' : name;
  return {
    gated: gated ? 1 : 0,
    activation: activation({ feed_forward_proj: act }, ['feed_forward_proj', act]),
  };
}

/**
 * @param {{ modelTypes: string[], classes: string[], shares: boolean, vocabulary: number, inner: number, layers: number,
 *   heads: number, feedForward: string }} defaults
 */
const family = (defaults) =>
  tokenFamily({
    modelTypes: defaults.modelTypes,
    classes: defaults.classes,
    prefixes: ['', 'transformer.'],
    sizes: {
      width: [['d_model', 'hidden_size'], 512],
      layers: [['num_layers', 'num_hidden_layers'], defaults.layers],
      heads: [['num_heads', 'num_attention_heads'], defaults.heads],
      head_width: [['d_kv', 'head_dim'], 64],
      inner: ['d_ff', defaults.inner],
      vocabulary: ['vocab_size', defaults.vocabulary],
    },
    epsilon: ['layer_norm_epsilon', 1e-6],
    norms: PRE,
    tables: { TOKEN_TABLE: ['shared.weight', 'encoder.embed_tokens.weight'] },
    finalNorm: 'encoder.final_layer_norm',
    layer: 'encoder.block.#.',
    parts: {
      query: 'layer.0.SelfAttention.q',
      key: 'layer.0.SelfAttention.k',
      value: 'layer.0.SelfAttention.v',
      out: 'layer.0.SelfAttention.o',
      norm1: 'layer.0.layer_norm',
      gate: 'layer.1.DenseReluDense.wi_0',
      up: 'layer.1.DenseReluDense.wi_1',
      down: 'layer.1.DenseReluDense.wo',
      norm2: 'layer.1.layer_norm',
    },
    keys: {
      read: ['feed_forward_proj', 'relative_attention_num_buckets', 'relative_attention_max_distance'],
      fixed: { is_encoder_decoder: [true, false] },
      harmless: [
        // What feed_forward_proj says, the decoder's, and training.
        ...['dense_act_fn', 'is_gated_act', 'num_decoder_layers', 'classifier_dropout', 'dropout_rate'],
        ...[
          'initializer_factor',
          'n_positions',
          'output_past',
          'scale_decoder_outputs',
          'tie_word_embeddings',
        ],
      ],
    },
    harmless: ['decoder.', 'lm_head.weight', 'encoder.embed_tokens.weight', 'shared.weight'],
    read(config, { fields, layer }) {
      const range = { min: 1, max: 65536 };
      const buckets = integer(config, 'relative_attention_num_buckets', { ...range, fallback: 32 });
      const reach = integer(config, 'relative_attention_max_distance', { ...range, fallback: 128 });
      const tables = Array.from({ length: defaults.shares ? 1 : fields.layers }, (_, index) =>
        single(layer(index) + TABLE, 'DISTANCE_TABLE', { index }),
      );
      const network = feedForward(config, defaults.feedForward);
      return {
        kind: {
          ...{ bias: BIAS.DISTANCE, bias_buckets: buckets, bias_reach: reach, score_scale: 1 },
          ...{ ...network, norm_form: NORM_FORM.RMS },
        },
        parts: network.gated ? {} : { gate: undefined, up: 'layer.1.DenseReluDense.wi' },
        model: defaults.shares ? { layer_bias: Array(fields.layers).fill(0) } : {},
        layers: { biases: NO_BIASES },
        placements: tables,
      };
    },
    top: ({ config }) => byClass(config, { ForTokenClassification: tokens('classifier') }),
  });

const T5 = { inner: 2048, layers: 6, heads: 8, feedForward: 'relu', vocabulary: 32128, shares: true };
export const t5 = family({ ...T5, modelTypes: ['t5'], classes: ['T5', 'T5Encoder'] });
const MT5 = { inner: 1024, layers: 8, heads: 6, feedForward: 'gated-gelu', vocabulary: 250112 };
export const mt5 = family({ ...MT5, modelTypes: ['mt5'], classes: ['MT5', 'MT5Encoder'], shares: true });
export const umt5 = family({ ...MT5, modelTypes: ['umt5'], classes: ['UMT5', 'UMT5Encoder'], shares: false });
