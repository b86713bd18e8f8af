/* Rows in panels become whole numbers of 8 bits: x is about scale * (q - zero), q from 0 to 255, each row by its own scale. */
#include "kernels.h"
#include <assert.h>

/* Added to a number from -2^21 to 2^21 it leaves the nearest whole one in the low bits. */
#define WF_I8_MAGIC 12582912.0f
/* Lanes of a row of a panel as two vectors that may overlap. */
enum { HALVES = 2 };

/* Sums and differences of runs that stand side by side: a step of the fast transform. */
static void butterfly(float *low, float *high, size_t count) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    wf_f4 a = wf_load(low + i), b = wf_load(high + i);
    wf_store(low + i, a + b);
    wf_store(high + i, a - b);
  }
  for (; i < count; i++) {
    float a = low[i], b = high[i];
    low[i] = a + b;
    high[i] = a - b;
  }
}

void wf_i8_turn(float *x, uint32_t inputs, uint32_t rows) {
  const uint32_t block = wf_i8_block(inputs);
  for (uint32_t first = 0; first < inputs; first += block) {
    float *at = x + (size_t)first * rows;
    for (uint32_t half = 1; half < block; half *= 2) {
      const size_t run = (size_t)half * rows;
      for (size_t i = 0; i < (size_t)block * rows; i += 2 * run) butterfly(at + i, at + i + run, run);
    }
  }
}

/* Least and largest of each row, and 0 times each value: no number if any value is none, or without end. */
static void range(wf_f4 low[HALVES], wf_f4 high[HALVES], wf_f4 odd[HALVES], const float *panel,
                  uint32_t inputs, uint32_t rows, uint32_t second) {
  for (int h = 0; h < HALVES; h++) low[h] = high[h] = odd[h] = wf_splat(0.0f);
  for (uint32_t k = 0; k < inputs; k++, panel += rows) {
    for (int h = 0; h < HALVES; h++) {
      wf_f4 x = wf_load(panel + (h ? second : 0));
      low[h] = wf_smaller(x, low[h]);
      high[h] = wf_larger(x, high[h]);
      odd[h] += x * 0.0f;
    }
  }
}

void wf_i8_quantise(float *panel, wf_i8_form form, uint32_t inputs, uint32_t rows) {
  const uint32_t second = rows > 4 ? rows - 4 : 0, depth = wf_i8_depth(form), bits = 32 / depth;
  const uint32_t groups = wf_i8_groups(form, inputs);
  const wf_i4 flip = form == WF_I8_SIGNED ? (wf_i4){0} - 0x7f7f7f80 : (wf_i4){0};
  uint8_t *out = (uint8_t *)panel;
  wf_f4 low[HALVES], high[HALVES], odd[HALVES], inverse[HALVES], start[HALVES];
  float scales[HALVES][4], zeros[HALVES][4];
  assert(inputs >= WF_I8_LEAST_INPUTS);
  wf_i8_turn(panel, inputs, rows);
  range(low, high, odd, panel, inputs, rows, second);
  for (int h = 0; h < HALVES; h++) {
    wf_f4 scale = (high[h] - low[h]) * (1.0f / 255.0f);
    wf_i4 some = scale > 1e-30f;
    inverse[h] = wf_select(some, 1.0f / scale, wf_splat(0.0f));
    wf_f4 zero = (WF_I8_MAGIC - low[h] * inverse[h]) - WF_I8_MAGIC;
    start[h] = zero + WF_I8_MAGIC;
    wf_store(scales[h], scale + odd[h]);
    wf_store(zeros[h], zero);
  }
  const float *in = panel;
  for (uint32_t g = 0; g < groups; g++, in += depth * rows, out += 4 * rows) {
    wf_i4 packed[HALVES] = {flip, flip};
    for (uint32_t i = 0; i < depth && g * depth + i < inputs; i++) {
      for (int h = 0; h < HALVES; h++) {
        wf_f4 x = wf_load(in + i * rows + (h ? second : 0));
        wf_f4 q = wf_smaller(wf_larger(x * inverse[h] + start[h], wf_splat(WF_I8_MAGIC)),
                             wf_splat(WF_I8_MAGIC + 255.0f));
        packed[h] ^= (wf_f4_as_bits(q) & 0xff) << (int32_t)(i * bits);
      }
    }
    wf_store_bits(out, packed[0]);
    if (second) wf_store_bits(out + 4 * second, packed[1]);
  }
  wf_i8_rows header = wf_i8_rows_of(panel, form, inputs, rows);
  for (uint32_t r = 0; r < rows; r++) {
    int h = r >= 4;
    float zero = zeros[h][r - (h ? second : 0)];
    header.scales[r] = scales[h][r - (h ? second : 0)];
    header.zeros[r] = (zero == zero ? (int32_t)zero : 0) - (form == WF_I8_SIGNED ? 128 : 0);
  }
}

void wf_i8_dequantise(float *x, const float *scales, const int32_t *sums, const float *bias, float scale,
                      int32_t zero, uint32_t n) {
  for (uint32_t j = 0; j < n; j += 4) {
    wf_i4 sum = wf_load_bits(x + j) - wf_load_bits(sums + j) * zero;
    wf_store(x + j, wf_to_f4(sum) * (scale * wf_load(scales + j)) + wf_load(bias + j));
  }
}
