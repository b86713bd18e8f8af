// Tables of mistakes: a line of code that a caller wrote, and below it, indented, the class of the error and the essential words
// of its message, with … where others stand between them. Not a test.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

/** The codes that programs rely on, which stay as they are. @type {Record<string, string>} */
const CODES = {
  InputError: 'ERR_INPUT',
  ConfigError: 'ERR_CONFIG',
  FormatError: 'ERR_FORMAT',
  ShapeError: 'ERR_SHAPE',
  UnsupportedError: 'ERR_UNSUPPORTED',
  NetworkError: 'ERR_NETWORK',
  DisposedError: 'ERR_DISPOSED',
};
/** The most characters that are read at a glance. */
const LONGEST = 500;

/**
 * @param {string} name of the table beside this file
 * @returns {{ code: string, name: string, words: string[] }[]}
 */
function readTable(name) {
  const lines = readFileSync(new URL(name, import.meta.url), 'utf8').split('\n');
  const rows = lines.filter((line) => line && !line.startsWith('#'));
  assert.ok(rows.length >= 20 && rows.length % 2 === 0, `${name} has ${rows.length} lines`);
  return rows.flatMap((code, i) => {
    if (i % 2) return [];
    const [, kind, words] = /^ {2}(\w+): (.+)$/.exec(rows[i + 1]) ?? assert.fail(`${name}: ${rows[i + 1]}`);
    return { code, name: kind, words: words.split(' … ') };
  });
}

/**
 * Makes each mistake of a table and compares what it throws.
 * @param {string} table its name
 * @param {(code: string) => unknown} make runs a line; its error is thrown, or what stands for it: name, code and message
 */
export function testMistakes(table, make) {
  for (const { code, name, words } of readTable(table)) {
    test(`${table}: ${code}`, async () => {
      const error = await Promise.resolve(code)
        .then(make)
        .then(
          (value) => assert.fail(`it gave ${value}`),
          (thrown) => thrown,
        );
      assert.equal(error.name, name, error.stack ?? error.message);
      assert.equal(error.code, CODES[name]);
      let at = 0;
      for (const part of words) {
        const found = error.message.indexOf(part, at);
        assert.ok(found >= 0, `"${error.message}" does not say "${part}"`);
        at = found + part.length;
      }
      assert.ok(error.message.length <= LONGEST, error.message);
      assert.doesNotMatch(error.message, /\[object|: ;|; ;|undefined undefined/);
    });
  }
}

/**
 * A way to run lines of code that know some names.
 * @param {Record<string, unknown>} names
 * @returns {(code: string) => unknown}
 */
export const runner = (names) => (code) =>
  new Function(...Object.keys(names), `return (${code})`)(...Object.values(names));
