/* Scaled dot-product attention of one sequence, head by head and query by query. */
#include "reference.h"

static double dot(const double *a, const double *b, uint32_t n) {
  double sum = 0.0;
  for (uint32_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

void wf_reference_attention(double *out, double *maps, const double *qkv, uint32_t length, uint32_t heads,
                            uint32_t width) {
  size_t all = (size_t)heads * width, stride = 3 * all;
  for (uint32_t h = 0; h < heads; h++) {
    const double *query = qkv + (size_t)h * width, *key = query + all, *value = key + all;
    for (uint32_t t = 0; t < length; t++) {
      double *map = maps + ((size_t)h * length + t) * length, *to = out + t * all + (size_t)h * width, inverse;
      for (uint32_t j = 0; j < length; j++) map[j] = dot(query + t * stride, key + j * stride, width);
      wf_reference_softmax_columns(map, &inverse, length, 1);
      for (uint32_t j = 0; j < length; j++) map[j] *= inverse;
      for (uint32_t c = 0; c < width; c++) {
        to[c] = 0.0;
        for (uint32_t j = 0; j < length; j++) to[c] += map[j] * value[j * stride + c];
      }
    }
  }
}
