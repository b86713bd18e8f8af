/** A forward of a lone attention module: queries, keys, values and valid lengths in, output and attention weights out. */

import { allocate, floatsOf } from '../arrays.js';
import { InputError, ShapeError } from '../errors.js';
import { Tensor } from '../tensor.js';
import { asTensor, checkTokens, sameShape } from './given.js';
import { checkInputs } from './input_names.js';

/**
 * @param {import('./model.js').Model} model
 * @param {Record<string, any>} inputs queries [B, Tq, D], keys and values [B, Tk, D], valid_lens [B] or [B, Tq]
 *   (optional): keys from there on get the score -1e6
 * @returns {Promise<Record<string, Tensor>>} output [B, Tq, D], attention_weights [B H, Tq, Tk]
 */
export async function attend(model, inputs) {
  checkInputs(model, inputs);
  const { width, kind } = model.description;
  const { heads } = kind[0];
  const widths = model.blueprint.attention ?? { queries: width, keys: width, values: width, output: width };
  const [queries, keys, values] = /** @type {const} */ (['queries', 'keys', 'values']).map((name) => {
    const { data, shape } = asTensor(inputs[name], name, 3);
    sameShape(shape, [shape[0], shape[1], widths[name]], name);
    checkTokens(name, shape, shape[0], shape[1]);
    return { name, shape, data: withColumns(floatsOf(data), widths[name], width) };
  });
  const [batch, queryLength] = queries.shape;
  const keyLength = keys.shape[1];
  sameShape(keys.shape, [batch, keyLength, widths.keys], 'keys');
  sameShape(values.shape, [batch, keyLength, widths.values], 'values');
  if (batch && (queryLength === 0 || keyLength === 0)) {
    throw new ShapeError(
      `queries and keys have ${queryLength} and ${keyLength} tokens; expected at least one`,
    );
  }
  const valid = validLengths(inputs.valid_lens, batch, queryLength, keyLength);
  const output = allocate(Float32Array, batch * queryLength * width);
  const weights = allocate(Float32Array, batch * heads * queryLength * keyLength);
  const inputsOf = [queries.data, keys.data, values.data];
  if (batch) {
    const longest = model.rowCost(Math.max(queryLength, keyLength));
    model.reach(longest, longest);
    const sizes = [batch, queryLength, keyLength];
    const given = [{ out: output }, { out: weights }, model.address, ...inputsOf, valid, ...sizes];
    model.invoke('wf_encoder_attend', given, { D: width, H: heads });
  }
  const { output: columns } = widths;
  return {
    output: new Tensor('float32', withColumns(output, width, columns), [batch, queryLength, columns]),
    attention_weights: new Tensor('float32', weights, [batch * heads, queryLength, keyLength]),
  };
}

/**
 * Rows of another width: cut, or with zeros behind.
 * @param {Float32Array} rows [R, from]
 * @param {number} from
 * @param {number} to
 * @returns {Float32Array} [R, to]
 */
function withColumns(rows, from, to) {
  if (from === to) return rows;
  const out = allocate(Float32Array, (rows.length / from) * to);
  for (let row = 0; row * from < rows.length; row++)
    out.set(rows.subarray(row * from, row * from + Math.min(from, to)), row * to);
  return out;
}

/**
 * The valid keys of each query, as D2L's masked softmax reads them: below 0 is none, above the number of keys all.
 * @param {any} lengths [B] or [B, Tq]
 * @param {number} batch
 * @param {number} queries
 * @param {number} keys
 * @returns {Uint32Array | null} [B, Tq]
 */
function validLengths(lengths, batch, queries, keys) {
  if (lengths === undefined || lengths === null) return null;
  const { data, shape } = asTensor(lengths, 'valid_lens', 1, 2);
  sameShape(shape, shape.length === 1 ? [batch] : [batch, queries], 'valid_lens');
  const each = data.length / batch;
  return Uint32Array.from({ length: batch * queries }, (_, i) => {
    const at = each === 1 ? Math.floor(i / queries) : i;
    if (!Number.isInteger(data[at]))
      throw new InputError(`valid_lens[${at}] is ${data[at]}; expected an integer`, {
        path: 'valid_lens',
        value: data[at],
      });
    return Math.min(Math.max(data[at], 0), keys);
  });
}
