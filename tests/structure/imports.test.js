// Which file may know which: the direction of imports in bindings/ and web/ and of #include in c/. It reads the
// sources as text; what the files do is tested elsewhere.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix as path } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

/** @param {string} folder @param {RegExp} pattern */
const files = (folder, pattern) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((name) => pattern.test(name));

/** @param {string} file */
const withoutComments = (file) =>
  readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '');

/**
 * The specifiers that a module imports, paths from the top folder.
 * @param {string} file
 */
function importsOf(file) {
  const found = withoutComments(file).matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g);
  return [...found].map(([, name]) => (name.startsWith('.') ? path.join(path.dirname(file), name) : name));
}
const modules = [...files('bindings', /\.js$/), ...files('web', /\.js$/)];
const graph = new Map(modules.map((file) => [file, importsOf(file)]));

test('imports of bindings/ and web/ lead to files that exist and never in a circle', () => {
  assert.ok([...graph.values()].flat().length > 200, 'imports are found');
  const state = new Map();
  /** @param {string} file @param {string[]} trail */
  const visit = (file, trail) => {
    if (state.get(file) === 'done' || !/^(bindings|web)\//.test(file)) return;
    assert.ok(state.get(file) !== 'open', `a circle of imports: ${[...trail, file].join(' -> ')}`);
    assert.ok(existsSync(file), `${trail.at(-1)} imports ${file}, which does not exist`);
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    state.set(file, 'done');
  };
  for (const file of modules) visit(file, []);
});

// The rooms of bindings/ and what each may know besides itself and the files at its top.
/** @type {Record<string, string[]>} */
const BINDINGS = {
  top: ['formats', 'tasks', 'text'],
  formats: [],
  core: [],
  options: [],
  text: ['formats'],
  vision: ['core', 'formats'],
  audio: ['core', 'formats'],
  encodings: ['core'],
  architectures: ['core', 'formats'],
  run: ['architectures', 'core'],
  tasks: ['architectures', 'core', 'formats', 'run', 'text', 'vision', 'audio'],
  loading: ['architectures', 'core', 'formats', 'run', 'tasks', 'text', 'vision', 'audio'],
};

test('JavaScript imports point from web to bindings, and there from tasks to run to core', () => {
  /** @param {string} file */
  const roomOf = (file) => file.split('/').slice(1, -1)[0] ?? 'top';
  for (const [file, targets] of graph) {
    for (const target of targets) {
      const complaint = `${file} imports ${target}`;
      assert.doesNotMatch(target, /^(demo|tests)\//, complaint);
      if (file.startsWith('bindings/')) assert.doesNotMatch(target, /^node:/, complaint);
      if (!file.startsWith('bindings/')) continue;
      assert.doesNotMatch(target, /^web\//, complaint);
      const [room, to] = [roomOf(file), roomOf(target)];
      if (target.startsWith('bindings/') && to !== room && !['top', 'options'].includes(to))
        assert.ok(BINDINGS[room].includes(to), complaint);
    }
  }
});

test('C includes point from encoders to layers to kernels, with encodings beside them', () => {
  /** @type {Record<string, string[]>} */
  const rooms = {
    runtime: ['runtime'],
    kernels: ['kernels', 'runtime'],
    vision: ['vision', 'kernels', 'runtime'],
    audio: ['audio', 'encodings', 'runtime'],
    encodings: ['encodings', 'kernels', 'runtime'],
    layers: ['layers', 'kernels', 'encodings', 'runtime'],
    encoders: ['encoders', 'layers', 'kernels', 'encodings', 'runtime'],
    reference: ['reference', 'kernels', 'runtime'],
  };
  let count = 0;
  for (const file of files('c', /\.[ch]$/)) {
    for (const [, name] of withoutComments(file).matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)) {
      count++;
      const beside = path.join(path.dirname(file), name);
      const target = existsSync(beside) ? beside : path.join('c', name);
      const complaint = `${file} includes ${target}`;
      assert.ok(existsSync(target), `${complaint}, which does not exist`);
      const [room, to] = [file, target].map((place) => place.split('/').slice(1, -1).join('/'));
      if (to !== '') assert.ok(rooms[room]?.includes(to), complaint);
    }
  }
  assert.ok(count > 50, `${count} includes are found`);
});
