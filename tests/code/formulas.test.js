// The formulas of the encodings can be set: as MathML that is well formed and that a strict policy lets through. And each
// encoding has a name on the page, once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formulaOf } from '../../demo/code/mathml.js';
import { GROUPS, NAMES_OF } from '../../demo/code/names.js';
import { NAMES } from '../../web/documentation.js';

/** Fails for elements that do not end where they should. @param {string} xml @returns {string[]} names of the elements */
function elementsOf(xml) {
  /** @type {string[]} */
  const open = [];
  const all = [...xml.matchAll(/<(\/?)([a-z]+)((?:\s+[\w-]+="[^"<>]*")*)\s*(\/?)>/g)];
  assert.equal(all.length, xml.split('<').length - 1, `tags that cannot be read: ${xml}`);
  for (const [, isEnd, name, , isEmpty] of all) {
    if (isEnd) assert.equal(open.pop(), name, xml);
    else if (!isEmpty) open.push(name);
  }
  assert.deepEqual(open, []);
  return all.map(([, , name]) => name);
}

for (const name of NAMES)
  test(`the formula of ${name} is MathML`, () => {
    const math = formulaOf(name);
    const elements = elementsOf(math);
    assert.ok(elements.includes('mi') && math.startsWith('<math '), math);
    assert.ok(!elements.includes('merror') && !/ style=|tml-error|\\/.test(math), math);
  });

test('a name that there is not is an error', () => {
  assert.throws(() => formulaOf('none'));
});

test('every encoding stands in one group, with a name of its own', () => {
  const all = GROUPS.flatMap(({ functions }) => functions);
  assert.deepEqual([...all].sort(), [...NAMES].sort());
  assert.deepEqual(
    GROUPS.map(({ key, functions }) => [key, functions.length]),
    [
      ['added', 15],
      ['rotated', 5],
      ['biased', 29],
    ],
  );
  const titles = all.map((name) => NAMES_OF[name].title);
  assert.equal(new Set(titles).size, titles.length);
  for (const name of all)
    for (const text of Object.values(NAMES_OF[name])) assert.ok(text.trim().length > 0, name);
});
