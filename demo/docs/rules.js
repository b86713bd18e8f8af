/**
 * What the library itself says an option must be: each is given a value that no option takes, and the error's rule is kept.
 * So the pages cannot say anything else than the checks do.
 */
import { InputError } from '../../bindings/errors.js';
import { call } from './pictures/index.js';

/**
 * @typedef {import('./pictures/index.js').Encodings} Encodings
 * @typedef {import('./pictures/index.js').Options} Options
 */

/**
 * @param {Encodings} pe
 * @param {string} name of the encoding
 * @param {string} option
 * @param {readonly Options[]} forms ways to call it, of which one uses the option
 * @returns {string | null} as in "an integer from 1 to 1048576"; null if no form uses it
 */
export function ruleOf(pe, name, option, forms) {
  for (const options of forms) {
    const { refused } = attempt(pe, name, { ...options, [option]: {} });
    const [, rule] = new RegExp(`option "${option}" must be (.*), not `, 's').exec(refused ?? '') ?? [];
    // An option that another one excludes says only that.
    if (rule !== undefined && !rule.startsWith('left out')) return rule;
  }
  return null;
}

/**
 * The options that a function takes, `out` among them, as its error about an unknown one lists them.
 * @param {Encodings} pe
 * @param {string} name
 * @param {readonly Options[]} forms
 * @returns {string[]}
 */
export function acceptedBy(pe, name, forms) {
  const known = forms.flatMap((options) => {
    const { refused } = attempt(pe, name, { ...options, 'no such option': 1 });
    return /known are (.*)$/.exec(refused ?? '')?.[1].split(', ') ?? [];
  });
  return [...new Set(known)];
}

/**
 * @param {Encodings} pe
 * @param {string} name
 * @param {Options} options
 * @returns {{ refused?: string }} the error's message, if it was one about the options
 */
function attempt(pe, name, options) {
  try {
    call(pe, name, options);
    return {};
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { refused: error.message };
  }
}
