/* The stem of sound, one sequence whole: convolutions over time, the projection, positions. */
#include "reference.h"
#include <math.h>

/* A convolution in groups over rows x [rows, groups * inputs]: y [count, outputs]. */
typedef struct convolution {
  uint32_t rows, inputs, outputs, groups, kernel, stride, padding, count;
} convolution;

static void convolve(double *y, const double *x, const convolution *c, const float *weight,
                     const float *bias) {
  for (uint32_t t = 0; t < c->count; t++) {
    for (uint32_t o = 0; o < c->outputs; o++, y++) {
      const double *group = x + (size_t)(o / (c->outputs / c->groups)) * c->inputs;
      *y = (double)bias[o];
      for (uint32_t k = 0; k < c->kernel; k++) {
        int64_t at = (int64_t)t * c->stride + k - c->padding;
        for (uint32_t i = 0; at >= 0 && at < c->rows && i < c->inputs; i++)
          *y += group[(size_t)at * c->inputs * c->groups + i] *
                (double)weight[((size_t)o * c->inputs + i) * c->kernel + k];
      }
    }
  }
}

static void norm_over_time(double *x, const float *weight, const float *bias, uint32_t rows, uint32_t width) {
  for (uint32_t i = 0; i < width; i++) {
    double mean = 0.0, variance = 0.0;
    for (uint32_t t = 0; t < rows; t++) mean += x[(size_t)t * width + i] / rows;
    for (uint32_t t = 0; t < rows; t++) variance += pow(x[(size_t)t * width + i] - mean, 2.0) / rows;
    for (uint32_t t = 0; t < rows; t++) {
      double *value = &x[(size_t)t * width + i];
      *value = (*value - mean) / sqrt(variance + 1e-5) * (double)weight[i] + (double)bias[i];
    }
  }
}

static void activate(double *x, size_t count, uint32_t activation) {
  for (size_t i = 0; i < count; i++) x[i] = wf_reference_activate(x[i], (wf_activation)activation);
}

size_t wf_reference_frames_scratch(const wf_encoder_description *d, uint32_t frames) {
  size_t widest = d->frame_inputs > d->width ? d->frame_inputs : d->width;
  for (uint32_t i = 0; i < d->convolutions; i++)
    if (d->frame[i].outputs > widest) widest = d->frame[i].outputs;
  return ((size_t)frames + 2 * WF_MAX_CONVOLUTIONS) * widest;
}

/* What leaves the convolutions over time, through two arrays of scratch in turn; *rows: how many. */
static double *run_convolutions(double *x, double *y, const wf_encoder_description *d,
                                const wf_reference_weights *w, uint32_t *rows) {
  for (uint32_t i = 0; i < d->convolutions; i++) {
    const wf_convolution_description *f = &d->frame[i];
    convolution c = {.rows = *rows,
                     .inputs = i ? d->frame[i - 1].outputs : d->frame_inputs,
                     .outputs = f->outputs,
                     .groups = 1,
                     .kernel = f->kernel,
                     .stride = f->stride,
                     .padding = f->padding};
    *rows = c.count = (*rows + 2 * f->padding - f->kernel) / f->stride + 1;
    convolve(y, x, &c, w->slot[WF_SLOT_FRAME_WEIGHT][i], w->slot[WF_SLOT_FRAME_BIAS][i]);
    const float *gain = w->slot[WF_SLOT_FRAME_NORM_WEIGHT][i], *shift = w->slot[WF_SLOT_FRAME_NORM_BIAS][i];
    if (f->norm == WF_FRAME_NORM_TIME) norm_over_time(y, gain, shift, *rows, f->outputs);
    if (f->norm == WF_FRAME_NORM_ROWS)
      wf_reference_norm_rows(y, y, gain, shift, *rows, f->outputs, WF_NORM_LAYER, 1e-5);
    activate(y, (size_t)*rows * f->outputs, f->activation);
    double *other = x;
    x = y;
    y = other;
  }
  return x;
}

/* The weight of convolution `index` of positions: gain[k] v / |v|, over all that place k of the kernel has. */
static void put_weight(float *weight, const wf_encoder_description *d, const wf_reference_weights *w,
                       uint32_t index) {
  const float *v = w->slot[WF_SLOT_POSITION_CONVOLUTION_WEIGHT][index];
  uint32_t kernel = d->position.kernel;
  size_t count = (size_t)d->width * (d->width / d->position.groups);
  for (uint32_t k = 0; k < kernel; k++) {
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) sum += pow((double)v[i * kernel + k], 2.0);
    double scale = d->position.weight_norm ? (double)w->slot[WF_SLOT_POSITION_GAIN][0][k] / sqrt(sum) : 1.0;
    for (size_t i = 0; i < count; i++) weight[i * kernel + k] = (float)((double)v[i * kernel + k] * scale);
  }
}

/* x [length, D] += the convolutions of positions over it and zeros behind it, `rows` rows in all. */
static void add_positions(double *x, double *scratch[2], float *weight, const wf_encoder_description *d,
                          const wf_reference_weights *w, uint32_t length, uint32_t rows) {
  const wf_position_description *p = &d->position;
  double *from = scratch[0], *to = scratch[1];
  for (size_t i = 0; i < (size_t)rows * d->width; i++) from[i] = i < (size_t)length * d->width ? x[i] : 0.0;
  for (uint32_t i = 0; i < p->count; i++) {
    convolution c = {rows, d->width / p->groups, d->width, p->groups, p->kernel, 1, p->kernel / 2, rows};
    put_weight(weight, d, w, i);
    convolve(to, from, &c, weight, w->slot[WF_SLOT_POSITION_CONVOLUTION_BIAS][i]);
    for (uint32_t t = 0; p->norm && t < rows; t++) {
      double *row = to + (size_t)t * d->width, mean = 0.0, variance = 0.0;
      for (uint32_t k = 0; k < d->width; k++) mean += row[k] / d->width;
      for (uint32_t k = 0; k < d->width; k++) variance += pow(row[k] - mean, 2.0) / d->width;
      for (uint32_t k = 0; k < d->width; k++) row[k] = (row[k] - mean) / sqrt(variance + 1e-5);
    }
    activate(to, (size_t)rows * d->width, p->activation);
    double *other = from;
    from = to;
    to = other;
  }
  for (size_t i = 0; i < (size_t)length * d->width; i++) x[i] += from[i];
}

void wf_reference_embed_frames(double *x, double *features, double *scratch[2], float *weight,
                               const wf_encoder_description *d, const wf_reference_weights *w,
                               const float *sound, uint32_t frames, uint32_t length) {
  uint32_t inputs = d->frame_inputs, rows = frames;
  for (uint32_t t = 0; t < frames; t++)
    for (uint32_t i = 0; i < inputs; i++)
      scratch[0][(size_t)t * inputs + i] = (double)sound[(size_t)i * frames + t];
  const double *made = run_convolutions(scratch[0], scratch[1], d, w, &rows);
  for (size_t i = 0; i < (size_t)length * d->table_width; i++) features[i] = made[i];
  if (d->feature_norm)
    wf_reference_norm_rows(features, features, w->slot[WF_SLOT_FEATURE_NORM_WEIGHT][0],
                           w->slot[WF_SLOT_FEATURE_NORM_BIAS][0], length, d->table_width, WF_NORM_LAYER,
                           (double)d->feature_norm_epsilon);
  for (size_t i = 0; !d->projection && i < (size_t)length * d->width; i++) x[i] = features[i];
  if (d->projection)
    wf_reference_linear(x, NULL, features, w->slot[WF_SLOT_PROJECTION_WEIGHT][0],
                        w->slot[WF_SLOT_PROJECTION_BIAS][0], length, d->table_width, d->width);
  for (size_t i = 0; d->positions && i < (size_t)length * d->width; i++)
    x[i] += (double)w->slot[WF_SLOT_POSITION_TABLE][0][i];
  if (d->position.count) add_positions(x, scratch, weight, d, w, length, rows);
  if (d->embedding_norm)
    wf_reference_norm_rows(x, x, w->slot[WF_SLOT_EMBEDDING_NORM_WEIGHT][0],
                           w->slot[WF_SLOT_EMBEDDING_NORM_BIAS][0], length, d->width, d->norm_form,
                           (double)d->embedding_norm_epsilon);
}

void wf_reference_gate(double *bias, const double *x, const wf_kind_description *k,
                       const wf_reference_weights *w, uint32_t set, uint32_t length) {
  const float *weight = w->slot[WF_SLOT_GATE_WEIGHT][set], *offset = w->slot[WF_SLOT_GATE_BIAS][set];
  for (uint32_t h = 0; h < k->heads; h++) {
    for (uint32_t t = 0; t < length; t++) {
      double made[8], gates[2];
      wf_reference_linear(made, NULL, x + (size_t)t * k->width + (size_t)h * k->head_width, weight, offset, 1,
                          k->head_width, 8);
      for (uint32_t i = 0; i < 2; i++)
        gates[i] = wf_reference_activate(made[4 * i] + made[4 * i + 1] + made[4 * i + 2] + made[4 * i + 3],
                                         WF_SIGMOID);
      double gate = gates[0] * (gates[1] * (double)w->slot[WF_SLOT_GATE_SCALE][set][h] - 1.0) + 2.0;
      for (uint32_t j = 0; j < length; j++) *bias++ *= gate;
    }
  }
}
