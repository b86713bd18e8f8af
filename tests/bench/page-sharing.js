/** A list of texts in two workers of a page beside one, in the engines of all browsers. Everything comes from a server on loopback. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEngine } from '../browser/engines.js';
import { model, prepare } from './models.js';
import { serveFolders } from './page-server.js';
import { listOf } from './sharing.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TEXTS = 96;
const ENGINES = ['chromium', 'firefox', 'webkit'];

/** In the page: milliseconds of the list in one worker and in two, in turns. @param {string[]} texts @param {number} rounds */
async function inTurns(texts, rounds) {
  const { load } = await import(new URL('dist/index.js', location.href).href);
  const encoders = [await load('model', { worker: 1 }), await load('model', { worker: 2 })];
  const times = encoders.map(() => /** @type {number[]} */ ([]));
  const vectors = [];
  for (const one of encoders) vectors.push((await one.embed(texts)).data.join());
  for (let round = 0; round < rounds; round++) {
    for (const [i, one] of encoders.entries()) {
      const start = performance.now();
      await one.embed(texts);
      times[i].push(performance.now() - start);
    }
  }
  for (const one of encoders) one.dispose();
  return { times, isSame: vectors[0] === vectors[1] };
}

/** @param {import('./page-runs.js').Stage} stage @returns {Promise<Record<string, import('./page.js').Samples>>} milliseconds */
export async function sharedLists({ rounds }) {
  prepare('minilm');
  const server = await serveFolders({
    '/dist/': join(ROOT, 'dist/'),
    '/model/': `${model('minilm').folder}/`,
  });
  /** @type {Record<string, import('./page.js').Samples>} */
  const rows = {};
  try {
    for (const name of ENGINES) {
      const page = await startEngine(name);
      await page.goto(server.url);
      const { times, isSame } = await page.evaluate(inTurns, listOf(TEXTS), rounds);
      await page.close();
      if (!isSame) throw new Error(`${name}: two workers give other bits`);
      rows[`page workers, ${name}, minilm ${TEXTS} texts, one`] = { samples: times[0] };
      rows[`page workers, ${name}, minilm ${TEXTS} texts, two`] = { samples: times[1] };
    }
  } finally {
    server.close();
  }
  return rows;
}
