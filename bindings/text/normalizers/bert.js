/** BERT's own normalizer: control characters, ideographs, accents, case. Its classes of characters are BERT's. */
import { IDEOGRAPHS, MARKS, REMOVED, SPACES } from '../characters.js';
import { rewrite } from '../section.js';
import { lowercase } from './lowercase.js';
import { unicodeForm } from './unicode_forms.js';

/** @import { Part } from '../parts.js' */
/** @import { Section } from '../section.js' */

const removed = new RegExp(`[${REMOVED}]+`, 'gu');
const spaces = new RegExp(`[${SPACES}]`, 'gu');
const ideographs = new RegExp(`[${IDEOGRAPHS}]+`, 'gu');
const marks = new RegExp(`[${MARKS}]+`, 'gu');
/** Nothing of all this is in there. */
const plain = /^[ -~]*$/;
const takeApart = unicodeForm('NFD');

/**
 * @param {Part} part
 * @returns {(section: Section) => Section}
 */
export function bertNormalizer(part) {
  part.allowNull('strip_accents');
  const clean = part.flag('clean_text', true);
  const spread = part.flag('handle_chinese_chars', true);
  const lower = part.flag('lowercase', true);
  const strip = part.flag('strip_accents', lower);
  return (section) => {
    let result = section;
    if (!plain.test(section.text)) {
      if (clean) result = cleaned(result);
      if (spread) result = rewrite(result, ideographs, spreadOut);
      if (strip) result = rewrite(takeApart(result), marks, () => {});
    }
    return lower ? lowercase(result) : result;
  };
}

/** @param {Section} section */
function cleaned(section) {
  const kept = rewrite(section, removed, () => {});
  return kept.as(kept.text.replace(spaces, ' '));
}

/** Puts spaces around each of several ideographs. @type {Parameters<typeof rewrite>[2]} */
function spreadOut(rewriter, run, start) {
  let unit = start;
  for (const character of run) {
    rewriter.put(` ${character} `, unit);
    unit += character.length;
  }
}
