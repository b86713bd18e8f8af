/** Logits of where an answer starts and ends, against the scores of transformers' question-answering pipeline. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load, loadTokenizer } from '../../web/index.js';

const FOLDER = fileURLToPath(new URL('../goldens/data/tasks/answer-bert/', import.meta.url));
const { calls } = JSON.parse(readFileSync(`${FOLDER}case.json`, 'utf8'));

/** A softmax over the tokens of the context and [CLS], as the pipeline has it; 0 for all others. @param {number[]} logits @param {boolean[]} inside */
function shares(logits, inside) {
  const exponentials = logits.map((value, i) => (inside[i] || i === 0 ? Math.exp(value) : 0));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / sum);
}

test('the product of the shares of its first and last token is the score of each answer', async () => {
  const [encoder, tokenizer] = [await load(FOLDER), await loadTokenizer(FOLDER)];
  assert.ok(encoder.tasks.includes('question-answering'));
  let compared = 0;
  for (const { question, context, options, windows, expected, tol } of calls) {
    if (options.align_to_words !== false || windows !== 1) continue;
    const { ids, typeIds, offsets, sequenceIds } = tokenizer.encode(question, { pair: context });
    const { start_logits, end_logits, ...others } = await encoder.forward({
      input_ids: [[...ids]],
      token_type_ids: [[...typeIds]],
    });
    assert.deepEqual(Object.keys(others), ['last_hidden_state']);
    assert.deepEqual([start_logits.shape, end_logits.shape], Array(2).fill([1, ids.length]));
    const inside = sequenceIds.map((/** @type {number | null} */ id) => id === 1);
    const [first, last] = [start_logits, end_logits].map(({ data }) => shares([...data].map(Number), inside));
    for (const { score, start, end } of expected) {
      const found = offsets.flatMap(([from], i) =>
        offsets.flatMap(([, to], j) => (inside[i] && from === start && to === end ? first[i] * last[j] : [])),
      );
      assert.ok(
        found.some((value) => Math.abs(value - score) <= tol),
        `${start} to ${end}: ${found}, expected ${score}`,
      );
      compared++;
    }
  }
  assert.ok(compared >= 3, `${compared} answers`);
  encoder.dispose();
});
