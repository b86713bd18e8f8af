/* Attention of a few tokens with a bias, written as the formula: softmax(scale q k^T + bias) (v + relative values). For
 * showing and checking what a bias does; an encoder attends in c/layers. */
#include "../wasmformer.h"
#include "dot.h"
#include "layout.h"
#include "sizes.h"
#include "trig.h"

/* A row of scores becomes probabilities. */
static void softmax_row(float *row, uint32_t n) {
  double top = (double)row[0], sum = 0;
  for (uint32_t j = 1; j < n; j++) top = (double)row[j] > top ? (double)row[j] : top;
  for (uint32_t j = 0; j < n; j++) sum += wf_exp64((double)row[j] - top);
  for (uint32_t j = 0; j < n; j++) row[j] = (float)(wf_exp64((double)row[j] - top) / sum);
}

/* sum_j p_j (v_j + a[clip(j - i)]) for one query; v is the first key's vector. */
static void context_row(float *out, const float *p, const float *v, size_t step, const float *relative,
                        uint32_t i, uint32_t keys, uint32_t dim, uint32_t left, uint32_t right) {
  for (uint32_t c = 0; c < dim; c++) {
    double sum = 0;
    for (uint32_t j = 0; j < keys; j++) {
      double value = (double)v[j * step + c];
      if (relative) {
        int64_t row = (int64_t)left + j - i;
        row = row<0 ? 0 : row>(int64_t) left + right ? (int64_t)left + right : row;
        value += (double)relative[(size_t)row * dim + c];
      }
      sum += (double)p[j] * value;
    }
    out[c] = (float)sum;
  }
}

uint32_t wf_biased_attention(float *probabilities, float *context, const float *query, const float *key,
                             const float *value, const float *bias, const float *relative_values,
                             uint32_t sequences, uint32_t heads, uint32_t queries, uint32_t keys,
                             uint32_t dim, uint32_t left, uint32_t right, uint32_t layout, double scale) {
  if (!probabilities || !query || !key || (context && !value)) return WF_ERROR_ARGUMENT;
  if (layout > WF_LAYOUT_TBHD || left > INT32_MAX || right > INT32_MAX) return WF_ERROR_ARGUMENT;
  if (!wf_fits(sequences, heads, queries, keys) || !wf_fits(sequences, heads, queries, dim))
    return WF_ERROR_SHAPE;
  if (!wf_fits(sequences, heads, keys, dim)) return WF_ERROR_SHAPE;
  if (relative_values && !wf_fits((uint64_t)left + right + 1, dim, 1, 1)) return WF_ERROR_SHAPE;
  const wf_strides q = wf_strides_of(layout, sequences, heads, queries, dim);
  const wf_strides k = wf_strides_of(layout, sequences, heads, keys, dim);
  for (uint32_t b = 0; b < sequences; b++)
    for (uint32_t h = 0; h < heads; h++)
      for (uint32_t i = 0; i < queries; i++, probabilities += keys) {
        const float *vector = wf_vector_at(query, &q, b, h, i);
        const size_t row = (((size_t)b * heads + h) * queries + i) * keys;
        for (uint32_t j = 0; j < keys; j++) {
          const double score = scale * wf_dot(vector, wf_vector_at(key, &k, b, h, j), dim);
          probabilities[j] = (float)(score + (bias ? (double)bias[row + j] : 0.0));
        }
        softmax_row(probabilities, keys);
        if (context)
          context_row(context + (wf_vector_at(query, &q, b, h, i) - query), probabilities,
                      wf_vector_at(value, &k, b, h, 0), k.token, relative_values, i, keys, dim, left, right);
      }
  return WF_OK;
}
