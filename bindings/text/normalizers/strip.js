/** Leaves out white space around a text, or the accents in it. */
import { LATER_MARKS, MORE_MARKS, WHITE_SPACE } from '../characters.js';
import { Rewriter, rewrite } from '../section.js';

/** @import { Part } from '../parts.js' */
/** @import { Section } from '../section.js' */

const leading = new RegExp(`^[${WHITE_SPACE}]+`, 'u');
const inner = new RegExp(`[^${WHITE_SPACE}]`, 'u');
const space = new RegExp(`[${WHITE_SPACE}]`, 'u');
const accents = new RegExp(`(?:(?![${LATER_MARKS}])[\\p{M}${MORE_MARKS}])+`, 'gu');

/**
 * @param {Part} part
 * @returns {(section: Section) => Section}
 */
export function strip(part) {
  const [left, right] = [part.flag('strip_left'), part.flag('strip_right')];
  return (section) => {
    const { text } = section;
    const start = left ? (leading.exec(text)?.[0].length ?? 0) : 0;
    let end = text.length;
    if (right && !inner.test(text)) end = start;
    else if (right) while (space.test(text[end - 1])) end--;
    if (start === 0 && end === text.length) return section;
    const rewriter = new Rewriter(section);
    rewriter.skip(start);
    rewriter.keep(end);
    rewriter.skip(text.length);
    return rewriter.finish();
  };
}

/** @param {Section} section @returns {Section} */
export const stripAccents = (section) => rewrite(section, accents, () => {});
