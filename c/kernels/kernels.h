/* The kernels over whole rows and blocks: what the layers call besides the matrix product. Each has a twin in plain
 * loops in c/reference that the tests hold it to. Kernels know arrays and sizes, nothing of layers or models. */
#ifndef WF_KERNELS_H
#define WF_KERNELS_H

#include "f32_gemm.h"
#include <stdint.h>

/* A tile of the matrix product: MR = rows of A and NR = columns of B in a panel. Both operands are packed for it. */
typedef struct wf_tile {
  wf_f32_gemm_fn *gemm;
  uint32_t rows, columns;
  wf_f32_gemm_fn *tail; /* computes the first tail_rows rows of each panel of A only */
  uint32_t tail_rows;
} wf_tile;

enum { WF_TILE_COUNT = 4, WF_TILE_MAX_ROWS = 6, WF_TILE_MAX_COLUMNS = 12 };
const wf_tile *wf_tile_get(uint32_t index);

/* Activation functions by the names of Hugging Face's ACT2FN. The numbers are part of the interface. */
typedef enum wf_activation {
  WF_IDENTITY = 0,
  WF_RELU = 1,
  WF_GELU = 2,       /* exact, by erf */
  WF_GELU_TANH = 3,  /* gelu_new, gelu_pytorch_tanh, gelu_fast */
  WF_QUICK_GELU = 4, /* x sigmoid(1.702 x) */
  WF_SILU = 5,       /* swish */
  WF_TANH = 6,
  WF_SIGMOID = 7,
  WF_ACTIVATION_COUNT
} wf_activation;

/* wf_f32_activation replaces n values by their activation. n is rounded up to a multiple of 4: x has room for it. */
void wf_f32_activation(float *x, uint32_t n, wf_activation activation);

/* wf_f32_layer_norm writes (x - mean) / sqrt(variance + epsilon) * weight + bias over one row of n values, mean and
 * variance in two passes. bias may be NULL. y may be x. torch.nn.LayerNorm. */
void wf_f32_layer_norm(float *y, const float *x, const float *weight, const float *bias, uint32_t n,
                       float epsilon);

/* wf_f32_softmax_columns turns scores into unnormalised probabilities down each of `columns` columns:
 * s[i][j] = e^(s[i][j] - max_i s[i][j]), inverse[j] = 1 / sum_i s[i][j].
 * s: [rows][columns], columns a multiple of 4 and at most WF_TILE_MAX_COLUMNS; rows >= 1. */
void wf_f32_softmax_columns(float *s, float *inverse, uint32_t rows, uint32_t columns);

/* wf_f32_l2_norm scales a row of n values to unit length; a row of zeros stays. F.normalize(p=2, eps=1e-12). */
void wf_f32_l2_norm(float *y, const float *x, uint32_t n);

/* wf_pack_rows packs `count` <= MR rows of length n, row r at x[r], as one panel [n][MR] of A; the lanes of missing
 * rows become zeros. */
void wf_pack_rows(float *panel, const float *const *x, uint32_t count, uint32_t n, uint32_t tile_rows);

#endif
