/**
 * Every option of the biases and masks of windows refuses what it cannot take, with a typed error that names it.
 */
import { after } from 'node:test';
import { encodings } from '../../web/encodings.js';
import {
  NO_CHOICE,
  NO_FLAG,
  NO_NUMBER,
  NO_PAIR,
  NO_SIZE,
  NO_TENSOR,
  NO_WEIGHTS,
  testBiasRefusals,
  weights,
} from './biases.js';
import { floats } from './refusals.js';

/** Bad options are not of the functions' types. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

testBiasRefusals(pe, {
  windowIndex: { good: { window: 2 }, bad: { window: NO_PAIR, sign: NO_CHOICE }, needs: ['window'] },
  windowBias: {
    good: { window: 2, table: floats(9, 3) },
    bad: {
      window: NO_PAIR,
      table: [...NO_TENSOR, floats(8, 3), floats(9)],
      classToken: NO_FLAG,
      tableLayout: NO_CHOICE,
      sign: NO_CHOICE,
    },
    needs: ['window', 'table'],
  },
  shiftedWindowMask: {
    good: { height: 4, width: 4, window: 2, shift: 1 },
    bad: {
      height: NO_SIZE,
      width: NO_SIZE,
      window: NO_PAIR,
      shift: [2, -1, [0, 2], '1', null],
      fill: NO_NUMBER,
      clamp: NO_CHOICE,
    },
    needs: ['height', 'width', 'window'],
  },
  beitIndex: { good: { window: 2 }, bad: { window: NO_PAIR }, needs: ['window'] },
  beitBias: {
    good: { window: 3, trainedWindow: 2, table: floats(12, 3) },
    bad: {
      window: NO_PAIR,
      trainedWindow: NO_PAIR,
      table: [...NO_TENSOR, floats(9, 3)],
      mode: NO_CHOICE,
      tableOrder: NO_CHOICE,
    },
    needs: ['window', 'table'],
  },
  logCoordinates: {
    good: { window: 2 },
    bad: {
      window: NO_PAIR,
      trainedWindow: [-1, [2], [2, 0], '2', null],
      mode: NO_CHOICE,
      oneToken: NO_CHOICE,
    },
    needs: ['window'],
  },
  continuousBias: {
    good: { window: 2, ...weights },
    bad: {
      window: NO_PAIR,
      trainedWindow: [-1, [2, 0]],
      mode: NO_CHOICE,
      oneToken: NO_CHOICE,
      gain: NO_NUMBER,
      ...NO_WEIGHTS,
    },
    needs: ['window', 'hiddenWeight', 'outputWeight'],
  },
  resizeBias: {
    good: { table: floats(9, 3), from: 2, to: 3 },
    bad: {
      table: [...NO_TENSOR, floats(10, 3)],
      from: [...NO_PAIR, 5000],
      to: [...NO_PAIR, 5000],
      extra: [-1, 1.5, '3', null],
      mode: NO_CHOICE,
      antialias: [...NO_FLAG, true],
      preset: NO_CHOICE,
    },
    needs: ['table', 'from', 'to'],
  },
});
