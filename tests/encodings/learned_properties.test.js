/**
 * What must hold of learned tables and convolutional positions at any size: constants stay constant, equal sizes change
 * nothing, padding does not count. Reference outputs are in the goldens.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Tensor } from '../../bindings/tensor.js';
import { encodings } from '../../web/encodings.js';

/** The options of random cases are not literals. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

const size = fc.integer({ min: 1, max: 9 });
const RUNS = { numRuns: 60 };

/** @param {number[]} shape @param {(i: number) => number} entry */
const tensor = (shape, entry) =>
  new Tensor(
    'float32',
    Float32Array.from({ length: shape.reduce((n, extent) => n * extent, 1) }, (_, i) => entry(i)),
    shape,
  );

/** Numbers that look random and are the same in every run. @param {...number} shape */
const noise = (...shape) => tensor(shape, (i) => Math.sin(i * 12.9898 + 1) * 0.9);

const method = fc.record({
  mode: fc.constantFrom('bicubic', 'bilinear'),
  antialias: fc.boolean(),
  alignCorners: fc.boolean(),
});

test('a constant table stays constant, whatever the sizes and the method', () => {
  fc.assert(
    fc.property(size, size, size, size, method, (h, w, H, W, how) => {
      const table = tensor([h * w + 1, 3], (i) => 1 + (i % 3));
      const resized = pe.resizeTable({ table, from: [h, w], to: [H, W], prefix: 1, ...how });
      assert.deepEqual(resized.shape, [H * W + 1, 3]);
      for (const [i, value] of resized.data.entries()) assert.ok(Math.abs(value - (1 + (i % 3))) < 1e-6);
    }),
    RUNS,
  );
});

test('resizing to the same size gives the table itself, and a size forth and back by whole factors its corners', () => {
  fc.assert(
    fc.property(
      size,
      size,
      method,
      fc.constantFrom('timm', 'hf', 'dinov2', 'torchvision'),
      (h, w, how, preset) => {
        const table = noise(h * w + 2, 4);
        const to = { table, from: [h, w], to: [h, w], prefix: 2 };
        assert.deepEqual(pe.resizeTable({ ...to, ...how }).data, table.data);
        assert.deepEqual(pe.resizeTable({ ...to, preset }).data, table.data);
      },
    ),
    RUNS,
  );
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 5 }), (n, factor) => {
      const table = noise(n, 3);
      const wide = pe.resizeTable({ table, to: (n - 1) * factor + 1, mode: 'linear', alignCorners: true });
      for (let i = 0; i < n; i++) {
        const want = table.slice(i).data;
        for (const [c, value] of wide.slice(i * factor).data.entries())
          assert.ok(Math.abs(value - Number(want[c])) < 1e-6);
      }
    }),
    RUNS,
  );
});

test('resizing is linear and treats the axes alike', () => {
  fc.assert(
    fc.property(size, size, size, size, method, (h, w, H, W, how) => {
      const turn = (/** @type {Tensor} */ x, /** @type {number} */ rows, /** @type {number} */ columns) =>
        tensor([columns, rows, 2], (i) => {
          const [cell, channel] = [Math.floor(i / 2), i % 2];
          return Number(x.data[((cell % rows) * columns + Math.floor(cell / rows)) * 2 + channel]);
        });
      const table = noise(h, w, 2);
      const grid = (/** @type {Tensor} */ x, /** @type {number[]} */ to) =>
        pe.resizeTable({ table: new Tensor('float32', x.data, [1, ...x.shape]), to, ...how });
      const direct = grid(table, [H, W]);
      const turned = turn(grid(turn(table, h, w), [W, H]), W, H);
      for (const [i, value] of direct.data.entries())
        assert.ok(Math.abs(value - Number(turned.data[i])) < 1e-5);
      const doubled = grid(
        tensor([h, w, 2], (i) => 2 * Number(table.data[i])),
        [H, W],
      );
      for (const [i, value] of direct.data.entries()) assert.ok(Math.abs(2 * value - doubled.data[i]) < 1e-5);
    }),
    RUNS,
  );
});

test('a batch of sizes holds each resized table, then repeats its first row or zeros', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 4 }), size, (sizes, more) => {
      const table = noise(3, 4, 2);
      const maxLength = Math.max(...sizes.map(([h, w]) => h * w)) + more;
      const batch = pe.resizeTable({ table, sizes, maxLength, preset: 'siglip2' });
      const zeros = pe.resizeTable({ table, sizes, maxLength, fill: 'zero', preset: 'siglip2' });
      for (const [i, [h, w]] of sizes.entries()) {
        const one = pe.resizeTable({ table, to: [h, w], preset: 'siglip2' });
        assert.deepEqual(batch.slice(i, [0, h * w]).data, one.data);
        assert.deepEqual(zeros.slice(i, [0, h * w]).data, one.data);
        assert.deepEqual(batch.slice(i, -1).tolist(), one.slice(0, 0).tolist());
        assert.deepEqual(zeros.slice(i, -1).tolist(), [0, 0]);
      }
    }),
    RUNS,
  );
});

test('position ids count the tokens that are not padding', () => {
  const ids = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(ids, fc.integer({ min: 0, max: 3 }), (row, padding) => {
      const positions = pe.positionIds({ inputIds: [row], padding }).tolist()[0];
      let count = 0;
      for (const [i, id] of row.entries()) {
        if (id !== padding) count++;
        assert.equal(positions[i], id === padding ? padding : padding + count);
      }
      const bigints = new Tensor('int64', BigInt64Array.from(row, BigInt), [row.length]);
      assert.deepEqual(pe.positionIds({ inputIds: bigints, padding }).tolist(), positions);
    }),
    RUNS,
  );
});

test('row and column tables add up to the grid, and ids pick the same rows', () => {
  fc.assert(
    fc.property(size, size, size, (height, width, dim) => {
      const [row, column] = [noise(height + 1, dim), noise(width + 2, dim)];
      const table = pe.rowColumn({ row, column, height, width });
      const rowIds = Array.from({ length: height * width }, (_, i) => Math.floor(i / width));
      const columnIds = rowIds.map((_, i) => i % width);
      for (let i = 0; i < height * width; i++) {
        for (let c = 0; c < dim; c++) {
          const sum = Number(row.data[rowIds[i] * dim + c]) + Number(column.data[columnIds[i] * dim + c]);
          assert.equal(table.data[i * dim + c], Math.fround(sum));
        }
      }
      assert.deepEqual(pe.rowColumn({ row, column, rowIds, columnIds }).data, table.data);
      const x = noise(2, height * width, dim);
      assert.deepEqual(
        pe.rowColumn({ row, column, height, width, x }).data,
        pe.learnedTable({ table, x }).data,
      );
      const side = pe.rowColumn({ row, column, height, width, combine: 'concat' });
      const first = pe.rowColumn({ row, column, height, width, combine: 'concat', channelsFirst: true });
      for (let c = 0; c < 2 * dim; c++) assert.deepEqual(first.slice(c).data, side.slice(null, c).data);
    }),
    RUNS,
  );
});

test('a sequence has the same convolutional position alone and in a batch, and the residual adds the input', () => {
  const groups = fc.constantFrom(1, 2, 3);
  fc.assert(
    fc.property(size, groups, size, size, (tokens, count, inputs, taps) => {
      const channels = count * inputs;
      const [weight, bias] = [noise(channels, inputs, taps), noise(channels)];
      const x = noise(3, tokens, channels);
      const { output } = pe.convolutionalPosition({ x, weight, bias });
      const alone = pe.convolutionalPosition({ x: x.slice(1), weight, bias, residual: true }).output;
      for (const [i, value] of alone.data.entries()) {
        const at = tokens * channels + i;
        assert.equal(value, Math.fround(output.data[at] + Number(x.data[at])));
      }
    }),
    RUNS,
  );
});

test('a filter that is one in the middle leaves the grid, in every stride a part of it', () => {
  const kernel = fc.constantFrom(1, 3, 5);
  fc.assert(
    fc.property(
      size,
      size,
      kernel,
      fc.integer({ min: 1, max: 3 }),
      size,
      (height, width, k, stride, channels) => {
        const weight = tensor([channels, 1, k, k], (i) => (i % (k * k) === (k * k - 1) / 2 ? 1 : 0));
        const x = noise(1, 1 + height * width, channels);
        const out = pe
          .conditionalPosition({ x, height, width, weight, stride, residual: false, prefix: 1 })
          .tolist()[0];
        const rows = /** @type {number[][]} */ (x.slice(0).tolist());
        const across = Math.ceil(width / stride);
        assert.deepEqual(out[0], rows[0]);
        for (const [i, row] of out.slice(1).entries()) {
          assert.deepEqual(row, rows[1 + Math.floor(i / across) * stride * width + (i % across) * stride]);
        }
      },
    ),
    RUNS,
  );
});
