/** T5's buckets on a ruler. */
import { rulerOf } from './figure.js';

export const create = rulerOf({
  about:
    'Blue: the key stands before the query. Orange: after it. Near distances have a bucket each, far ones share. Drag along the ruler; the lens below shows the neighbours.',
  x: 'distance: key minus query',
  start: 20,
  where: (distance) =>
    distance === 0 ? 'the query itself' : distance < 0 ? 'the key stands before' : 'the key stands after',
});
