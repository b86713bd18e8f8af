/** The loom: words are threads, attention is where they touch; the held word's thread is yellow. */
import { make, setAttributes, svg } from '../../parts/dom.js';
import { token } from '../../parts/colours.js';
import { partsAt } from './figure.js';
import { createGrid } from './grid.js';
import { columnsOf, downAt, edgeAt, rowsOf, wire } from './layout.js';
import { colourOf, roleOf } from './roles.js';
import { LAYERS, STATES, STEPS } from './steps.js';
import { bufferOf, penOf, strip } from './strips.js';

/**
 * @import { Figure } from './figure.js'
 * @import { Column, Rows } from './layout.js'
 */

/** Width of the step names left of the loom. */
const NAMES = 156;
/** Widest wire, and the share of attention from which other words' wires are drawn. */
const [WIDEST, LEAST] = [24, 0.13];

/** @param {import('./grid.js').Acts} acts */
export function createLoom(acts) {
  const canvas = make('canvas', { className: 'strips' });
  const back = svg('svg', { class: 'wires', 'aria-hidden': 'true' });
  const dot = svg('circle', { r: 6, class: 'dot', visibility: 'hidden' });
  const front = svg('svg', { class: 'marks', 'aria-hidden': 'true' }, dot);
  const cover = make('div', { className: 'cover' });
  const grid = createGrid(acts);
  const root = make('div', { className: 'loom' }, back, canvas, front, make('div', { className: 'paper' }, cover), grid.root);
  /** @type {{ figure: Figure, held: number, rows: Rows, columns: Column[] } | undefined} */
  let seen;
  /** @type {{ figure: Figure, a: HTMLCanvasElement, place: HTMLCanvasElement } | undefined} */
  let buffers;

  /** @param {Figure} figure @param {number} held @param {boolean} [isRecoloured] */
  function draw(figure, held, isRecoloured) {
    const phone = innerWidth < 760;
    const width = root.clientWidth;
    if (!width) return;
    const left = phone ? 0 : NAMES;
    const columns = columnsOf(left, width - left, figure.words.length);
    const isSlanted = grid.isCrowded(figure.words, columns);
    const rows = rowsOf(phone, isSlanted && phone ? 40 : 0);
    seen = { figure, held, rows, columns };
    root.style.height = `${rows.height}px`;
    if (!buffers || buffers.figure !== figure || isRecoloured)
      buffers = {
        figure,
        a: bufferOf(figure.strips.a, figure.width),
        place: bufferOf(figure.strips.place, figure.width),
      };
    drawStrips(seen, buffers);
    drawWires(seen, width);
    grid.draw(figure, held, rows, columns, isSlanted);
  }

  /** @param {NonNullable<typeof seen>} seen @param {NonNullable<typeof buffers>} buffers */
  function drawStrips({ held, rows, columns }, { a, place }) {
    const pen = penOf(canvas, root.clientWidth, rows.height);
    const ink = token('on-mark');
    columns.forEach(({ x, width }, i) => {
      const edge = i === held + 1 ? ink : undefined;
      const isSide = i === 0 || i === columns.length - 1;
      pen.globalAlpha = isSide ? 0.6 : 1;
      for (let state = 0; state < STATES; state++)
        strip(pen, a, state * columns.length + i, { x, y: rows.y[state], width, height: rows.strip }, { edge });
      const { y, height } = rows.place;
      strip(pen, place, i, { x, y, width, height }, { edge, line: 1 });
    });
  }

  /** @param {NonNullable<typeof seen>} seen @param {number} width */
  function drawWires({ figure, held, rows, columns }, width) {
    setAttributes(back, { width, height: rows.height, viewBox: `0 0 ${width} ${rows.height}` });
    setAttributes(front, { width, height: rows.height, viewBox: `0 0 ${width} ${rows.height}` });
    const mine = held + 1;
    const column = columns[mine];
    const role = roleOf(figure.shares.a[held]);
    const half = rows.strip / 2;
    const threads = [];
    const others = [];
    /** @type {SVGElement[]} */
    const wires = [];
    const first = rows.place.y - rows.place.height / 2;
    for (const { x } of columns)
      threads.push(
        `M${x} ${rows.y[0] + half}V${first}M${x} ${first + rows.place.height}V${rows.y[STATES]}`,
      );
    for (let layer = 0; layer < LAYERS; layer++) {
      const [from, to] = [rows.y[1 + 2 * layer] + half, rows.y[2 + 2 * layer] - half];
      for (let i = 0; i < columns.length; i++) {
        for (let j = 0; j < columns.length; j++) {
          const share = figure.wires[(layer * columns.length + i) * columns.length + j] / 255;
          if (i === mine)
            wires.push(
              svg('path', {
                d: wire(columns[j].x, from, columns[i].x, to),
                'stroke-width': Math.max(WIDEST * share, 0.8).toFixed(1),
              }),
            );
          else if (i !== j && share > LEAST) others.push(wire(columns[j].x, from, columns[i].x, to));
        }
      }
    }
    const yellow = {
      x: column.x - column.width / 2 - 6,
      y: rows.top,
      width: column.width + 12,
      height: rows.bottom - rows.top,
    };
    const copies = wires.map((path) => /** @type {SVGElement} */ (path.cloneNode()));
    const parts = partsAt(figure, mine);
    const y = parts < 0 ? -9 : partLine(rows, parts);
    back.replaceChildren(
      svg('clipPath', { id: 'inside-held' }, svg('rect', yellow)),
      svg('rect', { ...yellow, class: 'yellow', rx: 3 }),
      svg('path', { d: threads.join(''), class: 'thread' }),
      svg('path', { d: others.join(''), class: 'hair' }),
      svg('path', { d: `M${column.x} ${rows.y[0] + half}V${rows.y[STATES]}`, class: 'held' }),
      named(svg('g', { class: 'own' }, ...wires), role),
      svg('g', { class: 'own on-yellow', 'clip-path': 'url(#inside-held)', 'data-role': role }, ...copies),
      svg('path', { d: `M${columns[0].x - columns[0].width / 2 - 6} ${y}H${width}`, class: 'parting' }),
      ...placeMarks(rows, columns, mine),
      ...answerBars(figure, rows, columns),
    );
  }

  /** What is at step r: the paper over what comes later, and the dot that goes down. @param {number} r @param {boolean} isWalking */
  function show(r, isWalking) {
    if (!seen) return;
    const { rows, columns, held } = seen;
    cover.style.transform = `translateY(${edgeAt(rows, r)}px)`;
    const isSeen = isWalking && r < STEPS.length - 1;
    setAttributes(dot, {
      visibility: isSeen ? 'visible' : 'hidden',
      cx: columns[held + 1].x,
      cy: downAt(rows, r).y,
    });
    grid.ring(r);
  }

  return {
    root,
    draw,
    show,
    focus: grid.focus,
    ring: grid.ring,
    redraw: () => seen && draw(seen.figure, seen.held, true),
    /** For a picture to take along: strips alone. */
    canvas,
    rows: () => seen?.rows,
    rectOf: (/** @type {number} */ step) => {
      if (!seen) return null;
      const { x, width } = seen.columns[seen.held + 1];
      const box = root.getBoundingClientRect();
      return new DOMRect(box.x + x - width / 2, box.y + seen.rows.y[step] - seen.rows.strip / 2, width, seen.rows.strip);
    },
  };
}

/** Where the line stands at which two part. @param {Rows} rows @param {number} state */
export const partLine = ({ y, strip: height, place }, state) =>
  state === 1 ? (place.y + place.height / 2 + y[1] - height / 2) / 2 : y[state] - height / 2 - 14;

/** @template {SVGElement} E @param {E} element @param {string} role */
function named(element, role) {
  element.style.stroke = colourOf(role);
  return element;
}

/** @param {Rows} rows @param {Column[]} columns @param {number} mine */
const placeMarks = (rows, columns, mine) =>
  columns.slice(1, -1).flatMap(({ x, width }, i) => {
    const y = rows.place.y - rows.place.height / 2 - 4;
    const className = i + 1 === mine ? 'place-mark on-yellow' : 'place-mark';
    const number = svg('text', { x: x + width / 2, y, class: className, 'text-anchor': 'end' }, String(i + 1));
    return width < 26 ? [number] : [svg('text', { x: x - width / 2, y, class: className }, '+'), number];
  });

/** A bar and its word for each phrase. @param {Figure} figure @param {Rows} rows @param {Column[]} columns */
function answerBars({ words, shares }, rows, columns) {
  const roles = words.map((_, i) => roleOf(shares.a[i]));
  const out = [];
  for (let from = 0; from < words.length; ) {
    let to = from;
    while (to + 1 < words.length && roles[to + 1] === roles[from]) to++;
    const [start, end] = [columns[from + 1], columns[to + 1]];
    const left = start.x - start.width / 2;
    const width = end.x + end.width / 2 - left;
    const y = rows.y[STATES];
    const bar = svg('rect', { x: left, y: y - 2.5, width, height: 5, rx: 2.5 });
    const label = svg('text', { x: left + width / 2, y: rows.label, class: 'answer', 'text-anchor': 'middle' }, roles[from] === 'none' ? '–' : roles[from]);
    for (const element of [bar, label]) element.style.fill = colourOf(roles[from]);
    out.push(bar, label);
    from = to + 1;
  }
  return out;
}
