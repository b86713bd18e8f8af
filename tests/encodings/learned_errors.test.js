/**
 * Every option of every learned table and convolutional position refuses what it cannot take, with a typed error that names the option.
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
const pooled = { x: floats(2, 4, 2, 2), table: floats(5, 4) };
const weights = Object.fromEntries(
  ['query', 'key', 'value', 'output'].flatMap((name) => [
    [`${name}Weight`, floats(4, 4)],
    [`${name}Bias`, floats(4)],
  ]),
);
const noWeights = Object.fromEntries(
  ['query', 'key', 'value', 'output'].flatMap((name) => [
    [`${name}Weight`, [...NO.tensor, floats(4, 5)]],
    [`${name}Bias`, [...NO.tensor, floats(5)]],
  ]),
);

testRefusals(pe, {
  resizeTable: {
    good: { table: floats(5, 3), to: [3, 2], prefix: 1 },
    bad: {
      ...{
        table: [...NO.tensor, floats(5)],
        from: [...NO.pair, 3, [2, 3]],
        to: NO.pair,
        prefix: [...NO.count, 5],
      },
      ...{ mode: NO.choice, antialias: NO.flag, alignCorners: NO.flag, scaleOffset: [...NO.number, -1] },
      ...{ sizes: [[[1, 1]]], maxLength: [4], fill: ['first'], preset: NO.choice },
    },
    needs: ['table', 'to'],
  },
  'resizeTable of a batch': {
    call: 'resizeTable',
    good: {
      table: floats(4, 3),
      sizes: [
        [3, 2],
        [1, 1],
      ],
      maxLength: 7,
    },
    bad: {
      to: [3],
      sizes: [null, 3, [], [[2]], [[2, 0]]],
      maxLength: [...NO.size, 5],
      fill: NO.choice,
      mode: [...NO.choice, 'linear'],
    },
    needs: ['table'],
  },
  learnedTable: {
    good: { table: floats(4, 3), x: floats(2, 3, 3) },
    bad: {
      table: [...NO.tensor, floats(4)],
      x: [...NO.tensor, floats(5, 3), floats(3, 4)],
      offset: [...NO.count, 2],
      length: [3],
    },
    needs: ['table'],
  },
  positionIds: {
    good: { inputIds: [[5, 1]], padding: 1 },
    bad: { inputIds: [...NO.ids, [[[1]]]], padding: NO.count, length: [2], offset: [0], preset: NO.choice },
    needs: ['inputIds', 'padding'],
  },
  rowColumn: {
    good: { row: floats(2, 3), column: floats(3, 3) },
    bad: {
      ...{
        row: [...NO.tensor, floats(2)],
        column: [...NO.tensor, floats(3, 4)],
        height: [...NO.size, 3],
        width: [...NO.size, 4],
      },
      ...{
        rowIds: [[0]],
        columnIds: [[0]],
        x: [...NO.tensor, floats(5, 3)],
        combine: NO.choice,
        order: NO.choice,
      },
      ...{ resize: NO.choice, keepAspect: NO.flag, channelsFirst: NO.flag, preset: NO.choice },
    },
    needs: ['row', 'column'],
  },
  'rowColumn of ids': {
    call: 'rowColumn',
    good: { row: floats(2, 3), column: floats(3, 3), rowIds: [0, 1], columnIds: [2, 2] },
    bad: {
      rowIds: [null, [2], [-1], [0.5]],
      columnIds: [null, [3, 0], [0]],
      height: [2],
      channelsFirst: [true],
    },
    needs: ['rowIds', 'columnIds'],
  },
  attentionPoolTable: {
    results: ['tokens', 'output'],
    good: { ...pooled, ...weights, heads: 2 },
    bad: {
      ...{
        x: [...NO.tensor, floats(2, 4, 2, 3)],
        table: [...NO.tensor, floats(5, 3)],
        from: [3, [2, 3], null],
        resize: NO.flag,
      },
      ...{
        mode: NO.choice,
        antialias: NO.flag,
        alignCorners: NO.flag,
        scaleOffset: NO.number,
        heads: [...NO.size, 3],
      },
      ...{ ...noWeights, preset: NO.choice },
    },
    needs: ['x', 'table', 'heads', 'queryWeight', 'outputWeight'],
  },
  convolutionalPosition: {
    results: ['output', 'weight'],
    good: { x: floats(2, 5, 4), direction: floats(4, 2, 3), length: floats(1, 1, 3), bias: floats(4) },
    bad: {
      ...{
        x: [...NO.tensor, floats(2, 5, 3)],
        direction: [...NO.tensor, floats(4, 3, 3)],
        length: [...NO.tensor, floats(1, 1, 4)],
      },
      ...{ bias: [...NO.tensor, floats(3)], residual: NO.flag },
    },
    needs: ['x', 'direction', 'length'],
  },
  conditionalPosition: {
    good: { ...grid, x: floats(1, 7, 4), weight: floats(4, 1, 3, 3), bias: floats(4), prefix: 1 },
    bad: {
      ...{
        x: [...NO.tensor, floats(1, 6, 4)],
        weight: [...NO.tensor, floats(4, 1, 2, 2), floats(4, 1, 11, 11), floats(3, 1, 3, 3)],
      },
      ...{ bias: [...NO.tensor, floats(3)], stride: NO.size, residual: NO.flag, prefix: NO.count },
    },
    needs: ['x', 'height', 'width', 'weight'],
  },
});

test('results beyond the core are refused before any memory is taken', () => {
  const tables = { row: floats(2, 3), column: floats(2, 3) };
  const huge = { height: 2 ** 20, width: 2 ** 20 };
  assert.throws(() => pe.rowColumn({ ...tables, ...huge, resize: 'linear' }), InputError);
  assert.throws(() => pe.resizeTable({ table: floats(4, 3), to: [32768, 32768] }), InputError);
});
