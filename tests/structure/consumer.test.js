// The package's declarations in a program of its own, as npm would install it: strict, libraries checked too, without the DOM's
// types or Node's, with them, and by each way of finding modules; and what publint and attw say. It needs `make build` first.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pack } from '../package/pack.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'wasmformer-types-'));
const tarball = pack(home);
const bin = (/** @type {string} */ name) => join(ROOT, 'node_modules/.bin', name);
after(() => rmSync(home, { recursive: true, force: true }));

copyFileSync(new URL('consumer.ts', import.meta.url), join(home, 'consumer.ts'));
mkdirSync(join(home, 'node_modules/@types'), { recursive: true });
symlinkSync(join(ROOT, 'node_modules/@types/node'), join(home, 'node_modules/@types/node'));
symlinkSync(join(ROOT, 'node_modules/undici-types'), join(home, 'node_modules/undici-types'));

/** @param {string} command @param {string[]} options */
function run(command, options) {
  try {
    return execFileSync(command, options, { cwd: home, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = /** @type {any} */ (error);
    return assert.fail(`${stdout}\n${stderr}`);
  }
}

const WAYS = { node16: 'node16', nodenext: 'nodenext', bundler: 'preserve' };
const SETTINGS = {
  'nothing beside the language': { lib: ['es2022'], types: [] },
  'the DOM': { lib: ['es2022', 'dom', 'dom.iterable'], types: [] },
  Node: { lib: ['es2022'], types: ['node'] },
};

for (const [moduleResolution, module] of Object.entries(WAYS)) {
  for (const [what, settings] of Object.entries(SETTINGS)) {
    test(`a program compiles with ${moduleResolution} and ${what}`, () => {
      const strict = { strict: true, skipLibCheck: false, noEmit: true };
      const compilerOptions = { ...strict, target: 'es2022', module, moduleResolution, ...settings };
      writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
      run(bin('tsc'), ['-p', '.']);
    });
  }
}

test('publint finds nothing in the package', () => {
  assert.match(run(bin('publint'), [tarball, '--strict']), /All good!/);
});

test('attw finds nothing in the package', () => {
  // A worker's program is not required by anyone.
  run(bin('attw'), [tarball, '--profile', 'node16', '--exclude-entrypoints', 'worker', '--format', 'ascii']);
});

test('a program that requires the package compiles, with types of its own', () => {
  writeFileSync(
    join(home, 'requires.cts'),
    `import { load, Tensor, InputError } from 'wasmformer';
import inline = require('wasmformer/inline');
import { encodings, type Encodings } from 'wasmformer/encodings';
export async function run(): Promise<Tensor<'float32'>> {
  const encoder = await load('./folder', { simd: 'base' });
  const pe: Encodings = await encodings();
  const other: typeof load = inline.load;
  if (!(await other('./folder'))) throw new InputError('none');
  void pe.sincos1d({ length: 2, dim: 4 });
  return encoder.embed(['a']);
}
// @ts-expect-error a number is no source
export const wrong = load(1);
`,
  );
  const compilerOptions = {
    ...{ strict: true, skipLibCheck: false, noEmit: true, target: 'es2022', module: 'node16' },
    ...{ moduleResolution: 'node16', lib: ['es2022'], types: [] },
  };
  writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['requires.cts'] }));
  run(bin('tsc'), ['-p', '.']);
});
