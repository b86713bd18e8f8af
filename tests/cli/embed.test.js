// `wasmformer embed` as a program: its vectors against the reference vectors of MiniLM, its forms of output, and what it
// says when something is wrong with the texts or the output.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Tensor } from 'wasmformer';
import { startServer } from '../../demo/serve.js';
import { CLI, MINILM, reference, run, temporaryFolder, worstDifference } from './command.js';

const { texts, vectors, tolerance } = reference();
const lines = texts.map((text) => `${text}\n`).join('');
const embed = (/** @type {string[]} */ words, /** @type {string} */ input = lines) =>
  run(['embed', '--model', MINILM, ...words], input);

/** @param {Uint8Array} bytes of a .npy file */
const rowsOf = (bytes) => /** @type {number[][]} */ (Tensor.fromNpy(new Uint8Array(bytes)).tolist());

test('lines on standard input become the reference vectors as .npy on standard output, in both builds', async () => {
  assert.ok(texts.length > 20 && texts.includes(''), 'the golden has sentences, an empty one among them');
  for (const simd of ['base', 'auto']) {
    const { code, stdout, stderr } = await embed(['--simd', simd, '--batch', '7']);
    assert.equal(code, 0, stderr);
    const worst = worstDifference(rowsOf(stdout), vectors);
    assert.ok(worst <= tolerance, `${simd}: ${worst}, at most ${tolerance}`);
  }
});

test('a file of output is the same bytes as standard output, whatever the batches and threads', async (context) => {
  const folder = temporaryFolder(context);
  const output = join(folder, 'vectors.npy');
  writeFileSync(output, 'something older');
  const { stdout } = await embed([]);
  assert.equal((await embed(['--output', output, '--batch', '3'])).code, 0);
  assert.deepEqual(readFileSync(output), stdout);
  assert.deepEqual(readdirSync(folder), ['vectors.npy']);
  assert.deepEqual((await embed(['--threads', '2'])).stdout, stdout);
  const { code, stderr } = await embed(['--threads', '99']);
  assert.equal(code, 2);
  assert.match(stderr, /^wasmformer embed: --threads must be an integer from 1 to 16 .*, not 99/);
});

test('.jsonl and .csv hold the same float32 values, and texts where asked', async (context) => {
  const folder = temporaryFolder(context);
  const exact = rowsOf((await embed([])).stdout);
  const jsonl = (await embed(['--format', 'jsonl', '--text'])).stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    jsonl.map(({ text }) => text),
    texts,
  );
  assert.deepEqual(
    jsonl.map(({ vector }) => vector.map(Math.fround)),
    exact,
  );
  assert.equal((await embed(['-o', join(folder, 'vectors.csv')])).code, 0);
  const csv = readFileSync(join(folder, 'vectors.csv'), 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    csv.map((line) => line.split(',').map((value) => Math.fround(Number(value)))),
    exact,
  );
});

test('files are read in turn, with either end of line, and none at the last one', async (context) => {
  const folder = temporaryFolder(context);
  const [first, second] = [join(folder, 'a.txt'), join(folder, 'b.txt')];
  writeFileSync(first, `${texts[1]}\r\n${texts[2]}`);
  writeFileSync(second, `\uFEFF${texts[3]}\n\n`);
  const { stdout, stderr } = await embed([first, '-', second], `${texts[4]}\n`);
  assert.equal(stderr, '');
  const expected = [1, 2, 4, 3, texts.indexOf('')].map((i) => vectors[i]);
  assert.ok(worstDifference(rowsOf(stdout), expected) <= tolerance);
});

test('options of vectors reach the model', async () => {
  const input = `${texts[4]}\n`;
  const { stdout } = await embed(
    ['--no-normalize', '--dimensions', '64', '--pooling', 'cls', '-f', 'jsonl'],
    input,
  );
  const { vector } = JSON.parse(stdout.toString());
  assert.equal(vector.length, 64);
  assert.ok(Math.abs(Math.hypot(...vector) - 1) > 0.01);
  const prompted = await embed(['--prompt', 'The cat ', '-f', 'jsonl'], 'sits outside\n');
  const plain = await embed(['-f', 'jsonl'], 'The cat sits outside\n');
  assert.deepEqual(prompted.stdout, plain.stdout);
  const small = Tensor.fromNpy(new Uint8Array((await embed(['--precision', 'binary'], input)).stdout));
  assert.deepEqual([small.dtype, ...small.shape], ['int8', 1, 48]);
});

test('texts that were cut are reported by their lines', async () => {
  const long = 'word '.repeat(300);
  const { code, stderr, stdout } = await embed(['--batch', '2'], `short\n${long}\nshort\nshort\n${long}\n`);
  assert.equal(code, 0);
  assert.equal(rowsOf(stdout).length, 5);
  assert.equal(
    stderr,
    'wasmformer embed: 2 of the texts had more than 256 tokens, only their beginnings count: text 2, 5\n',
  );
  assert.equal((await embed(['--on-truncate', 'chunk'], `${long}\n`)).stderr, '');
  const strict = await embed(['--on-truncate', 'error'], `${long}\n`);
  assert.equal(strict.code, 1);
  assert.match(strict.stderr, /^wasmformer embed: .*256.*\n$/);
});

test('no texts is an error with a hint, before a model is loaded', async () => {
  const { code, stdout, stderr } = await run(['embed', '--model', '/no/such/folder'], '');
  assert.equal(code, 1);
  assert.equal(stdout.length, 0);
  assert.equal(
    stderr,
    'wasmformer embed: there are no texts: standard input is empty; give files or pipe lines in\n',
  );
});

test('a failure is one line of words and leaves no output behind', async (context) => {
  const folder = temporaryFolder(context);
  const output = join(folder, 'vectors.npy');
  for (const [words, message] of /** @type {[string[], RegExp][]} */ ([
    [['--model', join(folder, 'none')], /there is no folder ".*none"/],
    [['--model', folder], /there is no config\.json in/],
    [['--model', MINILM, join(folder, 'none.txt')], /none\.txt" cannot be read: there is no such file/],
    [['--model', MINILM, folder], /" cannot be read: it is a folder; expected a file/],
  ])) {
    const { code, stderr } = await run(['embed', '-o', output, ...words], 'text\n');
    assert.equal(code, 1, stderr);
    assert.match(stderr, message);
    assert.match(stderr, /^wasmformer embed: [^\n]+\n$/);
    assert.deepEqual(readdirSync(folder), []);
  }
});

test('a failure does not wait for the end of the input', async () => {
  const child = spawn(process.execPath, [CLI, 'embed', '-m', '/no/such/folder', '--batch', '1'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.on('error', () => {});
  child.stdin.write('one\ntwo\n');
  assert.equal(await new Promise((resolve) => child.on('close', resolve)), 1);
});

test('a reader that has enough ends the work without an error', async () => {
  const child = spawn(process.execPath, [CLI, 'embed', '-m', MINILM, '-f', 'jsonl', '--batch', '4'], {
    stdio: 'pipe',
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end('text\n'.repeat(20000));
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(stderr, '');
  assert.equal(code, 0);
});

test('.npy is not written to a terminal', {
  skip: !existsSync('/usr/bin/script') && 'there is no script(1)',
}, () => {
  const command = `"${process.execPath}" "${CLI}" embed --model "${MINILM}"`;
  const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    input: 'text\n',
    encoding: 'utf8',
  });
  assert.match(stdout, /\.npy is not for a terminal: add > vectors\.npy/);
  assert.equal(status, 2);
});

test('progress goes to standard error on request', async () => {
  const { stdout, stderr } = await embed(['--progress', '-f', 'jsonl'], 'one\ntwo\n');
  assert.match(stderr, /^model\.safetensors: 90\.9 of 90\.9 MB$/m);
  assert.match(stderr, /^2 texts in \d+\.\d s\n$/m);
  assert.equal(stdout.toString().trimEnd().split('\n').length, 2);
});

test('a model is loaded from a URL', async () => {
  const server = await startServer({ port: 0 });
  try {
    const model = new URL('/models/minilm/', server.url).href;
    const { code, stdout, stderr } = await run(['embed', '--model', model], lines);
    assert.equal(code, 0, stderr);
    assert.ok(worstDifference(rowsOf(stdout), vectors) <= tolerance);
  } finally {
    await server.close();
  }
});
