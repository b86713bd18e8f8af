/* Pooling of one sequence, a column at a time. */
#include "reference.h"
#include <math.h>

static double pool_column(const double *x, uint32_t length, uint32_t width, wf_pooling pooling,
                          uint32_t token, uint32_t skip) {
  double sum = 0.0, weighted = 0.0, weights = 0.0, top = x[(size_t)skip * width], n = length - skip;
  for (uint32_t t = skip; t < length; t++) {
    double value = x[(size_t)t * width];
    sum += value;
    weighted += value * (t + 1);
    weights += t + 1;
    top = fmax(top, value);
  }
  switch (pooling) {
  case WF_POOL_MEAN:
    return sum / n;
  case WF_POOL_MAX:
    return top;
  case WF_POOL_MEAN_SQRT:
    return sum / sqrt(n);
  case WF_POOL_LAST:
    return x[(size_t)(length - 1) * width];
  case WF_POOL_WEIGHTED_MEAN:
    return weighted / weights;
  case WF_POOL_TOKEN:
    return x[(size_t)token * width];
  case WF_POOL_ATTENTION: /* not here: it has weights */
  case WF_POOL_FIRST:
    break;
  }
  return x[(size_t)skip * width];
}

void wf_reference_pool(double *out, const double *x, uint32_t length, uint32_t width, wf_pooling pooling,
                       uint32_t token, uint32_t skip) {
  for (uint32_t i = 0; i < width; i++) out[i] = pool_column(x + i, length, width, pooling, token, skip);
}
