/* Learned tables: rows added to tokens, positions counted from token ids, and the tokens of CLIP's attention pool.
 * Not here: making a table fit another size (resample.c), and an encoder's stem, which adds its tables as it gathers
 * the token embeddings (c/layers). minsize: each runs once for a table, where the module's size counts more. */
#include "../wasmformer.h"
#include "sizes.h"

__attribute__((minsize)) uint32_t wf_add_rows(float *out, const float *x, const float *table,
                                              const int32_t *index, uint32_t sequences, uint32_t tokens,
                                              uint32_t rows, uint32_t dim) {
  if (!out || !table || !index) return WF_ERROR_ARGUMENT;
  if (!wf_fits(sequences, tokens, dim, 1) || !wf_fits(rows, dim, 1, 1)) return WF_ERROR_SHAPE;
  for (size_t t = 0; t < tokens; t++)
    if (index[t] < 0 || (uint32_t)index[t] >= rows) return WF_ERROR_ARGUMENT;
  for (size_t b = 0; b < sequences; b++)
    for (size_t t = 0; t < tokens; t++) {
      const float *row = table + (size_t)index[t] * dim;
      const size_t at = (b * tokens + t) * dim;
      for (size_t c = 0; c < dim; c++) out[at + c] = x ? x[at + c] + row[c] : row[c];
    }
  return WF_OK;
}

__attribute__((minsize)) uint32_t wf_position_ids(int32_t *out, const int32_t *ids, uint32_t sequences,
                                                  uint32_t tokens, int32_t padding) {
  if (!out || !ids || padding < 0) return WF_ERROR_ARGUMENT;
  if (!wf_fits(sequences, tokens, 1, 1) || padding > INT32_MAX - (int32_t)tokens) return WF_ERROR_SHAPE;
  for (size_t b = 0; b < sequences; b++) {
    int32_t next = padding + 1;
    for (size_t t = b * tokens; t < (b + 1) * tokens; t++) out[t] = ids[t] == padding ? padding : next++;
  }
  return WF_OK;
}

__attribute__((minsize)) uint32_t wf_pool_tokens(float *out, const float *x, const float *table,
                                                 uint32_t sequences, uint32_t channels, uint32_t cells) {
  if (!out || !x || !table) return WF_ERROR_ARGUMENT;
  if (!wf_fits(sequences, channels, (uint64_t)cells + 1, 1)) return WF_ERROR_SHAPE;
  for (size_t b = 0; b < sequences; b++) {
    float *tokens = out + b * (cells + 1) * (size_t)channels;
    for (size_t c = 0; c < channels; c++) {
      const float *plane = x + (b * channels + c) * cells;
      double sum = 0;
      for (size_t i = 0; i < cells; i++) {
        sum += (double)plane[i];
        tokens[(i + 1) * channels + c] = plane[i] + table[(i + 1) * channels + c];
      }
      tokens[c] = (float)(sum / cells + (double)table[c]);
    }
  }
  return WF_OK;
}
