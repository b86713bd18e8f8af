// Texts of 8,192 tokens through scaled rotary positions, local layers and relative buckets: rows of transformers' models in float64
// (tests/goldens/long.py), and memory that grows with the length and not with its square.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load } from '../../web/index.js';
import { largestDifference } from '../compare.js';
import { BUILDS } from '../encoder/fixtures.js';
import { readTensorFile } from '../goldens/models.js';

const DATA = new URL('../goldens/data/long/', import.meta.url).pathname;
const { cases, length } = JSON.parse(readFileSync(`${DATA}index.json`, 'utf8'));

for (const { name, tol } of cases) {
  test(`${name} at ${length} tokens is the reference, and its memory grows with the length`, async () => {
    const tensors = readTensorFile(`${DATA}${name}/case.safetensors`);
    const [ids, rows, expected] = ['in.input_ids', 'rows', 'out.rows'].map((key) => {
      const tensor = tensors.get(key);
      assert.ok(tensor, key);
      return tensor;
    });
    for (const simd of BUILDS) {
      const encoder = await load(`${DATA}${name}`, { simd });
      /** @type {number[]} */
      const memory = [];
      for (const part of [length / 4, length / 2, length]) {
        const { last_hidden_state: hidden } = await encoder.forward({
          input_ids: ids.slice(null, [0, part]),
        });
        memory.push(encoder.memory);
        if (part < length) continue;
        const found = Array.from(/** @type {Int32Array} */ (rows.data), (row) => [
          ...hidden.slice(0, Number(row)).data,
        ]).flat();
        const worst = largestDifference(found, expected.data, { nan: true });
        assert.ok(worst <= tol, `${simd}: ${worst}, at most ${tol}`);
      }
      // Of scores of all pairs a single head would take 32 KB a token.
      const each = (memory[2] - memory[0]) / length;
      assert.ok(each < 1024, `${memory} bytes: ${each} more for each token`);
      encoder.dispose();
    }
  });
}
