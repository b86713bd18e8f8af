// GIF: the size of its first frame, and what lies around that. A transparent colour becomes one like the others, as Pillow
// shows it; decoders would make it black, or nothing.

import { FormatError } from '../../errors.js';
import { checkPieces, replaced } from './parts.js';

/**
 * @typedef {object} Frame The first frame's place on the screen, and the colour around it.
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {number[]} around
 */

const INTRODUCER = Object.freeze({ EXTENSION: 0x21, IMAGE: 0x2c, TRAILER: 0x3b });
const GRAPHIC_CONTROL = 0xf9;

/** @type {import('../header.js').Reader} */
export function readGif(bytes, view, name) {
  const screen = [view.getUint16(6, true), view.getUint16(8, true)];
  const table = tableAt(bytes, 13, view.getUint8(10));
  /** @type {number | undefined} */
  let transparent;
  const changes = [];
  let at = table.end;
  for (; view.getUint8(at) !== INTRODUCER.IMAGE; ) {
    const introducer = view.getUint8(at);
    if (introducer === INTRODUCER.TRAILER)
      throw new FormatError(`${name} is a GIF without a picture`, { path: name });
    if (introducer !== INTRODUCER.EXTENSION) {
      at++; // between blocks Pillow skips what it does not know
      continue;
    }
    const flags = at + 3;
    if (view.getUint8(at + 1) === GRAPHIC_CONTROL && view.getUint8(flags) & 1) {
      transparent = view.getUint8(at + 6);
      changes.push({ at: flags, values: [view.getUint8(flags) & ~1] });
      checkPieces('transparent colours', changes.length, name);
    }
    for (at += 2; view.getUint8(at) > 0; ) at += 1 + view.getUint8(at);
    at++;
  }
  const [left, top, columns, rows] = [1, 3, 5, 7].map((offset) => view.getUint16(at + offset, true));
  const own = tableAt(bytes, at + 10, view.getUint8(at + 9));
  const width = Math.max(screen[0], left + columns);
  const height = Math.max(screen[1], top + rows);
  const around = colourOf(own.length ? own : table, transparent ?? 0);
  const frame = { left, top, width: columns, height: rows, around };
  changes.unshift({ at: 6, values: [width & 255, width >> 8, height & 255, height >> 8] });
  return {
    format: 'gif',
    width,
    height,
    orientation: 1,
    alpha: true,
    frame,
    parts: replaced(bytes, changes),
  };
}

/**
 * A table of colours: whether there is one, and how long it is, stands in the flags before it.
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} flags
 */
function tableAt(bytes, at, flags) {
  const length = flags & 0x80 ? 2 << (flags & 7) : 0;
  return { colours: bytes.subarray(at, at + 3 * length), length, end: at + 3 * length };
}

/** Beyond the table colours are grey, as without one. @param {ReturnType<typeof tableAt>} table @param {number} index */
const colourOf = ({ colours, length }, index) =>
  index < length ? [...colours.subarray(3 * index, 3 * index + 3)] : [index, index, index];

/**
 * Colours what lies around the frame, in place where it can.
 * @param {import('../pixels.js').CheckedPixels} pixels
 * @param {Frame} frame
 * @returns {import('../pixels.js').CheckedPixels}
 */
export function fillAround(pixels, frame) {
  const { width, height } = pixels;
  if (frame.width === width && frame.height === height) return pixels;
  const [red, green, blue] = frame.around;
  const { data, channels } =
    pixels.channels === 1 && (red !== green || red !== blue) ? coloured(pixels) : pixels;
  for (let y = 0; y < height; y++) {
    const isBeside = y >= frame.top && y < frame.top + frame.height;
    for (let x = 0; x < width; x++) {
      if (isBeside && x === frame.left) x += frame.width;
      if (x < width) data.set(frame.around.slice(0, channels), (y * width + x) * channels);
    }
  }
  return { data, width, height, channels };
}

/** @param {import('../pixels.js').CheckedPixels} pixels grey */
const coloured = ({ data }) => ({
  data: Uint8Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)]),
  channels: 3,
});
