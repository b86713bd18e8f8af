/**
 * Relative biases and masks whose results no machine holds are refused, whatever the family.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { InputError } from '../../bindings/errors.js';
import { encodings } from '../../web/encodings.js';

/** Bad options are not of the functions' types. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

test('results beyond the core are refused before any memory is taken', () => {
  const sizes = { heads: 1024, length: 2 ** 20 };
  for (const run of [
    () => pe.windowIndex({ window: 32768 }),
    () => pe.alibi(sizes),
    () => pe.sandwich(sizes),
    () => pe.shiftedWindowMask({ height: 2 ** 20, width: 2 ** 20, window: 32768 }),
    () => pe.slidingWindowMask({ length: 2 ** 20, window: 1 }),
  ]) {
    assert.throws(run, InputError);
  }
});
