/* Softmax down columns against its twin in double precision, and what it does with scores that are no numbers. */
#include "check.h"
#include "kernels/kernels.h"
#include "reference/reference.h"

static const double unit = 0x1p-24;

typedef struct series {
  check_worst values, probabilities, sums;
} series;

/* The kernel's difference to the top rounds in float32, which e^ turns into a relative error; below e^-87 it gives that. */
static void check_block(series *s, uint32_t rows, uint32_t columns, float scale, uint64_t seed) {
  size_t count = (size_t)rows * columns;
  float *x = check_randoms(&seed, count, scale), inverse[WF_TILE_MAX_COLUMNS];
  double *want = check_widened(x, count), over[WF_TILE_MAX_COLUMNS];
  wf_reference_softmax_columns(want, over, rows, columns);
  wf_f32_softmax_columns(x, inverse, rows, columns);
  for (uint32_t j = 0; j < columns; j++) {
    double sum = 0.0;
    for (uint32_t i = 0; i < rows; i++) {
      size_t at = (size_t)i * columns + j;
      double got = (double)x[at], difference = fmin(87.0, -log(want[at] + 1e-300));
      double limit = want[at] * unit * (5.0 + difference) + 1.7e-38;
      float probability = x[at] * inverse[j];
      CHECK_ERROR(&s->values, fabs(got - want[at]) / limit, "%u x %u scale %g row %u", rows, columns,
                  (double)scale, i);
      CHECK_ERROR(&s->probabilities, fabs((double)probability - want[at] * over[j]),
                  "%u x %u scale %g row %u", rows, columns, (double)scale, i);
      sum += (double)probability;
    }
    CHECK_ERROR(&s->sums, fabs(sum - 1.0), "%u x %u scale %g column %u", rows, columns, (double)scale, j);
  }
  free(x);
  free(want);
}

static void test_against_the_twin(void) {
  static const uint32_t more[] = {100, 127, 128, 129, 257, 509, 511, 512, 513, 1021, 2048, 8191};
  static const float scales[] = {0.0f, 1.0f, 30.0f, 1e4f, 1e30f};
  series s = {{.name = "e^(s - top), of its rounding", .limit = 1.0},
              {.name = "probabilities", .limit = 1e-6},
              {.name = "their sum less 1", .limit = 1e-6}};
  for (uint32_t columns = 4; columns <= WF_TILE_MAX_COLUMNS; columns += 4) {
    for (int k = 0; k < 5; k++) {
      for (uint32_t rows = 1; rows <= 66; rows++) check_block(&s, rows, columns, scales[k], rows);
      for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        for (uint64_t seed = 1; seed <= 8; seed++) check_block(&s, more[i], columns, scales[k], seed);
      }
    }
  }
  check_report(&s.values);
  check_report(&s.probabilities);
  check_report(&s.sums);
}

/* Fills a block with numbers, puts `value` at one place, and compares the other columns with those of the block without
 * it. probability receives that of the place, and total the sum of its column. */
static void put_one(float value, uint32_t rows, uint32_t at, float *probability, float *total) {
  enum { COLUMNS = 8, COLUMN = 5 };
  uint64_t seed = 3;
  float *x = check_randoms(&seed, (size_t)rows * COLUMNS, 5.0f), *y = check_floats((size_t)rows * COLUMNS);
  float inverse[2][COLUMNS];
  memcpy(y, x, (size_t)rows * COLUMNS * sizeof(float));
  y[at * COLUMNS + COLUMN] = value;
  wf_f32_softmax_columns(x, inverse[0], rows, COLUMNS);
  wf_f32_softmax_columns(y, inverse[1], rows, COLUMNS);
  *total = 0.0f;
  for (uint32_t i = 0; i < rows; i++) {
    for (uint32_t j = 0; j < COLUMNS; j++) {
      if (j == COLUMN)
        *total += y[i * COLUMNS + j] * inverse[1][j];
      else
        CHECK(check_same(&x[i * COLUMNS + j], &y[i * COLUMNS + j], 1), "%g reached column %u", (double)value,
              j);
    }
  }
  *probability = y[at * COLUMNS + COLUMN] * inverse[1][COLUMN];
  free(x);
  free(y);
}

/* A score of -inf gives a probability of 0 and leaves the others a distribution; NaN, and inf, whose difference to
 * itself is NaN, make their column NaN; other columns keep their bits. */
static void test_scores_that_are_no_numbers(void) {
  for (uint32_t rows = 2; rows <= 9; rows++) {
    for (uint32_t at = 0; at < rows; at++) {
      float probability, total;
      put_one(-INFINITY, rows, at, &probability, &total);
      CHECK(probability == 0.0f, "-inf at %u of %u: %g", at, rows, (double)probability);
      CHECK(fabsf(total - 1.0f) < 1e-6f, "-inf at %u of %u: sum %g", at, rows, (double)total);
      put_one(NAN, rows, at, &probability, &total);
      CHECK(isnan(probability) && isnan(total), "NaN at %u of %u: %g", at, rows, (double)total);
      put_one(INFINITY, rows, at, &probability, &total);
      CHECK(isnan(probability) && isnan(total), "inf at %u of %u: %g", at, rows, (double)total);
    }
  }
  float column[8], inverse[4];
  for (int i = 0; i < 8; i++) column[i] = -INFINITY;
  wf_f32_softmax_columns(column, inverse, 2, 4);
  CHECK(isnan(column[0] * inverse[0]), "a column of -inf: %g", (double)(column[0] * inverse[0]));
}

int main(void) {
  test_against_the_twin();
  test_scores_that_are_no_numbers();
  return check_finish();
}
