/** The drawing as it stands and how it changes: by hand, by a test digit, by itself. Not here: what is drawn of it. */
import { isStill, move } from '../../parts/motion.js';
import { paramsOf, startOf, stateOf } from './state.js';
import { begunOf, between, framed, rasterOf, SIDE, simplified } from './strokes.js';

/**
 * @typedef {import('./strokes.js').Stroke} Stroke
 * @typedef {import('./state.js').State} State
 *
 * @typedef {object} View
 * @property {(state: State) => void} show another state
 * @property {(strokes: readonly Stroke[]) => void} sketch lines that are on their way
 * @property {(text: string) => void} complain '' takes it away
 */

/** Milliseconds: a drawing is set when the hand has rested so long; it moves; the first one draws itself. */
const [REST, SETTLE, OPENING] = [700, 240, 900];

/**
 * @param {readonly Stroke[]} first
 * @param {View} view
 * @param {AbortSignal} signal
 */
export function createSession(first, view, signal) {
  const start = startOf(first);
  let state = start;
  /** Strokes that are finished. */
  let done = first;
  /** The test digits, once one is asked for. @type {{ images: Uint8Array[], labels: number[] } | null} */
  let digits = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  let motion = new AbortController();
  signal.addEventListener('abort', stop);

  /** What moves by itself stays where it is. */
  function stop() {
    clearTimeout(resting);
    motion.abort();
    motion = new AbortController();
    return motion.signal;
  }
  /** @param {Partial<State>} changes */
  function set(changes) {
    state = { ...state, ...changes };
    view.show(state);
  }
  /** @param {readonly Stroke[]} strokes @param {number | null} digit */
  function put(strokes, digit) {
    stop();
    done = strokes;
    set({ strokes, digit, patch: null });
  }
  async function wantDigits() {
    if (digits) return digits;
    const { default: found } = await import('baked:digits');
    const bytes = Uint8Array.from(atob(found.images), (letter) => letter.charCodeAt(0));
    const imageAt = (/** @type {number} */ i) => bytes.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2);
    digits = {
      labels: found.labels,
      images: found.labels.map((/** @type {number} */ _, /** @type {number} */ i) => imageAt(i)),
    };
    return digits;
  }

  /** A drawing is set as the test digits are: so large, and in the middle. */
  async function settle() {
    const from = state.strokes;
    const to = framed(from);
    if (state.digit !== null || to === from) return;
    const now = stop();
    await move(SETTLE, (t) => view.sketch(between(from, to, t)), now);
    if (now.aborted) return;
    done = to;
    set({ strokes: to });
  }

  return {
    state: () => state,
    set,
    isFirst: () => state.strokes === first && state.digit === null,
    params: () => paramsOf(state, start),
    /** The test digit under the lines: its pixels and what it is. */
    under: () =>
      digits && state.digit !== null
        ? { image: digits.images[state.digit], label: digits.labels[state.digit] }
        : null,
    pixels() {
      const pixels = rasterOf(state.strokes);
      const under = digits && state.digit !== null ? digits.images[state.digit] : null;
      return under ? pixels.map((ink, i) => Math.max(ink, under[i])) : pixels;
    },

    /** The first drawing draws itself, until anything is done. @param {HTMLElement} root */
    async open(root) {
      view.show(state);
      if (isStill()) return;
      const now = stop();
      const end = () => {
        stop();
        view.sketch(state.strokes);
      };
      for (const event of ['pointerdown', 'keydown'])
        root.addEventListener(event, end, { signal: now, capture: true });
      await move(OPENING, (t) => view.sketch(begunOf(first, t)), now);
      if (!now.aborted) stop();
    },

    /** @param {URLSearchParams} params of the address */
    async read(params) {
      stop();
      if (params.has('n')) await wantDigits().catch(() => {});
      state = stateOf(params, start, digits?.labels.length ?? 0);
      done = state.strokes;
      view.show(state);
    },

    /** @param {Stroke} stroke under the hand @param {boolean} isEnd */
    draw(stroke, isEnd) {
      stop();
      if (!isEnd) return set({ strokes: [...done, stroke] });
      done = [...done, simplified(stroke)];
      set({ strokes: done });
      resting = setTimeout(settle, REST);
    },
    clear: () => put([], null),
    async testDigit() {
      try {
        const { labels } = await wantDigits();
        const step = 1 + Math.floor(Math.random() * (labels.length - 1));
        view.complain('');
        put([], ((state.digit ?? 0) + step) % labels.length);
      } catch {
        view.complain('The test digits could not be fetched: is there a network?');
      }
    },
    shuffle() {
      stop();
      set({ seed: 1 + Math.floor(Math.random() * 1e6) });
    },
  };
}
