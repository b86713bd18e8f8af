/** A line of places with one mark on it, or with a query and a key that keep their distance; moved by pointer, finger and keys. */
import { make } from '../../../parts/dom.js';

const PAGE = 10;

/**
 * @param {object} given
 * @param {string} given.label
 * @param {boolean} [given.isPair] whether a query and a key stand on it
 * @param {(low: number) => void} given.onMove the lower place wanted
 */
export function createRuler({ label, isPair = false, onMove }) {
  const span = make('span', { className: 'span' });
  const [key, query] = ['k', isPair ? 'q' : ''].map((name) =>
    make('span', { className: `place-knob ${name}` }, isPair ? name : ''),
  );
  const ticks = make('span', { className: 'ticks' });
  const room = make('div', { className: 'place-room' }, ticks, ...(isPair ? [span, key, query] : [query]));
  const root = make(
    'div',
    { className: 'place-ruler', role: 'slider', tabIndex: 0, 'aria-label': label, 'aria-valuemin': 0 },
    room,
  );
  let [low, distance, last] = [0, 0, 1];
  let grip = 0;

  const move = (/** @type {number} */ to) => onMove(Math.min(Math.max(to, 0), last - Math.abs(distance)));
  root.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = Math.round(low);
    const to = {
      ...{ ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1 },
      ...{ PageDown: at - PAGE, PageUp: at + PAGE, Home: 0, End: last },
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  });
  const placeOf = (/** @type {PointerEvent} */ { clientX }) => {
    const { left, width } = room.getBoundingClientRect();
    return ((clientX - left) / width) * last;
  };
  root.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    root.setPointerCapture(event.pointerId);
    const place = placeOf(event);
    const wide = Math.abs(distance);
    // Who takes hold beside the pair puts its middle there.
    const isOn = place > low - 2 && place < low + wide + 2;
    grip = isOn ? place - low : wide / 2;
    move(Math.round(place - grip));
  });
  root.addEventListener('pointermove', (event) => {
    if (event.buttons & 1 && root.hasPointerCapture(event.pointerId)) move(Math.round(placeOf(event) - grip));
  });

  return {
    root,
    /**
     * @param {{ low: number, distance?: number, last: number, told: string }} given the lower place, which may lie between two; the
     *   query's distance from the key, below 0 if it stands in front
     */
    show({ low: at, distance: apart = 0, last: end, told }) {
      if (end !== last) tick(end);
      [low, distance, last] = [at, apart, end];
      const share = (/** @type {number} */ place) => `${end ? (100 * place) / end : 0}%`;
      const [first, second] = apart < 0 ? [query, key] : [key, query];
      first.style.left = share(at);
      second.style.left = share(at + Math.abs(apart));
      Object.assign(span.style, { left: share(at), width: share(Math.abs(apart)) });
      root.setAttribute('aria-valuemax', String(end - Math.abs(apart)));
      root.setAttribute('aria-valuenow', String(Math.round(at)));
      root.setAttribute('aria-valuetext', told);
    },
  };

  /** @param {number} end */
  function tick(end) {
    const step = end <= 20 ? 1 : end <= 100 ? 8 : 32;
    ticks.replaceChildren(
      ...Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => {
        const one = make('span');
        one.style.left = `${(100 * i * step) / (end || 1)}%`;
        return one;
      }),
    );
  }
}
