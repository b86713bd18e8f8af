// Two models in one instance of the core: each has weights and scratch of its own, and what one of them asks for, in any
// order and also between the steps of the other's forward, changes no bit of what the other gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromEncodings, runBlocks } from '../../bindings/run/sequences.js';
import { place, start } from './place.js';

/** @typedef {import('../../bindings/run/model.js').Model} Model */

const MEAN = { poolings: [1], heads: [] };

/** @param {number} length @param {number} seed */
const text = (length, seed) => {
  const ids = Int32Array.from({ length }, (_, i) => (i * 7 + seed) % 50);
  return { ids, typeIds: new Int32Array(length) };
};

/** Mean vectors of sequences. @param {Model} model @param {number[]} lengths @param {() => void} [meanwhile] between steps */
async function run(model, lengths, meanwhile = () => {}) {
  const vectors = new Float32Array(lengths.length * model.width);
  const sequences = fromEncodings(lengths.map((length, i) => text(length, i)));
  const breathe = () => {
    meanwhile();
    return undefined;
  };
  for await (const { first, block } of runBlocks(model, sequences, breathe)) {
    const end = first + block.lengths.length;
    model.output(vectors.subarray(first * model.width, end * model.width), MEAN);
  }
  return vectors;
}

/** What a model gives alone in an instance. @param {string} name @param {number[]} lengths */
async function alone(name, lengths) {
  return run(await place(await start(), name), lengths);
}

const SHORT = [3, 7, 1, 20];
const LONG = [30, 32, 5];

test('scratch grows in any order beside another model, and between the steps of its forward', async () => {
  const [shortA, longA, shortB, longB] = await Promise.all([
    alone('bert_base', SHORT),
    alone('bert_base', LONG),
    alone('distilbert', SHORT),
    alone('distilbert', LONG),
  ]);
  const instance = await start();
  const a = await place(instance, 'bert_base');
  assert.deepEqual(await run(a, SHORT), shortA);
  const b = await place(instance, 'distilbert');
  assert.deepEqual(await run(b, SHORT), shortB);
  // a's scratch lies below b's weights: it cannot grow where it is.
  assert.deepEqual(await run(a, LONG), longA);
  assert.deepEqual(await run(b, SHORT), shortB);
  let rows = 64;
  const grow = () => {
    if (rows === 4096) return;
    rows *= 2;
    b.reach(rows);
  };
  assert.deepEqual(await run(a, LONG, grow), longA);
  assert.ok(rows >= 256, `the other model grew to ${rows} rows meanwhile`);
  assert.deepEqual(await run(b, LONG), longB);
  assert.deepEqual(await run(a, SHORT), shortA);
});

test('what is released is used again, and zeros are zeros', async () => {
  const instance = await start();
  const first = instance.reserve(1000);
  const second = instance.reserve(3000);
  const third = instance.reserve(64);
  instance.write(second, new Uint8Array(3000).fill(7));
  instance.release(second, 3000);
  const again = instance.reserve(2000);
  assert.equal(again, second);
  const bytes = new Uint8Array(2000);
  instance.read(bytes, again);
  assert.ok(bytes.every((byte) => byte === 0));
  instance.release(third, 64);
  instance.release(first, 1000);
  instance.release(again, 2000);
  // All holes and the free end are one again.
  assert.equal(instance.reserve(100_000), first);
});
