/**
 * What a model family makes of a config.json: the core's description, where each weight goes, and which heads make which
 * outputs. The families themselves are data beside this file; config values are read by sizes.js, names of weights are
 * placed by placements.js, heads by heads.js.
 */
import { ACTIVATION, BIAS, NORM_PLACES, STEM, UNLIMITED } from '../core/abi.js';
import { MAX_HEADS } from '../core/layouts.js';
import { UnsupportedError } from '../errors.js';

/**
 * @typedef {import('../core/layouts.js').Description} Description
 * @typedef {import('../core/layouts.js').Kind} Kind
 * @typedef {import('../core/layouts.js').Head} Head
 * @typedef {Omit<Description, 'tile'>} ModelDescription all but what the machine decides
 *
 * @typedef {object} Output one result of a forward, made from rows or from pooled vectors by heads in turn
 * @property {string} name as Hugging Face calls it
 * @property {string[]} [columns] names of its columns, if each is an output of its own
 * @property {number[]} poolings POOL, side by side; none keeps one vector a token
 * @property {number} [token] of POOL.TOKEN, counted from 0
 * @property {number | 'largest'} [at] of POOL.TOKEN in texts instead of token: at the first of this id, the first token if there is
 *   none, or at the first of the largest id
 * @property {number} [skip] rows at the front that means, the maximum and outputs of every token leave out, none by default
 * @property {number} [rows] how many of those behind them poolings see, all by default
 * @property {number[]} heads indices into the description's heads
 * @property {number} [late] how many of them come before the pooling, none by default
 *
 * @typedef {object} Sound what a model of sound reads
 * @property {'input_features' | 'input_values'} input [B, bins, frames], or [B, samples]
 * @property {number} [exact] the only number of frames that it takes
 * @property {true} [masks] whether attention_mask leaves out samples; else it changes nothing
 * @property {true} [averages] whether attention maps are the mean of all heads, in place of each head's
 * @property {true} [features] whether rows before the projection are an output, extract_features
 *
 * @typedef {object} Blueprint
 * @property {ModelDescription} description
 * @property {import('./placements.js').Placement[]} placements
 * @property {Output[]} outputs
 * @property {string[]} [logits] outputs whose mean the model calls `logits`, if no output has that name
 * @property {string} [prefix] of the encoder's tensors, none by default
 * @property {string[]} [harmless] tensors that nothing is lost without, less the prefix: # for any number, and a dot at the
 *   end for all of a module
 * @property {string[]} tasks names of Hugging Face's pipelines
 * @property {import('../public.js').Pooling} [pooling] of `embed` where the model's files say nothing; mean by default
 * @property {number} [skip] of `embed`, as an output's
 * @property {boolean} [classToken] whether the first prefix token of pictures stands for the whole; it does by default
 * @property {[height: number, width: number]} [image] the size of images that the model's positions are of
 * @property {import('../core/resample.js').Method} [resample] how they become those of another; bicubic by default
 * @property {{ exact: [height: number, width: number] } | { multiple: [height: number, width: number] }} [accepts] the only
 *   size of images that the model takes, or what their sides must be multiples of; any size by default
 * @property {boolean} [spectrogram] whether pictures are spectra of sounds, which inputs have as [frames, height]
 * @property {Record<string, string>} [labels] names of the classes, instead of the config's id2label
 * @property {'first rows' | 'square'} [places] how positions of an image of another size come from the table; by default it is
 *   resized. square: as if it were of a square map whatever the trained one, for oblong images of every size
 * @property {{ queries: number, keys: number, values: number, output: number }} [attention] widths of what a lone attention
 *   module takes and gives; the core's rows may be wider
 * @property {number} [padding] positions of tokens are counted from padding + 1, those that are this token have position
 *   padding (RoBERTa); by default the place in the row is the position
 * @property {number} [padTo] tokens to which a text is padded; the padding is text to the model
 * @property {Blueprint} [vision] of the tower that reads pictures, beside this one, which reads texts
 * @property {{ head: number, apply: 'softmax' | 'sigmoid' }} [similarity] of towers: the head of one input that holds the scale of
 *   logits, before its exponential, and their bias; what makes scores of a picture's logits
 * @property {number} [maxLength] tokens that the model was made for, if there is no table of positions to tell
 * @property {import('./rope.js').Rope[]} [rotary] the tables of angles, as the description has them
 * @property {number} [taskTypes] of a model that takes task_type_ids: how many of them its table of types has, each with all
 *   types; 0 if they change nothing
 * @property {Sound} [sound]
 * @property {number} [maskFill] of a model that takes a mask over pairs of tokens: what their scores become
 *
 * @typedef {Map<string, { dtype: string, shape: number[] }>} TensorList what the file holds
 */

/** Whether a model reads sounds. @param {Pick<Blueprint, 'description' | 'spectrogram'>} blueprint */
export const hears = ({ description, spectrogram }) =>
  spectrogram === true || description.stem === STEM.FRAMES;

/** Norms before or after both halves of a layer. */
export const PRE = NORM_PLACES.BEFORE_ATTENTION | NORM_PLACES.BEFORE_FEED_FORWARD;
export const POST = NORM_PLACES.AFTER_ATTENTION | NORM_PLACES.AFTER_FEED_FORWARD;

/**
 * A kind of layer with the defaults of a plain post-norm one.
 * @param {Partial<Kind> & { width: number, heads: number, inner: number }} fields
 * @returns {Kind}
 */
export function kind(fields) {
  const headWidth = fields.head_width ?? fields.width / fields.heads;
  return {
    key_heads: fields.heads,
    head_width: headWidth,
    activation: ACTIVATION.GELU,
    gated: 0,
    norms: POST,
    norm_form: 0,
    norm_epsilon: 1e-12,
    score_scale: headWidth ** -0.5,
    head_norm: 0,
    rotary: 0,
    rotary_width: 0,
    rotary_table: 0,
    bias: BIAS.NONE,
    bias_buckets: 0,
    bias_reach: 0,
    bias_gated: 0,
    bias_terms: 0,
    left: UNLIMITED,
    right: UNLIMITED,
    window: 0,
    shift: 0,
    layer_scale: 0,
    ...fields,
  };
}

/**
 * A description with the defaults of an encoder of tokens.
 * @param {Partial<ModelDescription> & { stack: Kind[], shared?: number[], pooling?: Kind }} fields stack: the kind of each layer, the same
 *   object for layers of one kind; shared: the layer whose weights each uses, by default its own; pooling: the kind of the
 *   layer that pools, behind the last
 * @returns {ModelDescription}
 */
export function describe({ stack, shared, pooling, ...fields }) {
  const all = pooling ? [...stack, pooling] : stack;
  const kinds = [...new Set(all)];
  const width = fields.width ?? stack[0].width;
  const epsilon = stack[0]?.norm_epsilon ?? 1e-12;
  return {
    dtype: 0,
    stem: STEM.TOKENS,
    width,
    vocabulary: 0,
    positions: 0,
    types: 0,
    table_width: width,
    projection: 0,
    token_scale: 0,
    dropped_token: 0,
    channels: 0,
    patch_height: 0,
    patch_width: 0,
    stride_height: fields.patch_height ?? 0, // side by side
    stride_width: fields.patch_width ?? 0,
    prefix: 0,
    prefix_positions: fields.prefix ?? 0,
    norm_form: 0,
    embedding_norm: 0,
    embedding_norm_epsilon: epsilon,
    final_norm: 0,
    final_norm_epsilon: epsilon,
    merge_form: 0,
    merge_norm_epsilon: epsilon,
    frame_inputs: 0,
    convolutions: 0,
    feature_norm: 0,
    feature_norm_epsilon: 1e-5,
    features: 0,
    frame: [],
    position: [{ count: 0, kernel: 0, groups: 0, norm: 0, activation: 0, weight_norm: 0 }],
    convolution: 0,
    convolution_activation: 0,
    relative_rows: 0,
    relative_norm: 0,
    relative_norm_epsilon: epsilon,
    pool: pooling ? 1 : 0,
    rotary: [],
    kinds: kinds.length,
    layers: stack.length,
    head_count: 0,
    kind: kinds,
    layer_kind: all.map((one) => kinds.indexOf(one)),
    layer_weights: shared ?? all.map((_, i) => i),
    layer_bias: stack.map((_, i) => i),
    head: [],
    ...fields,
  };
}

/** The kind of a layer. @param {ModelDescription} description @param {number} layer */
export const kindOf = (description, layer) => description.kind[description.layer_kind[layer]];

/** Columns of the rows that leave the last layer. @param {ModelDescription} description */
export const lastWidth = (description) =>
  description.layers ? kindOf(description, description.layers - 1).width : description.width;

/**
 * Adds a head to a description.
 * @param {ModelDescription} description
 * @param {Partial<Head> & { inputs: number, outputs: number }} fields
 * @returns {number} its index
 */
export function addHead(description, fields) {
  if (description.head.length === MAX_HEADS) {
    throw new UnsupportedError(`the model has more than ${MAX_HEADS} linear layers on top of its encoder`);
  }
  const { activation = ACTIVATION.IDENTITY, norm = 0, norm_epsilon = 1e-12, tied = 0, bare = 0 } = fields;
  description.head_count = description.head.push({ ...fields, activation, norm, norm_epsilon, tied, bare });
  return description.head_count - 1;
}
