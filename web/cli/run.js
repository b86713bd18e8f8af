/** A run of texts or pictures through a model: read in batches, computed, written, reported. What is written is the command's. */
import { stat } from 'node:fs/promises';
import { InputError } from '../../bindings/errors.js';
import { variable } from '../node.js';
import { UsageError } from './arguments.js';
import { COMMANDS } from './commands.js';
import { openSink } from './output.js';
import { createProgress } from './progress.js';
import { kindOfFiles, readBatches } from './records.js';
import { BATCH } from './shared.js';

/**
 * @typedef {import('./records.js').Record} Record
 *
 * @typedef {object} Work what a command does with the texts
 * @property {(records: Record[]) => Promise<number[]>} write a batch; returns the indices of the texts in it that were cut
 * @property {() => Promise<void>} end
 *
 * @typedef {object} Call
 * @property {string} command
 * @property {import('./arguments.js').Values} values
 * @property {string[]} files
 * @property {number} [batch] texts that are held at a time, unless the command line says
 */

const { stdin, stdout, stderr } = process;
/** Cut texts that are listed one by one. */
const MOST_LISTED = 10;

/**
 * The format of the output: asked for, or by its name.
 * @template {string} F
 * @param {import('./arguments.js').Values} values
 * @param {readonly F[]} formats the first is the usual one
 * @returns {F}
 * @throws {UsageError} an ending that is none of them
 */
export function formatOf({ format, output = '' }, formats) {
  if (format !== undefined) return format;
  const ending = /\.(\w+)$/.exec(output)?.[1];
  if (ending === undefined) return formats[0];
  const found = formats.find((one) => one === ending.toLowerCase());
  if (found) return found;
  const endings = formats.filter((one) => one !== 'table').map((one) => `.${one}`);
  throw new UsageError(
    `--output is "${output}"; expected a name that ends in ${endings.join(', ')}, or --format`,
  );
}

/**
 * Reads texts, loads what they are run through, lets a command write, and reports.
 * @template {{ maxLength: number | null }} M
 * @param {Call} call
 * @param {(progress: (state: { file: string, loaded: number, total: number }) => void) => Promise<M>} load
 * @param {(sink: import('./output.js').Sink, model: M, kind: import('./records.js').Kind) => Work} begin
 */
export async function forEachBatch({ command, values, files, batch: most = BATCH }, load, begin) {
  const kind = kindOfFiles(files);
  if (!files.length && stdin.isTTY)
    stderr.write('reading texts from the terminal, one a line; Ctrl-D ends them\n');
  const total = kind !== 'texts' ? files.length : await sizeOf(files);
  const progress = await createProgress(stderr, values.progress === true, kind, total);
  const { column, field, pair } = values;
  const reading = {
    column,
    field,
    pair,
    hasHeader: values['no-header'] !== true,
    size: values.batch ?? most,
  };
  const batches = readBatches(files, { ...reading, stdin, read: progress.read });
  // The first texts come before the model: where there are none, nothing is loaded for them.
  let batch = await batches.next();
  if (batch.done) {
    throw new InputError(
      `there are no texts: ${files.join(', ') || 'standard input'} is empty; give files or pipe lines in`,
    );
  }
  /** @type {number[]} */
  const cut = [];
  let count = 0;
  try {
    const model = await load(progress.loading);
    await writeAll(values.output, async (sink) => {
      const work = begin(sink, model, kind);
      for (; !batch.done; batch = await batches.next()) {
        for (const index of await work.write(batch.value)) cut.push(count + index + 1);
        count += batch.value.length;
        progress.done(count);
      }
      await work.end();
    });
    progress.done(count, true);
    progress.close();
    if (cut.length) stderr.write(`wasmformer ${command}: ${cutNote(cut, kind, model.maxLength)}\n`);
  } finally {
    progress.close();
    await batches.return(undefined); // lets go of an input that has not ended
  }
}

/** Bytes of all files, 0 where one does not say. @param {string[]} files */
async function sizeOf(files) {
  let sum = 0;
  for (const file of files) {
    const found = await stat(file).catch(() => null);
    if (!found?.isFile()) return 0;
    sum += found.size;
  }
  return sum;
}

/**
 * Opens the output, and leaves it whole or not at all.
 * @param {string | undefined} output
 * @param {(sink: import('./output.js').Sink) => Promise<void>} write
 */
export async function writeAll(output, write) {
  const sink = await openSink(output, stdout);
  try {
    await write(sink);
  } catch (error) {
    await sink.discard();
    throw error;
  }
  await sink.close();
}

/** @param {number[]} cut numbers of texts @param {import('./records.js').Kind} kind @param {number | null} limit */
function cutNote(cut, kind, limit) {
  const listed = cut.slice(0, MOST_LISTED).join(', ') + (cut.length > MOST_LISTED ? ', …' : '');
  if (kind !== 'texts')
    return `${cut.length} of the ${kind} were longer than this model reads, only their beginnings count: number ${listed}`;
  return `${cut.length} of the texts had more than ${limit} tokens, only their beginnings count: text ${listed}`;
}

/** The options that were given. @template {object} T @param {T} options @returns {Partial<T>} */
export const given = (options) =>
  /** @type {Partial<T>} */ (
    Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  );

/** How models are loaded. @param {import('./arguments.js').Values} values */
export const loading = ({
  simd = variable('WASMFORMER_SIMD') || undefined,
  dtype,
  threads,
  timeout,
  revision,
}) => given({ simd, dtype, threads, timeout, revision });

/**
 * A call of the library, whose errors about an option are the command line's.
 * @template T
 * @param {() => Promise<T>} call
 */
export async function asked(call) {
  try {
    return await call();
  } catch (error) {
    const { path = '', message } = /** @type {InputError} */ (error);
    const flag = FLAGS[path] ?? path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (!(error instanceof InputError) || !OPTIONS.has(flag)) throw error;
    throw new UsageError(message.replace(/^\w+: option "\w+"|^\w+/, `--${flag}`));
  }
}

/** Options of the library that have another name here. @type {{ [option: string]: string }} */
const FLAGS = { functionToApply: 'function' };
/** Flags that set options of the library. */
const OPTIONS = new Set(Object.values(COMMANDS).flatMap(({ options }) => Object.keys(options)));
