/** Going down: once by itself, by scrolling, by hand. What goes down is a number, from 0 (the word) to the last step (its answer). */
import { isStill } from '../../parts/motion.js';
import { STEPS } from './steps.js';

const LAST = STEPS.length - 1;
/** Milliseconds a row. */
const ROW = 400;
/** Of the window's height, that a row takes to scroll by: on a phone there is more below. */
const [SCROLL, SCROLL_PHONE] = [0.6, 0.25];

/**
 * @param {object} given
 * @param {HTMLElement} given.track in which the figure sticks
 * @param {HTMLElement} given.figure
 * @param {(r: number, how: { isWalking: boolean, veil: number }) => void} given.show veil: how much paper lies over what comes later
 * @param {() => void} given.rest all is seen
 * @param {AbortSignal} given.signal
 */
export function createWalk({ track, figure, show, rest, signal }) {
  /** @type {AbortController | undefined} */
  let walking;

  /** Goes down by itself; any input ends it. */
  function walk() {
    stop();
    const mine = new AbortController();
    walking = mine;
    const start = performance.now();
    const step = (/** @type {number} */ now) => {
      if (mine.signal.aborted || signal.aborted) return;
      const r = Math.max(now - start, 0) / ROW;
      if (r >= LAST) return stop();
      show(isStill() ? Math.floor(r) : r, { isWalking: !isStill(), veil: 1 });
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    for (const event of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
      addEventListener(event, stop, { signal: mine.signal, passive: true, capture: true });
  }

  function stop() {
    if (!walking) return;
    walking.abort();
    walking = undefined;
    rest();
  }

  /** The figure sticks where it fits in the window; else the page scrolls on as pages do. */
  function measure() {
    const room = innerHeight;
    const { height } = figure.getBoundingClientRect();
    const fits = height > 0 && height <= room;
    const way = fits ? LAST * (innerWidth < 760 ? SCROLL_PHONE : SCROLL) * room : 0;
    track.style.height = fits ? `${height + way}px` : '';
    figure.style.top = `${Math.max(Math.min(0.04 * room, room - height), 0)}px`;
    return way;
  }

  let wasWithin = false;
  function scrolled() {
    if (!track.isConnected) return;
    const way = track.offsetHeight - figure.offsetHeight;
    if (way <= 0) return;
    const gone = Number.parseFloat(figure.style.top || '0') - track.getBoundingClientRect().top;
    const p = gone / way;
    if (p <= 0.003 || p >= 0.997) {
      if (wasWithin) rest();
      wasWithin = false;
      return;
    }
    stop();
    wasWithin = true;
    const at = p * (LAST + 1);
    show(Math.min(Math.max(at - 0.6, 0), LAST), { isWalking: true, veil: Math.min(at / 0.4, 1) });
  }
  addEventListener('scroll', scrolled, { signal, passive: true });

  return { walk, stop, measure, isWalking: () => walking !== undefined };
}
