/** Writes PNG files (RFC 2083): 8 bits each of red, green and blue, one image. Needs CompressionStream: Node and browsers. */
import { concatenate } from '../../bindings/formats/bytes.js';
import { crcOf } from '../crc.js';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const TRUE_COLOUR = 2;

/**
 * @param {{ width: number, height: number, pixels: Uint8Array }} picture pixels: [height, width, 3]
 * @returns {Promise<Uint8Array<ArrayBuffer>>} the file
 */
export async function encodePng({ width, height, pixels }) {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, TRUE_COLOUR, 0, 0, 0], 8);
  return concatenate([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', await deflate(filtered(pixels, width, height))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** Each row after a byte that says how it is filtered: 0, not at all; even areas of colour need nothing more. */
function filtered(
  /** @type {Uint8Array} */ pixels,
  /** @type {number} */ width,
  /** @type {number} */ height,
) {
  const stride = 3 * width;
  const rows = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++)
    rows.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return rows;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array>} in zlib's form (RFC 1950) */
async function deflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {string} type four letters @param {Uint8Array} data */
function chunk(type, data) {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(
    Uint8Array.from(type, (letter) => letter.charCodeAt(0)),
    4,
  );
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crcOf(bytes.subarray(4, data.length + 8)));
  return bytes;
}
