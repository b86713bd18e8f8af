/**
 * BERT's own normalizer and division into words, letter for letter as the Rust tokenizers do it. The library
 * of tokenizers has both, but follows the engine's version of Unicode, handles ideographs beyond U+FFFF
 * otherwise and lowers a last sigma by context: other ids for the same text.
 */
import { IDEOGRAPHS, MARKS, PUNCTUATION, REMOVED, SEPARATORS, SPACES, WHOLE } from './characters.js';

/**
 * Makes the function that a BertNormalizer of tokenizer.json describes.
 * @param {{clean_text?: boolean, handle_chinese_chars?: boolean, strip_accents?: boolean | null,
 *   lowercase?: boolean}} options Absent ones are true; strip_accents is as lowercase.
 * @returns {(text: string) => string}
 */
export function bertNormalizer({
  clean_text: clean = true,
  handle_chinese_chars: spread = true,
  lowercase = true,
  strip_accents: strip,
}) {
  const [removed, spaces] = [matcher(REMOVED), matcher(SPACES)];
  const [ideographs, apart, marks] = [matcher(IDEOGRAPHS), matcher(`^${WHOLE}`, '+'), matcher(MARKS)];
  return (text) => {
    let result = text;
    if (clean) result = result.replace(removed, '').replace(spaces, ' ');
    if (spread) result = result.replace(ideographs, ' $& ');
    if (strip ?? lowercase) result = result.replace(apart, (run) => run.normalize('NFD')).replace(marks, '');
    return lowercase ? lower(result) : result;
  };
}

/**
 * Makes the function that splits text into words and marks of punctuation, as a BertPreTokenizer does.
 * @returns {(text: string) => string[]}
 */
export function bertSplitter() {
  const words = new RegExp(`[${PUNCTUATION}]|[^${PUNCTUATION}${SEPARATORS}]+`, 'gu');
  return (text) => text.match(words) ?? [];
}

/**
 * Lowers text letter by letter: toLowerCase knows that a sigma at the end of a word looks different, Rust's
 * tokenizers do not.
 * @param {string} text
 * @returns {string}
 */
export function lower(text) {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}

/**
 * @param {string} set What stands between brackets.
 * @param {string} [times]
 */
function matcher(set, times = '') {
  return new RegExp(`[${set}]${times}`, 'gu');
}
