/**
 * What must hold of buckets and biases of a distance at any size: symmetry, order, and equality along diagonals. Reference
 * outputs are in the goldens.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { encodings } from '../../web/encodings.js';
import { assertClose, at, constant, heads, length, noise, RUNS } from './biases.js';

/** The options of random cases are not literals. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

test('T5 buckets are monotone, start at 0, fill both directions and end at the last', () => {
  const rule = fc.record({
    quarter: fc.integer({ min: 1, max: 40 }),
    more: fc.integer({ min: 1, max: 500 }),
  });
  fc.assert(
    fc.property(rule, fc.constantFrom('t5', 'mpnet', 'wavlm'), ({ quarter, more }, preset) => {
      const options = { buckets: quarter * 4, maxDistance: quarter + more, preset };
      const { data } = pe.t5Buckets({ from: -1000, to: 1000, ...options });
      for (let r = 1; r <= 1000; r++) {
        assert.ok(data[1000 - r] >= data[1001 - r], `${-r}`);
        assert.equal(data[1000 + r], data[1000 - r] + 2 * quarter);
      }
      assert.equal(data[1000], 0);
      assert.equal(data[0], 2 * quarter - 1);
    }),
    RUNS,
  );
});

test('a T5 bias is constant along diagonals and follows the offset of its queries', () => {
  fc.assert(
    fc.property(length, heads, fc.integer({ min: 0, max: 10 }), (n, H, offset) => {
      const table = noise([8, H]);
      const rule = { table, maxDistance: 16 };
      const whole = pe.t5Bias({ ...rule, length: n + offset });
      const part = pe.t5Bias({ ...rule, queries: n, keys: n + offset, offset });
      const [from, to] = [at(whole.shape), at(part.shape)];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n + offset; j++) {
          assert.equal(part.data[to(H - 1, i, j)], whole.data[from(H - 1, i + offset, j)]);
        }
      }
    }),
    RUNS,
  );
});

test('DeBERTa buckets are odd, monotone and the distance itself up to half of the size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 2, max: 900 }), (bucketSize, more) => {
      const half = bucketSize >> 1;
      const { data } = pe.debertaBuckets({ from: -1000, to: 1000, bucketSize, maxPosition: half + more });
      for (let r = 1; r <= 1000; r++) {
        assert.equal(data[1000 - r], -data[1000 + r]);
        assert.ok(data[1000 + r] >= data[999 + r]);
        if (r <= half) assert.equal(data[1000 + r], r);
      }
    }),
    RUNS,
  );
});

test('symmetric ALiBi is symmetric, zero on the diagonal, and linear in the distance with its slopes', () => {
  fc.assert(
    fc.property(length, heads, (n, H) => {
      const bias = pe.alibi({ length: n, heads: H });
      const slopes = pe.alibiSlopes({ heads: H });
      const value = at(bias.shape);
      for (let h = 0; h < H; h++) {
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            assert.equal(bias.data[value(h, i, j)], bias.data[value(h, j, i)]);
            assertClose([bias.data[value(h, i, j)]], [-slopes.data[h] * Math.abs(i - j)], 1e-6);
          }
        }
      }
    }),
    RUNS,
  );
});

test('biases of the distance alone are symmetric and equal along diagonals', () => {
  const makers = {
    kerpleLog: (/** @type {number} */ n) =>
      pe.kerple({ length: n, r1: constant([2], 0.7), r2: constant([2], 1.3) }),
    kerplePower: (/** @type {number} */ n) =>
      pe.kerple({ length: n, r1: constant([2], 0.7), r2: constant([2], 1.3), form: 'power' }),
    sandwich: (/** @type {number} */ n) => pe.sandwich({ length: n, heads: 2, dim: 8 }),
  };
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(makers)), length, (make, n) => {
      const bias = make(n);
      const value = at(bias.shape);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          assert.equal(bias.data[value(1, i, j)], bias.data[value(1, 0, Math.abs(i - j))]);
        }
      }
    }),
    RUNS,
  );
});
