/**
 * Every option of relative positions that depend on the content, and of their tables, refuses what it cannot take, with a
 * typed error that names it.
 */
import { after } from 'node:test';
import { encodings } from '../../web/encodings.js';
import { NO_CHOICE, NO_FLAG, NO_NUMBER, NO_SIZE, NO_TENSOR, testBiasRefusals } from './biases.js';
import { floats } from './refusals.js';

/** Bad options are not of the functions' types. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

const names = ['query', 'key', 'value', 'positionKey', 'positionQuery'];
const projections = Object.fromEntries(
  names.flatMap((name) => [
    [`${name}Weight`, floats(4, 4)],
    [`${name}Bias`, floats(4)],
  ]),
);
const NO_PROJECTIONS = Object.fromEntries(
  names.flatMap((name) => [
    [`${name}Weight`, [...NO_TENSOR, floats(4, 5)]],
    [`${name}Bias`, [...NO_TENSOR, floats(5)]],
  ]),
);

testBiasRefusals(pe, {
  gatedBias: {
    good: {
      hidden: floats(1, 3, 8),
      bias: floats(2, 3, 3),
      gateWeight: floats(8, 4),
      gateBias: floats(8),
      gateConstant: floats(2),
    },
    bad: {
      hidden: [...NO_TENSOR, floats(1, 3, 9)],
      bias: [...NO_TENSOR, floats(2, 3, 4)],
      gateWeight: [...NO_TENSOR, floats(7, 4)],
      gateBias: [...NO_TENSOR, floats(7)],
      gateConstant: [...NO_TENSOR, floats(3)],
    },
    needs: ['hidden', 'bias', 'gateWeight', 'gateBias', 'gateConstant'],
  },
  cope: {
    good: { query: floats(1, 2, 3, 4), logits: floats(1, 2, 3, 3), table: floats(4, 5) },
    bad: {
      query: [...NO_TENSOR, floats(1, 2, 3)],
      logits: [...NO_TENSOR, floats(1, 3, 3, 3)],
      table: [...NO_TENSOR, floats(5, 5)],
    },
    needs: ['query', 'logits', 'table'],
  },
  disentangled: {
    good: {
      hidden: floats(1, 3, 4),
      relativeEmbeddings: floats(8, 4),
      heads: 2,
      positionBuckets: 4,
      maxRelativePositions: 16,
      shareKey: false,
      output: 'context',
      ...projections,
    },
    bad: {
      hidden: [...NO_TENSOR, floats(3, 4)],
      relativeEmbeddings: [...NO_TENSOR, floats(7, 4), floats(8, 5)],
      heads: [...NO_SIZE, 3],
      positionBuckets: [-2, 1, 1.5, '4', null],
      maxRelativePositions: [...NO_SIZE, 3],
      terms: ['c2p', ['c2c'], ['c2p', 'c2p'], null],
      shareKey: NO_FLAG,
      output: NO_CHOICE,
      ...NO_PROJECTIONS,
    },
    needs: ['hidden', 'relativeEmbeddings', 'heads', ...names.map((name) => `${name}Weight`)],
  },
  shaw: {
    good: {
      query: floats(1, 2, 3, 4),
      table: floats(4, 4),
      left: 2,
      right: 1,
      key: floats(1, 2, 5, 4),
      value: floats(1, 2, 5, 4),
      valueTable: floats(4, 4),
      output: 'context',
    },
    bad: {
      query: [...NO_TENSOR, floats(1, 2, 3)],
      table: [...NO_TENSOR, floats(4, 5), floats(5, 4)],
      left: [-1, 1.5, '2', null],
      right: [-1, 1.5, '2', null],
      scale: [...NO_NUMBER, Number.POSITIVE_INFINITY],
      key: [...NO_TENSOR, floats(1, 2, 5, 5)],
      value: [...NO_TENSOR, floats(1, 2, 6, 4)],
      valueTable: [...NO_TENSOR, floats(5, 4)],
      output: NO_CHOICE,
    },
    needs: ['query', 'table', 'key', 'value'],
  },
  shawBias: {
    call: 'shaw',
    good: { query: floats(1, 2, 3, 4), table: floats(5, 4), length: 6 },
    bad: { length: NO_SIZE },
    needs: ['query', 'table'],
  },
  relativeSincos: {
    good: { dim: 4, from: 3, to: -3 },
    bad: {
      dim: [...NO_SIZE, 5],
      from: [0.5, '1', null],
      to: [0.5, '1', null, 4],
      layout: NO_CHOICE,
      base: [...NO_NUMBER, 0, -1, Number.POSITIVE_INFINITY],
      clamp: [...NO_NUMBER, 0, -1],
    },
    needs: ['dim', 'from', 'to'],
  },
  relativeSincosXlnet: {
    call: 'relativeSincos',
    good: { preset: 'xlnet', dim: 4, queries: 3, keys: 3 },
    bad: { preset: NO_CHOICE, queries: NO_SIZE, keys: NO_SIZE, causal: NO_FLAG, from: [3], to: [3] },
    needs: ['queries', 'keys'],
  },
  relativeSincosConformer: {
    call: 'relativeSincos',
    good: { preset: 'conformer', dim: 4, length: 3 },
    bad: { length: NO_SIZE },
    needs: ['length'],
  },
  transformerXL: {
    good: {
      query: floats(3, 1, 2, 4),
      table: floats(6, 5),
      positionWeight: floats(8, 5),
      positionBias: floats(2, 4),
    },
    bad: {
      query: [...NO_TENSOR, floats(3, 1, 8)],
      table: [...NO_TENSOR, floats(6)],
      positionWeight: [...NO_TENSOR, floats(8, 6)],
      positionBias: [...NO_TENSOR, floats(2, 5)],
      keys: NO_SIZE,
      preset: NO_CHOICE,
      zeroRow: [-1, 1.5, '3', null],
      scale: NO_NUMBER,
      layout: NO_CHOICE,
    },
    needs: ['query', 'table'],
  },
});
