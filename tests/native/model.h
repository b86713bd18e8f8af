/* A small random model for the tests of encoders: planned, placed in exactly the memory that the plans ask for, filled,
 * and run over a batch with everything kept that a caller can see. Scratch holds NaN at first. */
#ifndef MODEL_H
#define MODEL_H

#include "check.h"
#include "layers/layers.h"
#include "reference/reference.h"
#include "wasmformer.h"

typedef struct model {
  wf_encoder_description description;
  wf_encoder *encoder;
  void *scratch;
  uint32_t bytes, scratch_bytes;
  wf_reference_weights weights; /* what draw_weights put, freed with the model */
} model;

static inline void *aligned_zeros(size_t bytes) {
  void *memory = aligned_alloc(64, bytes);
  if (!memory) abort();
  return memset(memory, 0, bytes);
}

/* Ends the program when there is nothing to go on with. */
static inline void must(uint32_t status, const char *what, const wf_encoder_description *d) {
  CHECK(status == WF_OK, "%s: status %u, tile %u width %u", what, status, d->tile, d->width);
  if (status != WF_OK) exit(check_finish());
}

/* describe completes a description that leaves out what most of them have: one kind; layers that use their own weights;
 * as many key heads as heads; no limit of reach; no projection of tables; patches side by side. */
static inline wf_encoder_description describe(wf_encoder_description d) {
  if (!d.projection) d.table_width = d.width;
  if (!d.stride_height) d.stride_height = d.patch_height;
  if (!d.stride_width) d.stride_width = d.patch_width;
  if (d.layers && !d.kinds) d.kinds = 1;
  for (uint32_t i = 0; i < d.kinds; i++) {
    wf_kind_description *k = &d.kind[i];
    if (!k->key_heads) k->key_heads = k->heads;
    k->left = k->right = WF_UNLIMITED;
    if (!k->width) k->width = d.width;
    if (k->window) k->bias = WF_BIAS_WINDOW;
  }
  for (uint32_t i = 0; i < d.layers + d.pool && i < WF_MAX_LAYERS; i++)
    d.layer_weights[i] = d.layer_bias[i] = i;
  return d;
}

static inline model make_model(const wf_encoder_description *description) {
  model m = {.description = *description};
  must(wf_encoder_plan(&m.bytes, description), "plan", description);
  m.encoder = aligned_zeros(m.bytes);
  must(wf_encoder_create(m.encoder, m.bytes, description), "create", description);
  return m;
}

static inline void free_model(model *m) {
  for (int slot = 0; slot < WF_REFERENCE_SLOTS; slot++) {
    for (int index = 0; index < WF_REFERENCE_INDEXES; index++) free(m->weights.slot[slot][index]);
  }
  free(m->encoder);
  free(m->scratch);
}

/* Values of a slot's size: norms around 1, biases small, products that keep the size of their input. Drawn by the slot
 * alone, so that a model has the same weights in every tile. */
static inline float *draw_slot(const uint32_t shape[2], uint32_t slot, uint32_t index) {
  uint64_t seed = 2000 + slot * 16 + index;
  size_t count = (size_t)shape[0] * shape[1];
  int table = slot <= WF_SLOT_TYPE_TABLE, matrix = shape[0] > 1 && !table;
  int of_layer = slot >= WF_SLOT_BEFORE_ATTENTION_WEIGHT && slot <= WF_SLOT_AFTER_FEED_FORWARD_WEIGHT;
  int norm = slot == WF_SLOT_EMBEDDING_NORM_WEIGHT || slot == WF_SLOT_FINAL_NORM_WEIGHT ||
             slot == WF_SLOT_MERGE_NORM_WEIGHT || slot == WF_SLOT_HEAD_NORM_WEIGHT ||
             slot == WF_SLOT_QUERY_NORM_WEIGHT || slot == WF_SLOT_KEY_NORM_WEIGHT ||
             slot == WF_SLOT_CONVOLUTION_NORM_WEIGHT || slot == WF_SLOT_FRAME_NORM_WEIGHT ||
             slot == WF_SLOT_FEATURE_NORM_WEIGHT || (of_layer && slot % 2 == 0);
  float *x = check_randoms(&seed, count, matrix ? 2.0f / sqrtf((float)shape[1]) : table ? 1.0f : 0.2f);
  for (size_t i = 0; norm && i < count; i++) x[i] += 1.0f;
  return x;
}

/* Puts whole tensors of float32 as they are. */
static inline uint32_t put_slot(wf_encoder *encoder, const float *x, uint32_t slot, uint32_t index,
                                uint32_t count) {
  const wf_put put = {.slot = slot, .index = index, .count = count};
  return wf_encoder_put(encoder, x, &put);
}

/* What draw_weights put comes back, bit for bit, but for a convolution's weight that its norm has replaced. */
static inline void check_weights_come_back(const model *m) {
  for (uint32_t slot = 0; slot < WF_REFERENCE_SLOTS; slot++) {
    for (uint32_t index = 0; index < WF_REFERENCE_INDEXES; index++) {
      uint32_t shape[2];
      if (!m->weights.slot[slot][index]) continue;
      CHECK(wf_encoder_slot_shape(shape, m->encoder, slot, index) == WF_OK, "slot %u %u", slot, index);
      const wf_put get = {.slot = slot, .index = index, .count = shape[0] * shape[1]};
      float *found = check_floats(get.count);
      int replaced = slot == WF_SLOT_POSITION_CONVOLUTION_WEIGHT && m->description.position.weight_norm;
      uint32_t status = wf_encoder_get(found, m->encoder, &get);
      CHECK(status == (replaced ? WF_ERROR_UNSUPPORTED : WF_OK), "slot %u %u: status %u", slot, index,
            status);
      CHECK(replaced || check_same(found, m->weights.slot[slot][index], get.count),
            "slot %u %u: others come back", slot, index);
      free(found);
    }
  }
}

/* Puts a random tensor into every slot that the model has. */
static inline void put_weights(model *m) {
  for (uint32_t slot = 0; slot < WF_REFERENCE_SLOTS; slot++) {
    for (uint32_t index = 0; index < WF_REFERENCE_INDEXES; index++) {
      uint32_t shape[2];
      if (wf_encoder_slot_shape(shape, m->encoder, slot, index) != WF_OK) continue;
      float *x = draw_slot(shape, slot, index);
      m->weights.slot[slot][index] = x;
      CHECK(put_slot(m->encoder, x, slot, index, shape[0] * shape[1]) == WF_OK, "put: slot %u", slot);
    }
  }
}

/* The same, and derives the rest. */
static inline void draw_weights(model *m) {
  put_weights(m);
  must(wf_encoder_derive(m->encoder), "derive", &m->description);
}

/* The team that models share their loops among: none, or with WF_TEST_THREADS that many threads, the same for all. */
#if defined(WF_TEST_THREADS)
#include <pthread.h>
static wf_team *team_of_threads;
static void *join_team(void *thread) {
  if (wf_team_join(team_of_threads, (uint32_t)(uintptr_t)thread) != WF_OK) abort();
  return NULL;
}
static inline wf_team *test_team(uint32_t *threads) {
  *threads = WF_TEST_THREADS;
  if (team_of_threads) return team_of_threads;
  team_of_threads = aligned_zeros(wf_team_bytes());
  for (uintptr_t i = 1; i < WF_TEST_THREADS; i++) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, join_team, (void *)i) == 0, "thread %zu", (size_t)i);
    pthread_detach(thread);
  }
  while (wf_team_joined(team_of_threads) < WF_TEST_THREADS - 1) {
  }
  return team_of_threads;
}
#else
static inline wf_team *test_team(uint32_t *threads) {
  *threads = 1;
  return NULL;
}
#endif

/* Gives the model scratch of exactly the size planned, all NaN; the earlier scratch is freed. */
static inline void give_scratch(model *m, uint32_t rows, uint32_t group) {
  const wf_encoder_description *d = &m->description;
  uint32_t threads;
  wf_team *team = test_team(&threads);
  must(wf_encoder_scratch_plan(&m->scratch_bytes, d, rows, group, threads), "scratch_plan", d);
  void *memory = memset(aligned_zeros(m->scratch_bytes), 0xff, m->scratch_bytes);
  must(wf_encoder_scratch(m->encoder, memory, m->scratch_bytes, rows, group, threads, team), "scratch", d);
  free(m->scratch);
  m->scratch = memory;
}

/* A model with weights and with scratch for blocks of `rows` rows, of which attention takes `group` at a time. */
static inline model ready_model(const wf_encoder_description *description, uint32_t rows, uint32_t group) {
  model m = make_model(description);
  if (description->relative_rows) { /* deriving needs the scratch */
    put_weights(&m);
    give_scratch(&m, rows, group);
    must(wf_encoder_derive(m.encoder), "derive", description);
    return m;
  }
  draw_weights(&m);
  give_scratch(&m, rows, group);
  return m;
}

static inline const wf_kind_description *kind_of(const wf_encoder_description *d, uint32_t layer) {
  return &d->kind[d->layer_kind[layer]];
}

/* All layers up to a state in one call. */
static inline uint32_t run_to(model *m, float *maps, uint32_t state) {
  uint32_t left = 12345, status = wf_encoder_run(&left, maps, m->encoder, state, UINT32_MAX);
  CHECK(status != WF_OK || left == 0, "run to state %u: %u layers left", state, left);
  return status;
}

enum { BATCH_SEQUENCES = 80 };

/* Sequences one after another; what a sequence holds is drawn by its length alone. */
typedef struct batch {
  uint32_t lengths[BATCH_SEQUENCES], count, rows;
  uint32_t *ids, *positions, *types;
  float *embeddings; /* [R, D], for models without tables */
  const float *
      sound; /* [count, frame_inputs, frames], for those of sounds, not the batch's own; of each count `kept` */
  uint32_t frames, kept[BATCH_SEQUENCES];
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

/* The rows that a batch costs in a tile, and those of its longest sequence, as the padding of layers has them. */
static inline uint32_t batch_cost(const batch *b, uint32_t tile) {
  uint32_t rows = 0;
  for (uint32_t s = 0; s < b->count; s++) rows += wf_padded_length(wf_tile_get(tile), b->lengths[s]);
  return rows;
}
static inline uint32_t longest_cost(const batch *b, uint32_t tile) {
  uint32_t longest = 0;
  for (uint32_t s = 0; s < b->count; s++) longest = b->lengths[s] > longest ? b->lengths[s] : longest;
  return wf_padded_length(wf_tile_get(tile), longest);
}

/* The stem of sounds runs in steps, here the smallest. */
static inline uint32_t begin_sounds(model *m, const batch *b) {
  uint32_t status = wf_encoder_begin_frames(m->encoder, b->sound, b->kept, b->frames, b->count);
  for (uint32_t left = 1; status == WF_OK && left;) status = wf_encoder_run(&left, NULL, m->encoder, 0, 0);
  return status;
}

static inline uint32_t begin_batch(model *m, const batch *b) {
  if (m->description.stem == WF_STEM_EMBEDDINGS) {
    return wf_encoder_begin_embeddings(m->encoder, b->embeddings, b->lengths, b->count);
  }
  if (m->description.stem == WF_STEM_FRAMES) return begin_sounds(m, b);
  return wf_encoder_begin_tokens(m->encoder, b->ids, b->positions, b->types, b->lengths, b->count);
}

/* What a forward shows: rows entering each layer, leaving the last, and finished; attention maps of each layer. */
typedef struct trace {
  float *hidden; /* [layers + 2][R, D] */
  float *maps;   /* [layers][sequence][H, T, T], with room for the most heads of a layer */
  size_t in_hidden, in_maps;
} trace;

static inline trace make_trace(const wf_encoder_description *d, const batch *b) {
  trace t = {.in_hidden = (size_t)b->rows * d->width};
  uint32_t heads = 0;
  for (uint32_t layer = 0; layer < d->layers; layer++)
    heads = kind_of(d, layer)->heads > heads ? kind_of(d, layer)->heads : heads;
  for (uint32_t s = 0; s < b->count; s++) t.in_maps += (size_t)heads * b->lengths[s] * b->lengths[s];
  t.hidden = check_floats(t.in_hidden * (d->layers + 2));
  t.maps = check_floats(t.in_maps * d->layers);
  return t;
}

/* Keeps the rows at hand as those of state `state`. */
static inline void keep_rows(trace *t, const model *m, uint32_t state) {
  memcpy(t->hidden + state * t->in_hidden, wf_encoder_hidden(m->encoder), t->in_hidden * sizeof(float));
}

/* Runs a batch state by state. */
static inline trace run_model(model *m, const batch *b) {
  const wf_encoder_description *d = &m->description;
  trace t = make_trace(d, b);
  CHECK(begin_batch(m, b) == WF_OK, "begin: tile %u", d->tile);
  for (uint32_t layer = 0; layer <= d->layers + 1; layer++) {
    keep_rows(&t, m, layer);
    if (layer < d->layers) {
      uint32_t status = run_to(m, t.maps + layer * t.in_maps, layer + 1);
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
