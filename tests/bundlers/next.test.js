// The package in Next: a route on Node, a server component, a client component and an edge route; built and served.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { modelFiles, vectorOf } from '../sources/server.js';
import { BUNDLERS, makeApp, run } from './app.js';

const FILES = {
  'package.json': '{ "private": true, "type": "module" }',
  'app/layout.js':
    'export default function Layout({ children }) { return <html><body>{children}</body></html>; }',
  'app/page.js': `import { encodings } from 'wasmformer/encodings';
import Client from './client.js';
export const dynamic = 'force-dynamic';
export default async function Page() {
  const pe = await encodings();
  return <main>server {String(pe.alibi({ length: 2, heads: 2 }).shape)}; <Client /></main>;
}`,
  'app/client.js': `'use client';
import { useEffect, useState } from 'react';
import { load } from 'wasmformer';
export default function Client() {
  const [told, tell] = useState('waiting');
  useEffect(() => {
    load(new URL('/model', location.href), { simd: 'base' })
      .then((encoder) => encoder.embed('w5 w17 w99'))
      .then(({ data }) => tell('client ' + data.join()), ({ message }) => tell('failed ' + message));
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

// With webpack Next builds no edge route here, whatever is in it.
for (const [bundler, files] of Object.entries({ turbopack: { ...FILES, ...EDGE }, webpack: FILES })) {
  test(`Next.js by ${bundler}`, async () => {
    const app = makeApp(files, [], join(BUNDLERS, '..')); // Turbopack follows no links out of its project
    mkdirSync(join(app, 'public/model'), { recursive: true });
    for (const [name, bytes] of modelFiles()) writeFileSync(join(app, 'public/model', name), bytes);
    run(app, `next build --${bundler}`);
    const port = await freePort();
    const next = join(BUNDLERS, '.bin/next');
    const server = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', String(port)], {
      cwd: app,
      env: { ...process.env, MODEL: join(app, 'public/model'), NEXT_TELEMETRY_DISABLED: '1' },
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
      const text = async (/** @type {string} */ path) => (await fetch(url + path)).text();
      const vector = await vectorOf(modelFiles(), { simd: 'base' });
      assert.equal(await text('api/node'), vector);
      if ('app/api/edge/route.js' in files) {
        assert.equal(await text('api/edge'), '2,2,2');
        assert.equal(await text('api/edge/model'), `5000: ${vector}`);
      }
      const page = await browser.newPage();
      await page.goto(url);
      await page.getByText(/client|failed/).waitFor();
      assert.equal(
        (await page.evaluate(() => document.body.innerText)).replace(/\s+/g, ' ').trim(),
        `server 2,2,2; client ${vector}`,
      );
    } finally {
      await browser.close();
      server.kill();
      rmSync(app, { recursive: true, force: true });
    }
  });
}
