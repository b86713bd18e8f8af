/** What was measured elsewhere, read from tests/bench/RESULTS.md, and the operations of each workload, from the benchmark itself. */
import { readFile } from 'node:fs/promises';
import { findWorkload } from '../../tests/bench/workloads.js';
import { WORKLOADS } from '../rooms/speed/workloads.js';

const RESULTS = new URL('../../tests/bench/RESULTS.md', import.meta.url);
const PACKAGE = new URL('../../package.json', import.meta.url);

export default async function bake() {
  const text = await readFile(RESULTS, 'utf8');
  const { version } = JSON.parse(await readFile(PACKAGE, 'utf8'));
  const machine = text.split('\n').find((line) => /; node \d+\./.test(line));
  if (!machine) throw new Error('RESULTS.md names no machine');
  const published = WORKLOADS.flatMap(({ key, published: name }) =>
    name ? [[key, millisecondsOf(text, name)]] : [],
  );
  const gflop = WORKLOADS.flatMap(({ key, published: name, gflop: own }) => {
    const counted = own ?? (name && !name.startsWith('sincos') ? findWorkload(name).gflop : null);
    return counted ? [[key, Number(counted.toPrecision(6))]] : [];
  });
  return {
    version,
    machine: machineOf(machine),
    published: Object.fromEntries(published),
    gflop: Object.fromEntries(gflop),
  };
}

/** The first column of numbers in the row of a workload. @param {string} text @param {string} name */
function millisecondsOf(text, name) {
  const row = text.split('\n').find((line) => line.startsWith(`| ${name} `) || line.startsWith(`| ${name},`));
  const milliseconds = Number(row?.split('|')[2]);
  if (!(milliseconds > 0)) throw new Error(`RESULTS.md has no row of ${name}`);
  return milliseconds;
}

/** "AMD EPYC, 2 cores; Node 24.21.0; 2026-11-26" @param {string} line */
function machineOf(line) {
  const [where, engine] = line.split('; ');
  const [, node] = /node (\S+)/.exec(engine) ?? [];
  const [, date] = /(\d{4}-\d\d-\d\d)/.exec(line) ?? [];
  return [where, `Node ${node}`, date].join('; ');
}
