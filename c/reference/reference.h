/* The plain-loop twins of the kernels, of attention, pooling and a whole encoder: the oracle that tests/native holds the
 * fast code to. In double precision, in the layouts of PyTorch, slow on purpose; never part of the module.
 *
 * Weights are float32 as in files, activations double. Letters as in c/wasmformer.h and c/layers/layers.h. All memory
 * is the caller's; y may be x where a function says so. */
#ifndef WF_REFERENCE_H
#define WF_REFERENCE_H

#include "../kernels/kernels.h"
#include "../wasmformer.h"

/* wf_reference_linear computes out = x W^T + bias; size, unless NULL, receives |x| |W|^T + |bias|, the scale of rounding
 * errors. out, size: [rows, outputs], x: [rows, inputs], weight: [outputs, inputs], bias: [outputs] or NULL. */
void wf_reference_linear(double *out, double *size, const double *x, const float *weight, const float *bias,
                         uint32_t rows, uint32_t inputs, uint32_t outputs);

/* wf_reference_pack_rows packs x [rows, n] into panels of A [ceil(rows / tile_rows)][n][tile_rows], zeros where a row is
 * missing. wf_reference_pack_weight packs weight [outputs, inputs] and bias (or NULL for zeros) into panels of B
 * [ceil(outputs / tile_columns)][1 + inputs][tile_columns]. */
void wf_reference_pack_rows(float *panels, const float *x, uint32_t rows, uint32_t n, uint32_t tile_rows);
void wf_reference_pack_weight(float *panels, const float *weight, const float *bias, uint32_t outputs,
                              uint32_t inputs, uint32_t tile_columns);

/* wf_reference_activate returns the activation of one value. Infinities give what the formula gives: it may be NaN. */
double wf_reference_activate(double x, wf_activation activation);

/* wf_reference_layer_norm, _l2_norm and _rms_norm normalise one row of n values; y may be x, bias may be NULL. */
void wf_reference_layer_norm(double *y, const double *x, const float *weight, const float *bias, uint32_t n,
                             double epsilon);
void wf_reference_l2_norm(double *y, const double *x, uint32_t n);
void wf_reference_rms_norm(double *y, const double *x, const float *weight, uint32_t n, double epsilon);

/* wf_reference_softmax_columns is the twin of wf_f32_softmax_columns for any number of columns. */
void wf_reference_softmax_columns(double *s, double *inverse, uint32_t rows, uint32_t columns);
/* wf_reference_softmax_block is the twin of wf_f32_softmax_block. */
void wf_reference_softmax_block(double *s, double *top, double *sum, double *rescale, uint32_t rows,
                                uint32_t columns);

/* Queries, keys and values of one sequence: rows of H * W, and of H / group * W, with strides between them; queries
 * already scaled. */
typedef struct wf_reference_sequence {
  const double *queries, *keys, *values;
  size_t stride, key_stride;
  uint32_t group;                   /* heads of queries that share a head of keys and values */
  uint32_t left, right;             /* query i sees keys i - left .. i + right */
  const double *bias;               /* [H, Tq, Tk] added to the scores, or NULL */
  uint32_t valid;                   /* scores of keys from there on are -1e6, as in D2L's masked softmax */
  const uint32_t *valid_of_queries; /* [Tq], in its place, or NULL */
  const uint8_t *mask;              /* [H, Tq, Tk], scores become `fill` where it is 0; or NULL */
  double fill;
  uint32_t query_length, key_length;
} wf_reference_sequence;

/* wf_reference_self describes self-attention over qkv [T, 3 * all], rows of [queries; keys; values], without limits. */
wf_reference_sequence wf_reference_self(const double *qkv, uint32_t all, uint32_t length);

/* wf_reference_attention computes softmax(q k^T + bias) v into out [Tq, H * W], and the probabilities into maps
 * [H, Tq, Tk]. */
void wf_reference_attention(double *out, double *maps, const wf_reference_sequence *sequence, uint32_t heads,
                            uint32_t width);

/* wf_reference_add_distance adds to bias [H, Tq, Tk] what a table [H, 2 * reach + 1] has for the distance query - key,
 * clamped to -reach .. reach. wf_reference_add_regions adds -100 to pairs of different regions [T]; bias: [H, T, T]. */
void wf_reference_add_distance(double *bias, const float *table, uint32_t reach, uint32_t heads,
                               uint32_t queries, uint32_t keys);
void wf_reference_add_regions(double *bias, const float *regions, uint32_t heads, uint32_t length);

/* wf_reference_norm_head is the twin of wf_f32_norm_columns for one column x [n], wf_reference_rotate_head that of
 * wf_f32_rotate_columns for one column x [2 * pairs] and its angles [pairs]. */
void wf_reference_norm_head(double *x, const float *weight, const float *bias, wf_column_norm norm,
                            double epsilon, double scale, uint32_t n);
void wf_reference_rotate_head(double *x, const double *cosines, const double *sines, uint32_t pairs,
                              uint32_t interleaved);

/* wf_reference_pool pools the rows x [length, width] of one sequence into out [width], but for the first `skip`; token:
 * of WF_POOL_TOKEN. */
void wf_reference_pool(double *out, const double *x, uint32_t length, uint32_t width, wf_pooling pooling,
                       uint32_t token, uint32_t skip);

/* The values of an IEEE half and a bfloat16, from sign, exponent and fraction. */
double wf_reference_f16(uint32_t bits);
double wf_reference_bf16(uint32_t bits);

/* The tensors of a model, by slot and index; NULL where the model has none. */
enum { WF_REFERENCE_SLOTS = 104, WF_REFERENCE_INDEXES = 8 };
typedef struct wf_reference_weights {
  float *slot[WF_REFERENCE_SLOTS][WF_REFERENCE_INDEXES];
} wf_reference_weights;

/* wf_reference_embed fills x [T, D] with what enters layer 0 for a sequence of `length` tokens. */
void wf_reference_embed(double *x, const wf_encoder_description *d, const wf_reference_weights *w,
                        const uint32_t *ids, const uint32_t *positions, const uint32_t *types,
                        uint32_t length);

/* wf_reference_embed_frames fills x [length, D] with what enters layer 0 of a sound [frame_inputs, frames], of whose rows the
 * first `length` count, and features [length, table_width] with those before their projection. scratch: twice
 * wf_reference_frames_scratch doubles; weight: as many floats as a convolution of positions has. */
void wf_reference_embed_frames(double *x, double *features, double *scratch[2], float *weight,
                               const wf_encoder_description *d, const wf_reference_weights *w,
                               const float *sound, uint32_t frames, uint32_t length);
size_t wf_reference_frames_scratch(const wf_encoder_description *d, uint32_t frames);

/* wf_reference_gate multiplies bias [H, T, T] by the gates that the heads of a layer make of the rows x [T, D]; set: the layer
 * whose weights it uses. */
void wf_reference_gate(double *bias, const double *x, const wf_kind_description *k,
                       const wf_reference_weights *w, uint32_t set, uint32_t length);

/* The layer to run and the map that it works on. A sequence of T tokens is a map of one row, 1 x T. */
typedef struct wf_reference_map {
  uint32_t layer, height, width;
  uint32_t across; /* patches across the image whose sequence this is, behind one token */
} wf_reference_map;

/* wf_reference_layer runs one layer over x [height * width, D]. maps: [H, T, T], or in windows [windows, H, w^2, w^2].
 * scratch: wf_reference_scratch doubles, enough for any layer on this map. */
void wf_reference_layer(double *x, double *maps, double *scratch, const wf_encoder_description *d,
                        const wf_reference_weights *w, const wf_reference_map *map);
size_t wf_reference_scratch(const wf_encoder_description *d, uint32_t height, uint32_t width);

/* wf_reference_attention_pool pools x [rows, D] into out [D] by the layer behind the last: its probe attends to all rows.
 * maps: [H, rows]; scratch: wf_reference_scratch doubles for one row more. */
void wf_reference_attention_pool(double *out, const double *x, double *maps, double *scratch,
                                 const wf_encoder_description *d, const wf_reference_weights *w,
                                 uint32_t rows);

/* wf_reference_convolve does what stands behind layer 0 of a model with a convolution: start: [rows, D], what entered that
 * layer, x: [rows, D], what left it, of one sequence. */
void wf_reference_convolve(double *x, const double *start, const wf_encoder_description *d,
                           const wf_reference_weights *w, uint32_t rows);

/* wf_reference_finish norms the rows x [rows, D] that leave the last layer. */
void wf_reference_finish(double *x, const wf_encoder_description *d, const wf_reference_weights *w,
                         uint32_t rows);

/* wf_reference_norm_rows normalises rows of x into y by a norm's two slots; y may be x. form: wf_norm_form, LAYER or RMS. */
void wf_reference_norm_rows(double *y, const double *x, const float *weight, const float *bias, uint32_t rows,
                            uint32_t width, uint32_t form, double epsilon);

/* wf_reference_turn rotates the first channels of one head x [W] of the token at a position, by the layer's angles.
 * wf_reference_bias fills bias [H, Tq, Tk] with what the layer's scores receive by distance; queries already scaled. */
void wf_reference_turn(double *x, const wf_encoder_description *d, const wf_reference_weights *w,
                       uint32_t layer, uint32_t position);
void wf_reference_bias(double *bias, const wf_reference_sequence *sequence, const wf_encoder_description *d,
                       const wf_reference_weights *w, const wf_reference_map *map);

/* wf_reference_head applies head `head` to x [rows, inputs] into out [rows, outputs]. */
void wf_reference_head(double *out, const double *x, const wf_encoder_description *d,
                       const wf_reference_weights *w, uint32_t head, uint32_t rows);

/* wf_reference_patch copies the patch at row and column `at`, counted in strides, of an image [channels, height, width] into
 * out [channels, size[0], size[1]], zeros beyond the image. */
void wf_reference_patch(double *out, const float *pixels, uint32_t channels, uint32_t height, uint32_t width,
                        const uint32_t size[2], const uint32_t stride[2], const uint32_t at[2]);

/* wf_reference_embed_image fills x [prefix + patches, D] from one image; grid: patches down and across. positions: the
 * rows to add, or NULL for none. scratch: as many doubles as a patch has. */
void wf_reference_embed_image(double *x, double *scratch, const wf_encoder_description *d,
                              const wf_reference_weights *w, const float *pixels, const float *positions,
                              uint32_t height, uint32_t width, const uint32_t grid[2]);

/* wf_reference_windows fills y [height * width, D] with a layer's attention in shifted windows over x, without residual.
 * scratch: w^2 (D + 4 H W + H w^2) doubles. */
void wf_reference_windows(double *y, double *maps, double *scratch, const double *x,
                          const wf_encoder_description *d, const wf_reference_weights *w,
                          const wf_reference_map *map);

/* wf_reference_merges returns how many mergings stand behind the first `layers` layers. wf_reference_merge fills out
 * [ceil(height / 2) * ceil(width / 2), 2 D] with the merging behind the map's layer; scratch: 4 D doubles. */
uint32_t wf_reference_merges(const wf_encoder_description *d, uint32_t layers);
void wf_reference_merge(double *out, const double *x, double *scratch, const wf_encoder_description *d,
                        const wf_reference_weights *w, const wf_reference_map *map);

#endif
