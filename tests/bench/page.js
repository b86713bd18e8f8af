/**
 * The built page in Chromium, served as `make demo` serves it: how long until it answers, what it fetches for that, how long its
 * thread is held while a room opens or a slider moves, and how long a large map takes. Not the library's own speed: workloads.js.
 */
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startServer } from '../../demo/serve.js';
import { chunkSizes } from './page-files.js';
import { firstVectors } from './page-first-vector.js';
import { blocks, firstKeys, firstPaint, redraws } from './page-runs.js';
import { sharedLists } from './page-sharing.js';

/**
 * @typedef {object} PageRow one number of the page
 * @property {string} workload
 * @property {'page'} peer
 * @property {string} engine
 * @property {'ms' | 'KB'} unit
 * @property {number} median
 * @property {number} min
 * @property {number} max
 * @property {number} rounds
 * @property {number | null} cpu the median of the thread's own time, without what other processes took
 * @property {number | null} goal the most that it should be
 *
 * @typedef {{ unit?: 'ms' | 'KB', goal?: number, samples: number[], cpu?: number[] }} Samples
 */

const ROUNDS = 7;
/** Milliseconds of a block of the main thread that a visitor feels; and of a redrawing. */
const [BLOCK, REDRAW] = [50, 33];
/** Kilobytes as they come over the line: all of the first screen; what a room adds to it. */
const [PAINT, CHUNK] = [150, 30];

/** Rooms, what they are opened with, and their sliders by label; the first one opens with the page. @type {[string, string[]][]} */
const ROOMS = [
  ['order', ['Base', 'Hands']],
  ['encodings', []],
  ['encodings/sincos2d', ['dim', 'base']],
  ['encodings/rope', ['dim']],
  ['encodings/sincos1d?length=1024&dim=1024', ['base']],
  ['encodings/resizeTable', []],
  ['encodings/windowBias', []],
  ['encodings/shiftedWindowMask', []],
  ['draw', ['Layer', 'Head', 'Moment']],
  ['pictures', []],
  ['sentences', ['Layer', 'Numbers kept']],
  ['inside', []],
  ['speed', []],
];
const MAP = 'encodings/sincos1d?length=1024&dim=1024';

/** @typedef {import('./page-runs.js').Stage} Stage */
/** @type {Record<string, (stage: Stage) => Promise<Record<string, Samples>> | Record<string, Samples>>} by the name's beginning */
const WORKLOADS = {
  'page first key': async (stage) => ({
    'page first key': { samples: await firstKeys(stage, false) },
    'page first key, slow line': { samples: await firstKeys(stage, true) },
  }),
  'page first paint': async (stage) => ({
    'page first paint': { unit: 'KB', goal: PAINT, samples: [await firstPaint(stage)] },
  }),
  'page adds': () =>
    Object.fromEntries(
      chunkSizes().map(([room, kb]) => [
        `page adds, ${room}`,
        { unit: 'KB', samples: [kb], ...(room === 'inside' && { goal: CHUNK }) },
      ]),
    ),
  ...Object.fromEntries(
    ROOMS.map(([room, sliders], i) => [
      `page block, ${room}`,
      async (/** @type {Stage} */ stage) => {
        const found = await blocks(stage, { room, sliders, from: i ? 'speed' : null });
        return Object.fromEntries(
          Object.entries(found).map(([what, samples]) => [
            `page block, ${room}: ${what}`,
            { goal: BLOCK, ...samples },
          ]),
        );
      },
    ]),
  ),
  'page first vector': async (stage) => {
    const { ours, theirs } = await firstVectors(stage);
    return {
      'page first vector, minilm 1x16': { samples: ours },
      'page first vector, minilm 1x16, onnxruntime-web': { samples: theirs },
    };
  },
  'page workers': sharedLists,
  'page map 1024x1024': async (stage) => ({
    'page map 1024x1024': { goal: REDRAW, samples: await redraws(stage, MAP) },
  }),
};

/** @param {string} only @returns {string[]} the names that have this in them */
export const pageWorkloads = (only) => Object.keys(WORKLOADS).filter((name) => name.includes(only));

/**
 * @param {string} only measures what has this in its name
 * @param {number | null} rounds
 * @returns {Promise<PageRow[]>}
 */
export async function measurePage(only, rounds) {
  const names = pageWorkloads(only);
  if (!names.length) return [];
  const site = fileURLToPath(new URL('../../build/site/index.html', import.meta.url));
  if (!existsSync(site)) throw new Error('there is no build/site: make site builds it');
  const server = await startServer({ port: 0 });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? fileURLToPath(new URL('../../.cache/chromium', import.meta.url)),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
  const rows = [];
  console.log(`the page in chromium ${browser.version()}; the machine's load is ${loadavg()[0].toFixed(1)}`);
  try {
    const stage = { browser, url: server.url, rounds: rounds ?? ROUNDS };
    for (const name of names) {
      for (const [workload, samples] of Object.entries(await WORKLOADS[name](stage))) {
        const row = rowOf(workload, `chromium ${browser.version()}`, samples);
        rows.push(row);
        console.log(told(row));
      }
    }
  } finally {
    await browser.close();
    await server.close();
  }
  return rows;
}

/** @param {string} workload @param {string} engine @param {Samples} given @returns {PageRow} */
function rowOf(workload, engine, { unit = 'ms', goal, samples, cpu }) {
  const all = { min: Math.min(...samples), max: Math.max(...samples), rounds: samples.length };
  return {
    ...{ workload, peer: 'page', engine, unit, median: medianOf(samples), ...all },
    ...{ cpu: cpu ? medianOf(cpu) : null, goal: goal ?? null },
  };
}

/** @param {number[]} samples */
function medianOf(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** @param {PageRow} row */
function told({ workload, unit, median, min, max, rounds, cpu, goal }) {
  const spread = rounds > 1 ? `, ${shown(min)} to ${shown(max)}, median of ${rounds}` : '';
  const own = cpu === null ? '' : `; ${shown(cpu)} ms of it the thread's own`;
  return `${workload}: ${shown(median)} ${unit}${spread}${own}${goal === null ? '' : `; at most ${goal} wanted`}`;
}

/** Rows of Markdown. @param {PageRow[]} rows */
export function pageMarkdown(rows) {
  const head = ['page', 'median', 'least', 'most', 'own time', 'wanted'];
  const lines = rows.map(({ workload, unit, median, min, max, cpu, goal }) => [
    workload.replace('page ', ''),
    `${shown(median)} ${unit}`,
    ...[min, max, cpu, goal].map((value) => (value === null ? '–' : shown(value))),
  ]);
  const widths = head.map((_, k) => Math.max(...[head, ...lines].map((line) => line[k].length)));
  const row = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, k) => (k ? cell.padStart(widths[k]) : cell.padEnd(widths[k]))).join(' | ')} |`;
  const rule = widths.map((width, k) => (k ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [row(head), row(rule), ...lines.map(row)].join('\n');
}

/** @param {number} value */
const shown = (value) => (value < 10 && value > 0 ? value.toFixed(1) : value.toFixed(0));
