/* Rows in panels become whole numbers of 8 bits: x is about scale * (q - zero), q from 0 to 255, each row by its own scale. */
#include "kernels.h"
#include <assert.h>

/* Added to a number from -2^21 to 2^21 it leaves the nearest whole one in the low bits, above which stand those of its own. */
#define WF_I8_MAGIC 12582912.0f
enum { MAGIC_BITS = 0x4b400000 };
/* So many steps of the scale from the least number to the largest: the zero is rounded, too, and none may pass 255. */
#define WF_I8_STEPS 254.5f
/* Lanes of a row of a panel as two vectors that may overlap. */
enum { HALVES = 2 };

/* ---- The fast transform, two of its steps at a time */

static void two_steps(float *a, float *b, float *c, float *d, size_t count) {
  for (size_t i = 0; i < count; i += 4) {
    wf_f4 p = wf_load(a + i), q = wf_load(b + i), r = wf_load(c + i), s = wf_load(d + i);
    wf_f4 pq = p + q, rs = r + s, less = p - q, fewer = r - s;
    wf_store(a + i, pq + rs);
    wf_store(b + i, less + fewer);
    wf_store(c + i, pq - rs);
    wf_store(d + i, less - fewer);
  }
}

static void one_step(float *a, float *b, size_t count) {
  for (size_t i = 0; i < count; i += 4) {
    wf_f4 p = wf_load(a + i), q = wf_load(b + i);
    wf_store(a + i, p + q);
    wf_store(b + i, p - q);
  }
}

/* Steps over runs of `run` numbers, which are no whole vectors. */
static void short_step(float *x, size_t run) {
  for (size_t i = 0; i < run; i++) {
    float p = x[i], q = x[i + run];
    x[i] = p + q;
    x[i + run] = p - q;
  }
}

void wf_i8_turn(float *x, uint32_t inputs, uint32_t rows) {
  const size_t size = (size_t)wf_i8_block(inputs) * rows;
  for (float *end = x + (size_t)inputs * rows; x < end; x += size) {
    size_t run = rows;
    for (; run % 4 && run < size; run *= 2) {
      for (size_t i = 0; i < size; i += 2 * run) short_step(x + i, run);
    }
    for (; 2 * run < size; run *= 4) {
      for (size_t i = 0; i < size; i += 4 * run)
        two_steps(x + i, x + i + run, x + i + 2 * run, x + i + 3 * run, run);
    }
    if (run < size) one_step(x, x + run, run);
  }
}

/* ---- Rounding */

/* Least and largest of each row, and 0 times the sum: no number if any value is none, or without end. */
static void range(wf_f4 low[HALVES], wf_f4 high[HALVES], wf_f4 odd[HALVES], const float *panel,
                  uint32_t inputs, uint32_t rows, uint32_t second) {
  for (int h = 0; h < HALVES; h++) low[h] = high[h] = odd[h] = wf_splat(0.0f);
  for (uint32_t k = 0; k < inputs; k++, panel += rows) {
    for (int h = 0; h < HALVES; h++) {
      wf_f4 x = wf_load(panel + (h ? second : 0));
      low[h] = wf_smaller(x, low[h]);
      high[h] = wf_larger(x, high[h]);
      odd[h] += x;
    }
  }
  for (int h = 0; h < HALVES; h++) odd[h] *= 0.0f;
}

/* `count` rows of lanes as whole numbers side by side, room for `depth` of them. */
WF_INLINE wf_i4 rounded(const float *in, uint32_t rows, wf_f4 inverse, wf_f4 start, uint32_t count,
                        uint32_t depth) {
  wf_i4 packed = {0};
  for (uint32_t i = 0; i < count; i++) {
    wf_i4 bits = wf_f4_as_bits(wf_load(in + (size_t)i * rows) * inverse + start) - MAGIC_BITS;
    packed += bits << (int32_t)(i * (32 / depth));
  }
  return packed;
}

/* One group of a panel: all is read before anything is written in its place. */
WF_INLINE void round_group(uint8_t *out, const float *in, uint32_t rows, uint32_t second,
                           const wf_f4 inverse[HALVES], const wf_f4 start[HALVES], wf_i4 flip, uint32_t count,
                           uint32_t depth) {
  wf_i4 first = rounded(in, rows, inverse[0], start[0], count, depth) ^ flip;
  wf_i4 last = rounded(in + second, rows, inverse[1], start[1], count, depth) ^ flip;
  wf_store_bits(out, first);
  if (second) wf_store_bits(out + 4 * (size_t)second, last);
}

WF_INLINE void round_panel(float *panel, uint32_t inputs, uint32_t rows, uint32_t second,
                           const wf_f4 inverse[HALVES], const wf_f4 start[HALVES], wf_i4 flip,
                           uint32_t depth) {
  const float *in = panel;
  uint8_t *out = (uint8_t *)panel;
  for (uint32_t g = inputs / depth; g; g--, in += (size_t)depth * rows, out += 4 * (size_t)rows)
    round_group(out, in, rows, second, inverse, start, flip, depth, depth);
  if (inputs % depth) round_group(out, in, rows, second, inverse, start, flip, inputs % depth, depth);
}

void wf_i8_quantise(float *panel, wf_i8_form form, uint32_t inputs, uint32_t rows) {
  const uint32_t second = rows > 4 ? rows - 4 : 0;
  const wf_i4 flip = form == WF_I8_SIGNED ? (wf_i4){0} - 0x7f7f7f80 : (wf_i4){0};
  wf_f4 low[HALVES], high[HALVES], odd[HALVES], inverse[HALVES], start[HALVES];
  float scales[HALVES][4], zeros[HALVES][4];
  assert(inputs >= WF_I8_LEAST_INPUTS);
  wf_i8_turn(panel, inputs, rows);
  range(low, high, odd, panel, inputs, rows, second);
  for (int h = 0; h < HALVES; h++) {
    wf_f4 scale = (high[h] - low[h]) * (1.0f / WF_I8_STEPS);
    inverse[h] = wf_select(scale > 1e-30f, 1.0f / scale, wf_splat(0.0f));
    wf_f4 zero = (WF_I8_MAGIC - low[h] * inverse[h]) - WF_I8_MAGIC;
    start[h] = zero + WF_I8_MAGIC;
    wf_store(scales[h], scale + odd[h]);
    wf_store(zeros[h], zero);
  }
  if (form == WF_I8_WORDS)
    round_panel(panel, inputs, rows, second, inverse, start, flip, 2);
  else
    round_panel(panel, inputs, rows, second, inverse, start, flip, 4);
  wf_i8_rows header = wf_i8_rows_of(panel, form, inputs, rows);
  for (uint32_t r = 0; r < rows; r++) {
    int h = r >= 4;
    float zero = zeros[h][r - (h ? second : 0)];
    header.scales[r] = scales[h][r - (h ? second : 0)];
    header.zeros[r] = (zero == zero ? (int32_t)zero : 0) - (form == WF_I8_SIGNED ? 128 : 0);
  }
}

float wf_i8_round_row(int8_t *numbers, float *row, uint32_t inputs) {
  wf_f4 most = wf_splat(0.0f), odd = most;
  float largest = 0.0f, rest[4] = {0};
  uint32_t whole = inputs & ~3u;
  wf_i8_turn(row, inputs, 1);
  for (uint32_t i = whole; i < inputs; i++) rest[i - whole] = row[i];
  for (uint32_t i = 0; i < inputs; i += 4) {
    wf_f4 x = wf_load(i < whole ? row + i : rest);
    most = wf_larger(wf_abs(x), most);
    odd += x;
  }
  for (int i = 0; i < 4; i++) largest = most[i] > largest ? most[i] : largest;
  wf_f4 inverse = wf_splat(largest > 1e-30f ? 127.0f / largest : 0.0f);
  for (uint32_t i = 0; i < inputs; i += 4) {
    wf_f4 x = wf_load(i < whole ? row + i : rest);
    wf_i4 q = wf_f4_as_bits(x * inverse + WF_I8_MAGIC) - MAGIC_BITS;
    for (uint32_t lane = 0; lane < 4 && i + lane < inputs; lane++) numbers[i + lane] = (int8_t)q[lane];
  }
  return (largest + wf_sum(odd) * 0.0f) * (1.0f / 127.0f) / (float)wf_i8_block(inputs);
}

void wf_i8_dequantise(float *x, const float *scales, const int32_t *sums, const float *bias, float scale,
                      int32_t zero, uint32_t n) {
  for (uint32_t j = 0; j < n; j += 4) {
    wf_i4 sum = wf_load_bits(x + j) - wf_load_bits(sums + j) * zero;
    wf_store(x + j, wf_to_f4(sum) * (scale * wf_load(scales + j)) + wf_load(bias + j));
  }
}
