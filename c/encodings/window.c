/* Biases and masks of attention inside a window: Swin's index, bias and shifted-window mask, BEiT's class token.
 * Not here: resizing a table (table_resize.c), SwinV2's continuous bias (mlp.c). */
#include "window.h"
#include "../wasmformer.h"
#include "sizes.h"

/* Sizes whose window codes fit int32 and whose N x N pairs fit memory. */
static bool window_fits(uint32_t height, uint32_t width, uint32_t heads, bool class_token) {
  if (height > 32768 || width > 32768 || !wf_fits(height, width, 1, 1)) return false;
  uint64_t tokens = (uint64_t)height * width + (class_token ? 1 : 0);
  return wf_fits(tokens, tokens, heads, 1) && wf_fits(2 * height - 1, 2 * width - 1, heads, 1);
}

/* The row of the table for the query at q (as a code) and key (0, 0), and the step from one key to the next. */
static int32_t first_row(int32_t q, uint32_t height, uint32_t width, int32_t sign) {
  return wf_window_code(height - 1, width - 1, width) + sign * q;
}

uint32_t wf_window_index(int32_t *out, uint32_t height, uint32_t width, uint32_t options) {
  const bool class_token = (options & WF_WINDOW_CLASS_TOKEN) != 0;
  if (!out) return WF_ERROR_ARGUMENT;
  if (!window_fits(height, width, 1, class_token)) return WF_ERROR_SHAPE;
  const int32_t sign = options & WF_WINDOW_KEY_MINUS_QUERY ? -1 : 1;
  const int32_t rows = (int32_t)((2 * height - 1) * (2 * width - 1));
  if (class_token) {
    *out++ = rows + 2;
    for (uint32_t i = 0; i < height * width; i++) *out++ = rows;
  }
  for (uint32_t query = 0; query < height * width; query++) {
    int32_t start = first_row(wf_window_code(query / width, query % width, width), height, width, sign);
    if (class_token) *out++ = rows + 1;
    for (uint32_t y = 0; y < height; y++)
      for (uint32_t x = 0; x < width; x++) *out++ = start - sign * wf_window_code(y, x, width);
  }
  return WF_OK;
}

/* One head of the bias; `step` leads from one row of the table to the next. */
static void window_bias_head(float *out, const float *table, ptrdiff_t step, uint32_t height, uint32_t width,
                             bool class_token, int32_t sign) {
  const ptrdiff_t rows = (ptrdiff_t)(2 * height - 1) * (ptrdiff_t)(2 * width - 1);
  if (class_token) {
    *out++ = table[(rows + 2) * step];
    for (uint32_t i = 0; i < height * width; i++) *out++ = table[rows * step];
  }
  for (uint32_t query = 0; query < height * width; query++) {
    int32_t start = first_row(wf_window_code(query / width, query % width, width), height, width, sign);
    if (class_token) *out++ = table[(rows + 1) * step];
    for (uint32_t y = 0; y < height; y++) {
      const float *row = table + step * (start - sign * wf_window_code(y, 0, width));
      for (uint32_t x = 0; x < width; x++) *out++ = row[-(ptrdiff_t)sign * step * (ptrdiff_t)x];
    }
  }
}

uint32_t wf_window_bias(float *out, const float *table, uint32_t height, uint32_t width, uint32_t heads,
                        uint32_t options) {
  const bool class_token = (options & WF_WINDOW_CLASS_TOKEN) != 0;
  const bool heads_first = (options & WF_WINDOW_HEADS_FIRST) != 0;
  if (!out || !table) return WF_ERROR_ARGUMENT;
  if (!window_fits(height, width, heads, class_token)) return WF_ERROR_SHAPE;
  const size_t tokens = (size_t)height * width + (class_token ? 1 : 0);
  const size_t rows = (size_t)(2 * height - 1) * (2 * width - 1) + (class_token ? 3 : 0);
  const int32_t sign = options & WF_WINDOW_KEY_MINUS_QUERY ? -1 : 1;
  for (uint32_t h = 0; h < heads; h++) {
    const float *column = table + (heads_first ? h * rows : h);
    window_bias_head(out + h * tokens * tokens, column, heads_first ? 1 : (ptrdiff_t)heads, height, width,
                     class_token, sign);
  }
  return WF_OK;
}

uint32_t wf_shifted_window_mask(float *out, uint32_t height, uint32_t width, uint32_t window_height,
                                uint32_t window_width, uint32_t shift_height, uint32_t shift_width,
                                float fill) {
  if (!out) return WF_ERROR_ARGUMENT;
  if (!wf_fits(height, width, window_height, window_width)) return WF_ERROR_SHAPE;
  if (height % window_height || width % window_width) return WF_ERROR_SHAPE;
  if (shift_height >= window_height || shift_width >= window_width) return WF_ERROR_ARGUMENT;
  const uint32_t across = width / window_width, area = window_height * window_width;
  const uint32_t windows = height / window_height * across;
  for (uint32_t window = 0; window < windows; window++) {
    const uint32_t top = window / across * window_height, left = window % across * window_width;
    for (uint32_t i = 0; i < area; i++) {
      const uint32_t query = wf_window_region(top + i / window_width, left + i % window_width, height, width,
                                              window_height, window_width, shift_height, shift_width);
      for (uint32_t j = 0; j < area; j++) {
        const uint32_t key = wf_window_region(top + j / window_width, left + j % window_width, height, width,
                                              window_height, window_width, shift_height, shift_width);
        *out++ = query == key ? 0.0f : fill;
      }
    }
  }
  return WF_OK;
}
