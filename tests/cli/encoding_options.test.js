// The options of `wasmformer encoding`: documented, typed as words, refused by name.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { encodings, Tensor } from 'wasmformer';
import { readCall } from '../../web/cli/encoding.js';
import { flagOf } from '../../web/cli/encoding-options.js';
import { documentationOf, NAMES, tell } from '../../web/documentation.js';
import { absolute, features } from '../goldens/encodings/absolute.js';
import { bias } from '../goldens/encodings/bias.js';
import { learned } from '../goldens/encodings/learned.js';
import { rotary } from '../goldens/encodings/rotary.js';
import { readTensorFile } from '../goldens/models.js';
import { run, temporaryFolder } from './command.js';

const documented = NAMES.map(documentationOf);

/** How reference functions are called. @type {Record<string, any>} */
const table = { ...absolute, ...features, ...learned, ...rotary, ...bias };
/** @type {Record<string, any>} */
let pe;
before(async () => {
  pe = await encodings();
});
after(() => pe.dispose());

test('--list and --help say of every encoding what its table says', async () => {
  const { stdout } = await run(['encoding', '--list']);
  const names = Object.keys(pe).filter((name) => name !== 'dispose');
  assert.deepEqual(
    [...stdout.toString().matchAll(/^(\w+)/gm)].map(([name]) => name),
    names,
  );
  for (const { name, summary, notes, options, result, example } of documented) {
    assert.ok(summary.length > 10 && result.length > 4 && example.includes(`pe.${name}(`), name);
    for (const title of ['Formula', 'Models', 'Source'])
      assert.ok(
        notes.some((note) => note.title === title && note.text.length > 4),
        `${name} has no ${title}`,
      );
    for (const option of options) assert.ok(tell(option).length > 0, `${name}: ${option.name}`);
  }
  for (const name of ['sincos2d', 'rope', 'windowBias']) {
    const help = (await run(['encoding', name, '--help'])).stdout.toString();
    const one = documented.find((other) => other.name === name);
    assert.ok(one);
    assert.match(help, new RegExp(`^Usage: wasmformer encoding ${name} `));
    for (const option of one.options)
      assert.match(help, new RegExp(`^  --(\\[no-\\])?${flagOf(option.name)}\\b`, 'm'));
    const text = help.replaceAll(/\s+/g, ' ');
    for (const { text: note } of one.notes) assert.ok(text.includes(note), `${name}: ${note}`);
    assert.ok(text.includes(one.result));
  }
});

test('every option that a function knows is documented', () => {
  for (const { name, options } of documented) {
    const refused = (/** @type {any} */ error) => {
      const known = /known (?:are|options:?) (.*)$/.exec(error.message)?.[1].split(', ') ?? [];
      assert.ok(known.length > 1, error.message);
      const missing = known.filter((key) => key !== 'out' && !options.some((option) => option.name === key));
      assert.deepEqual(missing, [], name);
      return true;
    };
    assert.throws(() => pe[name]({ surely_unknown: 1 }), refused);
  }
});

test('every call of the reference data can be typed, and gives the same', async (context) => {
  const folder = temporaryFolder(context);
  const called = new Set();
  for (const { entry, inputs } of referenceCalls()) {
    /** @type {[string, any, any][]} */
    const calls = [];
    const recorder = new Proxy(pe, {
      get: (_, /** @type {string} */ name) => (/** @type {any} */ options) => {
        const result = pe[name](options);
        calls.push([name, options, result]);
        return result;
      },
    });
    try {
      table[entry.function](recorder, entry.params, inputs);
    } catch (error) {
      if (entry.status !== 'error') throw error;
    }
    for (const [name, options, expected] of calls) {
      const { options: typed } = await readCall(wordsFor(name, options, folder), Tensor);
      assert.deepEqual(pe[name](typed), expected, `${entry.name}: ${name}`);
      called.add(name);
    }
  }
  const never = documented.map(({ name }) => name).filter((name) => !called.has(name));
  assert.deepEqual(never, []);
});

/** The cases of the reference data that are calls of the library, with their tensors. */
function* referenceCalls() {
  const folder = new URL('../goldens/data/encodings/', import.meta.url);
  const { cases } = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8'));
  for (const entry of cases) {
    const file = readTensorFile(fileURLToPath(new URL(`${entry.family}.safetensors`, folder)));
    const inputs = Object.entries(entry.inputs).map(([key, input]) => [
      key,
      file.get(/** @type {any} */ (input).key),
    ]);
    yield { entry, inputs: Object.fromEntries(inputs) };
  }
}

/**
 * How a call is typed: tables as files, everything else in words.
 * @param {string} name
 * @param {Record<string, any>} options
 * @param {string} folder for the files
 */
function wordsFor(name, options, folder) {
  const words = Object.entries(options).flatMap(([key, value]) => {
    const flag = flagOf(key);
    if (value === undefined) return [];
    if (typeof value === 'boolean') return [value ? `--${flag}` : `--no-${flag}`];
    if (value?.toNpy) {
      const file = join(folder, `${key}.npy`);
      writeFileSync(file, value.toNpy());
      return [`--${flag}`, file];
    }
    const isFlat = Array.isArray(value) && !value.some(Array.isArray);
    if (isFlat) return [`--${flag}`, value.join()];
    return [`--${flag}`, typeof value === 'object' ? JSON.stringify(value) : String(value)];
  });
  return [name, ...words];
}

test('a wrong value is named with its option and the rule', async (context) => {
  const missing = join(temporaryFolder(context), 'missing.npy');
  for (const [words, code, message] of /** @type {[string[], number, RegExp][]} */ ([
    [[], 2, /^wasmformer encoding: no encoding named; see wasmformer encoding --list\n$/],
    [
      ['sincos'],
      2,
      /there is no encoding "sincos"; did you mean sincos1d, sincos2d, sincos3d\?; see .* --list\n$/,
    ],
    [
      ['sincos2d', '--height', '2', '--width', '2'],
      2,
      /--dim N is missing; see wasmformer encoding sincos2d --help\n$/,
    ],
    [
      ['sincos2d', '--height', '2', '--width', '2', '--dim', '10'],
      1,
      /option "dim" must be a multiple of 4, not 10\n$/,
    ],
    [['sincos1d', '--dim', '4', '--length', 'ten'], 2, /--length is "ten"; expected a number/],
    [
      ['sincos1d', '--dim', '4', '--length', '-1'],
      1,
      /option "length" must be an integer from 1 to \d+, not -1\n$/,
    ],
    [['sincos1d', '--dim', '4', '--layout', 'both'], 2, /--layout is "both"; expected interleaved, halves/],
    [['sincos1d', '--dim', '4', '--dims', '4'], 2, /Unknown option '--dims'/],
    [['sincos1d', '4'], 2, /"4" stands alone; options begin with --/],
    [
      ['windowBias', '--window', '0', '--table', '[[1]]'],
      1,
      /option "window" must be an integer or two.*, not 0\n$/,
    ],
    [
      ['windowBias', '--window', '2', '--table', '[[1]]'],
      1,
      /option "table" has shape \[1, 1\]; expected \[9, H\]\n$/,
    ],
    [['windowBias', '--window', '2', '--table', '[[1'], 2, /--table is "\[\[1"; expected JSON \(/],
    [
      ['windowBias', '--window', '2', '--table', '[[1,2],[3]]'],
      2,
      /--table is "\[\[1,2\],\[3\]\]"; expected a table: numbers, or lists of one length/,
    ],
    [
      ['windowBias', '--window', '2', '--table', missing],
      1,
      /missing\.npy" cannot be read: there is no such file\n$/,
    ],
    [['rope', '--length', '2', '--dim', '4'], 2, /choose one of cos, sin by --only/],
    [['rope', '--length', '2', '--dim', '4', '--only', 'tan'], 2, /--only is "tan"; expected cos, sin/],
    [
      ['sincos1d', '--length', '5000', '--dim', '4', '-f', 'png'],
      1,
      /\[5000, 4\] cannot be drawn; expected at most 4096/,
    ],
  ])) {
    const { code: found, stdout, stderr } = await run(['encoding', ...words]);
    assert.match(stderr, message);
    assert.match(stderr, /^[^\n]+\n$/);
    assert.equal(found, code, stderr);
    assert.equal(stdout.length, 0);
  }
});
