/** DeBERTa's buckets on a ruler. */
import { rulerOf } from './figure.js';

export const create = rulerOf({
  about:
    'Up to half of the size, each distance is its own bucket; further away, more and more share one, and the sign stays. Drag along the ruler; the lens below shows the neighbours.',
  x: 'distance: query minus key',
  start: 300,
  where: (distance) =>
    distance === 0 ? 'the query itself' : distance < 0 ? 'the key stands after' : 'the key stands before',
});
