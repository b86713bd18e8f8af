/**
 * The numbers that the biases send to the core are those of its header.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ALIBI, BUCKETS, LAYOUT, RESAMPLE, WINDOW } from '../../bindings/encodings/enums.js';

const header = readFileSync(new URL('../../c/wasmformer.h', import.meta.url), 'utf8');

test('every enum of the biases has the names and numbers of c/wasmformer.h', () => {
  for (const [prefix, values] of Object.entries({ WINDOW, BUCKETS, LAYOUT, ALIBI, RESAMPLE })) {
    const found = [...header.matchAll(new RegExp(`\\bWF_${prefix}_(\\w+) = (\\d+)`, 'g'))];
    assert.deepEqual(Object.fromEntries(found.map(([, name, number]) => [name, Number(number)])), values);
  }
});
