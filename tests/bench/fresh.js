/**
 * The program of one fresh process: from before a library's import to its first result, reported as JSON.
 *   node fresh.js PEER WORKLOAD SETTINGS
 */

import { peakMb } from './memory.js';
import { findWorkload, PEERS, TABLES } from './workloads.js';

const [peer, name, settings] = process.argv.slice(2);
if (!(peer in PEERS))
  throw new Error(`unknown peer ${peer}, expected one of ${Object.keys(PEERS).join(', ')}`);

const start = performance.now();
const runner = await openRunner();
const { values } = await runner.run();
const ms = performance.now() - start;

const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
const report = { ms, peakMb: peakMb(), build: runner.build, values: bytes.toString('base64') };
process.stdout.write(JSON.stringify(report), () => process.exit(0));

async function openRunner() {
  const table = TABLES.find((one) => one.name === name);
  if (table) return (await import('./peers/wasmformer.js')).openTable(table, JSON.parse(settings));
  const { open } = await PEERS[/** @type {keyof typeof PEERS} */ (peer)]();
  return open(findWorkload(name), JSON.parse(settings));
}
