/* What an encoder refuses, with which status, and that it goes on working: descriptions, memory, batches, indexes, calls
 * out of order. And the small functions beside it: tiles, status messages. */
#include "check.h"
#include "layers/layers.h"
#include "model.h"
#include <stddef.h>

static wf_encoder_description good_description(void) {
  wf_encoder_description d = {.max_rows = 40,
                              .group_rows = 40,
                              .layers = 2,
                              .width = 9,
                              .heads = 2,
                              .head_width = 5,
                              .feed_forward = 13,
                              .norm_epsilon = 1e-5f,
                              .score_scale = 0.5f,
                              .vocabulary = 29,
                              .positions = 17,
                              .types = 2,
                              .embedding_norm = 1,
                              .embedding_norm_epsilon = 1e-5f,
                              .final_norm = 1,
                              .head_count = 2};
  d.head[0] = (wf_head_description){.inputs = 9, .outputs = 4, .activation = WF_TANH, .norm = 1};
  d.head[1] = (wf_head_description){.inputs = 9, .outputs = 29, .tied = 1};
  return d;
}

/* A field of the description, by place, the least and the largest value that it may have, and what the good description
 * with the largest is: most fit it, some are in range and do not fit the rest. */
typedef struct range {
  const char *name;
  size_t offset;
  uint32_t least, most, status;
} range;
#define FIELD(name, least, most) {#name, offsetof(wf_encoder_description, name), least, most, WF_OK}
#define HEAD_FIELD(name, least, most) \
  {"head." #name, offsetof(wf_encoder_description, head[0].name), least, most, WF_OK}

static const range ranges[] = {
    FIELD(tile, 0, WF_TILE_COUNT - 1),
    FIELD(max_rows, 1, 1u << 20),
    FIELD(stem, 0, WF_STEM_ATTENTION),
    FIELD(place, 0, WF_PLACE_PRE),
    FIELD(layers, 0, 128),
    FIELD(width, 1, 8192),
    FIELD(heads, 1, 128),
    FIELD(head_width, 1, 1024),
    FIELD(feed_forward, 1, 65536),
    FIELD(activation, 0, WF_ACTIVATION_COUNT - 1),
    FIELD(vocabulary, 1, 1u << 20),
    FIELD(positions, 0, 65536),
    FIELD(types, 0, 65536),
    FIELD(embedding_norm, 0, 1),
    FIELD(final_norm, 0, 1),
    FIELD(head_count, 0, WF_MAX_HEADS),
    HEAD_FIELD(inputs, 1, 65536),
    HEAD_FIELD(outputs, 1, 1u << 20),
    HEAD_FIELD(activation, 0, WF_ACTIVATION_COUNT - 1),
    HEAD_FIELD(norm, 0, 1),
    FIELD(group_rows, 1, 1u << 20),
    FIELD(channels, 0, 16),
    FIELD(patch_height, 0, 1024),
    FIELD(patch_width, 0, 1024),
    FIELD(prefix, 0, 1024),
    FIELD(prefix_positions, 0, 1),
    {"head.tied", offsetof(wf_encoder_description, head[0].tied), 0, 1, WF_ERROR_SHAPE},
    {"stages", offsetof(wf_encoder_description, stages), 0, WF_MAX_STAGES, WF_ERROR_UNSUPPORTED},
};

static uint32_t plan_with(size_t offset, const void *value) {
  wf_encoder_description d = good_description();
  uint32_t bytes = 12345;
  d.head_count = 1; /* the tied head would have to fit as well */
  memcpy((char *)&d + offset, value, 4);
  if (offset == offsetof(wf_encoder_description, head_count)) {
    for (int i = 1; i < WF_MAX_HEADS; i++) d.head[i] = d.head[0];
  }
  uint32_t status = wf_encoder_plan(&bytes, &d);
  CHECK(status == WF_OK || bytes == 12345, "a refused plan wrote its size");
  return status;
}

static void test_fields_out_of_range_are_refused(void) {
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
    const range *r = &ranges[i];
    const uint32_t beyond[] = {r->most + 1, r->least - 1, 1u << 31, UINT32_MAX};
    for (int k = 0; k < 4; k++) {
      if (beyond[k] >= r->least && beyond[k] <= r->most) continue;
      uint32_t status = plan_with(r->offset, &beyond[k]);
      CHECK(status == WF_ERROR_ARGUMENT, "%s = %u: status %u", r->name, beyond[k], status);
    }
    uint32_t low = plan_with(r->offset, &r->least), high = plan_with(r->offset, &r->most);
    CHECK(low == WF_OK, "%s = %u: status %u", r->name, r->least, low);
    CHECK(high == r->status, "%s = %u: status %u", r->name, r->most, high);
  }
}

static void test_numbers_out_of_range_are_refused(void) {
  static const size_t epsilons[] = {offsetof(wf_encoder_description, norm_epsilon),
                                    offsetof(wf_encoder_description, embedding_norm_epsilon)};
  static const float bad[] = {-1e-5f, 1.5f, INFINITY, -INFINITY, NAN};
  static const float bad_scale[] = {0.0f, -1.0f, 2e6f, INFINITY, NAN};
  for (int i = 0; i < 5; i++) {
    for (int k = 0; k < 2; k++) {
      CHECK(plan_with(epsilons[k], &bad[i]) == WF_ERROR_ARGUMENT, "epsilon %g", (double)bad[i]);
    }
    uint32_t status = plan_with(offsetof(wf_encoder_description, score_scale), &bad_scale[i]);
    CHECK(status == WF_ERROR_ARGUMENT, "score scale %g", (double)bad_scale[i]);
  }
}

/* Every tied head that is not the token table's transpose, and sizes beyond 32 bits. */
static void test_descriptions_that_do_not_fit_together(void) {
  uint32_t bytes = 0;
  for (int kind = 0; kind < 4; kind++) {
    wf_encoder_description d = good_description();
    if (kind == 0) d.head[1].inputs = 8;
    if (kind == 1) d.head[1].outputs = 28;
    if (kind == 2) d.head[1].norm = 1;
    if (kind == 3) d.head[1].activation = WF_GELU;
    CHECK(wf_encoder_plan(&bytes, &d) == WF_ERROR_SHAPE, "tied head %d", kind);
  }
  wf_encoder_description d = good_description();
  d.head_count = 0;
  d.vocabulary = 1u << 20;
  d.width = 8192;
  CHECK(wf_encoder_plan(&bytes, &d) == WF_ERROR_MEMORY, "a table of 32 GB");
  d = good_description();
  d.layers = 128, d.width = 8192, d.heads = 128, d.head_width = 1024, d.feed_forward = 65536,
  d.max_rows = 1u << 20;
  d.head_count = 0, d.group_rows = 1u << 20;
  CHECK(wf_encoder_plan(&bytes, &d) == WF_ERROR_MEMORY, "the largest of everything");
  CHECK(bytes == 0, "a refused plan wrote its size");
}

static wf_encoder *encoder_at(void *memory, size_t offset) {
  void *place = (char *)memory + offset;
  return place;
}

static void test_memory_must_fit(void) {
  wf_encoder_description d = good_description();
  uint32_t bytes = 0;
  CHECK(wf_encoder_plan(&bytes, &d) == WF_OK && bytes % 64 == 0, "plan of %u bytes", bytes);
  char *memory = aligned_zeros(bytes + 64);
  CHECK(wf_encoder_create(encoder_at(memory, 0), bytes - 1, &d) == WF_ERROR_MEMORY, "a byte less");
  CHECK(wf_encoder_create(encoder_at(memory, 16), bytes, &d) == WF_ERROR_MEMORY, "not aligned");
  for (uint32_t i = 0; i < bytes + 64; i++) CHECK(memory[i] == 0, "a refused create wrote byte %u", i);
  free(memory);
}

/* Memory that holds no encoder is told from one, and nothing runs before a block was begun. */
static void test_calls_out_of_order(void) {
  wf_encoder_description d = good_description();
  model m = make_model(&d);
  const uint32_t one = 1, id = 0;
  uint32_t shape[2];
  float x[64] = {0}, out[64];
  wf_encoder *none = aligned_zeros(m.bytes);
  CHECK(wf_encoder_put(none, x, WF_SLOT_TYPE_TABLE, 0, 0, 1, WF_F32) == WF_ERROR_STATE, "put");
  CHECK(wf_encoder_slot_shape(shape, none, WF_SLOT_TYPE_TABLE, 0) == WF_ERROR_STATE, "slot_shape");
  CHECK(wf_encoder_begin_tokens(none, &id, &id, &id, &one, 1) == WF_ERROR_STATE, "begin_tokens");
  CHECK(wf_encoder_begin_embeddings(none, x, &one, 1) == WF_ERROR_STATE, "begin_embeddings");
  CHECK(wf_encoder_layer(NULL, none, 0) == WF_ERROR_STATE, "layer");
  CHECK(wf_encoder_finish(none) == WF_ERROR_STATE, "finish");
  CHECK(wf_encoder_head(out, x, none, 0, 1) == WF_ERROR_STATE, "head");
  CHECK(wf_encoder_layer(NULL, m.encoder, 0) == WF_ERROR_STATE, "layer before begin");
  CHECK(wf_encoder_finish(m.encoder) == WF_ERROR_STATE, "finish before begin");
  free(none);
  free_model(&m);
}

/* Runs a good batch; its bits must be those of the first time. */
static void check_still_works(model *m, const batch *b, const trace *first, const char *after) {
  trace t = run_model(m, b);
  CHECK(same_trace(&t, first, m->description.layers), "other bits after %s", after);
  free_trace(&t);
}

static void refuse_lengths(model *m, const batch *b, const trace *first, const char *what, uint32_t length0,
                           uint32_t length1, uint32_t count, uint32_t status) {
  const uint32_t lengths[] = {length0, length1};
  uint32_t got = wf_encoder_begin_tokens(m->encoder, b->ids, b->positions, b->types, lengths, count);
  CHECK(got == status, "%s: status %u, not %u", what, got, status);
  CHECK(wf_encoder_layer(NULL, m->encoder, 0) == WF_ERROR_STATE, "a layer ran after %s", what);
  CHECK(wf_encoder_finish(m->encoder) == WF_ERROR_STATE, "finish ran after %s", what);
  check_still_works(m, b, first, what);
}

static void refuse_index(model *m, batch *b, const trace *first, const char *what, uint32_t *place,
                         uint32_t limit) {
  const uint32_t kept = *place, bad[] = {limit, UINT32_MAX};
  for (int i = 0; i < 2; i++) {
    *place = bad[i];
    CHECK(begin_batch(m, b) == WF_ERROR_ARGUMENT, "%s %u of %u", what, bad[i], limit);
    CHECK(wf_encoder_layer(NULL, m->encoder, 0) == WF_ERROR_STATE, "a layer ran after %s %u", what, bad[i]);
    *place = kept;
    check_still_works(m, b, first, what);
  }
}

static void test_bad_batches_are_refused(uint32_t tile) {
  static const uint32_t lengths[] = {1, 9, 4};
  wf_encoder_description d = good_description();
  d.tile = tile;
  batch b = make_batch(&d, lengths, 3);
  for (int s = 0; s < 3; s++)
    d.max_rows = (s ? d.max_rows : 0) + wf_padded_length(wf_tile_get(tile), lengths[s]);
  model m = make_model(&d);
  draw_weights(&m);
  trace first = run_model(&m, &b);
  refuse_lengths(&m, &b, &first, "no sequences", 1, 1, 0, WF_ERROR_ARGUMENT);
  refuse_lengths(&m, &b, &first, "a length of 0", 0, 1, 2, WF_ERROR_ARGUMENT);
  refuse_lengths(&m, &b, &first, "a last length of 0", 1, 0, 2, WF_ERROR_ARGUMENT);
  refuse_lengths(&m, &b, &first, "a long sequence", d.max_rows + 1, 1, 1, WF_ERROR_MEMORY);
  refuse_lengths(&m, &b, &first, "the longest length", UINT32_MAX, 1, 1, WF_ERROR_MEMORY);
  refuse_lengths(&m, &b, &first, "a wrapping sum", 1, UINT32_MAX, 2, WF_ERROR_MEMORY);
  refuse_lengths(&m, &b, &first, "a long sum", d.max_rows - 1, 2, 2, WF_ERROR_MEMORY);
  for (uint32_t row = 0; row < b.rows; row += b.rows - 1) {
    refuse_index(&m, &b, &first, "id", &b.ids[row], d.vocabulary);
    refuse_index(&m, &b, &first, "position", &b.positions[row], d.positions);
    refuse_index(&m, &b, &first, "type", &b.types[row], d.types);
  }
  CHECK(wf_encoder_begin_tokens(m.encoder, b.ids, NULL, b.types, b.lengths, 3) == WF_ERROR_ARGUMENT,
        "no positions");
  CHECK(wf_encoder_begin_embeddings(m.encoder, b.embeddings, b.lengths, 3) == WF_ERROR_ARGUMENT,
        "another stem");
  CHECK(wf_encoder_layer(NULL, m.encoder, 0) == WF_ERROR_STATE, "a layer ran after another stem");
  CHECK(begin_batch(&m, &b) == WF_OK, "begin");
  CHECK(wf_encoder_layer(NULL, m.encoder, d.layers) == WF_ERROR_ARGUMENT, "a layer too many");
  CHECK(wf_encoder_layer(NULL, m.encoder, UINT32_MAX) == WF_ERROR_ARGUMENT, "a layer too many");
  float *x = check_floats((size_t)(d.max_rows + 1) * d.width),
        *out = check_floats((size_t)(d.max_rows + 1) * 29);
  memset(x, 0, (size_t)(d.max_rows + 1) * d.width * sizeof(float));
  CHECK(wf_encoder_head(out, x, m.encoder, 2, 1) == WF_ERROR_ARGUMENT, "a head too many");
  CHECK(isnan(out[0]), "a refused head wrote");
  CHECK(wf_encoder_head(out, x, m.encoder, 1, d.max_rows) == WF_OK, "a head over all rows");
  CHECK(wf_encoder_head(out, x, m.encoder, 1, d.max_rows + 1) == WF_OK, "a head over more rows than a block");
  CHECK(check_same(out, out + (size_t)d.max_rows * 29, 29), "other bits in the row beyond a block");
  check_still_works(&m, &b, &first, "all that");
  free(x);
  free(out);
  free_trace(&first);
  free_batch(&b);
  free_model(&m);
}

static void test_tiles_and_messages(void) {
  float *space = check_alloc(wf_tile_space());
  memset(space, 0, wf_tile_space());
  CHECK(wf_tile_count() == WF_TILE_COUNT, "%u tiles", wf_tile_count());
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    const wf_tile *t = wf_tile_get(tile);
    CHECK(t && t->rows <= WF_TILE_MAX_ROWS && t->columns <= WF_TILE_MAX_COLUMNS, "tile %u", tile);
    CHECK(wf_tile_run(space, tile, 1) == WF_OK, "tile %u", tile);
  }
  CHECK(!wf_tile_get(WF_TILE_COUNT) && !wf_tile_get(UINT32_MAX), "a tile too many");
  CHECK(wf_tile_run(space, WF_TILE_COUNT, 1) == WF_ERROR_ARGUMENT, "a tile too many");
  CHECK(wf_multiply_add_is_fused() <= 1, "multiply_add_is_fused");
  free(space);
  for (uint32_t status = WF_OK; status <= WF_ERROR_STATE; status++) {
    const char *message = wf_status_message(status);
    CHECK(message[0] && strcmp(message, wf_status_message(UINT32_MAX)) != 0, "message of status %u", status);
  }
  CHECK(strcmp(wf_status_message(99), "unknown status") == 0, "message of an unknown status");
}

int main(void) {
  test_fields_out_of_range_are_refused();
  test_numbers_out_of_range_are_refused();
  test_descriptions_that_do_not_fit_together();
  test_memory_must_fit();
  test_calls_out_of_order();
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) test_bad_batches_are_refused(tile);
  test_tiles_and_messages();
  return check_finish();
}
