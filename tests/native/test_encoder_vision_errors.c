/* What an encoder of images refuses, with which status, and that it goes on working: sizes of images and of scratch, other
 * stems, states out of order. A windowed model has room for a group of rows only, so such calls must not write. */
#include "check.h"
#include "model.h"

enum { GROUP = 36 };

static wf_kind_description windows(uint32_t width, uint32_t heads, uint32_t window, uint32_t shift) {
  return (wf_kind_description){.width = width,
                               .heads = heads,
                               .head_width = 3,
                               .inner = 7 * width / 6,
                               .norms = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD,
                               .norm_epsilon = 1e-5f,
                               .score_scale = 0.6f,
                               .window = window,
                               .shift = shift};
}

static wf_encoder_description windowed_description(void) {
  return describe(
      (wf_encoder_description){.stem = WF_STEM_PATCHES,
                               .layers = 3,
                               .width = 6,
                               .kinds = 3,
                               .kind = {windows(6, 2, 3, 0), windows(6, 2, 3, 1), windows(12, 4, 3, 0)},
                               .layer_kind = {0, 1, 2},
                               .merge_norm_epsilon = 1e-5f,
                               .final_norm = 1,
                               .final_norm_epsilon = 1e-5f,
                               .channels = 1,
                               .patch_height = 2,
                               .patch_width = 2,
                               .head_count = 1,
                               .head = {{.inputs = 12, .outputs = 5}}});
}

/* Bits of a forward over one image. */
static float *forward(model *m, const float *pixels, uint32_t height, uint32_t width) {
  uint32_t status = wf_encoder_begin_pixels(m->encoder, pixels, NULL, 1, height, width);
  for (uint32_t state = 1; state <= 2; state++) status |= run_to(m, NULL, state);
  status |= wf_encoder_finish(m->encoder);
  CHECK(status == WF_OK, "forward: status %u", status);
  float *out = check_floats(12);
  return memcpy(out, wf_encoder_hidden(m->encoder), 12 * sizeof(float));
}

static void check_still_works(model *m, const float *pixels, const float *first, const char *after) {
  float *again = forward(m, pixels, 12, 10);
  CHECK(check_same(again, first, 12), "other bits after %s", after);
  free(again);
}

static void test_image_sizes(void) {
  static const struct {
    const char *name;
    uint32_t images, height, width, status;
  } bad[] = {
      {"no images", 0, 12, 10, WF_ERROR_ARGUMENT},
      {"no height", 1, 0, 10, WF_ERROR_SHAPE},
      {"no width", 1, 12, 0, WF_ERROR_SHAPE},
      {"a vast height", 1, 65537, 1, WF_ERROR_SHAPE},
      {"a vast width", 1, 12, UINT32_MAX, WF_ERROR_SHAPE},
      {"less than a window", 1, 4, 10, WF_ERROR_SHAPE},
      {"less than one later", 1, 8, 12, WF_ERROR_SHAPE},
      {"a large image", 1, 200, 200, WF_ERROR_MEMORY},
      {"the largest image", 1, 65536, 65536, WF_ERROR_MEMORY},
      {"many images", 4, 12, 10, WF_ERROR_MEMORY},
      {"more images", UINT32_MAX, 12, 10, WF_ERROR_MEMORY},
  };
  wf_encoder_description d = windowed_description();
  model m = ready_model(&d, 100, GROUP);
  uint64_t seed = 1;
  float *pixels = check_randoms(&seed, 120, 1.0f);
  float *first = forward(&m, pixels, 12, 10);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    uint32_t status =
        wf_encoder_begin_pixels(m.encoder, pixels, NULL, bad[i].images, bad[i].height, bad[i].width);
    CHECK(status == bad[i].status, "%s: status %u, not %u", bad[i].name, status, bad[i].status);
    CHECK(run_to(&m, NULL, 1) == WF_ERROR_STATE, "a layer ran after %s", bad[i].name);
    check_still_works(&m, pixels, first, bad[i].name);
  }
  free(first);
  free(pixels);
  free_model(&m);
}

/* A group must hold a window, padded to whole tiles; scratch of fewer rows is refused. */
static void test_groups_hold_a_window(uint32_t tile) {
  wf_encoder_description d = windowed_description();
  d.tile = tile;
  d.kind[2].window = 5;
  model m = make_model(&d);
  uint32_t bytes = 12345, window = wf_padded_length(wf_tile_get(tile), 25);
  for (uint32_t group = window - 1; group > 0; group = group / 2)
    CHECK(wf_encoder_scratch_plan(&bytes, &m.description, 100, group, 1) == WF_ERROR_ARGUMENT,
          "a group of %u", group);
  CHECK(bytes == 12345, "a refused plan wrote its size");
  CHECK(wf_encoder_scratch_plan(&bytes, &m.description, 1, window, 1) == WF_OK, "a group of one window");
  for (uint32_t length = 0; length < 40; length++)
    CHECK(wf_encoder_row_cost(m.encoder, length) == length, "a map of %u rows is not padded", length);
  free_model(&m);
}

/* States come in order: none that has passed, none twice, none that there is not. */
static void test_states_out_of_order(void) {
  wf_encoder_description d = windowed_description();
  model m = ready_model(&d, 100, GROUP);
  uint64_t seed = 1;
  float *pixels = check_randoms(&seed, 120, 1.0f);
  float *first = forward(&m, pixels, 12, 10);
  for (uint32_t state = 3; state; state <<= 1) {
    CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 1, 12, 10) == WF_OK, "begin");
    CHECK(run_to(&m, NULL, state) == WF_ERROR_ARGUMENT, "state %u of 2", state);
  }
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 1, 12, 10) == WF_OK, "begin");
  CHECK(wf_encoder_finish(m.encoder) == WF_ERROR_STATE, "finish ran first");
  CHECK(run_to(&m, NULL, 1) == WF_OK, "state 1");
  CHECK(run_to(&m, NULL, 0) == WF_ERROR_ARGUMENT, "state 0 after state 1");
  CHECK(wf_encoder_finish(m.encoder) == WF_ERROR_STATE, "finish ran too early");
  CHECK(run_to(&m, NULL, 2) == WF_OK, "state 2");
  CHECK(run_to(&m, NULL, 1) == WF_ERROR_ARGUMENT, "state 1 after state 2");
  check_still_works(&m, pixels, first, "states out of order");
  free(first);
  free(pixels);
  free_model(&m);
}

/* Calls for other stems, of as many rows as a block may have, where the model has room for a group. */
static void test_other_stems(void) {
  wf_encoder_description d = windowed_description();
  model m = ready_model(&d, 200000, GROUP);
  const uint32_t length = 190000, one = 1;
  uint64_t seed = 1;
  float *pixels = check_randoms(&seed, 120, 1.0f);
  float *first = forward(&m, pixels, 12, 10);
  for (int stem = 0; stem < 3; stem++) {
    uint32_t status = stem == 0 ? wf_encoder_begin_tokens(m.encoder, &one, &one, &one, &length, 1)
                      : stem == 1
                          ? wf_encoder_begin_embeddings(m.encoder, pixels, &length, 1)
                          : wf_encoder_attend(pixels, NULL, m.encoder, pixels, pixels, pixels, NULL, 1, 1, 1);
    CHECK(status == (stem == 2 ? WF_ERROR_UNSUPPORTED : WF_ERROR_ARGUMENT), "stem %d: status %u", stem,
          status);
    check_still_works(&m, pixels, first, "another stem");
  }
  free(first);
  free(pixels);
  free_model(&m);
}

/* A head over as many rows as a block may have: right, in as many turns as its room asks for. */
static void test_a_head_over_many_rows(void) {
  wf_encoder_description d = windowed_description();
  model m = ready_model(&d, 20000, GROUP);
  const wf_output output = {.heads = 1};
  uint64_t seed = 1;
  float *x = check_randoms(&seed, (size_t)20000 * 12, 1.0f), *many = check_floats((size_t)20000 * 5), some[5];
  uint32_t status = wf_encoder_output(many, m.encoder, x, &output, 0, 20000);
  CHECK(status == WF_OK, "20000 rows: status %u", status);
  for (uint32_t row = 0; status == WF_OK && row < 20000; row += 1999) {
    CHECK(wf_encoder_output(some, m.encoder, x, &output, row, 1) == WF_OK, "one row");
    CHECK(check_same(some, many + (size_t)row * 5, 5), "row %u alone", row);
  }
  free(x);
  free(many);
  free_model(&m);
}

/* As many of the smallest maps as a block takes: merging rounds halves up, and the widths double all the same. */
static void test_many_small_maps(uint32_t window, uint32_t images) {
  uint32_t side = 8 * (window - 1) + 1, rows = side * side; /* the last of four stages has one window */
  wf_encoder_description d = windowed_description();
  d.layers = d.kinds = 4;
  d.width = 8;
  d.patch_height = d.patch_width = d.stride_height = d.stride_width = 1;
  d.head_count = 0;
  for (uint32_t stage = 0; stage < 4; stage++) {
    d.kind[stage] = windows(8u << stage, 1u << stage, window, 0);
    d.kind[stage].head_width = 8;
    d.layer_kind[stage] = stage;
  }
  d = describe(d);
  model m = ready_model(&d, images * rows, wf_padded_length(wf_tile_get(0), window * window));
  uint64_t seed = 1;
  float *pixels = check_randoms(&seed, (size_t)images * rows, 1.0f);
  size_t count = (size_t)window * window * 64;
  float *last = check_floats(count);
  for (uint32_t first = 0; first < images; first += images - 1) {
    uint32_t status =
        wf_encoder_begin_pixels(m.encoder, pixels + (size_t)first * rows, NULL, images - first, side, side);
    for (uint32_t state = 1; state <= 4; state++) status |= run_to(&m, NULL, state);
    CHECK(status == WF_OK, "window %u, %u images: status %u", window, images - first, status);
    const float *x = wf_encoder_hidden(m.encoder) + (images - first - 1) * count;
    if (first == 0)
      memcpy(last, x, count * sizeof(float));
    else
      CHECK(check_same(x, last, count), "window %u: the last image alone", window);
  }
  free(last);
  free(pixels);
  free_model(&m);
}

/* Patches of a plain stack, whose positions must be as many as its patches and the prefix tokens that have some. */
static void test_positions(void) {
  wf_encoder_description d =
      describe((wf_encoder_description){.stem = WF_STEM_PATCHES,
                                        .layers = 1,
                                        .width = 4,
                                        .kind = {{.heads = 1,
                                                  .head_width = 4,
                                                  .inner = 4,
                                                  .norms = WF_AFTER_ATTENTION | WF_AFTER_FEED_FORWARD,
                                                  .norm_epsilon = 1e-5f,
                                                  .score_scale = 1.0f}},
                                        .positions = 7,
                                        .channels = 1,
                                        .patch_height = 2,
                                        .patch_width = 2,
                                        .prefix = 1,
                                        .prefix_positions = 1});
  model m = ready_model(&d, 60, 60);
  uint64_t seed = 1;
  float *pixels = check_randoms(&seed, 64, 1.0f), *table = check_randoms(&seed, 17 * 4, 1.0f);
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 1, 4, 6) == WF_OK, "7 rows, 7 positions");
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 2, 4, 7) == WF_OK, "a last column that is no patch");
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 1, 8, 8) == WF_ERROR_SHAPE, "17 rows, 7 positions");
  CHECK(run_to(&m, NULL, 1) == WF_ERROR_STATE, "a layer ran after a refusal");
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, table, 1, 8, 8) == WF_OK, "17 rows, 17 positions given");
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 1, 1, 8) == WF_ERROR_SHAPE, "no whole patch");
  CHECK(check_same(wf_encoder_positions(m.encoder), m.weights.slot[WF_SLOT_POSITION_TABLE][0], 28),
        "wf_encoder_positions");
  give_scratch(&m, 60, 17);
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, table, 1, 8, 8) == WF_ERROR_MEMORY,
        "17 rows in a group of 17");
  CHECK(run_to(&m, NULL, 1) == WF_ERROR_STATE, "a layer ran after a refusal");
  give_scratch(&m, 60, wf_padded_length(wf_tile_get(0), 17));
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, table, 1, 8, 8) == WF_OK, "17 rows in a group");
  free(pixels);
  free(table);
  free_model(&m);
}

int main(void) {
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) test_groups_hold_a_window(tile);
  test_image_sizes();
  test_states_out_of_order();
  test_other_stems();
  test_a_head_over_many_rows();
  test_many_small_maps(2, 10);
  test_many_small_maps(3, 3);
  test_positions();
  return check_finish();
}
