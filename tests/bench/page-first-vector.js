/**
 * From a page that has nothing to the first vector of MiniLM, in Chromium, everything from a server on loopback: this library and
 * onnxruntime-web in turns, each visit a new one. Token ids are given, so that no tokenizer takes part. The server has its files in
 * memory, and the page is at rest before the clock starts: both would take turns on the cores with what is measured.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { model, prepare } from './models.js';
import { serveFolders } from './page-server.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const IDS = [101, 1037, 4937, 2003, 6680, 2006, 1996, 4010, 3645, 6456, 2096, 2009, 15251, 2648, 1012, 102];
/** Milliseconds in which a new page comes to rest. */
const REST = 500;
/** How far apart the two may be. */
const MOST = 1e-3;

/** In the page: milliseconds from here to the vector, and the vector. @param {number[]} ids */
async function ours(ids) {
  const start = performance.now();
  const { load, Tensor } = await import(new URL('dist/index.js', location.href).href);
  const encoder = await load('model');
  const input = (/** @type {(id: number) => number} */ of) =>
    new Tensor('int32', Int32Array.from(ids, of), [1, ids.length]);
  const { last_hidden_state } = await encoder.forward({
    input_ids: input((id) => id),
    attention_mask: input(() => 1),
    token_type_ids: input(() => 0),
  });
  return { ms: performance.now() - start, values: [...last_hidden_state.data] };
}

/** In the page. @param {number[]} ids */
async function theirs(ids) {
  const start = performance.now();
  const ort = await import(new URL('ort/ort.wasm.min.mjs', location.href).href);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL('ort/', location.href).href;
  const session = await ort.InferenceSession.create('graph.onnx', { executionProviders: ['wasm'] });
  const feeds = Object.fromEntries(
    session.inputNames.map((/** @type {string} */ name) => {
      const value = (/** @type {number} */ id) =>
        BigInt(name === 'input_ids' ? id : name === 'attention_mask' ? 1 : 0);
      return [name, new ort.Tensor('int64', BigInt64Array.from(ids, value), [1, ids.length])];
    }),
  );
  const result = await session.run(feeds);
  return {
    ms: performance.now() - start,
    values: [...result[session.outputNames[0]].data],
  };
}

/** @param {import('./page-runs.js').Stage} stage @returns {Promise<Record<'ours' | 'theirs', number[]>>} milliseconds */
export async function firstVectors({ browser, rounds }) {
  prepare('minilm');
  const { folder, graph } = model('minilm');
  const server = await serveFolders({
    '/dist/': join(ROOT, 'dist/'),
    '/ort/': join(ROOT, 'node_modules/onnxruntime-web/dist/'),
    '/model/': `${folder}/`,
    '/graph.onnx': graph,
  });
  const visit = async (/** @type {typeof ours} */ run) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(server.url);
    await page.waitForTimeout(REST);
    const found = await page.evaluate(run, IDS);
    await context.close();
    return found;
  };
  const times = { ours: /** @type {number[]} */ ([]), theirs: /** @type {number[]} */ ([]) };
  try {
    for (let round = 0; round < rounds; round++) {
      const [a, b] = [await visit(ours), await visit(theirs)];
      const worst = Math.max(...a.values.map((value, i) => Math.abs(value - b.values[i])));
      if (!(worst <= MOST) || a.values.length !== b.values.length)
        throw new Error(`the first vectors in the page are ${worst} apart`);
      times.ours.push(a.ms);
      times.theirs.push(b.ms);
    }
  } finally {
    server.close();
  }
  return times;
}
