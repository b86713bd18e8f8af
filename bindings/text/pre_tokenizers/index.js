/** The pre_tokenizer of a tokenizer.json: parts that cut a text into pieces, one after the other. */
import { CharacterSet } from '../character_set.js';
import { PUNCTUATION, WHITE_SPACE } from '../characters.js';
import { flatten, make } from '../parts.js';
import { makePattern, wordsPattern } from '../pattern.js';
import { bertPreTokenizer } from './bert.js';
import { byteLevelSteps } from './byte_level.js';
import { fixedLength } from './fixed_length.js';
import { metaspace } from './metaspace.js';
import { BEHAVIORS, cut, cutAtCharacters } from './pieces.js';

/** @import { Part } from '../parts.js' */
/** @import { Behavior, Pieces } from './pieces.js' */

/** @typedef {(pieces: Pieces) => Pieces} Step */
/**
 * @typedef {object} PreTokenizer
 * @property {Step} split
 * @property {boolean} spells whether each piece is to be spelled in letters for its bytes, after all else
 */

/** @param {string} members @param {Behavior} behavior @returns {Step} */
const atCharacters = (members, behavior) => {
  const set = new CharacterSet(members);
  return (pieces) => cutAtCharacters(pieces, set, behavior);
};

/** @param {Part} part @returns {Step} */
function split(part) {
  const find = makePattern(part);
  const behavior = part.choice('behavior', BEHAVIORS);
  const invert = part.flag('invert');
  return (pieces) => cut(pieces, find, behavior, invert);
}

/** @param {Part} part @returns {Step} */
function delimiter(part) {
  const code = part.character('delimiter').codePointAt(0);
  return (pieces) => cutAtCharacters(pieces, { has: (one) => one === code }, 'Removed');
}

/** @type {Record<string, (part: Part) => Step>} */
const MAKERS = {
  BertPreTokenizer: bertPreTokenizer,
  CharDelimiterSplit: delimiter,
  Digits: (part) => atCharacters('\\p{N}', part.flag('individual_digits') ? 'Isolated' : 'Contiguous'),
  FixedLength: fixedLength,
  Metaspace: metaspace,
  Punctuation: (part) => atCharacters(PUNCTUATION, part.choice('behavior', BEHAVIORS, 'Isolated')),
  Split: split,
  Whitespace: () => {
    const find = wordsPattern();
    return (pieces) => cut(pieces, find, 'Removed', true);
  },
  WhitespaceSplit: () => atCharacters(WHITE_SPACE, 'Removed'),
};

/**
 * @param {unknown} json the key `pre_tokenizer`; null for none
 * @param {string} file for messages
 * @returns {PreTokenizer}
 * @throws {FormatError} a part of the wrong form; {UnsupportedError} a part or an option that is not known, or several that
 *   spell bytes
 */
export function makePreTokenizer(json, file) {
  const parts = flatten(json, 'pre_tokenizer', 'pretokenizers', file);
  const spelling = parts.filter(({ type }) => type === 'ByteLevel');
  if (spelling.length > 1) throw spelling[1].part.unsupported('comes twice; expected once', 'ByteLevel');
  const spells = parts.at(-1)?.type === 'ByteLevel';
  const steps = make(parts, {
    ...MAKERS,
    ByteLevel: (part) => {
      const { split, spell } = byteLevelSteps(part);
      return spells ? split : (/** @type {Pieces} */ pieces) => spell(split(pieces));
    },
  });
  return { split: (pieces) => steps.reduce((result, step) => step(result), pieces), spells };
}
