/** The bars and answers of both networks, as marks to draw: a phrase's above, each word's by probability below. */
import { HORIZON } from './layout.js';
import { answerOf, candidatesOf, ROLES, toldIn } from './reading.js';

/**
 * @import { Layout } from './layout.js'
 * @import { Reading } from './reading.js'
 * @import { Readings } from './stage.js'
 *
 * @typedef {{ x: number, y: number, width?: number, height?: number, rx?: number, class?: string, 'text-anchor'?: string,
 *   role?: string, text?: string }} Mark a rectangle, or a text; role: whose colour it has
 */

/** A share of a blind word's bar under this is not drawn. */
const SEEN = 0.03;

/** @param {Layout} layout @param {Readings} readings @returns {Mark[]} */
export const barsOf = (layout, readings) => (layout.upright ? uprightBars : horizonBars)(layout, readings);

/** Words that follow each other and have the same answer. @param {Reading} reading */
function phrasesOf({ shares }) {
  const roles = shares.map(toldIn);
  /** @type {{ from: number, to: number, text: string, role: string }[]} */
  const phrases = [];
  roles.forEach((text, i) => {
    const last = phrases.at(-1);
    if (last?.text === text && text !== '?') last.to = i;
    else phrases.push({ from: i, to: i, text, role: answerOf(shares[i]) });
  });
  return phrases;
}

/** The parts of a word's bar, by probability. @param {number[]} shares @param {number} length */
function partsOf(shares, length) {
  const parts = shares.map((share, i) => ({ share, role: ROLES[i] })).filter(({ share }) => share >= SEEN);
  const sum = parts.reduce((total, { share }) => total + share, 0);
  let at = 0;
  return parts.map(({ share, role }) => {
    const size = (share / sum) * length;
    at += size;
    return { at: at - size, size: Math.max(size - (parts.length > 1 ? 1 : 0), 0.5), role };
  });
}

/** A role that is certain gives its colour to its word. @param {number[]} shares */
const sureRole = (shares) => (candidatesOf(shares).length === 1 ? answerOf(shares) : undefined);

/** @param {Layout} layout @param {Readings} readings @returns {Mark[]} */
function horizonBars({ spots, size }, { told, blind }) {
  const inset = 8;
  const upper = phrasesOf(told).flatMap(({ from, to, text, role }) => {
    const [left, right] = [spots[from].left + inset, spots[to].left + spots[to].width - inset];
    const middle = { x: (left + right) / 2, 'text-anchor': 'middle' };
    return [
      { x: left, y: HORIZON.bar, width: right - left, height: 4, rx: 2, role },
      { ...middle, y: HORIZON.role, class: 'role', text, role },
    ];
  });
  const lower = blind.shares.flatMap((shares, i) => {
    const left = spots[i].left + inset;
    const width = spots[i].width - 2 * inset;
    const bar = partsOf(shares, width).map(({ at, size: wide, role }) => ({
      ...{ x: left + at, y: HORIZON.blindBar, width: wide, height: 4, role },
    }));
    const text = toldIn(shares);
    const fits = size >= 30 || text.length < 6;
    const middle = { x: left + width / 2, 'text-anchor': 'middle' };
    return [
      ...bar,
      { ...middle, y: HORIZON.answer, class: 'answer', text: fits ? text : '?', role: sureRole(shares) },
    ];
  });
  return [...upper, ...lower];
}

/** @param {Layout} layout @param {Readings} readings @returns {Mark[]} */
function uprightBars({ spots, width }, { told, blind }) {
  const [left, right] = [width * 0.305, width * 0.695];
  const one = phrasesOf(told).flatMap(({ from, to, text, role }) => {
    const [top, bottom] = [spots[from].top + 2, spots[to].top + spots[to].height - 2];
    return [
      { x: left - 5, y: top, width: 5, height: bottom - top, rx: 2, role },
      { x: left - 13, y: (top + bottom) / 2 + 5, 'text-anchor': 'end', class: 'role', text, role },
    ];
  });
  const other = blind.shares.flatMap((shares, i) => {
    const { top, height } = spots[i];
    const bar = partsOf(shares, height - 4).map(({ at, size, role }) => ({
      ...{ x: right, y: top + 2 + at, width: 5, height: size, role },
    }));
    const lines = toldIn(shares).replace(' or ', ' ').split(' ');
    const words = lines.map((text, k) => {
      const y = top + height / 2 + 4 + (k - (lines.length - 1) / 2) * 15;
      return { x: right + 12, y, class: 'answer', text, role: sureRole(shares) };
    });
    return [...bar, ...words];
  });
  return [...one, ...other];
}
