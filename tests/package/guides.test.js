// The guides of the documentation, run as they stand there, with the packed package: programs in Node, workers and what bundlers make
// in Chromium. A snippet that no test here runs is an error. It needs `make build` first.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { textOf } from './browse.js';
import { MINILM, makeHome, ROOT } from './home.js';
import { snippetsOf } from './snippets.js';

const GUIDES = join(ROOT, 'demo/docs/guides');
const guides = new Map(
  readdirSync(GUIDES).map((file) => [file, snippetsOf(readFileSync(join(GUIDES, file), 'utf8'))]),
);
const guide = (/** @type {string} */ file) => guides.get(file) ?? assert.fail(file);
const [search, page, engines] = ['search.md', 'page.md', 'engines.md'].map(guide);
const { home, shell, remove } = makeHome();
after(remove);

/** @param {string} program @returns {string} what it prints */
function run(program) {
  writeFileSync(join(home, 'program.js'), program);
  return shell(`${process.execPath} program.js`);
}

test('the search by vectors finds the sentence that is meant, and shorter vectors agree', () => {
  const [first, smaller, second] = search.take(({ language }) => language === 'js').map(run);
  const lines = first.trim().split('\n');
  assert.equal(lines.length, 3);
  assert.match(lines[0], /^0\.5\d Stock prices fell sharply today$/);
  assert.match(smaller, /^\[ 3, 128 \] 1536\nTensor float32 \[3\] \[1, /);
  const [stocks, kitten] = [...(/\[ (\d+), (\d+) \]\n$/.exec(smaller) ?? [])].slice(1).map(Number);
  assert.ok(kitten < stocks && stocks < 384, smaller);
  assert.match(second, /^0\.\d+ \w.*\n0\.\d+ \w.*\n$/);
});

test('what came from transformers.js gives the same shapes', () => {
  const [program] = guide('transformers-js.md').take(({ language }) => language === 'js');
  assert.equal(run(program), '[ 2, 384 ] float32 768 2\n');
});

test('a service worker of modules answers a page', async () => {
  const [service] = page.take(({ code }) => code.startsWith('// service.js'));
  const start = /navigator\.serviceWorker\.register\([^)]*\)/.exec(service)?.[0] ?? '';
  writeFileSync(join(home, 'service.js'), service);
  writeFileSync(
    join(home, 'serves.html'),
    `<!doctype html><body><script type="module">
      const { active, waiting, installing } = await ${start};
      navigator.serviceWorker.onmessage = ({ data }) => document.body.append(data.length);
      (active ?? waiting ?? installing).postMessage(['a', 'b']);
    </script>`,
  );
  assert.equal(await textOf(home, 'serves.html', /\d/), '768');
});

test('the policy of an extension is that of the example', () => {
  const [policy] = page.take(({ language }) => language === 'json');
  const manifest = JSON.parse(readFileSync(join(ROOT, 'demo/examples/extension/manifest.json'), 'utf8'));
  assert.deepEqual(manifest, { ...manifest, ...JSON.parse(policy) });
});

test('what each bundler makes by its line runs', async () => {
  const [commands] = engines.take(({ language, section }) => language === 'sh' && section === 'Bundlers');
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

test('no snippet is left', () => {
  assert.ok(guides.size > 8);
  for (const [file, { left }] of guides) assert.deepEqual(left(), [], file);
});
