/* The inner products of the encodings, as dot.h says. Not inlined: they are called from many places. */
#include "dot.h"

typedef double wf_d2 __attribute__((vector_size(16)));
typedef float wf_f2 __attribute__((vector_size(8), aligned(4), may_alias));

/* Two values in double. */
static inline wf_d2 two(const float *x) { return __builtin_convertvector(*(const wf_f2 *)x, wf_d2); }

double wf_dot(const float *a, const float *b, uint32_t n) {
  wf_d2 s0 = {0, 0}, s1 = {0, 0}, s2 = {0, 0}, s3 = {0, 0};
  uint32_t i = 0;
  for (; i + 8 <= n; i += 8) {
    s0 += two(a + i) * two(b + i);
    s1 += two(a + i + 2) * two(b + i + 2);
    s2 += two(a + i + 4) * two(b + i + 4);
    s3 += two(a + i + 6) * two(b + i + 6);
  }
  const wf_d2 sum = (s0 + s2) + (s1 + s3);
  double rest = 0;
  for (; i < n; i++) rest += (double)a[i] * (double)b[i];
  return sum[0] + sum[1] + rest;
}

double wf_dot_column(const float *a, const float *column, uint32_t n, size_t stride) {
  double sum = 0;
  for (uint32_t i = 0; i < n; i++) sum += (double)a[i] * (double)column[i * stride];
  return sum;
}
