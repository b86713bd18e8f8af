// The built library with encoders in workers, in pages of all engines, under a policy as strict as the demo's: numbers are the
// goldens', lists are divided, calls are stopped, errors are typed, a worker that dies is replaced, threads share a forward.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load, Tensor } from '../../web/index.js';
import { startEngine } from '../browser/engines.js';
import { models } from '../encoder/fixtures.js';
import { compareOutputs, readTensorFile } from '../goldens/models.js';
import { answerWell, modelFiles, serve } from '../sources/server.js';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
});
/** Keeps the workers that are started, so that a test may end them. */
const START = `import * as library from './dist/index.js';
const workers = [];
globalThis.Worker = class extends Worker {
  constructor(...all) {
    super(...all);
    workers.push(this);
  }
};
Object.assign(globalThis, { library, workers });`;
const PAGE = '<!doctype html><title>workers</title><script type="module" src="start.js"></script>';
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'";

/** All that the pages ask for, by its path. */
const served = new Map(
  [
    ...['page.html', 'isolated.html'].map((name) => [name, PAGE]),
    ['start.js', START],
    ...readdirSync(DIST, { recursive: true, encoding: 'utf8' })
      .filter((name) => extname(name))
      .map((name) => [`dist/${name}`, readFileSync(join(DIST, name))]),
    ...[...modelFiles()].map(([name, bytes]) => [`model/${name}`, bytes]),
  ].map(([name, content]) => [String(name), new Uint8Array(Buffer.from(/** @type {any} */ (content)))]),
);

/** @type {(() => Promise<void>)[]} */
const ends = [];
let url = '';
before(async () => {
  const context = { after: (/** @type {() => Promise<void>} */ end) => ends.push(end) };
  const answer = (/** @type {import('../sources/server.js').Answering} */ answering) => {
    const { path, response } = answering;
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    if (path === 'isolated.html') response.setHeader('cross-origin-opener-policy', 'same-origin');
    answerWell(answering);
  };
  ({ url } = await serve(context, answer, served));
});
after(async () => {
  for (const end of ends) await end();
});

const { cases } = JSON.parse(readFileSync(join(models, 'index.json'), 'utf8'));
const golden = cases.find((/** @type {any} */ { name }) => name === 'bert_base');

/** In the page: `two` and `plain`, one model with and without workers, and `told`, what is wrong with a promise. */
async function open() {
  const { load } = Reflect.get(globalThis, 'library');
  const told = (/** @type {Promise<any>} */ call) =>
    call.then(
      () => 'no error',
      ({ name, message, code, path, cause }) => [name, message, code, path, cause?.message].join(' | '),
    );
  const [two, plain] = [await load('model', { worker: 2 }), await load('model')];
  Object.assign(globalThis, { told, two, plain });
  return [String(two), String(plain), Reflect.get(globalThis, 'workers').length, crossOriginIsolated];
}

/** In the page: what `two` makes of a golden's inputs. @param {[string, number[], number[]][]} given @param {any} options */
async function forward(given, options) {
  const { Tensor } = Reflect.get(globalThis, 'library');
  const inputs = given.map(([key, data, shape]) => [key, new Tensor('int32', Int32Array.from(data), shape)]);
  const outputs = await Reflect.get(globalThis, 'two').forward(Object.fromEntries(inputs), options);
  /** @param {any} value @returns {any} */
  const plain = (value) =>
    Array.isArray(value) ? value.map(plain) : value && { data: [...value.data], shape: value.shape };
  return Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, plain(value)]));
}

/** The encoder of a page, as compareOutputs knows encoders. @param {import('../browser/engines.js').EnginePage} page @returns {any} */
const encoderOf = (page) => ({
  async forward(/** @type {Record<string, Tensor>} */ inputs, /** @type {any} */ options) {
    const given = Object.entries(inputs).map(([key, { data, shape }]) => [
      key,
      Array.from(data, Number),
      shape,
    ]);
    const outputs = await page.evaluate(forward, given, options);
    return JSON.parse(JSON.stringify(outputs), (_, value) =>
      value?.shape ? new Tensor('float32', Float32Array.from(value.data), value.shape) : value,
    );
  },
});

for (const name of ['chromium', 'firefox', 'webkit']) {
  describe(name, () => {
    /** @type {import('../browser/engines.js').EnginePage} */
    let page;
    before(async () => {
      page = await startEngine(name);
    });
    after(() => page?.close());

    const goto = async (/** @type {string} */ file) => {
      await page.goto(`${url}${file}`);
      await page.until(() => 'library' in globalThis);
      return page.evaluate(open);
    };

    for (const file of ['page.html', 'isolated.html']) {
      test(`${file}: two workers give what the golden says`, async () => {
        const [two, plain, count, isIsolated] = await goto(file);
        // Each measures for itself which tile is fastest, and some take more memory.
        const withoutSize = (/** @type {string} */ text) => text.replace(/\d+ MB/, '');
        assert.equal(withoutSize(two), `${withoutSize(plain)}, in 2 workers`);
        assert.deepEqual([count, isIsolated], [2, file === 'isolated.html']);
        const tensors = readTensorFile(join(models, 'bert_base/case.safetensors'));
        const { worst, tolerance, where } = await compareOutputs(encoderOf(page), tensors, golden);
        assert.ok(worst <= tolerance, `${where}: ${worst} of ${tolerance}`);
        assert.deepEqual(await page.complaints(), []);
      });
    }

    for (const file of ['page.html', 'isolated.html']) {
      test(`${file}: threads give the same bits where there can be any, and say why not elsewhere`, async () => {
        await page.goto(`${url}${file}`);
        await page.until(() => 'library' in globalThis);
        const [info, found, wanted] = await page.evaluate(async () => {
          const { load } = Reflect.get(globalThis, 'library');
          // Long enough to be shared.
          const text = 'w17 w5 '.repeat(30);
          const encoders = [await load('model', { threads: 2, worker: false }), await load('model')];
          const vectors = [];
          for (const one of encoders) vectors.push([...(await one.embed(Array(40).fill(text))).data].join());
          const { info } = encoders[0];
          encoders[0].dispose();
          return [info, ...vectors];
        });
        const isIsolated = file === 'isolated.html';
        const why = !isIsolated ? /not cross-origin isolated/ : name === 'webkit' ? /no memory/ : /^null$/;
        assert.equal(info.threads, isIsolated && name !== 'webkit' ? 2 : 1, info.why);
        assert.match(String(info.why), why);
        assert.ok(found === wanted);
        await goto('isolated.html');
      });
    }

    test('layers of whole numbers give the bits that they give in Node, by each build', async () => {
      const texts = ['w5 w17 w99', 'w17 '.repeat(40)];
      const found = await page.evaluate(async (texts) => {
        const { load } = Reflect.get(globalThis, 'library');
        const all = [];
        for (const options of [{ simd: 'base' }, { worker: true }]) {
          const encoder = await load('model', { dtype: 'int8', ...options });
          const { build, dtype } = encoder.info;
          all.push({ build, dtype, vectors: [...(await encoder.embed(texts)).data].join() });
          encoder.dispose();
        }
        return all;
      }, texts);
      for (const { build, dtype, vectors } of found) {
        const own = await load(modelFiles(), { dtype: 'int8', simd: build });
        assert.equal(dtype, 'int8');
        assert.ok(vectors === [...(await own.embed(texts)).data].join(), build);
        own.dispose();
      }
    });

    test('a divided list has the vectors and the order of an undivided one', async () => {
      const [found, wanted] = await page.evaluate(async () => {
        const texts = Array.from({ length: 50 }, (_, i) => `w${5 + i} ${'w17 '.repeat(i % 9)}w99`);
        const encoders = ['two', 'plain'].map((key) => Reflect.get(globalThis, key));
        return Promise.all(encoders.map(async (one) => [...(await one.embed(texts)).data]));
      });
      assert.equal(found.length, 50 * 32);
      assert.deepEqual(found, wanted);
    });

    test('errors are those of an encoder without workers, with places in the whole list', async () => {
      const [found, wanted, ofLoading] = await page.evaluate(async () => {
        const [two, plain, told, { load, InputError }] = ['two', 'plain', 'told', 'library'].map((key) =>
          Reflect.get(globalThis, key),
        );
        const list = [...Array(20).fill('w5'), 5];
        const error = await two.embed(list).catch((/** @type {any} */ caught) => caught);
        if (!(error instanceof InputError)) return [`${error} is no InputError`];
        const loads = [{ worker: true }, {}].map((options) => told(load('nothing', options)));
        return [await told(two.embed(list)), await told(plain.embed(list)), await Promise.all(loads)];
      });
      assert.match(found, /^InputError \| .*20/);
      assert.equal(found, wanted);
      assert.match(ofLoading[0], /config\.json/);
      assert.equal(ofLoading[0], ofLoading[1]);
    });

    test('a signal stops a call that has begun, with its reason, and the next call runs', async () => {
      const [error, shape] = await page.evaluate(async () => {
        const [two, told] = [Reflect.get(globalThis, 'two'), Reflect.get(globalThis, 'told')];
        const stop = new AbortController();
        const progress = () => stop.abort(new Error('enough'));
        const error = await told(two.embed(Array(400).fill('w5 w6'), { signal: stop.signal, progress }));
        return [error, (await two.embed('w5')).shape];
      });
      assert.match(error, /^AbortError \| .* \| enough$/);
      assert.deepEqual(shape, [1, 32]);
    });

    test('a worker that dies rejects what it held, and the next call starts another', async () => {
      const [error, found, wanted, before, after] = await page.evaluate(async () => {
        const [{ load }, plain, told, workers] = ['library', 'plain', 'told', 'workers'].map((key) =>
          Reflect.get(globalThis, key),
        );
        const one = await load('model', { worker: true });
        const before = workers.length;
        const held = told(one.embed(Array(4000).fill('w5 w6 w7')));
        workers.at(-1).terminate();
        const error = await held;
        const [found, wanted] = [await one.embed('w5 w17'), await plain.embed('w5 w17')];
        const after = workers.length;
        one.dispose();
        return [error, [...found.data], [...wanted.data], before, after];
      });
      assert.match(error, /^WorkerError \| .*ended/);
      assert.deepEqual(found, wanted);
      assert.equal(after, before + 1);
    });
  });
}
