/** What a figure holds, to take along: its numbers as CSV, NPY or a table, its picture as PNG with caption and address. */
import { button } from './controls.js';
import { make } from './dom.js';

/** @typedef {import('../../bindings/tensor.js').Tensor} Tensor */

/** What writes them is fetched when it is asked for. */
const files = () => import('./save-files.js');

/**
 * @param {object} given
 * @param {string} given.name of the files, without ending
 * @param {string | (() => string)} given.caption written into the picture
 * @param {() => Tensor | Promise<Tensor>} given.tensor of one or two axes
 * @param {() => HTMLCanvasElement | Promise<HTMLCanvasElement>} [given.picture]
 * @param {() => HTMLCanvasElement} [given.bar] the colours with their values
 * @param {() => { columns?: string[], rows?: string[] }} [given.labels] of the table and the CSV
 * @returns {HTMLElement & { redraw: () => void }} redraw: the numbers have changed, and an open table follows
 */
export function saveMenu({ name, caption, tensor, picture, bar, labels = () => ({}) }) {
  const holder = make('div', { className: 'save-table', hidden: true });
  const word = () => (typeof caption === 'string' ? caption : caption());
  const kinds = [
    button('CSV', async () => {
      const { csvOf, linesOf } = await files();
      const text = csvOf(linesOf(await tensor(), labels()));
      download(`${name}.csv`, new Blob([text], { type: 'text/csv' }));
    }),
    button('NPY', async () =>
      download(`${name}.npy`, new Blob([/** @type {any} */ ((await tensor()).toNpy())])),
    ),
    ...(picture
      ? [button('PNG', async () => (await files()).savePicture(name, await picture(), bar?.(), word()))]
      : []),
  ];
  const fill = async () => {
    const { linesOf, MOST_CELLS, tableOf } = await files();
    holder.replaceChildren(tableOf(linesOf(await tensor(), labels(), MOST_CELLS), word()));
  };
  const table = button(
    'Table',
    () => {
      holder.hidden = !holder.hidden;
      table.setAttribute('aria-expanded', String(!holder.hidden));
      if (!holder.hidden) fill();
    },
    { 'aria-expanded': false },
  );
  const root = make(
    'details',
    { className: 'save' },
    make('summary', {}, 'Save'),
    make('div', { className: 'chips' }, ...kinds, table),
    holder,
  );
  return Object.assign(root, { redraw: () => void (holder.hidden || fill()) });
}

/** @param {string} name @param {Blob} blob */
export function download(name, blob) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A drawing as it is seen. @param {SVGSVGElement} drawing @returns {Promise<HTMLCanvasElement>} */
export const pictureOf = async (drawing) => (await files()).pictureOf(drawing);
