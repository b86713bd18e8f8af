// What the tutorials' tests share: cases of the reference data and the comparison with them. Not a test.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Tensor } from 'wasmformer';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { readTensorFile } from '../goldens/models.js';

const DATA = new URL('../goldens/data/', import.meta.url);
/** @type {{ cases: any[] }} */
const { cases } = JSON.parse(readFileSync(new URL('encodings/index.json', DATA), 'utf8'));

/**
 * The cases of an encoding, with their tensors.
 * @param {string} name of the reference function
 * @param {string[]} [statuses]
 * @returns {{ params: any, inputs: Record<string, Tensor>, outputs: Record<string, { tensor: Tensor, tol: number }> }[]}
 */
export function encodingCases(name, statuses = ['reference', 'seed_corrected']) {
  const found = cases.filter((one) => one.function === name && statuses.includes(one.status));
  assert.ok(found.length, `the reference data has no ${name}`);
  return found.map(({ family, params, inputs, outputs }) => {
    const file = readTensorFile(fileURLToPath(new URL(`encodings/${family}.safetensors`, DATA)));
    const tensor = (/** @type {any} */ entry) => /** @type {Tensor} */ (file.get(entry.key));
    const each = (/** @type {any} */ entries, /** @type {(entry: any) => any} */ take) =>
      Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, take(entry)]));
    return {
      params,
      inputs: each(inputs, tensor),
      outputs: each(outputs, (entry) => ({ tensor: tensor(entry), tol: entry.tol })),
    };
  });
}

/**
 * A model of the reference data: its configuration, weights, inputs and outputs.
 * @param {string} name
 */
export function modelCase(name) {
  const folder = new URL(`models/${name}/`, DATA);
  const path = fileURLToPath(new URL('model.safetensors', folder));
  const weights = [...readTensors(new Uint8Array(readFileSync(path)), path)].flatMap(([key, entry]) =>
    entry.dtype === 'F32' ? [[key, new Tensor('float32', toFloats(entry.data), entry.shape)]] : [],
  );
  const all = [...readTensorFile(fileURLToPath(new URL('case.safetensors', folder)))];
  const part = (/** @type {string} */ start) =>
    /** @type {Record<string, Tensor>} */ (
      Object.fromEntries(
        all
          .filter(([key]) => key.startsWith(start))
          .map(([key, tensor]) => [key.slice(start.length), tensor]),
      )
    );
  return {
    config: JSON.parse(readFileSync(new URL('config.json', folder), 'utf8')),
    tensors: /** @type {Record<string, Tensor>} */ (Object.fromEntries(weights)),
    inputs: part('in.'),
    outputs: part('out.'),
  };
}

const toFloats = (/** @type {Uint8Array} */ bytes) => new Float32Array(bytes.slice().buffer);

/**
 * @param {Tensor} found
 * @param {{ shape: readonly number[], data: ArrayLike<number | bigint> }} expected
 * @param {number} tolerance
 * @param {(index: number) => boolean} [counts] which elements are compared; all by default
 */
export function assertClose(found, expected, tolerance, counts = () => true) {
  assert.deepEqual(found.shape, [...expected.shape]);
  let compared = 0;
  for (let i = 0; i < expected.data.length; i++) {
    if (!counts(i)) continue;
    compared++;
    const difference = Math.abs(Number(found.data[i]) - Number(expected.data[i]));
    assert.ok(difference <= tolerance, `element ${i} is ${found.data[i]}, expected ${expected.data[i]}`);
  }
  assert.ok(compared > 0, 'no element was compared');
}
