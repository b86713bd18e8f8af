/** Bytes as letters, before all else. */
import { spellBytes } from '../bytes.js';
import { rewrite } from '../section.js';

/** @import { Section } from '../section.js' */

// biome-ignore lint/suspicious/noControlCharactersInRegex: all but the printable characters of ASCII
const others = /[\x00- \x7f-\u{10ffff}]/gu;

/** @param {Section} section @returns {Section} */
export const byteLevel = (section) =>
  rewrite(section, others, (rewriter, character, unit) => rewriter.put(spellBytes(character), unit));
