/** A table as a file of the visitor's: .csv, .npy, or the picture that the command line draws too. */
import { csvOf } from '../../web/plot/csv.js';
import { drawHeatMap } from '../../web/plot/heat-map.js';
import { encodePng } from '../../web/plot/png.js';
import { make } from './dom.js';

/**
 * @typedef {import('wasmformer').Tensor} Tensor
 * @typedef {{ tensor: Tensor, name: string, options: import('../../web/plot/heat-map.js').HeatMapOptions }} Content
 *   options: of the picture
 */

/**
 * @param {HTMLElement} root gets the buttons
 * @param {() => Content | null} current what is to be saved; null while there is nothing
 * @param {(message: string) => void} fail
 */
export function createDownloads(root, current, fail) {
  /** @type {[string, string, (content: Content) => BlobPart[] | Promise<BlobPart[]>][]} */
  const kinds = [
    ['csv', 'text/csv', ({ tensor }) => [...csvOf(tensor)]],
    ['npy', 'application/octet-stream', ({ tensor }) => [/** @type {BlobPart} */ (tensor.toNpy())]],
    ['png', 'image/png', async ({ tensor, options }) => [await encodePng(drawHeatMap(tensor, options))]],
  ];
  const buttons = kinds.map(([ending, type, contentOf]) => {
    const button = make('button', { type: 'button', textContent: `Save .${ending}` });
    button.addEventListener('click', async () => {
      const content = current();
      if (!content) return;
      try {
        saveAs(`${content.name}.${ending}`, new Blob(await contentOf(content), { type }));
      } catch (error) {
        fail(/** @type {Error} */ (error).message);
      }
    });
    return button;
  });
  root.replaceChildren(...buttons);
}

/** @param {string} name @param {Blob} blob */
function saveAs(name, blob) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
