/* Tensors whose values every dtype holds exactly, and their bytes as they stand in files. */
#ifndef EXACT_H
#define EXACT_H

#include "check.h"
#include "wasmformer.h"

/* Bytes of a value in a file. */
static inline uint32_t size_of(uint32_t dtype) { return dtype == WF_F64 ? 8 : dtype == WF_F32 ? 4 : 2; }

/* The bytes of a tensor in a dtype; the values are such that the conversion to it is exact. */
static inline uint8_t *encode(const float *x, size_t count, wf_dtype dtype) {
  size_t size = size_of(dtype);
  uint8_t *data = check_alloc(count * size);
  for (size_t i = 0; i < count; i++) {
    uint32_t bits, half;
    memcpy(&bits, &x[i], 4);
    half = bits >> 16;
    if (dtype == WF_F16)
      half =
          (bits >> 16 & 0x8000u) | ((((bits >> 23 & 255u) - 112u) << 10 | (bits >> 13 & 0x3ffu)) & 0x7fffu);
    double wide = (double)x[i];
    if (dtype == WF_F64)
      memcpy(data + 8 * i, &wide, 8);
    else if (dtype == WF_F32)
      memcpy(data + 4 * i, &bits, 4);
    else
      memcpy(data + 2 * i, &half, 2); /* low half first, as everywhere that this runs */
  }
  return data;
}

/* Values of 8 significant bits between 1/2 and 2: exact in every dtype. */
static inline float *draw_exact(uint64_t *seed, size_t count) {
  float *x = check_floats(count);
  for (size_t i = 0; i < count; i++) {
    float size = ldexpf((float)(128 + check_index(seed, 128)), (int)check_index(seed, 2) - 8);
    x[i] = check_index(seed, 2) ? size : -size;
  }
  return x;
}

#endif
