/** All encodings in three groups, each a live picture; searched by name, model and paper. */
import { GROUPS, NAMES_OF } from '../../code/names.js';
import { numbersOf, PICTURES } from '../../docs/pictures/index.js';
import { hashOf } from '../../parts/address.js';
import { token } from '../../parts/colours.js';
import { pe } from '../../parts/core.js';
import { make } from '../../parts/dom.js';
import { paint } from '../../parts/heat.js';
import { pictogram } from './pictograms.js';
import { planeOf } from './tables.js';
import { drawHands } from './tile-hands.js';

/** Cells of a tile a side. */
const MOST = 64;
/** Tiles that a phone shows of a group at first. */
const FEW = 6;
/** Milliseconds of a frame that drawing may take. */
const SLICE = 4;

/** @param {HTMLElement} root @param {import('../../main.js').Page} page @param {string} sought */
export function showGallery(root, page, sought) {
  page.title('Three ways to say where');
  const search = make('input', {
    type: 'search',
    placeholder: 'Find: swin, DINOv2, bucket …',
    'aria-label': 'Find an encoding',
    value: sought,
  });
  const count = make('span', { className: 'caption', role: 'status' });
  const nothing = make(
    'p',
    { className: 'caption', hidden: true },
    'Nothing by that name. Try swin, sine, mask.',
  );
  /** @type {Map<string, { tile: HTMLElement, words: string }>} */
  const tiles = new Map();
  const queue = drawing(page);
  const sections = GROUPS.map((group) => {
    const list = make('ul', { className: `tiles ${group.key}` });
    for (const name of group.functions) {
      const { title, models, find } = NAMES_OF[name];
      const canvas = make('canvas', { 'aria-hidden': 'true' });
      const tile = make(
        'li',
        {},
        make(
          'a',
          { href: hashOf('encodings', [name]), title: name },
          canvas,
          make('b', {}, title),
          make('span', { className: 'caption' }, models),
          make('span', { className: 'hidden' }, ` (${name})`),
        ),
      );
      queue.add(tile, name, canvas);
      tiles.set(name, { tile, words: `${name} ${title} ${models} ${find}`.toLowerCase() });
      list.append(tile);
    }
    const more = make(
      'button',
      { type: 'button', className: 'button more' },
      `All ${group.functions.length} ${group.title.toLowerCase()}`,
    );
    more.addEventListener('click', () => section.classList.add('whole'));
    const section = make(
      'section',
      { className: 'rule group' },
      make(
        'div',
        { className: 'group-head' },
        pictogram(group.key),
        make('h2', {}, group.title),
        make('p', {}, group.about),
        make('span', { className: 'caption' }, `${group.functions.length} functions`),
      ),
      list,
      ...(group.functions.length > FEW ? [more] : []),
    );
    return section;
  });
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { tile, words: known } of tiles.values()) {
      tile.hidden = !words.every((word) => known.includes(word));
      if (!tile.hidden) found++;
    }
    for (const section of sections) {
      section.hidden = !section.querySelector('li:not([hidden])');
      section.classList.toggle('found', words.length > 0);
    }
    count.textContent = words.length ? `${found} of ${tiles.size}` : `${tiles.size} functions`;
    nothing.hidden = found > 0;
  };
  search.addEventListener('input', filter);
  root.append(
    make(
      'div',
      { className: 'gallery-head' },
      make('h1', {}, 'Three ways to say where'),
      make(
        'p',
        { className: 'caption' },
        'A transformer sees a bag of tokens until something tells it their places. Every way of telling it that we know of is here, computed in this tab. Touch one.',
      ),
      make('p', { className: 'gallery-find' }, search, count),
    ),
    nothing,
    ...sections,
  );
  filter();
}

/** Draws tiles when they come into view, a few milliseconds a frame. @param {import('../../main.js').Page} page */
function drawing(page) {
  /** @type {Map<Element, { name: string, canvas: HTMLCanvasElement }>} */
  const known = new Map();
  /** @type {Set<Element>} */
  const due = new Set();
  let isRunning = false;
  const step = async () => {
    const core = await pe();
    if (page.signal.aborted) return;
    const start = performance.now();
    for (const tile of due) {
      due.delete(tile);
      const { name, canvas } = /** @type {{ name: string, canvas: HTMLCanvasElement }} */ (known.get(tile));
      drawTile(core, name, canvas);
      if (performance.now() - start > SLICE) break;
    }
    isRunning = due.size > 0;
    if (isRunning) requestAnimationFrame(step);
  };
  const run = () => {
    if (isRunning || due.size === 0) return;
    isRunning = true;
    requestAnimationFrame(step);
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        due.add(target);
      }
      run();
    },
    { rootMargin: '100px' },
  );
  page.signal.addEventListener('abort', () => watcher.disconnect());
  page.onTheme(() => {
    for (const [tile, { canvas }] of known) if (canvas.dataset.drawn) due.add(tile);
    run();
  });
  return {
    /** @param {Element} tile @param {string} name @param {HTMLCanvasElement} canvas */
    add(tile, name, canvas) {
      known.set(tile, { name, canvas });
      watcher.observe(tile);
    },
  };
}

/** @param {import('../../parts/core.js').Encodings} core @param {string} name @param {HTMLCanvasElement} canvas */
function drawTile(core, name, canvas) {
  canvas.dataset.drawn = 'yes';
  if (drawHands(core, name, canvas)) return;
  const picture = PICTURES[name](core);
  const tables = numbersOf(core, name, picture);
  if (picture.plot)
    return drawLines(
      canvas,
      tables.map(({ data }) => Array.from(data, Number)),
    );
  const { data, rows, columns } = planeOf(tables[0]);
  const [across, down] = [Math.ceil(columns / MOST), Math.ceil(rows / MOST)];
  if (rows === 1) return drawLines(canvas, [Array.from(data, Number)]);
  const small = { rows: Math.ceil(rows / down), columns: Math.ceil(columns / across) };
  const few = Float32Array.from({ length: small.rows * small.columns }, (_, i) => {
    const [r, c] = [Math.floor(i / small.columns) * down, (i % small.columns) * across];
    return Number(data[r * columns + c]);
  });
  paint(canvas, { data: few, ...small });
}

/** @param {HTMLCanvasElement} canvas @param {number[][]} series */
function drawLines(canvas, series) {
  Object.assign(canvas, { width: 480, height: 480 });
  canvas.classList.add('smooth');
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.scale(3, 3);
  const all = series.flat().filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  pen.fillStyle = token('surface');
  pen.fillRect(0, 0, 160, 160);
  series.forEach((values, k) => {
    pen.strokeStyle = token(['who', 'whom', 'where', 'when'][k % 4]);
    pen.lineWidth = 2.5;
    pen.beginPath();
    values.forEach((value, i) => {
      const x = 10 + (140 * i) / Math.max(values.length - 1, 1);
      pen.lineTo(x, 150 - (140 * (value - low)) / (high - low || 1));
    });
    pen.stroke();
  });
}
