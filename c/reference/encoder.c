/* A whole encoder over one sequence, as the papers draw it: the twin of c/encoders. */
#include "reference.h"

static uint32_t inner_width(const wf_encoder_description *d) { return d->heads * d->head_width; }

static void norm_rows(double *y, const double *x, const float *weight, const float *bias, uint32_t rows,
                      uint32_t width, double epsilon) {
  for (uint32_t r = 0; r < rows; r++) {
    wf_reference_layer_norm(y + (size_t)r * width, x + (size_t)r * width, weight, bias, width, epsilon);
  }
}

static void add(double *x, const double *y, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] += y[i];
}

/* y = attention(x) */
static void attend(double *y, const double *x, double *maps, double *scratch, const wf_encoder_description *d,
                   const wf_reference_weights *w, uint32_t layer, uint32_t length) {
  uint32_t all = inner_width(d);
  double *qkv = scratch, *context = qkv + (size_t)length * 3 * all;
  wf_reference_sequence sequence = wf_reference_self(qkv, all, length);
  wf_reference_linear(qkv, NULL, x, w->slot[WF_SLOT_QKV_WEIGHT][layer], w->slot[WF_SLOT_QKV_BIAS][layer],
                      length, d->width, 3 * all);
  for (uint32_t t = 0; t < length; t++) {
    for (uint32_t i = 0; i < all; i++) qkv[(size_t)t * 3 * all + i] *= (double)d->score_scale;
  }
  wf_reference_attention(context, maps, &sequence, d->heads, d->head_width);
  wf_reference_linear(y, NULL, context, w->slot[WF_SLOT_OUT_WEIGHT][layer], w->slot[WF_SLOT_OUT_BIAS][layer],
                      length, all, d->width);
}

/* y = feed-forward(x) */
static void feed_forward(double *y, const double *x, double *scratch, const wf_encoder_description *d,
                         const wf_reference_weights *w, uint32_t layer, uint32_t length) {
  size_t inside = (size_t)length * d->feed_forward;
  wf_reference_linear(scratch, NULL, x, w->slot[WF_SLOT_UP_WEIGHT][layer], w->slot[WF_SLOT_UP_BIAS][layer],
                      length, d->width, d->feed_forward);
  for (size_t i = 0; i < inside; i++) {
    scratch[i] = wf_reference_activate(scratch[i], (wf_activation)d->activation);
  }
  wf_reference_linear(y, NULL, scratch, w->slot[WF_SLOT_DOWN_WEIGHT][layer],
                      w->slot[WF_SLOT_DOWN_BIAS][layer], length, d->feed_forward, d->width);
}

void wf_reference_embed(double *x, const wf_encoder_description *d, const wf_reference_weights *w,
                        const uint32_t *ids, const uint32_t *positions, const uint32_t *types,
                        uint32_t length) {
  const float *token = w->slot[WF_SLOT_TOKEN_TABLE][0], *position = w->slot[WF_SLOT_POSITION_TABLE][0];
  const float *type = w->slot[WF_SLOT_TYPE_TABLE][0];
  for (uint32_t t = 0; t < length; t++) {
    for (uint32_t i = 0; i < d->width; i++) {
      double sum = (double)token[(size_t)ids[t] * d->width + i];
      if (d->positions) sum += (double)position[(size_t)positions[t] * d->width + i];
      if (d->types) sum += (double)type[(types ? (size_t)types[t] : 0) * d->width + i];
      x[(size_t)t * d->width + i] = sum;
    }
  }
  if (d->embedding_norm) {
    norm_rows(x, x, w->slot[WF_SLOT_EMBEDDING_NORM_WEIGHT][0], w->slot[WF_SLOT_EMBEDDING_NORM_BIAS][0],
              length, d->width, (double)d->embedding_norm_epsilon);
  }
}

size_t wf_reference_scratch(const wf_encoder_description *d, uint32_t length) {
  return (size_t)length * (2 * (size_t)d->width + 4 * (size_t)inner_width(d) + d->feed_forward);
}

void wf_reference_layer(double *x, double *maps, double *scratch, const wf_encoder_description *d,
                        const wf_reference_weights *w, uint32_t layer, uint32_t length) {
  size_t count = (size_t)length * d->width;
  const float *weight1 = w->slot[WF_SLOT_NORM1_WEIGHT][layer], *bias1 = w->slot[WF_SLOT_NORM1_BIAS][layer];
  const float *weight2 = w->slot[WF_SLOT_NORM2_WEIGHT][layer], *bias2 = w->slot[WF_SLOT_NORM2_BIAS][layer];
  double *y = scratch, *normed = y + count, *rest = normed + count, epsilon = (double)d->norm_epsilon;
  if (d->place == WF_PLACE_PRE) {
    norm_rows(normed, x, weight1, bias1, length, d->width, epsilon);
    attend(y, normed, maps, rest, d, w, layer, length);
    add(x, y, count);
    norm_rows(normed, x, weight2, bias2, length, d->width, epsilon);
    feed_forward(y, normed, rest, d, w, layer, length);
    add(x, y, count);
  } else {
    attend(y, x, maps, rest, d, w, layer, length);
    add(x, y, count);
    norm_rows(x, x, weight1, bias1, length, d->width, epsilon);
    feed_forward(y, x, rest, d, w, layer, length);
    add(x, y, count);
    norm_rows(x, x, weight2, bias2, length, d->width, epsilon);
  }
}

void wf_reference_finish(double *x, const wf_encoder_description *d, const wf_reference_weights *w,
                         uint32_t length) {
  if (!d->final_norm) return;
  norm_rows(x, x, w->slot[WF_SLOT_FINAL_NORM_WEIGHT][0], w->slot[WF_SLOT_FINAL_NORM_BIAS][0], length,
            d->width, (double)d->norm_epsilon);
}

void wf_reference_head(double *out, const double *x, const wf_encoder_description *d,
                       const wf_reference_weights *w, uint32_t head, uint32_t rows) {
  const wf_head_description *h = &d->head[head];
  const float *weight = h->tied ? w->slot[WF_SLOT_TOKEN_TABLE][0] : w->slot[WF_SLOT_HEAD_WEIGHT][head];
  wf_reference_linear(out, NULL, x, weight, w->slot[WF_SLOT_HEAD_BIAS][head], rows, h->inputs, h->outputs);
  for (size_t i = 0; i < (size_t)rows * h->outputs; i++) {
    out[i] = wf_reference_activate(out[i], (wf_activation)h->activation);
  }
  if (h->norm) {
    norm_rows(out, out, w->slot[WF_SLOT_HEAD_NORM_WEIGHT][head], w->slot[WF_SLOT_HEAD_NORM_BIAS][head], rows,
              h->outputs, (double)d->norm_epsilon);
  }
}
