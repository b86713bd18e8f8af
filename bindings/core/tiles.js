/** Which tile of the matrix product is fastest here: they give the same bits, and engines and processors differ. */

/** @typedef {import('./instance.js').Instance} Instance */

/** What two measurements of the same may differ by. */
const CHANCE = 1.04;
/** Rounds that there are at least, and milliseconds. */
const [ROUNDS, TIME] = [12, 7];

/** The fastest tile of each build on this machine, measured once per process. @type {Map<string, number>} */
const known = new Map();

/** @param {Instance} instance @returns {number} the index of the tile that multiplies fastest */
export function fastestTile(instance) {
  // The clock of a page that is not isolated ticks in steps of a tenth of a millisecond and more: it cannot tell.
  if (Reflect.get(globalThis, 'crossOriginIsolated') === false) return 0;
  const found = known.get(instance.build) ?? fastest(measureTiles(instance));
  known.set(instance.build, found);
  return found;
}

/** A later tile must be faster by more than chance. @param {number[]} times */
const fastest = (times) => times.findIndex((ms) => ms <= CHANCE * Math.min(...times));

/**
 * Tiles take turns, so that a busy moment hits all of them; each one's best time counts, and engines compile hot
 * functions a second time meanwhile. The last is for paired vectors.
 * @param {Instance} instance
 * @returns {number[]} milliseconds of the same product in each
 */
export function measureTiles(instance) {
  const tiles = instance.call('wf_tile_count') - (instance.build === 'wide' ? 0 : 1);
  const times = new Array(tiles).fill(Number.POSITIVE_INFINITY);
  const bytes = instance.call('wf_tile_space');
  const space = instance.reserve(bytes);
  const end = performance.now() + TIME;
  for (let round = 0; round < ROUNDS || performance.now() < end; round++) {
    for (let tile = 0; tile < tiles; tile++) {
      const start = performance.now();
      instance.call('wf_tile_run', space, tile, 1);
      times[tile] = Math.min(times[tile], performance.now() - start);
    }
  }
  instance.release(space, bytes);
  return times;
}
