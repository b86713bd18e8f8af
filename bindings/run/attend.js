/** A forward of a lone attention module: queries, keys, values and valid lengths in, output and attention weights out. */

import { floatsOf } from '../arrays.js';
import { InputError, ShapeError } from '../errors.js';
import { Tensor } from '../tensor.js';
import { asTensor, checkTokens, sameShape } from './given.js';

/**
 * @param {import('./model.js').Model} model
 * @param {Record<string, any>} inputs queries [B, Tq, D], keys and values [B, Tk, D], valid_lens [B] or [B, Tq]
 *   (optional): keys from there on get the score -1e6
 * @returns {Promise<Record<string, Tensor>>} output [B, Tq, D], attention_weights [B H, Tq, Tk]
 */
export async function attend(model, inputs) {
  const { width, kind } = model.description;
  const { heads } = kind[0];
  const [queries, keys, values] = ['queries', 'keys', 'values'].map((name) => {
    const { data, shape } = asTensor(inputs?.[name], name, 3);
    return { name, shape, data: floatsOf(data) };
  });
  const [batch, queryLength] = queries.shape;
  const keyLength = keys.shape[1];
  sameShape(queries.shape, [batch, queryLength, width], 'queries');
  sameShape(keys.shape, [batch, keyLength, width], 'keys');
  sameShape(values.shape, [batch, keyLength, width], 'values');
  checkTokens('queries', queries.shape, batch, queryLength);
  checkTokens('keys', keys.shape, batch, keyLength);
  if (batch && (queryLength === 0 || keyLength === 0)) {
    throw new ShapeError(
      `queries and keys have ${queryLength} and ${keyLength} tokens; expected at least one`,
    );
  }
  const valid = validLengths(inputs.valid_lens, batch, queryLength, keyLength);
  const output = new Float32Array(batch * queryLength * width);
  const weights = new Float32Array(batch * heads * queryLength * keyLength);
  const inputsOf = [queries.data, keys.data, values.data];
  if (batch) model.attend([output, weights], inputsOf, valid, [batch, queryLength, keyLength]);
  return {
    output: new Tensor('float32', output, [batch, queryLength, width]),
    attention_weights: new Tensor('float32', weights, [batch * heads, queryLength, keyLength]),
  };
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
