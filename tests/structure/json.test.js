// JSON from strangers has one door, bindings/formats/json.js, which bounds it before it is parsed.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

/** The door, and who reads a file of the package itself. */
const MAY = ['bindings/formats/json.js', 'web/cli.js'];

test('JSON.parse and Response.json are called by the bounded parser alone', () => {
  const files = ['bindings', 'web'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => join(folder, name)),
  );
  const found = files.filter((name) => /\bJSON\.parse\(|\.json\(\)/.test(readFileSync(name, 'utf8')));
  assert.deepEqual(found.sort(), MAY);
});
