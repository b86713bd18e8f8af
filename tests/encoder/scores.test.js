/** Scores of classes: problem type by number of labels, of texts and of pictures. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { load } from '../../web/index.js';
import { config, folder, models, safetensors } from './fixtures.js';

const sigmoid = (/** @type {number[]} */ x) => x.map((value) => 1 / (1 + Math.exp(-value)));
const softmax = (/** @type {number[]} */ x) => {
  const sum = x.reduce((all, value) => all + Math.exp(value), 0);
  return x.map((value) => Math.exp(value) / sum);
};
const asTheyAre = (/** @type {number[]} */ x) => x;

/** What transformers' pipelines do. @type {[string | undefined, number, (logits: number[]) => number[]][]} */
const cases = [
  ['regression', 1, asTheyAre],
  ['regression', 3, asTheyAre],
  ['multi_label_classification', 1, sigmoid],
  ['multi_label_classification', 3, sigmoid],
  ['single_label_classification', 1, sigmoid],
  ['single_label_classification', 3, softmax],
  [undefined, 1, sigmoid],
  [undefined, 3, softmax],
];

/** A classifier of so many labels: a golden's rows, again and again, scaled. @param {string} name @param {number} labels @param {unknown} problem */
function classifier(name, labels, problem) {
  const bytes = new Uint8Array(readFileSync(`${models}${name}/model.safetensors`));
  const tensors = Object.fromEntries(readTensors(bytes, name));
  for (const part of ['weight', 'bias']) {
    const { dtype, shape, data } = tensors[`classifier.${part}`];
    const row = new Float32Array(data.slice().buffer).subarray(0, shape[1] ?? 1);
    const rows = Float32Array.from({ length: labels * row.length }, (_, i) => {
      return row[i % row.length] * (1 - Math.floor(i / row.length));
    });
    const size = [labels, ...shape.slice(1)];
    tensors[`classifier.${part}`] = { dtype, shape: size, data: new Uint8Array(rows.buffer) };
  }
  return folder(name, {
    'model.safetensors': safetensors(tensors),
    'config.json': config(name, { problem_type: problem, id2label: undefined }),
  });
}

/** @type {[string, string, Record<string, any>][]} */
const inputs = [
  ['texts', 'bert_seqcls_reranker', { input_ids: [[1, 2, 3, 4]] }],
  [
    'pictures',
    'vit_imgcls',
    {
      pixel_values: {
        shape: [1, 3, 32, 32],
        data: Float32Array.from({ length: 3072 }, (_, i) => Math.sin(i)),
      },
    },
  ],
];

for (const [what, name, input] of inputs) {
  for (const [problem, labels, scores] of cases) {
    test(`scores of ${what}, ${problem ?? 'no problem type'}, ${labels} labels`, async () => {
      const encoder = await load(classifier(name, labels, problem));
      const { logits } = await encoder.forward(input);
      const [found] = await encoder.classify(input);
      const expected = scores(Array.from(logits.data, Number));
      assert.equal(found.length, labels);
      for (const { label, score } of found) {
        const want = expected[Number(label.slice('LABEL_'.length))];
        assert.ok(Math.abs(score - want) < 1e-6 * Math.max(1, Math.abs(want)), `${label}: ${score}, ${want}`);
      }
      const order = found.map(({ score }) => score);
      assert.deepEqual(
        order,
        [...order].sort((a, b) => b - a),
      );
      encoder.dispose();
    });
  }
}
