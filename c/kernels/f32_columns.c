/* Norm and rotation down the columns of a packed head: tokens sit in the lanes, channels lie one below the other, so
 * that nothing is reduced across a vector. Norms of rows are in f32_norm.c. */
#include "kernels.h"
#include <assert.h>

/* sum_i (x_i - shift)^power of four columns, power 1 or 2 */
static wf_f4 moment(const float *x, wf_f4 shift, int squared, uint32_t rows, uint32_t columns) {
  wf_f4 sum = wf_splat(0.0f);
  for (uint32_t i = 0; i < rows; i++) {
    wf_f4 v = wf_load(x + (size_t)i * columns) - shift;
    sum = squared ? wf_madd(v, v, sum) : sum + v;
  }
  return sum;
}

void wf_f32_norm_columns(float *x, const float *weight, const float *bias, wf_column_norm norm, float epsilon,
                         float scale, uint32_t rows, uint32_t columns) {
  assert(rows >= 1 && columns % 4 == 0);
  const wf_f4 zero = wf_splat(0.0f), n = wf_splat((float)rows);
  for (uint32_t j = 0; norm != WF_COLUMN_NONE && j < columns; j += 4) {
    float *column = x + j;
    wf_f4 mean = norm == WF_COLUMN_LAYER ? moment(column, zero, 0, rows, columns) / n : zero;
    wf_f4 squares = moment(column, mean, 1, rows, columns);
    wf_f4 length = norm == WF_COLUMN_L2 ? wf_larger(wf_splat(epsilon), wf_sqrt(squares))
                                        : wf_sqrt(squares / n + wf_splat(epsilon));
    wf_f4 inverse = 1.0f / length;
    for (uint32_t i = 0; i < rows; i++) {
      wf_f4 v = (wf_load(column + (size_t)i * columns) - mean) * inverse;
      v = wf_madd(v, wf_splat(weight ? weight[i] : 1.0f), wf_splat(bias ? bias[i] : 0.0f));
      wf_store(column + (size_t)i * columns, v * scale);
    }
  }
}

void wf_f32_rotate_columns(float *x, const float *cosines, const float *sines, size_t stride, uint32_t pairs,
                           uint32_t columns, uint32_t interleaved) {
  assert(columns % 4 == 0);
  const size_t apart = (size_t)columns * (interleaved ? 1 : pairs);
  for (uint32_t k = 0; k < pairs; k++, x += interleaved ? 2 * columns : columns) {
    for (uint32_t j = 0; j < columns; j += 4) {
      const wf_f4 a = wf_load(x + j), b = wf_load(x + apart + j);
      const wf_f4 cosine = wf_load(cosines + k * stride + j), sine = wf_load(sines + k * stride + j);
      wf_store(x + j, a * cosine - b * sine);
      wf_store(x + apart + j, b * cosine + a * sine);
    }
  }
}
