/** Draw a digit: five networks that differ in how they are told where a patch is answer at every stroke, in order and shuffled. */
import { writeAddress } from '../../parts/address.js';
import { button, range } from '../../parts/controls.js';
import { addStyle, make } from '../../parts/dom.js';
import { move, onceAFrame } from '../../parts/motion.js';
import css from './draw.css';
import { createDrawing } from './drawing.js';
import { createGrowing } from './growing.js';
import { startNetworks } from './networks.js';
import { paintMixed } from './paint.js';
import { orderOf, shuffled } from './patches.js';
import { digitOf, HEADS, LAYERS } from './reading.js';
import { createRows } from './rows.js';
import { savesOf } from './saves.js';
import { createSession } from './session.js';
import { SIX } from './six.js';
import { strokesOf } from './strokes.js';
import { shownIn, told } from './words.js';

/** Milliseconds in which patches find their places. */
const MIX = 500;

/** @type {import('../../main.js').Room['mount']} */
export async function mount(root, page, { params }) {
  addStyle(css);
  page.title('Draw a digit');
  const { default: baked } = await import('baked:draw');
  const session = createSession(strokesOf(SIX), { show, sketch, complain }, page.signal);
  /** @type {import('./networks.js').AllAnswers} */
  let answers = baked.answers;
  /** What they are of. */
  let [seen, seenOrder] = [session.pixels(), orderOf(session.state().seed)];
  let isFirst = true;
  /** Whether a network has answered: until then only the first drawing's answers are known. */
  let hasAnswered = false;
  let mixing = new AbortController();
  let order = seenOrder;

  const fault = make('p', { className: 'fault', role: 'alert', hidden: true });
  const about = make('p', { className: 'caption about' });
  const readout = make('output', { className: 'caption readout', 'aria-live': 'off' });
  const empty = make('p', { className: 'empty', 'aria-hidden': 'true', hidden: true }, 'Draw here.');
  const mixed = make('canvas', { width: 268, height: 268, 'aria-hidden': 'true' });
  const shows = make('p', { className: 'caption' });
  const drawing = createDrawing({
    signal: page.signal,
    draw: session.draw,
    hold: (patch) => session.set({ patch }),
    clear: session.clear,
  });
  const sliders = [
    range({ name: 'Layer', min: 0, max: LAYERS, value: 0, change: (layer) => session.set({ layer }) }),
    range({ name: 'Head', min: 0, max: HEADS, value: 0, change: (head) => session.set({ head }) }),
  ];
  const rows = createRows(baked.measured);
  const growing = createGrowing(page);
  const saves = savesOf({
    told: () => readout.textContent ?? '',
    pixels: session.pixels,
    picture: drawing.picture,
    answers: () =>
      String(seen) === String(session.pixels()) && `${seenOrder}` === `${order}` ? answers : null,
  });
  const networks = startNetworks(
    (found, asked) => {
      answers = found;
      hasAnswered = true;
      [seen, seenOrder] = [asked.pixels, [...asked.order]];
      showAnswers();
    },
    complain,
    page.signal,
  );

  root.classList.add('draw');
  root.append(
    make(
      'header',
      { className: 'head' },
      make('h1', {}, 'Draw a digit'),
      make(
        'p',
        {},
        'Five small vision transformers answer at every stroke. They differ in one thing: how they are told where a patch is. Shuffle the patches to see who relied on it.',
      ),
    ),
    make(
      'div',
      { className: 'draw-top' },
      make(
        'div',
        { className: 'field' },
        make('div', { className: 'paper' }, drawing.canvas, empty),
        about,
        make(
          'div',
          { className: 'chips' },
          button('Shuffle the patches', session.shuffle, { main: true }),
          button('Clear', session.clear),
          button('A test digit', session.testDigit),
        ),
        make(
          'figure',
          { className: 'mixture' },
          mixed,
          make(
            'figcaption',
            {},
            'The same 49 patches in another order. To a network without positions it is the same drawing: its answer and its certainty do not move.',
          ),
        ),
      ),
      make(
        'div',
        { className: 'answers' },
        rows.root,
        make(
          'div',
          { className: 'under caption' },
          make('span', {}, 'Answers at every stroke · touch a patch to see which patches are like it'),
          make('span', {}, 'upper: in order · lower: shuffled'),
        ),
        readout,
        fault,
        make('div', { className: 'sliders' }, ...sliders, shows),
        make('div', { className: 'chips' }, saves.drawing, saves.said),
      ),
    ),
    growing.root,
    make(
      'p',
      { className: 'caption credit' },
      `Trained for this page on MNIST’s 60,000 handwritten digits (LeCun, Cortes and Burges); right of its ${baked.measured.of.toLocaleString('en')} test digits, of which the button shows some.`,
    ),
  );
  const showAnswers = onceAFrame(() => {
    if (page.signal.aborted) return;
    const { patch } = session.state();
    const isKnown = hasAnswered || (session.isFirst() && `${order}` === `${seenOrder}`);
    const held = answers.none.drawn.like ? patch : null;
    root.classList.toggle('is-empty', !empty.hidden || !isKnown);
    rows.show({ answers, pixels: seen, mixed: shuffled(seen, seenOrder), held, order: seenOrder });
    readout.textContent = !empty.hidden
      ? 'Nothing is drawn.'
      : isKnown
        ? told(answers, patch)
        : 'The networks are being fetched.';
    drawing.canvas.setAttribute(
      'aria-label',
      `${readout.textContent} Draw with a pointer; arrows hold a patch, Escape lets it go, Delete clears.`,
    );
    page.say(readout.textContent);
  });
  page.onTheme(() => {
    drawing.redraw();
    showAnswers();
    paintOrder(seenOrder, 1);
    growing.draw();
  });
  if (params.size) await session.read(params);
  else session.open(root);

  /** @param {readonly import('./strokes.js').Stroke[]} strokes */
  function sketch(strokes) {
    drawing.show({ strokes, digit: session.under()?.image ?? null, held: session.state().patch });
  }
  /** @param {number[]} from @param {number} t */
  function paintOrder(from, t) {
    paintMixed(mixed, drawing.ink(), from, orderOf(session.state().seed), t);
  }
  /** @param {string} text */
  function complain(text) {
    fault.hidden = !text;
    fault.textContent = text;
  }

  /** @param {import('./state.js').State} state */
  function show(state) {
    const { strokes, seed, layer, head, patch } = state;
    sketch(strokes);
    sliders[0].set(layer);
    sliders[1].set(head);
    shows.textContent = shownIn(state);
    empty.hidden = strokes.length > 0 || state.digit !== null;
    const under = session.under();
    const blind = digitOf(baked.answers.none.drawn.shares);
    about.textContent = under
      ? `Test digit ${state.digit}: a ${under.label}.`
      : session.isFirst()
        ? `This 6 was searched for: it is one that the network without positions takes for a ${blind}; so was this shuffle, in which the others see no 6.`
        : '';
    const before = order;
    order = orderOf(seed);
    mixing.abort();
    mixing = new AbortController();
    if (`${before}` === `${order}`) paintOrder(order, 1);
    else move(MIX, (t) => paintOrder(before, t), mixing.signal);
    if (!isFirst) writeAddress('draw', [], session.params());
    isFirst = false;
    if (empty.hidden) networks.ask({ pixels: session.pixels(), order, layer, head, patch });
    showAnswers();
  }

  return { show: (address) => void session.read(address.params) };
}
