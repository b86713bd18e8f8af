/** Each number of a table over the picture: a small map a number. */
import { Tensor } from '../../../../bindings/tensor.js';
import { make } from '../../../parts/dom.js';
import { paint } from '../../../parts/heat.js';
import { saveMenu } from '../../../parts/save.js';

/** Maps a row. */
const ACROSS = 4;

/** @param {string} name of the file */
export function createDirections(name) {
  const canvas = make('canvas', { className: 'table-directions', role: 'img' });
  let cosines = new Tensor('float32', new Float32Array(1), [1, 1]);
  const save = saveMenu({
    name,
    caption: 'How alike each patch is to the held one, by cosine, wasmformer',
    tensor: () => cosines,
    picture: () => canvas,
  });
  const words = make('b');
  /** @type {{ table: Tensor, rows: number, columns: number } | undefined} */
  let shown;

  function draw() {
    if (!shown) return;
    const { table, rows, columns } = shown;
    const count = table.shape[1];
    const down = Math.ceil(count / ACROSS);
    const [tall, wide] = [down * (rows + 1) - 1, ACROSS * (columns + 1) - 1];
    const data = new Float32Array(tall * wide);
    for (let k = 0; k < count; k++) {
      const [top, left] = [Math.floor(k / ACROSS) * (rows + 1), (k % ACROSS) * (columns + 1)];
      for (let i = 0; i < rows * columns; i++)
        data[(top + Math.floor(i / columns)) * wide + left + (i % columns)] = Number(
          table.data[i * count + k],
        );
    }
    paint(canvas, { data, rows: tall, columns: wide });
    const pen = canvas.getContext('2d');
    for (let x = columns; x < wide; x += columns + 1) pen?.clearRect(x, 0, 1, tall);
    for (let y = rows; y < tall; y += rows + 1) pen?.clearRect(0, y, wide, 1);
    const text = `${count} numbers of each patch, each over the picture`;
    words.textContent = text;
    canvas.setAttribute('aria-label', `${text}: the first are smooth, later ones finer`);
  }

  return {
    root: make(
      'div',
      { className: 'all-maps' },
      make('h2', {}, 'What the table says'),
      make('figure', {}, canvas, make('figcaption', {}, words, ' The first are smooth, later ones finer')),
      save,
    ),
    draw,
    /** @param {Tensor} table [rows columns, D] @param {number} rows @param {number} columns */
    show(table, rows, columns) {
      shown = { table, rows, columns };
      draw();
    },
    /** What the file holds. @param {number[]} given @param {number} rows */
    keep(given, rows) {
      cosines = new Tensor('float32', Float32Array.from(given), [rows, given.length / rows]);
    },
  };
}
