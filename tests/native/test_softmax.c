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
  wf_f32_softmax_columns(x, inverse, rows, columns, 0);
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

/* Rows of -infinity in front of a column change no bit of the rest, if the first row left tells its number. */
static void test_rows_cut_off(void) {
  static const uint32_t cuts[] = {1, 2, 3, 59, 60, 61, 63, 64, 65, 127, 128, 129, 300};
  enum { COLUMNS = 12, MOST = 700 };
  for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
    for (uint32_t rows = 1; rows <= MOST - cuts[i]; rows += rows < 70 ? 1 : 97) {
      uint64_t seed = rows;
      size_t cut = (size_t)cuts[i] * COLUMNS, rest = (size_t)rows * COLUMNS;
      float *whole = check_randoms(&seed, cut + rest, 5.0f), *part = check_floats(rest);
      float inverse[2][COLUMNS];
      for (size_t k = 0; k < cut; k++) whole[k] = -INFINITY;
      memcpy(part, whole + cut, rest * sizeof(float));
      wf_f32_softmax_columns(whole, inverse[0], cuts[i] + rows, COLUMNS, 0);
      wf_f32_softmax_columns(part, inverse[1], rows, COLUMNS, cuts[i]);
      CHECK(check_same(part, whole + cut, rest) && check_same(inverse[0], inverse[1], COLUMNS),
            "%u rows behind %u", rows, cuts[i]);
      free(whole);
      free(part);
    }
  }
}

typedef struct block_series {
  check_worst values, sums, rescale;
} block_series;

/* A running softmax over `columns` columns, and its twin's. */
typedef struct running {
  float top[WF_TILE_MAX_COLUMNS], sum[WF_TILE_MAX_COLUMNS], rescale[WF_TILE_MAX_COLUMNS];
} running;
typedef struct reference_running {
  double top[WF_TILE_MAX_COLUMNS], sum[WF_TILE_MAX_COLUMNS], rescale[WF_TILE_MAX_COLUMNS];
} reference_running;

static running start(void) {
  running r = {.rescale = {0}};
  for (int j = 0; j < WF_TILE_MAX_COLUMNS; j++) r.top[j] = WF_SOFTMAX_START;
  return r;
}

/* A column in blocks of `step` rows; the scores grow, so that every block raises the maximum, or fall. */
static void check_blocks(block_series *s, uint32_t rows, uint32_t step, uint32_t columns, float growth) {
  uint64_t seed = rows * 31 + step;
  size_t count = (size_t)rows * columns;
  float *x = check_randoms(&seed, count, 10.0f);
  for (uint32_t i = 0; i < rows; i++) {
    for (uint32_t j = 0; j < columns; j++) x[i * columns + j] += growth * (float)i;
  }
  double *want = check_widened(x, count);
  running got = start();
  reference_running twin = {.sum = {0}};
  for (uint32_t j = 0; j < columns; j++) twin.top[j] = (double)WF_SOFTMAX_START;
  for (uint32_t first = 0; first < rows; first += step) {
    uint32_t n = rows - first < step ? rows - first : step;
    size_t at = (size_t)first * columns;
    wf_f32_softmax_block(x + at, got.top, got.sum, got.rescale, n, columns);
    wf_reference_softmax_block(want + at, twin.top, twin.sum, twin.rescale, n, columns);
    for (size_t i = at; i < at + (size_t)n * columns; i++)
      CHECK_ERROR(&s->values, fabs((double)x[i] - want[i]), "%u rows by %u", rows, step);
    for (uint32_t j = 0; j < columns; j++) {
      CHECK((double)got.top[j] == twin.top[j], "%u rows by %u: maximum %g", rows, step, (double)got.top[j]);
      CHECK_ERROR(&s->rescale, fabs((double)got.rescale[j] - twin.rescale[j]), "%u rows by %u", rows, step);
      CHECK_ERROR(&s->sums, fabs((double)got.sum[j] / twin.sum[j] - 1.0), "%u rows by %u", rows, step);
    }
  }
  free(x);
  free(want);
}

static void test_blocks(void) {
  static const uint32_t lengths[] = {1, 2, 59, 60, 61, 64, 119, 120, 121, 127, 600, 1021};
  static const uint32_t steps[] = {1, 7, 60, 119, 120, 121};
  block_series s = {{.name = "blocks: e^(s - top)", .limit = 1e-6},
                    {.name = "blocks: the sum, relatively", .limit = 2e-6},
                    {.name = "blocks: the factor of earlier ones", .limit = 1e-6}};
  for (uint32_t columns = 4; columns <= WF_TILE_MAX_COLUMNS; columns += 4) {
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
      for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        check_blocks(&s, lengths[i], steps[k], columns, 0.0f);
        check_blocks(&s, lengths[i], steps[k], columns, 0.25f);
        check_blocks(&s, lengths[i], steps[k], columns, -1.0f);
      }
    }
  }
  check_report(&s.values);
  check_report(&s.sums);
  check_report(&s.rescale);
}

/* Blocks of -infinity change no bit, before the first score and after the last; NaN makes its column NaN for good. */
static void test_blocks_without_numbers(void) {
  enum { ROWS = 5, COLUMNS = 4, SIZE = ROWS * COLUMNS };
  uint64_t seed = 11;
  float *x = check_randoms(&seed, SIZE, 5.0f), none[SIZE], y[SIZE];
  running plain = start(), among = start();
  memcpy(y, x, sizeof y);
  wf_f32_softmax_block(x, plain.top, plain.sum, plain.rescale, ROWS, COLUMNS);
  for (int i = 0; i < 3; i++) {
    for (int k = 0; k < SIZE; k++) none[k] = -INFINITY;
    wf_f32_softmax_block(i == 1 ? y : none, among.top, among.sum, among.rescale, ROWS, COLUMNS);
    for (int k = 0; i != 1 && k < SIZE; k++) CHECK(none[k] == 0.0f, "-inf became %g", (double)none[k]);
    for (int j = 0; i == 2 && j < COLUMNS; j++)
      CHECK(among.rescale[j] == 1.0f, "factor %g", (double)among.rescale[j]);
  }
  CHECK(check_same(x, y, SIZE) && check_same(plain.top, among.top, COLUMNS) &&
            check_same(plain.sum, among.sum, COLUMNS),
        "blocks of -inf changed the bits");
  for (int i = 0; i < 2; i++) {
    for (int k = 0; k < SIZE; k++) none[k] = -INFINITY;
    if (i == 0) none[0] = NAN;
    wf_f32_softmax_block(none, among.top, among.sum, among.rescale, ROWS, COLUMNS);
    CHECK(isnan(among.sum[0]), "NaN was lost: %g", (double)among.sum[0]);
  }
  CHECK(check_same(plain.sum + 1, among.sum + 1, COLUMNS - 1), "NaN reached other columns");
  free(x);
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
  wf_f32_softmax_columns(x, inverse[0], rows, COLUMNS, 0);
  wf_f32_softmax_columns(y, inverse[1], rows, COLUMNS, 0);
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
  wf_f32_softmax_columns(column, inverse, 2, 4, 0);
  CHECK(isnan(column[0] * inverse[0]), "a column of -inf: %g", (double)(column[0] * inverse[0]));
}

int main(void) {
  test_against_the_twin();
  test_scores_that_are_no_numbers();
  test_rows_cut_off();
  test_blocks();
  test_blocks_without_numbers();
  return check_finish();
}
