/** Texts and pairs of texts with their labels and scores, against transformers' text-classification pipeline. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load } from '../../web/index.js';

const TASKS = fileURLToPath(new URL('../goldens/data/tasks/', import.meta.url));
/** Hugging Face's name of an option as ours. @param {string} name */
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

for (const name of readdirSync(TASKS).filter((folder) => folder.startsWith('classify-'))) {
  const { calls } = JSON.parse(readFileSync(`${TASKS}${name}/case.json`, 'utf8'));
  test(`${name}: labels and scores are the pipeline's`, async () => {
    const encoder = await load(TASKS + name);
    for (const { input, options, expected, tol } of calls) {
      const given = Object.entries(options).filter(([, value]) => value !== null);
      const texts = [input]
        .flat()
        .map((/** @type {any} */ one) =>
          typeof one === 'string' ? one : { text: one.text, pair: one.text_pair },
        );
      const asked = Object.fromEntries(given.map(([key, value]) => [camel(key), value]));
      const found = await encoder.classify(/** @type {any} */ (texts), /** @type {any} */ (asked));
      const lists = Array.isArray(expected[0]) ? expected : [expected];
      assert.equal(found.length, lists.length);
      for (const [i, list] of lists.entries()) {
        for (const [j, { label, score }] of list.entries()) {
          const one = /** @type {any} */ (found)[i][j];
          assert.equal(one.label, label);
          assert.ok(
            Math.abs(one.score - score) <= tol,
            `${JSON.stringify(input)}: ${one.score}, expected ${score}`,
          );
        }
      }
    }
    encoder.dispose();
  });
}

test('a reranker scores pairs of a query and a document, as a CrossEncoder of sentence-transformers does', async () => {
  const { calls } = JSON.parse(readFileSync(`${TASKS}rank-bert-sigmoid/case.json`, 'utf8'));
  const encoder = await load(`${TASKS}rank-bert-sigmoid`);
  let compared = 0;
  for (const { query, documents, options, expected, tol } of calls) {
    const pairs = documents.map((/** @type {string} */ pair) => ({ text: query, pair }));
    const asked = options.activation ? { functionToApply: options.activation } : {};
    const found = /** @type {any[]} */ (await encoder.classify(pairs, asked));
    for (const { corpus_id: document, score } of expected) {
      // An empty document is a second text for a CrossEncoder, and none for the pipeline.
      if (documents[document] === '') continue;
      const [{ score: own }, ...others] = found[document];
      assert.ok(Math.abs(own - score) <= tol, `${document}: ${own}, expected ${score}`);
      assert.equal(others.length, 0);
      compared++;
    }
  }
  assert.ok(compared >= 8, `${compared} scores`);
  encoder.dispose();
});
