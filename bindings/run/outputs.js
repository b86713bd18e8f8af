/** Rows of blocks become outputs of padded shape again. Rows and columns of masked tokens stay zeros. */
import { allocate, sizeOfShape } from '../arrays.js';
import { Tensor } from '../tensor.js';

/**
 * @typedef {import('./inputs.js').Inputs} Inputs
 * @typedef {import('../core/layouts.js').State} State
 *
 * @typedef {object} Filled a tensor that fills block by block
 * @property {Tensor} tensor
 * @property {(first: number, count: number, values: Float32Array) => void} fill with what sequences first .. first + count
 *   - 1 of those that have tokens give
 */

/** @param {number[]} shape */
const zeros = (shape) => new Tensor('float32', allocate(Float32Array, sizeOfShape(shape)), shape);

/** Where the tokens of a sequence stand in a row of T. @param {Inputs} inputs @param {State} state @returns {(owner: number) => Uint32Array} */
function placesOf({ places }, { tokens }) {
  const every = Uint32Array.from({ length: tokens }, (_, t) => t);
  return (owner) => places?.[owner] ?? every;
}

/**
 * One vector a token, [B, T, width].
 * @param {Inputs} inputs
 * @param {State} state whose tokens they are
 * @param {number} width
 * @returns {Filled}
 */
export function paddedRows(inputs, state, width) {
  const tokens = state.tokens || inputs.tokens;
  const tensor = zeros([inputs.batch, tokens, width]);
  const places = placesOf(inputs, state);
  return {
    tensor,
    fill(first, count, rows) {
      let row = 0;
      for (const owner of inputs.owners.slice(first, first + count)) {
        for (const t of places(owner)) {
          tensor.data.set(rows.subarray(row * width, ++row * width), (owner * tokens + t) * width);
        }
      }
    },
  };
}

/**
 * Attention maps [B, H, T, T], masked columns zero; of windows [B windows, H, N, N].
 * @param {Inputs} inputs
 * @param {State} state behind the layer that gives them
 * @returns {Filled}
 */
export function paddedMaps(inputs, state) {
  const { windows, heads, keys } = state;
  if (windows) {
    const tensor = zeros([inputs.batch * windows, heads, keys, keys]);
    return { tensor, fill: filler(tensor, windows * heads * keys ** 2, inputs.owners) };
  }
  const { batch, tokens } = inputs;
  const tensor = zeros([batch, heads, tokens, tokens]);
  const places = placesOf(inputs, state);
  return {
    tensor,
    fill(first, count, maps) {
      let from = 0;
      for (const owner of inputs.owners.slice(first, first + count)) {
        const place = places(owner);
        for (let h = 0; h < heads; h++) {
          for (const query of place) {
            const to = ((owner * heads + h) * tokens + query) * tokens;
            for (const key of place) tensor.data[to + key] = maps[from++];
          }
        }
      }
    },
  };
}

/**
 * Maps of sequences, [H, T, T] each, with the mean of all heads in place of each.
 * @param {Float32Array} maps
 * @param {Uint32Array} lengths
 * @param {number} heads
 */
export function meanOfHeads(maps, lengths, heads) {
  const out = maps.slice();
  let at = 0;
  for (const length of lengths) {
    const size = length * length;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let h = 0; h < heads; h++) sum += maps[at + h * size + i];
      for (let h = 0; h < heads; h++) out[at + h * size + i] = sum / heads;
    }
    at += heads * size;
  }
  return out;
}

/**
 * One vector a sequence, [B, width].
 * @param {Inputs} inputs
 * @param {number} width
 * @returns {Filled}
 */
export function vectors(inputs, width) {
  const tensor = zeros([inputs.batch, width]);
  return { tensor, fill: filler(tensor, width, inputs.owners) };
}

/**
 * Fills pieces of one size, one a sequence.
 * @param {Tensor} tensor
 * @param {number} size
 * @param {number[]} owners
 * @returns {Filled['fill']}
 */
const filler = (tensor, size, owners) => (first, count, values) => {
  for (let i = 0; i < count; i++) {
    const part = values.subarray(i * size, (i + 1) * size);
    /** @type {Float32Array} */ (tensor.data).set(part, owners[first + i] * size);
  }
};

/**
 * Where tokens stand in a picture.
 * @param {import('./model.js').Model} model
 * @param {State} state that leaves the last layer
 * @returns {import('./public.js').Patches}
 */
export function patchesOf({ blueprint, description: { prefix, kind } }, { height, across }) {
  const classToken = prefix > 0 && blueprint.classToken !== false;
  return {
    rows: height,
    columns: across,
    prefix,
    classToken,
    windows: kind.some(({ window }) => window > 0),
  };
}

/**
 * The rows [B, T, width] of a tensor but the first of each sequence.
 * @param {Tensor} tensor
 * @param {number} count how many to leave out
 */
export function rowsBehind({ data, shape: [batch, tokens, width] }, count) {
  const rest = (tokens - count) * width;
  const tensor = zeros([batch, tokens - count, width]);
  for (let b = 0; b < batch; b++) {
    const end = (b + 1) * tokens * width;
    tensor.data.set(/** @type {Float32Array} */ (data).subarray(end - rest, end), b * rest);
  }
  return tensor;
}

/**
 * The mean of tensors of one shape: logits of several classifiers.
 * @param {Tensor[]} tensors
 */
export function meanOf(tensors) {
  const [{ data, shape }] = tensors;
  const sumOf = (/** @type {number} */ i) => tensors.reduce((sum, one) => sum + Number(one.data[i]), 0);
  const means = /** @type {Float32Array} */ (data).map((_, i) => sumOf(i) / tensors.length);
  return new Tensor('float32', means, shape);
}

/**
 * A column of a tensor [..., width], [...].
 * @param {Tensor} tensor
 * @param {number} column
 */
export function columnOf({ data, shape }, column) {
  const width = shape[shape.length - 1];
  const values = Float32Array.from({ length: data.length / width }, (_, i) =>
    Number(data[i * width + column]),
  );
  return new Tensor('float32', values, shape.slice(0, -1));
}
