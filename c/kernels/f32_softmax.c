/* Softmax down the columns of a block of scores: the keys of a query lie one below the other, so that queries sit in
 * the lanes and nothing is reduced across a vector. Whole columns, or blocks of rows with a running maximum and sum. */
#include "f32_math.h"
#include "kernels.h"
#include <assert.h>

/* Rows whose exponentials are summed before they join the total: a long column loses no digits to one long sum. */
enum { SUM_ROWS = 64 };

/* One group of four columns: s walks down by `columns` and becomes e^(s - top); returns the sum. */
static wf_f4 exponentials(float *s, wf_f4 top, uint32_t rows, uint32_t columns) {
  wf_f4 sum = wf_splat(0.0f);
  for (uint32_t i = 0; i < rows; i++) {
    wf_f4 e = wf_exp_below(wf_load(s + (size_t)i * columns) - top);
    wf_store(s + (size_t)i * columns, e);
    sum += e;
  }
  return sum;
}

static void softmax_lane(float *s, float *inverse, uint32_t rows, uint32_t columns, uint32_t first) {
  wf_f4 top = wf_load(s), sum = wf_splat(0.0f);
  for (uint32_t i = 1; i < rows; i++) top = wf_larger(top, wf_load(s + (size_t)i * columns));
  for (uint32_t i = 0, n; i < rows; i += n) {
    n = SUM_ROWS - (first + i) % SUM_ROWS;
    if (n > rows - i) n = rows - i;
    sum += exponentials(s + (size_t)i * columns, top, n, columns);
  }
  wf_store(inverse, 1.0f / sum);
}

void wf_f32_softmax_columns(float *s, float *inverse, uint32_t rows, uint32_t columns, uint32_t first) {
  assert(rows >= 1 && columns % 4 == 0 && columns <= WF_TILE_MAX_COLUMNS);
  for (uint32_t j = 0; j < columns; j += 4) softmax_lane(s + j, inverse + j, rows, columns, first);
}

void wf_f32_softmax_block(float *s, float *top, float *sum, float *rescale, uint32_t rows, uint32_t columns) {
  assert(rows >= 1 && columns % 4 == 0 && columns <= WF_TILE_MAX_COLUMNS);
  for (uint32_t j = 0; j < columns; j += 4) {
    wf_f4 before = wf_load(top + j), now = before;
    for (uint32_t i = 0; i < rows; i++) now = wf_larger(now, wf_load(s + (size_t)i * columns + j));
    wf_f4 factor = wf_exp_below(before - now);
    wf_store(top + j, now);
    wf_store(rescale + j, factor);
    wf_store(sum + j, wf_madd(wf_load(sum + j), factor, exponentials(s + j, now, rows, columns)));
  }
}
