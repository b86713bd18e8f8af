/**
 * One case of the models' reference outputs: the inputs `in.*` of its case.safetensors go through the public API, the
 * outputs `out.*` are compared. Names of outputs map to results by rule, not by case.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { load, Tensor } from '../../web/index.js';
import { largestDifference } from '../compare.js';

/** @typedef {import('./run.js').Difference} Difference */

const ARRAYS = { F32: Float32Array, I32: Int32Array, I8: Int8Array, U8: Uint8Array };
/** @type {{ F32: 'float32', I32: 'int32', I8: 'int8', U8: 'uint8' }} */
const NAMES = { F32: 'float32', I32: 'int32', I8: 'int8', U8: 'uint8' };

/**
 * @param {string} path of a safetensors file
 * @returns {Map<string, Tensor>}
 */
export function readTensorFile(path) {
  const tensors = new Map();
  for (const [name, { dtype, shape, data }] of readTensors(new Uint8Array(readFileSync(path)), path)) {
    const key = /** @type {keyof typeof ARRAYS} */ (dtype);
    const copy = data.slice();
    tensors.set(name, new Tensor(NAMES[key], new ARRAYS[key](copy.buffer), shape));
  }
  return tensors;
}

/** The inputs of a case, by Hugging Face's names. @param {Map<string, Tensor>} tensors @returns {Record<string, Tensor>} */
export const inputsOf = (tensors) =>
  Object.fromEntries(
    [...tensors].filter(([name]) => name.startsWith('in.')).map(([name, tensor]) => [name.slice(3), tensor]),
  );

/**
 * @param {any} entry of index.json
 * @param {{ folder: string, build?: 'base' | 'relaxed', minilm: string }} options
 * @returns {Promise<Difference>}
 */
export async function runModelCase(entry, { folder, build, minilm }) {
  const path = join(folder, entry.name);
  const own = ['model.safetensors', 'model.safetensors.index.json'].some((file) =>
    existsSync(join(path, file)),
  );
  const encoder = await load(own ? path : minilm, { simd: build ?? 'auto' });
  try {
    const tensors = readTensorFile(join(path, 'case.safetensors'));
    const texts = join(path, 'case.json');
    if (existsSync(texts))
      return await compareTexts(encoder, tensors, JSON.parse(readFileSync(texts, 'utf8')));
    return await compareOutputs(encoder, tensors, entry);
  } finally {
    encoder.dispose();
  }
}

/**
 * @param {import('../../web/index.js').Encoder} encoder
 * @param {Map<string, Tensor>} tensors
 * @param {any} entry
 */
export async function compareOutputs(encoder, tensors, entry) {
  const inputs = inputsOf(tensors);
  const trace = Object.keys(entry.outputs).some((name) => name.startsWith('trace.'));
  const outputs = await encoder.forward(inputs, { hidden_states: true, attentions: true, trace });
  const mask = entry.compare === 'valid' ? inputs.attention_mask : undefined;
  /** @type {Difference[]} */
  const differences = [];
  for (const [name, { tol }] of Object.entries(entry.outputs)) {
    const expected = /** @type {Tensor} */ (tensors.get(`out.${name}`));
    const actual = await findOutput(encoder, inputs, outputs, name);
    differences.push(compare(name, actual, expected, tol, mask));
  }
  return nearest(differences);
}

/**
 * @param {import('../../web/index.js').Encoder} encoder
 * @param {Record<string, Tensor>} inputs
 * @param {any} outputs of forward
 * @param {string} name after `out.`
 * @returns {Promise<Tensor | undefined>}
 */
async function findOutput(encoder, inputs, outputs, name) {
  if (name === 'pooled') return encoder.embed(inputs, { pooling: encoder.pooling, normalize: false });
  if (name === 'sentence_embedding') return encoder.embed(inputs);
  const [kind, index] = name.split('.');
  const [, tower, layer] = /^layer\.(\w+)\.encoder\.layers\.(\w+)$/.exec(name) ?? [];
  if (tower) return outputs[`${tower}_output`].hidden_states[layer === 'in' ? 0 : Number(layer) + 1];
  if (kind === 'layer') return outputs.hidden_states[index === 'in' ? 0 : Number(index) + 1];
  if (kind === 'attentions') return outputs.attentions[Number(index)];
  return outputs[name] ?? name.split('.').reduce((value, key) => value?.[key], outputs);
}

/**
 * @param {string} name
 * @param {Tensor | undefined} actual
 * @param {Tensor} expected
 * @param {number} tolerance
 * @param {Tensor} [mask] [B, T]: rows of a token axis whose mask is 0 are not compared
 * @returns {Difference}
 */
export function compare(name, actual, expected, tolerance, mask) {
  if (!actual) throw new Error(`there is no output "${name}"`);
  if (actual.shape.join() !== expected.shape.join()) {
    throw new Error(`${name} has shape [${actual.shape}], expected [${expected.shape}]`);
  }
  // A logit of each token is a row of its own.
  const isByToken = /^(start|end)_logits$/.test(name);
  const isValid = isByToken
    ? (/** @type {number} */ i) => !mask || mask.data[i] === 1
    : validRow(name, expected.shape, mask);
  const row = isByToken ? 1 : (expected.shape.at(-1) ?? 1);
  const counts = (/** @type {number} */ i) => isValid(Math.floor(i / row));
  const worst = largestDifference(actual.data, expected.data, { counts, nan: true });
  return { name, worst, tolerance, where: name };
}

/**
 * Which rows (all axes but the last) count: in maps [B, H, T, T] and rows [B, T, D], those of valid tokens.
 * @param {string} name
 * @param {readonly number[]} shape
 * @param {Tensor} [mask]
 * @returns {(row: number) => boolean}
 */
function validRow(name, shape, mask) {
  if (!mask) return () => true;
  const [batch, tokens] = mask.shape;
  const isMap = name.startsWith('attentions.') && shape.length === 4;
  const isRows = shape.length === 3 && shape[0] === batch && shape[1] === tokens;
  if (isMap) return (row) => mask.data[Math.floor(row / (shape[1] * tokens)) * tokens + (row % tokens)] === 1;
  return isRows ? (row) => mask.data[row] === 1 : () => true;
}

/** @param {Difference[]} differences @returns {Difference} the one that comes nearest to its tolerance, or exceeds it */
export function nearest(differences) {
  if (differences.length === 0) throw new Error('the case has no outputs');
  return differences.reduce((a, b) => (share(a) >= share(b) ? a : b));
}

/**
 * Sentences to token ids and vectors; every vector alone, in one batch and in reverse order is the same bits.
 * @param {import('../../web/index.js').Encoder} encoder
 * @param {Map<string, Tensor>} tensors
 * @param {any} file case.json
 */
async function compareTexts(encoder, tensors, { sentences, tol }) {
  const texts = sentences.map((/** @type {any} */ sentence) => sentence.text);
  for (const { text, input_ids: ids } of sentences) {
    const found = encoder.tokenize(text).input_ids.data.join();
    if (found !== ids.join())
      throw new Error(`token ids of ${JSON.stringify(text)} are ${found}, expected ${ids}`);
  }
  const together = await encoder.embed(texts);
  const reversed = await encoder.embed([...texts].reverse());
  for (let i = 0; i < texts.length; i++) {
    const alone = (await encoder.embed(texts[i])).data.join();
    const same =
      alone === together.slice(i).data.join() && alone === reversed.slice(texts.length - 1 - i).data.join();
    if (!same)
      throw new Error(`the vector of ${JSON.stringify(texts[i])} depends on what else is in the call`);
  }
  const expected = /** @type {Tensor} */ (tensors.get('out.embeddings'));
  return nearest([
    compare('embeddings', together, expected, tol),
    ...(await compareBatch(encoder, tensors, tol)),
  ]);
}

/**
 * The batch of the case: hidden states of padded rows, whose tolerance grows with their largest value.
 * @param {import('../../web/index.js').Encoder} encoder
 * @param {Map<string, Tensor>} tensors
 * @param {number} tol
 */
async function compareBatch(encoder, tensors, tol) {
  const input_ids = tensors.get('batch.input_ids');
  const attention_mask = tensors.get('batch.attention_mask');
  if (!input_ids || !attention_mask) return [];
  const outputs = await encoder.forward({ input_ids, attention_mask }, { hidden_states: true });
  return [...tensors]
    .filter(([name, { dtype }]) => name.startsWith('batch.') && dtype === 'float32')
    .map(([name, expected]) => {
      const [, output, index] = name.split('.');
      const actual = index === undefined ? outputs[output] : outputs[output][Number(index)];
      const values = /** @type {Float32Array} */ (expected.data);
      const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
      return compare(name, actual, expected, tol * largest, attention_mask);
    });
}

/** @param {Difference} difference @returns {number} of its tolerance; integers have none, and what fails is beyond all */
const share = ({ worst, tolerance }) => (worst <= tolerance ? worst / (tolerance || 1) : Infinity);
