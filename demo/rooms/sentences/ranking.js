/** Sentences in the order of their cosines to the question; one of them may be held. */

import { Tensor } from '../../../bindings/tensor.js';
import { make, shown } from '../../parts/dom.js';
import { isStill } from '../../parts/motion.js';
import { saveMenu } from '../../parts/save.js';

/** Rows that are seen at first. */
const FEW = 11;
/** Those that place the question on the map have darker bars. */
const NEAREST = 5;

/**
 * @typedef {object} Row
 * @property {string} text
 * @property {number} cosine
 * @property {string} colour a name of style.css
 * @property {string} topic
 */

/**
 * @param {object} given
 * @param {(text: string) => void} given.hold
 * @param {(text: string) => void} given.ask
 * @param {(isAll: boolean) => void} given.open
 */
export function ranking({ hold, ask, open }) {
  const list = make('ol', {
    className: 'ranking',
    role: 'listbox',
    tabIndex: 0,
    'aria-label': 'Sentences, the nearest first',
  });
  const more = make('button', { type: 'button', className: 'plain' });
  const note = make('p', { className: 'caption', id: 'nearest-says' });
  /** @type {Map<string, HTMLElement>} */
  const items = new Map();
  /** @type {Row[]} */
  let rows = [];
  let [held, isAll, question] = ['', false, ''];

  /** @param {Row} row */
  function itemOf({ text, cosine, colour, topic }) {
    const item =
      items.get(text) ??
      make(
        'li',
        { role: 'option' },
        make('span', { className: 'dot' }),
        make('span', { className: 'words' }, make('mark', {}, text)),
        make('span', { className: 'strength' }),
        make('span', { className: 'number' }),
      );
    items.set(text, item);
    const [dot, , strength, number] = /** @type {HTMLElement[]} */ ([...item.children]);
    dot.className = `dot ${colour}`;
    dot.title = topic;
    strength.style.setProperty('--length', String(Math.max(cosine, 0)));
    number.textContent = shown(cosine, 3);
    item.dataset.text = text;
    return item;
  }

  /** @param {{ rows: Row[], held: string, isAll: boolean, question: string, note: string }} given the nearest first */
  function show(given) {
    const tops = new Map([...items].map(([text, item]) => [text, item.isConnected ? item.offsetTop : null]));
    ({ rows, held, isAll, question } = given);
    const seen = isAll ? rows : rows.filter(({ text }, place) => place < FEW || text === held);
    const longest = Math.max(...rows.map(({ cosine }) => cosine), 0.01);
    list.style.setProperty('--longest', String(longest));
    const now = seen.map(itemOf);
    list.replaceChildren(...now);
    now.forEach((item, place) => {
      item.classList.toggle('near', place < NEAREST);
      item.setAttribute(
        'aria-posinset',
        String(rows.findIndex(({ text }) => text === item.dataset.text) + 1),
      );
      item.setAttribute('aria-setsize', String(rows.length));
      item.id = `sentence-${place + 1}`;
      item.setAttribute('aria-selected', String(item.dataset.text === held));
      if (item.dataset.text === held) list.setAttribute('aria-activedescendant', item.id);
    });
    if (!now.some(({ dataset }) => dataset.text === held)) list.removeAttribute('aria-activedescendant');
    for (const text of items.keys()) if (!rows.some((row) => row.text === text)) items.delete(text);
    more.hidden = rows.length <= FEW;
    more.textContent = isAll ? 'The nearest only' : `All ${rows.length}`;
    note.textContent = given.note;
    if (!isStill()) for (const item of now) settle(item, tops.get(/** @type {string} */ (item.dataset.text)));
  }

  list.addEventListener('click', ({ target }) => {
    const text = /** @type {Element} */ (target).closest('li')?.dataset.text;
    if (text !== undefined) hold(text === held ? '' : text);
  });
  list.addEventListener('dblclick', ({ target }) => {
    const text = /** @type {Element} */ (target).closest('li')?.dataset.text;
    if (text !== undefined) ask(text);
  });
  list.addEventListener('keydown', (event) => {
    const last = (isAll ? rows.length : Math.min(FEW, rows.length)) - 1;
    const at = rows.findIndex(({ text }) => text === held);
    const to = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last }[
      event.key
    ];
    if (to !== undefined) hold(rows[to].text);
    else if (event.key === 'Escape') hold('');
    else if (event.key === 'Enter' && at >= 0) ask(held);
    else return;
    event.preventDefault();
  });
  more.addEventListener('click', () => open(!isAll));
  const foot = make(
    'p',
    { className: 'caption foot' },
    more,
    ' · Press a sentence to hold it, or ↑ ↓; Enter asks with it.',
  );
  const save = saveMenu({
    name: 'ranking',
    caption: () => `Cosines to “${question}”, the nearest first`,
    tensor: () =>
      new Tensor(
        'float32',
        Float32Array.from(rows, ({ cosine }) => cosine),
        [rows.length],
      ),
    labels: () => ({ rows: rows.map(({ text }) => text), columns: ['cosine'] }),
  });
  return { element: make('div', {}, list, note, foot, save), show };
}

/** A row goes from where it stood to where it stands. @param {HTMLElement} item @param {number | null | undefined} from */
function settle(item, from) {
  const way = (from ?? item.offsetTop) - item.offsetTop;
  if (way)
    item.animate({ translate: [`0 ${way}px`, '0 0'] }, { duration: 240, easing: 'cubic-bezier(.2,.8,.2,1)' });
}
