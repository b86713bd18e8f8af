/**
 * The benchmark: this library and onnxruntime-web on the same weights and inputs, position tables beside NumPy's, and the built
 * page in Chromium, in one run.
 *
 *   node tests/bench/run.js [--only PATTERN] [--json FILE] [--markdown] [--build base|relaxed|wide]
 *                           [--peers wasmformer,onnxruntime-web,numpy,page] [--rounds N]
 *
 * Measures in Node 24, whichever Node starts it. Outputs are compared as well as timed: a difference above
 * 1e-3 fails the run.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkGraphs, worstDifference } from './check.js';
import { INT8, measureInt8 } from './int8.js';
import { model, node24, prepare } from './models.js';
import { measurePage, pageMarkdown, pageWorkloads } from './page.js';
import { between, openPeaks, told } from './peaks.js';
import { emptyProcessMb, fresh, interleave, interleaveFresh } from './protocol.js';
import { circumstances, engine, markdown, table } from './report.js';
import { measureSharing, SHARINGS } from './sharing.js';
import { measureStart } from './start.js';
import { growth, measureTable } from './tables.js';
import { PEERS, TABLES, WORKLOADS } from './workloads.js';

/** @typedef {import('./workloads.js').Workload} Workload */
/** @typedef {import('./protocol.js').Settings} Settings */
/** @typedef {import('./protocol.js').Times} Times */
/** @typedef {import('./report.js').Row} Row */
/** @typedef {import('./page.js').PageRow} PageRow */

const peaksNow = openPeaks();
const TABLE_PEERS = ['wasmformer', 'numpy'];
const ALL_PEERS = [...new Set([...Object.keys(PEERS), ...TABLE_PEERS, 'page'])];

await main();

async function main() {
  const options = readOptions();
  moveToNode24();
  const peers = choosePeers(options.peers);
  const models = peers.filter((peer) => peer in PEERS);
  const workloads = models.length ? WORKLOADS.filter(({ name }) => name.includes(options.only)) : [];
  const tables = peers.some((peer) => TABLE_PEERS.includes(peer))
    ? TABLES.filter(({ name }) => name.includes(options.only))
    : [];
  const sharings = peers.includes('wasmformer')
    ? SHARINGS.filter(({ name }) => name.includes(options.only))
    : [];
  const int8 = peers.includes('wasmformer') ? INT8.filter(({ name }) => name.includes(options.only)) : [];
  const ofPage = peers.includes('page') ? pageWorkloads(options.only) : [];
  const ofStart = peers.includes('wasmformer') && 'start'.includes(options.only);
  if (!ofStart && ![workloads, tables, sharings, int8, ofPage].some(({ length }) => length)) {
    const names = [
      ...[...WORKLOADS, ...TABLES, ...SHARINGS, ...INT8].map(({ name }) => name),
      ...pageWorkloads(''),
    ];
    fail(`--only ${options.only} names no workload of these peers; there are: ${names.join(', ')}`);
  }
  const settings = chooseSettings(options.build, options.rounds);
  const emptyMb = emptyProcessMb();
  console.log(circumstances(emptyMb));

  /** @type {Row[]} */
  const rows = [];
  const checked = new Set();
  for (const workload of workloads) {
    prepare(workload.model);
    const { architecture } = model(workload.model);
    if (!checked.has(architecture)) {
      const worst = await checkGraphs(architecture, settings);
      console.log(`${architecture}: the peer's graph is within ${worst.toExponential(1)} of the goldens`);
      checked.add(architecture);
    }
    rows.push(...(await measure(workload, models, settings)));
  }
  for (const table of tables) rows.push(...(await measureTable(table, peers, settings)));
  for (const line of growth(rows)) console.log(line);
  if (ofStart) for (const line of measureStart(settings.build)) console.log(line);
  for (const sharing of sharings) rows.push(...(await measureSharing(sharing, settings)));
  for (const one of int8) rows.push(...(await measureInt8(one, settings)));
  /** @type {PageRow[]} */
  const page = ofPage.length ? await measurePage(options.only, settings.rounds) : [];
  if (rows.length) console.log(`\n${table(rows)}`);
  if (options.markdown) {
    console.log(`\n${circumstances(emptyMb)}.`);
    if (rows.length) console.log(`\n${markdown(rows)}`);
    if (page.length) console.log(`\n${page[0].engine}.\n\n${pageMarkdown(page)}`);
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify([...rows, ...page], null, 1)}\n`);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', default: '' },
        json: { type: 'string' },
        markdown: { type: 'boolean', default: false },
        build: { type: 'string', default: 'auto' },
        peers: { type: 'string', default: ALL_PEERS.join(',') },
        rounds: { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {Workload} workload
 * @param {string[]} peers
 * @param {Settings} settings
 * @returns {Promise<Row[]>}
 */
async function measure(workload, peers, settings) {
  const result =
    workload.kind === 'first'
      ? measureFirst(workload, peers, settings)
      : await measureForward(workload, peers, settings);
  const ours = result.times[peers.indexOf('wasmformer')]?.median;
  return peers.map((peer, i) => {
    const { median, min } = result.times[i];
    const gflops = workload.kind === 'first' ? null : (workload.gflop / median) * 1000;
    return {
      workload: workload.name,
      peer,
      engine,
      threads: settings.threads,
      dtype: settings.dtype,
      build: result.builds[i],
      median_ms: median,
      min_ms: min,
      gflops,
      share: gflops && result.limits ? gflops / result.limits.fma : null,
      limits: result.limits,
      peak_rss_mb: result.peaks[i],
      ratio: ours === undefined ? null : median / ours,
    };
  });
}

/**
 * @param {Workload} workload
 * @param {string[]} peers
 * @param {Settings} settings
 */
function measureFirst(workload, peers, settings) {
  const { times, last, peaks } = interleaveFresh(peers, workload.name, settings);
  say(workload, times, compare(workload, last));
  return { times, builds: last.map(({ build }) => build), peaks, limits: null };
}

/**
 * @param {Workload} workload
 * @param {string[]} peers
 * @param {Settings} settings
 */
async function measureForward(workload, peers, settings) {
  const peaks = peers.map((peer) => fresh(peer, workload.name, settings).peakMb);
  const runners = [];
  for (const peer of peers) {
    const { open } = await PEERS[/** @type {keyof typeof PEERS} */ (peer)]();
    runners.push(await open(workload, settings));
  }
  const outputs = [];
  for (const runner of runners) outputs.push(await runner.run());
  const difference = compare(workload, outputs);
  const before = peaksNow();
  const { times, foreign } = await interleave(runners, settings, workload.rounds);
  const limits = between(before, peaksNow());
  for (const runner of runners) await runner.close();
  const others = `other processes used ${(100 * foreign).toFixed(0)} % of the machine`;
  say(workload, times, `${difference}, ${others}; ${told(limits)}`);
  return { times, builds: runners.map(({ build }) => build), peaks, limits };
}

/**
 * @param {Workload} workload
 * @param {{values: Float32Array}[]} outputs of each library
 */
function compare(workload, outputs) {
  if (outputs.length < 2) return 'outputs not compared';
  const { attention_mask: mask } = workload.feeds();
  const worst = worstDifference(workload.name, outputs[0].values, outputs[1].values, { mask: mask?.data });
  return `outputs differ by at most ${worst.toExponential(1)}`;
}

/**
 * @param {Workload} workload
 * @param {Times[]} times
 * @param {string} remark
 */
function say(workload, times, remark) {
  const medians = times.map(({ median }) => median.toFixed(1)).join(' / ');
  console.log(`${workload.name}: ${medians} ms, median of ${times[0].rounds}; ${remark}`);
}

/** Starts this program again in the engine that is measured, unless that is the one running. */
function moveToNode24() {
  if (!existsSync(node24)) fail(`${node24} is missing: make bench fetches it, or $BENCH_NODE names another`);
  if (realpathSync(node24) === realpathSync(process.execPath)) return;
  console.error(`started by Node ${process.versions.node}: going on in ${node24}`);
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const { status, error } = spawnSync(node24, args, { stdio: 'inherit' });
  if (error) throw error;
  process.exit(status ?? 1);
}

/** @param {string} list */
function choosePeers(list) {
  const peers = list.split(',');
  const unknown = peers.find((peer) => !ALL_PEERS.includes(peer));
  if (unknown !== undefined) fail(`--peers ${unknown} is not one of ${ALL_PEERS.join(', ')}`);
  return peers;
}

/**
 * @param {string} build
 * @param {string | undefined} rounds
 * @returns {Settings}
 */
function chooseSettings(build, rounds) {
  if (build !== 'auto' && build !== 'base' && build !== 'relaxed' && build !== 'wide')
    fail(`--build ${build} is not base, relaxed or wide`);
  const count = rounds === undefined ? null : Number(rounds);
  if (count !== null && !(Number.isInteger(count) && count > 0))
    fail(`--rounds ${rounds} is not a whole number above 0`);
  return { build, rounds: count, threads: 1, dtype: 'f32' };
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(2);
}
