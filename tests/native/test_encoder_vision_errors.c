/* What an encoder of images refuses, with which status, and that it goes on working: descriptions, sizes of images, other
 * stems, layers out of order. A windowed model has room for a group of rows only, so such calls must not write. */
#include "check.h"
#include "layers/layers.h"
#include "model.h"

static wf_encoder_description windowed_description(uint32_t max_rows) {
  wf_encoder_description d = {.max_rows = max_rows,
                              .group_rows = 36,
                              .stem = WF_STEM_PATCHES,
                              .place = WF_PLACE_PRE,
                              .layers = 3,
                              .width = 6,
                              .heads = 2,
                              .head_width = 3,
                              .feed_forward = 7,
                              .norm_epsilon = 1e-5f,
                              .score_scale = 0.6f,
                              .embedding_norm_epsilon = 1e-5f,
                              .final_norm = 1,
                              .channels = 1,
                              .patch_height = 2,
                              .patch_width = 2,
                              .stages = 2,
                              .depth = {2, 1},
                              .stage_heads = {2, 4},
                              .window = 3,
                              .head_count = 1};
  d.head[0] = (wf_head_description){.inputs = 12, .outputs = 5};
  return d;
}

static uint32_t plan(const wf_encoder_description *d) {
  uint32_t bytes = 0;
  return wf_encoder_plan(&bytes, d);
}

static void test_descriptions(void) {
  wf_encoder_description d = windowed_description(100);
  CHECK(plan(&d) == WF_OK, "the good one: status %u", plan(&d));
  static const struct {
    uint32_t depth, heads, window, group, stages;
  } bad[] = {
      {0, 4, 3, 36, 2},     {2, 4, 3, 36, 2},          {UINT32_MAX, 4, 3, 36, 2}, {1, 3, 3, 36, 2},
      {1, 0, 3, 36, 2},     {1, 129, 3, 36, 2},        {1, 4, 0, 36, 2},          {1, 4, 65, 8192, 2},
      {1, 4, 65536, 36, 2}, {1, 4, UINT32_MAX, 36, 2}, {1, 4, 3, 8, 2},           {1, 4, 3, 0, 2},
      {1, 4, 3, 36, 1},     {1, 4, 3, 36, 3},          {1, 4, 3, 36, UINT32_MAX},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    d = windowed_description(100);
    d.depth[1] = bad[i].depth;
    d.stage_heads[1] = bad[i].heads;
    d.window = bad[i].window;
    d.group_rows = bad[i].group;
    d.stages = bad[i].stages;
    CHECK(plan(&d) != WF_OK && plan(&d) != WF_ERROR_MEMORY, "bad description %zu: status %u", i, plan(&d));
  }
  for (int kind = 0; kind < 4; kind++) {
    d = windowed_description(100);
    if (kind == 0) d.place = WF_PLACE_POST;
    if (kind == 1) d.prefix = 1;
    if (kind == 2) d.stem = WF_STEM_EMBEDDINGS;
    if (kind == 3) d.channels = 0;
    CHECK(plan(&d) == (kind == 3 ? WF_ERROR_ARGUMENT : WF_ERROR_UNSUPPORTED), "kind %d: status %u", kind,
          plan(&d));
  }
}

/* Bits of a forward over one image. */
static float *forward(model *m, const float *pixels, uint32_t height, uint32_t width) {
  const wf_encoder_description *d = &m->description;
  uint32_t status = wf_encoder_begin_pixels(m->encoder, pixels, NULL, 1, height, width);
  for (uint32_t layer = 0; layer < d->layers; layer++) status |= wf_encoder_layer(NULL, m->encoder, layer);
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
      {"no height", 1, 0, 10, WF_ERROR_ARGUMENT},
      {"no width", 1, 12, 0, WF_ERROR_ARGUMENT},
      {"a vast height", 1, 65537, 1, WF_ERROR_ARGUMENT},
      {"a vast width", 1, 12, UINT32_MAX, WF_ERROR_ARGUMENT},
      {"less than a window", 1, 4, 10, WF_ERROR_SHAPE},
      {"less than one later", 1, 8, 12, WF_ERROR_SHAPE},
      {"a large image", 1, 200, 200, WF_ERROR_MEMORY},
      {"the largest image", 1, 65536, 65536, WF_ERROR_MEMORY},
      {"many images", 4, 12, 10, WF_ERROR_MEMORY},
      {"more images", UINT32_MAX, 12, 10, WF_ERROR_MEMORY},
  };
  wf_encoder_description d = windowed_description(100);
  model m = make_model(&d);
  uint64_t seed = 1;
  float *pixels = check_randoms(&seed, 120, 1.0f);
  draw_weights(&m);
  float *first = forward(&m, pixels, 12, 10);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    uint32_t status =
        wf_encoder_begin_pixels(m.encoder, pixels, NULL, bad[i].images, bad[i].height, bad[i].width);
    CHECK(status == bad[i].status, "%s: status %u, not %u", bad[i].name, status, bad[i].status);
    CHECK(wf_encoder_layer(NULL, m.encoder, 0) == WF_ERROR_STATE, "a layer ran after %s", bad[i].name);
    check_still_works(&m, pixels, first, bad[i].name);
  }
  free(first);
  free(pixels);
  free_model(&m);
}

/* Each layer of a windowed model fits one map only. */
static void test_layers_out_of_order(void) {
  wf_encoder_description d = windowed_description(100);
  model m = make_model(&d);
  uint64_t seed = 1;
  float *pixels = check_randoms(&seed, 120, 1.0f);
  draw_weights(&m);
  float *first = forward(&m, pixels, 12, 10);
  for (uint32_t layer = 1; layer <= 2; layer++) {
    CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 1, 12, 10) == WF_OK, "begin");
    CHECK(wf_encoder_layer(NULL, m.encoder, layer) == WF_ERROR_STATE, "layer %u ran first", layer);
  }
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 1, 12, 10) == WF_OK, "begin");
  CHECK(wf_encoder_finish(m.encoder) == WF_ERROR_STATE, "finish ran first");
  CHECK(wf_encoder_layer(NULL, m.encoder, 0) == WF_OK, "layer 0");
  CHECK(wf_encoder_layer(NULL, m.encoder, 0) == WF_ERROR_STATE, "layer 0 ran twice");
  check_still_works(&m, pixels, first, "layers out of order");
  free(first);
  free(pixels);
  free_model(&m);
}

/* Calls for other stems, of as many rows as a block may have, where the model has room for a group. */
static void test_other_stems(void) {
  wf_encoder_description d = windowed_description(200000);
  model m = make_model(&d);
  const uint32_t length = 190000, one = 1;
  uint64_t seed = 1;
  float *pixels = check_randoms(&seed, 120, 1.0f);
  draw_weights(&m);
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
  wf_encoder_description d = windowed_description(20000);
  model m = make_model(&d);
  uint64_t seed = 1;
  float *x = check_randoms(&seed, (size_t)20000 * 12, 1.0f), *many = check_floats((size_t)20000 * 5), some[5];
  draw_weights(&m);
  uint32_t status = wf_encoder_head(many, x, m.encoder, 0, 20000);
  CHECK(status == WF_OK, "20000 rows: status %u", status);
  for (uint32_t row = 0; status == WF_OK && row < 20000; row += 1999) {
    CHECK(wf_encoder_head(some, x + (size_t)row * 12, m.encoder, 0, 1) == WF_OK, "one row");
    CHECK(check_same(some, many + (size_t)row * 5, 5), "row %u alone", row);
  }
  free(x);
  free(many);
  free_model(&m);
}

/* As many of the smallest maps as a block takes: merging rounds halves up, and the widths double all the same. A window
 * of one token may be refused. */
static void test_many_small_maps(uint32_t window, uint32_t images) {
  uint32_t side = 8 * (window - 1) + 1, rows = side * side; /* the last of four stages has one window */
  wf_encoder_description d = windowed_description(images * rows);
  const uint32_t heads[] = {1, 2, 4, 8};
  d.layers = d.stages = 4;
  d.width = d.head_width = 8;
  d.patch_height = d.patch_width = 1;
  d.window = window;
  d.head_count = 0;
  for (int stage = 0; stage < 4; stage++) {
    d.depth[stage] = 1;
    d.stage_heads[stage] = heads[stage];
  }
  if (window == 1 && plan(&d) != WF_OK) return;
  model m = make_model(&d);
  uint64_t seed = 1;
  float *pixels = check_randoms(&seed, (size_t)images * rows, 1.0f);
  draw_weights(&m);
  size_t count = (size_t)window * window * 64;
  float *last = check_floats(count);
  for (uint32_t first = 0; first < images; first += images - 1) {
    uint32_t status =
        wf_encoder_begin_pixels(m.encoder, pixels + (size_t)first * rows, NULL, images - first, side, side);
    for (uint32_t layer = 0; layer < 4; layer++) status |= wf_encoder_layer(NULL, m.encoder, layer);
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

/* Patches of a plain stack, whose positions must be as many as its patches. */
static void test_positions(void) {
  wf_encoder_description d = {.max_rows = 60,
                              .stem = WF_STEM_PATCHES,
                              .layers = 1,
                              .width = 4,
                              .heads = 1,
                              .head_width = 4,
                              .feed_forward = 4,
                              .norm_epsilon = 1e-5f,
                              .score_scale = 1.0f,
                              .positions = 7,
                              .channels = 1,
                              .patch_height = 2,
                              .patch_width = 2,
                              .prefix = 1,
                              .prefix_positions = 1};
  model m = make_model(&d);
  uint64_t seed = 1;
  float *pixels = check_randoms(&seed, 64, 1.0f), *table = check_randoms(&seed, 17 * 4, 1.0f);
  draw_weights(&m);
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 1, 4, 6) == WF_OK, "7 rows, 7 positions");
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 2, 4, 7) == WF_OK, "a last column that is no patch");
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 1, 8, 8) == WF_ERROR_SHAPE, "17 rows, 7 positions");
  CHECK(wf_encoder_layer(NULL, m.encoder, 0) == WF_ERROR_STATE, "a layer ran after a refusal");
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, table, 1, 8, 8) == WF_OK, "17 rows, 17 positions given");
  CHECK(wf_encoder_begin_pixels(m.encoder, pixels, NULL, 1, 1, 8) == WF_ERROR_SHAPE, "no whole patch");
  CHECK(check_same(wf_encoder_positions(m.encoder), m.weights.slot[WF_SLOT_POSITION_TABLE][0], 28),
        "wf_encoder_positions");
  free(pixels);
  free(table);
  free_model(&m);
}

int main(void) {
  test_descriptions();
  test_image_sizes();
  test_layers_out_of_order();
  test_other_stems();
  test_a_head_over_many_rows();
  test_many_small_maps(1, 800);
  test_many_small_maps(2, 10);
  test_many_small_maps(3, 3);
  test_positions();
  return check_finish();
}
