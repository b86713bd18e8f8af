/* Biases between the cells of a picture's grid: decomposed relative positions (SAM, ViTDet, MViTv2), BoTNet's logits,
 * LeViT's offsets, ConViT's positional attention. Not here: tables over a window (window.c). */
#include "../wasmformer.h"
#include "dot.h"
#include "sizes.h"
#include "trig.h"

/* The row of an axis table [2 max(queries, keys) - 1, D] for a pair of coordinates, in float32 as the references
 * compute it: where the sizes do not divide, the rounding decides the row. */
static uint32_t axis_row(uint32_t query, uint32_t key, uint32_t queries, uint32_t keys,
                         bool key_minus_query) {
  const double stretch_keys = queries > keys ? (double)queries / (double)keys : 1.0;
  const float stretch_queries = keys > queries ? (float)((double)keys / (double)queries) : 1.0f;
  const float q = (float)query * stretch_queries, k = (float)key * (float)stretch_keys;
  const uint32_t row = (uint32_t)((q - k) + (float)((double)(keys - 1) * stretch_keys));
  return key_minus_query ? 2 * (queries > keys ? queries : keys) - 2 - row : row;
}

static bool axis_fits(uint32_t size) { return size >= 1 && size <= 1u << 20; }

uint32_t wf_axis_positions(float *out, const float *table, uint32_t queries, uint32_t keys, uint32_t dim) {
  if (!out || !table) return WF_ERROR_ARGUMENT;
  if (!axis_fits(queries) || !axis_fits(keys) || !wf_fits(queries, keys, dim, 1)) return WF_ERROR_SHAPE;
  for (uint32_t i = 0; i < queries; i++)
    for (uint32_t j = 0; j < keys; j++) {
      const float *row = table + (size_t)axis_row(i, j, queries, keys, false) * dim;
      for (uint32_t c = 0; c < dim; c++) *out++ = row[c];
    }
  return WF_OK;
}

uint32_t wf_decomposed_bias(float *out, const float *query, const float *table_height,
                            const float *table_width, uint32_t planes, uint32_t query_height,
                            uint32_t query_width, uint32_t key_height, uint32_t key_width, uint32_t dim,
                            uint32_t prefix, uint32_t key_minus_query) {
  if (!out || !query || !table_height || !table_width) return WF_ERROR_ARGUMENT;
  if (!axis_fits(query_height) || !axis_fits(query_width) || !axis_fits(key_height) || !axis_fits(key_width))
    return WF_ERROR_SHAPE;
  const uint64_t queries = (uint64_t)query_height * query_width + prefix;
  const uint64_t keys = (uint64_t)key_height * key_width + prefix;
  if (!wf_fits(planes, queries, keys, 1) || !wf_fits(planes, queries, dim, 1)) return WF_ERROR_SHAPE;
  const bool reverse = key_minus_query != 0;
  for (uint64_t row = 0; row < planes * queries; row++, out += keys) {
    const uint64_t token = row % queries;
    for (uint64_t j = 0; j < keys; j++) out[j] = 0;
    if (token < prefix) continue;
    const uint32_t y = (uint32_t)(token - prefix) / query_width, x = (uint32_t)(token - prefix) % query_width;
    const float *vector = query + row * dim;
    float *cells = out + prefix;
    for (uint32_t k = 0; k < key_height; k++) {
      const float *entry = table_height + (size_t)axis_row(y, k, query_height, key_height, reverse) * dim;
      const float value = (float)wf_dot(vector, entry, dim);
      for (uint32_t i = 0; i < key_width; i++) cells[(size_t)k * key_width + i] = value;
    }
    for (uint32_t k = 0; k < key_width; k++) {
      const float *entry = table_width + (size_t)axis_row(x, k, query_width, key_width, reverse) * dim;
      const float value = (float)wf_dot(vector, entry, dim);
      for (uint32_t i = 0; i < key_height; i++) cells[(size_t)i * key_width + k] += value;
    }
  }
  return WF_OK;
}

uint32_t wf_levit_index(int32_t *out, uint32_t key_height, uint32_t key_width, uint32_t query_height,
                        uint32_t query_width, uint32_t stride) {
  if (!out) return WF_ERROR_ARGUMENT;
  if (!axis_fits(key_height) || !axis_fits(key_width) || !axis_fits(stride)) return WF_ERROR_SHAPE;
  if (!wf_fits(query_height, query_width, key_height, key_width)) return WF_ERROR_SHAPE;
  if ((uint64_t)(query_height - 1) * stride >= key_height ||
      (uint64_t)(query_width - 1) * stride >= key_width)
    return WF_ERROR_SHAPE; /* an offset beyond the keys' grid has no entry of its own in the table */
  for (uint32_t query = 0; query < query_height * query_width; query++) {
    const uint32_t qy = query / query_width * stride, qx = query % query_width * stride;
    for (uint32_t y = 0; y < key_height; y++)
      for (uint32_t x = 0; x < key_width; x++) {
        const uint32_t dy = qy < y ? y - qy : qy - y, dx = qx < x ? x - qx : qx - x;
        *out++ = (int32_t)(dy * key_width + dx);
      }
  }
  return WF_OK;
}

uint32_t wf_gather_bias(float *out, const float *table, const int32_t *index, uint32_t heads, uint32_t pairs,
                        uint32_t entries) {
  if (!out || !table || !index) return WF_ERROR_ARGUMENT;
  if (!wf_fits(heads, pairs, 1, 1) || !wf_fits(heads, entries, 1, 1)) return WF_ERROR_SHAPE;
  for (uint32_t i = 0; i < pairs; i++)
    if (index[i] < 0 || (uint32_t)index[i] >= entries) return WF_ERROR_ARGUMENT;
  for (uint32_t h = 0; h < heads; h++, table += entries)
    for (uint32_t i = 0; i < pairs; i++) *out++ = table[index[i]];
  return WF_OK;
}

/* From cell i to cell j. */
typedef struct offset {
  int32_t x, y;
} offset;

static offset offset_of(uint32_t i, uint32_t j, uint32_t width) {
  return (offset){(int32_t)(j % width) - (int32_t)(i % width), (int32_t)(j / width) - (int32_t)(i / width)};
}

uint32_t wf_gpsa_offsets(float *out, uint32_t height, uint32_t width) {
  if (!out) return WF_ERROR_ARGUMENT;
  if (!axis_fits(height) || !axis_fits(width) || !wf_fits((uint64_t)height * width, height, width, 3))
    return WF_ERROR_SHAPE;
  for (uint32_t i = 0; i < height * width; i++)
    for (uint32_t j = 0; j < height * width; j++) {
      const offset at = offset_of(i, j, width);
      const float dx = (float)at.x, dy = (float)at.y;
      *out++ = dx;
      *out++ = dy;
      *out++ = dx * dx + dy * dy;
    }
  return WF_OK;
}

/* The score of one pair of cells, before the softmax: w . [dx, dy, dx^2 + dy^2] + b. */
static double gpsa_score(const float *weight, float bias, offset at) {
  const double x = at.x, y = at.y;
  return (double)weight[0] * x + (double)weight[1] * y + (double)weight[2] * (x * x + y * y) + (double)bias;
}

/* The positional attention of cell i, a row over all cells. */
static void gpsa_row(float *out, const float *weight, float bias, uint32_t i, uint32_t cells,
                     uint32_t width) {
  double top = gpsa_score(weight, bias, offset_of(i, 0, width)), sum = 0;
  for (uint32_t j = 1; j < cells; j++) {
    const double score = gpsa_score(weight, bias, offset_of(i, j, width));
    if (score > top) top = score;
  }
  for (uint32_t j = 0; j < cells; j++)
    sum += wf_exp64(gpsa_score(weight, bias, offset_of(i, j, width)) - top);
  for (uint32_t j = 0; j < cells; j++)
    out[j] = (float)(wf_exp64(gpsa_score(weight, bias, offset_of(i, j, width)) - top) / sum);
}

/* Blends a row of positional attention with the softmax of content scores, and makes it sum to 1 again. */
static void gpsa_blend(float *row, const float *scores, uint32_t cells, double gate) {
  double top = (double)scores[0], sum = 0, total = 0;
  for (uint32_t j = 1; j < cells; j++) top = (double)scores[j] > top ? (double)scores[j] : top;
  for (uint32_t j = 0; j < cells; j++) sum += wf_exp64((double)scores[j] - top);
  for (uint32_t j = 0; j < cells; j++) {
    row[j] = (float)((1 - gate) * wf_exp64((double)scores[j] - top) / sum + gate * (double)row[j]);
    total += (double)row[j];
  }
  for (uint32_t j = 0; j < cells; j++) row[j] = (float)((double)row[j] / total);
}

uint32_t wf_gpsa(float *out, const float *scores, const float *weight, const float *bias, const float *gate,
                 uint32_t sequences, uint32_t heads, uint32_t height, uint32_t width) {
  if (!out || !weight || !bias || (scores && !gate)) return WF_ERROR_ARGUMENT;
  if (!axis_fits(height) || !axis_fits(width)) return WF_ERROR_SHAPE;
  const uint64_t cells = (uint64_t)height * width;
  if (!wf_fits(sequences, heads, cells, cells)) return WF_ERROR_SHAPE;
  for (uint32_t b = 0; b < sequences; b++)
    for (uint32_t h = 0; h < heads; h++)
      for (uint32_t i = 0; i < cells; i++, out += cells) {
        gpsa_row(out, weight + 3 * (size_t)h, bias[h], i, (uint32_t)cells, width);
        if (!scores) continue;
        gpsa_blend(out, scores, (uint32_t)cells, 1.0 / (1.0 + wf_exp64(-(double)gate[h])));
        scores += cells;
      }
  return WF_OK;
}
