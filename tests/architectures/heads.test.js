/** Which head a model gets: by the class that its config names, by its tensors where none is named, and whose weights. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { load, Tensor } from '../../web/index.js';
import { config, folder, models, rejects, safetensors } from '../encoder/fixtures.js';

const ids = { input_ids: [[1, 2, 3, 4]] };

/**
 * A golden with some of its tensors changed, and its config.
 * @param {string} name
 * @param {(tensors: Record<string, { dtype: string, shape: readonly number[], data: Uint8Array }>) => void} change
 * @param {Record<string, unknown>} [keys]
 */
function changed(name, change, keys = {}) {
  const bytes = new Uint8Array(readFileSync(`${models}${name}/model.safetensors`));
  const tensors = Object.fromEntries(readTensors(bytes, name));
  change(tensors);
  return folder(name, {
    'model.safetensors': safetensors(tensors),
    'config.json': config(name, keys),
    'modules.json': null,
  });
}

/** @param {any} source @returns {Promise<number[]>} */
async function logitsOf(source) {
  const encoder = await load(source);
  const { logits } = await encoder.forward(ids);
  encoder.dispose();
  return Array.from(logits.data);
}

const DECODER = 'cls.predictions.decoder';
/** A tensor times a number. @param {{ dtype: string, shape: readonly number[], data: Uint8Array }} tensor @param {number} factor */
function times({ dtype, shape, data }, factor) {
  const values = new Float32Array(data.slice().buffer).map((value) => value * factor);
  return { dtype, shape, data: new Uint8Array(values.buffer) };
}

for (const tied of [undefined, true, false]) {
  test(`a decoder in the file is used, with tie_word_embeddings ${tied}`, async () => {
    const plain = await logitsOf(folder('bert_mlm_gamma_beta'));
    const twice = (/** @type {any} */ tensors) => {
      tensors[`${DECODER}.weight`] = times(tensors['bert.embeddings.word_embeddings.weight'], 2);
      tensors['cls.predictions.bias'] = times(tensors['cls.predictions.bias'], 2);
    };
    const doubled = await logitsOf(changed('bert_mlm_gamma_beta', twice, { tie_word_embeddings: tied }));
    doubled.forEach((value, i) => {
      assert.ok(Math.abs(value - 2 * plain[i]) <= 1e-5, `${i}: ${value}, ${plain[i]}`);
    });
  });
}

test('a decoder that is not tied must be in the file', () =>
  rejects(
    load(changed('bert_mlm_gamma_beta', () => {}, { tie_word_embeddings: false })),
    'FormatError',
    /no tensor "cls\.predictions\.decoder\.weight"/,
  ));

test("the decoder's bias may have its own name alone, and counts before the other", async () => {
  const plain = await logitsOf(folder('bert_mlm_gamma_beta'));
  const renamed = (/** @type {any} */ tensors) => {
    tensors[`${DECODER}.bias`] = tensors['cls.predictions.bias'];
    delete tensors['cls.predictions.bias'];
  };
  assert.deepEqual(await logitsOf(changed('bert_mlm_gamma_beta', renamed)), plain);
  const both = (/** @type {any} */ tensors) => {
    tensors[`${DECODER}.bias`] = tensors['cls.predictions.bias'];
    tensors['cls.predictions.bias'] = times(tensors['cls.predictions.bias'], 2);
  };
  assert.deepEqual(await logitsOf(changed('bert_mlm_gamma_beta', both)), plain);
});

/** @type {[string, string][]} */
const named = [
  ['bert_mlm_gamma_beta', 'fill-mask'],
  ['distilbert_seqcls', 'text-classification'],
  ['vit_imgcls', 'image-classification'],
  ['deit_teacher', 'image-classification'],
  ['swin_imgcls', 'image-classification'],
];
for (const [name, task] of named) {
  test(`${name} without architectures has the head that its tensors are of`, async () => {
    const encoder = await load(folder(name, { 'config.json': config(name, { architectures: undefined }) }));
    assert.ok(encoder.tasks.includes(task), encoder.tasks.join());
    encoder.dispose();
  });
}

test('a head that may be of two classes is refused until the config names one', async () => {
  await rejects(
    load(changed('bert_seqcls_reranker', () => {}, { architectures: [] })),
    'ConfigError',
    /no architectures.*ForTokenClassification or ForSequenceClassification/,
  );
  const unpooled = changed('bert_tokcls', () => {}, { architectures: null });
  const encoder = await load(unpooled);
  assert.ok(encoder.tasks.includes('token-classification'));
  encoder.dispose();
});

test("DINOv3's classifier, which is the library's own, reads pooler_output", async () => {
  const golden = /** @type {Record<string, any>} */ (
    Object.fromEntries(readTensors(new Uint8Array(readFileSync(`${models}dinov3_vit/case.safetensors`)), ''))
  );
  const floats = (/** @type {string} */ name) => new Float32Array(golden[name].data.slice().buffer);
  const pooled = floats('out.pooler_output');
  const [images, width] = golden['out.pooler_output'].shape;
  // Two labels: the first number of the pooled vector, and twice the second plus a half.
  const weight = new Float32Array(2 * width);
  weight[0] = 1;
  weight[width + 1] = 2;
  const f32 = (/** @type {Float32Array} */ { buffer }, /** @type {number[]} */ shape) => ({
    ...{ dtype: 'F32', shape, data: new Uint8Array(/** @type {ArrayBuffer} */ (buffer)) },
  });
  const classes = (/** @type {any} */ tensors) => {
    tensors['classifier.weight'] = f32(weight, [2, width]);
    tensors['classifier.bias'] = f32(new Float32Array([0, 0.5]), [2]);
  };
  const keys = { architectures: ['DINOv3ViTForImageClassification'], id2label: { 0: 'one', 1: 'two' } };
  for (const named of [keys, { ...keys, architectures: undefined }]) {
    const encoder = await load(changed('dinov3_vit', classes, named));
    assert.ok(encoder.tasks.includes('image-classification'), encoder.tasks.join());
    const { shape } = golden['in.pixel_values'];
    const pixel_values = new Tensor('float32', floats('in.pixel_values'), shape);
    const { logits } = await encoder.forward({ pixel_values });
    assert.deepEqual(logits.shape, [images, 2]);
    for (let i = 0; i < images; i++) {
      const expected = [pooled[i * width], 2 * pooled[i * width + 1] + 0.5];
      const found = [...logits.slice(i).data].map(Number);
      found.forEach((value, j) => {
        assert.ok(Math.abs(value - expected[j]) <= 1e-4, `${value}, ${expected[j]}`);
      });
    }
    encoder.dispose();
  }
});

test('a head for questions of other than two rows is refused', () =>
  rejects(
    load(
      changed(
        'bert_tokcls',
        (tensors) => {
          for (const end of ['weight', 'bias']) {
            tensors[`qa_outputs.${end}`] = tensors[`classifier.${end}`];
            delete tensors[`classifier.${end}`];
          }
        },
        { architectures: ['BertForQuestionAnswering'] },
      ),
    ),
    'UnsupportedError',
    /qa_outputs has \d+ rows; an answer has 2/,
  ));

test('without a model_type, a class says which family a model is of', async () => {
  for (const [name, type] of [
    ['bert_base', 'bert'],
    ['deit_teacher', 'deit'],
    ['swin_imgcls', 'swin'],
  ]) {
    const encoder = await load(folder(name, { 'config.json': config(name, { model_type: undefined }) }));
    assert.equal(encoder.modelType, type);
    encoder.dispose();
  }
  await rejects(
    load(changed('bert_base', () => {}, { model_type: undefined, architectures: ['GPT2Model'] })),
    'ConfigError',
    /model_type is undefined/,
  );
});

/** transformers' ACT2FN, and the names among them that are refused. */
const ACT2FN = [
  ...['gelu', 'gelu_10', 'gelu_fast', 'gelu_new', 'gelu_python', 'gelu_pytorch_tanh', 'gelu_python_tanh'],
  ...['gelu_accurate', 'hardswish', 'laplace', 'leaky_relu', 'linear', 'mish', 'quick_gelu', 'relu', 'relu2'],
  ...['relu6', 'sigmoid', 'silu', 'sqrtsoftplus', 'swish', 'tanh', 'prelu', 'xielu'],
];
const REFUSED = ['laplace', 'sqrtsoftplus', 'prelu', 'xielu'];
/** @type {Record<string, string>} other names of an activation */
const SAME = {
  gelu_python: 'gelu',
  gelu_fast: 'gelu_new',
  gelu_pytorch_tanh: 'gelu_new',
  gelu_python_tanh: 'gelu_new',
  gelu_accurate: 'gelu_new',
  swish: 'silu',
  gelu_10: 'gelu', // nothing reaches 10 here
  relu6: 'relu', // nor 6
};

test('hidden_act takes every name of the reference but four, which are refused by name', async () => {
  /** @type {Record<string, string>} */
  const rows = {};
  for (const name of ACT2FN) {
    const source = () => folder('bert_base', { 'config.json': config('bert_base', { hidden_act: name }) });
    if (REFUSED.includes(name)) {
      await rejects(load(source()), 'UnsupportedError', new RegExp(`hidden_act is "${name}"`));
      continue;
    }
    const encoder = await load(source());
    rows[name] = (await encoder.forward(ids)).last_hidden_state.data.join();
    encoder.dispose();
  }
  for (const name of Object.keys(rows)) assert.equal(rows[name], rows[SAME[name] ?? name], name);
  const apart = Object.keys(rows).filter((name) => !SAME[name]);
  assert.equal(new Set(apart.map((name) => rows[name])).size, apart.length);
});
