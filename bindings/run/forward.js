/**
 * The public forward: rectangles and masks in, padded outputs out. Between them sequences are run block by block, without
 * padding (sequences.js).
 */
import { STEM } from '../core/abi.js';
import { attend } from './attend.js';
import { readInputs } from './inputs.js';
import {
  columnOf,
  meanOf,
  meanOfHeads,
  paddedMaps,
  paddedRows,
  patchesOf,
  rowsBehind,
  vectors,
} from './outputs.js';
import { breather } from './pace.js';
import { putVectors } from './rows_at.js';
import { runBlocks } from './sequences.js';
import { Tracer } from './trace.js';

/**
 * @import { ForwardOptions } from '../public.js'
 * @typedef {import('./model.js').Model} Model
 */

/**
 * @param {Model} model
 * @param {Record<string, any>} inputs
 * @param {ForwardOptions} options
 * @returns {Promise<any>} as Encoder.forward
 */
export async function forward(model, inputs, options) {
  return model.description.stem === STEM.ATTENTION ? attend(model, inputs) : encode(model, inputs, options);
}

/**
 * @param {Model} model
 * @param {Record<string, any>} given
 * @param {ForwardOptions} options
 */
async function encode(model, given, { hidden_states: wantHidden, attentions: wantMaps, trace, signal }) {
  const inputs = readInputs(model, given);
  const tracer = trace ? new Tracer(model, inputs) : null;
  const { sequences } = inputs;
  const states = Array.from({ length: model.states }, (_, i) => model.state(i, sequences.image));
  const final = states[states.length - 1];
  const hidden = wantHidden ? states.map((state) => paddedRows(inputs, state, state.width)) : [];
  const maps = wantMaps ? states.slice(1).map((state) => paddedMaps(inputs, state)) : [];
  const last = paddedRows(inputs, final, final.width);
  const outputs = model.blueprint.outputs.map((output) => {
    const width = model.outputWidth(output);
    const filled = output.poolings.length ? vectors(inputs, width) : paddedRows(inputs, final, width);
    return { ...output, ...filled, width };
  });
  const width = model.description.table_width;
  const { features: keeps, averages } = model.blueprint.sound ?? {};
  const features = keeps ? paddedRows(inputs, final, width) : null;
  const watch = (
    /** @type {number} */ first,
    /** @type {import('./sequences.js').Sequences} */ { lengths },
  ) => ({
    ...((wantHidden || tracer) && {
      hidden: (/** @type {number} */ i, /** @type {Float32Array} */ rows) => {
        hidden[i]?.fill(first, lengths.length, rows);
        tracer?.hidden(i, rows);
      },
    }),
    ...((wantMaps || tracer) && {
      attentions: (/** @type {number} */ i, /** @type {Float32Array} */ values) => {
        const shown = averages ? meanOfHeads(values, lengths, states[i].heads) : values;
        maps[i - 1]?.fill(first, lengths.length, shown);
        tracer?.attentions(values);
      },
    }),
    ...(tracer && { trace: tracer }),
  });
  for await (const { first, block } of runBlocks(model, sequences, breather(signal), watch)) {
    const count = block.lengths.length;
    const rows = block.lengths.reduce((sum, length) => sum + (final.tokens || length), 0);
    last.fill(first, count, model.hidden(rows * final.width));
    features?.fill(first, count, model.hidden(rows * width, 'features'));
    for (const output of outputs) {
      const values = new Float32Array((output.poolings.length ? count : rows) * output.width);
      if (output.poolings.length) putVectors(model, block, values, output);
      else model.output(values, output);
      output.fill(first, count, values);
    }
  }
  return {
    last_hidden_state: last.tensor,
    ...(features && { extract_features: features.tensor }),
    ...namedOutputs(model, outputs),
    ...(wantHidden && { hidden_states: hidden.map(({ tensor }) => tensor) }),
    ...(wantMaps && { attentions: maps.map(({ tensor }) => tensor) }),
    ...(tracer && { trace: tracer.trace }),
    ...(sequences.image && { patches: patchesOf(model, final) }),
  };
}

/**
 * Outputs by their names: columns that have their own, and logits that are the mean of several.
 * @param {Model} model
 * @param {(import('../architectures/blueprint.js').Output & { tensor: import('../tensor.js').Tensor })[]} outputs
 */
function namedOutputs({ blueprint: { logits } }, outputs) {
  const named = Object.fromEntries(
    outputs.flatMap(({ name, columns, poolings, skip, tensor }) => {
      if (columns) return columns.map((column, i) => [column, columnOf(tensor, i)]);
      return [[name, poolings.length || !skip ? tensor : rowsBehind(tensor, skip)]];
    }),
  );
  return logits ? { ...named, logits: meanOf(logits.map((name) => named[name])) } : named;
}
