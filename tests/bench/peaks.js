/**
 * What the processor at hand can do, measured beside what is measured on it: multiply-adds in registers, the same with operands from
 * the first cache, and dot products of bytes. The second over the first tells a core of one's own from one that is shared: where a
 * stranger's thread takes turns, instructions that only load become dear.
 */
import { readFileSync } from 'node:fs';

/** Rounds of a call, and what a round adds: twelve vectors, of four products or of sixteen, two operations each. */
const ROUNDS = 1 << 14;
const FLOP = ROUNDS * 12 * 4 * 2;
const BYTE_OP = ROUNDS * 12 * 16 * 2;
/** Milliseconds that a call is repeated before engines have compiled it well, and of a measurement. */
const WARM_MS = 60;
const MEASURE_MS = 120;

/**
 * @typedef {object} Peaks
 * @property {number} fma GFLOP/s of multiply-adds in registers
 * @property {number} dot Gop/s of dot products of bytes
 * @property {number} sensor share of `fma` that is left with operands from the first cache: above 0.93 on a quiet core, below 0.8 on a busy one
 */

/** @returns {() => Peaks} measures anew at each call */
export function openPeaks() {
  const module = new WebAssembly.Module(
    readFileSync(new URL('../../build/bench/probes.wasm', import.meta.url)),
  );
  const { exports } = new WebAssembly.Instance(module, {});
  const { fill, multiply_add, multiply_add_from_cache, dot_products } =
    /** @type {Record<string, (count: number) => void>} */ (/** @type {unknown} */ (exports));
  fill(1e-3);
  const loops = [multiply_add, multiply_add_from_cache, dot_products];
  const end = performance.now() + WARM_MS;
  while (performance.now() < end) for (const loop of loops) loop(ROUNDS);
  return () => {
    const best = loops.map(() => Infinity);
    /** @type {number[]} */
    const sensed = [];
    for (const until = performance.now() + MEASURE_MS; performance.now() < until; ) {
      const times = loops.map((loop) => {
        const start = performance.now();
        loop(ROUNDS);
        return performance.now() - start;
      });
      for (const [i, ms] of times.entries()) best[i] = Math.min(best[i], ms);
      sensed.push(times[0] / times[1]);
    }
    sensed.sort((a, b) => a - b);
    const [fma, , dot] = best;
    return { fma: FLOP / fma / 1e6, dot: BYTE_OP / dot / 1e6, sensor: sensed[sensed.length >> 1] };
  };
}

/** @param {Peaks} before @param {Peaks} after @returns {Peaks} those of the time between */
export const between = (before, after) => ({
  fma: Math.max(before.fma, after.fma),
  dot: Math.max(before.dot, after.dot),
  sensor: Math.min(before.sensor, after.sensor),
});

/** @param {Peaks} peaks */
export const told = ({ fma, dot, sensor }) =>
  `peaks ${fma.toFixed(1)} GFLOP/s, ${dot.toFixed(0)} Gop/s of bytes; sensor ${sensor.toFixed(2)}`;
