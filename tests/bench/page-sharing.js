/** A list of texts in two workers of a page beside one, in the engines of all browsers. Everything comes from a server on loopback. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEngine } from '../browser/engines.js';
import { model, prepare } from './models.js';
import { serveFolders } from './page-server.js';
import { listOf } from './sharing.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TEXTS = 96;
const COUNTS = [1, 2];
const ENGINES = ['chromium', 'firefox', 'webkit'];

/** In the page: so many workers with the model. @param {number} count */
async function openWorkers(count) {
  const { load } = await import(new URL('dist/index.js', location.href).href);
  const encoder = await load('model', { worker: count });
  Object.assign(globalThis, { [`workers${count}`]: encoder });
}

/** In the page: milliseconds of the list in so many workers, and its vectors. @param {number} count @param {string[]} texts */
async function embedIn(count, texts) {
  const encoder = Reflect.get(globalThis, `workers${count}`);
  const start = performance.now();
  const { data } = await encoder.embed(texts);
  return { ms: performance.now() - start, vectors: data.join() };
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
      const texts = listOf(TEXTS);
      // Step by step: a driver gives a page's script half a minute.
      for (const count of COUNTS) await page.evaluate(openWorkers, count);
      const first = [];
      for (const count of COUNTS) first.push((await page.evaluate(embedIn, count, texts)).vectors);
      if (first[0] !== first[1]) throw new Error(`${name}: two workers give other bits`);
      const times = COUNTS.map(() => /** @type {number[]} */ ([]));
      for (let round = 0; round < rounds; round++)
        for (const [i, count] of COUNTS.entries())
          times[i].push((await page.evaluate(embedIn, count, texts)).ms);
      await page.close();
      rows[`page workers, ${name}, minilm ${TEXTS} texts, one`] = { samples: times[0] };
      rows[`page workers, ${name}, minilm ${TEXTS} texts, two`] = { samples: times[1] };
    }
  } finally {
    server.close();
  }
  return rows;
}
