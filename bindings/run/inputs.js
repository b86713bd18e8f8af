/**
 * Model inputs as Hugging Face names and shapes them, Tensors or nested arrays, become sequences without padding: masked
 * tokens are never computed. The way back is outputs.js.
 */
import { floatsOf } from '../arrays.js';
import { BIAS, STEM, UNLIMITED } from '../core/abi.js';
import { InputError, UnsupportedError } from '../errors.js';
import { asTensor, checkTokens, integers, sameShape } from './given.js';
import { checkInputs } from './input_names.js';
import { maskOf } from './mask.js';
import { readPixels } from './pixels.js';
import { refuseMasked } from './rows_at.js';
import { positionsOf } from './sequences.js';
import { readSounds } from './sounds.js';
import { readSpectra } from './spectra.js';

/**
 * @typedef {import('./model.js').Model} Model
 * @typedef {import('./sequences.js').Sequences} Sequences
 *
 * @typedef {object} Inputs
 * @property {number} batch B
 * @property {number} tokens T, padding included; of pictures those of the first state
 * @property {Uint32Array[] | null} places for each sequence the indices of its valid tokens in a row of T; null: all
 * @property {Sequences} sequences those that have tokens
 * @property {number[]} owners which of the B each of them is
 */

/**
 * The indices of each row's valid tokens.
 * @param {any} mask attention_mask [B, T] of 0 and 1, or nothing for all
 * @param {number} batch
 * @param {number} tokens
 */
function validPlaces(mask, batch, tokens) {
  const every = Uint32Array.from({ length: tokens }, (_, t) => t);
  if (mask === undefined || mask === null) return Array.from({ length: batch }, () => every);
  const given = asTensor(mask, 'attention_mask', 2);
  sameShape(given.shape, [batch, tokens], 'attention_mask');
  const values = integers(given, 'attention_mask', 2, 'a mask is 0 or 1');
  return Array.from({ length: batch }, (_, b) => every.filter((t) => values[b * tokens + t] === 1));
}

/**
 * Gathers valid tokens: `sequences` gets what `arrays` hold of them, sizes being values of a token.
 * @param {Uint32Array[]} places
 * @param {number} tokens
 * @param {Record<string, [array: Float32Array | Uint32Array, size: number]>} arrays [B, T, size] each
 * @returns {Inputs}
 */
function gather(places, tokens, arrays) {
  const owners = places.flatMap((place, b) => (place.length ? [b] : []));
  const lengths = Uint32Array.from(owners, (b) => places[b].length);
  const rows = lengths.reduce((sum, length) => sum + length, 0);
  /** @type {Record<string, any>} */
  const sequences = { lengths };
  for (const [name, [array, size]] of Object.entries(arrays)) {
    const all = new /** @type {any} */ (array.constructor)(rows * size);
    let to = 0;
    for (const b of owners) {
      for (const t of places[b]) {
        const from = (b * tokens + t) * size;
        for (let i = 0; i < size; i++) all[to++] = array[from + i];
      }
    }
    sequences[name] = all;
  }
  return { batch: places.length, tokens, places, sequences: /** @type {Sequences} */ (sequences), owners };
}

/**
 * Refuses a mask that leaves out tokens between others where attention looks at distances: rows without padding have no gaps.
 * @param {Model} model
 * @param {Uint32Array} place of the tokens that count
 * @param {number} sequence
 */
function refuseGaps({ description }, place, sequence) {
  const measures =
    description.convolution ||
    description.kind.some(
      ({ rotary, bias, left, right }) =>
        rotary ||
        bias === BIAS.DISTANCE ||
        bias === BIAS.DISENTANGLED ||
        left !== UNLIMITED ||
        right !== UNLIMITED,
    );
  if (!measures || place.length < 2 || place[place.length - 1] - place[0] === place.length - 1) return;
  const gap = place.find((t, i) => i > 0 && t !== place[i - 1] + 1) ?? 0;
  throw new UnsupportedError(
    `attention_mask[${sequence}] leaves out tokens before token ${gap}; this model's positions are distances, so only tokens at the ends of a sequence may be left out`,
    { path: 'attention_mask', value: gap },
  );
}

/**
 * An id of a type for every token, zeros if none are given or the model has no such types.
 * @param {Record<string, any>} inputs
 * @param {string} name
 * @param {number[]} shape
 * @param {number} limit
 * @param {string} of
 */
function typeIds(inputs, name, shape, limit, of) {
  const given = inputs[name] ?? null;
  if (limit === 0 || given === null) return new Uint32Array(shape[0] * shape[1]);
  const tensor = asTensor(given, name, 2);
  sameShape(tensor.shape, shape, name);
  return integers(tensor, name, limit, of);
}

/**
 * input_ids [B, T], attention_mask [B, T], token_type_ids [B, T], task_type_ids [B, T]; mask, see mask.js.
 * @param {Model} model
 * @param {Record<string, any>} inputs
 */
function readTokens(model, inputs) {
  const { vocabulary, positions, types } = model.description;
  const given = asTensor(inputs.input_ids, 'input_ids', 2);
  const { shape } = given;
  const [batch, tokens] = shape;
  checkTokens('input_ids', shape, batch, tokens);
  const ids = integers(given, 'input_ids', vocabulary, "the vocabulary's size");
  const places = validPlaces(inputs.attention_mask, batch, tokens);
  const { padding, taskTypes = 0 } = model.blueprint;
  const typesOfTask = types / (taskTypes || 1);
  const kinds = typeIds(inputs, 'token_type_ids', shape, typesOfTask, 'token types');
  typeIds(inputs, 'task_type_ids', shape, taskTypes, 'task types').forEach((task, i) => {
    kinds[i] += task * typesOfTask;
  });
  const at = new Uint32Array(ids.length);
  for (let b = 0; b < batch; b++) {
    at.set(positionsOf(ids.subarray(b * tokens, (b + 1) * tokens), padding), b * tokens);
    refuseGaps(model, places[b], b);
    refuseMasked(model, ids.subarray(b * tokens, (b + 1) * tokens), places[b], b);
  }
  const last = places.reduce(
    (most, place, b) => place.reduce((m, t) => Math.max(m, at[b * tokens + t]), most),
    0,
  );
  if (positions && last >= positions) {
    const most = positions - (padding === undefined ? 0 : padding + 1);
    throw new InputError(`input_ids has ${tokens} tokens; the model has positions for ${most}`, {
      path: 'input_ids',
      value: tokens,
    });
  }
  const gathered = gather(places, tokens, { ids: [ids, 1], positions: [at, 1], types: [kinds, 1] });
  gathered.sequences.mask = maskOf(model, inputs, shape);
  return gathered;
}

/**
 * The caller's own rows: inputs_embeds [B, T, D], attention_mask [B, T].
 * @param {Model} model
 * @param {Record<string, any>} inputs
 */
function readEmbeddings({ description: { width } }, inputs) {
  const { data, shape } = asTensor(inputs.inputs_embeds, 'inputs_embeds', 3);
  const [batch, tokens] = shape;
  sameShape(shape, [batch, tokens, width], 'inputs_embeds');
  checkTokens('inputs_embeds', shape, batch, tokens);
  const places = validPlaces(inputs.attention_mask, batch, tokens);
  return gather(places, tokens, { embeddings: [floatsOf(data), width] });
}

/** @type {Record<number, (model: Model, inputs: any) => Inputs>} */
const READERS = {
  [STEM.TOKENS]: readTokens,
  [STEM.EMBEDDINGS]: readEmbeddings,
  [STEM.FRAMES]: readSounds,
  [STEM.PATCHES]: (model, { pixel_values: pixels, input_values: spectra }) =>
    model.blueprint.spectrogram
      ? readSpectra(model, asTensor(spectra, 'input_values', 3))
      : readPixels(model, asTensor(pixels, 'pixel_values', 4)),
};

/**
 * The valid tokens of a call's inputs.
 * @param {Model} model
 * @param {Record<string, any>} inputs
 * @returns {Inputs}
 */
export function readInputs(model, inputs) {
  checkInputs(model, inputs);
  return READERS[model.description.stem](model, inputs);
}
