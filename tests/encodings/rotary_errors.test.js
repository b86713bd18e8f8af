/**
 * Every option of every rotary encoding refuses what it cannot take, with a typed error that names the option.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { InputError } from '../../bindings/errors.js';
import { encodings } from '../../web/encodings.js';
import { floats, NO, testRefusals } from './refusals.js';

/** Bad options are not of the functions' types. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

const grid = { height: 2, width: 3 };
const noGrid = { height: NO.size, width: NO.size };

/** Scalings that are incomplete, unknown or out of range. */
const SCALINGS = [
  ...[null, 3, {}, { type: 'longer' }, { type: 'linear' }, { type: 'linear', factor: 0 }],
  ...[
    { type: 'linear', factor: 2, fast: 3 },
    { type: 'dynamic', factor: 2 },
    { type: 'yarn', factor: 2 },
  ],
  ...[
    { type: 'yarn', originalLength: 8 },
    { type: 'yarn', factor: 2, originalLength: 8, truncate: 1 },
  ],
  { type: 'llama3', factor: 8, originalLength: 8, lowFactor: 4, highFactor: 4 },
  { type: 'longrope', factor: 4, originalLength: 8, shortFactors: [1], longFactors: [1, 1] },
  { type: 'longrope', factor: 4, originalLength: 8, shortFactors: [1, 0], longFactors: [1, 1] },
  ...[
    { type: 'proportional', fraction: 2 },
    { type: 'proportional', fraction: 0 },
  ],
];

testRefusals(pe, {
  rope: {
    results: ['cos', 'sin'],
    good: { length: 3, dim: 4 },
    bad: {
      ...{
        length: NO.size,
        dim: [...NO.size, 3],
        base: NO.positive,
        offset: NO.number,
        layout: NO.choice,
        repeat: NO.flag,
      },
      ...{ positions: [[1]], frequencies: [...NO.numbers, [1]] },
    },
    needs: ['length', 'dim'],
  },
  'rope of positions': {
    call: 'rope',
    results: ['cos', 'sin'],
    good: { positions: [[0.5, 2]], dim: 4 },
    bad: { positions: NO.numbers, length: [2], offset: [1] },
    needs: ['positions', 'dim'],
  },
  rope2d: {
    results: ['cos', 'sin'],
    good: { ...grid, dim: 8 },
    bad: {
      ...{
        ...noGrid,
        dim: [...NO.size, 6, 7],
        axes: NO.choice,
        grid: NO.choice,
        offset: NO.number,
        normalize: NO.choice,
      },
      ...{
        reference: [[2], [0, 2], 3],
        bands: NO.choice,
        base: NO.positive,
        maxResolution: NO.positive,
        stagger: NO.flag,
      },
      ...{
        periodRange: [[1], [0, 1], null],
        periods: [[1], [1, 0], null],
        layout: NO.choice,
        repeat: NO.flag,
      },
      ...{
        frequencies: [...NO.numbers, [1, 2], floats(2, 3), floats(3, 4)],
        merge: [...NO.size, 2],
        frames: NO.size,
      },
      ...{ last: NO.count, preset: NO.choice },
    },
    needs: ['height', 'width', 'dim'],
  },
  ropeSections: {
    results: ['cos', 'sin'],
    good: {
      positions: [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
      dim: 8,
      sections: [1, 1, 2],
    },
    bad: {
      ...{
        positions: [...NO.numbers, [1, 2], [[1, 2]]],
        dim: [...NO.size, 7],
        sections: [null, [1, 1, 1], [-1, 3, 2], 4],
      },
      ...{ mode: NO.choice, base: NO.positive, layout: NO.choice, repeat: NO.flag, height: [2] },
    },
    needs: ['positions', 'dim', 'sections'],
  },
  applyRope: {
    good: { x: floats(1, 2, 3, 4), cos: floats(3, 4), sin: floats(3, 4) },
    bad: {
      ...{
        x: [...NO.tensor, floats(1, 2, 5, 4)],
        cos: [...NO.tensor, floats(3, 6), floats(3, 3), floats(2, 4)],
        sin: [...NO.tensor, floats(3, 2)],
      },
      ...{
        layout: NO.choice,
        repeat: [...NO.flag, false],
        order: NO.choice,
        prefix: [...NO.count, 3],
        tables: NO.choice,
      },
    },
    needs: ['x', 'cos', 'sin'],
  },
});

test('rope refuses scalings that are incomplete, unknown or out of range', () => {
  for (const scaling of SCALINGS) {
    for (const call of [
      () => pe.rope({ length: 3, dim: 4, scaling }),
      () => pe.ropeFrequencies({ dim: 4, scaling }),
    ]) {
      assert.throws(call, InputError, JSON.stringify(scaling));
    }
  }
  const dynamic = { type: 'dynamic', factor: 2, originalLength: 8 };
  assert.throws(() => pe.ropeFrequencies({ dim: 2, scaling: dynamic }), /dynamic scaling divides by 0/);
  assert.throws(() => pe.ropeFrequencies({ dim: 3 }), /"dim" must be even, not 3/);
});

test('results beyond the core are refused before any memory is taken', () => {
  const huge = { height: 2 ** 20, width: 2 ** 20 };
  assert.throws(() => pe.rope2d({ ...huge, dim: 4 }), InputError);
  assert.throws(() => pe.ropeSections({ ...huge, dim: 4, sections: [1, 1, 0] }), InputError);
});
