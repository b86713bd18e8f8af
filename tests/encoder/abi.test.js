/** bindings/core/abi.js and bindings/core/layouts.js say the same as c/wasmformer.h. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as numbers from '../../bindings/core/abi.js';
import * as layouts from '../../bindings/core/layouts.js';

const abi = { ...numbers, ...layouts };

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
  ['wf_norm_places', 'WF_', abi.NORM_PLACES, header],
  ['wf_bias', 'WF_BIAS_', abi.BIAS, header],
  ['wf_terms', 'WF_TERM_', abi.TERMS, header],
  ['wf_norm_form', 'WF_NORM_', abi.NORM_FORM, header],
  ['wf_rotary', 'WF_ROTARY_', abi.ROTARY, header],
  ['wf_frame_norm', 'WF_FRAME_NORM_', abi.FRAME_NORM, header],
  ['wf_final_norm', 'WF_FINAL_NORM_', abi.FINAL_NORM, header],
  ['wf_rows', 'WF_ROWS_', abi.ROWS, header],
  ['wf_slot', 'WF_SLOT_', abi.SLOT, header],
  ['wf_pooling', 'WF_POOL_', abi.POOL, header],
  ['wf_traced', 'WF_TRACED_', abi.TRACED, header],
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

/** @param {string} name @returns {[field: string, type: unknown][]} a struct's fields in order, as the bindings write them */
function readStruct(name) {
  const body = new RegExp(`typedef struct ${name} \\{([^}]*)\\}`).exec(header)?.[1];
  assert.ok(body, `no struct ${name}`);
  return [...body.matchAll(/(\w+)\s+([\w[\], ]+);/g)].flatMap(([, type, names]) =>
    names.split(/,\s*/).map((declared) => {
      const [, field, count] = /** @type {RegExpExecArray} */ (/^(\w+)(?:\[(\w+)\])?$/.exec(declared));
      const kinds = /** @type {Record<string, unknown>} */ ({
        uint32_t: 'u',
        float: 'f',
        wf_kind_description: abi.KIND,
        wf_head_description: abi.HEAD,
        wf_rotary_description: abi.ROTARY_TABLE,
        wf_convolution_description: abi.CONVOLUTION,
        wf_position_description: abi.POSITION,
      });
      const size = count && /** @type {any} */ (abi)[count.replace('WF_', '')];
      const isStruct = typeof kinds[type] === 'object';
      return /** @type {[string, unknown]} */ ([
        field,
        isStruct ? [kinds[type], size ?? 1] : (size ?? kinds[type]),
      ]);
    }),
  );
}

const structs = /** @type {const} */ ([
  ['wf_kind_description', abi.KIND],
  ['wf_head_description', abi.HEAD],
  ['wf_rotary_description', abi.ROTARY_TABLE],
  ['wf_convolution_description', abi.CONVOLUTION],
  ['wf_position_description', abi.POSITION],
  ['wf_encoder_description', abi.DESCRIPTION],
  ['wf_put', abi.PUT],
  ['wf_state', abi.STATE],
  ['wf_output', abi.OUTPUT],
]);

for (const [name, fields] of structs) {
  test(`${name} has the fields of its layout, in order and type`, () => {
    assert.deepEqual(readStruct(name), Object.entries(fields));
  });
}

test('the sizes of arrays, and no limit, are those of the bindings', () => {
  const sizes = [...header.matchAll(/\bWF_(MAX_\w+) = (\d+)/g)].map(([, key, value]) => [key, Number(value)]);
  const { MAX_KINDS, MAX_LAYERS, MAX_HEADS, MAX_POOLINGS, MAX_ROTARIES, MAX_CONVOLUTIONS } = abi;
  assert.deepEqual(Object.fromEntries(sizes), {
    ...{ MAX_KINDS, MAX_LAYERS, MAX_HEADS, MAX_POOLINGS, MAX_ROTARIES, MAX_CONVOLUTIONS },
  });
  assert.equal(Number(/WF_TRACED_TOKENS = (\d+)/.exec(header)?.[1]), abi.TRACED_TOKENS);
  assert.match(header, /#define WF_UNLIMITED UINT32_MAX/);
  assert.equal(abi.UNLIMITED, 2 ** 32 - 1);
});
