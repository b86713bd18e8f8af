/** Files of weights, opened: their list of tensors is read, their values are still to come. */
import { refuser, tensorOf } from '../arrays.js';
import { FormatError, show } from '../errors.js';
import { headerLength, parseHeader } from './safetensors.js';
import { refuseStandIn, SHOWN_BY } from './stand_ins.js';
import { ByteReader } from './stream.js';

/**
 * @typedef {object} Weights
 * @property {string} path for errors
 * @property {number} size of the file in bytes, by its header
 * @property {ByteReader} reader at the first tensor's first byte
 * @property {Map<string, { dtype: string, shape: number[], start: number, end: number }>} tensors byte ranges in the file's
 *   order, together the whole rest of the file
 *
 * @typedef {object} WeightsFile
 * @property {number | null} size in bytes; null where only the stream's end shows it
 * @property {() => AsyncIterable<Uint8Array>} stream
 */

/**
 * Reads the header of a safetensors file.
 * @param {WeightsFile} file
 * @param {string} path
 * @param {{ later?: boolean }} [options] later: the file is closed behind its header, and opened again when values are
 *   read: servers let a connection go that waits for long, and browsers have few of them
 * @returns {Promise<Weights>}
 */
export async function openWeights(file, path, { later = false } = {}) {
  const reader = new ByteReader(file.stream(), path);
  try {
    const start = await reader.peek(SHOWN_BY);
    refuseStandIn(start, path);
    const length = headerLength(start, file.size, path);
    await reader.skip(8);
    const { tensors, end } = parseHeader(await reader.take(length), file.size, path);
    if (!later) return { path, size: end, reader, tensors };
    await reader.close();
    const { position } = reader;
    return { path, size: end, reader: new ByteReader(streamFrom(file, position), path, position), tensors };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** A file's bytes behind the first ones; it is opened when the first is asked for. @param {WeightsFile} file @param {number} start */
async function* streamFrom(file, start) {
  let left = start;
  for await (const chunk of file.stream()) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/**
 * Tensors in memory, as if they were a file.
 * @param {Record<string, import('../tensor.js').Tensor>} tensors float32
 * @returns {Weights}
 */
export function weightsOf(tensors) {
  /** @type {Weights['tensors']} */
  const list = new Map();
  /** @type {Uint8Array[]} */
  const chunks = [];
  let size = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    const refuse = refuser(`tensors[${show(name)}]`, tensor, 'a float32 Tensor');
    const { data, shape } = tensorOf(tensor, refuse);
    if (!(data instanceof Float32Array)) return refuse(undefined, tensor.data);
    const { buffer, byteOffset, byteLength } = data;
    chunks.push(new Uint8Array(buffer, byteOffset, byteLength));
    list.set(name, { dtype: 'F32', shape, start: size, end: size + byteLength });
    size += byteLength;
  }
  if (size === 0) throw new FormatError('tensors is empty', { path: 'tensors' });
  return { path: 'tensors', size, reader: new ByteReader(inTurn(chunks), 'tensors'), tensors: list };
}

/** @param {Uint8Array[]} chunks */
async function* inTurn(chunks) {
  yield* chunks;
}
