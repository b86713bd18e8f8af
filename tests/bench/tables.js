/**
 * Position tables beside NumPy: what is measured and how. NumPy makes them in the usual way twice, in float64 with a cast to
 * float32 at the end and in float32 throughout; this library fills memory that it is given again and again.
 */
import { worstDifference } from './check.js';
import { openNumpy } from './peers/numpy.js';
import { fresh, interleave } from './protocol.js';
import { engine } from './report.js';
import { TABLES } from './workloads.js';

/**
 * @typedef {import('./protocol.js').Settings} Settings
 * @typedef {import('./report.js').Row} Row
 * @typedef {import('./workloads.js').TableWorkload} TableWorkload
 */

/** From NumPy's float64 table: one unit in the last place of float32 below 1. */
const EXACT = 2 ** -24;

/**
 * @param {TableWorkload} table
 * @param {string[]} peers of 'wasmformer' and 'numpy'
 * @param {Settings} settings
 * @returns {Promise<Row[]>}
 */
export async function measureTable(table, peers, settings) {
  const ours = peers.includes('wasmformer') ? [await openOurs(table, settings)] : [];
  const numpy = peers.includes('numpy') ? [openNumpy(table, 'f64'), openNumpy(table, 'f32')] : [];
  const runners = [...ours, ...numpy];
  try {
    const outputs = [];
    for (const runner of runners) outputs.push((await runner.run()).values);
    const remark = ours.length && numpy.length ? compare(table, outputs) : 'tables not compared';
    const { times, foreign } = await interleave(runners, settings);
    const medians = times.map(({ median }) => median.toFixed(2)).join(' / ');
    const others = `other processes used ${(100 * foreign).toFixed(0)} % of the machine`;
    console.log(`${table.name}: ${medians} ms, median of ${times[0].rounds}; ${remark}; ${others}`);
    const base = ours.length ? times[0].median : undefined;
    return runners.map(({ build, describe }, i) => ({
      workload: table.name,
      peer: 'wasmformer',
      engine,
      threads: settings.threads,
      dtype: settings.dtype,
      build,
      median_ms: times[i].median,
      min_ms: times[i].min,
      ...{ gflops: null, share: null, limits: null },
      ratio: base === undefined ? null : times[i].median / base,
      ...describe(),
    }));
  } finally {
    for (const runner of runners) await runner.close();
  }
}

/** @param {TableWorkload} table @param {Settings} settings */
async function openOurs(table, settings) {
  const { peakMb } = fresh('wasmformer', table.name, settings);
  const { openTable } = await import('./peers/wasmformer.js');
  return { ...(await openTable(table, settings)), describe: () => ({ peak_rss_mb: peakMb }) };
}

/** @param {TableWorkload} table @param {Float32Array[]} outputs ours, NumPy's by float64, NumPy's by float32 */
function compare({ name }, [ours, double, single]) {
  const exact = worstDifference(`${name}, float64`, ours, double, { limit: EXACT });
  const rough = worstDifference(`${name}, float32`, single, double);
  return `ours within ${exact.toExponential(1)} of NumPy's float64 table, its float32 way within ${rough.toExponential(1)}`;
}

/**
 * How the time of the larger table of each pair relates to that of its half.
 * @param {Row[]} rows
 * @returns {string[]} a line for each pair that this library was measured on
 */
export function growth(rows) {
  const medianOf = (/** @type {TableWorkload} */ { name }) =>
    rows.find(({ workload, peer }) => workload === name && peer === 'wasmformer')?.median_ms;
  return TABLES.flatMap((large) => {
    const half = TABLES.find(
      ({ encoding, count }) => encoding === large.encoding && 2 * count === large.count,
    );
    const [long, short] = [medianOf(large), half && medianOf(half)];
    if (!half || !long || !short) return [];
    return [`${large.name} takes ${(long / short).toFixed(2)} times as long as ${half.name}`];
  });
}
