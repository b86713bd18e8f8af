/** Words for masks in a text. Source: transformers' FillMaskPipeline. Only the rows of masks go through the head. */
import { check } from '../check.js';
import { InputError, show, UnsupportedError } from '../errors.js';
import { integer, texts as list, signal } from '../options/table.js';
import { breather } from '../run/pace.js';
import { headOf, refuseLong, rowsOf, softmax, textsOf } from './rows.js';

/**
 * @import { Filling, FillOptions } from '../public.js'
 * @import { Tokenizer } from '../text/tokenizer.js'
 * @import { Parts } from './parts.js'
 */

const OPTIONS = {
  topK: integer('how many words to return for a mask, the likeliest first', { min: 1, default: 5 }),
  targets: list('the words to choose from', { single: true, optional: 'the whole vocabulary' }),
  signal: signal('stops the call', { optional: true }),
};

/** Texts that are run at a time. */
const AT_A_TIME = 64;

/**
 * @param {Parts} parts
 * @param {unknown} input
 * @param {FillOptions} options
 * @param {number} limit tokens of a text
 * @returns {Promise<Filling[][][]>} for each text, of each mask
 */
export async function fillMasks(parts, input, options, limit) {
  const { topK, targets, signal: stop } = check('fill', options, OPTIONS);
  const { tokenizer, output, width } = headOf(parts, 'fill-mask');
  const { mask } = tokenizer.special;
  if (mask === null) throw new UnsupportedError('the files of this tokenizer name no mask token');
  const texts = textsOf(input);
  const isMask = (/** @type {number} */ id) => id === mask;
  const encodings = texts.map((text, i) => {
    const name = Array.isArray(input) ? `texts[${i}]` : 'the text';
    const encoding = tokenizer.encode(text, { truncation: false });
    refuseLong(encoding, limit, name, '; a cut might take a mask away');
    if (encoding.ids.some(isMask)) return encoding;
    const [token] = tokenizer.tokens([mask]);
    throw new InputError(`${name} is ${show(text)}; expected a text with ${token}, which stands for a word`, {
      path: name,
      value: text,
    });
  });
  const wanted = targets && targetsOf(tokenizer, targets, width);
  const breathe = breather(stop);
  const results = [];
  for (let first = 0; first < encodings.length; first += AT_A_TIME) {
    const some = encodings.slice(first, first + AT_A_TIME);
    const placesOf = (/** @type {{ ids: Int32Array }} */ { ids }) =>
      [...ids.keys()].filter((i) => isMask(ids[i]));
    const rows = await rowsOf(parts, some, output, breathe, placesOf);
    for (const [i, encoding] of some.entries()) {
      const places = placesOf(encoding);
      results.push(
        places.map((place, n) => {
          const scores = softmax(rows[i].subarray(n * width, (n + 1) * width));
          return bestOf(scores, wanted, topK).map((token) => {
            const ids = [...encoding.ids];
            ids[place] = token;
            const shown = ids.filter((id) => id !== tokenizer.special.pad);
            // The other masks of several are special tokens, too, and stay.
            const sequence = tokenizer.decode(shown, { skipSpecialTokens: places.length === 1 });
            return { score: scores[token], token, token_str: tokenizer.decode([token]), sequence };
          });
        }),
      );
    }
  }
  return results;
}

/** The likeliest tokens, best first. @param {Float64Array} scores @param {number[] | undefined} among @param {number} count */
function bestOf(scores, among, count) {
  /** @type {number[]} */
  const best = [];
  for (const token of among ?? scores.keys()) {
    if (best.length === count && scores[token] <= scores[best[count - 1]]) continue;
    let at = best.length;
    while (at > 0 && scores[best[at - 1]] < scores[token]) at--;
    best.splice(at, 0, token);
    if (best.length > count) best.pop();
  }
  return best;
}

/** The tokens of words; one that is none stands for its first. @param {Tokenizer} tokenizer @param {string[]} targets @param {number} size of the vocabulary */
function targetsOf(tokenizer, targets, size) {
  const found = targets.flatMap((target) => {
    const id = tokenizer.tokenToId(target) ?? tokenizer.encode(target, { addSpecialTokens: false }).ids.at(0);
    return id === undefined || id >= size ? [] : [id];
  });
  if (found.length) return [...new Set(found)];
  throw new InputError(`targets are ${show(targets)}; expected words that the tokenizer knows`, {
    path: 'targets',
    value: targets,
  });
}
