// The examples of the pages, each run as the program that stands there but for the package's name; the value in the comment
// behind the last expression is what it gives.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { documentationOf, NAMES, programOf } from '../../web/documentation.js';

const LIBRARY = new URL('../../web/index.js', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'wasmformer-examples-'));
after(() => rmSync(folder, { recursive: true }));

for (const name of NAMES) {
  test(`the example of ${name} gives what it says`, async () => {
    const program = programOf(documentationOf(name));
    const [, last, said] =
      /^(pe\..*|\[.*\]); \/\/ (.*)\npe\.dispose\(\);\n$/ms.exec(
        program.slice(program.lastIndexOf('\n', program.lastIndexOf('; // ')) + 1),
      ) ?? assert.fail(`the example does not end with "pe.${name}(…); // value":\n${program}`);
    const file = join(folder, `${name}.mjs`);
    writeFileSync(
      file,
      program.replace("'wasmformer'", `'${LIBRARY}'`).replace(`${last};`, `export const given = ${last};`),
    );
    const { given } = await import(pathToFileURL(file).href);
    compare(given, JSON.parse(said.replace(/-?\d+\.\d+…/g, (digits) => `"${digits}"`)));
  });
}

/**
 * @param {unknown} given
 * @param {unknown} said a number whose later digits are left out is a string that ends with …
 */
function compare(given, said) {
  if (Array.isArray(said)) {
    assert.ok(Array.isArray(given));
    assert.equal(given.length, said.length);
    for (const [i, one] of said.entries()) compare(given[i], one);
  } else if (typeof said === 'string') {
    assert.ok(String(given).startsWith(said.slice(0, -1)), `${given}, said to be ${said}`);
  } else assert.equal(Object.is(given, -0) ? 0 : given, said);
}
