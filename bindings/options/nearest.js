/** The name that a misspelt one was meant to be, for messages: another case, other joints between words, a letter or two. */

/** Letters and digits alone, in one case: prompt_name and promptName are the same. @param {string} name */
const plain = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Letters that the shorter of two names has at least, where one is a part of the other. */
const SHORTEST_PART = 3;
/** The longest names that are compared: none that is known has as many letters. */
const LONGEST = 64;

/**
 * @param {unknown} name as it was given
 * @param {Iterable<string>} names that are known
 * @returns {string} ` (did you mean "pooling"?)`, or nothing where none is near
 */
export function didYouMean(name, names) {
  const near = typeof name === 'string' && name.length <= LONGEST ? nearest(name, [...names]) : undefined;
  return near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
}

/**
 * @param {string} name
 * @param {string[]} names
 * @returns {string | undefined}
 */
export function nearest(name, names) {
  const given = plain(name);
  return misspelt(name, names) ?? (given ? names.find((one) => isPart(given, plain(one))) : undefined);
}

/**
 * The name that another one can only be a wrong spelling of.
 * @param {string} name
 * @param {string[]} names
 * @returns {string | undefined}
 */
export function misspelt(name, names) {
  const given = plain(name);
  if (!given || name.length > LONGEST) return undefined;
  const same = names.find((one) => plain(one) === given);
  if (same !== undefined) return same;
  const steps = names.map((one) => distance(given, plain(one)));
  const least = Math.min(...steps);
  // One letter in four may be wrong, two at most.
  return least <= Math.min(2, Math.floor(given.length / 4)) ? names[steps.indexOf(least)] : undefined;
}

/** Whether one of two names begins or ends with the other: "pool", "output_attentions". @param {string} a @param {string} b */
function isPart(a, b) {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= SHORTEST_PART && (long.startsWith(short) || long.endsWith(short));
}

/**
 * Letters to add, leave out, change or exchange with the next one (optimal string alignment).
 * @param {string} a
 * @param {string} b
 */
function distance(a, b) {
  let [before, row] = [/** @type {number[]} */ ([]), Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + change);
      const crossed = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (crossed) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}
