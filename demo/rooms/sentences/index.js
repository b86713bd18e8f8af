/**
 * Ask by meaning: sentences ranked by the cosines of their vectors to a question's. What is shown first comes with the page; a
 * visitor who loads a model asks in words of their own.
 */
import { readAddress, writeAddress } from '../../parts/address.js';
import { addStyle, make } from '../../parts/dom.js';
import { askLine } from './ask.js';
import { bring } from './bring.js';
import { heads } from './heads.js';
import { sentenceMap } from './map.js';
import { linesOf, own } from './own.js';
import { landing, placesOf } from './places.js';
import { ranking } from './ranking.js';
import { nameOf, reading } from './reading.js';
import { nearest } from './recall.js';
import css from './sentences.css';
import { small } from './small.js';
import { bakedRecall, bakedSpace, cosinesOf, modelSpace, recallOf, stacked } from './space.js';
import { QUESTIONS, SENTENCES, TOPIC_OF, TOPICS } from './texts.js';
import { overlap } from './words.js';

/** @typedef {import('./space.js').Space} Space */

const baking = import('baked:sentences').then((module) => module.default);
const KEPT = 128;
/** The head that looks at the word before: the build finds it, and a test that it is this one. */
const [LAYER, HEAD] = [0, 2];
/** A model outlives the visits of the room. @type {Space | null} */
let loaded = null;

/** @type {import('../../main.js').Room['mount']} */
export async function mount(root, page, address) {
  addStyle(css);
  page.title('Ask by meaning');
  const baked = await baking;
  let space = loaded ?? bakedSpace(baked);
  let places = space.isBaked ? baked.places : placesOf(stacked(space, SENTENCES), TOPIC_OF);
  /** @type {import('./space.js').Recall | null} */
  let recall = space.isBaked ? bakedRecall(baked) : null;
  let state = stateOf(address);
  let round = 0;
  let counting = new AbortController();
  let counted = '';

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
  const aside = make('p', { className: 'aside' });
  const needs = make('p', { className: 'caption needs', hidden: true });
  const figures = make('div', { className: 'figures' });
  figures.append(
    make('div', { className: 'two' }, list.element, make('figure', {}, map.element, make('figcaption', {}))),
    make(
      'div',
      { className: 'two rule' },
      make('section', { 'aria-label': 'Recall' }, make('h2', {}, 'How small can a vector be?'), size.element),
      looking.element,
    ),
  );
  root.append(
    make('header', { className: 'head' }, make('h1', {}, 'Ask by meaning'), aside),
    line.element,
    model.status,
    needs,
    figures,
    make(
      'div',
      { className: 'two rule' },
      make('section', {}, make('h2', {}, 'Your own sentences'), mine.element, model.panel),
      make(
        'section',
        {},
        make('h2', {}, 'What the network reads'),
        make(
          'p',
          { className: 'caption under' },
          'Words it knows are one piece, others several: ',
          make('b', { className: 'who' }, 'first pieces'),
          ', ',
          make('b', { className: 'whom' }, 'pieces that go on'),
          ', and a start and an end. Each is a row of a table.',
        ),
        pieces.element,
      ),
    ),
  );
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
    await next.looks(QUESTIONS[0]);
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
    return { yours, all: state.isOnly && yours.length ? yours : [...SENTENCES, ...yours] };
  }

  async function update() {
    const now = ++round;
    const question = state.question.trim();
    line.set(state.question);
    writeState();
    showModel();
    const { yours, all } = sentencesNow();
    const isUnknown = space.isBaked && question !== '' && !space.knows(question);
    needs.hidden = !(isUnknown || !question);
    figures.classList.toggle('waiting', isUnknown || !question);
    if (!question) return needs.replaceChildren('Type a question.');
    if (isUnknown)
      return needs.replaceChildren(
        'For your own words: ',
        model.offer('plain', 'load'),
        ', or drop its folder.',
      );
    const learn = async () => {
      await space.learn(all, page.signal);
      return space.learn([question], page.signal);
    };
    const time = await learn().catch((error) => {
      if (!page.signal.aborted) model.complain(`This was not compared: ${error.message}.`);
      return null;
    });
    if (time === null || now !== round || page.signal.aborted) return;
    if (time) line.say(`${time < 10 ? time.toFixed(1) : Math.round(time)} ms`);
    else if (space.isBaked) line.say('');
    const cosines = cosinesOf(space, question, all);
    showRanking(question, all, cosines);
    showMap(question, yours, all, cosines);
    await Promise.all([showRecall(all, question), showReading(question, all[nearest(cosines, 1)[0]], now)]);
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

  /** @param {string} text */
  const topicOf = (text) => TOPICS[TOPIC_OF[SENTENCES.indexOf(text)]] ?? { name: '', colour: 'yours' };

  /** @param {string} question @param {string[]} all @param {Float32Array} cosines */
  function showRanking(question, all, cosines) {
    const order = nearest(cosines);
    const rows = order.map((i) => ({
      text: all[i],
      cosine: cosines[i],
      colour: topicOf(all[i]).colour,
      topic: topicOf(all[i]).name || 'yours',
    }));
    list.show({ rows, held: state.held, isAll: state.isAll, note: overlap(question, all[order[0]]) });
  }

  /** @param {string} question @param {string[]} yours @param {string[]} all @param {Float32Array} cosines */
  function showMap(question, yours, all, cosines) {
    const isOwn = all === yours;
    const at = isOwn
      ? placesOf(stacked(space, yours), null)
      : [...places, ...yours.map((text) => landing(cosinesOf(space, text, SENTENCES), places).at)];
    const dots = all.map((text, i) => ({
      text,
      colour: topicOf(text).colour,
      topic: topicOf(text).name,
      place: at[i],
    }));
    map.show({ dots, landed: landing(cosines, at), held: state.held, question });
    const caption = /** @type {HTMLElement} */ (figures.querySelector('figcaption'));
    caption.textContent = `${space.width} numbers a sentence, flattened to two: near means alike. The question lies between its five nearest.`;
  }

  /** @param {string[]} all @param {string} question */
  async function showRecall(all, question) {
    const questions = [...new Set([...(all.length >= SENTENCES.length ? QUESTIONS : []), question])];
    const key = JSON.stringify([space.name, all, questions]);
    if (!space.isBaked && key !== counted) {
      counted = key;
      counting.abort();
      counting = new AbortController();
      const { signal } = counting;
      await space.learn(questions, page.signal);
      const found = await recallOf(space, all, questions, AbortSignal.any([signal, page.signal]));
      if (signal.aborted || page.signal.aborted) return;
      recall = found;
    }
    const steps = recall?.steps ?? [];
    const kept = steps.reduce(
      (best, step) => (Math.abs(step - state.kept) < Math.abs(best - state.kept) ? step : best),
      steps[0] ?? 0,
    );
    size.show({ recall, kept, question });
  }

  /** @param {string} question @param {string} best @param {number} now */
  async function showReading(question, best, now) {
    const second = state.held && state.held !== question ? state.held : best;
    const [asked, other, looks] = await Promise.all([
      space.pieces(question),
      space.pieces(second),
      space.looks(question),
    ]);
    if (now !== round || page.signal.aborted) return;
    const limit = space.maxLength;
    pieces.show([
      { name: 'the question', text: question, pieces: asked, limit },
      {
        name: second === state.held ? 'the sentence held' : 'the nearest',
        text: second,
        pieces: other,
        limit,
      },
    ]);
    const count = looks?.tokens ?? 0;
    const read =
      asked && asked.length > count ? [...asked.slice(0, count - 1), asked[asked.length - 1]] : (asked ?? []);
    const labels = Array.from({ length: count }, (_, i) =>
      read[i] ? nameOf(read[i], question) : String(i + 1),
    );
    const row = Math.min(state.row < 0 ? 2 : state.row, count - 1);
    const held = {
      layer: Math.min(state.layer, (looks?.layers ?? 1) - 1),
      head: Math.min(state.head, (looks?.heads ?? 1) - 1),
      row,
      column: Math.min(state.row < 0 ? Math.max(row - 1, 0) : state.column, count - 1),
    };
    looking.show({
      looks,
      labels,
      held,
      missing:
        'The heads of the six questions come with the page; for others load MiniLM, or drop its folder.',
    });
  }

  function writeState() {
    const { question, held, kept, layer, head, row, column, own: text, isOnly, isAll } = state;
    const params = {
      q: question === QUESTIONS[0] ? null : question,
      hold: held || null,
      n: kept === KEPT ? null : kept,
      head: layer === LAYER && head === HEAD ? null : `${layer + 1}.${head + 1}`,
      cell: row < 0 ? null : `${row}.${column}`,
      own: text || null,
      only: isOnly ? 1 : null,
      all: isAll ? 1 : null,
    };
    if (!writeAddress('sentences', [], params)) writeAddress('sentences', [], { ...params, own: null });
  }

  const asideOffer = model.offer('plain', 'load');
  await update();
  return {
    show: (next) => {
      state = stateOf(next);
      update();
    },
  };
}

/** @param {import('../../parts/address.js').Address} [address] */
function stateOf({ params } = readAddress()) {
  const pair = (/** @type {string} */ name) => params.get(name)?.split('.').map(Number) ?? [];
  const whole = (/** @type {unknown} */ x, /** @type {number} */ otherwise) =>
    Number.isInteger(x) && Number(x) >= 0 ? Number(x) : otherwise;
  const [layer, head] = pair('head');
  const [row, column] = pair('cell');
  return {
    question: params.get('q') ?? QUESTIONS[0],
    held: params.get('hold') ?? '',
    kept: whole(Number(params.get('n') ?? Number.NaN), KEPT),
    layer: whole(layer - 1, LAYER),
    head: whole(head - 1, HEAD),
    row: whole(row, -1),
    column: whole(column, 0),
    own: params.get('own') ?? '',
    isOnly: params.get('only') === '1',
    isAll: params.get('all') === '1',
  };
}
