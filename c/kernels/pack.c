/* Packing rows of activations into a panel of A. Not here: weights (c/layers/linear.c). */
#include "kernels.h"

void wf_pack_rows(float *panel, const float *const *x, uint32_t count, uint32_t n, uint32_t tile_rows) {
  for (uint32_t r = 0; r < tile_rows; r++) {
    float *p = panel + r;
    if (r < count) {
      for (uint32_t i = 0; i < n; i++, p += tile_rows) *p = x[r][i];
    } else {
      for (uint32_t i = 0; i < n; i++, p += tile_rows) *p = 0.0f;
    }
  }
}
