/**
 * Curves over counted places, with axes in words, ticks and a legend; a mark that mouse, finger and keys move along. Loaded with what
 * needs it, since D3's scales and axes come with it. Not here: what the numbers mean.
 */
import { axisBottom, axisLeft } from 'd3-axis';
import { scaleLinear, scaleLog } from 'd3-scale';
import { select } from 'd3-selection';
import { line } from 'd3-shape';
import { addStyle, make, setAttributes, svg } from './dom.js';
import { onceAFrame } from './motion.js';
import css from './plot.css';

/**
 * @typedef {object} Series
 * @property {string} [name] in the legend
 * @property {ArrayLike<number>} values at 0, 1, 2 …; what is not finite is a gap
 *
 * @typedef {object} Curves
 * @property {Series[]} series
 * @property {number} [mark]
 * @property {string} [told] the marked place in words
 */

/** Colours of the series, and their dashes for who does not see colours. */
const ROLES = ['who', 'whom', 'when', 'where'];
const DASHES = [undefined, '9 4', '2 4', '9 4 2 4'];
const EDGE = { top: 28, right: 12, bottom: 44, left: 60 };
/** Values that are drawn as points too. */
const FEW = 64;
const PAGE = 10;

/**
 * @param {object} given
 * @param {string} given.label for who does not see it
 * @param {string} given.x the axis in words
 * @param {string} given.y
 * @param {boolean} [given.log] whether y goes by factors
 * @param {number} [given.height]
 * @param {(at: number) => void} given.onMark
 */
export function createPlot({ label, x: xWords, y: yWords, log = false, height = 280, onMark }) {
  addStyle(css);
  const [xAxis, yAxis] = [svg('g', { class: 'axis' }), svg('g', { class: 'axis grid' })];
  const words = [
    svg('text', { class: 'words', 'text-anchor': 'middle' }, xWords),
    svg('text', { class: 'words', y: 14 }, yWords),
  ];
  const band = svg('rect', { class: 'band', rx: 2 });
  const [lines, dots] = [svg('g'), svg('g')];
  const picture = svg(
    'svg',
    { class: 'plot', role: 'slider', tabindex: 0, 'aria-label': label, 'aria-valuemin': 0 },
    band,
    yAxis,
    xAxis,
    ...words,
    lines,
    dots,
  );
  const legend = make('p', { className: 'plot-legend caption' });
  const root = make('div', {}, picture, legend);
  /** @type {Curves} */
  let curves = { series: [] };
  let mark = 0;
  let count = 1;
  const x = scaleLinear();
  let y = scaleOf([], log);

  const draw = onceAFrame(() => {
    const width = picture.parentElement?.clientWidth || 560;
    setAttributes(picture, { width, height, viewBox: `0 0 ${width} ${height}` });
    const [right, bottom] = [width - EDGE.right, height - EDGE.bottom];
    x.domain([0, Math.max(count - 1, 1)]).range([EDGE.left, right]);
    y = scaleOf(
      curves.series.flatMap(({ values }) => Array.from(values)),
      log,
    ).range([bottom, EDGE.top]);
    const ticks = Math.min(Math.max(count - 1, 1), Math.floor(width / 70));
    xAxis.setAttribute('transform', `translate(0 ${bottom})`);
    yAxis.setAttribute('transform', `translate(${EDGE.left} 0)`);
    select(xAxis).call(axisBottom(x).ticks(ticks).tickSize(5));
    select(yAxis).call(
      axisLeft(y)
        .ticks(5, log ? '~g' : undefined)
        .tickSize(EDGE.left - right)
        .tickPadding(8),
    );
    setAttributes(words[0], { x: (EDGE.left + right) / 2, y: height - 6 });
    const path = line()
      .x((_, i) => x(i))
      .y((value) => y(Number(value)))
      .defined((value) => isDrawn(Number(value)));
    lines.replaceChildren(
      ...curves.series.flatMap(({ values }, k) => {
        const numbers = Array.from(values);
        const paint = `var(--${ROLES[k % ROLES.length]})`;
        const stroke = svg('path', {
          d: path(/** @type {any} */ (numbers)) ?? '',
          'stroke-dasharray': DASHES[k % 4],
          class: 'curve',
        });
        stroke.style.stroke = paint;
        if (curves.series.length > 1 || numbers.length > FEW) return [stroke];
        return [stroke, ...numbers.flatMap((value, i) => (isDrawn(value) ? [dot(i, value, k, 2.5)] : []))];
      }),
    );
    place();
  });

  /** Only what may stand on the axis. @param {number} value */
  const isDrawn = (value) => Number.isFinite(value) && (!log || value > 0);

  /** @param {number} at @param {number} value @param {number} k @param {number} r */
  function dot(at, value, k, r) {
    const made = svg('circle', { cx: x(at), cy: y(value), r });
    made.style.fill = `var(--${ROLES[k % ROLES.length]})`;
    return made;
  }

  function place() {
    const step = Math.abs(x(1) - x(0));
    const wide = Math.min(Math.max(step, 6), 16);
    setAttributes(band, {
      x: x(mark) - wide / 2,
      y: EDGE.top - 6,
      width: wide,
      height: height - EDGE.bottom - EDGE.top + 6,
    });
    dots.replaceChildren(
      ...curves.series.flatMap(({ values }, k) =>
        isDrawn(values[mark]) ? [dot(mark, values[mark], k, 5)] : [],
      ),
    );
    setAttributes(picture, {
      'aria-valuemax': count - 1,
      'aria-valuenow': mark,
      'aria-valuetext': curves.told ?? String(mark),
    });
  }

  /** @param {number} to */
  function setMark(to) {
    const next = Math.min(Math.max(to, 0), count - 1);
    if (next === mark) return;
    mark = next;
    place();
    onMark(mark);
  }

  const point = (/** @type {PointerEvent} */ { clientX }) =>
    setMark(Math.round(x.invert(clientX - picture.getBoundingClientRect().left)));
  picture.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse') picture.setPointerCapture(event.pointerId);
    point(event);
  });
  picture.addEventListener('pointermove', (event) => event.buttons && point(event));
  picture.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = {
      ...{ ArrowLeft: mark - 1, ArrowDown: mark - 1, ArrowRight: mark + 1, ArrowUp: mark + 1 },
      ...{ PageDown: mark - PAGE, PageUp: mark + PAGE, Home: 0, End: count - 1 },
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setMark(to);
  });
  new ResizeObserver(draw).observe(root);

  return {
    root,
    picture,
    /** @param {Curves} given */
    show(given) {
      curves = given;
      count = Math.max(1, ...given.series.map(({ values }) => values.length));
      mark = Math.min(given.mark ?? mark, count - 1);
      legend.replaceChildren(
        ...(given.series.length > 1
          ? given.series.map(({ name = '' }, k) => make('span', {}, key(k), name))
          : []),
      );
      draw();
    },
    /** The mark alone. @param {number} at @param {string} [told] */
    mark(at, told) {
      mark = Math.min(Math.max(at, 0), count - 1);
      curves.told = told;
      place();
    },
  };
}

/** A piece of a line, for the legend. @param {number} k */
function key(k) {
  const stroke = svg('line', {
    x1: 1,
    x2: 25,
    y1: 5,
    y2: 5,
    'stroke-dasharray': DASHES[k % 4],
    class: 'curve',
  });
  stroke.style.stroke = `var(--${ROLES[k % ROLES.length]})`;
  return svg('svg', { width: 26, height: 10, 'aria-hidden': 'true' }, stroke);
}

/** From the least to the largest value, and zero; by factors only of what is above it. @param {number[]} values @param {boolean} log */
function scaleOf(values, log) {
  let [low, high] = log ? [Number.POSITIVE_INFINITY, 0] : [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high < low) [low, high] = [0.1, 1];
  const scale = log ? scaleLog() : scaleLinear();
  return scale.domain([low, high > low ? high : low + 1]).nice();
}
