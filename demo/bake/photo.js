/** The sample photograph read by DINOv2, once for all that is made of it. */
import { fileURLToPath } from 'node:url';
import { load } from '../../web/index.js';
import { readPicture } from '../rooms/pictures/reading.js';

const folder = fileURLToPath(new URL('../../.cache/photo', import.meta.url));

/** @type {ReturnType<typeof load> | undefined} */
let loaded;

/** DINOv2, loaded once. */
export function network() {
  loaded ??= load(folder);
  return loaded;
}

/** @type {Promise<import('../rooms/pictures/reading.js').Reading> | undefined} */
let made;

export function photo() {
  made ??= network().then((encoder) => readPicture(encoder, { path: `${folder}/photo.jpg` }));
  return made;
}

/** Values from 0 to their largest in 8 bits. @param {Float32Array} values */
export function packed(values) {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return { most, values: Uint8Array.from(values, (x) => Math.round((255 * x) / most)) };
}

/** @param {ArrayBufferView} array */
export const base64 = (array) =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
