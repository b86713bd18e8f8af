/* From 8-bit pixels to what a vision model reads: the crop, the scale and the normalisation in one pass. */
#include "../wasmformer.h"
#include "sizes.h"

enum { LEVELS = 256, COLOURS = 3 };

/* The value of each level, rounded where transformers rounds: after the scale, after the mean, after the division. */
static __attribute__((noinline, minsize)) void set_levels(float *levels, double scale, float mean,
                                                          float deviation) {
  for (int level = 0; level < LEVELS; level++) levels[level] = ((float)(level * scale) - mean) / deviation;
}

static bool is_finite(float x) { return __builtin_fabsf(x) <= __FLT_MAX__; }

uint32_t wf_image_normalize(float *out, const uint8_t *x, const float *mean, const float *deviation,
                            uint32_t from_height, uint32_t from_width, uint32_t channels, uint32_t height,
                            uint32_t width, int32_t top, int32_t left, double scale) {
  if (!out || !x || !mean || !deviation || (channels != 1 && channels != 3 && channels != 4))
    return WF_ERROR_ARGUMENT;
  if (!(__builtin_fabs(scale) <= 1e30)) return WF_ERROR_ARGUMENT;
  for (int c = 0; c < COLOURS; c++)
    if (!is_finite(mean[c]) || !is_finite(deviation[c]) || deviation[c] == 0) return WF_ERROR_ARGUMENT;
  if (!wf_image_fits(from_height, from_width, channels) ||
      !wf_image_fits(height, width, COLOURS * sizeof(float)))
    return WF_ERROR_SHAPE;
  float levels[LEVELS];
  for (uint32_t c = 0; c < COLOURS; c++) {
    set_levels(levels, scale, mean[c], deviation[c]);
    const uint8_t *plane = x + (channels == 1 ? 0 : c);
    for (int64_t i = top; i < (int64_t)top + height; i++) {
      const uint8_t *line = i >= 0 && i < from_height ? plane + (size_t)i * from_width * channels : NULL;
      for (int64_t j = left; j < (int64_t)left + width; j++) {
        const bool inside = line && j >= 0 && j < from_width;
        *out++ = levels[inside ? line[(size_t)j * channels] : 0];
      }
    }
  }
  return WF_OK;
}
