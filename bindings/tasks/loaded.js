/** A loaded model: its parts, what it is, and the order of its calls. Not here: the calls (encoder.js). */
import { modelTypeOf } from '../architectures/index.js';
import { STEM } from '../core/abi.js';
import { DisposedError } from '../errors.js';
import { describeWeights, readWeight } from '../run/weights.js';
import { defaultPooling, fullLength, outputOf } from './embed_options.js';

/**
 * @import * as Public from '../public.js'
 * @import { WeightInfo } from '../run/public.js'
 * @import { Tensor } from '../tensor.js'
 * @import { Parts } from './parts.js'
 */

/** For calls alone: the parts of a model that was not disposed of, and running a task in turn. */
export const PARTS = Symbol('parts');
export const RUN = Symbol('run');

/** What a model's head is for, and what its labels make it fit for beside that. @param {Parts} parts */
function tasksOf({ model, config }) {
  const { tasks, outputs } = model.blueprint;
  if (!tasks.includes('text-classification')) return [...tasks];
  const labels = Object.values(config.id2label ?? {});
  const logits = outputs.find(({ name, poolings }) => name === 'logits' && poolings.length);
  return [
    ...tasks,
    ...(logits && model.outputWidth(logits) === 1 ? ['text-ranking'] : []),
    ...(labels.some((label) => /^entail/i.test(String(label))) ? ['zero-shot-classification'] : []),
  ];
}

/** A loaded model: what it is, and its calls one after another. */
export class Loaded {
  /** @type {Parts | null} */ #parts;
  /** Calls run one after another: they share the core's scratch. @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /** @internal @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @internal @returns {Parts} */
  get [PARTS]() {
    if (!this.#parts) throw new DisposedError('this encoder was disposed');
    return this.#parts;
  }

  /** The model's config.json, validated. @returns {Readonly<Record<string, any>>} */
  get config() {
    return this[PARTS].config;
  }

  /** `model_type` of the config, or `timm:` and timm's name of the model. @returns {string} */
  get modelType() {
    return /** @type {string} */ (modelTypeOf(this[PARTS].config));
  }

  /** What the model was made for, by the names of Hugging Face's pipelines. @returns {string[]} */
  get tasks() {
    return tasksOf(this[PARTS]);
  }

  /** The build of the core that runs. @returns {'base' | 'relaxed' | 'wide'} */
  get build() {
    return this[PARTS].build;
  }

  /**
   * How the core runs: its build, how the layers' weights are kept, how many threads share a forward, and why no more do, null if as
   * many as were asked for.
   * @returns {{ build: 'base' | 'relaxed' | 'wide', dtype: 'f32' | 'int8', threads: number, why: string | null }}
   */
  get info() {
    const { threads, why } = this[PARTS].instance.sharing;
    return { build: this.build, dtype: this[PARTS].model.dtype, threads, why };
  }

  /** Bytes of WebAssembly memory that the model takes: its weights, packed, and the scratch of a forward. @returns {number} */
  get memory() {
    return this[PARTS].model.memory;
  }

  /** Tokens that a text may have before it is cut, special tokens included. @returns {number} */
  get maxLength() {
    const { sentenceTransformer, tokenizer, model } = this[PARTS];
    const { padding, maxLength = Infinity } = model.blueprint;
    const { positions } = model.description;
    const places = positions ? positions - (padding === undefined ? 0 : padding + 1) : Infinity;
    // What sentence-transformers says counts more than the tokenizer and the config, also where that is less.
    const said = sentenceTransformer?.maxLength ?? Math.min(tokenizer?.maxLength ?? Infinity, maxLength);
    return Math.min(said, places);
  }

  /** How `embed` pools by default: the names that its option `pooling` takes. @returns {Public.Pooling[]} */
  get pooling() {
    return [...defaultPooling(this[PARTS])];
  }

  /** Length of the vectors that `embed` returns. @returns {number} */
  get dimensions() {
    const { stages, sentenceTransformer } = this[PARTS];
    const full = fullLength(this[PARTS], outputOf(this[PARTS].model, this.pooling), stages);
    return Math.min(full, sentenceTransformer?.dimensions ?? full);
  }

  /**
   * The weights that the model reads, by the names that its files have for them (of a module of sentence-transformers behind its
   * folder, `2_Dense/linear.weight`), in the files' order.
   * @returns {WeightInfo[]}
   */
  weights() {
    return describeWeights(this[PARTS].weights);
  }

  /**
   * A weight as its file holds it, or some of its rows, unpacked from the copy that the model computes with. float16 and bfloat16
   * become float32 without a loss; float64 is rounded. Of a model loaded with `dtype: 'int8'` the layers' weights and the table of
   * words are what is left of them.
   * @param {string} name as `weights` gives it
   * @param {{ rows?: readonly [from: number, to: number] }} [options] rows: along the first axis, `to` left out; all by default
   * @returns {Tensor<'float32'>} of the shape in the file, its first size being that of the rows
   * @throws {InputError} a name that the model does not read, rows that are not there; {UnsupportedError} a convolution that is kept
   *   as its weight norm makes it (wav2vec2); {DisposedError}
   * @example
   * encoder.weight('embeddings.word_embeddings.weight', { rows: [101, 102] }); // [1, 384]
   */
  weight(name, options = {}) {
    const { weights, model, vision } = this[PARTS];
    return readWeight(weights, [model, vision], name, options);
  }

  /**
   * Runs a task after all that were asked for before it.
   * @internal
   * @template T
   * @param {() => Promise<T>} task
   * @returns {Promise<T>}
   */
  [RUN](task) {
    const result = this.#queue.then(() => {
      this[PARTS];
      return task();
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  /** What the encoder is: `Encoder bert (feature-extraction), vectors of 384, texts of 512 tokens, relaxed build, 93 MB`. */
  toString() {
    if (!this.#parts) return 'Encoder (disposed)';
    const { description } = this.#parts.model;
    const { build, dtype, threads } = this.info;
    const many = threads > 1 ? ` on ${threads} threads` : '';
    const kept = dtype === 'f32' ? '' : `${dtype}, `;
    const size = `${kept}${build} build${many}, ${Math.round(this.memory / 1e6)} MB`;
    const texts = description.stem === STEM.TOKENS ? `, texts of ${this.maxLength} tokens` : '';
    const vectors = description.stem === STEM.ATTENTION ? '' : `, vectors of ${this.dimensions}`;
    return `Encoder ${this.modelType} (${this.tasks.join(', ')})${vectors}${texts}, ${size}`;
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return this.toString();
  }

  /** Frees the model's memory. Calls that follow throw a DisposedError. */
  dispose() {
    this.#parts?.instance.dispose();
    this.#parts = null;
  }

  /** As `dispose`, for `using`. */
  [Symbol.dispose]() {
    this.dispose();
  }

  /** As `dispose`, for `await using`. */
  async [Symbol.asyncDispose]() {
    this.dispose();
  }
}

// An engine without these symbols took their names for this one.
Reflect.deleteProperty(Loaded.prototype, 'undefined');
