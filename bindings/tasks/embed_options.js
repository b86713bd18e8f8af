/** The options of `embed`, checked, and what a model's files say where they are silent. */

import { checkOptions } from '../check.js';
import { POOL } from '../core/abi.js';
import { InputError } from '../errors.js';

/** The core's poolings by the names of 1_Pooling/config.json (`pooling_mode_…`). @type {Record<string, number>} */
const POOLINGS = {
  cls: POOL.FIRST,
  mean: POOL.MEAN,
  max: POOL.MAX,
  mean_sqrt_len: POOL.MEAN_SQRT,
  lasttoken: POOL.LAST,
  weightedmean: POOL.WEIGHTED_MEAN,
};

const OPTIONS = [
  'pooling',
  'normalize',
  'dimensions',
  'prompt',
  'precision',
  'onTruncate',
  'progress',
  'signal',
];

/**
 * @param {import('./encoder.js').Parts} parts
 * @param {import('./embed.js').EmbedOptions} options
 */
export function readOptions(parts, options) {
  const { sentenceTransformer, dense } = parts;
  const given = checkOptions(options, OPTIONS);
  const names = [given.pooling ?? defaultPooling(parts)].flat();
  const modes = names.map((name) => {
    if (Object.hasOwn(POOLINGS, name)) return POOLINGS[name];
    throw new InputError(`pooling is "${name}"; expected one of ${Object.keys(POOLINGS).join(', ')}`, {
      path: 'pooling',
      value: name,
    });
  });
  const chain = given.pooling ? [] : dense;
  const full = fullLength(parts, modes.length, chain);
  const dimensions = given.dimensions ?? full;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > full) {
    throw new InputError(`dimensions is ${dimensions}; expected an integer from 1 to ${full}`, {
      path: 'dimensions',
      value: dimensions,
    });
  }
  oneOf('precision', given.precision ?? 'float32', ['float32', 'int8', 'binary']);
  oneOf('onTruncate', given.onTruncate ?? 'cut', ['cut', 'error', 'chunk']);
  if (given.precision === 'binary' && dimensions % 8) {
    throw new InputError(`dimensions is ${dimensions}; binary vectors need a multiple of 8`, {
      value: dimensions,
    });
  }
  return {
    modes,
    dense: chain,
    full,
    dimensions,
    normalize: given.normalize ?? sentenceTransformer?.normalize ?? false,
    prompt: promptOf(given.prompt, sentenceTransformer),
    precision: given.precision ?? 'float32',
    onTruncate: given.onTruncate ?? 'cut',
    progress: given.progress,
    signal: given.signal,
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
export function fullLength({ model }, poolings, dense) {
  const last = dense.at(-1);
  return last === undefined ? model.width * poolings : model.description.head[last].outputs;
}

/** @param {string} name @param {string} value @param {string[]} allowed */
function oneOf(name, value, allowed) {
  if (allowed.includes(value)) return;
  throw new InputError(`${name} is ${JSON.stringify(value)}; expected one of ${allowed.join(', ')}`, {
    path: name,
    value,
  });
}

/**
 * @param {string | undefined} prompt
 * @param {import('../text/sentence_transformers.js').SentenceTransformer | null} sentenceTransformer
 */
function promptOf(prompt, sentenceTransformer) {
  const name = prompt ?? sentenceTransformer?.defaultPrompt ?? '';
  if (typeof name !== 'string') {
    throw new InputError(`prompt is ${typeof name}; expected a string`, { path: 'prompt', value: name });
  }
  const known = sentenceTransformer?.prompts ?? {};
  return Object.hasOwn(known, name) ? known[name] : name;
}
