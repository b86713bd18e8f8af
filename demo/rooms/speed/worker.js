/** Measures in a thread of its own, so that the page stays free. Told which workloads on which builds; tells each repetition. */
import { encodings, load, Tensor } from '../../../web/index.js';
import { bertWeights, vitWeights } from './weights.js';
import { WORKLOADS } from './workloads.js';

/** @typedef {import('./workloads.js').Workload} Workload */
/** @typedef {'base' | 'relaxed'} Build */

/** Milliseconds of warm-up, and of measuring unless that is too few repetitions. */
const [WARM, MEASURE] = [300, 1200];
const [FEWEST, MOST] = [5, 60];
/** Clocks of browsers step by up to a millisecond: what is quicker than this is repeated within a sample. */
const LEAST = 20;

/** What a worker knows; the types of a page do not. @type {any} */
const worker = globalThis;

worker.onmessage = async (/** @type {{ data: { keys: string[], builds: Build[] } }} */ { data }) => {
  try {
    for (const build of data.builds)
      for (const workload of WORKLOADS.filter(({ key }) => data.keys.includes(key)))
        await measure(workload, build);
    worker.postMessage({ type: 'end' });
  } catch (error) {
    worker.postMessage({ type: 'fault', message: String(/** @type {Error} */ (error)?.message ?? error) });
  }
};

/** @param {Workload} workload @param {Build} simd */
async function measure(workload, simd) {
  const { key } = workload;
  worker.postMessage({ type: 'start', key, build: simd });
  const { once, dispose } = await prepare(workload, simd);
  try {
    const repeated = await warm(once);
    const until = performance.now() + MEASURE;
    for (let count = 0; count < FEWEST || (count < MOST && performance.now() < until); count++) {
      const start = performance.now();
      for (let i = 0; i < repeated; i++) await once();
      const milliseconds = (performance.now() - start) / repeated;
      worker.postMessage({ type: 'sample', key, build: simd, milliseconds, repeated });
    }
  } finally {
    dispose();
  }
}

/** Runs until the engine has compiled what is hot. @param {() => unknown} once @returns {Promise<number>} repetitions of a sample */
async function warm(once) {
  const start = performance.now();
  let [count, passed] = [0, 0];
  while (count < 2 || passed < WARM) {
    await once();
    count++;
    passed = performance.now() - start;
  }
  return Math.max(Math.ceil((LEAST * count) / passed), 1);
}

/** @param {Workload} workload @param {Build} simd @returns {Promise<{ once: () => unknown, dispose: () => void }>} */
async function prepare({ table, text, picture }, simd) {
  if (table) {
    const pe = await encodings({ simd });
    const out = pe[table.encoding](/** @type {any} */ (table.options));
    return {
      once: () => pe[table.encoding](/** @type {any} */ ({ ...table.options, out })),
      dispose: () => pe.dispose(),
    };
  }
  const config = /** @type {Record<string, any>} */ (text?.config ?? picture?.config);
  const tensors = text ? bertWeights(config) : vitWeights(config);
  const encoder = await load({ config, tensors }, { simd });
  const inputs = text ? tokensOf(text) : pixelsOf(config);
  return { once: () => encoder.forward(inputs), dispose: () => encoder.dispose() };
}

/** @param {NonNullable<Workload['text']>} text */
function tokensOf({ config, batch, tokens }) {
  const ids = Int32Array.from({ length: batch * tokens }, (_, i) => (i * 7919) % config.vocab_size);
  const ones = new Int32Array(ids.length).fill(1);
  const shape = [batch, tokens];
  return { input_ids: new Tensor('int32', ids, shape), attention_mask: new Tensor('int32', ones, shape) };
}

/** @param {Record<string, any>} config */
function pixelsOf({ image_size: side, num_channels: channels }) {
  const data = Float32Array.from({ length: channels * side * side }, (_, i) => Math.sin(i));
  return { pixel_values: new Tensor('float32', data, [1, channels, side, side]) };
}
