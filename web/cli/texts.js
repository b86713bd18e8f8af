/** A run of texts through a model: read in batches, computed, written, reported. What is written is the command's. */
import { InputError } from '../../bindings/errors.js';
import { BATCH } from './commands.js';
import { readBatches } from './lines.js';
import { openSink } from './output.js';
import { createProgress } from './progress.js';

/**
 * @typedef {import('../../bindings/tasks/encoder.js').Encoder} Encoder
 *
 * @typedef {object} Work what a command does with the texts
 * @property {(encoder: Encoder, texts: string[]) => Promise<number[]>} write a batch; returns the indices of the texts in
 *   it that were cut
 * @property {() => Promise<void>} end
 */

const { stdin, stdout, stderr } = process;
/** Cut texts that are listed one by one. */
const MOST_LISTED = 10;

/**
 * Reads texts, loads the model, lets a command write, and reports.
 * @param {{ command: string, values: import('./arguments.js').Values, files: string[],
 *   load: typeof import('../index.js').load }} call load: passed in, since in web/ only cli.js knows bindings/
 * @param {(sink: import('./output.js').Sink) => Work} begin
 */
export async function forEachBatch({ command, values, files, load }, begin) {
  const batches = readBatches(files, stdin, values.batch ?? BATCH);
  if (!files.length && stdin.isTTY)
    stderr.write('reading texts from the terminal, one a line; Ctrl-D ends them\n');
  // The first texts come before the model: where there are none, nothing is loaded for them.
  let batch = await batches.next();
  if (batch.done) {
    throw new InputError(
      `there are no texts: ${files.join(', ') || 'standard input'} is empty; give files or pipe lines in`,
    );
  }
  const progress = createProgress(stderr, values.progress === true);
  /** @type {number[]} */
  const cut = [];
  let count = 0;
  try {
    const encoder = await load(values.model, { simd: values.simd ?? 'auto', progress: progress.loading });
    await writeAll(values.output, begin, async (work) => {
      for (; !batch.done; batch = await batches.next()) {
        for (const index of await work.write(encoder, batch.value)) cut.push(count + index + 1);
        count += batch.value.length;
        progress.texts(count);
      }
    });
    progress.texts(count, true);
    progress.close();
    if (cut.length) stderr.write(`wasmformer ${command}: ${cutNote(cut, encoder.maxLength)}\n`);
  } finally {
    progress.close();
    await batches.return(undefined); // lets go of an input that has not ended
  }
}

/**
 * Opens the output, and leaves it whole or not at all.
 * @param {string | undefined} output
 * @param {(sink: import('./output.js').Sink) => Work} begin
 * @param {(work: Work) => Promise<void>} write
 */
async function writeAll(output, begin, write) {
  const sink = await openSink(output, stdout);
  try {
    const work = begin(sink);
    await write(work);
    await work.end();
  } catch (error) {
    await sink.discard();
    throw error;
  }
  await sink.close();
}

/** @param {number[]} cut numbers of lines @param {number} limit */
function cutNote(cut, limit) {
  const listed = cut.slice(0, MOST_LISTED).join(', ') + (cut.length > MOST_LISTED ? ', …' : '');
  return `${cut.length} of the texts had more than ${limit} tokens, only their beginnings count: line ${listed}`;
}
