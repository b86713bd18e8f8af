/* The exponential and the activation functions against libm in double precision, over samples of all floats. With an
 * argument the samples are denser: `test_math 1` takes every float, in a few minutes. */
#include "check.h"
#include "kernels/f32_math.h"
#include "kernels/kernels.h"
#include "reference/reference.h"

enum { BATCH = 1024 };

static float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/* The distance between floats around y: 2^-23 of the power of two below it, of a denormal 2^-149. */
static double ulp(double y) {
  int exponent;
  (void)frexp(y, &exponent);
  return ldexp(1.0, exponent < -125 ? -149 : exponent - 24);
}

static float exp_of(float x) { return wf_exp(wf_splat(x))[0]; }

static void check_exp(check_worst *worst, const float x[4]) {
  wf_f4 y = wf_exp(wf_load(x));
  for (int i = 0; i < 4; i++) {
    double want = exp((double)x[i]);
    CHECK_ERROR(worst, fabs((double)y[i] - want) / ulp(want), "x = %.9g", (double)x[i]);
  }
}

/* Every stride-th float from zero to the ends, and all floats near the ends and near the edges between powers of two. */
static void test_exp(uint32_t stride) {
  check_worst worst = {.name = "exp on [-87, 88], ulp", .limit = 2.5};
  const uint32_t top = bits_of(88.0f), bottom = bits_of(87.0f);
  for (uint32_t bits = 0; bits <= top - 3 * stride; bits += 4 * stride) {
    float x[4], negative[4];
    for (uint32_t i = 0; i < 4; i++) x[i] = float_of(bits + i * stride);
    for (int i = 0; i < 4; i++) negative[i] = -x[i] < -87.0f ? -87.0f : -x[i];
    check_exp(&worst, x);
    check_exp(&worst, negative);
  }
  for (uint32_t i = 0; i < 4000; i += 2) {
    float edges[4] = {float_of(top - i), float_of(top - i - 1), -float_of(bottom - i),
                      -float_of(bottom - i - 1)};
    check_exp(&worst, edges);
  }
  for (int n = -251; n <= 253; n++) {
    for (uint32_t i = 0; n && i < 64; i += 4) {
      uint32_t edge = bits_of((float)(n * log(2.0) / 2.0)) - 32 + i;
      float x[4] = {float_of(edge), float_of(edge + 1), float_of(edge + 2), float_of(edge + 3)};
      check_exp(&worst, x);
    }
  }
  check_report(&worst);
  CHECK(exp_of(0.0f) == 1.0f && exp_of(-0.0f) == 1.0f, "exp(0) = %.9g", (double)exp_of(0.0f));
  CHECK(isnan(exp_of(NAN)), "exp(NaN) = %g", (double)exp_of(NAN));
  CHECK(isinf(exp_of(INFINITY)) && isinf(exp_of(1e30f)) && isfinite(exp_of(88.0f)), "exp(inf) = %g",
        (double)exp_of(INFINITY));
  CHECK(exp_of(-INFINITY) == 0.0f && exp_of(-88.0f) == 0.0f, "exp(-inf) = %g", (double)exp_of(-INFINITY));
}

/* How an activation's error is counted, and its limit. */
typedef struct accuracy {
  wf_activation activation;
  const char *name;
  double absolute; /* of the error over max(1, |f(x)|) */
  double positive; /* in ulp, for x > 0; 0 where none is promised */
} accuracy;

static const accuracy accuracies[] = {
    {WF_RELU, "relu", 0.0, 0.0},
    {WF_GELU, "gelu", 3e-7, 4.0},
    {WF_GELU_TANH, "gelu_tanh", 3e-7, 4.0},
    {WF_QUICK_GELU, "quick_gelu", 3e-7, 4.0},
    {WF_SILU, "silu", 3e-7, 4.0},
    {WF_TANH, "tanh", 2e-7, 0.0},
    {WF_SIGMOID, "sigmoid", 2e-7, 4.0},
    {WF_GELU_CLIPPED, "gelu_10", 3e-7, 4.0},
    {WF_LEAKY_RELU, "leaky_relu", 2e-7, 0.5},
    {WF_RELU6, "relu6", 0.0, 0.0},
    {WF_RELU_SQUARED, "relu2", 1e-7, 0.5},
    {WF_HARD_SWISH, "hardswish", 3e-7, 4.0},
    {WF_MISH, "mish", 3e-7, 4.0},
};

static void check_activation(const accuracy *a, check_worst *absolute, check_worst *positive,
                             const float *x) {
  float y[BATCH];
  memcpy(y, x, sizeof y);
  wf_f32_activation(y, BATCH, a->activation);
  for (int i = 0; i < BATCH; i++) {
    double want = wf_reference_activate((double)x[i], a->activation), error = fabs((double)y[i] - want);
    if (want > 0x1p128 && isinf(y[i])) continue; /* relu2 leaves the range of floats */
    CHECK_ERROR(absolute, error / fmax(1.0, fabs(want)), "x = %.9g", (double)x[i]);
    if (x[i] > 0.0f && a->positive > 0.0) CHECK_ERROR(positive, error / ulp(want), "x = %.9g", (double)x[i]);
  }
}

/* All floats by strides, both signs, up to the largest; and densely where the functions bend. */
static void test_activation(const accuracy *a, uint32_t stride) {
  char name[2][64];
  (void)snprintf(name[0], sizeof name[0], "%s, over max(1, |y|)", a->name);
  (void)snprintf(name[1], sizeof name[1], "%s, x > 0, ulp", a->name);
  check_worst absolute = {.name = name[0], .limit = a->absolute},
              positive = {.name = name[1], .limit = a->positive};
  const uint32_t infinity = bits_of(INFINITY);
  float x[BATCH];
  int filled = 0;
  for (uint32_t bits = 0; bits < infinity;
       bits += bits >= bits_of(0x1p-12f) && bits < bits_of(128.0f) ? stride : 20 * stride) {
    x[filled++] = float_of(bits);
    x[filled++] = -float_of(bits);
    if (filled == BATCH) check_activation(a, &absolute, &positive, x);
    filled %= BATCH;
  }
  for (int i = 0; i < BATCH; i++) x[i] = (i % 2 ? -1.0f : 1.0f) * float_of(infinity - 1 - (uint32_t)i * 3);
  check_activation(a, &absolute, &positive, x);
  check_report(&absolute);
  if (a->positive > 0.0) check_report(&positive);
}

/* The limits at infinity and NaN, which every activation passes on. */
static void test_special_values(void) {
  static const struct {
    wf_activation activation;
    double at_infinity, at_minus_infinity;
  } limits[] = {
      {WF_IDENTITY, INFINITY, -INFINITY},
      {WF_RELU, INFINITY, 0.0},
      {WF_GELU, INFINITY, 0.0},
      {WF_GELU_TANH, INFINITY, 0.0},
      {WF_SILU, INFINITY, 0.0},
      {WF_QUICK_GELU, INFINITY, 0.0},
      {WF_TANH, 1.0, -1.0},
      {WF_SIGMOID, 1.0, 0.0},
      {WF_GELU_CLIPPED, 10.0, 0.0},
      {WF_LEAKY_RELU, INFINITY, -INFINITY},
      {WF_RELU6, 6.0, 0.0},
      {WF_RELU_SQUARED, INFINITY, 0.0},
      {WF_HARD_SWISH, INFINITY, 0.0},
      {WF_MISH, INFINITY, 0.0},
  };
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    float y[4] = {INFINITY, -INFINITY, NAN, 0.0f};
    wf_f32_activation(y, 4, limits[i].activation);
    double high = limits[i].at_infinity, low = limits[i].at_minus_infinity;
    CHECK((double)y[0] == high, "activation %d of inf: %g, not %g", limits[i].activation, (double)y[0], high);
    CHECK((double)y[1] == low || fabs((double)y[1] - low) < 1e-12, "activation %d of -inf: %g, not %g",
          limits[i].activation, (double)y[1], low);
    CHECK(isnan(y[2]), "activation %d of NaN: %g", limits[i].activation, (double)y[2]);
  }
}

/* A count that is no multiple of 4 changes no value behind the vector it ends in. */
static void test_rounds_up_to_vectors(void) {
  for (uint32_t n = 0; n <= 9; n++) {
    float x[16];
    for (int i = 0; i < 16; i++) x[i] = -1.0f;
    wf_f32_activation(x, n, WF_RELU);
    for (uint32_t i = 0; i < 16; i++)
      CHECK(x[i] == (i < (n + 3) / 4 * 4 ? 0.0f : -1.0f), "n %u, value %u", n, i);
  }
}

int main(int count, char **arguments) {
  long stride = count > 1 ? strtol(arguments[1], NULL, 10) : 0;
  test_exp(stride > 0 ? (uint32_t)stride : 61);
  for (size_t i = 0; i < sizeof accuracies / sizeof *accuracies; i++) {
    test_activation(&accuracies[i], stride > 0 ? (uint32_t)stride : 199);
  }
  test_special_values();
  test_rounds_up_to_vectors();
  return check_finish();
}
