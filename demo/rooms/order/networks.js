/** The networks of the room: the baked readings stand at once, the models take over when they are loaded. */
import baked from 'baked:order';
import learned from 'model:roles/learned';
import none from 'model:roles/none';
import rotary from 'model:roles/rotary';
import sines from 'model:roles/sines';
import { pageModel } from '../../parts/core.js';
import { read } from './reading.js';

/**
 * @import { Reading } from './reading.js'
 * @import { Readings } from './stage.js'
 * @typedef {'learned' | 'sines' | 'rotary'} Positions
 */

const FILES = { learned, sines, rotary };

const BAKED = Object.keys(baked.told);
/** Words that these networks know. @type {number} */
export const WORDS = baked.words;

/** @type {Map<string, Readings>} */
const known = new Map(
  BAKED.map((sentence) => [
    `sines ${sentence}`,
    { told: baked.told[sentence], blind: baked.blind[sentence] },
  ]),
);

/**
 * @param {readonly string[]} words
 * @param {Positions} positions
 * @returns {Readings | undefined} if it has been read before
 */
export const readingsOf = (words, positions) => known.get(`${positions} ${words.join(' ')}`);

/**
 * @param {readonly string[]} words
 * @param {Positions} positions
 * @returns {Promise<Readings>}
 */
export async function readWords(words, positions) {
  return readingsOf(words, positions) ?? (await compute(words, positions));
}

/** @param {readonly string[]} words @param {Positions} positions @returns {Promise<Readings>} */
async function compute(words, positions) {
  const [told, blind] = await Promise.all([pageModel(FILES[positions]), pageModel(none)]);
  const readings = { told: await read(told, words), blind: await read(blind, words) };
  known.set(`${positions} ${words.join(' ')}`, readings);
  return readings;
}

/** Loads what the first screen needs, and reads what was baked anew: to all digits. */
export async function preload() {
  for (const sentence of BAKED) await compute(sentence.split(' '), 'sines');
}
