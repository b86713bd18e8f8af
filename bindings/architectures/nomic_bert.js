/**
 * nomic-bert (`model_type: nomic_bert`): BERT with rotary positions and gates, with the keys of its own code or of transformers
 * 5. Reference: nomic-ai's and transformers' NomicBertModel and its heads.
 */
import { ACTIVATION, ROTARY } from '../core/abi.js';
import { byClass, maskedWords, pooler, sequence, tokens } from './heads.js';
import { ropeOf } from './rope.js';
import { lengthOf } from './sizes.js';
import { tokenFamily } from './token_family.js';

export const nomicBert = tokenFamily({
  modelTypes: ['nomic_bert'],
  classes: ['NomicBert'],
  prefixes: ['', 'bert.', 'nomic_bert.'],
  sizes: {
    width: [['n_embd', 'hidden_size'], 768],
    layers: [['n_layer', 'num_hidden_layers'], 12],
    heads: [['n_head', 'num_attention_heads'], 12],
    inner: [['n_inner', 'intermediate_size'], 3072],
    vocabulary: ['vocab_size', 30528],
    types: ['type_vocab_size', 2],
  },
  activation: ['hidden_act', 'silu'],
  epsilon: [['layer_norm_epsilon', 'layer_norm_eps'], 1e-12],
  tables: {
    TOKEN_TABLE: 'embeddings.word_embeddings.weight',
    TYPE_TABLE: 'embeddings.token_type_embeddings.weight',
  },
  norm: 'emb_ln',
  layer: 'encoder.layers.#.',
  parts: {
    qkv: 'attn.Wqkv',
    out: 'attn.out_proj',
    norm1: 'norm1',
    gate: 'mlp.fc12',
    up: 'mlp.fc11',
    down: 'mlp.fc2',
    norm2: 'norm2',
  },
  keys: {
    read: [
      ...['n_positions', 'max_position_embeddings', 'rotary_emb_base', 'rope_theta', 'rope_parameters'],
      ...['rope_scaling', 'tie_word_embeddings'],
    ],
    fixed: {
      ...{ activation_function: ['swiglu'], rotary_emb_fraction: [1], rotary_emb_interleaved: [false] },
      ...{
        rotary_emb_scale_base: [],
        rotary_scaling_factor: [],
        qkv_proj_bias: [false],
        mlp_fc1_bias: [false],
      },
      ...{
        mlp_fc2_bias: [false],
        prenorm: [false],
        parallel_block: [false],
        parallel_block_tied_norm: [false],
      },
      ...{ causal: [false], use_rms_norm: [false], scale_attn_by_inverse_layer_idx: [false] },
      ...{ reorder_and_upcast_attn: [false], scale_attn_weights: [true], num_experts: [0] },
    },
    harmless: [
      ...['use_flash_attn', 'fused_bias_fc', 'fused_dropout_add_ln', 'dense_seq_output', 'last_layer_subset'],
      ...['pad_vocab_size_multiple', 'use_xentropy', 'max_trained_positions', 'attn_pdrop', 'embd_pdrop'],
      ...[
        'resid_pdrop',
        'summary_activation',
        'summary_first_dropout',
        'summary_proj_to_labels',
        'summary_type',
      ],
      ...['summary_use_proj', 'attention_probs_dropout_prob', 'hidden_dropout_prob', 'classifier_dropout'],
      ...['head_dim', 'expert_choice_router', 'ffn_div', 'moe_every_n_layers', 'moe_impl'],
      ...['moe_normalize_expert_weights', 'moe_resid_pdrop', 'moe_top_k', 'num_shared_experts'],
    ],
  },
  harmless: ['pooler.', 'cls.predictions.bias', 'cls.predictions.decoder.bias'],
  read(config, { fields }) {
    const width = fields.width / fields.heads;
    return {
      kind: { gated: 1, rotary: ROTARY.HALVES, rotary_width: width },
      rotary: [ropeOf(config, { width, base: 1000, keys: ['rotary_emb_base', 'rope_theta'] })],
      layers: { biases: { qkv: false, out: false, up: false, down: false } },
      blueprint: { maxLength: lengthOf(config, 2048, ['n_positions']) },
    };
  },
  top({ config, prefix, activation }) {
    const pool = { module: `${prefix}pooler.dense`, activation: ACTIVATION.TANH, pooler: true };
    const words = 'cls.predictions.transform';
    // Files of nomic-ai's code have no biases here, those of transformers' do.
    const transform = { module: `${words}.dense`, activation, norm: `${words}.layer_norm`, bias: null };
    const heads = {
      ForTokenClassification: tokens('classifier'),
      ForMaskedLM: maskedWords(config, transform, 'cls.predictions.decoder', {
        bias: 'cls.predictions.bias',
        biased: null,
      }),
      ForSequenceClassification: sequence([pool, { module: 'classifier' }]),
    };
    return byClass(config, heads, pooler(pool.module));
  },
});
