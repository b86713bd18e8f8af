/** That the golden runner can fail: differences planted in outputs and in reference files, and what a case may keep of a table. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { encodings, Tensor } from '../../web/index.js';
import { runEntry } from './encodings/table.js';
import { compare, nearest } from './models.js';

const { Infinity: INF, NaN: NAN } = globalThis;
const tensor = (/** @type {number[]} */ values, shape = [values.length]) =>
  new Tensor('float32', Float32Array.from(values), shape);

/** @param {number[]} found @param {number[]} expected @returns {boolean} whether the runner would let it pass */
function passes(found, expected) {
  const { worst, tolerance } = compare('out', tensor(found), tensor(expected), 1e-6);
  return worst <= tolerance;
}

test('a value that is wrong or NaN fails the comparison wherever it stands, on either side', () => {
  assert.ok(passes([1, 5, 2, 3], [1, 5, 2, 3]));
  assert.ok(!passes([NAN, NAN, 2, 3], [1, 5, 2, 3]));
  for (const wrong of [NAN, INF, -INF, 7]) {
    for (let i = 0; i < 4; i++) {
      const planted = [1, 5, 2, 3].map((value, at) => (at === i ? wrong : value));
      assert.ok(!passes(planted, [1, 5, 2, 3]), `${planted} found`);
      assert.ok(!passes([1, 5, 2, 3], planted), `${planted} expected`);
    }
  }
});

test('where the reference has NaN or an infinity the same is expected, and nothing else', () => {
  assert.ok(passes([NAN, INF, -INF, 0], [NAN, INF, -INF, -0]));
  assert.ok(!passes([INF, INF], [NAN, INF]));
  assert.ok(!passes([NAN, -INF], [NAN, INF]));
});

test('of several outputs the one that fails is told, whatever comes after it', () => {
  const fine = { name: 'fine', worst: 1e-7, tolerance: 1e-6, where: 'fine' };
  for (const bad of [
    { worst: NAN, tolerance: 1e-6 },
    { worst: INF, tolerance: 1e-6 },
    { worst: 1e-9, tolerance: 0 },
    { worst: 0, tolerance: NAN },
  ]) {
    const one = { name: 'bad', where: 'bad', ...bad };
    assert.equal(nearest([one, fine]).where, 'bad');
    assert.equal(nearest([fine, one, fine]).where, 'bad');
  }
  assert.throws(() => nearest([]), /no outputs/);
});

test('a mask hides the rows of padding alone, and one that hides all fails', () => {
  const rows = (/** @type {number[]} */ values) => tensor(values, [1, 2, 2]);
  const mask = (/** @type {number[]} */ values) => new Tensor('int32', Int32Array.from(values), [1, 2]);
  const worst = (/** @type {number[]} */ found, /** @type {number[]} */ valid) =>
    compare('out', rows(found), rows([1, 2, 3, 4]), 0, mask(valid)).worst;
  assert.equal(worst([1, 2, NAN, 9], [1, 0]), 0);
  assert.equal(worst([1, NAN, 3, 4], [1, 0]), INF);
  assert.equal(worst([1, 2, 3, 4], [0, 0]), INF);
});

const DATA = fileURLToPath(new URL('data/encodings/', import.meta.url));
/** @type {{ cases: any[] }} */
const { cases } = JSON.parse(readFileSync(join(DATA, 'index.json'), 'utf8'));

/** The cases of a function, with the file of their tensors. @param {string} name */
function casesOf(name) {
  const entries = cases.filter((one) => one.function === name);
  assert.ok(entries.length, `the reference data has no ${name}`);
  return { entries, file: readFileSync(join(DATA, `${entries[0].family}.safetensors`)) };
}

/** Where the values of a tensor lie in a file. @param {Buffer} file @param {string} key */
function floatsOf(file, key) {
  const found = readTensors(new Uint8Array(file.buffer, file.byteOffset, file.length), 'file').get(key);
  assert.ok(found, key);
  return { at: found.data.byteOffset - file.byteOffset, count: found.data.length / 4, shape: found.shape };
}

test('a reference file with a planted NaN, or one wrong value, fails the run of the goldens', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'wasmformer-'));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'encodings'));
  const { entries, file } = casesOf('seed001_positional_encoding');
  const [entry] = entries;
  writeFileSync(join(folder, 'encodings/index.json'), JSON.stringify({ cases: [entry] }));
  const { at } = floatsOf(file, entry.outputs.out.key);
  /** @param {number[]} values planted at the beginning of the output */
  const run = (...values) => {
    const bytes = Buffer.from(file);
    values.forEach((value, i) => {
      bytes.writeFloatLE(value, at + 4 * i);
    });
    writeFileSync(join(folder, `encodings/${entry.family}.safetensors`), bytes);
    const program = fileURLToPath(new URL('run.js', import.meta.url));
    const env = { ...process.env, GOLDENS: folder };
    const { status, stdout } = spawnSync(process.execPath, [program], { env, encoding: 'utf8' });
    return { status, stdout };
  };
  const sound = run();
  assert.equal(sound.status, 0, sound.stdout);
  assert.match(sound.stdout, /^passed {2}encodings\/seeds\/seed001_positional_encoding\.00: worst /m);
  for (const planted of [[NAN, NAN], [INF], [0.01]]) {
    const { status, stdout } = run(...planted);
    assert.match(stdout, /^failed {2}encodings\/seeds\/seed001_positional_encoding\.00: worst /m);
    assert.match(stdout, /^0 passed, 1 failed, 0 skipped$/m);
    assert.equal(status, 1);
  }
});

test('a case that keeps the last rows of a table gets those, of either seed', async () => {
  const pe = await encodings();
  for (const name of ['seed001_positional_encoding', 'seed004_positional_encoding']) {
    const { entries, file } = casesOf(name);
    const [{ params, outputs }] = entries.filter(({ status }) => status !== 'error');
    const { at, shape } = floatsOf(file, outputs.out.key);
    const [rows, columns] = shape;
    for (const tail of [1, 3, rows]) {
      const { out } = runEntry(pe, { function: name, params: { ...params, tail } }, new Map());
      const start = at + 4 * (rows - tail) * columns;
      const kept = new Float32Array(new Uint8Array(file.subarray(start, start + 4 * tail * columns)).buffer);
      const { worst } = compare('out', out, new Tensor('float32', kept, [tail, columns]), outputs.out.tol);
      assert.ok(worst <= outputs.out.tol, `${name}, tail ${tail}: ${worst}`);
    }
  }
  pe.dispose();
});
