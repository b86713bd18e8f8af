/**
 * Every option of every sinusoid and Fourier feature refuses what it cannot take, with a typed error that names the option.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DisposedError, InputError } from '../../bindings/errors.js';
import { encodings } from '../../web/encodings.js';
import { floats, NO, testRefusals } from './refusals.js';

/** Bad options are not of the functions' types. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

const grid = { height: 2, width: 3 };
const noGrid = { height: NO.size, width: NO.size };

testRefusals(pe, {
  sincos1d: {
    good: { length: 3, dim: 4 },
    bad: {
      ...{ length: NO.size, dim: [...NO.size, 5], base: NO.positive, layout: NO.choice, order: NO.choice },
      ...{ divisor: NO.choice, odd: NO.choice, guard: NO.flag, offset: NO.number, scale: NO.number },
      ...{ padding: NO.number, maxLength: NO.size, preset: NO.choice },
    },
    needs: ['length', 'dim'],
  },
  'sincos1d of positions': {
    call: 'sincos1d',
    good: { positions: [[0.5, -1]], dim: 4 },
    bad: { positions: NO.numbers, length: [2], maxLength: [2] },
    needs: ['positions', 'dim'],
  },
  timestep: {
    good: { timesteps: [1, 2], dim: 6 },
    bad: {
      ...{ timesteps: NO.numbers, dim: [...NO.size, 1], order: NO.choice, shift: [...NO.number, 3] },
      ...{ scale: [...NO.number, 1e300], base: NO.positive, preset: NO.choice },
    },
    needs: ['timesteps', 'dim'],
  },
  sincos2d: {
    good: { ...grid, dim: 8 },
    bad: {
      ...{ ...noGrid, dim: [...NO.size, 6], base: NO.positive, axes: NO.choice, layout: NO.choice },
      ...{ divisor: NO.choice, guard: NO.flag, tokens: NO.choice, prefix: NO.count, preset: NO.choice },
    },
    needs: ['height', 'width', 'dim'],
  },
  sincos3d: {
    good: { ...grid, frames: 2, dim: 16 },
    bad: {
      ...{ ...noGrid, frames: NO.size, dim: [...NO.size, 12], base: NO.positive, split: NO.choice },
      ...{ axes: NO.choice, spatialScale: NO.positive, temporalScale: NO.positive, byFrame: NO.flag },
      ...{ prefix: NO.count, preset: NO.choice },
    },
    needs: ['height', 'width', 'frames', 'dim'],
  },
  sineGrid: {
    good: { ...grid, features: 4 },
    bad: {
      ...{ ...noGrid, features: [...NO.size, 3], base: NO.positive, normalize: NO.flag, scale: NO.positive },
      ...{ epsilon: NO.positive, offset: NO.number, axes: NO.choice, channelsFirst: NO.flag },
      ...{ mask: [...NO.ids, [[2]], [[0.5]], [1, 1], [[1, 1]]], preset: NO.choice },
    },
    needs: ['height', 'width', 'features'],
  },
  fourier: {
    good: { sizes: [2, 3], bands: 2 },
    bad: {
      ...{
        sizes: [null, [0], [1.5], [2, 2, 2, 2], [2 ** 20, 2 ** 20]],
        bands: NO.size,
        maxResolution: [0, '3', [8], [8, 0], [8, 8, 8]],
      },
      ...{
        spacing: NO.choice,
        base: [...NO.positive, 10],
        grid: NO.choice,
        offset: [...NO.number, 1],
        reference: [[2], [0, 2], 3],
      },
      ...{
        normalize: NO.choice,
        layout: NO.choice,
        concatPositions: NO.flag,
        sineOnly: NO.flag,
        preset: NO.choice,
      },
      positions: [...NO.numbers, [new Array(65).fill(1)]],
    },
    needs: ['sizes', 'bands'],
  },
  nerf: {
    good: { x: [[0.5, 1]], octaves: 3 },
    bad: {
      x: [...NO.numbers, new Array(65).fill(1)],
      octaves: [...NO.size, 33],
      includeInput: NO.flag,
      spacing: NO.choice,
    },
    needs: ['x', 'octaves'],
  },
  randomFourier: {
    good: { coordinates: [[0.5, 1]], matrix: floats(2, 3) },
    bad: {
      coordinates: NO.numbers,
      matrix: [...NO.tensor, floats(3, 3)],
      center: NO.flag,
      height: [2],
      channelsFirst: [true],
    },
    needs: ['coordinates', 'matrix'],
  },
});

test('results beyond the core are refused before any memory is taken', () => {
  const side = 2 ** 20;
  const huge = { height: side, width: side };
  for (const run of [
    () => pe.sincos1d({ length: side, dim: side }),
    () => pe.sincos2d({ ...huge, dim: 4 }),
    () => pe.sincos3d({ ...huge, frames: side, dim: 8 }),
    () => pe.sineGrid({ ...huge, features: 2 }),
    () => pe.fourier({ sizes: [side, side], bands: 1 }),
    () => pe.randomFourier({ ...huge, matrix: floats(2, 1) }),
  ]) {
    assert.throws(run, InputError);
  }
});

test('a failed call leaves the encodings usable, disposed ones refuse every call', async () => {
  const other = /** @type {any} */ (await encodings());
  assert.throws(() => other.sincos1d({ length: 3, dim: 5 }), InputError);
  assert.deepEqual(other.sincos1d({ length: 1, dim: 4 }).tolist(), [[0, 1, 0, 1]]);
  other.dispose();
  other.dispose();
  for (const [name, run] of Object.entries(other)) {
    if (name !== 'dispose') assert.throws(() => run({}), DisposedError);
  }
  assert.deepEqual(pe.sincos1d({ length: 1, dim: 4 }).tolist(), [[0, 1, 0, 1]]);
});

test('encodings refuses options that it does not know', async () => {
  await assert.rejects(encodings(/** @type {any} */ ({ sind: 'base' })), InputError);
  await assert.rejects(encodings(/** @type {any} */ ({ simd: 'fast' })), InputError);
});
