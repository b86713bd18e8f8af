// The README, run as it stands there, with the packed package: programs in Node, commands in a shell, pages in Chromium. A snippet that no test here runs is an error. It needs `make build` first.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { drawSvg } from '../../demo/site/draw-preview.js';
import { previewSvg } from '../../demo/site/preview.js';
import { familiesTable } from '../goldens/table.js';
import { textOf } from './browse.js';
import { makeHome, ROOT } from './home.js';
import { snippetsOf } from './snippets.js';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const { take, left } = snippetsOf(README);
const { home, shell, remove } = makeHome();
after(remove);

test('programs run in Node and print what they promise', () => {
  const programs = take(({ language, section }) => language === 'js' && section !== 'In a page');
  const printed = programs.map((program, i) => {
    writeFileSync(join(home, `program${i}.js`), program);
    return shell(`${process.execPath} program${i}.js`);
  });
  const [first, texts, tasks, hub, picture, patches, inside, recording, tokenizer, tables] = printed;
  assert.equal(printed.length, 10);
  assert.match(
    hub,
    /^\d+ %\n[\s\S]*\n100 %\n\[ 1, 384 \]\n\[ \{ id: 'sentence-transformers\/all-MiniLM-L6-v2', size: \d+ \} \]\n$/,
  );
  assert.match(first, /^Tensor float32 \[3, 384\] \[\[/);
  const [near, far] = [...first.slice(first.lastIndexOf('[\n')).matchAll(/-?\d+\.\d+/g)].map(Number);
  assert.ok(near > 0.5 && far < 0.3, first);
  assert.match(texts, /\[\]\nFloat32Array\(256\)/);
  assert.match(texts, /\[ 2, 4, 384 \] 6\n$/);
  assert.match(inside, /^\[ 8, 384 \]\n\[ 12, 8, 32 \] \[ 12, 8, 8 \] \[ 8, 1536 \]\n\[\n {2}'query'/);
  assert.match(inside, /\{ name: '\S+', shape: \[ \d.*\], dtype: 'float32' \}\nTensor float32 \[1, 384\]/);
  assert.match(inside, /Tensor float32 \[1, 8, 8\] [\s\S]*Tensor float32 \[8, 2\] /);
  for (const field of ['entity_group:', 'answer:', 'corpus_id:', "label: 'books'", 'token_str:'])
    assert.ok(tasks.includes(field), tasks);
  assert.match(picture, /^\[\n( {2}\{ label: '\w+', score: \d\S+ \},?\n){3}\]\n/);
  assert.match(picture, /label: 'a (cat|dog)'[\s\S]*\[ 2, 1 \]\n$/);
  assert.match(patches, /rows: \d+[\s\S]*(Tensor float32 [\s\S]*){3}/);
  assert.match(recording, /text: '[\s\S]*\[ 1, \d+ \]\n$/);
  assert.match(tokenizer, /\[ '\[CLS\]', /);
  assert.equal(tables, '[ 196, 384 ] [ 12, 128, 128 ]\n');
});

test('commands of the command line run', () => {
  const [commands] = take(({ language, section }) => language === 'sh' && section === 'Command line');
  const lines = commands.trim().split('\n');
  assert.ok(lines.length > 5);
  for (const line of lines) assert.notEqual(shell(`${line.replace(/ {2,}#.*/, '')} 2>&1; echo done`), '');
  assert.equal(readFileSync(join(home, 'vectors.jsonl'), 'utf8').match(/\n/g)?.length, 1);
  for (const file of ['vectors.npy', 'pictures.npy', 'table.npy'])
    assert.match(readFileSync(join(home, file), 'latin1'), /^\x93NUMPY/);
});

test('a page and a worker without a bundler run', async () => {
  const [page] = take(({ language }) => language === 'html');
  const [worker] = take(({ code }) => code.startsWith('// worker.js'));
  const start = /new Worker\([^)]*\)/.exec(worker)?.[0] ?? '';
  writeFileSync(join(home, 'page.html'), page);
  writeFileSync(join(home, 'worker.js'), worker);
  writeFileSync(
    join(home, 'starts.html'),
    `<!doctype html><body><script>
      const worker = ${start};
      worker.onmessage = ({ data }) => document.body.append(data.length);
      worker.postMessage(['a', 'b']);
    </script>`,
  );
  assert.match(
    await textOf(home, 'page.html', /Tensor/),
    /Tensor float32 \[2, 384\] .* Tensor float32 \[2, 2, 2\]/,
  );
  assert.equal(await textOf(home, 'starts.html', /\d/), '768');
});

test('the table of models has what their references show', async () => {
  assert.ok(README.includes(await familiesTable()), 'paste what `node tests/goldens/table.js` prints');
});

test('the pictures are what their programs draw', async () => {
  assert.equal(readFileSync(join(ROOT, 'demo/draw.svg'), 'utf8'), await drawSvg());
  assert.equal(readFileSync(join(ROOT, 'demo/order.svg'), 'utf8'), await previewSvg());
});

test('what is left are the two commands of this repository and the installation', () => {
  const [install] = take(({ language, section }) => language === 'sh' && section.startsWith('# wasmformer'));
  const { name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  assert.equal(install, `npm install ${name}\n`);
  const [make] = take(({ section }) => section === 'Building and contributing');
  const makefile = readFileSync(join(ROOT, 'Makefile'), 'utf8');
  for (const [, target] of make.matchAll(/^make (\w+)/gm))
    assert.match(makefile, new RegExp(`^${target}:`, 'm'));
  assert.deepEqual(left(), []);
});
