/** bindings/core/abi.js says the same as c/wasmformer.h. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as abi from '../../bindings/core/abi.js';

const header = readFileSync(new URL('../../c/wasmformer.h', import.meta.url), 'utf8').replace(
  /\/\*[\s\S]*?\*\//g,
  '',
);
const kernels = readFileSync(new URL('../../c/kernels/kernels.h', import.meta.url), 'utf8').replace(
  /\/\*[\s\S]*?\*\//g,
  '',
);

/** @param {string} source @param {string} name @returns {Record<string, number>} an enum's members */
function readEnum(source, name) {
  const body = new RegExp(`typedef enum ${name} \\{([^}]*)\\}`).exec(source)?.[1];
  assert.ok(body, `no enum ${name}`);
  return Object.fromEntries(
    [...body.matchAll(/(\w+) = (\d+)/g)].map(([, key, value]) => [key, Number(value)]),
  );
}

const enums = /** @type {const} */ ([
  ['wf_stem', 'WF_STEM_', abi.STEM, header],
  ['wf_place', 'WF_PLACE_', abi.PLACE, header],
  ['wf_slot', 'WF_SLOT_', abi.SLOT, header],
  ['wf_pooling', 'WF_POOL_', abi.POOL, header],
  ['wf_dtype', 'WF_', abi.DTYPE, header],
  ['wf_activation', 'WF_', abi.ACTIVATION, kernels],
]);

for (const [name, prefix, object, source] of enums) {
  test(`${name} has the members of abi.js`, () => {
    const expected = Object.fromEntries(Object.entries(object).map(([key, value]) => [prefix + key, value]));
    assert.deepEqual(readEnum(source, name), expected);
  });
}

test('wf_status has the members of abi.js', () => {
  const expected = Object.entries(abi.STATUS).map(([key, value]) => [
    key === 'OK' ? 'WF_OK' : `WF_ERROR_${key}`,
    value,
  ]);
  assert.deepEqual(readEnum(header, 'wf_status'), Object.fromEntries(expected));
});

/** @param {string} name @returns {{ type: string, field: string, count: string }[]} a struct's 32-bit fields in order */
function readStruct(name) {
  const body = new RegExp(`typedef struct ${name} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
  return [...body.matchAll(/(uint32_t|float|wf_head_description)\s+([\w[\], ]+);/g)].flatMap(
    ([, type, names]) =>
      names.split(', ').map((field) => ({
        type,
        field: field.replace(/\[.*/, ''),
        count: /\[(\w+)\]/.exec(field)?.[1] ?? '1',
      })),
  );
}

test('wf_head_description has the fields of abi.js', () => {
  assert.deepEqual(
    readStruct('wf_head_description').map(({ field }) => field),
    abi.HEAD_FIELDS,
  );
});

test('wf_encoder_description has the fields of abi.js, in order and type', () => {
  const fields = readStruct('wf_encoder_description');
  const scalars = fields.filter(({ type }) => type !== 'wf_head_description');
  assert.deepEqual(
    scalars.map(({ field }) => field),
    abi.DESCRIPTION_FIELDS,
  );
  assert.deepEqual(
    scalars.filter(({ type }) => type === 'float').map(({ field }) => field),
    abi.FLOAT_FIELDS,
  );
  assert.equal(fields.at(-1)?.field, 'head');
});
