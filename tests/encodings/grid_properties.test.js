/**
 * What must hold of biases over the axes of a grid at any size: which entries LeViT shares, how BoTNet and decomposed
 * positions relate, what gated attention sums to. Reference outputs are in the goldens.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Tensor } from '../../bindings/tensor.js';
import { encodings } from '../../web/encodings.js';
import { assertClose, heads, noise, RUNS, side } from './biases.js';

/** The options of random cases are not literals. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

test('LeViT shares an entry among the four directions of an offset', () => {
  fc.assert(
    fc.property(side, side, fc.integer({ min: 1, max: 3 }), (h, w, stride) => {
      const index = pe.levitBias({ grid: [h, w], stride, output: 'index' });
      const [queries, keys] = index.shape;
      const across = Math.floor((w - 1) / stride) + 1;
      for (let q = 0; q < queries; q++) {
        for (let k = 0; k < keys; k++) {
          const dy = Math.abs(Math.floor(q / across) * stride - Math.floor(k / w));
          const dx = Math.abs((q % across) * stride - (k % w));
          assert.equal(index.data[q * keys + k], dy * w + dx);
        }
      }
    }),
    RUNS,
  );
});

test("BoTNet's logits are decomposed positions with both tables turned around", () => {
  fc.assert(
    fc.property(side, side, (h, w) => {
      const query = noise([2, h * w, 4]);
      const [tall, wide] = [noise([2 * h - 1, 4], 2), noise([2 * w - 1, 4], 3)];
      /** @param {Tensor} table */
      const turned = (table) => {
        const [rows, D] = table.shape;
        const data = new Float32Array(table.data.length).map(
          (_, i) => /** @type {Float32Array} */ (table.data)[(rows - 1 - Math.floor(i / D)) * D + (i % D)],
        );
        return new Tensor('float32', data, table.shape);
      };
      const botnet = pe.botnetBias({ query, heightTable: tall, widthTable: wide, grid: [h, w] });
      const tables = { heightTable: turned(tall), widthTable: turned(wide) };
      assert.deepEqual(botnet.data, pe.decomposedBias({ query, ...tables, queryGrid: [h, w] }).data);
    }),
    RUNS,
  );
});

test('prefix tokens of decomposed positions have rows and columns of zero, and change nothing else', () => {
  const [h, w, D] = [2, 3, 4];
  const query = noise([1, 1 + h * w, D]);
  const tables = { heightTable: noise([2 * h - 1, D], 2), widthTable: noise([2 * w - 1, D], 3) };
  const whole = pe.decomposedBias({ query, ...tables, queryGrid: [h, w], prefix: 1 });
  const cells = pe.decomposedBias({ query: query.slice(null, [1, 7]), ...tables, queryGrid: [h, w] });
  assert.deepEqual(whole.slice(0, [1, 7], [1, 7]).data, cells.data);
  assert.deepEqual(Array.from(whole.slice(0, 0).data), new Array(7).fill(0));
  assert.deepEqual(Array.from(whole.slice(0, null, 0).data), new Array(7).fill(0));
});

test('the rows of gated positional attention sum to 1, with and without content', () => {
  fc.assert(
    fc.property(side, side, heads, (h, w, H) => {
      const n = h * w;
      const weights = { weight: noise([H, 3], 4), bias: noise([H], 5) };
      const content = { scores: noise([2, H, n, n], 6), gate: noise([H], 7) };
      for (const options of [weights, { ...weights, ...content }]) {
        const { data } = pe.gpsa({ grid: [h, w], ...options });
        for (let row = 0; row < data.length; row += n) {
          assertClose(
            [
              data
                .slice(row, row + n)
                .reduce((/** @type {number} */ sum, /** @type {number} */ p) => sum + p, 0),
            ],
            [1],
            1e-5,
          );
        }
      }
    }),
    RUNS,
  );
});
