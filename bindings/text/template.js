/**
 * Where special tokens stand around one text or a pair: tokenizer.json's post_processor, read into a list of
 * pieces. The library of tokenizers is not asked for this, since texts are cut between its tokens and ours.
 */
import { FormatError, show, UnsupportedError } from '../errors.js';
import { LIMITS } from '../formats/config.js';
import { components } from './components.js';

/**
 * One piece of a template: special tokens, or the place of a text.
 * @typedef {object} Piece
 * @property {0 | 1 | null} text 0 for the first text, 1 for its pair, null for special tokens.
 * @property {number[]} ids The special tokens; none for a text.
 * @property {number} typeId The token type of all its tokens.
 */
/**
 * @typedef {object} Template
 * @property {Piece[]} single For one text.
 * @property {Piece[]} pair For a text and its pair.
 */

const KNOWN = ['TemplateProcessing', 'BertProcessing', 'RobertaProcessing', 'ByteLevel', 'Sequence'];

/** Two texts, one after the other, with nothing around them. @type {Template} */
const BARE = { single: [text(0, 0)], pair: [text(0, 0), text(1, 1)] };

/**
 * Reads a post_processor. ByteLevel adds no token; of the others there may be one.
 * @param {unknown} processor As in tokenizer.json; null for none.
 * @param {number} size Of the vocabulary.
 * @param {string} path The file's name, for messages.
 * @returns {Template}
 * @throws {FormatError} If it is malformed, or a special token is outside the vocabulary.
 * @throws {UnsupportedError} If it is of an unknown type, or several processors add tokens.
 */
export function readTemplate(processor, size, path) {
  const adding = components(processor, path).filter(
    ({ type }) => type !== 'Sequence' && type !== 'ByteLevel',
  );
  if (adding.length === 0) return BARE;
  const [first, second] = adding;
  if (second) throw new UnsupportedError(`${path} has several post_processors that add tokens`, { path });
  if (first.type === 'TemplateProcessing') {
    const pieces = (/** @type {unknown} */ list) => readPieces(list, first.special_tokens, size, path);
    return { single: pieces(first.single), pair: pieces(first.pair) };
  }
  if (first.type !== 'BertProcessing' && first.type !== 'RobertaProcessing') {
    throw new UnsupportedError(
      `${path} has post_processor ${show(first.type)}; expected ${KNOWN.join(', ')}`,
      { path, value: first.type },
    );
  }
  const [cls, sep] = [special(first.cls, size, path), special(first.sep, size, path)];
  // RoBERTa has two separators between the texts, and one token type.
  const middle = first.type === 'RobertaProcessing' ? [at(sep, 0), at(sep, 0)] : [at(sep, 0)];
  const type = first.type === 'RobertaProcessing' ? 0 : 1;
  return {
    single: [at(cls, 0), text(0, 0), at(sep, 0)],
    pair: [at(cls, 0), text(0, 0), ...middle, text(1, type), at(sep, type)],
  };
}

/**
 * @param {0 | 1} index
 * @param {number} typeId
 * @returns {Piece}
 */
function text(index, typeId) {
  return { text: index, ids: [], typeId };
}

/**
 * @param {number} id
 * @param {number} typeId
 * @returns {Piece}
 */
function at(id, typeId) {
  return { text: null, ids: [id], typeId };
}

/**
 * @param {unknown} value [token, id], as BertProcessing has it.
 * @param {number} size
 * @param {string} path
 * @returns {number}
 */
function special(value, size, path) {
  if (Array.isArray(value) && isBelow(size, value[1])) return value[1];
  throw new FormatError(`${path}: a special token is ${show(value)}; expected [token, id below ${size}]`, {
    path,
    value,
  });
}

/**
 * @param {unknown} list The single or pair of a TemplateProcessing.
 * @param {any} tokens Its special_tokens: {name: {ids}}.
 * @param {number} size
 * @param {string} path
 * @returns {Piece[]}
 */
function readPieces(list, tokens, size, path) {
  const fail = (/** @type {unknown} */ value) =>
    new FormatError(`${path}: the template has ${show(value)}; expected a known SpecialToken or Sequence`, {
      path,
      value,
    });
  if (!Array.isArray(list)) throw fail(list);
  return list.map((item) => {
    const { id, type_id: typeId } = item?.SpecialToken ?? item?.Sequence ?? {};
    if (!isBelow(LIMITS.positions, typeId)) throw fail(item);
    if (!item.SpecialToken) {
      if (id !== 'A' && id !== 'B') throw fail(id);
      return text(id === 'A' ? 0 : 1, typeId);
    }
    const ids = typeof id === 'string' && Object.hasOwn(tokens ?? {}, id) ? tokens[id]?.ids : null;
    if (!Array.isArray(ids) || !ids.every((value) => isBelow(size, value))) throw fail(id);
    return { text: null, ids, typeId };
  });
}

/**
 * Puts texts into a template, each cut at its end to leave no more than `room` tokens of text in all.
 * @param {Piece[]} pieces
 * @param {number[][]} texts The ids of one text, or of two.
 * @param {number} room
 * @returns {{ids: Int32Array, typeIds: Int32Array, truncated: boolean}}
 */
export function arrange(pieces, texts, room) {
  const counts = share(texts[0].length, texts[1]?.length ?? 0, room);
  const kept = texts.map((ids, i) => ids.slice(0, counts[i]));
  const parts = pieces.map((piece) => (piece.text === null ? piece.ids : kept[piece.text]));
  return {
    ids: Int32Array.from(parts.flat()),
    typeIds: Int32Array.from(parts.flatMap((ids, i) => ids.map(() => pieces[i].typeId))),
    truncated: kept.some((ids, i) => ids.length < texts[i].length),
  };
}

/**
 * How many tokens of two texts fit: the shorter stays whole if it can, as Rust's "longest first".
 * @param {number} first
 * @param {number} second
 * @param {number} room
 * @returns {[number, number]}
 */
function share(first, second, room) {
  if (first + second <= room) return [first, second];
  const half = Math.floor(room / 2);
  if (Math.min(first, second) <= half)
    return first <= second ? [first, room - first] : [room - second, second];
  return first > second ? [room - half, half] : [half, room - half];
}

/**
 * @param {number} limit
 * @param {unknown} value
 * @returns {value is number}
 */
function isBelow(limit, value) {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < limit;
}
