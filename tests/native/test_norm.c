/* Layer norm and L2 norm of a row, and the layers over rows, against their twins in double precision. */
#include "check.h"
#include "layers/layers.h"
#include "reference/reference.h"

static const double unit = 0x1p-24;
static const uint32_t widths[] = {1,  2,  3,  4,  5,  7,   8,   9,   15,   16,   17,   31,   32,
                                  33, 61, 63, 64, 65, 127, 383, 384, 1021, 4099, 8192, 65536};
enum { WIDTHS = sizeof widths / sizeof *widths };

/* What rounding may do to a normalised value before its weight: sums of n / 4 values in a lane, whose terms are as large
 * as the largest value, then a few operations, all in units of the row's deviation. */
static double rounding(const float *x, uint32_t n, double epsilon) {
  double mean = 0.0, variance = 0.0, top = 0.0;
  for (uint32_t i = 0; i < n; i++) mean += (double)x[i] / n;
  for (uint32_t i = 0; i < n; i++) {
    variance += ((double)x[i] - mean) * ((double)x[i] - mean) / n;
    top = fmax(top, fabs((double)x[i]));
  }
  return unit * (n / 4.0 + 8.0) * top / sqrt(variance + epsilon);
}

typedef struct norm_case {
  float mean, spread, epsilon;
  int biased, in_place;
} norm_case;

static void check_layer_norm(check_worst *bound, check_worst *plain, const norm_case *c, uint32_t n) {
  uint64_t seed = n;
  float *x = check_randoms(&seed, n, c->spread), *y = c->in_place ? x : check_floats(n);
  float *weight = check_randoms(&seed, n, 2.0f), *bias = check_randoms(&seed, n, 1.0f);
  for (uint32_t i = 0; i < n; i++) x[i] += c->mean;
  double *want = check_widened(x, n), scale = rounding(x, n, (double)c->epsilon);
  const float *shift = c->biased ? bias : NULL;
  wf_reference_layer_norm(want, want, weight, shift, n, (double)c->epsilon);
  wf_f32_layer_norm(y, x, weight, shift, n, c->epsilon);
  for (uint32_t i = 0; i < n; i++) {
    double error = fabs((double)y[i] - want[i]);
    double limit = scale * fabs((double)weight[i]) + 2.0 * unit * (c->biased ? fabs((double)bias[i]) : 0.0);
    CHECK_ERROR(bound, error / (limit + 1e-300), "width %u mean %g value %u", n, (double)c->mean, i);
    if (c->mean == 0.0f && n <= 8192) CHECK_ERROR(plain, error, "width %u value %u", n, i);
  }
  if (!c->in_place) free(y);
  free(x);
  free(weight);
  free(bias);
  free(want);
}

static void test_layer_norm(void) {
  static const norm_case cases[] = {
      {0.0f, 1.0f, 1e-12f, 1, 0}, {0.0f, 1.0f, 1e-5f, 0, 1},    {0.0f, 1e4f, 1e-5f, 1, 1},
      {3.0f, 1.0f, 1e-5f, 1, 0},  {1000.0f, 1.0f, 1e-6f, 1, 0}, {0.0f, 1e-4f, 1e-12f, 1, 0},
      {1e4f, 1.0f, 1e-12f, 0, 0},
  };
  check_worst bound = {.name = "layer norm, of its rounding", .limit = 1.0};
  check_worst plain = {.name = "layer norm of mean 0, width <= 8192", .limit = 3e-6};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (int w = 0; w < WIDTHS; w++) check_layer_norm(&bound, &plain, &cases[i], widths[w]);
  }
  check_report(&bound);
  check_report(&plain);
}

/* A constant row has no deviation: it becomes the bias. A NaN makes the whole row NaN. */
static void test_layer_norm_of_special_rows(void) {
  for (uint32_t n = 1; n <= 9; n++) {
    float x[9], y[9], weight[9], bias[9];
    for (uint32_t i = 0; i < n; i++) x[i] = 4.0f, weight[i] = 2.0f, bias[i] = (float)i;
    wf_f32_layer_norm(y, x, weight, bias, n, 1e-5f);
    for (uint32_t i = 0; i < n; i++)
      CHECK(y[i] == bias[i], "constant row of %u, value %u: %g", n, i, (double)y[i]);
    x[n - 1] = NAN;
    wf_f32_layer_norm(y, x, weight, bias, n, 1e-5f);
    for (uint32_t i = 0; i < n; i++)
      CHECK(isnan(y[i]), "NaN in a row of %u, value %u: %g", n, i, (double)y[i]);
  }
}

static void test_l2_norm(void) {
  static const float scales[] = {1.0f, 1e-4f, 1e10f, 1e-14f};
  check_worst error = {.name = "L2 norm", .limit = 1e-6},
              length = {.name = "its length less 1", .limit = 1e-6};
  for (int s = 0; s < 4; s++) {
    for (int w = 0; w < WIDTHS - 1; w++) {
      uint64_t seed = 9 + (uint64_t)w;
      uint32_t n = widths[w];
      float *x = check_randoms(&seed, n, scales[s]), *y = s % 2 ? x : check_floats(n);
      double *want = check_widened(x, n), sum = 0.0;
      wf_reference_l2_norm(want, want, n);
      wf_f32_l2_norm(y, x, n);
      for (uint32_t i = 0; i < n; i++) {
        CHECK_ERROR(&error, fabs((double)y[i] - want[i]), "width %u scale %g", n, (double)scales[s]);
        sum += (double)y[i] * (double)y[i];
      }
      if (s < 3) CHECK_ERROR(&length, fabs(sqrt(sum) - 1.0), "width %u scale %g", n, (double)scales[s]);
      if (y != x) free(y);
      free(x);
      free(want);
    }
  }
  check_report(&error);
  check_report(&length);
}

/* A row of zeros stays; a NaN makes the whole row NaN, as in PyTorch, instead of large numbers. */
static void test_l2_norm_of_special_rows(void) {
  for (uint32_t n = 1; n <= 9; n++) {
    float x[9] = {0}, y[9];
    wf_f32_l2_norm(y, x, n);
    for (uint32_t i = 0; i < n; i++) CHECK(y[i] == 0.0f, "zeros of %u, value %u: %g", n, i, (double)y[i]);
    for (uint32_t i = 0; i < n; i++) x[i] = 1.0f;
    x[n / 2] = NAN;
    wf_f32_l2_norm(y, x, n);
    for (uint32_t i = 0; i < n; i++)
      CHECK(isnan(y[i]), "NaN in a row of %u, value %u: %g", n, i, (double)y[i]);
  }
}

/* wf_norm_rows and wf_pack give the bits of the kernel for each row, in the layout of panels. */
static void test_rows_and_panels(uint32_t tile, uint32_t rows, uint32_t width) {
  uint64_t seed = rows + width;
  size_t count = (size_t)rows * width;
  uint32_t mr = wf_tile_get(tile)->rows, padded = (rows + mr - 1) / mr * mr;
  float *x = check_randoms(&seed, count, 1.0f), *want = check_floats(count);
  float *got = check_floats((size_t)padded * width), *panels = check_floats((size_t)padded * width);
  float *weight = check_randoms(&seed, width, 1.0f), *bias = check_randoms(&seed, width, 1.0f);
  wf_norm norm = {.weight = weight, .bias = bias, .epsilon = 1e-5f};
  wf_workspace work = {.tile = wf_tile_get(tile), .lines = check_floats((size_t)mr * width)};
  for (uint32_t r = 0; r < rows; r++) {
    wf_f32_layer_norm(want + (size_t)r * width, x + (size_t)r * width, weight, bias, width, norm.epsilon);
  }
  wf_reference_pack_rows(panels, x, rows, width, mr);
  wf_pack(&work, got, x, NULL, NULL, rows, width);
  CHECK(check_same(got, panels, (size_t)padded * width), "packed: tile %u, %u rows of %u", tile, rows, width);
  wf_reference_pack_rows(panels, want, rows, width, mr);
  wf_pack(&work, got, x, &norm, NULL, rows, width);
  CHECK(check_same(got, panels, (size_t)padded * width), "normed, packed: tile %u, %u rows of %u", tile, rows,
        width);
  uint32_t *map = check_alloc(rows * sizeof(uint32_t));
  for (uint32_t r = 0; r < rows; r++) map[r] = r % 3 == 1 ? WF_NO_ROW : rows - 1 - r;
  float *mapped = check_floats(count);
  memset(mapped, 0, count * sizeof(float)); /* no row reads as zeros, which are not normed */
  for (uint32_t r = 0; r < rows; r++) {
    size_t bytes = map[r] == WF_NO_ROW ? 0 : width * sizeof(float);
    memcpy(mapped + (size_t)r * width, want + (size_t)(rows - 1 - r) * width, bytes);
  }
  wf_reference_pack_rows(panels, mapped, rows, width, mr);
  wf_pack(&work, got, x, &norm, map, rows, width);
  CHECK(check_same(got, panels, (size_t)padded * width), "mapped: tile %u, %u rows of %u", tile, rows, width);
  free(map);
  free(mapped);
  wf_norm_rows(x, &norm, rows, width);
  CHECK(check_same(x, want, count), "normed: tile %u, %u rows of %u", tile, rows, width);
  float *all[] = {x, want, got, panels, weight, bias, work.lines};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

int main(void) {
  test_layer_norm();
  test_layer_norm_of_special_rows();
  test_l2_norm();
  test_l2_norm_of_special_rows();
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    for (uint32_t rows = 1; rows <= 13; rows++) {
      for (int w = 0; w < 18; w++) test_rows_and_panels(tile, rows, widths[w]);
    }
  }
  return check_finish();
}
