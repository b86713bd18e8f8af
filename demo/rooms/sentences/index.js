/**
 * Ask by meaning: sentences ranked by the cosines of their vectors to a question's. What is shown first comes with the page; a
 * visitor who loads a model asks in words of their own.
 */
import { addStyle, make } from '../../parts/dom.js';
import { saveMenu } from '../../parts/save.js';
import { askLine } from './ask.js';
import { bring } from './bring.js';
import { layOut } from './layout.js';
import { sentenceMap } from './map.js';
import { landing, placesOf } from './places.js';
import { ranking } from './ranking.js';
import { nearest } from './recall.js';
import css from './sentences.css';
import { dotsOf, heldOf, labelsOf, rowsOf, stepOf } from './shown.js';
import { bakedRecall, bakedSpace, cosinesOf, modelSpace, recallOf, stacked } from './space.js';
import { stateOf, writeState } from './state.js';
import { QUESTIONS, SENTENCES, TOPIC_OF } from './texts.js';
import { linesOf, overlap } from './words.js';

/** @typedef {import('./space.js').Space} Space */

const baking = import('baked:sentences').then((module) => module.default);
const building = import('./below.js');
/** A model outlives the visits of the room. @type {Space | null} */
let loaded = null;

/** @type {import('../../main.js').Room['mount']} */
export async function mount(root, page, address) {
  addStyle(css);
  page.title('Ask by meaning');
  const [baked, { heads, own, reading, small }] = await Promise.all([baking, building]);
  let space = loaded ?? bakedSpace(baked);
  let places = space.isBaked ? baked.places : placesOf(stacked(space, SENTENCES), TOPIC_OF);
  /** @type {import('./space.js').Recall | null} */
  let recall = space.isBaked ? bakedRecall(baked) : null;
  let state = stateOf(address);
  let round = 0;
  let counting = new AbortController();
  let counted = '';
  /** @type {readonly string[]} */
  let compared = SENTENCES;

  const line = askLine({ change: (question) => set({ question, row: -1 }), signal: page.signal });
  const list = ranking({
    hold: (held) => set({ held }),
    ask: (question) => set({ question, held: '', row: -1 }),
    open: (isAll) => set({ isAll }),
  });
  const map = sentenceMap({ hold: (held) => set({ held }) });
  const size = small({ change: (kept) => set({ kept }) });
  const looking = heads({
    open: (layer, head) => set({ layer, head }),
    hold: (row, column) => set({ row, column }),
  });
  const pieces = reading();
  const mine = own({ change: (text, isOnly) => set({ own: text, isOnly }) });
  const model = bring({ page, take, takeFile });
  const [asideOffer, needsOffer] = [model.offer('plain', 'load'), model.offer('plain', 'load')];
  const aside = make('p', { className: 'aside' });
  const needs = make('p', { className: 'caption needs', hidden: true });
  const figures = layOut(root, {
    ...{ aside, needs, ask: line.element, status: model.status, list: list.element, map: map.element },
    ...{ size: size.element, looking: looking.element, mine: mine.element, panel: model.panel },
    pieces: pieces.element,
    vectors: saveMenu({
      name: 'vectors',
      caption: () => `Vectors by ${space.name}, one a row`,
      tensor: () => stacked(space, compared),
      labels: () => ({ rows: [...compared] }),
    }),
  });
  page.onTheme(() => update());

  /** @param {Partial<typeof state>} change */
  function set(change) {
    state = { ...state, ...change };
    update();
  }

  /** @param {import('./bring.js').Model} brought @param {string} name */
  async function take(brought, name) {
    const next = modelSpace(brought, name);
    await next.learn(SENTENCES, page.signal);
    loaded?.dispose();
    [loaded, space] = [next, next];
    places = placesOf(stacked(space, SENTENCES), TOPIC_OF);
    counted = '';
    await update();
  }

  /** A text file's lines become sentences. @param {File} file */
  function takeFile(file) {
    if (!/\.(txt|md|csv)$/i.test(file.name)) return false;
    file.text().then((text) => set({ own: [state.own, text].filter(Boolean).join('\n') }));
    return true;
  }

  /** What is asked: the page's sentences, the visitor's, or both. */
  function sentencesNow() {
    const yours = space.isBaked ? [] : linesOf(state.own).filter((text) => !SENTENCES.includes(text));
    return state.isOnly && yours.length ? yours : [...SENTENCES, ...yours];
  }

  async function update() {
    const now = ++round;
    const question = state.question.trim();
    line.set(state.question);
    writeState(state);
    showModel();
    const isUnknown = space.isBaked && question !== '' && !space.knows(question);
    needs.hidden = !isUnknown && question !== '';
    figures.classList.toggle('waiting', !needs.hidden);
    if (!question) return needs.replaceChildren('Type a question.');
    if (isUnknown) return needs.replaceChildren('For your own words: ', needsOffer, ', or drop its folder.');
    const texts = sentencesNow();
    const time = await learn(texts, question);
    if (time === null || now !== round || page.signal.aborted) return;
    if (time) line.say(`${time < 10 ? time.toFixed(1) : Math.round(time)} ms`);
    compared = texts;
    const cosines = cosinesOf(space, question, texts);
    const [best] = nearest(cosines, 1);
    const { held, isAll } = state;
    list.show({ rows: rowsOf(texts, cosines), held, isAll, question, note: overlap(question, texts[best]) });
    const dots = dotsOf(space, places, texts);
    const landed = landing(
      cosines,
      dots.map(({ place }) => place),
    );
    map.show({ dots, landed, held, question, width: space.width });
    await Promise.all([showRecall(texts, question), showReading(question, texts[best], now)]);
  }

  /** @param {readonly string[]} texts @param {string} question @returns {Promise<number | null>} milliseconds of the question */
  async function learn(texts, question) {
    try {
      await space.learn(texts, page.signal);
      return await space.learn([question], page.signal);
    } catch (error) {
      if (!page.signal.aborted)
        model.complain(`This was not compared: ${/** @type {Error} */ (error).message}.`);
      return null;
    }
  }

  function showModel() {
    const text = space.isBaked
      ? ['Vectors of the 36 sentences come with the page. For your own words: ', asideOffer]
      : [`${space.name} is loaded: ${space.width} numbers a sentence, computed here.`];
    aside.replaceChildren(...text);
    const message =
      space.isBaked && linesOf(state.own).length
        ? 'For your own words: load MiniLM, or drop its folder.'
        : '';
    mine.show({ text: state.own, isOnly: state.isOnly, message });
  }

  /** @param {readonly string[]} texts @param {string} question */
  async function showRecall(texts, question) {
    const questions = [...new Set([...(texts.includes(SENTENCES[0]) ? QUESTIONS : []), question])];
    const key = JSON.stringify([space.name, texts, questions]);
    if (!space.isBaked && key !== counted) {
      counted = key;
      counting.abort();
      counting = new AbortController();
      const { signal } = counting;
      await space.learn(questions, page.signal);
      const found = await recallOf(space, texts, questions, AbortSignal.any([signal, page.signal]));
      if (signal.aborted || page.signal.aborted) return;
      recall = found;
    }
    size.show({ recall, kept: stepOf(recall?.steps ?? [], state.kept), question });
  }

  /** @param {string} question @param {string} best @param {number} now */
  async function showReading(question, best, now) {
    const isHeld = state.held !== '' && state.held !== question && space.knows(state.held);
    const second = isHeld ? state.held : best;
    const texts = [question, second];
    const [[asked, other], looks] = await Promise.all([
      Promise.all(texts.map((text) => space.pieces(text))),
      space.looks(question),
    ]);
    if (now !== round || page.signal.aborted) return;
    const limit = space.maxLength;
    pieces.show([
      { name: 'the question', text: question, pieces: asked, limit },
      { name: isHeld ? 'the sentence held' : 'the nearest', text: second, pieces: other, limit },
    ]);
    const labels = labelsOf(asked, question, looks?.tokens ?? 0);
    const missing =
      'The heads of the six questions come with the page; for others load MiniLM, or drop its folder.';
    looking.show({ looks, labels, held: heldOf(state, looks), missing });
  }

  await update();
  return {
    show: (next) => {
      state = stateOf(next);
      update();
    },
  };
}
