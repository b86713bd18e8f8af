// What a name stands for: the core's names mean one thing each, and files that comments name are there.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix as path } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

/** @param {string[]} folders @param {RegExp} pattern */
const filesIn = (folders, pattern) =>
  folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(folder, name))
      .filter((name) => pattern.test(name) && !/^tests\/goldens\/data\//.test(name)),
  );

test("each of the core's functions, macros and types is defined in one place", () => {
  /** @type {Map<string, Set<string>>} */
  const places = new Map();
  for (const file of filesIn(['c'], /\.[ch]$/)) {
    const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    // A function's name stands before a list of parameters and a body that begins on a line of its own.
    const functions = code.matchAll(/^(?![\s#]|typedef\b)[^;={}]*?\b(wf_\w+)\([^;{}]*\)\s*\{/gm);
    const macros = code.matchAll(/^#\s*define\s+(WF_\w+)/gm);
    const types = code.matchAll(/^typedef\s+(?:enum|struct)\s+(wf_\w+)\s*\{/gm);
    for (const [, name] of [...functions, ...macros, ...types])
      places.set(name, (places.get(name) ?? new Set()).add(file)); // twice in one file: branches of an #if
  }
  assert.ok(places.size > 100, `${places.size} names`);
  assert.deepEqual(
    [...places].filter(([, files]) => files.size > 1),
    [],
  );
});

/** The comments of a file. @param {string} file @returns {string} */
function commentsOf(file) {
  const text = readFileSync(file, 'utf8');
  const pattern = /\.(py|sh)$/.test(file)
    ? /(?:^|\s)#.*$|"""[\s\S]*?"""/gm
    : /\.html$/.test(file)
      ? /<!--[\s\S]*?-->/g
      : /\/\*[\s\S]*?\*\/|(?:^|\s)\/\/.*$/gm;
  return (text.match(pattern) ?? []).join('\n');
}

test('files that comments name exist', () => {
  const folders = ['c', 'bindings', 'web', 'tests', 'demo'];
  let count = 0;
  const missing = filesIn(folders, /\.(c|h|js|py|sh|css|html)$/).flatMap((file) => {
    const comments = commentsOf(file).replace(/\b\w+:\/\/\S+/g, '');
    // Not ours: FILE.c, which the user names; options.c, an option; Python outside of tests/, the reference's.
    const names = (
      comments.match(/(?<![\w@.])[\w@-][\w@./-]*\.(c|h|js|py|sh|css|html|md)\b(?![\w(])/g) ?? []
    ).filter(
      (name) =>
        !/(^|\/)[A-Z]+\.|^options\./.test(name) && (file.startsWith('tests/') || !name.endsWith('.py')),
    );
    count += names.length;
    // From the top, from the includes' folder, a package, and from the file's own folder or one of the four above it.
    const places = [
      '',
      'c',
      'node_modules',
      ...['.', '..', '../..', '../../..', '../../../..'].map((way) => path.join(file, '..', way)),
    ];
    return names
      .filter((name) => !places.some((place) => existsSync(path.join(place, name))))
      .map((name) => `${file} names ${name}`);
  });
  assert.ok(count > 200, `${count} names`);
  assert.deepEqual(missing, []);
});
