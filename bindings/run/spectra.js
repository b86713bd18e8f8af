/** Spectra of sounds as pictures in patches: input_values [B, frames, height] become one channel of height x frames. */
import { allocate, floatsOf } from '../arrays.js';
import { ShapeError } from '../errors.js';
import { checkTokens } from './given.js';

/**
 * @param {import('./model.js').Model} model
 * @param {ReturnType<typeof import('./given.js').asTensor>} spectra
 * @returns {import('./inputs.js').Inputs}
 */
export function readSpectra(model, { data, shape }) {
  const [batch, frames, height] = shape;
  /** @type {[height: number, frames: number]} */
  const image = /** @type {any} */ (model.blueprint.image);
  if (height !== image[0] || frames !== image[1]) {
    const expected = `[${batch}, ${image[1]}, ${image[0]}]: spectra, frames, mel bins`;
    throw new ShapeError(`input_values has shape [${shape.join(', ')}]; expected ${expected}`, {
      path: 'input_values',
      value: shape,
    });
  }
  const { tokens } = model.state(0, image);
  checkTokens('input_values', shape, 1, tokens);
  const values = floatsOf(data);
  const pixels = allocate(Float32Array, values.length);
  for (let b = 0; b < batch; b++) {
    const first = b * frames * height;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < frames; x++) pixels[first + y * frames + x] = values[first + x * height + y];
  }
  const lengths = new Uint32Array(batch).fill(tokens);
  const owners = Array.from({ length: batch }, (_, b) => b);
  return { batch, tokens, places: null, owners, sequences: { lengths, pixels, image } };
}
