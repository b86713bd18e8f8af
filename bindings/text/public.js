/** The types of what callers of a tokenizer pass and get. Not here: code. */

/** @typedef {Record<'cls' | 'sep' | 'pad' | 'mask' | 'unk', number | null>} SpecialIds null for none */

/**
 * @typedef {object} Encoding
 * @property {Int32Array} ids [T], special tokens included
 * @property {Int32Array} typeIds [T] the token type of each
 * @property {Int32Array} attentionMask [T] 1, and 0 for padding
 * @property {Int32Array} specialTokensMask [T] 1 for special tokens and padding
 * @property {[start: number, end: number][]} offsets [T] the place of each in its own text, in UTF-16 units; [0, 0] for special
 *   tokens
 * @property {string[]} tokens [T]
 * @property {(number | null)[]} sequenceIds [T] 0 for tokens of the text, 1 for those of its pair, null for special ones
 * @property {(number | null)[]} wordIds [T] the index of the word that each belongs to, null for special tokens
 * @property {boolean} truncated whether tokens of a text were left out
 * @property {Encoding[]} overflowing what was left out, in windows, if it was asked for
 */

/**
 * @typedef {object} Ids
 * @property {Int32Array} ids [T], special tokens included
 * @property {Int32Array} typeIds [T] the token type of each; 0 if the model takes no types
 * @property {boolean} truncated whether tokens of a text were left out
 */

/**
 * @typedef {object} EncodeOptions
 * @property {string} [pair] a second text, such as a document for a query
 * @property {boolean} [addSpecialTokens] special tokens around the texts, true by default
 * @property {'longest_first' | 'only_first' | 'only_second' | boolean} [truncation] which text is cut if they are too long; true is longest_first, as is maxLength
 *   without padding
 * @property {number} [maxLength] the most tokens, special ones included; the model's limit by default
 * @property {number} [stride] tokens that a window shares with the one before, 0 by default
 * @property {'left' | 'right'} [truncationSide] where tokens are cut; as the files say, which is mostly right
 * @property {boolean} [returnOverflowingTokens] windows of what was cut as well
 * @property {'cut' | 'error'} [onTruncate] whether a text that is too long is an error
 * @property {'longest' | 'max_length' | boolean} [padding] up to the longest of a batch, or up to maxLength; true is longest
 * @property {'left' | 'right'} [paddingSide] as the files say, which is mostly right
 * @property {number} [padToMultipleOf] the padded length is a multiple of it
 */

/**
 * @typedef {object} DecodeOptions
 * @property {boolean} [skipSpecialTokens] leave special tokens out; false by default
 * @property {boolean} [cleanUpTokenizationSpaces] take out spaces before punctuation; by default as the files say
 */

export {};
