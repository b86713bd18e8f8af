/** Texts of files or of standard input, one a line, a batch at a time: the whole input is never held. */
import { createReadStream } from 'node:fs';
import { InputError } from '../../bindings/errors.js';

/**
 * @param {string[]} files read in turn; `-` and none at all mean standard input
 * @param {NodeJS.ReadableStream} stdin
 * @param {number} size texts of a batch; the last one may have fewer
 * @returns {AsyncGenerator<string[]>}
 * @throws {InputError} if a file cannot be read
 */
export async function* readBatches(files, stdin, size) {
  /** @type {string[]} */
  let batch = [];
  for (const file of files.length ? files : ['-']) {
    for await (const line of readLines(file === '-' ? stdin : openFile(file))) {
      batch.push(line);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length) yield batch;
}

/** @param {string} path @returns {AsyncGenerator<Buffer>} */
async function* openFile(path) {
  try {
    yield* createReadStream(path);
  } catch (cause) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (cause);
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new InputError(`"${path}" cannot be read: ${reason}`, { path, cause });
  }
}

/**
 * Lines end with \n or \r\n and nothing else: the other line ends of Unicode may stand in a text. An empty line is a text.
 * @param {AsyncIterable<any>} chunks UTF-8
 * @returns {AsyncGenerator<string>}
 */
async function* readLines(chunks) {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = /** @type {string} */ (lines.pop());
    for (const line of lines) yield withoutReturn(line);
  }
  rest += decoder.decode();
  if (rest) yield withoutReturn(rest);
}

/** @param {string} line */
const withoutReturn = (line) => (line.endsWith('\r') ? line.slice(0, -1) : line);
