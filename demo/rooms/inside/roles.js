/** How the two answers of a word are told apart by colour, and always by their word. */
import { ROLES } from '../order/reading.js';

/** The likeliest role. @param {readonly number[]} shares @returns {string} */
export const roleOf = (shares) => ROLES[shares.indexOf(Math.max(...shares))];

/** Its colour as a style. @param {string} role */
export const colourOf = (role) => `var(--${role})`;

/**
 * @typedef {object} Twins
 * @property {string} a role in the first sentence
 * @property {string} b role in the second
 * @property {boolean} agree
 * @property {string} aName in a heading: "as whom"; where the two agree "as did, first"
 * @property {string} bName
 */

/** @param {readonly number[]} first @param {readonly number[]} second @returns {Twins} */
export function twinsOf(first, second) {
  const [a, b] = [first, second].map(roleOf);
  const agree = a === b;
  return {
    a,
    b,
    agree,
    aName: agree ? 'in the first' : `as ${a}`,
    bName: agree ? 'in the second' : `as ${b}`,
  };
}
