/** Pictures of any kind as the pixel values that a vision model reads. */
import { sizeOfShape } from '../arrays.js';
import { UnsupportedError } from '../errors.js';
import { readImage } from '../vision/input.js';

/** Whether pictures are turned as their files say: the values of the option. */
export const ORIENTATIONS = /** @type {const} */ (['apply', 'ignore']);

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
