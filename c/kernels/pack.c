/* Packing rows into lanes: element j of row r goes to out[j * step + r], four rows or two at a time. Not here: weights
 * (c/layers/linear.c). */
#include "kernels.h"

static void pack_four(float *out, uint32_t step, const float *const x[4], uint32_t n) {
  uint32_t whole = n & ~3u;
  for (uint32_t j = 0; j < whole; j += 4) {
    wf_f4 v[4];
    for (uint32_t r = 0; r < 4; r++) v[r] = wf_load(x[r] + j);
    wf_transpose(v);
    for (uint32_t r = 0; r < 4; r++) wf_store(out + (size_t)(j + r) * step, v[r]);
  }
  for (uint32_t j = whole; j < n; j++) {
    for (uint32_t r = 0; r < 4; r++) out[(size_t)j * step + r] = x[r][j];
  }
}

static void pack_two(float *out, uint32_t step, const float *a, const float *b, uint32_t n) {
  uint32_t whole = n & ~3u;
  for (uint32_t j = 0; j < whole; j += 4) {
    wf_f4 v = wf_load(a + j), w = wf_load(b + j);
    wf_f4 low = __builtin_shufflevector(v, w, 0, 4, 1, 5), high = __builtin_shufflevector(v, w, 2, 6, 3, 7);
    wf_store_pair(out + (size_t)j * step, low, 0);
    wf_store_pair(out + (size_t)(j + 1) * step, low, 1);
    wf_store_pair(out + (size_t)(j + 2) * step, high, 0);
    wf_store_pair(out + (size_t)(j + 3) * step, high, 1);
  }
  for (uint32_t j = whole; j < n; j++) {
    out[(size_t)j * step] = a[j];
    out[(size_t)j * step + 1] = b[j];
  }
}

static void pack_one(float *out, uint32_t step, const float *x, uint32_t n) {
  for (uint32_t j = 0; j < n; j++) out[(size_t)j * step] = x[j];
}

/* As many rows at once as there are, and as go at once. */
static uint32_t pack_some(float *out, uint32_t step, const float *const *x, uint32_t rows, uint32_t n) {
  if (rows >= 4) {
    pack_four(out, step, x, n);
    return 4;
  }
  if (rows >= 2) {
    pack_two(out, step, x[0], x[1], n);
    return 2;
  }
  pack_one(out, step, x[0], n);
  return 1;
}

void wf_pack_lanes(float *out, uint32_t step, const float *x, size_t stride, uint32_t rows, uint32_t n) {
  for (uint32_t r = 0; r < rows;) {
    const float *from = x + r * stride;
    const float *const four[4] = {from, from + stride, from + 2 * stride, from + 3 * stride};
    r += pack_some(out + r, step, four, rows - r, n);
  }
}

void wf_pack_rows(float *panel, const float *const *x, uint32_t count, uint32_t n, uint32_t tile_rows) {
  for (uint32_t r = 0; r < count;) r += pack_some(panel + r, tile_rows, x + r, count - r, n);
  for (uint32_t r = count; r < tile_rows; r++) {
    for (uint32_t j = 0; j < n; j++) panel[(size_t)j * tile_rows + r] = 0.0f;
  }
}
