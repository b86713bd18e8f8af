/* Sine, cosine, exponential, logarithm and power in double precision. Polynomials are minimax fits made for this file
 * on the reduced ranges that the comments state. Relies on -ffp-contract=off: the exact products and sums below are
 * exact only if nothing is fused. */
#include "trig.h"
#include <stdint.h>
#include <string.h>

/* A number as the sum of two doubles that do not overlap. */
typedef struct wf_two {
  double high, low;
} wf_two;

static wf_two exact_sum(double a, double b) { /* |a| >= |b| */
  const double sum = a + b;
  return (wf_two){sum, b - (sum - a)};
}

static wf_two exact_product(double a, double b) { /* by halves of 26 bits; factors below 2^970 */
  const double splitter = 134217729.0;
  const double pa = a * splitter, pb = b * splitter;
  const double ah = pa - (pa - a), bh = pb - (pb - b), al = a - ah, bl = b - bh;
  const double product = a * b;
  return (wf_two){product, ((ah * bh - product) + ah * bl + al * bh) + al * bl};
}

/* Adding and taking away 1.5 * 2^52 rounds to the nearest integer. */
static double nearest(double x) {
  const double magic = 6755399441055744.0;
  return (x + magic) - magic;
}

/* 2^n for -1022 <= n <= 1023. */
static double power_of_two(int32_t n) {
  const uint64_t bits = (uint64_t)(n + 1023) << 52;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* x - n pi/2 within [-pi/4, pi/4]. Up to 2^20 quarter turns the product of n and a 33-bit part of pi/2 is exact; beyond,
 * three parts of 53 bits are multiplied exactly. */
static double reduce(double x, int64_t *quarter) {
  const double quarters_per_radian = 0.63661977236758134308;
  double n = nearest(x * quarters_per_radian), r;
  if (__builtin_fabs(x) < 1.6e6) {
    r = ((x - n * 1.5707963267341256) - n * 6.077100506303966e-11) - n * 2.0222662487959506e-21;
  } else {
    const wf_two first = exact_product(n, 1.5707963267948966),
                 second = exact_product(n, 6.123233995736765e-17);
    r = ((((x - first.high) - first.low) - second.high) - second.low) - n * 1.082856673921914e-32;
    if (__builtin_fabs(r) > 0.78539816339744831) { /* n was the neighbour of the nearest */
      const double step = r > 0 ? 1 : -1;
      r = (r - step * 1.5707963267948966) - step * 6.123233995736765e-17;
      n += step;
    }
  }
  *quarter = (int64_t)n;
  return r;
}

/* sin on |r| <= pi/4: r + r^3 p(r^2). */
static double sin_small(double r) {
  const double t = r * r;
  double p = 1.591812854191804e-10;
  p = p * t - 2.505113185503832e-08;
  p = p * t + 2.7557316102723175e-06;
  p = p * t - 0.0001984126983675921;
  p = p * t + 0.00833333333333095;
  p = p * t - 0.16666666666666666;
  return r + r * t * p;
}

/* cos on |r| <= pi/4: 1 - r^2/2 + r^4 p(r^2). */
static double cos_small(double r) {
  const double t = r * r;
  double p = -1.1382631029830738e-11;
  p = p * t + 2.087614626041979e-09;
  p = p * t - 2.755731727175964e-07;
  p = p * t + 2.4801587298765916e-05;
  p = p * t - 0.0013888888888887398;
  p = p * t + 0.041666666666666664;
  return 1.0 - (0.5 * t - t * t * p);
}

void wf_sincos(double *sine, double *cosine, double x) {
  if (!(__builtin_fabs(x) <= 1125899906842624.0)) {
    *sine = *cosine = __builtin_nan("");
    return;
  }
  int64_t quarter;
  const double r = reduce(x, &quarter), s = sin_small(r), c = cos_small(r);
  const double along = quarter & 1 ? c : s, across = quarter & 1 ? s : c;
  *sine = quarter & 2 ? -along : along;
  *cosine = (quarter + 1) & 2 ? -across : across;
}

double wf_sin(double x) {
  double s, c;
  wf_sincos(&s, &c, x);
  return s;
}

double wf_cos(double x) {
  double s, c;
  wf_sincos(&s, &c, x);
  return c;
}

/* e^(high + low), |low| far below |high|: n ln 2 + r with |r| <= ln 2 / 2, e^r = 1 + r + r^2 p(r). */
static double exp_two(double high, double low) {
  if (!(high > -746)) return high != high ? high : 0;
  if (high > 709.8) return __builtin_inf();
  const double n = nearest(high * 1.4426950408889634);
  const wf_two r = exact_sum(high - n * 0.6931471805598903, low - n * 5.497923018708371e-14);
  const double t = r.high;
  double p = 2.09215915460621e-09;
  p = p * t + 2.5105217637423046e-08;
  p = p * t + 2.7557252910267314e-07;
  p = p * t + 2.755725539844268e-06;
  p = p * t + 2.4801587347336815e-05;
  p = p * t + 0.00019841269874822348;
  p = p * t + 0.0013888888888874402;
  p = p * t + 0.008333333333326134;
  p = p * t + 0.041666666666666685;
  p = p * t + 0.1666666666666667;
  p = p * t + 0.5;
  const wf_two sum = exact_sum(1.0, t);
  const double value = sum.high + (sum.low + (r.low + t * t * p));
  const int32_t half = (int32_t)n / 2; /* in two steps, for results beyond the exponents of one */
  return value * power_of_two(half) * power_of_two((int32_t)n - half);
}

/* ln x as two doubles, for finite x > 0: x = 2^k m with m in [sqrt(1/2), sqrt(2)), ln m = 2 artanh(s),
 * s = (m - 1) / (m + 1). */
static wf_two log_two(double x) {
  int32_t k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0; /* 2^54: out of the denormals */
    k = -54;
  }
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  k += (int32_t)(bits >> 52) - 1023;
  bits = (bits & UINT64_C(0xfffffffffffff)) | UINT64_C(0x3ff0000000000000);
  double m;
  memcpy(&m, &bits, sizeof m);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k++;
  }
  const double f = m - 1.0;
  const wf_two divisor = exact_sum(2.0, f);
  const double s = f / divisor.high;
  const wf_two back = exact_product(s, divisor.high);
  const double rest = (((f - back.high) - back.low) - s * divisor.low) / divisor.high; /* of the quotient s */
  const double t = s * s;
  double p = 0.14619105587932157;
  p = p * t + 0.15331497016741585;
  p = p * t + 0.1818289623141061;
  p = p * t + 0.2222221103142026;
  p = p * t + 0.28571428626653156;
  p = p * t + 0.39999999999897884;
  p = p * t + 0.666666666666667;
  /* k times the 42 bits of ln 2 is exact, and larger than 2 s unless k = 0. */
  const wf_two sum = exact_sum((double)k * 0.6931471805598903, 2.0 * s);
  return exact_sum(sum.high, sum.low + ((double)k * 5.497923018708371e-14 + (2.0 * rest + s * t * p)));
}

double wf_exp64(double x) { return exp_two(x, 0); }

double wf_log(double x) {
  if (!(x > 0)) return x == 0 ? -__builtin_inf() : __builtin_nan("");
  return x <= 1.7976931348623157e308 ? log_two(x).high : x;
}

double wf_pow(double base, double exponent) {
  if (!(base > 0) || !(base <= 1.7976931348623157e308) || exponent != exponent) return __builtin_nan("");
  if (__builtin_fabs(exponent) > 1e300) exponent = exponent < 0 ? -1e300 : 1e300;
  const wf_two logarithm = log_two(base);
  const wf_two product = exact_product(logarithm.high, exponent);
  if (!(__builtin_fabs(product.high) < 1e4)) return exp_two(product.high, 0);
  return exp_two(product.high, product.low + logarithm.low * exponent);
}
