/* Stockham's transform with the radices 4, 2 and any prime, whose parts are plain sums: n log n for the lengths in use, n times
 * its largest prime at worst. */
#include "fft.h"

#include "../encodings/trig.h"

#include <stddef.h>

#define PI 3.14159265358979323846

void wf_roots(wf_complex *roots, uint32_t n) {
  for (uint32_t k = 0; k < n; k++) wf_sincos(&roots[k].im, &roots[k].re, -2 * PI * k / n);
}

static uint32_t radix_of(uint32_t n) {
  if (n % 4 == 0) return 4;
  uint32_t p = 2;
  while (n % p) p = p * p > n ? n : p + 1;
  return p;
}

static inline wf_complex times(wf_complex a, wf_complex b) {
  return (wf_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/* Output t of a transform of p entries `gap` apart, as are the p-th roots. */
static inline wf_complex part(const wf_complex *x, const wf_complex *roots, uint32_t p, uint32_t t,
                              size_t gap) {
  wf_complex sum = *x;
  for (uint32_t r = 1, at = t; r < p; r++, at += t) {
    if (at >= p) at -= p;
    const wf_complex term = times(x[r * gap], roots[at * gap]);
    sum.re += term.re, sum.im += term.im;
  }
  return sum;
}

/* One stage: transforms of n entries, `stride` of them side by side, become p times as many of n / p entries. */
static inline void stage(wf_complex *y, const wf_complex *x, const wf_complex *roots, uint32_t n, uint32_t p,
                         uint32_t stride) {
  const size_t m = n / p, gap = m * stride;
  for (size_t k = 0; k < m; k++)
    for (uint32_t t = 0; t < p; t++) {
      const wf_complex twist = roots[k * t * stride];
      wf_complex *out = y + stride * (p * k + t);
      for (size_t q = 0; q < stride; q++) out[q] = times(part(x + stride * k + q, roots, p, t, gap), twist);
    }
}

wf_complex *wf_fft(wf_complex *x, wf_complex *space, const wf_complex *roots, uint32_t n) {
  for (uint32_t left = n, stride = 1; left > 1;) {
    const uint32_t p = radix_of(left);
    stage(space, x, roots, left, p, stride);
    left /= p, stride *= p;
    wf_complex *done = space;
    space = x, x = done;
  }
  return x;
}
