/* Pooling and L2 normalisation through the public functions, against their twins in double precision. */
#include "check.h"
#include "reference/reference.h"

static const uint32_t lengths[] = {1, 2, 3, 7, 64, 511, 1};
enum { SEQUENCES = sizeof lengths / sizeof *lengths };

static uint32_t total(void) {
  uint32_t rows = 0;
  for (int s = 0; s < SEQUENCES; s++) rows += lengths[s];
  return rows;
}

static void test_pooling(check_worst *worst, wf_pooling pooling, uint32_t width) {
  uint64_t seed = width;
  size_t count = (size_t)total() * width;
  float *x = check_randoms(&seed, count, 3.0f), *got = check_floats((size_t)SEQUENCES * width);
  float *alone = check_floats(width);
  double *wide = check_widened(x, count), *want = check_doubles(width);
  CHECK(wf_pool(got, x, lengths, SEQUENCES, width, pooling) == WF_OK, "pooling %d width %u", pooling, width);
  for (uint32_t s = 0, row = 0; s < SEQUENCES; row += lengths[s++]) {
    wf_reference_pool(want, wide + (size_t)row * width, lengths[s], width, pooling);
    CHECK(wf_pool(alone, x + (size_t)row * width, &lengths[s], 1, width, pooling) == WF_OK, "width %u",
          width);
    CHECK(check_same(alone, got + (size_t)s * width, width), "alone: pooling %d length %u", pooling,
          lengths[s]);
    for (uint32_t i = 0; i < width; i++) {
      double scale = pooling == WF_POOL_MEAN_SQRT ? sqrt(lengths[s]) : 1.0;
      CHECK_ERROR(worst, fabs((double)got[(size_t)s * width + i] - want[i]) / scale,
                  "pooling %d width %u length %u", pooling, width, lengths[s]);
    }
  }
  free(x);
  free(got);
  free(alone);
  free(wide);
  free(want);
}

static void test_normalize(check_worst *worst, uint32_t rows, uint32_t width) {
  uint64_t seed = width;
  size_t count = (size_t)rows * width;
  float *x = check_randoms(&seed, count, 5.0f), *y = check_floats(count);
  double *want = check_widened(x, count);
  for (uint32_t r = 0; r < rows; r++)
    wf_reference_l2_norm(want + (size_t)r * width, want + (size_t)r * width, width);
  CHECK(wf_normalize(y, x, rows, width) == WF_OK, "%u x %u", rows, width);
  CHECK(wf_normalize(x, x, rows, width) == WF_OK, "%u x %u in place", rows, width);
  CHECK(check_same(x, y, count), "%u x %u in place", rows, width);
  for (size_t i = 0; i < count; i++) CHECK_ERROR(worst, fabs((double)y[i] - want[i]), "%u x %u", rows, width);
  free(x);
  free(y);
  free(want);
}

static void test_wrong_arguments(void) {
  float x[4] = {1.0f, 2.0f, 3.0f, 4.0f}, y[4] = {5.0f, 5.0f, 5.0f, 5.0f};
  const uint32_t good[] = {1, 1}, bad[] = {0, 2};
  CHECK(wf_pool(y, x, good, 2, 2, WF_POOL_WEIGHTED_MEAN + 1) == WF_ERROR_ARGUMENT, "unknown pooling");
  CHECK(wf_pool(y, x, good, 2, 2, UINT32_MAX) == WF_ERROR_ARGUMENT, "unknown pooling");
  CHECK(wf_pool(y, x, good, 2, 0, WF_POOL_MEAN) == WF_ERROR_ARGUMENT, "width 0");
  CHECK(wf_pool(y, x, bad, 2, 2, WF_POOL_MEAN) == WF_ERROR_ARGUMENT, "length 0");
  CHECK(wf_pool(y, x, good, 0, 2, WF_POOL_MEAN) == WF_OK, "no sequences");
  CHECK(wf_normalize(y, x, 2, 0) == WF_ERROR_ARGUMENT, "width 0");
  for (int i = 0; i < 4; i++) CHECK(y[i] == 5.0f, "a refused call wrote value %d", i);
}

/* A NaN reaches the pooled vector whichever row holds it, by every pooling that reads that row. */
static void test_nan_is_passed_on(void) {
  const uint32_t three = 3;
  for (uint32_t row = 0; row < 3; row++) {
    for (uint32_t pooling = 0; pooling <= WF_POOL_WEIGHTED_MEAN; pooling++) {
      float x[3] = {1.0f, 2.0f, 3.0f}, y = 0.0f;
      int read = (pooling != WF_POOL_FIRST || row == 0) && (pooling != WF_POOL_LAST || row == 2);
      x[row] = NAN;
      CHECK(wf_pool(&y, x, &three, 1, 1, pooling) == WF_OK, "pooling %u", pooling);
      CHECK(!isnan(y) == !read, "NaN in row %u, pooling %u: %g", row, pooling, (double)y);
    }
  }
}

int main(void) {
  static const uint32_t widths[] = {1, 3, 4, 7, 61, 384};
  check_worst pooled = {.name = "pooling", .limit = 1e-5}, normalized = {.name = "normalize", .limit = 1e-6};
  for (uint32_t pooling = 0; pooling <= WF_POOL_WEIGHTED_MEAN; pooling++) {
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
      test_pooling(&pooled, (wf_pooling)pooling, widths[w]);
  }
  for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) test_normalize(&normalized, 5, widths[w]);
  test_wrong_arguments();
  test_nan_is_passed_on();
  check_report(&pooled);
  check_report(&normalized);
  return check_finish();
}
