/* A whole encoder over one sequence, as the papers draw it: the twin of c/encoders. */
#include "reference.h"

static const wf_kind_description *kind_of(const wf_encoder_description *d, uint32_t layer) {
  return &d->kind[d->layer_kind[layer]];
}

void wf_reference_norm_rows(double *y, const double *x, const float *weight, const float *bias, uint32_t rows,
                            uint32_t width, uint32_t form, double epsilon) {
  for (size_t at = 0; at < (size_t)rows * width; at += width) {
    if (form == WF_NORM_RMS)
      wf_reference_rms_norm(y + at, x + at, weight, width, epsilon);
    else
      wf_reference_layer_norm(y + at, x + at, weight, bias, width, epsilon);
  }
}

/* Norms head h of a row [queries; keys; values], heads of keys behind those of queries. */
static void norm_head(double *row, const wf_kind_description *k, const wf_reference_weights *w, uint32_t set,
                      uint32_t h) {
  uint32_t slot = h < k->heads ? WF_SLOT_QUERY_NORM_WEIGHT : WF_SLOT_KEY_NORM_WEIGHT;
  wf_column_norm norm = k->head_norm == 1 + WF_NORM_RMS ? WF_COLUMN_RMS : WF_COLUMN_LAYER;
  wf_reference_norm_head(row + (size_t)h * k->head_width, w->slot[slot][set], w->slot[slot + 1][set], norm,
                         (double)k->norm_epsilon, 1.0, k->head_width);
}

/* y = attention(x) */
static void attend(double *y, const double *x, double *maps, double *scratch, const wf_encoder_description *d,
                   const wf_reference_weights *w, const wf_reference_map *map) {
  const uint32_t layer = map->layer, length = map->height * map->width;
  const wf_kind_description *k = kind_of(d, layer);
  uint32_t all = k->heads * k->head_width, keys = k->key_heads * k->head_width, set = d->layer_weights[layer];
  size_t stride = (size_t)all + 2 * keys;
  double *qkv = scratch, *context = qkv + length * stride, *bias = context + (size_t)length * all;
  wf_reference_sequence sequence = wf_reference_self(qkv, all, length);
  sequence.stride = sequence.key_stride = stride;
  sequence.values = sequence.keys + keys;
  sequence.group = k->heads / k->key_heads;
  sequence.left = k->left;
  sequence.right = k->right;
  wf_reference_linear(qkv, NULL, x, w->slot[WF_SLOT_QKV_WEIGHT][set], w->slot[WF_SLOT_QKV_BIAS][set], length,
                      k->width, (uint32_t)stride);
  for (uint32_t t = 0; t < length && k->head_norm; t++) {
    for (uint32_t h = 0; h < k->heads + k->key_heads; h++) norm_head(qkv + t * stride, k, w, set, h);
  }
  for (uint32_t t = 0; t < length; t++) {
    for (uint32_t h = 0; k->rotary && h < k->heads + k->key_heads; h++)
      wf_reference_turn(qkv + t * stride + (size_t)h * k->head_width, d, w, layer, t);
    for (uint32_t i = 0; i < all; i++) qkv[t * stride + i] *= (double)k->score_scale;
  }
  if (k->bias) {
    wf_reference_bias(bias, &sequence, d, w, map);
    if (k->bias_gated) wf_reference_gate(bias, x, k, w, set, length);
    sequence.bias = bias;
  }
  wf_reference_attention(context, maps, &sequence, k->heads, k->head_width);
  wf_reference_linear(y, NULL, context, w->slot[WF_SLOT_OUT_WEIGHT][set], w->slot[WF_SLOT_OUT_BIAS][set],
                      length, all, k->width);
}

/* y = down(activation(up(x))), or of a gated network down(activation(gate(x)) * up(x)) */
static void feed_forward(double *y, const double *x, double *scratch, const wf_encoder_description *d,
                         const wf_reference_weights *w, uint32_t layer, uint32_t rows) {
  const wf_kind_description *k = kind_of(d, layer);
  uint32_t set = d->layer_weights[layer], outputs = k->gated ? 2 * k->inner : k->inner;
  double *inside = scratch + (size_t)rows * outputs;
  wf_reference_linear(scratch, NULL, x, w->slot[WF_SLOT_UP_WEIGHT][set], w->slot[WF_SLOT_UP_BIAS][set], rows,
                      k->width, outputs);
  for (size_t r = 0; r < rows; r++) {
    for (uint32_t i = 0; i < k->inner; i++) {
      const double *line = scratch + r * outputs;
      double value = wf_reference_activate(line[i], (wf_activation)k->activation);
      inside[r * k->inner + i] = k->gated ? value * line[k->inner + i] : value;
    }
  }
  wf_reference_linear(y, NULL, inside, w->slot[WF_SLOT_DOWN_WEIGHT][set], w->slot[WF_SLOT_DOWN_BIAS][set],
                      rows, k->inner, k->width);
}

/* The sum of the tables' rows of one token, [E]; kept: what multiplies tokens that are not dropped. */
static void embed_token(double *x, const wf_encoder_description *d, const wf_reference_weights *w,
                        uint32_t id, uint32_t position, uint32_t type, double kept) {
  const float *token = w->slot[WF_SLOT_TOKEN_TABLE][0], *places = w->slot[WF_SLOT_POSITION_TABLE][0];
  const float *kinds = w->slot[WF_SLOT_TYPE_TABLE][0];
  for (uint32_t i = 0; i < d->table_width; i++) {
    x[i] = (double)token[(size_t)id * d->table_width + i] * kept;
    if (d->dropped_token && id == d->dropped_token - 1) x[i] = 0.0;
    if (d->token_scale > 0.0f) x[i] *= (double)d->token_scale;
    if (d->positions) x[i] += (double)places[(size_t)position * d->table_width + i];
    if (d->types) x[i] += (double)kinds[(size_t)type * d->table_width + i];
  }
}

void wf_reference_embed(double *x, const wf_encoder_description *d, const wf_reference_weights *w,
                        const uint32_t *ids, const uint32_t *positions, const uint32_t *types,
                        uint32_t length) {
  const float *weight = w->slot[WF_SLOT_EMBEDDING_NORM_WEIGHT][0],
              *bias = w->slot[WF_SLOT_EMBEDDING_NORM_BIAS][0];
  const double epsilon = (double)d->embedding_norm_epsilon;
  uint32_t dropped = 0;
  for (uint32_t t = 0; t < length; t++) dropped += d->dropped_token && ids[t] == d->dropped_token - 1;
  double kept = d->dropped_token ? (1.0 - 0.12) / (1.0 - (double)dropped / length) : 1.0;
  for (uint32_t t = 0; t < length; t++) {
    double row[8192] = {0}, *out = x + (size_t)t * d->width;
    embed_token(row, d, w, ids[t], d->positions ? positions[t] : 0, types ? types[t] : 0, kept);
    if (d->embedding_norm == 1)
      wf_reference_norm_rows(row, row, weight, bias, 1, d->table_width, d->norm_form, epsilon);
    for (uint32_t i = 0; !d->projection && i < d->width; i++) out[i] = row[i];
    if (d->projection)
      wf_reference_linear(out, NULL, row, w->slot[WF_SLOT_PROJECTION_WEIGHT][0],
                          w->slot[WF_SLOT_PROJECTION_BIAS][0], 1, d->table_width, d->width);
    if (d->embedding_norm == 3)
      wf_reference_norm_rows(out, out, weight, bias, 1, d->width, d->norm_form, epsilon);
  }
}

/* y = the layer's norm at one of the places, in the order of wf_norm_places; y = x where there is none. */
static void norm_at(double *y, const double *x, const wf_encoder_description *d,
                    const wf_reference_weights *w, uint32_t layer, uint32_t place, uint32_t rows) {
  const wf_kind_description *k = kind_of(d, layer);
  uint32_t slot = WF_SLOT_BEFORE_ATTENTION_WEIGHT + 2 * place, set = d->layer_weights[layer];
  if (k->norms >> place & 1) {
    wf_reference_norm_rows(y, x, w->slot[slot][set], w->slot[slot + 1][set], rows, k->width, k->norm_form,
                           (double)k->norm_epsilon);
    return;
  }
  for (size_t i = 0; i < (size_t)rows * k->width; i++) y[i] = x[i];
}

void wf_reference_layer(double *x, double *maps, double *scratch, const wf_encoder_description *d,
                        const wf_reference_weights *w, const wf_reference_map *map) {
  const wf_kind_description *k = kind_of(d, map->layer);
  uint32_t rows = map->height * map->width, layer = map->layer;
  size_t count = (size_t)rows * k->width;
  double *y = scratch, *normed = y + count, *rest = normed + count;
  for (uint32_t half = 0; half < 2; half++) {
    norm_at(normed, x, d, w, layer, 3 * half, rows);
    if (half == 1)
      feed_forward(y, normed, rest, d, w, layer, rows);
    else if (k->window)
      wf_reference_windows(y, maps, rest, normed, d, w, map);
    else
      attend(y, normed, maps, rest, d, w, map);
    norm_at(y, y, d, w, layer, 3 * half + 1, rows);
    const float *scale = w->slot[WF_SLOT_ATTENTION_SCALE + half][d->layer_weights[layer]];
    for (size_t i = 0; i < count; i++) x[i] += k->layer_scale ? y[i] * (double)scale[i % k->width] : y[i];
    norm_at(x, x, d, w, layer, 3 * half + 2, rows);
  }
}

void wf_reference_convolve(double *x, const double *start, const wf_encoder_description *d,
                           const wf_reference_weights *w, uint32_t rows) {
  const float *weight = w->slot[WF_SLOT_CONVOLUTION_WEIGHT][0], *bias = w->slot[WF_SLOT_CONVOLUTION_BIAS][0];
  uint32_t kernel = d->convolution, width = d->width;
  for (uint32_t t = 0; t < rows; t++) {
    for (uint32_t o = 0; o < width; o++) {
      double sum = (double)bias[o];
      for (uint32_t k = 0; k < kernel; k++) {
        int64_t from = (int64_t)t + k - kernel / 2;
        for (uint32_t i = 0; from >= 0 && from < rows && i < width; i++)
          sum += start[(size_t)from * width + i] * (double)weight[((size_t)o * width + i) * kernel + k];
      }
      x[(size_t)t * width + o] += wf_reference_activate(sum, (wf_activation)d->convolution_activation);
    }
  }
  wf_reference_norm_rows(x, x, w->slot[WF_SLOT_CONVOLUTION_NORM_WEIGHT][0],
                         w->slot[WF_SLOT_CONVOLUTION_NORM_BIAS][0], rows, width, WF_NORM_LAYER,
                         (double)kind_of(d, 0)->norm_epsilon);
}

void wf_reference_attention_pool(double *out, const double *x, double *maps, double *scratch,
                                 const wf_encoder_description *d, const wf_reference_weights *w,
                                 uint32_t rows) {
  const wf_kind_description *k = kind_of(d, d->layers);
  const float *weight = w->slot[WF_SLOT_QKV_WEIGHT][d->layers], *bias = w->slot[WF_SLOT_QKV_BIAS][d->layers];
  uint32_t all = k->heads * k->head_width;
  double *qkv = scratch, *asked = qkv + (size_t)rows * 3 * all, *rest = asked + (size_t)3 * all;
  double *probe = out;
  for (uint32_t i = 0; i < k->width; i++) probe[i] = (double)w->slot[WF_SLOT_PROBE][0][i];
  wf_reference_linear(asked, NULL, probe, weight, bias, 1, k->width, 3 * all);
  wf_reference_linear(qkv, NULL, x, weight, bias, rows, k->width, 3 * all);
  wf_reference_sequence sequence = wf_reference_self(qkv, all, rows);
  sequence.queries = asked;
  sequence.query_length = 1;
  for (uint32_t i = 0; i < all; i++) asked[i] *= (double)k->score_scale;
  wf_reference_attention(rest, maps, &sequence, k->heads, k->head_width);
  wf_reference_linear(out, NULL, rest, w->slot[WF_SLOT_OUT_WEIGHT][d->layers],
                      w->slot[WF_SLOT_OUT_BIAS][d->layers], 1, all, k->width);
  double *normed = scratch, *y = normed + k->width;
  norm_at(normed, out, d, w, d->layers, 3, 1);
  feed_forward(y, normed, y + k->width, d, w, d->layers, 1);
  for (uint32_t i = 0; i < k->width; i++) out[i] += y[i];
}

size_t wf_reference_scratch(const wf_encoder_description *d, uint32_t height, uint32_t width) {
  size_t most = 0, rows = (size_t)height * width;
  for (uint32_t layer = 0; layer < d->layers + d->pool; layer++) {
    const wf_kind_description *k = kind_of(d, layer);
    size_t all = (size_t)k->heads * k->head_width, tokens = (size_t)k->window * k->window;
    size_t windows = tokens * (k->width + 4 * all + k->heads * tokens);
    size_t size = rows * (2 * (size_t)k->width + 4 * all + 3 * (size_t)k->inner) + windows;
    if (k->bias && !k->window) size += k->heads * rows * rows;
    if (size > most) most = size;
  }
  return most;
}

void wf_reference_finish(double *x, const wf_encoder_description *d, const wf_reference_weights *w,
                         uint32_t rows) {
  uint32_t width = d->layers ? kind_of(d, d->layers - 1)->width : d->width;
  if (d->final_norm != WF_FINAL_NORM_ROWS) return;
  wf_reference_norm_rows(x, x, w->slot[WF_SLOT_FINAL_NORM_WEIGHT][0], w->slot[WF_SLOT_FINAL_NORM_BIAS][0],
                         rows, width, d->norm_form, (double)d->final_norm_epsilon);
}

void wf_reference_head(double *out, const double *x, const wf_encoder_description *d,
                       const wf_reference_weights *w, uint32_t head, uint32_t rows) {
  const wf_head_description *h = &d->head[head];
  if (h->bare) {
    wf_reference_norm_rows(out, x, w->slot[WF_SLOT_HEAD_NORM_WEIGHT][head],
                           w->slot[WF_SLOT_HEAD_NORM_BIAS][head], rows, h->outputs, WF_NORM_LAYER,
                           (double)h->norm_epsilon);
    return;
  }
  const float *weight = h->tied ? w->slot[WF_SLOT_TOKEN_TABLE][0] : w->slot[WF_SLOT_HEAD_WEIGHT][head];
  wf_reference_linear(out, NULL, x, weight, w->slot[WF_SLOT_HEAD_BIAS][head], rows, h->inputs, h->outputs);
  for (size_t i = 0; i < (size_t)rows * h->outputs; i++) {
    out[i] = wf_reference_activate(out[i], (wf_activation)h->activation);
  }
  if (h->norm) {
    wf_reference_norm_rows(out, out, w->slot[WF_SLOT_HEAD_NORM_WEIGHT][head],
                           w->slot[WF_SLOT_HEAD_NORM_BIAS][head], rows, h->outputs, WF_NORM_LAYER,
                           (double)h->norm_epsilon);
  }
}
