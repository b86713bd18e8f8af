// The package as npm would install it: packed, unpacked into a folder of its own, and used from there by its names alone, in this
// Node, on the command line and in a page. It needs `make build` first.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { largestDifference } from '../compare.js';
import { readTensorFile } from '../goldens/models.js';
import { browse } from './browse.js';
import { pack } from './pack.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MINILM = process.env.MINILM ?? join(ROOT, '.cache/minilm');
const GOLDEN = join(ROOT, 'tests/goldens/data/models/minilm');
const { sentences, tol } = JSON.parse(readFileSync(join(GOLDEN, 'case.json'), 'utf8'));
/** A sentence and its vector by sentence-transformers. */
const INDEX = 3;
const TEXT = /** @type {string} */ (sentences[INDEX].text);
const VECTOR = vectorOf('out.embeddings');
const POSITION = [0.8414709848078965, 0.5403023058681398]; // sin 1, cos 1

/** Where the package is installed. */
let home = '';

before(() => {
  home = mkdtempSync(join(tmpdir(), 'wasmformer-package-'));
  pack(home);
});

after(() => rmSync(home, { recursive: true, force: true }));

/** @param {string} name */
function vectorOf(name) {
  const all = readTensorFile(join(GOLDEN, 'case.safetensors')).get(name);
  assert.ok(all);
  const width = all.shape[1];
  return [...all.data.slice(INDEX * width, (INDEX + 1) * width)].map(Number);
}

/** @param {ArrayLike<number>} vector */
function assertRight(vector) {
  const worst = largestDifference(vector, VECTOR);
  assert.ok(worst <= tol, `${TEXT}: differs by ${worst}`);
}

/** @param {string} program @returns {any} what it prints, as JSON */
function run(program) {
  writeFileSync(join(home, 'program.js'), program);
  return JSON.parse(execFileSync(process.execPath, ['program.js'], { cwd: home, encoding: 'utf8' }));
}

test('both entries run, and share their classes', () => {
  const { vector, row, same } = run(`
    import { encodings as late, InputError, load, Tensor } from 'wasmformer';
    import { encodings } from 'wasmformer/encodings';
    const encoder = await load(${JSON.stringify(MINILM)});
    const vector = [...(await encoder.embed(${JSON.stringify(TEXT)})).data];
    const [pe, other] = [await encodings(), await late()];
    const table = pe.sincos1d({ positions: [1], dim: 2 });
    let error;
    try { other.sincos1d({ length: -1, dim: 2 }); } catch (thrown) { error = thrown; }
    const same = table instanceof Tensor && error instanceof InputError;
    console.log(JSON.stringify({ vector, row: [...table.data], same }));
  `);
  assertRight(vector);
  assert.deepEqual(row, POSITION.map(Math.fround));
  assert.equal(same, true);
});

test('the command line runs, and knows its version', () => {
  const { version, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const command = join(home, 'node_modules/wasmformer', bin.wasmformer);
  const runCommand = (/** @type {string[]} */ ...rest) =>
    execFileSync(process.execPath, [command, ...rest], { encoding: 'utf8', input: `${TEXT}\n` });
  assert.ok(runCommand('--version').includes(version));
  const [line] = runCommand('embed', '--model', MINILM, '--format', 'jsonl').split('\n');
  assertRight(JSON.parse(line).vector);
  assert.match(
    runCommand('encoding', 'sincos1d', '--positions', '1', '--dim', '2', '--format', 'csv'),
    /0\.84147/,
  );
  writeFileSync(join(home, 'texts.csv'), `id,text\n1,"${TEXT.replaceAll('"', '""')}"\n`);
  const words = `${command} embed --model ${MINILM} --output ${join(home, 'a.jsonl')} ${join(home, 'texts.csv')}`;
  const shown = execFileSync('script', ['-qec', `${process.execPath} ${words}`, '/dev/null'], {
    encoding: 'utf8',
  });
  assert.match(shown, /model\.safetensors █+ 100%/);
  assertRight(JSON.parse(readFileSync(join(home, 'a.jsonl'), 'utf8')).vector);
});

test('a page embeds a text with one file, and with another one makes encodings', async () => {
  writeFileSync(join(home, 'page.html'), '<!doctype html><title>page</title>');
  const folders = { '/model': MINILM };
  const use = async (/** @type {import('playwright-core').Page} */ page, /** @type {string[]} */ asked) => {
    const { vector, row } = await page.evaluate(async (text) => {
      const names = ['inline', 'inline-encodings'];
      const [{ load, encodings }, direct] = await Promise.all(
        names.map((name) => import(`/node_modules/wasmformer/dist/${name}.js`)),
      );
      const encoder = await load(new URL('/model/', location.href));
      const vector = [...(await encoder.embed(text)).data];
      const [pe, other] = [await encodings(), await direct.encodings()];
      const options = { positions: [1], dim: 2 };
      return { vector, row: [...pe.sincos1d(options).data, ...other.sincos1d(options).data] };
    }, TEXT);
    assertRight(vector);
    assert.deepEqual(row, [...POSITION, ...POSITION].map(Math.fround));
    const own = asked.filter((path) => path.includes('/dist/'));
    assert.equal(own.length, 2, own.join(' '));
  };
  await browse(home, 'page.html', use, folders);
});
