// The house's limits on the length of a file: C under 400 lines, JavaScript under 250.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const LIMITS = [
  { pattern: /\.[ch]$/, lines: 400, except: ['c/wasmformer.h'] }, // the manual may be as long as it needs
  { pattern: /\.js$/, lines: 250, except: [] },
];

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

test('no source file is longer than the house style allows', () => {
  const names = ['c', 'bindings', 'web', 'demo', 'tests'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  assert.ok(names.length > 300, `${names.length} files`);
  const long = LIMITS.flatMap(({ pattern, lines, except }) =>
    names
      .filter((name) => pattern.test(name) && !except.some((other) => other === name))
      .map((name) => ({ name, count: readFileSync(name, 'utf8').split('\n').length - 1, lines }))
      .filter(({ count }) => count >= lines),
  );
  assert.deepEqual(long, []);
});
