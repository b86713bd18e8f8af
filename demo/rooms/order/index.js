/** *Move a word. Who notices?* Two networks read one sentence; one of them is told where each word stands. */
import { writeAddress } from '../../parts/address.js';
import { button, segments } from '../../parts/controls.js';
import { addStyle, make } from '../../parts/dom.js';
import { onceAFrame, wait } from '../../parts/motion.js';
import { createHand } from './hand.js';
import { preload, WORDS } from './networks.js';
import css from './order.css';
import { ownSentence } from './own.js';
import { FIRST, LONGER, MOST_WORDS, PASSIVE, splitWords, UNKNOWN } from './sentences.js';
import { createSession } from './session.js';
import { createStage } from './stage.js';

/**
 * @import { Page, Shown } from '../../main.js'
 * @import { Address } from '../../parts/address.js'
 * @import { Positions } from './networks.js'
 */

const WAYS = /** @type {const} */ (['learned', 'sines', 'rotary']);
/** When dog and cat trade places by themselves. */
const OPENING = 700;

/** @param {HTMLElement} root @param {Page} page @param {Address} address @returns {Shown} */
export function mount(root, page, address) {
  addStyle(css);
  page.title('Move a word. Who notices?');
  const stage = createStage();
  const counts = { told: countOf('told'), blind: countOf('blind') };
  const about = make('span');
  const saving = make('div', { className: 'order-save', hidden: true });
  const message = make('p', { className: 'message', role: 'status' });
  /** @type {{ show: (words: string[]) => void } | undefined} */
  let clocks;
  /** @type {ReturnType<typeof import('./saves.js').createSaves> | undefined} */
  let saves;
  let focus = -1;
  let isFirst = true;

  const session = createSession(
    {
      place: ({ words, marked, held }) => {
        stage.root.classList.toggle('still', isFirst);
        stage.place(words, marked, held);
        clocks?.show(session.texts());
        keepAddress();
      },
      show: (words, readings) => {
        stage.show(words, readings, { focus, atOnce: isFirst });
        isFirst = false;
        saving.hidden = false;
        saves?.redraw();
        for (const side of /** @type {const} */ (['told', 'blind'])) counts[side].show(session.count(side));
        const [told, blind] = [session.count('told'), session.count('blind')];
        page.say(`Told: ${told.number} ${told.what}. Not told: ${blind.number}.`);
      },
      tell: (text) => {
        message.textContent = text;
      },
    },
    page.signal,
  );

  function keepAddress() {
    const text = session.texts().join(' ');
    const positions = session.positions();
    const params = { s: text === FIRST ? null : text, positions: positions === 'sines' ? null : positions };
    // The opening leaves an address alone that says nothing but where one is.
    if (location.hash || params.s) writeAddress('order', [], params);
  }

  const way = segments({ name: 'Positions', choices: WAYS, value: 'sines', change: choose });
  /** @param {Positions} value */
  function choose(value) {
    way.set(value);
    about.textContent = ABOUT[value];
    return session.choose(value);
  }

  createHand(
    stage,
    {
      ...session,
      say: page.say,
      focus: (id) => {
        const was = focus;
        focus = session.words().findIndex((word) => word.id === id);
        if (focus !== was && session.words().length > 14) session.redraw();
      },
    },
    page.signal,
  );

  const stop = new AbortController();
  const ended = AbortSignal.any([stop.signal, page.signal]);
  const own = ownSentence((text) => session.start(text), session.texts);
  const chip = (/** @type {string} */ text, /** @type {() => unknown} */ act, main = false) =>
    button(
      text,
      () => {
        stop.abort();
        own.hide();
        act();
      },
      { main },
    );

  root.append(
    make(
      'div',
      { className: 'head' },
      make('h1', {}, 'Move a word. Who notices?'),
      make(
        'p',
        { className: 'aside wide-only' },
        'Drag, or pick up with Space and move with ← →. Double-click to type.',
      ),
      make('p', { className: 'narrow-only' }, 'Hold a word and drag it up or down. Tap it to type.'),
    ),
    make(
      'figure',
      { className: 'order-figure' },
      make(
        'p',
        { className: 'side told' },
        make('b', {}, 'Told where', make('span', { className: 'wide-only' }, ' each word stands')),
        about,
      ),
      counts.told.root,
      stage.root,
      make(
        'p',
        { className: 'side blind' },
        make('b', {}, 'Not told'),
        make('span', {}, 'the same network, no positions'),
      ),
      counts.blind.root,
    ),
    message,
    make(
      'div',
      { className: 'order-bar' },
      make(
        'div',
        { className: 'chips line' },
        chip('Swap again', () => session.swap(), true),
        chip('… was chased by …', () => session.start(PASSIVE, ['was', 'by'])),
        chip('the wug daxed the blick', () => session.start(UNKNOWN, ['wug', 'daxed', 'blick', 'zorp'])),
        chip('A longer sentence', () => session.start(LONGER)),
        chip('Write your own', () => own.show()),
      ),
      make('div', { className: 'positions' }, make('span', { className: 'caption' }, 'Positions'), way),
    ),
    own.root,
    make('p', { className: 'caption' }, NOTE),
    saving,
  );

  const given = splitWords(address.params.get('s') ?? FIRST).slice(0, MOST_WORDS);
  const sentence = given.join(' ') || FIRST;
  const asked = WAYS.find((one) => one === address.params.get('positions')) ?? 'sines';
  way.set(asked);
  about.textContent = ABOUT[asked];
  if (asked !== 'sines') session.choose(asked);
  session.start(sentence);
  if (sentence === FIRST && asked === 'sines') open();

  /** The two trade places by themselves, once; whoever does something ends that. */
  async function open() {
    for (const event of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
      addEventListener(event, () => stop.abort(), { once: true, signal: ended, passive: true });
    await wait(OPENING, ended);
    if (!ended.aborted) session.swap();
  }

  const again = onceAFrame(() => {
    isFirst = true;
    session.redraw();
  });
  let width = stage.root.clientWidth;
  const watcher = new ResizeObserver(() => {
    if (stage.root.clientWidth === width) return;
    width = stage.root.clientWidth;
    again();
  });
  watcher.observe(stage.root);
  page.signal.addEventListener('abort', () => watcher.disconnect());
  document.fonts.load('46px Newsreader').then(() => !page.signal.aborted && again());
  const idle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ call) => setTimeout(call, 300));
  idle(async () => {
    const ready = preload().catch(() => {}); // a sentence that needs them says what is wrong
    const { createClocks } = await import('./clocks.js');
    if (page.signal.aborted) return;
    clocks = await createClocks(root, page);
    clocks.show(session.texts());
    await ready;
    saves = (await import('./saves.js')).createSaves(session.seen, stage);
    saving.append(saves);
  });

  return {
    show: ({ params }) => {
      const wanted = WAYS.find((one) => one === (params.get('positions') ?? 'sines'));
      if (wanted && wanted !== session.positions()) choose(wanted);
      const text = params.get('s') ?? FIRST;
      if (text !== session.texts().join(' ')) session.start(text);
    },
  };
}

const ABOUT = {
  learned: '25 thousand weights, a learned table',
  sines: '25 thousand weights, sine positions',
  rotary: '25 thousand weights, rotary positions',
};
const NOTE = `Trained on made-up sentences of ${WORDS} words; others count as unknown. The arcs are the last layer’s attention, of the head where it is largest: what a word looks at, not why.`;

/** A big number in a corner of the figure. @param {string} name */
function countOf(name) {
  const number = make('b', { className: 'big' });
  const what = make('span');
  return {
    root: make('p', { className: `count ${name}` }, number, what),
    show: (/** @type {{ number: string, what: string }} */ text) => {
      number.textContent = text.number;
      what.replaceChildren(make('span', { className: 'wide-only' }, 'answers '), text.what);
    },
  };
}
