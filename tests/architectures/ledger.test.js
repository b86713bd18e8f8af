/**
 * Everything in a file is accounted for: each key that a config class of the reference knows is classified once, what is
 * refused is named, and a tensor that nothing takes is refused in every model.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { familyOf } from '../../bindings/architectures/index.js';
import { COMMON_KEYS, ignoredKeys } from '../../bindings/architectures/ledger.js';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { SENTENCE_KEYS } from '../../bindings/text/sentence_keys.js';
import { load } from '../../web/index.js';
import { config, folder, models, rejects, safetensors } from '../encoder/fixtures.js';

/** @type {{ configs: Record<string, string[]>, modules: Record<string, string[]> }} */
const known = JSON.parse(readFileSync(new URL('config_keys.json', import.meta.url), 'utf8'));

/** @typedef {import('../../bindings/formats/config.js').Keys} Keys */
const listed = (/** @type {Keys} */ { read, harmless, fixed }) => [
  ...read,
  ...harmless,
  ...Object.keys(fixed),
];
const keysOf = (/** @type {string} */ type) => /** @type {Keys} */ (familyOf({ model_type: type }).keys);

for (const [type, keys] of Object.entries(known.configs)) {
  test(`every key of ${type}'s config class is classified once`, () => {
    // What a family says of a key counts before what all have in common.
    const own = listed(keysOf(type));
    const all = [...listed(COMMON_KEYS).filter((key) => !own.includes(key)), ...own];
    assert.deepEqual(
      keys.filter((key) => !all.includes(key)),
      [],
    );
    assert.deepEqual(
      all.filter((key, i) => all.indexOf(key) !== i),
      [],
    );
  });
}

for (const [kind, keys] of Object.entries(known.modules)) {
  test(`every key of sentence-transformers' ${kind} is classified once`, () => {
    const all = listed(SENTENCE_KEYS[kind]);
    assert.deepEqual(
      keys.filter((key) => !all.includes(key)),
      [],
    );
    assert.equal(new Set(all).size, all.length);
  });
}

const weightsOf = (/** @type {string} */ name) =>
  new Uint8Array(readFileSync(`${models}${name}/model.safetensors`));

/** The keys of a config that a blueprint looks at. @param {string} name of a golden */
function keysReadBy(name) {
  /** @type {Set<string | symbol>} */
  const seen = new Set();
  const watched = new Proxy(config(name, {}), {
    get(target, key) {
      seen.add(key);
      return Reflect.get(target, key);
    },
  });
  familyOf(watched).blueprint(watched, readTensors(weightsOf(name), name), name);
  return seen;
}

/** @type {[string, string][]} */
const classes = [
  ['bert', 'bert_mlm_gamma_beta'],
  ['distilbert', 'distilbert'],
  ['vit', 'vit'],
  ['deit', 'deit_teacher'],
  ['beit', 'beit'],
  ['dinov2', 'dinov2'],
  ['dinov2_with_registers', 'dinov2_registers'],
  ['dinov3_vit', 'dinov3_vit'],
  ['ijepa', 'ijepa'],
  ['vit_mae', 'vit_mae_encoder'],
  ['swin', 'swin'],
  ['swinv2', 'swinv2'],
  ['wav2vec2', 'wav2vec2_base'],
  ['whisper', 'whisper_encoder'],
  ['roberta', 'roberta'],
  ['mpnet', 'mpnet'],
  ['albert', 'albert'],
  ['electra', 'electra_small'],
  ['deberta-v2', 'deberta_v3_seqcls'],
  ['deberta', 'deberta_v1'],
  ['nomic_bert', 'nomic_bert_hub'],
  ['new', 'gte_new_hub'],
  ['modernbert', 'modernbert_mlm'],
  ['eurobert', 'eurobert'],
  ['gemma3_text', 'embeddinggemma_text'],
  ['esm', 'esm2'],
  ['t5', 't5_v11_gated_gelu'],
  ['clip', 'clip_quickgelu'],
  ['clip_vision_model', 'clip_vision_proj'],
  ['siglip', 'siglip'],
];
for (const [type, golden] of classes) {
  test(`what ${type} says to read of a config is looked at, and nothing else`, () => {
    const seen = keysReadBy(golden);
    const { read, fixed } = keysOf(type);
    // Other names of a value, and what only some heads and poolers have.
    const maybe = new RegExp(
      `^(${[
        ...['num_attention_heads', 'hidden_size', 'num_hidden_layers', 'intermediate_size', 'layer_norm_eps'],
        ...['max_position_embeddings', 'head_dim', 'tie_word_embeddings', 'pooler_act', 'pad_token_id'],
        ...['rope_theta', 'rope_scaling', 'legacy', 'pooler_hidden_act', 'classifier_pooling'],
      ].join('|')})$`,
    );
    assert.deepEqual(
      read.filter((key) => !seen.has(key) && !maybe.test(key)),
      [],
    );
    const said = [...read, ...Object.keys(fixed), ...COMMON_KEYS.read, ...Object.keys(COMMON_KEYS.fixed)];
    assert.deepEqual(
      [...seen].filter((key) => !said.includes(String(key)) && key !== 'architecture'),
      [],
    );
  });
}

test('a key that the class does not know is ignored and can be listed', async () => {
  const changed = config('bert_base', { my_own: 3, is_decoder: false, attention_window: [512] });
  assert.deepEqual(ignoredKeys(changed, keysOf('bert')), ['my_own', 'attention_window']);
  (await load(folder('bert_base', { 'config.json': changed }))).dispose();
});

/** @type {[string, unknown, RegExp][]} */
const refused = [
  ['is_decoder', true, /is_decoder is true; expected false/],
  ['add_cross_attention', true, /add_cross_attention is true; expected false/],
  ['chunk_size_feed_forward', 64, /chunk_size_feed_forward is 64; expected 0/],
  ['pruned_heads', { 0: [1] }, /pruned_heads is \{"0":\[1\]\}; expected \{\}/],
  [
    'position_embedding_type',
    'relative_key',
    /position_embedding_type is "relative_key"; expected "absolute"/,
  ],
  ['quantization_config', { bits: 4 }, /quantization_config is .*; expected none/],
  ['problem_type', 'ranking', /problem_type is "ranking"; expected "regression" or/],
];
for (const [key, value, message] of refused) {
  test(`${key} of another value than changes nothing is refused by name, null is no value`, async () => {
    await rejects(
      load(folder('bert_base', { 'config.json': config('bert_base', { [key]: value }) })),
      'UnsupportedError',
      message,
    );
    (await load(folder('bert_base', { 'config.json': config('bert_base', { [key]: null }) }))).dispose();
  });
}

test('a ViT without biases of queries, keys and values is refused if its file has some', () =>
  rejects(
    load(folder('vit', { 'config.json': config('vit', { qkv_bias: false }) })),
    'UnsupportedError',
    /tensor ".*key\.bias", which is no part/,
  ));

/** They are refused for another reason. */
const REFUSED = ['seed003_vit_literal_seqfirst'];
/** Goldens of the families that are built, with a file of weights of their own. */
const built = readdirSync(models).filter((name) => {
  try {
    return (
      familyOf(config(name, {})) &&
      readdirSync(models + name).includes('model.safetensors') &&
      !REFUSED.includes(name)
    );
  } catch {
    return false;
  }
});

for (const name of built) {
  test(`${name}: a stray tensor inside the encoder is refused by name`, async () => {
    const tensors = Object.fromEntries(readTensors(weightsOf(name), name));
    const inside = Object.keys(tensors).find((key) =>
      /^(?!decoder\.)(.*\.)?(layers?|blocks?|transformer|albert_layers)\.|^W_q/.test(key),
    );
    assert.ok(inside, `${name} has layers`);
    const stray = inside.replace(/[^.]+$/, 'stray');
    tensors[stray] = tensors[inside];
    await rejects(
      load(folder(name, { 'model.safetensors': safetensors(tensors), 'modules.json': null })),
      'UnsupportedError',
      new RegExp(
        `tensor "${stray.replace(/[.*]/g, '\\$&')}", which (is no part of this model|timm's .* does not have)`,
      ),
    );
  });
}
