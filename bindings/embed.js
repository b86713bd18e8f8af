/**
 * Sentence vectors: pooling, dense modules, normalisation, shorter and smaller vectors. Reference: the modules of
 * sentence-transformers, whose files decide what a model does by default.
 */
import { POOL, STEM } from './abi.js';
import { InputError, UnsupportedError } from './errors.js';
import { readInputs, runBlocks } from './forward.js';
import { prepareImages } from './images.js';
import { checkOptions } from './options.js';
import { toBinary, toInt8 } from './precision.js';
import { Tensor } from './tensor.js';
import { checkTexts, tokenizeChunks, tokenizeTexts } from './text/batch.js';

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

/** The core's poolings by the names of 1_Pooling/config.json (`pooling_mode_…`). @type {Record<string, number>} */
const POOLINGS = {
  cls: POOL.FIRST,
  mean: POOL.MEAN,
  max: POOL.MAX,
  mean_sqrt_len: POOL.MEAN_SQRT,
  lasttoken: POOL.LAST,
  weightedmean: POOL.WEIGHTED_MEAN,
};

const OPTIONS = [
  'pooling',
  'normalize',
  'dimensions',
  'prompt',
  'precision',
  'onTruncate',
  'progress',
  'signal',
];

/** Texts, or pictures, that are prepared at a time: a long list must not fill the memory with token ids. */
const AT_A_TIME = 512;

/**
 * @param {import('./encoder.js').Parts} parts
 * @param {string | string[] | Record<string, any>} input
 * @param {EmbedOptions} options
 * @param {number} limit tokens of a text
 * @returns {Promise<Tensor & { truncated: number[] }>}
 */
export async function embedSequences(parts, input, options, limit) {
  const plan = readOptions(parts, options);
  if (!Array.isArray(input) || input.length <= AT_A_TIME) return embedAll(parts, input, plan, limit);
  /** @type {Awaited<ReturnType<typeof embedAll>>[]} */
  const pieces = [];
  for (let first = 0; first < input.length; first += AT_A_TIME) {
    const progress =
      plan.progress && (({ done = 0 }) => plan.progress?.({ done: first + done, total: input.length }));
    pieces.push(await embedAll(parts, input.slice(first, first + AT_A_TIME), { ...plan, progress }, limit));
  }
  const [{ dtype, data, shape }] = pieces;
  const size = shape[1];
  const all = new /** @type {any} */ (data.constructor)(input.length * size);
  pieces.forEach((piece, i) => {
    all.set(piece.data, i * AT_A_TIME * size);
  });
  const truncated = pieces.flatMap((piece, i) => piece.truncated.map((index) => index + i * AT_A_TIME));
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
 * @param {import('./encoder.js').Parts} parts
 * @param {EmbedOptions} options
 */
function readOptions({ sentenceTransformer, dense, model }, options) {
  const given = checkOptions(options, OPTIONS);
  const names = [
    given.pooling ?? sentenceTransformer?.pooling?.modes ?? model.blueprint.pooling ?? 'mean',
  ].flat();
  const modes = names.map((name) => {
    if (Object.hasOwn(POOLINGS, name)) return POOLINGS[name];
    throw new InputError(`pooling is "${name}"; expected one of ${Object.keys(POOLINGS).join(', ')}`, {
      path: 'pooling',
      value: name,
    });
  });
  const chain = given.pooling ? [] : dense;
  const last = chain.at(-1);
  const full = last === undefined ? model.width * modes.length : model.description.head[last].outputs;
  const dimensions = given.dimensions ?? full;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > full) {
    throw new InputError(`dimensions is ${dimensions}; expected an integer from 1 to ${full}`, {
      path: 'dimensions',
      value: dimensions,
    });
  }
  oneOf('precision', given.precision ?? 'float32', ['float32', 'int8', 'binary']);
  oneOf('onTruncate', given.onTruncate ?? 'cut', ['cut', 'error', 'chunk']);
  if (given.precision === 'binary' && dimensions % 8) {
    throw new InputError(`dimensions is ${dimensions}; binary vectors need a multiple of 8`, {
      value: dimensions,
    });
  }
  return {
    modes,
    dense: chain,
    dimensions,
    normalize: given.normalize ?? sentenceTransformer?.normalize ?? false,
    prompt: promptOf(given.prompt, sentenceTransformer),
    precision: given.precision ?? 'float32',
    onTruncate: given.onTruncate ?? 'cut',
    progress: given.progress,
    signal: given.signal,
  };
}

/** @param {string} name @param {string} value @param {string[]} allowed */
function oneOf(name, value, allowed) {
  if (allowed.includes(value)) return;
  throw new InputError(`${name} is ${JSON.stringify(value)}; expected one of ${allowed.join(', ')}`, {
    path: name,
    value,
  });
}

/**
 * @param {string | undefined} prompt
 * @param {import('./text/sentence_transformers.js').SentenceTransformer | null} sentenceTransformer
 */
function promptOf(prompt, sentenceTransformer) {
  const name = prompt ?? sentenceTransformer?.defaultPrompt ?? '';
  if (typeof name !== 'string') {
    throw new InputError(`prompt is ${typeof name}; expected a string`, { path: 'prompt', value: name });
  }
  const known = sentenceTransformer?.prompts ?? {};
  return Object.hasOwn(known, name) ? known[name] : name;
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
 * @param {import('./batch.js').Sequences} sequences
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
function finish({ model }, pooled, width, { dense, dimensions, normalize, precision }) {
  const n = pooled.length / width;
  let vectors = dense.reduce((values, head) => model.head(head, values), pooled);
  const full = dense.length ? model.description.head[/** @type {number} */ (dense.at(-1))].outputs : width;
  if (dimensions < full) vectors = vectors.filter((_, i) => i % full < dimensions);
  if (normalize && n) vectors = model.normalize(vectors, dimensions);
  if (precision === 'int8') return new Tensor('int8', toInt8(vectors, dimensions), [n, dimensions]);
  if (precision === 'binary') return new Tensor('int8', toBinary(vectors), [n, dimensions / 8]);
  return new Tensor('float32', vectors, [n, dimensions]);
}
