/* Normalisation of one row: layer norm, RMS and L2. Sums run over four lanes in a fixed order, the tail last. */
#include "kernels.h"

/* The 1 to 3 values after the last whole vector, zeros behind them. */
static wf_f4 load_tail(const float *x, uint32_t count) {
  return (wf_f4){x[0], count > 1 ? x[1] : 0.0f, count > 2 ? x[2] : 0.0f, 0.0f};
}

static void store_tail(float *y, wf_f4 v, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) y[i] = v[i];
}

/* sum_i (x_i - shift)^power, power 1 or 2 */
static float moment(const float *x, uint32_t n, float shift, int squared) {
  wf_f4 sum = wf_splat(0.0f), s = wf_splat(shift);
  uint32_t whole = n & ~3u, i = 0;
  for (; i < whole; i += 4) {
    wf_f4 v = wf_load(x + i) - s;
    sum = squared ? wf_madd(v, v, sum) : sum + v;
  }
  if (n > whole) {
    wf_f4 v = load_tail(x + i, n - whole);
    const wf_i4 lane = {0, 1, 2, 3};
    v = wf_select(lane < (int32_t)(n - whole), v - s, wf_splat(0.0f));
    sum = squared ? wf_madd(v, v, sum) : sum + v;
  }
  return wf_sum(sum);
}

void wf_f32_layer_norm(float *y, const float *x, const float *weight, const float *bias, uint32_t n,
                       float epsilon) {
  float mean = moment(x, n, 0.0f, 0) / (float)n;
  float variance = moment(x, n, mean, 1) / (float)n;
  wf_f4 m = wf_splat(mean), scale = 1.0f / wf_sqrt(wf_splat(variance + epsilon));
  uint32_t whole = n & ~3u, i = 0;
  for (; i < whole; i += 4) {
    wf_f4 v = (wf_load(x + i) - m) * scale;
    wf_store(y + i, wf_madd(v, wf_load(weight + i), bias ? wf_load(bias + i) : wf_splat(0.0f)));
  }
  if (n > whole) {
    uint32_t tail = n - whole;
    wf_f4 v = (load_tail(x + i, tail) - m) * scale;
    store_tail(y + i,
               wf_madd(v, load_tail(weight + i, tail), bias ? load_tail(bias + i, tail) : wf_splat(0.0f)),
               tail);
  }
}

void wf_f32_rms_norm(float *y, const float *x, const float *weight, uint32_t n, float epsilon) {
  const float square = moment(x, n, 0.0f, 1) / (float)n;
  const wf_f4 scale = 1.0f / wf_sqrt(wf_splat(square + epsilon));
  const uint32_t whole = n & ~3u;
  for (uint32_t i = 0; i < whole; i += 4) wf_store(y + i, wf_load(x + i) * scale * wf_load(weight + i));
  for (uint32_t i = whole; i < n; i++) y[i] = x[i] * scale[0] * weight[i];
}

void wf_f32_l2_norm(float *y, const float *x, uint32_t n) {
  float length = wf_sqrt(wf_splat(moment(x, n, 0.0f, 1)))[0];
  float scale = 1.0f / (length < 1e-12f ? 1e-12f : length);
  for (uint32_t i = 0; i < n; i++) y[i] = x[i] * scale;
}
