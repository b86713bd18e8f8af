/**
 * What lies in a file's place now and then: the page that a server sends for a file that it lacks, the pointer that git
 * leaves until git-lfs has fetched the file. No JSON, vocabulary or safetensors file begins as they do.
 */
import { FormatError } from '../errors.js';

/** Characters at a file's beginning that show what it is. */
export const SHOWN_BY = 512;

const POINTER = /^version https:\/\/git-lfs\.github\.com\//;
// Beginnings by which browsers know HTML (mimesniff.spec.whatwg.org), without those that may be tokens of a vocabulary.
const PAGE =
  /^(?:<!--|<\?xml|<(?:!doctype html|html|head|body|title|style|script|iframe|table|div|font|h1)[\s>])/i;

/** @param {string | Uint8Array} start a file's first characters, or bytes */
const beginningOf = (start) => {
  const text = typeof start === 'string' ? start : String.fromCharCode(...start.subarray(0, SHOWN_BY));
  return text.slice(0, SHOWN_BY).replace(/^(?:\xEF\xBB\xBF)?\s*/, '');
};

/** @param {string | Uint8Array} start a file's first characters, or bytes */
export const isPage = (start) => PAGE.test(beginningOf(start));

/**
 * @param {string | Uint8Array} start a file's first characters, or bytes
 * @param {string} path for errors
 * @throws {FormatError} if something else lies in the file's place
 */
export function refuseStandIn(start, path) {
  if (isPage(start)) {
    throw new FormatError(`${path} is an HTML page, as servers send in place of a file; expected the file`, {
      path,
    });
  }
  if (POINTER.test(beginningOf(start))) {
    throw new FormatError(`${path} is a git-lfs pointer, not the file itself: run git lfs pull`, { path });
  }
}
