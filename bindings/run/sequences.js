/**
 * Model inputs as Hugging Face names and shapes them ([B, T] with a mask) become blocks of sequences without padding:
 * masked tokens are never computed. The way back is outputs.js.
 */
import { InputError, ShapeError } from '../errors.js';

/**
 * @typedef {object} Sequences the valid tokens of a batch
 * @property {number} batch B
 * @property {number} tokens T, padding included
 * @property {Uint32Array[]} places for each sequence, the indices of its valid tokens in a row of T
 * @property {[height: number, width: number]} [grid] patches of every image
 * @property {[height: number, width: number]} [image] pixels of every image
 * @property {(sequence: number) => { ids?: Uint32Array, positions?: Uint32Array, types?: Uint32Array,
 *   embeddings?: Float32Array, pixels?: Float32Array }} gather the inputs of one sequence's valid tokens
 */

/**
 * Accepts a Tensor or nested arrays.
 * @param {any} value
 * @param {string} name
 * @param {number} rank
 * @returns {{ data: ArrayLike<number | bigint>, shape: number[] }}
 */
export function asTensor(value, name, rank) {
  const tensor = Array.isArray(value) ? fromArrays(value, name) : value;
  if (
    !(tensor && ArrayBuffer.isView(tensor.data) && Array.isArray(tensor.shape)) &&
    !Array.isArray(tensor?.data)
  ) {
    throw new InputError(
      `${name} is ${describeValue(value)}; expected a Tensor or nested arrays of numbers`,
      {
        path: name,
        value,
      },
    );
  }
  if (tensor.shape.length !== rank) {
    throw new ShapeError(`${name} has shape [${tensor.shape.join(', ')}]; expected ${rank} axes`, {
      path: name,
      value: tensor.shape,
    });
  }
  return tensor;
}

/** @param {unknown} value */
const describeValue = (value) => (value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value);

/** @param {any[]} value @param {string} name */
function fromArrays(value, name) {
  const shape = [];
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const data = value.flat(Math.max(0, shape.length - 1));
  const bad = data.find((item) => typeof item !== 'number');
  if (bad !== undefined || data.length !== shape.reduce((a, b) => a * b, 1)) {
    throw new ShapeError(`${name} is ragged or not of numbers; expected nested arrays of equal lengths`, {
      path: name,
    });
  }
  return { data, shape };
}

/**
 * The integers of a tensor, each in 0 .. limit - 1.
 * @param {ArrayLike<number | bigint>} data
 * @param {string} name
 * @param {number} limit
 * @param {string} of what the limit is the number of
 */
export function integers(data, name, limit, of) {
  const out = new Uint32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (!Number.isInteger(value) || value < 0 || value >= limit) {
      throw new InputError(`${name}[${i}] is ${value}; expected an integer from 0 to ${limit - 1} (${of})`, {
        path: name,
        value,
      });
    }
    out[i] = value;
  }
  return out;
}

/**
 * The indices of each row's valid tokens.
 * @param {any} mask attention_mask [B, T] of 0 and 1, or nothing for all
 * @param {number} batch
 * @param {number} tokens
 */
function validPlaces(mask, batch, tokens) {
  const every = Uint32Array.from({ length: tokens }, (_, t) => t);
  if (mask === undefined || mask === null) return Array.from({ length: batch }, () => every);
  const { data, shape } = asTensor(mask, 'attention_mask', 2);
  sameShape(shape, [batch, tokens], 'attention_mask');
  const values = integers(data, 'attention_mask', 2, 'a mask is 0 or 1');
  return Array.from({ length: batch }, (_, b) => every.filter((t) => values[b * tokens + t] === 1));
}

/** @param {number[]} shape @param {number[]} expected @param {string} name */
function sameShape(shape, expected, name) {
  if (shape.join() !== expected.join()) {
    throw new ShapeError(`${name} has shape [${shape.join(', ')}]; expected [${expected.join(', ')}]`, {
      path: name,
      value: shape,
    });
  }
}

/**
 * Token inputs: input_ids [B, T], attention_mask [B, T], token_type_ids [B, T].
 * @param {Record<string, any>} inputs
 * @param {{ vocabulary: number, positions: number, types: number }} tables rows of the embedding tables
 * @returns {Sequences}
 */
export function tokenSequences(inputs, { vocabulary, positions, types }) {
  const { data, shape } = asTensor(inputs.input_ids, 'input_ids', 2);
  const [batch, tokens] = shape;
  const ids = integers(data, 'input_ids', vocabulary, "the vocabulary's size");
  const places = validPlaces(inputs.attention_mask, batch, tokens);
  let kinds = new Uint32Array(0);
  if (types && inputs.token_type_ids !== undefined && inputs.token_type_ids !== null) {
    const given = asTensor(inputs.token_type_ids, 'token_type_ids', 2);
    sameShape(given.shape, shape, 'token_type_ids');
    kinds = integers(given.data, 'token_type_ids', types, 'token types');
  }
  if (positions && tokens > positions) {
    const last = Math.max(...places.map((place) => place.at(-1) ?? 0));
    if (last >= positions) {
      throw new InputError(`input_ids has ${tokens} tokens; the model has positions for ${positions}`, {
        path: 'input_ids',
        value: tokens,
      });
    }
  }
  return {
    batch,
    tokens,
    places,
    gather: (sequence) => {
      const at = sequence * tokens;
      return {
        ids: places[sequence].map((t) => ids[at + t]),
        positions: places[sequence],
        types: kinds.length
          ? places[sequence].map((t) => kinds[at + t])
          : new Uint32Array(places[sequence].length),
      };
    },
  };
}

/**
 * The caller's own rows: inputs_embeds [B, T, D], attention_mask [B, T].
 * @param {Record<string, any>} inputs
 * @param {{ width: number }} description
 * @returns {Sequences}
 */
export function embeddingSequences(inputs, { width }) {
  const { data, shape } = asTensor(inputs.inputs_embeds, 'inputs_embeds', 3);
  const [batch, tokens] = shape;
  sameShape(shape, [batch, tokens, width], 'inputs_embeds');
  const places = validPlaces(inputs.attention_mask, batch, tokens);
  const values = Float32Array.from(/** @type {ArrayLike<number>} */ (data));
  return {
    batch,
    tokens,
    places,
    gather: (sequence) => {
      const embeddings = new Float32Array(places[sequence].length * width);
      places[sequence].forEach((t, i) => {
        const from = (sequence * tokens + t) * width;
        embeddings.set(values.subarray(from, from + width), i * width);
      });
      return { embeddings };
    },
  };
}

/**
 * Distributes sequences over blocks, in order; sequences without a valid token are in none.
 * @param {number[]} costs padded rows of each sequence
 * @param {number} most padded rows of a block, at least the largest cost
 * @returns {number[][]} sequence numbers of each block
 */
export function splitIntoBlocks(costs, most) {
  /** @type {number[][]} */
  const blocks = [];
  let room = 0;
  costs.forEach((cost, sequence) => {
    if (cost === 0) return;
    if (cost > room) {
      blocks.push([]);
      room = most;
    }
    blocks.at(-1)?.push(sequence);
    room -= cost;
  });
  return blocks;
}

/**
 * The inputs of several sequences, one after another.
 * @param {Sequences} sequences
 * @param {number[]} members
 * @returns {import('./model.js').Block}
 */
export function gatherBlock({ places, gather, grid, image }, members) {
  const parts = members.map(gather);
  /** @param {'ids' | 'positions' | 'types' | 'embeddings' | 'pixels'} key */
  const join = (key) => {
    const arrays = parts.map((part) => part[key]);
    const first = arrays[0];
    if (first === undefined) return undefined;
    const total = arrays.reduce((sum, array) => sum + (array?.length ?? 0), 0);
    const all = first instanceof Float32Array ? new Float32Array(total) : new Uint32Array(total);
    let offset = 0;
    for (const array of arrays) {
      all.set(/** @type {any} */ (array), offset);
      offset += array?.length ?? 0;
    }
    return all;
  };
  return {
    lengths: Uint32Array.from(members, (sequence) => places[sequence].length),
    ids: /** @type {Uint32Array | undefined} */ (join('ids')),
    positions: /** @type {Uint32Array | undefined} */ (join('positions')),
    types: /** @type {Uint32Array | undefined} */ (join('types')),
    embeddings: /** @type {Float32Array | undefined} */ (join('embeddings')),
    pixels: /** @type {Float32Array | undefined} */ (join('pixels')),
    grid,
    image,
  };
}
