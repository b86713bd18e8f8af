/** Sentence vectors and classes from text: options of embed, classify and tokenize, against goldens and plain sums. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { load, similarity } from '../../web/index.js';
import { readTensorFile } from '../goldens/models.js';
import { folder, minilm, models, rejects } from './fixtures.js';

const encoder = await load(minilm);
after(() => encoder.dispose());

const { sentences } = JSON.parse(readFileSync(`${models}minilm/case.json`, 'utf8'));
/** @type {string[]} */
const texts = sentences.map((/** @type {{ text: string }} */ { text }) => text);
const golden = readTensorFile(`${models}minilm/case.safetensors`).get('out.embeddings');
assert.ok(golden);

/** @param {ArrayLike<number | bigint>} a @param {ArrayLike<number>} b @param {number} tolerance */
function close(a, b, tolerance) {
  assert.equal(a.length, b.length);
  for (let i = 0; i < b.length; i++)
    assert.ok(Math.abs(Number(a[i]) - b[i]) <= tolerance, `${i}: ${a[i]} ~ ${b[i]}`);
}

test('what the model says of itself', () => {
  assert.equal(encoder.modelType, 'bert');
  assert.equal(encoder.dimensions, 384);
  assert.equal(encoder.maxLength, 256);
  assert.deepEqual(encoder.pooling, ['mean']);
  assert.deepEqual(encoder.tasks, ['feature-extraction']);
});

test('vectors are those of sentence-transformers', async () => {
  const vectors = await encoder.embed(texts);
  assert.deepEqual(vectors.shape, [25, 384]);
  const long = sentences.flatMap((/** @type {any} */ { n_tokens: n }, /** @type {number} */ i) =>
    n === 256 ? [i] : [],
  );
  assert.deepEqual(vectors.truncated, long);
  close(vectors.data, /** @type {Float32Array} */ (golden.data), 2e-6);
});

test('pooling, normalize and dimensions are what they say', async () => {
  const inputs = encoder.tokenize(texts[4]);
  const { last_hidden_state: rows } = await encoder.forward(inputs);
  const [tokens, width] = rows.shape.slice(1);
  const column = (/** @type {number} */ i) =>
    Array.from({ length: tokens }, (_, t) => Number(rows.data[t * width + i]));
  const sum = (/** @type {number[]} */ list) => list.reduce((a, b) => a + b, 0);
  /** @type {Record<string, (list: number[]) => number>} */
  const expected = {
    cls: (list) => list[0],
    lasttoken: (list) => list[tokens - 1],
    mean: (list) => sum(list) / tokens,
    max: (list) => Math.max(...list),
    mean_sqrt_len: (list) => sum(list) / Math.sqrt(tokens),
    weightedmean: (list) => sum(list.map((value, t) => value * (t + 1))) / sum(list.map((_, t) => t + 1)),
  };
  for (const [pooling, reduce] of Object.entries(expected)) {
    const options = { pooling: /** @type {any} */ (pooling), normalize: false };
    const vector = await encoder.embed(texts[4], options);
    close(
      vector.data,
      Array.from({ length: width }, (_, i) => reduce(column(i))),
      2e-6,
    );
  }
  const two = await encoder.embed(texts[4], { pooling: ['cls', 'max'], normalize: false });
  assert.deepEqual(two.shape, [1, 768]);
  const whole = await encoder.embed(texts[4]);
  const short = await encoder.embed(texts[4], { dimensions: 64 });
  assert.deepEqual(short.tolist(), whole.slice(null, [0, 64]).tolist(), 'cut as sentence-transformers cuts');
  const unit = await encoder.embed(texts[4], { dimensions: 64, normalize: true });
  close([Math.hypot(.../** @type {number[]} */ (unit.slice(0).tolist()))], [1], 1e-6);
});

test('int8 and binary vectors keep the direction', async () => {
  const exact = similarity(await encoder.embed(texts));
  const small = similarity(await encoder.embed(texts, { precision: 'int8' }));
  close(small.data, /** @type {Float32Array} */ (exact.data), 0.02);
  const bits = await encoder.embed(texts[3], { precision: 'binary' });
  const values = (await encoder.embed(texts[3])).data;
  assert.deepEqual([bits.dtype, ...bits.shape], ['int8', 1, 48]);
  for (let i = 0; i < 384; i++) {
    assert.equal(((Number(bits.data[i >> 3]) + 128) >> (7 - (i % 8))) & 1, Number(values[i]) > 0 ? 1 : 0);
  }
});

test('long texts are cut and reported, refused, or split into chunks', async () => {
  const long = 'the cat sat on the mat and looked at the moon '.repeat(60);
  const cut = await encoder.embed(['short', long]);
  assert.deepEqual(cut.truncated, [1]);
  await rejects(encoder.embed(long, { onTruncate: 'error' }), 'InputError', /tokens; expected at most 256/);
  const chunked = await encoder.embed(['short', long], { onTruncate: 'chunk' });
  assert.deepEqual([chunked.shape, chunked.truncated], [[2, 384], []]);
  assert.equal(chunked.slice(0).data.join(), cut.slice(0).data.join());
  const likeness = similarity(chunked.slice([1, 2]), cut)
    .slice(0, 1)
    .tolist();
  assert.ok(Number(likeness) > 0.9);
});

test('a list longer than is prepared at a time gives the same bits, in order', async () => {
  const many = Array.from({ length: 1100 }, (_, i) => (i === 1050 ? 'long '.repeat(300) : `${i % 7} words`));
  /** @type {number[]} */
  const seen = [];
  const vectors = await encoder.embed(many, { progress: ({ done }) => seen.push(done) });
  assert.deepEqual(vectors.truncated, [1050]);
  assert.equal(seen.at(-1), 1100);
  assert.equal(vectors.slice(1099).data.join(), (await encoder.embed(many[1099])).slice(0).data.join());
  assert.equal(vectors.slice(3).data.join(), vectors.slice(1025).data.join());
});

test('a prompt is put before the text, progress is told, an empty list is no error', async () => {
  const prompted = await encoder.embed('Hello', { prompt: 'query: ' });
  assert.equal(prompted.data.join(), (await encoder.embed('query: Hello')).data.join());
  /** @type {number[]} */
  const seen = [];
  await encoder.embed(texts, { progress: ({ done, total }) => seen.push(done / total) });
  assert.equal(seen.at(-1), 1);
  assert.deepEqual((await encoder.embed([])).shape, [0, 384]);
});

/** @type {[string, any, any, RegExp][]} */
const wrong = [
  ['a number as text', 5, {}, /texts is 5; expected a string, or an array of them/],
  ['a number among the texts', ['a', 5], {}, /texts\[1\] is 5; expected a string/],
  [
    'an unknown pooling',
    'a',
    { pooling: 'median' },
    /"pooling" must be one, or a list, of 'cls', 'mean'.* not "median"/,
  ],
  ['too many dimensions', 'a', { dimensions: 385 }, /"dimensions" must be an integer from 1 to 384, not 385/],
  ['NaN dimensions', 'a', { dimensions: NaN }, /"dimensions" must be an integer.* not NaN/],
  ['an unknown precision', 'a', { precision: 'int4' }, /"precision" must be one of .* not "int4"/],
  ['binary vectors of odd length', 'a', { precision: 'binary', dimensions: 12 }, /multiple of 8/],
  ['a prompt that is no text', 'a', { prompt: 3 }, /"prompt" must be a string, not 3/],
  ['an unknown option', 'a', { pool: 'cls' }, /unknown option "pool"/],
];

for (const [what, text, options, message] of wrong) {
  test(`${what}: refused, and the encoder goes on`, async () => {
    await rejects(encoder.embed(text, options), 'InputError', message);
    close((await encoder.embed(texts[0])).data, /** @type {Float32Array} */ (golden.slice(0).data), 2e-6);
  });
}

test('classify turns the logits of a sequence classifier into labels', async () => {
  // A vocabulary for the golden's 128 ids, so that text reaches them.
  const words = [
    '[PAD]',
    '[UNK]',
    '[CLS]',
    '[SEP]',
    '[MASK]',
    ...Array.from({ length: 123 }, (_, i) => `w${i}`),
  ];
  const classifier = await load(folder('distilbert_seqcls', { 'vocab.txt': words.join('\n') }));
  const both = await classifier.classify(['w1 w2 w3', 'w99']);
  const { logits } = await classifier.forward(classifier.tokenize(['w1 w2 w3', 'w99']));
  for (const [i, list] of both.entries()) {
    const [a, b] = /** @type {number[]} */ (logits.slice(i).tolist());
    const first = 1 / (1 + Math.exp(b - a));
    const found = /** @type {any[]} */ (list);
    assert.equal(found.length, 2);
    close([found.find(({ label }) => label === 'LABEL_0').score], [first], 1e-6);
    assert.ok(found[0].score >= found[1].score);
  }
  const [best] = /** @type {any[]} */ (await classifier.classify('w99', { topK: 1 }));
  assert.deepEqual(best, /** @type {any[]} */ (both[1])[0]);
  await rejects(
    classifier.classify('w1', { topK: 0 }),
    'InputError',
    /"topK" must be an integer of at least 1, not 0/,
  );
  await rejects(
    classifier.classify(/** @type {any} */ (7)),
    'InputError',
    /texts is 7; expected a string or a pair \{text, pair\}/,
  );
  classifier.dispose();
});

test('tokenize takes pairs and lengths', async () => {
  const { input_ids: ids, token_type_ids: types } = encoder.tokenize(['a', 'b c'], { pair: ['d e', 'f'] });
  assert.deepEqual(ids.shape, types.shape);
  assert.deepEqual(types.slice(0, [0, 4]).tolist(), [0, 0, 0, 1]);
  const { input_ids: few, truncated } = encoder.tokenize('one two three four', { maxLength: 4 });
  assert.deepEqual([few.shape, truncated], [[1, 4], [0]]);
  await rejects(() => encoder.tokenize(['a'], { pair: [] }), 'InputError', /pair has 0 texts; expected 1/);
  await rejects(
    () => encoder.tokenize('a', { maxLength: 0 }),
    'InputError',
    /"maxLength" must be an integer of at least 1, not 0/,
  );
});
