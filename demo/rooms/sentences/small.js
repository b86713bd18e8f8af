/** How small a vector can be: recall by numbers kept, at 8 bits and at one, and which of the nearest are found again. */

import { Tensor } from '../../../bindings/tensor.js';
import { range } from '../../parts/controls.js';
import { make, shown, svg } from '../../parts/dom.js';
import { onceAFrame } from '../../parts/motion.js';
import { pictureOf, saveMenu } from '../../parts/save.js';
import { BITS, shareOf } from './recall.js';

/** @typedef {import('./space.js').Recall} Recall */

const HEIGHT = 250;
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 70, 14, 26];
const FLOAT = 4;
const NAMES = { 8: '8 bits', 1: '1 bit' };
const TONES = { 8: 'who', 1: 'whom' };

/** @param {{ change: (count: number) => void }} given */
export function small({ change }) {
  const drawing = svg('svg', { class: 'recall', height: HEIGHT, role: 'img' });
  const told = make('output', { className: 'caption' });
  const caption = make('p', { className: 'caption under' });
  const ten = make('div', { className: 'ten' });
  const holder = make('div');
  const save = saveMenu({
    name: 'recall',
    caption: () => caption.textContent ?? '',
    tensor: recallTensor,
    picture: () => pictureOf(drawing),
    labels: () => ({
      rows: (recall?.steps ?? []).map((step) => `${step} numbers`),
      columns: BITS.map((bits) => NAMES[bits]),
    }),
  });
  const element = make('div', {}, caption, drawing, told, holder, ten, save);
  /** @type {Recall | null} */
  let recall = null;
  /** @type {ReturnType<typeof range> | null} */
  let slider = null;
  let [kept, question] = [128, ''];
  /** Of the drawing, in px. */
  let wide = 520;

  const x = (/** @type {number} */ width) => {
    const { steps } = /** @type {Recall} */ (recall);
    const [first, last] = [Math.log(steps[0]), Math.log(steps[steps.length - 1])];
    return LEFT + ((Math.log(width) - first) / (last - first || 1)) * (wide - LEFT - RIGHT);
  };
  const y = (/** @type {number} */ share) => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);

  /** [steps, bits] shares found. */
  function recallTensor() {
    const { steps, sought, found } = /** @type {Recall} */ (recall);
    const shares = steps.flatMap((_, step) => BITS.map((bits) => shareOf(found[bits][step], sought)));
    return new Tensor('float32', Float32Array.from(shares), [steps.length, BITS.length]);
  }

  /** @param {{ recall: Recall | null, kept: number, question: string}} given kept: how many numbers, one of the steps */
  function show(given) {
    const isOther =
      recall?.steps.length !== given.recall?.steps.length || recall?.steps[0] !== given.recall?.steps[0];
    ({ recall, kept, question } = given);
    for (const part of [drawing, told, holder, ten, save]) part.toggleAttribute('hidden', !recall);
    caption.textContent = captionOf(recall);
    if (!recall) return;
    const { steps } = recall;
    if (isOther || !slider) {
      slider = range({
        name: 'Numbers kept',
        min: steps[0],
        max: steps[steps.length - 1],
        step: steps[0],
        value: kept,
        change,
      });
      holder.replaceChildren(slider);
    }
    slider.set(kept);
    draw();
  }

  function draw() {
    const { steps, sought, found, texts } = /** @type {Recall} */ (recall);
    const at = steps.indexOf(kept);
    const curves = BITS.map((bits) => ({ bits, shares: found[bits].map((masks) => shareOf(masks, sought)) }));
    const lines = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      svg('line', { x1: LEFT, x2: wide - RIGHT, y1: y(share), y2: y(share), class: 'hair' }),
      svg('text', { x: LEFT - 8, y: y(share) + 4, 'text-anchor': 'end', class: 'tick' }, `${100 * share} %`),
    ]);
    const ticks = steps.filter(
      (width, i) => Number.isInteger(Math.log2(width / steps[0])) || i === steps.length - 1,
    );
    drawing.setAttribute('width', String(wide));
    drawing.replaceChildren(
      ...lines,
      svg('rect', {
        x: x(kept) - 8,
        y: TOP - 8,
        width: 16,
        height: HEIGHT - TOP - BOTTOM + 16,
        rx: 2,
        class: 'held',
      }),
      ...ticks.map((width) =>
        svg('text', { x: x(width), y: HEIGHT - 4, 'text-anchor': 'middle', class: 'tick' }, String(width)),
      ),
      ...curves.flatMap(({ bits, shares }) => [
        svg('polyline', {
          points: shares.map((share, i) => `${x(steps[i])},${y(share)}`).join(' '),
          class: TONES[bits],
        }),
        ...shares.map((share, i) =>
          svg('circle', {
            cx: x(steps[i]),
            cy: y(share),
            r: i === at ? 5 : ticks.includes(steps[i]) ? 3.5 : 0,
            class: TONES[bits],
          }),
        ),
        svg(
          'text',
          { x: wide - RIGHT + 10, y: y(shares[shares.length - 1]) + 5, class: TONES[bits] },
          NAMES[bits],
        ),
      ]),
    );
    const [eight, one] = curves.map(({ shares }) => `${shown(100 * shares[at], 0)} %`);
    const full = steps[steps.length - 1] * FLOAT;
    told.value = `at ${kept}: 8 bits ${eight}, 1 bit ${one} · ${kept} and ${kept / 8} bytes instead of ${full}`;
    drawing.setAttribute('aria-label', `Share found by numbers kept. ${told.value}`);
    const text = texts.lastIndexOf(question);
    ten.hidden = text < 0;
    if (text < 0) return;
    ten.replaceChildren(
      make('p', { className: 'caption' }, 'Of this question’s own nearest, first to last'),
      ...BITS.map((bits) => tenRow(bits, found[bits][at][text], sought)),
    );
  }

  /** The length whose place is nearest. @param {PointerEvent} event */
  function take(event) {
    if (!recall || !(event.buttons & 1)) return;
    const at = event.clientX - drawing.getBoundingClientRect().left;
    const nearest = recall.steps.reduce((best, step) =>
      Math.abs(x(step) - at) < Math.abs(x(best) - at) ? step : best,
    );
    if (nearest !== kept) change(nearest);
  }
  drawing.addEventListener('pointerdown', (event) => {
    drawing.setPointerCapture(event.pointerId);
    take(event);
  });
  drawing.addEventListener('pointermove', take);
  const resized = onceAFrame(() => {
    if (!element.clientWidth || element.clientWidth === wide) return;
    wide = element.clientWidth;
    if (recall) draw();
  });
  new ResizeObserver(resized).observe(element);
  return { element, show };
}

/** @param {Recall | null} recall */
const captionOf = (recall) =>
  recall
    ? `Of the ${numeral(recall.sought)} nearest by full vectors, how many a shorter one still finds: the mean over ${recall.texts.length} texts.`
    : 'It takes three sentences or more.';

/** @param {import('./recall.js').Bits} bits @param {number} mask @param {number} sought */
function tenRow(bits, mask, sought) {
  const places = Array.from({ length: sought }, (_, k) => Boolean(mask & (1 << k)));
  const lost = places.flatMap((isFound, k) => (isFound ? [] : [k + 1]));
  const words = lost.length ? `lost: ${lost.join(', ')}` : 'all are found';
  return make(
    'p',
    { className: `found ${TONES[bits]}` },
    make('span', { className: 'name' }, NAMES[bits]),
    make(
      'span',
      { className: 'places', 'aria-hidden': true },
      ...places.map((isFound, k) => make('i', { className: isFound ? 'yes' : 'no' }, String(k + 1))),
    ),
    make('span', { className: 'hidden' }, words),
  );
}

const NUMERALS = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ');
/** @param {number} count */
export const numeral = (count) => NUMERALS[count] ?? String(count);
