/* A small random model for the tests of encoders: planned, placed in exactly the memory that the plan asks for, filled,
 * and run over a batch with everything kept that a caller can see. */
#ifndef MODEL_H
#define MODEL_H

#include "check.h"
#include "reference/reference.h"
#include "wasmformer.h"

typedef struct model {
  wf_encoder_description description;
  wf_encoder *encoder;
  uint32_t bytes;
  wf_reference_weights weights; /* what draw_weights put, freed with the model */
} model;

static inline void *aligned_zeros(size_t bytes) {
  void *memory = aligned_alloc(64, bytes);
  if (!memory) abort();
  return memset(memory, 0, bytes);
}

static inline model make_model(const wf_encoder_description *description) {
  model m = {.description = *description};
  wf_encoder_description *d = &m.description;
  if (d->stages == 0) d->group_rows = d->max_rows;
  uint32_t status = wf_encoder_plan(&m.bytes, d);
  CHECK(status == WF_OK, "plan: status %u, tile %u width %u", status, d->tile, d->width);
  if (status != WF_OK) exit(check_finish()); /* there is nothing to go on with */
  m.encoder = aligned_zeros(m.bytes);
  status = wf_encoder_create(m.encoder, m.bytes, d);
  CHECK(status == WF_OK, "create: status %u, tile %u width %u", status, d->tile, d->width);
  return m;
}

static inline void free_model(model *m) {
  for (int slot = 0; slot < WF_REFERENCE_SLOTS; slot++) {
    for (int index = 0; index < WF_REFERENCE_INDEXES; index++) free(m->weights.slot[slot][index]);
  }
  free(m->encoder);
}

/* Values of a slot's size: norms around 1, biases small, products that keep the size of their input. Drawn by the slot
 * alone, so that a model has the same weights in every tile. */
static inline float *draw_slot(const uint32_t shape[2], uint32_t slot, uint32_t index) {
  uint64_t seed = 1000 + slot * 16 + index;
  size_t count = (size_t)shape[0] * shape[1];
  int table = slot <= WF_SLOT_TYPE_TABLE, matrix = shape[0] > 1 && !table;
  int norm = slot == WF_SLOT_EMBEDDING_NORM_WEIGHT || slot == WF_SLOT_FINAL_NORM_WEIGHT ||
             slot == WF_SLOT_NORM1_WEIGHT || slot == WF_SLOT_NORM2_WEIGHT || slot == WF_SLOT_HEAD_NORM_WEIGHT;
  float *x = check_randoms(&seed, count, matrix ? 2.0f / sqrtf((float)shape[1]) : table ? 1.0f : 0.2f);
  for (size_t i = 0; norm && i < count; i++) x[i] += 1.0f;
  return x;
}

/* Puts a random tensor into every slot that the model has. */
static inline void draw_weights(model *m) {
  for (uint32_t slot = 0; slot < WF_REFERENCE_SLOTS; slot++) {
    for (uint32_t index = 0; index < WF_REFERENCE_INDEXES; index++) {
      uint32_t shape[2];
      if (wf_encoder_slot_shape(shape, m->encoder, slot, index) != WF_OK) continue;
      float *x = draw_slot(shape, slot, index);
      m->weights.slot[slot][index] = x;
      CHECK(wf_encoder_put(m->encoder, x, slot, index, 0, shape[0] * shape[1], WF_F32) == WF_OK,
            "put: slot %u", slot);
    }
  }
}

enum { BATCH_SEQUENCES = 16 };

/* Sequences one after another; what a sequence holds is drawn by its length alone. */
typedef struct batch {
  uint32_t lengths[BATCH_SEQUENCES], count, rows;
  uint32_t *ids, *positions, *types;
  float *embeddings; /* [R, D], for models without tables */
} batch;

static inline batch make_batch(const wf_encoder_description *d, const uint32_t *lengths, uint32_t count) {
  batch b = {.count = count};
  for (uint32_t s = 0; s < count; s++) b.rows += b.lengths[s] = lengths[s];
  b.ids = check_alloc(b.rows * sizeof(uint32_t));
  b.positions = check_alloc(b.rows * sizeof(uint32_t));
  b.types = check_alloc(b.rows * sizeof(uint32_t));
  b.embeddings = check_floats((size_t)b.rows * d->width);
  for (uint32_t s = 0, row = 0; s < count; s++) {
    uint64_t seed = 50 + lengths[s];
    for (uint32_t t = 0; t < lengths[s]; t++, row++) {
      b.ids[row] = d->vocabulary ? check_index(&seed, d->vocabulary) : 0;
      b.positions[row] = d->positions ? t % d->positions : 0;
      b.types[row] = d->types ? check_index(&seed, d->types) : 0;
      for (uint32_t i = 0; i < d->width; i++) b.embeddings[(size_t)row * d->width + i] = check_random(&seed);
    }
  }
  return b;
}

static inline void free_batch(batch *b) {
  free(b->ids);
  free(b->positions);
  free(b->types);
  free(b->embeddings);
}

static inline uint32_t begin_batch(model *m, const batch *b) {
  if (m->description.stem == WF_STEM_EMBEDDINGS) {
    return wf_encoder_begin_embeddings(m->encoder, b->embeddings, b->lengths, b->count);
  }
  return wf_encoder_begin_tokens(m->encoder, b->ids, b->positions, b->types, b->lengths, b->count);
}

/* What a forward shows: rows entering each layer, leaving the last, and finished; attention maps of each layer. */
typedef struct trace {
  float *hidden; /* [layers + 2][R, D] */
  float *maps;   /* [layers][sequence][H, T, T] */
  size_t in_hidden, in_maps;
} trace;

static inline trace run_model(model *m, const batch *b) {
  const wf_encoder_description *d = &m->description;
  trace t = {.in_hidden = (size_t)b->rows * d->width};
  for (uint32_t s = 0; s < b->count; s++) t.in_maps += (size_t)d->heads * b->lengths[s] * b->lengths[s];
  t.hidden = check_floats(t.in_hidden * (d->layers + 2));
  t.maps = check_floats(t.in_maps * d->layers);
  CHECK(begin_batch(m, b) == WF_OK, "begin: tile %u", d->tile);
  for (uint32_t layer = 0; layer <= d->layers + 1; layer++) {
    memcpy(t.hidden + layer * t.in_hidden, wf_encoder_hidden(m->encoder), t.in_hidden * sizeof(float));
    if (layer < d->layers) {
      uint32_t status = wf_encoder_layer(t.maps + layer * t.in_maps, m->encoder, layer);
      CHECK(status == WF_OK, "layer %u: status %u", layer, status);
    } else if (layer == d->layers) {
      CHECK(wf_encoder_finish(m->encoder) == WF_OK, "finish");
    }
  }
  return t;
}

static inline void free_trace(trace *t) {
  free(t->hidden);
  free(t->maps);
}

static inline int same_trace(const trace *a, const trace *b, uint32_t layers) {
  return check_same(a->hidden, b->hidden, a->in_hidden * (layers + 2)) &&
         check_same(a->maps, b->maps, a->in_maps * layers);
}

#endif
