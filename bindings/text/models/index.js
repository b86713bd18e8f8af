/** The model of a tokenizer.json: pieces of text become tokens. One file a model. */
import { show } from '../../errors.js';
import { spellBytes, traceBytes } from '../bytes.js';
import { make, Part } from '../parts.js';
import { bpe } from './bpe.js';
import { unigram } from './unigram.js';
import { wordLevel } from './word_level.js';
import { wordPiece } from './word_piece.js';

/**
 * The tokens of a piece, and where each begins and ends in it.
 * @typedef {object} Word
 * @property {(number | null)[]} ids null where the file gives no token for what is unknown
 * @property {number[]} starts in UTF-16 units
 * @property {number[]} ends
 * @property {(string | undefined)[]} [texts] of tokens that are told by their text
 */
/**
 * @typedef {object} Tokens
 * @property {number} longest UTF-16 units of the longest token
 * @property {number} size all ids lie below
 * @property {number} count how many tokens there are
 * @property {(token: string) => number | undefined} idOf
 * @property {(id: number) => string | undefined} tokenOf
 */
/**
 * @typedef {object} Model
 * @property {Tokens} vocabulary
 * @property {string} unknown the token for what is unknown
 * @property {boolean} unknownHasText whether an unknown token is told by its text
 * @property {(text: string) => Word} tokenize
 */

const MAKERS = { BPE: bpe, Unigram: unigram, WordLevel: wordLevel, WordPiece: wordPiece };
/** Pieces that are kept with their tokens, and the units of the longest of them. */
const [MOST_KEPT, LONGEST_KEPT] = [2 ** 15, 256];

/**
 * @param {unknown} json the key `model`
 * @param {string} file for messages
 * @returns {Model}
 * @throws {FormatError} a vocabulary of the wrong form; {UnsupportedError} a model or an option that is not known
 */
export function makeModel(json, file) {
  const part = new Part(json, 'model', file);
  const type = part.raw('type') ?? typeOf(part);
  part.name = `model ${typeof type === 'string' ? type : show(type)}`;
  const [model] = make([{ type, part }], MAKERS);
  return model;
}

/** The type of a model whose file leaves it out, as old ones do. @param {Part} part */
function typeOf(part) {
  if (Array.isArray(part.raw('vocab'))) return 'Unigram';
  if (part.raw('merges') !== undefined) return 'BPE';
  return part.raw('continuing_subword_prefix') === undefined ? 'WordLevel' : 'WordPiece';
}

/** A model that remembers pieces it has seen, and spells them in bytes if need be. */
export class Words {
  /** @type {Map<string, Word>} */ #kept = new Map();
  /** @type {Model} */ #model;
  /** @type {boolean} */ #spells;
  /** @type {number | undefined} */ #unknown;

  /** @param {Model} model @param {boolean} spells */
  constructor(model, spells) {
    this.#model = model;
    this.#spells = spells;
    if (model.unknownHasText) this.#unknown = model.vocabulary.idOf(model.unknown);
  }

  /** @param {string} text @returns {Word} */
  of(text) {
    const kept = this.#kept.get(text);
    if (kept) return kept;
    const word = this.#spells ? this.#spelled(text) : this.#told(text);
    if (text.length <= LONGEST_KEPT && this.#kept.size < MOST_KEPT) this.#kept.set(text, word);
    return word;
  }

  /** @param {string} text @returns {Word} */
  #spelled(text) {
    const word = this.#told(spellBytes(text));
    const trace = traceBytes(text);
    return {
      ...word,
      starts: word.starts.map((start) => trace.starts[start]),
      ends: word.ends.map((end) => trace.ends[end - 1]),
    };
  }

  /** @param {string} text @returns {Word} */
  #told(text) {
    const word = this.#model.tokenize(text);
    if (this.#unknown === undefined || !word.ids.includes(this.#unknown)) return word;
    const { ids, starts, ends } = word;
    const texts = ids.map((id, i) => (id === this.#unknown ? text.slice(starts[i], ends[i]) : undefined));
    return { ...word, texts };
  }
}
