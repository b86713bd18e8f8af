/** The pieces that a tokenizer makes of a text, as the room keeps them. Pure. */

/**
 * @typedef {object} Piece
 * @property {string} token as the vocabulary has it
 * @property {number} id
 * @property {number} start its place in the text
 * @property {number} end
 * @property {0 | 1 | 2} kind 0: a word's first piece, 1: one that goes on with it, 2: a special token, which stands for no letters
 */

/** @typedef {[token: string, id: number, start: number, end: number, kind: 0 | 1 | 2]} Packed */

/** @param {import('../../../bindings/text/public.js').Encoding} encoding @returns {Packed[]} */
export const pieceOf = ({ ids, tokens, offsets, wordIds, specialTokensMask }) =>
  tokens.map((token, i) => {
    const kind = specialTokensMask[i] ? 2 : i && wordIds[i] === wordIds[i - 1] ? 1 : 0;
    return [token, ids[i], ...offsets[i], kind];
  });

/** @param {Packed[]} packed @returns {Piece[]} */
export const unpacked = (packed) =>
  packed.map(([token, id, start, end, kind]) => ({ token, id, start, end, kind }));

/** How pieces are called that stand for no letters. @type {Record<string, string>} */
const SPECIAL = { '[CLS]': 'start', '[SEP]': 'end', '<s>': 'start', '</s>': 'end' };

/** What a piece is called beside a figure. @param {Piece} piece @param {string} text */
export const nameOf = ({ token, start, end, kind }, text) =>
  kind === 2 ? (SPECIAL[token] ?? token) : text.slice(start, end) || token;
