/**
 * Lines over a common axis as a tree of SVG elements, which becomes a file (`serialize`) or elements of a page. Lines
 * differ in colour and in their dashes. Not here: heat maps.
 */
import { rangeOf, rounded, shorten, ticksOf } from './scale.js';

/**
 * @typedef {{ tag: string, attributes: Record<string, string | number>, children: (SvgNode | string)[] }} SvgNode
 *
 * @typedef {object} Series
 * @property {string} name for the legend
 * @property {ArrayLike<number>} values one for each place of `x`; where one is not finite the line is broken
 */

const WIDTH = 720;
/** Room around the lines, below the legend, and their height. */
const EDGE = { left: 64, right: 16, bottom: 52 };
const HEIGHT = 224;
const LEGEND = { entry: 150, top: 12, line: 20 };
const X_TICK = 60;
const MOST_Y_TICKS = 7;
/** Okabe's and Ito's colours, which differ for colour-blind readers too, with dashes for those who see none. */
const LOOKS = [
  ['#0072b2', ''],
  ['#d55e00', '8 4'],
  ['#009e73', '2 4'],
  ['#b8538c', '10 4 2 4'],
  ['#8a6d00', '14 5'],
  ['#3f8fc4', '5 3 2 3 2 3'],
  ['#7a4fb5', '4 6'],
  ['#555f6b', '1 3'],
];

/** How many lines a plot can tell apart. */
export const MOST_SERIES = LOOKS.length;

/** @param {string} tag @param {SvgNode['attributes']} attributes @param {...(SvgNode | string)} children @returns {SvgNode} */
const node = (tag, attributes, ...children) => ({ tag, attributes, children });

/**
 * @param {object} plot
 * @param {Series[]} plot.series at most MOST_SERIES
 * @param {ArrayLike<number>} plot.x ascending
 * @param {string} plot.xName
 * @param {string} plot.title read by screen readers, too
 * @param {number} [plot.width] pixels, 720 by default
 * @returns {SvgNode}
 */
export function linePlot({ series, x, xName, title, width = WIDTH }) {
  const box = boxOf(width, series.length);
  const ranges = {
    x: rangeOf(Array.from(x)),
    y: rounded(rangeOf(series.flatMap(({ values }) => Array.from(values))), MOST_Y_TICKS),
  };
  const at = {
    x: (/** @type {number} */ value) => place(value, ranges.x, box.left, box.right),
    y: (/** @type {number} */ value) => place(value, ranges.y, box.bottom, box.top),
  };
  const lines = series.map(({ name, values }, i) =>
    node('path', { d: pathOf(x, values, at), fill: 'none', ...lookOf(i) }, node('title', {}, name)),
  );
  return node(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${box.height}`,
      role: 'img',
      class: 'line-plot',
    },
    node('title', {}, title),
    node(
      'g',
      { 'font-family': 'system-ui, sans-serif', 'font-size': 13 },
      ...axes(ranges, at, xName, box),
      ...lines,
    ),
    node('g', { 'font-family': 'system-ui, sans-serif', 'font-size': 13 }, ...legend(series, box)),
  );
}

/**
 * Where the lines are, below the legend.
 * @param {number} width of the whole
 * @param {number} count of the lines
 */
function boxOf(width, count) {
  const across = Math.max(1, Math.floor((width - EDGE.left) / LEGEND.entry));
  const top = LEGEND.top + Math.ceil(count / across) * LEGEND.line + 4;
  const bottom = top + HEIGHT;
  return { across, left: EDGE.left, right: width - EDGE.right, top, bottom, height: bottom + EDGE.bottom };
}

/** @typedef {ReturnType<typeof boxOf>} Box */

/**
 * @param {number} value
 * @param {import('./scale.js').Range} range
 * @param {number} from
 * @param {number} to
 */
const place = (value, { min, max }, from, to) =>
  Number((from + ((value - min) / (max - min)) * (to - from)).toFixed(2));

/** @param {number} i */
function lookOf(i) {
  const [stroke, dashes] = LOOKS[i % LOOKS.length];
  return { stroke, class: `series-${i}`, 'stroke-width': 2, ...(dashes && { 'stroke-dasharray': dashes }) };
}

/** @typedef {{ x: (value: number) => number, y: (value: number) => number }} Places */

/** @param {ArrayLike<number>} x @param {ArrayLike<number>} values @param {Places} at */
function pathOf(x, values, at) {
  let isOpen = false;
  const steps = Array.from(values, (value, i) => {
    if (!Number.isFinite(value)) {
      isOpen = false;
      return '';
    }
    const step = `${isOpen ? 'L' : 'M'}${at.x(x[i])} ${at.y(value)}`;
    isOpen = true;
    return step;
  });
  return steps.join('');
}

/**
 * @param {{ x: import('./scale.js').Range, y: import('./scale.js').Range }} ranges
 * @param {Places} at
 * @param {string} xName
 * @param {Box} box
 */
function axes(ranges, at, xName, { left, right, top, bottom }) {
  const text = { fill: '#4a5562', class: 'label' };
  const grid = { stroke: '#d5dce5', class: 'grid' };
  const middle = /** @type {const} */ ({ 'text-anchor': 'middle' });
  return [
    ...ticksOf(ranges.y, MOST_Y_TICKS).flatMap((value) => [
      node('line', { x1: left, x2: right, y1: at.y(value), y2: at.y(value), ...grid }),
      node('text', { x: left - 8, y: at.y(value) + 4, 'text-anchor': 'end', ...text }, shorten(value)),
    ]),
    ...ticksOf(ranges.x, Math.max(2, (right - left) / X_TICK)).flatMap((value) => [
      node('line', { x1: at.x(value), x2: at.x(value), y1: top, y2: bottom, ...grid }),
      node('text', { x: at.x(value), y: bottom + 20, ...middle, ...text }, shorten(value)),
    ]),
    node('text', { x: (left + right) / 2, y: bottom + 42, ...middle, ...text }, xName),
  ];
}

/** @param {Series[]} series @param {Box} box */
function legend(series, { left, across }) {
  return series.flatMap(({ name }, i) => {
    const x = left + (i % across) * LEGEND.entry;
    const y = LEGEND.top + Math.floor(i / across) * LEGEND.line;
    return [
      node('line', { x1: x, x2: x + 36, y1: y, y2: y, ...lookOf(i) }),
      node('text', { x: x + 44, y: y + 4, fill: '#4a5562', class: 'label' }, name),
    ];
  });
}

const ESCAPES = /** @type {Record<string, string>} */ ({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
});
const escaped = (/** @type {string} */ text) => text.replace(/[&<>"]/g, (letter) => ESCAPES[letter]);

/** @param {SvgNode | string} tree @returns {string} the text of an SVG file */
export function serialize(tree) {
  if (typeof tree === 'string') return escaped(tree);
  const attributes = Object.entries(tree.attributes).map(
    ([name, value]) => ` ${name}="${escaped(String(value))}"`,
  );
  return `<${tree.tag}${attributes.join('')}>${tree.children.map(serialize).join('')}</${tree.tag}>`;
}
