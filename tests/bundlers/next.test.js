// The package in Next: a route on Node, a server component, a client component with and without workers, and an edge route; and the
// example. All are built and served.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { MINILM, ROOT } from '../package/home.js';
import { modelFiles, vectorOf } from '../sources/server.js';
import { BUNDLERS, makeApp, run } from './app.js';

// Turbopack follows no links out of its project; nor is this repository, of the package's own name, to be taken for it.
const inPlace = join(BUNDLERS, '..');
const CONFIG = {
  'next.config.mjs': `const root = ${JSON.stringify(inPlace)};
export default { turbopack: { root }, outputFileTracingRoot: root };`,
};
const FILES = {
  ...CONFIG,
  'package.json': '{ "private": true, "type": "module" }',
  'app/layout.js':
    'export default function Layout({ children }) { return <html><body>{children}</body></html>; }',
  'app/page.js': `import { load } from 'wasmformer';
import { encodings } from 'wasmformer/encodings';
import Client from './client.js';
export const dynamic = 'force-dynamic';
export default async function Page() {
  const pe = await encodings();
  const encoder = await load(process.env.MODEL, { simd: 'base' });
  const { data } = await encoder.embed('w5 w17 w99');
  return <main>server {String(pe.alibi({ length: 2, heads: 2 }).shape)} {data.join()}; <Client /> <Client worker /></main>;
}`,
  'app/client.js': `'use client';
import { useEffect, useState } from 'react';
import { load } from 'wasmformer';
export default function Client({ worker = false }) {
  const [told, tell] = useState('waiting');
  useEffect(() => {
    load(new URL('/model', location.href), { simd: 'base', worker })
      .then((encoder) => encoder.embed('w5 w17 w99'))
      .then(({ data }) => tell((worker ? 'worker ' : 'client ') + data.join()), ({ message }) => tell('failed ' + message));
  }, []);
  return <p>{told}</p>;
}`,
  'app/api/node/route.js': `import { load } from 'wasmformer';
export const dynamic = 'force-dynamic';
export async function GET() {
  const encoder = await load(process.env.MODEL, { simd: 'base' });
  return new Response((await encoder.embed('w5 w17 w99')).data.join());
}`,
};
const EDGE = {
  'app/api/edge/route.js': `import { encodings } from 'wasmformer/encodings';
export const runtime = 'edge';
export async function GET() {
  const pe = await encodings();
  return new Response(String(pe.alibi({ length: 2, heads: 2 }).shape));
}`,
  // So many texts that the event loop is let run meanwhile, for which the edge has a timer only.
  'app/api/edge/model/route.js': `import { load } from 'wasmformer';
export const runtime = 'edge';
export async function GET({ url }) {
  const encoder = await load(new URL('/model/', url), { simd: 'base' });
  const { data, shape } = await encoder.embed(Array(5000).fill('w5 w17 w99'));
  return new Response(shape[0] + ': ' + data.slice(0, shape[1]).join());
}`,
};

/** A port that nobody has. @returns {Promise<number>} */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Builds an app and serves it.
 * @param {string} app
 * @param {string} bundler
 * @param {string} model a folder
 * @param {(url: string, page: import('playwright-core').Page) => Promise<void>} use
 */
async function served(app, bundler, model, use) {
  run(app, `next build --${bundler}`);
  const port = await freePort();
  const next = join(BUNDLERS, '.bin/next');
  const server = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: app,
    env: { ...process.env, MODEL: model, NEXT_TELEMETRY_DISABLED: '1' },
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  try {
    await new Promise((resolve, reject) => {
      server.stdout.on('data', (text) => /Ready/.test(text) && resolve(null));
      server.on('exit', (code) => reject(new Error(`next start ended with ${code}`)));
    });
    const url = `http://127.0.0.1:${port}/`;
    const page = await browser.newPage();
    await page.goto(url);
    await use(url, page);
  } finally {
    await browser.close();
    server.kill();
    rmSync(app, { recursive: true, force: true });
  }
}

// With webpack Next builds no edge route here, whatever is in it.
for (const [bundler, files] of Object.entries({ turbopack: { ...FILES, ...EDGE }, webpack: FILES })) {
  test(`Next.js by ${bundler}`, async () => {
    const app = makeApp(files, [], inPlace);
    const model = join(app, 'public/model');
    mkdirSync(model, { recursive: true });
    for (const [name, bytes] of modelFiles()) writeFileSync(join(model, name), bytes);
    await served(app, bundler, model, async (url, page) => {
      const text = async (/** @type {string} */ path) => (await fetch(url + path)).text();
      const vector = await vectorOf(modelFiles(), { simd: 'base' });
      assert.equal(await text('api/node'), vector);
      if ('app/api/edge/route.js' in files) {
        assert.equal(await text('api/edge'), '2,2,2');
        assert.equal(await text('api/edge/model'), `5000: ${vector}`);
      }
      for (const word of ['client', 'worker'])
        await page.getByText(new RegExp(`${word} [-\\d]|failed`)).waitFor();
      assert.equal(
        (await page.evaluate(() => document.body.innerText)).replace(/\s+/g, ' ').trim(),
        `server 2,2,2 ${vector}; client ${vector} worker ${vector}`,
      );
    });
  });
}

test('the example of Next.js answers a question with the texts in the order of their meaning', async () => {
  const app = makeApp(CONFIG, [], inPlace);
  cpSync(join(ROOT, 'demo/examples/next'), app, { recursive: true });
  await served(app, 'turbopack', MINILM, async (_, page) => {
    await page.getByLabel('What for?').fill('shares on the market');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.locator('li').first().waitFor();
    const found = await page.locator('li').allInnerTexts();
    assert.equal(found.length, 3);
    assert.match(found[0], /^Stock prices fell sharply today \(0\.\d\d\)$/);
  });
});
