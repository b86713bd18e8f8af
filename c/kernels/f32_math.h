/* Exponential and activation functions on four lanes: the core's own, so that every engine gives the same bits.
 * Polynomials are minimax fits made for this file; errors are those that tests/native/test_math.c checks against
 * double precision. Not here: anything over more than one vector. */
#ifndef WF_F32_MATH_H
#define WF_F32_MATH_H

#include "simd.h"

/* Constants stand in a table, read with one load that also fills the lanes: engines build a vector constant anew in every
 * round of a loop, which takes three instructions. */
enum {
  WF_LOG2E,
  WF_LN2_HIGH,
  WF_LN2_LOW,
  WF_EXP_5,
  WF_EXP_4,
  WF_EXP_3,
  WF_EXP_2,
  WF_ONE,
  WF_MAGIC,
  WF_LOWEST,
  WF_HIGHEST,
  WF_HALF,
  WF_NINE,
  WF_GELU_10,
  WF_CONSTANTS = WF_GELU_10 + 11
};
extern const float wf_constants[WF_CONSTANTS];
extern const int32_t wf_exponent_bias;
WF_INLINE wf_f4 wf_constant(int index) { return wf_splat(wf_constants[index]); }

/* wf_exp_inside returns e^x within 2.5 ulp for -88 <= x <= 89; NaN stays NaN.
 * x = n ln 2 + r with |r| <= ln 2 / 2, e^r = 1 + r + r^2 p(r), the exponent gets n; the bits
 * of n = -127 and 128 are those of 0 and infinity. */
WF_INLINE wf_f4 wf_exp_inside(wf_f4 x) {
  const wf_f4 magic = wf_constant(WF_MAGIC); /* 1.5 * 2^23: adding it rounds to the nearest integer */
  wf_f4 shifted = x * wf_constant(WF_LOG2E) + magic;
  wf_f4 n = shifted - magic;
  wf_f4 r = wf_madd(n, wf_constant(WF_LN2_HIGH), x);
  r = wf_madd(n, wf_constant(WF_LN2_LOW), r);
  wf_f4 p = wf_madd(wf_constant(WF_EXP_5), r, wf_constant(WF_EXP_4));
  p = wf_madd(p, r, wf_constant(WF_EXP_3));
  p = wf_madd(p, r, wf_constant(WF_EXP_2));
  p = wf_madd(p, r, wf_constant(WF_ONE));
  p = wf_madd(p, r, wf_constant(WF_ONE));
  const wf_i4 bias = {wf_exponent_bias, wf_exponent_bias, wf_exponent_bias, wf_exponent_bias};
  return p * wf_bits_as_f4((wf_f4_as_bits(shifted) << 23) + bias);
}

/* wf_exp_below is the same for any x up to 89, exactly 0 from -88 down; wf_exp for any x, infinity from 89 up. */
WF_INLINE wf_f4 wf_exp_below(wf_f4 x) { return wf_exp_inside(wf_larger(wf_constant(WF_LOWEST), x)); }
WF_INLINE wf_f4 wf_exp(wf_f4 x) { return wf_exp_below(wf_smaller(wf_constant(WF_HIGHEST), x)); }

/* wf_gelu returns x (1 + erf(x / sqrt 2)) / 2 within 3e-7 absolutely, and within a few ulp for x > 0.
 * With z = |x| and erfc(z / sqrt 2) = e^(-z q(z)) it is max(x, 0) - z/2 e^(-z q(z)): one formula for both signs,
 * without the cancellation of 1 + erf. Beyond z = 9 the second term stays what it is there, 1e-18. In two steps, the
 * exponent -z q(z) and the rest: a loop over each alone has its constants in registers. */
WF_INLINE wf_f4 wf_gelu_exponent(wf_f4 x) {
  wf_f4 c = wf_smaller(wf_abs(x), wf_constant(WF_NINE));
  wf_f4 q = wf_constant(WF_GELU_10);
  _Pragma("clang loop unroll(full)") for (int i = 1; i <= 10; i++) q =
      wf_madd(q, c, wf_constant(WF_GELU_10 + i));
  return -(c * q);
}
WF_INLINE wf_f4 wf_gelu(wf_f4 x, wf_f4 exponent) {
  wf_f4 c = wf_smaller(wf_abs(x), wf_constant(WF_NINE));
  return wf_larger(wf_splat(0.0f), x) - wf_constant(WF_HALF) * c * wf_exp_inside(exponent);
}

/* wf_sigmoid returns 1 / (1 + e^-x). */
WF_INLINE wf_f4 wf_sigmoid(wf_f4 x) { return 1.0f / (1.0f + wf_exp(-x)); }

/* wf_gated returns x sigmoid(s) for s of x's sign: 0 where x is so negative that the sigmoid is, infinity included. */
WF_INLINE wf_f4 wf_gated(wf_f4 x, wf_f4 s) { return wf_larger(wf_splat(-1e4f), x) * wf_sigmoid(s); }

/* wf_gelu_tanh returns x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2, written as x sigmoid(2 ...). */
WF_INLINE wf_f4 wf_gelu_tanh(wf_f4 x) {
  wf_f4 inner = 1.5957691216057308f * wf_madd(x * x * x, wf_splat(0.044715f), x);
  return wf_gated(x, inner);
}

/* wf_tanh returns tanh(x) within 2e-7 absolutely. */
WF_INLINE wf_f4 wf_tanh(wf_f4 x) {
  wf_f4 e = wf_exp(-2.0f * wf_abs(x));
  return wf_copy_sign((1.0f - e) / (1.0f + e), x);
}

/* wf_relu6 returns x between 0 and 6. */
WF_INLINE wf_f4 wf_relu6(wf_f4 x) { return wf_smaller(wf_splat(6.0f), wf_larger(wf_splat(0.0f), x)); }

/* wf_mish returns x tanh(ln(1 + e^x)): with n = e^x (e^x + 2) it is x n / (n + 2), from 20 on x itself. */
WF_INLINE wf_f4 wf_mish(wf_f4 x) {
  wf_f4 e = wf_exp(wf_smaller(wf_splat(20.0f), x));
  wf_f4 n = e * (e + 2.0f);
  return wf_larger(wf_splat(-1e4f), x) * (n / (n + 2.0f));
}

#endif
