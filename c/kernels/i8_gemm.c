/* The products of whole numbers, in each form and for panels of each number of rows; see i8_gemm.h. */
#include "i8_gemm.h"
#include "../wasmformer.h"
#include "kernels.h"

WF_I8_GEMM_TILE(words_6, 6, 6, 2, 8, wf_load_wide, wf_dot_words)
WF_I8_GEMM_TILE(words_6_tail, 6, 4, 2, 8, wf_load_wide, wf_dot_words)
WF_I8_GEMM_TILE(words_5, 5, 5, 2, 8, wf_load_wide, wf_dot_words)
WF_I8_GEMM_TILE(words_4, 4, 4, 2, 8, wf_load_wide, wf_dot_words)
WF_I8_GEMM_TILE(words_3, 3, 3, 3, 8, wf_load_wide, wf_dot_words)

/* The base build has no products of bytes. */
#if WF_IS_RELAXED || !defined(__wasm_simd128__)
#define WF_HAS_BYTES 1
WF_I8_GEMM_TILE(bytes_6, 6, 6, 2, 16, wf_load_bits, wf_dot_bytes)
WF_I8_GEMM_TILE(bytes_6_tail, 6, 4, 2, 16, wf_load_bits, wf_dot_bytes)
WF_I8_GEMM_TILE(bytes_5, 5, 5, 2, 16, wf_load_bits, wf_dot_bytes)
WF_I8_GEMM_TILE(bytes_4, 4, 4, 2, 16, wf_load_bits, wf_dot_bytes)
WF_I8_GEMM_TILE(bytes_3, 3, 3, 3, 16, wf_load_bits, wf_dot_bytes)
#else
#define WF_HAS_BYTES 0
#endif

wf_i8_gemm_fn *wf_i8_gemm(wf_i8_form form, uint32_t rows, int tail) {
  static wf_i8_gemm_fn *const words[] = {words_3, words_4, words_5, words_6, words_6_tail};
#if WF_HAS_BYTES
  static wf_i8_gemm_fn *const bytes[] = {bytes_3, bytes_4, bytes_5, bytes_6, bytes_6_tail};
  if (form != WF_I8_WORDS) return bytes[rows - 3 + (tail ? 1 : 0)];
#else
  (void)form;
#endif
  return words[rows - 3 + (tail ? 1 : 0)];
}

/* Asks for sums of the largest numbers, which engines without an instruction for it let overflow. */
uint32_t wf_int8_dtype(void) {
#if WF_HAS_BYTES
  int8_t weights[16];
  uint8_t rows[4] = {255, 255, 255, 200};
  int32_t sums[8] = {0};
  for (uint32_t i = 0; i < 16; i++) weights[i] = i < 8 ? 127 : -127;
  __asm__("" : : "r"(weights), "r"(rows) : "memory");
  wf_store_bits(sums, wf_dot_bytes(wf_load_bits(weights), wf_splat_word(rows), (wf_i4){0, 0, 0, 0}));
  const int32_t as_unsigned = 127 * (3 * 255 + 200), as_signed = 127 * (3 * -1 - 56);
  if (sums[0] == as_unsigned && sums[3] == -as_unsigned) return WF_INT8_UNSIGNED;
  if (sums[0] == as_signed && sums[3] == -as_signed) return WF_INT8_SIGNED;
#endif
  return WF_INT8_WORDS;
}
