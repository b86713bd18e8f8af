/** What the tutorials share beside the library: random weights from a seed, and where their pictures go. */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Tensor } from 'wasmformer';

const FOLDER = new URL('../../build/tutorials/', import.meta.url);

/**
 * Random tensors, the same for the same seed.
 * @param {number} seed above 0
 * @returns {(shape: number[], bound: number) => Tensor<'float32'>} values even between -bound and bound
 */
export function randomTensors(seed) {
  let state = seed;
  const next = () => {
    // Marsaglia's xorshift with the shifts 13, 17 and 5.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  };
  return (shape, bound) => filled(shape, () => bound * next());
}

/**
 * @param {readonly number[]} shape
 * @param {(index: number) => number} value
 * @returns {Tensor<'float32'>}
 */
export function filled(shape, value) {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) data[i] = value(i);
  return new Tensor('float32', data, shape);
}

/** The arrays of dtypes that a table may be turned into. */
const ARRAYS = {
  ...{ float32: Float32Array, float64: Float64Array, int32: Int32Array, uint32: Uint32Array },
  ...{ int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array },
};

/**
 * A tensor in another dtype, as PyTorch's `type` gives it: whole numbers are cut towards zero.
 * @template {keyof typeof ARRAYS} D
 * @param {Tensor} tensor
 * @param {D} dtype
 * @returns {Tensor<D>}
 */
export function cast({ data, shape }, dtype) {
  if (!Object.hasOwn(ARRAYS, dtype))
    throw new TypeError(`dtype is ${String(dtype)}; expected one of ${Object.keys(ARRAYS).join(', ')}`);
  return new Tensor(dtype, /** @type {any} */ (ARRAYS[dtype].from(/** @type {any} */ (data))), shape);
}

/**
 * Writes a picture to build/tutorials and says so.
 * @param {string} name of the file
 * @param {Uint8Array | string} content
 */
export async function save(name, content) {
  const file = new URL(name, FOLDER);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(file, content);
  console.log(`  drawn: ${fileURLToPath(file)}`);
}

/**
 * Runs a tutorial if its file is the program itself, not imported.
 * @param {string} url import.meta.url of the tutorial
 * @param {() => Promise<void>} main
 */
export async function runAsProgram(url, main) {
  if (process.argv[1] && pathToFileURL(process.argv[1]).href === url) await main();
}
