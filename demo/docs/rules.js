/**
 * What the library itself says an option must be: each is given a value that no option takes, and the error's rule is kept.
 * So the pages cannot say anything else than the checks do.
 */
import { WasmformerError } from '../../bindings/errors.js';
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
 * @param {string} [owner] the option, an object, of which `option` is a field
 * @returns {string[]} as in "an integer from 1 to 1048576"; several if it depends on other options, none if no form uses it
 */
export function rulesOf(pe, name, option, forms, owner) {
  const rules = forms.flatMap((options) => {
    const inner = owner === undefined ? options : options[owner];
    if (inner === undefined) return [];
    const wrong = { .../** @type {Options} */ (inner), [option]: {} };
    const refused = refusalOf(pe, name, owner === undefined ? wrong : { ...options, [owner]: wrong });
    const [, rule] = new RegExp(`option "${option}" must be (.*), not `, 's').exec(refused) ?? [];
    // An option that another one excludes says only that.
    return rule === undefined || rule.startsWith('left out') ? [] : [rule];
  });
  return [...new Set(rules)];
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
    const refused = refusalOf(pe, name, { ...options, unknown: 1 });
    return /known are (.*)$/.exec(refused)?.[1].split(', ') ?? [];
  });
  return [...new Set(known)];
}

/**
 * @param {Encodings} pe
 * @param {string} name
 * @param {Options} options
 * @returns {string} the library's error, '' if it has none
 */
function refusalOf(pe, name, options) {
  try {
    call(pe, name, options);
    return '';
  } catch (error) {
    if (!(error instanceof WasmformerError)) throw error;
    return error.message;
  }
}
