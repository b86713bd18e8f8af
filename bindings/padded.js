/** Rows of blocks become outputs of padded shape again. Rows and columns of masked tokens stay zeros. */
import { Tensor } from './tensor.js';

/**
 * A padded output [B, T, width] that fills block by block.
 * @param {import('./batch.js').Sequences} sequences
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
 * @param {import('./batch.js').Sequences} sequences
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
 * Where an output of the model fills up: one row a sequence, or one a token.
 * @param {import('./architectures/blueprint.js').Output} output
 * @param {import('./batch.js').Sequences} sequences
 * @param {import('./model.js').Model} model
 */
export function outputOf({ pool, heads }, sequences, model) {
  const width = model.description.head[/** @type {number} */ (heads.at(-1))].outputs;
  if (pool === null) return paddedRows(sequences, width);
  const tensor = new Tensor('float32', new Float32Array(sequences.batch * width), [sequences.batch, width]);
  return {
    tensor,
    /** @param {number[]} members @param {Float32Array} vectors */
    fill(members, vectors) {
      members.forEach((sequence, i) => {
        tensor.data.set(vectors.subarray(i * width, (i + 1) * width), sequence * width);
      });
    },
  };
}
