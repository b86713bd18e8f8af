// Sequences far beyond what attention holds at once: the result against plain loops in double precision, and scratch that
// grows with the length and not with its square.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, Tensor } from '../../web/index.js';
import { BUILDS } from '../encoder/fixtures.js';

const LENGTH = 8192;

/** Numbers from -1 to 1. @param {number} seed */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/**
 * A BERT with random weights, whose feed-forward network adds nothing: what leaves a layer is norm(x + attention(x)).
 * @param {{ width: number, heads: number, inner: number, layers: number }} sizes
 */
function model({ width, heads, inner, layers }) {
  const next = generator(7);
  /** @type {Record<string, Tensor>} */
  const tensors = {};
  /** @param {string} name @param {number[]} shape @param {number} scale @param {number} [offset] */
  const add = (name, shape, scale, offset = 0) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b)).map(() => scale && next() * scale);
    tensors[name] = new Tensor(
      'float32',
      data.map((value) => value + offset),
      shape,
    );
  };
  /** @param {string} name @param {number} outputs @param {number} inputs @param {number} scale */
  const linear = (name, outputs, inputs, scale) => {
    add(`${name}.weight`, [outputs, inputs], scale);
    add(`${name}.bias`, [outputs], 0.1);
  };
  /** @param {string} name */
  const norm = (name) => {
    add(`${name}.weight`, [width], 0, 1);
    add(`${name}.bias`, [width], 0);
  };
  add('embeddings.word_embeddings.weight', [100, width], 1);
  add('embeddings.position_embeddings.weight', [LENGTH, width], 1);
  add('embeddings.token_type_embeddings.weight', [2, width], 1);
  norm('embeddings.LayerNorm');
  for (let i = 0; i < layers; i++) {
    const at = `encoder.layer.${i}.`;
    for (const part of ['query', 'key', 'value'])
      linear(`${at}attention.self.${part}`, width, width, 1.5 / width ** 0.5);
    linear(`${at}attention.output.dense`, width, width, 2 / width ** 0.5);
    norm(`${at}attention.output.LayerNorm`);
    linear(`${at}intermediate.dense`, inner, width, 1 / width ** 0.5);
    add(`${at}output.dense.weight`, [width, inner], 0);
    add(`${at}output.dense.bias`, [width], 0);
    norm(`${at}output.LayerNorm`);
  }
  const config = {
    model_type: 'bert',
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: inner,
    vocab_size: 100,
    max_position_embeddings: LENGTH,
  };
  return { config, tensors };
}

/** x W^T + b in double precision. @param {ArrayLike<number>} x @param {Record<string, Tensor>} tensors @param {string} name */
function product(x, tensors, name) {
  const [weight, bias] = [tensors[`${name}.weight`], tensors[`${name}.bias`]];
  const [outputs, inputs] = weight.shape;
  return Float64Array.from({ length: outputs }, (_, o) => {
    let sum = Number(bias.data[o]);
    for (let i = 0; i < inputs; i++) sum += x[i] * Number(weight.data[o * inputs + i]);
    return sum;
  });
}

/** @param {Float64Array} x */
function normalized(x) {
  const mean = x.reduce((a, b) => a + b) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value) => (value - mean) / Math.sqrt(variance + 1e-12));
}

/**
 * The first layer's attention of one token.
 * @param {Float64Array[]} keys
 * @param {Float64Array[]} values
 * @param {Float64Array} query
 * @param {number} heads
 */
function attention(keys, values, query, heads) {
  const size = query.length / heads;
  const out = new Float64Array(query.length);
  for (let h = 0; h < heads; h++) {
    const dot = (/** @type {Float64Array} */ key) => {
      let sum = 0;
      for (let i = h * size; i < (h + 1) * size; i++) sum += query[i] * key[i];
      return sum / Math.sqrt(size);
    };
    const scores = keys.map(dot);
    const top = scores.reduce((a, b) => Math.max(a, b));
    const weights = scores.map((score) => Math.exp(score - top));
    const total = weights.reduce((a, b) => a + b);
    weights.forEach((weight, t) => {
      for (let i = h * size; i < (h + 1) * size; i++) out[i] += (weight / total) * values[t][i];
    });
  }
  return out;
}

for (const simd of BUILDS) {
  test(`8,192 tokens are what plain loops give, alone and beside short ones (${simd})`, async () => {
    const { config, tensors } = model({ width: 32, heads: 2, inner: 8, layers: 1 });
    const encoder = await load({ config, tensors }, { simd });
    const ids = Int32Array.from({ length: LENGTH }, (_, i) => (i * 31) % 100);
    const input = { input_ids: new Tensor('int32', ids, [1, LENGTH]) };
    const { hidden_states: states } = await encoder.forward(input, { hidden_states: true });
    const rows = Array.from({ length: LENGTH }, (_, t) => states[0].data.subarray(t * 32, (t + 1) * 32));
    const [keys, values] = ['key', 'value'].map((part) =>
      rows.map((row) => product(row, tensors, `encoder.layer.0.attention.self.${part}`)),
    );
    let worst = 0;
    for (const t of [0, 1, 511, 512, 4099, LENGTH - 1]) {
      const query = product(rows[t], tensors, 'encoder.layer.0.attention.self.query');
      const context = attention(keys, values, query, 2);
      const y = product(context, tensors, 'encoder.layer.0.attention.output.dense');
      // The second norm finds rows that are normalised already.
      const want = normalized(normalized(y.map((value, i) => value + rows[t][i])));
      const got = states[1].data.subarray(t * 32, (t + 1) * 32);
      want.forEach((value, i) => {
        const difference = Math.abs(value - got[i]);
        if (!(difference <= worst)) worst = difference;
      });
    }
    assert.ok(worst < 1e-5, `worst difference ${worst}`);
    const mask = new Int32Array(2 * LENGTH).fill(1, 0, LENGTH + 3);
    const both = new Int32Array(2 * LENGTH);
    both.set(ids);
    both.set([5, 6, 7], LENGTH);
    const { last_hidden_state: last } = await encoder.forward({
      input_ids: new Tensor('int32', both, [2, LENGTH]),
      attention_mask: new Tensor('int32', mask, [2, LENGTH]),
    });
    assert.deepEqual(last.data.subarray(0, LENGTH * 32), states[1].data);
    encoder.dispose();
  });
}

test("a forward's memory grows with the length of a text, not with its square", async () => {
  const { config, tensors } = model({ width: 192, heads: 6, inner: 384, layers: 1 });
  const encoder = await load({ config, tensors }, { simd: 'base', maxTokens: 1024 });
  const run = async (/** @type {number} */ length) => {
    const ids = new Tensor('int32', new Int32Array(length), [1, length]);
    await encoder.embed({ input_ids: ids });
    return encoder.memory;
  };
  const [short, middle, long] = [await run(2048), await run(4096), await run(8192)];
  assert.ok(middle > short);
  // Twice as many more tokens take twice as much more memory, and a twentieth for what is released and moved.
  assert.ok(long - middle <= 2.1 * (middle - short), `${short}, ${middle}, ${long} bytes`);
  encoder.dispose();
});
