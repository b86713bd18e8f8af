/**
 * The encoder that `load` returns: text or tensors in, hidden states, vectors and classes out. Not here: how weights get
 * in (loading/assemble.js), how rows are computed (run/model.js and the core).
 */

import { hears } from '../architectures/blueprint.js';
import { check } from '../check.js';
import { STEM } from '../core/abi.js';
import { UnsupportedError } from '../errors.js';
import { flag, signal } from '../options/table.js';
import { forward } from '../run/forward.js';
import { isInputs } from '../run/input_names.js';
import { forwardTowers } from '../run/towers.js';
import { refuseUntraced } from '../run/trace.js';
import { tokenizeTexts } from '../text/tokenize.js';
import { findAnswers } from './answer.js';
import { noTokenizer } from './asked.js';
import { classifySequences } from './classify.js';
import { embedSequences } from './embed.js';
import { fillMasks } from './fill.js';
import { Loaded, PARTS, RUN } from './loaded.js';
import { preprocess } from './pictures.js';
import { rankDocuments } from './rank.js';
import { labelTokens } from './tokens.js';
import { transcribeRecordings } from './transcribe.js';

/**
 * @import * as Public from '../public.js'
 * @import { Recording, Transcript, TranscribeOptions } from '../audio/public.js'
 * @import { Tensor } from '../tensor.js'
 */

const FORWARD = {
  hidden_states: flag('return the rows before layer 0 and after every layer', { default: false }),
  attentions: flag('return the attention maps of every layer', { default: false }),
  trace: flag('return the inner values of stem and layers', { default: false }),
  signal: signal('stops the call', { optional: true }),
};

export class Encoder extends Loaded {
  /**
   * Runs the model. Padded tokens are not computed: their rows and columns are zeros. At most 2^20 tokens in a call.
   * @param {Public.Inputs} inputs by Hugging Face's names, Tensors or nested arrays
   * @param {Public.ForwardOptions} [options] trace: beside the results, the same to the bit, every value on the way to them
   * @returns {Promise<Public.ForwardResult>} by Hugging Face's names
   * @throws {InputError} an id outside its table, a missing input, a trace of several sequences; {ShapeError} shapes that do not
   *   fit, a trace of more than 64 tokens; {UnsupportedError} a trace of windows (Swin) or of convolutions over sound
   */
  async forward(inputs, options = {}) {
    return this[RUN](() => {
      const { model, vision, instance } = this[PARTS];
      const given = check('forward', options, FORWARD);
      if (given.trace) refuseUntraced(model.description, this.modelType);
      return vision
        ? forwardTowers({ model, vision, instance }, inputs, given)
        : forward(model, inputs, given);
    });
  }

  /**
   * Turns texts, pictures or recordings into vectors. Texts as the model's sentence-transformers files say (modules.json, 1_Pooling), or
   * by the mean of all tokens where there are none. A model that reads both (CLIP, SigLIP) gives text_embeds and image_embeds, and
   * takes every string for a text: name a picture by {path}. The result does not depend on what else is in the call.
   * @template {Public.Precision} [P='float32']
   * @param {Public.Picture | Recording | readonly string[] | readonly (Public.Picture | Recording)[] | Public.Inputs} input
   *   a text, or a picture or a recording as for `classify`; an array of them; or inputs as for `forward`
   * @param {Public.EmbedOptions<P>} [options]
   * @returns {Promise<Public.Embeddings<P>>} [n, dimensions]
   * @throws {InputError} what is no text or picture, an unknown option; {UnsupportedError} what the model does not read;
   *   {AbortError}
   */
  async embed(input, options = {}) {
    return /** @type {any} */ (this[RUN](() => embedSequences(this[PARTS], input, options, this.maxLength)));
  }

  /**
   * Classifies texts, pictures or recordings with the model's own head. A reranker's score of a query and a document is that of the pair.
   * @overload
   * @param {readonly (string | Public.TextPair)[] | readonly (Public.Picture | Recording)[] | Public.Inputs} input several texts,
   *   pairs of texts {text, pair}, pictures or recordings; or inputs as for `forward`
   * @param {Public.ClassifyOptions} [options]
   * @returns {Promise<Public.Class[][]>} for each, its classes, the best first
   * @throws {InputError} what is no text or picture, an unknown option; {UnsupportedError} a model without a classifier;
   *   {AbortError}
   */
  /**
   * Classifies a text, a picture or a recording with the model's own head, or by `labels` of yours. A reranker's score of a query and a document is that of the pair.
   * @overload
   * @param {string | Public.TextPair | Public.Picture | Recording} input a text, a pair of texts {text, pair}, a picture (a Blob
   *   or bytes of a file; {path}, a URL, or text that ends as names of pictures do; raw pixels, and in browsers ImageData, ImageBitmap
   *   or a canvas) or a recording (samples, {samples, samplingRate}, an AudioBuffer; a WAV file as for pictures)
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
    const results = await this[RUN](() => classifySequences(this[PARTS], input, options, this.maxLength));
    return Array.isArray(input) || isInputs(input) ? results : results[0];
  }

  /**
   * Labels the tokens of texts, or the words and names that they make (token classification, NER).
   * @overload
   * @param {string} text
   * @param {Public.TokensOptions & { aggregationStrategy?: 'none' }} [options]
   * @returns {Promise<Public.LabelledToken[]>} in their order
   * @throws {UnsupportedError} a model without such a head; {InputError} what is no text, an unknown option; {AbortError}
   */
  /**
   * Labels the tokens of a text, put together to words and names (token classification, NER).
   * @overload
   * @param {string} text
   * @param {Public.TokensOptions & { aggregationStrategy: 'simple' | 'first' | 'average' | 'max' }} options
   * @returns {Promise<Public.EntityGroup[]>} in their order
   * @throws {UnsupportedError} a model without such a head; {InputError} what is no text, an unknown option; {AbortError}
   */
  /**
   * Labels the tokens of several texts, or the words and names that they make (token classification, NER).
   * @overload
   * @param {readonly string[]} texts
   * @param {Public.TokensOptions} [options]
   * @returns {Promise<Public.Entity[][]>} for each text, in their order
   * @throws {UnsupportedError} a model without such a head; {InputError} what is no text, an unknown option; {AbortError}
   */
  /**
   * @param {string | readonly string[]} texts
   * @param {Public.TokensOptions} [options]
   * @returns {Promise<any>}
   */
  async tokens(texts, options = {}) {
    const results = await this[RUN](() => labelTokens(this[PARTS], texts, options, this.maxLength));
    return Array.isArray(texts) ? results : results[0];
  }

  /**
   * Finds the answer to a question in a text, which may be longer than the model reads.
   * @param {string} question
   * @param {string} context
   * @param {Public.AnswerOptions} [options]
   * @returns {Promise<Public.Answer[]>} the best first
   * @throws {UnsupportedError} a model without such a head; {InputError} what is no text, an unknown option; {AbortError}
   */
  async answer(question, context, options = {}) {
    return this[RUN](() => findAnswers(this[PARTS], question, context, options, this.maxLength));
  }

  /**
   * Finds words for the masks of a text: `[MASK]`, `<mask>`, as the tokenizer has it.
   * @overload
   * @param {string} text
   * @param {Public.FillOptions} [options]
   * @returns {Promise<Public.Filling[][]>} for each mask, the likeliest first
   * @throws {UnsupportedError} a model without such a head; {InputError} a text without a mask, or too long; {AbortError}
   */
  /**
   * Finds words for the masks of several texts.
   * @overload
   * @param {readonly string[]} texts
   * @param {Public.FillOptions} [options]
   * @returns {Promise<Public.Filling[][][]>} for each text, of each mask, the likeliest first
   * @throws {UnsupportedError} a model without such a head; {InputError} a text without a mask, or too long; {AbortError}
   */
  /**
   * @param {string | readonly string[]} texts
   * @param {Public.FillOptions} [options]
   * @returns {Promise<any>}
   */
  async fill(texts, options = {}) {
    const results = await this[RUN](() => fillMasks(this[PARTS], texts, options, this.maxLength));
    return Array.isArray(texts) ? results : results[0];
  }

  /**
   * Puts documents into the order in which they fit a query, by a cross-encoder (reranker).
   * @param {string} query
   * @param {readonly string[]} documents
   * @param {Public.RankOptions} [options]
   * @returns {Promise<Public.Ranked[]>} the best first
   * @throws {UnsupportedError} a model that is no cross-encoder; {InputError} what is no text, an unknown option; {AbortError}
   */
  async rank(query, documents, options = {}) {
    return this[RUN](() => rankDocuments(this[PARTS], query, documents, options, this.maxLength));
  }

  /**
   * Writes down what is said in a recording, or in each of several, of any length.
   * @template {Recording | readonly Recording[] | Public.Inputs} T
   * @param {T} input as for `classify`
   * @param {TranscribeOptions} [options]
   * @returns {Promise<T extends readonly unknown[] ? Transcript[] : Transcript>}
   * @throws {UnsupportedError} a model without letters; {InputError} what is no recording, an unknown option; {AbortError}
   */
  async transcribe(input, options = {}) {
    const results = await this[RUN](() => transcribeRecordings(this[PARTS], input, options));
    return /** @type {any} */ (Array.isArray(input) ? results : results[0]);
  }

  /**
   * Prepares recordings as the model was trained: spectra, or samples of unit variance. What it gives is what `forward` takes.
   * @overload
   * @param {Recording | readonly Recording[]} recordings as for `classify`
   * @param {{ signal?: Public.Signal }} [options] signal: stops the call, which throws an AbortError
   * @returns {Promise<Record<string, Tensor>>} input_features [n, mel bins, frames], or input_values [n, samples], padded to the
   *   longest, with an attention_mask where the model's files say so, or [n, frames, mel bins]
   * @throws {InputError} what is no recording, an unknown option; {UnsupportedError} a model that reads none; {AbortError}
   */
  /**
   * Prepares pictures as the model was trained: sizes, crops and colours. What it gives is what `forward` takes.
   * @overload
   * @param {Public.Picture | readonly Public.Picture[]} pictures as for `classify`; several must become of one size
   * @param {{ orientation?: Public.Orientation, signal?: Public.Signal }} [options] orientation: whether pictures are turned as
   *   the EXIF of their files says; they are by default; signal: stops the call, which throws an AbortError
   * @returns {Promise<{ pixel_values: Tensor<'float32'> }>} [n, 3, H, W]
   * @throws {InputError} what is no picture, an unknown option; {UnsupportedError} a model that reads none; {AbortError}
   */
  /**
   * @param {any} input
   * @param {{ orientation?: Public.Orientation, signal?: Public.Signal }} [options]
   * @returns {Promise<any>}
   */
  async preprocess(input, options = {}) {
    return preprocess(this[PARTS], input, options);
  }

  /**
   * Tokenizes texts as the model was trained, padded to the longest.
   * @param {string | readonly string[]} texts
   * @param {Public.TokenizeOptions} [options]
   * @returns {Public.TokenizedTexts}
   */
  tokenize(texts, options = {}) {
    const { tokenizer, model } = this[PARTS];
    if ([STEM.PATCHES, STEM.FRAMES].includes(model.description.stem)) {
      const what = hears(model.blueprint) ? 'recordings' : 'pictures';
      throw new UnsupportedError(`this model reads ${what}, and has no tokenizer`);
    }
    if (!tokenizer) throw noTokenizer();
    return tokenizeTexts(tokenizer, texts, options, this.maxLength, model.blueprint.padTo);
  }
}
