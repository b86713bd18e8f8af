/**
 * One case of the tasks' references: a model with calls of transformers' pipelines and sentence-transformers, each of which is made
 * here by the name that the library has for it. A case passes when all of its calls do. data/tasks/README.md tells the form.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadTokenizer, similarity, Tensor, UnsupportedError } from '../../web/index.js';
import { largestDifference } from '../compare.js';
import { runFeatureCase } from './features.js';
import { readTensorFile } from './models.js';

/** @typedef {import('./run.js').Difference} Difference */
/** @typedef {{ path: string, encoder: import('../../web/index.js').Encoder, tensors: Map<string, Tensor>, embedded: Tensor[] }} Context */

/** Hugging Face's name of an option as ours. @param {string} name */
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** Options as the library takes them; null is as good as nothing. @param {Record<string, any>} [options] @param {Record<string, string>} [names] */
const optionsOf = (options = {}, names = {}) =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [names[key] ?? camel(key), value]),
  );

/** @param {any} one a text, or a pair of texts */
const pairOf = (one) => (typeof one === 'string' ? one : { text: one.text, pair: one.text_pair });

/** A picture of the case's tensors. @param {Context} context @param {string} name */
function pictureOf({ tensors }, name) {
  const { data, shape } = /** @type {Tensor} */ (tensors.get(name));
  const [height, width] = shape;
  return { data: /** @type {Uint8Array} */ (data), width, height };
}

/** What calls give, by their names. @type {Record<string, (context: Context, call: any) => Promise<any>>} */
const CALLS = {
  async classify(context, { input, image, options }) {
    const { encoder } = context;
    if (image !== undefined) {
      const given = optionsOf(options);
      return encoder.classify(pictureOf(context, image), given.labels ? given : { topK: 5, ...given });
    }
    const given = optionsOf(options, { function_to_apply: 'functionToApply' });
    return Array.isArray(input)
      ? encoder.classify(input.map(pairOf), given)
      : encoder.classify(pairOf(input), given);
  },
  async transcribe({ encoder, tensors }, { samples, sampling_rate: samplingRate }) {
    const { data } = /** @type {Tensor<'float32'>} */ (tensors.get(samples));
    const found = await encoder.transcribe({ samples: data, samplingRate });
    assert.deepEqual(Object.keys(found), ['text']);
    const { logits } = await encoder.forward(await encoder.preprocess(data));
    return { ...found, logits: logits.slice(0) };
  },
  async decode({ path }, { ids, expected_skip_special: without }) {
    const tokenizer = await loadTokenizer(path);
    assert.equal(tokenizer.decode(ids, { skipSpecialTokens: true }), without);
    return tokenizer.decode(ids, { skipSpecialTokens: false });
  },
  tokens: ({ encoder }, { input, options }) => encoder.tokens(input, optionsOf(options)),
  answer: ({ encoder }, { question, context, options }) =>
    encoder.answer(question, context, optionsOf(options)),
  fill: ({ encoder }, { input, options }) => encoder.fill(input, optionsOf(options)),
  rank: ({ encoder }, { query, documents, options }) => encoder.rank(query, documents, optionsOf(options)),
  async predict({ encoder }, { pairs }) {
    const texts = pairs.map((/** @type {[string, string]} */ [text, pair]) => ({ text, pair }));
    const found = await encoder.classify(texts, { functionToApply: 'none' });
    const names = /** @type {Record<string, string>} */ (encoder.config.id2label);
    return found.map((classes) =>
      Object.keys(names).map((id) => classes.find(({ label }) => label === names[id])?.score),
    );
  },
  async embed(context, { inputs, image, images = [image], options }) {
    const { pool, ...rest } = options ?? {};
    const given = optionsOf(rest);
    if (pool !== undefined) given.pooling = pool ? 'pooler' : 'none';
    if (given.ranges) given.ranges = context.tensors.get(given.ranges);
    const input = inputs ?? images.map((/** @type {string} */ name) => pictureOf(context, name));
    const vectors = await context.encoder.embed(input, given);
    context.embedded.push(vectors);
    // The pipeline gives one picture's without an axis of pictures.
    return image === undefined ? vectors : new Tensor('float32', vectors.data, vectors.shape.slice(1));
  },
  similarity: async ({ embedded }) =>
    similarity(embedded[embedded.length - 2], embedded[embedded.length - 1]),
  async forward(context, { image, images, inputs, options, expected }) {
    if (options?.pool !== undefined) return CALLS.embed(context, { image, options });
    if (inputs) return context.encoder.forward(context.encoder.tokenize(inputs));
    /** @type {any[]} */
    const rows = [];
    for (const name of images) {
      const logits = await context.encoder.classify(pictureOf(context, name), { functionToApply: 'none' });
      const labels = Object.values(/** @type {Record<string, string>} */ (context.encoder.config.id2label));
      rows.push(labels.map((label) => logits.find((one) => one.label === label)?.score));
    }
    return new Tensor('float32', Float32Array.from(rows.flat()), expected.shape);
  },
};

/**
 * @param {{ name: string }} entry of index.json
 * @param {{ folder: string, build?: 'base' | 'relaxed' }} options
 * @returns {Promise<Difference>}
 */
export async function runTaskCase({ name }, { folder, build }) {
  const path = join(folder, name);
  const { calls, task } = JSON.parse(readFileSync(join(path, 'case.json'), 'utf8'));
  if (task === 'audio-features') return runFeatureCase({ name, calls }, path, build);
  const missing = calls.find((/** @type {any} */ { call }) => !(call in CALLS));
  if (missing) throw new UnsupportedError(`the task ${task} has the call ${missing.call}`);
  const file = join(path, 'case.safetensors');
  const tensors = existsSync(file) ? readTensorFile(file) : new Map();
  const encoder = await load(path, { simd: build ?? 'auto' });
  const context = { path, encoder, tensors, embedded: [] };
  /** @type {Difference} */
  let nearest = { name, worst: 0, tolerance: 1, where: 'nothing' };
  try {
    for (const [i, call] of calls.entries()) {
      const where = `call ${i}, ${call.call} ${JSON.stringify(call.options ?? {}).slice(0, 80)}`;
      const found = await CALLS[call.call](context, call);
      const worst =
        call.call === 'transcribe'
          ? compareSpeech(found, call, tensors)
          : compareResult(found, call, tensors, where);
      const share = worst / call.tol || 0;
      if (worst > call.tol) return { name, worst, tolerance: call.tol, where };
      if (share >= nearest.worst / nearest.tolerance)
        nearest = { name, worst, tolerance: call.tol || 1, where };
    }
  } finally {
    encoder.dispose();
  }
  return nearest;
}

/**
 * @param {any} found
 * @param {any} call
 * @param {Map<string, Tensor>} tensors
 * @param {string} where
 * @returns {number} the largest difference of numbers that may differ; everything else must be equal
 */
function compareResult(found, { expected, smallest_gap: gap = Infinity, tol }, tensors, where) {
  if (typeof expected?.tensor === 'string') {
    const wanted = /** @type {Tensor} */ (tensors.get(expected.tensor));
    assert.deepEqual([found.shape, found.dtype], [wanted.shape, wanted.dtype], where);
    return largestDifference(found.data, wanted.data, { nan: true });
  }
  // Neighbours that are closer than the tolerance may stand in either order: both are put into that of the scores.
  return compareValue(found, expected, where, gap > 2 * tol);
}

/** Of speech the text must be equal, the letter of each frame, and the logits nearly. @param {any} found @param {any} call @param {Map<string, Tensor>} tensors */
function compareSpeech({ text, logits }, { expected }, tensors) {
  assert.equal(text, expected.text);
  const wanted = /** @type {Tensor} */ (tensors.get(expected.logits));
  assert.deepEqual(logits.shape, wanted.shape);
  const best = Array.from(logits, (/** @type {Tensor<'float32'>} */ row) =>
    row.data.indexOf(Math.max(...row.data)),
  );
  assert.deepEqual(best, expected.ids);
  return largestDifference(logits.data, wanted.data, { nan: true });
}

/** @param {any} found @param {any} expected @param {string} where @param {boolean} ordered @returns {number} */
function compareValue(found, expected, where, ordered) {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(found), `${where}: ${JSON.stringify(found)}`);
    assert.equal(found.length, expected.length, `${where}: ${JSON.stringify(found).slice(0, 300)}`);
    const rest = ordered ? found : matched(found, expected);
    return Math.max(0, ...expected.map((one, i) => compareValue(rest[i], one, `${where}[${i}]`, ordered)));
  }
  if (typeof expected === 'object' && expected !== null) {
    assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort(), where);
    const differences = Object.entries(expected).map(([key, value]) => {
      if (key === 'score') return compareValue(found[key], value, `${where}.${key}`, ordered);
      assert.deepEqual(found[key], value, `${where}.${key}`);
      return 0;
    });
    return Math.max(0, ...differences);
  }
  assert.equal(typeof found, typeof expected, where);
  if (typeof expected !== 'number') {
    assert.equal(found, expected, where);
    return 0;
  }
  return Number.isNaN(found) ? Infinity : Math.abs(found - expected);
}

/** What was found in the order of what was expected: equal but for the score. @param {any[]} found @param {any[]} expected */
function matched(found, expected) {
  const keyOf = (/** @type {any} */ { score, ...rest }) => JSON.stringify(rest, Object.keys(rest).sort());
  const left = [...found];
  return expected.map((one) => {
    const at = left.findIndex((other) => typeof other === 'object' && keyOf(other) === keyOf(one));
    return at < 0 ? undefined : left.splice(at, 1)[0];
  });
}
