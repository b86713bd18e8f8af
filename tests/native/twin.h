/* A forward over a batch of sequences held to the twin in double precision, and each sequence alone to its part of the
 * batch. In deep models layers magnify the rounding of those before; `by_layer` holds each to the twin by itself. */
#ifndef TWIN_H
#define TWIN_H

#include "model.h"

typedef struct series {
  check_worst hidden, maps;
  int by_layer; /* 1: the twin runs each layer on the rows that entered it, 0: on its own of the layer before */
} series;

static inline void report_series(const series *series) {
  check_report(&series->hidden);
  check_report(&series->maps);
}

/* Where a sequence begins: among the rows of the batch, and among the maps of a layer with one head. */
typedef struct place {
  uint32_t row;
  size_t map;
} place;

/* The twin's forward of one sequence. */
static inline void check_sequence(series *series, const model *m, const batch *b, const trace *got,
                                  uint32_t s, place at) {
  const wf_encoder_description *d = &m->description;
  uint32_t length = b->lengths[s], row = at.row;
  size_t count = (size_t)length * d->width, first = (size_t)row * d->width;
  double *x = check_widened(b->embeddings + first, count), *maps = check_doubles(got->in_maps);
  double *scratch = check_doubles(wf_reference_scratch(d, 1, length));
  if (d->stem == WF_STEM_TOKENS)
    wf_reference_embed(x, d, &m->weights, b->ids + row, b->positions + row, b->types + row, length);
  for (uint32_t layer = 0; layer <= d->layers + 1; layer++) {
    const float *hidden = got->hidden + layer * got->in_hidden + first;
    for (size_t i = 0; i < count; i++) {
      CHECK_ERROR(&series->hidden, fabs((double)hidden[i] - x[i]), "width %u layer %u length %u", d->width,
                  layer, length);
    }
    for (size_t i = 0; series->by_layer && i < count; i++) x[i] = (double)hidden[i];
    if (layer == d->layers) wf_reference_finish(x, d, &m->weights, length);
    if (layer >= d->layers) continue;
    const wf_reference_map map = {layer, 1, length, 0};
    double *start = memcpy(check_doubles(count), x, count * sizeof(double));
    uint32_t heads = kind_of(d, layer)->heads;
    wf_reference_layer(x, maps, scratch, d, &m->weights, &map);
    if (d->convolution && layer == 0) wf_reference_convolve(x, start, d, &m->weights, length);
    free(start);
    const float *got_maps = got->maps + layer * got->in_maps + heads * at.map;
    for (size_t i = 0; i < (size_t)heads * length * length; i++) {
      CHECK_ERROR(&series->maps, fabs((double)got_maps[i] - maps[i]), "width %u layer %u length %u", d->width,
                  layer, length);
    }
  }
  free(x);
  free(maps);
  free(scratch);
}

/* A sequence alone has the bits that it has in the batch. */
static inline void check_alone(model *m, const batch *b, const trace *all, uint32_t s, place at) {
  const wf_encoder_description *d = &m->description;
  uint32_t length = b->lengths[s];
  batch one = make_batch(d, &length, 1);
  trace t = run_model(m, &one);
  int same = 1;
  for (uint32_t layer = 0; layer <= d->layers + 1; layer++) {
    same &= check_same(t.hidden + layer * t.in_hidden,
                       all->hidden + layer * all->in_hidden + (size_t)at.row * d->width, t.in_hidden);
    if (layer >= d->layers) continue;
    uint32_t heads = kind_of(d, layer)->heads;
    same &= check_same(t.maps + layer * t.in_maps, all->maps + layer * all->in_maps + heads * at.map,
                       (size_t)heads * length * length);
  }
  CHECK(same, "alone: tile %u width %u length %u", d->tile, d->width, length);
  free_trace(&t);
  free_batch(&one);
}

/* Each sequence of a batch against the twin, or without a series alone. */
static inline void for_each_sequence(series *series, model *m, const batch *b, const trace *t) {
  place at = {0, 0};
  for (uint32_t s = 0; s < b->count; s++) {
    if (series)
      check_sequence(series, m, b, t, s, at);
    else
      check_alone(m, b, t, s, at);
    at.row += b->lengths[s];
    at.map += (size_t)b->lengths[s] * b->lengths[s];
  }
}

/* A model in every tile: against the twin in the first, the same bits in the others, for each sequence alone, and again.
 * `after`, unless NULL, sees each model behind its first forward. */
static inline void check_in_every_tile(series *series, wf_encoder_description d, const batch *b,
                                       void (*after)(model *m, const batch *b, void *context),
                                       void *context) {
  trace first = {0};
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    d.tile = tile;
    model m = ready_model(&d, batch_cost(b, tile), batch_cost(b, tile));
    trace t = run_model(&m, b);
    if (after) after(&m, b, context);
    if (tile == 0) for_each_sequence(series, &m, b, &t);
    for_each_sequence(NULL, &m, b, &t);
    trace again = run_model(&m, b);
    CHECK(same_trace(&t, &again, d.layers), "again: tile %u width %u", tile, d.width);
    free_trace(&again);
    if (tile == 0) first = t;
    CHECK(same_trace(&t, &first, d.layers), "other bits: tile %u width %u", tile, d.width);
    if (tile > 0) free_trace(&t);
    free_model(&m);
  }
  free_trace(&first);
}

#endif
