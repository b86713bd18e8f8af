/** The steps that a word goes down, and the address of what is seen. */
import { hashOf } from '../../parts/address.js';
import { splitWords } from '../order/sentences.js';

/**
 * @typedef {object} Step
 * @property {string} key in the address
 * @property {string} name
 * @property {string} brief on a phone
 * @property {string} note
 * @property {number} layer -1 outside of layers
 *
 * @typedef {object} State
 * @property {string[]} words
 * @property {boolean} [isCut] whether the address had more
 * @property {number[] | undefined} order of the second sentence, where it is not the first turned round
 * @property {number} held which word, from 0
 * @property {string[]} path of what is opened, none for the whole
 * @property {number | null} step the row that the ring was moved to
 */

/** Words in a sentence at most: what the networks learned from. */
export const MOST_WORDS = 16;
export const FIRST = 'the dog chased the cat';
const HELD = 4;
export const LAYERS = 2;

/** @type {readonly Step[]} */
export const STEPS = [
  { key: 'word', name: 'The word', brief: '', note: '32 numbers', layer: -1 },
  { key: 'place', name: '+ its place', brief: '+ its place', note: '32 sines, added', layer: -1 },
  ...Array.from({ length: LAYERS }, (_, layer) => [
    {
      key: `asks-${layer + 1}`,
      name: layer ? 'Asks again' : 'Asks the others',
      brief: layer ? 'asks again' : 'asks',
      note: 'attention, 4 heads',
      layer,
    },
    { key: `alone-${layer + 1}`, name: 'Works alone', brief: 'alone', note: 'feed-forward', layer },
  ]).flat(),
  { key: 'answers', name: 'Answers', brief: '', note: '6 scores, one role', layer: -1 },
];

/** The steps after which a word has numbers. */
export const STATES = STEPS.length - 1;
/** Where the ring stands at first: where the first word parts from its twin. */
export const RING = 1;

export const stepOf = (/** @type {string | undefined} */ key) => STEPS.findIndex((step) => step.key === key);

/** @param {import('../../parts/address.js').Address} address @returns {State} */
export function stateOf({ path, params }) {
  const all = splitWords(params.get('s') ?? '');
  const asked = all.slice(0, MOST_WORDS);
  const words = asked.length ? asked : FIRST.split(' ');
  const order = (params.get('o') ?? '').split('.').map((place) => Number(place) - 1);
  const isOrder = order.length === words.length && words.every((_, i) => order.includes(i));
  const w = Number(params.get('w'));
  const held = w >= 1 && w <= words.length ? Math.floor(w) - 1 : Math.min(HELD, words.length - 1);
  const step = stepOf(params.get('at') ?? undefined);
  return {
    words,
    isCut: all.length > MOST_WORDS,
    order: isOrder ? order : undefined,
    held,
    path: stepOf(path[0]) >= 0 ? path : [],
    step: step >= 0 ? step : null,
  };
}

/** @param {State} state @returns {Parameters<typeof hashOf>} */
export function addressOf({ words, order, held, path, step }) {
  const s = words.join(' ');
  const isFirst = s === FIRST && held === HELD && !order && step === null && !path.length;
  return [
    'inside',
    path,
    isFirst
      ? {}
      : {
          s,
          w: held + 1,
          o: order?.map((i) => i + 1).join('.'),
          at: step === null || path.length ? undefined : STEPS[step].key,
        },
  ];
}

/** @param {State} state */
export const hashOfState = (state) => hashOf(...addressOf(state));
