/** An encoding's call as code: what a visitor types to get the same numbers, in JavaScript and on the command line. */
import { isFile, readOptions } from './inputs.js';

/** @typedef {import('./inputs.js').Input} Input */

/** Columns of a line of code. */
const WIDTH = 64;

/**
 * The options that are said, without those that are not read.
 * @param {Record<string, any>} options
 * @param {Record<string, any>} o
 */
const said = (options, o) =>
  Object.entries(options).filter(([key, value]) => key !== 'out' && value !== undefined && o[key] != null);

/**
 * @param {string} name
 * @param {Record<string, any>} options
 * @param {string} result the variable of a single result
 * @returns {string} a program of Node
 */
export function jsCode(name, options, result = 'result') {
  const { o, inputs, results, also } = readOptions(name, options);
  const arrays = new Map(inputs.map((input) => [input.key, input]));
  const tensors = inputs.filter((input) => input.kind === 'floats' || isFile(input));
  const parts = said(options, o).map(([key, value]) => {
    const input = arrays.get(key);
    if (input && tensors.includes(input)) return key;
    return `${key}: ${input && typeof value !== 'number' ? arrayIn(input) : literal(value)}`;
  });
  const isSingle = results[0].key === '';
  const keys = [...results.map(({ key }) => key), ...also].filter((key) => !arrays.has(key));
  const target = isSingle ? result : `{ ${keys.join(', ')} }`;
  const shapes = results
    .filter(({ key, shape }) => shape && !arrays.has(key))
    .map(({ shape }) => `[${shape?.join(', ')}]`);
  return [
    tensors.some(isFile) && "import { readFile } from 'node:fs/promises';",
    tensors.length
      ? "import { encodings, Tensor } from 'wasmformer';"
      : "import { encodings } from 'wasmformer/encodings';",
    '',
    'const pe = await encodings();',
    ...tensors.map((input) => `const ${input.key} = ${tensorIn(input)};`),
    filled(`const ${target} = pe.${name}({`, parts, '});', `// Tensor ${[...new Set(shapes)].join(', ')}`),
  ]
    .filter((line) => line !== false)
    .join('\n');
}

/** A list between its ends, on one line or filled into several. @param {string} open @param {string[]} parts @param {string} close @param {string} note */
function filled(open, parts, close, note) {
  const line = `${open} ${parts.join(', ')} ${close}`;
  if (`${line} ${note}`.length <= WIDTH) return `${line} ${note}`;
  const lines = [' '];
  for (const part of parts) {
    const last = lines.length - 1;
    if (lines[last].length > 2 && lines[last].length + part.length + 2 > WIDTH) lines.push(`  ${part},`);
    else lines[last] += ` ${part},`;
  }
  return [open, ...lines, `${close} ${note}`].join('\n');
}

/** @param {Input} input */
function arrayIn({ list, range, single, shape }) {
  const length = shape.reduce((product, n) => product * n, 1);
  if (list) return literal(list);
  const term = range ? `${range.first === 0 ? '' : `${range.first} + `}i * ${range.step}` : String(single);
  const flat = `Array.from({ length: ${length} }, (_, i) => ${shape.length > 1 ? `[${term}]` : term})`;
  return flat;
}

/** @param {Input} input */
function tensorIn(input) {
  const { key, list, range, single, shape } = input;
  const length = shape.reduce((product, n) => product * n, 1);
  if (isFile(input)) return `Tensor.fromNpy(await readFile('${key}.npy'))`;
  const data = list
    ? `Float32Array.of(${[list].flat(9).join(', ')})`
    : range
      ? `Float32Array.from({ length: ${length} }, (_, i) => ${range.first} + i * ${range.step})`
      : `new Float32Array(${length}).fill(${single})`;
  return `new Tensor('float32', ${data}, [${shape.join(', ')}])`;
}

/** @param {any} value @returns {string} */
function literal(value) {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return `[${Array.from(/** @type {any} */ (value), literal).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  if (value.data) return literal(value.data);
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${key}: ${literal(one)}`)
    .join(', ')} }`;
}

/** Which arrays the command line reads from files. @param {Input} input */
export const isFileOfShell = ({ list }) => list === null;

/**
 * @param {string} name
 * @param {Record<string, any>} options
 * @returns {string} a command
 */
export function shellCode(name, options) {
  const { o, inputs } = readOptions(name, options);
  const arrays = new Map(inputs.map((input) => [input.key, input]));
  const words = said(options, o).map(([key, value]) => {
    const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === true) return `--${flag}`;
    if (value === false) return `--no-${flag}`;
    const input = arrays.get(key);
    if (input && isFileOfShell(input)) return `--${flag} ${key}.npy`;
    return `--${flag} ${word(input && typeof value !== 'number' ? input.list : value)}`;
  });
  const lines = [`npx wasmformer encoding ${name}`];
  for (const part of [...words, `-o ${name}.npy`]) {
    const last = lines.length - 1;
    if (lines[last].length + part.length + 3 > WIDTH) lines.push(`  ${part}`);
    else lines[last] += ` ${part}`;
  }
  return lines.join(' \\\n');
}

/** @param {any} value @returns {string} */
function word(value) {
  if (Array.isArray(value) && value.length === 0) return "''";
  if (Array.isArray(value) && !value.some((one) => typeof one === 'object')) return value.join();
  if (typeof value === 'object') return `'${JSON.stringify(plain(value))}'`;
  return String(value);
}

/** Typed arrays and tensors inside an object as lists. @param {any} value @returns {any} */
function plain(value) {
  if (ArrayBuffer.isView(value)) return Array.from(/** @type {any} */ (value));
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  if (value.data) return plain(value.data);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
