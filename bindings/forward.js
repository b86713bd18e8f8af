/**
 * A forward over any number of sequences: split into blocks, run layer by layer, collected into padded outputs. Reads the
 * inputs by name; knows nothing of text.
 */
import { STEM } from './abi.js';
import { embeddingSequences, gatherBlock, splitIntoBlocks, tokenSequences } from './batch.js';
import { AbortError, InputError } from './errors.js';
import { outputOf, paddedMaps, paddedRows } from './padded.js';

/**
 * @typedef {import('./model.js').Model} Model
 * @typedef {import('./batch.js').Sequences} Sequences
 *
 * @typedef {object} ForwardOptions
 * @property {boolean} [hidden_states] return the rows before layer 0 and after every layer
 * @property {boolean} [attentions] return the attention maps of every layer
 * @property {AbortSignal} [signal] stops between two layers
 */

/** Milliseconds after which a forward that can be aborted lets the event loop run. */
const PATIENCE = 50;

/**
 * The valid tokens of a call's inputs.
 * @param {Model} model
 * @param {Record<string, any>} inputs
 * @returns {Sequences}
 */
export function readInputs({ description }, inputs) {
  const [name, read] =
    description.stem === STEM.TOKENS
      ? /** @type {const} */ (['input_ids', tokenSequences])
      : /** @type {const} */ (['inputs_embeds', embeddingSequences]);
  if (inputs === null || typeof inputs !== 'object' || inputs[name] === undefined) {
    throw new InputError(`inputs have no ${name}; expected {${name}, …}`, { path: name, value: inputs });
  }
  return read(inputs, description);
}

/**
 * Runs sequences block by block.
 * @param {Model} model
 * @param {Sequences} sequences
 * @param {AbortSignal} [signal]
 * @param {{ hidden?: (layer: number, rows: Float32Array, members: number[]) => void,
 *   attentions?: (layer: number, maps: Float32Array, members: number[]) => void }} [watcher]
 */
export async function* runBlocks(model, sequences, signal, { hidden, attentions } = {}) {
  const costs = sequences.places.map((place) => (place.length ? model.rowCost(place.length) : 0));
  model.reach(costs.reduce((a, b) => Math.max(a, b), 0));
  const pause = pauser(signal);
  for (const members of splitIntoBlocks(costs, model.maxRows)) {
    const block = gatherBlock(sequences, members);
    const rows = await model.run(block, {
      hidden: hidden && ((layer, values) => hidden(layer, values, members)),
      attentions: attentions && ((layer, values) => attentions(layer, values, members)),
      pause,
    });
    yield { members, block, rows };
  }
}

/**
 * @param {Model} model
 * @param {Record<string, any>} inputs
 * @param {ForwardOptions} options
 * @returns {Promise<Record<string, any>>} as Encoder.forward
 */
export async function forward(model, inputs, { hidden_states: wantHidden, attentions: wantMaps, signal }) {
  const { width, layers, heads } = model.description;
  const sequences = readInputs(model, inputs);
  const hidden = Array.from({ length: wantHidden ? layers + 1 : 0 }, () => paddedRows(sequences, width));
  const maps = Array.from({ length: wantMaps ? layers : 0 }, () => paddedMaps(sequences, heads));
  const last = paddedRows(sequences, width);
  const outputs = model.blueprint.outputs.map((output) => ({
    ...output,
    ...outputOf(output, sequences, model),
  }));
  const watcher = {
    hidden: wantHidden ? fillOf(hidden) : undefined,
    attentions: wantMaps ? fillOf(maps) : undefined,
  };
  for await (const { members, block, rows } of runBlocks(model, sequences, signal, watcher)) {
    last.fill(members, rows);
    for (const output of outputs) {
      const start = output.pool === null ? rows : model.pool(rows, block.lengths, output.pool);
      output.fill(
        members,
        output.heads.reduce((vectors, head) => model.head(head, vectors), start),
      );
    }
  }
  return {
    last_hidden_state: last.tensor,
    ...Object.fromEntries(outputs.map(({ name, tensor }) => [name, tensor])),
    ...(wantHidden && { hidden_states: hidden.map(({ tensor }) => tensor) }),
    ...(wantMaps && { attentions: maps.map(({ tensor }) => tensor) }),
  };
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
