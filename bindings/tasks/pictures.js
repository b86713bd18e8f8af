/** Pictures of any kind as the pixel values that a vision model reads. */
import { sizeOfShape } from '../arrays.js';
import { check } from '../check.js';
import { InputError, show, UnsupportedError } from '../errors.js';
import { choice, signal } from '../options/table.js';
import { breather } from '../run/pace.js';
import { Tensor } from '../tensor.js';
import { readImage } from '../vision/input.js';
import { askedOf, visionOf } from './asked.js';
import { featuresOf } from './recordings.js';

/** Whether pictures are turned as their files say: the values of the option. */
export const ORIENTATIONS = /** @type {const} */ (['apply', 'ignore']);

const OPTIONS = {
  orientation: choice(ORIENTATIONS, 'whether pictures are turned as the EXIF of their files says', {
    default: 'apply',
  }),
  signal: signal('stops the call', { optional: true }),
};

/**
 * Pictures or recordings alone, see Encoder.preprocess.
 * @param {import('./parts.js').Parts} given
 * @param {any} input
 * @param {object} options
 */
export async function preprocess(given, input, options) {
  const { orientation, signal: stop } = check('preprocess', options, OPTIONS);
  // Of two towers one reads pictures; texts are tokenized instead.
  const parts = given.vision ? visionOf(given) : given;
  const { pictures, recordings, isList } = askedOf(parts, input);
  if (recordings?.length) return featuresOf(parts, recordings, isList, breather(stop));
  if (!pictures?.length) {
    throw new InputError(`preprocess takes pictures or recordings, not ${show(input)}`, {
      path: 'pictures',
      value: input,
    });
  }
  const reading = { first: 0, isList, orientation };
  const { data, shape } = await picturesOf(parts, pictures, reading, breather(stop));
  return { pixel_values: new Tensor('float32', data, shape) };
}

/**
 * @param {import('./parts.js').Parts} parts
 * @param {any[]} pictures
 * @param {{ first: number, isList: boolean, orientation?: import('../public.js').Orientation }} reading first: the
 *   number of the first of them, for errors
 * @param {import('../run/pace.js').Breath} breathe
 * @returns {Promise<{ data: Float32Array, shape: number[] }>} [n, 3, H, W]
 */
export async function picturesOf(
  { processor, images, instance },
  pictures,
  { first, isList, orientation },
  breathe,
) {
  const { process } = /** @type {NonNullable<typeof processor>} */ (processor)();
  const tensors = [];
  for (const picture of pictures) {
    await breathe();
    /** @type {string | undefined} */
    const name = isList ? `images[${first + tensors.length}]` : undefined;
    tensors.push(process(instance, await readImage(picture, images, { orientation, name })));
  }
  const { shape } = tensors[0];
  const uneven = tensors.findIndex((tensor) => tensor.shape.join() !== shape.join());
  if (uneven > 0) {
    throw new UnsupportedError(
      `picture ${first + uneven} becomes [${tensors[uneven].shape.join(', ')}], picture ${first} [${shape.join(', ')}]; this model keeps their proportions: pass them one by one`,
    );
  }
  const size = sizeOfShape(shape);
  const data = new Float32Array(tensors.length * size);
  tensors.forEach((tensor, i) => {
    data.set(tensor.data, i * size);
  });
  return { data, shape: [tensors.length, ...shape] };
}
