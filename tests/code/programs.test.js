// The programs of demo/code in NumPy, and with $TORCH, a Python that has PyTorch (make test-all), those in PyTorch: each runs in
// Python and gives the library's numbers. They are written from the formulas, and know nothing of the core.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NAMES } from '../../web/documentation.js';
import { encodings } from '../../web/index.js';
import { casesOf } from './cases.js';
import { runPrograms } from './folder.js';

const cases = casesOf(await encodings());
const NUMPY = fileURLToPath(new URL('../../.cache/venv/bin/python', import.meta.url));
const PYTHONS = { numpy: NUMPY, pytorch: process.env.TORCH };

test('the calls are of every encoding', () => {
  const names = new Set(cases.map(({ name }) => name));
  assert.deepEqual([...names].sort(), [...NAMES].sort());
});

for (const [language, python] of Object.entries(PYTHONS).filter(([, path]) => path))
  test(`${cases.length} calls as ${language} give the library's numbers`, {
    timeout: 300_000,
  }, async (context) => {
    const { differing, programs, worst } = await runPrograms(
      /** @type {string} */ (python),
      cases,
      /** @type {'numpy'} */ (language),
    );
    assert.equal(
      differing.length,
      0,
      `${differing.length} programs differ:\n${differing.slice(0, 5).join('\n')}`,
    );
    assert.equal(programs, cases.length);
    context.diagnostic(`the worst difference is ${worst.toExponential(1)} of the largest value`);
  });
