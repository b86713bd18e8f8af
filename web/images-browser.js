/**
 * Pictures in a browser, on a page or in a worker: the engine decodes them, a canvas gives their pixels. Values come out as
 * the file has them: no colour profile, and where the engine has ImageDecoder no loss by alpha (on a canvas colours are kept
 * multiplied by it).
 */
import { FormatError, InputError, UnsupportedError } from '../bindings/errors.js';
import { turn } from '../bindings/vision/orientation.js';
import { fetchImage } from './images.js';

/** @typedef {{ data: Uint8ClampedArray | Uint8Array, width: number, height: number, channels: number }} Pixels */

/** Of orientation browsers know only to apply it: files come without. @type {ImageBitmapOptions} */
const AS_THEY_ARE = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };

/**
 * @param {string} location an address, which may be relative to the page
 * @param {number} most bytes
 * @returns {Promise<Uint8Array>}
 */
export async function loadImage(location, most) {
  let url;
  try {
    url = new URL(location, globalThis.location?.href);
  } catch (cause) {
    throw new InputError(`"${location}" is not an address`, {
      path: location,
      value: location,
      cause,
    });
  }
  // A scheme of one letter is a drive.
  if (url.protocol === 'file:' || url.protocol.length === 2) {
    const message = `"${location}" is a path, which browsers do not read; expected an address, or the file as a File`;
    throw new InputError(message, { path: location, value: location });
  }
  return fetchImage(url, most);
}

/**
 * @param {import('../bindings/vision/header.js').EncodedImage} image
 * @param {string} name for messages
 * @returns {Promise<Pixels>} turned as its orientation says
 * @throws {UnsupportedError} if the engine does not know the format; {FormatError} if it cannot decode the file
 */
export async function decodeImage({ format, alpha, parts, orientation }, name) {
  const type = `image/${format}`;
  const file = new Blob(/** @type {Uint8Array<ArrayBuffer>[]} */ (parts), { type });
  try {
    const pixels = (alpha ? await decodeStraight(file) : null) ?? (await decodeOnCanvas(file));
    return turn(pixels, orientation);
  } catch (cause) {
    if ('ImageDecoder' in globalThis && !(await ImageDecoder.isTypeSupported(type))) {
      throw new UnsupportedError(
        `this browser does not decode ${format}: convert the picture to a PNG or JPEG, or pass {data, width, height}`,
        { path: name, value: format, cause },
      );
    }
    throw new FormatError(
      `${name} could not be decoded as ${format}: ${/** @type {Error} */ (cause).message}`,
      { path: name, cause },
    );
  }
}

/** @param {Blob} file @returns {Promise<Pixels>} */
async function decodeOnCanvas(file) {
  const bitmap = await createImageBitmap(file, AS_THEY_ARE);
  const pixels = draw(bitmap, bitmap.width, bitmap.height);
  bitmap.close();
  return pixels;
}

/**
 * A canvas keeps colours multiplied by alpha, and none where alpha is 0; a decoder of frames keeps them as they are, unless
 * it is asked to convert them.
 * @param {Blob} file
 * @returns {Promise<Pixels | null>} null where the engine has no such decoder, or its frames are not of four bytes a pixel
 */
async function decodeStraight(file) {
  const { type } = file;
  if (!('ImageDecoder' in globalThis) || !(await ImageDecoder.isTypeSupported(type))) return null;
  const decoder = new ImageDecoder({ data: await file.arrayBuffer(), type, ...AS_THEY_ARE });
  try {
    const { image } = await decoder.decode();
    const { format, codedWidth: width, codedHeight: height } = image;
    const pixels = new Uint8Array(width * height * 4);
    const known = /^(RGB|BGR)[AX]$/.test(format ?? '');
    if (known) await image.copyTo(pixels);
    image.close();
    if (!known) return null;
    if (format?.startsWith('BGR')) exchangeRedAndBlue(pixels);
    return { data: pixels, width, height, channels: 4 };
  } finally {
    decoder.close();
  }
}

/** @param {Uint8Array} pixels */
function exchangeRedAndBlue(pixels) {
  for (let i = 0; i < pixels.length; i += 4) {
    const blue = pixels[i];
    pixels[i] = pixels[i + 2];
    pixels[i + 2] = blue;
  }
}

/**
 * @param {ImageBitmap | HTMLCanvasElement | OffscreenCanvas | HTMLImageElement} surface
 * @returns {Promise<Pixels>}
 * @throws {InputError} if the browser does not give its pixels, as for pictures of other origins
 */
export async function readSurface(surface) {
  try {
    if ('naturalWidth' in surface) {
      const bitmap = await createImageBitmap(surface, AS_THEY_ARE);
      const pixels = draw(bitmap, bitmap.width, bitmap.height);
      bitmap.close();
      return pixels;
    }
    return draw(surface, surface.width, surface.height);
  } catch (cause) {
    throw new InputError(`the image's pixels cannot be read: ${/** @type {Error} */ (cause).message}`, {
      path: 'image',
      cause,
    });
  }
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @returns {Pixels}
 */
function draw(source, width, height) {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('there is no 2d canvas');
  context.drawImage(source, 0, 0);
  return { data: context.getImageData(0, 0, width, height).data, width, height, channels: 4 };
}
