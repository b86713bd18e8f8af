// The example of the README, run as it stands there but for the path of the model.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { MINILM } from './command.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('the ten lines of the README embed sentences', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, program] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
  assert.ok(program?.includes("'./all-MiniLM-L6-v2'"), 'the README has an example');
  const source = program.replace("'./all-MiniLM-L6-v2'", JSON.stringify(MINILM));
  const options = { cwd: ROOT, encoding: /** @type {const} */ ('utf8') };
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', source], options);
  assert.match(output, /^\[ 3, 384 \]\n/);
  const numbers = [...output.slice(output.indexOf('\n')).matchAll(/-?\d+(\.\d+)?/g)].map(([text]) =>
    Number(text),
  );
  assert.equal(numbers.length, 9);
  assert.ok(numbers[1] > 0.5 && numbers[2] < 0.3, output);
});
