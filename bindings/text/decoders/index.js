/** The decoder of a tokenizer.json: parts that rewrite a list of tokens, which are then joined. */
import { BYTES } from '../bytes.js';
import { flatten, make } from '../parts.js';
import { makePattern } from '../pattern.js';
import { readMetaspace } from '../pre_tokenizers/metaspace.js';
import { cleanUp } from './clean_up.js';
import { ctc } from './ctc.js';

/** @import { Part } from '../parts.js' */
/** @typedef {(tokens: string[]) => string[]} Decoder */

const encoder = new TextEncoder();
const lossy = () => new TextDecoder('utf-8', { ignoreBOM: true });

/** @param {Part} part @returns {Decoder} */
function bpeDecoder(part) {
  const suffix = part.text('suffix', '</w>');
  return (tokens) => tokens.map((token, i) => token.replaceAll(suffix, i === tokens.length - 1 ? '' : ' '));
}

/** @param {Part} part @returns {Decoder} */
function byteLevel(part) {
  for (const key of ['add_prefix_space', 'trim_offsets', 'use_regex']) part.flag(key, true);
  return (tokens) => {
    /** @type {number[]} */
    const bytes = [];
    for (const token of tokens) {
      const own = [...token].map((letter) => BYTES.get(letter));
      for (const byte of own.includes(undefined) ? encoder.encode(token) : own) bytes.push(Number(byte));
    }
    return [lossy().decode(Uint8Array.from(bytes))];
  };
}

/** Runs of tokens like <0x0A> are bytes; a run that is not UTF-8 is as many replacement characters. @type {Decoder} */
const byteFallback = (tokens) => {
  /** @type {string[]} */
  const result = [];
  /** @type {number[]} */
  let bytes = [];
  const flush = () => {
    if (bytes.length > 0) result.push(...textOf(bytes));
    bytes = [];
  };
  for (const token of tokens) {
    // Rust's parser of numbers takes a sign.
    const [, digits] = /^<0x([\da-f]{2}|\+[\da-f])>$/i.exec(token) ?? [];
    if (digits !== undefined) {
      bytes.push(Number.parseInt(digits, 16));
      continue;
    }
    flush();
    result.push(token);
  }
  flush();
  return result;
};

/** @param {number[]} bytes @returns {string[]} */
function textOf(bytes) {
  try {
    return [new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))];
  } catch {
    return bytes.map(() => '\ufffd');
  }
}

/** @param {Part} part @returns {Decoder} */
function metaspace(part) {
  const { letter, scheme } = readMetaspace(part);
  return (tokens) =>
    tokens.map((token, i) => token.replaceAll(letter, i === 0 && scheme !== 'never' ? '' : ' '));
}

/** @param {Part} part @returns {Decoder} */
function replace(part) {
  const find = makePattern(part);
  const content = part.text('content');
  return (tokens) =>
    tokens.map((token) => {
      let [result, done] = ['', 0];
      const matches = find(token);
      for (let i = 0; i < matches.length; i += 2) {
        result += token.slice(done, matches[i]) + content;
        done = matches[i + 1];
      }
      return result + token.slice(done);
    });
}

/** @param {Part} part @returns {Decoder} */
function strip(part) {
  const content = part.character('content');
  const most = { min: 0, max: 2 ** 20 };
  const [start, stop] = [part.integer('start', most), part.integer('stop', most)];
  return (tokens) =>
    tokens.map((token) => {
      const characters = [...token];
      let first = 0;
      while (first < Math.min(start, characters.length) && characters[first] === content) first++;
      let last = characters.length;
      while (characters.length - last < stop && last > first && characters[last - 1] === content) last--;
      return characters.slice(first, last).join('');
    });
}

/** @param {Part} part @returns {Decoder} */
function wordPiece(part) {
  const prefix = part.text('prefix', '##');
  const clean = part.flag('cleanup', true);
  return (tokens) =>
    tokens.map((token, i) => {
      let text = token;
      if (i > 0) text = token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
      return clean ? cleanUp(text) : text;
    });
}

const MAKERS = {
  BPEDecoder: bpeDecoder,
  ByteFallback: () => byteFallback,
  ByteLevel: byteLevel,
  CTC: ctc,
  Fuse: () => (/** @type {string[]} */ tokens) => [tokens.join('')],
  Metaspace: metaspace,
  Replace: replace,
  Strip: strip,
  WordPiece: wordPiece,
};

/**
 * @param {unknown} json the key `decoder`; null for none
 * @param {string} file for messages
 * @returns {(tokens: string[]) => string}
 * @throws {FormatError} a part of the wrong form; {UnsupportedError} a part or an option that is not known
 */
export function makeDecoder(json, file) {
  const steps = make(flatten(json, 'decoder', 'decoders', file), MAKERS);
  if (steps.length === 0) return (tokens) => tokens.join(' ');
  return (tokens) => steps.reduce((result, step) => step(result), tokens).join('');
}
