/* The small learned maps of the encodings: a linear layer, the log-spaced coordinates of SwinV2, and the two-layer MLP
 * that turns coordinates into a bias per head (SwinV2, FIRE). Summed in double. Not for an encoder's layers: those use
 * c/kernels. */
#include "../wasmformer.h"
#include "dot.h"
#include "sizes.h"
#include "trig.h"

enum { HEADS_AT_ONCE = 16 };

uint32_t wf_project(float *out, const float *x, const float *weight, const float *bias, uint32_t rows,
                    uint32_t inputs, uint32_t outputs) {
  if (!out || !x || !weight) return WF_ERROR_ARGUMENT;
  if (!wf_fits(rows, inputs, 1, 1) || !wf_fits(rows, outputs, 1, 1) || !wf_fits(inputs, outputs, 1, 1))
    return WF_ERROR_SHAPE;
  for (size_t i = 0; i < rows; i++)
    for (size_t o = 0; o < outputs; o++) {
      const double sum = wf_dot(x + i * inputs, weight + o * inputs, inputs);
      *out++ = (float)(sum + (bias ? (double)bias[o] : 0.0));
    }
  return WF_OK;
}

/* Adds the hidden layer of one point, times the second layer, to `count` heads from `first` on. */
static void point_heads(double *sums, const float *point, const float *w1, const float *b1, const float *w2,
                        uint32_t inputs, uint32_t hidden, uint32_t first, uint32_t count) {
  for (uint32_t h = 0; h < count; h++) sums[h] = 0;
  for (size_t f = 0; f < hidden; f++) {
    double unit = wf_dot(point, w1 + f * inputs, inputs) + (b1 ? (double)b1[f] : 0.0);
    if (unit < 0) unit = 0;
    for (uint32_t h = 0; h < count; h++) sums[h] += unit * (double)w2[(size_t)(first + h) * hidden + f];
  }
}

uint32_t wf_position_mlp(float *out, const float *x, const float *w1, const float *b1, const float *w2,
                         const float *b2, uint32_t points, uint32_t inputs, uint32_t hidden, uint32_t heads,
                         double gain) {
  if (!out || !x || !w1 || !w2) return WF_ERROR_ARGUMENT;
  if (!wf_fits(points, inputs, 1, 1) || !wf_fits(points, heads, 1, 1)) return WF_ERROR_SHAPE;
  if (!wf_fits(hidden, inputs, 1, 1) || !wf_fits(hidden, heads, 1, 1)) return WF_ERROR_SHAPE;
  double sums[HEADS_AT_ONCE];
  for (size_t i = 0; i < points; i++)
    for (uint32_t first = 0; first < heads; first += HEADS_AT_ONCE) {
      const uint32_t count = heads - first < HEADS_AT_ONCE ? heads - first : HEADS_AT_ONCE;
      point_heads(sums, x + i * inputs, w1, b1, w2, inputs, hidden, first, count);
      for (uint32_t h = 0; h < count; h++) {
        const double value = sums[h] + (b2 ? (double)b2[first + h] : 0.0);
        out[(first + h) * (size_t)points + i] = (float)(gain == 0 ? value : gain / (1.0 + wf_exp64(-value)));
      }
    }
  return WF_OK;
}

/* One coordinate of the table: the distance d over its divisor, on a logarithmic scale that keeps the sign. */
static double log_coordinate(double d, double divisor, bool natural) {
  const double c = natural ? d : d / divisor * 8.0, size = __builtin_fabs(c);
  if (size != size) return size;
  const double scale = natural ? 1.0 : 0.69314718055994530942 * 3.0; /* log2(1 + |c|) / log2(8) */
  const double value = wf_log(1.0 + size) / scale;
  return c < 0 ? -value : value;
}

uint32_t wf_log_coordinates(float *out, uint32_t height, uint32_t width, double divisor_height,
                            double divisor_width, uint32_t natural) {
  if (!out) return WF_ERROR_ARGUMENT;
  if (height > 32768 || width > 32768 || !wf_fits(height, width, 8, 1)) return WF_ERROR_SHAPE;
  for (uint32_t y = 0; y < 2 * height - 1; y++) {
    const float dy = (float)log_coordinate((double)y - (double)(height - 1), divisor_height, natural != 0);
    for (uint32_t x = 0; x < 2 * width - 1; x++) {
      *out++ = dy;
      *out++ = (float)log_coordinate((double)x - (double)(width - 1), divisor_width, natural != 0);
    }
  }
  return WF_OK;
}
