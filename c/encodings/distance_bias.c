/* Biases that depend on the distance of two tokens alone: ALiBi, KERPLE, Sandwich, and the normalised distances that
 * FIRE feeds to its MLP (mlp.c). Not here: buckets (buckets.c) and terms of the content (content_bias.c). */
#include "../wasmformer.h"
#include "sizes.h"
#include "trig.h"

static const double LN2 = 0.69314718055994530942;

uint32_t wf_alibi_slopes(float *out, uint32_t heads, double bias_max) {
  if (!out || heads < 1 || heads > 1u << 16 || !(bias_max > 0)) return WF_ERROR_ARGUMENT;
  uint32_t power = 1; /* the largest power of two within the heads */
  while (power * 2 <= heads) power *= 2;
  for (uint32_t h = 0; h < heads; h++) {
    /* Heads beyond the power of two take every other slope of the next one. */
    const double exponent =
        h < power ? (double)(h + 1) / (double)power : (double)(2 * (h - power) + 1) / (double)(2 * power);
    out[h] = (float)wf_exp64(-bias_max * exponent * LN2);
  }
  return WF_OK;
}

/* Fills a plane [tokens][tokens] with value[|i - j|], where the first row already holds those values. */
static void mirror_first_row(float *plane, uint32_t tokens) {
  for (uint32_t i = 1; i < tokens; i++)
    for (uint32_t j = 0; j < tokens; j++) plane[(size_t)i * tokens + j] = plane[i < j ? j - i : i - j];
}

/* Bloom's positions: how many tokens of the mask came before, 0 where the mask is 0. */
static void mask_row(float *out, const int32_t *mask, uint32_t tokens, double slope) {
  int64_t seen = 0;
  for (uint32_t j = 0; j < tokens; j++) {
    seen += mask[j];
    out[j] = (float)(slope * (double)((seen - 1) * mask[j]));
  }
}

uint32_t wf_alibi(float *out, const float *slopes, const int32_t *mask, uint32_t sequences, uint32_t heads,
                  uint32_t tokens, uint32_t form) {
  if (!out || !slopes || form > WF_ALIBI_MASK || (form == WF_ALIBI_MASK && !mask)) return WF_ERROR_ARGUMENT;
  const uint32_t rows = form == WF_ALIBI_SYMMETRIC ? tokens : 1,
                 batch = form == WF_ALIBI_MASK ? sequences : 1;
  if (!wf_fits(batch, heads, rows, tokens)) return WF_ERROR_SHAPE;
  for (uint32_t b = 0; b < batch; b++)
    for (uint32_t h = 0; h < heads; h++) {
      float *plane = out + ((size_t)b * heads + h) * rows * tokens;
      const double slope = (double)slopes[h];
      if (form == WF_ALIBI_MASK) {
        mask_row(plane, mask + (size_t)b * tokens, tokens, slope);
        continue;
      }
      const double last = form == WF_ALIBI_LAST ? (double)tokens - 1 : 0;
      const double sign = form == WF_ALIBI_LAST ? slope : -slope;
      for (uint32_t j = 0; j < tokens; j++) plane[j] = (float)(sign * ((double)j - last) + 0.0); /* not -0 */
      if (form == WF_ALIBI_SYMMETRIC) mirror_first_row(plane, tokens);
    }
  return WF_OK;
}

uint32_t wf_kerple(float *out, const float *r1, const float *r2, uint32_t heads, uint32_t tokens,
                   uint32_t power) {
  if (!out || !r1 || !r2) return WF_ERROR_ARGUMENT;
  if (!wf_fits(heads, tokens, tokens, 1)) return WF_ERROR_SHAPE;
  for (uint32_t h = 0; h < heads; h++) {
    float *plane = out + (size_t)h * tokens * tokens;
    const double a = (double)r1[h], b = (double)r2[h];
    for (uint32_t d = 0; d < tokens; d++) {
      const double distance = (double)d;
      const double growth = power ? (d == 0 ? 0 : wf_pow(distance, b)) : wf_log(1 + b * distance);
      plane[d] = (float)(0.0 - a * growth);
    }
    mirror_first_row(plane, tokens);
  }
  return WF_OK;
}

uint32_t wf_sandwich(float *out, uint32_t heads, uint32_t tokens, uint32_t dim, double base) {
  if (!out || dim < 2 || dim % 2 || dim > 1u << 20 || !(base > 0)) return WF_ERROR_ARGUMENT;
  if (!wf_fits(heads, tokens, tokens, 1)) return WF_ERROR_SHAPE;
  const double rate = -2.0 * wf_log(base) / (double)dim;
  for (uint32_t d = 0; d < tokens; d++) {
    double sum = 0; /* p_i . p_j of the sinusoids: the sines and cosines of a pair add up to cos((i - j) w) */
    for (uint32_t i = 0; i < dim / 2; i++) sum += wf_cos((double)d * wf_exp64(rate * (double)i));
    for (uint32_t h = 0; h < heads; h++)
      out[(size_t)h * tokens * tokens + d] = (float)(sum * (double)heads / (8.0 * (double)(h + 1)));
  }
  for (uint32_t h = 0; h < heads; h++) mirror_first_row(out + (size_t)h * tokens * tokens, tokens);
  return WF_OK;
}

uint32_t wf_fire_distances(float *out, uint32_t tokens, double c, double threshold, double epsilon) {
  if (!out) return WF_ERROR_ARGUMENT;
  if (!wf_fits(tokens, tokens, 1, 1)) return WF_ERROR_SHAPE;
  const double limit = __builtin_fabs(threshold);
  for (uint32_t i = 0; i < tokens; i++) {
    const double reach = (double)i > limit ? (double)i : limit;
    const double scale = wf_log(__builtin_fabs(c * reach) + 1) + epsilon;
    for (uint32_t j = 0; j < tokens; j++)
      *out++ = (float)(wf_log(__builtin_fabs(c * ((double)i - (double)j)) + 1) / scale);
  }
  return WF_OK;
}
