/**
 * What the tables of options say is refused: every option of every encoding, in each way to call it, refuses what is not of its
 * kind or out of its range, with a typed error that names it. Rules of single options: special_refusals.test.js.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { ENCODINGS } from '../../bindings/encodings/index.js';
import { InputError, ShapeError } from '../../bindings/errors.js';
import { Tensor } from '../../bindings/tensor.js';
import { PICTURES } from '../../demo/docs/pictures/index.js';
import { encodings } from '../../web/encodings.js';

/** @import { Rule } from '../../bindings/options/table.js' */

/** Bad options are not of the functions' types. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

/** @param {...number} shape */
const floats = (...shape) =>
  new Tensor('float32', new Float32Array(shape.reduce((n, size) => n * size, 1)).fill(0.5), shape);
const integers = new Tensor('int32', new Int32Array(4), [2, 2]);
/** A tensor whose parts contradict each other. */
const lying = { dtype: 'float32', data: new Float32Array(3), shape: [1000, 1000] };
const LISTS = [null, 'ab', [], [Number.NaN], [1, '2'], [[1, 2], [3]], {}, new DataView(new ArrayBuffer(8))];

/** Values that no option of a kind takes. @type {Record<string, unknown[]>} */
const WRONG = {
  integer: [1.5, '3', null, Number.NaN, [2], {}, Number.NEGATIVE_INFINITY, true],
  number: ['1', null, Number.NaN, [1], {}, true],
  flag: [0, 'true', null, {}],
  choice: ['nothing', 0, null, ['half'], 'toString', {}],
  choices: ['c2p', ['nothing'], ['c2p', 'c2p'], null, {}],
  pair: [[2], [2, 3, 4], '2', null, [2, '3'], 1e9, 1.5, [1.5, 2], {}],
  pairs: [null, 3, [], [[2]], [[2, 0]], {}],
  floats: [null, 3, [1, 2], new Float32Array(4), integers, lying, {}],
  integers: [...LISTS, 3, [0.5], [2 ** 31]],
  numbers: [...LISTS, [1e300], [Number.POSITIVE_INFINITY]],
  object: [null, 3, [], 'linear', {}],
};

/** Values just beyond the bounds of a rule. @param {Rule} rule */
function beyond({ kind, min, max, above, multiple, infinite, count, single }) {
  const bounds = [
    ...(typeof min === 'number' ? [min - 1, -1e300] : []),
    ...(typeof max === 'number' ? [max + 1, 1e300] : []),
    ...(typeof above === 'number' ? [above, above - 1] : []),
    ...(typeof multiple === 'number' ? [multiple + 1] : []),
    ...(infinite || kind !== 'number' ? [] : [Number.POSITIVE_INFINITY]),
  ];
  if (kind === 'integer' || kind === 'number') return bounds;
  if (kind === 'pair') return bounds.flatMap((bound) => [bound, [bound, 2]]);
  if (kind !== 'integers' && kind !== 'numbers') return [];
  const wrong = typeof count === 'number' ? [new Array(count + 1).fill(1)] : [];
  return [...bounds.map((bound) => [bound]), ...wrong, ...(single ? [0] : kind === 'numbers' ? [3] : [])];
}

/**
 * @param {string} name of the function
 * @param {string} option
 * @returns {(error: any) => true}
 */
const names = (name, option) => (error) => {
  assert.ok(error instanceof InputError || error instanceof ShapeError, String(error.stack));
  assert.equal(error.path?.split('.')[0], option, error.message);
  assert.ok(error.message.startsWith(name) && error.message.includes(`"${error.path}`), error.message);
  return true;
};

for (const [name, encoding] of Object.entries(ENCODINGS)) {
  const { options: table, out: whole } =
    /** @type {import('../../bindings/encodings/encoding.js').Description} */ (encoding);
  const picture = PICTURES[name](pe);
  const forms = [picture.options, ...(picture.forms ?? [])];
  const call = (/** @type {object} */ options) => pe[name](options);

  test(`${name} refuses options that are not of their kind or out of their range`, () => {
    for (const [option, rule] of Object.entries(table)) {
      const using = forms.filter((form) => option in form);
      const deep = rule.kind === 'floats' && using.length ? [floats(7, 7, 7, 7, 7)] : [];
      for (const value of [...WRONG[rule.kind], ...beyond(rule), ...deep]) {
        if (rule.or?.includes(value)) continue;
        const shown = inspect(value, { maxArrayLength: 4 });
        for (const form of using.length ? using : forms)
          assert.throws(() => call({ ...form, [option]: value }), names(name, option), `${option}: ${shown}`);
      }
    }
  });

  test(`${name} needs the options that have no default`, () => {
    for (const form of forms) {
      assert.doesNotThrow(() => call(form));
      for (const option of Object.keys(form)) {
        const rule = table[option];
        const { [option]: _, ...rest } = form;
        const isFree = rule.default !== undefined || rule.optional !== undefined || rule.when !== undefined;
        if (!isFree) assert.throws(() => call(rest), { code: 'ERR_INPUT' }, `without ${option}`);
      }
    }
  });

  test(`${name} refuses options that it does not know, and what are no options`, () => {
    for (const form of forms) assert.throws(() => call({ ...form, lenght: 7 }), names(name, 'lenght'));
    for (const options of [undefined, null, 7, 'window', [], new Float32Array(2)]) {
      assert.throws(() => pe[name](options), { code: 'ERR_INPUT', message: /options must be an object/ });
    }
  });

  test(`${name} fills \`out\` and refuses one that does not fit`, () => {
    for (const form of forms) {
      const result = call(form);
      const single = result instanceof Tensor ? result : whole && result[whole];
      if (single) testOut(name, form, single, whole);
      else testOutEntries(name, form, result);
    }
  });
}

/** @param {string} name @param {object} form @param {Tensor} result @param {string} [whole] the result that `out` is for */
function testOut(name, form, result, whole) {
  const call = (/** @type {unknown} */ out) => pe[name]({ ...form, out });
  const of = (/** @type {any} */ results) => (whole ? results[whole] : results);
  const room = new /** @type {any} */ (result.data.constructor)(result.data.length).fill(7);
  assert.equal(of(call(room)).data, room);
  assert.deepEqual(room, result.data);
  assert.deepEqual(of(call(new Tensor(result.dtype, room, [room.length]))).shape, result.shape);
  const other = result.dtype === 'int32' ? Float32Array : Int32Array;
  const kinds = [other, Float64Array, Uint8Array].map((type) => new type(room.length));
  for (const out of [new Float32Array(1e5), ...kinds, {}, 3, null])
    assert.throws(() => call(out), names(name, 'out'));
}

/** @param {string} name @param {object} form @param {Record<string, any>} results */
function testOutEntries(name, form, results) {
  const call = (/** @type {unknown} */ out) => pe[name]({ ...form, out });
  for (const key of Object.keys(/** @type {any} */ (ENCODINGS)[name].result)) {
    if (results[key] === null) continue;
    const room = new Float32Array(results[key].data.length).fill(7);
    assert.equal(call({ [key]: room })[key].data, room);
    assert.deepEqual(room, results[key].data);
    for (const out of [{ [key]: new Float32Array(1e5) }, { [key]: 3 }, { [key]: null }, room, 3, null])
      assert.throws(() => call(out), names(name, 'out'));
  }
}
