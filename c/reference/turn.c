/* Norm and rotation of one token's channels in one head. */
#include "reference.h"
#include <math.h>

void wf_reference_norm_head(double *x, const float *weight, const float *bias, wf_column_norm norm,
                            double epsilon, double scale, uint32_t n) {
  double mean = 0.0, squares = 0.0, length;
  if (norm == WF_COLUMN_NONE) return;
  for (uint32_t i = 0; i < n && norm == WF_COLUMN_LAYER; i++) mean += x[i] / n;
  for (uint32_t i = 0; i < n; i++) squares += (x[i] - mean) * (x[i] - mean);
  if (norm == WF_COLUMN_L2)
    length = fmax(sqrt(squares), epsilon);
  else
    length = sqrt(squares / n + epsilon);
  for (uint32_t i = 0; i < n; i++) {
    double y = (x[i] - mean) / length * (weight ? (double)weight[i] : 1.0);
    x[i] = (y + (bias ? (double)bias[i] : 0.0)) * scale;
  }
}

void wf_reference_rotate_head(double *x, const double *cosines, const double *sines, uint32_t pairs,
                              uint32_t interleaved) {
  for (uint32_t k = 0; k < pairs; k++) {
    double *a = interleaved ? &x[2 * k] : &x[k], *b = interleaved ? a + 1 : a + pairs, first = *a;
    *a = first * cosines[k] - *b * sines[k];
    *b = *b * cosines[k] + first * sines[k];
  }
}
