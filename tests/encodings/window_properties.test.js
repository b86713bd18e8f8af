/**
 * What must hold of biases and masks of windows at any size: equal offsets share an entry, class rows stay, resizing keeps
 * what it can. Reference outputs are in the goldens.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Tensor } from '../../bindings/tensor.js';
import { encodings } from '../../web/encodings.js';
import { assertClose, at, constant, heads, noise, RUNS, side } from './biases.js';

/** The options of random cases are not literals. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

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
