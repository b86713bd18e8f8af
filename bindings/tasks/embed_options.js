/** The options of `embed`, checked, and what a model's files say where they are silent. */
import { check } from '../check.js';
import { POOL } from '../core/abi.js';
import { InputError } from '../errors.js';
import { callback, choice, choices, flag, integer, signal, text } from '../options.js';
import { ORIENTATIONS } from './pictures.js';

/** The core's poolings by the names of 1_Pooling/config.json (`pooling_mode_…`). */
const POOLINGS = {
  cls: POOL.FIRST,
  mean: POOL.MEAN,
  max: POOL.MAX,
  mean_sqrt_len: POOL.MEAN_SQRT,
  lasttoken: POOL.LAST,
  weightedmean: POOL.WEIGHTED_MEAN,
};
const NAMES = /** @type {import('./embed.js').Pooling[]} */ (Object.keys(POOLINGS));

/** @param {number} full length of the vectors */
const optionsOf = (full) => ({
  pooling: choices(NAMES, 'how rows become a vector; several are concatenated', {
    single: true,
    optional: "as the model's files say",
  }),
  normalize: flag('scale vectors to unit length', { optional: "as the model's files say" }),
  dimensions: integer('keep the first so many values', { min: 1, max: full, default: full }),
  prompt: text("put before every text: the name of one of the model's prompts, or the text itself", {
    optional: "as the model's files say",
  }),
  precision: choice(['float32', 'int8', 'binary'], 'of the values', { default: 'float32' }),
  onTruncate: choice(['cut', 'error', 'chunk'], 'what happens to texts that are too long', {
    default: 'cut',
  }),
  orientation: choice(ORIENTATIONS, 'whether pictures are turned as their files say', { default: 'apply' }),
  progress: callback('told how many texts are done', { optional: true }),
  signal: signal('stops the call', { optional: true }),
});

/**
 * @param {import('./encoder.js').Parts} parts
 * @param {import('./embed.js').EmbedOptions} options
 */
export function readOptions(parts, options) {
  const { sentenceTransformer, dense } = parts;
  const asked = options?.pooling;
  const chain = asked ? [] : dense;
  const full = fullLength(parts, asked ? [asked].flat().length : defaultPooling(parts).length, chain);
  const given = check('embed', options, optionsOf(full));
  const names = given.pooling ?? defaultPooling(parts);
  if (given.precision === 'binary' && given.dimensions % 8) {
    throw new InputError(`dimensions is ${given.dimensions}; binary vectors need a multiple of 8`, {
      path: 'dimensions',
      value: given.dimensions,
    });
  }
  return {
    ...given,
    poolings: names.map((name) => POOLINGS[name]),
    dense: chain,
    full,
    normalize: given.normalize ?? sentenceTransformer?.normalize ?? false,
    prompt: promptOf(given.prompt, sentenceTransformer),
  };
}

/**
 * How a model's texts or pictures are pooled by default: as its sentence-transformers files say, else as its family does.
 * @param {import('./encoder.js').Parts} parts
 * @returns {import('./embed.js').Pooling[]}
 */
export function defaultPooling({ sentenceTransformer, model }) {
  return sentenceTransformer?.pooling?.modes ?? [model.blueprint.pooling ?? 'mean'];
}

/**
 * The length of vectors before any is left out.
 * @param {import('./encoder.js').Parts} parts
 * @param {number} poolings
 * @param {number[]} dense heads behind pooling
 */
export const fullLength = ({ model }, poolings, dense) =>
  model.outputWidth({ poolings: new Array(poolings).fill(POOL.MEAN), heads: dense });

/**
 * @param {string | undefined} prompt
 * @param {import('../text/sentence_transformers.js').SentenceTransformer | null} sentenceTransformer
 */
function promptOf(prompt, sentenceTransformer) {
  const name = prompt ?? sentenceTransformer?.defaultPrompt ?? '';
  const known = sentenceTransformer?.prompts ?? {};
  return Object.hasOwn(known, name) ? known[name] : name;
}
