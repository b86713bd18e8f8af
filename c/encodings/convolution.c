/* Positions by convolution: wav2vec 2.0's grouped convolution along the sequence, and CPVT's depthwise one over the
 * grid. What lies outside is zero. Not here: the convolutions of feature extractors and stems. minsize: what runs once
 * for a weight, where the module's size counts more than its speed. */
#include "../kernels/kernels.h"
#include "../kernels/simd.h"
#include "../wasmformer.h"
#include "sizes.h"
#include <string.h>

/* Tokens and outputs that one pass sums, and the inputs that a missing token stands in for. */
enum { TOKENS = 6, OUTPUTS = 8, INPUTS = 64, CHANNELS = 64, MAX_TAPS = 81 };

__attribute__((minsize)) uint32_t wf_fold_weight_norm(float *out, const float *v, const float *g,
                                                      uint32_t outputs, uint32_t inputs, uint32_t taps,
                                                      uint32_t per_output) {
  if (!out || !v || !g) return WF_ERROR_ARGUMENT;
  if (!wf_fits(outputs, inputs, taps, 1)) return WF_ERROR_SHAPE;
  const size_t inner = (size_t)inputs * taps;
  const size_t count = per_output ? outputs : taps, length = per_output ? inner : (size_t)outputs * inputs;
  for (size_t n = 0; n < count; n++) {
    const size_t first = per_output ? n * inner : n, step = per_output ? 1 : taps;
    double sum = 0;
    for (size_t i = 0; i < length; i++) sum += (double)v[first + i * step] * (double)v[first + i * step];
    const double scale = (double)g[n] / __builtin_sqrt(sum);
    for (size_t i = 0; i < length; i++) out[first + i * step] = (float)((double)v[first + i * step] * scale);
  }
  return WF_OK;
}

/* Outputs of a group, rounded up to whole panels. */
static size_t panel_outputs(uint32_t channels, uint32_t groups) {
  return (size_t)(channels / groups + OUTPUTS - 1) / OUTPUTS * OUTPUTS;
}

static bool convolution_fits(uint32_t channels, uint32_t kernel, uint32_t groups) {
  if (groups == 0 || channels == 0 || channels % groups != 0) return false;
  return wf_fits(groups * (uint64_t)panel_outputs(channels, groups), channels / groups, kernel, 1);
}

__attribute__((minsize)) uint32_t wf_pack_convolution(float *out, const float *weight, uint32_t channels,
                                                      uint32_t kernel, uint32_t groups) {
  if (!out || !weight) return WF_ERROR_ARGUMENT;
  if (!convolution_fits(channels, kernel, groups)) return WF_ERROR_SHAPE;
  const size_t width = channels / groups;
  for (size_t g = 0; g < groups; g++)
    for (size_t first = 0; first < width; first += OUTPUTS)
      for (size_t k = 0; k < kernel; k++)
        for (size_t i = 0; i < width; i++)
          for (size_t o = first; o < first + OUTPUTS; o++)
            *out++ = o < width ? weight[((g * width + o) * width + i) * kernel + k] : 0;
  return WF_OK;
}

/* A pass of the grouped convolution: six tokens from `token` on, eight outputs of one group, which begin at `start`. x
 * starts at the group's inputs, whose rows are `channels` apart. */
static void convolve(float *out, const float *start, const float *x, const float *panel, int64_t token,
                     uint32_t tokens, uint32_t channels, uint32_t kernel, uint32_t width) {
  static const float zeros[INPUTS] = {0};
  wf_f4 sums[TOKENS][2];
  for (uint32_t t = 0; t < TOKENS; t++) {
    sums[t][0] = wf_load(start);
    sums[t][1] = wf_load(start + 4);
  }
  for (int64_t k = 0; k < kernel; k++)
    for (uint32_t first = 0; first < width; first += INPUTS) {
      const uint32_t count = width - first < INPUTS ? width - first : INPUTS;
      const float *rows[TOKENS];
      for (int64_t t = 0; t < TOKENS; t++) {
        const int64_t at = token + t + k - kernel / 2;
        rows[t] = at >= 0 && at < tokens ? x + (size_t)at * channels + first : zeros;
      }
      for (uint32_t i = 0; i < count; i++, panel += OUTPUTS) {
        const wf_f4 w0 = wf_load(panel), w1 = wf_load(panel + 4);
        for (uint32_t t = 0; t < TOKENS; t++) {
          const wf_f4 value = wf_splat(rows[t][i]);
          sums[t][0] = wf_madd(value, w0, sums[t][0]);
          sums[t][1] = wf_madd(value, w1, sums[t][1]);
        }
      }
    }
  for (uint32_t t = 0; t < TOKENS; t++) {
    wf_store(out + t * OUTPUTS, sums[t][0]);
    wf_store(out + t * OUTPUTS + 4, sums[t][1]);
  }
}

uint32_t wf_convolutional_position(float *out, const float *x, const float *packed, const float *bias,
                                   uint32_t sequences, uint32_t tokens, uint32_t channels, uint32_t kernel,
                                   uint32_t groups, uint32_t residual) {
  if (!out || !x || !packed || out == x) return WF_ERROR_ARGUMENT;
  if (!wf_fits(sequences, tokens, channels, 1) || !convolution_fits(channels, kernel, groups))
    return WF_ERROR_SHAPE;
  const uint32_t width = channels / groups;
  for (uint32_t s = 0; s < sequences; s++, x += (size_t)tokens * channels, out += (size_t)tokens * channels) {
    const float *panel = packed;
    for (uint32_t g = 0; g < groups; g++)
      for (uint32_t first = 0; first < width; first += OUTPUTS, panel += (size_t)kernel * width * OUTPUTS) {
        const uint32_t count = width - first < OUTPUTS ? width - first : OUTPUTS, at = g * width + first;
        float start[OUTPUTS] = {0};
        if (bias) memcpy(start, bias + at, count * sizeof(float));
        for (uint32_t t = 0; t < tokens; t += TOKENS) {
          float block[TOKENS * OUTPUTS];
          convolve(block, start, x + (size_t)g * width, panel, t, tokens, channels, kernel, width);
          wf_f32_activation(block, TOKENS * OUTPUTS, WF_GELU);
          for (uint32_t i = 0; i < TOKENS && t + i < tokens; i++)
#pragma clang loop vectorize(disable) unroll(disable)
            for (uint32_t o = 0; o < count; o++) {
              const size_t place = (size_t)(t + i) * channels + at + o;
              out[place] = block[i * OUTPUTS + o] + (residual ? x[place] : 0);
            }
        }
      }
  }
  return WF_OK;
}

/* The shape of a depthwise convolution over one grid. */
typedef struct wf_peg {
  uint32_t height, width, channels, kernel, stride;
  bool residual;
} wf_peg;

/* One output cell, up to CHANNELS channels; taps: [kernel^2][CHANNELS]. */
static void depthwise_cell(float *out, const float *x, const float *taps, const float *start, const wf_peg *p,
                           uint32_t row, uint32_t column, uint32_t count) {
  float sums[CHANNELS];
  memcpy(sums, start, sizeof sums);
  const int64_t top = (int64_t)row * p->stride - p->kernel / 2,
                left = (int64_t)column * p->stride - p->kernel / 2;
  for (int64_t ky = 0; ky < p->kernel; ky++)
    for (int64_t kx = 0; kx < p->kernel; kx++) {
      if (top + ky < 0 || top + ky >= p->height || left + kx < 0 || left + kx >= p->width) continue;
      const float *cell = x + (size_t)((top + ky) * p->width + left + kx) * p->channels;
      const float *weight = taps + (ky * p->kernel + kx) * CHANNELS;
      for (uint32_t c = 0; c < count; c++) sums[c] += weight[c] * cell[c];
    }
  const float *here = x + ((size_t)row * p->width + column) * p->channels;
  for (uint32_t c = 0; c < count; c++) out[c] = p->residual ? sums[c] + here[c] : sums[c];
}

uint32_t wf_conditional_position(float *out, const float *x, const float *weight, const float *bias,
                                 uint32_t sequences, uint32_t height, uint32_t width, uint32_t channels,
                                 uint32_t kernel, uint32_t stride, uint32_t residual) {
  if (!out || !x || !weight || out == x || stride == 0 || (residual && stride != 1)) return WF_ERROR_ARGUMENT;
  if (kernel > 9 || kernel % 2 == 0) return WF_ERROR_UNSUPPORTED;
  if (height > 1u << 30 || width > 1u << 30 || !wf_fits(sequences, (uint64_t)height * width, channels, 1))
    return WF_ERROR_SHAPE;
  const wf_peg shape = {height, width, channels, kernel, stride, residual != 0};
  const uint32_t rows = (height - 1) / stride + 1, columns = (width - 1) / stride + 1,
                 count = kernel * kernel;
  for (uint32_t first = 0; first < channels; first += CHANNELS) {
    const uint32_t some = channels - first < CHANNELS ? channels - first : CHANNELS;
    float taps[MAX_TAPS * CHANNELS] = {0}, start[CHANNELS] = {0};
    for (uint32_t c = 0; c < some; c++) {
      if (bias) start[c] = bias[first + c];
      for (uint32_t k = 0; k < count; k++) taps[k * CHANNELS + c] = weight[(size_t)(first + c) * count + k];
    }
    for (size_t cell = 0; cell < (size_t)sequences * rows * columns; cell++) {
      const size_t s = cell / ((size_t)rows * columns);
      depthwise_cell(out + cell * channels + first, x + s * height * width * channels + first, taps, start,
                     &shape, (uint32_t)(cell / columns % rows), (uint32_t)(cell % columns), some);
    }
  }
  return WF_OK;
}
