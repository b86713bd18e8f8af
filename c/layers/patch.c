/* Patch extraction: pixels go straight into the panels that the patch embedding's product reads. A convolution is this
 * product, of patches that overlap where its stride is less than its kernel. */
#include "layers.h"

/* Copies one patch into lane `lane` of a panel. */
static void pack_patch(float *lane, uint32_t step, const wf_patches *p, uint32_t index) {
  uint32_t on_image = p->rows * p->columns, image = index / on_image, place = index % on_image;
  uint32_t top = place / p->columns * p->stride_height, left = place % p->columns * p->stride_width;
  for (uint32_t c = 0; c < p->channels; c++) {
    const float *plane = p->pixels + ((size_t)image * p->channels + c) * p->height * p->width;
    for (uint32_t y = top; y < top + p->patch_height; y++) {
      for (uint32_t x = left; x < left + p->patch_width; x++, lane += step) {
        *lane = y < p->height && x < p->width ? plane[(size_t)y * p->width + x] : 0.0f;
      }
    }
  }
}

void wf_pack_patches(const wf_workspace *work, float *panels, const wf_patches *patches, uint32_t first,
                     uint32_t count) {
  uint32_t step = work->tile->rows, length = patches->channels * patches->patch_height * patches->patch_width;
  for (uint32_t i = 0; i < count; i++) {
    pack_patch(panels + (size_t)(i / step * step) * length + i % step, step, patches, first + i);
  }
}
