// The package where there are no files: workerd, which compiles no bytes; pages of all browsers, their workers and service workers,
// with modules and without; an extension. It needs `make build` first; miniflare lies where the Makefile fetches it.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { startEngine } from '../browser/engines.js';
import { answerWell, modelFiles, serve, vectorOf } from '../sources/server.js';
import { pack } from './pack.js';

const ENGINES =
  process.env.ENGINES ?? fileURLToPath(new URL('../../.cache/engines/node_modules', import.meta.url));
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** @type {(() => Promise<void>)[]} */
const ends = [];
const context = { after: (/** @type {() => Promise<void>} */ end) => ends.push(end) };
let home = '';
before(() => {
  home = mkdtempSync(join(tmpdir(), 'wasmformer-hosts-'));
  pack(home);
});
after(async () => {
  for (const end of ends) await end();
  rmSync(home, { recursive: true, force: true });
});

describe('workerd', () => {
  // As wrangler does it: one script, beside it the modules that it imports.
  /** @type {any[]} */
  let modules = [];
  let url = '';
  before(async () => {
    const app = `import { load } from 'wasmformer';
import { encodings } from 'wasmformer/encodings';
const show = async (source) => {
  const encoder = await load(source);
  return { build: encoder.build, vector: (await encoder.embed('w5 w17 w99')).data.join() };
};
export default {
  async fetch(request) {
    const [found, pe] = [await show(await request.text()), await encodings()];
    return Response.json({ ...found, row: [...pe.sincos1d({ positions: [1], dim: 2 }).data] });
  },
};`;
    writeFileSync(join(home, 'app.js'), app);
    const out = join(home, 'workerd');
    const { outputFiles } = await build({
      ...{ entryPoints: [join(home, 'app.js')], bundle: true, format: 'esm', outdir: out, write: false },
      ...{ conditions: ['workerd', 'worker', 'browser'], loader: { '.wasm': 'copy' }, logLevel: 'silent' },
    });
    modules = outputFiles.map(({ path, contents }) => ({
      type: path.endsWith('.wasm') ? 'CompiledWasm' : 'ESModule',
      ...{ path: path.slice(out.length + 1), contents },
    }));
    modules.sort((a) => (a.type === 'ESModule' ? -1 : 1));
    ({ url } = await serve(context, answerWell));
  });
  for (const compatibilityFlags of [[], ['nodejs_compat']]) {
    test(`modules are imported, models fetched, with the flags [${compatibilityFlags}]`, async () => {
      const { Miniflare } = createRequire(join(ENGINES, 'x.js'))('miniflare');
      const host = new Miniflare({ modules, compatibilityDate: '2026-01-01', compatibilityFlags });
      try {
        const answer = await host.dispatchFetch('http://host/', { method: 'POST', body: url });
        const { build, vector, row } = await answer.json();
        assert.equal(vector, await vectorOf(modelFiles(), { simd: build }));
        assert.deepEqual(row, [Math.fround(0.8414709848078965), Math.fround(0.5403023058681398)]);
      } finally {
        await host.dispose();
      }
    });
  }
});

describe('pages', () => {
  const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'";
  const PAGE = '<!doctype html><title>engines</title>';
  const [MODULE, CLASSIC] = [
    "import { load } from './dist/inline.js';",
    "importScripts('./dist/classic/inline.js');\nconst { load } = wasmformer;",
  ];
  const EMBED = `const embed = async () => {
  const encoder = await load(new URL('model/', location.href));
  return [encoder.build, (await encoder.embed('w5 w17 w99')).data.join()];
};`;
  const [IN_WORKER, IN_SERVICE] = [
    'embed().then(postMessage, ({ message }) => postMessage([message]));',
    `addEventListener('message', (event) => {
  const found = embed().catch(({ message }) => [message]);
  event.waitUntil(found.then((told) => event.source.postMessage(told)));
});`,
  ];
  const dist = () => join(home, 'node_modules/wasmformer/dist');
  let url = '';
  before(async () => {
    const served = new Map(
      Object.entries({
        'page.html': PAGE,
        'isolated.html': PAGE,
        'dist/inline.js': readFileSync(join(dist(), 'inline.js')),
        'dist/classic/inline.js': readFileSync(join(dist(), 'classic/inline.js')),
        'module-worker.js': `${MODULE}\n${EMBED}\n${IN_WORKER}`,
        'classic-worker.js': `${CLASSIC}\n${EMBED}\n${IN_WORKER}`,
        'module-service.js': `${MODULE}\n${EMBED}\n${IN_SERVICE}`,
        'classic-service.js': `${CLASSIC}\n${EMBED}\n${IN_SERVICE}`,
        ...Object.fromEntries([...modelFiles()].map(([name, bytes]) => [`model/${name}`, bytes])),
      }).map(([name, content]) => [name, new Uint8Array(Buffer.from(/** @type {any} */ (content)))]),
    );
    const answer = (/** @type {import('../sources/server.js').Answering} */ answering) => {
      const { path, response } = answering;
      const type = path.endsWith('.js') ? 'text/javascript' : path.endsWith('.html') ? 'text/html' : '';
      response.setHeader('content-type', type || 'application/octet-stream');
      response.setHeader('content-security-policy', POLICY);
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
      if (path === 'isolated.html') response.setHeader('cross-origin-opener-policy', 'same-origin');
      answerWell(answering);
    };
    ({ url } = await serve(context, answer, served));
  });

  /** In the page: what the one file says. */
  const inPage = async () => {
    const { load } = await import(new URL('dist/inline.js', location.href).href);
    const encoder = await load('model');
    return [crossOriginIsolated, encoder.build, (await encoder.embed('w5 w17 w99')).data.join()];
  };
  /** In the page: what a worker says. @param {WorkerType} type */
  const inWorker = (type) =>
    new Promise((resolve) => {
      const worker = new Worker(`${type}-worker.js`, { type });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => resolve([message]);
    });
  /** In the page: what a service worker says. @param {WorkerType} type */
  const inService = async (type) => {
    // A scope has one service worker: in that of another, this would only wait.
    const options = { type, scope: `${type}/` };
    const registration = await navigator.serviceWorker.register(`${type}-service.js`, options);
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    return new Promise((resolve) => {
      navigator.serviceWorker.onmessage = ({ data }) => resolve(data);
      worker?.postMessage('embed');
    });
  };

  for (const [name, services] of /** @type {[string, WorkerType[]][]} */ ([
    ['chromium', ['module', 'classic']],
    ['firefox', ['classic']], // no modules in service workers
    ['webkit', ['module', 'classic']],
  ])) {
    describe(name, () => {
      /** @type {import('../browser/engines.js').EnginePage} */
      let page;
      before(async () => {
        page = await startEngine(/** @type {any} */ (name));
      });
      after(() => page?.close());
      /** @param {[string, string]} found */
      const assertSame = async ([build, vector]) =>
        assert.equal(vector, await vectorOf(modelFiles(), { simd: /** @type {any} */ (build) }), build);

      for (const file of ['isolated.html', 'page.html']) {
        test(`${name}: the one file in ${file}, under a strict policy`, async () => {
          await page.goto(`${url}${file}`);
          const [isIsolated, ...found] = await page.evaluate(inPage);
          assert.equal(isIsolated, file === 'isolated.html');
          await assertSame(found);
        });
      }
      for (const type of ['module', 'classic']) {
        test(`${name}: a ${type} worker takes the one file`, async () =>
          assertSame(await page.evaluate(inWorker, type)));
      }
      for (const type of services) {
        test(`${name}: a ${type} service worker takes the one file`, async () =>
          assertSame(await page.evaluate(inService, type)));
      }
    });
  }

  test('an extension embeds in its service worker', async () => {
    const folder = join(home, 'extension');
    mkdirSync(join(folder, 'model'), { recursive: true });
    for (const [name, bytes] of modelFiles()) writeFileSync(join(folder, 'model', name), bytes);
    writeFileSync(join(folder, 'inline.js'), readFileSync(join(dist(), 'inline.js')));
    writeFileSync(
      join(folder, 'service.js'),
      `import { load } from './inline.js';\n${EMBED}\nglobalThis.embed = embed;`,
    );
    writeFileSync(
      join(folder, 'manifest.json'),
      JSON.stringify({
        ...{ manifest_version: 3, name: 'embeds', version: '1' },
        background: { service_worker: 'service.js', type: 'module' },
        content_security_policy: {
          extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'",
        },
      }),
    );
    const extended = await chromium.launchPersistentContext(join(home, 'profile'), {
      executablePath,
      headless: false,
      args: [
        ...['--headless=new', '--no-sandbox', '--disable-gpu'],
        ...[`--disable-extensions-except=${folder}`, `--load-extension=${folder}`],
      ],
    });
    try {
      const worker = extended.serviceWorkers()[0] ?? (await extended.waitForEvent('serviceworker'));
      const [build, vector] = await worker.evaluate(() => Reflect.get(globalThis, 'embed')());
      assert.equal(vector, await vectorOf(modelFiles(), { simd: build }), build);
    } finally {
      await extended.close();
    }
  });
});
