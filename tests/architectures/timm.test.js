/**
 * timm's Vision Transformers: every architecture is bound as timm builds it or refused with a reason, and small random models
 * of each feature give what timm gives. The data are written by the scripts beside this file; no test needs timm.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bind } from '../../bindings/architectures/bind.js';
import { familyOf } from '../../bindings/architectures/index.js';
import { ARCHITECTURES, REFUSED } from '../../bindings/architectures/timm_table.js';
import { ACTIVATION, FINAL_NORM, POOL } from '../../bindings/core/abi.js';
import { load, Tensor } from '../../web/index.js';
import { largestDifference } from '../compare.js';
import { readTensorFile } from '../goldens/models.js';

const here = new URL('.', import.meta.url);
/** @type {{ sets: Record<string, string>[], models: Record<string, any> }} */
const files = JSON.parse(readFileSync(new URL('timm_files.json', here), 'utf8'));

/** @param {any} model the tensors of its file, by name */
function tensorsOf(model) {
  const sizes = { 1: 1, 3: 3, '2D': 2 * model.D, '3D': 3 * model.D, ...model };
  const tensors = Object.entries(files.sets[model.set]).flatMap(([name, letters]) => {
    const shape = letters.split(' ').map((letter) => sizes[letter]);
    const layers = name.startsWith('blocks.0.') ? model.depth : 1;
    return Array.from(
      { length: layers },
      (_, i) => /** @type {const} */ ([name.replace('blocks.0.', `blocks.${i}.`), { dtype: 'F32', shape }]),
    );
  });
  return new Map(tensors);
}

const ACTIVATIONS = /** @type {Record<string, number>} */ ({
  GELU: ACTIVATION.GELU,
  GELUTanh: ACTIVATION.GELU_TANH,
  QuickGELU: ACTIVATION.QUICK_GELU,
});

for (const [architecture, model] of Object.entries(files.models)) {
  test(`${architecture} is bound as timm builds it`, () => {
    const tensors = tensorsOf(model);
    const config = { architecture, num_classes: model.C };
    const made = familyOf(config).blueprint(config, tensors, 'file');
    const bound = bind(made.placements, made.description, tensors, 'file');
    const { kind, prefix, positions, prefix_positions: placed, layers } = made.description;
    assert.deepEqual(
      [...tensors.keys()].filter((name) => !bound.has(name)),
      [],
    );
    assert.deepEqual([layers, kind[0].heads, prefix], [model.depth, model.heads, model.prefix]);
    assert.equal(made.classToken ?? true, tensors.has('cls_token') || prefix === 0);
    assert.equal(kind[0].activation, ACTIVATIONS[model.activation]);
    assert.equal(kind[0].norm_epsilon, model.epsilon);
    assert.deepEqual(
      [positions, placed],
      [model.N, ARCHITECTURES[architecture].no_embed_class ? 0 : model.prefix],
    );
    assert.equal(made.description.final_norm === FINAL_NORM.POOLED, model.normed_behind_pooling);
    const poolings = /** @type {Record<string, number>} */ ({ avg: POOL.MEAN, map: POOL.ATTENTION });
    const pooling = poolings[model.pool] ?? (made.outputs.length > 1 ? POOL.TOKEN : POOL.FIRST);
    for (const output of made.outputs) assert.deepEqual(output.poolings, [pooling]);
    assert.equal(
      made.skip ?? 0,
      model.pool in poolings && !ARCHITECTURES[architecture].pool_include_prefix ? model.prefix : 0,
    );
  });
}

test('the table and the files are of the same architectures', () => {
  assert.deepEqual(Object.keys(files.models), Object.keys(ARCHITECTURES));
  assert.ok(Object.keys(ARCHITECTURES).length > 130);
});

for (const [reason, names] of Object.entries(REFUSED)) {
  test(`${names.length} architectures are refused: ${reason}`, () => {
    for (const architecture of names) {
      assert.throws(() => familyOf({ architecture }).blueprint({ architecture }, new Map(), 'file'), {
        name: 'UnsupportedError',
        message: new RegExp(`"${architecture}".*${reason}`),
      });
    }
  });
}

/** @param {string} name of a small model @param {Record<string, any>} [changes] of its config */
function small(name, changes = {}) {
  const path = new URL(`timm/${name}`, here);
  const bytes = readFileSync(path);
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString());
  const all = readTensorFile(path.pathname);
  const tensors = Object.fromEntries([...all].filter(([key]) => !/^(in|out)\./.test(key)));
  const config = { ...JSON.parse(header.__metadata__.config), ...changes };
  return { config, tensors, all };
}

/** @param {Tensor | undefined} actual @param {Tensor | undefined} expected @param {string} what */
function near(actual, expected, what) {
  assert.ok(actual && expected, what);
  assert.deepEqual(actual.shape, expected.shape, what);
  const worst = largestDifference(/** @type {any} */ (actual.data), /** @type {any} */ (expected.data));
  assert.ok(worst < 1e-5, `${what}: ${worst}`);
}

for (const file of readdirSync(new URL('timm', here))) {
  test(`${file}: what timm gives`, async () => {
    const { config, tensors, all } = small(file);
    const encoder = await load({ config, tensors });
    const inputs = { pixel_values: all.get('in.pixel_values') };
    const { last_hidden_state: rows, logits, pooler_output: pooled } = await encoder.forward(inputs);
    near(rows, all.get('out.last_hidden_state'), 'rows');
    if (config.num_classes) near(logits, all.get('out.logits'), 'logits');
    else near(pooled, all.get('out.pooled'), 'pooler_output');
    if (file !== 'distilled.safetensors') near(await encoder.embed(inputs), all.get('out.pooled'), 'embed');
    encoder.dispose();
  });
}

/** @param {[height: number, width: number]} size */
const image = (size) => ({
  pixel_values: new Tensor('float32', new Float32Array(3 * size[0] * size[1]), [1, 3, ...size]),
});

test('an image of another size is refused, unless the model takes any', async () => {
  const fixed = await load(small('clip.safetensors'));
  await assert.rejects(fixed.forward(image([20, 16])), {
    name: 'ShapeError',
    message: /20 x 16.*16 x 16 pixels/,
  });
  await fixed.forward(image([16, 16]));
  fixed.dispose();
  const dynamic = await load(small('dynamic_up.safetensors'));
  await assert.rejects(dynamic.forward(image([18, 16])), {
    name: 'ShapeError',
    message: /multiples of 4 and 4/,
  });
  dynamic.dispose();
});

test('a picture is prepared for a model of images that are no squares as timm does it', async () => {
  const { config, tensors, all } = small('wide.safetensors');
  const encoder = await load({ config, tensors });
  const { data, shape } = /** @type {Tensor} */ (all.get('in.picture'));
  const picture = { width: shape[1], height: shape[0], data: /** @type {Uint8Array} */ (data) };
  near(await encoder.embed(picture), all.get('out.of_picture'), 'embed');
  encoder.dispose();
});

test('classes have the names of the config, or their numbers', async () => {
  const picture = { width: 16, height: 16, data: new Uint8Array(768) };
  /** @param {any} changes */
  const labels = async (changes) => {
    const encoder = await load(small('clip.safetensors', changes));
    const classes = await encoder.classify(picture);
    encoder.dispose();
    return classes.map((/** @type {any} */ one) => one.label).sort();
  };
  const { pretrained_cfg: pretrained } = small('clip.safetensors').config;
  assert.deepEqual(await labels({ label_names: ['cat', 'dog', 'emu'] }), ['cat', 'dog', 'emu']);
  assert.deepEqual(await labels({ label_names: { 0: 'cat', 2: 'emu' } }), ['LABEL_1', 'cat', 'emu']);
  assert.deepEqual(await labels({ pretrained_cfg: { ...pretrained, label_names: ['a', 'b', 'c'] } }), [
    'a',
    'b',
    'c',
  ]);
  assert.deepEqual(await labels({}), ['LABEL_0', 'LABEL_1', 'LABEL_2']);
});

for (const [what, file, changes, message] of /** @type {[string, string, any, RegExp][]} */ ([
  ['of another class', 'swinv2', { architecture: 'swinv2_cr_tiny_224' }, /"swinv2_cr_tiny_224".*not among/],
  ['of any size', 'swin', { model_args: { dynamic_img_size: true } }, /dynamic_img_size is true/],
  ['with zeros in shifted windows', 'swin', { model_args: { img_size: 22 } }, /img_size.*11 x 11/],
  ['pooled by its largest', 'swin', { global_pool: 'max' }, /global_pool is "max"/],
]))
  test(`a Swin ${what} is refused`, async () => {
    await assert.rejects(load(small(`${file}.safetensors`, changes)), { name: 'UnsupportedError', message });
  });

/** @type {[what: string, changes: any, name: string, message: RegExp][]} */
const wrong = [
  [
    'an unknown architecture',
    { architecture: 'vit_medium_patch16_224' },
    'UnsupportedError',
    /"vit_medium_patch16_224".*not among/,
  ],
  ['a pooling unknown here', { model_args: { global_pool: 'prr' } }, 'UnsupportedError', /global_pool "prr"/],
  [
    'attention that the file lacks',
    { model_args: { global_pool: 'map', img_size: 16 }, global_pool: 'map' },
    'FormatError',
    /attn_pool/,
  ],
  [
    'a pooling that the model was not saved with',
    { global_pool: 'avg' },
    'ConfigError',
    /global_pool is "avg".*"token"/,
  ],
  [
    'a gated network',
    { model_args: { mlp_layer: 'swiglu' } },
    'UnsupportedError',
    /model_args.mlp_layer is "swiglu"/,
  ],
  ['an unknown activation', { model_args: { act_layer: 'mish' } }, 'UnsupportedError', /act_layer is "mish"/],
  ['another norm', { model_args: { norm_layer: 'rmsnorm' } }, 'UnsupportedError', /norm_layer is "rmsnorm"/],
  ['another width', { model_args: { embed_dim: 32 } }, 'ShapeError', /embed_dim is 32.*16/],
  ['heads that do not fit', { model_args: { num_heads: 3 } }, 'ConfigError', /num_heads/],
  [
    'scales that the file lacks',
    { model_args: { init_values: 1e-5, img_size: 16 } },
    'FormatError',
    /ls1.gamma/,
  ],
  [
    'a norm that the architecture lacks',
    { architecture: 'vit_base_patch16_224' },
    'UnsupportedError',
    /norm_pre/,
  ],
  ['other classes', { num_classes: 4, model_args: { img_size: 16 } }, 'ShapeError', /num_classes.*4.*3/],
  ['no token to pool', { model_args: { class_token: false } }, 'ConfigError', /class_token/],
  [
    'positions of no grid',
    { model_args: { img_size: 16, class_token: false, global_pool: 'avg' }, global_pool: 'avg' },
    'ShapeError',
    /17 rows/,
  ],
];

for (const [what, changes, name, message] of wrong) {
  test(`${what}: refused`, async () => {
    await assert.rejects(load(small('clip.safetensors', changes)), { name, message });
  });
}
