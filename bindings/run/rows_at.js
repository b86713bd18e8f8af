/** Outputs of rows that the ids of a text choose: CLIP pools a text at its end. */
import { InputError } from '../errors.js';

/**
 * @typedef {import('./model.js').Model} Model
 * @typedef {import('./sequences.js').Sequences} Sequences
 */

/**
 * The place of the token that an output is of, see Output.at.
 * @param {ArrayLike<number>} ids
 * @param {number | 'largest'} at
 */
function placeIn(ids, at) {
  let place = 0;
  for (let i = 0; i < ids.length; i++) {
    if (at === 'largest' ? ids[i] > ids[place] : ids[i] === at && ids[place] !== at) place = i;
  }
  return place;
}

/**
 * Refuses a text whose vector is of a token that the mask leaves out: such tokens are not computed. So is the last one, where
 * padding is text to the model.
 * @param {Model} model
 * @param {Uint32Array} ids [T], padding included
 * @param {Uint32Array} places of the tokens that count
 * @param {number} text its number
 */
export function refuseMasked({ blueprint: { outputs, padTo } }, ids, places, text) {
  const wanted = outputs.flatMap(({ at }) => (at === undefined ? [] : [placeIn(ids, at)]));
  if (padTo !== undefined) wanted.push(ids.length - 1);
  const masked = places.length ? wanted.find((place) => !places.includes(place)) : undefined;
  if (masked === undefined) return;
  throw new InputError(
    `attention_mask[${text}][${masked}] is 0, but that token is the one whose row stands for the text; expected 1`,
    { path: 'attention_mask', value: masked },
  );
}

/**
 * Fills an array with vectors of an output with pooling, of the sequences of the block that was run; see Model.output.
 * @param {Model} model
 * @param {Sequences} block
 * @param {Float32Array} out [sequences, width]
 * @param {import('./model.js').Output} output
 */
export function putVectors(model, { lengths, ids }, out, output) {
  const { at, ...rest } = output;
  if (at === undefined || !ids) return model.output(out, output);
  const { width } = model;
  const rows = model.hidden(ids.length * width);
  const picked = new Float32Array(lengths.length * width);
  let start = 0;
  for (const [i, length] of lengths.entries()) {
    const row = start + placeIn(ids.subarray(start, start + length), at);
    picked.set(rows.subarray(row * width, (row + 1) * width), i * width);
    start += length;
  }
  if (rest.heads.length) return model.output(out, { ...rest, poolings: [] }, picked);
  out.set(rest.normalize ? model.normalize(picked, width) : picked);
}
