/** *A place is a set of clock hands*: sine positions as they are, a column a word, a row a hand; below, how alike places are. */
import { similarity } from '../../../bindings/similarity.js';
import { colourAt } from '../../parts/colours.js';
import { range } from '../../parts/controls.js';
import { pe } from '../../parts/core.js';
import { make, setAttributes, shown, svg } from '../../parts/dom.js';
import { onceAFrame } from '../../parts/motion.js';
import { pictureOf, saveMenu } from '../../parts/save.js';

/** @import { Page } from '../../main.js' */

const ROW = 58;
const DIAL = 22;
const TOP = 66;
const BARS = 76;
/** Points of a wave from word to word. */
const FINE = 12;

/**
 * @param {HTMLElement} root gets the section
 * @param {Page} page
 * @returns {Promise<{ show: (words: string[]) => void }>}
 */
export async function createClocks(root, page) {
  const core = await pe();
  const picture = svg('svg', { role: 'img', tabindex: 0, class: 'clocks' });
  const readOut = make('output', { className: 'caption read-out' });
  let [base, hands, mark] = [30, 6, 3];
  /** @type {string[]} */
  let words = [];

  const optionsNow = () => ({ length: words.length, dim: 2 * hands, base });
  /** Interleaved: the sine of hand k, then its cosine. */
  const tableNow = () => core.sincos1d(optionsNow());
  const save = saveMenu({
    name: 'clocks',
    caption: () => {
      const { length, dim } = optionsNow();
      return `Clock hands of “${words.join(' ')}”: sincos1d({ length: ${length}, dim: ${dim}, base: ${base} })`;
    },
    tensor: tableNow,
    labels: () => ({
      rows: words,
      columns: Array.from({ length: hands }, (_, k) => [
        `hand ${k + 1}: sine`,
        `hand ${k + 1}: cosine`,
      ]).flat(),
    }),
    picture: () => pictureOf(picture),
  });

  const draw = onceAFrame(() => {
    const count = words.length;
    if (count === 0) return;
    mark = Math.min(mark, count - 1);
    const width = picture.parentElement?.clientWidth || 1168;
    const isNarrow = width < 700;
    const left = isNarrow ? 0 : 172;
    const step = (width - left) / count;
    const dial = Math.min(DIAL, step / 2 - 2);
    const row = isNarrow ? 48 : ROW;
    const dim = 2 * hands;
    const table = tableNow();
    const alike = Array.from(similarity(table).data, Number);
    const positions = Array.from({ length: (count - 1) * FINE + FINE + 1 }, (_, i) => (i - FINE / 2) / FINE);
    const waves = core.sincos1d({ positions, dim, base }).data;
    const centre = (/** @type {number} */ i) => left + (i + 0.5) * step;
    const height = TOP + hands * row + BARS + 26;
    setAttributes(picture, { width, height, viewBox: `0 0 ${width} ${height}` });

    /** @type {SVGElement[]} */
    const parts = [
      svg('rect', { x: left + mark * step, y: 0, width: step, height: height - 2, rx: 2, class: 'column' }),
    ];
    if (isNarrow) {
      const wide = Math.max(step, 9 * words[mark].length + 12);
      const x = Math.min(Math.max(centre(mark) - wide / 2, 0), width - wide);
      parts.push(svg('rect', { x, y: 0, width: wide, height: 26, rx: 2, class: 'column' }));
      parts.push(label(x + wide / 2, 18, words[mark], 'place marked'));
    }
    words.forEach((word, i) => {
      const fits = !isNarrow && step > 8.5 * word.length ** 0.9;
      if (fits || (i === mark && !isNarrow))
        parts.push(label(centre(i), 24, word, i === mark ? 'place marked' : 'place'));
      parts.push(label(centre(i), isNarrow ? 38 : 42, String(i), i === mark ? 'tick marked' : 'tick'));
    });
    for (let k = 0; k < hands; k++) {
      const y = TOP + k * row + row / 2;
      const period = 2 * Math.PI * base ** (k / hands);
      if (!isNarrow) {
        const name = k === 0 ? 'fastest hand' : k === hands - 1 ? 'slowest hand' : `hand ${k + 1}`;
        parts.push(
          label(0, y - 2, name, 'name'),
          label(0, y + 15, `once round in ${around(period)} words`, 'note'),
        );
      }
      parts.push(svg('line', { x1: left, x2: width, y1: y, y2: y, class: 'zero' }));
      for (let i = 0; i < count; i++)
        parts.push(
          svg('circle', { cx: centre(i), cy: y, r: dial, class: i === mark ? 'dial marked' : 'dial' }),
        );
      const wave = positions.map(
        (at, j) =>
          `${(left + (at + 0.5) * step).toFixed(1)} ${(y - dial * waves[j * dim + 2 * k]).toFixed(1)}`,
      );
      parts.push(svg('path', { d: `M${wave.join('L')}`, class: 'wave' }));
      for (let i = 0; i < count; i++) {
        const [sine, cosine] = [table.data[i * dim + 2 * k], table.data[i * dim + 2 * k + 1]];
        const tip = { x2: centre(i) + dial * cosine, y2: y - dial * sine };
        const isMarked = i === mark;
        if (isMarked)
          parts.push(svg('line', { x1: centre(i), x2: tip.x2, y1: tip.y2, y2: tip.y2, class: 'dotted' }));
        parts.push(svg('line', { x1: centre(i), y1: y, ...tip, class: isMarked ? 'hand marked' : 'hand' }));
        parts.push(svg('circle', { cx: centre(i), cy: tip.y2, r: isMarked ? 4 : 2.5, class: 'tip' }));
      }
    }
    const floor = height - 26;
    if (!isNarrow)
      parts.push(
        label(0, floor - 22, 'how alike', 'name'),
        label(0, floor - 5, `to place ${mark}, by cosine`, 'note'),
      );
    parts.push(svg('line', { x1: left, x2: width, y1: floor, y2: floor, class: 'axis' }));
    for (let i = 0; i < count; i++) {
      const cosine = alike[mark * count + i];
      const tall = Math.abs(cosine) * (BARS - 8);
      const bar = svg('rect', {
        x: centre(i) - step * 0.16,
        width: step * 0.32,
        y: cosine < 0 ? floor : floor - tall,
        height: tall,
        rx: 1,
      });
      bar.style.fill = i === mark ? 'var(--on-mark)' : colourAt('diverging', 0.5 + cosine / 2.8);
      parts.push(
        bar,
        label(centre(i), floor + 17, shown(cosine, isNarrow ? 1 : 2), i === mark ? 'tick marked' : 'tick'),
      );
    }
    picture.replaceChildren(...parts);
    const next = mark === count - 1 ? mark - 1 : mark + 1;
    const text =
      count === 1
        ? `${words[mark]}, place ${mark}`
        : `${words[mark]}, place ${mark}: alike ${shown(alike[mark * count + next])} to its neighbour, ${shown(alike[mark * count + (mark < count / 2 ? count - 1 : 0)])} to the far end`;
    readOut.textContent = text;
    picture.setAttribute('aria-label', `Clock hands of ${count} words. ${text}`);
    save.redraw();
  });

  /** @param {number} to */
  const setMark = (to) => {
    const wanted = Math.min(Math.max(to, 0), words.length - 1);
    if (wanted === mark) return;
    mark = wanted;
    draw();
  };
  const options = { signal: page.signal };
  picture.addEventListener(
    'keydown',
    (event) => {
      const to = {
        ArrowLeft: mark - 1,
        ArrowRight: mark + 1,
        Home: 0,
        End: words.length - 1,
        PageUp: mark - 10,
        PageDown: mark + 10,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      setMark(to);
      page.say(readOut.textContent ?? '');
    },
    options,
  );
  const point = (/** @type {PointerEvent} */ { clientX }) => {
    const { left, width } = picture.getBoundingClientRect();
    const start = width < 700 ? 0 : 172;
    if (clientX - left >= start)
      setMark(Math.floor(((clientX - left - start) / (width - start)) * words.length));
  };
  picture.addEventListener('pointermove', point, options);
  picture.addEventListener('pointerdown', point, options);
  page.onTheme(draw);
  const section = make(
    'section',
    { className: 'order-clocks' },
    make(
      'div',
      { className: 'head' },
      make('h2', {}, 'A place is a set of clock hands'),
      make(
        'p',
        { className: 'caption' },
        'Each hand turns at its own speed from word to word. Near places have hands that nearly agree: that is all a model needs to tell near from far.',
      ),
    ),
    make('figure', {}, picture, readOut, save),
    make(
      'div',
      { className: 'clock-controls' },
      range({
        name: 'Base',
        min: 2,
        max: 10000,
        value: base,
        log: true,
        change: (x) => {
          base = x;
          draw();
        },
      }),
      range({
        name: 'Hands',
        min: 1,
        max: 12,
        value: hands,
        change: (x) => {
          hands = x;
          draw();
        },
      }),
    ),
  );
  root.append(section);
  const watcher = new ResizeObserver(draw);
  watcher.observe(section);
  page.signal.addEventListener('abort', () => watcher.disconnect());
  return {
    show: (given) => {
      words = given;
      draw();
    },
  };
}

/** @param {number} x @param {number} y @param {string} text @param {string} name */
const label = (x, y, text, name) =>
  svg('text', { x, y, class: name, 'text-anchor': /name|note/.test(name) ? 'start' : 'middle' }, text);

/** @param {number} period */
const around = (period) => (period < 20 ? period.toFixed(1) : String(Math.round(period)));
