/**
 * What more cores give: the forwards of one encoder on two threads beside one, and lists of texts in two workers beside one. Not
 * here: pages (page-sharing.js).
 */
import { load } from 'wasmformer';
import { model, prepare } from './models.js';
import { open } from './peers/wasmformer.js';
import { clock, interleave } from './protocol.js';
import { engine } from './report.js';
import { findWorkload } from './workloads.js';

/**
 * @typedef {import('./protocol.js').Settings} Settings
 * @typedef {import('./report.js').Row} Row
 * @typedef {{ name: string, open: (count: number, settings: Settings) => Promise<import('./protocol.js').Runner> }} Sharing
 */

const FORWARDS = ['minilm 1x16', 'minilm 1x128', 'minilm 8x128', 'vit-b16 1', 'swin-t 1'];
/** Texts of a list, of 8 to 120 tokens. */
const TEXTS = 256;

/** @type {Sharing[]} */
export const SHARINGS = [
  ...FORWARDS.map((name) => ({
    name: `two threads, ${name}`,
    open: (/** @type {number} */ threads, /** @type {Settings} */ settings) => {
      const workload = findWorkload(name);
      prepare(workload.model);
      return open(workload, { ...settings, threads });
    },
  })),
  {
    name: `two workers, minilm ${TEXTS} texts`,
    open: async (/** @type {number} */ worker, /** @type {Settings} */ settings) => {
      prepare('minilm');
      const encoder = await load(model('minilm').folder, { simd: settings.build, worker });
      const texts = listOf(TEXTS);
      return {
        build: encoder.build,
        async run() {
          const { ms, result } = await clock(() => encoder.embed(texts));
          return { ms, values: result.data };
        },
        close: () => encoder.dispose(),
      };
    },
  },
];

/** Texts of all lengths. @param {number} count */
export const listOf = (count) =>
  Array.from({ length: count }, (_, i) => 'the quick brown fox jumps over it '.repeat(1 + ((i * 7) % 17)));

/** @param {Sharing} sharing @param {Settings} settings @returns {Promise<Row[]>} two, then one */
export async function measureSharing({ name, open: openBy }, settings) {
  const runners = [await openBy(2, settings), await openBy(1, settings)];
  const [two, one] = [await runners[0].run(), await runners[1].run()];
  if (!two.values.every((value, i) => value === one.values[i])) throw new Error(`${name}: other bits`);
  const { times, foreign } = await interleave(runners, settings);
  for (const each of runners) await each.close();
  const [medians, ratio] = [times.map(({ median }) => median), times[1].median / times[0].median];
  console.log(
    `${name}: ${medians[0].toFixed(1)} ms, one ${medians[1].toFixed(1)}, ${ratio.toFixed(2)} times as fast, the same bits, median of ${times[0].rounds}; other processes used ${(100 * foreign).toFixed(0)} % of the machine`,
  );
  return runners.map(({ build }, i) => ({
    ...{ workload: name, peer: i ? 'one' : 'wasmformer', engine, threads: 2 - i, dtype: 'f32', build },
    ...{ median_ms: medians[i], min_ms: times[i].min, gflops: null, share: null, limits: null },
    ...{ peak_rss_mb: null, ratio: medians[i] / medians[0] },
  }));
}
