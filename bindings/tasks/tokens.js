/**
 * Labels of tokens, and of the words and names that they make. Source: transformers' TokenClassificationPipeline, with its five
 * ways of aggregation.
 */
import { check } from '../check.js';
import { InputError } from '../errors.js';
import { choice, integer, texts as list, signal } from '../options/table.js';
import { breather } from '../run/pace.js';
import { headOf, largest, rowsOf, softmax, textsOf } from './rows.js';

/**
 * @import { Entity, TokensOptions } from '../public.js'
 * @import { Encoding } from '../text/public.js'
 * @import { Tokenizer } from '../text/tokenizer.js'
 * @import { Parts } from './parts.js'
 *
 * @typedef {object} Token
 * @property {string} word as the vocabulary spells it, or of a word the text that its tokens stand for
 * @property {Float64Array} scores of the labels
 * @property {number} start
 * @property {number} end
 * @property {number} index
 * @property {boolean} isSubword
 *
 * @typedef {{ entity: string, score: number, word: string, start: number, end: number, index?: number }} Labelled
 */

const OPTIONS = {
  aggregationStrategy: choice(
    ['none', 'simple', 'first', 'average', 'max'],
    'how tokens become words and names',
    {
      default: 'none',
    },
  ),
  ignoreLabels: list('labels that are left out', { default: ['O'] }),
  stride: integer('tokens that windows of a long text share; without it a long text is cut', {
    min: 0,
    optional: 'cut',
  }),
  onTruncate: choice(['cut', 'error'], 'what happens to texts that are too long', { default: 'cut' }),
  signal: signal('stops the call', { optional: true }),
};

/** Texts that are run at a time. */
const AT_A_TIME = 64;

/**
 * @param {Parts} parts
 * @param {unknown} input
 * @param {TokensOptions} options
 * @param {number} limit tokens of a text
 * @returns {Promise<Entity[][]>}
 */
export async function labelTokens(parts, input, options, limit) {
  const given = check('tokens', options, OPTIONS);
  const { aggregationStrategy: strategy, ignoreLabels, stride, signal: stop } = given;
  if (stride !== undefined && strategy === 'none') {
    const message = 'stride joins what windows find, which needs an aggregationStrategy other than "none"';
    throw new InputError(message, { path: 'stride', value: stride });
  }
  const { tokenizer, output, width } = headOf(parts, 'token-classification');
  const names = /** @type {Record<string, string>} */ (parts.config.id2label ?? {});
  const labelOf = (/** @type {number} */ i) => names[i] ?? `LABEL_${i}`;
  const texts = textsOf(input);
  const breathe = breather(stop);
  const results = [];
  for (let first = 0; first < texts.length; first += AT_A_TIME) {
    const some = texts.slice(first, first + AT_A_TIME);
    const windows = some.map((text) => windowsOf(tokenizer, text, given, limit));
    const rows = await rowsOf(parts, windows.flat(), output, breathe);
    for (const [i, text] of some.entries()) {
      const found = windows[i].flatMap((encoding) => {
        const logits = /** @type {Float32Array} */ (rows.shift());
        const tokens = tokensOf(tokenizer, text, encoding, logits, width);
        return group(tokenizer, tokens, strategy, labelOf);
      });
      const kept = found.filter(
        (one) => !ignoreLabels.includes('entity' in one ? one.entity : one.entity_group),
      );
      results.push(windows[i].length > 1 ? withoutOverlaps(kept) : kept);
    }
  }
  return results;
}

/** @param {Tokenizer} tokenizer @param {string} text @param {{ stride?: number, onTruncate: 'cut' | 'error' }} options @param {number} limit @returns {Encoding[]} */
function windowsOf(tokenizer, text, { stride, onTruncate }, limit) {
  const usual = /** @type {const} */ ({ truncation: 'longest_first', maxLength: limit });
  if (stride === undefined) return [tokenizer.encode(text, { ...usual, onTruncate })];
  const encoding = tokenizer.encode(text, { ...usual, stride, returnOverflowingTokens: true });
  return [encoding, ...encoding.overflowing];
}

/** @param {Tokenizer} tokenizer @param {string} text @param {Encoding} encoding @param {Float32Array} logits @param {number} width @returns {Token[]} */
function tokensOf(tokenizer, text, { ids, tokens, offsets, specialTokensMask }, logits, width) {
  return Array.from(ids, (id, index) => {
    const [start, end] = offsets[index];
    const part = text.slice(start, end);
    const isUnknown = id === tokenizer.special.unk;
    // Where tokens inside a word are marked, their marks make them longer; else words are what spaces part.
    const isSubword = tokenizer.subwordPrefix
      ? [...tokens[index]].length !== [...part].length
      : start > 0 && !text.slice(start - 1, start + 1).includes(' ');
    return {
      word: isUnknown ? part : tokens[index],
      scores: softmax(logits.subarray(index * width, (index + 1) * width)),
      ...{ start, end, index, isSubword: isSubword && !isUnknown },
    };
  }).filter(({ index }) => !specialTokensMask[index]);
}

/**
 * @param {Tokenizer} tokenizer
 * @param {Token[]} tokens
 * @param {'none' | 'simple' | 'first' | 'average' | 'max'} strategy
 * @param {(label: number) => string} labelOf
 * @returns {Entity[]}
 */
function group(tokenizer, tokens, strategy, labelOf) {
  const labelled = (/** @type {Float64Array} */ scores) => {
    const best = largest(scores);
    return { entity: labelOf(best), score: scores[best] };
  };
  if (strategy === 'none' || strategy === 'simple') {
    const found = tokens.map(({ scores, index, word, start, end }) => ({
      ...labelled(scores),
      ...{ index, word, start, end },
    }));
    return strategy === 'none' ? found : namesOf(tokenizer, found);
  }
  const words = splitAt(tokens, ({ isSubword }) => !isSubword).map((some) => ({
    ...labelled(wordScores(some, strategy)),
    word: tokenizer.textOf(some.map(({ word }) => word)),
    start: some[0].start,
    end: some[some.length - 1].end,
  }));
  return namesOf(tokenizer, words);
}

/** The scores of a word's labels. @param {Token[]} tokens @param {'first' | 'average' | 'max'} strategy */
function wordScores(tokens, strategy) {
  if (strategy === 'first') return tokens[0].scores;
  if (strategy === 'average')
    return tokens[0].scores.map(
      (_, i) => tokens.reduce((sum, { scores }) => sum + scores[i], 0) / tokens.length,
    );
  return tokens[largest(tokens.map(({ scores }) => scores[largest(scores)]))].scores;
}

/** Neighbours of one kind become a name, unless a new one begins there: labels B-PER, I-PER. @param {Tokenizer} tokenizer @param {Labelled[]} parts @returns {Entity[]} */
function namesOf(tokenizer, parts) {
  const kindOf = (/** @type {Labelled} */ { entity }) => (/^[BI]-/.test(entity) ? entity.slice(2) : entity);
  const begins = (/** @type {Labelled} */ part, /** @type {Labelled} */ before) =>
    part.entity.startsWith('B-') || kindOf(part) !== kindOf(before);
  return splitAt(parts, begins).map((some) => ({
    entity_group: some[0].entity.slice(some[0].entity.indexOf('-') + 1),
    score: some.reduce((sum, { score }) => sum + score, 0) / some.length,
    word: tokenizer.textOf(some.map(({ word }) => word)),
    start: some[0].start,
    end: some[some.length - 1].end,
  }));
}

/** @template T @param {T[]} items @param {(item: T, before: T) => boolean} begins @returns {T[][]} */
function splitAt(items, begins) {
  /** @type {T[][]} */
  const groups = [];
  for (const [i, item] of items.entries()) {
    if (i === 0 || begins(item, items[i - 1])) groups.push([item]);
    else groups[groups.length - 1].push(item);
  }
  return groups;
}

/** Of what windows of a text found in one place the longest counts, of equally long the surest. @param {Entity[]} entities */
function withoutOverlaps(entities) {
  /** @type {Entity[]} */
  const kept = [];
  for (const entity of [...entities].sort((a, b) => a.start - b.start)) {
    const before = kept[kept.length - 1];
    if (!before || entity.start >= before.end) kept.push(entity);
    else {
      const longer = entity.end - entity.start - (before.end - before.start);
      if (longer > 0 || (longer === 0 && entity.score > before.score)) kept[kept.length - 1] = entity;
    }
  }
  return kept;
}
