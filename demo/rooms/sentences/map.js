/** The map: each sentence a dot, the question between its nearest. */
import { make, setAttributes, svg } from '../../parts/dom.js';
import { move } from '../../parts/motion.js';

/** Units of the drawing; it is scaled to the column. */
const [WIDTH, HEIGHT, MARGIN] = [560, 470, 28];
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
  const drawing = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'map', role: 'img' }, ...layers);
  mark.append(svg('circle', { r: 12, class: 'place' }), svg('text', { 'text-anchor': 'middle', dy: 5 }, '?'));
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
  let frame = [MARGIN, MARGIN, HEIGHT - 2 * MARGIN];

  function fit() {
    const [xs, ys] = [0, 1].map((k) => dots.map(({ place }) => place[k]));
    const [wide, high] = [Math.max(...xs, 0.01), Math.max(...ys, 0.01)];
    const size = Math.min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high);
    frame = [(WIDTH - size * wide) / 2, (HEIGHT - size * high) / 2, size];
  }

  /**
   * @param {object} given
   * @param {Dot[]} given.dots
   * @param {typeof landed} given.landed null without a question
   * @param {string} given.held
   * @param {string} given.question
   */
  function show(given) {
    ({ dots, landed, held } = given);
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
      const own = dots.filter((dot) => dot.topic === topic).map((dot) => ({ dot, at: unitsOf(dot.place) }));
      const highest = own.reduce((best, one) => (one.at[1] < best.at[1] ? one : best));
      const [x, y] = highest.at;
      return svg(
        'text',
        {
          x: Math.min(Math.max(x, 40), WIDTH - 40),
          y: y - 12,
          'text-anchor': 'middle',
          class: highest.dot.colour,
        },
        topic,
      );
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
    const words = svg('text', { 'text-anchor': 'middle', y: y > 60 ? y - 18 : y + 30 }, dot.text);
    label.replaceChildren(words);
    const half = words.getComputedTextLength() / 2 || 4 * dot.text.length;
    setAttributes(words, { x: Math.min(Math.max(x, half + 4), WIDTH - half - 4) });
  }

  /** @param {PointerEvent | MouseEvent} event */
  function under({ clientX, clientY }) {
    const { left, top, width } = drawing.getBoundingClientRect();
    const scale = WIDTH / width;
    const [x, y] = [(clientX - left) * scale, (clientY - top) * scale];
    const away = dots.map(({ place }) => Math.hypot(unitsOf(place)[0] - x, unitsOf(place)[1] - y));
    const nearest = away.indexOf(Math.min(...away));
    return away[nearest] < REACH * Math.max(scale, 1) ? dots[nearest].text : '';
  }
  drawing.addEventListener('pointermove', (event) => tell(under(event) || held));
  drawing.addEventListener('pointerleave', () => tell(held));
  drawing.addEventListener('click', (event) => {
    const text = under(event);
    hold(text === held ? '' : text);
  });
  return { element: make('div', { className: 'mapping' }, drawing), show };
}
