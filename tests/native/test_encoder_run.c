/* The layer loop: all layers at once, state by state, and in steps as small as may be give the same bits and the same maps,
 * and count down what is left; calls out of order are refused and change nothing. */
#include "check.h"
#include "images.h"
#include "model.h"

enum { PLAIN_LAYERS = 3 };

/* Alternating kinds, with each stage of a layer present in one of them. */
static wf_encoder_description plain_description(uint32_t tile) {
  wf_encoder_description d = describe((wf_encoder_description){
      .tile = tile,
      .stem = WF_STEM_EMBEDDINGS,
      .layers = PLAIN_LAYERS,
      .width = 10,
      .kinds = 2,
      .kind = {{.heads = 3,
                .head_width = 5,
                .inner = 401,
                .activation = WF_GELU,
                .gated = 1,
                .norms = 63,
                .norm_epsilon = 1e-5f,
                .score_scale = 0.4f},
               {.heads = 2, .head_width = 4, .inner = 7, .norm_epsilon = 1e-5f, .score_scale = 0.4f}},
      .layer_kind = {0, 1, 0},
      .final_norm = 1,
      .final_norm_epsilon = 1e-5f});
  return d;
}

static wf_encoder_description windowed_description(uint32_t tile) {
  const wf_kind_description kind = {.heads = 2,
                                    .head_width = 3,
                                    .inner = 11,
                                    .norms = WF_BEFORE_ATTENTION | WF_INSIDE_FEED_FORWARD,
                                    .norm_epsilon = 1e-5f,
                                    .score_scale = 0.6f,
                                    .window = 3};
  wf_encoder_description d = {.tile = tile,
                              .stem = WF_STEM_PATCHES,
                              .layers = 3,
                              .width = 6,
                              .kinds = 3,
                              .kind = {kind, kind, kind},
                              .layer_kind = {0, 1, 2},
                              .merge_norm_epsilon = 1e-5f,
                              .channels = CHANNELS,
                              .patch_height = 1,
                              .patch_width = 1};
  d.kind[1].shift = 1;
  d.kind[2].width = 12;
  return describe(d);
}

/* A model with what begins a block, and what its block gives: the rows of the last state, finished, and its maps. */
typedef struct example {
  model m;
  batch b;
  float *pixels;
  uint32_t images, states;
  size_t rows, maps; /* values */
  float *first_rows, *first_maps;
} example;

static uint32_t begin(example *e) {
  return e->images ? wf_encoder_begin_pixels(e->m.encoder, e->pixels, NULL, e->images, 7, 8)
                   : begin_batch(&e->m, &e->b);
}

/* Two groups of attention in each layer. */
static example plain_example(uint32_t tile) {
  static const uint32_t lengths[] = {1, 9, 4, 13, 2};
  wf_encoder_description d = plain_description(tile);
  example e = {.b = make_batch(&d, lengths, 5), .states = PLAIN_LAYERS + 1};
  e.m = ready_model(&d, batch_cost(&e.b, tile), batch_cost(&e.b, tile) - 2);
  e.rows = (size_t)e.b.rows * d.width;
  for (uint32_t s = 0; s < 5; s++) e.maps += (size_t)3 * lengths[s] * lengths[s];
  return e;
}

static example windowed_example(uint32_t tile) {
  wf_encoder_description d = windowed_description(tile);
  example e = {.images = 2, .states = 3};
  e.m = ready_model(&d, 2 * 7 * 8, 3 * wf_padded_length(wf_tile_get(tile), 9));
  e.pixels = draw_images(2, 7, 8);
  e.rows = (size_t)2 * 4 * 4 * 12;
  e.maps = (size_t)2 * 4 * 2 * 81; /* four windows on a padded map of 6 x 6 */
  return e;
}

static void free_example(example *e) {
  free_model(&e->m);
  if (!e->images) free_batch(&e->b);
  free(e->pixels);
  free(e->first_rows);
  free(e->first_maps);
}

/* Keeps what the first way of running gives; others must give the same. maps: those of the last layer. */
static void check_result(example *e, const float *maps, const char *what) {
  CHECK(wf_encoder_finish(e->m.encoder) == WF_OK, "finish after %s", what);
  const float *rows = wf_encoder_hidden(e->m.encoder);
  if (!e->first_rows) {
    e->first_rows = memcpy(check_floats(e->rows), rows, e->rows * sizeof(float));
    e->first_maps = memcpy(check_floats(e->maps), maps, e->maps * sizeof(float));
  }
  CHECK(check_same(rows, e->first_rows, e->rows), "other rows: %s, tile %u", what, e->m.description.tile);
  CHECK(!maps || check_same(maps, e->first_maps, e->maps), "other maps: %s, tile %u", what,
        e->m.description.tile);
}

/* Runs to a state in steps of some work, as long as layers are left; returns the steps. */
static uint32_t run_in_steps(example *e, float *maps, uint32_t state, uint32_t work, uint32_t before) {
  wf_state target;
  uint32_t left = UINT32_MAX, steps = 0, missing, last = UINT32_MAX;
  CHECK(wf_encoder_state(&target, e->m.encoder, state, 0, 0) == WF_OK, "state %u", state);
  missing = target.layers - before;
  while (left && steps < 100000) {
    uint32_t status = wf_encoder_run(&left, maps, e->m.encoder, state, work);
    CHECK(status == WF_OK && left <= missing && left <= last, "state %u: status %u, %u of %u layers left",
          state, status, left, missing);
    if (status != WF_OK) return steps;
    if (left) CHECK(wf_encoder_finish(e->m.encoder) == WF_ERROR_STATE, "finish with %u layers left", left);
    last = left;
    steps++;
  }
  return steps;
}

static void test_ways_to_run(example *e) {
  float *maps = check_floats(e->maps);
  uint32_t last = e->states - 1;
  CHECK(begin(e) == WF_OK && run_to(&e->m, maps, last) == WF_OK, "all at once");
  check_result(e, maps, "all at once");
  CHECK(begin(e) == WF_OK && run_to(&e->m, NULL, last) == WF_OK, "without maps");
  check_result(e, NULL, "without maps");
  memset(maps, 0xff, e->maps * sizeof(float));
  CHECK(begin(e) == WF_OK, "begin");
  for (uint32_t state = 0; state <= last; state++)
    CHECK(run_to(&e->m, state == last ? maps : NULL, state) == WF_OK, "state %u", state);
  check_result(e, maps, "state by state");
  static const uint32_t works[] = {0, 1, 2, 5, 1000, UINT32_MAX};
  for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
    memset(maps, 0xff, e->maps * sizeof(float));
    CHECK(begin(e) == WF_OK, "begin");
    uint32_t steps = run_in_steps(e, maps, last, works[i], 0);
    CHECK(works[i] < UINT32_MAX || steps == 1, "%u steps of all work", steps);
    CHECK(works[i] > 1 || steps > 3 * last, "%u steps of work %u", steps, works[i]);
    check_result(e, maps, "in steps to the end");
    memset(maps, 0xff, e->maps * sizeof(float));
    CHECK(begin(e) == WF_OK, "begin");
    for (uint32_t state = 1, layers = 0; state <= last; state++) {
      wf_state reached;
      run_in_steps(e, state == last ? maps : NULL, state, works[i], layers);
      CHECK(wf_encoder_state(&reached, e->m.encoder, state, 0, 0) == WF_OK, "state %u", state);
      layers = reached.layers;
    }
    check_result(e, maps, "in steps, state by state");
  }
  free(maps);
}

/* A smaller amount of work takes no fewer steps. */
static void test_less_work_takes_more_steps(example *e) {
  uint32_t least = UINT32_MAX;
  for (uint32_t work = 0; work < 12; work++) {
    CHECK(begin(e) == WF_OK, "begin");
    uint32_t steps = run_in_steps(e, NULL, e->states - 1, work, 0);
    CHECK(steps <= least, "%u steps of work %u, %u of less", steps, work, least);
    least = steps;
  }
}

/* What is refused changes nothing: the block goes on. */
static void test_refused_calls(example *e) {
  uint32_t left = 12345, last = e->states - 1;
  float *maps = check_floats(e->maps);
  const wf_output output = {.poolings = 1};
  CHECK(begin(e) == WF_OK, "begin");
  CHECK(wf_encoder_run(&left, NULL, e->m.encoder, e->states, 1) == WF_ERROR_ARGUMENT, "a state too many");
  CHECK(wf_encoder_run(&left, NULL, e->m.encoder, UINT32_MAX, 1) == WF_ERROR_ARGUMENT, "the last of numbers");
  CHECK(left == 12345, "a refused call wrote");
  CHECK(wf_encoder_finish(e->m.encoder) == WF_ERROR_STATE, "finish first");
  CHECK(wf_encoder_output(maps, e->m.encoder, NULL, &output, 0, 1) == WF_ERROR_STATE, "output first");
  CHECK(wf_encoder_run(&left, NULL, e->m.encoder, 1, 0) == WF_OK && left > 0, "a step");
  CHECK(wf_encoder_run(&left, NULL, e->m.encoder, 0, 0) == WF_ERROR_ARGUMENT, "state 0 behind a step");
  CHECK(run_to(&e->m, NULL, 1) == WF_OK, "state 1");
  CHECK(run_to(&e->m, NULL, 1) == WF_OK, "state 1 again: nothing is left");
  CHECK(run_to(&e->m, NULL, 0) == WF_ERROR_ARGUMENT, "state 0 behind state 1");
  CHECK(wf_encoder_run(&left, maps, e->m.encoder, last, 0) == WF_OK && left > 0, "a step of the next layer");
  CHECK(wf_encoder_run(&left, NULL, e->m.encoder, 1, 0) == WF_ERROR_ARGUMENT, "state 1 has passed");
  CHECK(wf_encoder_finish(e->m.encoder) == WF_ERROR_STATE, "finish too early");
  CHECK(run_to(&e->m, maps, last) == WF_OK, "the last state");
  CHECK(wf_encoder_output(maps, e->m.encoder, NULL, &output, 0, 1) == WF_ERROR_STATE, "output before finish");
  check_result(e, maps, "refused calls");
  CHECK(wf_encoder_finish(e->m.encoder) == WF_ERROR_STATE, "finish twice");
  CHECK(run_to(&e->m, NULL, last - 1) == WF_ERROR_ARGUMENT, "a state that has passed");
  CHECK(check_same(wf_encoder_hidden(e->m.encoder), e->first_rows, e->rows), "a refused call changed rows");
  CHECK(wf_encoder_output(maps, e->m.encoder, NULL, &output, 0, 1) == WF_OK, "output");
  free(maps);
}

/* A model without layers has one state, which is there when the block begins. */
static void test_no_layers(void) {
  wf_encoder_description d = describe((wf_encoder_description){.stem = WF_STEM_EMBEDDINGS, .width = 3});
  model m = ready_model(&d, 8, 8);
  const uint32_t length = 2;
  const float x[6] = {1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f};
  CHECK(wf_encoder_begin_embeddings(m.encoder, x, &length, 1) == WF_OK, "begin");
  CHECK(run_to(&m, NULL, 1) == WF_ERROR_ARGUMENT, "a state too many");
  CHECK(run_to(&m, NULL, 0) == WF_OK, "state 0");
  CHECK(wf_encoder_finish(m.encoder) == WF_OK, "finish");
  CHECK(check_same(wf_encoder_hidden(m.encoder), x, 6), "rows changed");
  CHECK(wf_encoder_finish(m.encoder) == WF_ERROR_STATE, "finish twice");
  free_model(&m);
}

int main(void) {
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    for (int windowed = 0; windowed <= 1; windowed++) {
      example e = windowed ? windowed_example(tile) : plain_example(tile);
      test_ways_to_run(&e);
      test_less_work_takes_more_steps(&e);
      test_refused_calls(&e);
      free_example(&e);
    }
  }
  test_no_layers();
  return check_finish();
}
