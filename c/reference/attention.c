/* Scaled dot-product attention, head by head and query by query, and what is added to its scores. */
#include "reference.h"
#include <math.h>

static double dot(const double *a, const double *b, uint32_t n) {
  double sum = 0.0;
  for (uint32_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

/* One query of one head: map [Tk] and its mixture of the values into out [W]. column: of keys and values. */
static void attend(double *out, double *map, const double *query, const wf_reference_sequence *s, uint32_t t,
                   uint32_t column, const double *bias, const uint8_t *mask, uint32_t width) {
  const uint32_t valid = s->valid_of_queries ? s->valid_of_queries[t] : s->valid;
  double inverse;
  for (uint32_t j = 0; j < s->key_length; j++) {
    map[j] = dot(query, s->keys + j * s->key_stride + column, width) + (bias ? bias[j] : 0.0);
    if (j >= valid) map[j] = -1e6;
    if (mask && !mask[j]) map[j] = s->fill;
    if ((j < t && t - j > s->left) || (j > t && j - t > s->right)) map[j] = -(double)INFINITY;
  }
  wf_reference_softmax_columns(map, &inverse, s->key_length, 1);
  for (uint32_t j = 0; j < s->key_length; j++) map[j] *= inverse;
  for (uint32_t c = 0; c < width; c++) {
    out[c] = 0.0;
    for (uint32_t j = 0; j < s->key_length; j++) out[c] += map[j] * s->values[j * s->key_stride + column + c];
  }
}

void wf_reference_attention(double *out, double *maps, const wf_reference_sequence *s, uint32_t heads,
                            uint32_t width) {
  for (uint32_t h = 0; h < heads; h++) {
    for (uint32_t t = 0; t < s->query_length; t++) {
      size_t pair = ((size_t)h * s->query_length + t) * s->key_length;
      attend(out + ((size_t)t * heads + h) * width, maps + pair,
             s->queries + t * s->stride + (size_t)h * width, s, t, h / s->group * width,
             s->bias ? s->bias + pair : NULL, s->mask ? s->mask + pair : NULL, width);
    }
  }
}

wf_reference_sequence wf_reference_self(const double *qkv, uint32_t all, uint32_t length) {
  return (wf_reference_sequence){.queries = qkv,
                                 .keys = qkv + all,
                                 .values = qkv + 2 * (size_t)all,
                                 .stride = 3 * (size_t)all,
                                 .key_stride = 3 * (size_t)all,
                                 .group = 1,
                                 .left = UINT32_MAX,
                                 .right = UINT32_MAX,
                                 .valid = length,
                                 .query_length = length,
                                 .key_length = length};
}

void wf_reference_add_distance(double *bias, const float *table, uint32_t reach, uint32_t heads,
                               uint32_t queries, uint32_t keys) {
  for (uint32_t h = 0; h < heads; h++) {
    for (uint32_t i = 0; i < queries; i++) {
      for (uint32_t j = 0; j < keys; j++) {
        uint32_t behind = i > j ? i - j : 0, ahead = j > i ? j - i : 0;
        if (behind > reach) behind = reach;
        if (ahead > reach) ahead = reach;
        bias[((size_t)h * queries + i) * keys + j] +=
            (double)table[h * (2 * (size_t)reach + 1) + reach + behind - ahead];
      }
    }
  }
}

void wf_reference_add_regions(double *bias, const float *regions, uint32_t heads, uint32_t length) {
  for (size_t i = 0; i < (size_t)heads * length * length; i++) {
    if (regions[i / length % length] != regions[i % length]) bias[i] -= 100.0;
  }
}
