/** Pieces of so many characters each. */

/** @import { Part } from '../parts.js' */
/** @import { Pieces } from './pieces.js' */

/**
 * @param {Part} part
 * @returns {(pieces: Pieces) => Pieces}
 */
export function fixedLength(part) {
  const length = part.integer('length', { min: 1, max: 2 ** 20, fallback: 5 });
  return ({ section, bounds }) => {
    /** @type {number[]} */
    const result = [];
    for (let i = 0; i < bounds.length; i += 2) {
      let [at, count] = [bounds[i], 0];
      for (const character of section.text.slice(at, bounds[i + 1])) {
        if (count === 0) result.push(at);
        at += character.length;
        count = (count + 1) % length;
        if (count === 0) result.push(at);
      }
      if (count > 0) result.push(at);
    }
    return { section, bounds: result };
  };
}
