/* Sines and cosines of any angles: positions that lie on no grid, several coordinates a token, any order of columns.
 * Also where the coordinates come from a mask (DETR). Not here: tables over consecutive positions (sincos.c), which
 * are faster, and rotating by such a table (rotary.c). */
#include "../wasmformer.h"
#include "sizes.h"
#include "trig.h"
#include <string.h>

enum { MAX_AXES = 64 };

uint32_t wf_frequencies(double *out, uint32_t count, double base, double divisor) {
  if (!out || !(base > 0)) return WF_ERROR_ARGUMENT;
  if (!wf_fits(count, 2, 1, 1)) return WF_ERROR_SHAPE;
  for (uint32_t i = 0; i < count; i++) out[i] = wf_pow(base, -(double)i / divisor);
  return WF_OK;
}

/* One row: the sum of the coordinates' angles for each pair, its sine and cosine put to up to two columns each. */
static void fill_row(float *sines, float *cosines, const double *coordinates, const double *frequencies,
                     const int32_t *targets, uint32_t axes, uint32_t pairs, double gain) {
  for (uint32_t k = 0; k < pairs; k++, targets += 4) {
    double angle = 0, s, c;
    for (uint32_t a = 0; a < axes; a++) angle += coordinates[a] * frequencies[(size_t)a * pairs + k];
    wf_sincos(&s, &c, angle);
    const float sine = (float)(s * gain), cosine = (float)(c * gain);
    if (targets[0] >= 0) sines[targets[0]] = sine;
    if (targets[1] >= 0) sines[targets[1]] = sine;
    if (targets[2] >= 0) cosines[targets[2]] = cosine;
    if (targets[3] >= 0) cosines[targets[3]] = cosine;
  }
}

uint32_t wf_sinusoids(float *sines, float *cosines, const double *coordinates, const double *frequencies,
                      const int32_t *targets, const int32_t *copies, uint32_t tokens, uint32_t axes,
                      uint32_t pairs, uint32_t width, double gain) {
  if (!sines || !coordinates || !frequencies || !targets || axes > MAX_AXES) return WF_ERROR_ARGUMENT;
  if (!wf_fits(tokens, width, 1, 1) || !wf_fits(tokens, axes, 2, 1) || !wf_fits(pairs, 4, axes, 2))
    return WF_ERROR_SHAPE;
  for (size_t i = 0; i < 4 * (size_t)pairs; i++)
    if (targets[i] >= (int64_t)width) return WF_ERROR_SHAPE;
  for (uint32_t a = 0; copies && a < axes; a++)
    if (copies[a] >= (int64_t)width) return WF_ERROR_SHAPE;
  memset(sines, 0, (size_t)tokens * width * sizeof(float));
  if (cosines) memset(cosines, 0, (size_t)tokens * width * sizeof(float));
  for (size_t t = 0; t < tokens; t++) {
    float *row = sines + t * width, *other = cosines ? cosines + t * width : row;
    fill_row(row, other, coordinates + t * axes, frequencies, targets, axes, pairs, gain);
    for (uint32_t a = 0; copies && a < axes; a++)
      if (copies[a] >= 0) row[copies[a]] = (float)coordinates[t * axes + a];
  }
  return WF_OK;
}

/* One line of cells: how many of the mask's ones came, this one included; then from 0 to `scale` over the line. */
static __attribute__((noinline, minsize)) void line_coordinates(double *out, const int32_t *mask,
                                                                uint32_t count, size_t step, double offset,
                                                                double epsilon, double scale) {
  double seen = 0;
  for (size_t i = 0; i < count; i++) {
    seen += mask ? (double)mask[i * step] : 1;
    out[2 * i * step] = seen;
  }
  for (size_t i = 0; scale != 0 && i < count; i++) {
    double *at = out + 2 * i * step;
    *at = (*at + offset) / (seen + epsilon) * scale;
  }
}

uint32_t wf_mask_coordinates(double *out, const int32_t *mask, uint32_t height, uint32_t width, double offset,
                             double epsilon, double scale) {
  if (!out) return WF_ERROR_ARGUMENT;
  if (!wf_fits(height, width, 4, 1)) return WF_ERROR_SHAPE;
  for (size_t x = 0; x < width; x++)
    line_coordinates(out + 2 * x, mask ? mask + x : NULL, height, width, offset, epsilon, scale);
  for (size_t y = 0; y < height; y++)
    line_coordinates(out + 2 * y * width + 1, mask ? mask + y * width : NULL, width, 1, offset, epsilon,
                     scale);
  return WF_OK;
}
