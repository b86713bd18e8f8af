/** The room's state: the sentence, what both networks say of it, and what that is compared with. Not here: what is drawn. */
import { readingsOf, readWords } from './networks.js';
import { answerOf, sureOf } from './reading.js';
import { MOST_WORDS, swapped, wordsOf } from './sentences.js';

/**
 * @import { Positions } from './networks.js'
 * @import { Word } from './sentences.js'
 * @import { Readings } from './stage.js'
 *
 * @typedef {object} Seen what there is to show
 * @property {readonly Word[]} words
 * @property {ReadonlySet<number>} marked ids
 * @property {number | null} held id of the word in a hand
 *
 * @typedef {{ words: Word[], positions: Positions, readings: Readings }} Answered a sentence and what was said of it
 *
 * @typedef {object} View
 * @property {(seen: Seen) => void} place the words stand elsewhere
 * @property {(words: readonly Word[], readings: Readings) => void} show what the networks say
 * @property {(text: string) => void} tell a message; an empty one takes it away
 */

const NO_TWO = 'There are no two to trade: write one who does something to another.';
const tooLong = (/** @type {number} */ count) =>
  `These networks read up to ${MOST_WORDS} words; this sentence has ${count}.`;

/** @param {View} view @param {AbortSignal} signal */
export function createSession(view, signal) {
  /** @type {Word[]} */
  let words = [];
  /** @type {Positions} */
  let positions = 'sines';
  /** @type {Answered | undefined} */
  let before;
  /** @type {Answered | undefined} */
  let seen;
  /** @type {Word[][]} */
  const past = [];
  /** @type {Set<number>} */
  let marked = new Set();
  /** @type {number | null} */
  let held = null;
  let asked = 0;
  /** The answers that are on their way. @type {Promise<void> | undefined} */
  let reading;

  const texts = () => words.map(({ text }) => text);
  const place = () => view.place({ words, marked, held });

  /**
   * @param {Word[]} next
   * @param {{ isNew?: boolean }} [how] isNew: another sentence, with nothing to compare
   * @returns {Promise<void>}
   */
  function set(next, how) {
    reading = ask(next, how);
    return reading;
  }

  /** @type {typeof set} */
  async function ask(next, { isNew = false } = {}) {
    if (isNew) before = undefined;
    words = next;
    view.tell('');
    place();
    const now = ++asked;
    const by = positions;
    try {
      // What is known is shown in the same frame.
      const readings = readingsOf(texts(), by) ?? (await readWords(texts(), by));
      if (now !== asked || signal.aborted) return;
      seen = { words, positions: by, readings };
      view.show(words, readings);
    } catch (error) {
      if (!signal.aborted)
        view.tell(`The networks could not be read: ${/** @type {Error} */ (error).message}`);
    }
  }

  /** What stands now is what the next answers are compared with. */
  function keep() {
    past.push(words);
    before = seen;
  }

  return {
    texts,
    words: () => words,
    seen: () => seen,
    positions: () => positions,
    redraw: () => {
      place();
      if (seen && seen.words === words) view.show(words, seen.readings);
    },

    /** Another sentence. @param {string} text @param {readonly string[]} [marks] words that get the mark */
    start(text, marks = []) {
      const next = wordsOf(text);
      if (next.length === 0) return view.tell('Type a word.');
      if (next.length > MOST_WORDS) return view.tell(tooLong(next.length));
      if (words.length) past.push(words);
      marked = new Set(next.filter((word) => marks.includes(word.text)).map(({ id }) => id));
      return set(next, { isNew: true });
    },

    /** The two phrases about the verb trade places. */
    async swap() {
      await reading;
      if (seen?.words !== words) return; // it could not be read, and a message says so
      const found = swapped(words, seen.readings.told.shares);
      if (!found) return view.tell(NO_TWO);
      keep();
      marked = new Set(found.marks);
      return set(found.words);
    },

    /** @param {Positions} value */
    choose(value) {
      positions = value;
      return set(words, { isNew: true });
    },

    /** A word is picked up, or let go. @param {number | null} id */
    hold(id) {
      if (id !== null && held === null) keep();
      held = id;
      if (id !== null) marked = new Set([id]);
      place();
    },

    /** @param {number} id @param {number} to */
    carry(id, to) {
      const next = words.filter((word) => word.id !== id);
      next.splice(to, 0, /** @type {Word} */ (words.find((word) => word.id === id)));
      return set(next);
    },

    /** A text in place of a word; an empty one takes it out. @param {number} id @param {string} text */
    type(id, text) {
      const typed = wordsOf(text);
      const next = words.flatMap((word) => (word.id === id ? typed : [word]));
      if (next.length === 0) return view.tell('Type a word.');
      if (next.length > MOST_WORDS) return view.tell(tooLong(next.length));
      past.push(words);
      marked = new Set(typed.map((word) => word.id));
      return set(next, { isNew: true });
    },

    undo() {
      const last = past.pop();
      return last && set(last, { isNew: true });
    },

    /** "3 of 10", "changed": since what is compared with, or how many are sure. @param {'told' | 'blind'} side */
    count(side) {
      if (!seen) return { number: '', what: '' };
      const { shares } = seen.readings[side];
      const number = before ? changes(before, side, shares) : sureOf(seen.readings[side]);
      return {
        number: `${number} of ${words.length}`,
        what: before ? 'changed' : 'are sure',
      };
    },
  };

  /**
   * How many words got another answer, each by itself wherever it went.
   * @param {Answered} was
   * @param {'told' | 'blind'} side
   * @param {number[][]} shares
   */
  function changes(was, side, shares) {
    const answers = new Map(was.words.map(({ id }, i) => [id, answerOf(was.readings[side].shares[i])]));
    return words.filter(({ id }, i) => answers.has(id) && answers.get(id) !== answerOf(shares[i])).length;
  }
}
