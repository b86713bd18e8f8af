/** *Who may see whom, window by window*: the library's mask, a map for each that differs, with the held patch's row. */
import { mapOf } from '../../../../parts/colours.js';
import { make } from '../../../../parts/dom.js';

/** @typedef {import('./scene.js').Scene} Scene */

const NAMES = ['', 'whole', 'two parts', 'three parts', 'four parts'];

/** @param {(window: number) => void} press a map stands for the first window of its kind */
export function createWho(press) {
  const root = make('ul', { className: 'swin-who' });
  /** @type {{ windows: number[], canvas: HTMLCanvasElement, row: HTMLElement, button: HTMLElement }[]} */
  let kinds = [];
  /** @type {Scene | undefined} */
  let scene;

  function draw() {
    if (!scene) return;
    const colours = mapOf('sequential');
    const [no, yes] = [colours[0], colours[220]];
    for (const { windows, canvas } of kinds) {
      const size = scene.places;
      Object.assign(canvas, { width: size, height: size });
      const image = new ImageData(size, size);
      const pixels = new Uint32Array(image.data.buffer);
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) pixels[i * size + j] = scene.sees(windows[0], i, j) ? yes : no;
      canvas.getContext('2d')?.putImageData(image, 0, 0);
    }
  }

  return {
    root,
    draw,
    /** @param {Scene} next */
    show(next) {
      scene = next;
      /** @type {Map<string, number[]>} */
      const found = new Map();
      next.parts.forEach((parts, n) => {
        const key = parts.join();
        found.set(key, [...(found.get(key) ?? []), n]);
      });
      kinds = [...found.values()].map((windows) => {
        const [canvas, row] = [make('canvas'), make('span', { className: 'swin-row' })];
        const count = next.counts[windows[0]];
        const name = NAMES[count] ?? `${count} parts`;
        const which = windows.length > 1 ? `${windows.length} windows` : `window ${windows[0] + 1}`;
        const button = make(
          'button',
          { type: 'button', 'aria-label': `${name}, ${which}: hold a patch there` },
          make('span', { className: 'swin-map' }, canvas, row),
          make('span', { className: 'caption' }, name),
          make('span', { className: 'caption' }, which),
        );
        button.addEventListener('click', () => press(windows[0]));
        return { windows, canvas, row, button };
      });
      root.replaceChildren(...kinds.map(({ button }) => make('li', {}, button)));
      draw();
    },
    /** @param {import('./scene.js').Place} place of the held patch */
    mark({ window, place }) {
      if (!scene) return;
      for (const { windows, row, button } of kinds) {
        const isHere = windows.includes(window);
        button.setAttribute('aria-pressed', String(isHere));
        row.hidden = !isHere;
        row.style.top = `${(100 * place) / scene.places}%`;
        row.style.height = `${100 / scene.places}%`;
      }
    },
  };
}
