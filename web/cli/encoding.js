/**
 * `wasmformer encoding`: any position encoding or attention bias, its options as its table has them, the result as a
 * file. Not here: how options and results are written down (encoding-options.js, table.js).
 */
import { documentationOf, NAMES } from '../documentation.js';
import { helpOf, readArguments, requireOptions, UsageError } from './arguments.js';
import { COMMANDS } from './commands.js';
import { helpOfEncoding, listOf } from './encoding-help.js';
import { flagOf, joinNegatives, readOption, tableOf } from './encoding-options.js';
import { printable } from './printable.js';
import { writeAll } from './run.js';
import { LAST } from './shared.js';
import { FORMATS, fileFor, writeTable } from './table.js';

/**
 * @typedef {import('../documentation.js').Documentation} Documentation
 * @typedef {import('./arguments.js').Values} Values
 * @typedef {import('../../bindings/tensor.js').Tensor} Tensor
 * @typedef {import('../encodings.js').Encodings} Encodings
 *
 * @typedef {object} Library passed in, since in web/ only cli.js knows bindings/
 * @property {(options: object) => Promise<Encodings>} encodings
 * @property {typeof import('../../bindings/tensor.js').Tensor} Tensor
 */

const { stdout, stderr } = process;
const LIST = 'wasmformer encoding --list';

/** Options of every encoding, beside its own. @type {Record<string, import('./arguments.js').Option>} */
const COMMON = {
  file: { short: 'o', value: 'FILE', about: 'write there instead of standard output' },
  format: {
    short: 'f',
    value: 'FORMAT',
    choices: FORMATS,
    about: 'by the name of the file, or npy (csv on a terminal)',
  },
  only: { value: 'NAME', about: 'of several results, such as cos and sin, this one' },
  simd: LAST.simd,
  help: LAST.help,
};

/**
 * @param {string[]} words behind the command
 * @param {Library} library
 */
export async function encoding(words, library) {
  const [name] = words;
  if (name === undefined || name.startsWith('-')) return general(words);
  const { documentation, values, options } = await readCall(words, library.Tensor);
  if (values.help) return void stdout.write(helpOfEncoding(documentation, COMMON));
  const format = formatOf(values);
  const pe = await library.encodings({ simd: values.simd ?? 'auto' });
  const results = resultsOf(Reflect.get(pe, name)(options), values.only, library.Tensor);
  if (results.length > 1 && values.file === undefined) {
    const names = results.map(([one]) => one).join(', ');
    throw new UsageError(`there are several results: choose one of ${names} by --only, or name a file by -o`);
  }
  for (const [part, tensor] of results) {
    const path = results.length > 1 ? fileFor(values.file, part) : values.file;
    await writeAll(path, (sink) => writeTable(tensor, format, sink, titleOf(name, part, options)));
    if (path !== undefined)
      stderr.write(`${printable(path)}: ${tensor.dtype} [${tensor.shape.join(', ')}]\n`);
  }
}

/**
 * What a command line asks for: an encoding, its options as the library takes them, and the options of the command.
 * @param {string[]} words the encoding's name and what stands behind it
 * @param {Library['Tensor']} Tensor
 * @returns {Promise<{ documentation: Documentation, values: Values, options: Record<string, unknown> }>}
 */
export async function readCall([name, ...words], Tensor) {
  const documentation = findDocumentation(name);
  const command = { usage: '', about: '', options: { ...tableOf(documentation), ...COMMON } };
  const { values, positionals } = readArguments(joinNegatives(words), command);
  if (values.help) return { documentation, values, options: {} };
  if (positionals.length) throw new UsageError(`"${positionals[0]}" stands alone; options begin with --`);
  requireOptions(values, command);
  return { documentation, values, options: await optionsOf(documentation, values, Tensor) };
}

/** The list, the help, or what is missing. @param {string[]} words */
function general(words) {
  const { values } = readArguments(words, COMMANDS.encoding);
  if (values.help) return void stdout.write(helpOf(COMMANDS.encoding));
  if (!values.list) throw new UsageError('no encoding named', { help: LIST });
  stdout.write(listOf(NAMES.map(findDocumentation)));
}

/** @param {string} name @returns {Documentation} @throws {UsageError} */
function findDocumentation(name) {
  if (NAMES.includes(name)) return documentationOf(name);
  const alike = NAMES.filter((known) => isAlike(known.toLowerCase(), name.toLowerCase()));
  const hint = alike.length ? `; did you mean ${alike.join(', ')}?` : '';
  throw new UsageError(`there is no encoding "${name}"${hint}`, { help: LIST });
}

/** Whether one begins with the other, or three of four pairs of letters are in both. @param {string} a @param {string} b */
function isAlike(a, b) {
  if (b.length > 2 && (a.startsWith(b) || b.startsWith(a))) return true;
  const pairs = (/** @type {string} */ text) => Array.from(text.slice(1), (letter, i) => text[i] + letter);
  const shared = pairs(a).filter((pair) => b.includes(pair)).length;
  return shared >= 0.75 * Math.max(a.length - 1, b.length - 1);
}

/** @param {Documentation} documentation @param {Values} values @param {Library['Tensor']} Tensor */
async function optionsOf({ options }, values, Tensor) {
  /** @type {Record<string, unknown>} */
  const given = {};
  for (const option of options) {
    const flag = flagOf(option.name);
    if (values[`no-${flag}`]) given[option.name] = false;
    if (values[flag] !== undefined) given[option.name] = await readOption(option, values[flag], Tensor);
  }
  return given;
}

/** @param {Values} values */
function formatOf({ format, file }) {
  const chosen = format ?? (file && /\.\w+$/.test(file) ? endingOf(file) : undefined);
  const onTerminal = file === undefined && stdout.isTTY === true;
  if (onTerminal && chosen !== undefined && chosen !== 'csv')
    throw new UsageError(`.${chosen} is not for a terminal: add -o FILE or > FILE`);
  return chosen ?? (onTerminal ? 'csv' : 'npy');
}

/** @param {string} file */
function endingOf(file) {
  const found = FORMATS.find((format) => file.toLowerCase().endsWith(`.${format}`));
  if (found) return found;
  throw new UsageError(
    `--file is "${file}"; expected a name that ends in .${FORMATS.join(', .')}, or --format`,
  );
}

/**
 * The tensors of a result by their names; a single one has none.
 * @param {any} result a Tensor, or an object of tensors and numbers
 * @param {string | undefined} only
 * @param {Library['Tensor']} Tensor
 * @returns {[string, Tensor][]}
 */
function resultsOf(result, only, Tensor) {
  const all = Object.entries(ArrayBuffer.isView(result.data) ? { '': result } : result);
  const found = all.flatMap(([name, value]) => {
    if (value === null || (only ?? name) !== name) return [];
    const tensor = typeof value === 'number' ? new Tensor('float64', Float64Array.of(value), []) : value;
    return [/** @type {[string, Tensor]} */ ([name, tensor])];
  });
  if (found.length === 0) {
    const names = all.map(([name]) => name).filter(Boolean);
    throw new UsageError(
      `--only is "${only}"; expected ${names.join(', ') || 'nothing: there is a single result'}`,
    );
  }
  return found;
}

/** @param {string} name @param {string} part @param {Record<string, unknown>} options */
function titleOf(name, part, options) {
  const short = Object.entries(options).filter(([, value]) => /^(number|string|boolean)$/.test(typeof value));
  return [name, part, ...short.map(([key, value]) => `${key}=${value}`)].filter(Boolean).join(' ');
}
