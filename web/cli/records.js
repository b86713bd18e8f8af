/**
 * What a command is about, read a batch at a time so that the whole input is never held: lines of text, a column of .csv or .tsv,
 * a field of .jsonl, or names of pictures and recordings.
 */
import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { isRecordingName } from '../../bindings/audio/input.js';
import { InputError, WasmformerError } from '../../bindings/errors.js';
import { isObject, parseJson } from '../../bindings/formats/json.js';
import { isPictureName } from '../../bindings/vision/input.js';
import { UsageError } from './arguments.js';
import { openFile, readLines, withoutReturn } from './lines.js';

/**
 * @typedef {object} Record
 * @property {string} text or the name of a picture or recording
 * @property {string} [pair] a second text
 *
 * @typedef {object} Reading
 * @property {NodeJS.ReadableStream} stdin
 * @property {number} size records of a batch; the last one may have fewer
 * @property {string} [column] the name or the number of a column
 * @property {string} [field]
 * @property {string} [pair] the column or the field of a second text
 * @property {boolean} hasHeader whether the first row of a table has the names of columns
 * @property {(bytes: number) => void} read told how many bytes more are read
 *
 * @typedef {{ name: string, chunks: AsyncIterable<Uint8Array> }} Input
 */

const LIMITS = { length: 2 ** 26, depth: 64, values: 1e6 };

/** @typedef {'texts' | 'pictures' | 'recordings'} Kind what files are about; a text file has many texts */

/** What one of a kind is called. */
export const ONE = /** @type {const} */ ({
  texts: 'text',
  pictures: 'picture',
  recordings: 'recording',
});

/** What one of a kind is called beside its result. */
export const NAMES = /** @type {const} */ ({ texts: 'text', pictures: 'image', recordings: 'audio' });

/** @param {string} file @returns {Kind} */
const kindOfFile = (file) =>
  isPictureName(file) ? 'pictures' : isRecordingName(file) ? 'recordings' : 'texts';

/** What the files of a command line are. @param {string[]} files @throws {UsageError} some are, some not */
export function kindOfFiles(files) {
  const kinds = files.map(kindOfFile);
  const first = kinds.findIndex((kind) => kind !== 'texts');
  if (first < 0) return 'texts';
  const other = kinds.findIndex((kind) => kind !== kinds[first]);
  if (other < 0) return kinds[first];
  throw new UsageError(
    `"${files[first]}" is a ${ONE[kinds[first]]}, "${files[other]}" is not; expected files of one kind`,
  );
}

/**
 * @param {string[]} files read in turn; `-` and none at all mean standard input
 * @param {Reading} reading
 * @returns {AsyncGenerator<Record[]>}
 * @throws {InputError} a file that cannot be read, or does not hold what it should; {UsageError} a column or a field for another
 *   kind of file
 */
export async function* readBatches(files, reading) {
  /** @type {Record[]} */
  let batch = [];
  for await (const record of recordsOf(files, reading)) {
    batch.push(record);
    if (batch.length < reading.size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length) yield batch;
}

/** @param {string[]} files @param {Reading} reading @returns {AsyncGenerator<Record>} */
async function* recordsOf(files, reading) {
  if (kindOfFiles(files) !== 'texts') return yield* files.map((text) => ({ text }));
  const kinds = files.map((file) => kindOf(file, reading));
  for (const [i, file] of (files.length ? files : ['-']).entries()) {
    const isStdin = file === '-';
    const name = isStdin ? 'standard input' : `"${file}"`;
    const chunks = /** @type {AsyncIterable<Uint8Array>} */ (isStdin ? reading.stdin : openFile(name, file));
    yield* READERS[kinds[i] ?? kindOf('-', reading)]({ name, chunks }, reading, file);
  }
}

/** @param {string} file @param {Reading} reading @returns {keyof typeof READERS} */
function kindOf(file, { column, field, pair }) {
  const ending = /\.(csv|tsv|jsonl|ndjson)$/i.exec(file)?.[1].toLowerCase() ?? '';
  const [isTable, isJson] = [/^[ct]sv$/.test(ending), /json/.test(ending)];
  if (isTable && field !== undefined) throw new UsageError(`"${file}" has columns, not fields: use --column`);
  if (isJson && column !== undefined) throw new UsageError(`"${file}" has fields, not columns: use --field`);
  if (isTable || column !== undefined) return 'table';
  if (isJson || field !== undefined) return 'json';
  if (pair !== undefined) throw new UsageError('--pair needs .csv or .jsonl: lines have one text each');
  return 'lines';
}

const READERS = { lines: textsOf, table: cellsOf, json: fieldsOf };

/** @param {Input} input @param {Reading} reading @returns {AsyncGenerator<Record>} */
async function* textsOf({ name, chunks }, { read }) {
  for await (const line of readLines(chunks, name, read)) yield { text: withoutReturn(line) };
}

/** @param {Input} input @param {Reading} reading @param {string} file @returns {AsyncGenerator<Record>} */
async function* cellsOf({ name, chunks }, { column, pair, hasHeader, read }, file) {
  const delimiter = /\.tsv$/i.test(file) ? '\t' : ',';
  const lines = Readable.from(withEnds(readLines(chunks, name, read)));
  const rows = pipeline(lines, parse({ delimiter, skip_empty_lines: true }), () => {});
  /** @type {number[] | null} */
  let places = null;
  try {
    for await (const row of rows) {
      const isHeader = places === null && hasHeader;
      places ??= [column, ...(pair === undefined ? [] : [pair])].map((one) =>
        placeOf(row, one, name, hasHeader),
      );
      if (isHeader) continue;
      const [text, second] = places.map((place) => row[place]);
      yield pair === undefined ? { text } : { text, pair: second };
    }
  } catch (cause) {
    if (cause instanceof WasmformerError || cause instanceof UsageError) throw cause;
    const reason = /** @type {Error} */ (cause).message;
    throw new InputError(`${name} is not a table: ${reason}`, { path: name, cause });
  }
}

/** @param {AsyncIterable<string>} lines */
async function* withEnds(lines) {
  for await (const line of lines) yield `${line}\n`;
}

/**
 * Where a column stands: by its name in the first row, or its number from 1. The only one, or "text", need not be named.
 * @param {string[]} header
 * @param {string | undefined} wanted
 * @param {string} name
 * @param {boolean} hasNames
 */
function placeOf(header, wanted, name, hasNames) {
  const found = hasNames ? header.indexOf(wanted ?? 'text') : -1;
  if (found !== header.lastIndexOf(wanted ?? 'text') && hasNames)
    throw new InputError(`${name} has two columns "${wanted ?? 'text'}"; name one by its number`);
  if (found >= 0) return found;
  if (wanted === undefined && header.length === 1) return 0;
  const number = Number(wanted);
  if (Number.isInteger(number) && number >= 1 && number <= header.length) return number - 1;
  const columns = hasNames ? `its columns: ${header.join(', ')}` : `its columns: 1 to ${header.length}`;
  if (wanted === undefined) throw new UsageError(`${name} needs --column; ${columns}`);
  throw new UsageError(`${name} has no column "${wanted}"; ${columns}`);
}

/** @param {Input} input @param {Reading} reading @returns {AsyncGenerator<Record>} */
async function* fieldsOf({ name, chunks }, { field, pair, read }) {
  let number = 0;
  for await (const line of readLines(chunks, name, read)) {
    number++;
    if (line.trim() === '') continue;
    const where = `line ${number} of ${name}`;
    const value = parseJson(line, where, LIMITS);
    if (typeof value === 'string' && field === undefined && pair === undefined) yield { text: value };
    else {
      const text = textIn(value, field ?? 'text', where);
      yield pair === undefined ? { text } : { text, pair: textIn(value, pair, where) };
    }
  }
}

/** @param {unknown} value @param {string} field @param {string} where @returns {string} */
function textIn(value, field, where) {
  const found = isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  if (typeof found === 'string') return found;
  const known = isObject(value) ? `its fields: ${Object.keys(value).join(', ')}` : 'it is no object';
  throw new InputError(`${where} has no text in the field "${field}"; ${known}`, {
    path: field,
    value: found,
  });
}
