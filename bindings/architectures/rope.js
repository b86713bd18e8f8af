/** Rotary positions as config.json writes them, in transformers 4 and 5: which table of angles a kind of layer turns by. */
import { ConfigError, show, UnsupportedError } from '../errors.js';
import { LIMITS, number } from '../formats/config.js';
import { isObject } from '../formats/json.js';

/** wf_rope_method */
const METHOD = { PLAIN: 0, LINEAR: 1, YARN: 3, LLAMA3: 4 };

/**
 * @typedef {import('../formats/config.js').Config} Config
 *
 * @typedef {object} Rope a table of angles
 * @property {number} pairs
 * @property {number} gain of sines and cosines
 * @property {number} base 1 / the frequency ratio of the first pair to the one behind the last
 * @property {number} method wf_rope_method
 * @property {number[]} options of the method, five numbers
 * @property {true} [exact] angles in double, where the reference has them so
 * @property {true} [map] angles of patches by both their coordinates
 */

/** What the description says of tables of angles. @param {Rope[]} ropes */
export const tablesOf = (ropes) =>
  ropes.map(({ pairs, base, gain, exact, map }) => ({
    pairs,
    base: exact ? base : 0,
    gain,
    map: map ? 1 : 0,
  }));

/** Positions of a factor that stretches texts. @param {Config} config @param {Config} scaling */
const trained = (config, scaling) =>
  number(
    'original_max_position_embeddings' in scaling ? scaling : config,
    ['original_max_position_embeddings', 'max_position_embeddings'],
    { min: 1, max: LIMITS.tokens },
  );

const FACTOR = { min: 1, max: 1e6 };

/** What each type of scaling is to the core. @type {Record<string, (scaling: Config, config: Config) => Partial<Rope>>} */
const TYPES = {
  default: () => ({}),
  linear: (scaling) => ({ method: METHOD.LINEAR, options: [number(scaling, 'factor', FACTOR), 0, 0, 0, 0] }),
  llama3: (scaling, config) => ({
    method: METHOD.LLAMA3,
    options: [
      number(scaling, 'factor', FACTOR),
      trained(config, scaling),
      number(scaling, 'low_freq_factor', { min: 1e-6, max: 1e6 }),
      number(scaling, 'high_freq_factor', { min: 1e-6, max: 1e6 }),
      0,
    ],
  }),
  yarn: (scaling, config) => {
    const factor = number(scaling, 'factor', FACTOR);
    for (const key of ['mscale', 'mscale_all_dim'])
      if (scaling[key])
        throw new UnsupportedError(`config: ${key} of rotary positions is not supported`, { path: key });
    const turns = [32, 1].map((fallback, i) =>
      number(scaling, ['beta_fast', 'beta_slow'][i], { min: 1e-6, max: 1e6, fallback }),
    );
    return {
      method: METHOD.YARN,
      options: [factor, trained(config, scaling), ...turns, scaling.truncate === false ? 0 : 1],
      gain: number(scaling, 'attention_factor', {
        min: 1e-6,
        max: 1e6,
        fallback: 0.1 * Math.log(factor) + 1,
      }),
    };
  },
};

/**
 * @param {Config} config
 * @param {{ width: number, base: number, type?: string, keys?: string[] }} options width: channels that turn. base: the
 *   class' default. type: of layers, if the config has parameters for each. keys: names of the base where it stands beside other
 *   parameters
 * @returns {Rope}
 * @throws {UnsupportedError} for a scaling that is not computed
 */
export function ropeOf(config, { width, base, type, keys = ['rope_theta'] }) {
  const found = config.rope_parameters ?? config.rope_scaling ?? {};
  const all = /** @type {Config} */ (found);
  const scaling = /** @type {Config} */ (type && isObject(all[type]) ? all[type] : all);
  if (!isObject(scaling)) {
    const message = `config: rotary parameters are ${show(found)}; expected an object`;
    throw new ConfigError(message, { path: 'rope_parameters', value: found });
  }
  const name = scaling.rope_type ?? scaling.type ?? 'default';
  if (typeof name !== 'string' || !Object.hasOwn(TYPES, name)) {
    const known = Object.keys(TYPES).join(', ');
    throw new UnsupportedError(
      `config: rotary positions of type ${show(name)} are not supported; known: ${known}`,
      {
        path: 'rope_type',
        value: name,
      },
    );
  }
  const theta = number(
    scaling.rope_theta === undefined ? config : scaling,
    scaling.rope_theta === undefined ? keys : 'rope_theta',
    {
      min: 1e-3,
      max: 1e12,
      fallback: base,
    },
  );
  return {
    pairs: width / 2,
    gain: 1,
    base: theta,
    method: METHOD.PLAIN,
    options: [0, 0, 0, 0, 0],
    ...TYPES[name](scaling, config),
  };
}

/**
 * The frequencies of a table in float32, rounded where PyTorch rounds them.
 * @param {import('../core/instance.js').Instance} instance
 * @param {Rope} rope
 * @returns {Float32Array} [pairs]
 */
export function frequenciesOf(instance, { pairs, base, method, options }) {
  if (method === METHOD.PLAIN || method === METHOD.LINEAR) {
    const factor = method === METHOD.LINEAR ? options[0] : 1;
    const power = (/** @type {number} */ i) => Math.fround(base ** Math.fround((2 * i) / (2 * pairs)));
    return Float32Array.from({ length: pairs }, (_, i) => Math.fround(1 / power(i)) / factor);
  }
  const found = new Float64Array(pairs);
  const given = Float64Array.from(options);
  instance.invoke('wf_rope_frequencies', [{ out: found }, null, pairs, method, base, given]);
  return Float32Array.from(found);
}

const [FULL, SLIDING] = ['full_attention', 'sliding_attention'];

/**
 * Which layers see all: named one by one, or every so many.
 * @param {import('./sizes.js').Config} config
 * @param {number} layers
 * @param {(index: number) => boolean} isFull where the config names none
 * @returns {boolean[]}
 */
export function fullLayers(config, layers, isFull) {
  const named = config.layer_types ?? null;
  if (named === null) return Array.from({ length: layers }, (_, i) => isFull(i));
  if (
    Array.isArray(named) &&
    named.length === layers &&
    named.every((name) => [FULL, SLIDING].includes(name))
  )
    return named.map((name) => name === FULL);
  const message = `config: layer_types is ${show(named)}; expected ${layers} names, ${FULL} or ${SLIDING}`;
  throw new ConfigError(message, { path: 'layer_types', value: named });
}
