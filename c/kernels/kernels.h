/* The kernels over whole rows and blocks: what the layers call besides the matrix product. Each has a twin in plain
 * loops in c/reference that the tests hold it to. Kernels know arrays and sizes, nothing of layers or models. */
#ifndef WF_KERNELS_H
#define WF_KERNELS_H

#include "f32_gemm.h"
#include "i8_gemm.h"
#include <stdint.h>

/* A tile of the matrix product: MR = rows of A and NR = columns of B in a panel. Both operands are packed for it. */
typedef struct wf_tile {
  wf_f32_gemm_fn *gemm;
  uint32_t rows, columns;
  wf_f32_gemm_fn *tail; /* computes the first tail_rows rows of each panel of A only */
  uint32_t tail_rows;
} wf_tile;

enum { WF_TILE_COUNT = 5, WF_TILE_MAX_ROWS = 6, WF_TILE_MAX_COLUMNS = 16 };
const wf_tile *wf_tile_get(uint32_t index);

/* Activation functions by the names of Hugging Face's ACT2FN. The numbers are part of the interface. */
typedef enum wf_activation {
  WF_IDENTITY = 0,
  WF_RELU = 1,
  WF_GELU = 2,       /* exact, by erf */
  WF_GELU_TANH = 3,  /* gelu_new, gelu_pytorch_tanh, gelu_fast, gelu_accurate */
  WF_QUICK_GELU = 4, /* x sigmoid(1.702 x) */
  WF_SILU = 5,       /* swish */
  WF_TANH = 6,
  WF_SIGMOID = 7,
  WF_GELU_CLIPPED = 8, /* gelu_10: exact, at most 10 */
  WF_LEAKY_RELU = 9,   /* 0.01 x below 0 */
  WF_RELU6 = 10,
  WF_RELU_SQUARED = 11, /* relu2 */
  WF_HARD_SWISH = 12,   /* x relu6(x + 3) / 6 */
  WF_MISH = 13,         /* x tanh(ln(1 + e^x)) */
  WF_ACTIVATION_COUNT
} wf_activation;

/* wf_f32_activation replaces n values by their activation. n is rounded up to a multiple of 4: x has room for it. */
void wf_f32_activation(float *x, uint32_t n, wf_activation activation);

/* wf_f32_layer_norm writes (x - mean) / sqrt(variance + epsilon) * weight + bias over one row of n values, mean and
 * variance in two passes. bias may be NULL. y may be x. torch.nn.LayerNorm. */
void wf_f32_layer_norm(float *y, const float *x, const float *weight, const float *bias, uint32_t n,
                       float epsilon);

/* wf_f32_rms_norm writes x / sqrt(mean of squares + epsilon) * weight over one row of n values. y may be x.
 * torch.nn.RMSNorm; T5LayerNorm. */
void wf_f32_rms_norm(float *y, const float *x, const float *weight, uint32_t n, float epsilon);

/* wf_f32_softmax_columns turns scores into unnormalised probabilities down each of `columns` columns:
 * s[i][j] = e^(s[i][j] - max_i s[i][j]), inverse[j] = 1 / sum_i s[i][j].
 * s: [rows][columns], columns a multiple of 4 and at most WF_TILE_MAX_COLUMNS; rows >= 1.
 * first: what the first row's number would be if the column began with rows of -infinity: same bits. */
void wf_f32_softmax_columns(float *s, float *inverse, uint32_t rows, uint32_t columns, uint32_t first);

/* wf_f32_softmax_block is one step of a softmax whose rows come block by block: top[j], the maximum so far, and sum[j]
 * take the block in, s becomes e^(s - top), and rescale[j] is what earlier exponentials must be multiplied by.
 * Before the first block top is WF_SOFTMAX_START and sum 0. Sizes as above. Rows of -infinity change no bit. */
void wf_f32_softmax_block(float *s, float *top, float *sum, float *rescale, uint32_t rows, uint32_t columns);
#define WF_SOFTMAX_START \
  -0x1.fffffep127f /* below every finite score, and its difference to -infinity is no NaN */

/* Norms down columns: what stands in one column is one vector of a packed head. */
typedef enum wf_column_norm {
  WF_COLUMN_NONE = 0,
  WF_COLUMN_RMS = 1,   /* x / sqrt(mean of squares + epsilon) */
  WF_COLUMN_LAYER = 2, /* the same of x less its mean */
  WF_COLUMN_L2 = 3,    /* x / max(length, epsilon) */
} wf_column_norm;

/* wf_f32_norm_columns normalises each column of x [rows][columns] in place, then computes (x * weight + bias) * scale.
 * weight, bias: [rows] or NULL; columns a multiple of 4. Rows are summed in ascending order. */
void wf_f32_norm_columns(float *x, const float *weight, const float *bias, wf_column_norm norm, float epsilon,
                         float scale, uint32_t rows, uint32_t columns);

/* wf_f32_rotate_columns turns pairs of rows of x [2 * pairs][columns] in place, column j by its own angle:
 * (a, b) becomes (a cos - b sin, b cos + a sin), a and b being rows k and k + pairs, or 2k and 2k + 1 if interleaved.
 * cosines, sines: [pairs][stride], `columns` values read of each row; columns a multiple of 4. */
void wf_f32_rotate_columns(float *x, const float *cosines, const float *sines, size_t stride, uint32_t pairs,
                           uint32_t columns, uint32_t interleaved);

/* wf_f32_l2_norm scales a row of n values to unit length; a row of zeros stays. F.normalize(p=2, eps=1e-12). */
void wf_f32_l2_norm(float *y, const float *x, uint32_t n);

/* wf_pack_lanes makes lanes of rows: out[j * step + r] = x[r * stride + j] for r < rows, j < n. step >= rows. */
void wf_pack_lanes(float *out, uint32_t step, const float *x, size_t stride, uint32_t rows, uint32_t n);

/* wf_pack_rows packs `count` <= MR rows of length n, row r at x[r], as one panel [n][MR] of A; the lanes of missing
 * rows become zeros. */
void wf_pack_rows(float *panel, const float *const *x, uint32_t count, uint32_t n, uint32_t tile_rows);

/* A row of fewer inputs is not worth whole numbers, nor is there room for what is kept of each row. */
enum { WF_I8_LEAST_INPUTS = 16 };

/* What stands behind the numbers of a panel: x of row r is about scales[r] * (q - zeros[r]). */
typedef struct wf_i8_rows {
  float *scales;
  int32_t *zeros;
} wf_i8_rows;

static inline wf_i8_rows wf_i8_rows_of(const float *panel, wf_i8_form form, uint32_t inputs, uint32_t rows) {
  const float *end = panel + (size_t)wf_i8_groups(form, inputs) * rows;
  return (wf_i8_rows){(float *)end, (int32_t *)(end + rows)};
}

/* Before numbers are rounded, those of a row are turned, blocks of so many inputs each: a Hadamard matrix of ones and minus ones, its
 * own inverse but for a factor of the block's size. What a row has in one large input stands in all of them then, and so do
 * weights; products of turned rows are those of the rows, times that size. QuaRot, arXiv 2404.00456. */
static inline uint32_t wf_i8_block(uint32_t inputs) {
  uint32_t lowest = inputs & -inputs;
  return lowest < 128 ? lowest : 128;
}
/* wf_i8_turn turns x [inputs][rows]. */
void wf_i8_turn(float *x, uint32_t inputs, uint32_t rows);

/* wf_i8_quantise turns a panel [inputs][rows] of float32 into [groups][rows] of four bytes, in the same place, with what it takes to
 * read them behind it. A row that holds NaN or an infinity gets a scale that is none. */
void wf_i8_quantise(float *panel, wf_i8_form form, uint32_t inputs, uint32_t rows);

/* wf_i8_round_row turns a row of weights and writes it as numbers from -127 to 127, which may stand in the row's place; returns their
 * scale, which is none if a weight is: turned back, scale * number is about the row. */
float wf_i8_round_row(int8_t *numbers, float *row, uint32_t inputs);

/* wf_i8_dequantise turns n sums of a row into (sum - zero * sums[j]) * (scale * scales[j]) + bias[j], in the same place. n is
 * rounded up to a multiple of 4: all have room for it. */
void wf_i8_dequantise(float *x, const float *scales, const int32_t *sums, const float *bias, float scale,
                      int32_t zero, uint32_t n);

#endif
