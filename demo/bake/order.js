/** What the first screen shows before any model is loaded: both networks on the first sentence, before and after the swap. */
import { readFile } from 'node:fs/promises';
import { load } from '../../web/index.js';
import { read } from '../rooms/order/reading.js';
import { FIRST, SWAPPED } from '../rooms/order/sentences.js';

const folder = (/** @type {string} */ name) => new URL(`../models/roles/${name}/`, import.meta.url);

/**
 * @typedef {Record<string, import('../rooms/order/reading.js').Reading>} BySentence
 * @returns {Promise<{ told: BySentence, blind: BySentence, words: number }>} words: how many the networks know
 */
export default async function bake() {
  const readings = async (/** @type {string} */ name) => {
    const encoder = await load(folder(name));
    const found = [];
    for (const sentence of [FIRST, SWAPPED])
      found.push([sentence, rounded(await read(encoder, sentence.split(' ')))]);
    encoder.dispose();
    return Object.fromEntries(found);
  };
  const vocabulary = (await readFile(new URL('vocab.txt', folder('sines')), 'utf8')).trim().split('\n');
  const words = vocabulary.filter((word) => !/^\[[A-Z]+\]$/.test(word)).length;
  return { told: await readings('sines'), blind: await readings('none'), words };
}

/** @param {import('../rooms/order/reading.js').Reading} reading */
const rounded = ({ shares, looks }) => ({
  shares: shares.map((row) => row.map((share) => Number(share.toFixed(4)))),
  looks: looks.map(([from, to, weight]) => [from, to, Number(weight.toFixed(3))]),
});
