// The code of demo/code in JavaScript and for the command line: each runs as it stands there, but for the package's name, and
// gives the numbers of the call that it was made of.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { codeOf, filesOf } from '../../demo/code/index.js';
import { encoding } from '../../web/cli/encoding.js';
import { fileFor } from '../../web/cli/table.js';
import { encodings, Tensor } from '../../web/index.js';
import { casesOf } from './cases.js';

/** @import { Case } from './cases.js' */

const LIBRARY = new URL('../../web/', import.meta.url).href;
const pe = await encodings();
const cases = casesOf(pe, undefined, 2);
const top = mkdtempSync(join(tmpdir(), 'wasmformer-calls-'));
const home = process.cwd();
after(() => {
  process.chdir(home);
  rmSync(top, { recursive: true });
});

/** Goes to a folder with the files that a program reads. @param {Case} one @param {'javascript' | 'shell'} language @param {number} i */
function enter({ name, options }, language, i) {
  const folder = join(top, `${language}-${i}`);
  mkdirSync(folder);
  process.chdir(folder);
  for (const [file, tensor] of Object.entries(filesOf(name, options, language)))
    writeFileSync(file, tensor.toNpy());
  return folder;
}

/** @param {Tensor | number} value */
const tensorOf = (value) =>
  value instanceof Tensor ? value : new Tensor('float64', Float64Array.of(value), []);

/** @param {Tensor | number} given @param {Tensor | number} expected @param {string} code */
function assertSame(given, expected, code) {
  const [a, b] = [tensorOf(given), tensorOf(expected)];
  assert.equal(a.dtype, b.dtype, code);
  assert.deepEqual(a.shape, b.shape, code);
  assert.deepEqual(a.data, b.data, code);
}

test(`${cases.length} calls as JavaScript give the same numbers`, { timeout: 300_000 }, async () => {
  for (const [i, one] of cases.entries()) {
    const code = codeOf(one.name, one.options, 'javascript');
    const folder = enter(one, 'javascript', i);
    const [, names] = /^const (?:\{ )?([\w, ]+?)(?: \})? = pe\.\w+\(\{/m.exec(code) ?? assert.fail(code);
    const program = code
      .replace("'wasmformer/encodings'", `'${LIBRARY}encodings.js'`)
      .replace("'wasmformer'", `'${LIBRARY}index.js'`);
    const file = join(folder, 'program.mjs');
    writeFileSync(file, `${program}\nexport const given = { ${names} };\n`);
    const { given } = await import(pathToFileURL(file).href);
    if ('' in one.results) assertSame(given[names], one.results[''], code);
    else
      for (const name of names.split(', '))
        if (given[name] !== null) assertSame(given[name], one.results[name], code);
  }
});

/** The words of a command. @param {string} command */
const wordsOf = (command) =>
  [...command.replaceAll('\\\n', ' ').matchAll(/'([^']*)'|([^\s']+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain,
  );

test(`${cases.length} calls on the command line give the same numbers`, {
  timeout: 300_000,
}, async (context) => {
  context.mock.method(process.stderr, 'write', () => true);
  for (const [i, one] of cases.entries()) {
    const command = codeOf(one.name, one.options, 'shell');
    enter(one, 'shell', i);
    const [npx, program, verb, ...words] = wordsOf(command);
    assert.deepEqual([npx, program, verb], ['npx', 'wasmformer', 'encoding']);
    await encoding(words, { encodings: async () => pe, Tensor });
    const names = Object.keys(one.results);
    for (const name of names) {
      const file = names.length > 1 ? fileFor(`${one.name}.npy`, name) : `${one.name}.npy`;
      assertSame(Tensor.fromNpy(readFileSync(file)), one.results[name], command);
    }
  }
});
