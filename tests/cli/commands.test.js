// The other commands, help, and what is said of a wrong command line.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readTensorFile } from '../goldens/models.js';
import { GOLDENS, MINILM, run, temporaryFolder } from './command.js';

test('classify gives the classes of the reference, the best first', async (context) => {
  const folder = temporaryFolder(context);
  const golden = join(GOLDENS, 'distilbert_seqcls');
  for (const file of ['config.json', 'model.safetensors'])
    copyFileSync(join(golden, file), join(folder, file));
  // A vocabulary whose words say their ids, so that texts can be written for the golden's ids.
  const words = Array.from({ length: 128 }, (_, id) => ['[PAD]', '[UNK]', '[CLS]', '[SEP]'][id] ?? `w${id}`);
  writeFileSync(join(folder, 'vocab.txt'), words.join('\n'));
  const tensors = readTensorFile(join(golden, 'case.safetensors'));
  const ids = /** @type {number[][]} */ (tensors.get('in.input_ids')?.tolist());
  const logits = /** @type {number[][]} */ (tensors.get('out.logits')?.tolist());
  const texts = ids.map((row) =>
    row
      .filter((id) => id > 3)
      .map((id) => words[id])
      .join(' '),
  );

  const { code, stdout, stderr } = await run(['classify', '-m', folder], `${texts.join('\n')}\n`);
  assert.equal(code, 0, stderr);
  const results = stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    results.map(({ text }) => text),
    texts,
  );
  results.forEach(({ classes }, row) => {
    const sum = logits[row].reduce((total, logit) => total + Math.exp(logit), 0);
    const expected = logits[row].map((logit, i) => ({ label: `LABEL_${i}`, score: Math.exp(logit) / sum }));
    expected.sort((a, b) => b.score - a.score);
    assert.deepEqual(
      classes.map((/** @type {any} */ one) => one.label),
      expected.map(({ label }) => label),
    );
    for (const [i, { score }] of expected.entries()) assert.ok(Math.abs(classes[i].score - score) < 1e-5);
  });

  const best = await run(['classify', '-m', folder, '--top-k', '1'], texts[0]);
  assert.equal(JSON.parse(best.stdout.toString()).classes.length, 1);
});

test('a model without a classifier says so', async () => {
  const { code, stderr } = await run(['classify', '-m', MINILM], 'text\n');
  assert.equal(code, 1);
  assert.match(stderr, /^wasmformer classify: .*has no classifier.*\n$/);
});

test('info says what MiniLM is, for people and for programs', async () => {
  const { code, stdout, stderr } = await run(['info', MINILM, '--json', '--simd', 'base']);
  assert.equal(code, 0, stderr);
  const { memory, ...facts } = JSON.parse(stdout.toString());
  assert.deepEqual(facts, {
    model: 'bert',
    architectures: ['BertModel'],
    tasks: ['feature-extraction'],
    sizes: {
      layers: 6,
      width: 384,
      heads: 12,
      head_width: 32,
      feed_forward: 1536,
      vocabulary: 30522,
      positions: 512,
    },
    parameters: 22713216,
    dtypes: { F32: 22713216 },
    bytes: 90868376,
    max_length: 256,
    dimensions: 384,
    pooling: ['mean'],
    normalize: true,
    ignored: [],
    ignored_by_tokenizer: [],
    build: 'base',
  });
  assert.ok(memory > facts.bytes, `${memory} bytes of memory`);
  const text = (await run(['info', MINILM])).stdout.toString();
  assert.match(text, /^parameters {2}22,713,216 in F32 \(90\.9 MB\)$/m);
  assert.match(text, /^max length {2}256 tokens$/m);
});

test('help says how each command is used, the version is that of the package', async () => {
  const general = await run(['--help']);
  assert.equal(general.code, 0);
  for (const command of ['embed', 'classify', 'tokenize', 'info']) {
    assert.match(general.stdout.toString(), new RegExp(`^  ${command} `, 'm'));
    const { code, stdout } = await run([command, '--help']);
    assert.equal(code, 0);
    assert.match(stdout.toString(), new RegExp(`^Usage: wasmformer ${command} `));
    assert.deepEqual((await run(['help', command])).stdout, stdout);
  }
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.equal((await run(['--version'])).stdout.toString(), `${version}\n`);
});

test('a wrong command line is named in one line with the way to help, exit code 2', async () => {
  for (const [words, message] of /** @type {[string[], RegExp][]} */ ([
    [[], /^wasmformer: no command given; see wasmformer --help\n$/],
    [['ebmed'], /^wasmformer: there is no command "ebmed"; see wasmformer --help\n$/],
    [['embed'], /^wasmformer embed: --model DIR is missing; see wasmformer embed --help\n$/],
    [['embed', '-m', MINILM, '--batch', '0'], /--batch is "0"; expected a positive integer/],
    [['embed', '-m', MINILM, '--dimensions', 'NaN'], /--dimensions is "NaN"; expected a positive integer/],
    [['embed', '-m', MINILM, '--format', 'xml'], /--format is "xml"; expected npy, jsonl, csv/],
    [['embed', '-m', MINILM, '--colour'], /Unknown option '--colour'/],
    [['embed', '-m', MINILM, '--text'], /--text needs --format jsonl or csv/],
    [['embed', '-m', MINILM, '--normalize', '--no-normalize'], /exclude each other/],
    [
      ['embed', '-m', MINILM, '-f', 'jsonl', '--dimensions', '385'],
      /--dimensions must be .*1 to 384, not 385; see/,
    ],
    [
      ['embed', '-m', MINILM, '-f', 'jsonl', '--pooling', 'median'],
      /--pooling is "median"; expected cls, mean/,
    ],
    [['embed', '-m', MINILM, '-f', 'jsonl', '--prompt-name', 'x'], /--prompt-name is "x"; the model/],
    [
      ['embed', '-m', MINILM, '-o', 'vectors.xlsx'],
      /--output is "vectors\.xlsx"; expected a name that ends in \.npy,/,
    ],
    [['embed', '-m', MINILM, '-o', '.'], /--output is "\.", which is a folder; expected a file/],
    [['embed', '-m', MINILM, '-o', 'none/a.npy'], /--output is "none\/a\.npy"; there is no folder "none"/],
    [['classify', '-m', MINILM, '--pair', 'b'], /--pair needs \.csv or \.jsonl/],
    [['classify', '-m', MINILM, '-o', 'a.npy'], /ends in \.jsonl, \.csv, or --format/],
    [
      ['encoding', 'alibi', '--heads', '2', '--length', '3', '-o', 'a.txt'],
      /--file is "a\.txt"; expected .* \.npy/,
    ],
    [['help', 'ebmed'], /^wasmformer: there is no command "ebmed"; see wasmformer --help\n$/],
    [['info'], /^wasmformer info: expected one folder, not 0; see wasmformer info --help\n$/],
  ])) {
    const { code, stdout, stderr } = await run(words, 'text\n');
    assert.match(stderr, message);
    assert.match(stderr, /^[^\n]+\n$/);
    assert.equal(code, 2, stderr);
    assert.equal(stdout.length, 0);
  }
});

test('info lists keys of the config that nothing reads', async (context) => {
  const folder = temporaryFolder(context);
  const golden = join(GOLDENS, 'bert_base');
  const config = JSON.parse(readFileSync(join(golden, 'config.json'), 'utf8'));
  copyFileSync(join(golden, 'model.safetensors'), join(folder, 'model.safetensors'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, attention_window: 5, my_own: 1 }));
  const { code, stdout, stderr } = await run(['info', folder]);
  assert.equal(code, 0, stderr);
  assert.match(stdout.toString(), /^ignored keys {2}attention_window, my_own$/m);
});
