/** What *Inside* shows before its models are loaded: one sentence and the same turned round, told and not told. */
import { load } from '../../web/index.js';
import { figureOf, pack } from '../rooms/inside/making.js';
import { readPair } from '../rooms/inside/pair.js';
import { FIRST } from '../rooms/inside/steps.js';

const model = (/** @type {string} */ name) => load(new URL(`../models/roles/${name}/`, import.meta.url));

export default async function bake() {
  const encoders = { told: await model('sines'), blind: await model('none') };
  const figure = figureOf(await readPair(encoders, FIRST.split(' ')));
  encoders.told.dispose();
  encoders.blind.dispose();
  return pack(figure);
}
