/** What the answers are in words. */
import { GRID } from './patches.js';
import { digitOf, KINDS } from './reading.js';

/** Of each network: its name, how it is told, and the encoding. */
export const NAMES = {
  none: ['No positions', 'a bag of patches', ''],
  learned: ['Learned table', 'added · as in ViT', 'learnedTable'],
  sines: ['Sines on a grid', 'added · as in MAE', 'sincos2d'],
  bias: ['Bias by offset', 'biased · as in BEiT, Swin', 'beitBias'],
  rotary: ['Rotary on a grid', 'rotated · as in DINOv3', 'rope2d'],
};
export const DIGITS = Array.from({ length: 10 }, (_, i) => i);

/** @param {number} share of one */
export const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** What most of the networks say, or null where none has more than the others. @param {number[]} digits */
export function majorityOf(digits) {
  const counts = DIGITS.map((digit) => digits.filter((one) => one === digit).length);
  const most = Math.max(...counts);
  return counts.filter((count) => count === most).length === 1 ? counts.indexOf(most) : null;
}

/**
 * "4 of 5 say 6; No positions says 9."
 * @param {import('./networks.js').AllAnswers} answers
 * @param {number | null} held
 */
export function told(answers, held) {
  const said = KINDS.map((kind) => digitOf(answers[kind].drawn.shares));
  const most = majorityOf(said);
  const others = KINDS.flatMap((kind, i) => (said[i] === most ? [] : [`${NAMES[kind][0]} says ${said[i]}`]));
  const count = KINDS.length - others.length;
  const agree =
    most === null ? [] : [count === KINDS.length ? `All five say ${most}` : `${count} of 5 say ${most}`];
  const where =
    held === null ? '' : ` The patch at row ${Math.floor(held / GRID)}, column ${held % GRID} is held.`;
  return `${[...agree, ...others].join('; ')}.${where}`;
}

/** What the small pictures show. @param {import('./state.js').State} state */
export function shownIn({ layer, head, patch }) {
  if (patch !== null)
    return `The small pictures show how alike the patches are to the held one${layer ? `, after layer ${layer}` : ', at the end'}.`;
  if (!layer) return 'The small pictures show the rollout through all layers: where an answer comes from.';
  return `The small pictures show layer ${layer}, ${head ? `head ${head}` : 'the mean of its heads'}.`;
}
