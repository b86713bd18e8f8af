/* Where a head's vector lies in queries, keys and values: the three orders that callers have them in. */
#ifndef WF_ENCODINGS_LAYOUT_H
#define WF_ENCODINGS_LAYOUT_H

#include "../wasmformer.h"
#include <stddef.h>

/* Distances, in floats, from one sequence, head and token to the next. */
typedef struct wf_strides {
  size_t sequence, head, token;
} wf_strides;

/* wf_strides_of returns the strides of an array in one of the layouts (wf_layout). */
static inline wf_strides wf_strides_of(uint32_t layout, uint32_t sequences, uint32_t heads, uint32_t tokens,
                                       uint32_t dim) {
  const size_t h = heads, t = tokens, d = dim, b = sequences;
  if (layout == WF_LAYOUT_BHTD) return (wf_strides){h * t * d, t * d, d};
  if (layout == WF_LAYOUT_BTHD) return (wf_strides){h * t * d, d, h * d};
  return (wf_strides){h * d, d, b * h * d};
}

/* wf_vector_at returns the vector of head h and token t of sequence b. */
static inline const float *wf_vector_at(const float *x, const wf_strides *s, size_t b, size_t h, size_t t) {
  return x + b * s->sequence + h * s->head + t * s->token;
}

#endif
