/** *Follow one word*: one word goes down twice, from a sentence and from the same turned round. Where do the two part? */
import none from 'model:roles/none';
import sines from 'model:roles/sines';
import { readAddress, writeAddress } from '../../parts/address.js';
import { pageModel } from '../../parts/core.js';
import { addStyle } from '../../parts/dom.js';
import { isStill, wait } from '../../parts/motion.js';
import { splitWords } from '../order/sentences.js';
import { figureOf, unpack } from './figure.js';
import css from './inside.css';
import { MOST_WORDS, readPair } from './pair.js';
import { addressOf, FIRST, hashOfState, STEPS, stateOf } from './steps.js';
import { createWhole } from './whole.js';

/**
 * @import { Figure } from './figure.js'
 * @import { Pair } from './pair.js'
 * @import { State } from './steps.js'
 */

/** What stands before the networks are loaded; asked for as soon as the room is. */
const baked = import('baked:inside').then((made) => unpack(made.default));
baked.catch(() => {});

/** When the word walks down by itself, and when models are loaded. */
const [OPENING, IDLE] = [700, 80];

/** @type {import('../../main.js').Room['mount']} */
export async function mount(root, page, address) {
  addStyle(css);
  let state = stateOf(address);
  /** @type {Figure | undefined} */
  let figure = state.words.join(' ') === FIRST && !state.order ? await baked : undefined;
  /** @type {Pair | undefined} */
  let pair;
  let turn = 0;
  /** The word that was held by choice, and is held again in another sentence that has it. */
  let chosen = state.words[state.held];
  /** Whether a row was opened by hand, which then takes the focus, as soon as it is there. */
  let isEntered = false;
  /** @type {import('./opened/index.js').Opened | undefined} */
  let opened;

  const whole = createWhole(
    {
      hold: (held) => {
        chosen = state.words[held];
        return change({ held, step: null });
      },
      open: (step) => open([STEPS[step].key]),
      step: (step) => {
        state = { ...state, step: step === STEPS.length - 1 ? null : step };
        writeAddress(...addressOf(state));
      },
      turn: turnRound,
      carry,
      write,
    },
    page,
  );

  /** @param {Partial<State>} some */
  function change(some) {
    const before = state;
    state = { ...state, ...some };
    writeAddress(...addressOf(state));
    if (before.words.join(' ') !== state.words.join(' ') || String(before.order) !== String(state.order))
      return read();
    return show();
  }

  /** Both networks read both sentences; the newest wins, and is shown as a whole. */
  async function read() {
    const mine = ++turn;
    const { words, order } = state;
    try {
      const [told, blind] = await Promise.all([pageModel(sines), pageModel(none)]);
      const found = await readPair({ told, blind }, words, order);
      if (mine !== turn || page.signal.aborted) return;
      pair = found;
      figure = figureOf(found);
      await show();
    } catch (error) {
      if (mine === turn && !page.signal.aborted)
        whole.fault(
          `The networks could not be loaded, so the first sentence stays: ${/** @type {Error} */ (error).message}`,
        );
    }
  }

  async function show() {
    if (!figure) return;
    state.held = Math.min(state.held, figure.words.length - 1);
    if (!state.path.length) {
      opened = undefined;
      if (!whole.root.isConnected) root.replaceChildren(whole.root);
      whole.draw(figure, state);
      page.title('Follow one word');
      return;
    }
    if (!pair) return;
    if (!opened) {
      const { createOpened } = await import('./opened/index.js');
      opened = createOpened(
        {
          go: open,
          out: () => open([]),
          slide: (path) => {
            state = { ...state, path };
            writeAddress(...addressOf(state));
            show();
          },
          encoder: () => pageModel(sines),
        },
        page,
      );
    }
    await opened.show(pair, state);
    if (!opened.root.isConnected) {
      root.replaceChildren(opened.root);
      scrollTo(0, 0);
    }
    if (isEntered) opened.focus();
    isEntered = false;
  }

  /** Goes in or out: a step in the history, and a strip that grows. @param {string[]} path @param {Partial<State>} [also] */
  async function open(path, also = {}) {
    const [from, to] = [state.path, path];
    state = { ...state, ...also, path, step: null };
    history.pushState(null, '', hashOfState(state));
    isEntered = to.length > 0;
    const step = STEPS.findIndex(({ key }) => key === (from[0] ?? to[0]));
    await transition(step, !from.length, !to.length, show);
    if (!to.length) {
      scrollTo(0, 0);
      whole.focus(step);
    }
  }

  /**
   * The strip grows to full width and the loom shrinks into the map, or the other way; who asks for less motion gets a cut.
   * @param {number} step @param {boolean} isIn @param {boolean} isOut @param {() => Promise<void>} change
   */
  async function transition(step, isIn, isOut, change) {
    if (isStill() || !('startViewTransition' in document) || !(isIn || isOut) || !pair) return change();
    const lifted = isIn ? whole.lift(step) : null;
    if (lifted) root.append(lifted);
    const moving = document.startViewTransition(async () => {
      lifted?.remove();
      await change();
    });
    moving.finished.catch(() => {});
    await moving.updateCallbackDone;
  }

  /** The second sentence becomes the first. */
  function turnRound() {
    if (!figure?.isTurned) return page.say('There are no two phrases to turn about the verb.');
    const { words, order } = figure;
    const back = words.map((_, i) => order.indexOf(i));
    return change({
      words: order.map((i) => words[i]),
      held: order.indexOf(state.held),
      order: state.order ? back : undefined,
      step: null,
    });
  }

  /** Moves a word in the second sentence. @param {number} from @param {number} to */
  function carry(from, to) {
    const order = [...(figure?.order ?? [])];
    const at = order.indexOf(from);
    const goal = at + (to - from);
    if (goal < 0 || goal >= order.length) return;
    order.splice(goal, 0, ...order.splice(at, 1));
    change({ order, step: null });
  }

  /** @param {string} text */
  function write(text) {
    const words = /** @type {string[]} */ (splitWords(text));
    if (!words.length) return 'Type a word.';
    if (words.length > MOST_WORDS)
      return `This network learned from sentences of up to ${MOST_WORDS} words; this one has ${words.length}.`;
    const other = words.findLastIndex((word) => !/^(the|an?)$/.test(word));
    const held = words.includes(chosen) ? words.lastIndexOf(chosen) : Math.max(other, 0);
    change({ words, order: undefined, held, step: null });
    return null;
  }

  addEventListener(
    'keydown',
    (event) => {
      const isTyping =
        event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.key === 't' || event.key === 'T') turnRound();
      else opened?.key(event);
    },
    { signal: page.signal },
  );

  show();
  wait(IDLE, page.signal).then(() => {
    if (page.signal.aborted) return;
    if (!pair) read();
    import('./opened/index.js').catch(() => {});
  });
  const isAlone = () =>
    !page.signal.aborted && !state.path.length && state.step === null && scrollY < 4 && !isStill();
  let isTouched = false;
  for (const event of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
    addEventListener(
      event,
      () => {
        isTouched = true;
      },
      { signal: page.signal, passive: true, once: true },
    );
  wait(OPENING, page.signal).then(() => isAlone() && !isTouched && figure && whole.walk());

  return {
    show: (asked) => {
      const before = state;
      state = stateOf(asked ?? readAddress());
      const isOther =
        before.words.join(' ') !== state.words.join(' ') || String(before.order) !== String(state.order);
      return void (isOther ? read() : show());
    },
  };
}
