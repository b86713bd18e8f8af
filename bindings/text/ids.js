/** Ids of one or two texts with special tokens around them, and no more: what models are run on. */
import { keptOf, windowsOf } from './truncation.js';

/** @import { Tokens } from './pipeline.js' */
/** @import { Piece } from './processors/template.js' */
/** @import { Cutting } from './truncation.js' */
/** @import { Ids } from './public.js' */

/**
 * @param {Piece[]} pieces of the template
 * @param {Tokens[]} tokens of each text
 * @param {Cutting} cutting
 * @returns {Ids}
 */
export function arrange(pieces, tokens, cutting) {
  const lengths = tokens.map(({ ids }) => ids.length);
  const kept = keptOf(lengths, cutting);
  const parts = pieces.map(({ text, special }) => {
    if (text === null) return Int32Array.from(special, ({ id }) => id);
    const [[start, end]] = windowsOf(lengths[text], kept[text], { ...cutting, stride: 0 });
    return tokens[text].ids.subarray(start, end);
  });
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const result = { ids: new Int32Array(length), typeIds: new Int32Array(length) };
  let at = 0;
  for (const [i, part] of parts.entries()) {
    result.ids.set(part, at);
    result.typeIds.fill(pieces[i].typeId, at, at + part.length);
    at += part.length;
  }
  return { ...result, truncated: kept.some((count, i) => count < lengths[i]) };
}
