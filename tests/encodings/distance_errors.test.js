/**
 * Every option of the buckets and biases of a distance refuses what it cannot take, with a typed error that names it.
 */
import { after } from 'node:test';
import { Tensor } from '../../bindings/tensor.js';
import { encodings } from '../../web/encodings.js';
import {
  integers,
  NO_CHOICE,
  NO_FLAG,
  NO_LIST,
  NO_NUMBER,
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
  t5Buckets: {
    good: { distances: [-1, 0, 5] },
    bad: {
      distances: NO_LIST,
      buckets: [...NO_SIZE, 3],
      maxDistance: [...NO_SIZE, 8],
      bidirectional: NO_FLAG,
      preset: NO_CHOICE,
    },
    needs: ['distances'],
  },
  bucketRange: {
    call: 't5Buckets',
    good: { from: -2, to: 2 },
    bad: { from: [0.5, '1', null], to: [0.5, '1', null, -3], distances: [[1]] },
    needs: ['from', 'to'],
  },
  t5Bias: {
    good: { table: floats(32, 2), length: 4 },
    bad: {
      table: [...NO_TENSOR, floats(3, 2), floats(32)],
      length: NO_SIZE,
      queries: NO_SIZE,
      keys: NO_SIZE,
      offset: [-1, 1.5, '3', null],
      maxDistance: [...NO_SIZE, 8],
      bidirectional: NO_FLAG,
      preset: NO_CHOICE,
    },
    needs: ['table'],
  },
  debertaBuckets: {
    good: { distances: [-1, 0, 5] },
    bad: { distances: NO_LIST, bucketSize: [...NO_SIZE, 1], maxPosition: [...NO_SIZE, 129] },
    needs: ['distances'],
  },
  alibiSlopes: {
    good: { heads: 3 },
    bad: { heads: [...NO_SIZE, 70000], biasMax: [...NO_NUMBER, 0, -8] },
    needs: ['heads'],
  },
  alibi: {
    good: { heads: 3, length: 4 },
    bad: {
      heads: NO_SIZE,
      length: NO_SIZE,
      form: NO_CHOICE,
      biasMax: [...NO_NUMBER, 0],
      mask: [integers],
    },
    needs: ['heads', 'length'],
  },
  alibiSlopesGiven: {
    call: 'alibi',
    good: { slopes: floats(3), length: 4 },
    bad: { slopes: [...NO_TENSOR, floats(3, 1)], heads: [3], biasMax: [8] },
    needs: ['length'],
  },
  alibiMask: {
    call: 'alibi',
    good: { heads: 3, form: 'bloom', mask: integers },
    bad: { mask: [...NO_LIST, [0, 1], new Tensor('int32', new Int32Array([0, 2]), [1, 2])] },
    needs: ['heads', 'mask'],
  },
  kerple: {
    good: { length: 3, r1: floats(2), r2: floats(2) },
    bad: {
      length: NO_SIZE,
      r1: [...NO_TENSOR, new Tensor('float32', new Float32Array(2), [2])],
      r2: [...NO_TENSOR, floats(3)],
      form: NO_CHOICE,
    },
    needs: ['length', 'r1', 'r2'],
  },
  fire: {
    good: { length: 3, ...weights, hiddenWeight: floats(4, 1) },
    bad: {
      length: NO_SIZE,
      ...NO_WEIGHTS,
      c: NO_NUMBER,
      threshold: NO_NUMBER,
      epsilon: [...NO_NUMBER, 0],
    },
    needs: ['length', 'hiddenWeight', 'outputWeight'],
  },
  sandwich: {
    good: { length: 3, heads: 2 },
    bad: { length: NO_SIZE, heads: NO_SIZE, dim: [...NO_SIZE, 3], base: [...NO_NUMBER, 0] },
    needs: ['length', 'heads'],
  },
});
