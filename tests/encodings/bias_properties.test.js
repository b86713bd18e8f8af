/**
 * What must hold of relative biases and masks at any size, over random sizes and values. Reference outputs are in the
 * goldens; here are the properties that define each encoding.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { encodings } from '../../bindings/encodings.js';
import { Tensor } from '../../bindings/tensor.js';

/** The options of random cases are not literals. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

const side = fc.integer({ min: 1, max: 6 });
const heads = fc.integer({ min: 1, max: 5 });
const length = fc.integer({ min: 1, max: 24 });
const RUNS = { numRuns: 60 };

/**
 * Numbers that look random and are the same in every run.
 * @param {number[]} shape
 * @param {number} [seed]
 */
function noise(shape, seed = 1) {
  const data = new Float32Array(shape.reduce((n, size) => n * size, 1));
  let state = seed >>> 0;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 31 - 1;
  }
  return new Tensor('float32', data, shape);
}

/** @param {number[]} shape @param {number} value */
const constant = (shape, value) =>
  new Tensor('float32', new Float32Array(shape.reduce((n, size) => n * size, 1)).fill(value), shape);

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} tolerance */
function assertClose(a, b, tolerance) {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++) {
    assert.ok(Math.abs(a[i] - b[i]) <= tolerance, `element ${i}: ${a[i]} and ${b[i]}`);
  }
}

/** @param {readonly number[]} shape @returns {(...at: number[]) => number} the place of an element */
const at =
  (shape) =>
  (...indices) =>
    indices.reduce((place, index, axis) => place * shape[axis] + index, 0);

test("Swin's bias is equal for pairs of equal offset, and its index covers the whole table", () => {
  fc.assert(
    fc.property(side, side, heads, (h, w, H) => {
      const rows = (2 * h - 1) * (2 * w - 1);
      const table = new Tensor(
        'float32',
        Float32Array.from({ length: rows * H }, (_, i) => i),
        [rows, H],
      );
      const bias = pe.windowBias({ window: [h, w], table });
      const value = at(bias.shape);
      /** @type {Map<string, number>} */
      const byOffset = new Map();
      for (let i = 0; i < h * w; i++) {
        for (let j = 0; j < h * w; j++) {
          const offset = `${Math.floor(i / w) - Math.floor(j / w)},${(i % w) - (j % w)}`;
          const found = bias.data[value(H - 1, i, j)];
          assert.equal(byOffset.get(offset) ?? found, found);
          byOffset.set(offset, found);
        }
      }
      assert.equal(new Set(byOffset.values()).size, rows);
    }),
    RUNS,
  );
});

test('the sign of a window index transposes it, and heads-first tables give the same bias', () => {
  fc.assert(
    fc.property(side, side, heads, (h, w, H) => {
      const window = [h, w];
      const forward = pe.windowIndex({ window });
      const backward = pe.windowIndex({ window, sign: 'key-query' });
      const [n] = forward.shape;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) assert.equal(forward.data[i * n + j], backward.data[j * n + i]);
      }
      const rows = (2 * h - 1) * (2 * w - 1);
      const table = noise([rows, H]);
      const flipped = new Float32Array(rows * H).map(
        (_, i) => table.data[(i % rows) * H + Math.floor(i / rows)],
      );
      const options = { window, tableLayout: 'heads-first' };
      const planes = new Tensor('float32', flipped, [H, 2 * h - 1, 2 * w - 1]);
      assert.deepEqual(
        pe.windowBias({ ...options, table: planes }).data,
        pe.windowBias({ window, table }).data,
      );
    }),
    RUNS,
  );
});

test('a shifted-window mask lets exactly the pairs meet that were neighbours before the roll', () => {
  fc.assert(
    fc.property(side, side, side, side, fc.nat(), fc.nat(), (wh, ww, across, down, a, b) => {
      const [sh, sw] = [a % wh, b % ww];
      const [height, width] = [wh * down, ww * across];
      const options = { height, width, window: [wh, ww], shift: [sh, sw], clamp: 'none' };
      const mask = pe.shiftedWindowMask(options);
      const value = at(mask.shape);
      /** @param {number} n @param {number} i where position i of window n was before the roll, and whether it wrapped */
      const origin = (n, i) => {
        const y = Math.floor(n / across) * wh + Math.floor(i / ww) + sh;
        const x = (n % across) * ww + (i % ww) + sw;
        return [y >= height, x >= width].join();
      };
      for (let n = 0; n < across * down; n++) {
        for (let i = 0; i < wh * ww; i++) {
          for (let j = 0; j < wh * ww; j++) {
            assert.equal(mask.data[value(n, i, j)], origin(n, i) === origin(n, j) ? 0 : -100);
          }
        }
      }
    }),
    RUNS,
  );
});

test('a table of one value stays so when resized, and a table of the same window stays itself', () => {
  const presets = fc.constantFrom('timm', 'swin', 'tinyvit', 'midas');
  fc.assert(
    fc.property(
      presets,
      side,
      side,
      side,
      side,
      fc.integer({ min: 0, max: 3 }),
      (preset, a, b, c, d, extra) => {
        const rows = (2 * a - 1) * (2 * b - 1) + extra;
        const flat = pe.resizeBias({
          table: constant([rows, 2], 1.5),
          from: [a, b],
          to: [c, d],
          extra,
          preset,
        });
        assertClose(flat.data, new Float32Array(flat.data.length).fill(1.5), 1e-6);
        const table = noise([rows, 2]);
        const same = pe.resizeBias({ table, from: [a, b], to: [a, b], extra, preset });
        assertClose(same.data, table.data, 1e-6);
      },
    ),
    RUNS,
  );
});

test("BEiT's bias keeps its class rows and agrees with the window's own where the grid is the trained one", () => {
  fc.assert(
    fc.property(side, side, heads, (h, w, H) => {
      const rows = (2 * h - 1) * (2 * w - 1);
      const table = noise([rows + 3, H]);
      const whole = pe.beitBias({ table, window: [h, w] });
      const window = pe.windowBias({ window: [h, w], table: table.slice([0, rows]) });
      const n = h * w;
      const value = at(whole.shape);
      for (let i = 0; i < n; i++) {
        assert.equal(whole.data[value(0, 0, i + 1)], table.data[rows * H]);
        assert.equal(whole.data[value(0, i + 1, 0)], table.data[(rows + 1) * H]);
        for (let j = 0; j < n; j++) assert.equal(whole.data[value(0, i + 1, j + 1)], window.data[i * n + j]);
      }
      assert.equal(whole.data[0], table.data[(rows + 2) * H]);
    }),
    RUNS,
  );
});

test('log coordinates are odd, grow with the offset, and end at log2(9) / 3 for the trained window', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 12 }), (size) => {
      const { data } = pe.logCoordinates({ window: [size, 1] });
      const column = Array.from({ length: 2 * size - 1 }, (_, i) => data[2 * i]);
      column.forEach((value, i) => {
        assert.equal(value + column[2 * size - 2 - i], 0);
        assert.ok(i === 0 || value > column[i - 1]);
      });
      assertClose([column[2 * size - 2]], [Math.log2(9) / 3], 1e-7);
    }),
    RUNS,
  );
});

test('T5 buckets are monotone, start at 0, fill both directions and end at the last', () => {
  const rule = fc.record({
    quarter: fc.integer({ min: 1, max: 40 }),
    more: fc.integer({ min: 1, max: 500 }),
  });
  fc.assert(
    fc.property(rule, fc.constantFrom('t5', 'mpnet', 'wavlm'), ({ quarter, more }, preset) => {
      const options = { buckets: quarter * 4, maxDistance: quarter + more, preset };
      const { data } = pe.t5Buckets({ from: -1000, to: 1000, ...options });
      for (let r = 1; r <= 1000; r++) {
        assert.ok(data[1000 - r] >= data[1001 - r], `${-r}`);
        assert.equal(data[1000 + r], data[1000 - r] + 2 * quarter);
      }
      assert.equal(data[1000], 0);
      assert.equal(data[0], 2 * quarter - 1);
    }),
    RUNS,
  );
});

test('a T5 bias is constant along diagonals and follows the offset of its queries', () => {
  fc.assert(
    fc.property(length, heads, fc.integer({ min: 0, max: 10 }), (n, H, offset) => {
      const table = noise([8, H]);
      const rule = { table, maxDistance: 16 };
      const whole = pe.t5Bias({ ...rule, length: n + offset });
      const part = pe.t5Bias({ ...rule, queries: n, keys: n + offset, offset });
      const [from, to] = [at(whole.shape), at(part.shape)];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n + offset; j++) {
          assert.equal(part.data[to(H - 1, i, j)], whole.data[from(H - 1, i + offset, j)]);
        }
      }
    }),
    RUNS,
  );
});

test('DeBERTa buckets are odd, monotone and the distance itself up to half of the size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 2, max: 900 }), (bucketSize, more) => {
      const half = bucketSize >> 1;
      const { data } = pe.debertaBuckets({ from: -1000, to: 1000, bucketSize, maxPosition: half + more });
      for (let r = 1; r <= 1000; r++) {
        assert.equal(data[1000 - r], -data[1000 + r]);
        assert.ok(data[1000 + r] >= data[999 + r]);
        if (r <= half) assert.equal(data[1000 + r], r);
      }
    }),
    RUNS,
  );
});

test('symmetric ALiBi is symmetric, zero on the diagonal, and linear in the distance with its slopes', () => {
  fc.assert(
    fc.property(length, heads, (n, H) => {
      const bias = pe.alibi({ length: n, heads: H });
      const slopes = pe.alibiSlopes({ heads: H });
      const value = at(bias.shape);
      for (let h = 0; h < H; h++) {
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            assert.equal(bias.data[value(h, i, j)], bias.data[value(h, j, i)]);
            assertClose([bias.data[value(h, i, j)]], [-slopes.data[h] * Math.abs(i - j)], 1e-6);
          }
        }
      }
    }),
    RUNS,
  );
});

test('biases of the distance alone are symmetric and equal along diagonals', () => {
  const makers = {
    kerpleLog: (/** @type {number} */ n) =>
      pe.kerple({ length: n, r1: constant([2], 0.7), r2: constant([2], 1.3) }),
    kerplePower: (/** @type {number} */ n) =>
      pe.kerple({ length: n, r1: constant([2], 0.7), r2: constant([2], 1.3), form: 'power' }),
    sandwich: (/** @type {number} */ n) => pe.sandwich({ length: n, heads: 2, dim: 8 }),
  };
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(makers)), length, (make, n) => {
      const bias = make(n);
      const value = at(bias.shape);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          assert.equal(bias.data[value(1, i, j)], bias.data[value(1, 0, Math.abs(i - j))]);
        }
      }
    }),
    RUNS,
  );
});

test('LeViT shares an entry among the four directions of an offset', () => {
  fc.assert(
    fc.property(side, side, fc.integer({ min: 1, max: 3 }), (h, w, stride) => {
      const index = pe.levitBias({ grid: [h, w], stride, output: 'index' });
      const [queries, keys] = index.shape;
      const across = Math.floor((w - 1) / stride) + 1;
      for (let q = 0; q < queries; q++) {
        for (let k = 0; k < keys; k++) {
          const dy = Math.abs(Math.floor(q / across) * stride - Math.floor(k / w));
          const dx = Math.abs((q % across) * stride - (k % w));
          assert.equal(index.data[q * keys + k], dy * w + dx);
        }
      }
    }),
    RUNS,
  );
});

test("BoTNet's logits are decomposed positions with both tables turned around", () => {
  fc.assert(
    fc.property(side, side, (h, w) => {
      const query = noise([2, h * w, 4]);
      const [tall, wide] = [noise([2 * h - 1, 4], 2), noise([2 * w - 1, 4], 3)];
      /** @param {Tensor} table */
      const turned = (table) => {
        const [rows, D] = table.shape;
        const data = new Float32Array(table.data.length).map(
          (_, i) => /** @type {Float32Array} */ (table.data)[(rows - 1 - Math.floor(i / D)) * D + (i % D)],
        );
        return new Tensor('float32', data, table.shape);
      };
      const botnet = pe.botnetBias({ query, heightTable: tall, widthTable: wide, grid: [h, w] });
      const tables = { heightTable: turned(tall), widthTable: turned(wide) };
      assert.deepEqual(botnet.data, pe.decomposedBias({ query, ...tables, queryGrid: [h, w] }).data);
    }),
    RUNS,
  );
});

test('prefix tokens of decomposed positions have rows and columns of zero, and change nothing else', () => {
  const [h, w, D] = [2, 3, 4];
  const query = noise([1, 1 + h * w, D]);
  const tables = { heightTable: noise([2 * h - 1, D], 2), widthTable: noise([2 * w - 1, D], 3) };
  const whole = pe.decomposedBias({ query, ...tables, queryGrid: [h, w], prefix: 1 });
  const cells = pe.decomposedBias({ query: query.slice(null, [1, 7]), ...tables, queryGrid: [h, w] });
  assert.deepEqual(whole.slice(0, [1, 7], [1, 7]).data, cells.data);
  assert.deepEqual(Array.from(whole.slice(0, 0).data), new Array(7).fill(0));
  assert.deepEqual(Array.from(whole.slice(0, null, 0).data), new Array(7).fill(0));
});

test('the rows of gated positional attention sum to 1, with and without content', () => {
  fc.assert(
    fc.property(side, side, heads, (h, w, H) => {
      const n = h * w;
      const weights = { weight: noise([H, 3], 4), bias: noise([H], 5) };
      const content = { scores: noise([2, H, n, n], 6), gate: noise([H], 7) };
      for (const options of [weights, { ...weights, ...content }]) {
        const { data } = pe.gpsa({ grid: [h, w], ...options });
        for (let row = 0; row < data.length; row += n) {
          assertClose(
            [
              data
                .slice(row, row + n)
                .reduce((/** @type {number} */ sum, /** @type {number} */ p) => sum + p, 0),
            ],
            [1],
            1e-5,
          );
        }
      }
    }),
    RUNS,
  );
});

test("Transformer-XL's positions depend on the distance alone: equal queries have shifted rows", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 10 }), (n) => {
      const one = noise([1, 2, 1, 4]);
      const query = new Tensor('float32', new Float32Array(2 * n * 4), [1, 2, n, 4]);
      for (let i = 0; i < 2 * n * 4; i++) {
        query.data[i] = one.data[Math.floor(i / (4 * n)) * 4 + (i % 4)];
      }
      const table = noise([2 * n - 1, 2, 4], 8);
      const { data } = pe.transformerXL({ query, table, preset: 'conformer' });
      for (let i = 1; i < n; i++) {
        for (let j = 1; j < n; j++) assert.equal(data[i * n + j], data[(i - 1) * n + j - 1]);
      }
    }),
    RUNS,
  );
});

test("Shaw's bias is Transformer-XL's where no offset is clipped", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), (n) => {
      const query = noise([1, 1, n, 4]);
      const table = noise([2 * n - 1, 4], 9);
      const rows = new Tensor('float32', table.data, [2 * n - 1, 1, 4]);
      const expected = pe.transformerXL({ query, table: rows, preset: 'conformer' });
      assert.deepEqual(pe.shaw({ query, table, left: n - 1, right: n - 1 }).data, expected.data);
    }),
    RUNS,
  );
});

test('contextual positions count tokens when every gate is open', () => {
  const n = 5;
  const logits = constant([1, 1, n, n], 100);
  const table = new Tensor(
    'float32',
    Float32Array.from({ length: 8 }, (_, i) => i * i),
    [1, 8],
  );
  const { data } = pe.cope({ query: constant([1, 1, n, 1], 1), logits, table });
  for (let j = 0; j < n; j++) assert.equal(data[j], (n - j) ** 2);
});

test('masks agree with their definitions, as biases and as tables of what is allowed', () => {
  fc.assert(
    fc.property(length, fc.nat(30), fc.nat(30), (n, left, right) => {
      const allowed = pe.slidingWindowMask({ length: n, left, right, as: 'allowed' });
      const bias = pe.slidingWindowMask({ length: n, left, right, fill: Number.NEGATIVE_INFINITY });
      const value = at(allowed.shape);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const within = j - i >= -left && j - i <= right;
          assert.equal(allowed.data[value(i, j)], Number(within));
          assert.equal(bias.data[value(i, j)], within ? 0 : Number.NEGATIVE_INFINITY);
        }
      }
    }),
    RUNS,
  );
});

test('the three forms of a segment mask agree; a negative segment meets nothing', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(lengths, (sizes) => {
      const boundaries = [0];
      for (const size of sizes) boundaries.push(boundaries[boundaries.length - 1] + size);
      const segments = sizes.flatMap((size, i) => new Array(size).fill(7 * i));
      const expected = pe.segmentMask({ lengths: sizes }).data;
      assert.deepEqual(pe.segmentMask({ boundaries }).data, expected);
      assert.deepEqual(pe.segmentMask({ segments }).data, expected);
    }),
    RUNS,
  );
  const padded = pe.segmentMask({ segments: [0, -1], as: 'allowed' });
  assert.deepEqual(padded.tolist(), [
    [1, 0],
    [0, 0],
  ]);
});
