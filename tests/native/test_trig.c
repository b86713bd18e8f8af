/* The double-precision functions of the encodings against the C library in extended precision, and the tables made of
 * them against direct evaluation. */
#include "check.h"
#include "encodings/trig.h"
#include "wasmformer.h"

/* The distance from y to the next double. */
static double ulp(long double y) {
  const double size = fabs((double)y);
  return nextafter(size, INFINITY) - size;
}

/* A number in [-1, 1) of 48 random bits. */
static double random_double(uint64_t *seed) {
  return (double)check_random(seed) + (double)check_random(seed) * 0x1p-24;
}

static void check_angle(check_worst *worst, double x) {
  double s, c;
  wf_sincos(&s, &c, x);
  CHECK_ERROR(worst, fabs((double)((long double)s - sinl((long double)x))), "sin %.17g", x);
  CHECK_ERROR(worst, fabs((double)((long double)c - cosl((long double)x))), "cos %.17g", x);
  CHECK(wf_sin(x) == s && wf_cos(x) == c, "sin and cos of %.17g alone", x);
}

/* Extended precision itself is off by |x| 2^-64 or so, which limits the comparison to moderate angles. */
static void test_sincos(uint64_t *seed) {
  check_worst near = {.name = "sin, cos, |x| <= 1e6", .limit = 5e-16};
  check_worst far = {.name = "sin, cos, |x| <= 2^40", .limit = 5e-16};
  const double spans[] = {1, 100, 1e4, 1e6};
  for (int i = 0; i < 100000; i++) check_angle(&near, random_double(seed) * spans[i % 4]);
  for (int n = 1; n < 20000; n++)
    check_angle(&near, (double)(n * 1.57079632679489661923L)); /* where sin or cos is 0 */
  for (int i = 0; i < 50000; i++) check_angle(&far, random_double(seed) * ldexp(1, 20 + i % 21));
  check_report(&near);
  check_report(&far);
  double s, c;
  wf_sincos(&s, &c, 0);
  CHECK(s == 0 && c == 1, "at 0: %g, %g", s, c);
  const double beyond[] = {INFINITY, -INFINITY, NAN, 0x1p51};
  for (int i = 0; i < 4; i++)
    CHECK(isnan(wf_sin(beyond[i])) && isnan(wf_cos(beyond[i])), "sin and cos of %g", beyond[i]);
}

static void test_exp_log(uint64_t *seed) {
  check_worst e = {.name = "exp, ulp", .limit = 1}, l = {.name = "log, ulp", .limit = 1};
  for (int i = 0; i < 100000; i++) {
    const double x = random_double(seed) * (i % 2 ? 700 : 2), y = exp(x);
    CHECK_ERROR(&e, (double)fabsl(wf_exp64(x) - expl(x)) / ulp(expl(x)), "x = %.17g", x);
    CHECK_ERROR(&l, (double)fabsl(wf_log(y) - logl(y)) / ulp(logl(y)), "x = %.17g", y);
  }
  check_report(&e);
  check_report(&l);
  CHECK(wf_exp64(-INFINITY) == 0 && wf_exp64(-1000) == 0 && wf_exp64(0) == 1, "exp of small numbers");
  CHECK(isinf(wf_exp64(710)) && isinf(wf_exp64(INFINITY)) && isnan(wf_exp64(NAN)), "exp of large numbers");
  CHECK(wf_log(1) == 0 && wf_log(0) == -INFINITY && isinf(wf_log(INFINITY)), "log of 1, 0 and infinity");
  CHECK(isnan(wf_log(-1)) && isnan(wf_log(NAN)), "log of what has none");
  CHECK(fabs(wf_log(0x1p-1074) + 744.4400719213812) < 1e-12, "log of the least denormal");
}

static void test_pow(uint64_t *seed) {
  check_worst worst = {.name = "pow, ulp", .limit = 2};
  for (int i = 0; i < 100000; i++) {
    const double base = exp(random_double(seed) * 14), exponent = random_double(seed) * (i % 2 ? 30 : 2);
    const long double want = powl(base, exponent);
    CHECK_ERROR(&worst, (double)fabsl(wf_pow(base, exponent) - want) / ulp(want), "%.17g ^ %.17g", base,
                exponent);
  }
  check_report(&worst);
  CHECK(wf_pow(10000, 0) == 1 && wf_pow(10000, -0.0) == 1 && wf_pow(1, 1e300) == 1, "powers that are 1");
  CHECK(wf_pow(2, -10) == 0x1p-10 && wf_pow(2, 1000) == 0x1p1000, "powers of two");
  CHECK(isinf(wf_pow(2, INFINITY)) && wf_pow(2, -INFINITY) == 0, "infinite exponents");
  CHECK(isnan(wf_pow(0, 1)) && isnan(wf_pow(-1, 2)) && isnan(wf_pow(2, NAN)), "powers that have no value");
}

typedef struct example {
  uint32_t pairs, width, layout, rows;
  double start, step;
} example;

/* The column of a pair's sine (0) or cosine (1). */
static uint32_t column_of(const example *e, uint32_t pair, uint32_t function) {
  const uint32_t second = e->layout & WF_SINCOS_COSINE_FIRST ? 1 - function : function;
  return e->layout & WF_SINCOS_HALVES ? second * e->pairs + pair : 2 * pair + second;
}

/* A table by direct evaluation, in memory of exactly its size. */
static float *direct_table(const example *e, const double *w) {
  float *out = check_floats((size_t)e->rows * e->width);
  for (uint32_t row = 0; row < e->rows; row++) {
    float *at = out + (size_t)row * e->width;
    for (uint32_t column = 0; column < e->width; column++) at[column] = 0;
    for (uint32_t k = 0; k < e->pairs; k++) {
      const long double angle = (long double)((e->start + row * e->step) * w[k]);
      const uint32_t sine = column_of(e, k, 0), cosine = column_of(e, k, 1);
      if (sine < e->width) at[sine] = (float)sinl(angle);
      if (cosine < e->width) at[cosine] = (float)cosl(angle);
    }
  }
  return out;
}

static float *grid_table(const example *e, const double *w, uint32_t at_once) {
  float *out = check_floats((size_t)e->rows * e->width);
  wf_sincos_state *state = check_alloc(wf_sincos_space(e->pairs, e->width));
  uint32_t status = wf_sincos_begin(state, w, e->pairs, e->width, e->layout, e->start, e->step);
  for (uint32_t row = 0; row < e->rows && status == WF_OK; row += at_once) {
    const uint32_t rows = e->rows - row < at_once ? e->rows - row : at_once;
    status = wf_sincos_next(out + (size_t)row * e->width, state, rows);
  }
  CHECK(status == WF_OK, "status %u", status);
  free(state);
  return out;
}

/* Every width around the kernel's groups, both layouts and orders, and splits into several calls. */
static void test_grid(uint64_t *seed) {
  check_worst worst = {.name = "tables on a grid, in spacings of float32", .limit = 1.0001};
  const uint32_t rows[] = {1, 7, 8, 9, 64, 521, 1031};
  for (uint32_t i = 0; i < 1000; i++) {
    example e = {.pairs = 1 + check_index(seed, 9), .layout = i % 4, .rows = rows[i % 7]};
    e.width = 2 * e.pairs + check_index(seed, 3) - 1;
    e.start = i % 3 ? (double)check_index(seed, 50000) - 25000 : 0;
    e.step = i % 5 ? 1 : 0.37;
    double *w = check_doubles(e.pairs);
    CHECK(wf_frequencies(w, e.pairs, 10000, (double)e.pairs) == WF_OK, "frequencies");
    float *want = direct_table(&e, w), *all = grid_table(&e, w, 8 * (1 + e.rows / 8)),
          *some = grid_table(&e, w, 16);
    const size_t count = (size_t)e.rows * e.width;
    CHECK(check_same(all, some, count), "%u rows of %u pairs differ when split", e.rows, e.pairs);
    for (size_t at = 0; at < count; at++) {
      const double spacing = fmax((double)(nextafterf(fabsf(want[at]), INFINITY) - fabsf(want[at])), 1e-10);
      CHECK_ERROR(&worst, fabs((double)all[at] - (double)want[at]) / spacing, "element %zu, layout %u", at,
                  e.layout);
    }
    free(w), free(want), free(all), free(some);
  }
  check_report(&worst);
}

static void test_errors(void) {
  double w[2];
  float out[4];
  wf_sincos_state *state = check_alloc(wf_sincos_space(2, 4));
  CHECK(wf_frequencies(w, 2, 0, 2) == WF_ERROR_ARGUMENT &&
            wf_frequencies(NULL, 2, 10, 2) == WF_ERROR_ARGUMENT,
        "frequencies of a base of 0");
  CHECK(wf_frequencies(w, 0, 10, 2) == WF_ERROR_SHAPE, "no frequencies");
  CHECK(wf_frequencies(w, 2, 10, 2) == WF_OK && isnan((wf_frequencies(w, 1, 10, 0), w[0])), "a divisor of 0");
  CHECK(wf_sincos_begin(state, w, 2, 2, 0, 0, 1) == WF_ERROR_SHAPE, "too few columns");
  CHECK(wf_sincos_begin(state, w, 2, 4, 4, 0, 1) == WF_ERROR_ARGUMENT, "an unknown layout");
  CHECK(wf_sincos_space(UINT32_MAX, 4) == 0 && wf_sincos_space(2, UINT32_MAX) == 0, "space for too much");
  CHECK(wf_sincos_begin(state, w, 2, 4, 0, 0, 1) == WF_OK, "a table of two pairs");
  CHECK(wf_sincos_next(out, state, 0) == WF_ERROR_SHAPE &&
            wf_sincos_next(NULL, state, 1) == WF_ERROR_ARGUMENT,
        "no rows");
  CHECK(wf_sincos_next(out, state, 1) == WF_OK, "the first row");
  CHECK(wf_sincos_next(out, state, 1) == WF_ERROR_STATE, "rows after the end");
  free(state);
}

int main(void) {
  uint64_t seed = 20240907;
  test_sincos(&seed);
  test_exp_log(&seed);
  test_pow(&seed);
  test_grid(&seed);
  test_errors();
  return check_finish();
}
