/** Lines of UTF-8, checked: a file that is something else is named with its line, before any of it is taken for text. */
import { createReadStream } from 'node:fs';
import { InputError } from '../../bindings/errors.js';

/** Bytes of a line: more are no text of a line, but another kind of file. */
const MOST = 2 ** 26;

/**
 * @param {string} name what errors call it
 * @param {string} path
 * @returns {AsyncGenerator<Buffer>}
 */
export async function* openFile(name, path) {
  try {
    yield* createReadStream(path);
  } catch (cause) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (cause);
    const reasons = { ENOENT: 'there is no such file', EISDIR: 'it is a folder; expected a file' };
    const reason = Reflect.get(reasons, code ?? '') ?? message;
    throw new InputError(`${name} cannot be read: ${reason}`, { path, cause });
  }
}

/**
 * Lines end with \n and nothing else: the other line ends of Unicode may stand in a text. An empty line is a line; a byte order
 * mark at the beginning is none of its text.
 * @param {AsyncIterable<Uint8Array>} chunks
 * @param {string} name what errors call it
 * @param {(bytes: number) => void} read told how many bytes more are read
 * @returns {AsyncGenerator<string>}
 * @throws {InputError} bytes that are not UTF-8
 */
export async function* readLines(chunks, name, read) {
  /** @type {Buffer[]} */
  let rest = [];
  let [size, number] = [0, 0];
  const text = (/** @type {Buffer} */ end) => {
    const bytes = rest.length ? Buffer.concat([...rest, end]) : end;
    rest = [];
    size = 0;
    return decoded(bytes, name, ++number);
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    read(bytes.length);
    let at = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      yield text(bytes.subarray(at, end));
      at = end + 1;
    }
    if (at === bytes.length) continue;
    rest.push(bytes.subarray(at));
    size += bytes.length - at;
    if (size > MOST)
      throw new InputError(`line ${number + 1} of ${name} has more than 64 MiB; is it a file of text?`);
  }
  if (rest.length) yield text(Buffer.alloc(0));
}

/** @param {Buffer} bytes of a line @param {string} name @param {number} number of the line */
function decoded(bytes, name, number) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: number > 1 }).decode(bytes);
  } catch (cause) {
    throw new InputError(`line ${number} of ${name} is not UTF-8${encodingOf(bytes)}; save it as UTF-8`, {
      path: name,
      cause,
    });
  }
}

/** A line of a file that ends its lines with \r\n. @param {string} line */
export const withoutReturn = (line) => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** What it may be instead. @param {Buffer} bytes */
function encodingOf(bytes) {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return ', but UTF-16';
  const wrong = bytes.find((byte) => byte > 0x7f) ?? 0;
  return `: it has the byte 0x${wrong.toString(16)}`;
}
