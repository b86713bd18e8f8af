/* Activation functions of one value, by their definitions over libm. */
#include "reference.h"
#include <math.h>

double wf_reference_activate(double x, wf_activation activation) {
  switch (activation) {
  case WF_RELU:
    return x < 0.0 ? 0.0 : x;
  case WF_GELU:
    return 0.5 * x * erfc(-x * sqrt(0.5)); /* 1 + erf(z) = erfc(-z), which does not cancel */
  case WF_GELU_TANH:
    return x / (1.0 + exp(-2.0 * sqrt(2.0 / acos(-1.0)) * (x + 0.044715 * x * x * x)));
  case WF_QUICK_GELU:
    return x / (1.0 + exp(-1.702 * x));
  case WF_SILU:
    return x / (1.0 + exp(-x));
  case WF_TANH:
    return tanh(x);
  case WF_SIGMOID:
    return 1.0 / (1.0 + exp(-x));
  case WF_GELU_CLIPPED:
    return fmin(10.0, 0.5 * x * erfc(-x * sqrt(0.5)));
  case WF_LEAKY_RELU:
    return x < 0.0 ? 0.01 * x : x;
  case WF_RELU6:
    return fmin(6.0, fmax(0.0, x));
  case WF_RELU_SQUARED:
    return x < 0.0 ? 0.0 : x * x;
  case WF_HARD_SWISH:
    return x * fmin(6.0, fmax(0.0, x + 3.0)) / 6.0;
  case WF_MISH:
    return x * tanh(log1p(exp(x)));
  case WF_IDENTITY:
  case WF_ACTIVATION_COUNT:
    break;
  }
  return x;
}
