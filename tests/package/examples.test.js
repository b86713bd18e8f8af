// The examples of demo/examples as their READMEs start them, with the packed package: in Node, Deno and Bun, in workerd, as pages, in
// an extension of Chromium. That of Next is run beside the bundlers. It needs `make build` first; the engines lie where the Makefile fetches them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { load, similarity, Tensor } from '../../web/index.js';
import { answerWell, modelFiles, serve, vectorOf } from '../sources/server.js';
import { browse } from './browse.js';
import { MINILM, makeHome, ROOT } from './home.js';

const EXAMPLES = join(ROOT, 'demo/examples');
const ENGINES = process.env.ENGINES ?? join(ROOT, '.cache/engines/node_modules');
const { home, shell, remove } = makeHome();
/** @type {(() => Promise<unknown>)[]} */
const ends = [];
after(async () => {
  for (const end of ends) await end();
  remove();
});

/** Copies an example beside the package and the model. @param {string} name */
function placed(name) {
  const folder = join(home, name);
  cpSync(join(EXAMPLES, name), folder, { recursive: true });
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'));
  symlinkSync(MINILM, join(folder, 'all-MiniLM-L6-v2'));
  return folder;
}

test('each example has a README of three lines, and needs this version of the package', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const name of readdirSync(EXAMPLES)) {
    const read = (/** @type {string} */ file) => readFileSync(join(EXAMPLES, name, file), 'utf8');
    assert.match(read('README.md'), /^(.+\n){3}$/, name);
    assert.equal(JSON.parse(read('package.json')).dependencies.wasmformer, `^${version}`, name);
  }
});

test('node finds the line that is meant', () => {
  const folder = placed('node');
  writeFileSync(join(folder, 'lines.txt'), 'The cat sits outside\n\nStock prices fell sharply today\n');
  const printed = shell(
    `${process.execPath} index.js all-MiniLM-L6-v2 lines.txt "Why did shares lose value?"`,
    folder,
  );
  assert.match(printed, /^0\.\d{3} Stock prices fell sharply today\n0\.\d{3} The cat sits outside\n$/);
});

test('deno writes vectors with the rights that its README gives', async () => {
  const folder = placed('deno');
  const [command] = /deno run [^`]*/.exec(readFileSync(join(folder, 'README.md'), 'utf8')) ?? [''];
  const printed = shell(`${join(ENGINES, '.bin/deno')} ${command.slice(5)}`, folder);
  assert.match(printed, /^vectors\.npy: 2 x 384, (base|relaxed)\n$/);
  const vectors = Tensor.fromNpy(readFileSync(join(folder, 'vectors.npy')));
  const encoder = await load(MINILM);
  for (const [i, row] of [...(await encoder.embed(['a text', 'another']))].entries()) {
    const [one, other] = [row, vectors.slice(i)].map(({ data }) => new Tensor('float32', data, [1, 384]));
    assert.ok(similarity(one, other).data[0] > 0.99999);
  }
  encoder.dispose();
});

test('bun serves vectors, and refuses what is no list of texts', async () => {
  const server = spawn(join(ENGINES, '.bin/bun'), ['main.js', 'all-MiniLM-L6-v2', '0'], {
    cwd: placed('bun'),
  });
  ends.push(async () => server.kill());
  const [url] = await new Promise((resolve, reject) => {
    server.stdout.on('data', (text) => /http:\S+/.test(text) && resolve(/http:\S+/.exec(text)));
    server.stderr.on('data', (text) => reject(new Error(String(text))));
  });
  const ask = (/** @type {string} */ body) => fetch(url, { method: 'POST', body });
  const vectors = await (await ask('["a text", "another"]')).json();
  assert.deepEqual([vectors.length, vectors[0].length], [2, 384]);
  for (const wrong of ['{', '[1]']) assert.equal((await ask(wrong)).status, 400, wrong);
});

test('the worker answers in workerd', async () => {
  const folder = placed('worker');
  const out = join(folder, 'out');
  // As wrangler does it: one script, beside it the modules that it imports.
  const { outputFiles } = await build({
    ...{ entryPoints: [join(folder, 'index.js')], bundle: true, format: 'esm', outdir: out, write: false },
    ...{ conditions: ['workerd', 'worker', 'browser'], loader: { '.wasm': 'copy' }, logLevel: 'silent' },
  });
  const modules = outputFiles.map(({ path, contents }) => ({
    type: path.endsWith('.wasm') ? 'CompiledWasm' : 'ESModule',
    ...{ path: path.slice(out.length + 1), contents },
  }));
  modules.sort((a) => (a.type === 'ESModule' ? -1 : 1));
  const { url } = await serve({ after: (end) => ends.push(end) }, answerWell);
  const { Miniflare } = createRequire(join(ENGINES, 'x.js'))('miniflare');
  const [, date] =
    /compatibility_date = "(.*)"/.exec(readFileSync(join(folder, 'wrangler.toml'), 'utf8')) ?? [];
  const host = new Miniflare({ modules, compatibilityDate: date, bindings: { MODEL: url } });
  try {
    const ask = (/** @type {string} */ body) => host.dispatchFetch('http://host/', { method: 'POST', body });
    const [vector] = await (await ask('["w5 w17 w99"]')).json();
    const wanted = (await vectorOf(modelFiles())).split(',').map(Number);
    assert.ok(
      vector.every(
        (/** @type {number} */ value, /** @type {number} */ i) => Math.abs(value - wanted[i]) < 1e-5,
      ),
    );
    assert.equal((await ask('[1]')).status, 400);
    assert.equal((await host.dispatchFetch('http://host/')).status, 405);
  } finally {
    await host.dispose();
  }
});

test('the page without a build compares two texts', async () => {
  const shown = await browse(placed('page'), 'index.html?model=all-MiniLM-L6-v2', async (page) => {
    await page.getByRole('button').click();
    const output = page.locator('output', { hasText: /Similarity|:.*expected/ });
    return output.innerText();
  });
  assert.match(shown, /^Similarity: 0\.[56]\d\d$/);
});

test('the page that Vite builds searches in a worker', async () => {
  const folder = placed('vite');
  shell(`${join(home, 'node_modules/.bin/vite')} build`, folder);
  const folders = { '/all-MiniLM-L6-v2': MINILM };
  await browse(
    join(folder, 'dist'),
    'index.html',
    async (page) => {
      await page.getByRole('listitem').first().waitFor();
      await page.getByLabel('What for?').fill('Why did shares lose value?');
      await page.getByRole('listitem').first().filter({ hasText: 'Stock prices' }).waitFor();
      assert.equal(await page.getByRole('listitem').count(), 3);
    },
    folders,
  );
});

test('the extension finds an open tab by what its title means', async () => {
  const folder = placed('extension');
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  shell(scripts.prepare, folder);
  cpSync(MINILM, join(folder, 'model'), { recursive: true, dereference: true });
  const context = await chromium.launchPersistentContext(join(home, 'profile'), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: false,
    args: [
      ...['--headless=new', '--no-sandbox', '--disable-gpu'],
      ...[`--disable-extensions-except=${folder}`, `--load-extension=${folder}`],
    ],
  });
  ends.push(() => context.close());
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  for (const title of ['Stock prices today', 'How to feed a kitten']) {
    const page = await context.newPage();
    await page.goto(`data:text/html,<title>${title}</title>`);
  }
  const popup = await context.newPage();
  await popup.goto(worker.url().replace('service.js', 'popup.html'));
  await popup.getByRole('textbox').fill('shares and money');
  await popup.getByRole('textbox').press('Enter');
  await popup.getByRole('button').first().waitFor();
  const [first] = await popup.getByRole('button').allInnerTexts();
  assert.equal(first, 'Stock prices today');
});
