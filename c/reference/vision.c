/* Images as encoders take them, one image at a time: patches, attention in Swin's shifted windows, and the merging of
 * patches. Written after the papers' pictures: the map is rolled, cut into windows, attended and rolled back. */
#include "reference.h"
#include <math.h>

void wf_reference_patch(double *out, const float *pixels, uint32_t channels, uint32_t height, uint32_t width,
                        const uint32_t size[2], const uint32_t stride[2], const uint32_t at[2]) {
  for (uint32_t c = 0; c < channels; c++) {
    for (uint32_t i = 0; i < size[0]; i++) {
      for (uint32_t j = 0; j < size[1]; j++) {
        uint32_t y = at[0] * stride[0] + i, x = at[1] * stride[1] + j;
        *out++ = y < height && x < width ? (double)pixels[((size_t)c * height + y) * width + x] : 0.0;
      }
    }
  }
}

void wf_reference_embed_image(double *x, double *scratch, const wf_encoder_description *d,
                              const wf_reference_weights *w, const float *pixels, const float *positions,
                              uint32_t height, uint32_t width, const uint32_t grid[2]) {
  const uint32_t stride[2] = {d->stride_height, d->stride_width};
  const uint32_t size[2] = {d->patch_height, d->patch_width}, inputs = d->channels * size[0] * size[1];
  uint32_t length = d->prefix + grid[0] * grid[1];
  const float *const gain = w->slot[WF_SLOT_EMBEDDING_NORM_WEIGHT][0];
  const float *const shift = w->slot[WF_SLOT_EMBEDDING_NORM_BIAS][0];
  double epsilon = (double)d->embedding_norm_epsilon;
  for (uint32_t t = 0; t < length; t++) {
    double *row = x + (size_t)t * d->width;
    if (t < d->prefix) {
      const float *prefix = w->slot[WF_SLOT_PREFIX_TABLE][0] + (size_t)t * d->width;
      for (uint32_t i = 0; i < d->width; i++) row[i] = (double)prefix[i];
    } else {
      uint32_t patch = t - d->prefix;
      const uint32_t at[2] = {patch / grid[1], patch % grid[1]};
      wf_reference_patch(scratch, pixels, d->channels, height, width, size, stride, at);
      wf_reference_linear(row, NULL, scratch, w->slot[WF_SLOT_PATCH_WEIGHT][0],
                          w->slot[WF_SLOT_PATCH_BIAS][0], 1, inputs, d->width);
    }
    if (d->embedding_norm == 2)
      wf_reference_norm_rows(row, row, gain, shift, 1, d->width, d->norm_form, epsilon);
    if (!positions || (t >= d->prefix_positions && t < d->prefix)) continue;
    for (uint32_t i = 0; i < d->width; i++) row[i] += (double)positions[i];
    positions += d->width;
  }
  if (d->embedding_norm == 1)
    wf_reference_norm_rows(x, x, gain, shift, length, d->width, d->norm_form, epsilon);
}

/* The slices of the picture in Swin's paper: before the last window, the rest of it that was not rolled, what was. */
static uint32_t slice(uint32_t at, uint32_t size, uint32_t window, uint32_t shift) {
  if (at < size - window) return 0;
  return at < size - shift ? 1 : 2;
}

/* What a layer adds to the scores of head h for the offset (y, x) of a query and a key in a window. */
static double offset_bias(const wf_kind_description *k, const wf_reference_weights *w, uint32_t set,
                          int64_t y, int64_t x, uint32_t h) {
  int64_t side = k->window, scale = k->bias_reach ? k->bias_reach : k->window;
  if (!k->bias_buckets) {
    int64_t row = (y + side - 1) * (2 * side - 1) + x + side - 1;
    return (double)w->slot[WF_SLOT_WINDOW_TABLE][set][row * k->heads + h];
  }
  const float *hidden = w->slot[WF_SLOT_OFFSET_HIDDEN_WEIGHT][set],
              *bias = w->slot[WF_SLOT_OFFSET_HIDDEN_BIAS][set];
  const float *out = w->slot[WF_SLOT_OFFSET_OUT_WEIGHT][set] + (size_t)h * k->bias_buckets;
  double at[2] = {(double)y, (double)x}, sum = 0.0;
  for (int axis = 0; axis < 2; axis++) {
    double far = 8.0 * fabs(at[axis]) / (scale > 1 ? (double)(scale - 1) : 1.0);
    at[axis] = copysign(log2(far + 1.0) / 3.0, at[axis]);
  }
  for (uint32_t i = 0; i < k->bias_buckets; i++) {
    double inside = (double)hidden[2 * i] * at[0] + (double)hidden[2 * i + 1] * at[1] + (double)bias[i];
    sum += fmax(inside, 0.0) * (double)out[i];
  }
  return 16.0 / (1.0 + exp(-sum));
}

/* bias [H, T, T] of a window whose corner on the rolled map, `rolled` in size, is `corner`. */
static void window_bias(double *bias, const wf_kind_description *k, const wf_reference_weights *w,
                        uint32_t set, uint32_t shift, const uint32_t rolled[2], const uint32_t corner[2]) {
  uint32_t window = k->window, tokens = window * window;
  const double masked = k->bias_buckets ? 200.0 : 100.0; /* SwinV2 adds the mask twice */
  for (uint32_t i = 0; i < tokens; i++) {
    for (uint32_t j = 0; j < tokens; j++) {
      uint32_t from[2] = {i / window, i % window}, to[2] = {j / window, j % window};
      int apart = 0;
      for (int axis = 0; axis < 2; axis++) {
        apart |= shift && slice(corner[axis] + from[axis], rolled[axis], window, shift) !=
                              slice(corner[axis] + to[axis], rolled[axis], window, shift);
      }
      for (uint32_t h = 0; h < k->heads; h++) {
        bias[((size_t)h * tokens + i) * tokens + j] =
            offset_bias(k, w, set, (int64_t)from[0] - to[0], (int64_t)from[1] - to[1], h) -
            (apart ? masked : 0.0);
      }
    }
  }
}

/* Where token t of a window stands on the map, or the map's size if on its padding. */
static uint32_t source(const wf_reference_map *m, const uint32_t rolled[2], const uint32_t corner[2],
                       uint32_t window, uint32_t shift, uint32_t t) {
  uint32_t y = (corner[0] + t / window + shift) % rolled[0], x = (corner[1] + t % window + shift) % rolled[1];
  return y < m->height && x < m->width ? y * m->width + x : m->height * m->width;
}

/* Attention of one window of x, into its rows of y. */
static void attend_window(double *y, double *maps, double *scratch, const double *x,
                          const wf_encoder_description *d, const wf_reference_weights *w,
                          const wf_reference_map *m, uint32_t shift, const uint32_t rolled[2],
                          const uint32_t corner[2]) {
  const wf_kind_description *k = &d->kind[d->layer_kind[m->layer]];
  uint32_t width = k->width, all = k->heads * k->head_width, tokens = k->window * k->window;
  uint32_t none = m->height * m->width, set = d->layer_weights[m->layer];
  double *rows = scratch, *qkv = rows + (size_t)tokens * width, *context = qkv + (size_t)tokens * 3 * all;
  double *bias = context + (size_t)tokens * all;
  for (uint32_t t = 0; t < tokens; t++) {
    uint32_t from = source(m, rolled, corner, k->window, shift, t);
    for (uint32_t i = 0; i < width; i++) {
      rows[(size_t)t * width + i] = from == none ? 0.0 : x[(size_t)from * width + i];
    }
  }
  wf_reference_linear(qkv, NULL, rows, w->slot[WF_SLOT_QKV_WEIGHT][set], w->slot[WF_SLOT_QKV_BIAS][set],
                      tokens, width, 3 * all);
  for (size_t i = 0; i < (size_t)tokens * 3 * all; i++)
    qkv[i] *= i % (3 * (size_t)all) < all ? (double)k->score_scale : 1.0;
  for (uint32_t i = 0; k->head_norm && i < tokens * 2 * k->heads; i++) {
    uint32_t h = i % (2 * k->heads); /* heads of queries, then of keys */
    double scale = h < k->heads ? exp(fmin((double)w->slot[WF_SLOT_LOGIT_SCALE][set][h], log(100.0))) : 1.0;
    wf_reference_norm_head(qkv + (size_t)(i / (2 * k->heads)) * 3 * all + (size_t)h * k->head_width, NULL,
                           NULL, WF_COLUMN_L2, 1e-12, scale, k->head_width);
  }
  window_bias(bias, k, w, set, shift, rolled, corner);
  wf_reference_sequence sequence = wf_reference_self(qkv, all, tokens);
  sequence.bias = bias;
  wf_reference_attention(context, maps, &sequence, k->heads, k->head_width);
  wf_reference_linear(rows, NULL, context, w->slot[WF_SLOT_OUT_WEIGHT][set], w->slot[WF_SLOT_OUT_BIAS][set],
                      tokens, all, width);
  for (uint32_t t = 0; t < tokens; t++) {
    uint32_t to = source(m, rolled, corner, k->window, shift, t);
    for (uint32_t i = 0; to != none && i < width; i++)
      y[(size_t)to * width + i] = rows[(size_t)t * width + i];
  }
}

void wf_reference_windows(double *y, double *maps, double *scratch, const double *x,
                          const wf_encoder_description *d, const wf_reference_weights *w,
                          const wf_reference_map *m) {
  const wf_kind_description *k = &d->kind[d->layer_kind[m->layer]];
  uint32_t side = k->window, shorter = m->height < m->width ? m->height : m->width;
  /* A map that is one window down or across is not shifted by Swin. */
  uint32_t shift = shorter > side || k->bias_buckets ? k->shift : 0;
  const uint32_t rolled[2] = {(m->height + side - 1) / side * side, (m->width + side - 1) / side * side};
  for (uint32_t top = 0; top < rolled[0]; top += side) {
    for (uint32_t left = 0; left < rolled[1]; left += side) {
      const uint32_t corner[2] = {top, left};
      attend_window(y, maps, scratch, x, d, w, m, shift, rolled, corner);
      maps += (size_t)k->heads * side * side * side * side;
    }
  }
}

uint32_t wf_reference_merges(const wf_encoder_description *d, uint32_t layers) {
  uint32_t merges = 0;
  for (uint32_t i = 0; i < layers && i + 1 < d->layers; i++)
    merges += d->kind[d->layer_kind[i + 1]].width > d->kind[d->layer_kind[i]].width;
  return merges;
}

void wf_reference_merge(double *out, const double *x, double *scratch, const wf_encoder_description *d,
                        const wf_reference_weights *w, const wf_reference_map *m) {
  uint32_t width = d->kind[d->layer_kind[m->layer]].width, merge = wf_reference_merges(d, m->layer);
  for (uint32_t y = 0; y < m->height; y += 2) {
    for (uint32_t c = 0; c < m->width; c += 2, out += 2 * (size_t)width) {
      for (uint32_t i = 0; i < 4 * width; i++) {
        uint32_t part = i / width, row = y + part % 2, column = c + part / 2;
        int inside = row < m->height && column < m->width;
        scratch[i] = inside ? x[((size_t)row * m->width + column) * width + i % width] : 0.0;
      }
      const float *gain = w->slot[WF_SLOT_MERGE_NORM_WEIGHT][merge],
                  *move = w->slot[WF_SLOT_MERGE_NORM_BIAS][merge];
      const double epsilon = (double)d->merge_norm_epsilon;
      if (d->merge_form == WF_MERGE_NORM_FIRST)
        wf_reference_layer_norm(scratch, scratch, gain, move, 4 * width, epsilon);
      wf_reference_linear(out, NULL, scratch, w->slot[WF_SLOT_MERGE_WEIGHT][merge], NULL, 1, 4 * width,
                          2 * width);
      if (d->merge_form == WF_MERGE_NORM_LAST)
        wf_reference_layer_norm(out, out, gain, move, 2 * width, epsilon);
    }
  }
}
