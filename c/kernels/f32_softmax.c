/* Softmax down the columns of a block of scores: the keys of a query lie one below the other, so that queries sit in
 * the lanes and nothing is reduced across a vector. */
#include "f32_math.h"
#include "kernels.h"

/* Rows whose exponentials are summed before they join the total: a long column loses no digits to one long sum. */
enum { SUM_ROWS = 64 };

/* One group of four columns; s walks down by `columns`. */
static void softmax_lane(float *s, float *inverse, uint32_t rows, uint32_t columns) {
  wf_f4 top = wf_load(s), sum = wf_splat(0.0f);
  for (uint32_t i = 1; i < rows; i++) top = wf_larger(top, wf_load(s + (size_t)i * columns));
  for (uint32_t first = 0; first < rows; first += SUM_ROWS) {
    uint32_t end = rows - first < SUM_ROWS ? rows : first + SUM_ROWS;
    wf_f4 part = wf_splat(0.0f);
    for (uint32_t i = first; i < end; i++) {
      wf_f4 e = wf_exp(wf_load(s + (size_t)i * columns) - top);
      wf_store(s + (size_t)i * columns, e);
      part += e;
    }
    sum += part;
  }
  wf_store(inverse, 1.0f / sum);
}

void wf_f32_softmax_columns(float *s, float *inverse, uint32_t rows, uint32_t columns) {
  for (uint32_t j = 0; j < columns; j += 4) softmax_lane(s + j, inverse + j, rows, columns);
}
