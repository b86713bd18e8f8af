/** The loom: words are threads, attention is where they touch; the held word's thread is yellow. */

import { token } from '../../parts/colours.js';
import { make, setAttributes, svg } from '../../parts/dom.js';
import { answerBars } from './answers.js';
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
  const root = make(
    'div',
    { className: 'loom' },
    back,
    canvas,
    front,
    make('div', { className: 'paper' }, cover),
    grid.root,
  );
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
        strip(
          pen,
          a,
          state * columns.length + i,
          { x, y: rows.y[state], width, height: rows.strip },
          { edge },
        );
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
      threads.push(`M${x} ${rows.y[0] + half}V${first}M${x} ${first + rows.place.height}V${rows.y[STATES]}`);
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
    /** The held strip of a step, lifted off: where it is on the page, and its picture. @param {number} step */
    lift(step) {
      if (!seen) return null;
      const { x, width } = seen.columns[seen.held + 1];
      const height = seen.rows.strip;
      const [left, top] = [Math.round(x - width / 2), seen.rows.y[step] - height / 2];
      const picture = make('canvas', { className: 'grow' });
      const scale = canvas.width / Math.max(root.clientWidth, 1);
      const pen = penOf(picture, width, height);
      pen.drawImage(canvas, left * scale, top * scale, width * scale, height * scale, 0, 0, width, height);
      const box = root.getBoundingClientRect();
      picture.style.left = `${box.x + scrollX + left}px`;
      picture.style.top = `${box.y + scrollY + top}px`;
      return picture;
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
    const number = svg(
      'text',
      { x: x + width / 2, y, class: className, 'text-anchor': 'end' },
      String(i + 1),
    );
    return width < 36 ? [number] : [svg('text', { x: x - width / 2, y, class: className }, '+'), number];
  });
