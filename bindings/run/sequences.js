/**
 * What a forward takes: rows of sequences one after another, without padding. They come from a tokenizer as they are, or
 * from rectangles as Hugging Face shapes them ([B, T] with a mask), whose masked tokens are left out: inputs.js.
 */
import { sliceMask } from './mask.js';

/**
 * @typedef {object} Sequences
 * @property {Uint32Array} lengths rows of each sequence; of pictures the rows that they have at first
 * @property {Uint32Array} [ids] [R]
 * @property {Uint32Array} [positions] [R]
 * @property {Uint32Array} [types] [R]
 * @property {Float32Array} [embeddings] [R, D]
 * @property {Float32Array} [pixels] [images, C, H, W]
 * @property {Float32Array} [frames] [sounds, values, time]
 * @property {number} [time] frames that each sound has
 * @property {Uint32Array} [heard] how many of them count
 * @property {[height: number, width: number]} [image] pixels of every image
 * @property {import('./mask.js').Mask} [mask] over pairs of the tokens of a sequence, all of one length
 *
 * @typedef {object} Watcher what a caller wants to see between layers
 * @property {(state: number, rows: Float32Array) => void} [hidden] called with the rows of every state
 * @property {(state: number, maps: Float32Array) => void} [attentions] called with the maps of the last layer before every
 *   state but the first: [H, T, T] of each sequence in turn, or of each window
 * @property {import('./trace.js').Watched} [trace] of a block of one sequence: told of what the core traces
 */
/** Arrays with as many values for each row, and with as many for each sequence. */
const BY_ROW = /** @type {const} */ (['ids', 'positions', 'types', 'embeddings']);

/**
 * The positions of a row of tokens.
 * @param {ArrayLike<number>} ids
 * @param {number | undefined} padding see Blueprint
 * @returns {Uint32Array}
 */
export function positionsOf(ids, padding) {
  const out = new Uint32Array(ids.length);
  let count = 0;
  for (let t = 0; t < out.length; t++) {
    if (padding === undefined) out[t] = t;
    else out[t] = ids[t] === padding ? padding : padding + ++count;
  }
  return out;
}

/**
 * Tokenized texts.
 * @param {{ ids: ArrayLike<number>, typeIds: ArrayLike<number> }[]} encodings
 * @param {number} [padding] see Blueprint
 * @returns {Sequences}
 */
export function fromEncodings(encodings, padding) {
  const lengths = Uint32Array.from(encodings, ({ ids }) => ids.length);
  const rows = lengths.reduce((sum, length) => sum + length, 0);
  const make = () => new Uint32Array(rows);
  const [ids, positions, types] = [make(), make(), make()];
  let row = 0;
  for (const encoding of encodings) {
    ids.set(encoding.ids, row);
    types.set(encoding.typeIds, row);
    positions.set(positionsOf(encoding.ids, padding), row);
    row += encoding.ids.length;
  }
  return { lengths, ids, positions, types };
}

/**
 * Some of the sequences, in order.
 * @param {Sequences} sequences
 * @param {number} first
 * @param {number} end
 * @returns {Sequences}
 */
export function slice(sequences, first, end) {
  const { lengths, pixels, image, mask } = sequences;
  const sum = (/** @type {Uint32Array} */ some) => some.reduce((a, b) => a + b, 0);
  const [before, inside, all] = [
    sum(lengths.subarray(0, first)),
    sum(lengths.subarray(first, end)),
    sum(lengths),
  ];
  /** @type {Record<string, any>} */
  const part = { lengths: lengths.subarray(first, end), image };
  for (const key of BY_ROW) {
    const array = sequences[key];
    const size = array ? array.length / all : 0;
    part[key] = array?.subarray(before * size, (before + inside) * size);
  }
  const size = pixels ? pixels.length / lengths.length : 0;
  part.pixels = pixels?.subarray(first * size, end * size);
  const { frames, heard, time } = sequences;
  const sound = frames ? frames.length / lengths.length : 0;
  if (frames)
    Object.assign(part, {
      time,
      frames: frames.subarray(first * sound, end * sound),
      heard: heard?.subarray(first, end),
    });
  part.mask = sliceMask(mask, first, end);
  return /** @type {Sequences} */ (part);
}

/**
 * How the core begins a block: which of its stems, and what that is called with.
 * @param {Sequences} block
 * @param {Float32Array | null} added position rows of pictures of another size
 * @param {number} sound where frames stand in the core's memory
 * @returns {[stem: string, args: import('../core/instance.js').Argument[]]}
 */
export function beginning(
  { lengths, ids, positions, types, embeddings, pixels, image, frames, heard, time },
  added,
  sound,
) {
  const count = lengths.length;
  if (frames) return ['frames', [sound, heard ?? null, time ?? 0, count]];
  if (pixels && image) return ['pixels', [pixels, added, count, ...image]];
  if (embeddings) return ['embeddings', [embeddings, lengths, count]];
  return ['tokens', [ids ?? null, positions ?? null, types ?? null, lengths, count]];
}

/**
 * Values of the attention maps of the layer before a state.
 * @param {import('../core/layouts.js').State} state
 * @param {Sequences} block
 */
export function mapSize({ windows, heads, keys }, { lengths }) {
  if (windows) return lengths.length * windows * heads * keys ** 2;
  return heads * lengths.reduce((sum, length) => sum + length * length, 0);
}

/** Values of a block's rows at a state. @param {import('../core/layouts.js').State} state @param {Sequences} block */
export const rowSize = ({ tokens, width }, { lengths }) =>
  width * lengths.reduce((sum, length) => sum + (tokens || length), 0);

/**
 * Distributes sequences over blocks, in order.
 * @param {ArrayLike<number>} costs rows of each sequence
 * @param {number} most rows of a block, at least the largest cost
 * @returns {number[]} where the blocks end
 */
export function blockEnds(costs, most) {
  const ends = [];
  let room = most;
  for (let i = 0; i < costs.length; i++) {
    if (costs[i] > room) {
      ends.push(i);
      room = most;
    }
    room -= costs[i];
  }
  return costs.length ? [...ends, costs.length] : [];
}

/**
 * Runs sequences block by block. After each, its rows are in the core until the next is asked for.
 * @param {import('./model.js').Model} model
 * @param {Sequences} sequences without empty ones
 * @param {import('./pace.js').Breath} breathe
 * @param {Watcher | ((first: number, block: Sequences) => Watcher)} [watch]
 * @returns {AsyncGenerator<{ first: number, block: Sequences }>} first: the number of the block's first sequence
 */
export async function* runBlocks(model, sequences, breathe, watch = {}) {
  const costs = Array.from(sequences.lengths, (length) => model.rowCost(length));
  const longest = costs.reduce((a, b) => Math.max(a, b), 0);
  model.reach(longest, longest);
  let first = 0;
  for (const end of blockEnds(costs, model.maxRows)) {
    const block = slice(sequences, first, end);
    await model.run(block, breathe, typeof watch === 'function' ? watch(first, block) : watch);
    yield { first, block };
    first = end;
  }
}
