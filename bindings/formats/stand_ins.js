/**
 * What lies in a file's place now and then: the page that a server sends for a file that it lacks, the pointer that git
 * leaves until git-lfs has fetched the file. No JSON, vocabulary or safetensors file begins as they do.
 */
import { FormatError, show } from '../errors.js';

/** Characters at a file's beginning that show what it is. */
export const SHOWN_BY = 512;

const POINTER = /^version https:\/\/git-lfs\.github\.com\//;
// Beginnings by which browsers know HTML (mimesniff.spec.whatwg.org), without those that may be tokens of a vocabulary.
const PAGE = /^(?:<!--|<(?:!doctype html|html|head|body|title|style|script|iframe|table|div|font|h1)[\s>])/i;
const XML = /^(?:<\?xml|<error>\s*<code>)/i;

/** @param {string | Uint8Array} start a file's first characters, or bytes */
const beginningOf = (start) => {
  const text = typeof start === 'string' ? start : String.fromCharCode(...start.subarray(0, SHOWN_BY));
  return text.slice(0, SHOWN_BY).replace(/^(?:\xEF\xBB\xBF)?\s*/, '');
};

/**
 * What stands in a file's place, if it is what servers send.
 * @param {string | Uint8Array} start a file's first characters, or bytes
 * @returns {string | null} in words: storage says in XML what was wrong
 */
export function pageOf(start) {
  const text = beginningOf(start);
  if (PAGE.test(text)) return 'an HTML page';
  if (!XML.test(text)) return null;
  const [, code] = /<code>(\w{1,64})<\/code>/i.exec(text) ?? [];
  return code ? `an XML page that says ${code}` : 'an XML page';
}

/**
 * @param {string | Uint8Array} start a file's first characters, or bytes
 * @param {string} path for errors
 * @throws {FormatError} if something else lies in the file's place
 */
export function refuseStandIn(start, path) {
  const page = pageOf(start);
  if (page) {
    throw new FormatError(`${path} is ${page}, as servers send in place of a file; expected the file`, {
      path,
    });
  }
  if (POINTER.test(beginningOf(start))) {
    throw new FormatError(`${path} is a git-lfs pointer, not the file itself: run git lfs pull`, { path });
  }
}

/** How other files begin that are given this name. @type {[string, string][]} */
const OTHERS = [
  ['PK', 'a zip archive, as PyTorch writes its pickles'],
  ['\x80\x02', 'a pickle of Python'],
  ['\x1f\x8b', 'compressed by gzip'],
  ['GGUF', 'a GGUF file'],
  ['\x89HDF', 'an HDF5 file'],
  ['\x93NUMPY', 'a .npy file'],
];

/** What a file is in words, if it is known. @param {Uint8Array} bytes the first ones of a file that has no such header */
export function otherFormat(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const [, other] = OTHERS.find(([signature]) => start.startsWith(signature)) ?? [];
  const isText = /^[\x20-\x7e\s]{9,}$/.test(start);
  return other ?? (isText ? `a text that begins with ${show(start.trim())}` : undefined);
}
