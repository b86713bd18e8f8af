/**
 * Writes the declarations of the encodings for TypeScript, with hover texts, from their tables: `node demo/docs/declarations.js
 * FOLDER`, over what tsc makes of bindings/encodings, whose types say the same without words.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resultsOf } from '../../bindings/encodings/encoding.js';
import { ENCODINGS } from '../../bindings/encodings/index.js';
import { documentationOf, NAMES, tell } from '../../web/documentation.js';

/**
 * @import { Also, Description, Result } from '../../bindings/encodings/encoding.js'
 * @import { Documentation, DocumentedOption } from '../../web/documentation.js'
 */

const HEAD = `import type { Instance } from '../core/instance.js';
import type { Tensor } from '../tensor.js';
import type { Description, Filled } from './encoding.js';
`;

const TAIL = `/** All encodings by name: tables with a function that fills the result. */
export declare const ENCODINGS: Record<Exclude<keyof Encodings, 'dispose' | symbol>, Description & Filled>;
export declare function createEncodings(instance: Instance): Encodings;
`;

/** @returns {string} the declarations */
export function declarations() {
  const all = NAMES.map((name) => documentationOf(name));
  const objects = new Map(
    all.flatMap(({ options }) => options.filter(({ fields }) => fields.length).map((one) => [one.type, one])),
  );
  const interfaces = [...objects.values()].map(
    ({ type, about, fields }) => `${comment([about])}export interface ${type} {\n${fieldsOf(fields)}}\n`,
  );
  const options = all.map(({ name, options: own }) => {
    const out = `  /** filled instead of new memory */\n  out?: ${outOf(tableOf(name))};\n`;
    return `export interface ${nameOf(name)} {\n${fieldsOf(own)}${out}}\n`;
  });
  const methods = all.map(
    (one) =>
      `${methodComment(one)}  ${one.name}(options: ${nameOf(one.name)}): ${returned(tableOf(one.name))};\n`,
  );
  const about =
    'All encodings, of their options alone; dispose lets the instance go, after which they throw a DisposedError.';
  const rest = '  dispose(): void;\n  [Symbol.dispose](): void;\n';
  return [
    HEAD,
    ...interfaces,
    ...options,
    `${comment([about])}export interface Encodings {\n${methods.join('')}${rest}}\n`,
    TAIL,
  ].join('\n');
}

/** @param {string} name @returns {Description} */
const tableOf = (name) => Reflect.get(ENCODINGS, name);

/** @param {string} name */
const nameOf = (name) => `${name[0].toUpperCase()}${name.slice(1)}Options`;

/** @param {DocumentedOption[]} options */
const fieldsOf = (options) =>
  options
    .map((option) => {
      const { name, type, required, rules } = option;
      const words = [tell({ ...option, limits: '' }), rules].filter(Boolean);
      return `${comment(words, '  ')}  ${name}${required ? '' : '?'}: ${type};\n`;
    })
    .join('');

/** @param {Result | Also} one */
function typeOf({ dtype, ...more }) {
  if (dtype === 'number') return 'number';
  const types = 'dtypeOf' in more && more.dtypeOf ? "'float32' | 'int32'" : `'${dtype}'`;
  return `Tensor<${types}>${'nullable' in more ? ' | null' : ''}`;
}

/** @param {Description} description */
function returned({ result, also = {} }) {
  const results = resultsOf({ result });
  if ('' in results) return typeOf(results['']);
  return `{ ${Object.entries({ ...results, ...also })
    .map(([name, one]) => `${name}: ${typeOf(one)}`)
    .join('; ')} }`;
}

/** @param {Description} description */
function outOf({ result, out }) {
  const rooms = (/** @type {Result} */ { dtype, dtypeOf }) =>
    `${dtypeOf ? 'Float32Array | Int32Array' : dtype === 'int32' ? 'Int32Array' : 'Float32Array'} | Tensor`;
  const results = resultsOf({ result });
  if ('' in results || out) return rooms(results[out ?? '']);
  return `{ ${Object.entries(results)
    .map(([name, one]) => `${name}?: ${rooms(one)}`)
    .join('; ')} }`;
}

/** @param {Documentation} documentation */
const methodComment = ({ about, notes, result, example }) =>
  comment(
    [
      about,
      ...notes.flatMap(({ title, text }) => ['', `${title}: ${text}`]),
      '',
      `@returns ${result}`,
      '@throws {InputError} an option that is missing, unknown or out of range',
      '@throws {ShapeError} a tensor of another shape',
      '@example',
      ...example.split('\n'),
    ],
    '  ',
  );

/** @param {string[]} lines @param {string} [indent] */
function comment(lines, indent = '') {
  const safe = lines.map((line) => line.replaceAll('*/', '* /'));
  if (safe.length === 0) return '';
  if (safe.length === 1) return `${indent}/** ${safe[0]} */\n`;
  return [`${indent}/**`, ...safe.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */\n`].join(
    '\n',
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , folder] = process.argv;
  const kept = ['encoding.d.ts', 'index.d.ts'];
  for (const file of readdirSync(folder)) if (!kept.includes(file)) rmSync(join(folder, file));
  writeFileSync(join(folder, 'index.d.ts'), declarations());
}
