/**
 * Calls of encodings as such: results that no machine holds are refused, a failed call changes nothing, disposed encodings refuse
 * every call.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DisposedError, InputError } from '../../bindings/errors.js';
import { encodings } from '../../web/encodings.js';
import { constant } from './biases.js';

/** Bad options are not of the functions' types. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

const floats = (/** @type {number[]} */ ...shape) => constant(shape, 0.5);

test('results beyond the core are refused before any memory is taken', () => {
  const side = 2 ** 20;
  const [huge, sizes] = [
    { height: side, width: side },
    { heads: 1024, length: side },
  ];
  for (const run of [
    () => pe.sincos1d({ length: side, dim: side }),
    () => pe.sincos2d({ ...huge, dim: 4 }),
    () => pe.sincos3d({ ...huge, frames: side, dim: 8 }),
    () => pe.sineGrid({ ...huge, features: 2 }),
    () => pe.fourier({ sizes: [side, side], bands: 1 }),
    () => pe.randomFourier({ ...huge, matrix: floats(2, 1) }),
    () => pe.rowColumn({ row: floats(2, 3), column: floats(2, 3), ...huge, resize: 'linear' }),
    () => pe.resizeTable({ table: floats(4, 3), to: [32768, 32768] }),
    () => pe.rope2d({ ...huge, dim: 4 }),
    () => pe.ropeSections({ ...huge, dim: 4, sections: [1, 1, 0] }),
    () => pe.windowIndex({ window: 32768 }),
    () => pe.alibi(sizes),
    () => pe.sandwich(sizes),
    () => pe.shiftedWindowMask({ ...huge, window: 32768 }),
    () => pe.slidingWindowMask({ length: side, window: 1 }),
  ]) {
    assert.throws(run, InputError);
  }
});

test('a failed call leaves the encodings usable, disposed ones refuse every call', async () => {
  const other = /** @type {any} */ (await encodings());
  assert.throws(() => other.sincos1d({ length: 3, dim: 5 }), InputError);
  assert.deepEqual(other.sincos1d({ length: 1, dim: 4 }).tolist(), [[0, 1, 0, 1]]);
  other.dispose();
  other.dispose();
  for (const [name, run] of Object.entries(other)) {
    if (name !== 'dispose') assert.throws(() => run({}), DisposedError);
  }
  assert.deepEqual(pe.sincos1d({ length: 1, dim: 4 }).tolist(), [[0, 1, 0, 1]]);
});

test('encodings refuses options that it does not know', async () => {
  await assert.rejects(encodings(/** @type {any} */ ({ sind: 'base' })), InputError);
  await assert.rejects(encodings(/** @type {any} */ ({ simd: 'fast' })), InputError);
});
