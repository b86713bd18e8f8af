/** WordLevel: a token for a whole piece, or the unknown token. */
import { readVocabulary } from './vocabulary.js';

/** @import { Part } from '../parts.js' */
/** @import { Model } from './index.js' */

/**
 * @param {Part} part
 * @returns {Model}
 */
export function wordLevel(part) {
  const vocabulary = readVocabulary(part);
  const unknown = part.text('unk_token', '<unk>');
  const own = vocabulary.idOf(unknown) ?? null;
  return {
    vocabulary,
    unknown,
    unknownHasText: false,
    tokenize: (text) => ({ ids: [vocabulary.idOf(text) ?? own], starts: [0], ends: [text.length] }),
  };
}
