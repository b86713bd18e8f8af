/* The inner product of the encodings, as dot.h says. Not inlined: it is called from many places. */
#include "dot.h"

double wf_dot(const float *a, const float *b, uint32_t n, size_t stride) {
  double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  uint32_t i = 0;
  for (; i + 4 <= n; i += 4, b += 4 * stride) {
    s0 += (double)a[i] * (double)b[0];
    s1 += (double)a[i + 1] * (double)b[stride];
    s2 += (double)a[i + 2] * (double)b[2 * stride];
    s3 += (double)a[i + 3] * (double)b[3 * stride];
  }
  for (; i < n; i++, b += stride) s0 += (double)a[i] * (double)b[0];
  return (s0 + s2) + (s1 + s3);
}
