/** From what the network says to the bias: the library's own pairs of both, sorted, are the curve; a dot a head for the held offset. */
import { axisBottom, axisLeft } from 'd3-axis';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { line } from 'd3-shape';
import { addStyle, setAttributes, svg } from '../../../../parts/dom.js';
import plotCss from '../../../../parts/plot.css';

const [WIDE, TALL] = [270, 270];
const EDGE = { top: 28, right: 12, bottom: 46, left: 44 };

export function createSquash() {
  addStyle(plotCss);
  const [xAxis, yAxis] = [svg('g', { class: 'axis' }), svg('g', { class: 'axis grid' })];
  const curve = svg('path', { class: 'curve' });
  const dots = svg('g');
  const root = svg(
    'svg',
    { class: 'plot squash', viewBox: `0 0 ${WIDE} ${TALL}`, role: 'img' },
    yAxis,
    xAxis,
    svg('text', { class: 'words', y: 14 }, 'bias'),
    svg(
      'text',
      { class: 'words', x: (EDGE.left + WIDE) / 2, y: TALL - 6, 'text-anchor': 'middle' },
      'the network’s answer',
    ),
    curve,
    dots,
  );
  return {
    root,
    /** @param {[number, number][]} pairs of all heads and offsets @param {[number, number][]} held by head @param {string[]} colours @param {number} chosen */
    show(pairs, held, colours, chosen) {
      const sorted = [...pairs].sort(([a], [b]) => a - b);
      const ends = (/** @type {0 | 1} */ which) => {
        const values = sorted.map((pair) => pair[which]);
        return [Math.min(...values, 0), Math.max(...values, 0)];
      };
      const x = scaleLinear()
        .domain(ends(0))
        .nice()
        .range([EDGE.left, WIDE - EDGE.right]);
      const y = scaleLinear()
        .domain(ends(1))
        .nice()
        .range([TALL - EDGE.bottom, EDGE.top]);
      xAxis.setAttribute('transform', `translate(0 ${TALL - EDGE.bottom})`);
      yAxis.setAttribute('transform', `translate(${EDGE.left} 0)`);
      select(xAxis).call(axisBottom(x).ticks(4).tickSize(5));
      select(yAxis).call(
        axisLeft(y)
          .ticks(5)
          .tickSize(EDGE.left + EDGE.right - WIDE)
          .tickPadding(6),
      );
      const path = line()
        .x(([at]) => x(at))
        .y(([, value]) => y(value));
      setAttributes(curve, { d: path(sorted) ?? '' });
      root.setAttribute(
        'aria-label',
        `Head ${chosen + 1}: answer ${held[chosen][0].toFixed(2)}, bias ${held[chosen][1].toFixed(2)}`,
      );
      dots.replaceChildren(
        ...held.map(([at, value], head) => {
          const dot = svg('circle', { cx: x(at), cy: y(value), r: head === chosen ? 7 : 4 });
          dot.style.fill = colours[head];
          return dot;
        }),
      );
    },
  };
}
