/** The safetensors reader on files that lie: each is refused, with work that grows as the file does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '../../bindings/errors.js';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { flips, makeFile, prefixes, SOUND_HEADER } from './bent.js';
import { growingFiles } from './growing.js';
import { hostileFiles } from './hostile.js';
import { stepsOf } from './steps.js';

const PATH = 'model.safetensors';
/** The most steps of the reader for each byte of a file that it refuses, and before the first. */
const STEPS = { perByte: 4, first: 40 };

/**
 * @param {Uint8Array} bytes
 * @param {string} name
 */
function assertRefused(bytes, name) {
  const isRight = (/** @type {any} */ error) => error instanceof FormatError && error.path === PATH;
  assert.throws(() => readTensors(bytes, PATH), isRight, name);
}

test('what is counted are the rounds of loops', () => {
  const [few, many] = [1000, 3000].map((n) =>
    stepsOf(() => assertRefused(makeFile(' '.repeat(n)), 'spaces')),
  );
  assert.ok(few < 1000, `${few} steps to see that a header does not begin with {`);
  assert.equal(many, few);
  for (const n of [1000, 3000]) {
    const steps = stepsOf(() => assertRefused(makeFile(`{${' '.repeat(n)}`), 'spaces'));
    assert.ok(steps >= n, `${steps} steps for ${n} spaces`);
  }
});

test('hostile files are refused with a FormatError that names the file, in few steps for each of their bytes', () => {
  let count = 0;
  for (const { name, bytes } of hostileFiles()) {
    const steps = stepsOf(() => assertRefused(bytes, name));
    assert.ok(steps <= STEPS.perByte * bytes.length + STEPS.first, `${name}: ${steps} steps`);
    count++;
  }
  assert.ok(count >= 500, `${count} files`);
});

test('a hostile file of twice the size takes at most twice the steps', () => {
  for (const { name, make } of growingFiles()) {
    const [one, two] = [256, 512].map((n) => stepsOf(() => assertRefused(make(n), name)));
    assert.ok(two <= 2 * one, `${name}: ${one} steps, then ${two}`);
  }
});

test('a file cut after any byte is refused', () => {
  for (const { name, bytes } of prefixes()) assertRefused(bytes, name);
});

test('a flipped bit is refused, unless it leaves another name or note', () => {
  // Of the header's text these parts are free: any other letter in them is as sound. Python's safetensors 0.8.0
  // accepts the same flips and no others.
  const free = ['format', '"pt"', 'w.a', 'w.b', '"n":{', '"e":{'].flatMap((part) => {
    const start = SOUND_HEADER.indexOf(part) + (part.startsWith('"') ? 1 : 0);
    return Array.from(part.replaceAll(/[":{]/g, ''), (_, i) => 8 + start + i);
  });
  let accepted = 0;
  for (const { name, bytes, bit } of flips()) {
    const byte = bytes[bit >> 3];
    const isLetter = byte >= 0x20 && byte < 0x80 && byte !== 0x22 && byte !== 0x5c;
    const names = ['w.a', 'w.b', 'n', 'e'];
    if (!free.includes(bit >> 3) || !isLetter) {
      assertRefused(bytes, name);
      continue;
    }
    const found = [...readTensors(bytes, PATH)];
    assert.ok(found.filter(([key], i) => key !== names[i]).length <= 1, name);
    assert.deepEqual(
      found.map(([, { shape }]) => shape),
      [[2, 3], [3], [], [0]],
    );
    accepted++;
  }
  assert.ok(accepted > 50, `${accepted} accepted`);
});
