/** The peer: onnxruntime-web, provider "wasm", on graphs that make_onnx.py built from the same weights. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';
import { model } from '../models.js';
import { clock } from '../protocol.js';

/** @typedef {import('../protocol.js').Runner} Runner */
/** @typedef {import('../workloads.js').Feed} Feed */

/**
 * @param {import('../workloads.js').Workload} workload
 * @param {import('../protocol.js').Settings} settings
 * @returns {Promise<Runner>}
 */
export async function open(workload, settings) {
  const { graph, folder } = model(workload.model);
  if (workload.text) return openText(graph, folder, workload.text, settings);
  return openGraph(graph, workload.feeds(), workload.output, settings);
}

/**
 * @param {string} graph an .onnx file
 * @param {Record<string, Feed>} feeds
 * @param {string} output
 * @param {import('../protocol.js').Settings} settings
 * @returns {Promise<Runner>}
 */
export async function openGraph(graph, feeds, output, settings) {
  const session = await start(graph, settings);
  const inputs = Object.fromEntries(session.inputNames.map((name) => [name, tensor(feeds[name])]));
  return {
    build: 'ort-wasm-simd-threaded',
    async run() {
      const { ms, result } = await clock(() => session.run(inputs));
      return { ms, values: /** @type {Float32Array} */ (result[output].data) };
    },
    close: () => session.release(),
  };
}

/**
 * Text to its vector, as one would write it by hand around a session.
 * @param {string} graph
 * @param {string} folder
 * @param {string} text
 * @param {import('../protocol.js').Settings} settings
 * @returns {Promise<Runner>}
 */
async function openText(graph, folder, text, settings) {
  // Ours, so that both run on the same ids and neither waits for a slower one.
  const { createTokenizer } = await import('../../../bindings/text/create_tokenizer.js');
  const [tokenizerFile, tokenizerConfig] = ['tokenizer.json', 'tokenizer_config.json'].map((file) =>
    JSON.parse(readFileSync(join(folder, file), 'utf8')),
  );
  const tokenizer = createTokenizer({ tokenizer: tokenizerFile, tokenizerConfig });
  const session = await start(graph, settings);
  const embed = async () => {
    const { ids } = tokenizer.ids(text);
    /** @param {ArrayLike<number>} row */
    const feed = (row) => tensor({ dtype: 'int32', data: Int32Array.from(row), shape: [1, row.length] });
    const outputs = await session.run({ input_ids: feed(ids), attention_mask: feed(ids.map(() => 1)) });
    const { data, dims } = outputs.last_hidden_state;
    return normalizedMean(/** @type {Float32Array} */ (data), dims[2]);
  };
  return {
    build: 'ort-wasm-simd-threaded',
    async run() {
      const { ms, result } = await clock(embed);
      return { ms, values: result };
    },
    close: () => session.release(),
  };
}

/**
 * @param {string} graph
 * @param {import('../protocol.js').Settings} settings
 */
function start(graph, settings) {
  ort.env.wasm.numThreads = settings.threads;
  // From bytes: given a path, onnxruntime-web 1.30 loads more slowly and at its peak holds 70 MB more.
  return ort.InferenceSession.create(readFileSync(graph), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
}

/**
 * Token ids are int64 in the graphs, as exporters make them.
 * @param {Feed | undefined} feed
 */
function tensor(feed) {
  if (!feed) throw new Error('the graph wants an input that the workload does not give');
  const { data, shape } = feed;
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, shape);
  return new ort.Tensor('int64', BigInt64Array.from(data, BigInt), shape);
}

/**
 * @param {Float32Array} rows [T, width]
 * @param {number} width
 */
function normalizedMean(rows, width) {
  const mean = new Float32Array(width);
  rows.forEach((value, i) => {
    mean[i % width] += (value * width) / rows.length;
  });
  const length = Math.hypot(...mean);
  return mean.map((value) => value / length);
}
