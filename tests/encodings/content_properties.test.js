/**
 * What must hold of relative positions that depend on the content: equal queries see distances alone, and one scheme is
 * another where they meet. Reference outputs are in the goldens.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Tensor } from '../../bindings/tensor.js';
import { encodings } from '../../web/encodings.js';
import { constant, noise, RUNS } from './biases.js';

/** The options of random cases are not literals. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

test("Transformer-XL's positions depend on the distance alone: equal queries have shifted rows", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 10 }), (n) => {
      const one = noise([1, 2, 1, 4]);
      const query = new Tensor('float32', new Float32Array(2 * n * 4), [1, 2, n, 4]);
      for (let i = 0; i < 2 * n * 4; i++) {
        query.data[i] = one.data[Math.floor(i / (4 * n)) * 4 + (i % 4)];
      }
      const table = noise([2 * n - 1, 2, 4], 8);
      const { data } = pe.transformerXL({ query, table, preset: 'conformer' });
      for (let i = 1; i < n; i++) {
        for (let j = 1; j < n; j++) assert.equal(data[i * n + j], data[(i - 1) * n + j - 1]);
      }
    }),
    RUNS,
  );
});

test("Shaw's bias is Transformer-XL's where no offset is clipped", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), (n) => {
      const query = noise([1, 1, n, 4]);
      const table = noise([2 * n - 1, 4], 9);
      const rows = new Tensor('float32', table.data, [2 * n - 1, 1, 4]);
      const expected = pe.transformerXL({ query, table: rows, preset: 'conformer' });
      assert.deepEqual(pe.shaw({ query, table, left: n - 1, right: n - 1 }).data, expected.data);
    }),
    RUNS,
  );
});

test('contextual positions count tokens when every gate is open', () => {
  const n = 5;
  const logits = constant([1, 1, n, n], 100);
  const table = new Tensor(
    'float32',
    Float32Array.from({ length: 8 }, (_, i) => i * i),
    [1, 8],
  );
  const { data } = pe.cope({ query: constant([1, 1, n, 1], 1), logits, table });
  for (let j = 0; j < n; j++) assert.equal(data[j], (n - j) ** 2);
});
