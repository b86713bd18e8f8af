/* The matrix product in every tile against its twin in double precision: within K 2^-24 sum |ab|, the same bits in every
 * tile, for a row alone or among others, and nothing written beside the result. */
#include "check.h"
#include "kernels/kernels.h"
#include "reference/reference.h"

enum { GUARD = 3 };
static const double unit = 0x1p-24;

static uint32_t round_up(uint32_t n, uint32_t step) { return (n + step - 1) / step * step; }

/* A product of the largest size, its packed operands, and what it must be. */
typedef struct problem {
  uint32_t rows, columns, k;
  float *a, *b, *bias, *expected; /* expected: [rows][columns], of tile 0 */
  float *packed_a, *packed_b, *out;
} problem;

static problem make_problem(uint32_t rows, uint32_t columns, uint32_t k, int biased,
                            float (*value)(uint64_t *)) {
  uint64_t seed = 1 + k + (uint64_t)biased;
  problem p = {.rows = rows, .columns = columns, .k = k};
  p.a = check_floats((size_t)rows * k);
  p.b = check_floats((size_t)columns * k);
  p.bias = check_floats(columns);
  for (size_t i = 0; i < (size_t)rows * k; i++) p.a[i] = value(&seed);
  for (size_t i = 0; i < (size_t)columns * k; i++) p.b[i] = value(&seed);
  for (uint32_t j = 0; j < columns; j++) p.bias[j] = biased ? value(&seed) : 0.0f;
  p.expected = check_floats((size_t)rows * columns);
  p.packed_a = check_floats((size_t)(rows + WF_TILE_MAX_ROWS) * k);
  p.packed_b = check_floats((size_t)(columns + WF_TILE_MAX_COLUMNS) * (k + 1));
  p.out = check_floats((size_t)(rows + WF_TILE_MAX_ROWS) * (columns + WF_TILE_MAX_COLUMNS + GUARD));
  return p;
}

static void free_problem(problem *p) {
  float *all[] = {p->a, p->b, p->bias, p->expected, p->packed_a, p->packed_b, p->out};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/* Multiplies the first rows of A by the first columns of B, which is packed already; returns the stride of out. */
static uint32_t multiply(problem *p, const wf_tile *tile, uint32_t rows, uint32_t columns) {
  uint32_t row_panels = round_up(rows, tile->rows) / tile->rows;
  uint32_t column_panels = round_up(columns, tile->columns) / tile->columns;
  uint32_t stride = column_panels * tile->columns + GUARD;
  size_t count = (size_t)row_panels * tile->rows * stride;
  wf_reference_pack_rows(p->packed_a, p->a, rows, p->k, tile->rows);
  memset(p->out, 0xff, count * sizeof(float));
  tile->gemm(p->out, stride, p->packed_a, p->packed_b, p->k, row_panels, column_panels);
  return stride;
}

static void check_size(problem *p, uint32_t tile, uint32_t rows, uint32_t columns) {
  uint32_t stride = multiply(p, wf_tile_get(tile), rows, columns);
  int same = 1, kept = 1;
  for (uint32_t r = 0; r < rows; r++) {
    const float *line = p->out + (size_t)r * stride;
    same &= check_same(line, p->expected + (size_t)r * p->columns, columns);
    for (uint32_t g = stride - GUARD; g < stride; g++) kept &= isnan(line[g]) != 0;
  }
  CHECK(same, "other bits: tile %u, %u x %u x %u", tile, rows, columns, p->k);
  CHECK(kept, "wrote beside the result: tile %u, %u x %u x %u", tile, rows, columns, p->k);
}

/* Computes the expected bits in tile 0 and holds them to the twin. The bias counts as one more term. */
static void expect(problem *p, check_worst *worst, int biased) {
  size_t count = (size_t)p->rows * p->columns;
  double *a = check_widened(p->a, (size_t)p->rows * p->k), *want = check_doubles(count),
         *size = check_doubles(count);
  double terms = p->k + (double)biased;
  wf_reference_pack_weight(p->packed_b, p->b, p->bias, p->columns, p->k, wf_tile_get(0)->columns);
  uint32_t stride = multiply(p, wf_tile_get(0), p->rows, p->columns);
  wf_reference_linear(want, size, a, p->b, p->bias, p->rows, p->k, p->columns);
  for (uint32_t r = 0; r < p->rows; r++) {
    for (uint32_t j = 0; j < p->columns; j++) {
      float got = p->out[(size_t)r * stride + j];
      size_t i = (size_t)r * p->columns + j;
      p->expected[i] = got;
      CHECK_ERROR(worst, fabs((double)got - want[i]) / (terms * unit * size[i] + 1e-300),
                  "row %u column %u k %u", r, j, p->k);
    }
  }
  free(a);
  free(want);
  free(size);
}

static float near_one(uint64_t *seed) { return check_random(seed); }
static float wide(uint64_t *seed) { return ldexpf(check_random(seed), (int)check_index(seed, 24) - 12); }

static void test_every_row_and_column_count(check_worst *worst) {
  static const uint32_t lengths[] = {1, 2, 3, 7, 31, 64, 127, 257};
  for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
    int biased = l % 2 == 1;
    problem p = make_problem(33, 65, lengths[l], biased, near_one);
    expect(&p, worst, biased);
    for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
      for (uint32_t columns = 1; columns <= 65; columns++) {
        wf_reference_pack_weight(p.packed_b, p.b, p.bias, columns, p.k, wf_tile_get(tile)->columns);
        for (uint32_t rows = 1; rows <= 33; rows++) check_size(&p, tile, rows, columns);
      }
    }
    free_problem(&p);
  }
}

static void check_tile_edges(problem *p, uint32_t tile) {
  const wf_tile *t = wf_tile_get(tile);
  const uint32_t rows[] = {1, t->rows - 1, t->rows, t->rows + 1};
  const uint32_t columns[] = {1, t->columns - 1, t->columns, t->columns + 1};
  for (int j = 0; j < 4; j++) {
    wf_reference_pack_weight(p->packed_b, p->b, p->bias, columns[j], p->k, t->columns);
    for (int i = 0; i < 4; i++) check_size(p, tile, rows[i], columns[j]);
  }
}

static void test_every_inner_length(check_worst *worst) {
  for (uint32_t k = 1; k <= 257; k++) {
    int biased = k % 2 == 0;
    problem p =
        make_problem(WF_TILE_MAX_ROWS + 1, WF_TILE_MAX_COLUMNS + 1, k, biased, k % 3 ? near_one : wide);
    expect(&p, worst, biased);
    for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) check_tile_edges(&p, tile);
    free_problem(&p);
  }
}

static void test_long_primes(check_worst *worst) {
  static const uint32_t sizes[][3] = {{13, 61, 1021}, {1, 1, 4093}, {31, 17, 1531}, {7, 8, 16411}};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    problem p = make_problem(sizes[s][0], sizes[s][1], sizes[s][2], 1, wide);
    expect(&p, worst, 1);
    for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
      wf_reference_pack_weight(p.packed_b, p.b, p.bias, p.columns, p.k, wf_tile_get(tile)->columns);
      check_size(&p, tile, p.rows, p.columns);
    }
    free_problem(&p);
  }
}

/* A NaN, an infinity and a denormal in one row change no bit of the other rows. */
static void test_a_bad_row_stays_alone(void) {
  problem p = make_problem(9, 13, 37, 1, near_one);
  check_worst worst = {.name = "rows before one is bad, of K 2^-24 sum |ab|", .limit = 1.0};
  expect(&p, &worst, 1);
  check_report(&worst);
  p.a[4 * 37 + 5] = NAN;
  p.a[4 * 37 + 6] = INFINITY;
  p.a[4 * 37 + 7] = 1e-42f;
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    wf_reference_pack_weight(p.packed_b, p.b, p.bias, p.columns, p.k, wf_tile_get(tile)->columns);
    uint32_t stride = multiply(&p, wf_tile_get(tile), p.rows, p.columns);
    for (uint32_t r = 0; r < p.rows; r++) {
      const float *line = p.out + (size_t)r * stride;
      if (r == 4)
        CHECK(isnan(line[0]), "tile %u: NaN in row 4 did not pass", tile);
      else
        CHECK(check_same(line, p.expected + (size_t)r * p.columns, p.columns), "tile %u row %u", tile, r);
    }
  }
  free_problem(&p);
}

static void test_pack_rows(void) {
  static const uint32_t lengths[] = {1, 2, 7, 64};
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    uint32_t mr = wf_tile_get(tile)->rows;
    for (uint32_t count = 1; count <= mr; count++) {
      for (int l = 0; l < 4; l++) {
        uint64_t seed = 5;
        uint32_t n = lengths[l];
        float *x = check_randoms(&seed, (size_t)count * n, 1.0f);
        float *got = check_floats((size_t)n * mr), *want = check_floats((size_t)n * mr);
        const float *rows[WF_TILE_MAX_ROWS];
        for (uint32_t r = 0; r < count; r++) rows[r] = x + (size_t)r * n;
        wf_pack_rows(got, rows, count, n, mr);
        wf_reference_pack_rows(want, x, count, n, mr);
        CHECK(check_same(got, want, (size_t)n * mr), "tile %u, %u rows of %u", tile, count, n);
        free(x);
        free(got);
        free(want);
      }
    }
  }
}

int main(void) {
  check_worst sizes = {.name = "M 1..33, N 1..65, of K 2^-24 sum |ab|", .limit = 1.0};
  check_worst inner = {.name = "K 1..257, of K 2^-24 sum |ab|", .limit = 1.0};
  check_worst primes = {.name = "long primes, of K 2^-24 sum |ab|", .limit = 1.0};
  test_every_row_and_column_count(&sizes);
  test_every_inner_length(&inner);
  test_long_primes(&primes);
  test_a_bad_row_stays_alone();
  test_pack_rows();
  check_report(&sizes);
  check_report(&inner);
  check_report(&primes);
  return check_finish();
}
