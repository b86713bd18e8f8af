/** How results are written: a table for the terminal, rows for --json, rows of Markdown for RESULTS.md. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';

/**
 * @typedef {object} Row one library's measurement of one workload
 * @property {string} workload
 * @property {string} peer the library: 'wasmformer', 'onnxruntime-web' or 'numpy'
 * @property {string} engine
 * @property {number} threads
 * @property {string} dtype in which it computes
 * @property {string} build
 * @property {number} median_ms
 * @property {number} min_ms
 * @property {number | null} gflops GFLOP/s at the median; null where loading is part of the time
 * @property {number | null} share of the processor's peak of multiply-adds that was measured beside it
 * @property {import('./peaks.js').Peaks | null} limits those peaks
 * @property {number | null} peak_rss_mb of a fresh process that loads the model and runs it once, in 1e6 bytes
 * @property {number | null} ratio this row's median over wasmformer's of the workload: 1 on our own rows,
 *   more than 1 on a peer's where wasmformer is faster; null when wasmformer was not measured
 */

/** The engine that measures, as in each row. */
export const engine = `node ${process.versions.node} (V8 ${process.versions.v8})`;

/** One paragraph on the machine and versions, and what an empty process takes. */
export function circumstances(/** @type {number} */ emptyMb) {
  const list = cpus();
  const root = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const peer = createRequire(import.meta.url).resolve('onnxruntime-web');
  const ort = JSON.parse(readFileSync(`${peer.slice(0, peer.lastIndexOf('/dist/'))}/package.json`, 'utf8'));
  return [
    `${list[0].model.trim()}, ${list.length} cores, ${process.platform} ${process.arch}`,
    engine,
    `wasmformer ${root.version}, onnxruntime-web ${ort.version}`,
    `an empty process takes ${emptyMb.toFixed(0)} MB`,
    new Date().toISOString().slice(0, 10),
  ].join('; ');
}

const HEAD = [
  'workload',
  'ours ms',
  'peer ms',
  'ratio',
  'ours GFLOP/s',
  'peer GFLOP/s',
  'ours %',
  'sensor',
  'ours MB',
  'peer MB',
];

/**
 * One line a workload and peer, this library beside it.
 * @param {Row[]} rows
 * @returns {string[][]} the head first
 */
function cells(rows) {
  const names = [...new Set(rows.map(({ workload }) => workload))];
  return [
    HEAD,
    ...names.flatMap((name) => {
      const here = rows.filter((row) => row.workload === name);
      const ours = here.find(({ peer }) => peer === 'wasmformer');
      const peers = here.filter((row) => row !== ours);
      return (peers.length ? peers : [undefined]).map((peer) => [
        peer?.peer === 'numpy' ? `${name}, NumPy ${peer.dtype}` : name,
        fixed(ours?.median_ms, 1),
        fixed(peer?.median_ms, 1),
        fixed(peer?.ratio, 2),
        fixed(ours?.gflops, 1),
        fixed(peer?.gflops, 1),
        fixed(ours?.share && 100 * ours.share, 0),
        fixed(ours?.limits?.sensor, 2),
        fixed(ours?.peak_rss_mb, 0),
        fixed(peer?.peak_rss_mb, 0),
      ]);
    }),
  ];
}

/** @param {Row[]} rows */
export function table(rows) {
  return padded(rows)
    .map((line) => line.join('  '))
    .join('\n');
}

/**
 * The same with the formatter's spacing.
 * @param {Row[]} rows
 */
export function markdown(rows) {
  const [head, ...lines] = padded(rows);
  const rule = head.map(({ length }, column) => (column ? `${'-'.repeat(length - 1)}:` : '-'.repeat(length)));
  return [head, rule, ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/**
 * The cells in columns of one width, numbers to the right.
 * @param {Row[]} rows
 */
function padded(rows) {
  const lines = cells(rows);
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) =>
    line.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))),
  );
}

/**
 * @param {number | null | undefined} value
 * @param {number} digits
 */
function fixed(value, digits) {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}
