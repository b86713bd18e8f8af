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
import { tokenizeTexts } from '../text/tokenize.js';
import { noTokenizer } from './asked.js';
import { classifySequences } from './classify.js';
import { embedSequences } from './embed.js';
import { defaultPooling, fullLength } from './embed_options.js';

/** @typedef {import('../tensor.js').Tensor} Tensor */

const FORWARD = {
  hidden_states: flag('return the rows before layer 0 and after every layer', { default: false }),
  attentions: flag('return the attention maps of every layer', { default: false }),
  signal: signal('stops the call', { optional: true }),
};

/**
 * @typedef {object} Parts what loading/assemble.js puts an encoder together from
 * @property {import('../run/model.js').Model} model
 * @property {import('../formats/config.js').Config} config
 * @property {'base' | 'relaxed'} build
 * @property {import('../text/tokenizer.js').Tokenizer | null} tokenizer
 * @property {import('../text/sentence_transformers.js').SentenceTransformer | null} sentenceTransformer
 * @property {import('../loading/modules.js').Stage[]} stages what follows pooling, at least one
 * @property {(() => import('../vision/processor.js').ImageProcessor) | null} processor throws if it is not to be had
 * @property {import('../vision/input.js').ImagePlatform} images how pictures are read here
 * @property {import('../core/instance.js').Instance} instance
 */

export class Encoder {
  /** @type {Parts | null} */ #parts;
  /** Calls run one after another: they share the core's scratch. @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @returns {Parts} */
  get #alive() {
    if (!this.#parts) throw new DisposedError('this encoder was disposed');
    return this.#parts;
  }

  /** The model's config.json, validated. */
  get config() {
    return this.#alive.config;
  }

  /** `model_type` of the config, or `timm:` and timm's name of the model. @returns {string} */
  get modelType() {
    return /** @type {string} */ (modelTypeOf(this.#alive.config));
  }

  /** What the model was made for, by the names of Hugging Face's pipelines. */
  get tasks() {
    return [...this.#alive.model.blueprint.tasks];
  }

  /** The build of the core that runs: `base` or `relaxed`. */
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

  /** How `embed` pools by default: the names that its option `pooling` takes. @returns {import('./embed.js').Pooling[]} */
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
   * Runs the model. Padded tokens are not computed: their rows and columns are zeros.
   * @param {Record<string, any>} inputs by Hugging Face's names, Tensors or nested arrays: `input_ids` [B, T],
   *   `attention_mask` [B, T] of 0 and 1, `token_type_ids` [B, T]; or `inputs_embeds` [B, T, D], or `pixel_values`
   *   [B, C, H, W]. A model that was written for masks over pairs of tokens takes `mask` [T, T], [B, T, T] or [B, H, T, T].
   *   At most 2^20 tokens in a call
   * @param {import('../run/forward.js').ForwardOptions} [options]
   * @returns {Promise<Record<string, any>>} `last_hidden_state` [B, T, D]; `pooler_output` [B, D] and `logits`
   *   ([B, labels] or [B, T, labels]) where the model has them; `hidden_states`: layers + 1 Tensors [B, T, D], never
   *   final-normed; `attentions`: layers Tensors [B, H, T, T]
   * @throws {InputError} an id outside its table, a missing input; {ShapeError} shapes that do not fit
   */
  async forward(inputs, options = {}) {
    return this.#exclusive(() => forward(this.#alive.model, inputs, check('forward', options, FORWARD)));
  }

  /**
   * Turns texts or pictures into vectors. Texts as the model's sentence-transformers files say (modules.json, 1_Pooling), or
   * by the mean of all tokens where there are none. The result does not depend on what else is in the call.
   * @param {any} input a text, or a picture as for `classify`; an array of them; or inputs as for `forward`
   * @param {import('./embed.js').EmbedOptions} [options]
   * @returns {Promise<Tensor & { truncated: number[] }>} [n, dimensions]; truncated: indices of the texts that were cut
   */
  async embed(input, options = {}) {
    return this.#exclusive(() => embedSequences(this.#alive, input, options, this.maxLength));
  }

  /**
   * Classifies texts or pictures with the model's own head. A reranker's score of a query and a document is that of the pair.
   * @param {any} input a text, a pair of texts {text, pair}, or a picture (a Blob or bytes of a file; {path}, a URL, or text that
   *   ends as names of pictures do; raw pixels, and in browsers ImageData, ImageBitmap or a canvas); or an array of them
   * @param {import('./classify.js').ClassifyOptions} [options]
   * @returns {Promise<{ label: string, score: number }[] | { label: string, score: number }[][]>} one list for one input,
   *   one for each of an array
   */
  async classify(input, options = {}) {
    const results = await this.#exclusive(() =>
      classifySequences(this.#alive, input, options, this.maxLength),
    );
    return Array.isArray(input) ? results : results[0];
  }

  /**
   * Tokenizes texts as the model was trained, padded to the longest.
   * @param {string | string[]} texts
   * @param {{ pair?: string | string[], maxLength?: number, onTruncate?: 'cut' | 'error' }} [options] pair: a second
   *   text for each; maxLength: tokens, special ones included
   * @returns {{ input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, truncated: number[] }} int32 [n, T]
   */
  tokenize(texts, options = {}) {
    const { tokenizer, model } = this.#alive;
    if (model.description.stem === STEM.PATCHES)
      throw new UnsupportedError('this model reads pictures, and has no tokenizer');
    if (!tokenizer) throw noTokenizer();
    return tokenizeTexts(tokenizer, texts, options, this.maxLength);
  }

  /** Frees the model's memory. Calls that follow throw a DisposedError. */
  dispose() {
    this.#parts = null;
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

// `using` and `await using`, where the engine has them.
for (const name of /** @type {const} */ (['dispose', 'asyncDispose'])) {
  const symbol = /** @type {any} */ (Symbol)[name];
  if (symbol) Object.defineProperty(Encoder.prototype, symbol, { value: Encoder.prototype.dispose });
}
