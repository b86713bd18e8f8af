/** How alike the rows of the learned table are at twenty moments of its training: cosines in 8 bits, each pair once. */
import { readFile } from 'node:fs/promises';
import { similarity, Tensor } from '../../web/index.js';

const FOLDER = new URL('../models/digits/', import.meta.url);

export default async function bake() {
  const tables = Tensor.fromNpy(await readFile(new URL('learned-growing.npy', FOLDER)));
  const { snapshots } = JSON.parse(await readFile(new URL('measured.json', FOLDER), 'utf8'));
  const [moments, rows] = tables.shape;
  const pairs = [];
  for (let moment = 0; moment < moments; moment++) {
    const cosines = similarity(tables.slice(moment)).data;
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < i; k++) pairs.push(Math.round(127 * Number(cosines[i * rows + k])));
  }
  return { steps: snapshots, pairs: Buffer.from(Int8Array.from(pairs).buffer).toString('base64') };
}
