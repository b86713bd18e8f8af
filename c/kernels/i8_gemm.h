/* The matrix product of packed whole numbers, in the tiles of the float32 one: rows of activations in unsigned 8 bits times weights in
 * signed 8, summed in 32. Engines and processors have several instructions for it; each form keeps its operands as its own wants
 * them, and all give the same sums. Not here: how numbers are rounded (i8_quantise.c), what sums mean (c/layers/linear.c). */
#ifndef WF_I8_GEMM_H
#define WF_I8_GEMM_H

#include "simd.h"
#include <stddef.h>

/* How the numbers of a product stand, group by group of inputs: `depth` of them, four bytes of a row. */
typedef enum wf_i8_form {
  WF_I8_WORDS = 0,    /* depth 2: activations in 16 bits, weights widened as they are loaded */
  WF_I8_UNSIGNED = 1, /* depth 4: bytes, activations as they are */
  WF_I8_SIGNED = 2,   /* depth 4: bytes, activations less 128 */
  WF_I8_FORMS
} wf_i8_form;

static inline uint32_t wf_i8_depth(wf_i8_form form) { return form == WF_I8_WORDS ? 2 : 4; }
static inline uint32_t wf_i8_groups(wf_i8_form form, uint32_t inputs) {
  return (inputs + wf_i8_depth(form) - 1) / wf_i8_depth(form);
}

/* wf_i8_gemm_fn multiplies `row_panels` packed panels of A by `column_panels` packed panels of B.
 * out: [row_panels * MR][stride], column j of panel p at p * NR + j; stride >= column_panels * NR
 * a:   panels a_stride bytes apart: [groups][MR] rows of four bytes
 * b:   [column_panels][groups][NR][depth]
 * The caller owns all three; out overlaps neither input. */
typedef void wf_i8_gemm_fn(int32_t *out, size_t stride, const uint8_t *a, size_t a_stride, const int8_t *b,
                           size_t groups, size_t row_panels, size_t column_panels);

/* One tile of MR rows by NV vectors, of which ROWS rows are computed; see f32_gemm.h. WIDTH: bytes of a vector of B. */
#define WF_I8_GEMM_TILE(name, MR, ROWS, NV, WIDTH, LOAD, DOT)                                                \
  static void name(int32_t *out, size_t stride, const uint8_t *a, size_t a_stride, const int8_t *b,          \
                   size_t groups, size_t row_panels, size_t column_panels) {                                 \
    for (size_t cp = 0; cp < column_panels; cp++, b += groups * (NV * WIDTH)) {                              \
      for (size_t rp = 0; rp < row_panels; rp++) {                                                           \
        const uint8_t *ak = a + rp * a_stride, *end = ak + groups * (MR * 4);                                \
        const int8_t *bk = b;                                                                                \
        wf_i4 sum[ROWS][NV], column[NV];                                                                     \
        WF_OPAQUE(end);                                                                                      \
        _Pragma("clang loop unroll(full)") for (int v = 0; v < NV; v++) {                                    \
          _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++) sum[r][v] = (wf_i4){0, 0, 0, 0}; \
        }                                                                                                    \
        _Pragma("clang loop unroll(disable)") while (ak != end) {                                            \
          WF_I8_GEMM_STEP(MR, ROWS, NV, WIDTH, LOAD, DOT, 0)                                                 \
          WF_I8_GEMM_STEP(MR, ROWS, NV, WIDTH, LOAD, DOT, 1)                                                 \
          bk += 2 * NV * WIDTH;                                                                              \
          WF_OPAQUE(bk);                                                                                     \
        }                                                                                                    \
        int32_t *o = out + rp * MR * stride + cp * (NV * 4);                                                 \
        _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++, o += stride) {                     \
          _Pragma("clang loop unroll(full)") for (int v = 0; v < NV; v++)                                    \
              wf_store_bits(o + 4 * v, sum[r][v]);                                                           \
        }                                                                                                    \
      }                                                                                                      \
    }                                                                                                        \
  }

/* One group of inputs, behind which the loop ends if it was the last. */
#define WF_I8_GEMM_STEP(MR, ROWS, NV, WIDTH, LOAD, DOT, step)                     \
  {                                                                               \
    _Pragma("clang loop unroll(full)") for (int v = 0; v < NV; v++) column[v] =   \
        LOAD(bk + (step * NV + v) * WIDTH);                                       \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++) {           \
      wf_i4 row = wf_splat_word(ak + 4 * r);                                      \
      _Pragma("clang loop unroll(full)") for (int v = 0; v < NV; v++) sum[r][v] = \
          DOT(column[v], row, sum[r][v]);                                         \
    }                                                                             \
    ak += 4 * MR;                                                                 \
    WF_OPAQUE(ak);                                                                \
    if (ak == end) break;                                                         \
  }

/* wf_i8_gemm returns the product for panels of `rows` rows and of wf_i8_columns columns; `tail` the one that computes the first
 * wf_i8_tail rows of each panel only. */
wf_i8_gemm_fn *wf_i8_gemm(wf_i8_form form, uint32_t rows, int tail);
static inline uint32_t wf_i8_columns(uint32_t rows) { return rows == 3 ? 12 : 8; }
static inline uint32_t wf_i8_tail(uint32_t rows) { return rows == 6 ? 4 : 0; }

#endif
