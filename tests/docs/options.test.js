// What the comments say of options is what the functions do: they take the options documented and no others, defaults are
// the values documented, and each refuses what it cannot be, by its name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { documentedFunctions } from '../../demo/docs/build.js';
import { call, PICTURES } from '../../demo/docs/pictures/index.js';
import { acceptedBy, rulesOf } from '../../demo/docs/rules.js';
import { encodings, WasmformerError } from '../../web/index.js';

/** @typedef {import('../../demo/docs/pictures/index.js').Options} Options */

/** @type {import('../../web/encodings.js').Encodings} */
let pe;
/** @type {{ name: string, options: import('../../web/documentation.js').DocumentedOption[], forms: Options[] }[]} */
let functions;

before(async () => {
  pe = await encodings();
  const { all } = await documentedFunctions();
  functions = [...all.values()].map(({ name, options }) => {
    const picture = PICTURES[name](pe);
    return { name, options, forms: [picture.options, ...(picture.forms ?? [])] };
  });
});
after(() => pe.dispose());

test('the options documented are the options that a function takes', () => {
  for (const { name, options, forms } of functions) {
    const documented = [...options.map((option) => option.name), 'out'];
    assert.deepEqual(documented.sort(), acceptedBy(pe, name, forms).sort(), name);
  }
});

test('every option is refused by its name if it is not what it must be', () => {
  for (const { name, options, forms } of functions) {
    for (const { name: option, kind } of options) {
      if (kind === 'object') continue;
      assert.notDeepEqual(rulesOf(pe, name, option, forms), [], `${name}: option "${option}" took {}`);
    }
  }
});

test('options that are required are, and the others are not', () => {
  for (const { name, options, forms } of functions) {
    const required = options.filter((option) => option.required).map((option) => option.name);
    for (const form of forms) {
      assert.doesNotThrow(() => call(pe, name, form), `${name} of ${Object.keys(form)}`);
      for (const option of required) {
        const { [option]: _, ...rest } = form;
        assert.throws(() => call(pe, name, rest), { name: 'InputError' }, `${name} without ${option}`);
      }
    }
  }
});

test('switches and choices other than presets have a default that is named', () => {
  for (const { name, options } of functions) {
    for (const { name: option, kind, required, fallback } of options) {
      if (required || option === 'preset' || (kind !== 'boolean' && kind !== 'choice')) continue;
      assert.notEqual(fallback, '', `${name}: option "${option}"`);
    }
  }
});

test('a default that is documented changes nothing if it is given', () => {
  for (const { name, options, forms } of functions) {
    for (const { name: option, fallback } of options) {
      const value = literal(fallback);
      if (value === undefined) continue;
      const alike = forms
        .filter((form) => !(option in form) && !('preset' in form))
        .filter((form) => {
          const expected = JSON.stringify(call(pe, name, form));
          try {
            assert.equal(
              JSON.stringify(call(pe, name, { ...form, [option]: value })),
              expected,
              `${name}: option "${option}"`,
            );
            return true;
          } catch (error) {
            // A form in which the option has no meaning refuses it.
            if (error instanceof WasmformerError) return false;
            throw error;
          }
        });
      const isAlwaysGiven = forms.every((form) => option in form || 'preset' in form);
      assert.ok(alike.length > 0 || isAlwaysGiven, `${name}: option "${option}" was refused by every form`);
    }
  }
});

/** The value of a default that is written as one. @param {string} text @returns {unknown} */
function literal(text) {
  if (/^'[^']*'$|^\[/.test(text)) return JSON.parse(text.replaceAll("'", '"'));
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === '2 pi') return 2 * Math.PI;
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
}
