// What the commands read: tables, JSON, pictures and odd bytes; and what they show while they work.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { readTensorFile } from '../goldens/models.js';
import { CLI, MINILM, run, temporaryFolder } from './command.js';

const TASKS = fileURLToPath(new URL('../goldens/data/tasks/', import.meta.url));
const jsonl = (/** @type {Buffer} */ bytes) =>
  bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** The texts that `embed` takes of an input. @param {string[]} words @param {string} [input] */
async function textsOf(words, input) {
  const { code, stdout, stderr } = await run(
    ['embed', '-m', MINILM, '-f', 'jsonl', '--text', ...words],
    input,
  );
  assert.equal(code, 0, stderr);
  return jsonl(stdout).map(({ text }) => text);
}

test('a column of a table is read as such: quotes, ends of lines, a byte order mark, several files', async (context) => {
  const folder = temporaryFolder(context);
  const [first, second, third] = ['a.csv', 'b.TSV', 'c.csv'].map((name) => join(folder, name));
  writeFileSync(first, '\uFEFFid,text,other\r\n1,"a ""cat"", sits\r\nhere",x\r\n\r\n2,,y\r\n');
  writeFileSync(
    second,
    'text\tid\nwith a tab, "none"\t3\n'.replaceAll('"', '""').replace(/(with[^\t]*)/, '"$1"'),
  );
  writeFileSync(third, 'one\n"only, column"\n');
  assert.deepEqual(await textsOf([first, second, third]), [
    'a "cat", sits\r\nhere',
    '',
    'with a tab, "none"',
    'only, column',
  ]);
  assert.deepEqual(await textsOf(['--column', 'other', first]), ['x', 'y']);
  assert.deepEqual(await textsOf(['--column', '3', first]), ['x', 'y']);
  assert.deepEqual(await textsOf(['--column', '2', '--no-header'], 'a,b\nc,d'), ['b', 'd']);
});

test('a field of JSON lines is read as such', async (context) => {
  const file = join(temporaryFolder(context), 'a.jsonl');
  writeFileSync(file, '\uFEFF{"text":"a\\nb","title":"A"}\r\n\n{"title":"B","text":"\\u00e9"}');
  assert.deepEqual(await textsOf([file]), ['a\nb', 'é']);
  assert.deepEqual(await textsOf(['--field', 'title', file]), ['A', 'B']);
  assert.deepEqual(await textsOf(['--field', 'q'], '{"q":"from standard input"}'), ['from standard input']);
  writeFileSync(file, '"a text alone"\n');
  assert.deepEqual(await textsOf([file]), ['a text alone']);
});

test('what is no table, no JSON, no UTF-8 is named with its line and the way out', async (context) => {
  const folder = temporaryFolder(context);
  const file = (/** @type {string} */ name, /** @type {string | Buffer} */ content) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  for (const [words, code, message] of /** @type {[string[], number, RegExp][]} */ ([
    [[file('a.csv', 'a,b\n1,2\n3\n')], 2, /a\.csv" needs --column; its columns: a, b; see/],
    [['--column', 'c', join(folder, 'a.csv')], 2, /has no column "c"; its columns: a, b; see/],
    [['--column', 'b', join(folder, 'a.csv')], 1, /a\.csv" is not a table: .*line 3\n/],
    [['--column', 'x', file('b.csv', 'x,x\n1,2\n')], 1, /has two columns "x"; name one by its number/],
    [['--field', 'a', join(folder, 'a.csv')], 2, /has columns, not fields: use --column/],
    [
      [file('c.jsonl', '{"a":1}\n')],
      1,
      /line 1 of .*c\.jsonl" has no text in the field "text"; its fields: a\n/,
    ],
    [[file('d.jsonl', '{"text":"a"}\n{"text":\n')], 1, /line 2 of .*d\.jsonl" is not JSON/],
    [
      [file('e.txt', Buffer.from('ok\ngr\xfc\xdfe\n', 'latin1'))],
      1,
      /line 2 of .*e\.txt" is not UTF-8: it has the byte 0xfc/,
    ],
    [
      [file('f.txt', Buffer.from('\uFEFFab', 'utf16le'))],
      1,
      /line 1 of .*f\.txt" is not UTF-8, but UTF-16; save it as UTF-8/,
    ],
    [
      [file('g.png', ''), join(folder, 'e.txt')],
      2,
      /g\.png" is a picture, .*e\.txt" is not; expected files of one kind/,
    ],
  ])) {
    const outcome = await run(['embed', '-m', MINILM, '-f', 'jsonl', ...words]);
    assert.match(outcome.stderr, message);
    assert.match(outcome.stderr, /^wasmformer embed: [^\n]+\n$/);
    assert.equal(outcome.code, code, outcome.stderr);
  }
});

/** Pictures of a task's case, as files. @param {string} model @param {string[]} images @param {string} folder */
function pictureFiles(model, images, folder) {
  const tensors = readTensorFile(join(model, 'case.safetensors'));
  return images.map((image) => {
    const { data, shape } = /** @type {import('wasmformer').Tensor} */ (tensors.get(image));
    const file = join(folder, `${image}.png`);
    const [height, width, channels] = shape;
    writeFileSync(file, encode({ width, height, channels, data: /** @type {Uint8Array} */ (data) }));
    return file;
  });
}

test('pictures are classified by labels, and become vectors beside texts', async (context) => {
  const folder = temporaryFolder(context);
  const model = join(TASKS, 'clip-zeroshot');
  const { calls } = JSON.parse(readFileSync(join(model, 'case.json'), 'utf8'));
  const [{ image, options, expected, tol }, { options: other, expected: others }] = calls;
  const files = pictureFiles(model, [image], folder);
  const labels = ['classify', '-m', model, '--labels', options.labels.join(',')];
  for (const [more, wanted] of /** @type {[string[], any[]][]} */ ([
    [[], expected],
    [['--hypothesis-template', other.hypothesis_template], others],
  ])) {
    const { code, stdout, stderr } = await run([...labels, ...more, ...files]);
    assert.equal(code, 0, stderr);
    const [{ classes }] = jsonl(stdout);
    for (const [i, { label, score }] of wanted.entries()) {
      assert.equal(classes[i].label, label);
      assert.ok(Math.abs(classes[i].score - score) <= tol, `${label}: ${classes[i].score}, ${score}`);
    }
  }
  const vectors = await run(['embed', '-m', model, '-f', 'jsonl', ...files]);
  const texts = await run(['embed', '-m', model, '-f', 'jsonl'], 'a dog\n');
  for (const { stdout } of [vectors, texts]) assert.equal(Object.values(jsonl(stdout)[0])[0].length, 24);
  const wrong = await run([...labels], 'a dog\n');
  assert.match(wrong.stderr, /images\[0\] is "a dog"/);
});

test('pictures are classified by their names', async (context) => {
  const folder = temporaryFolder(context);
  const model = join(TASKS, 'image-vit');
  const all = JSON.parse(readFileSync(join(model, 'case.json'), 'utf8')).calls;
  const calls = all.filter((/** @type {any} */ { call, options }) => call === 'classify' && !options.top_k);
  const images = calls.map((/** @type {any} */ { image }) => image);
  const files = pictureFiles(model, images, folder);
  const { code, stdout, stderr } = await run(['classify', '-m', model, ...files]);
  assert.equal(code, 0, stderr);
  const found = jsonl(stdout);
  assert.deepEqual(
    found.map(({ image }) => image),
    files,
  );
  for (const [i, { expected, tol }] of calls.entries()) {
    for (const [j, { label, score }] of expected.entries()) {
      assert.equal(found[i].classes[j].label, label);
      assert.ok(
        Math.abs(found[i].classes[j].score - score) <= tol,
        `${label}: ${found[i].classes[j].score}, ${score}`,
      );
    }
  }
  const vectors = await run(['embed', '-m', model, '-f', 'csv', '--text', files[0]]);
  assert.match(vectors.stdout.toString(), /^image,0,1,.*\n\S+\.png,-?\d/);
  const wrong = await run(['embed', '-m', MINILM, '-f', 'jsonl', files[0]]);
  assert.match(wrong.stderr, /this model reads texts, not pictures/);
});

test('pairs are classified, in .csv a row a class', async (context) => {
  const folder = temporaryFolder(context);
  const model = join(TASKS, 'rank-bert-sigmoid');
  const { calls } = JSON.parse(readFileSync(join(model, 'case.json'), 'utf8'));
  const { query, documents } = calls[0];
  const file = join(folder, 'pairs.jsonl');
  writeFileSync(
    file,
    documents.map((/** @type {string} */ text) => `${JSON.stringify({ query, text })}\n`).join(''),
  );
  const output = join(folder, 'scores.csv');
  const words = ['classify', '-m', model, '--field', 'query', '--pair', 'text', '-o', output, file];
  const { code, stderr } = await run(words);
  assert.equal(code, 0, stderr);
  const [header, ...rows] = readFileSync(output, 'utf8').trimEnd().split('\n');
  assert.equal(header, 'text,pair,label,score');
  assert.equal(rows.length, documents.length);
  for (const { corpus_id, score } of calls[0].expected) {
    if (documents[corpus_id] === '') continue; // a second text for a CrossEncoder, and none for the pipeline
    const found = Number(rows[corpus_id].split(',').at(-1));
    assert.ok(Math.abs(found - score) <= calls[0].tol, `${rows[corpus_id]}; expected ${score}`);
  }
});

test('tokenize shows tokens, ids and places, for people and for programs', async () => {
  const shown = await run(['tokenize', '-m', MINILM], 'Unaffable 😀!\n');
  assert.equal(
    shown.stdout.toString(),
    [
      '[CLS]    101',
      'una    14477    0-3  "Una"',
      '##ffa  20961    3-6  "ffa"',
      '##ble   3468    6-9  "ble"',
      '[UNK]    100  10-12  "😀"',
      '!        999  12-13  "!"',
      '[SEP]    102',
      '\n',
    ].join('\n'),
  );
  const [one] = jsonl(
    (await run(['tokenize', '-m', MINILM, '-f', 'jsonl', '--max-length', '4'], 'a b c d\n')).stdout,
  );
  assert.deepEqual(one, {
    ...{ text: 'a b c d', tokens: ['[CLS]', 'a', 'b', '[SEP]'], ids: [101, 1037, 1038, 102] },
    ...{
      offsets: [
        [0, 0],
        [0, 1],
        [2, 3],
        [0, 0],
      ],
      truncated: true,
    },
  });
});

test('on a terminal there is a bar while weights are loaded and texts are done', () => {
  const command = `seq 600 | ${process.execPath} ${CLI} embed -m ${MINILM} -f jsonl > /dev/null`;
  const shown = execFileSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8' });
  assert.match(shown, /model\.safetensors [█░]+ 100% 90\.9 of 90\.9 MB/);
  assert.match(shown, /texts 600 texts in /);
});
