/** Rows of blocks become outputs of padded shape again. Rows and columns of masked tokens stay zeros. */
import { Tensor } from '../tensor.js';

/**
 * A padded output [B, T, width] that fills block by block.
 * @param {import('./sequences.js').Sequences} sequences
 * @param {number} width
 */
export function paddedRows({ batch, tokens, places }, width) {
  const tensor = new Tensor('float32', new Float32Array(batch * tokens * width), [batch, tokens, width]);
  return {
    tensor,
    /** @param {number[]} members @param {Float32Array} rows */
    fill(members, rows) {
      let row = 0;
      for (const sequence of members) {
        for (const t of places[sequence]) {
          tensor.data.set(rows.subarray(row * width, ++row * width), (sequence * tokens + t) * width);
        }
      }
    },
  };
}

/**
 * A padded attention map [B, H, T, T] that fills block by block; masked columns stay zero.
 * @param {import('./sequences.js').Sequences} sequences
 * @param {number} heads
 */
export function paddedMaps({ batch, tokens, places }, heads) {
  const tensor = new Tensor('float32', new Float32Array(batch * heads * tokens ** 2), [
    batch,
    heads,
    tokens,
    tokens,
  ]);
  return {
    tensor,
    /** @param {number[]} members @param {Float32Array} maps */
    fill(members, maps) {
      let from = 0;
      for (const sequence of members) {
        const place = places[sequence];
        for (let h = 0; h < heads; h++) {
          for (const query of place) {
            const to = ((sequence * heads + h) * tokens + query) * tokens;
            for (const key of place) tensor.data[to + key] = maps[from++];
          }
        }
      }
    },
  };
}

/**
 * The maps of a windowed layer, [B windows, H, N, N].
 * @param {number} batch
 * @param {{ windows: number, heads: number, tokens: number }} maps
 */
export function windowMaps(batch, { windows, heads, tokens }) {
  const size = windows * heads * tokens ** 2;
  const tensor = new Tensor('float32', new Float32Array(batch * size), [
    batch * windows,
    heads,
    tokens,
    tokens,
  ]);
  return { tensor, fill: filler(tensor.data, size) };
}

/**
 * Where an output of the model fills up: one row a sequence, or one a token.
 * @param {import('../architectures/blueprint.js').Output} output
 * @param {import('./sequences.js').Sequences} sequences
 * @param {import('./model.js').Model} model
 * @param {number} rowWidth of the last hidden state
 */
export function outputOf({ pool, heads }, sequences, model, rowWidth) {
  const last = heads.at(-1);
  const width = last === undefined ? rowWidth : model.description.head[last].outputs;
  if (pool === null) return paddedRows(sequences, width);
  const tensor = new Tensor('float32', new Float32Array(sequences.batch * width), [sequences.batch, width]);
  return { tensor, fill: filler(tensor.data, width) };
}

/**
 * Fills pieces of one size, one a sequence.
 * @param {import('../tensor.js').Tensor['data']} data
 * @param {number} size
 */
function filler(data, size) {
  /** @type {(members: number[], values: Float32Array) => void} */
  return (members, values) => {
    members.forEach((sequence, i) => {
      /** @type {Float32Array} */ (data).set(values.subarray(i * size, (i + 1) * size), sequence * size);
    });
  };
}
