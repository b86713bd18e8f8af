/** Spaces that tokenizing put before marks and abbreviations, taken out again: WordPiece's way, and transformers'. */
import { PYTHON_SPACE } from '../characters.js';

/** What is replaced, in order. @type {[from: string, to: string][]} */
const RULES = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];
const WITHOUT_NEGATION = RULES.filter(([from]) => from !== ' do not');

/** @param {string} text @param {[from: string, to: string][]} rules */
const apply = (text, rules) => rules.reduce((result, [from, to]) => result.replaceAll(from, to), text);

/** As the decoder WordPiece does it, token by token. @param {string} text */
export const cleanUp = (text) => apply(text, RULES);

/** As transformers does it with clean_up_tokenization_spaces, with a whole text. @param {string} text */
export const cleanUpSpaces = (text) => apply(text, WITHOUT_NEGATION);

const spaces = new RegExp(`[${PYTHON_SPACE}]`, 'u');

/** Without the white space around it, as Python's strip does it. @param {string} text */
export function stripped(text) {
  let [start, end] = [0, text.length];
  while (start < end && spaces.test(text[start])) start++;
  while (end > start && spaces.test(text[end - 1])) end--;
  return text.slice(start, end);
}
