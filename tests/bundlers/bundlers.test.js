// The package in apps that bundlers make, each by the line that the documentation has for it: on the page, in the package's workers
// and in a worker of the app's own, the numbers are the library's.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { modelFiles, vectorOf } from '../sources/server.js';
import { answerModel, assertPage, assertRuns, BUNDLERS, copyCore, makeApp, run } from './app.js';

const NO_WORKERS =
  'failed: wasmformer/inline starts no workers: import "wasmformer" instead, or load in a worker of your own';
const inlined = (/** @type {string} */ text) => text.replaceAll("'wasmformer", "'wasmformer/inline");

/** @param {string} app */
function takeTheOneFile(app) {
  for (const file of ['main.js', 'own.js'])
    writeFileSync(join(app, file), inlined(readFileSync(join(app, file), 'utf8')));
}

/** @param {string} name @param {(app: string) => Promise<void>} use @param {Parameters<typeof makeApp>} given */
const bundled = (name, use, ...given) =>
  test(name, async () => {
    const app = makeApp(...given);
    try {
      await use(app);
    } finally {
      rmSync(app, { recursive: true, force: true });
    }
  });

for (const version of ['vite6', 'vite7', 'vite8']) {
  bundled(`${version}: build`, async (app) => {
    run(app, `${version}/bin/vite.js build --outDir out`);
    await assertRuns(app);
  });
  bundled(`${version}: dev`, async (app) => {
    const { createServer } = await import(join(BUNDLERS, version, 'dist/node/index.js'));
    const server = await createServer({
      ...{ root: app, configFile: false, logLevel: 'error' },
      ...(version !== 'vite8' && { optimizeDeps: { exclude: ['wasmformer'] } }),
      server: { port: 0, host: '127.0.0.1' },
      plugins: [
        {
          name: 'a model',
          // What it gave back would be taken for a function of Vite's.
          configureServer: (/** @type {any} */ { middlewares }) => {
            middlewares.use(
              (/** @type {any} */ request, /** @type {any} */ response, /** @type {any} */ next) => {
                if (!answerModel(request, response)) next();
              },
            );
          },
        },
      ],
    });
    await server.listen();
    const { port } = server.httpServer.address();
    await assertPage(`http://127.0.0.1:${port}/`).finally(() => server.close());
  });
}

bundled('webpack', async (app) => {
  run(app, 'webpack --entry ./main.js --mode production -o out');
  await assertRuns(app, 'main.js');
});

bundled('webpack for Node', async (app) => {
  const program = `import { load } from 'wasmformer';
for (const worker of [false, true]) {
  const encoder = await load(process.argv[2], { simd: 'base', worker });
  console.log((await encoder.embed('w5 w17 w99')).data.join());
  encoder.dispose();
}`;
  writeFileSync(join(app, 'server.js'), program);
  for (const [name, bytes] of modelFiles()) writeFileSync(join(app, name), bytes);
  run(app, 'webpack --entry ./server.js --mode production --target node -o out --output-filename main.cjs');
  const text = execFileSync(process.execPath, ['out/main.cjs', app], { cwd: app, encoding: 'utf8' });
  const vector = await vectorOf(modelFiles(), { simd: 'base' });
  assert.deepEqual(text.trim().split('\n'), [vector, vector]);
});

for (const [name, command] of Object.entries({
  rollup: 'rollup main.js own.js --dir out --plugin node-resolve',
  rolldown: 'rolldown main.js own.js --dir out',
})) {
  bundled(
    name,
    async (app) => {
      run(app, command);
      copyCore(app);
      await assertRuns(app, 'main.js');
    },
    {},
    ['@rollup'],
  );
  bundled(
    `${name} with the one file`,
    async (app) => {
      takeTheOneFile(app);
      run(app, command);
      await assertRuns(app, 'main.js', { worker: NO_WORKERS });
    },
    {},
    ['@rollup'],
  );
}

const ESBUILD = ['main.js', 'own.js', '--bundle', '--format=esm', '--outdir=out'];
const esbuild = (/** @type {string} */ app) =>
  execFileSync(join(BUNDLERS, '.bin/esbuild'), [...ESBUILD, '--log-level=error'], {
    cwd: app,
    stdio: 'pipe',
  });
bundled('esbuild', async (app) => {
  esbuild(app);
  copyCore(app);
  await assertRuns(app, 'main.js');
});

bundled(
  'an error says that a server answered with its page in place of a core that was not copied',
  async (app) => {
    esbuild(app);
    const said =
      /failed: the core could not be fetched from http:\S+\.wasm: the server answered with an HTML page, /;
    await assert.rejects(assertRuns(app, 'main.js', {}, true), said);
  },
);

bundled('esbuild with the one file', async (app) => {
  takeTheOneFile(app);
  esbuild(app);
  await assertRuns(app, 'main.js', { worker: NO_WORKERS });
});

bundled(
  'Parcel',
  async (app) => {
    // In a worker of one's own Parcel loses what is imported later: it takes the one file.
    writeFileSync(join(app, 'own.js'), inlined(readFileSync(join(app, 'own.js'), 'utf8')));
    run(app, 'parcel build index.html --dist-dir out --no-cache --public-url ./');
    await assertRuns(app);
  },
  {
    'package.json': '{ "@parcel/resolver-default": { "packageExports": true } }',
    'yarn.lock': '', // so that this folder is the project
  },
);
