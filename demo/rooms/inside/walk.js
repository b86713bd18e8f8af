/** Going down: once by itself, by scrolling, by hand. What goes down is a number, from 0 (the word) to the last step (its answer). */
import { isStill } from '../../parts/motion.js';
import { STEPS } from './steps.js';

const LAST = STEPS.length - 1;
/** Milliseconds a row. */
const ROW = 400;
/** Of the window's height, that a row takes to scroll by: on a phone there is more below. */
const SCROLL = { wide: 0.6, narrow: 0.2 };

/**
 * @param {object} given
 * @param {Record<'wide' | 'narrow', [track: HTMLElement, figure: HTMLElement]>} given.tracks in which a figure sticks, by the window
 * @param {(r: number, how: { isWalking: boolean, veil: number }) => void} given.show veil: how much paper lies over what comes later
 * @param {() => void} given.rest all is seen
 * @param {AbortSignal} given.signal
 */
export function createWalk({ tracks, show, rest, signal }) {
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

  const kind = () => (innerWidth < 760 ? 'narrow' : 'wide');

  /** The figure sticks where it fits in the window; else the page scrolls on as pages do. */
  function measure() {
    for (const [track, figure] of Object.values(tracks)) {
      track.style.height = '';
      figure.style.top = '';
    }
    const [track, figure] = tracks[kind()];
    const room = innerHeight;
    const { height } = figure.getBoundingClientRect();
    if (!height || height > room) return;
    track.style.height = `${height + LAST * SCROLL[kind()] * room}px`;
    figure.style.top = `${Math.min(0.04 * room, room - height)}px`;
  }

  let wasWithin = false;
  function scrolled() {
    const [track, figure] = tracks[kind()];
    if (!track.isConnected) return;
    const way = track.offsetHeight - figure.offsetHeight;
    if (way < 1) return;
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

  return { walk, stop, measure, isGoing: () => walking !== undefined || wasWithin };
}
