/**
 * What must hold of masks over a sequence at any size: they agree with their definitions in every form. Reference outputs
 * are in the goldens.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { encodings } from '../../web/encodings.js';
import { at, length, RUNS } from './biases.js';

/** The options of random cases are not literals. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

test('masks agree with their definitions, as biases and as tables of what is allowed', () => {
  fc.assert(
    fc.property(length, fc.nat(30), fc.nat(30), (n, left, right) => {
      const allowed = pe.slidingWindowMask({ length: n, left, right, as: 'allowed' });
      const bias = pe.slidingWindowMask({ length: n, left, right, fill: Number.NEGATIVE_INFINITY });
      const value = at(allowed.shape);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const within = j - i >= -left && j - i <= right;
          assert.equal(allowed.data[value(i, j)], Number(within));
          assert.equal(bias.data[value(i, j)], within ? 0 : Number.NEGATIVE_INFINITY);
        }
      }
    }),
    RUNS,
  );
});

test('the three forms of a segment mask agree; a negative segment meets nothing', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(lengths, (sizes) => {
      const boundaries = [0];
      for (const size of sizes) boundaries.push(boundaries[boundaries.length - 1] + size);
      const segments = sizes.flatMap((size, i) => new Array(size).fill(7 * i));
      const expected = pe.segmentMask({ lengths: sizes }).data;
      assert.deepEqual(pe.segmentMask({ boundaries }).data, expected);
      assert.deepEqual(pe.segmentMask({ segments }).data, expected);
    }),
    RUNS,
  );
  const padded = pe.segmentMask({ segments: [0, -1], as: 'allowed' });
  assert.deepEqual(padded.tolist(), [
    [1, 0],
    [0, 0],
  ]);
});
