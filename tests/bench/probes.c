/* Loops that only multiply and add: what the processor at hand can do, in registers and fed from its first cache. Each call
 * takes some 50 microseconds. Not here: what is computed with it (peaks.js). */
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name), noinline))

/* As many sums as hide the latency of an addition and leave registers for the operands. */
enum { SUMS = 12, LINE = 4 };

static float operands[SUMS * LINE + 2 * LINE];

/* A loop of `count` rounds, each of which adds to every sum what `product` says of it. */
#define PROBE(name, product)                                                                 \
  EXPORT(name) int32_t name(uint32_t count) {                                                \
    const float *from = operands;                                                            \
    v128_t left = wasm_v128_load(from), right = wasm_v128_load(from + LINE), sums[SUMS];     \
    (void)right; /* the operand that comes from the cache stands in its place */             \
    for (int i = 0; i < SUMS; i++) sums[i] = wasm_v128_load(from + i * LINE);                \
    _Pragma("clang loop unroll(disable)") for (uint32_t round = 0; round < count; round++) { \
      __asm__("" : "+r"(from));                                                              \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < SUMS; i++) sums[i] = product;   \
    }                                                                                        \
    for (int i = 1; i < SUMS; i++) sums[0] = wasm_v128_xor(sums[0], sums[i]);                \
    return wasm_i32x4_extract_lane(sums[0], 0);                                              \
  }

PROBE(multiply_add, wasm_f32x4_relaxed_madd(left, right, sums[i]))
PROBE(multiply_add_from_cache, wasm_f32x4_relaxed_madd(left, wasm_v128_load(from + i * LINE), sums[i]))
PROBE(dot_products, wasm_i32x4_relaxed_dot_i8x16_i7x16_add(left, right, sums[i]))

EXPORT(fill) void fill(float value) {
  for (int i = 0; i < SUMS * LINE + 2 * LINE; i++) operands[i] = value;
}
