/**
 * The inner values of a forward, by name: what `{trace: true}` adds to it. The core appends them as it makes them; which there are,
 * and of what shape, it is asked (wf_encoder_trace_shape).
 */
import { allocate, sizeOfShape } from '../arrays.js';
import { STEM, TRACED, TRACED_TOKENS } from '../core/abi.js';
import { InputError, ShapeError, UnsupportedError } from '../errors.js';
import { Tensor } from '../tensor.js';

/**
 * @import { Trace } from './public.js'
 * @typedef {import('./inputs.js').Inputs} Inputs
 * @typedef {import('./model.js').Model} Model
 * @typedef {import('./sequences.js').Watcher} Watcher
 * @typedef {import('../architectures/blueprint.js').ModelDescription} ModelDescription
 * @typedef {{ name: string, shape: number[] }} Value shape: [planes, rows, columns] of the tokens that count
 *
 * @typedef {object} Watched what a block's run tells of the stem (state 0) and of the layer before each other state
 * @property {number} size the most values that one of them has
 * @property {(state: number, values: Float32Array) => void} take
 */

/** The names of what is traced, in the order in which it is made: first the stem's, then a layer's. @type {[keyof typeof TRACED, string][]} */
const STEM_NAMES = [
  ['WORD', 'word'],
  ['TYPE', 'type'],
  ['PATCH', 'patch'],
  ['PREFIX', 'prefix'],
  ['POSITION', 'position'],
  ['SUM', 'sum'],
  ['EMBEDDING_NORM', 'norm'],
  ['PROJECTED', 'projected'],
  ['PROJECTED_NORM', 'norm'],
];
/** @type {[keyof typeof TRACED, string][]} */
const LAYER_NAMES = [
  ['BEFORE_ATTENTION', 'before_attention'],
  ['QUERY', 'query'],
  ['KEY', 'key'],
  ['VALUE', 'value'],
  ['QUERY_NORMED', 'query_normed'],
  ['KEY_NORMED', 'key_normed'],
  ['QUERY_ROTATED', 'query_rotated'],
  ['KEY_ROTATED', 'key_rotated'],
  ['SCORES', 'scores'],
  ['BIAS', 'bias'],
  ['CONTEXT', 'context'],
  ['ATTENTION_OUTPUT', 'attention_output'],
  ['INSIDE_ATTENTION', 'inside_attention'],
  ['ATTENTION_SUM', 'attention_sum'],
  ['AFTER_ATTENTION', 'attention_norm'],
  ['BEFORE_FEED_FORWARD', 'before_feed_forward'],
  ['INTERMEDIATE', 'intermediate'],
  ['UP', 'up'],
  ['ACTIVATED', 'activated'],
  ['FEED_FORWARD', 'feed_forward'],
  ['INSIDE_FEED_FORWARD', 'inside_feed_forward'],
  ['FEED_FORWARD_SUM', 'feed_forward_sum'],
  ['AFTER_FEED_FORWARD', 'feed_forward_norm'],
];
/** What has a plane for each head, [H, T, …]; all else is a matrix. */
const OF_HEADS = ['query', 'key', 'value', 'query_normed', 'key_normed', 'query_rotated', 'key_rotated'];
/** What has a column for each token, too. */
const OF_PAIRS = ['scores', 'bias', 'attention'];
/** What has rows that are no tokens. */
const OF_PARTS = ['patch', 'prefix'];

/**
 * @param {ModelDescription} description
 * @param {string} name of the model's type, for messages
 * @throws {UnsupportedError} a model whose inside is not traced
 */
export function refuseUntraced(description, name) {
  /** @param {string} which */
  const refuse = (which) => {
    throw new UnsupportedError(`no trace is made of ${which}`, { path: 'trace', value: name });
  };
  if (description.stem === STEM.ATTENTION) refuse('a lone attention module');
  if (description.stem === STEM.FRAMES)
    refuse(`a model that begins with convolutions over sound, as ${name} does`);
  if (description.kind.some(({ window }) => window > 0))
    refuse(`a model that attends within windows, as ${name} does`);
}

/** Collects the trace of a forward. */
export class Tracer {
  /** @type {Inputs} */ #inputs;
  /** What each state's trace has. @type {Value[][]} */ #values;
  /** @type {any} */ #embeddings = {};
  /** @type {any[]} */ #layers;
  /** The maps of the layer that is being taken. @type {Float32Array} */ #maps = new Float32Array(0);
  /** The most values that one state's trace has. @type {number} */ size;

  /**
   * @param {Model} model
   * @param {Inputs} inputs
   * @throws {InputError} several sequences, or one without tokens; {ShapeError} one that is too long
   */
  constructor(model, inputs) {
    const { batch, sequences } = inputs;
    const [tokens = 0] = sequences.lengths;
    if (batch !== 1 || tokens === 0) {
      const found = batch === 1 ? 'one without tokens' : String(batch);
      throw new InputError(`trace shows the inside of one sequence; the inputs have ${found}`, {
        path: 'trace',
        value: batch,
      });
    }
    if (tokens > TRACED_TOKENS) {
      throw new ShapeError(
        `trace shows sequences of at most ${TRACED_TOKENS} tokens; this one has ${tokens}`,
        { path: 'trace', value: tokens },
      );
    }
    this.#inputs = inputs;
    const { layers } = model.description;
    this.#layers = Array.from({ length: layers }, () => ({}));
    this.#values = [
      shapesOf(model, STEM_NAMES, 0, tokens),
      ...this.#layers.map((_, layer) => shapesOf(model, LAYER_NAMES, layer, tokens)),
    ];
    this.size = Math.max(
      ...this.#values.map((values) => values.reduce((sum, { shape }) => sum + sizeOfShape(shape), 0)),
    );
  }

  /** Takes what the core appended on the way to a state. @param {number} state @param {Float32Array} values */
  take(state, values) {
    let from = 0;
    for (const { name, shape } of this.#values[state]) {
      const end = from + sizeOfShape(shape);
      const [, tokens] = shape;
      if (name === 'context')
        this.#put(state, 'attention', this.#maps, [this.#maps.length / tokens ** 2, tokens, tokens]);
      this.#put(state, name, values.slice(from, end), shape);
      from = end;
    }
  }

  /** @param {number} state @param {Float32Array} rows that it has */
  hidden(state, rows) {
    const [tokens] = this.#inputs.sequences.lengths;
    this.#put(state, 'output', rows, [1, tokens, rows.length / tokens]);
  }

  /** @param {Float32Array} maps of the layer that is taken next */
  attentions(maps) {
    this.#maps = maps;
  }

  /**
   * Adds a value, with rows of zeros for tokens that were left out.
   * @param {number} state
   * @param {string} name
   * @param {Float32Array} values
   * @param {number[]} shape
   */
  #put(state, name, values, [planes, rows, columns]) {
    const { places, tokens } = this.#inputs;
    const pairs = OF_PAIRS.includes(name);
    const matrix = !pairs && !OF_HEADS.includes(name);
    let [data, height, width] = [values, rows, columns];
    const place = places?.[0];
    if (place && place.length < tokens && !OF_PARTS.includes(name)) {
      [height, width] = [tokens, pairs ? tokens : columns];
      data = allocate(Float32Array, planes * height * width);
      for (let i = 0, from = 0; i < planes * rows; i++) {
        const to = (Math.floor(i / rows) * height + place[i % rows]) * width;
        for (let j = 0; j < columns; j++) data[to + (pairs ? place[j] : j)] = values[from++];
      }
    }
    const into = state === 0 ? this.#embeddings : this.#layers[state - 1];
    into[name] = new Tensor('float32', data, matrix ? [height, width] : [planes, height, width]);
  }

  /** @returns {Trace} */
  get trace() {
    return { embeddings: this.#embeddings, layers: this.#layers };
  }
}

/**
 * The values that a model has of some names.
 * @param {Model} model
 * @param {[keyof typeof TRACED, string][]} names
 * @param {number} layer
 * @param {number} tokens
 * @returns {Value[]}
 */
function shapesOf(model, names, layer, tokens) {
  return names.flatMap(([key, name]) => {
    const shape = new Uint32Array(3);
    model.invoke('wf_encoder_trace_shape', [{ out: shape }, model.address, TRACED[key], layer, tokens]);
    return shape[2] ? [{ name, shape: [...shape] }] : [];
  });
}

/**
 * Runs a block with a trace, for which there is room in the core's memory meanwhile.
 * @param {import('../core/instance.js').Instance} instance
 * @param {number} encoder its address, before a block is begun
 * @param {Watcher} watcher
 * @param {(seen: Watcher) => Promise<void>} work is given a watcher that takes the trace, too
 */
export async function withTrace(instance, encoder, watcher, work) {
  const { trace: watched, hidden } = watcher;
  if (!watched) return work(watcher);
  const place = instance.reserve(watched.size * 4, { zeros: false });
  const append = (/** @type {number} */ to) => instance.invoke('wf_encoder_trace', [to, encoder]);
  try {
    append(place);
    await work({
      ...watcher,
      hidden(state, rows) {
        const values = new Float32Array(watched.size);
        instance.read(values, place);
        watched.take(state, values);
        hidden?.(state, rows);
        append(place);
      },
    });
  } finally {
    append(0);
    instance.release(place, watched.size * 4);
  }
}
