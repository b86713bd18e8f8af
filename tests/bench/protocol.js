/**
 * How things are timed: warm-up, then the libraries alternating round by round in one process, medians; or
 * fresh processes alternating, for what happens once. Not what is timed: that is workloads.js and peers/.
 */

import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const WARM_UP = { runs: 5, ms: 1000 };
const ROUNDS = { least: 20, most: 60, slow: 9 };
const SLOW_MS = 500;
const BUDGET_MS = 4000;

/**
 * @typedef {object} Settings
 * @property {'auto' | 'base' | 'relaxed' | 'wide'} build of this library; 'wide' makes all of the process so
 * @property {number} threads
 * @property {'f32' | 'int8'} dtype
 * @property {number | null} rounds null for as many as the protocol says
 *
 * @typedef {object} Runner
 * @property {string} build which of the library's builds runs
 * @property {() => Promise<{ms: number, values: Float32Array}>} run one timed run; values of its output
 * @property {() => number} [cpu] milliseconds of CPU that a process of its own has used
 * @property {() => void | Promise<void>} close
 *
 * @typedef {{median: number, min: number, rounds: number}} Times in milliseconds
 *
 * @typedef {object} Fresh what a fresh process reports
 * @property {number} ms from before the library's import to the first result
 * @property {number} peakMb peak resident memory
 * @property {string} build
 * @property {Float32Array} values
 */

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<{ms: number, result: T}>}
 */
export async function clock(work) {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}

/**
 * @param {Runner[]} runners
 * @param {Settings} settings
 * @param {number} [few] rounds after one warm-up, where a run takes long
 * @returns {Promise<{times: Times[], foreign: number}>} foreign: the share of the machine that others used
 */
export async function interleave(runners, settings, few) {
  let slowest = 0;
  for (const runner of runners)
    slowest = Math.max(slowest, few ? (await runner.run()).ms : await warmUp(runner));
  const samples = runners.map(() => /** @type {number[]} */ ([]));
  const rounds = settings.rounds ?? few ?? roundsFor(slowest, runners.length);
  const busy = watchForeign(runners);
  for (let round = 0; round < rounds; round++) {
    // Each library begins every other round, so that none always follows the other.
    const order = round % 2 ? [...runners.keys()].reverse() : runners.keys();
    for (const i of order) samples[i].push((await runners[i].run()).ms);
  }
  return { times: samples.map(summary), foreign: busy() };
}

/**
 * The same for fresh processes; the first round only warms the file cache.
 * @param {string[]} peers
 * @param {string} workload
 * @param {Settings} settings
 * @returns {{times: Times[], last: Fresh[], peaks: number[]}} peaks: the highest of all rounds, in MB
 */
export function interleaveFresh(peers, workload, settings) {
  let last = peers.map((peer) => fresh(peer, workload, settings));
  const slowest = Math.max(...last.map(({ ms }) => ms));
  const rounds = settings.rounds ?? (slowest > SLOW_MS ? ROUNDS.slow : ROUNDS.least);
  const samples = peers.map(() => /** @type {number[]} */ ([]));
  const peaks = peers.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    last = peers.map((peer) => fresh(peer, workload, settings));
    for (const [i, { ms, peakMb }] of last.entries()) {
      samples[i].push(ms);
      peaks[i] = Math.max(peaks[i], peakMb);
    }
  }
  return { times: samples.map(summary), last, peaks };
}

/**
 * One workload, once, in a process of its own.
 * @param {string} peer
 * @param {string} workload
 * @param {Settings} settings
 * @returns {Fresh}
 */
export function fresh(peer, workload, settings) {
  const child = fileURLToPath(new URL('fresh.js', import.meta.url));
  const args = [child, peer, workload, JSON.stringify(settings)];
  const report = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 }));
  const bytes = Buffer.from(report.values, 'base64');
  return { ...report, values: new Float32Array(new Uint8Array(bytes).buffer) };
}

/** Peak resident memory in MB of a process of this engine that does nothing. */
export function emptyProcessMb() {
  const memory = fileURLToPath(new URL('memory.js', import.meta.url));
  return Number(execFileSync(process.execPath, [memory], { encoding: 'utf8' }));
}

/**
 * @param {Runner} runner
 * @returns {Promise<number>} ms of the last run
 */
async function warmUp(runner) {
  const start = performance.now();
  for (let runs = 1; ; runs++) {
    const { ms } = await runner.run();
    if (runs >= WARM_UP.runs && performance.now() - start >= WARM_UP.ms) return ms;
  }
}

/**
 * @param {number} slowest ms of the slowest library
 * @param {number} count of libraries
 */
function roundsFor(slowest, count) {
  if (slowest > SLOW_MS) return ROUNDS.slow;
  const affordable = Math.round(BUDGET_MS / (slowest * count));
  return Math.min(ROUNDS.most, Math.max(ROUNDS.least, affordable));
}

/**
 * @param {number[]} samples
 * @returns {Times}
 */
function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const rounds = sorted.length;
  return { median: (sorted[(rounds - 1) >> 1] + sorted[rounds >> 1]) / 2, min: sorted[0], rounds };
}

/**
 * Starts watching; the function returned says which share (0 to 1) of all cores others have used since.
 * @param {Runner[]} runners
 */
function watchForeign(runners) {
  const before = totals(runners);
  return () => {
    const after = totals(runners);
    const own = after.own - before.own;
    return Math.max(0, (after.busy - before.busy - own) / (after.all - before.all));
  };
}

/** Milliseconds of CPU since the machine started, and of this process and those of the runners. @param {Runner[]} runners */
function totals(runners) {
  let all = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    all += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  const { user, system } = process.cpuUsage();
  const others = runners.reduce((sum, { cpu }) => sum + (cpu?.() ?? 0), 0);
  return { all, busy: all - idle, own: (user + system) / 1000 + others };
}
