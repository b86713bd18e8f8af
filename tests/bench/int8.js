/** Layers kept in 8 bits beside the same in float32, both this library's: their time, and the cosine of what they give. */
import { cosines } from '../compare.js';
import { prepare } from './models.js';
import { openPeaks } from './peaks.js';
import { open } from './peers/wasmformer.js';
import { interleave } from './protocol.js';
import { engine } from './report.js';
import { findWorkload } from './workloads.js';

/** @typedef {import('./report.js').Row} Row */

const NAMES = ['minilm 1x16', 'minilm 1x128', 'minilm 8x128', 'minilm 1x512', 'minilm 32 ragged'];
const OTHERS = ['width 512 32x50', 'deit-tiny 1', 'deit-small 1', 'vit-b16 1', 'swin-t 1'];

export const INT8 = [...NAMES, ...OTHERS].map((name) => ({ name: `int8, ${name}`, of: name }));

/** @param {(typeof INT8)[number]} one @param {import('./protocol.js').Settings} settings @returns {Promise<Row[]>} int8, then f32 */
export async function measureInt8({ name, of }, settings) {
  const workload = findWorkload(of);
  prepare(workload.model);
  const dtypes = /** @type {const} */ (['int8', 'f32']);
  const runners = [];
  for (const dtype of dtypes) runners.push(await open(workload, { ...settings, dtype }));
  const outputs = [];
  for (const runner of runners) outputs.push((await runner.run()).values);
  const { fma, dot } = openPeaks()();
  const { times, foreign } = await interleave(runners, settings);
  for (const each of runners) await each.close();
  const medians = times.map(({ median }) => median);
  const ratio = medians[1] / medians[0];
  const [cosine] = cosines(outputs[0], outputs[1]);
  console.log(
    `${name}: ${medians[0].toFixed(1)} ms, f32 ${medians[1].toFixed(1)}, ${ratio.toFixed(2)} times as fast, cosine ${cosine.toFixed(5)}, median of ${times[0].rounds}; the peak of dots is ${(dot / fma).toFixed(1)} times that of multiply-adds; other processes used ${(100 * foreign).toFixed(0)} % of the machine`,
  );
  return runners.map(({ build }, i) => ({
    ...{ workload: name, peer: i ? 'f32' : 'wasmformer', engine, threads: 1, dtype: dtypes[i], build },
    ...{ median_ms: medians[i], min_ms: times[i].min, gflops: null, share: null, limits: null },
    ...{ peak_rss_mb: null, ratio: medians[i] / medians[0] },
  }));
}
