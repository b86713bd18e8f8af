/* The geometry that wf_encoder_state and wf_encoder_least_image tell, against the definition written out here: patches,
 * maps behind each stage, windows, heads and widths; and which images are refused. */
#include "check.h"
#include "model.h"

static wf_kind_description layer(uint32_t width, uint32_t heads, uint32_t window) {
  return (wf_kind_description){.width = width,
                               .heads = heads,
                               .head_width = 2,
                               .inner = 3,
                               .norms = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD,
                               .norm_epsilon = 1e-5f,
                               .score_scale = 1.0f,
                               .window = window};
}

/* Layers of each stage, their windows and heads: what a windowed model is made of. */
typedef struct stages {
  uint32_t count, layers[4], window[4], heads[4], patch_height, patch_width;
} stages;

static const stages swins[] = {
    {1, {1}, {2}, {1}, 1, 1},
    {1, {3}, {7}, {3}, 4, 4},
    {2, {2, 1}, {3, 3}, {2, 4}, 2, 3},
    {3, {1, 2, 1}, {4, 2, 5}, {1, 5, 2}, 3, 1},
    {4, {2, 2, 6, 2}, {7, 7, 7, 7}, {3, 6, 12, 24}, 4, 4},
    {4, {1, 1, 1, 1}, {2, 3, 2, 4}, {4, 3, 2, 1}, 1, 2},
    {4, {1, 1, 1, 1}, {9, 2, 2, 2}, {1, 1, 1, 1}, 2, 2}, /* the first window decides */
};

static wf_encoder_description describe_stages(const stages *s) {
  wf_encoder_description d = {.stem = WF_STEM_PATCHES, .width = 2, .kinds = s->count, .channels = 1};
  d.patch_height = s->patch_height;
  d.patch_width = s->patch_width;
  for (uint32_t stage = 0; stage < s->count; stage++) {
    d.kind[stage] = layer(2u << stage, s->heads[stage], s->window[stage]);
    for (uint32_t i = 0; i < s->layers[stage]; i++) d.layer_kind[d.layers++] = stage;
  }
  return describe(d);
}

/* State `index` of a windowed model by its definition; the status that a wrong size gives. */
static uint32_t expect_windowed(wf_state *state, const stages *s, uint32_t index, uint32_t height,
                                uint32_t width) {
  uint32_t down = (height + s->patch_height - 1) / s->patch_height, across;
  across = (width + s->patch_width - 1) / s->patch_width;
  *state = (wf_state){.states = s->count + 1, .width = 2};
  int sized = height || width, fits = 1;
  for (uint32_t stage = 0; stage < s->count; stage++) {
    uint32_t window = s->window[stage], last = stage + 1 == s->count;
    fits &= down >= window && across >= window;
    if (stage == index) state->height = down, state->across = across;
    if (stage + 1 == index) {
      state->heads = s->heads[stage];
      state->windows = (down + window - 1) / window * ((across + window - 1) / window);
      state->keys = window * window;
    }
    if (stage < index) state->layers += s->layers[stage], state->width = last ? state->width : 4u << stage;
    if (!last) down = (down + 1) / 2, across = (across + 1) / 2;
  }
  if (index == s->count) state->height = down, state->across = across;
  state->tokens = state->height * state->across;
  if (!sized) state->height = state->across = state->windows = state->keys = state->tokens = 0;
  if (index > s->count) return WF_ERROR_ARGUMENT;
  return sized && (!fits || !height || !width) ? WF_ERROR_SHAPE : WF_OK;
}

static void compare_state(const wf_encoder *encoder, const wf_state *want, uint32_t status, uint32_t index,
                          uint32_t height, uint32_t width) {
  wf_state got = {0};
  uint32_t is = wf_encoder_state(&got, encoder, index, height, width);
  CHECK(is == status, "state %u of %u x %u: status %u, not %u", index, height, width, is, status);
  if (status != WF_OK) return;
  CHECK(memcmp(&got, want, sizeof got) == 0,
        "state %u of %u x %u: %u states, %u layers, width %u, %u tokens, %u x %u, %u windows, %u heads, %u "
        "keys",
        index, height, width, got.states, got.layers, got.width, got.tokens, got.height, got.across,
        got.windows, got.heads, got.keys);
}

/* Images of every size up to a few windows, so with maps of odd sizes behind each stage. */
static void test_windowed_states(const stages *s) {
  wf_encoder_description d = describe_stages(s);
  model m = make_model(&d);
  wf_state want;
  for (uint32_t index = 0; index <= s->count + 2; index++) {
    uint32_t status = expect_windowed(&want, s, index, 0, 0);
    compare_state(m.encoder, &want, status, index, 0, 0);
    for (uint32_t size = 0; size < 240; size++) {
      const uint32_t others[] = {size, 61 * s->patch_width, 240 - size, 1000};
      for (int i = 0; i < 4; i++) {
        if (size == 0 && others[i] == 0) continue;
        status = expect_windowed(&want, s, index, size, others[i]);
        compare_state(m.encoder, &want, status, index, size, others[i]);
        status = expect_windowed(&want, s, index, others[i], size);
        compare_state(m.encoder, &want, status, index, others[i], size);
      }
    }
  }
  free_model(&m);
}

/* An image is refused exactly if it is lower or narrower than the least. */
static void test_least_image(wf_encoder_description d) {
  model m = make_model(&d);
  uint32_t least[2] = {0, 0};
  wf_state state;
  CHECK(wf_encoder_least_image(least, m.encoder) == WF_OK, "least_image");
  for (uint32_t size = 1; size < 400; size++) {
    uint32_t high = wf_encoder_state(&state, m.encoder, 0, size, 500);
    uint32_t wide = wf_encoder_state(&state, m.encoder, 0, 500, size);
    CHECK(high == (size < least[0] ? WF_ERROR_SHAPE : WF_OK), "%u pixels high, at least %u: status %u", size,
          least[0], high);
    CHECK(wide == (size < least[1] ? WF_ERROR_SHAPE : WF_OK), "%u pixels wide, at least %u: status %u", size,
          least[1], wide);
  }
  draw_weights(&m);
  give_scratch(&m, 20000, 512);
  size_t count = (size_t)(least[0] + 1) * (least[1] + 1);
  float *pixels = check_floats(count);
  memset(pixels, 0, count * sizeof(float));
  for (uint32_t more = 0; more < 4; more++) {
    uint32_t height = least[0] - (more & 1), width = least[1] - (more >> 1);
    uint32_t status = wf_encoder_begin_pixels(m.encoder, pixels, NULL, 1, height, width);
    CHECK(status == (more ? WF_ERROR_SHAPE : WF_OK), "%u x %u pixels, at least %u x %u: status %u", height,
          width, least[0], least[1], status);
    if (status == WF_OK) CHECK(run_to(&m, NULL, state.states - 1) == WF_OK, "the least image");
  }
  free(pixels);
  free_model(&m);
}

/* A plain stack: sequences keep their rows; of images there are whole patches and the prefix. */
static void test_plain_states(uint32_t stem, uint32_t layers, uint32_t prefix) {
  wf_encoder_description d = {.stem = stem, .layers = layers, .width = 2, .vocabulary = 3};
  d.kinds = 2;
  d.kind[0] = layer(2, 3, 0);
  d.kind[1] = layer(2, 5, 0);
  for (uint32_t i = 0; i < layers; i++) d.layer_kind[i] = i % 2;
  if (stem == WF_STEM_PATCHES) d.channels = 1, d.patch_height = 3, d.patch_width = 2, d.prefix = prefix;
  d = describe(d);
  model m = make_model(&d);
  for (uint32_t index = 0; index <= layers + 2; index++) {
    wf_state want = {.states = layers + 1, .layers = index, .width = 2};
    if (index) want.heads = index % 2 ? 3 : 5;
    uint32_t there = index <= layers ? WF_OK : WF_ERROR_ARGUMENT;
    compare_state(m.encoder, &want, there, index, 0, 0);
    for (uint32_t height = 0; height < 20; height++) {
      for (uint32_t width = 0; width < 20 && (height || width); width++) {
        want.height = height / 3;
        want.across = width / 2;
        want.tokens = prefix + want.height * want.across;
        uint32_t status = there;
        if (there == WF_OK && !(want.height && want.across)) status = WF_ERROR_SHAPE;
        if (stem != WF_STEM_PATCHES) status = WF_ERROR_ARGUMENT;
        compare_state(m.encoder, &want, status, index, height, width);
      }
    }
  }
  free_model(&m);
}

/* The largest images: 2^20 patches and no more, of at most 65536 pixels a side. */
static void test_most_patches(int windowed) {
  static const struct {
    uint32_t height, width, status;
  } sizes[] = {
      {2048, 2048, WF_OK},         {2048, 2050, WF_ERROR_MEMORY},    {2050, 2048, WF_ERROR_MEMORY},
      {64, 65536, WF_OK},          {66, 65536, WF_ERROR_MEMORY},     {65536, 65536, WF_ERROR_MEMORY},
      {65537, 64, WF_ERROR_SHAPE}, {64, UINT32_MAX, WF_ERROR_SHAPE}, {UINT32_MAX, UINT32_MAX, WF_ERROR_SHAPE},
  };
  const stages swin = {1, {1}, {2}, {1}, 2, 2};
  wf_encoder_description d = describe_stages(&swin);
  if (!windowed) d.kind[0].window = d.kind[0].bias = 0;
  model m = ready_model(&d, 100, 100);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    wf_state state;
    uint32_t status = wf_encoder_state(&state, m.encoder, 1, sizes[i].height, sizes[i].width);
    CHECK(status == sizes[i].status, "%u x %u: status %u", sizes[i].height, sizes[i].width, status);
    status = wf_encoder_begin_pixels(m.encoder, NULL, NULL, 1, sizes[i].height, sizes[i].width);
    uint32_t want = sizes[i].status == WF_OK ? WF_ERROR_MEMORY : sizes[i].status; /* of this scratch */
    CHECK(status == want, "%u x %u begun: status %u", sizes[i].height, sizes[i].width, status);
  }
  free_model(&m);
}

int main(void) {
  for (size_t i = 0; i < sizeof swins / sizeof *swins; i++) {
    test_windowed_states(&swins[i]);
    test_least_image(describe_stages(&swins[i]));
  }
  for (uint32_t layers = 0; layers <= 3; layers++) {
    test_plain_states(WF_STEM_TOKENS, layers, 0);
    test_plain_states(WF_STEM_EMBEDDINGS, layers, 0);
    test_plain_states(WF_STEM_PATCHES, layers, 0);
    test_plain_states(WF_STEM_PATCHES, layers, 5);
  }
  wf_encoder_description plain = describe_stages(&(stages){1, {2}, {2}, {1}, 3, 5});
  plain.kind[0].window = plain.kind[0].bias = 0;
  test_least_image(plain);
  test_most_patches(0);
  test_most_patches(1);
  return check_finish();
}
