/* Terms that positions add to the scores by meeting the content: Shaw, Transformer-XL, DeBERTa, WavLM's gate, CoPE.
 * Per forward. Not here: the scores of content with content, which are the encoder's own (or attention.c's). */
#include "../wasmformer.h"
#include "buckets.h"
#include "dot.h"
#include "layout.h"
#include "sizes.h"
#include "trig.h"

static double sigmoid(double x) { return 1.0 / (1.0 + wf_exp64(-x)); }

/* (q + bias) . row, the bias may be absent. */
static double biased_dot(const float *q, const float *bias, const float *row, uint32_t dim) {
  return wf_dot(q, row, dim) + (bias ? wf_dot(bias, row, dim) : 0.0);
}

uint32_t wf_relative_bias(float *out, const float *query, const float *query_bias, const float *table,
                          uint32_t sequences, uint32_t heads, uint32_t queries, uint32_t keys, uint32_t dim,
                          uint32_t rows, uint32_t table_sequences, uint32_t table_heads, uint32_t offset,
                          uint32_t clip, uint32_t layout, double scale) {
  if (!out || !query || !table || layout > WF_LAYOUT_TBHD) return WF_ERROR_ARGUMENT;
  if (!wf_fits(sequences, heads, queries, keys) || !wf_fits(sequences, heads, queries, dim))
    return WF_ERROR_SHAPE;
  if (!wf_fits(rows, table_sequences, table_heads, dim)) return WF_ERROR_SHAPE;
  if (table_sequences != 1 && table_sequences != sequences) return WF_ERROR_SHAPE;
  if (table_heads != 1 && table_heads != heads) return WF_ERROR_SHAPE;
  const wf_strides q = wf_strides_of(layout, sequences, heads, queries, dim);
  const wf_strides t = wf_strides_of(WF_LAYOUT_TBHD, table_sequences, table_heads, rows, dim);
  for (uint32_t b = 0; b < sequences; b++)
    for (uint32_t h = 0; h < heads; h++) {
      const float *bias = query_bias ? query_bias + (size_t)h * dim : NULL;
      const float *head = wf_vector_at(table, &t, table_sequences == 1 ? 0 : b, table_heads == 1 ? 0 : h, 0);
      for (uint32_t i = 0; i < queries; i++) {
        const float *vector = wf_vector_at(query, &q, b, h, i);
        int64_t last = -1;
        float value = 0;
        for (uint32_t j = 0; j < keys; j++) {
          int64_t row = (int64_t)offset + j - i;
          if (clip) row = row < 0 ? 0 : row >= rows ? (int64_t)rows - 1 : row;
          const bool inside = row >= 0 && row < rows;
          if (inside && row != last)
            value = (float)(scale * biased_dot(vector, bias, head + (size_t)row * t.token, dim));
          last = inside ? row : last;
          *out++ = inside ? value : 0.0f;
        }
      }
    }
  return WF_OK;
}

uint32_t wf_disentangled_rows(int32_t *rows, uint32_t tokens, uint32_t span, uint32_t buckets,
                              uint32_t max_position) {
  if (!rows || span < 1 || span > 1u << 20) return WF_ERROR_ARGUMENT;
  if (buckets && (buckets < 2 || max_position > INT32_MAX || max_position <= buckets / 2 + 1))
    return WF_ERROR_ARGUMENT;
  if (!wf_fits(tokens, 2, 1, 1)) return WF_ERROR_SHAPE;
  const int64_t n = tokens, top = 2 * (int64_t)span - 1;
  for (int64_t distance = 1 - n; distance < n; distance++) {
    const int64_t bucket = buckets ? wf_deberta_bucket(distance, buckets, max_position) : distance;
    const int64_t row = bucket + span;
    *rows++ = (int32_t)(row < 0 ? 0 : row > top ? top : row);
  }
  return WF_OK;
}

/* Adds scale * x_i . table[rows[i - j]] to one plane of scores; `across` and `down` are the steps from one second token
 * to the next and from one first token to the next, so that p2c is c2p of the transposed plane. */
static void add_position_term(float *plane, const float *x, size_t x_step, const float *table,
                              size_t table_step, const int32_t *rows, uint32_t tokens, uint32_t dim,
                              double scale, bool transposed) {
  const size_t n = tokens;
  for (size_t first = 0; first < n; first++) {
    int32_t last = -1;
    float value = 0;
    for (size_t second = 0; second < n; second++) {
      const size_t i = transposed ? second : first, j = transposed ? first : second;
      const int32_t row = rows[i + n - 1 - j];
      if (row != last)
        value = (float)(scale * wf_dot(x + first * x_step, table + (size_t)row * table_step, dim));
      last = row;
      plane[i * n + j] += value;
    }
  }
}

uint32_t wf_disentangled_bias(float *out, const float *query, const float *key, const float *position_key,
                              const float *position_query, const int32_t *rows, uint32_t sequences,
                              uint32_t heads, uint32_t tokens, uint32_t dim, uint32_t span, uint32_t layout,
                              double scale) {
  if (!out || !query || !key || !rows || layout > WF_LAYOUT_TBHD || span < 1) return WF_ERROR_ARGUMENT;
  if (!wf_fits(sequences, heads, tokens, tokens) || !wf_fits(sequences, heads, tokens, dim))
    return WF_ERROR_SHAPE;
  if (!wf_fits(2, span, heads, dim)) return WF_ERROR_SHAPE;
  const wf_strides s = wf_strides_of(layout, sequences, heads, tokens, dim);
  const size_t plane_size = (size_t)tokens * tokens, row_size = (size_t)heads * dim;
  for (uint32_t i = 0; i < 2 * tokens - 1; i++)
    if (rows[i] < 0 || (uint32_t)rows[i] >= 2 * span) return WF_ERROR_ARGUMENT;
  for (uint32_t b = 0; b < sequences; b++)
    for (uint32_t h = 0; h < heads; h++, out += plane_size) {
      for (size_t i = 0; i < plane_size; i++) out[i] = 0;
      if (position_key)
        add_position_term(out, wf_vector_at(query, &s, b, h, 0), s.token, position_key + (size_t)h * dim,
                          row_size, rows, tokens, dim, scale, false);
      if (position_query)
        add_position_term(out, wf_vector_at(key, &s, b, h, 0), s.token, position_query + (size_t)h * dim,
                          row_size, rows, tokens, dim, scale, true);
    }
  return WF_OK;
}

uint32_t wf_gated_bias(float *out, const float *x, const float *bias, const float *gate_weight,
                       const float *gate_bias, const float *gate_constant, uint32_t sequences, uint32_t heads,
                       uint32_t tokens, uint32_t dim) {
  if (!out || !x || !bias || !gate_weight || !gate_bias || !gate_constant) return WF_ERROR_ARGUMENT;
  if (!wf_fits(sequences, heads, tokens, tokens) || !wf_fits(sequences, heads, tokens, dim))
    return WF_ERROR_SHAPE;
  for (uint32_t b = 0; b < sequences; b++)
    for (uint32_t h = 0; h < heads; h++)
      for (uint32_t i = 0; i < tokens; i++) {
        const float *vector = x + (((size_t)b * tokens + i) * heads + h) * dim;
        double sums[2] = {0, 0};
        for (uint32_t o = 0; o < 8; o++)
          sums[o / 4] += wf_dot(vector, gate_weight + (size_t)o * dim, dim) + (double)gate_bias[o];
        const double gate = sigmoid(sums[0]) * (sigmoid(sums[1]) * (double)gate_constant[h] - 1.0) + 2.0;
        const float *row = bias + ((size_t)h * tokens + i) * tokens;
        for (uint32_t j = 0; j < tokens; j++) *out++ = (float)(gate * (double)row[j]);
      }
  return WF_OK;
}

/* One row of CoPE: positions are counted from the last key backwards, so they only grow as j falls. */
static void cope_row(float *out, const float *query, const float *logits, const float *table, uint32_t keys,
                     uint32_t dim, uint32_t positions) {
  double counted = 0, below = 0, above = 0;
  int64_t cell = -1;
  for (uint32_t j = keys; j-- > 0;) {
    counted += sigmoid((double)logits[j]);
    const double position = counted < (double)(positions - 1) ? counted : (double)(positions - 1);
    const int64_t floor = position > 0 ? (int64_t)position : 0; /* a NaN keeps to the first cell */
    if (floor != cell) {
      cell = floor;
      below = wf_dot_column(query, table + floor, dim, positions);
      above =
          floor + 1 < (int64_t)positions ? wf_dot_column(query, table + floor + 1, dim, positions) : below;
    }
    const double share = position - (double)floor;
    out[j] = (float)(above * share + below * (1.0 - share));
  }
}

uint32_t wf_cope(float *out, const float *query, const float *logits, const float *table, uint32_t planes,
                 uint32_t queries, uint32_t keys, uint32_t dim, uint32_t positions) {
  if (!out || !query || !logits || !table) return WF_ERROR_ARGUMENT;
  if (!wf_fits(planes, queries, keys, 1) || !wf_fits(planes, queries, dim, 1)) return WF_ERROR_SHAPE;
  if (!wf_fits(dim, positions, 1, 1)) return WF_ERROR_SHAPE;
  for (size_t row = 0; row < (size_t)planes * queries; row++)
    cope_row(out + row * keys, query + row * dim, logits + row * keys, table, keys, dim, positions);
  return WF_OK;
}
