/** Tokens of an acoustic model, one a frame: repeated ones count once, and blanks separate. */
import { cleanUp } from './clean_up.js';

/** @import { Part } from '../parts.js' */

/**
 * @param {Part} part
 * @returns {(tokens: string[]) => string[]}
 */
export function ctc(part) {
  const pad = part.text('pad_token', '<pad>');
  const space = part.text('word_delimiter_token', '|');
  const clean = part.flag('cleanup', true);
  return (tokens) =>
    grouped(tokens).flatMap((token) => {
      const text = pad === '' ? token : token.replaceAll(pad, '');
      const cleaned = clean ? cleanUp(text).replaceAll(space, ' ') : text;
      return cleaned === '' ? [] : [cleaned];
    });
}

/** @param {string[]} tokens @returns {string[]} without those equal to the one before */
export const grouped = (tokens) => tokens.filter((token, i) => token !== tokens[i - 1]);
