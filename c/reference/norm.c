/* Layer norm, L2 norm and RMS norm of one row. */
#include "reference.h"
#include <math.h>

void wf_reference_layer_norm(double *y, const double *x, const float *weight, const float *bias, uint32_t n,
                             double epsilon) {
  double mean = 0.0, variance = 0.0;
  for (uint32_t i = 0; i < n; i++) mean += x[i] / n;
  for (uint32_t i = 0; i < n; i++) variance += (x[i] - mean) * (x[i] - mean) / n;
  for (uint32_t i = 0; i < n; i++) {
    y[i] = (x[i] - mean) / sqrt(variance + epsilon) * (double)weight[i] + (bias ? (double)bias[i] : 0.0);
  }
}

void wf_reference_l2_norm(double *y, const double *x, uint32_t n) {
  double sum = 0.0;
  for (uint32_t i = 0; i < n; i++) sum += x[i] * x[i];
  for (uint32_t i = 0; i < n; i++) y[i] = x[i] / fmax(sqrt(sum), 1e-12);
}

void wf_reference_rms_norm(double *y, const double *x, const float *weight, uint32_t n, double epsilon) {
  double square = 0.0;
  for (uint32_t i = 0; i < n; i++) square += x[i] * x[i] / n;
  for (uint32_t i = 0; i < n; i++) y[i] = x[i] / sqrt(square + epsilon) * (double)weight[i];
}
