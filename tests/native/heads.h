/* Queries, keys and values of a block of sequences as c/layers/layers.h lays them out, found by the drawing there and not
 * by the code of the layers, and attention's part of a workspace; memory of exactly the size that they take, NaN wherever
 * nothing was put. */
#ifndef HEADS_H
#define HEADS_H

#include "check.h"
#include "layers/layers.h"

typedef struct block {
  wf_heads heads;
  const wf_tile *tile;
  wf_sequence *sequences, *memory;
  uint32_t *sequence_of_row;
  uint32_t count, rows; /* of the queries */
} block;

static inline uint32_t panels_of(uint32_t n, uint32_t step) { return (n + step - 1) / step; }

/* Lays sequences of these lengths out one after another; returns the padded rows that they take. */
static inline uint32_t lay_out(wf_sequence *sequences, const wf_tile *tile, const uint32_t *lengths,
                               uint32_t count) {
  uint32_t slots = 0;
  for (uint32_t s = 0, row = 0; s < count; row += lengths[s++]) {
    sequences[s] = (wf_sequence){.row = row, .length = lengths[s], .slot = slots};
    slots += wf_padded_length(tile, lengths[s]);
  }
  return slots;
}

/* key_lengths may be lengths, for self-attention. */
static inline block make_block(const wf_tile *tile, uint32_t heads, uint32_t key_heads, uint32_t width,
                               const uint32_t *lengths, const uint32_t *key_lengths, uint32_t count) {
  block b = {.tile = tile, .count = count, .heads = {.heads = heads, .key_heads = key_heads, .width = width}};
  b.heads.left = b.heads.right = WF_UNLIMITED;
  for (uint32_t s = 0; s < count; s++) b.rows += lengths[s];
  b.sequences = check_alloc(count * sizeof(wf_sequence));
  b.memory = check_alloc(count * sizeof(wf_sequence));
  b.sequence_of_row = check_alloc(b.rows * sizeof(uint32_t));
  uint32_t slots = lay_out(b.sequences, tile, lengths, count),
           key_slots = lay_out(b.memory, tile, key_lengths, count);
  for (uint32_t s = 0, row = 0; s < count; s++) {
    for (uint32_t t = 0; t < lengths[s]; t++) b.sequence_of_row[row++] = s;
  }
  b.heads.queries = check_floats((size_t)slots * heads * (1 + width));
  b.heads.keys = check_floats((size_t)key_slots * key_heads * width);
  b.heads.values = check_floats((size_t)key_slots * key_heads * panels_of(width, tile->rows) * tile->rows);
  b.heads.sequences = b.sequences;
  b.heads.memory = b.memory;
  b.heads.sequence_of_row = b.sequence_of_row;
  return b;
}

static inline void free_block(block *b) {
  free(b->sequences);
  free(b->memory);
  free(b->sequence_of_row);
  free(b->heads.queries);
  free(b->heads.keys);
  free(b->heads.values);
}

/* Panels of B, [H][ceil(T / NR)][1 + W][NR], column -1 being the bias row. */
static inline float *query_at(const block *b, uint32_t sequence, uint32_t head, uint32_t t, int column) {
  uint32_t width = b->heads.width, nr = b->tile->columns,
           panels = panels_of(b->sequences[sequence].length, nr);
  size_t start = (size_t)b->sequences[sequence].slot * b->heads.heads * (1 + width);
  return b->heads.queries + start +
         (((size_t)head * panels + t / nr) * (1 + width) + (size_t)(column + 1)) * nr + t % nr;
}

/* Panels of A over the tokens, [KH][ceil(T / MR)][W][MR]. */
static inline float *key_at(const block *b, uint32_t sequence, uint32_t head, uint32_t t, uint32_t column) {
  uint32_t width = b->heads.width, mr = b->tile->rows, panels = panels_of(b->memory[sequence].length, mr);
  size_t start = (size_t)b->memory[sequence].slot * b->heads.key_heads * width;
  return b->heads.keys + start + (((size_t)head * panels + t / mr) * width + column) * mr + t % mr;
}

/* Panels of A over the columns, [KH][ceil(W / MR)][T][MR]. */
static inline float *value_at(const block *b, uint32_t sequence, uint32_t head, uint32_t t, uint32_t column) {
  uint32_t mr = b->tile->rows, panels = panels_of(b->heads.width, mr), length = b->memory[sequence].length;
  size_t start = (size_t)b->memory[sequence].slot * b->heads.key_heads * panels * mr;
  return b->heads.values + start + (((size_t)head * panels + column / mr) * length + t) * mr + column % mr;
}

/* Puts one sequence's rows where they belong: queries [T][stride], keys and values [T][key_stride]. */
static inline void put_sequence(const block *b, uint32_t sequence, const float *queries, const float *keys,
                                const float *values, size_t stride, size_t key_stride) {
  uint32_t width = b->heads.width;
  for (uint32_t t = 0; t < b->sequences[sequence].length; t++) {
    for (uint32_t h = 0; h < b->heads.heads; h++) *query_at(b, sequence, h, t, -1) = 0.0f;
    for (uint32_t i = 0; i < b->heads.heads * width; i++)
      *query_at(b, sequence, i / width, t, (int)(i % width)) = queries[t * stride + i];
  }
  for (uint32_t t = 0; t < b->memory[sequence].length; t++) {
    for (uint32_t i = 0; i < b->heads.key_heads * width; i++) {
      *key_at(b, sequence, i / width, t, i % width) = keys[t * key_stride + i];
      *value_at(b, sequence, i / width, t, i % width) = values[t * key_stride + i];
    }
  }
}

/* What attention needs of a workspace for sequences of up to `longest` keys. */
static inline wf_workspace make_workspace(const wf_tile *tile, uint32_t longest, uint32_t width) {
  uint32_t keys = longest < WF_ROW_KEYS ? longest : WF_ROW_KEYS;
  size_t rows = 1 + (size_t)panels_of(keys, tile->rows) * tile->rows;
  size_t columns = (size_t)panels_of(width, tile->rows) * tile->rows;
  return (wf_workspace){.tile = tile,
                        .scores = check_floats(rows * tile->columns),
                        .context = check_floats(2 * columns * tile->columns)};
}

static inline void free_workspace(wf_workspace *work) {
  free(work->scores);
  free(work->context);
}

/* Where row `row`, column `column` of packed rows of width n lies in panels of A. */
static inline size_t panel_index(const wf_tile *tile, uint32_t row, uint32_t column, uint32_t n) {
  uint32_t mr = tile->rows;
  return ((size_t)(row / mr) * n + column) * mr + row % mr;
}

#endif
