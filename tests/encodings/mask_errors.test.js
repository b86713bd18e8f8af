/**
 * Every option of the masks over a sequence refuses what it cannot take, with a typed error that names it.
 */
import { after } from 'node:test';
import { encodings } from '../../web/encodings.js';
import { NO_CHOICE, NO_LIST, NO_NUMBER, NO_SIZE, testBiasRefusals } from './biases.js';

/** Bad options are not of the functions' types. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

testBiasRefusals(pe, {
  paddingMask: {
    good: { lengths: [1, 2], length: 3 },
    bad: { lengths: [...NO_LIST, [-1], [4]], length: NO_SIZE, as: NO_CHOICE, fill: NO_NUMBER },
    needs: ['lengths'],
  },
  slidingWindowMask: {
    good: { length: 3, window: 1 },
    bad: {
      length: NO_SIZE,
      window: [-1, 0.5, '1', null],
      left: [-1, 0.5, '1', null],
      right: [-1, 0.5, '1', null],
      as: NO_CHOICE,
      fill: NO_NUMBER,
    },
    needs: ['length', 'window'],
  },
  segmentMask: {
    good: { boundaries: [0, 2, 3] },
    bad: {
      boundaries: [...NO_LIST, [1, 2], [0, 2, 1], [0], [0, 40000]],
      lengths: [[3]],
      segments: [[0, 0]],
      as: NO_CHOICE,
      fill: NO_NUMBER,
    },
    needs: ['boundaries'],
  },
  allowedMask: {
    call: 'paddingMask',
    good: { lengths: [1, 2], as: 'allowed' },
    bad: { fill: [-100] },
    needs: ['lengths'],
  },
});
