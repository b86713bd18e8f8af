/**
 * Every option of the biases over the axes of a grid refuses what it cannot take, with a typed error that names it.
 */
import { after } from 'node:test';
import { encodings } from '../../web/encodings.js';
import { NO_CHOICE, NO_PAIR, NO_SIZE, NO_TENSOR, testBiasRefusals } from './biases.js';
import { floats } from './refusals.js';

/** Bad options are not of the functions' types. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

testBiasRefusals(pe, {
  decomposedBias: {
    good: { query: floats(2, 6, 4), heightTable: floats(3, 4), widthTable: floats(5, 4), queryGrid: [2, 3] },
    bad: {
      query: [...NO_TENSOR, floats(2, 7, 4)],
      heightTable: [...NO_TENSOR, floats(3, 5)],
      widthTable: [...NO_TENSOR, floats(5, 5)],
      queryGrid: NO_PAIR,
      keyGrid: NO_PAIR,
      prefix: [-1, 1.5, '3', null],
      output: NO_CHOICE,
    },
    needs: ['query', 'heightTable', 'widthTable', 'queryGrid'],
  },
  axisPositions: {
    call: 'decomposedBias',
    good: { output: 'axis', table: floats(3, 4), queries: 2, keys: 2 },
    bad: { table: [...NO_TENSOR, floats(3)], queries: NO_SIZE, keys: NO_SIZE },
    needs: ['table', 'queries', 'keys'],
  },
  botnetBias: {
    good: { query: floats(2, 6, 4), heightTable: floats(3, 4), widthTable: floats(5, 4), grid: [2, 3] },
    bad: {
      query: [...NO_TENSOR, floats(2, 7, 4)],
      heightTable: [...NO_TENSOR, floats(4, 4)],
      widthTable: [...NO_TENSOR, floats(4, 4)],
      grid: NO_PAIR,
    },
    needs: ['query', 'heightTable', 'widthTable', 'grid'],
  },
  levitBias: {
    good: { grid: 3, table: floats(2, 9), stride: 2 },
    bad: {
      grid: NO_PAIR,
      table: [...NO_TENSOR, floats(2, 8)],
      stride: NO_SIZE,
      queryGrid: [...NO_PAIR, 3],
      output: NO_CHOICE,
    },
    needs: ['grid', 'table'],
  },
  gpsa: {
    good: { grid: 2, weight: floats(3, 3), bias: floats(3), scores: floats(1, 3, 4, 4), gate: floats(3) },
    bad: {
      grid: NO_PAIR,
      weight: [...NO_TENSOR, floats(3, 2)],
      bias: [...NO_TENSOR, floats(4)],
      scores: [...NO_TENSOR, floats(1, 3, 4, 5)],
      gate: [...NO_TENSOR, floats(4)],
      output: NO_CHOICE,
    },
    needs: ['grid', 'weight', 'bias', 'gate'],
  },
});
