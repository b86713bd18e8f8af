#!/usr/bin/env node
/**
 * The command line: `wasmformer embed | classify | encoding | info`. Results go to standard output or a file, all else to
 * standard error. Exit codes: 0 done, 1 failed, 2 the command line itself is wrong.
 */
import { readFileSync } from 'node:fs';
import { familyOf } from '../bindings/architectures/index.js';
import { ignoredKeys } from '../bindings/architectures/ledger.js';
import { sizeOfShape } from '../bindings/arrays.js';
import { openAllWeights } from '../bindings/loading/files.js';
import { findSentenceTransformer, within } from '../bindings/loading/modules.js';
import { align, helpOf, readArguments, requireOptions, UsageError } from './cli/arguments.js';
import { COMMANDS } from './cli/commands.js';
import { describe } from './cli/describe.js';
import { vectorWriter } from './cli/output.js';
import { printable, toJson } from './cli/printable.js';
import { forEachBatch } from './cli/texts.js';
import { encodings, load, Tensor } from './index.js';
import { openSource } from './source.js';

/** @typedef {import('./cli/arguments.js').Values} Values */

const { stdout, stderr } = process;

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
    promptName: values['prompt-name'],
    precision: values.precision,
    onTruncate: values['on-truncate'],
  });
  await forEachBatch({ command: 'embed', values, files, load }, (sink) => {
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
  await forEachBatch({ command: 'classify', values, files, load }, (sink) => ({
    async write(encoder, texts) {
      const classes = await encoder.classify(texts, options);
      await sink.write(texts.map((text, i) => `${toJson({ text, classes: classes[i] })}\n`).join(''));
      return encoder.tokenize(texts).truncated;
    },
    end: async () => {},
  }));
}

/** @param {Values} values @param {string[]} positionals */
async function info(values, positionals) {
  if (positionals.length !== 1) throw new UsageError(`expected one folder, not ${positionals.length}`);
  const [folder] = positionals;
  const encoder = await load(folder, { simd: values.simd ?? 'auto' });
  const memory = process.memoryUsage.rss();
  const files = await openSource(folder, {});
  const sentence = await findSentenceTransformer(files);
  const { tensors, bytes } = await listTensors(within(files, sentence?.folder));
  const family = familyOf(encoder.config);
  const { description } = family.blueprint(encoder.config, tensors, folder);
  const { layers, width, kind, vocabulary, positions } = description;
  const { heads, head_width, inner: feed_forward } = kind[0];
  /** @type {Record<string, number>} */
  const dtypes = {};
  for (const { dtype, shape } of tensors.values()) {
    if (/^(F|BF)\d/.test(dtype)) dtypes[dtype] = (dtypes[dtype] ?? 0) + sizeOfShape(shape);
  }
  const facts = {
    model: encoder.modelType,
    architectures: [encoder.config.architectures].flat().filter((name) => typeof name === 'string'),
    tasks: encoder.tasks,
    sizes: { layers, width, heads, head_width, feed_forward, vocabulary, positions },
    parameters: Object.values(dtypes).reduce((a, b) => a + b, 0),
    dtypes,
    bytes,
    max_length: Number.isFinite(encoder.maxLength) ? encoder.maxLength : null,
    dimensions: encoder.dimensions,
    pooling: encoder.pooling,
    normalize: sentence?.normalize ?? false,
    ignored: family.keys ? ignoredKeys(encoder.config, family.keys) : [],
    build: encoder.build,
    memory,
  };
  stdout.write(values.json ? `${toJson(facts, 2)}\n` : describe(facts));
}

/** The tensors of all files of weights, by name, and the bytes of the files. @param {import('./source.js').Source} files */
async function listTensors(files) {
  const weights = await openAllWeights(files);
  for (const { reader } of weights) await reader.close();
  return {
    tensors: new Map(weights.flatMap((file) => [...file.tensors])),
    bytes: weights.reduce((sum, { size }) => sum + size, 0),
  };
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
  if (name === 'encoding') {
    // Who runs models does not wait for the tables of the encodings.
    const { encoding } = await import('./cli/encoding.js');
    return encoding(words, { encodings, Tensor });
  }
  const command = COMMANDS[name];
  const { values, positionals } = readArguments(words, command);
  if (values.help) return void stdout.write(helpOf(command));
  requireOptions(values, command);
  await RUN[name](values, positionals);
}

// Whoever reads the results may have enough of them (`| head`): the write that fails says so, too.
stdout.on('error', () => {});
const words = process.argv.slice(2);
const isEncoding = words[0] === 'encoding' && /^\w+$/.test(words[1] ?? '');
const known = Object.hasOwn(COMMANDS, words[0]) ? words.slice(0, isEncoding ? 2 : 1) : [];
const called = ['wasmformer', ...known].join(' ');
main(words).catch((/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code === 'EPIPE') return;
  const hint = error instanceof UsageError ? `; see ${error.help ?? `${called} --help`}` : '';
  stderr.write(`${called}: ${printable(error.message)}${hint}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
