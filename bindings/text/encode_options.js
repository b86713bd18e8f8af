/** The options of a tokenizer's calls, by the names that Hugging Face gives them. */
import { any, choice, flag, integer } from '../options/table.js';

const SIDES = /** @type {const} */ (['left', 'right']);
export const ENCODE = {
  pair: any('a second text', { optional: true }),
  addSpecialTokens: flag('special tokens around the texts', { default: true }),
  truncation: choice(['longest_first', 'only_first', 'only_second'], 'which text is cut', {
    or: [true, false],
    optional: 'longest_first if maxLength is given, and no padding',
  }),
  maxLength: integer('tokens, special ones included', {
    min: 1,
    or: [Infinity],
    optional: "the model's limit",
  }),
  stride: integer('tokens that a window shares with the one before', { min: 0, default: 0 }),
  truncationSide: choice(SIDES, 'where tokens are cut', { optional: 'as the files say' }),
  returnOverflowingTokens: flag('windows of what was cut', { default: false }),
  onTruncate: choice(['cut', 'error'], 'what happens to texts that are too long', { default: 'cut' }),
  padding: choice(['longest', 'max_length'], 'how far to pad', { or: [true, false], default: false }),
  paddingSide: choice(SIDES, 'where padding stands', { optional: 'as the files say' }),
  padToMultipleOf: integer('of which the padded length is a multiple', { min: 1, optional: true }),
};
export const DECODE = {
  skipSpecialTokens: flag('leave special tokens out', { default: false }),
  cleanUpTokenizationSpaces: flag('take out spaces before punctuation', { optional: 'as the files say' }),
};

/** @typedef {Omit<import('../options/table.js').Values<typeof ENCODE>, 'pair'>} Options of a call, checked */
