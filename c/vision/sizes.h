/* The limits of images, and the check of their sizes in 64 bits before any memory is touched. */
#ifndef WF_VISION_SIZES_H
#define WF_VISION_SIZES_H

#include <stdbool.h>
#include <stdint.h>

#define WF_IMAGE_MAX_SIDE  (UINT32_C(1) << 26) /* 64 megapixels in one line */
#define WF_IMAGE_MAX_BYTES (UINT64_C(1) << 30)

/* wf_image_fits says whether a*b*c bytes are an image's: at least one, at most WF_IMAGE_MAX_BYTES. */
static inline bool wf_image_fits(uint64_t a, uint64_t b, uint64_t c) {
  if (a > WF_IMAGE_MAX_BYTES || b > WF_IMAGE_MAX_BYTES || c > WF_IMAGE_MAX_BYTES) return false;
  if (a == 0 || b == 0 || c == 0 || a * b > WF_IMAGE_MAX_BYTES) return false;
  return a * b * c <= WF_IMAGE_MAX_BYTES;
}

#endif
