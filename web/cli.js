#!/usr/bin/env node
/**
 * The command line: `wasmformer embed | classify | info`. Results go to standard output or a file, all else to standard
 * error. Exit codes: 0 done, 1 failed, 2 the command line itself is wrong.
 */
import { readFileSync } from 'node:fs';
import { familyOf } from '../bindings/architectures/index.js';
import { InputError } from '../bindings/errors.js';
import { parseIndex } from '../bindings/formats/safetensors.js';
import { openWeights } from '../bindings/formats/weights.js';
import { load } from '../bindings/index.js';
import { parseModules } from '../bindings/text/sentence_transformers.js';
import { align, helpOf, readArguments, requireOptions, UsageError } from './cli/arguments.js';
import { BATCH, COMMANDS } from './cli/commands.js';
import { describe } from './cli/describe.js';
import { readBatches } from './cli/lines.js';
import { openSink, vectorWriter } from './cli/output.js';
import { createProgress } from './cli/progress.js';
import { openSource } from './load.js';

/**
 * @typedef {import('./cli/arguments.js').Values} Values
 * @typedef {import('../bindings/encoder.js').Encoder} Encoder
 *
 * @typedef {object} Work what a command does with the texts
 * @property {(encoder: Encoder, texts: string[]) => Promise<number[]>} write a batch; returns the indices of the texts in
 *   it that were cut
 * @property {() => Promise<void>} end
 */

const { stdin, stdout, stderr } = process;
/** Cut texts that are listed one by one. */
const MOST_LISTED = 10;

/** @type {Record<string, (values: Values, positionals: string[]) => Promise<void>>} */
const RUN = { embed, classify, info };

/** @param {Values} values @param {string[]} files */
async function embed(values, files) {
  const format = formatOf(values);
  if (values.text && format !== 'jsonl') throw new UsageError('--text needs --format jsonl');
  if (values.normalize && values['no-normalize'])
    throw new UsageError('--normalize and --no-normalize exclude each other');
  if (format === 'npy' && values.output === undefined && stdout.isTTY) {
    throw new UsageError('.npy is not for a terminal: add > vectors.npy, --output FILE or --format jsonl');
  }
  const options = given({
    pooling: values.pooling,
    normalize: values.normalize ?? (values['no-normalize'] ? false : undefined),
    dimensions: values.dimensions,
    prompt: values.prompt,
    precision: values.precision,
    onTruncate: values['on-truncate'],
  });
  await forEachBatch('embed', values, files, (sink) => {
    const writer = vectorWriter(format, sink, { withTexts: values.text === true });
    return {
      async write(encoder, texts) {
        const vectors = await encoder.embed(texts, options);
        await writer.write(vectors, texts);
        return vectors.truncated;
      },
      end: writer.end,
    };
  });
}

/** @param {Values} values @param {string[]} files */
async function classify(values, files) {
  const options = given({ topK: values['top-k'] });
  await forEachBatch('classify', values, files, (sink) => ({
    async write(encoder, texts) {
      const classes = await encoder.classify(texts, options);
      await sink.write(texts.map((text, i) => `${JSON.stringify({ text, classes: classes[i] })}\n`).join(''));
      return encoder.tokenize(texts).truncated;
    },
    end: async () => {},
  }));
}

/**
 * Reads texts, loads the model, lets a command write, and reports.
 * @param {string} command
 * @param {Values} values
 * @param {string[]} files
 * @param {(sink: import('./cli/output.js').Sink) => Work} begin
 */
async function forEachBatch(command, values, files, begin) {
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
  }
}

/**
 * Opens the output, and leaves it whole or not at all.
 * @param {string | undefined} output
 * @param {(sink: import('./cli/output.js').Sink) => Work} begin
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

/** @param {Values} values @param {string[]} positionals */
async function info(values, positionals) {
  if (positionals.length !== 1) throw new UsageError(`expected one folder, not ${positionals.length}`);
  const [folder] = positionals;
  const encoder = await load(folder, { simd: values.simd ?? 'auto' });
  const { tensors, bytes } = await readTensorLists(folder);
  const { description } = familyOf(encoder.config).blueprint(encoder.config, tensors, folder);
  const { layers, width, heads, head_width, feed_forward, vocabulary, positions } = description;
  /** @type {Record<string, number>} */
  const dtypes = {};
  for (const { dtype, shape } of tensors.values()) {
    if (/^(F|BF)\d/.test(dtype)) dtypes[dtype] = (dtypes[dtype] ?? 0) + shape.reduce((a, b) => a * b, 1);
  }
  const modules = await readJson(folder, 'modules.json');
  const sentence = modules && (await parseModules({ modules, readJson: (name) => readJson(folder, name) }));
  const facts = {
    model: encoder.modelType,
    architectures: /** @type {string[]} */ (encoder.config.architectures ?? []),
    tasks: encoder.tasks,
    sizes: { layers, width, heads, head_width, feed_forward, vocabulary, positions },
    parameters: Object.values(dtypes).reduce((a, b) => a + b, 0),
    dtypes,
    bytes,
    max_length: Number.isFinite(encoder.maxLength) ? encoder.maxLength : null,
    dimensions: encoder.dimensions,
    pooling: sentence?.pooling?.modes ?? ['mean'],
    normalize: sentence?.normalize ?? false,
    build: encoder.build,
    peak_memory: process.resourceUsage().maxRSS * 1024,
  };
  stdout.write(values.json ? `${JSON.stringify(facts, null, 2)}\n` : describe(facts));
}

/** The tensors of all files of weights, by name, and the bytes of the files. @param {string} folder */
async function readTensorLists(folder) {
  const source = await openSource(folder, {});
  const whole = await source.find('model.safetensors');
  const index = 'model.safetensors.index.json';
  const names = whole
    ? ['model.safetensors']
    : parseIndex(JSON.stringify(await readJson(folder, index)), index).files;
  /** @type {import('../bindings/formats/weights.js').Weights['tensors']} */
  const tensors = new Map();
  let bytes = 0;
  for (const name of names) {
    const file = await source.find(name);
    if (!file) throw new InputError(`${folder} has no ${name}`, { path: name });
    const weights = await openWeights(file, name);
    await weights.reader.close();
    bytes += weights.size;
    for (const [key, tensor] of weights.tensors) tensors.set(key, tensor);
  }
  return { tensors, bytes };
}

/** @param {string} folder @param {string} name @returns {Promise<any>} the parsed file, or null if there is none */
async function readJson(folder, name) {
  const file = await (await openSource(folder, {})).find(name);
  if (!file) return null;
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of file.stream()) text += decoder.decode(chunk, { stream: true });
  return JSON.parse(text + decoder.decode());
}

/** @param {Values} values @returns {'npy' | 'jsonl' | 'csv'} */
function formatOf({ format, output = '' }) {
  return format ?? /\.(npy|jsonl|csv)$/.exec(output)?.[1] ?? 'npy';
}

/** The options that were given. @template {object} T @param {T} options @returns {Partial<T>} */
const given = (options) =>
  /** @type {Partial<T>} */ (
    Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  );

function generalHelp() {
  const rows = Object.entries(COMMANDS).map(([name, { about }]) => [`  ${name}`, about]);
  return `Usage: wasmformer COMMAND [options]\n\n${align(rows).join('\n')}\n\nwasmformer COMMAND --help says more; --version gives the version.\n`;
}

/** @param {string[]} words */
async function main([name, ...words]) {
  if (name === undefined) throw new UsageError('no command given');
  if (name === '--help' || name === '-h' || name === 'help') return void stdout.write(generalHelp());
  if (name === '--version') {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    return void stdout.write(`${JSON.parse(manifest).version}\n`);
  }
  if (!Object.hasOwn(COMMANDS, name)) throw new UsageError(`there is no command "${name}"`);
  const command = COMMANDS[name];
  const { values, positionals } = readArguments(words, command);
  if (values.help) return void stdout.write(helpOf(command));
  requireOptions(values, command);
  await RUN[name](values, positionals);
}

// Whoever reads the results may have enough of them (`| head`): the write that fails says so, too.
stdout.on('error', () => {});
const words = process.argv.slice(2);
const called = `wasmformer${Object.hasOwn(COMMANDS, words[0]) ? ` ${words[0]}` : ''}`;
main(words).catch((/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code === 'EPIPE') return;
  const hint = error instanceof UsageError ? `; see ${called} --help` : '';
  stderr.write(`${called}: ${error.message}${hint}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
