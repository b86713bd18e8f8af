/**
 * All heads as a fan of curves over the keys, measured from the query; under it the line of tokens on which the query is held. Two
 * sliders: the tokens move the query, the curves are read at a key.
 */
import { axisBottom, axisLeft } from 'd3-axis';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { line } from 'd3-shape';
import { addStyle, make, setAttributes, svg } from '../../../../parts/dom.js';
import { onceAFrame } from '../../../../parts/motion.js';
import plotCss from '../../../../parts/plot.css';
import { holdLine } from '../shared/hold.js';
import css from './fan.css';

/**
 * @typedef {object} Fan
 * @property {ArrayLike<number>[]} curves by head: a value for each key
 * @property {number} query
 * @property {number} key
 * @property {number} chosen head
 * @property {[number, number]} range of the values
 * @property {string} y what the values are
 * @property {string[]} colours by head
 * @property {(string | undefined)[]} [kinds] colours of the tokens
 * @property {(string | undefined)[]} [ruler] colours of the keys under the tokens
 * @property {string} told
 */

const EDGE = { top: 28, right: 56, bottom: 6, left: 56 };
const [TALL, STRIP] = [320, 84];
/** Where the tokens and the ruler stand in the strip, and their heights. */
const [TOKENS, RULER] = [
  { y: 2, height: 22 },
  { y: 28, height: 14 },
];

/**
 * @param {object} given
 * @param {(at: number) => void} given.onQuery
 * @param {(at: number) => void} given.onKey
 */
export function createFanPlot({ onQuery, onKey }) {
  addStyle(plotCss);
  addStyle(css);
  const yAxis = svg('g', { class: 'axis grid' });
  const words = svg('text', { class: 'words', y: 14 });
  const band = svg('rect', { class: 'band' });
  const needle = svg('line', { class: 'fan-needle' });
  const [curves, dots, names] = ['fan-curves', 'fan-dots', 'fan-names'].map((name) =>
    svg('g', { class: name }),
  );
  const top = svg('svg', { class: 'plot fan-plot' }, band, yAxis, words, curves, needle, dots, names);
  const tokens = svg('g');
  const xAxis = svg('g', { class: 'axis' });
  const below = svg('text', { class: 'words', 'text-anchor': 'middle' }, 'tokens from the query to the key');
  const strip = svg('svg', { class: 'plot fan-strip' }, tokens, xAxis, below);
  const root = make('div', { className: 'fan-figure' }, top, strip);
  /** @type {Fan | undefined} */
  let fan;
  const x = scaleLinear();

  const count = () => fan?.curves[0]?.length ?? 1;
  const placeOf = (/** @type {number} */ clientX) =>
    Math.round(x.invert(clientX - root.getBoundingClientRect().left));
  const tellKey = holdLine(top, {
    ...{ label: 'Key at which the curves are read', count, placeOf },
    at: () => fan?.key ?? 0,
    hold: onKey,
  });
  const tellQuery = holdLine(strip, {
    ...{ label: 'Query', count, placeOf },
    at: () => fan?.query ?? 0,
    hold: onQuery,
  });

  const draw = onceAFrame(() => {
    if (!fan) return;
    const { query, key, range, ruler } = fan;
    const width = root.clientWidth || 640;
    const [right, bottom] = [width - EDGE.right, TALL - EDGE.bottom];
    const stripTall = ruler ? STRIP : STRIP - RULER.height;
    setAttributes(top, { width, height: TALL, viewBox: `0 0 ${width} ${TALL}` });
    setAttributes(strip, { width, height: stripTall, viewBox: `0 0 ${width} ${stripTall}` });
    const keys = count();
    x.domain([-0.5, keys - 0.5]).range([EDGE.left, right]);
    const y = scaleLinear().domain(range).nice().range([bottom, EDGE.top]);
    const step = x(1) - x(0);
    words.textContent = fan.y;
    yAxis.setAttribute('transform', `translate(${EDGE.left} 0)`);
    select(yAxis).call(
      axisLeft(y)
        .ticks(5)
        .tickSize(EDGE.left - right)
        .tickPadding(8),
    );
    setAttributes(band, { x: x(query) - step / 2, y: EDGE.top, width: step, height: bottom - EDGE.top });
    setAttributes(needle, { x1: x(key), x2: x(key), y1: EDGE.top, y2: bottom });
    drawCurves(y);
    drawStrip(stripTall);
    const far = Math.abs(key - query);
    const where = far === 0 ? 'the query itself' : `${far} ${key < query ? 'before' : 'after'} the query`;
    tellKey(`key ${key}, ${where}: ${fan.told}`);
    tellQuery(`query ${query}`);
  });

  /** @param {import('d3-scale').ScaleLinear<number, number>} y */
  function drawCurves(y) {
    const { curves: all, colours, key, query, chosen } = /** @type {Fan} */ (fan);
    const path = line()
      .x((_, i) => x(i))
      .y((value) => y(Number(value)))
      .defined((value) => Number.isFinite(Number(value)));
    curves.replaceChildren(
      ...all.map((values, head) => {
        const made = svg('path', {
          d: path(/** @type {any} */ (Array.from(values))) ?? '',
          class: head === chosen ? 'curve chosen' : 'curve',
        });
        made.style.stroke = colours[head];
        return made;
      }),
    );
    // Where heads lie over each other, the chosen one is on top.
    curves.append(curves.children[chosen]);
    dots.replaceChildren(
      ...all.flatMap((values, head) => {
        if (!Number.isFinite(values[key])) return [];
        const made = svg('circle', { cx: x(key), cy: y(values[key]), r: head === chosen ? 6 : 3.5 });
        made.style.fill = colours[head];
        return [made];
      }),
    );
    const isRight = query < (count() - 1) / 2;
    const end = isRight ? count() - 1 : 0;
    /** @type {number[]} */
    const taken = [];
    const wanted = [chosen, 0, all.length - 1, ...all.keys()];
    names.replaceChildren(
      ...wanted.flatMap((head) => {
        const at = y(all[head][end]);
        if (!Number.isFinite(at) || taken.some((other) => Math.abs(other - at) < 13)) return [];
        taken.push(at);
        const [place, anchor] = isRight ? [x(end) + 6, 'start'] : [x(end) + 4, 'start'];
        return [
          svg(
            'text',
            {
              x: place,
              y: at + (isRight ? 4 : -6),
              'text-anchor': anchor,
              class: head === chosen ? 'chosen' : '',
            },
            `${taken.length === 1 ? 'head ' : ''}${head + 1}`,
          ),
        ];
      }),
    );
  }

  /** @param {number} tall */
  function drawStrip(tall) {
    const { query, key, kinds, ruler } = /** @type {Fan} */ (fan);
    const keys = count();
    const step = x(1) - x(0);
    const gap = step > 6 ? 2 : step > 3 ? 1 : 0;
    const box = (
      /** @type {number} */ i,
      /** @type {typeof TOKENS} */ { y, height },
      /** @type {string} */ name,
      wide = step - gap,
    ) => svg('rect', { x: x(i) - wide / 2, y, width: wide, height, class: name });
    const held = Math.max(step - gap, 9);
    tokens.replaceChildren(
      ...Array.from({ length: keys }, (_, i) => {
        const made = box(i, TOKENS, 'fan-token');
        if (kinds?.[i]) made.style.fill = /** @type {string} */ (kinds[i]);
        return made;
      }),
      ...(ruler ?? []).map((colour, i) => {
        const made = svg('rect', { x: x(i) - step / 2, ...RULER, width: step + 0.3, class: 'fan-bucket' });
        made.style.fill = colour ?? 'none';
        return made;
      }),
      box(query, TOKENS, 'fan-query', held),
      box(key, TOKENS, 'fan-key', held),
      ...(ruler ? [box(key, RULER, 'fan-key', held)] : []),
    );
    const from = ruler ? RULER.y + RULER.height : TOKENS.y + TOKENS.height;
    const distances = scaleLinear()
      .domain([-0.5 - query, keys - 0.5 - query])
      .range(x.range());
    const ticks = distances.ticks(Math.max((x.range()[1] - x.range()[0]) / 80, 3)).filter(Number.isInteger);
    xAxis.setAttribute('transform', `translate(0 ${from + 4})`);
    select(xAxis).call(axisBottom(distances).tickValues(ticks).tickFormat(signed).tickSize(5));
    setAttributes(below, { x: (x.range()[0] + x.range()[1]) / 2, y: tall - 4 });
  }
  new ResizeObserver(draw).observe(root);

  return {
    root,
    /** @param {Fan} next */
    show(next) {
      fan = next;
      draw();
    },
  };
}

/** @param {number | { valueOf(): number }} value */
const signed = (value) => String(value).replace('-', '−');
