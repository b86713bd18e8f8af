/** Forwards: independence of the batch, splitting, aborting, and inputs that are wrong. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { load, Tensor } from '../../web/index.js';
import { models, rejects } from './fixtures.js';

const encoder = await load(`${models}bert_base`);
after(() => encoder.dispose());

const good = { input_ids: [[1, 2]] };
const { last_hidden_state: first } = await encoder.forward(good);

/** Some sequences of different lengths, by a fixed rule. */
const sequences = Array.from({ length: 17 }, (_, i) =>
  Array.from({ length: 1 + ((i * 7) % 19) }, (_, t) => (i * 31 + t * 17) % 128),
);

/** @param {number[][]} rows */
function padded(rows) {
  const longest = Math.max(...rows.map((row) => row.length));
  const fill = (/** @type {number[]} */ row, /** @type {number} */ value) =>
    row.concat(Array(longest - row.length).fill(value));
  return {
    input_ids: rows.map((row) => fill(row, 0)),
    attention_mask: rows.map((row) =>
      fill(
        row.map(() => 1),
        0,
      ),
    ),
  };
}

/** @param {Tensor} tensor @param {number} b @param {number} tokens */
const rowsOf = (tensor, b, tokens) => tensor.slice(b, [0, tokens]).data.join();

test('a sequence gives the same bits alone, in any batch, in blocks of any size, and in every tile', async () => {
  const small = await load(`${models}bert_base`, { maxTokens: 24 });
  const { last_hidden_state: all, pooler_output: pooled } = await encoder.forward(padded(sequences));
  const { last_hidden_state: split } = await small.forward(padded(sequences));
  for (const [b, row] of sequences.entries()) {
    const alone = await encoder.forward({ input_ids: [row] });
    assert.equal(rowsOf(all, b, row.length), alone.last_hidden_state.data.join(), `sequence ${b}`);
    assert.equal(
      rowsOf(split, b, row.length),
      alone.last_hidden_state.data.join(),
      `sequence ${b} in small blocks`,
    );
    assert.equal(pooled.slice(b).data.join(), alone.pooler_output.data.join());
  }
  small.dispose();
});

test('a sequence longer than maxTokens grows the memory, and the encoder goes on', async () => {
  const small = await load(`${models}bert_base`, { maxTokens: 8 });
  const long = Array.from({ length: 40 }, (_, t) => t);
  const { last_hidden_state: rows } = await small.forward({ input_ids: [long] });
  const { last_hidden_state: expected } = await encoder.forward({ input_ids: [long] });
  assert.equal(rows.data.join(), expected.data.join());
  small.dispose();
});

test('rows of padding, and sequences of nothing but padding, are zeros', async () => {
  const inputs = {
    input_ids: [
      [5, 6, 7],
      [8, 9, 10],
    ],
    attention_mask: [
      [0, 1, 1],
      [0, 0, 0],
    ],
  };
  const outputs = await encoder.forward(inputs, { hidden_states: true, attentions: true });
  for (const tensor of [outputs.last_hidden_state, ...outputs.hidden_states]) {
    assert.ok(tensor.slice(0, 0).data.every((/** @type {number} */ value) => value === 0));
    assert.ok(tensor.slice(1).data.every((/** @type {number} */ value) => value === 0));
    assert.ok(tensor.slice(0, 1).data.some((/** @type {number} */ value) => value !== 0));
  }
  const firstColumn = outputs.attentions[0].slice(0, 0, null, 0);
  assert.deepEqual(firstColumn.tolist(), [0, 0, 0]);
});

test('an empty batch gives empty outputs', async () => {
  const { last_hidden_state: rows } = await encoder.forward({
    input_ids: new Tensor('int32', new Int32Array(0), [0, 4]),
  });
  assert.deepEqual(rows.shape, [0, 4, 32]);
});

test('calls at the same time do not disturb each other', async () => {
  const together = await Promise.all(sequences.map((row) => encoder.forward({ input_ids: [row] })));
  for (const [b, row] of sequences.entries()) {
    const { last_hidden_state: alone } = await encoder.forward({ input_ids: [row] });
    assert.equal(together[b].last_hidden_state.data.join(), alone.data.join());
  }
});

test('a NaN in one sequence leaves the others as they are', async () => {
  const rows = await load(`${models}torch_encoder_prenorm_gelu`);
  const embeds = new Float32Array(2 * 5 * 40).map((_, i) => Math.sin(i));
  const clean = await rows.forward({ inputs_embeds: new Tensor('float32', embeds, [2, 5, 40]) });
  const spoilt = embeds.slice();
  spoilt[3] = NaN;
  const { last_hidden_state: mixed } = await rows.forward({
    inputs_embeds: new Tensor('float32', spoilt, [2, 5, 40]),
  });
  assert.equal(mixed.slice(1).data.join(), clean.last_hidden_state.slice(1).data.join());
  assert.ok(mixed.slice(0).data.every(Number.isNaN));
  rows.dispose();
});

test('a forward stops between layers when its signal aborts, and the encoder goes on', async () => {
  const controller = new AbortController();
  controller.abort();
  await rejects(
    encoder.forward({ input_ids: [[1, 2]] }, { signal: controller.signal }),
    'AbortError',
    /aborted/,
  );
  assert.deepEqual((await encoder.forward(good)).last_hidden_state, first);
});

/** @type {[string, any, string, RegExp][]} */
const wrong = [
  ['no inputs', undefined, 'InputError', /inputs is undefined; expected \{input_ids/],
  [
    'inputs without ids',
    { pixel_values: 1 },
    'InputError',
    /no input_ids, only pixel_values; expected \{input_ids.*not pictures/,
  ],
  [
    'an id beyond the vocabulary',
    { input_ids: [[1, 128]] },
    'InputError',
    /input_ids\[0\]\[1\] is 128.*0 to 127/,
  ],
  ['a negative id', { input_ids: [[-1]] }, 'InputError', /input_ids\[0\]\[0\] is -1/],
  ['a fraction as id', { input_ids: [[1.5]] }, 'InputError', /input_ids\[0\]\[0\] is 1\.5/],
  ['NaN as id', { input_ids: [[NaN]] }, 'InputError', /input_ids\[0\]\[0\] is NaN/],
  ['a string as ids', { input_ids: 'abc' }, 'InputError', /input_ids is "abc"; expected a Tensor/],
  ['strings in ids', { input_ids: [['a']] }, 'InputError', /input_ids\[0\]\[0\] is "a"; expected a number/],
  [
    'ragged ids',
    { input_ids: [[1, 2], [3]] },
    'ShapeError',
    /input_ids\[1\] has 1 values; expected 2 values, as the lists beside it/,
  ],
  ['ids of one axis', { input_ids: [1, 2] }, 'ShapeError', /shape \[2\]; expected 2 axes/],
  [
    'a mask of another shape',
    { input_ids: [[1, 2]], attention_mask: [[1]] },
    'ShapeError',
    /attention_mask has shape \[1, 1\]/,
  ],
  [
    'a mask of twos',
    { input_ids: [[1]], attention_mask: [[2]] },
    'InputError',
    /attention_mask\[0\]\[0\] is 2/,
  ],
  [
    'a token type too large',
    { input_ids: [[1]], token_type_ids: [[2]] },
    'InputError',
    /token_type_ids\[0\]\[0\] is 2/,
  ],
  ['too many tokens', { input_ids: [Array(41).fill(1)] }, 'InputError', /41 tokens.*positions for 40/],
];

for (const [what, inputs, name, message] of wrong) {
  test(`${what}: refused, and the encoder goes on`, async () => {
    await rejects(encoder.forward(inputs), name, message);
    assert.deepEqual((await encoder.forward(good)).last_hidden_state, first);
  });
}

test('unknown options of a forward are refused', async () => {
  const options = /** @type {any} */ ({ hidden: true });
  await rejects(encoder.forward({ input_ids: [[1]] }, options), 'InputError', /unknown option "hidden"/);
});

test('a disposed encoder refuses every call', async () => {
  const gone = await load(`${models}bert_base`);
  gone.dispose();
  gone.dispose();
  await rejects(gone.forward({ input_ids: [[1]] }), 'DisposedError', /disposed/);
  await rejects(gone.embed('x'), 'DisposedError', /disposed/);
  await rejects(() => gone.tokenize('x'), 'DisposedError', /disposed/);
  await rejects(() => gone.config, 'DisposedError', /disposed/);
});

test('a model without a tokenizer says so', async () => {
  await rejects(
    encoder.embed('text'),
    'UnsupportedError',
    /without a tokenizer\.json, vocab\.txt or vocab\.json/,
  );
  await rejects(encoder.classify('text'), 'UnsupportedError', /no classifier/);
});
