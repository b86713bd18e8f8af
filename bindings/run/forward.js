/**
 * A forward over any number of sequences: split into blocks, run layer by layer, collected into padded outputs. Reads the
 * inputs by name; knows nothing of text.
 */
import { STEM } from '../core/abi.js';
import { AbortError, InputError } from '../errors.js';
import { attend } from './attend.js';
import { outputOf, paddedMaps, paddedRows, windowMaps } from './outputs.js';
import { pixelSequences } from './pixels.js';
import { embeddingSequences, gatherBlock, splitIntoBlocks, tokenSequences } from './sequences.js';
import { statesOf } from './states.js';

/**
 * @typedef {import('./model.js').Model} Model
 * @typedef {import('./sequences.js').Sequences} Sequences
 *
 * @typedef {object} ForwardOptions
 * @property {boolean} [hidden_states] return the rows before layer 0 and after every layer
 * @property {boolean} [attentions] return the attention maps of every layer
 * @property {AbortSignal} [signal] stops between two layers
 */

/** Milliseconds after which a forward that can be aborted lets the event loop run. */
const PATIENCE = 50;

/** The input that each stem reads. @type {Record<number, [string, (inputs: any, description: any) => Sequences]>} */
const READERS = {
  [STEM.TOKENS]: ['input_ids', tokenSequences],
  [STEM.EMBEDDINGS]: ['inputs_embeds', embeddingSequences],
  [STEM.PATCHES]: ['pixel_values', pixelSequences],
};

/**
 * The valid tokens of a call's inputs.
 * @param {Model} model
 * @param {Record<string, any>} inputs
 * @returns {Sequences}
 */
export function readInputs({ description }, inputs) {
  const [name, read] = READERS[description.stem];
  if (inputs === null || typeof inputs !== 'object' || inputs[name] === undefined) {
    throw new InputError(`inputs have no ${name}; expected {${name}, …}`, { path: name, value: inputs });
  }
  return read(inputs, description);
}

/**
 * Runs sequences block by block: the rows of each, and how many belong to each sequence.
 * @param {Model} model
 * @param {Sequences} sequences
 * @param {AbortSignal} [signal]
 * @param {{ hidden?: (layer: number, rows: Float32Array, members: number[]) => void,
 *   attentions?: (layer: number, maps: Float32Array, members: number[]) => void }} [watcher]
 */
export async function* runBlocks(model, sequences, signal, { hidden, attentions } = {}) {
  const costs = sequences.places.map((place) => model.rowCost(place.length));
  model.reach(costs.reduce((a, b) => Math.max(a, b), 0));
  const pause = pauser(signal);
  const { tokens } = statesOf(model.description, sequences.grid).slice(-1)[0];
  for (const members of splitIntoBlocks(costs, model.maxRows)) {
    const block = gatherBlock(sequences, members);
    const rows = await model.run(block, {
      hidden: hidden && ((layer, values) => hidden(layer, values, members)),
      attentions: attentions && ((layer, values) => attentions(layer, values, members)),
      pause,
    });
    yield { members, rows, lengths: block.lengths.map((length) => tokens ?? length) };
  }
}

/**
 * @param {Model} model
 * @param {Record<string, any>} inputs
 * @param {ForwardOptions} options
 * @returns {Promise<Record<string, any>>} as Encoder.forward
 */
export async function forward(model, inputs, options) {
  return model.description.stem === STEM.ATTENTION ? attend(model, inputs) : encode(model, inputs, options);
}

/**
 * @param {Model} model
 * @param {Record<string, any>} inputs
 * @param {ForwardOptions} options
 */
async function encode(model, inputs, { hidden_states: wantHidden, attentions: wantMaps, signal }) {
  const sequences = readInputs(model, inputs);
  const { batch, grid } = sequences;
  const states = statesOf(model.description, grid).map((state) => ({
    ...state,
    sequences: stateOf(sequences, state),
  }));
  const final = states[states.length - 1];
  const hidden = wantHidden ? states.map((state) => paddedRows(state.sequences, state.width)) : [];
  const maps = (wantMaps ? states.slice(1) : []).map((state) =>
    state.maps ? windowMaps(batch, state.maps) : paddedMaps(sequences, model.description.heads),
  );
  const last = paddedRows(final.sequences, final.width);
  const outputs = model.blueprint.outputs.map((output) => ({
    ...output,
    ...outputOf(output, final.sequences, model, final.width),
  }));
  const watcher = {
    hidden: wantHidden ? fillOf(hidden) : undefined,
    attentions: wantMaps ? fillOf(maps) : undefined,
  };
  for await (const { members, rows, lengths } of runBlocks(model, sequences, signal, watcher)) {
    last.fill(members, rows);
    for (const output of outputs) {
      const start = pooled(model, output, rows, lengths, final.width);
      output.fill(
        members,
        output.heads.reduce((vectors, head) => model.head(head, vectors), start),
      );
    }
  }
  const named = Object.fromEntries(outputs.map(({ name, tensor }) => [name, tensor]));
  return {
    last_hidden_state: last.tensor,
    ...named,
    ...model.blueprint.combine?.(named),
    ...(wantHidden && { hidden_states: hidden.map(({ tensor }) => tensor) }),
    ...(wantMaps && { attentions: maps.map(({ tensor }) => tensor) }),
  };
}

/**
 * The sequences of a state: those of the inputs, or of as many tokens as its map has.
 * @param {Sequences} sequences
 * @param {import('./states.js').State} state
 * @returns {Sequences}
 */
function stateOf(sequences, { tokens }) {
  if (tokens === null || tokens === sequences.tokens) return sequences;
  const every = Uint32Array.from({ length: tokens }, (_, t) => t);
  return { ...sequences, tokens, places: sequences.places.map(() => every) };
}

/**
 * What an output's heads start from.
 * @param {Model} model
 * @param {import('../architectures/blueprint.js').Output} output
 * @param {Float32Array} rows
 * @param {Uint32Array} lengths
 * @param {number} width
 */
function pooled(model, { pool, token }, rows, lengths, width) {
  if (pool === null) return rows;
  if (!token) return model.pool(rows, lengths, pool, width);
  const picked = new Float32Array(lengths.length * width);
  let row = token;
  lengths.forEach((length, i) => {
    picked.set(rows.subarray(row * width, (row + 1) * width), i * width);
    row += length;
  });
  return picked;
}

/** @param {{ fill: (members: number[], values: Float32Array) => void }[]} outputs one a layer */
function fillOf(outputs) {
  /** @type {(layer: number, values: Float32Array, members: number[]) => void} */
  return (layer, values, members) => outputs[layer].fill(members, values);
}

/**
 * What a forward awaits between layers: the signal is heard only if the event loop runs now and then.
 * @param {AbortSignal} [signal]
 */
function pauser(signal) {
  if (!signal) return undefined;
  let last = performance.now();
  return async () => {
    if (!signal.aborted && performance.now() - last > PATIENCE) {
      await new Promise((resolve) => setTimeout(resolve));
      last = performance.now();
    }
    if (signal.aborted) throw new AbortError('the call was aborted', { cause: signal.reason });
  };
}
