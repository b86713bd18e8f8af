/**
 * Weights on their way from a file into the core, through a small staging buffer: at no time are two copies of a weight in
 * memory.
 */
import { DTYPE } from '../core/abi.js';

/** Bytes of a weight that are in staging at a time. */
export const STAGING = 1 << 20;

/** Bytes of one value. @type {Record<string, number>} */
const VALUE_SIZE = { F32: 4, F16: 2, BF16: 2 };

/**
 * @typedef {object} Core
 * @property {(at: number, bytes: Uint8Array) => void} write into staging
 * @property {(args: number[]) => void} put what is staged: slot, index, first element, count, dtype
 */

/**
 * @param {Core} core
 * @param {import('../formats/tensors.js').Weights} weights
 * @param {Map<string, import('../architectures/blueprint.js').Placement>} bound by tensor name; the rest is passed over
 * @param {(loaded: number) => void} progress called with the bytes so far, may throw to stop
 */
export async function streamWeights(core, { reader, tensors }, bound, progress) {
  for (const [name, { dtype, start, end }] of tensors) {
    const placement = bound.get(name);
    if (placement) await streamTensor(core, reader, placement, dtype, end - start);
    else await reader.skip(end - start);
    progress(reader.position);
  }
  await reader.finish();
}

/**
 * @param {Core} core
 * @param {import('../formats/stream.js').ByteReader} reader
 * @param {import('../architectures/blueprint.js').Placement} placement
 * @param {string} dtype
 * @param {number} length in bytes
 */
async function streamTensor(core, reader, { slot, index, first }, dtype, length) {
  const size = VALUE_SIZE[dtype];
  const code = DTYPE[/** @type {keyof typeof DTYPE} */ (dtype)];
  let done = 0;
  let staged = 0;
  for await (const chunk of reader.chunks(length, STAGING)) {
    for (let offset = 0; offset < chunk.length; ) {
      const piece = chunk.subarray(offset, offset + STAGING - staged);
      core.write(staged, piece);
      staged += piece.length;
      offset += piece.length;
      if (staged < STAGING && done + staged < length) continue;
      core.put([slot, index, first + done / size, staged / size, code]);
      done += staged;
      staged = 0;
    }
  }
}
