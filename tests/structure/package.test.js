// What the npm package holds, and what its WebAssembly modules ask of their host. It needs `make build` first.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { posix as path } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const MODULES = ['base', 'relaxed'].map((build) => `dist/wasm/wasmformer-${build}.wasm`);
/** Bytes of the tarball, and unpacked. */
const [LARGEST_TARBALL, LARGEST] = [1_200_000, 3_000_000];
const LARGEST_MODULE = 190_000; // bytes; grows with what the modules can do, by decision

/**
 * The paths at the leaves of an `exports`, `imports` or `bin` section.
 * @param {unknown} value
 * @returns {string[]}
 */
const leaves = (value) => (typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(leaves));

test('the package holds what package.json points at, the modules and the declarations', () => {
  const options = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
  /** @type {{size: number, unpackedSize: number, files: {path: string}[]}[]} */
  const packed = JSON.parse(execFileSync('npm', options, { encoding: 'utf8' }));
  const { size, unpackedSize, files } = Object.values(packed)[0];
  assert.ok(size <= LARGEST_TARBALL && unpackedSize <= LARGEST, `${size} bytes, unpacked ${unpackedSize}`);
  const held = new Set(files.map((file) => file.path));
  const wanted = [manifest.exports, manifest.bin].flatMap(leaves).map(path.normalize);
  for (const file of [...wanted.filter((name) => !name.includes('*')), ...MODULES, 'LICENSE', 'README.md'])
    assert.ok(held.has(file), `${file} is not in the package`);
  for (const file of held)
    assert.match(file, /^(dist|types)\/|^(LICENSE|README\.md|package\.json)$/, 'does not belong there');
});

/**
 * How many imports a module's binary form has and the first one's name; read here, not by WebAssembly.Module, since an
 * engine may not know the module's opcodes.
 * @param {Buffer} bytes
 */
function importsOf(bytes) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  const name = () => {
    const length = number();
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    if (section === 2) {
      const count = number();
      const first = `${name()}.${name()}`;
      return { count, first };
    }
    at = end;
  }
  return { count: 0, first: '' };
}

for (const module of MODULES) {
  test(`${module} imports its memory only and keeps to its size`, () => {
    const bytes = readFileSync(module);
    assert.deepEqual(importsOf(bytes), { count: 1, first: 'env.memory' });
    assert.ok(bytes.length <= LARGEST_MODULE, `${bytes.length} bytes, at most ${LARGEST_MODULE}`);
  });
}

test('files stand beside their addresses, which bundlers know only whole', () => {
  const scripts = readdirSync('dist').filter((name) => name.startsWith('chunk-'));
  const text = scripts.map((name) => readFileSync(`dist/${name}`, 'utf8')).join('');
  for (const name of [...MODULES.map((module) => module.slice('dist/'.length)), 'worker.js', 'thread.js']) {
    assert.ok(text.includes(`new URL("./${name}",import.meta.url)`), name);
    assert.ok(readFileSync(`dist/${name}`).length);
  }
});

test('nothing is installed with it, run at its installation or written to the console', () => {
  for (const key of ['dependencies', 'optionalDependencies', 'bundleDependencies'])
    assert.equal(manifest[key], undefined);
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
    assert.equal(manifest.scripts[script], undefined);
  for (const folder of ['bindings', 'web'])
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.js') && !/^cli\b/.test(name))
        assert.doesNotMatch(readFileSync(path.join(folder, name), 'utf8'), /\bconsole\.\w+\(/, name);
});
