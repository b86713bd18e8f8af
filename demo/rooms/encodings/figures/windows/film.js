/** The film: a stage to touch, a strip of five stills, a line to scrub and a button that plays. */
import { make, svg } from '../../../../parts/dom.js';
import { isStill, move, onceAFrame, wait } from '../../../../parts/motion.js';
import { holdGrid } from '../shared/hold.js';
import { paintFilm, rollOf } from './paint.js';

/** The stills, with what happens on the way to them. */
export const STILLS = [
  ['Cut', 'Attention stays inside each window.'],
  ['Shift', 'Half a window on: neighbours meet, edges are torn.'],
  ['Roll', 'What sticks out comes in on the other side.'],
  ['Mask', 'Strangers share a window: a colour sees its own.'],
  ['Roll back', 'Every patch is home, and knows its new neighbours.'],
];
const LAST = STILLS.length - 1;
/** Steps of the line from still to still. */
const FINE = 20;
/** Milliseconds from still to still, and at each. */
const [STEP, REST] = [900, 700];
/** The stage's width, and a still's, in pixels of the screen. */
const [LARGE, SMALL] = [440, 176];

/**
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {{ row: number, column: number }} Patch
 *
 * @param {object} given
 * @param {HTMLImageElement} given.photo
 * @param {AbortSignal} given.signal
 * @param {number} given.start a time from 0 to 4
 * @param {(patch: Patch) => void} given.hold
 * @param {(time: number) => void} given.onTime
 * @param {() => import('./paint.js').Colours} given.colours
 */
export function createFilm({ photo, signal, start, hold, onTime, colours }) {
  /** @type {Scene | undefined} */
  let scene;
  /** @type {Patch} */
  let held = { row: 0, column: 0 };
  let time = isStill() ? Math.round(start) : start;
  /** @type {AbortController | null} */
  let playing = null;

  const stage = make('canvas', { className: 'swin-stage' });
  const frame = make(
    'div',
    { className: 'swin-frame', role: 'application', 'aria-roledescription': 'picture in windows' },
    stage,
  );
  const stills = STILLS.map(([name, about], at) => {
    const canvas = make('canvas', { 'aria-hidden': 'true' });
    const still = make(
      'button',
      { type: 'button' },
      canvas,
      make('b', {}, `${at + 1} ${name}`),
      make('span', { className: 'caption' }, about),
    );
    still.addEventListener('click', () => goTo(at));
    return { still, canvas };
  });
  const fine = isStill() ? 1 : FINE;
  const line = make('input', {
    type: 'range',
    min: 0,
    max: LAST * fine,
    step: 1,
    'aria-label': 'The film',
  });
  const icon = svg('path');
  const play = make(
    'button',
    { type: 'button', className: 'swin-play', hidden: isStill() },
    svg('svg', { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' }, icon),
  );

  const draw = onceAFrame(() => {
    if (!scene) return;
    const by = colours();
    for (const [at, { canvas }] of stills.entries()) {
      fit(canvas, SMALL);
      paintFilm(canvas, scene, photo, at, held, by);
    }
    drawStage();
  });
  const drawStage = onceAFrame(() => {
    if (!scene) return;
    fit(stage, LARGE);
    paintFilm(stage, scene, photo, time, held, colours());
  });

  /** @param {HTMLCanvasElement} canvas @param {number} wide */
  function fit(canvas, wide) {
    const [height, width] = /** @type {Scene} */ (scene).padded;
    const scale = (wide * devicePixelRatio) / Math.max(height, width);
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }

  /** @param {number} to */
  function setTime(to) {
    time = to;
    line.value = String(Math.round(to * fine));
    line.style.setProperty('--share', `${(100 * to) / LAST}%`);
    const at = Math.round(to);
    line.setAttribute('aria-valuetext', `${at + 1} ${STILLS[at][0]}. ${STILLS[at][1]}`);
    for (const [i, { still }] of stills.entries())
      if (i === at) still.setAttribute('aria-current', 'step');
      else still.removeAttribute('aria-current');
    drawStage();
    onTime(to);
  }

  function stop() {
    playing?.abort();
    playing = null;
    showPlay();
  }
  function showPlay() {
    play.setAttribute('aria-label', playing ? 'Pause the film' : 'Play the film');
    icon.setAttribute('d', playing ? 'M4 3h3v10H4zM9 3h3v10H9z' : 'M4 2l10 6-10 6z');
  }
  /** Motion to a still. @param {number} at @param {AbortSignal} by */
  async function goBy(at, by) {
    const from = time;
    await move(STEP, (t) => setTime(from + t * (at - from)), by);
  }
  /** @param {number} at */
  async function goTo(at) {
    stop();
    const mine = new AbortController();
    playing = mine;
    await goBy(at, mine.signal);
    if (playing === mine) stop();
  }
  async function run() {
    const mine = new AbortController();
    playing = mine;
    showPlay();
    if (time >= LAST) setTime(0);
    for (let at = Math.floor(time) + 1; at <= LAST; at++) {
      await goBy(at, mine.signal);
      if (mine.signal.aborted) return;
      if (at < LAST) await wait(REST, mine.signal);
      if (mine.signal.aborted) return;
    }
    stop();
  }
  play.addEventListener('click', () => (playing ? stop() : void run()));
  line.addEventListener('input', () => {
    stop();
    setTime(Number(line.value) / fine);
  });
  signal.addEventListener('abort', stop);

  holdGrid(frame, {
    grid: () => ({ rows: scene?.map[0] ?? 1, columns: scene?.map[1] ?? 1 }),
    at: () => held,
    hold: (row, column) => hold({ row, column }),
    placeOf(down, across) {
      if (!scene) return held;
      const rolled = rollOf(scene, time);
      const { padded, map } = scene;
      const [row, column] = [down, across].map((share, axis) => {
        const at = Math.floor(Math.min(Math.max(share, 0), 0.9999) * padded[axis] + rolled[axis]);
        return Math.min(at % padded[axis], map[axis] - 1);
      });
      return { row, column };
    },
  });
  showPlay();

  return {
    frame,
    bar: make('div', { className: 'swin-bar' }, play, line),
    strip: make('ol', { className: 'swin-strip' }, ...stills.map(({ still }) => make('li', {}, still))),
    time: () => time,
    isShown: () => scene !== undefined,
    draw,
    /** @param {Scene} next @param {Patch} patch */
    show(next, patch) {
      scene = next;
      held = patch;
      draw();
      setTime(time);
    },
    /** @param {Patch} patch @param {string} label */
    mark(patch, label) {
      held = patch;
      frame.setAttribute('aria-label', label);
      drawStage();
    },
  };
}
