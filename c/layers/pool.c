/* Pooling of a sequence's rows into one vector, and L2 normalisation of vectors. */
#include "layers.h"
#include <assert.h>

static void copy_row(float *out, const float *row, uint32_t width) {
  for (uint32_t i = 0; i < width; i++) out[i] = row[i];
}

static void largest_of_rows(float *out, const float *x, uint32_t length, uint32_t width) {
  copy_row(out, x, width);
  for (uint32_t t = 1; t < length; t++) {
    const float *row = x + (size_t)t * width;
    for (uint32_t i = 0; i < width; i++)
      out[i] = row[i] > out[i] || row[i] != row[i] ? row[i] : out[i]; /* NaN stays */
  }
}

/* The sum of the rows, weighted weight, weight + 1 ... if `weight` is not 0, over `divisor`. */
static void sum_of_rows(float *out, const float *x, uint32_t length, uint32_t width, uint32_t weight,
                        float divisor) {
  for (uint32_t i = 0; i < width; i++) out[i] = 0.0f;
  for (uint32_t t = 0; t < length; t++) {
    const float *row = x + (size_t)t * width;
    float factor = weight ? (float)(t + weight) : 1.0f;
    for (uint32_t i = 0; i < width; i++) out[i] += row[i] * factor;
  }
  for (uint32_t i = 0; i < width; i++) out[i] /= divisor;
}

void wf_pool(float *out, const float *x, uint32_t length, uint32_t width, wf_pooling pooling, uint32_t token,
             uint32_t skip) {
  assert(skip < length && (pooling != WF_POOL_TOKEN || token < length));
  if (pooling == WF_POOL_TOKEN) return copy_row(out, x + (size_t)token * width, width);
  x += (size_t)skip * width;
  length -= skip;
  float n = (float)length;
  switch (pooling) {
  case WF_POOL_MEAN:
    return sum_of_rows(out, x, length, width, 0, n);
  case WF_POOL_MAX:
    return largest_of_rows(out, x, length, width);
  case WF_POOL_MEAN_SQRT:
    return sum_of_rows(out, x, length, width, 0, wf_sqrt(wf_splat(n))[0]);
  case WF_POOL_LAST:
    return copy_row(out, x + (size_t)(length - 1) * width, width);
  case WF_POOL_WEIGHTED_MEAN:
    return sum_of_rows(out, x, length, width, skip + 1, n * (n + 1.0f) / 2.0f + (float)skip * n);
  case WF_POOL_TOKEN:
  case WF_POOL_ATTENTION: /* not here: it has weights */
  case WF_POOL_FIRST:
    break;
  }
  copy_row(out, x, width);
}

uint32_t wf_normalize(float *out, const float *x, uint32_t rows, uint32_t width) {
  if (width == 0) return WF_ERROR_ARGUMENT;
  for (uint32_t r = 0; r < rows; r++) wf_f32_l2_norm(out + (size_t)r * width, x + (size_t)r * width, width);
  return WF_OK;
}
