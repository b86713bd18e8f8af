// bindings/core/signatures.js against c/wasmformer.h, and what it is for: no function of the core is called with an array
// of another length than its sizes say.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Instance } from '../../bindings/core/instance.js';
import { signatureOf } from '../../bindings/core/lengths.js';
import { Memory } from '../../bindings/core/memory.js';
import { SIGNATURES } from '../../bindings/core/signatures.js';
import { ShapeError } from '../../bindings/errors.js';
import { evaluate } from '../../bindings/options/shapes.js';

const ROOT = new URL('../../', import.meta.url);
const header = readFileSync(new URL('c/wasmformer.h', ROOT), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

/** The types of arrays in the header. A struct of the caller's is an array of words. @type {Record<string, string>} */
const LETTERS = {
  ...{ float: 'f', double: 'd', int32_t: 'i', uint32_t: 'u', uint8_t: 'b', int8_t: 'b' },
  ...{ wf_encoder_description: 'u', wf_put: 'u', wf_state: 'u', wf_output: 'u' },
};

/** The parameters of every exported function: its name and the letter of its type. */
const declared = new Map(
  [...header.matchAll(/WF_EXPORT\((wf_\w+)\)[^(]*\(([^)]*)\)/g)].map(([, name, list]) => [
    name,
    list.split(',').flatMap((one) => {
      const found = /^(?:const )?(\w+) (\*?)(\w+)(\[\d+\])?$/.exec(one.trim().replace(/\s+/g, ' '));
      if (!found) return []; // (void)
      const [, type, star, key, size] = found;
      return [{ name: key, type: star || size ? (LETTERS[type] ?? 'p') : '' }];
    }),
  ]),
);

/** Functions that take no array of the caller's, and are called with numbers. */
const OF_NUMBERS = [
  ...[
    'wf_status_message',
    'wf_sincos_space',
    'wf_image_resize_space',
    'wf_tile_count',
    'wf_tile_space',
    'wf_tile_run',
  ],
  ...[
    'wf_encoder_row_cost',
    'wf_is_relaxed',
    'wf_encoder_positions',
    'wf_encoder_hidden',
    'wf_encoder_place',
    'wf_int8_dtype',
  ],
  ...['wf_encoder_features', 'wf_encoder_frames_length'],
  ...['wf_team_bytes', 'wf_team_join', 'wf_team_joined', 'wf_team_fail'],
];

test('every exported function has a signature that says what the header does', () => {
  assert.ok(declared.size > 60);
  assert.deepEqual([...Object.keys(SIGNATURES), ...OF_NUMBERS].sort(), [...declared.keys()].sort());
  for (const name of Object.keys(SIGNATURES)) {
    const { parameters } = signatureOf(name);
    const types = declared.get(name)?.map((one, i) => {
      // An address that only the bindings make may lead anywhere.
      return parameters[i]?.type === 'p' && one.type ? { ...one, type: 'p' } : one;
    });
    assert.deepEqual(
      parameters.map(({ name: key, type }) => ({ name: key, type })),
      types,
      name,
    );
    for (const { type, sizes, name: key } of parameters)
      assert.equal(sizes !== '', type !== '' && type !== 'p', `${name}: ${key}`);
  }
});

test('the bindings call functions with arrays by the checked way alone', () => {
  const sources = readdirSync(new URL('bindings/', ROOT), { recursive: true, encoding: 'utf8' });
  for (const file of sources.filter((name) => name.endsWith('.js') && name !== 'core/instance.js')) {
    const text = readFileSync(new URL(`bindings/${file}`, ROOT), 'utf8');
    for (const [, name] of text.matchAll(/\.call\(\s*'(wf_\w+)'/g))
      assert.ok(OF_NUMBERS.includes(name), file);
  }
});

/** An instance whose functions count their calls and do nothing. */
function counting() {
  const calls = { count: 0 };
  const names = [...declared.keys()].map((name) => [name, () => void calls.count++]);
  const exports = {
    ...Object.fromEntries(names),
    __stack_pointer: { value: 65536 },
    __heap_base: { value: 65536 },
  };
  const core = new Instance(/** @type {any} */ ({ exports }), new Memory(false));
  calls.count = 0;
  return { calls, core };
}

/** @type {Record<string, any>} */
const ARRAYS = { f: Float32Array, d: Float64Array, i: Int32Array, u: Uint32Array, b: Uint8Array };
/** Sizes that are no arguments. */
const KNOWN = { D: 5, H: 3, channels: 2, places: 7, inputs: 4, space: 6, kept: 3 };

/** Arguments that fit: every number is 2 or as below, every array as long as its sizes say. @param {string} name */
function fitting(name) {
  const { parameters, where = {} } = signatureOf(name);
  /** @type {Record<string, any>} */
  const values = Object.fromEntries(parameters.map((one) => [one.name, 2]));
  if ('lengths' in values && name.startsWith('wf_encoder')) values.lengths = new Uint32Array([3, 4]);
  if ('options' in values) values.options = 1;
  if ('prefix' in values) values.prefix = 1;
  if ('channels' in values) values.channels = 4;
  const sizeOf = (/** @type {string} */ letter) =>
    where[letter]?.(values) ?? /** @type {any} */ (KNOWN)[letter] ?? values[letter];
  for (const { name: key, type, sizes } of parameters) {
    const size = sizes && evaluate(sizes, sizeOf);
    if (size !== '' && !ArrayBuffer.isView(values[key])) values[key] = new ARRAYS[type](size);
  }
  return parameters.map(({ name: key, type }) => (type === 'p' ? 0 : values[key]));
}

for (const name of Object.keys(SIGNATURES)) {
  const { parameters } = signatureOf(name);
  const arrays = parameters.flatMap(({ sizes }, i) => (sizes ? [i] : []));
  if (arrays.length === 0) continue;
  test(`${name} is not called with an array that is too short, too long or given away`, () => {
    const { core, calls } = counting();
    core.invoke(name, fitting(name), KNOWN);
    assert.equal(calls.count, 1, 'arrays that fit are let through');
    for (const i of arrays) {
      const args = fitting(name);
      const bytes = args[i].byteLength / args[i].length;
      assert.ok(args[i].length > 0, `${parameters[i].name} has a size`);
      const gone = args[i].slice();
      structuredClone(gone.buffer, { transfer: [gone.buffer] });
      const longer = new args[i].constructor(args[i].length + 1);
      for (const wrong of [args[i].subarray(1), longer, gone, { out: args[i].subarray(1) }]) {
        const given = args.map((one, at) => (at === i ? wrong : one));
        assert.throws(() => core.invoke(name, given, KNOWN), ShapeError, `${parameters[i].name}, ${bytes}`);
      }
    }
    assert.equal(calls.count, 1, 'the core was called');
  });
}
