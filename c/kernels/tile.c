/* The table of tiles, in the order that bindings/core/instance.js measures them: the last only where engines pair vectors. */
#include "../wasmformer.h"
#include "kernels.h"

static const wf_tile tiles[WF_TILE_COUNT] = {
    {wf_f32_gemm_6x8, 6, 8, wf_f32_gemm_6x8_tail, 4},    {wf_f32_gemm_5x8, 5, 8, wf_f32_gemm_5x8_tail, 2},
    {wf_f32_gemm_4x8, 4, 8, wf_f32_gemm_4x8_tail, 2},    {wf_f32_gemm_3x12, 3, 12, wf_f32_gemm_3x12, 3},
    {wf_f32_gemm_6x16, 6, 16, wf_f32_gemm_6x16_tail, 4},
};

const wf_tile *wf_tile_get(uint32_t index) { return index < WF_TILE_COUNT ? &tiles[index] : 0; }

uint32_t wf_tile_count(void) { return WF_TILE_COUNT; }

uint32_t wf_tile_run(float *space, uint32_t tile, uint32_t repeats) {
  enum { K = 384, PANELS = 4 };
  const wf_tile *t = wf_tile_get(tile);
  if (!t || repeats > 1000) return WF_ERROR_ARGUMENT;
  float *a = space, *b = a + PANELS * K * WF_TILE_MAX_ROWS, *out = b + PANELS * (K + 1) * WF_TILE_MAX_COLUMNS;
  /* The same product for every tile, so that the times compare: 60 and 48 are multiples of all their sizes. */
  for (uint32_t i = 0; i < repeats; i++) {
    for (uint32_t row = 0; row < 60; row += t->rows) t->gemm(out, 48, a, b, K, 1, 48 / t->columns);
  }
  return WF_OK;
}

uint32_t wf_tile_space(void) {
  return (4 * 384 * WF_TILE_MAX_ROWS + 4 * 385 * WF_TILE_MAX_COLUMNS + 48 * WF_TILE_MAX_ROWS) *
         (uint32_t)sizeof(float);
}

uint32_t wf_is_relaxed(void) { return WF_IS_RELAXED; }
