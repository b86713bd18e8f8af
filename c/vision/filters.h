/* The resampling filters of Pillow. Not the fixed point that their weights become (resize.c). */
#ifndef WF_VISION_FILTERS_H
#define WF_VISION_FILTERS_H

#include "../wasmformer.h"

enum { WF_IMAGE_FILTERS = WF_IMAGE_HAMMING + 1 };

/* wf_filter_support returns how far from its centre a filter (wf_image_filter) reaches when nothing is shrunk. */
double wf_filter_support(uint32_t filter);

/* wf_filter returns a filter's weight at a distance from its centre. */
double wf_filter(double x, uint32_t filter);

#endif
