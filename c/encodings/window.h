/* How positions of a window relate: the index of a pair into Swin's table, and the region of a position on a shifted
 * map. Shared by the encodings and by the windowed encoder, which gathers in a layout of its own. */
#ifndef WF_ENCODINGS_WINDOW_H
#define WF_ENCODINGS_WINDOW_H

#include <stdint.h>

/* wf_window_code numbers the position (y, x) so that the table's index of a pair is a difference of two codes. */
static inline int32_t wf_window_code(uint32_t y, uint32_t x, uint32_t width) {
  return (int32_t)(y * (2 * width - 1) + x);
}

/* wf_window_relative_index returns (yi - yj + h - 1)(2w - 1) + (xi - xj + w - 1) for the query (yi, xi) and the key
 * (yj, xj) of a window of h x w: a row of the table [(2h-1)(2w-1), H]. */
static inline uint32_t wf_window_relative_index(uint32_t query_y, uint32_t query_x, uint32_t key_y,
                                                uint32_t key_x, uint32_t height, uint32_t width) {
  int32_t centre = wf_window_code(height - 1, width - 1, width);
  return (uint32_t)(wf_window_code(query_y, query_x, width) - wf_window_code(key_y, key_x, width) + centre);
}

/* One axis of wf_window_region: 0 before the last window, 1 inside it, 2 in the part that was rolled around. Without
 * a shift the axis is one region. */
static inline uint32_t wf_window_axis_region(uint32_t at, uint32_t size, uint32_t window, uint32_t shift) {
  if (shift == 0) return 0;
  return (uint32_t)(at >= size - window) + (uint32_t)(at >= size - shift);
}

/* wf_window_region returns the region, 0 to 8, of position (y, x) on a map of height x width that was rolled by
 * -shift: tokens of one window attend to each other only within a region. Sizes are multiples of the window. */
static inline uint32_t wf_window_region(uint32_t y, uint32_t x, uint32_t height, uint32_t width,
                                        uint32_t window_height, uint32_t window_width, uint32_t shift_height,
                                        uint32_t shift_width) {
  return 3 * wf_window_axis_region(y, height, window_height, shift_height) +
         wf_window_axis_region(x, width, window_width, shift_width);
}

#endif
