/* The vector operations that the kernels are written in: four float32 lanes, as WebAssembly SIMD when built by
 * Emscripten (with a fused multiply-add in the relaxed build) and as clang vectors natively. Not a general library:
 * an operation is here when a kernel uses it. */
#ifndef WF_SIMD_H
#define WF_SIMD_H

#include <stdint.h>
#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

typedef float wf_f4 __attribute__((vector_size(16)));
typedef int32_t wf_i4 __attribute__((vector_size(16)));
typedef float wf_f4_unaligned __attribute__((vector_size(16), aligned(4), may_alias));

/* The compiler must not know what a pointer is, or it derives others from it in ways that take more instructions. */
#define WF_OPAQUE(pointer) __asm__("" : "+r"(pointer))
#define WF_INLINE          static inline __attribute__((always_inline))

WF_INLINE wf_f4 wf_load(const float *p) { return *(const wf_f4_unaligned *)p; }
WF_INLINE void wf_store(float *p, wf_f4 v) { *(wf_f4_unaligned *)p = v; }
typedef double wf_pair __attribute__((aligned(4), may_alias));
typedef double wf_pairs __attribute__((vector_size(16)));
/* wf_store_pair stores two lanes, the first two or the last two; wf_copy_pair copies two values. */
WF_INLINE void wf_store_pair(float *p, wf_f4 v, int half) { *(wf_pair *)p = ((wf_pairs)v)[half]; }
WF_INLINE void wf_copy_pair(float *to, const float *from) { *(wf_pair *)to = *(const wf_pair *)from; }
WF_INLINE wf_f4 wf_splat(float x) { return (wf_f4){x, x, x, x}; }
WF_INLINE wf_f4 wf_bits_as_f4(wf_i4 v) { return (wf_f4)v; }
WF_INLINE wf_i4 wf_f4_as_bits(wf_f4 v) { return (wf_i4)v; }

/* wf_madd returns a * b + c: rounded once in the relaxed build, twice elsewhere. */
#if defined(__wasm_relaxed_simd__)
#define WF_IS_RELAXED 1
WF_INLINE wf_f4 wf_madd(wf_f4 a, wf_f4 b, wf_f4 c) {
  return (wf_f4)wasm_f32x4_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
}
#else
#define WF_IS_RELAXED 0
WF_INLINE wf_f4 wf_madd(wf_f4 a, wf_f4 b, wf_f4 c) { return a * b + c; }
#endif

/* wf_select returns a where the mask's lane is all ones, b where it is zero. */
WF_INLINE wf_f4 wf_select(wf_i4 mask, wf_f4 a, wf_f4 b) {
  return (wf_f4)((mask & (wf_i4)a) | (~mask & (wf_i4)b));
}

/* wf_larger and wf_smaller return b where a is NaN: one instruction (pmax, pmin) on every engine. */
WF_INLINE wf_f4 wf_larger(wf_f4 a, wf_f4 b) {
#if defined(__wasm_simd128__)
  return (wf_f4)wasm_f32x4_pmax((v128_t)b, (v128_t)a);
#else
  return wf_select(b < a, a, b);
#endif
}
WF_INLINE wf_f4 wf_smaller(wf_f4 a, wf_f4 b) {
#if defined(__wasm_simd128__)
  return (wf_f4)wasm_f32x4_pmin((v128_t)b, (v128_t)a);
#else
  return wf_select(a < b, a, b);
#endif
}

WF_INLINE wf_f4 wf_abs(wf_f4 v) { return (wf_f4)((wf_i4)v & 0x7fffffff); }
WF_INLINE wf_f4 wf_copy_sign(wf_f4 size, wf_f4 sign) {
  return (wf_f4)(((wf_i4)size & 0x7fffffff) |
                 ((wf_i4)sign & (wf_i4){INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN}));
}
WF_INLINE wf_f4 wf_sqrt(wf_f4 v) {
#if defined(__wasm_simd128__)
  return (wf_f4)wasm_f32x4_sqrt((v128_t)v);
#else
  return __builtin_elementwise_sqrt(v);
#endif
}

/* wf_transpose turns the rows of a 4 x 4 block into its columns. */
WF_INLINE void wf_transpose(wf_f4 v[4]) {
  wf_f4 a = __builtin_shufflevector(v[0], v[1], 0, 4, 1, 5),
        b = __builtin_shufflevector(v[0], v[1], 2, 6, 3, 7);
  wf_f4 c = __builtin_shufflevector(v[2], v[3], 0, 4, 1, 5),
        d = __builtin_shufflevector(v[2], v[3], 2, 6, 3, 7);
  v[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  v[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  v[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  v[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

/* wf_sum adds the lanes in a fixed order, so that every build gives the same bits. */
WF_INLINE float wf_sum(wf_f4 v) { return (v[0] + v[2]) + (v[1] + v[3]); }

/* ---- Whole numbers: products of bytes, and of 16-bit numbers, summed in 32 bits */

typedef wf_i4 wf_i4_unaligned __attribute__((aligned(1), may_alias));
typedef int32_t wf_word __attribute__((aligned(1), may_alias));
typedef int8_t wf_eight_bytes __attribute__((vector_size(8)));
typedef int16_t wf_eight_words __attribute__((vector_size(16)));

WF_INLINE wf_i4 wf_load_bits(const void *p) { return *(const wf_i4_unaligned *)p; }
WF_INLINE void wf_store_bits(void *p, wf_i4 v) { *(wf_i4_unaligned *)p = v; }
/* wf_splat_word returns the same four bytes in each lane. */
WF_INLINE wf_i4 wf_splat_word(const void *p) {
  int32_t x = *(const wf_word *)p;
  return (wf_i4){x, x, x, x};
}
WF_INLINE wf_f4 wf_to_f4(wf_i4 v) { return __builtin_convertvector(v, wf_f4); }

/* wf_load_wide returns eight signed bytes as 16-bit numbers. */
WF_INLINE wf_i4 wf_load_wide(const int8_t *p) {
#if defined(__wasm_simd128__)
  return (wf_i4)wasm_i16x8_load8x8(p);
#else
  wf_eight_bytes bytes;
  __builtin_memcpy(&bytes, p, sizeof bytes);
  return (wf_i4) __builtin_convertvector(bytes, wf_eight_words);
#endif
}

/* wf_dot_words adds to each lane of c the products of its two 16-bit numbers in a and b. */
WF_INLINE wf_i4 wf_dot_words(wf_i4 a, wf_i4 b, wf_i4 c) {
#if defined(__wasm_simd128__)
  return (wf_i4)wasm_i32x4_dot_i16x8((v128_t)a, (v128_t)b) + c;
#else
  for (int i = 0; i < 4; i++) {
    c[i] += (int16_t)(a[i] & 0xffff) * (int16_t)(b[i] & 0xffff) + (a[i] >> 16) * (b[i] >> 16);
  }
  return c;
#endif
}

/* wf_dot_bytes adds to each lane of c the products of its four signed bytes in a and its four bytes in b, which count as the engine
 * has it: unsigned, signed, or so that sums overflow; see wf_int8_dtype. */
WF_INLINE wf_i4 wf_dot_bytes(wf_i4 a, wf_i4 b, wf_i4 c) {
#if defined(__wasm_relaxed_simd__)
  return (wf_i4)wasm_i32x4_relaxed_dot_i8x16_i7x16_add((v128_t)a, (v128_t)b, (v128_t)c);
#else
  for (int i = 0; i < 4; i++) {
    for (int shift = 0; shift < 32; shift += 8)
      c[i] += (int8_t)(a[i] >> shift & 0xff) * (int32_t)(uint8_t)(b[i] >> shift & 0xff);
  }
  return c;
#endif
}

#endif
