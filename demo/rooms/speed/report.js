/** What was measured, for files and for people. */
import { BUILDS } from './results.js';
import { spreadOf, timeText } from './statistics.js';
import { WORKLOADS } from './workloads.js';

/** What the build read of the published results. @typedef {{ version: string, machine: string, published: Record<string, number>, gflop: Record<string, number> }} Baked */

/** Engines by the words of their user agents, the more special first. @type {[string, RegExp][]} */
const BROWSERS = [
  ['Edge', /Edg\/(\d+)/],
  ['Firefox', /Firefox\/(\d+)/],
  ['Chromium', /Chrom(?:e|ium)\/(\d+)/],
  ['Safari', /Version\/(\d+)[\d.]* .*Safari/],
];

/** @param {string} [agent] */
export function browserName(agent = navigator.userAgent) {
  for (const [name, pattern] of BROWSERS) {
    const [, version] = pattern.exec(agent) ?? [];
    if (version) return `${name} ${version}`;
  }
  return 'a browser';
}

/** @param {{ environment: Record<string, unknown>, baked: Baked, samples: Map<string, number[]> }} given */
export function report({ environment, baked, samples }) {
  const results = BUILDS.flatMap((build) =>
    WORKLOADS.flatMap(({ key, name, what }) => {
      const mine = samples.get(`${build} ${key}`);
      if (!mine) return [];
      const spread = spreadOf(mine);
      const gflop = baked.gflop[key];
      return [
        {
          key,
          name,
          what,
          build,
          unit: 'ms',
          ...spread,
          repetitions: mine.length,
          samples: mine,
          ...(gflop && { gflop }),
          publishedMedian: baked.published[key] ?? null,
        },
      ];
    }),
  );
  return {
    what: 'wasmformer, speed of a tab',
    environment,
    published: { machine: baked.machine, source: 'tests/bench/RESULTS.md' },
    results,
  };
}

/** A table in Markdown. @param {{ results: import('./results.js').Results, baked: Baked, where: string }} given */
export function tableText({ results, baked, where }) {
  const lines = BUILDS.flatMap((build) =>
    WORKLOADS.flatMap(({ key, name, what }) => {
      const spread = results.get(`${build} ${key}`);
      if (!spread) return [];
      const published = baked.published[key];
      const speed = baked.gflop[key] ? (baked.gflop[key] / spread.median) * 1000 : null;
      return [
        `| ${name}: ${what} | ${build} | ${timeText(spread.median)} | ${timeText(spread.low)} to ${timeText(spread.high)} | ${speed ? speed.toFixed(1) : '–'} | ${published ?? '–'} |`,
      ];
    }),
  );
  return [
    `wasmformer ${baked.version} in ${where}; published: ${baked.machine}.`,
    '',
    '| workload | build | median ms | quartiles ms | GFLOP/s | published ms |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...lines,
    '',
  ].join('\n');
}
