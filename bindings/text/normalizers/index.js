/** The normalizer of a tokenizer.json: parts that rewrite a text, one after the other. One file a part, or a few small ones. */
import { flatten, make } from '../parts.js';
import { bertNormalizer } from './bert.js';
import { byteLevel } from './byte_level.js';
import { lowercase } from './lowercase.js';
import { nmt } from './nmt.js';
import { precompiled } from './precompiled.js';
import { prepend, replace } from './replace.js';
import { strip, stripAccents } from './strip.js';
import { unicodeForm } from './unicode_forms.js';

/** @import { Section } from '../section.js' */
/** @typedef {(section: Section) => Section} Normalizer */

const MAKERS = {
  BertNormalizer: bertNormalizer,
  ByteLevel: () => byteLevel,
  Lowercase: () => lowercase,
  NFC: () => unicodeForm('NFC'),
  NFD: () => unicodeForm('NFD'),
  NFKC: () => unicodeForm('NFKC'),
  NFKD: () => unicodeForm('NFKD'),
  Nmt: () => nmt,
  Precompiled: precompiled,
  Prepend: prepend,
  Replace: replace,
  Strip: strip,
  StripAccents: () => stripAccents,
};

/**
 * @param {unknown} json the key `normalizer`; null for none
 * @param {string} file for messages
 * @returns {Normalizer | null}
 * @throws {FormatError} a part of the wrong form; {UnsupportedError} a part or an option that is not known
 */
export function makeNormalizer(json, file) {
  const steps = make(flatten(json, 'normalizer', 'normalizers', file), MAKERS);
  if (steps.length === 0) return null;
  return (section) => steps.reduce((result, step) => step(result), section);
}
