/** WAV files: where in the bytes the samples are, and how they are stored. Sizes in a file are not trusted. */
import { FormatError, UnsupportedError } from '../errors.js';

/** How samples are stored: wf_sample, by format tag and bits. @type {Record<string, number>} */
const FORMATS = { '1/8': 0, '1/16': 1, '1/24': 2, '1/32': 3, '3/32': 4, '3/64': 5 };
const BYTES = [1, 2, 3, 4, 4, 8];
const EXTENSIBLE = 0xfffe;
/** What a subformat has behind its tag. */
const GUID = '000000001000800000aa00389b71';
/** A size that was not known when the file began. */
const UNKNOWN = 0xffffffff;

/**
 * @typedef {object} Stored samples of a file
 * @property {Uint8Array} bytes [frames, channels, bytes of a sample]
 * @property {number} frames
 * @property {number} channels
 * @property {number} format wf_sample
 * @property {number} samplingRate
 */

/**
 * @param {Uint8Array} bytes
 * @param {string} name for messages
 * @returns {Stored}
 * @throws {FormatError} no WAV file, or one that is broken; {UnsupportedError} a compressed one
 */
export function readWav(bytes, name) {
  const wrong = (/** @type {string} */ what) => new FormatError(`${name} ${what}`, { path: name });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (/** @type {number} */ at) =>
    at + 4 <= bytes.length ? String.fromCharCode(...bytes.subarray(at, at + 4)) : '';
  if (['RF64', 'RIFX'].includes(text(0)))
    throw new UnsupportedError(`${name} is a ${text(0)} file; expected WAV (RIFF)`, { path: name });
  if (text(0) !== 'RIFF' || text(8) !== 'WAVE')
    throw wrong('is no WAV file; expected one that begins with RIFF and WAVE, or {samples, samplingRate}');
  /** @type {ReturnType<typeof readFormat> | null} */
  let format = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const [id, said] = [text(at), view.getUint32(at + 4, true)];
    const rest = bytes.length - at - 8;
    const size = id === 'data' && said === UNKNOWN ? rest : said;
    if (size > rest) throw wrong(`ends after ${rest} of the ${size} bytes of its part "${printable(id)}"`);
    const part = bytes.subarray(at + 8, at + 8 + size);
    if (id === 'fmt ') format = readFormat(part, name);
    if (id === 'data') {
      if (!format) throw wrong('has samples before it says how they are stored');
      const frames = Math.floor(size / (format.channels * BYTES[format.format]));
      if (!frames) throw wrong('has no samples');
      return { ...format, frames, bytes: part.subarray(0, frames * format.channels * BYTES[format.format]) };
    }
    at += 8 + size + (size % 2);
  }
  throw wrong('has no samples');
}

/** @param {string} id */
const printable = (id) => id.replace(/[^ -~]/g, '?');

/** @param {Uint8Array} part "fmt " @param {string} name */
function readFormat(part, name) {
  const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
  const wrong = (/** @type {string} */ what) => new FormatError(`${name} ${what}`, { path: name });
  if (part.length < 16) throw wrong(`describes its samples in ${part.length} bytes; expected 16 or more`);
  const [said, channels] = [view.getUint16(0, true), view.getUint16(2, true)];
  const [samplingRate, each, bits] = [
    view.getUint32(4, true),
    view.getUint16(12, true),
    view.getUint16(14, true),
  ];
  let tag = said;
  if (said === EXTENSIBLE) {
    if (part.length < 40) throw wrong('is of an extensible format without its subformat');
    const rest = Array.from(part.subarray(26, 40), (byte) => byte.toString(16).padStart(2, '0')).join('');
    tag = rest === GUID ? view.getUint16(24, true) : said;
  }
  const format = FORMATS[`${tag}/${bits}`];
  if (format === undefined) {
    throw new UnsupportedError(
      `${name} has samples of format ${tag} with ${bits} bits; expected PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64`,
      { path: name, value: tag },
    );
  }
  if (!channels || each !== channels * BYTES[format])
    throw wrong(`has ${channels} channels of ${bits} bits in ${each} bytes`);
  if (!samplingRate) throw wrong('has a sampling rate of 0');
  return { format, channels, samplingRate };
}
