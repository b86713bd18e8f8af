/** Where every head of every layer looks from the held patch; one is open, with its shares in percent. */
import { colourChoice } from '../../parts/colour-choice.js';
import { colourAt, isDark, token } from '../../parts/colours.js';
import { make } from '../../parts/dom.js';
import { mostOf, paintMark, paintShares, penOf } from './paint.js';
import { rove } from './rove.js';
import { percent, placeOf } from './words.js';

/**
 * @import { Copies } from './paint.js'
 * @import { Known } from './session.js'
 * @import { Facts } from './reading.js'
 * @import { State } from './state.js'
 * @typedef {{ state: State, known: Known, facts: Facts, copies: Copies }} Seen
 */

const [SMALL, OPEN] = [112, 840];
/** Shares that are written: the largest so many, if they are at least this. */
const [WRITTEN, LEAST] = [4, 0.015];
/** Of a patch, in px of the screen, for its share to stand within it. */
const ROOM = 40;

/** @param {(open: [number, number]) => void} choose */
export function createHeads(choose) {
  const grid = make('div', { className: 'grid', role: 'group', 'aria-label': 'Heads' });
  const large = make('canvas', { className: 'open', role: 'img' });
  const title = make('h3');
  const from = make('p', { className: 'caption' });
  const bar = make('canvas', { className: 'bar', width: 256, height: 1 });
  const ticks = make('p', { className: 'ticks tick' });
  const note = make('p');
  const text = make('div', { className: 'told' }, title, from, bar, ticks, colourChoice(), note);
  const root = make('div', { className: 'heads' }, grid, large, text);
  /** @type {{ button: HTMLButtonElement, canvas: HTMLCanvasElement }[]} */
  let tiles = [];
  let size = '';
  let columns = 1;
  /** @type {AbortController | null} */
  let painting = null;
  const mark = rove(
    grid,
    () => tiles.map(({ button }) => button),
    () => columns,
  );

  /** @param {Facts} facts */
  function fit({ layers, heads }) {
    if (size === `${layers} ${heads}`) return;
    size = `${layers} ${heads}`;
    columns = heads;
    grid.style.setProperty('--heads', String(heads));
    tiles = [];
    const word = (/** @type {string} */ name, /** @type {string} */ words) =>
      make('span', { className: `caption ${name}`, 'aria-hidden': true }, words);
    const cells = [
      word('', ''),
      ...Array.from({ length: heads }, (_, i) => word('of-head', heads > 8 ? `${i + 1}` : `head ${i + 1}`)),
    ];
    for (let layer = 1; layer <= layers; layer++) {
      cells.push(word('of-layer', `${layer}`));
      for (let head = 1; head <= heads; head++) {
        const canvas = make('canvas');
        const button = make(
          'button',
          { type: 'button', className: 'tile', 'aria-label': `Layer ${layer}, head ${head}` },
          canvas,
        );
        button.addEventListener('click', () => choose([layer, head]));
        tiles.push({ button, canvas });
        cells.push(button);
      }
    }
    grid.replaceChildren(...cells);
  }

  /** @param {Float32Array} all @param {number} index @param {Facts} facts */
  const mapAt = (all, index, { rows, columns: wide }) =>
    all.subarray(index * (rows * wide + 1), (index + 1) * (rows * wide + 1));

  /** A layer a frame: all at once would halt the page. @param {number} first @param {Float32Array} all @param {Pick<Seen, 'state' | 'facts' | 'copies'>} seen @param {AbortSignal} signal */
  function paintFrom(first, all, { state, facts, copies }, signal) {
    if (signal.aborted) return;
    const scale = SMALL / Math.max(facts.rows, facts.columns);
    for (let i = first; i < first + facts.heads; i++) {
      const { canvas } = tiles[i];
      canvas.width = Math.round(facts.columns * scale);
      canvas.height = Math.round(facts.rows * scale);
      const pen = penOf(canvas);
      paintShares(pen, copies, facts, mapAt(all, i, facts));
      paintMark(pen, facts, state);
    }
    const next = first + facts.heads;
    if (next < tiles.length)
      requestAnimationFrame(() => paintFrom(next, all, { state, facts, copies }, signal));
  }

  /** All small maps: when what is held has changed. @param {Seen} seen */
  function show(seen) {
    const { known, facts } = seen;
    fit(facts);
    for (const { button } of tiles) button.disabled = !known.heads;
    painting?.abort();
    painting = new AbortController();
    if (known.heads) paintFrom(0, known.heads, seen, painting.signal);
    showOpen(seen);
  }

  /** The open one. @param {Seen} seen */
  function showOpen({ state, known, facts, copies }) {
    const { open, row, column } = state;
    const index = (open[0] - 1) * facts.heads + open[1] - 1;
    for (const [i, { button }] of tiles.entries()) button.setAttribute('aria-pressed', String(i === index));
    if (tiles[index]) mark(tiles[index].button);
    root.classList.toggle('unknown', !known.heads);
    if (!known.heads) return;
    const map = mapAt(known.heads, index, facts);
    const scale = OPEN / Math.max(facts.rows, facts.columns);
    large.width = Math.round(facts.columns * scale);
    large.height = Math.round(facts.rows * scale);
    const pen = penOf(large);
    paintShares(pen, copies, facts, map);
    paintMark(pen, facts, state);
    const { at, share } = mostOf(map);
    write(pen, map, facts, share);
    title.textContent = `Layer ${open[0]}, head ${open[1]}`;
    from.textContent = `from row ${row}, column ${column}`;
    paintBar(bar);
    ticks.replaceChildren(...[0, share / 2, share].map((x) => make('span', {}, percent(x))));
    const rest = map[map.length - 1];
    note.textContent = `${percent(share)} of the look goes to one patch: ${placeOf(at, facts)}. ${
      rest > 0 ? `${percent(rest)} goes to no patch, but to the network’s own tokens.` : ''
    }`;
    large.setAttribute('aria-label', `${title.textContent}, ${from.textContent}: ${note.textContent}`);
  }
  return { root, show, showOpen, canvas: large };
}

/** @param {HTMLCanvasElement} bar */
function paintBar(bar) {
  const pen = penOf(bar);
  for (let x = 0; x < bar.width; x++) {
    pen.fillStyle = colourAt('sequential', x / (bar.width - 1));
    pen.fillRect(x, 0, 1, 1);
  }
}

/** The largest shares, in their patches or beside them. @param {CanvasRenderingContext2D} pen @param {Float32Array} map @param {Facts} facts @param {number} most */
function write(pen, map, { rows, columns }, most) {
  const cell = pen.canvas.width / columns;
  const scale = OPEN / 400;
  const isInside = cell / scale >= ROOM;
  const order = Array.from({ length: rows * columns }, (_, i) => i).sort((a, b) => map[b] - map[a]);
  /** @type {[number, number][]} */
  const taken = [];
  pen.font = `600 ${Math.round(12.5 * scale)}px ${getComputedStyle(document.documentElement).getPropertyValue('--code')}`;
  pen.textBaseline = 'middle';
  for (const at of order.slice(0, isInside ? 8 : 24)) {
    if (map[at] < LEAST || taken.length === WRITTEN) break;
    const [x, y] = [
      ((at % columns) + 0.5) * cell,
      (Math.floor(at / columns) + 0.5) * (pen.canvas.height / rows),
    ];
    if (!isInside && taken.some(([a, b]) => Math.abs(a - x) < 70 * scale && Math.abs(b - y) < 17 * scale))
      continue;
    taken.push([x, y]);
    const words = percent(map[at]);
    if (isInside) {
      pen.textAlign = 'center';
      pen.fillStyle = isDark('sequential', map[at] / most) ? '#ffffff' : '#15173d';
      pen.fillText(words, x, y + cell / 3.2);
      continue;
    }
    const isRight = x > pen.canvas.width * 0.82;
    pen.textAlign = isRight ? 'right' : 'left';
    const side = x + (isRight ? -0.8 : 0.8) * cell;
    pen.lineJoin = 'round';
    pen.lineWidth = 4 * scale;
    pen.strokeStyle = token('page');
    pen.strokeText(words, side, y);
    pen.fillStyle = token('ink');
    pen.fillText(words, side, y);
  }
}
