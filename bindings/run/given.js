/** The tensors that a caller gives, checked: numbers of axes, sizes, integers. Not here: which tensors a model takes (inputs.js). */
import { numbersOf, placeOf, refuser } from '../arrays.js';
import { InputError, ShapeError } from '../errors.js';

/** Tokens that one call may have, those of padding and of every picture included. */
export const MOST_TOKENS = 2 ** 20;

/** What the axes of inputs are, for messages. @type {Record<string, string>} */
const AXES = {
  input_ids: '2 axes, [texts, tokens]',
  attention_mask: '2 axes, [texts, tokens]',
  token_type_ids: '2 axes, [texts, tokens]',
  task_type_ids: '2 axes, [texts, tokens]',
  inputs_embeds: '3 axes, [texts, tokens, width]',
  input_features: '3 axes, [sounds, bins, frames]',
  input_values: '2 axes, [sounds, samples]',
  pixel_values: '4 axes, [pictures, channels, height, width]',
};

/**
 * Accepts a Tensor or nested arrays.
 * @param {any} value
 * @param {string} name
 * @param {...number} ranks numbers of axes that it may have
 */
export function asTensor(value, name, ...ranks) {
  const tensor = numbersOf(value, refuser(name, value));
  if (!ranks.includes(tensor.shape.length)) {
    const said = AXES[name];
    const axes = said?.startsWith(`${ranks[0]} `) ? said : `${ranks.join(' or ')} axes`;
    throw new ShapeError(`${name} has shape [${tensor.shape.join(', ')}]; expected ${axes}`, {
      path: name,
      value: tensor.shape,
    });
  }
  return tensor;
}

/**
 * Refuses what a call cannot hold, before anything is made of it.
 * @param {string} name
 * @param {number[]} shape
 * @param {number} batch
 * @param {number} tokens of each
 */
export function checkTokens(name, shape, batch, tokens) {
  if (Math.max(batch, 1) * Math.max(tokens, 1) <= MOST_TOKENS) return;
  const size = `${batch} x ${tokens} tokens`;
  throw new ShapeError(
    `${name} of shape [${shape.join(', ')}] has ${size}; one call takes at most 2^20 = ${MOST_TOKENS}`,
    { path: name, value: shape },
  );
}

/**
 * The integers of a tensor, each in 0 .. limit - 1.
 * @param {import('../arrays.js').Numbers} tensor
 * @param {string} name
 * @param {number} limit
 * @param {string} of what the limit is the number of
 */
export function integers({ data, shape }, name, limit, of) {
  const out = new Uint32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!Number.isInteger(value) || value < 0 || value >= limit) {
      const rule = `an integer from 0 to ${limit - 1} (${of})`;
      throw new InputError(`${name}${placeOf(i, shape)} is ${value}; expected ${rule}`, {
        path: name,
        value,
      });
    }
    out[i] = value;
  }
  return out;
}

/** @param {number[]} shape @param {number[]} expected @param {string} name */
export function sameShape(shape, expected, name) {
  if (shape.join() !== expected.join()) {
    throw new ShapeError(`${name} has shape [${shape.join(', ')}]; expected [${expected.join(', ')}]`, {
      path: name,
      value: shape,
    });
  }
}
