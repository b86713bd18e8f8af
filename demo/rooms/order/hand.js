/** Moving words with pointer, finger and keys, typing and taking them out. Not here: what the order means. */
import { make } from '../../parts/dom.js';

/**
 * @import { Word } from './sentences.js'
 *
 * @typedef {object} Sentence what the hand may do
 * @property {() => readonly Word[]} words
 * @property {(id: number, to: number) => void} carry a word to another place
 * @property {(id: number | null) => void} hold a word is picked up, or let go
 * @property {(id: number, text: string) => void} type a word in place of another; an empty text takes it out
 * @property {() => void} undo
 * @property {(id: number | null) => void} focus
 * @property {(text: string) => void} say
 */

/** A finger that rests this long has picked up the word. */
const REST = 150;
/** Pixels before a press becomes a drag. */
const SLACK = 4;

/**
 * @param {ReturnType<typeof import('./stage.js').createStage>} stage
 * @param {Sentence} sentence
 * @param {AbortSignal} signal
 */
export function createHand(stage, sentence, signal) {
  const { list } = stage;
  /** @type {number | null} the word that is carried by keys */
  let carried = null;
  const idOf = (/** @type {EventTarget | null} */ target) => {
    const word = target instanceof Element ? target.closest('.word') : null;
    return word instanceof HTMLElement ? Number(word.dataset.id) : null;
  };
  const placeOf = (/** @type {number} */ id) => sentence.words().findIndex((word) => word.id === id);

  /** @param {number} id */
  function type(id) {
    const button = stage.buttonOf(id);
    const word = sentence.words().find((one) => one.id === id);
    if (!button || !word) return;
    const input = make('input', {
      type: 'text',
      className: 'typed',
      value: word.text,
      'aria-label': `In place of ${word.text}`,
    });
    Object.assign(input.style, {
      transform: button.style.transform,
      fontSize: button.style.fontSize,
      height: button.style.height,
      width: `${Math.max(button.offsetWidth + 24, 90)}px`,
    });
    list.append(input);
    input.select();
    let isDone = false;
    const end = (/** @type {string | null} */ text) => {
      if (isDone) return;
      isDone = true;
      input.remove();
      if (text !== null && text !== word.text) sentence.type(id, text);
      (stage.buttonOf(id) ?? list.querySelector('button'))?.focus();
    };
    input.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Enter') end(input.value);
      if (event.key === 'Escape') end(null);
    });
    input.addEventListener('blur', () => end(input.value));
  }

  list.addEventListener('keydown', (event) => {
    const id = idOf(event.target);
    if (id === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = placeOf(id);
    const last = sentence.words().length - 1;
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const to = step !== undefined ? at + step : { Home: 0, End: last }[event.key];
    if (to !== undefined) {
      if (to >= 0 && to <= last) {
        if (carried === id) sentence.carry(id, to);
        else stage.buttonOf(sentence.words()[to].id)?.focus();
        if (carried === id) stage.buttonOf(id)?.focus();
      }
    } else if (event.key === ' ') {
      carried = carried === id ? null : id;
      sentence.hold(carried);
      const { text } = sentence.words()[at];
      sentence.say(
        carried === null ? `${text} stands at place ${at + 1}` : `${text} picked up; arrows carry it`,
      );
    } else if (event.key === 'Enter') type(id);
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      const next = sentence.words()[at + 1] ?? sentence.words()[at - 1];
      sentence.type(id, '');
      if (next) stage.buttonOf(next.id)?.focus();
    } else if (event.key === 'Escape') {
      carried = null;
      sentence.hold(null);
      sentence.undo();
    } else return;
    event.preventDefault();
  });
  list.addEventListener('focusin', ({ target }) => {
    if (idOf(target) !== carried && carried !== null) {
      carried = null;
      sentence.hold(null);
    }
    sentence.focus(idOf(target));
  });
  list.addEventListener('focusout', () => sentence.focus(null));
  list.addEventListener('dblclick', ({ target }) => {
    const id = idOf(target);
    if (id !== null) type(id);
  });

  list.addEventListener('pointerdown', (down) => {
    const id = idOf(down.target);
    const button = id === null ? undefined : stage.buttonOf(id);
    if (id === null || !button || down.button !== 0) return;
    const isFinger = down.pointerType !== 'mouse';
    let isDragged = false;
    let isOver = false;
    const moved = new AbortController();
    const rest = isFinger ? setTimeout(() => start(), REST) : undefined;
    const start = () => {
      isDragged = true;
      button.classList.add('lifted');
      sentence.hold(id);
    };
    const from = stage.layout().spots[placeOf(id)];
    const end = (/** @type {boolean} */ isTap) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(rest);
      moved.abort();
      button.classList.remove('lifted');
      if (isDragged) sentence.hold(null);
      else if (isTap && isFinger) type(id);
    };
    const options = { signal: AbortSignal.any([moved.signal, signal]) };
    addEventListener(
      'pointermove',
      (event) => {
        if (event.pointerId !== down.pointerId) return;
        const [dx, dy] = [event.clientX - down.clientX, event.clientY - down.clientY];
        if (!isDragged && Math.hypot(dx, dy) > SLACK) {
          if (isFinger) return end(false); // it scrolls
          start();
        }
        if (!isDragged) return;
        button.style.transform = `translate(${from.left + dx}px, ${from.top + dy}px) rotate(-3deg)`;
        const to = nearest(from.left + dx + from.width / 2, from.top + dy + from.height / 2);
        if (to !== placeOf(id)) sentence.carry(id, to);
      },
      options,
    );
    // A finger that has picked up a word does not scroll the page.
    list.addEventListener('touchmove', (event) => isDragged && event.preventDefault(), {
      ...options,
      passive: false,
    });
    addEventListener('pointerup', () => end(true), options);
    addEventListener('pointercancel', () => end(false), options);
  });
  list.addEventListener('contextmenu', (event) => list.querySelector('.lifted') && event.preventDefault());

  /** The place whose middle is nearest. @param {number} x @param {number} y */
  function nearest(x, y) {
    const { spots, upright } = stage.layout();
    const ways = spots.map(({ left, top, width, height }) =>
      Math.abs(upright ? top + height / 2 - y : left + width / 2 - x),
    );
    return ways.indexOf(Math.min(...ways));
  }
  return { type };
}
