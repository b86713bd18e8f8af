/** Every head's attention over the pieces of the question; one head opens. */
import { mapOf } from '../../parts/colours.js';
import { range } from '../../parts/controls.js';
import { make, shown } from '../../parts/dom.js';
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
  const figure = make(
    'div',
    { className: 'heads' },
    make('div', {}, heat.element, bar, told),
    make('div', {}, thumbs, holder),
  );
  const fault = make('p', { className: 'caption missing' });
  const element = make('section', { 'aria-label': 'Attention' }, title, caption, figure, fault);
  /** @type {ReturnType<typeof range> | null} */
  let slider = null;
  let layers = 0;
  let [layer, head, count] = [0, 0, 12];

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
    const top = Math.max(...Array.from(map));
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
    showBar(top);
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

  /** @param {number} top */
  function showBar(top) {
    const [canvas, ends] = /** @type {[HTMLCanvasElement, HTMLElement]} */ ([...bar.children]);
    const picture = new ImageData(256, 1);
    new Uint32Array(picture.data.buffer).set(mapOf('sequential'));
    canvas.getContext('2d')?.putImageData(picture, 0, 0);
    ends.replaceChildren(
      ...[0, top / 2, top].map((share) => make('span', {}, share ? `${shown(100 * share, 0)} %` : '0')),
    );
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
