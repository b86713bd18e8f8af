/** Vectors of texts, and how a network reads them: those that come with the page, or by a model that the visitor has loaded. */
import { similarity } from '../../../bindings/similarity.js';
import { Tensor } from '../../../bindings/tensor.js';
import { pieceOf, unpacked } from './pieces-of.js';
import { BITS, foundAgain, nearestOfAll, soughtOf, stepsOf } from './recall.js';
import { QUESTIONS, SENTENCES } from './texts.js';

/**
 * @typedef {import('./pieces-of.js').Piece} Piece
 *
 * @typedef {object} Looks every head's attention over the pieces of a text
 * @property {number} tokens T: the pieces that are read
 * @property {number} layers
 * @property {number} heads
 * @property {(layer: number, head: number) => ArrayLike<number>} map [T, T] shares, rows look at columns
 *
 * @typedef {object} Space
 * @property {string} name of the model
 * @property {boolean} isBaked
 * @property {number} width numbers of a vector
 * @property {'int8' | 'float32'} dtype of the vectors
 * @property {number} maxLength tokens that are read of a text
 * @property {(text: string) => boolean} knows whether its vector is there
 * @property {(text: string) => Int8Array | Float32Array} vectorOf one that is known
 * @property {(texts: readonly string[], signal?: AbortSignal) => Promise<number>} learn the vectors of more; gives milliseconds
 * @property {(text: string) => Promise<Piece[] | null>} pieces null where they are not known; what is too long is in it, too
 * @property {(text: string) => Promise<Looks | null>} looks
 * @property {() => void} dispose
 */

/** @param {string} text base64 */
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** @param {Space} space @param {readonly string[]} texts that it knows @returns {import('./recall.js').Vectors} [n, width] */
export function stacked(space, texts) {
  const data = new (space.dtype === 'int8' ? Int8Array : Float32Array)(texts.length * space.width);
  texts.forEach((text, i) => {
    data.set(space.vectorOf(text), i * space.width);
  });
  return /** @type {import('./recall.js').Vectors} */ (
    new Tensor(space.dtype, data, [texts.length, space.width])
  );
}

/** @param {Space} space @param {string} question @param {readonly string[]} texts @returns {Float32Array} [texts] */
export const cosinesOf = (space, question, texts) =>
  /** @type {Float32Array} */ (similarity(stacked(space, [question]), stacked(space, texts)).data);

/** @param {{ dimensions: number, vectors: string }} baked of demo/bake/sentences.js @returns {Space} */
export function bakedSpace({ dimensions: width, vectors }) {
  const all = new Int8Array(bytesOf(vectors).buffer);
  const indices = new Map([...SENTENCES, ...QUESTIONS].map((text, i) => [text, i]));
  /** What the page knows of a reading is fetched when it is first asked for. @type {Promise<any> | undefined} */
  let fetched;
  const readings = () => {
    fetched ??= import('baked:readings').then((module) => module.default);
    return fetched;
  };
  return {
    name: 'MiniLM',
    isBaked: true,
    width,
    dtype: 'int8',
    maxLength: 256,
    knows: (text) => indices.has(text),
    vectorOf: (text) => {
      const at = /** @type {number} */ (indices.get(text)) * width;
      return all.subarray(at, at + width);
    },
    learn: async () => 0,
    dispose: () => {},
    pieces: async (text) => {
      const index = indices.get(text);
      return index === undefined ? null : unpacked((await readings()).pieces[index]);
    },
    looks: async (text) => {
      const question = QUESTIONS.indexOf(text);
      return question < 0 ? null : bakedLooks(await readings(), question);
    },
  };
}

/** @param {any} readings of demo/bake/readings.js @param {number} question @returns {Looks} */
function bakedLooks({ layers, heads, pieces, maps }, question) {
  readings.set(maps, readings.get(maps) ?? bytesOf(maps));
  const bytes = /** @type {Uint8Array} */ (readings.get(maps));
  const sizes = QUESTIONS.map((_, i) => pieces[SENTENCES.length + i].length ** 2);
  const start = sizes.slice(0, question).reduce((sum, size) => sum + size, 0) * layers * heads;
  const size = sizes[question];
  return {
    tokens: Math.sqrt(size),
    layers,
    heads,
    map: (layer, head) => {
      const at = start + (layer * heads + head) * size;
      return Float32Array.from(bytes.subarray(at, at + size), (share) => share / 255);
    },
  };
}
/** @type {Map<string, Uint8Array>} */
const readings = new Map();

/**
 * @param {{ encoder: import('../../parts/core.js').Encoder, tokenizer: import('../../../bindings/text/tokenizer.js').Tokenizer | null }} model
 * @param {string} name
 * @returns {Space}
 */
export function modelSpace({ encoder, tokenizer }, name) {
  /** @type {Map<string, Float32Array>} */
  const known = new Map();
  /** @type {Promise<Looks> | undefined} */
  let looked;
  let lookedAt = '';
  return {
    name,
    isBaked: false,
    dispose: () => encoder.dispose(),
    width: encoder.dimensions,
    dtype: 'float32',
    maxLength: encoder.maxLength,
    knows: (text) => known.has(text),
    vectorOf: (text) => /** @type {Float32Array} */ (known.get(text)),
    learn: async (texts, signal) => {
      const unknown = [...new Set(texts)].filter((text) => !known.has(text));
      if (!unknown.length) return 0;
      const start = performance.now();
      const { data, shape } = await encoder.embed(unknown, { signal });
      const milliseconds = performance.now() - start;
      unknown.forEach((text, i) => {
        known.set(text, /** @type {Float32Array} */ (data).slice(i * shape[1], (i + 1) * shape[1]));
      });
      return milliseconds;
    },
    pieces: async (text) => tokenizer && unpacked(pieceOf(tokenizer.encode(text, { truncation: false }))),
    looks: (text) => {
      if (!looked || lookedAt !== text) looked = looksOf(encoder, text);
      lookedAt = text;
      return looked;
    },
  };
}

/** @param {import('../../parts/core.js').Encoder} encoder @param {string} text @returns {Promise<Looks>} */
async function looksOf(encoder, text) {
  const { attentions } = await encoder.forward(await encoder.tokenize([text]), { attentions: true });
  const [, heads, , tokens] = attentions[0].shape;
  const map = (/** @type {number} */ layer, /** @type {number} */ head) =>
    /** @type {Float32Array} */ (attentions[layer].data).subarray(
      head * tokens ** 2,
      (head + 1) * tokens ** 2,
    );
  return { tokens, layers: attentions.length, heads, map };
}

/**
 * What shorter vectors find of the nearest.
 * @typedef {object} Recall
 * @property {readonly number[]} steps lengths that were tried
 * @property {readonly string[]} texts all of them, the sentences first
 * @property {number} sought of how many nearest
 * @property {Record<import('./recall.js').Bits, Uint16Array[]>} found of each step, for each text a bit a neighbour
 */

/** @param {{ dimensions: number, found: string }} baked @returns {Recall} */
export function bakedRecall({ dimensions, found }) {
  const all = new Uint16Array(bytesOf(found).buffer);
  const steps = stepsOf(dimensions);
  const texts = [...SENTENCES, ...QUESTIONS];
  const of = (/** @type {number} */ place) =>
    steps.map((_, step) =>
      all.subarray((place * steps.length + step) * texts.length).subarray(0, texts.length),
    );
  return { steps, texts, sought: soughtOf(SENTENCES.length), found: { 8: of(0), 1: of(1) } };
}

/**
 * @param {Space} space
 * @param {readonly string[]} sentences
 * @param {readonly string[]} questions
 * @param {AbortSignal} signal
 * @returns {Promise<Recall | null>} null if it was aborted, or there is too little to compare
 */
export async function recallOf(space, sentences, questions, signal) {
  const texts = [...sentences, ...questions];
  if (sentences.length < 3) return null;
  const vectors = stacked(space, texts);
  const truth = nearestOfAll(vectors, sentences.length);
  const steps = stepsOf(space.width);
  /** @type {Recall} */
  const recall = { steps, texts, sought: soughtOf(sentences.length), found: { 8: [], 1: [] } };
  for (const width of steps) {
    for (const bits of BITS)
      recall.found[bits].push(foundAgain(vectors, truth, sentences.length, width, bits));
    await new Promise((resolve) => setTimeout(resolve)); // the page goes on between two lengths
    if (signal.aborted) return null;
  }
  return recall;
}
