/** Results in an address: medians with their quartiles, in the order of the workloads. Pure. */
import { WORKLOADS } from './workloads.js';

/** @typedef {'relaxed' | 'base'} Build */
/** By build and key, such as "relaxed minilm-1x128". @typedef {Map<string, import('./statistics.js').Spread>} Results */

export const BUILDS = /** @type {const} */ (['relaxed', 'base']);

/** @param {Results} results @returns {Record<string, string | null>} a parameter a build: `8.1_7.9_8.4~…`, empty where there is none */
export function packed(results) {
  const of = (/** @type {Build} */ build) => {
    const spreads = WORKLOADS.map(({ key }) => results.get(`${build} ${key}`));
    if (spreads.every((spread) => !spread)) return null;
    return spreads
      .map((spread) =>
        spread ? [spread.median, spread.low, spread.high].map((x) => Number(x.toPrecision(4))).join('_') : '',
      )
      .join('~');
  };
  return Object.fromEntries(BUILDS.map((build) => [build, of(build)]));
}

/** @param {URLSearchParams} params @returns {Results} without what is no time */
export function unpacked(params) {
  /** @type {Results} */
  const results = new Map();
  for (const build of BUILDS)
    params
      .get(build)
      ?.split('~')
      .forEach((text, i) => {
        const [median, low, high] = text.split('_').map(Number);
        const isTime = low > 0 && low <= median && median <= high && high < 1e7;
        if (isTime && WORKLOADS[i]) results.set(`${build} ${WORKLOADS[i].key}`, { median, low, high });
      });
  return results;
}
