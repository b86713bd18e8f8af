/**
 * What must hold of sinusoids at any size: the shift property, exactness at any length, and how layouts, grids and splits
 * relate. Reference outputs are in the goldens.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Tensor } from '../../bindings/tensor.js';
import { encodings } from '../../web/encodings.js';

/** The options of random cases are not literals. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

const size = fc.integer({ min: 1, max: 12 });
const RUNS = { numRuns: 60 };

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} tolerance */
function assertClose(a, b, tolerance) {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++) {
    assert.ok(Math.abs(a[i] - b[i]) <= tolerance, `element ${i}: ${a[i]} and ${b[i]}`);
  }
}

test('a rotation by k of each pair maps the row of position p to that of p + k', () => {
  const position = fc.integer({ min: -3000, max: 3000 });
  fc.assert(
    fc.property(size, position, fc.integer({ min: -500, max: 500 }), (pairs, p, k) => {
      const dim = 2 * pairs;
      const [from, to] = pe.sincos1d({ positions: [p, p + k], dim }).tolist();
      const moved = from.slice();
      for (let i = 0; i < pairs; i++) {
        const angle = k * 10000 ** (-i / pairs);
        moved[2 * i] = from[2 * i] * Math.cos(angle) + from[2 * i + 1] * Math.sin(angle);
        moved[2 * i + 1] = from[2 * i + 1] * Math.cos(angle) - from[2 * i] * Math.sin(angle);
      }
      assertClose(moved, to, 3e-7);
    }),
    RUNS,
  );
});

test('rows of consecutive positions are those of the same positions alone, whatever the layout, order and odd width', () => {
  const layout = fc.constantFrom('interleaved', 'halves');
  const order = fc.constantFrom('sin-cos', 'cos-sin');
  const odd = fc.constantFrom('split', 'zero');
  const offset = fc.integer({ min: -1000, max: 1000 });
  const length = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(
      length,
      fc.integer({ min: 2, max: 23 }),
      offset,
      layout,
      order,
      odd,
      (n, dim, start, ...rest) => {
        const options = { dim, offset: start, layout: rest[0], order: rest[1], odd: rest[2] };
        const positions = Array.from({ length: n }, (_, i) => i);
        assertClose(
          pe.sincos1d({ length: n, ...options }).data,
          pe.sincos1d({ positions, ...options }).data,
          6.1e-8,
        );
      },
    ),
    RUNS,
  );
});

test('the layouts and orders hold the same numbers in other columns', () => {
  fc.assert(
    fc.property(size, size, (n, pairs) => {
      const table = (/** @type {object} */ options) =>
        pe.sincos1d({ length: n, dim: 2 * pairs, ...options }).tolist();
      const interleaved = table({});
      const halves = table({ layout: 'halves' });
      const swapped = table({ layout: 'halves', order: 'cos-sin' });
      for (let p = 0; p < n; p++) {
        for (let i = 0; i < pairs; i++) {
          assert.equal(halves[p][i], interleaved[p][2 * i]);
          assert.equal(halves[p][pairs + i], interleaved[p][2 * i + 1]);
          assertClose([swapped[p][i], swapped[p][pairs + i]], [halves[p][pairs + i], halves[p][i]], 6e-8);
        }
      }
    }),
    RUNS,
  );
});

test('tables are exact to the rounding of float32 up to 65536 positions and 4096 columns', () => {
  for (const [length, dim] of [
    [65536, 16],
    [300, 4096],
    [9000, 1026],
  ]) {
    const { data } = pe.sincos1d({ length, dim });
    for (let p = 0; p < length; p += 97) {
      for (let i = 0; i < dim / 2; i += 1 + Math.floor(dim / 64)) {
        const angle = p * 10000 ** ((-2 * i) / dim);
        const [sine, cosine] = data.subarray(p * dim + 2 * i);
        // Half a unit in the last place of float32, and what the angle itself loses in double.
        const slack = 2 ** -52 * angle + 1e-12;
        assert.ok(Math.abs(sine - Math.sin(angle)) <= Math.abs(sine) * 2 ** -24 + slack, `${p}, ${i}`);
        assert.ok(Math.abs(cosine - Math.cos(angle)) <= Math.abs(cosine) * 2 ** -24 + slack, `${p}, ${i}`);
      }
    }
  }
});

test('a longer table begins with the shorter one, bit for bit', () => {
  const [long, short] = [3000, 1001].map(
    (length) => pe.sincos1d({ length, dim: 200, layout: 'halves' }).data,
  );
  assert.deepEqual(long.subarray(0, short.length), short);
});

test('a table of two axes joins the tables of one, for every order of axes, layout and tokens', () => {
  const axes = fc.constantFrom('xy', 'yx');
  const layout = fc.constantFrom('per-axis', 'halves', 'interleaved');
  const divisor = fc.constantFrom('n', 'n-1');
  const tokens = fc.constantFrom('row-major', 'column-major');
  const prefix = fc.integer({ min: 0, max: 2 });
  fc.assert(
    fc.property(size, size, size, axes, layout, divisor, tokens, prefix, (height, width, q, ...rest) => {
      const options = { axes: rest[0], layout: rest[1], divisor: rest[2], tokens: rest[3], prefix: rest[4] };
      const table = pe.sincos2d({ height, width, dim: 4 * q, ...options }).tolist();
      const line = pe
        .sincos1d({ length: Math.max(height, width), dim: 2 * q, layout: 'halves', divisor: rest[2] })
        .tolist();
      assert.ok(
        table.slice(0, rest[4]).every((/** @type {number[]} */ row) => row.every((value) => value === 0)),
      );
      for (let cell = 0; cell < height * width; cell++) {
        const y = rest[3] === 'row-major' ? Math.floor(cell / width) : cell % height;
        const x = rest[3] === 'row-major' ? cell % width : Math.floor(cell / height);
        const [a, b] = (rest[0] === 'xy' ? [x, y] : [y, x]).map((at) => line[at]);
        const rows = {
          'per-axis': [...a, ...b],
          halves: [...a.slice(0, q), ...b.slice(0, q), ...a.slice(q), ...b.slice(q)],
          interleaved: [a, b].flatMap((row) =>
            Array.from({ length: 2 * q }, (_, i) => row[(i >> 1) + (i & 1) * q]),
          ),
        };
        assert.deepEqual(table[rest[4] + cell], rows[/** @type {keyof typeof rows} */ (rest[1])]);
      }
    }),
    RUNS,
  );
});

test("MoCo v3's table is transformers' of the grid turned on its side; timm's reversed coordinates are its own", () => {
  fc.assert(
    fc.property(size, size, size, (height, width, q) => {
      const dim = 4 * q;
      const moco = pe.sincos2d({ height, width, dim, preset: 'moco-v3' });
      const turned = pe.sincos2d({ height: width, width: height, dim, preset: 'hf' });
      assert.deepEqual(moco.data, turned.data);
    }),
    RUNS,
  );
});

test("a film's table holds the first frame's columns of space in every frame", () => {
  fc.assert(
    fc.property(size, size, size, (frames, height, width) => {
      const rows = pe.sincos3d({ frames, height, width, dim: 16, preset: 'jepa' }).tolist();
      const cells = height * width;
      for (let i = 0; i < rows.length; i++) {
        assert.deepEqual(rows[i].slice(8), rows[i % cells].slice(8));
        assert.deepEqual(rows[i].slice(0, 8), rows[i - (i % cells)].slice(0, 8));
      }
    }),
    RUNS,
  );
});

test('a mask of ones is no mask, and padding on the right and below changes nothing before it without normalising', () => {
  fc.assert(
    fc.property(size, size, size, size, (height, width, more, extra) => {
      const ones = Array.from({ length: height }, () => new Array(width).fill(1));
      const options = { features: 6, normalize: false, channelsFirst: false };
      const plain = pe.sineGrid({ height, width, ...options });
      assert.deepEqual(pe.sineGrid({ mask: ones, ...options }).data, plain.data);
      const padded = Array.from({ length: height + more }, (_, y) =>
        Array.from({ length: width + extra }, (__, x) => (y < height && x < width ? 1 : 0)),
      );
      assert.deepEqual(
        pe.sineGrid({ mask: padded, ...options }).slice([0, height], [0, width]).data,
        plain.data,
      );
    }),
    RUNS,
  );
});

test('Fourier features and NeRF are the sines and cosines of their own coordinates', () => {
  const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(coordinate, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 8 }),
      (x, octaves) => {
        const nerf = pe.nerf({ x: [x], octaves }).tolist()[0];
        const D = x.length;
        for (const [d, value] of x.entries()) {
          assert.equal(nerf[d], Math.fround(value));
          for (let k = 0; k < octaves; k++) {
            const pair = [nerf[D * (1 + 2 * k) + d], nerf[D * (2 + 2 * k) + d]];
            assertClose(pair, [Math.sin(2 ** k * value), Math.cos(2 ** k * value)], 6e-8);
          }
        }
        const features = pe
          .fourier({ positions: [x], bands: 3, maxResolution: 8, layout: 'per-axis' })
          .tolist()[0];
        for (const [d, value] of x.entries()) {
          const want = [1, 2.5, 4].map((f) => Math.PI * f * value);
          assertClose(features[d], [value, ...want.map(Math.sin), ...want.map(Math.cos)], 6e-8);
        }
      },
    ),
    RUNS,
  );
});

test('random Fourier features of a grid are those of the middles of its cells', () => {
  fc.assert(
    fc.property(size, size, (height, width) => {
      const matrix = new Tensor('float32', Float32Array.of(0.3, -1.2, 2, 0.7, 0.1, -0.4), [2, 3]);
      const coordinates = Array.from({ length: height * width }, (_, i) => [
        ((i % width) + 0.5) / width,
        (Math.floor(i / width) + 0.5) / height,
      ]);
      const grid = pe.randomFourier({ height, width, matrix });
      assert.deepEqual(grid.data, pe.randomFourier({ coordinates, matrix }).data);
      const first = pe.randomFourier({ height, width, matrix, channelsFirst: true });
      for (let c = 0; c < 6; c++) assert.deepEqual(first.slice(c).data, grid.slice(null, null, c).data);
    }),
    RUNS,
  );
});
