/** Words as BERT has them: at white space, and each mark of punctuation by itself. */
import { CharacterSet } from '../character_set.js';
import { PUNCTUATION, SEPARATORS } from '../characters.js';

/** @import { Pieces } from './pieces.js' */

/** @returns {(pieces: Pieces) => Pieces} */
export function bertPreTokenizer() {
  const [spaces, marks] = [new CharacterSet(SEPARATORS), new CharacterSet(PUNCTUATION)];
  return ({ section, bounds }) => {
    /** @type {number[]} */
    const result = [];
    const { text } = section;
    for (let i = 0; i < bounds.length; i += 2) {
      let word = bounds[i];
      for (let at = word; at < bounds[i + 1]; ) {
        const code = Number(text.codePointAt(at));
        const next = at + (code > 0xffff ? 2 : 1);
        const isMark = marks.has(code);
        if (isMark || spaces.has(code)) {
          if (word < at) result.push(word, at);
          if (isMark) result.push(at, next);
          word = next;
        }
        at = next;
      }
      if (word < bounds[i + 1]) result.push(word, bounds[i + 1]);
    }
    return { section, bounds: result };
  };
}
