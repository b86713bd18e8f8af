/**
 * The declarations for TypeScript, as the package has them: `node demo/docs/declarations.js FOLDER`, over what tsc makes there of
 * bindings and web. Those of the encodings are written from their tables, with hover texts, where tsc's say the same without
 * words; what the public names do not need is taken away.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resultsOf } from '../../bindings/encodings/encoding.js';
import { ENCODINGS } from '../../bindings/encodings/index.js';
import { documentationOf, NAMES, tell } from '../../web/documentation.js';

/**
 * @import { Also, Description, Result } from '../../bindings/encodings/encoding.js'
 * @import { Documentation, DocumentedOption } from '../../web/documentation.js'
 */

const HEAD = "import type { Tensor } from '../tensor.js';\n";
/** `using` needs it, and not every caller's settings have it. */
const DISPOSABLE = '/// <reference lib="esnext.disposable" />\n';
const ENTRIES = ['web/index.d.ts', 'web/encodings.d.ts'];

/** What hosts and bundlers make of an import of a module differs. */
const WASM = 'declare const wasm: any;\nexport default wasm;\n';

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

/**
 * Overloads get their comments back, which tsc does not keep.
 * @param {string} source of a class
 * @param {string} declared
 */
function withComments(source, declared) {
  const overload = /\n( *\/\*\*(?:(?!\*\/).)*?@overload\n(?:(?!\*\/).)*?\*\/)/gs;
  let [at, found] = [0, declared];
  for (const match of source.matchAll(overload)) {
    const name = /\n {2}(?:async )?(\w+)\(/.exec(source.slice(match.index + match[0].length))?.[1];
    const line = found.indexOf(`\n    ${name}(`, at) + 1;
    const text = `${match[1].replace(/^ *\* @overload\n/m, '').replace(/^ */gm, (space) => `  ${space}`)}\n`;
    found = found.slice(0, line) + text + found.slice(line);
    at = line + text.length + 1;
  }
  return found;
}

/**
 * The declarations of an entry for `require`: all its names by those of the modules.
 * @param {string} entry
 * @param {Record<string, unknown>} names
 */
function forRequire(entry, names) {
  const types = Object.entries(names)
    .filter(([, value]) => /^class /.test(String(value)))
    .map(([name]) =>
      name === 'Tensor'
        ? "export type Tensor<D extends esm.Tensor['dtype'] = esm.Tensor['dtype']> = esm.Tensor<D>;\n"
        : `export type ${name} = esm.${name};\n`,
    );
  if (entry === 'encodings') types.push('export type Encodings = esm.Encodings;\n');
  return [
    `import type * as esm from './web/${entry}.d.ts' with { 'resolution-mode': 'import' };\n`,
    ...Object.keys(names).map((name) => `export declare const ${name}: typeof esm.${name};\n`),
    ...types,
  ].join('');
}

/**
 * Takes away what no entry needs, and names the library of types that some need.
 * @param {string} folder
 */
function prune(folder) {
  const files = ENTRIES.map((entry) => resolve(folder, entry));
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [, path] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)) {
      const needed = resolve(dirname(file), `${path}.d.ts`);
      if (!files.includes(needed)) files.push(needed);
    }
    if (/Symbol\.(asyncD|d)ispose/.test(text)) writeFileSync(file, DISPOSABLE + text);
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = resolve(entry.parentPath, entry.name);
    const isNeeded = files.some((file) => file === path || file.startsWith(`${path}/`));
    if (!isNeeded) rmSync(path, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , folder] = process.argv;
  writeFileSync(join(folder, 'bindings/encodings/index.d.ts'), declarations());
  prune(folder);
  const encoder = join(folder, 'bindings/tasks/encoder.d.ts');
  writeFileSync(
    encoder,
    withComments(readFileSync('bindings/tasks/encoder.js', 'utf8'), readFileSync(encoder, 'utf8')),
  );
  for (const name of ['index', 'encodings'])
    writeFileSync(join(folder, `${name}.d.cts`), forRequire(name, await import(`../../web/${name}.js`)));
  writeFileSync(join(folder, 'wasm.d.ts'), WASM);
  writeFileSync(join(folder, 'worker.d.ts'), 'export {};\n');
}
