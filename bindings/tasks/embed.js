/**
 * Sentence vectors: pooling, dense modules, normalisation, shorter and smaller vectors. Reference: the modules of
 * sentence-transformers, whose files decide what a model does by default.
 */
import { STEM } from '../core/abi.js';
import { UnsupportedError } from '../errors.js';
import { readInputs, runBlocks } from '../run/forward.js';
import { Tensor } from '../tensor.js';
import { checkTexts, tokenizeChunks, tokenizeTexts } from '../text/tokenize.js';
import { readOptions } from './embed_options.js';
import { prepareImages } from './pictures.js';
import { toBinary, toInt8 } from './precision.js';

/**
 * @typedef {object} EmbedOptions
 * @property {Pooling | Pooling[]} [pooling] instead of what the model's files say; several are concatenated
 * @property {boolean} [normalize] scale vectors to unit length; by default as the model's files say
 * @property {number} [dimensions] keep the first so many values (Matryoshka models), normalised again if they were
 * @property {string} [prompt] put before every text: the name of one of the model's prompts, or the text itself
 * @property {'float32' | 'int8' | 'binary'} [precision] int8: each vector scaled so that its largest value is 127;
 *   binary: a bit a value, set if positive, packed into int8 minus 128 as sentence-transformers does
 * @property {'cut' | 'error' | 'chunk'} [onTruncate] what happens to texts longer than maxLength: cut (the default,
 *   reported in `truncated`), an InputError, or the mean over chunks weighted by their lengths
 * @property {(state: { done: number, total: number }) => void} [progress] texts so far
 * @property {AbortSignal} [signal]
 *
 * @typedef {'cls' | 'mean' | 'max' | 'mean_sqrt_len' | 'lasttoken' | 'weightedmean'} Pooling
 */

/** Texts, and pictures, that are prepared at a time: a long list must not fill the memory with ids or pixels. */
const TEXTS_AT_A_TIME = 512;
const PICTURES_AT_A_TIME = 16;

/**
 * @param {import('./encoder.js').Parts} parts
 * @param {string | string[] | Record<string, any>} input
 * @param {EmbedOptions} options
 * @param {number} limit tokens of a text
 * @returns {Promise<Tensor & { truncated: number[] }>}
 */
export async function embedSequences(parts, input, options, limit) {
  const plan = readOptions(parts, options);
  const sees = parts.model.description.stem === STEM.PATCHES;
  const step = sees ? PICTURES_AT_A_TIME : TEXTS_AT_A_TIME;
  if (!Array.isArray(input) || input.length <= step) return embedAll(parts, input, plan, limit);
  /** @type {Awaited<ReturnType<typeof embedAll>>[]} */
  const pieces = [];
  for (let first = 0; first < input.length; first += step) {
    const progress =
      plan.progress && (({ done = 0 }) => plan.progress?.({ done: first + done, total: input.length }));
    pieces.push(await embedAll(parts, input.slice(first, first + step), { ...plan, progress }, limit));
  }
  const [{ dtype, data, shape }] = pieces;
  const size = shape[1];
  const all = new /** @type {any} */ (data.constructor)(input.length * size);
  pieces.forEach((piece, i) => {
    all.set(piece.data, i * step * size);
  });
  const truncated = pieces.flatMap((piece, i) => piece.truncated.map((index) => index + i * step));
  return Object.assign(new Tensor(dtype, all, [input.length, size]), { truncated });
}

/**
 * @param {import('./encoder.js').Parts} parts
 * @param {any} input
 * @param {ReturnType<typeof readOptions>} plan
 * @param {number} limit
 * @returns {Promise<Tensor & { truncated: number[] }>}
 */
async function embedAll(parts, input, plan, limit) {
  const { model } = parts;
  const { inputs, owners, truncated } = await prepare(parts, input, plan, limit);
  const sequences = readInputs(model, inputs);
  const width = model.width * plan.modes.length;
  const pooled = new Float32Array(sequences.batch * width);
  let done = 0;
  for await (const { members, rows, lengths } of runBlocks(model, sequences, plan.signal)) {
    plan.modes.forEach((mode, m) => {
      const vectors = model.pool(rows, lengths, mode);
      const part = model.width;
      members.forEach((sequence, i) => {
        pooled.set(vectors.subarray(i * part, (i + 1) * part), sequence * width + m * part);
      });
    });
    done += members.length;
    plan.progress?.({ done, total: sequences.batch });
  }
  const whole = owners ? meanOfChunks(pooled, owners, sequences, width) : pooled;
  return Object.assign(finish(parts, whole, width, plan), { truncated });
}

/**
 * Texts become token ids, pictures pixel values; what already is inputs of a forward stays.
 * @param {import('./encoder.js').Parts} parts
 * @param {any} input
 * @param {ReturnType<typeof readOptions>} plan
 * @param {number} limit
 * @returns {Promise<{ inputs: Record<string, any>, owners: number[] | null, truncated: number[] }>}
 */
async function prepare(parts, input, plan, limit) {
  const { stem } = parts.model.description;
  if (stem === STEM.PATCHES && input?.pixel_values === undefined) {
    return { inputs: await prepareImages(parts, input), owners: null, truncated: [] };
  }
  if (stem === STEM.TOKENS && (typeof input === 'string' || Array.isArray(input))) {
    return prepareTexts(parts, input, plan, limit);
  }
  return { inputs: input, owners: null, truncated: [] };
}

/**
 * @param {import('./encoder.js').Parts} parts
 * @param {string | string[]} input
 * @param {ReturnType<typeof readOptions>} plan
 * @param {number} limit
 * @returns {{ inputs: Record<string, any>, owners: number[] | null, truncated: number[] }}
 */
function prepareTexts({ tokenizer }, input, { prompt, onTruncate }, limit) {
  if (!tokenizer)
    throw new UnsupportedError('this model has no tokenizer.json or vocab.txt; pass input_ids instead');
  const texts = checkTexts(input).map((text) => prompt + text);
  if (onTruncate === 'chunk') return { ...tokenizeChunks(tokenizer, texts, limit), truncated: [] };
  const { truncated, ...inputs } = tokenizeTexts(tokenizer, texts, { onTruncate, limit });
  return { inputs, owners: null, truncated };
}

/**
 * The mean of a long text's chunks, weighted by their tokens.
 * @param {Float32Array} vectors [chunks, width]
 * @param {number[]} owners the text that each chunk is of
 * @param {import('../run/sequences.js').Sequences} sequences
 * @param {number} width
 */
function meanOfChunks(vectors, owners, { places }, width) {
  const texts = (owners.at(-1) ?? -1) + 1;
  const sums = new Float32Array(texts * width);
  const weights = new Float32Array(texts);
  owners.forEach((text, chunk) => {
    const weight = places[chunk].length;
    weights[text] += weight;
    for (let i = 0; i < width; i++) sums[text * width + i] += vectors[chunk * width + i] * weight;
  });
  return sums.map((sum, i) => sum / weights[Math.floor(i / width)]);
}

/**
 * Dense modules, dimensions, normalisation and precision, in this order.
 * @param {import('./encoder.js').Parts} parts
 * @param {Float32Array} pooled [n, width]
 * @param {number} width
 * @param {ReturnType<typeof readOptions>} plan
 */
function finish({ model }, pooled, width, { dense, full, dimensions, normalize, precision }) {
  const n = pooled.length / width;
  let vectors = dense.reduce((values, head) => model.head(head, values), pooled);
  if (dimensions < full) vectors = vectors.filter((_, i) => i % full < dimensions);
  if (normalize && n) vectors = model.normalize(vectors, dimensions);
  if (precision === 'int8') return new Tensor('int8', toInt8(vectors, dimensions), [n, dimensions]);
  if (precision === 'binary') return new Tensor('int8', toBinary(vectors), [n, dimensions / 8]);
  return new Tensor('float32', vectors, [n, dimensions]);
}
