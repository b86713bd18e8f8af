// What files, servers and the command line itself name is shown without controlling the terminal.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { printable, toJson } from '../../web/cli/printable.js';
import { createProgress } from '../../web/cli/progress.js';
import { config } from '../encoder/fixtures.js';
import { GOLDENS, run, temporaryFolder } from './command.js';

// Clears the screen, sets the title, hides what follows, turns the line around.
const HOSTILE = 'a\x1b[2J\x1b]0;title\x07\x9b8m\r\n\t\x7f\u202eb\u2066\u2028c\ufeff';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come out
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

test('a printable text is one line without controls, and shows which there were', () => {
  assert.equal(
    printable(HOSTILE),
    'a\\u001b[2J\\u001b]0;title\\u0007\\u009b8m\\r\\n\\t\\u007f\\u202eb\\u2066\\u2028c\\ufeff',
  );
  for (let code = 0; code < 0x3000; code++)
    assert.doesNotMatch(printable(String.fromCharCode(code)), CONTROLS, code.toString(16));
  for (const text of ['plain', 'Grüße, שלום, 日本語', '👩‍🔬', 'C:\\models\\x', ''])
    assert.equal(printable(text), text);
  for (const value of [undefined, null, 5, new Error('x')]) assert.equal(printable(value), String(value));
});

test('of a long text the beginning and the end are shown', () => {
  const shown = printable(`start${'x'.repeat(1e6)}end`);
  assert.ok(shown.length < 420, `${shown.length} characters`);
  assert.match(shown, /^start.*end$/);
  assert.ok(printable('\x1b'.repeat(1e5)).length < 420);
});

test('JSON shows no controls and says the same', () => {
  const value = { [HOSTILE]: [HOSTILE, 1.5, null], text: 'ü 日本 👩‍🔬' };
  assert.doesNotMatch(toJson(value), CONTROLS);
  assert.deepEqual(JSON.parse(toJson(value)), value);
  assert.deepEqual(JSON.parse(toJson(value, 2)), value);
  assert.match(toJson(value, 2), /\n {2}"text": "ü 日本 👩‍🔬"\n/);
});

test('progress shows the names of files as they can be shown', async () => {
  let written = '';
  const stream = /** @type {any} */ ({ write: (/** @type {string} */ text) => (written += text) });
  (await createProgress(stream, true, 'texts', 0)).loading({ file: HOSTILE, loaded: 1, total: 1 });
  assert.match(written, /^[^\n]+: 0\.0 of 0\.0 MB\n$/);
  assert.doesNotMatch(written.slice(0, -1), CONTROLS);
});

/** A classifier whose config says hostile things. @param {import('node:test').TestContext} context */
function hostileModel(context) {
  const folder = temporaryFolder(context);
  const golden = join(GOLDENS, 'distilbert_seqcls');
  writeFileSync(join(folder, 'model.safetensors'), readFileSync(join(golden, 'model.safetensors')));
  const { id2label, ...rest } = config('distilbert_seqcls', {});
  const count = Object.keys(id2label ?? {}).length || rest.num_labels || 2;
  const labels = Array.from({ length: count }, (_, i) => `${HOSTILE}${i}`);
  const named = {
    ...rest,
    architectures: [`${HOSTILE}ForSequenceClassification`, 'x'.repeat(5000)],
    id2label: Object.fromEntries(labels.map((label, i) => [i, label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(named));
  const words = Array.from({ length: 128 }, (_, id) => ['[PAD]', '[UNK]', '[CLS]', '[SEP]'][id] ?? `w${id}`);
  writeFileSync(join(folder, 'vocab.txt'), words.join('\n'));
  return { folder, labels };
}

test('labels and class names of a hostile config.json', async (context) => {
  const { folder, labels } = hostileModel(context);
  const classified = await run(['classify', '-m', folder], 'w5 \x9b31m\u202e w6\n');
  assert.equal(classified.code, 0, classified.stderr);
  const line = classified.stdout.toString();
  assert.doesNotMatch(line.trimEnd(), CONTROLS);
  const { text, classes } = JSON.parse(line);
  assert.equal(text, 'w5 \x9b31m\u202e w6');
  assert.deepEqual(classes.map((/** @type {any} */ { label }) => label).sort(), [...labels].sort());

  const told = await run(['info', folder]);
  assert.equal(told.code, 0, told.stderr);
  for (const row of told.stdout.toString().split('\n')) {
    assert.doesNotMatch(row, CONTROLS);
    assert.ok(row.length < 450, `${row.length} characters`);
  }
  assert.match(told.stdout.toString(), /^model {7}distilbert \(a\\u001b\[2J/);
  const json = (await run(['info', folder, '--json'])).stdout.toString();
  assert.doesNotMatch(json.replaceAll('\n', ''), CONTROLS);
  assert.equal(JSON.parse(json).architectures[0], `${HOSTILE}ForSequenceClassification`);
});

test('architectures that are no list do not stop info', async (context) => {
  const { folder } = hostileModel(context);
  const path = join(folder, 'config.json');
  for (const [value, expected] of /** @type {[unknown, string[]][]} */ ([
    ['DistilBertModel', ['DistilBertModel']],
    [null, []],
  ])) {
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), architectures: value }));
    const { code, stdout, stderr } = await run(['info', folder, '--json']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout.toString()).architectures, expected);
  }
});

test('messages that name hostile files and words are one short line', async (context) => {
  const folder = temporaryFolder(context);
  const name = HOSTILE.replaceAll('\0', '');
  const hostile = join(folder, name);
  mkdirSync(hostile);
  writeFileSync(
    join(hostile, 'config.json'),
    JSON.stringify({ model_type: `${HOSTILE}${'y'.repeat(9000)}` }),
  );
  for (const words of [
    ['embed', '-m', join(folder, `${name}none`)],
    ['embed', '-m', `${folder}/${'x'.repeat(5000)}`],
    ['embed', '-m', hostile],
    ['embed', '-m', folder, join(folder, `${name}.txt`)],
    ['embed', `--${name}`],
    ['embed', '-m', folder, '--format', name],
    ['info', hostile],
    ['encoding', name],
    ['encoding', 'sincos1d', name],
    [name],
  ]) {
    const { code, stdout, stderr } = await run(words, 'text\n');
    assert.notEqual(code, 0);
    assert.equal(stdout.length, 0);
    assert.match(stderr, /^wasmformer[^\n]*\n$/);
    assert.doesNotMatch(stderr.trimEnd(), CONTROLS);
    assert.ok(stderr.length < 550, `${stderr.length} characters`);
  }
});

test('the name of a file that is written', async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'a\n\x1b[31m.npy');
  const { code, stderr } = await run(['encoding', 'sincos1d', '--length', '4', '--dim', '8', '-o', file]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^[^\n]*a\\n\\u001b\[31m\.npy: float32 \[4, 8\]\n$/);
  assert.deepEqual(readdirSync(folder), ['a\n\x1b[31m.npy']);
});
