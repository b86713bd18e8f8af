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

/* What packing is tried on: rows, and what they become when normed. */
typedef struct rows_case {
  uint32_t rows, width, padded;
  float *x, *want; /* [rows, width] */
  wf_norm norm;
  wf_linear reader;
  wf_workspace work;
} rows_case;

static rows_case make_rows(uint32_t tile, uint32_t rows, uint32_t width) {
  uint64_t seed = rows + width;
  size_t count = (size_t)rows * width;
  uint32_t mr = wf_tile_get(tile)->rows;
  rows_case c = {.rows = rows, .width = width, .padded = (rows + mr - 1) / mr * mr};
  c.x = check_randoms(&seed, count, 1.0f);
  c.want = check_floats(count);
  c.norm = (wf_norm){.width = width, .epsilon = 1e-5f};
  c.norm.weight = check_randoms(&seed, width, 1.0f);
  c.norm.bias = check_randoms(&seed, width, 1.0f);
  c.reader = wf_linear_make(wf_tile_get(tile), width, 1, 0, WF_F32);
  c.work = (wf_workspace){.tile = wf_tile_get(tile), .lines = check_floats((size_t)mr * width)};
  for (size_t at = 0; at < count; at += width)
    wf_f32_layer_norm(c.want + at, c.x + at, c.norm.weight, c.norm.bias, width, c.norm.epsilon);
  return c;
}

static void free_rows(rows_case *c) {
  float *all[] = {c->x, c->want, c->norm.weight, c->norm.bias, c->work.lines};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/* Packs at once, and panel by panel from the last on: both must give the panels of the rows `want`. */
static void check_packed(const rows_case *c, const wf_norm *norm, const uint32_t *map, const float *want,
                         const char *what) {
  const wf_tile *tile = c->work.tile;
  size_t count = (size_t)c->padded * c->width;
  float *panels = check_floats(count), *got = check_floats(count), *parts = check_floats(count);
  uint32_t all = wf_row_panels(tile, c->rows);
  wf_reference_pack_rows(panels, want, c->rows, c->width, tile->rows);
  wf_pack(&c->work, got, c->x, norm, map, &c->reader, c->rows, 0, all);
  CHECK(check_same(got, panels, count), "%s: %u rows in a tile, %u rows of %u", what, tile->rows, c->rows,
        c->width);
  for (uint32_t panel = all; panel-- > 0;) {
    wf_pack(&c->work, parts, c->x, norm, map, &c->reader, c->rows, panel, panel + 1);
    size_t before = (size_t)panel * tile->rows * c->width;
    CHECK(panel == 0 || isnan(parts[before - 1]), "%s: panel %u wrote before itself", what, panel);
  }
  CHECK(check_same(parts, panels, count), "%s by panels: %u rows in a tile, %u rows of %u", what, tile->rows,
        c->rows, c->width);
  free(panels);
  free(got);
  free(parts);
}

/* wf_pack gives the bits of the kernel for each row, in the layout of panels; wf_norm_rows those of the kernel in place. */
static void test_rows_and_panels(uint32_t tile, uint32_t rows, uint32_t width) {
  rows_case c = make_rows(tile, rows, width);
  size_t count = (size_t)rows * width;
  const wf_norm none = {0};
  check_packed(&c, NULL, NULL, c.x, "packed");
  check_packed(&c, &none, NULL, c.x, "packed without a norm");
  check_packed(&c, &c.norm, NULL, c.want, "normed, packed");
  uint32_t *map = check_alloc(rows * sizeof(uint32_t));
  float *mapped = check_floats(count), *some = memcpy(check_floats(count), c.x, count * sizeof(float));
  memset(mapped, 0, count * sizeof(float)); /* no row reads as zeros, which are not normed */
  for (uint32_t r = 0; r < rows; r++) {
    map[r] = r % 3 == 1 ? WF_NO_ROW : rows - 1 - r;
    size_t bytes = map[r] == WF_NO_ROW ? 0 : width * sizeof(float), from = (size_t)(rows - 1 - r) * width;
    memcpy(mapped + (size_t)r * width, c.want + from, bytes);
  }
  check_packed(&c, &c.norm, map, mapped, "mapped");
  wf_norm_rows(some, &c.norm, map, rows / 2, rows);
  for (uint32_t r = 0; r < rows; r++) {
    size_t at = (size_t)(rows - 1 - r) * width;
    const float *want = r >= rows / 2 && map[r] != WF_NO_ROW ? c.want : c.x;
    CHECK(check_same(some + at, want + at, width), "normed by a map: row %u of %u", rows - 1 - r, rows);
  }
  wf_norm_rows(c.x, &c.norm, NULL, 0, rows / 2);
  CHECK(rows < 2 || check_same(c.x, c.want, rows / 2 * (size_t)width), "normed: the first half of %u", rows);
  wf_norm_rows(c.x, &c.norm, NULL, rows / 2, rows);
  CHECK(check_same(c.x, c.want, count), "normed: tile %u, %u rows of %u", tile, rows, width);
  free(map);
  free(mapped);
  free(some);
  free_rows(&c);
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
