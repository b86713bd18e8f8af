/** Modules of sentence-transformers behind a small model, against the same done by hand on its pooled rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '../../web/index.js';
import { rejects } from './fixtures.js';
import {
  close,
  folderOf,
  MEAN,
  normalize,
  numbers,
  POOLING,
  TEXTS,
  unit,
  vectorsOf,
  WIDTH,
} from './sentence.js';

/** @param {number} [inputs] @param {number} [outputs] @param {object} [more] @returns {any} */
const dense = (inputs = WIDTH, outputs = 5, more = {}, path = '2_Dense') => [
  'Dense',
  path,
  { in_features: inputs, out_features: outputs, ...more },
  { 'linear.weight': [outputs, inputs], 'linear.bias': [outputs] },
];

/** The module of `dense` by hand. @param {number[]} x @param {number} outputs @param {(y: number) => number} activate */
function linear(x, outputs, activate) {
  const weight = numbers(outputs * x.length);
  const bias = numbers(outputs);
  return Array.from({ length: outputs }, (_, o) =>
    activate(x.reduce((sum, value, i) => sum + value * weight[o * x.length + i], bias[o])),
  );
}
function norm(/** @type {number[]} */ x) {
  const mean = x.reduce((a, b) => a + b) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  const parameter = numbers(x.length);
  return x.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * parameter[i] + parameter[i]);
}
const layerNorm = /** @type {any} */ ([
  'LayerNorm',
  '3_LayerNorm',
  { dimension: WIDTH },
  { 'norm.weight': [WIDTH], 'norm.bias': [WIDTH] },
]);
/** @type {[string, any[], (x: number[]) => number[]][]} */
const orders = [
  ['Normalize, Dense', [normalize, dense()], (x) => linear(unit(x), 5, Math.tanh)],
  ['LayerNorm', [layerNorm], norm],
  [
    'LayerNorm, Normalize, Dense, Normalize',
    [layerNorm, normalize, dense(), normalize],
    (x) => unit(linear(unit(norm(x)), 5, Math.tanh)),
  ],
  [
    'Dense, Dropout, Dense',
    [dense(), ['Dropout', '5_Dropout', { dropout: 0.5 }], dense(5, 3, {}, '6_Dense')],
    (x) => linear(linear(x, 5, Math.tanh), 3, Math.tanh),
  ],
  ['Normalize twice', [normalize, normalize], unit],
];
for (const [name, modules, byHand] of orders) {
  test(`behind pooling: ${name}`, async () => {
    const plain = await vectorsOf(folderOf([POOLING]));
    close(await vectorsOf(folderOf([POOLING, ...modules])), plain.map(byHand));
    // Chunks of short texts are the texts.
    close(await vectorsOf(folderOf([POOLING, ...modules]), { onTruncate: 'chunk' }), plain.map(byHand));
  });
}

/** @type {Record<string, (y: number) => number>} */
const activations = {
  'activation.Tanh': Math.tanh,
  'activation.Sigmoid': (y) => 1 / (1 + Math.exp(-y)),
  'activation.ReLU': (y) => Math.max(0, y),
  'activation.ReLU6': (y) => Math.min(6, Math.max(0, y)),
  'activation.LeakyReLU': (y) => (y < 0 ? 0.01 * y : y),
  'activation.SiLU': (y) => y / (1 + Math.exp(-y)),
  'activation.Mish': (y) => y * Math.tanh(Math.log1p(Math.exp(y))),
  'activation.Hardswish': (y) => (y * Math.min(6, Math.max(0, y + 3))) / 6,
  'linear.Identity': (y) => y,
};
test('a dense module has the activation that it names, Tanh if none, nothing if null', async () => {
  const plain = await vectorsOf(folderOf([POOLING]));
  for (const [name, activate] of Object.entries(activations)) {
    const module = dense(WIDTH, 5, { activation_function: `torch.nn.modules.${name}` });
    close(
      await vectorsOf(folderOf([POOLING, module])),
      plain.map((x) => linear(x, 5, activate)),
    );
  }
  const none = dense(WIDTH, 5, { activation_function: null });
  close(
    await vectorsOf(folderOf([POOLING, none])),
    plain.map((x) => linear(x, 5, (y) => y)),
  );
});

test('a module whose width is not that of the vectors, or whose tensors are others, is refused by name', async () => {
  const two = { ...MEAN, pooling_mode_cls_token: true };
  /** @type {[any[], string, RegExp][]} */
  const wrong = [
    [[POOLING, dense(WIDTH + 1)], 'ConfigError', /2_Dense\/config\.json: in_features is \d+; expected \d+/],
    [
      [['Pooling', '1_Pooling', two], dense()],
      'ConfigError',
      new RegExp(`in_features is ${WIDTH}; expected ${2 * WIDTH}`),
    ],
    [[POOLING, dense(), layerNorm], 'ConfigError', /3_LayerNorm\/config\.json: dimension is \d+; expected 5/],
    [
      [POOLING, dense(WIDTH, 5, { bias: false })],
      'UnsupportedError',
      /a tensor "linear\.bias", which is no part/,
    ],
    [
      [POOLING, dense(WIDTH, 5, { use_residual: true })],
      'UnsupportedError',
      /use_residual is true; expected false/,
    ],
    [
      [POOLING, dense(WIDTH, 5, { module_input_name: 'token_embeddings' })],
      'UnsupportedError',
      /module_input_name/,
    ],
  ];
  for (const [modules, name, message] of wrong) await rejects(load(folderOf(modules)), name, message);
  const pickled = folderOf([POOLING, dense().slice(0, 3)], { '2_Dense/pytorch_model.bin': 'x' });
  await rejects(
    load(pickled),
    'UnsupportedError',
    /2_Dense\/pytorch_model\.bin and no 2_Dense\/model\.safetensors; convert it/,
  );
});

test("a text's vector does not depend on its neighbours", async () => {
  const source = () => folderOf([POOLING, normalize, dense()]);
  const all = await vectorsOf(source());
  for (const [i, text] of TEXTS.entries()) assert.deepEqual(await vectorsOf(source(), {}, [text]), [all[i]]);
});
