/* Activation functions over a row, in place. */
#include "f32_math.h"
#include "kernels.h"

#define WF_EACH(expression)             \
  for (uint32_t i = 0; i < n; i += 4) { \
    wf_f4 v = wf_load(x + i);           \
    wf_store(x + i, expression);        \
  }                                     \
  break

/* wf_gelu over n values, in pieces that stay in the first-level cache between its steps. */
static void gelu(float *x, uint32_t n) {
  enum { PIECE = 256 };
  float exponents[PIECE];
  for (uint32_t done = 0, count; done < n; done += count, x += count) {
    count = n - done < PIECE ? n - done : PIECE;
    for (uint32_t i = 0; i < count; i += 4) wf_store(exponents + i, wf_gelu_exponent(wf_load(x + i)));
    for (uint32_t i = 0; i < count; i += 4) wf_store(x + i, wf_gelu(wf_load(x + i), wf_load(exponents + i)));
  }
}

void wf_f32_activation(float *x, uint32_t n, wf_activation activation) {
  switch (activation) {
  case WF_RELU:
    WF_EACH(wf_larger(wf_splat(0.0f), v));
  case WF_GELU:
    gelu(x, n);
    break;
  case WF_GELU_TANH:
    WF_EACH(wf_gelu_tanh(v));
  case WF_QUICK_GELU:
    WF_EACH(wf_gated(v, 1.702f * v));
  case WF_SILU:
    WF_EACH(wf_gated(v, v));
  case WF_TANH:
    WF_EACH(wf_tanh(v));
  case WF_SIGMOID:
    WF_EACH(wf_sigmoid(v));
  case WF_GELU_CLIPPED:
    gelu(x, n);
    WF_EACH(wf_smaller(wf_splat(10.0f), v));
  case WF_LEAKY_RELU:
    WF_EACH(wf_larger(wf_splat(0.0f), v) + 0.01f * wf_smaller(wf_splat(0.0f), v));
  case WF_RELU6:
    WF_EACH(wf_relu6(v));
  case WF_RELU_SQUARED:
    WF_EACH(wf_larger(wf_splat(0.0f), v) * wf_larger(wf_splat(0.0f), v));
  case WF_HARD_SWISH:
    WF_EACH(wf_larger(wf_splat(-3.0f), v) * (wf_relu6(v + 3.0f) / 6.0f));
  case WF_MISH:
    WF_EACH(wf_mish(v));
  case WF_IDENTITY:
  default:
    break;
  }
}
