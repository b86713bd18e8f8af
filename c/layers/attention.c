/* Scaled dot-product attention of packed heads. A query panel of NR queries stays in the lanes from the scores to the
 * result: keys times queries gives the scores with keys as rows, which is already the form of B that the second
 * product reads, and softmax never reduces across a vector. */
#include "layers.h"

static uint32_t round_up(uint32_t n, uint32_t step) { return (n + step - 1) / step * step; }

uint32_t wf_padded_length(const wf_tile *tile, uint32_t length) {
  uint32_t rows = round_up(length, tile->rows), columns = round_up(length, tile->columns);
  return rows > columns ? rows : columns;
}

/* The result of one query panel, [W][NR], to rows `row`.. of the panels that the output projection reads. */
static void scatter(const wf_workspace *work, float *panels, const wf_heads *heads, uint32_t row,
                    uint32_t head, uint32_t queries, const float *inverse) {
  uint32_t mr = work->tile->rows, nr = work->tile->columns, all = heads->heads * heads->width;
  for (uint32_t q = 0; q < queries; q++) {
    float *out =
        panels + (size_t)(row + q) / mr * mr * all + (size_t)head * heads->width * mr + (row + q) % mr;
    for (uint32_t c = 0; c < heads->width; c++) out[(size_t)c * mr] = work->context[c * nr + q] * inverse[q];
  }
}

static void one_head(const wf_workspace *work, float *panels, const wf_heads *heads,
                     const wf_sequence *sequence, uint32_t head, float *map) {
  const wf_tile *tile = work->tile;
  uint32_t mr = tile->rows, nr = tile->columns, width = heads->width, length = sequence->length;
  uint32_t padded = round_up(width, mr);
  size_t slot = (size_t)sequence->slot * heads->heads;
  const float *q = heads->queries + slot * (1 + width) + (size_t)head * round_up(length, nr) * (1 + width);
  const float *k = heads->keys + slot * width + (size_t)head * round_up(length, mr) * width;
  const float *v = heads->values + slot * padded + (size_t)head * padded * length;
  for (uint32_t t = 0; t < length; t += nr, q += (size_t)(1 + width) * nr) {
    float inverse[WF_TILE_MAX_COLUMNS], *scores = work->scores + nr;
    uint32_t queries = length - t < nr ? length - t : nr;
    tile->gemm(scores, nr, k, q, width, round_up(length, mr) / mr, 1);
    wf_f32_softmax_columns(scores, inverse, length, nr);
    tile->gemm(work->context, nr, v, work->scores, length, padded / mr, 1);
    scatter(work, panels, heads, sequence->row + t, head, queries, inverse);
    for (uint32_t i = 0; map && i < queries; i++) {
      for (uint32_t j = 0; j < length; j++)
        map[(size_t)(t + i) * length + j] = scores[j * nr + i] * inverse[i];
    }
  }
}

void wf_attention(const wf_workspace *work, float *panels, const wf_heads *heads, uint32_t sequences,
                  float *maps) {
  for (uint32_t i = 0; i < WF_TILE_MAX_COLUMNS; i++) work->scores[i] = 0.0f;
  for (uint32_t s = 0; s < sequences; s++) {
    const wf_sequence *sequence = &heads->sequences[s];
    for (uint32_t head = 0; head < heads->heads; head++) {
      one_head(work, panels, heads, sequence, head, maps);
      if (maps) maps += (size_t)sequence->length * sequence->length;
    }
  }
}
