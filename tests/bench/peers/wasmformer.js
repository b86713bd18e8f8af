/** This library, as its users call it. */

import { encodings, load, Tensor } from 'wasmformer';
import { hasRelaxedSimd } from '../../../web/features.js';
import { model } from '../models.js';
import { clock } from '../protocol.js';

/**
 * @param {import('../workloads.js').Workload} workload
 * @param {import('../protocol.js').Settings} settings
 * @returns {Promise<import('../protocol.js').Runner>}
 */
export async function open(workload, { build, threads, dtype }) {
  const encoder = await load(model(workload.model).folder, { dtype, threads, simd: build });
  const { text, output } = workload;
  const feeds = Object.entries(workload.feeds());
  const inputs = Object.fromEntries(feeds.map(([name, f]) => [name, new Tensor(f.dtype, f.data, f.shape)]));
  const once = text
    ? async () => (await encoder.embed([text])).data
    : async () => (await encoder.forward(inputs))[output].data;
  return {
    build: encoder.build,
    async run() {
      const { ms, result } = await clock(once);
      return { ms, values: /** @type {Float32Array} */ (result) };
    },
    close: () => encoder.dispose(),
  };
}

/**
 * A table of positions, into memory that is reused.
 * @param {import('../workloads.js').TableWorkload} table
 * @param {import('../protocol.js').Settings} settings
 * @returns {Promise<import('../protocol.js').Runner>}
 */
export async function openTable({ encoding, sizes, count }, { build }) {
  const pe = await encodings({ simd: build });
  const out = new Float32Array(count);
  const options = /** @type {any} */ ({ ...sizes, out });
  return {
    build: build === 'auto' ? (hasRelaxedSimd() ? 'relaxed' : 'base') : build,
    async run() {
      const { ms } = await clock(async () => pe[encoding](options));
      return { ms, values: out };
    },
    close: () => pe.dispose(),
  };
}
