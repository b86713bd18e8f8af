/**
 * What a start takes besides reading weights, in fresh processes: compiling and instantiating the core, measuring its tiles, and how far
 * the tile that is picked lies behind the best that a longer measurement finds.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Instance } from '../../bindings/core/instance.js';
import { fastestTile, measureTiles } from '../../bindings/core/tiles.js';
import { loadCore } from '../../web/core.js';

const PROCESSES = 9;
/** Times that all tiles are measured again, to know the best of them. */
const LONG = 40;
/** In the order of c/kernels/tile.c. */
const TILES = ['6x8', '5x8', '4x8', '3x12', '6x16'];

/** @typedef {{ module: number, tiles: number, behind: number, all: number[] }} Start milliseconds; behind: 1 is the best tile's speed */

/** One start in this process. @param {'auto' | 'base' | 'relaxed' | 'wide'} simd @returns {Promise<Start>} */
async function start(simd) {
  const begun = performance.now();
  const instance = await Instance.create(await loadCore({ simd }));
  const made = performance.now();
  const picked = fastestTile(instance);
  const measured = performance.now();
  const rounds = Array.from({ length: LONG }, () => measureTiles(instance));
  const all = rounds[0].map((_, tile) => Math.min(...rounds.map((times) => times[tile])));
  return { module: made - begun, tiles: measured - made, behind: all[picked] / Math.min(...all), all };
}

/** @param {string} build @returns {string[]} lines */
export function measureStart(build) {
  const starts = Array.from({ length: PROCESSES }, () => {
    const told = execFileSync(process.execPath, [fileURLToPath(import.meta.url), build], {
      encoding: 'utf8',
    });
    return /** @type {Start} */ (JSON.parse(told));
  });
  const median = (/** @type {(one: Start) => number} */ of) =>
    starts.map(of).sort((a, b) => a - b)[PROCESSES >> 1];
  const best = Math.min(...starts.flatMap(({ all }) => all));
  const shares = starts[0].all.map((_, tile) => {
    const share = best / Math.min(...starts.map(({ all }) => all[tile]));
    return `${TILES[tile]} ${(100 * share).toFixed(0)} %`;
  });
  return [
    `start: the core read, compiled and instantiated in ${median(({ module }) => module).toFixed(1)} ms, its tiles measured in ${median(({ tiles }) => tiles).toFixed(1)}, median of ${PROCESSES} processes`,
    `tiles, the fastest being 100 %: ${shares.join(', ')}; the one picked is ${(100 * (median(({ behind }) => behind) - 1)).toFixed(1)} % behind the best, at most ${(100 * (Math.max(...starts.map(({ behind }) => behind)) - 1)).toFixed(1)} %`,
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(JSON.stringify(await start(/** @type {any} */ (process.argv[2]))));
