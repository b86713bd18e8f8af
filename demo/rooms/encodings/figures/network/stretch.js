/** Two axes one over the other: offsets as they are, and where a network is told that they are. */
import { axisBottom, axisTop } from 'd3-axis';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { addStyle, make, setAttributes, svg } from '../../../../parts/dom.js';
import { onceAFrame } from '../../../../parts/motion.js';
import plotCss from '../../../../parts/plot.css';
import { holdLine } from '../shared/hold.js';

const [TALL, TOP, BOTTOM, SIDE] = [190, 50, 132, 20];

/** @param {{ label: string, hold: (at: number) => void }} given */
export function createStretch({ label, hold }) {
  addStyle(plotCss);
  const [above, below] = [svg('g', { class: 'axis' }), svg('g', { class: 'axis' })];
  const words = [
    svg('text', { class: 'words', y: 14 }, 'offset, in patches'),
    svg('text', { class: 'words', y: TALL - 8 }, 'what the network is told'),
  ];
  const lines = svg('g', { class: 'stretch-lines' });
  const picture = svg('svg', { class: 'plot stretch' }, lines, above, below, ...words);
  const root = make('div', {}, picture);
  let [at, told] = [0, ''];
  /** @type {{ offsets: number[], places: number[] }} */
  let shown = { offsets: [0], places: [0] };
  const even = scaleLinear();
  const tell = holdLine(picture, {
    label,
    count: () => shown.offsets.length,
    at: () => at,
    hold,
    placeOf: (clientX) =>
      Math.round(even.invert(clientX - root.getBoundingClientRect().left)) - shown.offsets[0],
  });
  const draw = onceAFrame(() => {
    const width = root.clientWidth || 600;
    const { offsets, places } = shown;
    const far = Math.max(...places.map(Math.abs)) || 1;
    setAttributes(picture, { width, height: TALL, viewBox: `0 0 ${width} ${TALL}` });
    const most = Math.max(offsets[offsets.length - 1], 1);
    even.domain([-most, most]).range([SIDE, width - SIDE]);
    const log = scaleLinear()
      .domain([-far, far])
      .range([SIDE, width - SIDE]);
    above.setAttribute('transform', `translate(0 ${TOP})`);
    below.setAttribute('transform', `translate(0 ${BOTTOM})`);
    const ticks = even.ticks(Math.min(2 * most, width / 50)).filter(Number.isInteger);
    select(above).call(
      axisTop(even)
        .tickValues(ticks)
        .tickFormat((value) => String(value).replace('-', '−')),
    );
    select(below).call(axisBottom(log).ticks(Math.max(Math.floor(width / 110), 3)));
    const lineOf = (/** @type {number} */ i) =>
      svg('line', {
        ...{ x1: even(offsets[i]), y1: TOP, x2: log(places[i]), y2: BOTTOM },
        class: i === at ? 'held' : '',
      });
    lines.replaceChildren(
      ...offsets.map((_, i) => lineOf(i)),
      lineOf(at),
      svg('circle', { cx: even(offsets[at]), cy: TOP, r: 6 }),
      svg('circle', { cx: log(places[at]), cy: BOTTOM, r: 6 }),
    );
    tell(told, offsets[at]);
  });
  new ResizeObserver(draw).observe(root);
  return {
    root,
    /** @param {number[]} offsets @param {number[]} places @param {number} held @param {string} text */
    show(offsets, places, held, text) {
      shown = { offsets, places };
      [at, told] = [held, text];
      draw();
    },
  };
}
