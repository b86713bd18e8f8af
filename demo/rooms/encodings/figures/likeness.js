/** How alike the vectors of patches are: for one that is held, over the picture, and for all at once. */
import { similarity } from '../../../../bindings/similarity.js';
import { Tensor } from '../../../../bindings/tensor.js';
import { make } from '../../../parts/dom.js';
import { paint } from '../../../parts/heat.js';
import { saveMenu } from '../../../parts/save.js';
import { createPatches } from './patches.js';

/** Multiplications between two pictures. */
const SLICE = 1_000_000;

/** The cosines of one row with all. @param {Tensor} table @param {number} row */
export function likenessOf({ data, shape: [, width] }, row) {
  const one = data.slice(row * width, (row + 1) * width);
  const cosines = similarity(new Tensor('float32', /** @type {any} */ (one), [1, width]), table(data, width));
  return Array.from(cosines.data, Number);
}
/** @param {any} data @param {number} width */
const table = (data, width) => new Tensor('float32', data, [data.length / width, width]);

/** The colours of cosines from the least on. @param {number} least @returns {{ range: [number, number], map: 'diverging' | 'sequential' }} */
export const scaleFrom = (least) =>
  least < 0 ? { range: [-1, 1], map: 'diverging' } : { range: [least, least < 1 ? 1 : 2], map: 'sequential' };

/**
 * A map for every patch, in the patch's place.
 * @param {object} given
 * @param {string} given.name of the file
 * @param {AbortSignal} given.signal
 * @param {(row: number, column: number) => void} given.hold
 */
export function createAllMaps({ name, signal, hold }) {
  const canvas = make('canvas');
  const patches = createPatches({ label: 'A map for each patch', under: canvas, hold });
  const words = make('b');
  let cosines = new Tensor('float32', new Float32Array(1), [1, 1]);
  const save = saveMenu({
    name,
    caption: () => `How alike each patch is to each, by cosine, wasmformer`,
    tensor: () => cosines,
    picture: () => canvas,
  });
  const root = make(
    'div',
    { className: 'all-maps' },
    make('h2', {}, 'All maps at once'),
    make('figure', {}, patches.root, make('figcaption', {}, words, ' Touch one and it opens above')),
    save,
  );
  /** @type {{ rows: number, columns: number, least: number } | undefined} */
  let shown;
  let run = 0;

  function draw() {
    if (!shown) return;
    const { rows, columns, least } = shown;
    const count = rows * columns;
    const [tall, wide] = [rows * (rows + 1) - 1, columns * (columns + 1) - 1];
    const data = new Float32Array(tall * wide).fill(Number.NaN);
    for (let patch = 0; patch < count; patch++) {
      const [top, left] = [Math.floor(patch / columns) * (rows + 1), (patch % columns) * (columns + 1)];
      for (let other = 0; other < count; other++)
        data[(top + Math.floor(other / columns)) * wide + left + (other % columns)] = Number(
          cosines.data[patch * count + other],
        );
    }
    const { range, map } = scaleFrom(least);
    paint(canvas, { data, rows: tall, columns: wide, range }, map);
    const pen = canvas.getContext('2d');
    for (let x = columns; x < wide; x += columns + 1) pen?.clearRect(x, 0, 1, tall);
    for (let y = rows; y < tall; y += rows + 1) pen?.clearRect(0, y, wide, 1);
  }

  return {
    root,
    draw,
    /** @param {{ row: number, column: number }} held */
    mark: (held) => patches.show({ ...(shown ?? { rows: 1, columns: 1 }), ...held }),
    /**
     * All cosines, a few between two pictures.
     * @param {Tensor} given [rows columns, D] @param {{ rows: number, columns: number, least: number }} grid
     */
    async show(given, grid) {
      const mine = ++run;
      const count = grid.rows * grid.columns;
      const width = given.shape[1];
      const step = Math.max(1, Math.floor(SLICE / (count * width)));
      const all = new Float32Array(count * count);
      for (let row = 0; row < count; row += step) {
        const some = given.data.slice(row * width, (row + step) * width);
        all.set(/** @type {any} */ (similarity(table(some, width), given).data), row * count);
        if (row + step < count) await new Promise((resolve) => requestAnimationFrame(resolve));
        if (mine !== run || signal.aborted) return;
      }
      cosines = new Tensor('float32', all, [count, count]);
      shown = grid;
      words.textContent = `A map for each of ${count} patches`;
      draw();
    },
  };
}
