// TIFF and BigTIFF: the size, orientation and kind of the first picture. Kinds on whose colours decoders disagree are refused.

import { UnsupportedError } from '../../errors.js';
import { bytesOf, integersOf, orientationOf, readDirectory, TAG, widthOf } from './exif.js';
import { endsEarly, replaced } from './parts.js';

const TAGS = Object.freeze({
  WIDTH: 256,
  HEIGHT: 257,
  BITS: 258,
  COLOURS: 262,
  SAMPLES: 277,
  EXTRA: 338,
  SAMPLE_FORMAT: 339,
});
/**
 * Samples of a pixel by how they are colours, as TAGS.COLOURS numbers it: grey that is white at 0, grey, RGB, a palette, CMYK and
 * YCbCr.
 * @type {Record<number, number>}
 */
const KINDS = Object.freeze({ 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3 });
const CMYK = 5;
const WHOLE_NUMBERS = 1;
/** An extra sample that is alpha, by which colours have been multiplied. */
const ASSOCIATED_ALPHA = 1;
const DEPTHS = [1, 2, 4, 8, 16];

/** @type {import('../header.js').Reader} */
export function readTiff(bytes, _view, name) {
  const directory = readDirectory(bytes);
  if (!directory?.whole) throw endsEarly(name);
  const values = (/** @type {number} */ tag) => integersOf(directory, tag);
  const [width = 0] = values(TAGS.WIDTH);
  const [height = 0] = values(TAGS.HEIGHT);
  const colours = checkKind(values, name);
  const orientation = orientationOf({ directory, xmp: bytesOf(directory, TAG.XMP) });
  return {
    format: 'tiff',
    width,
    height,
    orientation,
    alpha: values(TAGS.EXTRA).length > 0,
    cmyk: colours === CMYK,
    parts: orientation === 1 ? [bytes] : withoutOrientation(bytes, directory),
  };
}

/**
 * @param {(tag: number) => number[]} values
 * @param {string} name
 * @returns {number} How samples are colours.
 */
function checkKind(values, name) {
  const [colours] = values(TAGS.COLOURS);
  const own = KINDS[colours];
  const [samples = 1] = values(TAGS.SAMPLES);
  const extra = values(TAGS.EXTRA);
  const bits = values(TAGS.BITS);
  const depths = colours === CMYK ? [8] : DEPTHS;
  /** @type {[string, unknown, boolean, string][]} */
  const rules = [
    ['kind of colours', colours, own !== undefined, 'grey, RGB, a palette, CMYK or YCbCr (0 to 3, 5, 6)'],
    ['bits a sample', bits, bits.every((depth) => depths.includes(depth)), depths.join(', ')],
    [
      'sample format',
      values(TAGS.SAMPLE_FORMAT),
      values(TAGS.SAMPLE_FORMAT).every((format) => format === WHOLE_NUMBERS),
      'whole numbers (1)',
    ],
    [
      'samples a pixel',
      samples,
      own === undefined || samples === own + extra.length,
      `${own}, or more with extra ones`,
    ],
    [
      'extra samples',
      extra,
      !extra.includes(ASSOCIATED_ALPHA) && !(colours === CMYK && extra.length),
      'none, or plain alpha',
    ],
  ];
  for (const [what, value, holds, expected] of rules) {
    if (holds) continue;
    throw new UnsupportedError(
      `${name} is a TIFF whose ${what} is ${String(value)}; expected ${expected}: convert it to a PNG`,
      { path: name, value },
    );
  }
  return colours;
}

/** Says that the picture is as it is, for decoders that would turn it. @param {Uint8Array} bytes @param {import('./exif.js').Directory} directory */
function withoutOrientation(bytes, { entries, little }) {
  const entry = entries.get(TAG.ORIENTATION);
  if (!entry) return [bytes]; // XMP says it, which no decoder reads
  const values = new Array(widthOf(entry.type)).fill(0);
  values[little ? 0 : values.length - 1] = 1;
  return replaced(bytes, [{ at: entry.at, values }]);
}
