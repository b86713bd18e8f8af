/* Samples on their way to an audio model: from the bytes of a file to one channel, to another rate, to unit variance. */
#include "../encodings/sizes.h"
#include "../encodings/trig.h"
#include "../wasmformer.h"

/* Small rather than fast: the transforms and the models behind them are what takes time. */
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#define PI 3.14159265358979323846

uint32_t wf_standardize(float *out, const float *x, uint32_t samples, uint32_t valid) {
  if (!out || !x) return WF_ERROR_ARGUMENT;
  if (valid < 1 || valid > samples || !wf_fits(samples, 1, 1, 1)) return WF_ERROR_SHAPE;
  double mean = 0, variance = 0;
  for (uint32_t i = 0; i < valid; i++) mean += (double)x[i];
  mean /= valid;
  for (uint32_t i = 0; i < valid; i++) variance += ((double)x[i] - mean) * ((double)x[i] - mean);
  const double scale = 1 / __builtin_sqrt(variance / valid + 1e-7);
  for (uint32_t i = 0; i < samples; i++) out[i] = i < valid ? (float)(((double)x[i] - mean) * scale) : 0;
  return WF_OK;
}

static const uint8_t SAMPLE_BYTES[] = {[WF_SAMPLE_U8] = 1,  [WF_SAMPLE_S16] = 2, [WF_SAMPLE_S24] = 3,
                                       [WF_SAMPLE_S32] = 4, [WF_SAMPLE_F32] = 4, [WF_SAMPLE_F64] = 8};

/* A sample in [-1, 1), or whatever a float holds. */
static double sample_of(const uint8_t *bytes, uint32_t format) {
  uint64_t bits = 0;
  for (uint32_t i = SAMPLE_BYTES[format]; i-- > 0;) bits = bits << 8 | bytes[i];
  switch ((wf_sample)format) {
  case WF_SAMPLE_U8:
    return ((double)bits - 128) / 128;
  case WF_SAMPLE_S16:
  case WF_SAMPLE_S24:
  case WF_SAMPLE_S32:
    return (double)(int32_t)(uint32_t)(bits << (32 - 8 * SAMPLE_BYTES[format])) / 2147483648.0;
  case WF_SAMPLE_F32:
    return (double)(union {
             uint32_t bits;
             float value;
           }){(uint32_t)bits}
        .value;
  case WF_SAMPLE_F64:
    break;
  }
  return (union {
           uint64_t bits;
           double value;
         }){bits}
      .value;
}

uint32_t wf_mix_samples(float *out, const uint8_t *bytes, uint32_t frames, uint32_t channels,
                        uint32_t format) {
  if (!out || !bytes || format > WF_SAMPLE_F64) return WF_ERROR_ARGUMENT;
  if (!wf_fits(frames, channels, SAMPLE_BYTES[format], 1)) return WF_ERROR_SHAPE;
  for (uint32_t i = 0; i < frames; i++) {
    double sum = 0;
    for (uint32_t c = 0; c < channels; c++, bytes += SAMPLE_BYTES[format]) sum += sample_of(bytes, format);
    out[i] = (float)(sum / channels);
  }
  return WF_OK;
}

#define MOST_REACH 500.0 /* samples on each side */
#define LOBES      6.0   /* of the sinc, on each side */
#define ROLLOFF    0.99  /* of the lower rate's band that is kept */

/* The weight of a sample `distance` lobes away: a sinc under Hann's window. */
static __attribute__((noinline)) double tap(double distance) {
  if (!(__builtin_fabs(distance) < LOBES)) return 0;
  const double window = wf_cos(distance * PI / LOBES / 2), angle = distance * PI;
  return window * window * (angle == 0 ? 1 : wf_sin(angle) / angle);
}

static uint32_t common_divisor(uint32_t a, uint32_t b) {
  while (b) {
    const uint32_t left = a % b;
    a = b, b = left;
  }
  return a;
}

uint32_t wf_resample_samples(float *out, const float *x, uint32_t samples, uint32_t count, uint32_t from,
                             uint32_t to) {
  if (!out || !x || from < 1 || to < 1) return WF_ERROR_ARGUMENT;
  if (!wf_fits(samples, 1, 1, 1) || !wf_fits(count, 1, 1, 1)) return WF_ERROR_SHAPE;
  if (((uint64_t)samples * to + from - 1) / from != count) return WF_ERROR_SHAPE;
  const uint32_t common = common_divisor(from, to);
  from /= common, to /= common;
  const double band = (from < to ? from : to) * ROLLOFF / from, reach = LOBES / band; /* samples of x */
  if (!(reach <= MOST_REACH)) return WF_ERROR_UNSUPPORTED;
  const uint32_t taps = (uint32_t)(2 * reach) + 2;
  float weights[2 * (int)MOST_REACH + 2];
  for (uint32_t phase = 0; phase < to && phase < count; phase++) {
    const double centre = (double)phase * from / to; /* in samples of x, as all that follows */
    const int64_t first = (int64_t)__builtin_ceil(centre - reach);
    for (uint32_t k = 0; k < taps; k++)
      weights[k] = (float)(tap(((double)(first + k) - centre) * band) * band);
    int64_t start = first;
    for (uint64_t i = phase; i < count; i += to, start += from) {
      const int64_t there = (int64_t)samples - start, end = there < taps ? there : taps;
      double sum = 0;
      for (int64_t k = start < 0 ? -start : 0; k < end; k++) sum += (double)weights[k] * (double)x[start + k];
      out[i] = (float)sum;
    }
  }
  return WF_OK;
}

#pragma clang attribute pop
