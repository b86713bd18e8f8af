/** The page's text models give, in the library, the answers that PyTorch counted (demo/models/train_roles.py, measured.json). */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { load } from '../../web/index.js';
import { safetensors } from './fixtures.js';

/** @typedef {Awaited<ReturnType<typeof load>>} Encoder */

const ROLES = fileURLToPath(new URL('../../demo/models/roles/', import.meta.url));
const NAMES = ['none', 'who', 'did', 'whom', 'where', 'when'];
const TOLD = ['learned', 'sines', 'rotary'];
const measured = JSON.parse(readFileSync(`${ROLES}measured.json`, 'utf8'));
const fresh = readFileSync(`${ROLES}fresh.tsv`, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t'));

/** The scores of each word's roles. @param {Encoder} encoder @param {string[]} sentences @returns {Promise<number[][][]>} */
async function scoresOf(encoder, sentences) {
  const { logits } = await encoder.forward(encoder.tokenize(sentences));
  const rows = /** @type {number[][][]} */ (logits.tolist());
  return sentences.map((sentence, i) => rows[i].slice(1, 1 + sentence.split(' ').length));
}

/** The index of each word's role. @param {Encoder} encoder @param {string[]} sentences */
const answers = async (encoder, sentences) =>
  (await scoresOf(encoder, sentences)).map((words) =>
    words.map((scores) => scores.indexOf(Math.max(...scores))),
  );

/** @param {Encoder} encoder */
async function rightOf(encoder) {
  let right = 0;
  for (let at = 0; at < fresh.length; at += 100) {
    const part = fresh.slice(at, at + 100);
    const found = await answers(
      encoder,
      part.map(([sentence]) => sentence),
    );
    part.forEach(([, roles], i) => {
      right += found[i].filter((role, word) => role === Number(roles[word])).length;
    });
  }
  return right;
}

/** @param {string} kind @param {number} right */
function agrees(kind, right) {
  const [expected, words] = measured[kind].file.words;
  assert.ok(Math.abs(right - expected) <= 1, `${kind}: ${right} of ${words} words; PyTorch has ${expected}`);
}

for (const kind of ['none', ...TOLD])
  test(`${kind}: as many words of ${fresh.length} sentences are right as in PyTorch`, async () => {
    const encoder = await load(ROLES + kind);
    assert.deepEqual(Object.values(encoder.config.id2label), NAMES);
    agrees(kind, await rightOf(encoder));
    encoder.dispose();
  });

test('the check finds a file with a table of zeros in place of sines', async () => {
  const files = new Map(
    readdirSync(`${ROLES}sines`).map((name) => [name, new Uint8Array(readFileSync(`${ROLES}sines/${name}`))]),
  );
  const weights = /** @type {Uint8Array<ArrayBuffer>} */ (files.get('model.safetensors'));
  const tensors = Object.fromEntries(readTensors(weights, 'sines'));
  const table = tensors['bert.embeddings.position_embeddings.weight'];
  tensors['bert.embeddings.position_embeddings.weight'] = {
    ...table,
    data: new Uint8Array(table.data.length),
  };
  const encoder = await load(files.set('model.safetensors', safetensors(tensors)));
  const right = await rightOf(encoder);
  encoder.dispose();
  assert.throws(() => agrees('sines', right), /words; PyTorch has/);
});

/** What each word of a sentence is, of the grammar: the index of its role. */
const SENTENCES = {
  'the dog chased the cat': '11233',
  'the cat chased the dog': '11233',
  'the old dog chased the cat in the garden yesterday': '1112334445',
  'the cat chased the old dog in the garden yesterday': '1123334445',
  'the old dog was chased by the cat in the garden yesterday': '333221114445',
  'The wug daxed the blick': '11233',
};
const LONGER =
  'in the old garden the small dog that the angry cat chased was followed by the brave teacher near the big castle yesterday';
const LONGER_ROLES = '44443330111222111144445';

test("the page's sentences are read by the models that are told places", async () => {
  for (const kind of TOLD) {
    const encoder = await load(ROLES + kind);
    const found = await answers(encoder, Object.keys(SENTENCES));
    assert.deepEqual(
      found.map((roles) => roles.join('')),
      Object.values(SENTENCES),
      kind,
    );
    // Beyond the 16 words of training only rotary reads on, as the page says.
    const [longer] = await answers(encoder, [LONGER]);
    const wrong = longer.findIndex((role, word) => role !== Number(LONGER_ROLES[word]));
    if (kind === 'rotary') assert.equal(wrong, -1);
    else assert.ok(wrong >= 15, `${kind} errs first at word ${wrong + 1}`);
    encoder.dispose();
  }
});

test('the model that is not told places says the same of a word wherever it stands', async () => {
  const encoder = await load(`${ROLES}none`);
  const [front, turned] = Object.keys(SENTENCES).slice(2);
  const words = front.split(' ');
  const orders = [words.toReversed(), words.toSorted(), turned.split(' ')];
  const [expected] = await scoresOf(encoder, [front]);
  for (const order of orders) {
    const [found] = await scoresOf(encoder, [order.join(' ')]);
    order.forEach((word, i) => {
      found[i].forEach((score, role) => {
        const apart = Math.abs(score - expected[words.indexOf(word)][role]);
        assert.ok(apart <= 1e-4, `"${word}" in "${order.join(' ')}": ${apart} apart`);
      });
    });
  }
  encoder.dispose();
});
