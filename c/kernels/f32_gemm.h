/* The float32 matrix product of packed operands, out = bias + A B, in several tiles of one form. Which tile is fastest
 * depends on the engine and the processor (wasm code gets 15 vector registers on x64, and one spill halves the
 * speed), so all are compiled and a short measurement at start-up picks one. Not here: packing, what happens to the
 * result (c/layers/linear.c).
 *
 * Every output element has one accumulator and k ascends, so the result is the same bits for every tile, and for
 * every other row and column in the call. */
#ifndef WF_F32_GEMM_H
#define WF_F32_GEMM_H

#include "simd.h"
#include <stddef.h>

/* wf_f32_gemm_fn multiplies `row_panels` packed panels of A by `column_panels` packed panels of B.
 * out: [row_panels * MR][stride], column j of panel p at p * NR + j; stride >= column_panels * NR
 * a:   [row_panels][k][MR]
 * b:   [column_panels][1 + k][NR], the first row of a panel being the bias
 * The caller owns all three; out overlaps neither input. */
typedef void wf_f32_gemm_fn(float *out, size_t stride, const float *a, const float *b, size_t k,
                            size_t row_panels, size_t column_panels);

wf_f32_gemm_fn wf_f32_gemm_6x8, wf_f32_gemm_5x8, wf_f32_gemm_4x8, wf_f32_gemm_3x12, wf_f32_gemm_6x16;
wf_f32_gemm_fn wf_f32_gemm_6x8_tail, wf_f32_gemm_5x8_tail, wf_f32_gemm_4x8_tail, wf_f32_gemm_6x16_tail;

/* One step of k, behind which the loop ends if it was the last. */
#define WF_F32_GEMM_STEP(MR, ROWS, NV, step)                                      \
  {                                                                               \
    _Pragma("clang loop unroll(full)") for (int v = 0; v < NV; v++) column[v] =   \
        wf_load(bk + (step * NV + v) * 4);                                        \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++) {           \
      wf_f4 row = wf_splat(ak[r]);                                                \
      _Pragma("clang loop unroll(full)") for (int v = 0; v < NV; v++) sum[r][v] = \
          wf_madd(row, column[v], sum[r][v]);                                     \
    }                                                                             \
    ak += MR;                                                                     \
    WF_OPAQUE(ak);                                                                \
    if (ak == end) break;                                                         \
  }

/* One tile of MR rows by NV vectors, of which ROWS rows are computed: fewer for the tail of a block, whose last panel has
 * the same form but not all rows. The accumulators must stay in registers: constant loop bounds unroll. Steps of k come in
 * fours, which share the address of B and the engine's look at whether to stop; each may be the last, and so ends in a
 * branch, over which engines do not move loads: moved, they would spill. */
#define WF_F32_GEMM_TILE(name, MR, ROWS, NV)                                                                \
  void name(float *out, size_t stride, const float *a, const float *b, size_t k, size_t row_panels,         \
            size_t column_panels) {                                                                         \
    for (size_t cp = 0; cp < column_panels; cp++, b += (k + 1) * (NV * 4)) {                                \
      for (size_t rp = 0; rp < row_panels; rp++) {                                                          \
        const float *ak = a + rp * k * MR, *bk = b + NV * 4, *end = ak + k * MR;                            \
        wf_f4 sum[ROWS][NV], column[NV];                                                                    \
        WF_OPAQUE(end);                                                                                     \
        _Pragma("clang loop unroll(full)") for (int v = 0; v < NV; v++) {                                   \
          _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++) sum[r][v] = wf_load(b + 4 * v); \
        }                                                                                                   \
        _Pragma("clang loop unroll(disable)") while (ak != end) {                                           \
          WF_F32_GEMM_STEP(MR, ROWS, NV, 0)                                                                 \
          WF_F32_GEMM_STEP(MR, ROWS, NV, 1)                                                                 \
          WF_F32_GEMM_STEP(MR, ROWS, NV, 2)                                                                 \
          WF_F32_GEMM_STEP(MR, ROWS, NV, 3)                                                                 \
          bk += 4 * NV * 4;                                                                                 \
          WF_OPAQUE(bk);                                                                                    \
        }                                                                                                   \
        float *o = out + rp * MR * stride + cp * (NV * 4);                                                  \
        _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++, o += stride) {                    \
          _Pragma("clang loop unroll(full)") for (int v = 0; v < NV; v++) wf_store(o + 4 * v, sum[r][v]);   \
        }                                                                                                   \
      }                                                                                                     \
    }                                                                                                       \
  }

#endif
