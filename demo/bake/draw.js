/** What the room *Draw* shows before its networks are loaded: what they say of the first drawing, and what they got right. */
import { readFile } from 'node:fs/promises';
import { load } from '../../web/index.js';
import { orderOf } from '../rooms/draw/patches.js';
import { KINDS, readDrawing } from '../rooms/draw/reading.js';
import { ORDER, SIX } from '../rooms/draw/six.js';
import { rasterOf, strokesOf } from '../rooms/draw/strokes.js';

const FOLDER = new URL('../models/digits/', import.meta.url);

export default async function bake() {
  const { of, kinds } = JSON.parse(await readFile(new URL('measured.json', FOLDER), 'utf8'));
  const asked = {
    ...{ pixels: rasterOf(strokesOf(SIX)), order: orderOf(ORDER), layer: 0, head: 0, patch: null },
  };
  /** @type {Record<string, unknown>} */
  const answers = {};
  for (const kind of KINDS) {
    const encoder = await load(new URL(`${kind}/`, FOLDER));
    answers[kind] = rounded(await readDrawing(encoder, asked));
    encoder.dispose();
  }
  return { answers, measured: { of, kinds } };
}

/** Four digits are as many as are seen. @param {unknown} value */
const rounded = (value) =>
  JSON.parse(JSON.stringify(value), (_, x) => (typeof x === 'number' ? Number(x.toFixed(4)) : x));
