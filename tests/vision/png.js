// PNG files of any kind for tests, made of the bytes that are to be inflated. Not a test.
import { deflateSync } from 'node:zlib';

/**
 * @param {number} width
 * @param {number} height
 * @param {Uint8Array} data rows behind their filters
 * @param {{ depth?: number, type?: number, interlaced?: number, palette?: Uint8Array }} [options]
 */
export function png(width, height, data, { depth = 8, type = 2, interlaced = 0, palette } = {}) {
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([depth, type, 0, 0, interlaced], 8);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(data)), chunk('IEND', new Uint8Array(0))];
  if (palette) parts.splice(1, 0, chunk('PLTE', palette));
  return new Uint8Array(Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]));
}

/** A picture of 16-bit grey, and the three colours of each pixel that its upper 8 bits make. */
export function grey16() {
  const values = [0, 255, 256, 511, 0x7f80, 0xfeff, 0xff00, 0xffff];
  const row = Uint8Array.of(0, ...values.flatMap((value) => [value >> 8, value & 255]));
  const levels = Uint8Array.from(values.flatMap((value) => new Array(3).fill(value >> 8)));
  return { file: png(values.length, 1, row, { type: 0, depth: 16 }), levels };
}

/** @param {string} name @param {Uint8Array} content */
export function chunk(name, content) {
  const body = Buffer.concat([Buffer.from(name), content]);
  const whole = Buffer.alloc(8 + body.length);
  whole.writeUInt32BE(content.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), 4 + body.length);
  return whole;
}

/** The checksum of PNG chunks (ISO 3309); Node 20 has none. @param {Uint8Array} bytes */
function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
