/** *Turning pairs*: a query and a key at three places, one distance apart. Moved together their hands turn, and the score stays. */
import { button, range } from '../../../parts/controls.js';
import { addStyle, make, shown } from '../../../parts/dom.js';
import { move, onceAFrame } from '../../../parts/motion.js';
import { createDial, degreesBetween, someOf } from './hands.js';
import css from './rope.css';
import { createScores } from './rope-scores.js';
import { createRuler } from './ruler.js';
import { STARTS } from './starts.js';
import { product, turned } from './turned.js';

/**
 * @import { Figure, Given } from './index.js'
 * @import { Pair } from './hands.js'
 */

export const OPTIONS = STARTS.rope;

const DIALS = 8;
const [START, DISTANCE] = [[4, 18, 42], 5];
/** Milliseconds of *Move both*. */
const WALK = 900;

/** @param {Given} given @returns {Figure} */
export function create({ core, page, hold, params, keep }) {
  addStyle(css);
  /** @type {Record<string, any>} */
  let options = OPTIONS;
  const asked = (params.get('places') ?? '').split(',').map(Number);
  let starts = asked.length === 3 && asked.every(Number.isFinite) ? asked : START;
  let distance = Number(params.get('distance') ?? DISTANCE) || 0;
  /** @type {AbortController | undefined} */
  let walk;

  const heads = Array.from({ length: DIALS }, () => make('span'));
  const rows = START.map((_, i) => {
    const dials = Array.from({ length: DIALS }, createDial);
    const hands = make('div', { className: 'hand-dials', role: 'img' }, ...dials.map(({ root }) => root));
    const ruler = createRuler({
      label: `Places of query and key, row ${i + 1} of 3`,
      isPair: true,
      onMove: (low) => set({ row: i, low }),
    });
    const places = make('span', { className: 'caption' });
    const score = make('span', { className: 'big' });
    const root = make('div', { className: 'rope-row' }, make('div', {}, ruler.root, places), hands, score);
    return { root, dials, hands, ruler, places, score };
  });
  const readOut = make('output', { className: 'caption' });
  const slider = make('div');
  const scores = createScores({
    core,
    say: page.say,
    onDistance: (to) => set({ to }),
    onPlaces: (q, k) => {
      set({ row: 0, low: Math.min(q, k), to: q - k });
    },
  });

  const both = button('Move both', moveBoth, { main: true });
  const root = make(
    'figure',
    { className: 'rope' },
    make(
      'div',
      { className: 'rope-row rope-head caption' },
      make('span', {}, 'places of query and key'),
      make('div', { className: 'hand-dials', 'aria-hidden': 'true' }, ...heads),
      make('span', { className: 'last' }, 'q · k'),
    ),
    ...rows.map((row) => row.root),
    make('div', { className: 'rope-below' }, slider, make('div', {}, both)),
    readOut,
    make(
      'figcaption',
      {},
      'The query and the key are the same here: in each pair a hand of length 1. Yellow is what lies between the two; its cosines add up to q · k.',
    ),
  );

  const last = () => Math.max(Number(options.length ?? 64) - 1, 0);
  /** Keeps all on the ruler. */
  function fit() {
    const most = last();
    distance = Math.min(Math.max(distance, -most), most);
    starts = starts.map((low) => Math.min(Math.max(low, 0), most - Math.abs(distance)));
  }

  /** The places of query and key of a row. @param {number} low @returns {[number, number]} */
  const placesOf = (low) => (distance < 0 ? [low, low - distance] : [low + distance, low]);

  function draw() {
    const { dim, offset = 0 } = options;
    const places = starts.flatMap(placesOf);
    const hands = turned(core, tableOf(places.map((place) => place + offset)), dim, options);
    const chosen = someOf(dim / 2, DIALS);
    const longest = Math.max(...hands[0].map((pair) => Math.hypot(...pair)));
    rows.forEach((row, i) => {
      const [q, k] = [hands[2 * i], hands[2 * i + 1]];
      const [atQ, atK] = placesOf(Math.round(starts[i]));
      row.dials.forEach((dial, d) => {
        dial.root.style.display = d < chosen.length ? '' : 'none';
        if (d >= chosen.length) return;
        const pair = chosen[d];
        dial.show(
          [
            { tip: q[pair], role: 'who' },
            { tip: k[pair], role: 'whom' },
          ],
          longest,
        );
      });
      row.hands.setAttribute(
        'aria-label',
        `Between the hands: ${chosen.map((pair) => between(q, k, pair)).join(', ')}`,
      );
      row.score.textContent = shown(product(q, k), 3);
      row.places.textContent = `query at ${atQ + offset}, key at ${atK + offset}`;
      row.ruler.show({ low: starts[i], distance, last: last(), told: row.places.textContent });
    });
    const same = new Set(rows.map(({ score }) => score.textContent));
    readOut.textContent = `distance ${shown(distance, 0)} · q · k ${[...same].join(', ')} at all three places`;
    scores.mark({ distance, places: starts.map(placesOf) });
  }
  const drawSoon = onceAFrame(draw);

  /** @param {number[]} positions */
  function tableOf(positions) {
    const { dim, base, frequencies, scaling, layout, repeat } = options;
    return core.rope({ positions, dim, base, frequencies, scaling, layout, repeat });
  }

  /**
   * Another place of a row, another distance of all.
   * @param {{ row?: number, low?: number, to?: number }} wanted
   * @param {boolean} [isTold] false: the page knows it
   */
  function set({ row = 0, low = starts[row], to = distance }, isTold = true) {
    walk?.abort();
    distance = to;
    starts = starts.map((start, i) => (i === row ? low : Math.round(start)));
    fit();
    control.set(Math.abs(distance));
    drawSoon();
    if (!isTold) return;
    keep('distance', distance === DISTANCE ? undefined : String(distance));
    keep('places', starts.join() === START.join() ? undefined : starts.join());
    hold(placesOf(starts[0])[0]);
  }

  /** Every pair goes on by a fifth of the ruler, from its end to its start. */
  async function moveBoth() {
    walk?.abort();
    walk = new AbortController();
    const room = last() - Math.abs(distance);
    const by = Math.max(1, Math.round(last() / 5));
    const from = starts.map(Math.round);
    const to = from.map((low) => (room ? (low + by) % (room + 1) : low));
    const { signal } = walk;
    page.signal.addEventListener('abort', () => walk?.abort(), { signal });
    await move(
      WALK,
      (t) => {
        starts = from.map((low, i) => low + t * (to[i] - low));
        draw();
      },
      signal,
    );
    if (!signal.aborted) set({ low: to[0] });
  }

  /** @type {ReturnType<typeof range>} */
  let control;
  let reach = -1;
  function showSlider() {
    if (reach === last()) return;
    reach = last();
    control = range({
      name: 'Distance',
      min: 0,
      max: Math.max(reach, 1),
      value: Math.abs(distance),
      change: (to) => set({ to }),
    });
    slider.replaceChildren(control);
  }

  return {
    root,
    more: [scores.root],
    showsLikeness: true,
    draw: () => scores.draw(),
    /** @param {number} row */
    mark(row) {
      if (placesOf(starts[0])[0] === row || walk?.signal.aborted === false) return;
      set({ row: 0, low: distance < 0 ? row : row - distance }, false);
    },
    show(given) {
      options = given;
      fit();
      showSlider();
      const { dim, base, scaling } = given;
      const { frequencies } = core.ropeFrequencies({ dim, base, scaling });
      const chosen = someOf(dim / 2, DIALS);
      heads.forEach((head, i) => {
        head.hidden = i >= chosen.length;
        const speed = Number(frequencies.data[chosen[i] ?? 0]);
        head.replaceChildren(
          make('b', {}, make('span', { className: 'word' }, 'pair '), String(chosen[i])),
          make(
            'span',
            { className: 'tick' },
            make('span', { className: 'word' }, '×'),
            speed >= 0.095 ? speed.toFixed(2) : speed.toPrecision(2),
          ),
        );
      });
      scores.show(given);
      draw();
      hold(placesOf(starts[0])[0]);
    },
  };
}

/** @param {Pair[]} q @param {Pair[]} k @param {number} pair */
const between = (q, k, pair) => `pair ${pair} ${Math.round(degreesBetween(k[pair], q[pair]))}°`;
