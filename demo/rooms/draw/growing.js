/** How order emerges: the learned table at twenty moments of its training, each patch's likeness to all as a small map. */
import { colourAt } from '../../parts/colours.js';
import { button, range } from '../../parts/controls.js';
import { make } from '../../parts/dom.js';
import { isStill, onceAFrame } from '../../parts/motion.js';
import { penOf } from './paint.js';
import { GRID, PATCHES } from './patches.js';

/** Pixels: of a cell of a small map, and of a large one; the gap between small maps is one cell. */
const [SMALL, LARGE] = [6, 48];
/** Milliseconds a moment stands while it plays. */
const STANDS = 180;
/** Of training. */
const BATCH = 128;

/** @param {import('../../main.js').Page} page */
export function createGrowing(page) {
  const sheet = make('canvas', {
    ...{ className: 'sheet', width: SMALL * (8 * GRID - 1), height: SMALL * (8 * GRID - 1) },
    ...{ tabIndex: 0, role: 'application', 'aria-label': 'A map for each of 49 patches' },
  });
  const large = make('canvas', {
    ...{ className: 'one', width: LARGE * GRID, height: LARGE * GRID },
    ...{ role: 'img', 'aria-label': 'The map of one patch' },
  });
  const bar = make('canvas', { width: 256, height: 1 });
  const readout = make('output', { className: 'caption', 'aria-live': 'off' });
  const moment = range({ name: 'Moment', min: 1, max: 20, value: 20, change: (value) => go(value) });
  const play = button('Watch it grow', start);
  const root = make(
    'section',
    { className: 'rule growing', hidden: true },
    make('h2', {}, 'Where order comes from'),
    make(
      'p',
      { className: 'caption' },
      'Nobody tells a learned table which patches are neighbours. Each small map shows how alike the row of its patch is to the rows of all: at first chance, then neighbours, then the whole edge, which is always empty.',
    ),
    make(
      'div',
      { className: 'growing-maps' },
      make(
        'figure',
        {},
        sheet,
        make(
          'figcaption',
          {},
          make('b', {}, 'A map for each of 49 patches'),
          ' click, or use the arrow keys',
        ),
      ),
      make('figure', {}, large, make('figcaption', {}, readout)),
      make(
        'div',
        {},
        moment,
        play,
        make(
          'div',
          { className: 'bar' },
          bar,
          make('div', { className: 'ticks tick' }, ...['−1', '0', '1'].map((text) => make('span', {}, text))),
          make('p', { className: 'caption' }, 'cosine'),
        ),
      ),
    ),
  );
  /** @type {{ steps: number[], cosines: Int8Array } | null} */
  let known = null;
  let [now, held] = [20, 24];
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let playing;
  page.signal.addEventListener('abort', () => clearInterval(playing));

  /** @param {number} i @param {number} k */
  function cosine(i, k) {
    if (i === k || !known) return 1;
    const [high, low] = i > k ? [i, k] : [k, i];
    return known.cosines[((now - 1) * PATCHES * (PATCHES - 1)) / 2 + (high * (high - 1)) / 2 + low] / 127;
  }
  const draw = onceAFrame(() => {
    if (!known) return;
    const ink = penOf(bar);
    for (let x = 0; x < bar.width; x++) {
      ink.fillStyle = colourAt('diverging', x / (bar.width - 1));
      ink.fillRect(x, 0, 1, 1);
    }
    const pen = penOf(sheet);
    pen.clearRect(0, 0, sheet.width, sheet.height);
    const paint = (
      /** @type {CanvasRenderingContext2D} */ to,
      /** @type {number} */ of,
      /** @type {number} */ size,
      left = 0,
      top = 0,
    ) => {
      for (let k = 0; k < PATCHES; k++) {
        to.fillStyle = colourAt('diverging', (1 + cosine(of, k)) / 2);
        to.fillRect(left + (k % GRID) * size, top + Math.floor(k / GRID) * size, size, size);
      }
    };
    const place = (/** @type {number} */ i) => [8 * SMALL * (i % GRID), 8 * SMALL * Math.floor(i / GRID)];
    for (let i = 0; i < PATCHES; i++) paint(pen, i, SMALL, ...place(i));
    const [x, y] = place(held);
    for (const [colour, width] of /** @type {const} */ ([
      ['#15173d', 6],
      ['#ffd93b', 3],
    ])) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.strokeRect(x, y, SMALL * GRID, SMALL * GRID);
    }
    paint(penOf(large), held, LARGE);
    const others = Array.from({ length: PATCHES }, (_, k) => k).filter((k) => k !== held);
    const best = others.reduce((a, b) => (cosine(held, b) > cosine(held, a) ? b : a));
    const name = (/** @type {number} */ i) => `row ${Math.floor(i / GRID)}, column ${i % GRID}`;
    const digits = (known.steps[now - 1] * BATCH).toLocaleString('en');
    readout.textContent = `After ${digits} digits: the patch at ${name(held)} is most like ${name(best)}, ${cosine(held, best).toFixed(2)}`;
    large.setAttribute('aria-label', readout.textContent);
    sheet.setAttribute('aria-label', `${readout.textContent}. Arrows hold another patch.`);
    page.say(readout.textContent);
  });

  /** @param {number} value */
  function go(value) {
    now = value;
    moment.set(value);
    draw();
  }
  function start() {
    clearInterval(playing);
    if (isStill()) return go(20);
    go(1);
    playing = setInterval(() => {
      go(now + 1);
      if (now === 20) clearInterval(playing);
    }, STANDS);
  }
  /** @param {number} patch */
  function hold(patch) {
    held = patch;
    draw();
  }
  sheet.addEventListener('pointerdown', (event) => {
    const { left, top, width } = sheet.getBoundingClientRect();
    const at = (/** @type {number} */ x) => Math.min(Math.max(Math.floor((x * GRID) / width), 0), GRID - 1);
    hold(at(event.clientY - top) * GRID + at(event.clientX - left));
  });
  sheet.addEventListener('keydown', (event) => {
    const [row, column] = [Math.floor(held / GRID), held % GRID];
    const to = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [row, 0],
      End: [row, GRID - 1],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    const inside = (/** @type {number} */ x) => Math.min(Math.max(x, 0), GRID - 1);
    hold(inside(to[0]) * GRID + inside(to[1]));
  });

  const near = new IntersectionObserver(
    async (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      const found = await import('baked:growing').catch(() => null);
      if (!found) return;
      const bytes = Uint8Array.from(atob(found.default.pairs), (letter) => letter.charCodeAt(0));
      known = { steps: found.default.steps, cosines: new Int8Array(bytes.buffer) };
      root.hidden = false;
      draw();
    },
    { rootMargin: '600px' },
  );
  const sentinel = make('div');
  near.observe(sentinel);
  page.signal.addEventListener('abort', () => near.disconnect());
  return { root: make('div', {}, sentinel, root), draw };
}
