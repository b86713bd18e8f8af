/* The matrix product and the packed forms of its operands, in plain loops. */
#include "reference.h"
#include <math.h>

void wf_reference_linear(double *out, double *size, const double *x, const float *weight, const float *bias,
                         uint32_t rows, uint32_t inputs, uint32_t outputs) {
  for (uint32_t r = 0; r < rows; r++) {
    for (uint32_t j = 0; j < outputs; j++) {
      const double *a = x + (size_t)r * inputs;
      const float *b = weight + (size_t)j * inputs;
      double sum = bias ? bias[j] : 0.0, all = fabs(sum);
      for (uint32_t i = 0; i < inputs; i++) {
        double product = a[i] * (double)b[i];
        sum += product;
        all += fabs(product);
      }
      out[(size_t)r * outputs + j] = sum;
      if (size) size[(size_t)r * outputs + j] = all;
    }
  }
}

void wf_reference_pack_rows(float *panels, const float *x, uint32_t rows, uint32_t n, uint32_t tile_rows) {
  for (uint32_t first = 0; first < rows; first += tile_rows) {
    for (uint32_t i = 0; i < n; i++) {
      for (uint32_t r = first; r < first + tile_rows; r++) *panels++ = r < rows ? x[(size_t)r * n + i] : 0.0f;
    }
  }
}

void wf_reference_pack_weight(float *panels, const float *weight, const float *bias, uint32_t outputs,
                              uint32_t inputs, uint32_t tile_columns) {
  for (uint32_t first = 0; first < outputs; first += tile_columns) {
    for (uint32_t j = first; j < first + tile_columns; j++) *panels++ = bias && j < outputs ? bias[j] : 0.0f;
    for (uint32_t i = 0; i < inputs; i++) {
      for (uint32_t j = first; j < first + tile_columns; j++) {
        *panels++ = j < outputs ? weight[(size_t)j * inputs + i] : 0.0f;
      }
    }
  }
}
