// Vectors in pairs, which one asks for by name: other machine code, the same bits. A file of its own, since it holds for its process.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, Tensor } from '../../web/index.js';
import { run } from '../cli/command.js';
import { bits } from '../compare.js';
import { minilm, models, rejects } from './fixtures.js';

const [major, minor] = process.versions.v8.split('.').map(Number);
const hasPairs = major > 13 || (major === 13 && minor >= 6);
/** Forwards in which the engine has compiled everything a second time. */
const ENOUGH = 40;

/** @param {number} count @param {number} most */
const ids = (count, most) =>
  new Tensor(
    'int32',
    Int32Array.from({ length: count }, (_, i) => (i * 7919) % most),
    [1, count],
  );
const pixels = (/** @type {number[]} */ ...shape) =>
  new Tensor(
    'float32',
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (i % 97) / 48 - 1),
    shape,
  );
/** Models and what they read, of lengths that end in the middle of tiles. @type {[string, Record<string, Tensor>][]} */
const CASES = [
  [minilm, { input_ids: ids(61, 30000) }],
  [`${models}modernbert`, { input_ids: ids(600, 100) }],
  [`${models}deberta_v3`, { input_ids: ids(75, 100) }],
  [`${models}swin`, { pixel_values: pixels(1, 3, 32, 32) }],
  [`${models}vit`, { pixel_values: pixels(1, 3, 32, 32) }],
];

/** @param {string} folder @param {any} feeds @param {'relaxed' | 'wide'} simd */
async function bitsOf(folder, feeds, simd) {
  const encoder = await load(folder, { simd });
  assert.equal(encoder.build, simd);
  let found;
  for (let i = 0; i < ENOUGH; i++) found = await encoder.forward(feeds);
  encoder.dispose();
  return bits(/** @type {Tensor} */ (Object.values(found ?? {})[0]));
}

test('paired vectors give the same bits', { skip: !hasPairs }, async () => {
  const narrow = [];
  for (const [folder, feeds] of CASES) narrow.push(await bitsOf(folder, feeds, 'relaxed'));
  for (const [i, [folder, feeds]] of CASES.entries())
    assert.ok((await bitsOf(folder, feeds, 'wide')) === narrow[i], folder);
});

test('an engine that does not pair them says so', { skip: hasPairs }, () =>
  rejects(load(minilm, { simd: 'wide' }), 'UnsupportedError', /"wide", which needs Node 24 or newer/),
);

test('a variable names the build for the command line', async (context) => {
  context.after(() => {
    delete process.env.WASMFORMER_SIMD;
  });
  for (const build of hasPairs ? ['base', 'wide'] : ['base']) {
    process.env.WASMFORMER_SIMD = build;
    const { stdout, stderr } = await run(['info', minilm, '--json']);
    assert.equal(stderr, '');
    assert.equal(JSON.parse(String(stdout)).build, build);
  }
  process.env.WASMFORMER_SIMD = 'avx';
  const { code, stderr } = await run(['info', minilm]);
  assert.notEqual(code, 0);
  assert.match(stderr, /simd" must be one of 'auto', 'base', 'relaxed', 'wide', not "avx"/);
});
