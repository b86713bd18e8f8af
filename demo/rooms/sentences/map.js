/** The map: each sentence a dot, the question between its nearest. */

import { Tensor } from '../../../bindings/tensor.js';
import { make, setAttributes, svg } from '../../parts/dom.js';
import { move, onceAFrame } from '../../parts/motion.js';
import { pictureOf, saveMenu } from '../../parts/save.js';

/** The drawing, in px: as wide as its column, and not higher than this. */
const [HIGHEST, SHAPE, MARGIN] = [470, 0.86, 28];
/** How near a pointer must come to a dot. */
const REACH = 22;
const GLIDE = 500;

/**
 * @typedef {object} Dot
 * @property {string} text
 * @property {string} colour
 * @property {string} topic '' for none
 * @property {import('./places.js').Place} place from 0 to 1
 */

/**
 * @param {object} given
 * @param {(text: string) => void} given.hold
 */
export function sentenceMap({ hold }) {
  const layers = ['lines', 'dots', 'names', 'mark', 'label'].map((name) => svg('g', { class: name }));
  const [lines, points, names, mark, label] = layers;
  const drawing = svg('svg', { class: 'map', role: 'img' }, ...layers);
  mark.append(svg('circle', { r: 12, class: 'place' }), svg('text', { 'text-anchor': 'middle', dy: 5 }, '?'));
  /** @type {Parameters<typeof show>[0] | undefined} */
  let last;
  /** @type {Dot[]} */
  let dots = [];
  /** @type {{ at: [number, number], near: { index: number, weight: number }[] } | null} */
  let landed = null;
  let held = '';
  /** Where the question's mark stands, in units; it glides. @type {[number, number] | null} */
  let stands = null;
  let glide = new AbortController();

  /** @param {import('./places.js').Place} place @returns {[number, number]} */
  const unitsOf = ([x, y]) => {
    const [left, top, size] = frame;
    return [left + size * x, top + size * y];
  };
  /** Left, top and size of the square from 0 to 1. */
  let frame = [0, 0, 1];
  let [width, height] = [560, HIGHEST];

  function fit() {
    const [xs, ys] = [0, 1].map((k) => dots.map(({ place }) => place[k]));
    const [wide, high] = [Math.max(...xs, 0.01), Math.max(...ys, 0.01)];
    const size = Math.min((width - 2 * MARGIN) / wide, (height - 2 * MARGIN) / high);
    frame = [(width - size * wide) / 2, (height - size * high) / 2, size];
  }

  /**
   * @param {object} given
   * @param {Dot[]} given.dots
   * @param {typeof landed} given.landed null without a question
   * @param {string} given.held
   * @param {string} given.question
   * @param {number} given.width numbers of a vector
   */
  function show(given) {
    last = given;
    ({ dots, landed, held } = given);
    caption.textContent = `${given.width} numbers a sentence, flattened to two: near means alike. The question lies between its five nearest.`;
    setAttributes(drawing, { width, height });
    fit();
    const near = new Set(landed?.near.map(({ index }) => index));
    points.replaceChildren(
      ...dots.map(({ text, colour, place }, i) => {
        const [cx, cy] = unitsOf(place);
        const isHeld = text === held;
        return svg('circle', {
          cx,
          cy,
          r: isHeld ? 9 : near.has(i) ? 6.5 : 4.5,
          class: isHeld ? `${colour} held` : colour,
        });
      }),
    );
    names.replaceChildren(...topicNames());
    mark.toggleAttribute('hidden', !landed);
    setAttributes(drawing, {
      'aria-label': `${dots.length} sentences on a map; near means alike.${landed ? ` “${given.question}” lies among ${landed.near.map(({ index }) => `“${dots[index].text}”`).join(', ')}.` : ''}`,
    });
    tell(held);
    go();
  }

  function topicNames() {
    const topics = [...new Set(dots.map(({ topic }) => topic))].filter(Boolean);
    return topics.map((topic) => {
      const [own, others] = [true, false].map((isOwn) =>
        dots.filter((dot) => (dot.topic === topic) === isOwn).map(({ place }) => unitsOf(place)),
      );
      if (landed) others.push(unitsOf(landed.at));
      // Above or below one of its dots, where the others and the question are farthest.
      const spots = own.flatMap(([x, y]) =>
        [y - 16, y + 16].map((middle) => [Math.min(Math.max(x, 40), width - 40), middle]),
      );
      const room = (/** @type {number[]} */ [x, y]) =>
        Math.min(
          ...others.map(([u, v]) => Math.hypot((x - u) / 2, y - v)),
          ...own.map(([u, v]) => 2 * Math.hypot((x - u) / 2, y - v)),
        );
      const [x, y] = spots.reduce((best, spot) => (room(spot) > room(best) ? spot : best));
      const { colour } = /** @type {Dot} */ (dots.find((dot) => dot.topic === topic));
      return svg('text', { x, y: y + 5, 'text-anchor': 'middle', class: colour }, topic);
    });
  }

  /** The mark glides to where the question lands. */
  function go() {
    glide.abort();
    if (!landed) {
      stands = null;
      return lines.replaceChildren();
    }
    const end = unitsOf(landed.at);
    const begin = stands ?? end;
    const draw = (/** @type {number} */ t) => {
      stands = [begin[0] + t * (end[0] - begin[0]), begin[1] + t * (end[1] - begin[1])];
      setAttributes(mark, { transform: `translate(${stands.join(' ')})` });
      lines.replaceChildren(
        ...(landed?.near ?? []).map(({ index, weight }) => {
          const [x2, y2] = unitsOf(dots[index].place);
          return svg('line', { x1: stands?.[0], y1: stands?.[1], x2, y2, 'stroke-width': 0.5 + 4 * weight });
        }),
      );
    };
    if (begin === end || (begin[0] === end[0] && begin[1] === end[1])) return draw(1);
    glide = new AbortController();
    move(GLIDE, draw, glide.signal);
  }

  /** The sentence beside its dot. @param {string} text */
  function tell(text) {
    const dot = dots.find((one) => one.text === text);
    if (!dot) return label.replaceChildren();
    const [x, y] = unitsOf(dot.place);
    const isAbove = landed && Math.abs(unitsOf(landed.at)[1] - y) < 60 ? unitsOf(landed.at)[1] > y : y > 60;
    const words = svg('text', { 'text-anchor': 'middle', y: isAbove ? y - 18 : y + 30 }, dot.text);
    label.replaceChildren(words);
    const half = words.getComputedTextLength() / 2 || 4 * dot.text.length;
    setAttributes(words, { x: Math.min(Math.max(x, half + 4), width - half - 4) });
  }

  /** @param {PointerEvent | MouseEvent} event */
  function under({ clientX, clientY }) {
    const { left, top } = drawing.getBoundingClientRect();
    const [x, y] = [clientX - left, clientY - top];
    const away = dots.map(({ place }) => Math.hypot(unitsOf(place)[0] - x, unitsOf(place)[1] - y));
    const nearest = away.indexOf(Math.min(...away));
    return away[nearest] < REACH ? dots[nearest].text : '';
  }
  drawing.addEventListener('pointermove', (event) => tell(under(event) || held));
  drawing.addEventListener('pointerleave', () => tell(held));
  drawing.addEventListener('click', (event) => {
    const text = under(event);
    hold(text === held ? '' : text);
  });
  const caption = make('figcaption');
  const save = saveMenu({
    name: 'map',
    caption: () => caption.textContent ?? '',
    tensor: () =>
      new Tensor('float32', Float32Array.from(dots.flatMap(({ place }) => place)), [dots.length, 2]),
    picture: () => pictureOf(drawing),
    labels: () => ({ rows: dots.map(({ text }) => text), columns: ['x', 'y'] }),
  });
  const element = make('figure', { className: 'mapping' }, drawing, caption, save);
  const resized = onceAFrame(() => {
    const wide = element.clientWidth;
    if (!wide || wide === width) return;
    [width, height] = [wide, Math.min(HIGHEST, Math.round(SHAPE * wide))];
    stands = null;
    if (last) show(last);
  });
  new ResizeObserver(resized).observe(element);
  return { element, show };
}
