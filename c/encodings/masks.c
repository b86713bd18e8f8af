/* Masks between the tokens of sequences: padding, a band around the diagonal, packed segments. Each writes one of two
 * values, so that the same function gives an additive bias (0 and a large negative number) and a table of 1 and 0. */
#include "../wasmformer.h"
#include "sizes.h"

uint32_t wf_padding_mask(float *out, const int32_t *lengths, uint32_t sequences, uint32_t tokens,
                         float allowed, float blocked) {
  if (!out || !lengths) return WF_ERROR_ARGUMENT;
  if (!wf_fits(sequences, tokens, 1, 1)) return WF_ERROR_SHAPE;
  for (uint32_t b = 0; b < sequences; b++)
    for (uint32_t i = 0; i < tokens; i++) *out++ = (int64_t)i < lengths[b] ? allowed : blocked;
  return WF_OK;
}

uint32_t wf_band_mask(float *out, uint32_t tokens, uint32_t left, uint32_t right, float allowed,
                      float blocked) {
  if (!out) return WF_ERROR_ARGUMENT;
  if (!wf_fits(tokens, tokens, 1, 1)) return WF_ERROR_SHAPE;
  for (uint32_t i = 0; i < tokens; i++)
    for (uint32_t j = 0; j < tokens; j++) {
      const bool within = j < i ? i - j <= left : j - i <= right;
      *out++ = within ? allowed : blocked;
    }
  return WF_OK;
}

uint32_t wf_segment_mask(float *out, const int32_t *segments, uint32_t tokens, float allowed, float blocked) {
  if (!out || !segments) return WF_ERROR_ARGUMENT;
  if (!wf_fits(tokens, tokens, 1, 1)) return WF_ERROR_SHAPE;
  for (uint32_t i = 0; i < tokens; i++)
    for (uint32_t j = 0; j < tokens; j++)
      *out++ = segments[i] >= 0 && segments[i] == segments[j] ? allowed : blocked;
  return WF_OK;
}
