/** How near a model in 8 bits comes to its own in float32, on inputs of no meaning: what `wasmformer quantize` says, or refuses. */
import { STEM } from '../../bindings/core/abi.js';
import { UnsupportedError, WasmformerError } from '../../bindings/errors.js';
import { PARTS } from '../../bindings/tasks/loaded.js';
import { load, similarity, Tensor } from '../index.js';

/** @import { Encoder } from '../index.js' */
/** @import { LoadOptions } from '../../bindings/public.js' */

/** The least mean cosine that is let pass. */
const LEAST = 0.98;
const TEXTS = [
  'The quick brown fox jumps over the lazy dog.',
  'Numbers such as 3.14159 or 2026-11-28, and code: for (let i = 0; i < n; i++) sum += x[i];',
  'Die Würde des Menschen ist unantastbar.',
  'a',
];
const [SIDE, SAMPLES] = [96, 16_000];

/** Numbers from 0 to 1 that are the same each time. @param {number} count */
function randoms(count) {
  let state = 7;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000;
  });
}

/** A smooth picture, and one of noise. */
const pictures = () => {
  const count = 3 * SIDE * SIDE;
  const smooth = Uint8Array.from({ length: count }, (_, i) => 127 + 120 * Math.sin(i / 500 + (i % 3)));
  const noise = Uint8Array.from(randoms(count), (x) => 255 * x);
  return [smooth, noise].map((data) => ({ data, width: SIDE, height: SIDE }));
};

/** Rows of what a model gives, and their length. @param {Encoder} encoder @returns {Promise<Tensor[]>} */
async function outputsOf(encoder) {
  const { model, vision, tokenizer } = encoder[PARTS];
  const { stem, width, vocabulary } = model.description;
  const stems = [stem, vision?.description.stem];
  const found = [];
  if (stems.includes(STEM.PATCHES)) found.push(await encoder.embed(pictures()));
  if (stem === STEM.FRAMES) found.push(await encoder.embed([randoms(SAMPLES).map((x) => x - 0.5)]));
  if (stem === STEM.TOKENS && tokenizer) found.push(await encoder.embed(TEXTS));
  if (stem === STEM.TOKENS && !tokenizer) {
    const ids = Int32Array.from(randoms(4 * 16), (x) => x * vocabulary);
    const inputs = { input_ids: new Tensor('int32', ids, [4, 16]) };
    found.push((await encoder.forward(inputs)).last_hidden_state);
  }
  if (stem === STEM.EMBEDDINGS) {
    const inputs = { inputs_embeds: new Tensor('float32', randoms(2 * 16 * width), [2, 16, width]) };
    found.push((await encoder.forward(inputs)).last_hidden_state);
  }
  return found;
}

/** The mean cosine of rows. @param {Tensor[]} ours @param {Tensor[]} theirs */
function meanCosine(ours, theirs) {
  let [sum, count] = [0, 0];
  for (const [k, { shape }] of ours.entries()) {
    const length = /** @type {number} */ (shape.at(-1));
    const rows = ours[k].data.length / length;
    const [a, b] = [ours[k], theirs[k]].map(
      ({ data }) => new Tensor('float32', /** @type {Float32Array} */ (data), [rows, length]),
    );
    const cosines = similarity(a, b).data;
    for (let row = 0; row < rows; row++, count++) sum += Number(cosines[row * rows + row]);
  }
  return sum / count;
}

/**
 * @param {string} model
 * @param {string} out its folder in 8 bits
 * @param {Pick<LoadOptions, 'timeout' | 'revision'>} options of the model's source
 * @throws {UnsupportedError} one that is too far from it, with the figure
 */
export async function compare(model, out, options) {
  const outputs = [];
  for (const [from, how] of /** @type {[string, LoadOptions][]} */ ([
    [out, { dtype: 'int8' }],
    [model, options],
  ])) {
    const encoder = await load(from, how);
    try {
      outputs.push(await outputsOf(encoder));
    } catch (error) {
      // A model without what says how pictures are prepared, which its own files lack as well.
      if (!(error instanceof WasmformerError)) throw error;
      return void process.stderr.write(`not compared: ${error.message}\n`);
    } finally {
      encoder.dispose();
    }
  }
  if (!outputs[0].length) return void process.stderr.write('not compared: it takes no inputs by itself\n');
  const cosine = meanCosine(outputs[0], outputs[1]);
  const words = `the mean cosine to what it gives in float32 is ${cosine.toFixed(5)}`;
  if (cosine >= LEAST) return void process.stderr.write(`${words}\n`);
  throw new UnsupportedError(
    `${model} does not bear 8 bits: ${words}, on inputs of no meaning; expected ${LEAST} or more`,
    { path: 'dtype', value: cosine },
  );
}
