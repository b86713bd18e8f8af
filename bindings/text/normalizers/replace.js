/** Puts a text in the place of all that a pattern matches, or before the whole. */
import { makePattern } from '../pattern.js';
import { Rewriter } from '../section.js';

/** @import { Part } from '../parts.js' */
/** @import { Section } from '../section.js' */

/**
 * @param {Part} part
 * @returns {(section: Section) => Section}
 */
export function replace(part) {
  const find = makePattern(part);
  const content = part.text('content');
  return (section) => {
    const matches = find(section.text);
    if (matches.length === 0) return section;
    const rewriter = new Rewriter(section);
    for (let i = 0; i < matches.length; i += 2) {
      rewriter.keep(matches[i]);
      rewriter.put(content, matches[i + 1] - 1);
      rewriter.skip(matches[i + 1]);
    }
    return rewriter.finish();
  };
}

/**
 * @param {Part} part
 * @returns {(section: Section) => Section}
 */
export function prepend(part) {
  const content = part.text('prepend');
  return (section) => {
    if (section.text === '') return section;
    const rewriter = new Rewriter(section);
    rewriter.put(content, 0);
    return rewriter.finish();
  };
}
