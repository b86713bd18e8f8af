/** The fork: a word and its twin fall as one strip until something tells them apart; beside it the network that is not told. */
import { token } from '../../parts/colours.js';
import { make, setAttributes, svg } from '../../parts/dom.js';
import { blindBar } from './answers.js';
import { apartText, partsAt } from './figure.js';
import { downAt, edgeAt, fall, rowsOf } from './layout.js';
import { twinLines } from './lines.js';
import { partLine } from './loom.js';
import { colourOf, twinsOf } from './roles.js';
import { STATES, STEPS } from './steps.js';
import { bufferOf, penOf, strip } from './strips.js';

/**
 * @import { Figure } from './figure.js'
 * @import { Rows } from './layout.js'
 */

/** A strip here, and how far half the fork opens for the word of the sentence that parts the most. */
const [STRIP, OPEN] = [56, 77];
/** Distances under this open the fork no wider than they are. */
const LEAST = 6;

export function createFork() {
  const canvas = make('canvas', { className: 'strips' });
  const back = svg('svg', { class: 'wires', 'aria-hidden': 'true' });
  const cover = make('div', { className: 'cover' });
  const falling = ['a', 'b'].map(() => make('canvas', { className: 'falling', hidden: true }));
  const lines = twinLines();
  const root = make(
    'div',
    { className: 'fork', role: 'img' },
    back,
    canvas,
    make('div', { className: 'paper' }, cover),
    ...falling,
    lines.root,
  );
  /** @type {{ figure: Figure, held: number, rows: Rows, middle: number, right: number, blind: number, halves: number[], parts: number } | undefined} */
  let seen;
  /** @type {{ figure: Figure, a: HTMLCanvasElement, b: HTMLCanvasElement, blind: HTMLCanvasElement } | undefined} */
  let buffers;
  let fallen = -1;

  /** @param {Figure} figure @param {number} held @param {boolean} [isRecoloured] */
  function draw(figure, held, isRecoloured) {
    const phone = innerWidth < 760;
    const width = root.clientWidth;
    if (!width) return;
    const rows = rowsOf(phone, phone ? 4 : 0);
    const [middle, right, blind] = phone
      ? [0.33 * width, 0.75 * width, 0.875 * width]
      : [width - 300 + (width < 460 ? 20 : 0), width - 142, width - 70];
    const open = Math.min(OPEN, middle - STRIP / 2 - 4, right - 47 - STRIP / 2 - middle);
    const most = Math.max(LEAST, ...figure.apart.told.flat());
    const halves = figure.apart.told.map((row) => (open * row[held + 1]) / most);
    const parts = partsAt(figure, held + 1);
    seen = { figure, held, rows, middle, right, blind, halves, parts };
    root.style.height = `${rows.height}px`;
    if (!buffers || buffers.figure !== figure || isRecoloured) {
      const { a, b, blind: none } = figure.strips;
      const [bufferA, bufferB, bufferBlind] = [a, b, none].map((steps) => bufferOf(steps, figure.width));
      buffers = { figure, a: bufferA, b: bufferB, blind: bufferBlind };
    }
    fallen = -1;
    drawStrips(seen, buffers, width);
    drawWires(seen, width);
    lines.draw(figure, held, { middle, blind, width, rows });
    const { a, b } = twinsOf(figure.shares.a[held], figure.shares.b[held]);
    const ends = apartText(figure.apart.told[STATES - 1][held + 1]);
    root.setAttribute(
      'aria-label',
      `${figure.words[held]} in both sentences: ${ends} apart at the end, answers ${a} and ${b}. Not told: ${apartText(figure.apart.blind[STATES - 1][held + 1])} apart.`,
    );
  }

  /** @param {NonNullable<typeof seen>} seen @param {{ a: HTMLCanvasElement, b: HTMLCanvasElement, blind: HTMLCanvasElement }} strips @param {number} width */
  function drawStrips({ figure, held, rows, middle, blind, halves, parts }, strips, width) {
    const pen = penOf(canvas, width, rows.height);
    const { a, b } = twinsOf(figure.shares.a[held], figure.shares.b[held]);
    const [ink, none, colourA, colourB] = ['ink', 'none', a, b].map(token);
    const row = (/** @type {number} */ state) => state * (figure.words.length + 2) + held + 1;
    for (let state = 0; state < STATES; state++) {
      const place = { y: rows.y[state], width: STRIP, height: rows.strip };
      if (parts < 0 || state < parts)
        strip(pen, strips.a, row(state), { ...place, x: middle }, { edge: ink });
      else {
        const half = halves[state];
        const isTorn = half < STRIP / 2 + 2;
        strip(
          pen,
          strips.a,
          row(state),
          { ...place, x: middle - half },
          { edge: colourA, half: isTorn ? -1 : 0, middle },
        );
        strip(
          pen,
          strips.b,
          row(state),
          { ...place, x: middle + half },
          { edge: colourB, half: isTorn ? 1 : 0, middle },
        );
      }
      strip(pen, strips.blind, row(state), { ...place, x: blind }, { edge: none });
    }
  }

  /** @param {NonNullable<typeof seen>} seen @param {number} width */
  function drawWires({ figure, held, rows, middle, right, blind, halves, parts }, width) {
    setAttributes(back, { width, height: rows.height, viewBox: `0 0 ${width} ${rows.height}` });
    const twins = twinsOf(figure.shares.a[held], figure.shares.b[held]);
    const half = rows.strip / 2;
    const paths = { one: '', a: '', b: '' };
    const opened = (/** @type {number} */ state) => (parts >= 0 && state >= parts ? halves[state] : 0);
    for (let state = 0; state < STATES; state++) {
      const [y, to] = [
        rows.y[state] + half,
        state + 1 < STATES ? rows.y[state + 1] - half : rows.y[STATES] - 2,
      ];
      const [from, into] = [opened(state), opened(Math.min(state + 1, STATES - 1))];
      if (parts < 0 || state + 1 < parts || (state + 1 === parts && parts > 1 && !from && !into))
        paths.one += `M${middle} ${y}V${to}`;
      else {
        if (!from) paths.one += `M${middle} ${y}v${0.3 * (to - y)}`;
        paths.a += fall(middle - from, y, middle - into, to);
        paths.b += fall(middle + from, y, middle + into, to);
      }
    }
    const path = (/** @type {string} */ d, /** @type {string} */ stroke, /** @type {number} */ line) => {
      const made = svg('path', { d, fill: 'none', 'stroke-width': line });
      made.style.stroke = stroke;
      return made;
    };
    const text = (/** @type {string} */ words, /** @type {Record<string, any>} */ given, colour = '') => {
      const made = svg('text', given, words);
      if (colour) made.style.fill = colour;
      return made;
    };
    const numbers = Array.from({ length: STATES }, (_, state) => {
      const y = rows.y[state] + 4;
      const className = state === parts ? 'apart here' : 'apart';
      return [
        text(apartText(figure.apart.told[state][held + 1]), {
          x: right,
          y,
          class: className,
          'text-anchor': 'end',
        }),
        text(apartText(figure.apart.blind[state][held + 1]), {
          x: width,
          y,
          class: 'apart',
          'text-anchor': 'end',
        }),
      ];
    }).flat();
    const titles = [right, width].map((x) =>
      text('apart', { x, y: rows.y[0] - 18, class: 'note', 'text-anchor': 'end' }),
    );
    const end = opened(STATES - 1);
    const answer = { y: rows.label, class: 'answer', 'text-anchor': 'middle' };
    const near = end < 40 && parts >= 0;
    const answers =
      parts < 0 || (near && twins.agree)
        ? [
            text(
              twins.agree ? twins.a : `${twins.a}, ${twins.b}`,
              { ...answer, x: middle },
              colourOf(twins.a),
            ),
          ]
        : [
            text(
              twins.a,
              { ...answer, x: near ? middle - 8 : middle - end, 'text-anchor': near ? 'end' : 'middle' },
              colourOf(twins.a),
            ),
            text(
              twins.b,
              { ...answer, x: near ? middle + 8 : middle + end, 'text-anchor': near ? 'start' : 'middle' },
              colourOf(twins.b),
            ),
          ];
    const line = parts < 0 ? -9 : partLine(rows, parts);
    const label = 'here they part';
    const names = rows.phone
      ? STEPS.map(({ brief }, step) =>
          text(brief, { x: 0, y: rows.y[step] - rows.strip / 2 - 7, class: 'brief' }),
        )
      : [];
    back.replaceChildren(
      svg('path', { d: `M0 ${line}H${right - 98}M${right + 12} ${line}H${width}`, class: 'parting' }),
      text(label, { x: right, y: line + 4, class: 'here', 'text-anchor': 'end' }),
      path(`M${blind} ${rows.y[0] + half}V${rows.y[STATES]}`, 'var(--none)', 5),
      path(paths.a, colourOf(twins.a), 4),
      path(paths.b, colourOf(twins.b), 4),
      path(paths.one, 'var(--ink)', 5),
      ...numbers,
      ...titles,
      ...answers,
      ...names,
      ...blindBar(figure.shares.blind[held], blind, rows, width),
    );
  }

  /** What is at step r: the paper, and while it goes down the strips that fall. @param {number} r @param {boolean} isWalking */
  function show(r, isWalking) {
    if (!seen || !buffers) return;
    const strips = buffers;
    const { rows, middle, halves, parts, figure, held } = seen;
    cover.style.transform = `translateY(${edgeAt(rows, r)}px)`;
    const isSeen = isWalking && r < STATES - 1;
    for (const canvas of falling) canvas.hidden = !isSeen;
    if (!isSeen) return;
    const { y, from, share } = downAt(rows, r);
    const opened = (/** @type {number} */ state) => (parts >= 0 && state >= parts ? halves[state] : 0);
    const half = opened(from) + share * (opened(Math.min(from + 1, STATES - 1)) - opened(from));
    const { a, b } = twinsOf(figure.shares.a[held], figure.shares.b[held]);
    falling.forEach((canvas, side) => {
      const x = middle + (side ? half : -half) - STRIP / 2;
      canvas.style.transform = `translate(${x}px, ${y - rows.strip / 2}px)`;
      const cut = Math.max(STRIP / 2 - half, 0);
      canvas.style.clipPath = `inset(-2px ${side ? -2 : cut}px -2px ${side ? cut : -2}px)`;
      canvas.style.outlineColor = half > 0.05 ? colourOf(side ? b : a) : 'var(--ink)';
      if (fallen === from) return;
      const row = from * (figure.words.length + 2) + held + 1;
      const pen = penOf(canvas, STRIP, rows.strip);
      strip(pen, side ? strips.b : strips.a, row, {
        x: STRIP / 2,
        y: rows.strip / 2,
        width: STRIP,
        height: rows.strip,
      });
    });
    fallen = from;
  }

  return { root, draw, show, redraw: () => seen && draw(seen.figure, seen.held, true) };
}
