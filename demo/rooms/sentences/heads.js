/** Every head's attention over the pieces of the question; one head opens. */

import { Tensor } from '../../../bindings/tensor.js';
import { colourChoice } from '../../parts/colour-choice.js';
import { mapOf, token } from '../../parts/colours.js';
import { range } from '../../parts/controls.js';
import { make, shown } from '../../parts/dom.js';
import { saveMenu } from '../../parts/save.js';
import { heatOf } from './heat.js';
import { mainLook } from './looks.js';
import { numeral } from './small.js';

/** @typedef {import('./space.js').Looks} Looks */

const WORDS = {
  before: 'each word looks at the one before it',
  after: 'each word looks at the one after it',
  itself: 'each word looks at itself',
  start: 'words look mostly at the start',
  end: 'words look mostly at the end',
};
/** Below it no place has most of the look. */
const MOST = 0.4;

/**
 * @param {object} given
 * @param {(layer: number, head: number) => void} given.open
 * @param {(row: number, column: number) => void} given.hold
 */
export function heads({ open, hold }) {
  const title = make('h2');
  const caption = make('p', { className: 'caption under' });
  const told = make('output', { className: 'caption' });
  const heat = heatOf({ hold });
  const thumbs = make('div', { className: 'thumbs', role: 'radiogroup', 'aria-label': 'Head' });
  const holder = make('div');
  const bar = make(
    'div',
    { className: 'bar' },
    make('canvas', { width: 256, height: 1 }),
    make('div', { className: 'tick ends' }),
  );
  const save = saveMenu({
    name: 'attention',
    caption: () => caption.textContent ?? '',
    tensor: () => new Tensor('float32', Float32Array.from(opened), [names.length, names.length]),
    picture: heat.picture,
    bar: () => barPicture(top),
    labels: () => ({ rows: names, columns: names }),
  });
  const figure = make(
    'div',
    { className: 'heads' },
    make('div', {}, heat.element, bar, colourChoice(), told, save),
    make('div', {}, thumbs, holder),
  );
  const fault = make('p', { className: 'caption missing' });
  const element = make('section', { 'aria-label': 'Attention' }, title, caption, figure, fault);
  /** @type {ReturnType<typeof range> | null} */
  let slider = null;
  let layers = 0;
  let [layer, head, count] = [0, 0, 12];
  /** The open map, its labels and its largest share. @type {ArrayLike<number>} */
  let opened = [];
  /** @type {string[]} */
  let names = [];
  let top = 0;

  /**
   * @param {object} given
   * @param {Looks | null} given.looks null where they are not there
   * @param {string[]} given.labels of the pieces
   * @param {{ layer: number, head: number, row: number, column: number }} given.held
   * @param {string} given.missing what to say without them
   */
  function show({ looks, labels, held, missing }) {
    fault.textContent = looks ? '' : missing;
    figure.hidden = !looks;
    caption.hidden = !looks;
    if (!looks) {
      title.textContent = 'Heads read the question';
      return;
    }
    ({ layer, head } = held);
    count = looks.heads;
    title.textContent = `${capital(numeral(count))} heads read one question`;
    if (!slider || layers !== looks.layers) {
      layers = looks.layers;
      slider = range({
        name: 'Layer',
        min: 1,
        max: layers,
        value: layer + 1,
        change: (n) => open(n - 1, head),
      });
      holder.replaceChildren(slider);
    }
    slider.set(layer + 1);
    const map = looks.map(layer, head);
    [opened, names, top] = [map, labels, Math.max(...Array.from(map))];
    caption.textContent = describe(looks, map);
    heat.show({
      map,
      labels,
      top,
      row: held.row,
      column: held.column,
      name: `Layer ${layer + 1}, head ${head + 1}`,
    });
    told.value = `“${labels[held.row]}” looks at “${labels[held.column]}”: ${percent(map[held.row * looks.tokens + held.column])}`;
    showBar();
    showThumbs(looks);
  }

  /** @param {Looks} looks @param {ArrayLike<number>} map */
  function describe(looks, map) {
    const { look, share } = mainLook(map, looks.tokens);
    const where = `Layer ${layer + 1} of ${looks.layers}, head ${head + 1}: `;
    if (share < MOST) return `${where}no place gets most of the look.`;
    const only = look === 'before' || look === 'after' ? ' Only positions can tell it that.' : '';
    return `${where}${WORDS[look]} (${percent(share)}).${only}`;
  }

  function showBar() {
    const [canvas, ends] = /** @type {[HTMLCanvasElement, HTMLElement]} */ ([...bar.children]);
    paintBar(canvas);
    ends.replaceChildren(...endsOf(top).map((text) => make('span', {}, text)));
  }

  /** @param {Looks} looks */
  function showThumbs({ tokens, map }) {
    while (thumbs.children.length > count) thumbs.lastElementChild?.remove();
    while (thumbs.children.length < count) {
      const mine = thumbs.children.length;
      const thumb = make(
        'button',
        { type: 'button', role: 'radio', 'aria-label': `Head ${mine + 1}` },
        make('canvas'),
      );
      thumb.addEventListener('click', () => open(layer, mine));
      thumbs.append(thumb);
    }
    [...thumbs.children].forEach((thumb, i) => {
      thumb.setAttribute('aria-checked', String(i === head));
      /** @type {HTMLElement} */ (thumb).tabIndex = i === head ? 0 : -1;
      const canvas = /** @type {HTMLCanvasElement} */ (thumb.firstElementChild);
      const values = map(layer, i);
      const colours = mapOf('sequential');
      canvas.width = tokens;
      canvas.height = tokens;
      const picture = new ImageData(tokens, tokens);
      const pixels = new Uint32Array(picture.data.buffer);
      for (let k = 0; k < pixels.length; k++) pixels[k] = colours[Math.round(255 * values[k])];
      canvas.getContext('2d')?.putImageData(picture, 0, 0);
    });
  }
  thumbs.addEventListener('keydown', (event) => {
    const columns = getComputedStyle(thumbs).gridTemplateColumns.split(' ').length;
    const to = {
      ArrowLeft: head - 1,
      ArrowRight: head + 1,
      ArrowUp: head - columns,
      ArrowDown: head + columns,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to < 0 || to >= count) return;
    open(layer, to);
    /** @type {HTMLElement} */ (thumbs.children[to]).focus();
  });
  return { element, show, picture: heat.picture };
}

/** @param {number} share */
const percent = (share) => `${shown(100 * share, share > 0 && share < 0.1 ? 1 : 0)} %`;

/** @param {string} word */
const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** The values at the ends of the colours and in the middle. @param {number} top */
const endsOf = (top) => [0, top / 2, top].map((share) => (share ? `${shown(100 * share, 0)} %` : '0'));

/** @param {HTMLCanvasElement} canvas 256 px wide */
function paintBar(canvas) {
  const picture = new ImageData(256, 1);
  new Uint32Array(picture.data.buffer).set(mapOf('sequential'));
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
}

/** The colours with their values, for a file. @param {number} top */
function barPicture(top) {
  const line = make('canvas', { width: 256, height: 1 });
  paintBar(line);
  const scale = devicePixelRatio;
  const canvas = make('canvas', { width: 300 * scale, height: 30 * scale });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.scale(scale, scale);
  pen.drawImage(line, 0, 0, 256, 10);
  pen.fillStyle = token('caption');
  pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  endsOf(top).forEach((text, i) => void pen.fillText(text, i * 118, 26));
  return canvas;
}
