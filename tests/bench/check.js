/**
 * Whether what is timed is right: the peer's graphs give the golden outputs, and both libraries give the same
 * numbers. Not a test of this library against the goldens: that is tests/goldens.
 */

import { readFileSync } from 'node:fs';
import { largestDifference } from '../compare.js';
import { GOLDEN_CASES, prepareGolden } from './models.js';

/** The largest difference allowed between two libraries' outputs. */
export const TOLERANCE = 1e-3;

/**
 * Worst difference of onnxruntime-web on an architecture's golden cases, over rows that are not padding.
 * @param {import('./models.js').Architecture} architecture
 * @param {import('./protocol.js').Settings} settings
 */
export async function checkGraphs(architecture, settings) {
  const { openGraph } = await import('./peers/onnxruntime-web.js');
  let worst = 0;
  for (const name of GOLDEN_CASES[architecture]) {
    const { graph, tensors, outputs } = prepareGolden(name, readTensors);
    const inputs = [...tensors].filter(([key]) => key.startsWith('in.'));
    const feeds = Object.fromEntries(inputs.map(([key, feed]) => [key.slice(3), feed]));
    const output = tensors.has(`${outputs}last_hidden_state`) ? 'last_hidden_state' : 'logits';
    const expected = tensors.get(outputs + output);
    if (!expected) throw new Error(`golden ${name} has neither out.last_hidden_state nor out.logits`);
    const runner = await openGraph(graph, feeds, output, settings);
    const { values } = await runner.run();
    await runner.close();
    const mask = feeds.attention_mask?.data;
    const difference = worstDifference(`golden ${name}`, values, expected.data, { mask });
    worst = Math.max(worst, difference);
  }
  return worst;
}

/**
 * @param {string} what for the error
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 * @param {{ mask?: ArrayLike<number>, limit?: number }} [options] mask: of the rows to compare; all without it
 * @returns {number} the largest absolute difference, at most the limit
 */
export function worstDifference(what, a, b, { mask, limit = TOLERANCE } = {}) {
  if (a.length !== b.length) throw new Error(`${what}: outputs have ${a.length} and ${b.length} values`);
  const width = mask ? a.length / mask.length : 1;
  const worst = largestDifference(a, b, { counts: (i) => mask?.[Math.floor(i / width)] !== 0 });
  if (!(worst <= limit)) throw new Error(`${what}: outputs differ by ${worst}, allowed ${limit}`);
  return worst;
}

/**
 * The float32 and int32 tensors of a golden's safetensors file.
 * @param {string} path
 * @returns {Map<string, import('./workloads.js').Feed>}
 */
function readTensors(path) {
  const file = readFileSync(path);
  const start = 8 + Number(file.readBigUInt64LE(0));
  const tensors = new Map();
  for (const [name, entry] of Object.entries(JSON.parse(file.toString('utf8', 8, start)))) {
    if (name === '__metadata__') continue;
    const [begin, end] = entry.data_offsets;
    const { buffer } = Uint8Array.from(file.subarray(start + begin, start + end));
    if (entry.dtype === 'F32') {
      tensors.set(name, { dtype: 'float32', data: new Float32Array(buffer), shape: entry.shape });
    } else if (entry.dtype === 'I32') {
      tensors.set(name, { dtype: 'int32', data: new Int32Array(buffer), shape: entry.shape });
    } else {
      throw new Error(`${path}: ${name} has dtype ${entry.dtype}, expected F32 or I32`);
    }
  }
  return tensors;
}
