/** The page's digit models are right, in the library, as often as in PyTorch (demo/models/train_digits.py, measured.json). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DATA } from '../../demo/bake/digits.js';
import { orderOf, shuffled } from '../../demo/rooms/draw/patches.js';
import { KINDS } from '../../demo/rooms/draw/reading.js';
import { load } from '../../web/index.js';
import { largestDifference } from '../compare.js';

const DIGITS = fileURLToPath(new URL('../../demo/models/digits/', import.meta.url));
const measured = JSON.parse(readFileSync(join(DIGITS, 'measured.json'), 'utf8'));
const SIDE = 28;
const BATCH = 250;
const images = readFileSync(join(DATA, 't10k-images-idx3-ubyte')).subarray(16);
const labels = readFileSync(join(DATA, 't10k-labels-idx1-ubyte')).subarray(8);

/** @param {number} i */
const imageAt = (i) => new Uint8Array(images.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));

/** @param {Awaited<ReturnType<typeof load>>} encoder @param {Uint8Array[]} pixels @returns {Promise<number[][]>} */
async function logitsOf(encoder, pixels) {
  const pictures = pixels.map((data) => ({ data, width: SIDE, height: SIDE, channels: 1 }));
  const { logits } = await encoder.forward(await encoder.preprocess(/** @type {any} */ (pictures)));
  return /** @type {number[][]} */ (logits.tolist());
}

/** @param {Awaited<ReturnType<typeof load>>} encoder */
async function rightOf(encoder) {
  let right = 0;
  for (let at = 0; at < labels.length; at += BATCH) {
    const all = await logitsOf(
      encoder,
      Array.from({ length: BATCH }, (_, i) => imageAt(at + i)),
    );
    all.forEach((row, i) => {
      if (row.indexOf(Math.max(...row)) === labels[at + i]) right++;
    });
  }
  return right;
}

for (const kind of KINDS)
  test(`${kind}: of ${labels.length} test digits as many are right as in PyTorch`, async () => {
    const encoder = await load(DIGITS + kind);
    const right = await rightOf(encoder);
    encoder.dispose();
    const { right: expected } = measured.kinds[kind];
    assert.ok(Math.abs(right - expected) <= 2, `${right}; PyTorch has ${expected}`);
  });

test('the network without positions says the same of shuffled patches, the others do not', async () => {
  for (const kind of KINDS) {
    const encoder = await load(DIGITS + kind);
    const whole = await logitsOf(encoder, [0, 1, 2].map(imageAt));
    const mixed = await logitsOf(
      encoder,
      [0, 1, 2].map((i) => shuffled(imageAt(i), orderOf(1))),
    );
    const difference = largestDifference(whole.flat(), mixed.flat());
    encoder.dispose();
    if (kind === 'none') assert.ok(difference < 1e-4, `${difference}`);
    else assert.ok(difference > 1, `${kind}: ${difference}`);
  }
});
