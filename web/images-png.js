/**
 * Decodes PNG (ISO 15948) row by row as its data is inflated, so that a large picture costs little more than its pixels. For
 * Node without sharp: it inflates by Node's zlib. Not here: which chunks are read (bindings/vision/files/png.js).
 */
import { stepsOf } from '../bindings/vision/orientation.js';
import { crcOf } from './crc.js';
import { streams, zlib } from './node.js';

/**
 * @typedef {object} Header
 * @property {number} width
 * @property {number} height
 * @property {number} depth bits of a sample
 * @property {number} type of its colours
 * @property {boolean} interlaced
 *
 * @typedef {number[]} Pass the first column and row, the steps to the next, and how many columns and rows there are
 */

const GREY = [0, 4];
const INDEXED = 3;
/** Samples of a pixel by the type of colours, and the depths that these may have. */
const SAMPLES = [1, 0, 3, 1, 2, 0, 4];
const DEPTHS = [[1, 2, 4, 8, 16], [], [8, 16], [1, 2, 4, 8], [8, 16], [], [8, 16]];
/** Adam7: the first column and row of each pass, and the steps to the next. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];
/** Bytes that are inflated at a time. */
const CHUNK = 1 << 16;

/**
 * Of 16 bits the upper 8; of alpha nothing.
 * @param {import('../bindings/vision/header.js').EncodedImage} image
 * @returns {Promise<{ data: Uint8Array, width: number, height: number, channels: number }>} grey or RGB, turned
 * @throws {Error} if it is broken
 */
export async function decodePng({ parts, orientation }) {
  const { header, palette } = readHead(parts);
  const rows = new Rows(header, palette, orientation);
  const { promises, Readable } = streams();
  const inflate = zlib().createInflate({ chunkSize: CHUNK });
  await promises.pipeline(Readable.from(dataOf(parts)), inflate, async (inflated) => {
    for await (const bytes of inflated) rows.take(bytes);
  });
  return rows.finish();
}

/** @param {Uint8Array[]} parts whole chunks each, the first one behind the signature */
function* chunksOf(parts) {
  for (const [i, part] of parts.entries()) {
    const view = new DataView(part.buffer, part.byteOffset, part.length);
    for (let at = i ? 0 : 8, length = 0; at < part.length; at += 12 + length) {
      length = view.getUint32(at);
      const body = part.subarray(at + 4, at + 8 + length);
      yield { type: String.fromCharCode(...body.subarray(0, 4)), body, sum: view.getUint32(at + 8 + length) };
    }
  }
}

/** The chunk's data. @param {{ type: string, body: Uint8Array, sum: number }} chunk */
function checked({ type, body, sum }) {
  if (crcOf(body) !== sum) throw new Error(`the checksum of a chunk ${type} is wrong`);
  return body.subarray(4);
}

/** @param {Uint8Array[]} parts */
function* dataOf(parts) {
  for (const chunk of chunksOf(parts)) if (chunk.type === 'IDAT') yield checked(chunk);
}

/** @param {Uint8Array[]} parts @returns {{ header: Header, palette: Uint8Array }} */
function readHead(parts) {
  /** @type {Uint8Array} */
  let palette = new Uint8Array(0);
  let header = null;
  for (const chunk of chunksOf(parts)) {
    if (chunk.type === 'IHDR') header ??= readHeader(checked(chunk));
    if (chunk.type === 'PLTE') palette = checked(chunk);
  }
  if (!header) throw new Error('it has no header');
  return { header, palette };
}

/** @param {Uint8Array} data of the chunk IHDR @returns {Header} */
function readHeader(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const [depth, type, compression, filters, interlacing] = data.subarray(8);
  if (!DEPTHS[type]?.includes(depth)) throw new Error(`its colours are of type ${type} with ${depth} bits`);
  if (data.length !== 13 || compression !== 0 || filters !== 0 || interlacing > 1)
    throw new Error('its header asks for what no PNG has');
  return { width: view.getUint32(0), height: view.getUint32(4), depth, type, interlaced: interlacing === 1 };
}

/** @param {Header} header @returns {Pass[]} those that have pixels */
function passesOf({ width, height, interlaced }) {
  const all = interlaced ? ADAM7 : [[0, 0, 1, 1]];
  return all
    .map(([x, y, stepX, stepY]) => {
      return [x, y, stepX, stepY, Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)];
    })
    .filter(([, , , , columns, rows]) => columns > 0 && rows > 0);
}

/** Takes inflated bytes as they come, and puts each row's pixels where they belong. */
class Rows {
  #header;
  #palette;
  #out;
  #channels;
  #steps;
  /** Bytes of a pixel, at least one: how far to the left a filter looks. */ #pixel;
  /** @type {Pass[]} */ #passes;
  #row = 0;
  /** This row, and the one above: a pixel of zeros, whose last byte is the filter's first, then the row's bytes. */
  #line = new Uint8Array(0);
  #above = new Uint8Array(0);
  #filled = 0;

  /** @param {Header} header @param {Uint8Array} palette @param {number} orientation */
  constructor(header, palette, orientation) {
    const { width, height, depth, type } = header;
    this.#header = header;
    this.#palette = palette;
    this.#channels = GREY.includes(type) ? 1 : 3;
    this.#steps = stepsOf(orientation, width, height);
    this.#out = new Uint8Array(width * height * this.#channels);
    this.#pixel = Math.max(1, (SAMPLES[type] * depth) / 8);
    this.#passes = passesOf(header);
    this.#beginPass();
  }

  #beginPass() {
    const [, , , , columns = 0] = this.#passes[0] ?? [];
    const { depth, type } = this.#header;
    const length = this.#pixel + Math.ceil((columns * SAMPLES[type] * depth) / 8);
    this.#line = new Uint8Array(length);
    this.#above = new Uint8Array(length);
    this.#row = 0;
    this.#filled = this.#pixel - 1;
  }

  /** @param {Uint8Array} bytes */
  take(bytes) {
    for (let at = 0; at < bytes.length; ) {
      if (this.#passes.length === 0) throw new Error('it holds more pixels than its header says');
      const part = bytes.subarray(at, at + this.#line.length - this.#filled);
      this.#line.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#line.length) this.#endRow();
    }
  }

  #endRow() {
    const filter = this.#line[this.#pixel - 1];
    this.#line[this.#pixel - 1] = 0;
    undo(filter, this.#line, this.#above, this.#pixel);
    this.#place(this.#passes[0]);
    [this.#line, this.#above] = [this.#above, this.#line];
    this.#filled = this.#pixel - 1;
    if (++this.#row < this.#passes[0][5]) return;
    this.#passes.shift();
    this.#beginPass();
  }

  /** @param {Pass} pass */
  #place([x, y, stepX, stepY, columns]) {
    const { first, row, column } = this.#steps;
    const channels = this.#channels;
    const out = this.#out;
    const line = this.#line;
    const step = stepX * column * channels;
    let to = (first + (y + this.#row * stepY) * row + x * column) * channels;
    const { depth, type } = this.#header;
    if (type === INDEXED || depth < 8) {
      const colours = type === INDEXED ? this.#palette : greys(depth);
      for (let i = 0; i < columns; i++, to += step) {
        const bit = i * depth;
        const value = (line[this.#pixel + (bit >> 3)] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
        if (value * channels >= colours.length) throw new Error('a pixel has none of the colours');
        for (let c = 0; c < channels; c++) out[to + c] = colours[value * channels + c];
      }
      return;
    }
    const sample = depth / 8;
    for (let i = 0, from = this.#pixel; i < columns; i++, to += step, from += this.#pixel)
      for (let c = 0; c < channels; c++) out[to + c] = line[from + c * sample];
  }

  finish() {
    if (this.#passes.length > 0) throw new Error('it holds fewer pixels than its header says');
    const { width, height } = this.#steps;
    return { data: this.#out, width, height, channels: this.#channels };
  }
}

/** The levels of grey of a depth below 8. @param {number} depth */
const greys = (depth) => Uint8Array.from({ length: 1 << depth }, (_, i) => (i * 255) / ((1 << depth) - 1));

/**
 * Undoes a row's filter: adds to each byte what was predicted from those to the left and above.
 * @param {number} filter
 * @param {Uint8Array} line
 * @param {Uint8Array} above
 * @param {number} pixel bytes to the byte of the same sample
 */
function undo(filter, line, above, pixel) {
  if (filter > 4) throw new Error(`a row has the filter ${filter}; expected 0 to 4`);
  if (filter === 1) for (let i = pixel; i < line.length; i++) line[i] += line[i - pixel];
  if (filter === 2) for (let i = pixel; i < line.length; i++) line[i] += above[i];
  if (filter === 3) for (let i = pixel; i < line.length; i++) line[i] += (line[i - pixel] + above[i]) >> 1;
  if (filter === 4)
    for (let i = pixel; i < line.length; i++) line[i] += paeth(line[i - pixel], above[i], above[i - pixel]);
}

/** The one of three neighbours that is nearest to left + top - corner. @param {number} left @param {number} top @param {number} corner */
function paeth(left, top, corner) {
  const toLeft = Math.abs(top - corner);
  const toTop = Math.abs(left - corner);
  const toCorner = Math.abs(left + top - 2 * corner);
  if (toLeft <= toTop && toLeft <= toCorner) return left;
  return toTop <= toCorner ? top : corner;
}
