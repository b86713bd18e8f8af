/* Resizing a table of relative biases to another window by BEiT's geometric positions: old entries lie at 0, 1, 1 + q,
 * 1 + q + q^2 … so that near offsets keep their values and far ones are stretched. Not here: cubic and linear
 * resampling on even grids (resample.c). */
#include "../wasmformer.h"
#include "sizes.h"

/* 1 + q + … + q^(n-1), and with it the place of the n-th entry from the centre. */
static double geometric_sum(double q, uint32_t n) {
  double sum = 0, term = 1;
  for (uint32_t i = 0; i < n; i++) {
    sum += term;
    term *= q;
  }
  return sum;
}

/* The ratio that puts the last of `reach` old entries at the last new offset; within [1.01, 1.5], found by halving. */
static double geometric_ratio(uint32_t reach, uint32_t new_reach) {
  double left = 1.01, right = 1.5, q = left;
  while (right - left > 1e-6) {
    q = (left + right) / 2;
    if (geometric_sum(q, reach) > (double)new_reach)
      right = q;
    else
      left = q;
  }
  return q;
}

/* The two old entries around a new offset, and the share of the second. Offsets beyond the ends take the end. */
typedef struct bracket {
  uint32_t first, second;
  double share;
} bracket;

static bracket geometric_bracket(double q, uint32_t reach, uint32_t new_reach, uint32_t at) {
  const bool negative = at < new_reach;
  const double distance = (double)(negative ? new_reach - at : at - new_reach);
  double below = 0, term = 1;
  for (uint32_t i = 0; i < reach; i++) {
    const double above = below + term;
    if (distance <= above) {
      const uint32_t inner = negative ? reach - i : reach + i, outer = negative ? inner - 1 : inner + 1;
      return (bracket){inner, outer, (distance - below) / term};
    }
    below = above;
    term *= q;
  }
  const uint32_t end = negative ? 0 : 2 * reach;
  return (bracket){end, end, 0};
}

uint32_t wf_resize_bias_geometric(float *out, const float *table, uint32_t old_height, uint32_t old_width,
                                  uint32_t new_height, uint32_t new_width, uint32_t heads, uint32_t extra) {
  const uint32_t most = 4096;
  if (!out || !table) return WF_ERROR_ARGUMENT;
  if (old_height > most || old_width > most || new_height > most || new_width > most) return WF_ERROR_SHAPE;
  if (!wf_fits(old_height, old_width, heads, 4) || !wf_fits(new_height, new_width, heads, 4))
    return WF_ERROR_SHAPE;
  const size_t across = 2 * old_width - 1, h = heads;
  if (old_height == new_height && old_width == new_width) {
    for (size_t i = 0; i < ((2 * old_height - 1) * across + extra) * h; i++) out[i] = table[i];
    return WF_OK;
  }
  const double qy = geometric_ratio(old_height - 1, new_height - 1),
               qx = geometric_ratio(old_width - 1, new_width - 1);
  for (uint32_t y = 0; y < 2 * new_height - 1; y++) {
    const bracket by = geometric_bracket(qy, old_height - 1, new_height - 1, y);
    const float *top = table + by.first * across * h, *bottom = table + by.second * across * h;
    for (uint32_t x = 0; x < 2 * new_width - 1; x++) {
      const bracket bx = geometric_bracket(qx, old_width - 1, new_width - 1, x);
      for (size_t c = 0; c < h; c++) {
        const double upper =
            (1 - bx.share) * (double)top[bx.first * h + c] + bx.share * (double)top[bx.second * h + c];
        const double lower =
            (1 - bx.share) * (double)bottom[bx.first * h + c] + bx.share * (double)bottom[bx.second * h + c];
        *out++ = (float)((1 - by.share) * upper + by.share * lower);
      }
    }
  }
  const float *tail = table + (2 * (size_t)old_height - 1) * across * h;
  for (size_t i = 0; i < (size_t)extra * h; i++) *out++ = tail[i];
  return WF_OK;
}
