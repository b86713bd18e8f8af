/** The whole net: the loom, the fork, what one does with them, and what is read out. */

import { button } from '../../parts/controls.js';
import { make } from '../../parts/dom.js';
import { onceAFrame } from '../../parts/motion.js';
import { saveMenu } from '../../parts/save.js';
import { apartInWords, apartText, partsAt } from './figure.js';
import { createFork } from './fork.js';
import { cellText } from './grid.js';
import { createLoom } from './loom.js';
import { twinsOf } from './roles.js';
import { MOST_WORDS, RING, STATES, STEPS } from './steps.js';
import { createWalk } from './walk.js';

/**
 * @import { Figure } from './figure.js'
 * @import { State } from './steps.js'
 * @import { Page } from '../../main.js'
 *
 * @typedef {object} Asked what the whole asks of the room
 * @property {(word: number) => void} hold
 * @property {(step: number) => void} open
 * @property {(step: number | null) => void} step
 * @property {() => void} turn
 * @property {(from: number, to: number) => void} carry
 * @property {(text: string) => string | null} write what is wrong with the sentence, if anything
 */

const CAPTION = [
  'A word goes down through a whole encoder that says who did what to whom.',
  'At the right goes its twin, from the sentence turned round. Where do the two part?',
];

const CUT = `This network learned from sentences of up to ${MOST_WORDS} words; the first ${MOST_WORDS} are read. `;

/** @param {Asked} asked @param {Page} page */
export function createWhole(asked, page) {
  /** @type {{ figure: Figure, state: State } | undefined} */
  let seen;
  let [reveal, ring, isMoved] = [STEPS.length - 1, RING, false];
  const caption = make('p', {}, CAPTION[0], make('br'), CAPTION[1]);
  const note = make('output', { className: 'readout' });
  const loom = createLoom({
    hold: asked.hold,
    open: asked.open,
    carry: asked.carry,
    ring: () => ring,
    tell: (word, step) => seen && tell(cellText(seen.figure, word, step), seen.figure, word, step),
    step: (r) => {
      walk.stop();
      go(r, { isWalking: r !== Math.round(r), veil: 1 });
      if (r === Math.round(r)) asked.step(r);
    },
  });
  const fork = createFork();
  const ownWords = make('div', { className: 'own-words' });
  /** @type {Promise<ReturnType<typeof import('./writing.js').createWriting>> | undefined} */
  let writing;
  async function write() {
    writing ??= import('./writing.js').then(({ createWriting }) =>
      createWriting(asked.write, () => {
        caption.hidden = false;
      }),
    );
    const line = await writing;
    ownWords.replaceChildren(line.root);
    caption.hidden = true;
    line.open(seen?.state.words.join(' ') ?? '');
  }
  const another = button('Hold another word', () => seen && asked.hold(nextOf(seen.figure, seen.state.held)));
  const buttons = make(
    'div',
    { className: 'chips line' },
    button('Walk down', () => walk.walk(), { main: true }),
    button('Turn the sentence round', asked.turn, { 'aria-keyshortcuts': 'T' }),
    another,
    button('Write your own', write),
  );
  const bar = make(
    'p',
    { className: 'scale tick' },
    'less',
    make('span', { className: 'bar' }),
    'more',
    make('i', {}, 'each row by its own largest'),
  );
  const below = make(
    'div',
    { className: 'below' },
    make('h2', {}, 'Where do the two part?'),
    make('p', { className: 'caption' }),
  );
  const doing = make('div', { className: 'doing' }, buttons, bar, note);
  // On a phone the loom alone sticks, and the fork is below it.
  const narrow = make('div', { className: 'narrow' }, loom.root, doing);
  const narrowTrack = make('div', { className: 'narrow-track' }, narrow);
  const stage = make('div', { className: 'stage' }, narrowTrack, below, fork.root);
  const track = make('div', { className: 'track' }, stage);
  const save = saveMenu({
    name: 'apart',
    caption: () =>
      `How far each word is from its twin, in “${seen?.figure.words.join(' ')}” and the same turned round, after each step; last the held word where it is not told`,
    tensor: apartTensor,
    labels: () => ({
      columns: [...(seen?.figure.words ?? []), `${seen?.figure.words[seen.state.held]}, not told`],
      rows: STEPS.slice(0, STATES).map(({ name, layer }) =>
        layer < 0 ? name : `${name}, layer ${layer + 1}`,
      ),
    }),
    picture: async () => (await import('./picture.js')).wholePicture([loom.root, fork.root]),
  });
  const root = make(
    'div',
    { className: 'whole' },
    make('div', { className: 'head' }, make('h1', {}, 'Follow one word'), caption, ownWords),
    track,
    save,
  );

  const walk = createWalk({
    tracks: { wide: [track, stage], narrow: [narrowTrack, narrow] },
    signal: page.signal,
    show: go,
    rest: () => {
      isMoved = false;
      show();
    },
  });

  /** @param {number} r @param {{ isWalking: boolean, veil: number }} how */
  function go(r, { isWalking, veil }) {
    isMoved = true;
    reveal = r;
    ring = r;
    stage.style.setProperty('--veil', String(0.88 * veil));
    for (const part of [loom, fork]) part.show(reveal, isWalking);
  }

  /** All is seen; the ring stands where it was put, or where the two part. */
  function show() {
    if (!seen) return;
    const { step, held } = seen.state;
    if (step !== null) return go(step, { isWalking: false, veil: 1 });
    reveal = STEPS.length - 1;
    const parts = partsAt(seen.figure, held + 1);
    ring = parts < 0 ? RING : parts;
    for (const part of [loom, fork]) part.show(reveal, false);
    loom.ring(ring);
    tell();
  }

  /** @param {string} [text] @param {Figure} [figure] @param {number} [word] @param {number} [step] */
  function tell(text, figure, word = 0, step = 0) {
    if (text && figure) {
      const blind = step < STATES ? ` Not told: ${apartInWords(figure.apart.blind[step][word + 1])}.` : '';
      note.textContent = `${text}.${blind}`;
      page.say(text);
    } else if (seen)
      note.textContent = `${seen.state.isCut ? CUT : ''}${verdict(seen.figure, seen.state.held)}`;
  }

  async function apartTensor() {
    const { Tensor } = await import('../../../bindings/tensor.js');
    const { figure, state } = /** @type {NonNullable<typeof seen>} */ (seen);
    const rows = figure.apart.told.map((row, s) => [
      ...row.slice(1, -1),
      figure.apart.blind[s][state.held + 1],
    ]);
    return new Tensor('float32', Float32Array.from(rows.flat()), [rows.length, rows[0].length]);
  }

  const redraw = () => {
    if (!seen || !root.isConnected) return;
    loom.draw(seen.figure, seen.state.held);
    fork.draw(seen.figure, seen.state.held);
    walk.measure();
    if (isMoved) go(reveal, { isWalking: walk.isGoing(), veil: 1 });
    else show();
  };
  const watch = new ResizeObserver(onceAFrame(redraw));
  watch.observe(root);
  page.signal.addEventListener('abort', () => watch.disconnect());
  document.fonts?.ready.then(redraw);
  page.onTheme(() => {
    loom.redraw();
    if (seen) fork.draw(seen.figure, seen.state.held, true);
  });

  return {
    root,
    /** @param {Figure} figure @param {State} state */
    draw(figure, state) {
      seen = { figure, state };
      const { words, order } = figure;
      const line = /** @type {HTMLElement} */ (below.querySelector('p'));
      line.replaceChildren(
        `“${words.join(' ')}” and “${order.map((i) => words[i]).join(' ')}”: the word `,
        make('mark', {}, words[state.held]),
        ' of both.',
      );
      another.disabled = words.length < 2;
      // What takes over unnoticed does not stop who is going down.
      isMoved &&= walk.isGoing();
      redraw();
    },
    walk: walk.walk,
    focus: loom.focus,
    lift: loom.lift,
    /** @param {string} message */
    fault(message) {
      caption.replaceChildren(message);
      caption.className = 'fault';
    },
  };
}

/** What became of a word and its twin. @param {Figure} figure @param {number} held */
function verdict(figure, held) {
  const { words, apart, shares, known, isTurned } = figure;
  const word = words[held];
  const { a, b, agree } = twinsOf(shares.a[held], shares.b[held]);
  const strangers = words.filter((_, i) => !known[i]);
  const unknown = strangers.length
    ? `Unknown to the network, so all one word to it: ${[...new Set(strangers)].join(', ')}. `
    : '';
  if (!isTurned)
    return `${unknown}There are no two phrases to turn about the verb: drag a word, or press Alt with ← or →, for a second order.`;
  const parts = partsAt(figure, held + 1);
  if (parts < 0) return `${unknown}“${word}” and its twin never part.`;
  const end = apartText(apart.told[STATES - 1][held + 1]);
  if (agree) return `${unknown}They part, and still agree: ${a}. ${end} apart at the end.`;
  return `${unknown}“${word}” ends as ${a}, its twin as ${b}: ${end} apart. Not told, the two stay one.`;
}

/** The word to hold next: one that keeps its place comes first, since it only hears of the move. @param {Figure} figure @param {number} held */
function nextOf({ words, order }, held) {
  const isContent = (/** @type {number} */ i) => !/^(the|an?|by|was)$/.test(words[i]);
  const places = words.map((_, i) => i);
  const stays = places.filter((i) => order[i] === i && isContent(i));
  const moves = places.filter((i) => order[i] !== i && isContent(i));
  const round = [...stays, ...moves, ...places.filter((i) => !isContent(i))];
  if (moves.includes(held) && stays.length && !round.slice(0, stays.length).includes(held)) {
    const after = moves.indexOf(held) + 1;
    return after < moves.length && moves[after - 1] !== moves.at(-1) ? stays[0] : (stays[0] ?? moves[0]);
  }
  return round[(round.indexOf(held) + 1) % round.length];
}
