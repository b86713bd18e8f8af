/**
 * Weights of a model's files in 8 bits, as `load` reads them again: the tensors that layers multiply by, and the table of words, become
 * rows of 8 bits with a scale each; all others stay as they are. Not here: files (web/cli/quantize.js).
 */
import { scaleOf } from '../architectures/bind.js';
import { SLOT } from '../core/abi.js';
import { floatsOf, VALUE_SIZE } from '../run/weights.js';

/**
 * @typedef {import('../architectures/bind.js').Put} Put
 * @typedef {import('../core/instance.js').Instance} Instance
 * @typedef {import('../formats/tensors.js').Weights} Weights
 * @typedef {{ name: string, dtype: string, shape: number[], bytes: number }} Entry
 */

const SLOTS = [SLOT.QKV_WEIGHT, SLOT.OUT_WEIGHT, SLOT.UP_WEIGHT, SLOT.DOWN_WEIGHT, SLOT.TOKEN_TABLE];
/** Inputs that a row must have for whole numbers to be worth it, as in c/kernels/kernels.h. */
const LEAST_INPUTS = 16;
/** Bytes that are read at a time. */
const PIECE = 1 << 22;

/** @param {Put | undefined} put @param {number[]} shape @param {string} dtype */
const becomesInt8 = (put, shape, dtype) =>
  put !== undefined &&
  SLOTS.includes(put.slot) &&
  shape.length === 2 &&
  shape[1] >= LEAST_INPUTS &&
  ['F32', 'F64', 'F16', 'BF16'].includes(dtype) &&
  !put.to &&
  !put.columns &&
  !put.add &&
  !put.offset;

/** The tensors of the new file, in its order. @param {Weights[]} files @param {ReadonlyMap<string, Put>} bound @returns {Entry[]} */
export const entriesOf = (files, bound) =>
  files.flatMap(({ tensors }) =>
    [...tensors].flatMap(([name, { dtype, shape, start, end }]) => {
      if (!becomesInt8(bound.get(name), shape, dtype)) return { name, dtype, shape, bytes: end - start };
      const [rows, columns] = shape;
      return [
        { name: scaleOf(name), dtype: 'F32', shape: [rows], bytes: 4 * rows },
        { name, dtype: 'I8', shape, bytes: rows * columns },
      ];
    }),
  );

/**
 * The bytes of those tensors, one after the other.
 * @param {Instance} instance
 * @param {Weights[]} files
 * @param {ReadonlyMap<string, Put>} bound
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* bytesOf(instance, files, bound) {
  for (const { reader, tensors } of files) {
    for (const [name, { dtype, shape, start, end }] of tensors) {
      if (becomesInt8(bound.get(name), shape, dtype)) yield* rounded(instance, reader, dtype, shape);
      else yield* reader.chunks(end - start);
    }
    await reader.finish();
  }
}

/**
 * @param {Instance} instance
 * @param {import('../formats/stream.js').ByteReader} reader
 * @param {string} dtype
 * @param {number[]} shape
 */
async function* rounded(instance, reader, dtype, [rows, columns]) {
  const scales = new Float32Array(rows);
  const numbers = new Uint8Array(rows * columns);
  const most = Math.max(1, Math.floor(PIECE / (columns * VALUE_SIZE[dtype])));
  for (let row = 0, count = 0; row < rows; row += count) {
    count = Math.min(most, rows - row);
    const x = floatsOf(await reader.take(count * columns * VALUE_SIZE[dtype]), dtype);
    const out = numbers.subarray(row * columns, (row + count) * columns);
    const space = new Float32Array(columns);
    instance.invoke('wf_int8_rows', [
      { out },
      { out: scales.subarray(row, row + count) },
      { out: space },
      x,
      count,
      columns,
    ]);
  }
  yield new Uint8Array(scales.buffer);
  yield numbers;
}
