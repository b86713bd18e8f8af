/** Stairs of buckets over a ruler of distances, coloured by bucket; under them a lens on the distances around the held one. */
import { axisBottom, axisLeft } from 'd3-axis';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { curveStep, line } from 'd3-shape';
import { addStyle, make, setAttributes, svg } from '../../../../parts/dom.js';
import { onceAFrame } from '../../../../parts/motion.js';
import plotCss from '../../../../parts/plot.css';
import { holdLine } from '../shared/hold.js';
import css from './ruler.css';
import { coloursOf, runAt } from './runs.js';

/**
 * @typedef {object} Shown
 * @property {import('./runs.js').Run[]} runs
 * @property {number} distance held
 * @property {string} told
 */

const EDGE = { top: 28, right: 16, left: 56 };
/** Where the stairs end, the ruler's top and bottom, and all. */
const [STAIRS, RULER, FOOT, TALL] = [236, 246, 276, 318];
/** A cell of the lens, and the most of them. */
const [CELL, MOST] = [36, 25];

/** @param {{ x: string, hold: (distance: number) => void }} given x: the axis in words */
export function createRuler({ x: xWords, hold }) {
  addStyle(plotCss);
  addStyle(css);
  const [xAxis, yAxis] = [svg('g', { class: 'axis' }), svg('g', { class: 'axis grid' })];
  const words = [
    svg('text', { class: 'words', 'text-anchor': 'middle' }, xWords),
    svg('text', { class: 'words', y: 14 }, 'bucket'),
  ];
  const band = svg('rect', { class: 'band' });
  const stairs = svg('path', { class: 'curve' });
  const dot = svg('circle', { class: 'ruler-dot', r: 6 });
  const cells = svg('g');
  const held = svg('rect', { class: 'ruler-held' });
  const needle = svg('path', { class: 'ruler-needle' });
  const picture = svg(
    'svg',
    { class: 'plot ruler-plot' },
    band,
    yAxis,
    ...words,
    stairs,
    dot,
    cells,
    held,
    xAxis,
    needle,
  );
  const lens = svg('svg', { class: 'ruler-lens', 'aria-hidden': 'true' });
  const root = make('div', {}, picture, lens);
  /** @type {Shown | undefined} */
  let shown;
  const x = scaleLinear();

  const ends = () => [shown?.runs[0].from ?? 0, shown?.runs.at(-1)?.to ?? 0];
  const tell = holdLine(picture, {
    label: 'Distance',
    count: () => ends()[1] - ends()[0] + 1,
    at: () => (shown?.distance ?? 0) - ends()[0],
    hold: (at) => hold(at + ends()[0]),
    placeOf: (clientX) => Math.round(x.invert(clientX - root.getBoundingClientRect().left)) - ends()[0],
  });
  // No sweep here: the lens moves with what is held, and would run away.
  lens.addEventListener('click', ({ clientX }) => {
    if (!shown) return;
    const { left, width } = lens.getBoundingClientRect();
    const { first, count } = lensOf(width);
    const [low, high] = ends();
    const at = first + Math.floor(((clientX - left) / width) * count);
    hold(Math.min(Math.max(at, low), high));
  });

  /** @param {number} width */
  function lensOf(width) {
    const count = Math.min(2 * Math.floor((width / CELL - 1) / 2) + 1, MOST);
    return { count, first: (shown?.distance ?? 0) - (count - 1) / 2 };
  }

  const draw = onceAFrame(() => {
    if (!shown) return;
    const { runs, distance } = shown;
    const width = root.clientWidth || 640;
    setAttributes(picture, { width, height: TALL, viewBox: `0 0 ${width} ${TALL}` });
    const [low, high] = ends();
    x.domain([low - 0.5, high + 0.5]).range([EDGE.left, width - EDGE.right]);
    const buckets = runs.map(({ bucket }) => bucket);
    const y = scaleLinear()
      .domain([Math.min(...buckets), Math.max(...buckets)])
      .nice()
      .range([STAIRS, EDGE.top]);
    yAxis.setAttribute('transform', `translate(${EDGE.left} 0)`);
    select(yAxis).call(
      axisLeft(y)
        .ticks(5)
        .tickSize(EDGE.left + EDGE.right - width)
        .tickPadding(8),
    );
    xAxis.setAttribute('transform', `translate(0 ${FOOT})`);
    select(xAxis).call(
      axisBottom(x)
        .ticks(Math.max(Math.floor(width / 90), 3))
        .tickSize(5),
    );
    setAttributes(words[0], { x: (EDGE.left + width - EDGE.right) / 2, y: TALL - 4 });
    const points = runs.flatMap(({ from, to, bucket }) =>
      from === to
        ? [[from, bucket]]
        : [
            [from, bucket],
            [to, bucket],
          ],
    );
    const path = line()
      .x(([at]) => x(at))
      .y(([, bucket]) => y(bucket))
      .curve(curveStep);
    stairs.setAttribute('d', path(/** @type {[number, number][]} */ (points)) ?? '');
    const colours = coloursOf(runs);
    const spans = runs.map(({ from, to }) => [x(from - 0.5), x(to + 0.5)]);
    cells.replaceChildren(
      ...spans.map(([left, right], i) => {
        const gap = right - left > 4 ? 1 : 0;
        const made = svg('rect', { x: left, y: RULER, width: right - left - gap, height: FOOT - RULER });
        made.style.fill = colours[i];
        return made;
      }),
    );
    const at = runAt(runs, distance);
    const [left, right] = spans[at];
    const wide = Math.max(x(1) - x(0), 6);
    setAttributes(band, {
      x: x(distance) - wide / 2,
      y: EDGE.top - 6,
      width: wide,
      height: RULER - EDGE.top + 2,
    });
    setAttributes(dot, { cx: x(distance), cy: y(runs[at].bucket) });
    setAttributes(held, {
      x: left - 1,
      y: RULER - 2,
      width: Math.max(right - left + 1, 4),
      height: FOOT - RULER + 4,
    });
    const tip = x(distance);
    needle.setAttribute('d', `M${tip} ${FOOT - 8}l6 14h-12z`);
    tell(shown.told, distance);
    drawLens(width, colours);
  });

  /** @param {number} width @param {string[]} colours */
  function drawLens(width, colours) {
    const { runs, distance } = /** @type {Shown} */ (shown);
    const { count, first } = lensOf(width);
    const cell = width / count;
    const [low, high] = ends();
    setAttributes(lens, { width, height: 64, viewBox: `0 0 ${width} 64` });
    lens.replaceChildren(
      ...Array.from({ length: count }, (_, i) => first + i).flatMap((at, i) => {
        if (at < low || at > high) return [];
        const k = runAt(runs, at);
        const { from, to, bucket } = runs[k];
        const [before, behind] = [at === from ? 2 : 0, at === to ? 2 : 0];
        const box = svg('rect', { x: i * cell + before, y: 22, width: cell - before - behind, height: 18 });
        box.style.fill = colours[k];
        const middle = (i + 0.5) * cell;
        const isHeld = at === distance;
        const mark = svg('rect', {
          x: i * cell + 2,
          y: 1,
          width: cell - 4,
          height: 18,
          class: 'held',
          rx: 2,
        });
        const name = svg(
          'text',
          { x: middle, y: 14, class: isHeld ? 'held-text' : '' },
          String(at).replace('-', '−'),
        );
        return [
          box,
          ...(isHeld ? [mark] : []),
          name,
          svg('text', { x: middle, y: 58, class: 'bucket' }, String(bucket).replace('-', '−')),
        ];
      }),
    );
  }
  new ResizeObserver(draw).observe(root);

  return {
    root,
    draw,
    /** @param {Shown} next */
    show(next) {
      shown = next;
      draw();
    },
  };
}
