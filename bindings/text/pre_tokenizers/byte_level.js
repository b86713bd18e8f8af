/**
 * Words as byte-level tokenizers have them, and the spelling of their bytes as letters. Where this part is the last one,
 * models spell the words themselves (models/spelling), which is faster; here it is done for parts that follow.
 */
import { spellBytes } from '../bytes.js';
import { byteLevelPattern } from '../pattern.js';
import { prefixed } from './metaspace.js';
import { cut, rewritePieces } from './pieces.js';

/** @import { Part } from '../parts.js' */
/** @import { Pieces } from './pieces.js' */

/**
 * @param {Part} part
 * @returns {{ split: (pieces: Pieces) => Pieces, spell: (pieces: Pieces) => Pieces }}
 */
export function byteLevelSteps(part) {
  const isPrefixed = part.flag('add_prefix_space');
  part.flag('trim_offsets', true); // for the post_processor alone
  const find = part.flag('use_regex', true) ? byteLevelPattern() : null;
  return {
    split: (pieces) => {
      const begun = isPrefixed ? prefixed(pieces, ' ', lacksSpace) : pieces;
      return find ? cut(begun, find, 'Isolated') : begun;
    },
    spell,
  };
}

/** @param {Pieces} pieces @param {number} start */
const lacksSpace = ({ section }, start) => section.text[start] !== ' ';

/** @param {Pieces} pieces @returns {Pieces} */
function spell(pieces) {
  return rewritePieces(pieces, (rewriter, start, end) => {
    const { text } = rewriter.section;
    for (const character of text.slice(start, end)) {
      const unit = rewriter.at;
      rewriter.put(spellBytes(character), unit);
      rewriter.skip(unit + character.length);
    }
  });
}
