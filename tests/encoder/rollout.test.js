/** Attention rollout against NumPy (patches.py), of pictures and of bare lists of maps. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load, rollout, Tensor } from '../../web/index.js';
import { models, rejects } from './fixtures.js';

/** @typedef {{ shape: number[], data: string }} Text */
const { rollouts } = JSON.parse(readFileSync(new URL('patches.json', import.meta.url), 'utf8'));

/** @param {Text} text */
const tensorOf = ({ shape, data }) =>
  new Tensor('float32', new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer), shape);

/** @param {Tensor} actual @param {Text} text @param {number} tolerance */
function near(actual, text, tolerance) {
  const expected = tensorOf(text);
  assert.deepEqual(actual.shape, expected.shape);
  const worst = expected.data.reduce(
    (most, x, i) => Math.max(most, Math.abs(Number(x) - Number(actual.data[i]))),
    0,
  );
  assert.ok(worst <= tolerance, `${worst}`);
}

test('attention rollout is the product of whole matrices', () => {
  for (const { patches, attentions, expected, joint } of rollouts) {
    const outputs = { patches, attentions: attentions.map(tensorOf) };
    for (const heads of /** @type {const} */ (['mean', 'max', 'min']))
      near(rollout(/** @type {any} */ (outputs), { heads }), expected[heads], 1e-7);
    near(rollout(/** @type {any} */ (outputs)), expected.mean, 1e-7);
    for (const heads of /** @type {const} */ (['mean', 'max', 'min']))
      near(rollout(outputs.attentions, { heads }), joint[heads], 1e-7);
  }
});

test('rollout of a text whose padding is not computed leaves the padding its own', async () => {
  const encoder = await load(`${models}bert_base`);
  const input_ids = [[5, 6, 7, 8, 9]];
  const attention_mask = [[1, 1, 1, 0, 0]];
  const { attentions } = await encoder.forward({ input_ids, attention_mask }, { attentions: true });
  const [joint] = /** @type {number[][][]} */ (rollout(attentions).tolist());
  for (const [i, row] of joint.entries())
    assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-6, `row ${i}`);
  assert.deepEqual(joint.slice(3), [
    [0, 0, 0, 1, 0],
    [0, 0, 0, 0, 1],
  ]);
  encoder.dispose();
});

test('lists that are no maps are named', async () => {
  const maps = (/** @type {number[]} */ ...shape) =>
    new Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b)), shape);
  /** @type {[() => unknown, string, RegExp][]} */
  const cases = [
    [() => rollout([]), 'InputError', /attentions is an empty list/],
    [() => rollout(/** @type {any} */ ([null])), 'InputError', /attentions\[0\] is null; expected a Tensor/],
    [() => rollout([maps(1, 2, 3, 4)]), 'ShapeError', /\[1, 2, 3, 4\]; expected \[1, heads, 3, 3\]/],
    [() => rollout([maps(3, 3)]), 'ShapeError', /\[3, 3\]; expected \[B, heads, T, T\]/],
    [
      () => rollout([maps(1, 2, 3, 3), maps(2, 2, 3, 3)]),
      'ShapeError',
      /attentions\[1\] has shape \[2, 2, 3, 3\]; expected \[1, heads, 3, 3\]/,
    ],
  ];
  for (const [action, name, message] of cases) await rejects(action, name, message);
});
