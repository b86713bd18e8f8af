/** Files of weights, opened: their list of tensors is read, their values are still to come. */
import { refuser, tensorOf } from '../arrays.js';
import { FormatError, show } from '../errors.js';
import { headerLength, parseHeader } from './safetensors.js';
import { ByteReader } from './stream.js';

/**
 * @typedef {object} Weights
 * @property {string} path for errors
 * @property {number} size of the file in bytes
 * @property {ByteReader} reader at the first tensor's first byte
 * @property {Map<string, { dtype: string, shape: number[], start: number, end: number }>} tensors byte ranges in the file's
 *   order, together the whole rest of the file
 */

/**
 * Reads the header of a safetensors file.
 * @param {{ size: number, stream: () => AsyncIterable<Uint8Array> }} file
 * @param {string} path
 * @returns {Promise<Weights>}
 */
export async function openWeights(file, path) {
  const reader = new ByteReader(file.stream(), path);
  try {
    const length = headerLength(await reader.take(Math.min(8, file.size)), file.size, path);
    return {
      path,
      size: file.size,
      reader,
      tensors: parseHeader(await reader.take(length), file.size, path).tensors,
    };
  } catch (error) {
    await reader.close();
    throw error;
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
