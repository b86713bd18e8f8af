/** CLIP and SigLIP: two towers in one encoder, from texts and pictures to vectors and labels. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load, similarity, Tensor } from '../../web/index.js';
import { largestDifference } from '../compare.js';
import { config, folder, rejects } from './fixtures.js';

const tasks = fileURLToPath(new URL('../goldens/data/tasks/', import.meta.url));
const [clip, siglip] = await Promise.all(
  ['clip-zeroshot', 'siglip-zeroshot'].map((name) => load(tasks + name)),
);
after(() => {
  clip.dispose();
  siglip.dispose();
});

/** @param {number} seed a picture by a fixed rule */
const picture = (seed = 37, width = 40, height = 33) => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * seed) % 256),
  width,
  height,
});
const TEXTS = ['a dog', 'a red circle on paper'];
const LABELS = ['a dog', 'a cat', 'fog'];
const pixels = (/** @type {number} */ count) =>
  new Tensor(
    'float32',
    Float32Array.from({ length: count * 3072 }, (_, i) => Math.sin(i)),
    [count, 3, 32, 32],
  );

/** Nested arrays of any depth. @param {any} tensor @returns {any} */
const listOf = (tensor) => tensor.tolist();

/** @param {any} a @param {any} b */
function near(a, b) {
  assert.deepEqual(a.shape, b.shape);
  const worst = largestDifference(a.data, b.data);
  assert.ok(worst <= 1e-6, `${worst}`);
}

test('what a model of two towers is', () => {
  assert.deepEqual(clip.tasks, [
    'zero-shot-image-classification',
    'feature-extraction',
    'image-feature-extraction',
  ]);
  assert.deepEqual([clip.dimensions, clip.maxLength, clip.pooling], [24, 32, ['pooler']]);
  assert.deepEqual([siglip.dimensions, siglip.maxLength, siglip.pooling], [32, 64, ['pooler']]);
  assert.match(String(clip), /^Encoder clip \(zero-shot.*vectors of 24, texts of 32 tokens/);
});

for (const [name, encoder] of Object.entries({ clip, siglip })) {
  test(`${name}: preprocess prepares pictures, not texts, for forward`, async () => {
    const { vision_model_output } = await encoder.forward(await encoder.preprocess([picture(), picture(11)]));
    near(vision_model_output.pooler_output, await encoder.embed([picture(), picture(11)]));
  });

  test(`${name}: embed gives what forward gives, of unit length only if asked for`, async () => {
    const outputs = await encoder.forward({ ...encoder.tokenize(TEXTS), pixel_values: pixels(3) });
    near(await encoder.embed(TEXTS), outputs.text_model_output.pooler_output);
    near(await encoder.embed(TEXTS, { normalize: true }), outputs.text_embeds);
    near(await encoder.embed({ pixel_values: pixels(3) }), outputs.vision_model_output.pooler_output);
    near(await encoder.embed({ pixel_values: pixels(3) }, { normalize: true }), outputs.image_embeds);
    assert.deepEqual(outputs.logits_per_image.shape, [3, 2]);
    const cosines = listOf(similarity(outputs.text_embeds, outputs.image_embeds));
    const logits = listOf(outputs.logits_per_text);
    const [scale] = logits.map(
      (/** @type {number[]} */ row, /** @type {number} */ i) =>
        (row[0] - row[1]) / (cosines[i][0] - cosines[i][1]),
    );
    const bias = logits[0][0] - scale * cosines[0][0];
    logits.flat().forEach((/** @type {number} */ one, /** @type {number} */ i) => {
      assert.ok(Math.abs(one - (scale * cosines[Math.floor(i / 3)][i % 3] + bias)) < 1e-4);
      assert.equal(one, listOf(outputs.logits_per_image)[i % 3][Math.floor(i / 3)]);
    });
  });

  test(`${name}: one tower runs alone, and what it gives is the same`, async () => {
    const texts = encoder.tokenize(TEXTS);
    const both = await encoder.forward({ ...texts, pixel_values: pixels(1) });
    const text = await encoder.forward({ ...texts, pixel_values: null });
    const image = await encoder.forward(
      { pixel_values: pixels(1) },
      { hidden_states: true, attentions: true },
    );
    assert.deepEqual(Object.keys(text), ['text_embeds', 'text_model_output']);
    assert.deepEqual(Object.keys(image), ['image_embeds', 'vision_model_output']);
    assert.deepEqual(text.text_embeds.data, both.text_embeds.data);
    assert.deepEqual(image.image_embeds.data, both.image_embeds.data);
    assert.equal(image.vision_model_output.hidden_states.length, 3);
    assert.equal(image.vision_model_output.attentions.length, 2);
  });

  test(`${name}: a picture's vector and labels do not depend on what else is in the call`, async () => {
    const pictures = [1, 3, 5].map((seed) => picture(seed));
    const together = await encoder.embed(pictures);
    const classes = await encoder.classify(pictures, { labels: LABELS });
    for (const [i, one] of pictures.entries()) {
      const { data } = await encoder.embed(one);
      assert.deepEqual(data, together.data.subarray(i * data.length, (i + 1) * data.length));
      assert.deepEqual(await encoder.classify(one, { labels: LABELS }), classes[i]);
    }
    assert.deepEqual(classes[0].map(({ label }) => label).sort(), [...LABELS].sort());
  });

  test(`${name}: scores are what the function makes of the logits of the sentences`, async () => {
    const given = { labels: LABELS, hypothesisTemplate: 'see {}, {0}!' };
    const logits = await encoder.classify(picture(), { ...given, functionToApply: 'none' });
    const sums = logits.map(({ score }) => Math.exp(score)).reduce((a, b) => a + b, 0);
    for (const [functionToApply, of] of /** @type {const} */ ([
      ['softmax', (/** @type {number} */ x) => Math.exp(x) / sums],
      ['sigmoid', (/** @type {number} */ x) => 1 / (1 + Math.exp(-x))],
    ])) {
      const scores = await encoder.classify(picture(), { ...given, functionToApply, topK: 2 });
      assert.deepEqual(
        scores.map(({ label }) => label),
        logits.slice(0, 2).map(({ label }) => label),
      );
      for (const [i, { score }] of scores.entries()) assert.ok(Math.abs(score - of(logits[i].score)) < 1e-9);
    }
    const sentences = await encoder.embed(LABELS.map((label) => `see ${label}, ${label}!`));
    const order = listOf(similarity(await encoder.embed(picture()), sentences))[0];
    const best = LABELS[order.indexOf(Math.max(...order))];
    assert.equal(logits[0].label, best);
    assert.deepEqual(
      await encoder.classify(picture(), { labels: 'a dog, a cat,fog' }),
      await encoder.classify(picture(), { labels: LABELS }),
    );
  });

  test(`${name}: what is wrong is told`, async () => {
    await rejects(encoder.classify(picture()), 'UnsupportedError', /no classifier.*labels of yours/);
    await rejects(encoder.classify('a dog', { labels: LABELS }), 'InputError', /the image is "a dog"/);
    await rejects(encoder.classify(picture(), { labels: [] }), 'InputError', /labels/);
    await rejects(
      encoder.classify(picture(), { labels: LABELS, multiLabel: true }),
      'UnsupportedError',
      /multiLabel is for texts/,
    );
    await rejects(encoder.embed([picture(), 'a dog']), 'InputError', /images\[1\] is "a dog"/);
    await rejects(encoder.embed(/** @type {any} */ (['a dog', picture()])), 'InputError', /texts\[1\]/);
    await rejects(
      encoder.forward(/** @type {any} */ ({ pixel_value: pixels(1) })),
      'InputError',
      /pixel_value.*did you mean "pixel_values"/,
    );
    await rejects(encoder.forward({}), 'InputError', /no input_ids/);
    const both = { ...encoder.tokenize('a'), pixel_values: pixels(1) };
    await rejects(encoder.embed(both), 'InputError', /input_ids and pixel_values/);
  });
}

test('every string is a text to embed, whatever it ends with', async () => {
  assert.deepEqual((await clip.embed('cat.png')).data, (await clip.embed(['cat.png'])).data);
  await rejects(clip.embed({ path: 'no-such.png' }), 'InputError', /no-such\.png/);
});

test('an empty list has no vectors', async () => {
  assert.deepEqual((await clip.embed(/** @type {string[]} */ ([]))).shape, [0, 24]);
});

test("SigLIP's texts are padded to 64 tokens, and the padding counts", async () => {
  const { input_ids: ids, attention_mask: mask } = siglip.tokenize(TEXTS);
  assert.deepEqual([ids.shape, mask.data.every((one) => one === 1)], [[2, 64], true]);
  assert.equal(ids.data[63], 1);
  const long = await siglip.embed('a very long text '.repeat(40), { normalize: true });
  assert.deepEqual(long.truncated, [0]);
  near(await siglip.embed('a dog', { onTruncate: 'chunk' }), await siglip.embed('a dog'));
});

test('a text whose pooled token is masked is refused', async () => {
  const { input_ids, attention_mask } = clip.tokenize(TEXTS);
  const cut = attention_mask.data.map((one, i) => (input_ids.data[i] === 700 ? 0 : one));
  const inputs = { input_ids, attention_mask: new Tensor('int32', cut, attention_mask.shape) };
  await rejects(clip.forward(inputs), 'InputError', /attention_mask\[0\]\[\d+\] is 0.*stands for the text/);
  const last = siglip.tokenize('a dog');
  last.attention_mask.data[63] = 0;
  await rejects(siglip.forward({ ...last }), 'InputError', /attention_mask\[0\]\[63\] is 0/);
});

/** @type {[what: string, name: string, changes: any, error: string, message: RegExp][]} */
const wrong = [
  ['a config that is no object', 'clip_quickgelu', { text_config: 3 }, 'ConfigError', /text_config is 3/],
  [
    'a tower of another kind',
    'siglip',
    { vision_config: { model_type: 'siglip2_vision_model' } },
    'UnsupportedError',
    /model_type is "siglip2_vision_model"/,
  ],
  [
    'a projection of another size',
    'clip_quickgelu',
    { projection_dim: 32 },
    'ShapeError',
    /projection.*\[24, 32\].*\[32, 32\]/,
  ],
  [
    'several ends',
    'clip_quickgelu',
    { text_config: { ...config('clip_quickgelu', {}).text_config, eos_token_id: [1, 2] } },
    'ConfigError',
    /eos_token_id/,
  ],
  [
    'pictures without a head',
    'siglip',
    { vision_config: { ...config('siglip', {}).vision_config, vision_use_head: false } },
    'UnsupportedError',
    /vision_use_head is false/,
  ],
  [
    'SigLIP 2 of any size',
    'siglip',
    { model_type: 'siglip2' },
    'UnsupportedError',
    /"siglip2" is not supported/,
  ],
];
for (const [what, name, changes, error, message] of wrong) {
  test(`${what}: refused`, () =>
    rejects(load(folder(name, { 'config.json': config(name, changes) })), error, message));
}

test('a tower alone is read from the files of both', async () => {
  const { vision_config: own, projection_dim } = JSON.parse(
    readFileSync(`${tasks}clip-zeroshot/config.json`, 'utf8'),
  );
  const files = new Map(
    ['model.safetensors', 'preprocessor_config.json'].map((file) => [
      file,
      readFileSync(`${tasks}clip-zeroshot/${file}`),
    ]),
  );
  const text = JSON.stringify({ ...own, projection_dim, architectures: ['CLIPVisionModelWithProjection'] });
  files.set('config.json', Buffer.from(text));
  const tower = await load(files);
  assert.deepEqual(tower.tasks, ['image-feature-extraction']);
  assert.deepEqual((await tower.embed(picture())).data, (await clip.embed(picture())).data);
  tower.dispose();
});
