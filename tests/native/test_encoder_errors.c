/* What an encoder refuses, with which status, and that it goes on working: memory, batches, indexes, calls out of order.
 * And the small functions beside it: tiles, status messages. */
#include "check.h"
#include "model.h"

static wf_encoder_description good_description(void) {
  return describe((wf_encoder_description){
      .layers = 2,
      .width = 9,
      .kind = {{.heads = 2,
                .head_width = 5,
                .inner = 13,
                .norms = WF_AFTER_ATTENTION | WF_AFTER_FEED_FORWARD,
                .norm_epsilon = 1e-5f,
                .score_scale = 0.5f}},
      .vocabulary = 29,
      .positions = 17,
      .types = 2,
      .embedding_norm = 1,
      .embedding_norm_epsilon = 1e-5f,
      .final_norm = 1,
      .final_norm_epsilon = 1e-5f,
      .head_count = 2,
      .head = {{.inputs = 9, .outputs = 4, .activation = WF_TANH, .norm = 1, .norm_epsilon = 1e-5f},
               {.inputs = 9, .outputs = 29, .tied = 1}}});
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

/* Scratch must be aligned and large enough; a refused one is not written, and no block runs on it. */
static void test_scratch_must_fit(void) {
  static const uint32_t bad[][2] = {
      {0, 24}, {24, 0}, {(1u << 20) + 1, 24}, {24, (1u << 20) + 1}, {24, 1u << 31}, {UINT32_MAX, 24}};
  wf_encoder_description d = good_description();
  model m = ready_model(&d, 24, 24);
  uint32_t bytes = 12345;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    CHECK(wf_encoder_scratch_plan(&bytes, &m.description, bad[i][0], bad[i][1], 1) == WF_ERROR_ARGUMENT,
          "%u %u", bad[i][0], bad[i][1]);
    CHECK(wf_encoder_scratch(m.encoder, m.scratch, UINT32_MAX, bad[i][0], bad[i][1], 1, NULL) ==
              WF_ERROR_ARGUMENT,
          "%u %u", bad[i][0], bad[i][1]);
  }
  CHECK(bytes == 12345, "a refused plan wrote its size");
  const uint32_t length = 5;
  float x[45] = {0};
  d.stem = WF_STEM_EMBEDDINGS;
  d.embedding_norm = 0;
  model other = ready_model(&d, 24, 24);
  CHECK(wf_encoder_scratch_plan(&bytes, &other.description, 24, 24, 1) == WF_OK && bytes % 64 == 0,
        "%u bytes", bytes);
  char *memory = memset(aligned_zeros(bytes + 64), 0x5a, bytes + 64);
  for (uint32_t kind = 0; kind < 2; kind++) {
    CHECK(wf_encoder_begin_embeddings(other.encoder, x, &length, 1) == WF_OK, "begin");
    uint32_t status =
        wf_encoder_scratch(other.encoder, memory + 16 * kind, bytes - 1 + kind, 24, 24, 1, NULL);
    CHECK(status == WF_ERROR_MEMORY, "%s: status %u", kind ? "not aligned" : "a byte less", status);
    CHECK(run_to(&other, NULL, 1) == WF_ERROR_STATE, "a layer ran without scratch");
    CHECK(wf_encoder_begin_embeddings(other.encoder, x, &length, 1) == WF_ERROR_STATE,
          "begun without scratch");
    for (uint32_t i = 0; i < bytes + 64; i++) CHECK(memory[i] == 0x5a, "a refused scratch wrote byte %u", i);
    give_scratch(&other, 24, 24);
  }
  CHECK(wf_encoder_scratch(other.encoder, memory, bytes, 24, 24, 1, NULL) == WF_OK, "the exact size");
  CHECK(run_to(&other, NULL, 1) == WF_ERROR_STATE, "a layer ran on new scratch");
  CHECK(wf_encoder_begin_embeddings(other.encoder, x, &length, 1) == WF_OK, "begin");
  free(memory);
  free_model(&m);
  free_model(&other);
}

/* Memory that holds no encoder is told from one by every function. */
static void test_no_encoder(void) {
  wf_encoder_description d = good_description();
  model m = make_model(&d);
  const uint32_t one = 1, id = 0;
  const wf_put put = {.slot = WF_SLOT_TYPE_TABLE, .count = 1};
  const wf_output output = {.heads = 1};
  uint32_t shape[2], left = 12345, bytes = 12345;
  wf_state state;
  float x[64] = {0}, out[64];
  wf_encoder *none = aligned_zeros(m.bytes);
  const uint32_t statuses[] = {
      wf_encoder_put(none, x, &put),
      wf_encoder_slot_shape(shape, none, WF_SLOT_TYPE_TABLE, 0),
      wf_encoder_derive(none),
      wf_encoder_scratch(none, x, sizeof x, 1, 1, 1, NULL),
      wf_encoder_state(&state, none, 0, 0, 0),
      wf_encoder_least_image(shape, none),
      wf_encoder_begin_tokens(none, &id, &id, &id, &one, 1),
      wf_encoder_begin_embeddings(none, x, &one, 1),
      wf_encoder_begin_pixels(none, x, NULL, 1, 8, 8),
      wf_encoder_attend(out, NULL, none, x, x, x, NULL, 1, 1, 1),
      wf_encoder_run(&left, NULL, none, 0, 1),
      wf_encoder_finish(none),
      wf_encoder_output(out, none, x, &output, 0, 1),
  };
  for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
    CHECK(statuses[i] == WF_ERROR_STATE, "function %zu: status %u", i, statuses[i]);
  CHECK(left == 12345 && bytes == 12345, "a refused call wrote");
  CHECK(!wf_encoder_hidden(none) && !wf_encoder_positions(none), "rows of no encoder");
  for (uint32_t i = 0; i < m.bytes; i++) CHECK(((const char *)none)[i] == 0, "byte %u was written", i);
  free(none);
  free_model(&m);
}

/* Nothing begins before the weights are derived and there is scratch, in either order; nothing runs before a block. */
static void test_calls_out_of_order(void) {
  wf_encoder_description d = good_description();
  const wf_output output = {.heads = 1};
  const uint32_t lengths[] = {1, 9, 4};
  batch b = make_batch(&d, lengths, 3);
  for (int derived = 0; derived <= 1; derived++) {
    model m = make_model(&d);
    float x[9] = {0}, out[4];
    CHECK(begin_batch(&m, &b) == WF_ERROR_STATE, "begun on a new model");
    if (derived) draw_weights(&m);
    if (!derived) give_scratch(&m, batch_cost(&b, 0), batch_cost(&b, 0));
    CHECK(begin_batch(&m, &b) == WF_ERROR_STATE, "begun %s", derived ? "without scratch" : "underived");
    CHECK(run_to(&m, NULL, 1) == WF_ERROR_STATE, "run %d", derived);
    CHECK(wf_encoder_finish(m.encoder) == WF_ERROR_STATE, "finish %d", derived);
    CHECK(wf_encoder_output(out, m.encoder, x, &output, 0, 1) == WF_ERROR_STATE, "output %d", derived);
    if (!derived) draw_weights(&m);
    if (derived) give_scratch(&m, batch_cost(&b, 0), batch_cost(&b, 0));
    CHECK(run_to(&m, NULL, 0) == WF_ERROR_STATE, "run before begin");
    CHECK(wf_encoder_finish(m.encoder) == WF_ERROR_STATE, "finish before begin");
    CHECK(wf_encoder_output(out, m.encoder, NULL, &output, 0, 1) == WF_ERROR_STATE, "output before begin");
    CHECK(wf_encoder_output(out, m.encoder, x, &output, 0, 1) == WF_OK, "output of vectors needs no block");
    CHECK(begin_batch(&m, &b) == WF_OK, "begin");
    free_model(&m);
  }
  free_batch(&b);
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
  CHECK(run_to(m, NULL, 1) == WF_ERROR_STATE, "a layer ran after %s", what);
  CHECK(wf_encoder_finish(m->encoder) == WF_ERROR_STATE, "finish ran after %s", what);
  check_still_works(m, b, first, what);
}

static void refuse_index(model *m, batch *b, const trace *first, const char *what, uint32_t *place,
                         uint32_t limit) {
  const uint32_t kept = *place, bad[] = {limit, UINT32_MAX};
  for (int i = 0; i < 2; i++) {
    *place = bad[i];
    CHECK(begin_batch(m, b) == WF_ERROR_ARGUMENT, "%s %u of %u", what, bad[i], limit);
    CHECK(run_to(m, NULL, 1) == WF_ERROR_STATE, "a layer ran after %s %u", what, bad[i]);
    *place = kept;
    check_still_works(m, b, first, what);
  }
}

static void test_bad_batches_are_refused(uint32_t tile) {
  static const uint32_t lengths[] = {1, 9, 4};
  wf_encoder_description d = good_description();
  d.tile = tile;
  batch b = make_batch(&d, lengths, 3);
  uint32_t rows = batch_cost(&b, tile);
  model m = ready_model(&d, rows, rows);
  for (uint32_t length = 1; length < 40; length++) {
    uint32_t cost = wf_encoder_row_cost(m.encoder, length);
    CHECK(cost == wf_padded_length(wf_tile_get(tile), length), "a length of %u costs %u", length, cost);
  }
  trace first = run_model(&m, &b);
  refuse_lengths(&m, &b, &first, "no sequences", 1, 1, 0, WF_ERROR_ARGUMENT);
  refuse_lengths(&m, &b, &first, "a length of 0", 0, 1, 2, WF_ERROR_ARGUMENT);
  refuse_lengths(&m, &b, &first, "a last length of 0", 1, 0, 2, WF_ERROR_ARGUMENT);
  refuse_lengths(&m, &b, &first, "a long sequence", rows + 1, 1, 1, WF_ERROR_MEMORY);
  refuse_lengths(&m, &b, &first, "the longest length", UINT32_MAX, 1, 1, WF_ERROR_MEMORY);
  refuse_lengths(&m, &b, &first, "a wrapping sum", 1, UINT32_MAX, 2, WF_ERROR_MEMORY);
  refuse_lengths(&m, &b, &first, "a long sum", rows - 1, 2, 2, WF_ERROR_MEMORY);
  for (uint32_t row = 0; row < b.rows; row += b.rows - 1) {
    refuse_index(&m, &b, &first, "id", &b.ids[row], d.vocabulary);
    refuse_index(&m, &b, &first, "position", &b.positions[row], d.positions);
    refuse_index(&m, &b, &first, "type", &b.types[row], d.types);
  }
  CHECK(wf_encoder_begin_tokens(m.encoder, b.ids, NULL, b.types, b.lengths, 3) == WF_ERROR_ARGUMENT,
        "no positions");
  CHECK(begin_batch(&m, &b) == WF_OK, "begin");
  CHECK(wf_encoder_begin_embeddings(m.encoder, b.embeddings, b.lengths, 3) == WF_ERROR_ARGUMENT,
        "another stem");
  CHECK(run_to(&m, NULL, 1) == WF_ERROR_STATE, "a layer ran after another stem");
  CHECK(begin_batch(&m, &b) == WF_OK, "begin");
  CHECK(wf_encoder_begin_pixels(m.encoder, b.embeddings, NULL, 1, 1, 1) == WF_ERROR_ARGUMENT, "images");
  CHECK(run_to(&m, NULL, 1) == WF_ERROR_STATE, "a layer ran after images");
  CHECK(begin_batch(&m, &b) == WF_OK, "begin");
  CHECK(run_to(&m, NULL, d.layers + 1) == WF_ERROR_ARGUMENT, "a layer too many");
  CHECK(run_to(&m, NULL, UINT32_MAX) == WF_ERROR_ARGUMENT, "a layer too many");
  check_still_works(&m, &b, &first, "all that");
  free_trace(&first);
  free_batch(&b);
  free_model(&m);
}

/* A head over more vectors than a block has rows, and one too many. */
static void test_heads_over_vectors(uint32_t tile) {
  enum { ROWS = 24, MORE = ROWS + 1 };
  wf_encoder_description d = good_description();
  d.tile = tile;
  model m = ready_model(&d, ROWS, ROWS);
  float *x = check_floats((size_t)MORE * d.width), *out = check_floats((size_t)MORE * 29);
  memset(x, 0, (size_t)MORE * d.width * sizeof(float));
  const wf_output none = {.heads = 1, .head = {2}}, tied = {.heads = 1, .head = {1}};
  CHECK(wf_encoder_output(out, m.encoder, x, &none, 0, 1) == WF_ERROR_ARGUMENT, "a head too many");
  CHECK(isnan(out[0]), "a refused head wrote");
  CHECK(wf_encoder_output(out, m.encoder, x, &tied, 0, ROWS) == WF_OK, "a head over all rows");
  CHECK(wf_encoder_output(out, m.encoder, x, &tied, 0, MORE) == WF_OK, "a head over more rows than a block");
  CHECK(check_same(out, out + (size_t)ROWS * 29, 29), "other bits in the row beyond a block");
  free(x);
  free(out);
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
  free(space);
  for (uint32_t status = WF_OK; status <= WF_ERROR_STATE; status++) {
    const char *message = wf_status_message(status);
    CHECK(message[0] && strcmp(message, wf_status_message(UINT32_MAX)) != 0, "message of status %u", status);
  }
  CHECK(strcmp(wf_status_message(99), "unknown status") == 0, "message of an unknown status");
}

int main(void) {
  test_memory_must_fit();
  test_scratch_must_fit();
  test_no_encoder();
  test_calls_out_of_order();
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) test_bad_batches_are_refused(tile);
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) test_heads_over_vectors(tile);
  test_tiles_and_messages();
  return check_finish();
}
