/* wasmformer's public interface: every function that the module exports, with shapes, units, errors and source.
 *
 * Conventions
 * - Argument order: outputs, inputs, weights, sizes, options. All memory belongs to the caller; nothing is kept
 *   unless the function says so. Pointers are 16-byte aligned where they lead to float32 data.
 * - Matrices are row-major; the last letter of a shape runs fastest. Letters: B sequences, T tokens, R rows (the
 *   tokens of all sequences, one after another, without padding), D width, H heads, F feed-forward width.
 * - Every function returns a wf_status; wf_status_message turns it into words. No function prints, aborts, allocates
 *   or grows memory.
 */
#ifndef WASMFORMER_H
#define WASMFORMER_H

#include <stddef.h>
#include <stdint.h>

/* Marks a function of the module's interface; the linker exports it under its own name. */
#if defined(__wasm__)
#define WF_EXPORT(name) __attribute__((export_name(#name)))
#else
#define WF_EXPORT(name)
#endif

/* Status codes. The numbers are part of the interface: they never change their meaning. */
typedef enum wf_status {
  WF_OK = 0,
  WF_ERROR_ARGUMENT = 1,    /* a value outside the range that the function states */
  WF_ERROR_SHAPE = 2,       /* sizes that do not fit together */
  WF_ERROR_UNSUPPORTED = 3, /* a combination that this core does not compute */
  WF_ERROR_MEMORY = 4, /* the planned memory exceeds what 32 bits address, or the space given is too small */
  WF_ERROR_STATE = 5,  /* a call out of order: a forward before its weights, a stale handle */
  WF_ERROR_THREAD = 6, /* a thread of the team ended in the middle of its work: there is no result */
} wf_status;

/* wf_status_message returns a zero-terminated English sentence for a status; for an unknown number, one that says so. */
WF_EXPORT(wf_status_message) const char *wf_status_message(uint32_t status);

/* ---- Encodings: absolute -------------------------------------------------------------------------------------
 *
 * Angles are computed in double and their sines and cosines rounded to float32 once. Unless said otherwise a function
 * returns ARGUMENT for a missing array or an option out of range, and SHAPE for sizes of zero, sizes that do not fit
 * together, and arrays beyond 2^30 elements. Angles beyond 2^50 give NaN. */

/* wf_frequencies fills [count] with base^(-i / divisor). A divisor of count: Vaswani 2017; of count - 1: both ends on the
 * scale (fairseq, Whisper, simple ViT), where a count of 1 gives NaN as they do. base > 0. */
WF_EXPORT(wf_frequencies) uint32_t wf_frequencies(double *out, uint32_t count, double base, double divisor);

/* Where a pair's sine and cosine stand in a row; values are added. Neither: sin, cos, sin, cos … */
typedef enum wf_sincos_layout {
  WF_SINCOS_HALVES = 1,       /* all sines, then all cosines */
  WF_SINCOS_COSINE_FIRST = 2, /* cosine before sine */
} wf_sincos_layout;

/* What wf_sincos_next needs of a table between two calls; it lies in wf_sincos_space bytes of the caller's, 16-byte
 * aligned. */
typedef struct wf_sincos_state wf_sincos_state;

/* wf_sincos_space returns the bytes of a state for rows of `pairs` angles in `width` columns, 0 if they are too many. */
WF_EXPORT(wf_sincos_space) uint32_t wf_sincos_space(uint32_t pairs, uint32_t width);

/* wf_sincos_begin prepares a table [rows, width] whose row r holds the sines and cosines of (start + r step) times each of
 * the frequencies [pairs]. width >= 2 pairs - 1: the last value of a row that is one short is left out, columns beyond
 * 2 pairs are 0. */
WF_EXPORT(wf_sincos_begin)
uint32_t wf_sincos_begin(wf_sincos_state *state, const double *frequencies, uint32_t pairs, uint32_t width,
                         uint32_t layout, double start, double step);

/* wf_sincos_next fills the table's next `rows` rows, out: [rows, width]. All calls but the last take a multiple of 8 rows;
 * STATE after a call that did not. However the rows are split, their bits are the same. */
WF_EXPORT(wf_sincos_next) uint32_t wf_sincos_next(float *out, wf_sincos_state *state, uint32_t rows);

/* wf_grid_rows fills rows first to first + rows - 1 of a table [size0 size1 size2, width], row-major over a grid of three
 * axes (size0 follows from the rows), from tables of the single axes. Each of `count` parts, five numbers, copies
 * columns: {axis, place of the axis' table in `tables`, its width, length, first column in out}. table_size: floats in
 * `tables`. */
WF_EXPORT(wf_grid_rows)
uint32_t wf_grid_rows(float *out, const float *tables, const uint32_t *parts, uint32_t count,
                      uint32_t table_size, uint32_t first, uint32_t rows, uint32_t size1, uint32_t size2,
                      uint32_t width);

/* wf_sinusoids fills [tokens, width] with sines and cosines of angle = sum over axes of coordinate * frequency, times
 * gain. coordinates: [tokens, axes], axes <= 64; frequencies: [axes, pairs]; targets: [pairs, 4], the two columns that
 * get a pair's sine and the two that get its cosine, -1 for none; copies: [axes], the columns that get the coordinates
 * themselves, -1 for none, or NULL. cosines is a second table for the cosines, or NULL: the same one. Columns that
 * nothing goes to are 0. */
WF_EXPORT(wf_sinusoids)
uint32_t wf_sinusoids(float *sines, float *cosines, const double *coordinates, const double *frequencies,
                      const int32_t *targets, const int32_t *copies, uint32_t tokens, uint32_t axes,
                      uint32_t pairs, uint32_t width, double gain);

/* wf_mask_coordinates fills [height, width, 2] with (y, x): how many ones of the mask [height, width] the column and the
 * row have had, this cell included; NULL is all ones. Unless scale is 0 each becomes (y + offset) / (last + epsilon)
 * scale, where last is the line's final count. Carion 2020 (offset 0); Deformable DETR (-0.5). */
WF_EXPORT(wf_mask_coordinates)
uint32_t wf_mask_coordinates(double *out, const int32_t *mask, uint32_t height, uint32_t width, double offset,
                             double epsilon, double scale);

/* wf_add_rows fills [sequences, tokens, dim] with x + table[index[t]]; x: the same shape or NULL (0), table: [rows, dim],
 * index: [tokens], ARGUMENT for one outside the table. out may be x. */
WF_EXPORT(wf_add_rows)
uint32_t wf_add_rows(float *out, const float *x, const float *table, const int32_t *index, uint32_t sequences,
                     uint32_t tokens, uint32_t rows, uint32_t dim);

/* wf_position_ids fills [sequences, tokens] with padding + n for the n-th token that is not padding, and with padding for
 * those that are. padding >= 0. RoBERTa, fairseq. */
WF_EXPORT(wf_position_ids)
uint32_t wf_position_ids(int32_t *out, const int32_t *ids, uint32_t sequences, uint32_t tokens,
                         int32_t padding);

/* wf_pool_tokens fills [sequences, 1 + cells, channels] with CLIP's attention-pool tokens: the mean over the cells of
 * x [sequences, channels, cells], then the cells, plus table [1 + cells, channels]. Radford 2021. */
WF_EXPORT(wf_pool_tokens)
uint32_t wf_pool_tokens(float *out, const float *x, const float *table, uint32_t sequences, uint32_t channels,
                        uint32_t cells);

/* How wf_resample_axis interpolates; values are added. None: linear. */
typedef enum wf_resample_options {
  WF_RESAMPLE_CUBIC = 1,         /* Keys' cubic: a = -0.75, or -0.5 with antialiasing */
  WF_RESAMPLE_ANTIALIAS = 2,     /* widen the filter when shrinking, and normalise its weights */
  WF_RESAMPLE_ALIGN_CORNERS = 4, /* first and last entries fall on each other */
} wf_resample_options;

/* wf_resample_axis resizes the middle axis of x [outer, from, inner] to out [outer, to, inner]; a grid takes two calls,
 * one an axis. `step` is how many entries of x lie between two of out, 0 derives it from the sizes. Sums in double. The
 * conventions are PyTorch's F.interpolate. */
WF_EXPORT(wf_resample_axis)
uint32_t wf_resample_axis(float *out, const float *x, uint32_t outer, uint32_t from, uint32_t to,
                          uint32_t inner, double step, uint32_t options);

/* wf_fold_weight_norm fills the weight [outputs, inputs, taps] of a weight-normalised convolution, g v / |v|, the norm
 * over all but the taps (g: [taps]; wav2vec 2.0), or with per_output over all but the outputs (g: [outputs]). */
WF_EXPORT(wf_fold_weight_norm)
uint32_t wf_fold_weight_norm(float *out, const float *v, const float *g, uint32_t outputs, uint32_t inputs,
                             uint32_t taps, uint32_t per_output);

/* wf_pack_convolution reorders a grouped convolution's weight [channels, channels / groups, kernel] for
 * wf_convolutional_position. out: groups * n * (channels / groups) * kernel floats, where n is channels / groups rounded
 * up to a multiple of 8. */
WF_EXPORT(wf_pack_convolution)
uint32_t wf_pack_convolution(float *out, const float *weight, uint32_t channels, uint32_t kernel,
                             uint32_t groups);

/* wf_convolutional_position fills [sequences, tokens, channels] with gelu(convolution(x) + bias), plus x if `residual`:
 * a grouped convolution along the tokens, kernel / 2 zeros before the first token and as many outputs as tokens. packed:
 * from wf_pack_convolution; bias: [channels] or NULL. out is not x. Baevski 2020 (wav2vec 2.0). */
WF_EXPORT(wf_convolutional_position)
uint32_t wf_convolutional_position(float *out, const float *x, const float *packed, const float *bias,
                                   uint32_t sequences, uint32_t tokens, uint32_t channels, uint32_t kernel,
                                   uint32_t groups, uint32_t residual);

/* wf_conditional_position fills [sequences, ceil(height / stride) ceil(width / stride), channels] with a depthwise
 * convolution of x [sequences, height width, channels], padded by kernel / 2, plus x if `residual` (stride 1). weight:
 * [channels, kernel, kernel], kernel odd and at most 9 (UNSUPPORTED); bias: [channels] or NULL. out is not x. Chu 2021
 * (CPVT); Twins. */
WF_EXPORT(wf_conditional_position)
uint32_t wf_conditional_position(float *out, const float *x, const float *weight, const float *bias,
                                 uint32_t sequences, uint32_t height, uint32_t width, uint32_t channels,
                                 uint32_t kernel, uint32_t stride, uint32_t residual);

/* ---- Encodings: rotary ---------------------------------------------------------------------------------------
 *
 * Tables of rotations come from wf_sinusoids. Errors are as for the absolute encodings. */

/* How rotary frequencies are stretched to longer texts, and what wf_rope_frequencies reads as options. */
typedef enum wf_rope_method {
  WF_ROPE_PLAIN = 0,
  WF_ROPE_LINEAR = 1,   /* {factor} */
  WF_ROPE_DYNAMIC = 2,  /* {factor, trained length, length >= trained length}; pairs > 1 */
  WF_ROPE_YARN = 3,     /* {factor, trained length, fast turns, slow turns, 1 to cut the range to integers} */
  WF_ROPE_LLAMA3 = 4,   /* {factor, trained length, low, high} */
  WF_ROPE_LONGROPE = 5, /* {}: divides by factors [pairs] */
  WF_ROPE_PROPORTIONAL = 6, /* {factor, pairs that turn}: the others are 0 */
} wf_rope_method;

/* wf_rope_frequencies fills [pairs] with base^(-i / pairs), stretched by a method. options: 5 numbers; factors: [pairs] or
 * NULL. transformers modeling_rope_utils. */
WF_EXPORT(wf_rope_frequencies)
uint32_t wf_rope_frequencies(double *out, const double *factors, uint32_t pairs, uint32_t method, double base,
                             const double *options);

/* wf_rope_attention_factor fills one number with what a method multiplies sines and cosines by: YaRN's 0.1 scale
 * ln(factor) + 1, divided by the same of scale_all unless that is 0; LongRoPE's sqrt(1 + ln(factor) / ln(original)); else
 * 1. */
WF_EXPORT(wf_rope_attention_factor)
uint32_t wf_rope_attention_factor(double *out, uint32_t method, double factor, double original, double scale,
                                  double scale_all);

/* wf_rotate turns the first `rotary` channels of each vector of x by the angles of its token; other channels and the first
 * `prefix` tokens stay. x, out: [B, H, T, D] or as `layout` (wf_layout) says; out may be x. cosines, sines:
 * [table_sequences, table_heads, T - prefix, table_width], where the first two are 1 (shared) or B and H, and table_width
 * is rotary (each angle twice, as Hugging Face has them) or rotary / 2. Pairs are (k, k + rotary / 2), or with
 * `interleaved` (2k, 2k + 1). Su 2021. */
WF_EXPORT(wf_rotate)
uint32_t wf_rotate(float *out, const float *x, const float *cosines, const float *sines, uint32_t sequences,
                   uint32_t heads, uint32_t tokens, uint32_t dim, uint32_t prefix, uint32_t rotary,
                   uint32_t table_sequences, uint32_t table_heads, uint32_t table_width, uint32_t layout,
                   uint32_t interleaved);

/* ---- Encodings: relative biases and masks ---------------------------------------------------------------------
 *
 * What attention scores receive besides the content. N is the number of tokens of a window or grid, h x w its sizes.
 * Unless said otherwise a function returns ARGUMENT for a missing array or an option out of range, and SHAPE for sizes
 * of zero, sizes that do not fit together, and arrays beyond 2^30 elements. */

/* How wf_window_index and wf_window_bias read the table; values are added. */
typedef enum wf_window_options {
  WF_WINDOW_CLASS_TOKEN = 1, /* BEiT: token 0 is a class token, which takes three more rows of the table */
  WF_WINDOW_KEY_MINUS_QUERY = 2, /* the TensorFlow MaxViT's sign of the offset; else query minus key */
  WF_WINDOW_HEADS_FIRST = 4,     /* the table is [H, rows]; else [rows, H] */
} wf_window_options;

/* wf_window_index fills [N, N] with (yi - yj + h - 1)(2w - 1) + (xi - xj + w - 1), the row of Swin's table for query i and
 * key j; with the class token [1 + N, 1 + N], where [0, j] = r, [i, 0] = r + 1, [0, 0] = r + 2, r = (2h-1)(2w-1).
 * Liu 2021, Bao 2022; timm gen_relative_position_index. */
WF_EXPORT(wf_window_index)
uint32_t wf_window_index(int32_t *out, uint32_t height, uint32_t width, uint32_t options);

/* wf_window_bias gathers a table [(2h-1)(2w-1), H] into the bias [H, N, N], N = h w; with the class token the table has 3
 * more rows and N is 1 + h w. Liu 2021. */
WF_EXPORT(wf_window_bias)
uint32_t wf_window_bias(float *out, const float *table, uint32_t height, uint32_t width, uint32_t heads,
                        uint32_t options);

/* wf_shifted_window_mask fills [windows, N, N], N = window_height window_width, with 0 for pairs of one region of the
 * rolled map and with `fill` (-100 in Swin) for others; windows run row by row. Sizes are multiples of the window, shifts
 * below it; an axis with shift 0 is one region. Liu 2021, section 3.2. */
WF_EXPORT(wf_shifted_window_mask)
uint32_t wf_shifted_window_mask(float *out, uint32_t height, uint32_t width, uint32_t window_height,
                                uint32_t window_width, uint32_t shift_height, uint32_t shift_width,
                                float fill);

/* wf_log_coordinates fills [2h-1, 2w-1, 2] with the offsets (dy, dx) on a logarithmic scale: c = 8 d / divisor, then
 * sign(c) log2(1 + |c|) / 3 (SwinV2), or with `natural` sign(d) ln(1 + |d|) (timm's cr). A divisor of 0 gives NaN for
 * d = 0, as the references do for a window of 1. Liu 2022. */
WF_EXPORT(wf_log_coordinates)
uint32_t wf_log_coordinates(float *out, uint32_t height, uint32_t width, double divisor_height,
                            double divisor_width, uint32_t natural);

/* wf_position_mlp fills [H, points] with w2 relu(w1 x + b1) + b2, and with gain / (1 + e^-value) of it unless gain is 0
 * (16 in SwinV2). x: [points, inputs], w1: [F, inputs], b1: [F], w2: [H, F], b2: [H]; b1 and b2 may be NULL. */
WF_EXPORT(wf_position_mlp)
uint32_t wf_position_mlp(float *out, const float *x, const float *w1, const float *b1, const float *w2,
                         const float *b2, uint32_t points, uint32_t inputs, uint32_t hidden, uint32_t heads,
                         double gain);

/* wf_project fills [rows, outputs] with x W^T + bias, summed in double. x: [rows, inputs], weight: [outputs, inputs], bias
 * may be NULL. For the few rows of a position table; not for an encoder's tokens. */
WF_EXPORT(wf_project)
uint32_t wf_project(float *out, const float *x, const float *weight, const float *bias, uint32_t rows,
                    uint32_t inputs, uint32_t outputs);

/* wf_resize_bias_geometric resizes a table [(2 old_height - 1)(2 old_width - 1) + extra, H] to another window: old entries
 * lie at geometrically growing offsets, between which it interpolates linearly; the extra rows are copied. Equal windows
 * copy the table. Windows are at most 4096. Bao 2022 (BEiT); timm resize_rel_pos_bias_table. */
WF_EXPORT(wf_resize_bias_geometric)
uint32_t wf_resize_bias_geometric(float *out, const float *table, uint32_t old_height, uint32_t old_width,
                                  uint32_t new_height, uint32_t new_width, uint32_t heads, uint32_t extra);

/* wf_axis_positions gathers a table [2 max(queries, keys) - 1, D] into [queries, keys, D], the row of query - key with the
 * shorter axis stretched and the result cut to an integer (in float32). ViTDet, SAM, MViTv2 get_rel_pos. */
WF_EXPORT(wf_axis_positions)
uint32_t wf_axis_positions(float *out, const float *table, uint32_t queries, uint32_t keys, uint32_t dim);

/* wf_decomposed_bias fills [planes, prefix + Nq, prefix + Nk] with q . Rh[yq - yk] + q . Rw[xq - xk], and with 0 in the
 * rows and columns of prefix tokens. query: [planes, prefix + Nq, D], not scaled; the tables: [2 max(query, key) - 1, D]
 * of each axis; a plane is one head of one sequence. key_minus_query turns the sign of the offset (BoTNet, HaloNet).
 * Li 2022; Srinivas 2021. */
WF_EXPORT(wf_decomposed_bias)
uint32_t wf_decomposed_bias(float *out, const float *query, const float *table_height,
                            const float *table_width, uint32_t planes, uint32_t query_height,
                            uint32_t query_width, uint32_t key_height, uint32_t key_width, uint32_t dim,
                            uint32_t prefix, uint32_t key_minus_query);

/* wf_levit_index fills [Nq, Nk] with |dy| key_width + |dx|, the entry of a pair in LeViT's table of absolute offsets; a
 * query lies at stride times its place, which must be on the keys' grid (SHAPE). Graham 2021; EfficientFormer, TinyViT. */
WF_EXPORT(wf_levit_index)
uint32_t wf_levit_index(int32_t *out, uint32_t key_height, uint32_t key_width, uint32_t query_height,
                        uint32_t query_width, uint32_t stride);

/* wf_gather_bias gathers a table [H, entries] by index [pairs] into [H, pairs]; ARGUMENT for an index outside it. */
WF_EXPORT(wf_gather_bias)
uint32_t wf_gather_bias(float *out, const float *table, const int32_t *index, uint32_t heads, uint32_t pairs,
                        uint32_t entries);

/* wf_gpsa_offsets fills [N, N, 3] with (dx, dy, dx^2 + dy^2) of key minus query. d'Ascoli 2021 (ConViT). */
WF_EXPORT(wf_gpsa_offsets) uint32_t wf_gpsa_offsets(float *out, uint32_t height, uint32_t width);

/* wf_gpsa fills [H, N, N] with softmax_j(weight . (dx, dy, d^2) + bias), weight: [H, 3], bias: [H]; or, given content
 * scores [B, H, N, N] and gate [H], fills [B, H, N, N] with (1 - s) softmax(scores) + s position, s = sigmoid(gate), rows
 * summing to 1. Without scores B is 1 and gate is not read. */
WF_EXPORT(wf_gpsa)
uint32_t wf_gpsa(float *out, const float *scores, const float *weight, const float *bias, const float *gate,
                 uint32_t sequences, uint32_t heads, uint32_t height, uint32_t width);

/* How distances fall into T5's buckets; values are added. */
typedef enum wf_bucket_options {
  WF_BUCKETS_BIDIRECTIONAL = 1, /* half of the buckets for keys behind the query */
  WF_BUCKETS_ROUND_SUM = 2,     /* WavLM's order of operations, which differs at single edges */
} wf_bucket_options;

/* wf_t5_buckets maps distances key - query [count] to buckets [count]: below half of a direction's buckets each distance
 * has its own, the rest are logarithmic up to max_distance. ARGUMENT unless each direction has 2 buckets and max_distance
 * exceeds the exact ones. Raffel 2020; MPNet, LayoutLMv3, WavLM. */
WF_EXPORT(wf_t5_buckets)
uint32_t wf_t5_buckets(int32_t *out, const int32_t *distances, uint32_t count, uint32_t buckets,
                       uint32_t max_distance, uint32_t options);

/* wf_t5_bias gathers a table [buckets, H] by the bucket of j - (offset + i) into the bias [H, queries, keys]. */
WF_EXPORT(wf_t5_bias)
uint32_t wf_t5_bias(float *out, const float *table, uint32_t queries, uint32_t keys, uint32_t heads,
                    uint32_t offset, uint32_t buckets, uint32_t max_distance, uint32_t options);

/* wf_deberta_buckets maps distances query - key [count] to signed buckets [count]: up to size / 2 the distance itself,
 * beyond it logarithmic. size >= 2, max_position > size / 2 + 1. He 2021 (DeBERTa-v3). */
WF_EXPORT(wf_deberta_buckets)
uint32_t wf_deberta_buckets(int32_t *out, const int32_t *distances, uint32_t count, uint32_t size,
                            uint32_t max_position);

/* Where the vector of sequence b, head h and token t of queries, keys and values lies. */
typedef enum wf_layout {
  WF_LAYOUT_BHTD = 0, /* [B, H, T, D] */
  WF_LAYOUT_BTHD = 1, /* [B, T, H, D], the rows of a linear layer */
  WF_LAYOUT_TBHD = 2, /* [T, B, H, D], XLNet */
} wf_layout;

/* wf_disentangled_rows fills [2 tokens - 1], one entry for each distance query - key from 1 - tokens to tokens - 1, with
 * the row of the position tables: span plus the distance, or its bucket if buckets > 0, held within [0, 2 span). */
WF_EXPORT(wf_disentangled_rows)
uint32_t wf_disentangled_rows(int32_t *rows, uint32_t tokens, uint32_t span, uint32_t buckets,
                              uint32_t max_position);

/* wf_disentangled_bias fills [B, H, T, T] with scale (q_i . pk[r] + k_j . pq[r]), r = rows[i - j + T - 1] as
 * wf_disentangled_rows gives it. query, key: [B, T, H, D] or as `layout` says; position_key, position_query:
 * [2 span, H, D], either may be NULL, which leaves its term out. scale = 1 / sqrt(D (1 + terms)). He 2021. */
WF_EXPORT(wf_disentangled_bias)
uint32_t wf_disentangled_bias(float *out, const float *query, const float *key, const float *position_key,
                              const float *position_query, const int32_t *rows, uint32_t sequences,
                              uint32_t heads, uint32_t tokens, uint32_t dim, uint32_t span, uint32_t layout,
                              double scale);

/* wf_relative_bias fills [B, H, queries, keys] with scale (q_i + query_bias) . table[offset + j - i]. With `clip` rows
 * beyond the table are its ends (Shaw 2018), else they give 0. table: [rows, table_sequences, table_heads, D], where the
 * two are 1 (shared) or B and H. query_bias: [H, D] or NULL. Shaw: offset = left; Transformer-XL and XLNet: offset =
 * queries and rows of descending distance; Conformer: offset = T - 1. */
WF_EXPORT(wf_relative_bias)
uint32_t wf_relative_bias(float *out, const float *query, const float *query_bias, const float *table,
                          uint32_t sequences, uint32_t heads, uint32_t queries, uint32_t keys, uint32_t dim,
                          uint32_t rows, uint32_t table_sequences, uint32_t table_heads, uint32_t offset,
                          uint32_t clip, uint32_t layout, double scale);

/* wf_gated_bias fills [B, H, T, T] with gate bias, where bias is [H, T, T] and the gate of head h and query i is
 * a (b constant[h] - 1) + 2; a and b are sigmoids of the sums of the first and last four outputs of a linear layer over
 * the head's part of x. x: [B, T, H, D], gate_weight: [8, D], gate_bias: [8], gate_constant: [H]. Chen 2022 (WavLM). */
WF_EXPORT(wf_gated_bias)
uint32_t wf_gated_bias(float *out, const float *x, const float *bias, const float *gate_weight,
                       const float *gate_bias, const float *gate_constant, uint32_t sequences, uint32_t heads,
                       uint32_t tokens, uint32_t dim);

/* wf_cope fills [planes, queries, keys] with contextual positions: p_ij = sum over t >= j of sigmoid(logits_it), at most
 * positions - 1, and q_i . table[:, p_ij], linear between columns. query: [planes, queries, D], logits: [planes, queries,
 * keys] (-inf where masked), table: [D, positions]. Golovneva 2024. */
WF_EXPORT(wf_cope)
uint32_t wf_cope(float *out, const float *query, const float *logits, const float *table, uint32_t planes,
                 uint32_t queries, uint32_t keys, uint32_t dim, uint32_t positions);

/* wf_biased_attention fills probabilities [B, H, queries, keys] with softmax(scale q k^T + bias) and, unless context is
 * NULL, context (in the queries' layout) with the sum over j of p_ij (v_j + relative_values[left + clip(j - i, -left,
 * right)]). bias: [B, H, queries, keys] or NULL; relative_values: [left + right + 1, D] or NULL. The formula for a few
 * tokens; encoders attend with kernels of their own. */
WF_EXPORT(wf_biased_attention)
uint32_t wf_biased_attention(float *probabilities, float *context, const float *query, const float *key,
                             const float *value, const float *bias, const float *relative_values,
                             uint32_t sequences, uint32_t heads, uint32_t queries, uint32_t keys,
                             uint32_t dim, uint32_t left, uint32_t right, uint32_t layout, double scale);

/* wf_alibi_slopes fills [heads] with 2^(-bias_max (h + 1) / heads); if heads is no power of two, with the slopes of the
 * power below it and then every other slope of the power above. Press 2022 (bias_max 8). */
WF_EXPORT(wf_alibi_slopes) uint32_t wf_alibi_slopes(float *out, uint32_t heads, double bias_max);

/* The forms of ALiBi. */
typedef enum wf_alibi_form {
  WF_ALIBI_SYMMETRIC = 0, /* [H, T, T], -m |i - j|: encoders */
  WF_ALIBI_LAST = 1,      /* [H, 1, T], m (j - (T - 1)): MPT */
  WF_ALIBI_MASK = 2,      /* [B, H, 1, T], m times the place among the mask's ones, 0 where it is 0: Bloom */
} wf_alibi_form;

/* wf_alibi fills the bias of a form from slopes [H]. mask: int32 [B, T], read by WF_ALIBI_MASK alone. */
WF_EXPORT(wf_alibi)
uint32_t wf_alibi(float *out, const float *slopes, const int32_t *mask, uint32_t sequences, uint32_t heads,
                  uint32_t tokens, uint32_t form);

/* wf_kerple fills [H, T, T] with -r1 ln(1 + r2 |i - j|), or with `power` -r1 |i - j|^r2. r1, r2: [H]. Chi 2022. */
WF_EXPORT(wf_kerple)
uint32_t wf_kerple(float *out, const float *r1, const float *r2, uint32_t heads, uint32_t tokens,
                   uint32_t power);

/* wf_fire_distances fills [T, T] with ln(|c (i - j)| + 1) / (ln(|c max(i, |threshold|)| + 1) + epsilon), what FIRE's MLP
 * reads (wf_position_mlp). Li 2024. */
WF_EXPORT(wf_fire_distances)
uint32_t wf_fire_distances(float *out, uint32_t tokens, double c, double threshold, double epsilon);

/* wf_sandwich fills [H, T, T] with p_i . p_j H / (8 (h + 1)) of sinusoids p of width dim (even). Chi 2023. */
WF_EXPORT(wf_sandwich)
uint32_t wf_sandwich(float *out, uint32_t heads, uint32_t tokens, uint32_t dim, double base);

/* wf_padding_mask fills [B, T] with `allowed` before each sequence's length and `blocked` from there on. */
WF_EXPORT(wf_padding_mask)
uint32_t wf_padding_mask(float *out, const int32_t *lengths, uint32_t sequences, uint32_t tokens,
                         float allowed, float blocked);

/* wf_band_mask fills [T, T] with `allowed` where -left <= j - i <= right and `blocked` elsewhere. */
WF_EXPORT(wf_band_mask)
uint32_t wf_band_mask(float *out, uint32_t tokens, uint32_t left, uint32_t right, float allowed,
                      float blocked);

/* wf_segment_mask fills [T, T] with `allowed` where both tokens have the same segment, `blocked` elsewhere. segments: [T];
 * a negative one is padding, which meets nothing. */
WF_EXPORT(wf_segment_mask)
uint32_t wf_segment_mask(float *out, const int32_t *segments, uint32_t tokens, float allowed, float blocked);

/* ---- Images ----------------------------------------------------------------------------------------------------
 *
 * How a picture becomes a vision model's pixel_values, in Pillow's arithmetic. Pixels are 8-bit, [height, width,
 * channels] without padding. Functions return ARGUMENT for a missing array or a value outside its range, and SHAPE for
 * sizes of zero, sides beyond 2^26 and arrays beyond 2^30 bytes. */

/* The filters of wf_image_resize_axis, with Pillow's numbers; SHORT_WEIGHTS is added to one. */
typedef enum wf_image_filter {
  WF_IMAGE_NEAREST = 0,
  WF_IMAGE_LANCZOS = 1, /* over three lobes */
  WF_IMAGE_BILINEAR = 2,
  WF_IMAGE_BICUBIC = 3, /* a = -0.5 */
  WF_IMAGE_BOX = 4,
  WF_IMAGE_HAMMING = 5,
  WF_IMAGE_SHORT_WEIGHTS = 8, /* weights of 16 bits, as PyTorch has them on 8-bit tensors; Pillow's have 22 */
} wf_image_filter;

/* wf_image_resize_space returns the bytes of wf_image_resize_axis' space, 0 if the sizes are not an image's. */
WF_EXPORT(wf_image_resize_space)
uint32_t wf_image_resize_space(uint32_t from, uint32_t to, uint32_t filter);

/* wf_image_resize_axis resizes the middle axis of x [outer, from, inner] to out [outer, to, inner], the filter widened
 * when shrinking. An image takes two calls, width first: [height, width, channels], then [1, height, width channels]. Rows
 * may be resized in several calls. space, for the filter's weights, is 4-byte aligned. Bit-equal to Pillow's
 * Image.resize, with SHORT_WEIGHTS to torchvision's resize of 8-bit tensors (antialiased; the
 * nearest exactly). */
WF_EXPORT(wf_image_resize_axis)
uint32_t wf_image_resize_axis(uint8_t *out, int32_t *space, const uint8_t *x, uint32_t outer, uint32_t from,
                              uint32_t to, uint32_t inner, uint32_t filter);

/* wf_image_normalize fills [3, height, width] with (x scale - mean) / deviation of the part of x [from_height, from_width,
 * channels] whose first row and column are `top` and `left`; outside of x pixels are 0. mean, deviation: [3], finite, no
 * deviation 0. One channel is grey and counts for three; of four the last, alpha, is left out. Bit-equal to transformers'
 * center_crop, rescale and normalize on NumPy arrays. */
WF_EXPORT(wf_image_normalize)
uint32_t wf_image_normalize(float *out, const uint8_t *x, const float *mean, const float *deviation,
                            uint32_t from_height, uint32_t from_width, uint32_t channels, uint32_t height,
                            uint32_t width, int32_t top, int32_t left, double scale);

/* ---- Audio -----------------------------------------------------------------------------------------------------
 *
 * How samples become what an audio model reads. Sums are in double. Functions return ARGUMENT for a missing array or a value
 * outside its range, and SHAPE for sizes of zero, sizes that do not fit together and arrays beyond 2^30 elements. */

/* wf_mel_filters fills [mels, bins] with triangles over the frequencies of a spectrum, k rate / (2 (bins - 1)) hertz, their
 * corners evenly between low and high on a mel scale: Slaney's, each triangle of area 1; or with `kaldi` 1127 ln(1 + f / 700),
 * triangles on that scale and of height 1. librosa.filters.mel; transformers mel_filter_bank. */
WF_EXPORT(wf_mel_filters)
uint32_t wf_mel_filters(double *out, uint32_t mels, uint32_t bins, double rate, double low, double high,
                        uint32_t kaldi);

/* wf_log_mel fills [mels, frames] with log10 of the energies of Hann's windows under the filters [mels, size / 2 + 1], at least
 * 1e-10 and no less than 8 below the largest, then (value - mean) / deviation. x: [samples], taken for `length` samples that end
 * in zeros; frame t is centred on sample t hop, x mirrored at both ends. The window has `reach` = size samples. Radford 2022.
 * With `kaldi` fills [frames, mels]: frame t begins at sample t hop and has `reach` samples, their mean subtracted, 0.97 of
 * each one's predecessor subtracted, zeros up to `size`; natural logarithms of at least 2^-23; frames that samples do not fill
 * are 0 before the mean. Kaldi's fbank; Gong 2021 (AST). space: [8 size + 2 + mels]. size: 2 to 65536. */
WF_EXPORT(wf_log_mel)
uint32_t wf_log_mel(float *out, double *space, const float *x, const double *filters, uint32_t samples,
                    uint32_t length, uint32_t frames, uint32_t reach, uint32_t size, uint32_t hop,
                    uint32_t mels, uint32_t kaldi, double mean, double deviation);

/* wf_standardize fills [samples] with (x - mean) / sqrt(variance + 1e-7) of the first `valid` samples, and 0 behind them. out may
 * be x. Baevski 2020 (wav2vec 2.0). */
WF_EXPORT(wf_standardize)
uint32_t wf_standardize(float *out, const float *x, uint32_t samples, uint32_t valid);

/* How a sample of a file is stored, least significant byte first; U8 is centred on 128. */
typedef enum wf_sample {
  WF_SAMPLE_U8 = 0,
  WF_SAMPLE_S16 = 1,
  WF_SAMPLE_S24 = 2,
  WF_SAMPLE_S32 = 3,
  WF_SAMPLE_F32 = 4,
  WF_SAMPLE_F64 = 5,
} wf_sample;

/* wf_mix_samples fills [frames] with the means over the channels of bytes [frames, channels, bytes of a sample]; integers become
 * [-1, 1). */
WF_EXPORT(wf_mix_samples)
uint32_t wf_mix_samples(float *out, const uint8_t *bytes, uint32_t frames, uint32_t channels,
                        uint32_t format);

/* wf_resample_samples fills [count] with x [samples] at another rate, count = ceil(samples to / from): a sinc of 6 lobes on each
 * side under Hann's window, which passes 0.99 of the lower rate's band. UNSUPPORTED below a 80th of the rate. torchaudio's
 * functional.resample as it is by default. */
WF_EXPORT(wf_resample_samples)
uint32_t wf_resample_samples(float *out, const float *x, uint32_t samples, uint32_t count, uint32_t from,
                             uint32_t to);

/* ---- Threads ---------------------------------------------------------------------------------------------------
 *
 * A team shares the loops of a forward, and changes no bit of it. It lies in memory that is shared: every thread has an
 * instance of its own, with a stack of its own, of the same module on the same memory. */
typedef struct wf_team wf_team;

/* wf_team_bytes returns the bytes that a team takes: zeros at first, 64-byte aligned. */
WF_EXPORT(wf_team_bytes) uint32_t wf_team_bytes(void);

/* wf_team_join is what a thread does, as number 1 .. 15 of the team, until its host ends it. It returns for another number alone:
 * ARGUMENT. wf_team_joined returns how many threads are there, the one that calls forwards not counted. */
WF_EXPORT(wf_team_join) uint32_t wf_team_join(wf_team *team, uint32_t thread);
WF_EXPORT(wf_team_joined) uint32_t wf_team_joined(const wf_team *team);

/* wf_team_fail is called for a thread whose wf_team_join trapped. */
WF_EXPORT(wf_team_fail) uint32_t wf_team_fail(wf_team *team);

/* ---- Encoders --------------------------------------------------------------------------------------------------
 *
 * A model is a plain description (structs of 32-bit fields, checked once) and two blocks of the caller's memory: one for
 * the blueprint and the packed weights, which nothing changes after load, and one for scratch, which may be replaced by
 * a larger one whenever no forward is under way. The life of a model:
 *
 *   wf_encoder_plan(&bytes, description)            how much memory its weights take
 *   wf_encoder_create(memory, bytes, description)   places it
 *   wf_encoder_put(...) for every weight            converts and packs values as they arrive from a file (and
 *                                                   wf_encoder_get gives them back)
 *   wf_encoder_derive(encoder)                      what follows from the weights, once
 *   wf_encoder_scratch_plan, wf_encoder_scratch     room for blocks of so many rows
 *   per block of sequences:
 *     wf_encoder_trace                              to see inside: before the stem, and again before each layer
 *     wf_encoder_begin_tokens, _embeddings, _pixels, _frames the stem: state 0, the rows entering layer 0
 *     wf_encoder_mask                               which pairs of tokens attend, if not all
 *     wf_encoder_run(&left, maps, encoder, state)   the layers up to a state: all of them, or one state after another
 *     wf_encoder_finish                             the final norm, if the rows have one
 *     wf_encoder_output                             pooling and heads, which read the block's own rows
 *
 * Results depend neither on how sequences are distributed over blocks, nor on the sizes of scratch. */

/* What enters layer 0. */
typedef enum wf_stem {
  WF_STEM_TOKENS = 0,     /* norm?(token + position + type) */
  WF_STEM_EMBEDDINGS = 1, /* the caller's own rows */
  WF_STEM_PATCHES = 2,    /* norm?([prefix tokens; patches W^T + b] + position) */
  WF_STEM_ATTENTION = 3,  /* nothing: a lone attention module, see wf_encoder_attend */
  WF_STEM_FRAMES = 4,     /* projection?(norm?(convolutions over time)) + positions, then norm? */
} wf_stem;

/* Where a layer normalises, as bits. One rule for attention and for the feed-forward network f:
 *   y = f(before(x));  y = inside(y);  x += y;  x = after(x)
 * absent ones being nothing. Post-norm is both AFTER, pre-norm both BEFORE, SwinV2 both INSIDE, Gemma BEFORE and INSIDE. */
typedef enum wf_norm_places {
  WF_BEFORE_ATTENTION = 1,
  WF_INSIDE_ATTENTION = 2,
  WF_AFTER_ATTENTION = 4,
  WF_BEFORE_FEED_FORWARD = 8,
  WF_INSIDE_FEED_FORWARD = 16,
  WF_AFTER_FEED_FORWARD = 32,
} wf_norm_places;

/* Forms of norms; of queries and keys, also their unit length (cosine attention). */
typedef enum wf_norm_form { WF_NORM_LAYER = 0, WF_NORM_RMS = 1, WF_NORM_L2 = 2 } wf_norm_form;

/* What attention scores receive besides q k^T, and what bias_buckets and bias_reach are to it.
 *
 *   WINDOW        a table over offsets inside a window (Swin); with buckets it comes from a network of that inner width over
 *                 offsets / (reach - 1), or / (window - 1) if reach is 0, and windows are the same on all maps (SwinV2)
 *   DENSE         a table over offsets on a map of buckets x reach behind a class token, resampled bilinearly for others (BEiT)
 *   DISTANCE      a table of that many buckets of distances, from reach on all alike (T5, MPNet, WavLM)
 *   DISENTANGLED  content to position and position to content (DeBERTa): buckets of a direction or 0 for distances, from reach
 *                 on all alike */
typedef enum wf_bias {
  WF_BIAS_NONE = 0,
  WF_BIAS_WINDOW = 1,
  WF_BIAS_DENSE = 2,
  WF_BIAS_DISTANCE = 3,
  WF_BIAS_DISENTANGLED = 4,
} wf_bias;

/* What positions and content say of each other (DeBERTa), as bits. */
typedef enum wf_terms {
  WF_TERM_CONTENT_TO_POSITION = 1, /* q_i . pk[i - j] */
  WF_TERM_POSITION_TO_CONTENT = 2, /* k_j . pq[i - j] */
  WF_TERM_SHARED = 4,              /* pk and pq come from the layer's own projections of keys and queries */
} wf_terms;

/* How heads are rotated. */
typedef enum wf_rotary {
  WF_ROTARY_NONE = 0,
  WF_ROTARY_HALVES = 1, /* pairs (k, k + rotary / 2) */
  WF_ROTARY_PAIRS = 2,  /* pairs (2k, 2k + 1) */
} wf_rotary;

/* No limit to how far a query sees. */
#define WF_UNLIMITED UINT32_MAX

/* A kind of layer. Fields whose values this core does not compute yet are refused as UNSUPPORTED. */
typedef struct wf_kind_description {
  uint32_t width;      /* D <= 8192. Between layers of width D and 2 D, 2 x 2 patches are merged */
  uint32_t heads;      /* H <= 128 */
  uint32_t key_heads;  /* of keys and values, divides H */
  uint32_t head_width; /* W <= 1024; queries have H * W columns */
  uint32_t inner;      /* F <= 65536, of the feed-forward network */
  uint32_t activation; /* wf_activation, of the feed-forward network */
  uint32_t gated;      /* 1: activation(gate x) * (up x); else activation(up x) */
  uint32_t norms;      /* wf_norm_places */
  uint32_t norm_form;  /* wf_norm_form: LAYER or RMS */
  float norm_epsilon;  /* of all norms of the layer */
  float score_scale;   /* multiplies q k^T, by way of the queries */
  uint32_t
      head_norm; /* 0, or 1 + the wf_norm_form of each head's queries and keys; L2 has a scale of each head besides,
                          exp(min(LOGIT_SCALE, ln 100)) */
  uint32_t rotary;                   /* wf_rotary */
  uint32_t rotary_width;             /* channels of a head that turn */
  uint32_t rotary_table;             /* which of the model's tables of angles */
  uint32_t bias;                     /* wf_bias */
  uint32_t bias_buckets, bias_reach; /* see wf_bias */
  uint32_t bias_gated;  /* 1: of DISTANCE, times a gate that each head makes of the queries' rows (WavLM) */
  uint32_t bias_terms;  /* of DISENTANGLED: wf_terms */
  uint32_t left, right; /* a query at i sees keys i - left to i + right; causal: right 0 */
  uint32_t window;      /* side of a window in tokens, 1 to 64; 0: a sequence is one */
  uint32_t shift;       /* how far the map is rolled up and left before it is cut into windows, < window */
  uint32_t layer_scale; /* 1: a vector multiplies what each branch adds */
} wf_kind_description;

/* A head is a linear layer over pooled vectors or rows: activation(x W^T + b), then a layer norm if it has one. A tied
 * head multiplies by the token table instead of a weight of its own (masked language models); a bare one is its norm
 * alone, over as many inputs as outputs. */
typedef struct wf_head_description {
  uint32_t inputs, outputs;
  uint32_t
      activation; /* wf_activation: 0 identity, 1 relu, 2 gelu, 3 gelu_tanh, 4 quick_gelu, 5 silu, 6 tanh,
                          7 sigmoid, 8 gelu_10, 9 leaky_relu, 10 relu6, 11 relu2, 12 hardswish, 13 mish */
  uint32_t norm;  /* 0 or 1 */
  float norm_epsilon;
  uint32_t tied; /* 0 or 1 */
  uint32_t bare; /* 0 or 1 */
} wf_head_description;

/* Where the final norm stands. */
typedef enum wf_final_norm {
  WF_FINAL_NORM_NONE = 0,
  WF_FINAL_NORM_ROWS = 1,   /* over the rows, when the layers are done */
  WF_FINAL_NORM_POOLED = 2, /* over each pooled vector, before heads: timm's fc_norm */
} wf_final_norm;

/* How 2 x 2 patches become one of twice the width. */
typedef enum wf_merge_form {
  WF_MERGE_NORM_FIRST = 0, /* linear(norm(x)): Swin */
  WF_MERGE_NORM_LAST = 1,  /* norm(linear(x)): SwinV2 */
} wf_merge_form;

/* What a convolution over time is normalised by, with an epsilon of 1e-5: each row, or each channel over the whole time. */
typedef enum wf_frame_norm {
  WF_FRAME_NORM_NONE = 0,
  WF_FRAME_NORM_ROWS = 1,
  WF_FRAME_NORM_TIME = 2
} wf_frame_norm;

/* A convolution of WF_STEM_FRAMES over time; what enters is zero beyond its ends. */
typedef struct wf_convolution_description {
  uint32_t outputs, kernel, stride, padding;
  uint32_t norm;       /* wf_frame_norm; TIME of the first alone */
  uint32_t activation; /* wf_activation, behind the norm */
} wf_convolution_description;

/* Positions as convolutions over the rows of a sequence, in turn; what leaves the last is added to the rows. */
typedef struct wf_position_description {
  uint32_t count, kernel, groups;
  uint32_t norm;        /* 1: a layer norm without weights behind each, epsilon 1e-5 */
  uint32_t activation;  /* wf_activation */
  uint32_t weight_norm; /* 1: weights are gain[k] v / |v|, |v| over all that kernel place k has */
} wf_position_description;

/* A table of angles: of position p and pair i, p * frequency[i] in float32 as PyTorch has it; with a base instead of
 * frequencies p * base^(-i / pairs) in double (RoFormer). Cosines and sines are multiplied by gain. */
typedef struct wf_rotary_description {
  uint32_t pairs; /* 0: there is no such table */
  float base;     /* 0: the frequencies are put */
  float gain;
  uint32_t
      map; /* 1: of patches, angles 2 pi c frequency[i] for both coordinates c of their centres, from -1 to 1, rows
                   before columns: twice as many pairs; prefix tokens do not turn (DINOv3) */
} wf_rotary_description;

enum {
  WF_MAX_KINDS = 8,
  WF_MAX_LAYERS = 128,
  WF_MAX_HEADS = 4,
  WF_MAX_POOLINGS = 6,
  WF_MAX_ROTARIES = 2,
  WF_MAX_CONVOLUTIONS = 8
};

typedef struct wf_encoder_description {
  uint32_t tile; /* index of the tile to pack for, < wf_tile_count() */
  uint32_t
      dtype; /* wf_dtype of the layers' packed weights: WF_F32, WF_INT8_WORDS, or what wf_int8_dtype returns */
  uint32_t stem;                         /* wf_stem */
  uint32_t width;                        /* of the rows that enter layer 0 */
  uint32_t vocabulary, positions, types; /* rows of the embedding tables, 0 = no such table */
  uint32_t table_width;                  /* of those tables; if it differs from `width`, */
  uint32_t projection;                   /* 1: their rows are projected to it */
  float token_scale;      /* multiplies the token table's rows as they are looked up; 0: nothing does */
  uint32_t dropped_token; /* 0, or 1 + the token that is masked: its rows are zeros, the others of its
                             sequence multiplied by 0.88 / (1 - its share) (ESM) */
  uint32_t channels, patch_height, patch_width; /* of WF_STEM_PATCHES, else 0 */
  uint32_t stride_height, stride_width;         /* from one patch to the next */
  uint32_t prefix;           /* tokens before the patches; the first prefix_positions of them have */
  uint32_t prefix_positions; /* rows in the position table, which begins with those */
  uint32_t norm_form;        /* wf_norm_form of the next two */
  uint32_t embedding_norm;   /* 0; 1 over the tables' sum; 2 over patches before positions are added (Swin);
                              3 over what the sum is projected to (DeBERTa) */
  float embedding_norm_epsilon;
  uint32_t final_norm; /* wf_final_norm */
  float final_norm_epsilon;
  uint32_t merge_form; /* wf_merge_form */
  float merge_norm_epsilon;
  uint32_t relative_rows; /* of the table that DISENTANGLED layers project: twice their span */
  uint32_t relative_norm; /* 0 or 1: a layer norm over that table */
  float relative_norm_epsilon;
  uint32_t
      convolution; /* 0, or the odd kernel <= 63 of one over the tokens that enter layer 0: behind that layer
                           x = norm(x + activation(convolution)), with the epsilon of its norms (DeBERTa v2) */
  uint32_t convolution_activation; /* wf_activation */
  uint32_t pool; /* 1: layer `layers`, behind the last, pools (WF_POOL_ATTENTION); layers + pool <= 128 */
  uint32_t frame_inputs; /* of WF_STEM_FRAMES, else 0: values of a frame that enters */
  uint32_t convolutions; /* how many of the following count */
  uint32_t feature_norm; /* 0 or 1: a layer norm over what leaves them */
  float feature_norm_epsilon;
  uint32_t features; /* 1: those rows are kept, see wf_encoder_features */
  wf_convolution_description frame[WF_MAX_CONVOLUTIONS];
  wf_position_description position;
  wf_rotary_description rotary[WF_MAX_ROTARIES];
  uint32_t kinds, layers, head_count; /* how many of the following count */
  wf_kind_description kind[WF_MAX_KINDS];
  uint32_t layer_kind[WF_MAX_LAYERS];    /* the kind of each layer */
  uint32_t layer_weights[WF_MAX_LAYERS]; /* the layer whose weights it uses: itself, or an earlier one */
  uint32_t layer_bias[WF_MAX_LAYERS]; /* of DISTANCE and DENSE: the layer whose table it uses, the same way */
  wf_head_description head[WF_MAX_HEADS];
} wf_encoder_description;

typedef struct wf_encoder wf_encoder;

/* Where a weight goes. The index is the layer for layer slots, counts from 0 for merges and heads, and is 0 else. Weights
 * of linear layers are [outputs, inputs] as in PyTorch. */
typedef enum wf_slot {
  WF_SLOT_TOKEN_TABLE = 0,    /* [vocabulary, E], E the tables' width */
  WF_SLOT_POSITION_TABLE = 1, /* [positions, E] */
  WF_SLOT_TYPE_TABLE = 2,     /* [types, E] */
  WF_SLOT_EMBEDDING_NORM_WEIGHT = 3,
  WF_SLOT_EMBEDDING_NORM_BIAS = 4,
  WF_SLOT_FINAL_NORM_WEIGHT = 5,
  WF_SLOT_FINAL_NORM_BIAS = 6,
  WF_SLOT_PATCH_WEIGHT = 7, /* [D, channels * patch_height * patch_width] */
  WF_SLOT_PATCH_BIAS = 8,
  WF_SLOT_PREFIX_TABLE = 9,    /* [prefix, D] */
  WF_SLOT_RELATIVE_TABLE = 10, /* [relative_rows, D] */
  WF_SLOT_RELATIVE_NORM_WEIGHT = 11,
  WF_SLOT_RELATIVE_NORM_BIAS = 12,
  WF_SLOT_PROJECTION_WEIGHT = 13, /* [D, E] */
  WF_SLOT_PROJECTION_BIAS = 14,
  WF_SLOT_ROTARY_FREQUENCIES = 15, /* [pairs]; the index counts tables of angles */
  WF_SLOT_QKV_WEIGHT = 16,         /* [(H + 2 key heads) W, D], rows [queries; keys; values] */
  WF_SLOT_QKV_BIAS = 17,
  WF_SLOT_OUT_WEIGHT = 18, /* [D, H W] */
  WF_SLOT_OUT_BIAS = 19,
  WF_SLOT_UP_WEIGHT = 20, /* [F, D]; gated [2 F, D], rows in the order that the put names */
  WF_SLOT_UP_BIAS = 21,
  WF_SLOT_DOWN_WEIGHT = 22, /* [D, F] */
  WF_SLOT_DOWN_BIAS = 23,
  WF_SLOT_BEFORE_ATTENTION_WEIGHT = 24, /* norms of a layer, [D] each, in the order of wf_norm_places */
  WF_SLOT_BEFORE_ATTENTION_BIAS = 25,
  WF_SLOT_INSIDE_ATTENTION_WEIGHT = 26,
  WF_SLOT_INSIDE_ATTENTION_BIAS = 27,
  WF_SLOT_AFTER_ATTENTION_WEIGHT = 28,
  WF_SLOT_AFTER_ATTENTION_BIAS = 29,
  WF_SLOT_BEFORE_FEED_FORWARD_WEIGHT = 30,
  WF_SLOT_BEFORE_FEED_FORWARD_BIAS = 31,
  WF_SLOT_INSIDE_FEED_FORWARD_WEIGHT = 32,
  WF_SLOT_INSIDE_FEED_FORWARD_BIAS = 33,
  WF_SLOT_AFTER_FEED_FORWARD_WEIGHT = 34,
  WF_SLOT_AFTER_FEED_FORWARD_BIAS = 35,
  WF_SLOT_WINDOW_TABLE = 36,       /* [(2 window - 1)^2, H], Swin's relative position bias */
  WF_SLOT_ATTENTION_SCALE = 37,    /* [D], layer scale of what attention adds */
  WF_SLOT_FEED_FORWARD_SCALE = 38, /* [D], of what the feed-forward network adds */
  WF_SLOT_QUERY_NORM_WEIGHT = 39,  /* [W], of every head */
  WF_SLOT_QUERY_NORM_BIAS = 40,
  WF_SLOT_KEY_NORM_WEIGHT = 41, /* [W] */
  WF_SLOT_KEY_NORM_BIAS = 42,
  WF_SLOT_DISTANCE_TABLE = 43,      /* [buckets, H] */
  WF_SLOT_POSITION_KEY_WEIGHT = 44, /* [H W, D], of relative positions, unless they share the layer's own */
  WF_SLOT_POSITION_KEY_BIAS = 45,
  WF_SLOT_POSITION_QUERY_WEIGHT = 46,
  WF_SLOT_POSITION_QUERY_BIAS = 47,
  WF_SLOT_MERGE_NORM_WEIGHT = 48, /* [4 D], or [2 D] with WF_MERGE_NORM_LAST */
  WF_SLOT_MERGE_NORM_BIAS = 49,
  WF_SLOT_MERGE_WEIGHT = 50,         /* [2 D, 4 D] */
  WF_SLOT_OFFSET_HIDDEN_WEIGHT = 51, /* [inner, 2], of a window's network over offsets */
  WF_SLOT_OFFSET_HIDDEN_BIAS = 52,
  WF_SLOT_OFFSET_OUT_WEIGHT = 53, /* [H, inner] */
  WF_SLOT_LOGIT_SCALE = 54,       /* [H] */
  WF_SLOT_HEAD_WEIGHT = 56,       /* [outputs, inputs] */
  WF_SLOT_HEAD_BIAS = 57,
  WF_SLOT_HEAD_NORM_WEIGHT = 58,
  WF_SLOT_HEAD_NORM_BIAS = 59,
  WF_SLOT_DENSE_TABLE = 60,  /* [offsets + 3, H]: on the map; from, to and at the class token */
  WF_SLOT_PROBE = 63,        /* [D], the row that asks in attention pooling; its layer is number `layers` */
  WF_SLOT_FRAME_WEIGHT = 80, /* [outputs, inputs, kernel]; the index counts convolutions */
  WF_SLOT_FRAME_BIAS = 81,
  WF_SLOT_FRAME_NORM_WEIGHT = 82,
  WF_SLOT_FRAME_NORM_BIAS = 83,
  WF_SLOT_FEATURE_NORM_WEIGHT = 84,
  WF_SLOT_FEATURE_NORM_BIAS = 85,
  WF_SLOT_POSITION_CONVOLUTION_WEIGHT = 86, /* [D, D / groups, kernel]; the index counts them */
  WF_SLOT_POSITION_CONVOLUTION_BIAS = 87,
  WF_SLOT_POSITION_GAIN = 88, /* [kernel] */
  WF_SLOT_GATE_WEIGHT = 89,   /* [8, W] */
  WF_SLOT_GATE_BIAS = 90,
  WF_SLOT_GATE_SCALE = 91,          /* [H] */
  WF_SLOT_CONVOLUTION_WEIGHT = 100, /* [D, D, kernel] */
  WF_SLOT_CONVOLUTION_BIAS = 101,
  WF_SLOT_CONVOLUTION_NORM_WEIGHT = 102, /* [D] */
  WF_SLOT_CONVOLUTION_NORM_BIAS = 103,
} wf_slot;

/* Element types of weights in files, and of packed ones: those in 8 bits stand as a product of them wants, see wf_int8_dtype. */
typedef enum wf_dtype {
  WF_F32 = 0,
  WF_F16 = 1,
  WF_BF16 = 2,
  WF_F64 = 3,
  WF_INT8_WORDS = 4,
  WF_INT8_UNSIGNED = 5,
  WF_INT8_SIGNED = 6,
} wf_dtype;

/* How a file orders the rows of a gated up weight, and of one of queries, keys and values. */
typedef enum wf_rows {
  WF_ROWS_AS_THEY_ARE = 0, /* the only order of other weights; of a gated one the same as GATE_UP */
  WF_ROWS_GATE_UP = 1,     /* [gate; up]: the first half is activated */
  WF_ROWS_UP_GATE = 2,     /* [up; gate] */
  WF_ROWS_BY_HEAD = 3,     /* [queries; keys; values] of one head after the other (DeBERTa v1) */
} wf_rows;

/* One piece of a weight: `count` values of a slot, the first being element `first` of its row-major order. What is kept
 * is value + offset, added to what is there if `add` is 1; weights and biases of linear layers cannot add. */
typedef struct wf_put {
  uint32_t slot, index, first, count;
  uint32_t dtype; /* wf_dtype */
  uint32_t rows;  /* wf_rows */
  float offset;
  uint32_t add;
} wf_put;

/* wf_tile_count returns the number of tiles; wf_tile_space the bytes that wf_tile_run needs.
 * wf_tile_run multiplies repeats * 60 x 24 x 384 floats in a tile, for the caller to time; space holds zeros at first. */
WF_EXPORT(wf_tile_count) uint32_t wf_tile_count(void);
WF_EXPORT(wf_tile_space) uint32_t wf_tile_space(void);
WF_EXPORT(wf_tile_run) uint32_t wf_tile_run(float *space, uint32_t tile, uint32_t repeats);

/* wf_is_relaxed returns 1 in the relaxed build, 0 elsewhere: whoever is given a module's file sees which it is. */
WF_EXPORT(wf_is_relaxed) uint32_t wf_is_relaxed(void);

/* wf_encoder_plan checks a description and writes the bytes that its model's weights take.
 * Errors: ARGUMENT (a field out of range), SHAPE (sizes that do not fit), UNSUPPORTED, MEMORY (more than 32 bits address). */
WF_EXPORT(wf_encoder_plan)
uint32_t wf_encoder_plan(uint32_t *bytes, const wf_encoder_description *description);

/* wf_encoder_create places a model at `memory`, which is 64-byte aligned, holds `bytes` zeros, and stays the model's. Its
 * address is the encoder's. Weights that are never put are zero, as an absent bias is. A model that stood there is gone,
 * and its scratch with it, even if an error is returned. */
WF_EXPORT(wf_encoder_create)
uint32_t wf_encoder_create(wf_encoder *memory, uint32_t bytes, const wf_encoder_description *description);

/* wf_encoder_slot_shape writes the rows and columns of a slot; a vector has one row. ARGUMENT if the model has no such
 * slot. */
WF_EXPORT(wf_encoder_slot_shape)
uint32_t wf_encoder_slot_shape(uint32_t shape[2], const wf_encoder *encoder, uint32_t slot, uint32_t index);

/* wf_encoder_put converts values of a slot and puts them where the forward reads them. data has put->count values of its
 * dtype, in any alignment. A row of a weight that is kept in whole numbers comes piece after piece, with no other in between, else
 * it is a STATE error. A layer that uses another's weights has no slots of its own. */
WF_EXPORT(wf_encoder_put)
uint32_t wf_encoder_put(wf_encoder *encoder, const void *data, const wf_put *put);

/* wf_int8_dtype returns the wf_dtype of whole numbers that this engine multiplies fastest without error. */
WF_EXPORT(wf_int8_dtype) uint32_t wf_int8_dtype(void);

/* wf_int8_rows rounds rows of a weight to 8 bits as layers of whole numbers keep them: turned by a Hadamard matrix, then each by its own
 * scale; what wf_encoder_put_int8 takes. rows: [count, columns]; scales: [count]; space: [columns]; x: [count, columns].
 * Source: QuaRot, arXiv 2404.00456. */
WF_EXPORT(wf_int8_rows)
uint32_t wf_int8_rows(int8_t *rows, float *scales, float *space, const float *x, uint32_t count,
                      uint32_t columns);

/* wf_encoder_put_int8 puts whole rows of a weight or a table in that form, whatever the model keeps: put->count values, and a scale a
 * row. put->dtype is not read. space: room for the slot's columns.
 * Errors: as of wf_encoder_put; ARGUMENT for parts of rows, and for a slot without rows of a product or a table. */
WF_EXPORT(wf_encoder_put_int8)
uint32_t wf_encoder_put_int8(wf_encoder *encoder, float *space, const int8_t *rows, const float *scales,
                             const wf_put *put);

/* wf_encoder_place returns where the values of a slot stand as wf_encoder_put takes float32 values, row by row: what is written
 * there need not be put. NULL for what is packed, and for a slot that the model has not. */
WF_EXPORT(wf_encoder_place)
float *wf_encoder_place(const wf_encoder *encoder, uint32_t slot, uint32_t index);

/* wf_encoder_get writes what wf_encoder_put would take: the values of a piece as they are kept, in the order that get->rows
 * names, float32 whatever its dtype. An offset is not subtracted. out: [get->count].
 * Errors: as of wf_encoder_put; UNSUPPORTED for a weight that wf_encoder_derive has replaced (weight_norm). */
WF_EXPORT(wf_encoder_get)
uint32_t wf_encoder_get(float *out, const wf_encoder *encoder, const wf_put *get);

/* wf_encoder_derive computes what the forward reads besides the weights themselves: biases, and angles if there is scratch
 * (else wf_encoder_scratch does). To be called when all weights are put; a forward before is a STATE error. So is a call
 * without scratch for a model whose layers project relative positions. */
WF_EXPORT(wf_encoder_derive) uint32_t wf_encoder_derive(wf_encoder *encoder);

/* wf_encoder_scratch_plan writes the bytes of scratch for blocks of at most `rows` rows, of which attention works on
 * `group` at a time, both as wf_encoder_row_cost counts them. A sequence must fit a group; so must a window.
 * wf_encoder_scratch places it at `memory`, 64-byte aligned; what stands there does not matter. The block in work, if
 * any, is gone; earlier scratch is the caller's again. threads: 1 .. 16, one more than the team's highest number; team: NULL
 * for one thread. */
WF_EXPORT(wf_encoder_scratch_plan)
uint32_t wf_encoder_scratch_plan(uint32_t *bytes, const wf_encoder_description *description, uint32_t rows,
                                 uint32_t group, uint32_t threads);
WF_EXPORT(wf_encoder_scratch)
uint32_t wf_encoder_scratch(wf_encoder *encoder, void *memory, uint32_t bytes, uint32_t rows, uint32_t group,
                            uint32_t threads, wf_team *team);

/* wf_encoder_row_cost returns the rows that a sequence of `length` takes in a block: it is padded to whole tiles, except
 * where layers work in windows. */
WF_EXPORT(wf_encoder_row_cost) uint32_t wf_encoder_row_cost(const wf_encoder *encoder, uint32_t length);

/* A state that the rows pass through: state 0 enters layer 0, and another leaves every layer, or in a windowed model
 * every stage, behind its merging. */
typedef struct wf_state {
  uint32_t states;         /* of the model */
  uint32_t layers;         /* that have run */
  uint32_t width;          /* D of the rows */
  uint32_t tokens;         /* of an image, prefix included; 0 where sequences keep their lengths */
  uint32_t height, across; /* of the map of patches that they stand for; 0 without images */
  uint32_t windows;        /* the layer before gives maps [windows, heads, keys, keys] of each image; */
  uint32_t heads, keys;    /* windows 0: [heads, T, T] of each sequence */
} wf_state;

/* wf_encoder_state tells what state `index` holds for images of height x width pixels (0 x 0: for sequences).
 * Errors: ARGUMENT (no such state), SHAPE (an image without a whole patch, or a map smaller than a window), MEMORY (more
 * than 2^20 patches). */
WF_EXPORT(wf_encoder_state)
uint32_t wf_encoder_state(wf_state *state, const wf_encoder *encoder, uint32_t index, uint32_t height,
                          uint32_t width);

/* wf_encoder_least_image writes the height and width in pixels below which an image is refused. */
WF_EXPORT(wf_encoder_least_image)
uint32_t wf_encoder_least_image(uint32_t size[2], const wf_encoder *encoder);

/* wf_encoder_begin_tokens starts a block of sequences of token ids: x = projection?(norm?(token[id] + position[p] + type[t])).
 * ids, positions, types: [R]; positions and types may be NULL without such a table (with a type table, NULL means row 0).
 * lengths: [sequences], each >= 1, their sum R.
 * Errors: ARGUMENT (an index outside its table, a length of 0), MEMORY (the block or a sequence is too large for the
 * scratch), STATE (no scratch yet, or nothing derived). */
WF_EXPORT(wf_encoder_begin_tokens)
uint32_t wf_encoder_begin_tokens(wf_encoder *encoder, const uint32_t *ids, const uint32_t *positions,
                                 const uint32_t *types, const uint32_t *lengths, uint32_t sequences);

/* wf_encoder_begin_embeddings starts a block of the caller's own rows, x: [R, D]; else as wf_encoder_begin_tokens. */
WF_EXPORT(wf_encoder_begin_embeddings)
uint32_t wf_encoder_begin_embeddings(wf_encoder *encoder, const float *x, const uint32_t *lengths,
                                     uint32_t sequences);

/* wf_encoder_begin_pixels starts a block of images: pixels [images, channels, height, width]. Patches lie row by row; in a
 * plain stack pixels beyond the last whole patch are ignored, in a windowed one zeros are added. positions: the rows to
 * add, [prefix_positions + patches, D], or NULL for the model's own table.
 * Errors: SHAPE (no whole patch, a position table of another number of rows, or a map smaller than a window), MEMORY,
 * STATE. */
WF_EXPORT(wf_encoder_begin_pixels)
uint32_t wf_encoder_begin_pixels(wf_encoder *encoder, const float *pixels, const float *positions,
                                 uint32_t images, uint32_t height, uint32_t width);

/* wf_encoder_frames_length returns the rows that so many frames become, 0 if they are too few. */
WF_EXPORT(wf_encoder_frames_length)
uint32_t wf_encoder_frames_length(const wf_encoder *encoder, uint32_t frames);

/* wf_encoder_begin_frames starts a block of sounds: x [sequences, frame_inputs, frames], of which the first lengths[i] frames
 * of each count; norms over time are over all of them. x stays the caller's and must not change until wf_encoder_run has
 * reached a state: the convolutions are steps of that.
 * Errors: ARGUMENT (a length beyond `frames`, or too short), SHAPE (more rows than positions), MEMORY, STATE. */
WF_EXPORT(wf_encoder_begin_frames)
uint32_t wf_encoder_begin_frames(wf_encoder *encoder, const float *x, const uint32_t *lengths,
                                 uint32_t frames, uint32_t sequences);

/* wf_encoder_features returns the block's rows as they left the convolutions and their norm, [R, table_width]; NULL if they
 * are not kept. */
WF_EXPORT(wf_encoder_features) const float *wf_encoder_features(const wf_encoder *encoder);

/* wf_encoder_positions returns the position table, [positions, D]. */
WF_EXPORT(wf_encoder_positions) const float *wf_encoder_positions(const wf_encoder *encoder);

/* wf_encoder_attend runs layer 0's attention alone, softmax(q k^T) v through the output projection, without residual.
 * out, queries: [sequences, query_length, D], keys, values: [sequences, key_length, D]; maps, unless NULL:
 * [sequences, H, query_length, key_length]. valid, unless NULL: [sequences, query_length], scores of keys from there on
 * become -1e6, as in D2L's masked softmax; more than key_length is all of them. One sequence must fit a group. */
WF_EXPORT(wf_encoder_attend)
uint32_t wf_encoder_attend(float *out, float *maps, wf_encoder *encoder, const float *queries,
                           const float *keys, const float *values, const uint32_t *valid, uint32_t sequences,
                           uint32_t query_length, uint32_t key_length);

/* wf_encoder_mask says which pairs of the block's tokens count: scores of a pair whose byte is 0 become `fill` in every
 * layer. The byte of a pair is values[sequence * strides[0] + head * strides[1] + query * strides[2] + key * strides[3]]; a
 * stride of 0 shares it along an axis. values stay the caller's and must not change until the block has run.
 * Errors: STATE (no block was begun, or a layer has run), UNSUPPORTED (layers that work in windows). */
WF_EXPORT(wf_encoder_mask)
uint32_t wf_encoder_mask(wf_encoder *encoder, const uint8_t *values, const uint32_t strides[4], float fill);

/* wf_encoder_run runs the layers up to state `state`, or as many steps of them as about `work` million multiplications
 * take (at least one), and writes to *left how many layers are missing, the stem of sounds counting as one: a caller goes on
 * until it is 0. maps, unless
 * NULL, receives the attention probabilities of the last layer before the state, as wf_state describes them; it must
 * stay the same until then. STATE unless a block was begun, ARGUMENT for a state that does not exist or has passed. */
WF_EXPORT(wf_encoder_run)
uint32_t wf_encoder_run(uint32_t *left, float *maps, wf_encoder *encoder, uint32_t state, uint32_t work);

/* What can be traced of a forward, by the letters T (tokens), E, D, H, W, F, KH (key heads), [planes, rows, columns]: first
 * what the stem makes, then what a layer does, in the order in which it is made.
 *
 *   y = f(before(x));  y = inside(y);  x += scale * y;  x = after(x)
 *
 * of both halves gives the norms and sums: f's own result is ATTENTION_OUTPUT and FEED_FORWARD, x behind the addition a
 * SUM. Values that a model does not have are left out. Attention probabilities are wf_encoder_run's maps, and what leaves
 * stem and layers the states. */
typedef enum wf_traced {
  WF_TRACED_WORD = 0,             /* [1, T, E] rows of the token table */
  WF_TRACED_TYPE = 1,             /* [1, T, E] */
  WF_TRACED_PATCH = 2,            /* [1, patches, D] as the patch embedding gives them */
  WF_TRACED_PREFIX = 3,           /* [1, prefix, D] */
  WF_TRACED_POSITION = 4,         /* [1, T, E]; zeros for prefix tokens without one */
  WF_TRACED_SUM = 5,              /* [1, T, E] */
  WF_TRACED_EMBEDDING_NORM = 6,   /* [1, T, E] */
  WF_TRACED_PROJECTED = 7,        /* [1, T, D] */
  WF_TRACED_PROJECTED_NORM = 8,   /* [1, T, D] */
  WF_TRACED_BEFORE_ATTENTION = 9, /* [1, T, D] */
  WF_TRACED_QUERY = 10,           /* [H, T, W] without the scale of scores, as all queries here */
  WF_TRACED_KEY = 11,             /* [KH, T, W] */
  WF_TRACED_VALUE = 12,           /* [KH, T, W] */
  WF_TRACED_QUERY_NORMED = 13,    /* [H, T, W] */
  WF_TRACED_KEY_NORMED = 14,      /* [KH, T, W] */
  WF_TRACED_QUERY_ROTATED = 15,   /* [H, T, W] */
  WF_TRACED_KEY_ROTATED = 16,     /* [KH, T, W] */
  WF_TRACED_SCORES = 17,          /* [H, T, T] scaled, of all pairs: before bias, reach and mask */
  WF_TRACED_BIAS = 18,            /* [H, T, T] what is added to them */
  WF_TRACED_CONTEXT = 19,         /* [1, T, H W] */
  WF_TRACED_ATTENTION_OUTPUT = 20,
  WF_TRACED_INSIDE_ATTENTION = 21,
  WF_TRACED_ATTENTION_SUM = 22,
  WF_TRACED_AFTER_ATTENTION = 23,
  WF_TRACED_BEFORE_FEED_FORWARD = 24,
  WF_TRACED_INTERMEDIATE = 25, /* [1, T, F] what the activation takes */
  WF_TRACED_UP = 26,           /* [1, T, F] what a gated network multiplies its result by */
  WF_TRACED_ACTIVATED = 27,    /* [1, T, F] what the last product reads */
  WF_TRACED_FEED_FORWARD = 28,
  WF_TRACED_INSIDE_FEED_FORWARD = 29,
  WF_TRACED_FEED_FORWARD_SUM = 30,
  WF_TRACED_AFTER_FEED_FORWARD = 31,
} wf_traced;

/* The longest sequence that is traced. */
enum { WF_TRACED_TOKENS = 64 };

/* wf_encoder_trace_shape writes the planes, rows and columns of a value for a sequence of so many tokens (prefix and
 * patches, of an image), 0 if the model or the layer has none; the stem's do not look at the layer.
 * Errors: ARGUMENT (no such value or layer), SHAPE (more tokens than are traced, or none). */
WF_EXPORT(wf_encoder_trace_shape)
uint32_t wf_encoder_trace_shape(uint32_t shape[3], const wf_encoder *encoder, uint32_t value, uint32_t layer,
                                uint32_t tokens);

/* wf_encoder_trace lets blocks of one sequence of at most WF_TRACED_TOKENS append to `out` what they make, one value behind
 * the other: called before a block is begun, what the stem makes; called again before each layer is run, what that makes.
 * out stays the caller's; NULL ends it. Other blocks are not traced. No bit of a result changes.
 * Errors: STATE (no scratch yet, or nothing derived), UNSUPPORTED (windows, sounds, a lone attention module). */
WF_EXPORT(wf_encoder_trace) uint32_t wf_encoder_trace(float *out, wf_encoder *encoder);

/* wf_encoder_finish applies the final norm of the rows. STATE unless all layers have run, and the second time. */
WF_EXPORT(wf_encoder_finish) uint32_t wf_encoder_finish(wf_encoder *encoder);

/* wf_encoder_hidden returns the block's rows as they stand, [R, D]; valid until the next call of wf_encoder_run or one that
 * begins a block. */
WF_EXPORT(wf_encoder_hidden) const float *wf_encoder_hidden(const wf_encoder *encoder);

/* Pooling of the rows of a sequence into one vector. sentence_transformers.models.Pooling. By attention, with the layer that
 * pools: y = out(softmax(q k^T) v), q of the probe, k and v of the rows; y + f(before(y)), f its feed-forward network. */
typedef enum wf_pooling {
  WF_POOL_FIRST = 0,         /* the first token, [CLS] */
  WF_POOL_MEAN = 1,          /* the mean of all */
  WF_POOL_MAX = 2,           /* the largest value of each column */
  WF_POOL_MEAN_SQRT = 3,     /* the sum over the square root of the length */
  WF_POOL_LAST = 4,          /* the last token */
  WF_POOL_WEIGHTED_MEAN = 5, /* weights 1, 2, 3 ... by position */
  WF_POOL_TOKEN = 6,         /* the token that the output names */
  WF_POOL_ATTENTION = 7,     /* alone: the probe attends to all rows */
} wf_pooling;

/* What becomes of a finished block's rows: the poolings of each sequence side by side (none: one vector a token), each
 * through WF_FINAL_NORM_POOLED if that is the model's, then heads in turn, then unit length. The first `late` heads may come
 * before the pooling, which is WF_POOL_MEAN then, without that norm. */
typedef struct wf_output {
  uint32_t poolings, pooling[WF_MAX_POOLINGS]; /* wf_pooling */
  uint32_t token;                              /* of WF_POOL_TOKEN, counted from 0 */
  uint32_t skip; /* rows at each sequence's beginning that all but TOKEN pass over, fewer than it has */
  uint32_t rows; /* from there on that poolings see, 0 = all; none of TOKEN, attention and late heads */
  uint32_t heads, head[WF_MAX_HEADS];
  uint32_t late;
  uint32_t normalize; /* 0 or 1: F.normalize(p=2, eps=1e-12) */
} wf_output;

/* wf_encoder_output fills out [count, width] with vectors first .. first + count - 1 of an output: of the block's
 * sequences, or without pooling of its rows. vectors, unless NULL: [first + count, inputs of the first head], what goes
 * through the heads instead; no block is needed then, and there is no pooling.
 * Errors: STATE (no finished block), ARGUMENT (no such head, pooling, token or vector), SHAPE (a head of other inputs). */
WF_EXPORT(wf_encoder_output)
uint32_t wf_encoder_output(float *out, wf_encoder *encoder, const float *vectors, const wf_output *output,
                           uint32_t first, uint32_t count);

/* wf_normalize scales each row of x [rows, width] to unit length into out; out may be x. F.normalize(p=2, eps=1e-12). */
WF_EXPORT(wf_normalize) uint32_t wf_normalize(float *out, const float *x, uint32_t rows, uint32_t width);

#endif
