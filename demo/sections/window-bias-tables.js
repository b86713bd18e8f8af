/** Where tables of relative positions come from: a Swin's file of weights, a .npy file, or a rule that makes one up. */
import { Tensor } from 'wasmformer';
import { headerLength, parseHeader } from '../../bindings/formats/safetensors.js';

/** @typedef {{ name: string, table: Tensor, side: number }} Named table: [(2 side - 1)², heads] */

const TABLE = 'relative_position_bias_table';
const LARGEST_WINDOW = 32;

/**
 * A table that shows what heads can learn.
 * @param {number} side of the window
 * @returns {Named}
 */
export function madeUpTable(side) {
  const across = 2 * side - 1;
  const heads = [
    (/** @type {number} */ dy, /** @type {number} */ dx) => 3 * Math.exp(-(dy * dy + dx * dx) / side) - 1,
    (/** @type {number} */ dy, /** @type {number} */ dx) => (dy === 0 ? 2 : -0.5) - Math.abs(dx) / (2 * side),
    (/** @type {number} */ dy, /** @type {number} */ dx) =>
      2 * Math.exp(-((dy - 2) ** 2 + (dx - 2) ** 2) / 3) - dy / side / 2,
  ];
  const data = new Float32Array(across * across * heads.length);
  for (let i = 0; i < data.length; i++) {
    const [offset, head] = [Math.floor(i / heads.length), i % heads.length];
    data[i] = heads[head](Math.floor(offset / across) - side + 1, (offset % across) - side + 1);
  }
  return {
    name: 'A made-up table',
    table: new Tensor('float32', data, [across * across, heads.length]),
    side,
  };
}

/**
 * The tables of a file; of a model only they are read.
 * @param {File} file
 * @returns {Promise<Named[]>}
 * @throws {Error} a file without a table
 */
export async function tablesOf(file) {
  const isNpy = file.name.endsWith('.npy');
  const tables = isNpy
    ? [{ name: file.name, tensor: Tensor.fromNpy(await bytesOf(file)) }]
    : await tensorsOf(file);
  if (tables.length === 0) throw new Error(`it has no ${TABLE}; expected the weights of a Swin`);
  return tables.map(({ name, tensor }) => {
    const side = (Math.sqrt(tensor.shape[0]) + 1) / 2;
    if (
      tensor.shape.length !== 2 ||
      !Number.isInteger(side) ||
      side > LARGEST_WINDOW ||
      tensor.shape[1] === 0
    )
      throw new Error(
        `${name} has shape [${tensor.shape.join(', ')}]; expected [(2 w - 1)², heads] for a square window`,
      );
    return { name, table: tensor, side };
  });
}

/** @param {Blob} part */
const bytesOf = async (part) => new Uint8Array(await part.arrayBuffer());

/** @param {File} file in the form of safetensors */
async function tensorsOf(file) {
  const length = headerLength(await bytesOf(file.slice(0, 8)), file.size, file.name);
  const { tensors } = parseHeader(await bytesOf(file.slice(8, 8 + length)), file.size, file.name);
  const wanted = [...tensors].filter(([name]) => name.endsWith(TABLE));
  return Promise.all(
    wanted.map(async ([name, { dtype, shape, start, end }]) => {
      if (dtype !== 'F32') throw new Error(`${name} is of ${dtype}; expected F32`);
      const data = new Float32Array((await bytesOf(file.slice(start, end))).buffer);
      return { name: shortName(name), tensor: new Tensor('float32', data, shape) };
    }),
  );
}

/** Such as "stage 1, block 0", by the numbers in a tensor's name. @param {string} name */
function shortName(name) {
  const [stage, block] = [...name.matchAll(/\.(\d+)\./g)].map(([, number]) => number);
  return block === undefined ? name : `stage ${stage}, block ${block}`;
}
