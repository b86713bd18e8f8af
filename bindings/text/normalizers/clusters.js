/**
 * Where several characters are one to the eye (grapheme clusters): only as far as clusters of up to five bytes need, which
 * the map of Precompiled looks up whole. Longer ones may come in pieces of six bytes and more. Source: Unicode's UAX 29.
 */

// Signs that begin a cluster with what follows, and marks that count as letters there.
const BEFORE =
  '\\u0600-\\u0605\\u06dd\\u070f\\u0890-\\u0891\\u08e2\\u0d4e\\u{110bd}\\u{110cd}\\u{111c2}-\\u{111c3}\\u{113d1}\\u{1193f}\\u{11941}\\u{11a3a}\\u{11a84}-\\u{11a89}\\u{11d46}\\u{11f02}';
const APART =
  '\\u102b\\u102c\\u1038\\u1062-\\u1064\\u1067-\\u106d\\u1083\\u1087-\\u108c\\u108f\\u109a-\\u109c\\u1a61\\u1a63\\u1a64\\uaa7b\\uaa7d\\u{11720}\\u{11721}';
const AFTER = `(?:(?![${APART}])[\\p{Grapheme_Extend}\\p{Emoji_Modifier}\\p{Mc}\\u0e33\\u0eb3\\u200d])`;
// Controls stand alone, but for a few that count as marks.
const BASE = '(?:[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]|[\\u200c\\u200d\\u{e0020}-\\u{e007f}])';
const CLUSTER = `\\r\\n|[${BEFORE}]+(?:(?!${AFTER}|[${BEFORE}])${BASE})?${AFTER}*|${BASE}${AFTER}+`;
/** Made when it is asked for first: that takes more than a millisecond. @type {RegExp | undefined} */
let cluster;

/** Units that a cluster of five bytes has at most. */
const LONGEST = 5;

/**
 * @param {string} text
 * @returns {Iterable<{ start: number, end: number }>} clusters of several characters and few units; in the rest of the text
 *   every character may be taken alone
 */
export function* clusters(text) {
  cluster ??= new RegExp(CLUSTER, 'gu');
  for (const { 0: found, index } of text.matchAll(cluster)) {
    const end = index + found.length;
    if (found.length <= LONGEST && !isPart(text, index, end)) yield { start: index, end };
  }
}

/** Whether what was found is a part of something longer. @param {string} text @param {number} start @param {number} end */
function isPart(text, start, end) {
  if (joinSyllable(text.charCodeAt(start - 1), text.charCodeAt(start))) return true;
  if (joinSyllable(text.charCodeAt(end - 1), text.charCodeAt(end))) return true;
  return (
    text[end - 1] === '\u200d' && picture.test(text.slice(start)) && picture.test(text.slice(end, end + 2))
  );
}

/** © and ® are of these. */
const picture = /^\p{Extended_Pictographic}/u;

/** @param {number} unit */
const isVowel = (unit) => (unit >= 0x1160 && unit <= 0x11a7) || (unit >= 0xd7b0 && unit <= 0xd7c6);
/** @param {number} unit */
const isFinal = (unit) => (unit >= 0x11a8 && unit <= 0x11ff) || (unit >= 0xd7cb && unit <= 0xd7fb);
/** @param {number} unit */
const isInitial = (unit) => (unit >= 0x1100 && unit <= 0x115f) || (unit >= 0xa960 && unit <= 0xa97c);
/** @param {number} unit */
const isSyllable = (unit) => unit >= 0xac00 && unit <= 0xd7a3;

/** Whether two letters of Hangul are in one syllable. @param {number} first @param {number} second */
function joinSyllable(first, second) {
  const isOpen = isVowel(first) || (isSyllable(first) && (first - 0xac00) % 28 === 0);
  if (isVowel(second)) return isInitial(first) || isOpen;
  if (isFinal(second)) return isOpen || isFinal(first) || isSyllable(first);
  return isInitial(first) && (isInitial(second) || isSyllable(second));
}
