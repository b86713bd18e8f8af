/* Pooling of a sequence and L2 normalisation, against their twins in double precision. */
#include "check.h"
#include "layers/layers.h"
#include "reference/reference.h"

static void test_pooling(check_worst *worst, wf_pooling pooling, uint32_t length, uint32_t width,
                         uint32_t skip) {
  uint64_t seed = width + length;
  size_t count = (size_t)length * width;
  uint32_t token = length / 2;
  float *x = check_randoms(&seed, count, 3.0f), *got = check_floats(width);
  double *wide = check_widened(x, count), *want = check_doubles(width);
  double scale = pooling == WF_POOL_MEAN_SQRT ? sqrt(length) : 1.0;
  wf_pool(got, x, length, width, pooling, token, skip);
  wf_reference_pool(want, wide, length, width, pooling, token, skip);
  for (uint32_t i = 0; i < width; i++) {
    CHECK_ERROR(worst, fabs((double)got[i] - want[i]) / scale, "pooling %d width %u length %u skip %u",
                pooling, width, length, skip);
  }
  free(x);
  free(got);
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

static void test_a_width_of_0_is_refused(void) {
  float x[4] = {1.0f, 2.0f, 3.0f, 4.0f}, y[4] = {5.0f, 5.0f, 5.0f, 5.0f};
  CHECK(wf_normalize(y, x, 2, 0) == WF_ERROR_ARGUMENT, "width 0");
  CHECK(wf_normalize(y, x, 0, 2) == WF_OK, "no rows");
  for (int i = 0; i < 4; i++) CHECK(y[i] == 5.0f, "a refused call wrote value %d", i);
}

/* A NaN reaches the pooled vector whichever row holds it, by every pooling that reads that row. */
static void test_nan_is_passed_on(void) {
  for (uint32_t row = 0; row < 3; row++) {
    for (uint32_t pooling = 0; pooling <= WF_POOL_TOKEN; pooling++) {
      float x[3] = {1.0f, 2.0f, 3.0f}, y = 0.0f;
      int read = (pooling != WF_POOL_FIRST || row == 0) && (pooling != WF_POOL_LAST || row == 2) &&
                 (pooling != WF_POOL_TOKEN || row == 1);
      x[row] = NAN;
      wf_pool(&y, x, 3, 1, (wf_pooling)pooling, 1, 0);
      CHECK(!isnan(y) == !read, "NaN in row %u, pooling %u: %g", row, pooling, (double)y);
    }
  }
}

int main(void) {
  static const uint32_t widths[] = {1, 3, 4, 7, 61, 384}, lengths[] = {1, 2, 3, 7, 64, 511};
  check_worst pooled = {.name = "pooling", .limit = 1e-5}, normalized = {.name = "normalize", .limit = 1e-6};
  for (uint32_t pooling = 0; pooling <= WF_POOL_TOKEN; pooling++) {
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
      for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (uint32_t skip = 0; skip < lengths[l]; skip = skip * 3 + 1)
          test_pooling(&pooled, (wf_pooling)pooling, lengths[l], widths[w], skip);
    }
  }
  for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) test_normalize(&normalized, 5, widths[w]);
  test_a_width_of_0_is_refused();
  test_nan_is_passed_on();
  check_report(&pooled);
  check_report(&normalized);
  return check_finish();
}
