/* Softmax down columns, whole or block by block. */
#include "reference.h"
#include <math.h>

void wf_reference_softmax_columns(double *s, double *inverse, uint32_t rows, uint32_t columns) {
  for (uint32_t j = 0; j < columns; j++) {
    double top = s[j], sum = 0.0;
    for (uint32_t i = 1; i < rows; i++) top = fmax(top, s[(size_t)i * columns + j]);
    for (uint32_t i = 0; i < rows; i++) {
      double *score = &s[(size_t)i * columns + j];
      *score = exp(*score - top);
      sum += *score;
    }
    inverse[j] = 1.0 / sum;
  }
}

void wf_reference_softmax_block(double *s, double *top, double *sum, double *rescale, uint32_t rows,
                                uint32_t columns) {
  for (uint32_t j = 0; j < columns; j++) {
    double before = top[j];
    for (uint32_t i = 0; i < rows; i++) top[j] = fmax(top[j], s[(size_t)i * columns + j]);
    rescale[j] = exp(before - top[j]);
    sum[j] *= rescale[j];
    for (uint32_t i = 0; i < rows; i++) {
      double *score = &s[(size_t)i * columns + j];
      *score = exp(*score - top[j]);
      sum[j] += *score;
    }
  }
}
