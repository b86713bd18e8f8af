#!/usr/bin/env node
/**
 * The command line: `wasmformer embed | classify | tokenize | info | quantize | encoding`. Results go to standard output or a file, all else to
 * standard error. Exit codes: 0 done, 1 failed, 2 the command line itself is wrong.
 */
import { readFileSync } from 'node:fs';
import { align, helpOf, readArguments, requireOptions, UsageError } from './cli/arguments.js';
import { COMMANDS } from './cli/commands.js';
import { info } from './cli/info.js';
import { vectorWriter } from './cli/output.js';
import { printable } from './cli/printable.js';
import { quantize } from './cli/quantize.js';
import { NAMES, ONE } from './cli/records.js';
import { asked, forEachBatch, formatOf, given, loading } from './cli/run.js';
import { TASKS } from './cli/tasks.js';
import { tokensText } from './cli/tokens_text.js';
import { encodings, load, loadTokenizer, Tensor } from './index.js';

/** @typedef {import('./cli/arguments.js').Values} Values */

const { stdout } = process;

/** @type {Record<string, (values: Values, positionals: string[]) => Promise<void>>} */
const RUN = { embed, tokenize, info, quantize, ...TASKS };

/** @param {Values} values @param {string[]} files */
async function embed(values, files) {
  const format = formatOf(values, /** @type {const} */ (['npy', 'jsonl', 'csv']));
  if (values.text && format === 'npy') throw new UsageError('--text needs --format jsonl or csv');
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
    orientation: values.orientation,
  });
  const open = (/** @type {any} */ progress) =>
    asked(() => load(values.model, { ...loading(values), progress }));
  await forEachBatch({ command: 'embed', values, files }, open, (sink, encoder, kind) => {
    const writer = vectorWriter(format, sink, values.text ? NAMES[kind] : null);
    return {
      async write(records) {
        const texts = records.map(({ text }) => text);
        const input = kind === 'texts' ? texts : texts.map((path) => ({ path }));
        const vectors = await asked(() => encoder.embed(input, options));
        await writer.write(vectors, texts);
        return vectors.truncated;
      },
      end: writer.end,
    };
  });
}

/** @param {Values} values @param {string[]} files */
async function tokenize(values, files) {
  const format = formatOf(values, /** @type {const} */ (['table', 'jsonl']));
  const options = given({ maxLength: values['max-length'] });
  const open = () =>
    loadTokenizer(values.model, loading({ timeout: values.timeout, revision: values.revision }));
  await forEachBatch({ command: 'tokenize', values, files }, open, (sink, tokenizer, kind) => {
    if (kind !== 'texts') throw new UsageError(`"${files[0]}" is a ${ONE[kind]}; expected texts`);
    return {
      async write(records) {
        for (const record of records) {
          const encoding = await asked(async () =>
            tokenizer.encode(record.text, given({ ...options, pair: record.pair })),
          );
          await sink.write(tokensText(format, record, encoding));
        }
        return [];
      },
      end: async () => {},
    };
  });
}

function generalHelp() {
  const rows = Object.entries(COMMANDS).map(([name, { about }]) => [`  ${name}`, about]);
  return `Usage: wasmformer COMMAND [options]\n\n${align(rows).join('\n')}\n\nwasmformer help COMMAND says more; --version gives the version.\n`;
}

/** @param {string[]} words */
async function main([name, ...words]) {
  if (name === undefined) throw new UsageError('no command given');
  if (name === '--help' || name === '-h') return void stdout.write(generalHelp());
  if (name === 'help') {
    const [command, ...more] = words;
    if (command === undefined) return void stdout.write(generalHelp());
    return main([command, ...more, '--help']);
  }
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
  process.stderr.write(`${called}: ${printable(error.message)}${hint}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
