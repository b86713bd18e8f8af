/**
 * Sentence vectors: pooling, dense modules, normalisation, shorter and smaller vectors. Reference: the modules of
 * sentence-transformers, whose files decide what a model does by default.
 */
import { STEM } from '../core/abi.js';
import { InputError, UnsupportedError } from '../errors.js';
import { breather } from '../run/pace.js';
import { Tensor } from '../tensor.js';
import { promptLength } from '../text/tokenize.js';
import { askedOf, refuseSecondText, towerFor } from './asked.js';
import { readOptions } from './embed_options.js';
import { piecesOf, vectorsOf } from './pieces.js';
import { toBits, toInt8, toUint8 } from './precision.js';

/**
 * @import { EmbedOptions } from '../public.js'
 *
 * @typedef {ReturnType<typeof readOptions>} Plan
 */

/**
 * @param {import('./parts.js').Parts} parts
 * @param {any} input
 * @param {EmbedOptions} options
 * @param {number} limit tokens of a text
 * @returns {Promise<Tensor & { truncated: number[] }>}
 */
export async function embedSequences(parts, input, options, limit) {
  refuseSecondText(options);
  parts = towerFor(parts, input);
  const plan = readOptions(parts, options);
  const asked = askedOf(parts, input);
  if (plan.isRows && parts.model.description.stem !== STEM.PATCHES) throw noRows();
  const { prompt, onTruncate, orientation, progress, dimensions, precision } = plan;
  const skip = parts.model.blueprint.skip ?? skippedBy(parts, plan, limit);
  const breathe = breather(plan.signal);
  const total = asked.count;
  const size = precision.endsWith('binary') ? dimensions / 8 : dimensions;
  /** @type {number[]} */
  const truncated = [];
  let each = 1; // vectors of an input
  let all = room(precision, 0);
  for await (const piece of piecesOf(parts, asked, { prompt, onTruncate, orientation, limit }, breathe)) {
    // Inputs of a forward are one piece, whose batch says how many there are.
    const rows = Math.max(total, piece.count);
    if (piece.first === 0) {
      if (plan.isRows) each = rowsOf(parts, piece);
      all = room(precision, rows * each * size);
    } else if (plan.isRows && rowsOf(parts, piece) !== each) throw unevenRows(piece.first);
    const told = progress && ((/** @type {number} */ done) => progress({ done, total: rows }));
    all.set(await embedPiece(parts, piece, { ...plan, skip }, breathe, told), piece.first * each * size);
    truncated.push(...piece.truncated);
  }
  const shape = plan.isRows ? [all.length / each / size, each, size] : [all.length / size, size];
  return Object.assign(new Tensor(DTYPES[precision], all, shape), { truncated });
}

/** Rows of each picture of a piece. @param {import('./parts.js').Parts} parts @param {import('./pieces.js').Piece} piece */
const rowsOf = ({ model }, { sequences }) => model.state(model.states - 1, sequences.image).tokens;

const noRows = () =>
  new UnsupportedError(
    'pooling is "none", which is for pictures; forward gives the rows of texts, last_hidden_state',
    { path: 'pooling', value: 'none' },
  );

/** @param {number} first */
const unevenRows = (first) =>
  new UnsupportedError(
    `picture ${first} has another number of rows than those before it; pass them one by one`,
    { path: `images[${first}]` },
  );

/** What holds vectors of each precision. */
const DTYPES = /** @type {const} */ ({
  float32: 'float32',
  int8: 'int8',
  uint8: 'uint8',
  binary: 'int8',
  ubinary: 'uint8',
});
const ARRAYS = { float32: Float32Array, int8: Int8Array, uint8: Uint8Array };

/** @param {Plan['precision']} precision @param {number} values */
const room = (precision, values) => new ARRAYS[DTYPES[precision]](values);

/**
 * Tokens at the beginning of each text that pooling passes over: those of the prompt, where the model's files say so.
 * @param {import('./parts.js').Parts} parts
 * @param {Plan} plan
 * @param {number} limit tokens of a text
 */
function skippedBy({ tokenizer }, { prompt, includePrompt, onTruncate }, limit) {
  if (includePrompt || !prompt || !tokenizer) return 0;
  const count = promptLength(tokenizer, prompt);
  if (onTruncate !== 'chunk' && count < limit) return count;
  throw new InputError(
    onTruncate === 'chunk'
      ? 'onTruncate is "chunk"; this model pools without the prompt, which only the first chunk would have'
      : `the prompt has ${count} tokens; expected fewer than ${limit}, since this model pools without it`,
    { path: onTruncate === 'chunk' ? 'onTruncate' : 'prompt', value: prompt },
  );
}

/**
 * Pooling and what follows it, dimensions, normalisation and precision, in this order.
 * @param {import('./parts.js').Parts} parts
 * @param {import('./pieces.js').Piece} piece
 * @param {Plan & { skip: number }} plan
 * @param {import('../run/pace.js').Breath} breathe
 * @param {(done: number) => void} [progress]
 */
async function embedPiece(parts, piece, plan, breathe, progress) {
  const { output: pooled, stages, skip, full, dimensions, again, precision, onTruncate } = plan;
  const { model } = parts;
  const chunked = onTruncate === 'chunk';
  // What directly follows pooling happens with it in the core, unless chunks come together there.
  const [first, ...rest] = chunked ? [{ heads: [], normalize: false }, ...stages] : stages;
  const heads = [...pooled.heads, ...first.heads];
  const output = { skip, ...pooled, heads, normalize: first.normalize };
  const [given] = await vectorsOf(parts, piece, [output], breathe, progress);
  let vectors = throughStages(model, rest, {
    vectors: chunked ? meanOfChunks(given, piece, model.outputWidth(output)) : given,
    width: model.outputWidth(output),
  });
  // Sequences without any token have zeros.
  if (!chunked && piece.sequences.lengths.length < piece.count) vectors = spread(vectors, piece, full);
  if (dimensions < full) vectors = vectors.filter((_, i) => i % full < dimensions);
  if (again && vectors.length) vectors = model.normalize(vectors, dimensions);
  if (precision === 'int8') return toInt8(vectors, dimensions, plan.ranges);
  if (precision === 'uint8') return toUint8(vectors, dimensions, /** @type {Float32Array} */ (plan.ranges));
  if (precision === 'float32') return vectors;
  const bits = toBits(vectors);
  return precision === 'ubinary' ? bits : Int8Array.from(bits, (byte) => byte - 128);
}

/**
 * @param {import('../run/model.js').Model} model
 * @param {Plan['stages']} stages
 * @param {{ vectors: Float32Array, width: number }} from
 */
function throughStages(model, stages, { vectors, width }) {
  for (const { heads, normalize } of stages) {
    if (!vectors.length) return vectors;
    if (heads.length) {
      const output = { poolings: [], heads, normalize };
      const out = new Float32Array((vectors.length / width) * model.outputWidth(output));
      model.output(out, output, vectors);
      vectors = out;
      width = model.outputWidth(output);
    } else if (normalize) vectors = model.normalize(vectors, width);
  }
  return vectors;
}

/** @param {Float32Array} vectors @param {import('./pieces.js').Piece} piece @param {number} width */
function spread(vectors, { owners, count }, width) {
  const all = new Float32Array(count * width);
  owners.forEach((owner, i) => {
    all.set(vectors.subarray(i * width, (i + 1) * width), owner * width);
  });
  return all;
}

/**
 * The mean of each text's chunks, weighted by their tokens.
 * @param {Float32Array} vectors [chunks, width]
 * @param {import('./pieces.js').Piece} piece
 * @param {number} width
 */
function meanOfChunks(vectors, { owners, count, sequences: { lengths } }, width) {
  const sums = new Float32Array(count * width);
  const weights = new Float32Array(count);
  owners.forEach((text, chunk) => {
    const weight = lengths[chunk];
    weights[text] += weight;
    for (let i = 0; i < width; i++) sums[text * width + i] += vectors[chunk * width + i] * weight;
  });
  return sums.map((sum, i) => sum / weights[Math.floor(i / width)]);
}
