/* Traces: as many values as their shapes say, each written, the same bits in every tile and in steps as small as may be; what
 * is traced is what states hold; a forward gives the same bits beside a trace; what is not traced. That the values are the
 * right ones, the goldens show. */
#include "check.h"
#include "images.h"
#include "model.h"

enum { VALUES = WF_TRACED_AFTER_FEED_FORWARD + 1, MODELS = 4 };

/* What no kernel makes: a NaN of its own. */
static const uint32_t UNTOUCHED = 0x7fc12345u;

static wf_encoder_description describe_model(int model, uint32_t tile) {
  /* Gated and normed everywhere; grouped, normed and rotated queries; biases; all pairs but those far away. */
  const wf_kind_description gated = {.heads = 3,
                                     .head_width = 5,
                                     .inner = 13,
                                     .activation = WF_GELU,
                                     .gated = 1,
                                     .norms = 63,
                                     .norm_epsilon = 1e-5f,
                                     .score_scale = 0.4f,
                                     .layer_scale = 1};
  wf_kind_description turned = gated, biased = gated;
  turned.gated = 0;
  turned.heads = 4;
  turned.key_heads = 2;
  turned.head_norm = 1 + WF_NORM_RMS;
  turned.norm_form = WF_NORM_RMS;
  turned.norms = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD;
  turned.head_width = 6;
  turned.rotary = WF_ROTARY_PAIRS;
  turned.rotary_width = 4;
  biased.norms = WF_AFTER_ATTENTION | WF_AFTER_FEED_FORWARD;
  biased.bias = WF_BIAS_DISTANCE;
  biased.bias_buckets = 8;
  biased.bias_reach = 16;
  wf_encoder_description d = {.tile = tile,
                              .layers = 2,
                              .width = 10,
                              .kinds = 2,
                              .kind = {model == 2 ? biased : gated, model == 1 ? turned : biased},
                              .layer_kind = {0, 1},
                              .embedding_norm = model == 3 ? 3 : 1,
                              .embedding_norm_epsilon = 1e-5f,
                              .final_norm = 1,
                              .final_norm_epsilon = 1e-5f};
  if (model == 0) {
    d.stem = WF_STEM_PATCHES;
    d.embedding_norm = 1;
    d.channels = CHANNELS;
    d.patch_height = d.patch_width = 2;
    d.prefix = 2;
    d.prefix_positions = 1;
    d.positions = 1 + 12;
  } else {
    d.vocabulary = 40;
    d.types = model == 3 ? 0 : 2;
    d.positions = model == 1 ? 0 : 70;
    d.token_scale = 1.5f;
    d.projection = model == 3;
    d.table_width = 7;
  }
  if (model == 1) d.rotary[0] = (wf_rotary_description){.pairs = 2, .base = 100.0f, .gain = 1.0f};
  d = describe(d);
  if (model == 1) d.kind[1].left = d.kind[1].right = 3;
  return d;
}

/* The values of a state's trace, 0 being the stem's. */
static size_t size_of_trace(const model *m, uint32_t state, uint32_t tokens) {
  size_t size = 0;
  for (uint32_t value = 0; value < VALUES; value++) {
    uint32_t shape[3];
    if ((value < WF_TRACED_BEFORE_ATTENTION) != (state == 0)) continue;
    CHECK(wf_encoder_trace_shape(shape, m->encoder, value, state ? state - 1 : 0, tokens) == WF_OK,
          "shape of value %u", value);
    size += (size_t)shape[0] * shape[1] * shape[2];
  }
  return size;
}

/* Where the last value of a state's trace stands that the model has: what leaves a layer. */
static const float *last_of(const float *trace, size_t size, size_t rows) { return trace + size - rows; }

/* A forward of one sequence: its finished rows, and if it is traced each state's trace, in exactly its size. */
typedef struct traced {
  float *rows, *states[3];
  size_t sizes[3];
} traced;

static float *marked(size_t count) {
  float *x = check_floats(count);
  for (size_t i = 0; i < count; i++) memcpy(x + i, &UNTOUCHED, sizeof UNTOUCHED);
  return x;
}

static int is_untouched(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits == UNTOUCHED;
}

static uint32_t begin(model *m, const batch *b, const float *pixels) {
  return pixels ? wf_encoder_begin_pixels(m->encoder, pixels, NULL, 1, 6, 8) : begin_batch(m, b);
}

static traced run(model *m, const batch *b, const float *pixels, int tracing, uint32_t work) {
  traced t = {0};
  uint32_t tokens = pixels ? 2 + 12 : b->rows;
  size_t rows = (size_t)tokens * m->description.width;
  for (uint32_t state = 0; state <= 2; state++) {
    t.sizes[state] = size_of_trace(m, state, tokens);
    t.states[state] = tracing ? marked(t.sizes[state]) : NULL;
    if (tracing) CHECK(wf_encoder_trace(t.states[state], m->encoder) == WF_OK, "trace");
    if (state == 0) CHECK(begin(m, b, pixels) == WF_OK, "begin");
    uint32_t left = state;
    while (left) CHECK(wf_encoder_run(&left, NULL, m->encoder, state, work) == WF_OK, "run");
    for (size_t i = 0; tracing && i < t.sizes[state]; i++)
      CHECK(!is_untouched(t.states[state][i]), "state %u: value %zu is not written", state, i);
    if (tracing)
      CHECK(check_same(last_of(t.states[state], t.sizes[state], rows), wf_encoder_hidden(m->encoder), rows),
            "state %u ends in other rows", state);
  }
  CHECK(wf_encoder_trace(NULL, m->encoder) == WF_OK, "no trace");
  CHECK(wf_encoder_finish(m->encoder) == WF_OK, "finish");
  t.rows = memcpy(check_floats(rows), wf_encoder_hidden(m->encoder), rows * sizeof(float));
  return t;
}

static void free_traced(traced *t) {
  for (uint32_t state = 0; state <= 2; state++) free(t->states[state]);
  free(t->rows);
}

static void test_traces(int number, uint32_t tokens) {
  traced first = {0};
  const size_t rows = (size_t)(number ? tokens : 14) * 10;
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    wf_encoder_description d = describe_model(number, tile);
    batch b = make_batch(&d, &tokens, 1);
    model m = ready_model(&d, 100, 100);
    float *pixels = number ? NULL : draw_images(1, 6, 8);
    traced plain = run(&m, &b, pixels, 0, UINT32_MAX), whole = run(&m, &b, pixels, 1, UINT32_MAX),
           steps = run(&m, &b, pixels, 1, 0), again = run(&m, &b, pixels, 0, UINT32_MAX);
    CHECK(check_same(plain.rows, whole.rows, rows) && check_same(plain.rows, steps.rows, rows) &&
              check_same(plain.rows, again.rows, rows),
          "model %d of %u tokens, tile %u: a trace changes bits", number, tokens, tile);
    for (uint32_t state = 0; state <= 2; state++) {
      CHECK(check_same(whole.states[state], steps.states[state], whole.sizes[state]), "in steps");
      CHECK(tile == 0 || check_same(whole.states[state], first.states[state], whole.sizes[state]),
            "model %d of %u tokens: state %u in tile %u", number, tokens, state, tile);
    }
    if (tile == 0)
      first = whole;
    else
      free_traced(&whole);
    free_traced(&plain);
    free_traced(&steps);
    free_traced(&again);
    free(pixels);
    free_batch(&b);
    free_model(&m);
  }
  free_traced(&first);
}

/* Several sequences, and one that is too long, leave the trace as it was and are computed. */
static void test_what_is_not_traced(void) {
  static const uint32_t lengths[] = {3, 5}, longer[] = {WF_TRACED_TOKENS + 1};
  wf_encoder_description d = describe_model(2, 0);
  model m = ready_model(&d, 200, 200);
  batch batches[] = {make_batch(&d, lengths, 2), make_batch(&d, longer, 1)};
  for (int i = 0; i < 2; i++) {
    float *none = marked(1);
    trace plain = run_model(&m, &batches[i]);
    CHECK(wf_encoder_trace(none, m.encoder) == WF_OK, "trace");
    trace beside = run_model(&m, &batches[i]);
    CHECK(same_trace(&plain, &beside, d.layers), "batch %d: other bits", i);
    CHECK(is_untouched(*none), "batch %d is traced", i);
    CHECK(wf_encoder_trace(NULL, m.encoder) == WF_OK, "no trace");
    free_trace(&plain);
    free_trace(&beside);
    free_batch(&batches[i]);
    free(none);
  }
  free_model(&m);
}

static void test_refusals(void) {
  wf_encoder_description d = describe_model(2, 0), windowed = describe_model(0, 0);
  model m = make_model(&d);
  uint32_t shape[3];
  float out;
  CHECK(wf_encoder_trace(&out, m.encoder) == WF_ERROR_STATE, "nothing is derived");
  CHECK(wf_encoder_trace_shape(shape, m.encoder, VALUES, 0, 3) == WF_ERROR_ARGUMENT, "no such value");
  CHECK(wf_encoder_trace_shape(shape, m.encoder, WF_TRACED_KEY, 2, 3) == WF_ERROR_ARGUMENT, "no such layer");
  CHECK(wf_encoder_trace_shape(shape, m.encoder, WF_TRACED_WORD, 2, 3) == WF_OK, "a value of the stem");
  CHECK(wf_encoder_trace_shape(shape, m.encoder, WF_TRACED_KEY, 0, 0) == WF_ERROR_SHAPE, "no tokens");
  CHECK(wf_encoder_trace_shape(shape, m.encoder, WF_TRACED_KEY, 0, 65) == WF_ERROR_SHAPE, "65 tokens");
  CHECK(wf_encoder_trace_shape(shape, m.encoder, WF_TRACED_KEY, 0, 64) == WF_OK && shape[0] == 3 &&
            shape[1] == 64 && shape[2] == 5,
        "keys are [%u, %u, %u]", shape[0], shape[1], shape[2]);
  CHECK(wf_encoder_trace_shape(shape, m.encoder, WF_TRACED_PATCH, 0, 4) == WF_OK && shape[0] == 0 &&
            shape[1] == 0 && shape[2] == 0,
        "patches of texts are [%u, %u, %u]", shape[0], shape[1], shape[2]);
  free_model(&m);
  windowed.prefix = windowed.prefix_positions = windowed.positions = 0;
  windowed.embedding_norm = 2;
  windowed.merge_norm_epsilon = 1e-5f;
  for (uint32_t i = 0; i < 2; i++) {
    windowed.kind[i] = (wf_kind_description){.width = 10,
                                             .heads = 2,
                                             .key_heads = 2,
                                             .head_width = 5,
                                             .inner = 3,
                                             .norms = WF_BEFORE_ATTENTION,
                                             .norm_epsilon = 1e-5f,
                                             .score_scale = 1.0f,
                                             .left = WF_UNLIMITED,
                                             .right = WF_UNLIMITED,
                                             .bias = WF_BIAS_WINDOW,
                                             .window = 2};
  }
  m = ready_model(&windowed, 60, 60);
  CHECK(wf_encoder_trace(&out, m.encoder) == WF_ERROR_UNSUPPORTED, "windows");
  free_model(&m);
}

int main(void) {
  static const uint32_t lengths[] = {1, 4, 7, 12, 13, 64};
  test_traces(0, 1);
  for (int number = 1; number < MODELS; number++)
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) test_traces(number, lengths[i]);
  test_what_is_not_traced();
  test_refusals();
  return check_finish();
}
