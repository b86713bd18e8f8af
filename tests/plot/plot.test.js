// What drawings are made of: PNG files read by another library, round numbers on axes, colours whose lightness is the
// order of the values. That pictures show the right values is tested with the command line and the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode } from 'fast-png';
import { rampFor, rampOf } from '../../web/plot/colors.js';
import { drawHeatMap } from '../../web/plot/heat-map.js';
import { linePlot, serialize } from '../../web/plot/line-plot.js';
import { encodePng } from '../../web/plot/png.js';
import { barLabels, cellTicks, rangeOf, rounded, shorten, ticksOf } from '../../web/plot/scale.js';

const numbers = fc.double({ min: -1e9, max: 1e9, noNaN: true, noDefaultInfinity: true });

test('a .png holds the pixels that were given, as another reader sees them', async () => {
  const pictures = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
    .chain(([width, height]) => {
      const size = 3 * width * height;
      return fc.uint8Array({ minLength: size, maxLength: size }).map((pixels) => ({ width, height, pixels }));
    });
  await fc.assert(
    fc.asyncProperty(pictures, async (picture) => {
      const { width, height, channels, depth, data } = decode(await encodePng(picture));
      assert.deepEqual(
        { width, height, channels, depth },
        { width: picture.width, height: picture.height, channels: 3, depth: 8 },
      );
      assert.deepEqual(Buffer.from(data), Buffer.from(picture.pixels));
    }),
    { numRuns: 50 },
  );
});

test('ticks are round, in their range, ascending, and not too many', () => {
  const ranges = fc
    .tuple(numbers, numbers)
    .filter(([a, b]) => Math.abs(b - a) > 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-9));
  fc.assert(
    fc.property(ranges, fc.integer({ min: 2, max: 20 }), ([a, b], most) => {
      const [min, max] = [Math.min(a, b), Math.max(a, b)];
      const ticks = ticksOf({ min, max }, most);
      const slack = 1e-6 * (max - min);
      assert.ok(ticks.length <= most);
      ticks.forEach((tick, i) => {
        assert.ok(tick >= min - slack && tick <= max + slack, `${tick} in ${min} to ${max}`);
        if (i) assert.ok(tick > ticks[i - 1]);
      });
      const wider = rounded({ min, max }, most);
      assert.ok(wider.min <= min + slack && wider.max >= max - slack, 'the ends stay inside');
      assert.ok(wider.max - wider.min <= 1.11 * (max - min) + slack);
    }),
  );
  assert.deepEqual(ticksOf({ min: -1, max: 1 }, 7), [-1, -0.5, 0, 0.5, 1]);
  assert.deepEqual(rounded({ min: -0.998, max: 0.31 }, 7), { min: -1, max: 0.31 });
  assert.deepEqual(cellTicks(1, 9), [0]);
  assert.deepEqual(cellTicks(49, 5), [0, 10, 20, 30, 40]);
  assert.deepEqual(
    barLabels({ min: -1, max: 1 }, 101, 10).map(({ y, text }) => `${text} at ${y}`),
    ['1 at 0', '-0.5 at 75', '0 at 50', '0.5 at 25', '-1 at 100'],
  );
});

test('a range has a width, whatever the values are', () => {
  assert.deepEqual(rangeOf([3, Number.NaN, -1, Infinity]), { min: -1, max: 3 });
  assert.deepEqual(rangeOf([3, -1], { aroundZero: true }), { min: -3, max: 3 });
  for (const values of [[], [0], [5, 5], [-2], [Number.NaN]]) {
    for (const aroundZero of [false, true]) {
      const { min, max } = rangeOf(values, { aroundZero });
      assert.ok(max > min && values.every((value) => Number.isNaN(value) || (value >= min && value <= max)));
    }
  }
});

test('numbers in short keep four digits', () => {
  const cases = { 0.1: '0.1', 123456.7: '123457', 0.00012345: '0.0001234', 1e-7: '1e-7', 2500000: '2.5e6' };
  for (const [value, text] of Object.entries(cases)) assert.equal(shorten(Number(value)), text);
  assert.deepEqual([-0.99999, 0, -100, Number.NaN].map(shorten), ['-1', '0', '-100', 'NaN']);
});

/** CIE's lightness of a colour of sRGB, 0 to 100. @param {readonly number[]} color */
function lightness(color) {
  const [r, g, b] = color
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

test('ramps can be read without colour: lightness rises, or falls alike to both sides of zero', () => {
  const steps = Array.from({ length: 101 }, (_, i) => i / 100);
  const viridis = steps.map(rampOf('viridis')).map(lightness);
  for (let i = 0; i < 100; i++) assert.ok(viridis[i + 1] >= viridis[i] - 0.3, `at ${i}: ${viridis[i + 1]}`);
  assert.ok(viridis[100] - viridis[0] > 70);
  const diverging = steps.map(rampOf('diverging')).map(lightness);
  for (let i = 0; i < 50; i++) {
    assert.ok(diverging[i] <= diverging[i + 1], `below zero at ${i}`);
    assert.ok(
      Math.abs(diverging[i] - diverging[100 - i]) < 6,
      `${i}: ${diverging[i]} and ${diverging[100 - i]}`,
    );
  }
  assert.deepEqual(rampOf('viridis')(Number.NaN), rampOf('diverging')(Number.NaN));
});

test('a table that cannot be drawn is refused by its shape', () => {
  const table = (/** @type {number[]} */ ...shape) => ({
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const refused = (/** @type {number[]} */ ...shape) =>
    assert.throws(() => drawHeatMap(table(...shape)), {
      name: 'InputError',
      message: new RegExp(`\\[${shape.join(', ')}\\]`),
    });
  refused(0, 4);
  refused(5000, 4);
  refused(65, 2, 2);
  for (const shape of [[], [1], [7], [3, 1], [1, 3], [2, 3, 4], [2, 2, 2, 2]]) {
    const { width, height } = drawHeatMap(table(...shape), {
      title: 'a title that is longer than the picture would be',
    });
    assert.ok(width < 2000 && height < 2000, `${shape}: ${width} x ${height}`);
  }
});

test('a line is broken where it has no value, and texts are escaped', () => {
  const series = [{ name: 'a<b', values: [0, 1, Number.NaN, 1, 0] }];
  const text = serialize(linePlot({ series, x: [0, 1, 2, 3, 4], xName: '"x" & y', title: 'lines' }));
  const [, d] = / d="([^"]*)"/.exec(text) ?? [];
  assert.equal(d?.match(/M/g)?.length, 2);
  assert.equal(d?.match(/L/g)?.length, 2);
  assert.match(text, /<title>a&lt;b<\/title>/);
  assert.match(text, />&quot;x&quot; &amp; y</);
});

test('a table with values on both sides of zero has colours that diverge from it, and no other', () => {
  for (const [values, ramp] of /** @type {[(number | bigint)[], string][]} */ ([
    [[-1, 0, 2], 'diverging'],
    [[0, 1, 2], 'viridis'],
    [[-3, -1, 0], 'viridis'],
    [[-Infinity, 0, 1], 'viridis'],
    [[NaN, 1n, -1n], 'diverging'],
    [[], 'viridis'],
  ]))
    assert.equal(rampFor(values), ramp, String(values));
});
