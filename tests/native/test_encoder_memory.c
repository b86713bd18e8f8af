/* Weights and scratch are two blocks of the caller's memory: what a forward or more scratch may change and what not, and
 * models side by side in one memory whose forwards and scratch interleave in any order. */
#include "check.h"
#include "encoders/encoder.h"
#include "images.h"
#include "model.h"

enum { GUARD = 0x5a, BETWEEN = 64, BLOCKS = 128, MODELS = 3 };

/* One memory that blocks are cut from, front to back, with BETWEEN bytes of a pattern around each. */
typedef struct pool {
  uint8_t *memory;
  size_t size, used;
  size_t first[BLOCKS], end[BLOCKS];
  uint32_t blocks;
} pool;

static pool make_pool(size_t size) {
  return (pool){.memory = memset(aligned_zeros(size), GUARD, size), .size = size, .used = BETWEEN};
}

static void *take(pool *p, size_t bytes, int filling) {
  if (p->used + bytes + BETWEEN > p->size || p->blocks == BLOCKS) abort();
  void *place = memset(p->memory + p->used, filling, bytes);
  p->first[p->blocks] = p->used;
  p->end[p->blocks++] = p->used + bytes;
  p->used += bytes + BETWEEN;
  return place;
}

static void check_between(const pool *p, const char *when) {
  size_t written = 0, at = 0;
  for (uint32_t i = 0; i <= p->blocks; i++) {
    size_t until = i < p->blocks ? p->first[i] : p->size;
    for (; at < until; at++) written += p->memory[at] != GUARD;
    if (i < p->blocks) at = p->end[i];
  }
  CHECK(written == 0, "%zu bytes between blocks were written: %s", written, when);
}

/* Three models: tokens with a tied head, images in windows, the caller's rows. */
static wf_encoder_description describe_model(int which, uint32_t tile) {
  const wf_kind_description kind = {.heads = 2,
                                    .head_width = 3,
                                    .inner = 11,
                                    .activation = WF_GELU,
                                    .norms = which == 0 ? 63 : WF_BEFORE_ATTENTION | WF_INSIDE_FEED_FORWARD,
                                    .norm_epsilon = 1e-5f,
                                    .score_scale = 0.6f};
  static const wf_stem stems[] = {WF_STEM_TOKENS, WF_STEM_PATCHES, WF_STEM_EMBEDDINGS};
  wf_encoder_description d = {.tile = tile, .layers = 3, .width = 6, .kinds = 3, .kind = {kind, kind, kind}};
  d.stem = stems[which];
  d.vocabulary = which == 0 ? 31 : 0;
  d.final_norm = 1;
  d.final_norm_epsilon = d.merge_norm_epsilon = 1e-5f;
  d.head_count = 1;
  d.head[0] = (wf_head_description){.inputs = which == 1 ? 12 : 6, .outputs = 31, .tied = which == 0};
  for (uint32_t i = 0; i < 3; i++) d.layer_kind[i] = i;
  if (which != 1) return describe(d);
  d.channels = CHANNELS;
  d.patch_height = d.patch_width = 2;
  for (int i = 0; i < 3; i++) d.kind[i].window = 3;
  d.kind[1].shift = 1;
  d.kind[2].width = 12;
  return describe(d);
}

/* A model in a pool and how far its forward is: at state `at`, or finished, or with its output taken. */
typedef struct tower {
  model m; /* its memory is the pool's */
  batch b;
  float *pixels, *wants_rows, *wants_out; /* what the forward gives in a memory of its own */
  size_t rows, out;
  uint32_t at, states;
  uint8_t *weights; /* a copy of the block, taken when they were derived */
} tower;

static uint32_t begin(tower *t) {
  if (t->pixels) return wf_encoder_begin_pixels(t->m.encoder, t->pixels, NULL, 2, 11, 14); /* 6 x 7 */
  return begin_batch(&t->m, &t->b);
}

/* The output that every model is asked for: means through its head, to unit length. */
static void take_output(tower *t, float *out) {
  const wf_output output = {.poolings = 1, .pooling = {WF_POOL_MEAN}, .heads = 1, .normalize = 1};
  uint32_t count = t->pixels ? 2 : t->b.count;
  CHECK(wf_encoder_output(out, t->m.encoder, NULL, &output, 0, count) == WF_OK, "output");
}

/* The rows that the tower's block costs, and those of its largest sequence or window. */
static void costs_of(const tower *t, uint32_t costs[2]) {
  uint32_t tile = t->m.description.tile;
  costs[0] = t->pixels ? 2 * 6 * 7 : batch_cost(&t->b, tile);
  costs[1] = t->pixels ? wf_padded_length(wf_tile_get(tile), 9) : longest_cost(&t->b, tile);
}

/* Makes a tower without memory, and what it gives in a memory of its own. */
static tower make_tower(int which, uint32_t tile) {
  static const uint32_t lengths[] = {4, 13, 1, 8};
  wf_encoder_description d = describe_model(which, tile);
  tower t = {.states = which == 1 ? 3 : 4};
  if (which == 1) t.pixels = draw_images(2, 11, 14);
  t.b = make_batch(&d, lengths, 4);
  t.m = ready_model(&d, 100, 100);
  t.rows = which == 1 ? (size_t)2 * 3 * 4 * 12 : (size_t)t.b.rows * 6;
  t.out = (which == 1 ? 2 : 4) * (size_t)d.head[0].outputs;
  CHECK(begin(&t) == WF_OK && run_to(&t.m, NULL, t.states - 1) == WF_OK, "run");
  CHECK(wf_encoder_finish(t.m.encoder) == WF_OK, "finish");
  t.wants_rows = memcpy(check_floats(t.rows), wf_encoder_hidden(t.m.encoder), t.rows * sizeof(float));
  t.wants_out = check_floats(t.out);
  take_output(&t, t.wants_out);
  free_model(&t.m);
  t.m = (model){.description = d};
  return t;
}

static void free_tower(tower *t) {
  float *all[] = {t->pixels, t->wants_rows, t->wants_out};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  free(t->weights);
  free_batch(&t->b);
  t->m.encoder = NULL; /* the pool's */
  free_model(&t->m);
}

static void place_tower(tower *t, pool *p) {
  must(wf_encoder_plan(&t->m.bytes, &t->m.description), "plan", &t->m.description);
  t->m.encoder = take(p, t->m.bytes, 0);
  must(wf_encoder_create(t->m.encoder, t->m.bytes, &t->m.description), "create", &t->m.description);
  draw_weights(&t->m);
  t->weights = memcpy(check_alloc(t->m.bytes), t->m.encoder, t->m.bytes);
}

/* Gives the tower scratch in another place: what its block needs, and `more` rows. Its block, if any, is gone. */
static void grow(tower *t, pool *p, uint32_t more) {
  uint32_t costs[2], bytes = 0;
  costs_of(t, costs);
  must(wf_encoder_scratch_plan(&bytes, &t->m.description, costs[0] + more, costs[1] + more, 1),
       "scratch_plan", &t->m.description);
  must(wf_encoder_scratch(t->m.encoder, take(p, bytes, 0xff), bytes, costs[0] + more, costs[1] + more, 1,
                          NULL),
       "scratch", &t->m.description);
  CHECK(run_to(&t->m, NULL, 0) == WF_ERROR_STATE, "a block outlived its scratch");
  t->at = t->states + 1;
}

/* All of the weights block but the account of the forward at hand is as it was when the weights were derived. */
static void check_weights(const tower *t, const char *when) {
  const uint8_t *is = (const uint8_t *)t->m.encoder;
  size_t account = offsetof(wf_encoder, scratch), behind = account + sizeof(wf_scratch);
  CHECK(memcmp(is, t->weights, account) == 0, "the blueprint changed: %s", when);
  CHECK(memcmp(is + behind, t->weights + behind, t->m.bytes - behind) == 0, "weights changed: %s", when);
}

/* One step of the tower's forward: its begin, a small step of its layers, its end, its output; then it begins again. */
static void step(tower *t) {
  uint32_t left = 0;
  if (t->at > t->states) {
    CHECK(begin(t) == WF_OK, "begin");
    t->at = 0;
  } else if (t->at + 1 < t->states) {
    CHECK(wf_encoder_run(&left, NULL, t->m.encoder, t->at + 1, 0) == WF_OK, "run");
    t->at += left == 0;
  } else if (t->at + 1 == t->states) {
    CHECK(wf_encoder_finish(t->m.encoder) == WF_OK, "finish");
    CHECK(check_same(wf_encoder_hidden(t->m.encoder), t->wants_rows, t->rows), "other rows than alone");
    t->at++;
  } else {
    float *out = check_floats(t->out);
    take_output(t, out);
    CHECK(check_same(out, t->wants_out, t->out), "another output than alone");
    free(out);
    t->at++;
  }
}

/* Scratch grown again and again, by one row, by a few, by many: no byte of weights changes, nor any other. */
static void test_growing_scratch(int which, uint32_t tile) {
  static const uint32_t more[] = {0, 1, 5, 64, 3, 0, 700};
  pool p = make_pool((size_t)2 << 20);
  tower t = make_tower(which, tile);
  place_tower(&t, &p);
  for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
    grow(&t, &p, more[i]);
    check_weights(&t, "new scratch");
    do step(&t);
    while (t.at <= t.states);
    check_weights(&t, "a forward");
    check_between(&p, "growing");
  }
  free(p.memory);
  free_tower(&t);
}

/* Steps of all models in turn as chance has it. Now and then one gets new scratch, also in the middle of the others'
 * forwards, or of its own, which then begins again. */
static void test_models_in_one_memory(uint32_t tile, uint64_t seed) {
  pool p = make_pool((size_t)8 << 20);
  tower towers[MODELS];
  uint32_t done[MODELS] = {0}, grown = 0;
  for (int i = 0; i < MODELS; i++) towers[i] = make_tower(i, tile);
  for (int i = MODELS; i-- > 0;) place_tower(&towers[i], &p);
  for (int i = 0; i < MODELS; i++) grow(&towers[i], &p, 0);
  for (uint32_t turn = 0; turn < 12000; turn++) {
    uint32_t which = check_index(&seed, MODELS);
    step(&towers[which]);
    done[which] += towers[which].at > towers[which].states;
    if (check_index(&seed, 400) || grown >= 60) continue;
    grow(&towers[check_index(&seed, MODELS)], &p, check_index(&seed, 40));
    grown++;
  }
  for (int i = 0; i < MODELS; i++) {
    CHECK(done[i] > 3, "model %d ran %u times", i, done[i]);
    check_weights(&towers[i], "many forwards");
  }
  CHECK(grown > 10, "grown %u times", grown);
  check_between(&p, "many forwards");
  for (int i = 0; i < MODELS; i++) free_tower(&towers[i]);
  free(p.memory);
}

int main(void) {
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    for (int which = 0; which < MODELS; which++) test_growing_scratch(which, tile);
    for (uint64_t seed = 1; seed <= 3; seed++) test_models_in_one_memory(tile, seed + 10 * tile);
  }
  return check_finish();
}
