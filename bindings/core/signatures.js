/**
 * The arguments of the core's functions that take arrays, and how many values each array has by the sizes beside it: what
 * c/wasmformer.h says in words. `invoke` refuses an array of any other length, so that the core never reads or writes behind
 * one. A test compares names, order and types with the header.
 *
 * An argument is a number (`rows`), an address that only the bindings make (`p:encoder`), or an array, `f:x[rows inputs]`:
 * f float32, d float64, i int32, u uint32, b uint8, and its sizes in the notation of bindings/options/shapes.js. Sizes that are no
 * arguments are computed (`where`), or told by the caller.
 */
import { DESCRIPTION, OUTPUT, PUT, STATE } from './layouts.js';
import { sizeOf } from './structs.js';

/**
 * @typedef {Record<string, any>} Values of a call's arguments by name, arrays among them
 * @typedef {Record<string, (values: Values) => number>} Where
 */

const [CLASS_TOKEN, MASK, LAST] = [1, 2, 1];
const longer = (/** @type {number} */ a, /** @type {number} */ b) => Math.max(a, b);
const steps = (/** @type {number} */ size, /** @type {number} */ stride) => Math.ceil(size / stride);

/** @type {Where} */
const WINDOW = {
  N: ({ height, width, options }) => height * width + (options & CLASS_TOKEN ? 1 : 0),
  more: ({ options }) => (options & CLASS_TOKEN ? 3 : 0),
};
/** @type {Where} */
const OFFSETS = {
  down: ({ query_height: query, key_height: key }) => 2 * longer(query, key) - 1,
  across: ({ query_width: query, key_width: key }) => 2 * longer(query, key) - 1,
};
/** @type {Where} */
const STRIDED = {
  down: ({ height, stride }) => steps(height, stride),
  across: ({ width, stride }) => steps(width, stride),
};
/** @type {Where} */
const PACKED = {
  lanes: ({ channels, groups }) => 8 * steps(channels / groups, 8),
};
/** @type {Where} */
const ALIBI = {
  queries: ({ form, tokens }) => (form === MASK || form === LAST ? 1 : tokens),
  batch: ({ form, sequences }) => (form === MASK ? sequences : 1),
};
/** @type {Where} */
const ROWS = {
  rows({ lengths }) {
    let sum = 0;
    for (let i = 0; i < lengths.length; i++) sum += lengths[i];
    return sum;
  },
};

// biome-ignore format: a line a function
/** @type {Readonly<Record<string, string | readonly [string, Where]>>} */
export const SIGNATURES = {
  wf_frequencies: 'd:out[count] count base divisor',
  wf_sincos_begin: 'p:state d:frequencies[pairs] pairs width layout start step',
  wf_sincos_next: 'p:out p:state rows',
  wf_grid_rows: 'f:out[rows width] f:tables[table_size] u:parts[5 count] count table_size first rows size1 size2 width',
  wf_sinusoids: 'f:sines[tokens width] f:cosines[tokens width] d:coordinates[tokens axes] d:frequencies[axes pairs] ' +
    'i:targets[4 pairs] i:copies[axes] tokens axes pairs width gain',
  wf_mask_coordinates: 'd:out[height width 2] i:mask[height width] height width offset epsilon scale',
  wf_add_rows: 'f:out[sequences tokens dim] f:x[sequences tokens dim] f:table[rows dim] i:index[tokens] sequences tokens rows dim',
  wf_position_ids: 'i:out[sequences tokens] i:ids[sequences tokens] sequences tokens padding',
  wf_pool_tokens: 'f:out[sequences (1+cells) channels] f:x[sequences channels cells] f:table[(1+cells) channels] ' +
    'sequences channels cells',
  wf_resample_axis: 'f:out[outer to inner] f:x[outer from inner] outer from to inner step options',
  wf_fold_weight_norm: ['f:out[outputs inputs taps] f:v[outputs inputs taps] f:g[lengths] outputs inputs taps per_output',
    { lengths: ({ per_output, outputs, taps }) => (per_output ? outputs : taps) }],
  wf_pack_convolution: ['f:out[lanes channels kernel] f:weight[channels channels/groups kernel] channels kernel groups', PACKED],
  wf_convolutional_position: ['f:out[sequences tokens channels] f:x[sequences tokens channels] f:packed[lanes channels kernel] ' +
    'f:bias[channels] sequences tokens channels kernel groups residual', PACKED],
  wf_conditional_position: ['f:out[sequences down across channels] f:x[sequences height width channels] ' +
    'f:weight[channels kernel kernel] f:bias[channels] sequences height width channels kernel stride residual', STRIDED],
  wf_rope_frequencies: 'd:out[pairs] d:factors[pairs] pairs method base d:options[5]',
  wf_rope_attention_factor: 'd:out[1] method factor original scale scale_all',
  wf_rotate: 'f:out[sequences heads tokens dim] f:x[sequences heads tokens dim] ' +
    'f:cosines[table_sequences table_heads (tokens-prefix) table_width] ' +
    'f:sines[table_sequences table_heads (tokens-prefix) table_width] sequences heads tokens dim prefix rotary ' +
    'table_sequences table_heads table_width layout interleaved',
  wf_window_index: ['i:out[N N] height width options', WINDOW],
  wf_window_bias: ['f:out[heads N N] f:table[((2height-1)(2width-1)+more) heads] height width heads options', WINDOW],
  wf_shifted_window_mask: 'f:out[height width window_height window_width] height width window_height window_width ' +
    'shift_height shift_width fill',
  wf_log_coordinates: 'f:out[(2height-1)(2width-1) 2] height width divisor_height divisor_width natural',
  wf_position_mlp: 'f:out[heads points] f:x[points inputs] f:w1[hidden inputs] f:b1[hidden] f:w2[heads hidden] f:b2[heads] ' +
    'points inputs hidden heads gain',
  wf_project: 'f:out[rows outputs] f:x[rows inputs] f:weight[outputs inputs] f:bias[outputs] rows inputs outputs',
  wf_resize_bias_geometric: 'f:out[((2new_height-1)(2new_width-1)+extra) heads] ' +
    'f:table[((2old_height-1)(2old_width-1)+extra) heads] old_height old_width new_height new_width heads extra',
  wf_axis_positions: ['f:out[queries keys dim] f:table[offsets dim] queries keys dim',
    { offsets: ({ queries, keys }) => 2 * longer(queries, keys) - 1 }],
  wf_decomposed_bias: ['f:out[planes (prefix+query_height query_width)(prefix+key_height key_width)] ' +
    'f:query[planes (prefix+query_height query_width) dim] f:table_height[down dim] f:table_width[across dim] ' +
    'planes query_height query_width key_height key_width dim prefix key_minus_query', OFFSETS],
  wf_levit_index: 'i:out[query_height query_width key_height key_width] key_height key_width query_height query_width stride',
  wf_gather_bias: 'f:out[heads pairs] f:table[heads entries] i:index[pairs] heads pairs entries',
  wf_gpsa_offsets: 'f:out[height width height width 3] height width',
  wf_gpsa: 'f:out[sequences heads height width height width] f:scores[sequences heads height width height width] ' +
    'f:weight[heads 3] f:bias[heads] f:gate[heads] sequences heads height width',
  wf_t5_buckets: 'i:out[count] i:distances[count] count buckets max_distance options',
  wf_t5_bias: 'f:out[heads queries keys] f:table[buckets heads] queries keys heads offset buckets max_distance options',
  wf_deberta_buckets: 'i:out[count] i:distances[count] count size max_position',
  wf_disentangled_rows: 'i:rows[2tokens-1] tokens span buckets max_position',
  wf_disentangled_bias: 'f:out[sequences heads tokens tokens] f:query[sequences heads tokens dim] f:key[sequences heads tokens dim] ' +
    'f:position_key[2span heads dim] f:position_query[2span heads dim] i:rows[2tokens-1] sequences heads tokens dim span layout scale',
  wf_relative_bias: 'f:out[sequences heads queries keys] f:query[sequences heads queries dim] f:query_bias[heads dim] ' +
    'f:table[rows table_sequences table_heads dim] sequences heads queries keys dim rows table_sequences table_heads offset clip ' +
    'layout scale',
  wf_gated_bias: 'f:out[sequences heads tokens tokens] f:x[sequences tokens heads dim] f:bias[heads tokens tokens] f:gate_weight[8dim] ' +
    'f:gate_bias[8] f:gate_constant[heads] sequences heads tokens dim',
  wf_cope: 'f:out[planes queries keys] f:query[planes queries dim] f:logits[planes queries keys] f:table[dim positions] ' +
    'planes queries keys dim positions',
  wf_biased_attention: 'f:probabilities[sequences heads queries keys] f:context[sequences heads queries dim] ' +
    'f:query[sequences heads queries dim] f:key[sequences heads keys dim] f:value[sequences heads keys dim] ' +
    'f:bias[sequences heads queries keys] f:relative_values[(left+right+1) dim] sequences heads queries keys dim left right layout scale',
  wf_alibi_slopes: 'f:out[heads] heads bias_max',
  wf_alibi: ['f:out[batch heads queries tokens] f:slopes[heads] i:mask[batch tokens] sequences heads tokens form', ALIBI],
  wf_kerple: 'f:out[heads tokens tokens] f:r1[heads] f:r2[heads] heads tokens power',
  wf_fire_distances: 'f:out[tokens tokens] tokens c threshold epsilon',
  wf_sandwich: 'f:out[heads tokens tokens] heads tokens dim base',
  wf_padding_mask: 'f:out[sequences tokens] i:lengths[sequences] sequences tokens allowed blocked',
  wf_band_mask: 'f:out[tokens tokens] tokens left right allowed blocked',
  wf_segment_mask: 'f:out[tokens tokens] i:segments[tokens] tokens allowed blocked',
  wf_image_resize_axis: 'b:out[outer to inner] i:space[space] b:x[outer from inner] outer from to inner filter',
  wf_image_normalize: 'f:out[3height width] b:x[from_height from_width channels] f:mean[3] f:deviation[3] from_height from_width ' +
    'channels height width top left scale',
  wf_mel_filters: 'd:out[mels bins] mels bins rate low high kaldi',
  wf_log_mel: ['f:out[mels frames] d:space[8size+2+mels] f:x[samples] d:filters[mels bins] samples length frames reach size hop mels kaldi ' +
    'mean deviation', { bins: ({ size }) => Math.floor(size / 2) + 1 }],
  wf_standardize: 'f:out[samples] f:x[samples] samples valid',
  wf_mix_samples: ['f:out[frames] b:bytes[frames channels width] frames channels format',
    { width: ({ format }) => [1, 2, 3, 4, 4, 8][format] }],
  wf_resample_samples: 'f:out[count] f:x[samples] samples count from to',
  wf_encoder_plan: `u:bytes[1] u:description[${sizeOf(DESCRIPTION)}]`,
  wf_encoder_create: `p:memory bytes u:description[${sizeOf(DESCRIPTION)}]`,
  wf_encoder_slot_shape: 'u:shape[2] p:encoder slot index',
  wf_encoder_put: `p:encoder p:data u:put[${sizeOf(PUT)}]`,
  wf_encoder_get: `f:out[kept] p:encoder u:get[${sizeOf(PUT)}]`,
  wf_int8_rows: 'b:rows[count columns] f:scales[count] f:space[columns] f:x[count columns] count columns',
  wf_encoder_put_int8: `p:encoder p:space p:rows p:scales u:put[${sizeOf(PUT)}]`,
  wf_encoder_derive: 'p:encoder',
  wf_encoder_scratch_plan: `u:bytes[1] u:description[${sizeOf(DESCRIPTION)}] rows group threads`,
  wf_encoder_scratch: 'p:encoder p:memory bytes rows group threads p:team',
  wf_encoder_state: `u:state[${sizeOf(STATE)}] p:encoder index height width`,
  wf_encoder_least_image: 'u:size[2] p:encoder',
  wf_encoder_begin_tokens: ['p:encoder u:ids[rows] u:positions[rows] u:types[rows] u:lengths[sequences] sequences', ROWS],
  wf_encoder_begin_embeddings: ['p:encoder f:x[rows D] u:lengths[sequences] sequences', ROWS],
  wf_encoder_begin_pixels: 'p:encoder f:pixels[images channels height width] f:positions[places D] images height width',
  wf_encoder_begin_frames: 'p:encoder p:x u:lengths[sequences] frames sequences',
  wf_encoder_attend: 'f:out[sequences query_length D] f:maps[sequences H query_length key_length] p:encoder ' +
    'f:queries[sequences query_length D] f:keys[sequences key_length D] f:values[sequences key_length D] u:valid[sequences query_length] ' +
    'sequences query_length key_length',
  wf_encoder_mask: 'p:encoder p:values u:strides[4] fill',
  wf_encoder_run: 'u:left[1] p:maps p:encoder state work',
  wf_encoder_trace_shape: 'u:shape[3] p:encoder value layer tokens',
  wf_encoder_trace: 'p:out p:encoder',
  wf_encoder_finish: 'p:encoder',
  wf_encoder_output: `f:out[count D] p:encoder f:vectors[(first+count) inputs] u:output[${sizeOf(OUTPUT)}] first count`,
  wf_normalize: 'f:out[rows width] f:x[rows width] rows width',
};
