/**
 * The patterns that a tokenizer.json splits and replaces by. A regular expression is compiled only if it is one of published
 * tokenizers, or of a form that no text makes the engine search in for long.
 */
import { show } from '../errors.js';
import { isObject } from '../formats/json.js';
import { WHITE_SPACE, WORD } from './characters.js';
import { parsePattern } from './pattern_syntax.js';

/** @import { Part } from './parts.js' */
/** @import { Node } from './pattern_syntax.js' */

/** @typedef {(text: string) => number[]} Find the beginning and end of each match, one after the other */

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const WORDS = `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|`;
const MARKS = '| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const [UPPER, LOWER] = ['[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]', '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]'];

/** Whose later alternatives take what their earlier ones gave up on: work stays linear all the same. */
const PUBLISHED = new Set([
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", // GPT-2, RoBERTa
  `${WORDS}\\p{N}{1,3}${MARKS}`, // GPT-4, Llama 3, EuroBERT
  `${WORDS}\\p{N}${MARKS}`, // Qwen 2
  `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+${CONTRACTIONS}?|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*${CONTRACTIONS}?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`, // GPT-4o
]);
/** Characters that the limited parts of a pattern may take, and ways to take them. */
const MOST_LIMITED = 256;
const MOST_WAYS = 1024;

/**
 * @param {Part} part with the key `pattern`: {String} or {Regex}
 * @returns {Find}
 */
export function makePattern(part) {
  const pattern = part.raw('pattern');
  const [kind, source] = (isObject(pattern) && Object.entries(pattern)[0]) || [];
  if (typeof source !== 'string' || Object.keys(pattern).length !== 1) {
    throw part.fail(`has pattern ${show(pattern)}; expected {String} or {Regex}`, pattern);
  }
  if (source === '') throw part.unsupported('has an empty pattern; expected one that matches something', '');
  if (kind === 'String') return (text) => findString(text, source);
  if (kind !== 'Regex') throw part.fail(`has pattern ${show(kind)}; expected String or Regex`, pattern);
  return compile(source, part);
}

/** The pattern of ByteLevel's own. @returns {Find} */
export const byteLevelPattern = () => {
  const [source] = PUBLISHED;
  return findAll(printPattern(parsePattern(source, (what) => new Error(what))));
};

/** What the part Whitespace takes for words: of letters and the like, or of all else that is no white space. @returns {Find} */
export const wordsPattern = () => findAll(`[${WORD}]+|[^${WORD}${WHITE_SPACE}]+`);

/** @param {string} text @param {string} wanted */
function findString(text, wanted) {
  const found = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    found.push(at, at + wanted.length);
  }
  return found;
}

/** @param {string} source of an engine's pattern, which matches nothing empty @returns {Find} */
function findAll(source) {
  const pattern = new RegExp(source, 'gu');
  return (text) => {
    const found = [];
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      found.push(match.index, pattern.lastIndex);
    }
    return found;
  };
}

/** @param {string} source @param {Part} part @returns {Find} */
function compile(source, part) {
  const fail = (/** @type {string} */ what) =>
    part.unsupported(
      `has the pattern ${show(source)} with ${what}; expected one of published tokenizers, or alternatives of characters whose only unlimited repeats come last`,
      source,
    );
  const node = parsePattern(source, fail);
  if (!PUBLISHED.has(source)) {
    for (const branch of node.kind === 'choice' ? node.branches : [node]) checkBranch(branch, fail);
  }
  return findAll(printPattern(node));
}

/**
 * An alternative as a whole: after what repeats without limit nothing is required, so that it never gives back what it took.
 * @param {Node} branch
 * @param {(what: string) => Error} fail
 */
function checkBranch(branch, fail) {
  const items = branch.kind === 'sequence' ? branch.items : [branch];
  const isUnlimited = (/** @type {Node} */ item) => item.kind === 'repeat' && item.max === Infinity;
  const first = items.findIndex(isUnlimited);
  const limited = first < 0 ? items : items.slice(0, first);
  let [least, most, ways] = [0, 0, 1];
  for (const item of limited) {
    const size = sizeOf(item, fail);
    least += size.least;
    most += size.most;
    ways *= size.ways;
  }
  for (const [i, item] of items.slice(limited.length).entries()) {
    if (item.kind !== 'repeat' || item.item.kind !== 'set' || (i > 0 && item.min > 0)) {
      throw fail('something required after an unlimited repeat, or a repeated group');
    }
    if (i > 0) continue;
    least += item.min;
    most += item.min;
  }
  if (most > MOST_LIMITED || ways > MOST_WAYS) throw fail('too many ways to match');
  if (least === 0) throw fail('an alternative that matches nothing');
}

/**
 * @param {Node} node without unlimited repeats
 * @param {(what: string) => Error} fail
 * @returns {{ least: number, most: number, ways: number }} characters that it takes, and ways to take them
 */
function sizeOf(node, fail) {
  if (node.kind === 'set') return { least: 1, most: 1, ways: 1 };
  if (node.kind === 'look') throw fail('an assertion');
  if (node.kind === 'repeat') {
    const { least, most, ways } = sizeOf(node.item, fail);
    if (node.max > 1 && node.item.kind !== 'set') throw fail('a repeated group');
    return { least: least * node.min, most: most * node.max, ways: ways + node.max - node.min };
  }
  const sizes = (node.kind === 'choice' ? node.branches : node.items).map((item) => sizeOf(item, fail));
  const sum = (/** @type {'least' | 'most' | 'ways'} */ key) =>
    sizes.reduce((total, size) => total + size[key], 0);
  if (node.kind === 'choice') {
    const [least, most] = [
      Math.min(...sizes.map((size) => size.least)),
      Math.max(...sizes.map((size) => size.most)),
    ];
    return { least, most, ways: sum('ways') };
  }
  return { least: sum('least'), most: sum('most'), ways: sizes.reduce((total, { ways }) => total * ways, 1) };
}

/** @param {Node} node @returns {string} for an engine's pattern with flag u */
function printPattern(node) {
  if (node.kind === 'set') return node.source;
  if (node.kind === 'sequence') return node.items.map(printItem).join('');
  if (node.kind === 'choice') return node.branches.map(printPattern).join('|');
  if (node.kind === 'look') return `(?${node.negative ? '!' : '='}${printPattern(node.item)})`;
  const { min, max } = node;
  return `${printItem(node.item, true)}{${min},${max === Infinity ? '' : max}}`;
}

/** @param {Node} node @param {boolean | number} [repeated] */
function printItem(node, repeated) {
  const isWhole =
    node.kind === 'set' || node.kind === 'look' || (node.kind === 'repeat' && repeated !== true);
  return isWhole ? printPattern(node) : `(?:${printPattern(node)})`;
}
