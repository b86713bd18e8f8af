/* The size check of the encodings: a product of sizes is taken in 64 bits and compared before any memory is touched. */
#ifndef WF_ENCODINGS_SIZES_H
#define WF_ENCODINGS_SIZES_H

#include <stdbool.h>
#include <stdint.h>

/* wf_fits says whether a*b*c*d elements of four bytes lie within 32-bit memory. Every factor must be at least 1. */
static inline bool wf_fits(uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
  const uint64_t factors[4] = {a, b, c, d}, limit = UINT64_C(1) << 30;
  uint64_t product = 1;
  for (int i = 0; i < 4; i++) {
    if (factors[i] == 0 || factors[i] > limit) return false;
    product *= factors[i];
    if (product > limit) return false;
  }
  return true;
}

#endif
