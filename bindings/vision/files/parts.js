// What the readers of file formats share: text in bytes, the error for what ends early, and files as parts, so that leaving
// something out or changing a few bytes copies nothing.

import { FormatError } from '../../errors.js';

/** @param {Uint8Array} bytes @param {number} at @param {number} length */
export const textAt = (bytes, at, length) => String.fromCharCode(...bytes.subarray(at, at + length));

/** @param {string} name @param {unknown} [cause] */
export const endsEarly = (name, cause) =>
  new FormatError(`${name} is truncated: the image's data ends early`, { path: name, cause });

/** The most pieces that a file is in. No file of a camera or a program has as many; each costs memory. */
const MOST_PIECES = 4096;

/**
 * @param {string} what
 * @param {number} count
 * @param {string} name
 * @throws {FormatError} If there are more than any file needs.
 */
export function checkPieces(what, count, name) {
  if (count <= MOST_PIECES) return;
  throw new FormatError(`${name} has more than ${MOST_PIECES} ${what}`, { path: name, value: count });
}

/** What stays of a file: pieces of it, those that touch as one part. */
export class Kept {
  /** @type {Uint8Array[]} */ parts = [];
  #bytes;
  #name;

  /** @param {Uint8Array} bytes The file. @param {string} name */
  constructor(bytes, name) {
    this.#bytes = bytes;
    this.#name = name;
  }

  /** @param {number} start @param {number} [end] Behind the last part. */
  add(start, end = this.#bytes.length) {
    const last = this.parts.at(-1);
    const { buffer, byteOffset } = this.#bytes;
    const touches = last?.buffer === buffer && last.byteOffset + last.length === byteOffset + start;
    if (last && touches)
      this.parts[this.parts.length - 1] = new Uint8Array(buffer, last.byteOffset, last.length + end - start);
    else this.parts.push(this.#bytes.subarray(start, end));
    checkPieces('pieces', this.parts.length, this.#name);
  }
}

/**
 * A file with some bytes changed, as parts.
 * @param {Uint8Array} bytes
 * @param {{ at: number, values: number[] }[]} changes In their order, none within another.
 */
export function replaced(bytes, changes) {
  /** @type {Uint8Array[]} */
  const parts = [];
  let from = 0;
  for (const { at, values } of changes) {
    parts.push(bytes.subarray(from, at), Uint8Array.from(values));
    from = at + values.length;
  }
  parts.push(bytes.subarray(from));
  return parts;
}
