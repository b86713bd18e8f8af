/**
 * Where the time of a forward goes, kernel by kernel and layer by layer: `make profile` for MiniLM at 1x128, `make profile
 * ARGS='"swin-t 1"'` for another workload of workloads.js. The core is the released one, linked once more with the names of its functions.
 */
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { Instance } from '../../bindings/core/instance.js';
import { load, Tensor } from '../../web/index.js';
import { model, prepare } from './models.js';
import { openPeaks, told } from './peaks.js';
import { findWorkload } from './workloads.js';

const MS = 3000;
const WARM_UP = 8;
/** Microseconds between two looks of V8's profiler. */
const INTERVAL = 100;
/** Shares below it are summed up. */
const LEAST = 0.003;

const workload = findWorkload(process.argv[2] ?? 'minilm 1x128');
prepare(workload.model);
const encoder = await load(model(workload.model).folder, {
  wasm: readFileSync(new URL('../../build/profile/wasmformer.wasm', import.meta.url)),
});
const inputs = Object.fromEntries(
  Object.entries(workload.feeds()).map(([name, f]) => [name, new Tensor(f.dtype, f.data, f.shape)]),
);
/** @param {object} [options] */
const forward = (options) => encoder.forward(inputs, options);
for (let i = 0; i < WARM_UP; i++) await forward();

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
await session.post('Profiler.start');
const times = [];
for (const end = performance.now() + MS; performance.now() < end; ) {
  const start = performance.now();
  await forward();
  times.push(performance.now() - start);
}
const { profile } = await session.post('Profiler.stop');
const median = times.sort((a, b) => a - b)[times.length >> 1];
const peaks = openPeaks()();
const reached = (workload.gflop / median) * 1000;
console.log(
  `${workload.name}, ${encoder.build} build: ${median.toFixed(1)} ms, ${reached.toFixed(1)} GFLOP/s, ${Math.round((100 * reached) / peaks.fma)} % of the peak; ${told(peaks)}\n`,
);

/** @type {Map<string, number>} */
const self = new Map();
const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
let total = 0;
for (const [i, id] of (profile.samples ?? []).entries()) {
  const { functionName = '', url = '' } = names.get(id) ?? {};
  const took = profile.timeDeltas?.[i] ?? 0;
  const name = url.startsWith('wasm:') ? functionName : 'JavaScript and the engine';
  self.set(name, (self.get(name) ?? 0) + took);
  total += took;
}
const sorted = [...self].sort(([, a], [, b]) => b - a);
const few = sorted.filter(([, took]) => took / total >= LEAST);
const rest = sorted.slice(few.length).reduce((sum, [, took]) => sum + took, 0);
for (const [name, took] of [...few, ['others', rest]])
  console.log(
    `${((100 * Number(took)) / total).toFixed(1).padStart(5)} %  ${((median * Number(took)) / total).toFixed(2).padStart(7)} ms  ${name}`,
  );

// States one after another: each is a layer.
/** @type {Map<number, number>} */
const layers = new Map();
const call = Instance.prototype.call;
Instance.prototype.call = function timed(name, ...args) {
  const start = performance.now();
  const result = call.call(this, name, ...args);
  if (name === 'wf_encoder_run') layers.set(args[3], (layers.get(args[3]) ?? 0) + performance.now() - start);
  return result;
};
const rounds = Math.max(3, Math.round(MS / 3 / median));
for (let i = 0; i < rounds; i++) await forward({ hidden_states: true });
console.log('');
for (const [layer, took] of layers) console.log(`layer ${layer}: ${(took / rounds).toFixed(2)} ms`);
encoder.dispose();
