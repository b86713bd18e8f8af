/**
 * The encoder that `load` returns: text or tensors in, hidden states, vectors and classes out. Not here: how weights get
 * in (loading/assemble.js), how rows are computed (run/model.js and the core).
 */

import { modelTypeOf } from '../architectures/index.js';
import { check } from '../check.js';
import { STEM } from '../core/abi.js';
import { DisposedError, UnsupportedError } from '../errors.js';
import { flag, signal } from '../options/table.js';
import { forward } from '../run/forward.js';
import { isInputs } from '../run/inputs.js';
import { tokenizeTexts } from '../text/tokenize.js';
import { noTokenizer } from './asked.js';
import { classifySequences } from './classify.js';
import { embedSequences } from './embed.js';
import { defaultPooling, fullLength } from './embed_options.js';

/**
 * @import * as Public from '../public.js'
 * @import { Parts } from './parts.js'
 */

const FORWARD = {
  hidden_states: flag('return the rows before layer 0 and after every layer', { default: false }),
  attentions: flag('return the attention maps of every layer', { default: false }),
  signal: signal('stops the call', { optional: true }),
};

export class Encoder {
  /** @type {Parts | null} */ #parts;
  /** Calls run one after another: they share the core's scratch. @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /** @internal @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @returns {Parts} */
  get #alive() {
    if (!this.#parts) throw new DisposedError('this encoder was disposed');
    return this.#parts;
  }

  /** The model's config.json, validated. @returns {Readonly<Record<string, any>>} */
  get config() {
    return this.#alive.config;
  }

  /** `model_type` of the config, or `timm:` and timm's name of the model. @returns {string} */
  get modelType() {
    return /** @type {string} */ (modelTypeOf(this.#alive.config));
  }

  /** What the model was made for, by the names of Hugging Face's pipelines. @returns {string[]} */
  get tasks() {
    return [...this.#alive.model.blueprint.tasks];
  }

  /** The build of the core that runs. @returns {'base' | 'relaxed'} */
  get build() {
    return this.#alive.build;
  }

  /** Bytes of WebAssembly memory that the model takes: its weights, packed, and the scratch of a forward. */
  get memory() {
    return this.#alive.model.memory;
  }

  /** Tokens that a text may have before it is cut, special tokens included. */
  get maxLength() {
    const { sentenceTransformer, tokenizer, model } = this.#alive;
    const { padding, maxLength = Infinity } = model.blueprint;
    const { positions } = model.description;
    const places = positions ? positions - (padding === undefined ? 0 : padding + 1) : Infinity;
    // What sentence-transformers says counts more than the tokenizer and the config, also where that is less.
    const said = sentenceTransformer?.maxLength ?? Math.min(tokenizer?.maxLength ?? Infinity, maxLength);
    return Math.min(said, places);
  }

  /** How `embed` pools by default: the names that its option `pooling` takes. @returns {Public.Pooling[]} */
  get pooling() {
    return [...defaultPooling(this.#alive)];
  }

  /** Length of the vectors that `embed` returns. */
  get dimensions() {
    const { stages, sentenceTransformer } = this.#alive;
    const full = fullLength(this.#alive, this.pooling.length, stages);
    return Math.min(full, sentenceTransformer?.dimensions ?? full);
  }

  /**
   * Runs the model. Padded tokens are not computed: their rows and columns are zeros. At most 2^20 tokens in a call.
   * @param {Public.Inputs} inputs by Hugging Face's names, Tensors or nested arrays
   * @param {Public.ForwardOptions} [options]
   * @returns {Promise<Public.ForwardResult>} by Hugging Face's names
   * @throws {InputError} an id outside its table, a missing input; {ShapeError} shapes that do not fit
   */
  async forward(inputs, options = {}) {
    return this.#exclusive(() => forward(this.#alive.model, inputs, check('forward', options, FORWARD)));
  }

  /**
   * Turns texts or pictures into vectors. Texts as the model's sentence-transformers files say (modules.json, 1_Pooling), or
   * by the mean of all tokens where there are none. The result does not depend on what else is in the call.
   * @template {Public.Precision} [P='float32']
   * @param {Public.Picture | readonly string[] | readonly Public.Picture[] | Public.Inputs} input a text, or a picture as for
   *   `classify`; an array of them; or inputs as for `forward`
   * @param {Public.EmbedOptions<P>} [options]
   * @returns {Promise<Public.Embeddings<P>>} [n, dimensions]
   * @throws {InputError} what is no text or picture, an unknown option; {UnsupportedError} what the model does not read;
   *   {AbortError}
   */
  async embed(input, options = {}) {
    return /** @type {any} */ (
      this.#exclusive(() => embedSequences(this.#alive, input, options, this.maxLength))
    );
  }

  /**
   * Classifies texts or pictures with the model's own head. A reranker's score of a query and a document is that of the pair.
   * @overload
   * @param {readonly (string | Public.TextPair)[] | readonly Public.Picture[] | Public.Inputs} input several texts, pairs of texts
   *   {text, pair}, or pictures; or inputs as for `forward`
   * @param {Public.ClassifyOptions} [options]
   * @returns {Promise<Public.Class[][]>} for each, its classes, the best first
   * @throws {InputError} what is no text or picture, an unknown option; {UnsupportedError} a model without a classifier;
   *   {AbortError}
   */
  /**
   * Classifies a text or a picture with the model's own head. A reranker's score of a query and a document is that of the pair.
   * @overload
   * @param {string | Public.TextPair | Public.Picture} input a text, a pair of texts {text, pair}, or a picture (a Blob or bytes of a
   *   file; {path}, a URL, or text that ends as names of pictures do; raw pixels, and in browsers ImageData, ImageBitmap or a
   *   canvas)
   * @param {Public.ClassifyOptions} [options]
   * @returns {Promise<Public.Class[]>} its classes, the best first
   * @throws {InputError} what is no text or picture, an unknown option; {UnsupportedError} a model without a classifier;
   *   {AbortError}
   */
  /**
   * @param {any} input
   * @param {Public.ClassifyOptions} [options]
   * @returns {Promise<any>}
   */
  async classify(input, options = {}) {
    const results = await this.#exclusive(() =>
      classifySequences(this.#alive, input, options, this.maxLength),
    );
    return Array.isArray(input) || isInputs(input) ? results : results[0];
  }

  /**
   * Tokenizes texts as the model was trained, padded to the longest.
   * @param {string | readonly string[]} texts
   * @param {Public.TokenizeOptions} [options]
   * @returns {Public.TokenizedTexts}
   */
  tokenize(texts, options = {}) {
    const { tokenizer, model } = this.#alive;
    if (model.description.stem === STEM.PATCHES)
      throw new UnsupportedError('this model reads pictures, and has no tokenizer');
    if (!tokenizer) throw noTokenizer();
    return tokenizeTexts(tokenizer, texts, options, this.maxLength);
  }

  /** What the encoder is: `Encoder bert (feature-extraction), vectors of 384, texts of 512 tokens, relaxed build, 93 MB`. */
  toString() {
    if (!this.#parts) return 'Encoder (disposed)';
    const { description } = this.#parts.model;
    const size = `${this.build} build, ${Math.round(this.memory / 1e6)} MB`;
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

  /**
   * Runs a task after all that were asked for before it.
   * @template T
   * @param {() => Promise<T>} task
   * @returns {Promise<T>}
   */
  #exclusive(task) {
    const result = this.#queue.then(() => {
      this.#alive;
      return task();
    });
    this.#queue = result.catch(() => {});
    return result;
  }
}

// An engine without these symbols took their names for this one.
Reflect.deleteProperty(Encoder.prototype, 'undefined');
