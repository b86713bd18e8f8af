/** What `wasmformer info` says of a model, for people and for programs. Not here: how the facts are found. */
import { align } from './arguments.js';
import { printable } from './printable.js';

/**
 * @typedef {{ layers: number, width: number, heads: number, head_width: number, feed_forward: number }} Sizes
 *
 * @typedef {object} Facts
 * @property {string} model `model_type`
 * @property {string[]} architectures class names of the config
 * @property {string[]} tasks
 * @property {Sizes & { vocabulary: number, positions: number }} sizes of a model of two towers those of the one that reads texts
 * @property {Sizes} [vision] of the other
 * @property {number} parameters
 * @property {Record<string, number>} dtypes parameters by the dtype that the file has them in
 * @property {number} bytes of the files of weights
 * @property {number | null} max_length tokens of a text
 * @property {number} dimensions of a vector
 * @property {string[]} pooling
 * @property {boolean} normalize
 * @property {string[]} ignored keys of the config that its class in transformers does not know either
 * @property {string[]} ignored_by_tokenizer keys of tokenizer_config.json that nothing reads
 * @property {string} build of the core that runs here
 * @property {number} memory bytes that this process holds with the model loaded
 */

const grouped = (/** @type {number} */ n) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** @param {Sizes} sizes */
const layersOf = ({ layers, width, heads, head_width: across, feed_forward: inner }) =>
  `${layers} of width ${width}, ${heads} heads of ${across}, feed-forward ${inner}`;

/** @param {Facts} facts @returns {string} aligned lines */
export function describe(facts) {
  const { sizes } = facts;
  const tables = [
    sizes.vocabulary && `vocabulary of ${grouped(sizes.vocabulary)}`,
    sizes.positions && `${grouped(sizes.positions)} positions`,
  ].filter(Boolean);
  const rows = [
    [
      'model',
      [facts.model, facts.architectures.length ? `(${facts.architectures.join(', ')})` : ''].join(' ').trim(),
    ],
    ['tasks', facts.tasks.join(', ')],
    ['layers', layersOf(sizes)],
    ...(facts.vision ? [['layers for pictures', layersOf(facts.vision)]] : []),
    ['tables', tables.join(', ') || 'none'],
    [
      'parameters',
      `${grouped(facts.parameters)} in ${Object.keys(facts.dtypes).join(' and ')} (${megabytes(facts.bytes)})`,
    ],
    ['max length', facts.max_length === null ? 'unlimited' : `${facts.max_length} tokens`],
    [
      'vectors',
      `${facts.dimensions} dimensions, pooling ${facts.pooling.join(' and ')}${facts.normalize ? ', normalised' : ''}`,
    ],
    ...(facts.ignored.length ? [['ignored keys', facts.ignored.join(', ')]] : []),
    ...(facts.ignored_by_tokenizer.length
      ? [['ignored keys of the tokenizer', facts.ignored_by_tokenizer.join(', ')]]
      : []),
    ['build', facts.build],
    ['memory', `${megabytes(facts.memory)} resident, the whole process with the model loaded`],
  ];
  const lines = align(rows.map(([left, right]) => [left, printable(right)]));
  return `${lines.join('\n')}\n`;
}
