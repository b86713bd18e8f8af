/** Principal components against scikit-learn (principal.py), and what is no cloud of rows. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { principalComponents, Tensor } from '../../web/index.js';
import { rejects } from './fixtures.js';

const { cases } = JSON.parse(readFileSync(new URL('principal.json', import.meta.url), 'utf8'));

/** @param {{ shape: number[], data: string }} text */
const tensorOf = ({ shape, data }) =>
  new Tensor('float32', new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer), shape);

/** @param {number[]} data @param {number[]} shape */
const tensor = (data, shape) => new Tensor('float32', new Float32Array(data), shape);

/** The worst difference of columns first .. end - 1. @param {Tensor} a @param {Tensor} b @param {number} end */
function worst(a, b, end) {
  assert.deepEqual(a.shape, b.shape);
  const width = a.shape[1] ?? a.shape[0];
  const differences = Array.from(/** @type {Float32Array} */ (a.data), (x, i) =>
    i % width < end ? Math.abs(Number(x) - Number(b.data[i])) : 0,
  );
  return Math.max(...differences);
}

test("scores, directions and variances are those of scikit-learn's PCA", () => {
  assert.ok(cases.length >= 6);
  for (const { rows, count, spans, scores, components, variance } of cases) {
    const given = tensorOf(rows);
    const found = principalComponents(given, count);
    const name = `${rows.shape} to ${count}`;
    const largest = found.data.reduce((a, b) => Math.max(Number(a), Math.abs(Number(b))), 0);
    assert.ok(worst(found, tensorOf(scores), spans) <= 1e-6 * Number(largest), name);
    const [, width] = given.shape;
    for (let c = 0; c < spans; c++) {
      const [mine, theirs] = [found.components.slice(c), tensorOf(components).slice(c)];
      assert.ok(worst(mine, theirs, width) <= 1e-6, `${name}: direction ${c}`);
    }
    const spread = Number(tensorOf(variance).data[0]);
    assert.ok(worst(found.variance, tensorOf(variance), count) <= 1e-6 * spread, name);
    const doubles = new Tensor('float64', Float64Array.from(given.data, Number), given.shape);
    assert.deepEqual(principalComponents(doubles, count).data, found.data);
  }
});

test('rows that do not spread have zeros', () => {
  const same = principalComponents(tensor([1, 2, 1, 2, 1, 2], [3, 2]), 2);
  assert.deepEqual(same.tolist(), Array(3).fill([0, 0]));
  assert.deepEqual(same.variance.tolist(), [0, 0]);
  const line = principalComponents(tensor([0, 0, 3, 4, 6, 8], [3, 2]), 2);
  assert.deepEqual(
    /** @type {number[][]} */ (line.tolist()).map(([x, y]) => [Math.round(x * 1e6) / 1e6, y]),
    [
      [-5, 0],
      [0, 0],
      [5, 0],
    ],
  );
  assert.deepEqual(principalComponents(tensor([3, 4], [1, 2]), 1).tolist(), [[0]]);
});

test('what is wrong is named', async () => {
  const rows = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
  /** @type {[() => unknown, string, RegExp][]} */
  const wrong = [
    [
      () => principalComponents(rows, 3),
      'InputError',
      /count is 3; expected an integer from 1 to 2, as rows are \[2, 3\]/,
    ],
    [() => principalComponents(rows, 0), 'InputError', /count is 0; expected an integer from 1 to 2/],
    [
      () => principalComponents(rows, /** @type {any} */ (undefined)),
      'InputError',
      /count is undefined; expected an integer/,
    ],
    [
      () => principalComponents(/** @type {any} */ ([[1, 2]]), 1),
      'InputError',
      /rows is .*; expected a Tensor/,
    ],
    [() => principalComponents(tensor([1, 2], [2]), 1), 'ShapeError', /rows has shape \[2\]/],
    [() => principalComponents(tensor([], [0, 4]), 1), 'ShapeError', /shape \[0, 4\]; expected at least one/],
    [() => principalComponents(tensor([1, 2, Number.NaN, 4], [2, 2]), 1), 'InputError', /NaN in row 1/],
  ];
  for (const [action, name, message] of wrong) await rejects(action, name, message);
});
