/** A forward of a lone attention module: queries, keys, values and valid lengths in, output and attention weights out. */

import { floatsOf } from '../arrays.js';
import { ShapeError } from '../errors.js';
import { Tensor } from '../tensor.js';
import { asTensor, integers, sameShape } from './inputs.js';

/**
 * @param {import('./model.js').Model} model
 * @param {Record<string, any>} inputs queries [B, Tq, D], keys and values [B, Tk, D], valid_lens [B] (optional): keys from
 *   there on get the score -1e6
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
  if (batch && (queryLength === 0 || keyLength === 0)) {
    throw new ShapeError(
      `queries and keys have ${queryLength} and ${keyLength} tokens; expected at least one`,
    );
  }
  const valid = validLengths(inputs.valid_lens, batch, keyLength);
  const output = new Float32Array(batch * queryLength * width);
  const weights = new Float32Array(batch * heads * queryLength * keyLength);
  const inputsOf = [queries.data, keys.data, values.data];
  if (batch) model.attend([output, weights], inputsOf, valid, [batch, queryLength, keyLength]);
  return {
    output: new Tensor('float32', output, [batch, queryLength, width]),
    attention_weights: new Tensor('float32', weights, [batch * heads, queryLength, keyLength]),
  };
}

/** @param {any} lengths @param {number} batch @param {number} most */
function validLengths(lengths, batch, most) {
  if (lengths === undefined || lengths === null) return null;
  const tensor = asTensor(lengths, 'valid_lens', 1);
  sameShape(tensor.shape, [batch], 'valid_lens');
  return integers(tensor.data, 'valid_lens', most + 1, 'the number of keys');
}
