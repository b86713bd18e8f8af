/**
 * What must hold of rotary encodings at any size: scores depend on relative positions alone, lengths stay, the two layouts
 * are one rotation. Reference outputs are in the goldens.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { SINCOS } from '../../bindings/encodings/generate.js';
import { METHODS } from '../../bindings/encodings/rope_scaling.js';
import { Tensor } from '../../bindings/tensor.js';
import { encodings } from '../../web/encodings.js';

/** The options of random cases are not literals. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

const size = fc.integer({ min: 1, max: 9 });
const layout = fc.constantFrom('half', 'interleaved');
const RUNS = { numRuns: 60 };

/**
 * Numbers that look random and are the same in every run.
 * @param {...number} shape
 */
function noise(...shape) {
  const data = new Float32Array(shape.reduce((n, extent) => n * extent, 1));
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 31 - 1;
  }
  return new Tensor('float32', data, shape);
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
const dot = (a, b) => Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

test('the score of a rotated query and key depends on the difference of their positions alone', () => {
  const position = fc.integer({ min: 0, max: 5000 });
  fc.assert(
    fc.property(
      size,
      position,
      position,
      fc.integer({ min: -2000, max: 2000 }),
      layout,
      (pairs, m, n, shift, form) => {
        const [query, key] = /** @type {number[][]} */ (noise(2, 2 * pairs).tolist());
        const score = (/** @type {number} */ p, /** @type {number} */ q) => {
          const table = pe.rope({ positions: [p, q], dim: 2 * pairs, layout: form });
          const x = new Tensor('float32', Float32Array.of(...query, ...key), [2, 2 * pairs]);
          const rotated = pe.applyRope({ x, ...table, layout: form });
          return dot(rotated.slice(0).data, rotated.slice(1).data);
        };
        assert.ok(Math.abs(score(m, n) - score(m + shift, n + shift)) <= 2e-6 * pairs);
      },
    ),
    RUNS,
  );
});

test('a rotation keeps lengths and is undone by the opposite one', () => {
  fc.assert(
    fc.property(size, size, size, layout, (heads, tokens, pairs, form) => {
      const dim = 2 * pairs;
      const x = noise(1, heads, tokens, dim);
      const rotated = pe.applyRope({ x, ...pe.rope({ length: tokens, dim, layout: form }), layout: form });
      assert.ok(Math.abs(dot(rotated.data, rotated.data) - dot(x.data, x.data)) <= 1e-6 * x.data.length);
      const positions = Array.from({ length: tokens }, (_, i) => -i);
      const back = pe.applyRope({ x: rotated, ...pe.rope({ positions, dim, layout: form }), layout: form });
      for (const [i, value] of back.data.entries()) assert.ok(Math.abs(value - x.data[i]) <= 5e-7);
    }),
    RUNS,
  );
});

test('the layouts are the same rotation of channels in another order, with each angle held once or twice', () => {
  fc.assert(
    fc.property(size, size, (tokens, pairs) => {
      const dim = 2 * pairs;
      const x = noise(tokens, dim);
      const reordered = new Tensor('float32', new Float32Array(x.data.length), [tokens, dim]);
      const place = (/** @type {number} */ i) => i - (i % dim) + ((i % dim) >> 1) + ((i % dim) & 1) * pairs;
      for (let i = 0; i < x.data.length; i++) reordered.data[place(i)] = x.data[i];
      const neighbours = pe.applyRope({
        x,
        ...pe.rope({ length: tokens, dim, layout: 'interleaved' }),
        layout: 'interleaved',
      });
      const halves = pe.applyRope({ x: reordered, ...pe.rope({ length: tokens, dim }) });
      for (let i = 0; i < x.data.length; i++) assert.equal(halves.data[place(i)], neighbours.data[i]);
      const once = pe.rope({ length: tokens, dim, repeat: false });
      assert.deepEqual(pe.applyRope({ x: reordered, ...once, repeat: false }).data, halves.data);
    }),
    RUNS,
  );
});

test('the orders of axes, prefix tokens, channels beyond the table and tables per head or sequence agree', () => {
  fc.assert(
    fc.property(size, size, size, layout, (B, H, T, form) => {
      const dim = 6;
      const x = noise(B, H, T + 1, dim);
      const table = pe.rope({ length: T, dim: 4, layout: form });
      const rotated = pe.applyRope({ x, ...table, layout: form, prefix: 1 });
      assert.deepEqual(rotated.slice(null, null, 0).data, x.slice(null, null, 0).data);
      assert.deepEqual(rotated.slice(null, null, null, [4, 6]).data, x.slice(null, null, null, [4, 6]).data);
      const single = pe.applyRope({ x: x.slice(B - 1), ...table, layout: form, prefix: 1 });
      assert.deepEqual(rotated.slice(B - 1).data, single.data);

      const turned = new Tensor('float32', new Float32Array(x.data.length), [B, T + 1, H, dim]);
      const swap = (
        /** @type {Tensor} */ from,
        /** @type {Tensor} */ to,
        /** @type {number[]} */ [b, m, n],
      ) => {
        for (let i = 0; i < b * m * n; i++) {
          const at = Math.floor(i / (m * n)) * m * n + (i % n) * m + (Math.floor(i / n) % m);
          to.data.set(/** @type {any} */ (from.data.subarray(i * dim, (i + 1) * dim)), at * dim);
        }
      };
      swap(x, turned, [B, H, T + 1]);
      const other = pe.applyRope({ x: turned, ...table, layout: form, prefix: 1, order: 'bthd' });
      const back = new Tensor('float32', new Float32Array(x.data.length), [B, H, T + 1, dim]);
      swap(other, back, [B, T + 1, H]);
      assert.deepEqual(back.data, rotated.data);

      for (const [tables, count] of /** @type {const} */ ([
        ['sequences', B],
        ['heads', H],
      ])) {
        const copies = (/** @type {Tensor} */ one) => {
          const data = new Float32Array(count * one.data.length);
          for (let i = 0; i < count; i++)
            data.set(/** @type {Float32Array} */ (one.data), i * one.data.length);
          return new Tensor('float32', data, [count, ...one.shape]);
        };
        const many = { cos: copies(table.cos), sin: copies(table.sin), tables };
        assert.deepEqual(pe.applyRope({ x, ...many, layout: form, prefix: 1 }).data, rotated.data);
      }
    }),
    { numRuns: 30 },
  );
});

test('scalings of factor 1 leave the frequencies, and dynamic scaling those of texts within the trained length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 64 }), (pairs, length) => {
      const dim = 2 * pairs;
      const plain = pe.ropeFrequencies({ dim }).frequencies.data;
      const ones = new Array(pairs).fill(1);
      for (const scaling of [
        { type: 'linear', factor: 1 },
        { type: 'dynamic', factor: 4, originalLength: 64, length },
        { type: 'yarn', factor: 1, originalLength: 64 },
        { type: 'llama3', factor: 1, originalLength: 64, lowFactor: 1, highFactor: 4 },
        { type: 'longrope', factor: 1, originalLength: 64, shortFactors: ones, longFactors: ones },
        { type: 'proportional' },
      ]) {
        const scaled = pe.ropeFrequencies({ dim, scaling });
        for (const [i, w] of plain.entries()) assert.ok(Math.abs(scaled.frequencies.data[i] / w - 1) < 1e-6);
        assert.equal(scaled.attentionFactor, 1);
      }
    }),
    RUNS,
  );
});

test("a picture's rotation splits into those of its rows and columns, and blocks of patches only reorder tokens", () => {
  fc.assert(
    fc.property(size, size, size, (rows, columns, count) => {
      const [height, width] = [2 * rows, 2 * columns];
      const options = { height, width, dim: 4 * count };
      const { cos, ids } = pe.rope2d({ ...options, repeat: false });
      const line = pe.rope({ length: Math.max(height, width), dim: 2 * count, repeat: false }).cos.tolist();
      for (const [token, [y, x]] of ids.tolist().entries()) {
        assert.deepEqual([y, x], [Math.floor(token / width), token % width]);
        assert.deepEqual(cos.slice(token).tolist(), [...line[y], ...line[x]]);
      }
      const blocks = pe.rope2d({ ...options, repeat: false, merge: 2, frames: 2 });
      const seen = new Set();
      for (const [token, [y, x]] of blocks.ids.tolist().entries()) {
        assert.deepEqual(blocks.cos.slice(token).data, cos.slice(y * width + x).data);
        seen.add(y * width + x);
      }
      assert.equal(seen.size, height * width);
    }),
    { numRuns: 30 },
  );
});

test('sections of one axis are the plain rotation', () => {
  fc.assert(
    fc.property(size, size, fc.constantFrom('chunked', 'strided'), (tokens, pairs, mode) => {
      const positions = Array.from({ length: 3 }, (_, axis) =>
        Array.from({ length: tokens }, (__, t) => (axis ? 9 : t)),
      );
      const sections = [pairs, 0, 0];
      const { cos, sin } = pe.ropeSections({ positions, dim: 2 * pairs, sections, mode });
      const plain = pe.rope({ length: tokens, dim: 2 * pairs });
      assert.deepEqual([cos.data, sin.data], [plain.cos.data, plain.sin.data]);
    }),
    RUNS,
  );
});

test('the numbers of layouts and methods are those of c/wasmformer.h', () => {
  const header = readFileSync(new URL('../../c/wasmformer.h', import.meta.url), 'utf8');
  const upper = Object.fromEntries(
    Object.entries(METHODS).map(([name, number]) => [name.toUpperCase(), number]),
  );
  for (const [prefix, values] of Object.entries({ SINCOS, ROPE: upper })) {
    const found = [...header.matchAll(new RegExp(`\\bWF_${prefix}_(\\w+) = (\\d+)`, 'g'))];
    assert.deepEqual(Object.fromEntries(found.map(([, name, number]) => [name, Number(number)])), values);
  }
});
