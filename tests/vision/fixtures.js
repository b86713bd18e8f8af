// What the tests of pictures share: the fixtures that Pillow and transformers made (image_fixtures.py and format_fixtures.py
// beside this file made them), an instance of the core, and pictures as pixels. Not a test.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Instance } from '../../bindings/core/instance.js';
import { loadCore } from '../../web/core.js';
import { decodeBy, decoderOf } from '../../web/images-node.js';
import * as platform from '../../web/platform.js';

/**
 * @typedef {{ name: string, file: string, width: number, height: number, pixels: string }} FileFixture pixels: [height,
 *   width, 3], turned
 * @typedef {FileFixture & { stored?: string }} FormatFixture stored: pixels before they are turned, [width, height, 3] where
 *   the sides change places
 * @typedef {{ from: [number, number], to: [number, number], channels: number, filter: number, pixels: string,
 *   expected: string }} ResizeFixture
 * @typedef {{ name: string, config: any, height: number, width: number, pixels: string, shape: number[],
 *   expected: string }} ProcessorFixture
 */

/** @type {{ files: FileFixture[], 'cmyk.jpg': string, resized: ResizeFixture[], processed: ProcessorFixture[] }} */
export const fixtures = JSON.parse(readFileSync(new URL('image_fixtures.json', import.meta.url), 'utf8'));

/** @type {{ orientations: FormatFixture[], formats: FormatFixture[], refused: Record<string, string> }} */
export const formats = JSON.parse(readFileSync(new URL('format_fixtures.json', import.meta.url), 'utf8'));

/** @param {string} text base64 */
export const bytesOf = (text) => new Uint8Array(Buffer.from(text, 'base64'));

/** @param {string} text base64 */
export const floatsOf = (text) => new Float32Array(bytesOf(text).buffer);

/** @param {string} name */
export function fileOf(name) {
  const all = [...fixtures.files, ...formats.orientations, ...formats.formats];
  const found = all.find((file) => file.name === name);
  if (!found) throw new Error(`there is no fixture "${name}"`);
  return bytesOf(found.file);
}

/** An instance of the build that $WASMFORMER_BUILD names, or of the best. */
export const startCore = async () => Instance.create(await loadCore({ simd: build }));

const build = /** @type {'base' | 'relaxed' | 'auto'} */ (process.env.WASMFORMER_BUILD ?? 'auto');

/**
 * @param {number} height
 * @param {number} width
 * @param {number} [channels]
 * @param {(i: number) => number} [value] of the i-th byte
 */
export function picture(height, width, channels = 3, value = (i) => (i * i * 31 + i * 7) % 256) {
  return {
    data: Uint8Array.from({ length: height * width * channels }, (_, i) => value(i)),
    height,
    width,
    channels,
  };
}

/** The pixels' colours. @param {import('../../bindings/vision/pixels.js').CheckedPixels} pixels */
export function rgbOf({ data, channels }) {
  if (channels === 3) return data;
  return Uint8Array.from({ length: (data.length / channels) * 3 }, (_, i) =>
    channels === 1 ? data[Math.floor(i / 3)] : data[Math.floor(i / 3) * 4 + (i % 3)],
  );
}

/**
 * @param {import('../../bindings/vision/pixels.js').CheckedPixels} image
 * @param {Pick<FileFixture, 'width' | 'height' | 'pixels'>} expected
 * @param {number} [tolerance] levels
 */
export function assertPixels(image, { width, height, pixels }, tolerance = 0) {
  assert.deepEqual([image.width, image.height], [width, height]);
  const [got, want] = [rgbOf(image), bytesOf(pixels)];
  if (tolerance === 0) return assert.deepEqual(got, want);
  assert.equal(got.length, want.length);
  const worst = got.reduce((most, x, i) => Math.max(most, Math.abs(x - want[i])), 0);
  assert.ok(worst <= tolerance, `${worst} levels`);
}

/** The platform as it is where sharp is not installed. @type {import('../../bindings/vision/input.js').ImagePlatform} */
export const withoutSharp = {
  ...platform,
  decodeImage: async (image, name) => decodeBy(await decoderOf(image), image, name),
};
