/* What layers do with positions, token by token and pair by pair: rotation of heads, biases by the distance of two tokens, and
 * DeBERTa's terms of content and relative position. */
#include "reference.h"
#include <math.h>

/* The angle of pair i at position p, rounded to float32 where PyTorch rounds it. */
static double angle_of(const wf_rotary_description *r, const float *frequencies, uint32_t p, uint32_t i) {
  if (r->base > 0.0f) return p * pow((double)r->base, -(double)i / r->pairs);
  return (double)((float)p * frequencies[i]);
}

void wf_reference_turn(double *x, const wf_encoder_description *d, const wf_reference_weights *w,
                       uint32_t layer, uint32_t position) {
  const wf_kind_description *k = &d->kind[d->layer_kind[layer]];
  const wf_rotary_description *r = &d->rotary[k->rotary_table];
  const float *frequencies = w->slot[WF_SLOT_ROTARY_FREQUENCIES][k->rotary_table];
  double cosines[512], sines[512];
  for (uint32_t i = 0; i < k->rotary_width / 2; i++) {
    double angle = angle_of(r, frequencies, position, i);
    cosines[i] = cos(angle) * (double)r->gain;
    sines[i] = sin(angle) * (double)r->gain;
  }
  wf_reference_rotate_head(x, cosines, sines, k->rotary_width / 2, k->rotary == WF_ROTARY_PAIRS);
}

/* T5's bucket of the distance key - query: half of them for keys ahead, half of those for single distances. */
static uint32_t t5_bucket(int64_t distance, uint32_t buckets, uint32_t most) {
  uint32_t half = buckets / 2, single = half / 2, first = distance > 0 ? half : 0;
  double length = fabs((double)distance);
  if (length < single) return first + (uint32_t)length;
  double steps = log(length / single) / log((double)most / single) * (half - single);
  double bucket = single + floor(steps);
  return first + (uint32_t)fmin(bucket, half - 1.0);
}

/* DeBERTa's bucket of the distance query - key. */
static int64_t deberta_bucket(int64_t distance, uint32_t buckets, uint32_t most) {
  uint32_t half = buckets / 2;
  double mid = half, length = fabs((double)distance);
  if (length <= mid) return distance;
  double bucket = ceil(log(length / mid) / log((most - 1) / mid) * (mid - 1)) + mid;
  return distance < 0 ? -(int64_t)bucket : (int64_t)bucket;
}

/* The row of the relative table that stands for a distance. */
static uint32_t relative_row(const wf_encoder_description *d, const wf_kind_description *k,
                             int64_t distance) {
  int64_t span = d->relative_rows / 2;
  int64_t row =
      span + (k->bias_buckets ? deberta_bucket(distance, k->bias_buckets, k->bias_reach) : distance);
  return (uint32_t)(row < 0 ? 0 : row > 2 * span - 1 ? 2 * span - 1 : row);
}

/* vector . (W row + b), where row is the table's and W the rows `first` .. of a weight, one a channel. */
static double meet(const double *vector, const wf_encoder_description *d, const wf_reference_weights *w,
                   uint32_t row, const float *weight, const float *bias, uint32_t width) {
  double x[8192], sum = 0.0;
  for (uint32_t i = 0; i < d->width; i++)
    x[i] = (double)w->slot[WF_SLOT_RELATIVE_TABLE][0][(size_t)row * d->width + i];
  if (d->relative_norm) {
    wf_reference_layer_norm(x, x, w->slot[WF_SLOT_RELATIVE_NORM_WEIGHT][0],
                            w->slot[WF_SLOT_RELATIVE_NORM_BIAS][0], d->width,
                            (double)d->relative_norm_epsilon);
  }
  for (uint32_t c = 0; c < width; c++) {
    double projected = bias ? (double)bias[c] : 0.0;
    for (uint32_t i = 0; i < d->width; i++) projected += x[i] * (double)weight[(size_t)c * d->width + i];
    sum += vector[c] * projected;
  }
  return sum;
}

/* Both terms of one pair in one head, query and key being its vectors. */
static double relative_terms(const double *query, const double *key, const wf_encoder_description *d,
                             const wf_reference_weights *w, uint32_t layer, uint32_t h, int64_t distance) {
  const wf_kind_description *k = &d->kind[d->layer_kind[layer]];
  uint32_t set = d->layer_weights[layer], row = relative_row(d, k, distance),
           shared = k->bias_terms & WF_TERM_SHARED;
  size_t from = (size_t)h * k->head_width, keys = shared ? (size_t)k->heads * k->head_width : 0;
  uint32_t key_slot = shared ? WF_SLOT_QKV_WEIGHT : WF_SLOT_POSITION_KEY_WEIGHT;
  uint32_t query_slot = shared ? WF_SLOT_QKV_WEIGHT : WF_SLOT_POSITION_QUERY_WEIGHT;
  double sum = 0.0;
  if (k->bias_terms & WF_TERM_CONTENT_TO_POSITION) {
    sum += meet(query, d, w, row, w->slot[key_slot][set] + (keys + from) * d->width,
                w->slot[key_slot + 1][set] + keys + from, k->head_width);
  }
  if (k->bias_terms & WF_TERM_POSITION_TO_CONTENT) {
    sum += (double)k->score_scale * meet(key, d, w, row, w->slot[query_slot][set] + from * d->width,
                                         w->slot[query_slot + 1][set] + from, k->head_width);
  }
  return sum;
}

/* Entry `at` of `to` along an axis of `from` entries, as F.interpolate finds it: between two entries, and the second's share. */
static double bracket(uint32_t entries[2], uint32_t at, uint32_t from, uint32_t to) {
  double place = fmax((at + 0.5) * from / to - 0.5, 0.0);
  entries[0] = (uint32_t)place;
  entries[1] = entries[0] + 1 < from ? entries[0] + 1 : entries[0];
  return place - entries[0];
}

/* Of tokens i and j of a map of rows x columns behind a class token. The table is of another map; it is resized bilinearly,
 * and transformers takes its sides in exchange: a row has as many entries as there are offsets down. */
static double dense_bias(const float *table, const wf_kind_description *k, uint32_t rows, uint32_t columns,
                         uint32_t i, uint32_t j, uint32_t h) {
  const uint32_t down = 2 * k->bias_reach - 1, across = 2 * k->bias_buckets - 1;
  uint32_t y[2], x[2];
  double sum = 0.0;
  if (!i || !j) return (double)table[(size_t)(down * across + (i ? 1 : j ? 0 : 2)) * k->heads + h];
  double low = bracket(y, (i - 1) / columns + rows - 1 - (j - 1) / columns, down, 2 * rows - 1);
  double right = bracket(x, (i - 1) % columns + columns - 1 - (j - 1) % columns, across, 2 * columns - 1);
  for (uint32_t a = 0; a < 2; a++) {
    for (uint32_t b = 0; b < 2; b++)
      sum += (a ? low : 1.0 - low) * (b ? right : 1.0 - right) *
             (double)table[((size_t)y[a] * across + x[b]) * k->heads + h];
  }
  return sum;
}

void wf_reference_bias(double *bias, const wf_reference_sequence *s, const wf_encoder_description *d,
                       const wf_reference_weights *w, const wf_reference_map *map) {
  const uint32_t layer = map->layer;
  const wf_kind_description *k = &d->kind[d->layer_kind[layer]];
  for (uint32_t h = 0; h < k->heads; h++) {
    for (uint32_t i = 0; i < s->query_length; i++) {
      for (uint32_t j = 0; j < s->key_length; j++, bias++) {
        int64_t ahead = (int64_t)j - i;
        size_t column = (size_t)h * k->head_width;
        if (k->bias == WF_BIAS_DENSE) {
          *bias = dense_bias(w->slot[WF_SLOT_DENSE_TABLE][d->layer_bias[layer]], k,
                             (s->key_length - 1) / map->across, map->across, i, j, h);
        } else if (k->bias == WF_BIAS_DISTANCE) {
          uint32_t bucket = t5_bucket(ahead, k->bias_buckets, k->bias_reach);
          *bias = (double)w->slot[WF_SLOT_DISTANCE_TABLE][d->layer_bias[layer]][bucket * k->heads + h];
        } else {
          *bias = relative_terms(s->queries + i * s->stride + column, s->keys + j * s->key_stride + column, d,
                                 w, layer, h, -ahead);
        }
      }
    }
  }
}
