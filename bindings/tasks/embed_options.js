/** The options of `embed`, checked, and what a model's files say where they are silent. */
import { check } from '../check.js';
import { POOL } from '../core/abi.js';
import { InputError, show, UnsupportedError } from '../errors.js';
import { didYouMean } from '../options/nearest.js';
import { callback, choice, choices, flag, floats, integer, signal, text } from '../options/table.js';
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
const NAMES = /** @type {import('../public.js').Pooling[]} */ ([...Object.keys(POOLINGS), 'pooler', 'none']);
/** What a model's own pooling gives, by the names of a forward's outputs. */
const POOLED = ['text_embeds', 'image_embeds', 'pooler_output'];

/**
 * @param {number} full length of the vectors
 * @param {number} usual how many values are kept by default
 */
const optionsOf = (full, usual) => ({
  pooling: choices(NAMES, 'how rows become a vector; several are concatenated', {
    single: true,
    optional: "as the model's files say",
    must: [
      [
        'without others beside "pooler" or "none"',
        (names) =>
          names.length === 1 ||
          !names.some((/** @type {string} */ name) => name === 'pooler' || name === 'none'),
      ],
    ],
  }),
  normalize: flag('scale vectors to unit length', { optional: "as the model's files say" }),
  dimensions: integer('keep the first so many values', { min: 1, max: full, default: usual }),
  prompt: text('put before every text', { optional: "as the model's files say" }),
  promptName: text("the name of one of the model's prompts, instead of `prompt`", {
    optional: "as the model's files say",
    only: { prompt: false },
  }),
  precision: choice(['float32', 'int8', 'uint8', 'binary', 'ubinary'], 'of the values', {
    default: 'float32',
  }),
  ranges: floats('[2, dimensions]', 'the least and the largest value of each dimension', {
    only: { precision: ['int8', 'uint8'] },
    optional: 'none',
    must: [['of finite numbers, the least first', (ranges) => areRanges(ranges)]],
  }),
  onTruncate: choice(['cut', 'error', 'chunk'], 'what happens to texts that are too long', {
    default: 'cut',
  }),
  orientation: choice(ORIENTATIONS, 'whether pictures are turned as their files say', { default: 'apply' }),
  progress: callback('told how many texts are done', { optional: true }),
  signal: signal('stops the call', { optional: true }),
});

/** @param {ArrayLike<number>} ranges [2, dimensions] */
function areRanges(ranges) {
  const width = ranges.length / 2;
  return Array.from({ length: width }, (_, i) => ranges[width + i] - ranges[i]).every(
    (size) => size >= 0 && Number.isFinite(size),
  );
}

/**
 * @param {import('./parts.js').Parts} parts
 * @param {import('../public.js').EmbedOptions} options
 */
export function readOptions(parts, options) {
  const { sentenceTransformer } = parts;
  const asked = options?.pooling;
  const last = parts.stages[parts.stages.length - 1];
  // What follows pooling fits the model's own: with another it is left out, but for the unit length.
  const stages = asked ? [{ heads: [], normalize: last.normalize }] : parts.stages;
  const full = fullLength(parts, outputOf(parts.model, known(asked) ?? defaultPooling(parts)), stages);
  const usual = Math.min(full, sentenceTransformer?.dimensions ?? full);
  const given = check('embed', options, optionsOf(full, usual));
  const names = given.pooling ?? defaultPooling(parts);
  if (given.precision === 'uint8' && !given.ranges) {
    throw new InputError(
      'precision is "uint8", which needs ranges: the least and the largest value of each dimension',
      {
        path: 'ranges',
      },
    );
  }
  if (given.precision.endsWith('binary') && given.dimensions % 8) {
    throw new InputError(`dimensions is ${given.dimensions}; binary vectors need a multiple of 8`, {
      path: 'dimensions',
      value: given.dimensions,
    });
  }
  const unit = given.normalize ?? last.normalize;
  // What is cut stays as it is, as sentence-transformers leaves it, unless unit length is asked for.
  const again = given.dimensions < full && given.normalize === true;
  return {
    ...given,
    output: outputOf(parts.model, names),
    isRows: names[0] === 'none',
    stages: [...stages.slice(0, -1), { heads: stages[stages.length - 1].heads, normalize: unit && !again }],
    full,
    again,
    prompt: promptOf(given, sentenceTransformer),
    includePrompt: sentenceTransformer?.pooling?.includePrompt ?? true,
  };
}

/**
 * How a model's texts or pictures are pooled by default: as its sentence-transformers files say, else as its family does.
 * @param {import('./parts.js').Parts} parts
 * @returns {import('../public.js').Pooling[]}
 */
export function defaultPooling({ sentenceTransformer, model }) {
  return sentenceTransformer?.pooling?.modes ?? [model.blueprint.pooling ?? 'mean'];
}

/** Poolings that are asked for, before they are checked: what is wrong with them is told then. @param {any} asked */
function known(asked) {
  const names = asked ? [asked].flat() : undefined;
  return names?.every((name) => NAMES.includes(name)) ? names : names && Array(names.length).fill('mean');
}

/**
 * What poolings give, as an output.
 * @param {import('../run/model.js').Model} model
 * @param {import('../public.js').Pooling[]} names
 * @returns {import('../run/model.js').Output}
 * @throws {UnsupportedError} a pooler that the model does not have
 */
export function outputOf({ blueprint: { outputs, skip } }, names) {
  if (names.includes('none')) return { poolings: [], heads: [] };
  if (names.includes('pooler')) {
    const own = outputs.find(({ name, poolings }) => POOLED.includes(name) && poolings.length);
    if (own) return own;
    throw new UnsupportedError('pooling is "pooler", but this model has no pooler of its own', {
      path: 'pooling',
      value: 'pooler',
    });
  }
  // A class token that means leave out is still the first.
  const poolings = names.map((name) =>
    name === 'cls' && skip ? POOL.TOKEN : POOLINGS[/** @type {keyof typeof POOLINGS} */ (name)],
  );
  return { poolings, heads: [] };
}

/**
 * The length of vectors before any is left out.
 * @param {import('./parts.js').Parts} parts
 * @param {import('../run/model.js').Output} output
 * @param {import('../loading/modules.js').Stage[]} stages behind pooling
 */
export const fullLength = ({ model }, { poolings, heads }, stages) =>
  model.outputWidth({ poolings, heads: [...heads, ...stages.flatMap((stage) => stage.heads)] });

/**
 * @param {{ prompt?: string, promptName?: string }} given
 * @param {import('../text/sentence_transformers.js').SentenceTransformer | null} sentenceTransformer
 */
function promptOf({ prompt, promptName }, sentenceTransformer) {
  if (prompt !== undefined) return prompt;
  const { prompts = {}, defaultPrompt = null } = sentenceTransformer ?? {};
  const name = promptName ?? defaultPrompt;
  if (name === null) return '';
  if (Object.hasOwn(prompts, name)) return prompts[name];
  const known = Object.keys(prompts);
  const names = known.length
    ? `the model's prompts are: ${known.join(', ')}`
    : 'the model has none; a text of your own is the option "prompt"';
  const message = `promptName is ${show(name)}${didYouMean(name, known)}; ${names}`;
  throw new InputError(message, { path: 'promptName', value: name });
}
