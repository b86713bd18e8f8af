/** That the benchmark's comparison of two libraries can fail: a NaN or a wrong value planted anywhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOLERANCE, worstDifference } from './check.js';

const right = [1, 5, 2, 3];
/** @param {number} value @param {number} at */
const planted = (value, at) => right.map((other, i) => (i === at ? value : other));

test('a NaN fails the comparison wherever it stands, on either side or on both', () => {
  assert.throws(() => worstDifference('two', [Number.NaN, Number.NaN, 2, 3], right), /two: outputs differ/);
  for (let at = 0; at < right.length; at++) {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, right[at] + 2 * TOLERANCE]) {
      assert.throws(() => worstDifference('two', planted(value, at), right), /two: outputs differ by/);
      assert.throws(() => worstDifference('two', right, planted(value, at)), /two: outputs differ by/);
    }
    const nan = planted(Number.NaN, at);
    assert.throws(() => worstDifference('two', nan, nan), /two: outputs differ by Infinity/);
  }
});

test('equal outputs do not differ, close ones by their largest difference', () => {
  assert.equal(worstDifference('two', right, right), 0);
  assert.equal(worstDifference('two', [1, 2], [1.25, 2.125], { limit: 1 }), 0.25);
  assert.throws(() => worstDifference('two', [1], [1, 2]), /1 and 2 values/);
});

test('a mask hides the rows of padding alone, and one that hides all fails', () => {
  const mask = [1, 0];
  assert.equal(worstDifference('two', [1, 5, Number.NaN, 9], right, { mask }), 0);
  assert.throws(() => worstDifference('two', [Number.NaN, 5, 2, 3], right, { mask }), /differ by Infinity/);
  assert.throws(() => worstDifference('two', right, right, { mask: [0, 0] }), /differ by Infinity/);
});
