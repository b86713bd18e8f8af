// The README, run as it stands there, with the packed package: programs in Node, commands in a shell, pages and what bundlers make
// of a program in Chromium. A snippet that no test here runs is an error. It needs `make build` first.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { drawSvg } from '../../demo/site/draw-preview.js';
import { previewSvg } from '../../demo/site/preview.js';
import { familiesTable } from '../goldens/table.js';
import { textOf } from './browse.js';
import { pack } from './pack.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MINILM = process.env.MINILM ?? join(ROOT, '.cache/minilm');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
/** @type {{ language: string, code: string, section: string }[]} */
const snippets = README.split(/^## /m).flatMap((part) => {
  const section = part.slice(0, part.indexOf('\n'));
  return [...part.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({
    language,
    code,
    section,
  }));
});
/** Those that a test has taken. */
const taken = new Set();
const take = (/** @type {(snippet: typeof snippets[0]) => boolean} */ which) => {
  const found = snippets.filter((snippet) => !taken.has(snippet) && which(snippet));
  assert.ok(found.length, 'the README has such a snippet');
  for (const snippet of found) taken.add(snippet);
  return found.map(({ code }) => code);
};

// A project with the package, the models and the files that the README speaks of.
const home = mkdtempSync(join(tmpdir(), 'wasmformer-readme-'));
after(() => rmSync(home, { recursive: true, force: true }));
pack(home);
symlinkSync(MINILM, join(home, 'all-MiniLM-L6-v2'));
// Small models with the tasks of those that the README names.
const TASKS = {
  'vit-base-patch16-224': 'image-vit',
  ...{ 'clip-vit-base-patch32': 'clip-zeroshot', 'wav2vec2-base-960h': 'transcribe-wav2vec2' },
  ...{ 'bert-base-NER': 'tokens-bert', 'bert-squad': 'answer-bert', 'ms-marco-MiniLM': 'rank-bert-sigmoid' },
  ...{ 'bert-nli': 'zeroshot-bert', 'distilbert-base': 'fill-distilbert' },
};
for (const [name, task] of Object.entries(TASKS))
  symlinkSync(join(ROOT, 'tests/goldens/data/tasks', task), join(home, name));
mkdirSync(join(home, 'node_modules/.bin'));
symlinkSync('../wasmformer/dist/cli.js', join(home, 'node_modules/.bin/wasmformer'));
for (const name of ['vite', 'webpack', 'esbuild', 'rollup'])
  symlinkSync(join(ROOT, 'node_modules/.bin', name), join(home, 'node_modules/.bin', name));
const grey = { width: 40, height: 30, channels: 1, data: new Uint8Array(1200).fill(120) };
// By its content, which counts, a file is what it is, whatever its name.
for (const name of ['cat.jpg', 'dog.jpg']) writeFileSync(join(home, name), encode(grey));
// A second of a tone at 8 kHz, 16 bits.
const wav = Buffer.alloc(44 + 16000);
wav.write('RIFF\x24\x3e\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0', 'latin1');
wav.writeUInt32LE(8000, 24);
wav.writeUInt32LE(16000, 28);
wav.write('\x02\0\x10\0data', 32, 'latin1');
wav.writeUInt32LE(16000, 40);
for (let i = 0; i < 8000; i++) wav.writeInt16LE(Math.round(9000 * Math.sin(i / 5)), 44 + 2 * i);
wav.writeUInt32LE(36 + 16000, 4);
writeFileSync(join(home, 'speech.wav'), wav);
writeFileSync(join(home, 'lines.txt'), 'a text\nanother\n');
writeFileSync(join(home, 'texts.csv'), 'id,body\n1,"a text"\n');

// MiniLM as Python's tools keep it once they have fetched all of it; nothing here asks the hub.
const COMMIT = '1'.repeat(40);
const kept = join(home, 'hub/models--sentence-transformers--all-MiniLM-L6-v2');
mkdirSync(join(kept, 'snapshots', COMMIT), { recursive: true });
mkdirSync(join(kept, 'refs'));
writeFileSync(join(kept, 'refs/main'), COMMIT);
for (const name of readdirSync(MINILM))
  symlinkSync(join(MINILM, name), join(kept, 'snapshots', COMMIT, name));
writeFileSync(join(kept, 'snapshots', COMMIT, '.gitattributes'), '');
const env = { ...process.env, HF_HUB_CACHE: join(home, 'hub'), HF_HUB_OFFLINE: '1' };

/** @param {string} command @param {string} [cwd] */
const shell = (command, cwd = home) =>
  execFileSync('bash', ['-ec', command], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

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

test('what each bundler makes by its line runs', async () => {
  const [commands] = take(({ language, section }) => language === 'sh' && section === 'In a page');
  const program = `import { load } from 'wasmformer';
    const encoder = await load('/all-MiniLM-L6-v2');
    document.body.append(String((await encoder.embed('a text')).shape));`;
  for (const command of commands.trim().split('\n')) {
    const bundler = command.split(' ')[1];
    const app = join(home, bundler);
    mkdirSync(app);
    cpSync(join(home, 'node_modules'), join(app, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    writeFileSync(join(app, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(app, 'app.js'), program);
    const html = (/** @type {string} */ file) =>
      `<!doctype html><body><script type="module" src="./${file}"></script>`;
    writeFileSync(join(app, 'index.html'), html('app.js'));
    // Vite's own plugins and Rollup's stand where this repository has them.
    if (bundler === 'rollup')
      symlinkSync(join(ROOT, 'node_modules/@rollup'), join(app, 'node_modules/@rollup'));
    shell(command, app);
    if (bundler !== 'vite')
      writeFileSync(join(app, 'dist/index.html'), html(bundler === 'webpack' ? 'main.js' : 'app.js'));
    const paths = { '/all-MiniLM-L6-v2': MINILM };
    assert.equal(await textOf(join(app, 'dist'), 'index.html', /\d/, paths), '1,384', bundler);
  }
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
  assert.deepEqual(
    snippets.filter((snippet) => !taken.has(snippet)),
    [],
  );
});
