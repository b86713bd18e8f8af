// What the pages say of options is what the functions do: they take the options documented and no others, options that are
// required are, and defaults change nothing. That wrong ones are refused is tested in tests/encodings.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ENCODINGS } from '../../bindings/encodings/index.js';
import { call, PICTURES } from '../../demo/docs/pictures/index.js';
import { documentationOf, NAMES } from '../../web/documentation.js';
import { encodings, WasmformerError } from '../../web/index.js';

/** @typedef {import('../../demo/docs/pictures/index.js').Options} Options */
/** @typedef {import('../../bindings/options/table.js').Table} Table */

/** @type {import('../../web/encodings.js').Encodings} */
let pe;
/** @type {{ name: string, table: Table, forms: Options[] }[]} */
let functions;

before(async () => {
  pe = await encodings();
  functions = Object.entries(ENCODINGS).map(([name, { options: table }]) => {
    const picture = PICTURES[name](pe);
    return { name, table, forms: [picture.options, ...(picture.forms ?? [])] };
  });
});
after(() => pe.dispose());

test('the options documented are the options that a function takes', () => {
  for (const name of NAMES) {
    const documented = [...documentationOf(name).options.map((option) => option.name), 'out'];
    const accepted = (/** @type {any} */ error) => {
      assert.deepEqual(/known are (.*)$/.exec(error.message)?.[1].split(', '), documented, name);
      return true;
    };
    assert.throws(() => call(pe, name, { unknown: 1 }), accepted);
  }
});

test('options that are required are, and the others are not', () => {
  for (const { name, forms } of functions) {
    const required = documentationOf(name).options.filter((option) => option.required);
    for (const form of forms) {
      assert.doesNotThrow(() => call(pe, name, form), `${name} of ${Object.keys(form)}`);
      for (const { name: option } of required) {
        const { [option]: _, ...rest } = form;
        assert.throws(
          () => call(pe, name, rest),
          { name: 'InputError', path: option },
          `${name} without ${option}`,
        );
      }
    }
  }
});

test('switches and choices other than presets have a default that is named', () => {
  for (const name of NAMES) {
    for (const { name: option, kind, required, fallback } of documentationOf(name).options) {
      if (required || option === 'preset' || (kind !== 'flag' && kind !== 'choice')) continue;
      assert.notEqual(fallback, '', `${name}: option "${option}"`);
    }
  }
});

test('a default changes nothing if it is given', () => {
  for (const { name, table, forms } of functions) {
    for (const [option, { default: usual, kind }] of Object.entries(table)) {
      const isExpression = typeof usual === 'string' && kind !== 'choice';
      if (usual === undefined || typeof usual === 'function' || isExpression) continue;
      const alike = forms
        .filter((form) => !(option in form) && !('preset' in form))
        .filter((form) => isAlike(name, form, { ...form, [option]: usual }, option));
      const isAlwaysGiven = forms.every((form) => option in form || 'preset' in form);
      assert.ok(alike.length > 0 || isAlwaysGiven, `${name}: option "${option}" was refused by every form`);
    }
  }
});

/**
 * Whether the second form is taken, which then must give what the first one does: one in which the option has no meaning refuses it.
 * @param {string} name
 * @param {Options} form
 * @param {Options} given
 * @param {string} option
 */
function isAlike(name, form, given, option) {
  const expected = JSON.stringify(call(pe, name, form));
  try {
    assert.equal(JSON.stringify(call(pe, name, given)), expected, `${name}: option "${option}"`);
    return true;
  } catch (error) {
    if (error instanceof WasmformerError) return false;
    throw error;
  }
}
