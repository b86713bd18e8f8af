/* Norms and rotation down the columns of a packed head against their twins in double precision, column by column. */
#include "check.h"
#include "kernels/kernels.h"
#include "reference/reference.h"

static const double unit = 0x1p-24;
static const uint32_t widths[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 31, 32, 33, 64, 80, 127, 128, 1024};
enum { WIDTHS = sizeof widths / sizeof *widths };

typedef struct norm_case {
  wf_column_norm norm;
  float mean, spread, epsilon, scale;
  int weighted, biased;
} norm_case;

/* Sums of n terms, each as large as the largest square, then a few operations; in units of the normalised values. */
static double rounding(const double *x, uint32_t n, const norm_case *c) {
  double mean = 0.0, squares = 0.0, top = 0.0;
  for (uint32_t i = 0; i < n && c->norm == WF_COLUMN_LAYER; i++) mean += x[i] / n;
  for (uint32_t i = 0; i < n; i++) {
    squares += (x[i] - mean) * (x[i] - mean);
    top = fmax(top, fabs(x[i]));
  }
  double length = c->norm == WF_COLUMN_L2 ? fmax(sqrt(squares), (double)c->epsilon)
                                          : sqrt(squares / n + (double)c->epsilon);
  return unit * (n + 8.0) * top / length;
}

static void check_norm(check_worst *worst, const norm_case *c, uint32_t n, uint32_t columns) {
  uint64_t seed = n * 100 + columns;
  float *x = check_randoms(&seed, (size_t)n * columns, c->spread);
  float *weight = check_randoms(&seed, n, 2.0f), *bias = check_randoms(&seed, n, 1.0f);
  for (uint32_t i = 0; i < n * columns; i++) x[i] += c->mean;
  double *all = check_widened(x, (size_t)n * columns), *want = check_doubles(n);
  const float *gain = c->weighted ? weight : NULL, *shift = c->biased ? bias : NULL;
  wf_f32_norm_columns(x, gain, shift, c->norm, c->epsilon, c->scale, n, columns);
  for (uint32_t j = 0; j < columns; j++) {
    for (uint32_t i = 0; i < n; i++) want[i] = all[i * columns + j];
    double size = rounding(want, n, c);
    wf_reference_norm_head(want, gain, shift, c->norm, (double)c->epsilon, (double)c->scale, n);
    for (uint32_t i = 0; i < n; i++) {
      double limit = size * (gain ? fabs((double)gain[i]) : 1.0) + 2.0 * unit * (shift ? 1.0 : 0.0);
      CHECK_ERROR(worst, fabs((double)x[i * columns + j] - want[i]) / (limit * (double)c->scale + 1e-300),
                  "norm %d of %u mean %g, column %u of %u", c->norm, n, (double)c->mean, j, columns);
    }
  }
  free(x);
  free(weight);
  free(bias);
  free(all);
  free(want);
}

static void test_norms(void) {
  static const norm_case cases[] = {
      {WF_COLUMN_RMS, 0.0f, 1.0f, 1e-6f, 1.0f, 1, 0},    {WF_COLUMN_RMS, 5.0f, 1.0f, 1e-5f, 0.125f, 1, 0},
      {WF_COLUMN_RMS, 0.0f, 1e-4f, 1e-6f, 1.0f, 0, 0},   {WF_COLUMN_LAYER, 0.0f, 1.0f, 1e-5f, 1.0f, 1, 1},
      {WF_COLUMN_LAYER, 9.0f, 1.0f, 1e-5f, 0.25f, 1, 0}, {WF_COLUMN_LAYER, 0.0f, 1e4f, 1e-5f, 1.0f, 0, 1},
      {WF_COLUMN_L2, 0.0f, 1.0f, 1e-12f, 1.0f, 0, 0},    {WF_COLUMN_L2, 1.0f, 1e3f, 1e-12f, 100.0f, 0, 0},
      {WF_COLUMN_L2, 0.0f, 1.0f, 1e-12f, 3.0f, 1, 1},
  };
  check_worst worst = {.name = "norm of columns, of its rounding", .limit = 1.0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (uint32_t columns = 4; columns <= WF_TILE_MAX_COLUMNS; columns += 4) {
      for (int w = 0; w < WIDTHS; w++) check_norm(&worst, &cases[i], widths[w], columns);
    }
  }
  check_report(&worst);
}

/* A vector of zeros has no direction: it stays, and is no NaN; without a norm nothing changes at all. */
static void test_zeros_and_none(void) {
  enum { ROWS = 7, COLUMNS = 8, SIZE = ROWS * COLUMNS };
  float zeros[SIZE] = {0}, plain[SIZE] = {0};
  uint64_t seed = 5;
  wf_f32_norm_columns(zeros, NULL, NULL, WF_COLUMN_L2, 1e-12f, 10.0f, ROWS, COLUMNS);
  CHECK(check_same(zeros, plain, SIZE), "a length of zero");
  float *x = check_randoms(&seed, SIZE, 1.0f);
  memcpy(plain, x, sizeof plain);
  wf_f32_norm_columns(x, NULL, NULL, WF_COLUMN_NONE, 1e-12f, 10.0f, ROWS, COLUMNS);
  CHECK(check_same(x, plain, SIZE), "no norm changed something");
  free(x);
}

static void check_rotation(check_worst *worst, uint32_t pairs, uint32_t columns, uint32_t interleaved) {
  uint64_t seed = pairs * 100 + columns;
  const uint32_t n = 2 * pairs, stride = columns + pairs % 5;
  float *x = check_randoms(&seed, (size_t)n * columns, 3.0f);
  float *cosines = check_randoms(&seed, (size_t)(pairs - 1) * stride + columns, 1.0f);
  float *sines = check_randoms(&seed, (size_t)(pairs - 1) * stride + columns, 1.0f);
  double *all = check_widened(x, (size_t)n * columns), *want = check_doubles(n), *c = check_doubles(pairs),
         *s = check_doubles(pairs);
  wf_f32_rotate_columns(x, cosines, sines, stride, pairs, columns, interleaved);
  for (uint32_t j = 0; j < columns; j++) {
    for (uint32_t i = 0; i < n; i++) want[i] = all[i * columns + j];
    for (uint32_t k = 0; k < pairs; k++) {
      c[k] = (double)cosines[k * stride + j];
      s[k] = (double)sines[k * stride + j];
    }
    wf_reference_rotate_head(want, c, s, pairs, interleaved);
    for (uint32_t i = 0; i < n; i++) {
      CHECK_ERROR(worst, fabs((double)x[i * columns + j] - want[i]), "%u pairs, column %u of %u%s", pairs, j,
                  columns, interleaved ? ", interleaved" : "");
    }
  }
  float *floats[] = {x, cosines, sines};
  double *doubles[] = {all, want, c, s};
  for (size_t i = 0; i < sizeof floats / sizeof *floats; i++) free(floats[i]);
  for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) free(doubles[i]);
}

static void test_rotations(void) {
  check_worst worst = {.name = "rotation of columns", .limit = 9.0 * unit};
  for (uint32_t columns = 4; columns <= WF_TILE_MAX_COLUMNS; columns += 4) {
    for (int w = 0; w < WIDTHS; w++) {
      check_rotation(&worst, widths[w], columns, 0);
      check_rotation(&worst, widths[w], columns, 1);
    }
  }
  check_report(&worst);
}

int main(void) {
  test_norms();
  test_zeros_and_none();
  test_rotations();
  return check_finish();
}
