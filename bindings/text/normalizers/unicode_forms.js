/**
 * Unicode's normal forms as the Rust tokenizers have them: by the tables of Unicode 9, and each character of the result
 * traced to one of those it was made of. The forms themselves are the engine's.
 */
import { isHigh } from '../character_set.js';
import { LATER } from '../characters.js';
import { Rewriter } from '../section.js';

/** @import { Section } from '../section.js' */
/** @typedef {'NFC' | 'NFD' | 'NFKC' | 'NFKD'} Form */
/**
 * A character of the result, and how it takes the place of old ones: 0 of one, -n of one and the n after it, 1 of none. With
 * 0 it may be several, each in the place of one.
 * @typedef {[characters: string, change: number]} Change
 */

const later = new RegExp(`[${LATER}]`, 'u');
const apart = new RegExp(`[^${LATER}]+`, 'gu');

// What may join the character before it or change places with it: marks, vowels and finals of Hangul.
const JOINING = '\\p{M}\\u1160-\\u11ff\\u3131-\\u318e\\ud7b0-\\ud7ff\\uff9e-\\uffdc';
const joined = `(?:(?![${LATER}])[${JOINING}])+`;
const stretches = new RegExp(`[^${JOINING}${LATER}]?${joined}|[^\\0-\\x7f${LATER}]`, 'gu');

/** @param {string} text @param {Form} form @returns {string} */
export function normalForm(text, form) {
  return later.test(text) ? text.replace(apart, (run) => run.normalize(form)) : text.normalize(form);
}

/**
 * @param {Form} form
 * @returns {(section: Section) => Section}
 */
export function unicodeForm(form) {
  return (section) => {
    const text = normalForm(section.text, form);
    if (text === section.text) return section;
    const rewriter = new Rewriter(section);
    if (!section.traced) {
      rewriter.skip(section.text.length);
      rewriter.put(text, 0);
      return rewriter.finish();
    }
    for (const { 0: stretch, index } of section.text.matchAll(stretches)) {
      if (normalForm(stretch, form) === stretch) continue;
      rewriter.keep(index);
      replaceCharacters(rewriter, index + stretch.length, changesOf(stretch, form));
    }
    return rewriter.finish();
  };
}

/**
 * Writes characters for those up to `end`, each traced as its change tells.
 * @param {Rewriter} rewriter
 * @param {number} end
 * @param {Change[]} changes
 */
export function replaceCharacters(rewriter, end, changes) {
  const { text } = rewriter.section;
  let unit = rewriter.at;
  for (const [characters, change] of changes) {
    if (change > 0) rewriter.put(characters, Math.max(unit - 1, 0));
    else unit = rewriter.follow(characters, unit);
    for (let rest = change; rest < 0; rest++) unit += isHigh(text.charCodeAt(unit)) ? 2 : 1;
  }
  rewriter.skip(end);
}

/**
 * @param {string} text a stretch that nothing outside joins
 * @param {Form} form
 * @returns {Change[]}
 */
function changesOf(text, form) {
  const apartForm = form.startsWith('NFK') ? 'NFKD' : 'NFD';
  /** @type {Map<string, number[]>} */
  const queues = new Map();
  for (const character of text) {
    let change = 0;
    for (const part of character.normalize(apartForm)) {
      const queue = queues.get(part);
      if (queue) queue.push(change);
      else queues.set(part, [change]);
      change = 1;
    }
  }
  // Marks are sorted by class, and equal ones keep their order.
  for (const queue of queues.values()) queue.reverse();
  const parts = [...text.normalize(apartForm)].map(
    (part) => /** @type {Change} */ ([part, queues.get(part)?.pop() ?? 0]),
  );
  return form === apartForm ? parts : compose(parts);
}

/**
 * Joins characters that came apart: a starter with the marks after it, unless one of the same class stands between.
 * @param {Change[]} parts
 * @returns {Change[]}
 */
function compose(parts) {
  /** @type {Change[]} */
  const result = [];
  let starter = -1; // its place in the result
  let last = ''; // the mark that was left over last
  for (const [character, change] of parts) {
    const isStarter = !isMark(character);
    const isBlocked = last !== '' && (isStarter || sameClass(last, character));
    const joined = starter >= 0 && !isBlocked ? join(result[starter][0], character) : null;
    if (joined !== null) {
      result[starter] = [joined, result[starter][1] + change - 1];
      continue;
    }
    if (isStarter) starter = result.length;
    last = isStarter || starter < 0 ? '' : character;
    result.push([character, change]);
  }
  return result;
}

/** @param {string} first @param {string} second @returns {string | null} */
function join(first, second) {
  const joined = (first + second).normalize('NFC');
  return Number(joined.codePointAt(0)) > 0xffff === (joined.length === 2) && joined.length < 3
    ? joined
    : null;
}

const MARK = '\u0345'; // of the highest class, 240, and the only one of it

/** @param {string} character @returns {boolean} whether its combining class is not 0 */
function isMark(character) {
  return character === MARK || `a${MARK}${character}`.normalize('NFD').endsWith(MARK);
}

/** Whether two marks in canonical order are of one class. @param {string} first @param {string} second */
function sameClass(first, second) {
  return `a${second}${first}`.normalize('NFD') === `a${second}${first}`;
}
