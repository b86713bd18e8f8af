/** Where results go (a file or standard output), and vectors in their forms (.npy, .jsonl, .csv). */
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { encodeNpy } from '../../bindings/formats/npy.js';
import { UsageError } from './arguments.js';
import { openPartial } from './partial.js';
import { toJson } from './printable.js';

/**
 * @typedef {import('../../bindings/tensor.js').Tensor} Tensor
 *
 * @typedef {object} Sink
 * @property {(data: string | Uint8Array) => Promise<void>} write
 * @property {((data: Uint8Array) => Promise<void>) | null} rewriteStart writes over the first bytes; null where that
 *   cannot be
 * @property {() => Promise<void>} close the results are whole
 * @property {() => Promise<void>} discard they are not: what was written goes
 *
 * @typedef {object} Writer
 * @property {(vectors: Tensor, texts: string[]) => Promise<void>} write a batch
 * @property {() => Promise<void>} end
 */

/**
 * @param {string | undefined} path without it, standard output
 * @param {NodeJS.WriteStream} stdout
 * @returns {Promise<Sink>}
 */
export async function openSink(path, stdout) {
  if (path === undefined || path === '-') return streamSink(stdout);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) throw new UsageError(`--output is "${path}", which is a folder; expected a file`);
  const folder = dirname(path);
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new UsageError(`--output is "${path}"; there is no folder "${folder}"`);
  return found && !found.isFile() ? deviceSink(path) : fileSink(path);
}

/** @param {NodeJS.WriteStream} stream @returns {Sink} */
function streamSink(stream) {
  return {
    write: (data) =>
      new Promise((resolve, reject) => stream.write(data, (error) => (error ? reject(error) : resolve()))),
    rewriteStart: null,
    close: async () => {},
    discard: async () => {},
  };
}

/** A pipe or a device by its name. @param {string} path @returns {Promise<Sink>} */
async function deviceSink(path) {
  const file = await open(path, 'w');
  const close = () => file.close();
  return {
    write: async (data) => void (await file.appendFile(data)),
    rewriteStart: null,
    close,
    discard: close,
  };
}

/** @param {string} path @returns {Promise<Sink>} */
async function fileSink(path) {
  const { file, keep, discard } = await openPartial(path);
  return {
    write: async (data) => void (await file.appendFile(data)),
    rewriteStart: async (data) => void (await file.write(data, 0, data.length, 0)),
    close: keep,
    discard,
  };
}

/**
 * Vectors of texts or pictures.
 * @param {'npy' | 'jsonl' | 'csv'} format
 * @param {Sink} sink
 * @param {string | null} name of a text beside its vector; null without
 * @returns {Writer}
 */
export function vectorWriter(format, sink, name) {
  if (format === 'npy') return npyWriter(sink);
  /** @type {(vector: number[], text: string) => string} */
  const line =
    format === 'csv'
      ? (vector, text) => csvRow(name === null ? vector : [text, ...vector])
      : (vector, text) => toJson(name === null ? { vector } : { [name]: text, vector });
  let isFirst = true;
  return {
    async write(vectors, texts) {
      if (isFirst && format === 'csv' && name !== null)
        await sink.write(`${csvRow([name, ...Array(vectors.shape[1]).keys()])}\n`);
      isFirst = false;
      await sink.write(texts.map((text, row) => `${line(rowOf(vectors, row), text)}\n`).join(''));
    },
    end: async () => {},
  };
}

/** A row of .csv (RFC 4180). @param {(string | number)[]} cells */
export const csvRow = (cells) =>
  cells
    .map((cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell))
    .join(',');

/** A .npy file says at its start how many rows there are, which is known at the end. @param {Sink} sink @returns {Writer} */
function npyWriter(sink) {
  /** Where the start cannot be written again, the rows wait here. @type {Uint8Array[]} */
  const waiting = [];
  /** @type {Tensor | null} */
  let first = null;
  let rows = 0;
  // NumPy leaves room in the header for the first axis, so that its length does not depend on the number of rows.
  const header = () => encodeNpy(first?.dtype ?? 'float32', new Uint8Array(0), [rows, first?.shape[1] ?? 0]);
  return {
    async write(vectors) {
      if (first === null) {
        first = vectors;
        if (sink.rewriteStart) await sink.write(header());
      }
      rows += vectors.shape[0];
      const { buffer, byteOffset, byteLength } = vectors.data;
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      if (sink.rewriteStart) await sink.write(bytes);
      else waiting.push(bytes);
    },
    async end() {
      if (sink.rewriteStart) return sink.rewriteStart(header());
      for (const bytes of [header(), ...waiting]) await sink.write(bytes);
    },
  };
}

/**
 * A vector with the fewest digits that bring its float32 values back.
 * @param {Tensor} vectors
 * @param {number} row
 */
function rowOf({ data, shape: [, width] }, row) {
  const values = Array.from(data.subarray(row * width, (row + 1) * width), Number);
  return values.map((value) => Number(value.toPrecision(9)));
}
