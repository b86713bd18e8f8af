/* The lone attention module against its twin in double precision: queries, keys and values of their own, valid lengths,
 * and what it refuses. */
#include "check.h"
#include "layers/layers.h"
#include "model.h"

enum { SEQUENCES = 3, WIDTH = 10, HEADS = 2, HEAD_WIDTH = 6, ALL = HEADS * HEAD_WIDTH };

static wf_encoder_description attention_module(uint32_t tile) {
  return describe((wf_encoder_description){.tile = tile,
                                           .stem = WF_STEM_ATTENTION,
                                           .layers = 1,
                                           .width = WIDTH,
                                           .kind = {{.heads = HEADS,
                                                     .head_width = HEAD_WIDTH,
                                                     .inner = 1,
                                                     .norm_epsilon = 1e-5f,
                                                     .score_scale = 0.4f}}});
}

typedef struct example {
  uint32_t query_length, key_length, *valid; /* valid: [SEQUENCES, Tq], from 0 to more than all */
  float *queries, *keys, *values, *out, *maps;
  size_t in_out, in_maps;
} example;

static example make_example(uint32_t query_length, uint32_t key_length) {
  uint64_t seed = query_length * 64 + key_length;
  size_t in_queries = (size_t)SEQUENCES * query_length * WIDTH,
         in_keys = (size_t)SEQUENCES * key_length * WIDTH;
  example e = {.query_length = query_length, .key_length = key_length, .in_out = in_queries};
  e.in_maps = (size_t)SEQUENCES * HEADS * query_length * key_length;
  e.queries = check_randoms(&seed, in_queries, 1.0f);
  e.keys = check_randoms(&seed, in_keys, 1.0f);
  e.values = check_randoms(&seed, in_keys, 1.0f);
  e.out = check_floats(in_queries);
  e.maps = check_floats(e.in_maps);
  e.valid = malloc((size_t)SEQUENCES * query_length * sizeof *e.valid);
  if (!e.valid) abort();
  for (uint32_t i = 0; i < SEQUENCES * query_length; i++)
    e.valid[i] = i == 0 ? 0 : i == 1 ? UINT32_MAX : check_index(&seed, key_length + 2);
  return e;
}

static void free_example(example *e) {
  float *all[] = {e->queries, e->keys, e->values, e->out, e->maps};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  free(e->valid);
}

/* The part of the common projection that is queries, keys or values, of the rows x. */
static double *project(const model *m, const float *x, uint32_t rows, uint32_t part) {
  double *wide = check_widened(x, (size_t)rows * WIDTH), *out = check_doubles((size_t)rows * ALL);
  wf_reference_linear(out, NULL, wide, m->weights.slot[WF_SLOT_QKV_WEIGHT][0] + (size_t)part * ALL * WIDTH,
                      m->weights.slot[WF_SLOT_QKV_BIAS][0] + part * ALL, rows, WIDTH, ALL);
  for (uint32_t i = 0; part == 0 && i < rows * ALL; i++) out[i] *= (double)m->description.kind[0].score_scale;
  free(wide);
  return out;
}

static void check_sequence(check_worst worst[2], const model *m, const example *e, uint32_t s, int valid) {
  size_t in_map = (size_t)HEADS * e->query_length * e->key_length, count = (size_t)e->query_length * WIDTH;
  size_t key_at = (size_t)s * e->key_length * WIDTH;
  double *queries = project(m, e->queries + s * count, e->query_length, 0);
  double *keys = project(m, e->keys + key_at, e->key_length, 1);
  double *values = project(m, e->values + key_at, e->key_length, 2);
  double *context = check_doubles((size_t)e->query_length * ALL), *maps = check_doubles(in_map);
  double *out = check_doubles(count);
  wf_reference_sequence sequence = {.queries = queries,
                                    .keys = keys,
                                    .values = values,
                                    .stride = ALL,
                                    .key_stride = ALL,
                                    .group = 1,
                                    .left = UINT32_MAX,
                                    .right = UINT32_MAX,
                                    .valid = e->key_length,
                                    .valid_of_queries = valid ? e->valid + s * e->query_length : NULL,
                                    .query_length = e->query_length,
                                    .key_length = e->key_length};
  wf_reference_attention(context, maps, &sequence, HEADS, HEAD_WIDTH);
  wf_reference_linear(out, NULL, context, m->weights.slot[WF_SLOT_OUT_WEIGHT][0],
                      m->weights.slot[WF_SLOT_OUT_BIAS][0], e->query_length, ALL, WIDTH);
  for (size_t i = 0; i < count; i++) {
    CHECK_ERROR(&worst[0], fabs((double)e->out[s * count + i] - out[i]), "%u queries, %u keys",
                e->query_length, e->key_length);
  }
  for (size_t i = 0; i < in_map; i++) {
    CHECK_ERROR(&worst[1], fabs((double)e->maps[s * in_map + i] - maps[i]), "%u queries, %u keys",
                e->query_length, e->key_length);
  }
  double *all[] = {queries, keys, values, context, maps, out};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/* In every tile, in a model that has room for exactly the longer side. */
static void test_lengths(check_worst worst[2], uint32_t query_length, uint32_t key_length, int valid) {
  example e = make_example(query_length, key_length);
  float *first = NULL, *without_maps = check_floats(e.in_out);
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    uint32_t longest = query_length > key_length ? query_length : key_length;
    wf_encoder_description d = attention_module(tile);
    model m = ready_model(&d, 1, wf_padded_length(wf_tile_get(tile), longest));
    const uint32_t *lengths = valid ? e.valid : NULL;
    uint32_t status = wf_encoder_attend(e.out, e.maps, m.encoder, e.queries, e.keys, e.values, lengths,
                                        SEQUENCES, query_length, key_length);
    CHECK(status == WF_OK, "attend: status %u, tile %u, %u x %u", status, tile, query_length, key_length);
    for (uint32_t s = 0; tile == 0 && s < SEQUENCES; s++) check_sequence(worst, &m, &e, s, valid);
    if (!first) first = memcpy(check_floats(e.in_out), e.out, e.in_out * sizeof(float));
    CHECK(check_same(first, e.out, e.in_out), "other bits: tile %u, %u x %u", tile, query_length, key_length);
    status = wf_encoder_attend(without_maps, NULL, m.encoder, e.queries, e.keys, e.values, lengths, SEQUENCES,
                               query_length, key_length);
    CHECK(status == WF_OK && check_same(first, without_maps, e.in_out), "without maps: tile %u", tile);
    free_model(&m);
  }
  free(first);
  free(without_maps);
  free_example(&e);
}

static void test_refusals(void) {
  wf_encoder_description d = attention_module(0);
  model m = ready_model(&d, 24, 24);
  example e = make_example(5, 7);
  static const struct {
    uint32_t queries, keys, status;
  } bad[] = {{0, 7, WF_ERROR_ARGUMENT}, {5, 0, WF_ERROR_ARGUMENT},        {25, 7, WF_ERROR_MEMORY},
             {5, 25, WF_ERROR_MEMORY},  {UINT32_MAX, 7, WF_ERROR_MEMORY}, {5, UINT32_MAX, WF_ERROR_MEMORY}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    uint32_t status = wf_encoder_attend(e.out, e.maps, m.encoder, e.queries, e.keys, e.values, NULL, 1,
                                        bad[i].queries, bad[i].keys);
    CHECK(status == bad[i].status, "%u x %u: status %u", bad[i].queries, bad[i].keys, status);
  }
  CHECK(isnan(e.out[0]) && isnan(e.maps[0]), "a refused call wrote");
  CHECK(run_to(&m, NULL, 1) == WF_ERROR_STATE, "a layer ran");
  const uint32_t length = 5;
  CHECK(wf_encoder_begin_embeddings(m.encoder, e.queries, &length, 1) == WF_ERROR_ARGUMENT, "another stem");
  free_example(&e);
  free_model(&m);
}

/* Neither a module without scratch or without derived weights attends, nor a model that is none. */
static void test_order_of_calls(void) {
  wf_encoder_description d = attention_module(0);
  example e = make_example(3, 3);
  model m = make_model(&d), other = make_model(&d);
  wf_encoder_description layers = attention_module(0);
  layers.stem = WF_STEM_EMBEDDINGS;
  model stack = ready_model(&layers, 24, 24);
  give_scratch(&m, 24, 24);
  CHECK(wf_encoder_attend(e.out, NULL, m.encoder, e.queries, e.keys, e.values, NULL, 1, 3, 3) ==
            WF_ERROR_STATE,
        "attended before the weights were derived");
  draw_weights(&other);
  CHECK(wf_encoder_attend(e.out, NULL, other.encoder, e.queries, e.keys, e.values, NULL, 1, 3, 3) ==
            WF_ERROR_STATE,
        "attended without scratch");
  CHECK(wf_encoder_attend(e.out, NULL, stack.encoder, e.queries, e.keys, e.values, NULL, 1, 3, 3) ==
            WF_ERROR_UNSUPPORTED,
        "a stack of layers attended");
  CHECK(isnan(e.out[0]), "a refused call wrote");
  free_model(&m);
  free_model(&other);
  free_model(&stack);
  free_example(&e);
}

int main(void) {
  static const uint32_t lengths[] = {1, 2, 5, 6, 7, 8, 9, 12, 13, 40};
  check_worst worst[2] = {{.name = "result", .limit = 2e-6}, {.name = "maps", .limit = 2e-6}};
  for (int i = 0; i < 10; i++) {
    for (int j = 0; j < 10; j++) test_lengths(worst, lengths[i], lengths[j], (i + j) % 2);
  }
  test_refusals();
  test_order_of_calls();
  check_report(&worst[0]);
  check_report(&worst[1]);
  return check_finish();
}
