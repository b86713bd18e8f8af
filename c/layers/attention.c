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

/* What is added to the scores of one query panel, or put in their place. */
static void bias_scores(float *scores, const wf_heads *heads, const wf_sequence *queries,
                        const wf_sequence *keys, uint32_t head, uint32_t t, uint32_t nr, uint32_t valid) {
  const float *bias = heads->bias;
  if (bias) bias += ((size_t)head * round_up(queries->length, nr) + t) * keys->length;
  for (uint32_t i = 0; bias && i < keys->length * nr; i += 4) {
    wf_store(scores + i, wf_load(scores + i) + wf_load(bias + i));
  }
  const float *region = heads->regions ? heads->regions + queries->row : NULL;
  for (uint32_t j = 0; region && j < keys->length; j++) {
    for (uint32_t q = 0; q < nr; q += 4) {
      wf_f4 other =
          wf_select(wf_load(region + t + q) == wf_splat(region[j]), wf_splat(0.0f), wf_splat(WF_MASKED));
      wf_store(scores + j * nr + q, wf_load(scores + j * nr + q) + other);
    }
  }
  for (uint32_t i = valid * nr; i < keys->length * nr; i++) scores[i] = WF_INVALID;
}

/* One head of one sequence. */
static void one_head(const wf_workspace *work, float *panels, const wf_heads *heads, uint32_t sequence,
                     uint32_t head, float *map) {
  const wf_tile *tile = work->tile;
  const wf_sequence *queries = &heads->sequences[sequence], *memory = &heads->memory[sequence];
  uint32_t mr = tile->rows, nr = tile->columns, width = heads->width, padded = round_up(width, mr);
  uint32_t length = queries->length, keys = memory->length,
           valid = heads->valid ? heads->valid[sequence] : keys;
  size_t slot = (size_t)memory->slot * heads->heads;
  const float *q = heads->queries + (size_t)queries->slot * heads->heads * (1 + width) +
                   (size_t)head * round_up(length, nr) * (1 + width);
  const float *k = heads->keys + slot * width + (size_t)head * round_up(keys, mr) * width;
  const float *v = heads->values + slot * padded + (size_t)head * padded * keys;
  for (uint32_t t = 0; t < length; t += nr, q += (size_t)(1 + width) * nr) {
    float inverse[WF_TILE_MAX_COLUMNS], *scores = work->scores + nr;
    uint32_t count = length - t < nr ? length - t : nr;
    tile->gemm(scores, nr, k, q, width, round_up(keys, mr) / mr, 1);
    bias_scores(scores, heads, queries, memory, head, t, nr, valid);
    wf_f32_softmax_columns(scores, inverse, keys, nr);
    tile->gemm(work->context, nr, v, work->scores, keys, padded / mr, 1);
    scatter(work, panels, heads, queries->row + t, head, count, inverse);
    for (uint32_t i = 0; map && i < count; i++) {
      for (uint32_t j = 0; j < keys; j++) map[(size_t)(t + i) * keys + j] = scores[j * nr + i] * inverse[i];
    }
  }
}

void wf_attention(const wf_workspace *work, float *panels, const wf_heads *heads, uint32_t first,
                  uint32_t end, float *maps) {
  for (uint32_t i = 0; i < WF_TILE_MAX_COLUMNS; i++) work->scores[i] = 0.0f;
  for (uint32_t unit = 0; unit < end; unit++) {
    uint32_t s = unit / heads->heads;
    if (unit >= first) one_head(work, panels, heads, s, unit % heads->heads, maps);
    if (maps) maps += (size_t)heads->sequences[s].length * heads->memory[s].length;
  }
}
