/* Descriptions: the range of every field, sizes that must fit each other, what is not computed yet, and models beyond 32
 * bits; each refused with its status, by itself, in a description that is good else. */
#include "check.h"
#include "model.h"
#include <stddef.h>

static wf_encoder_description good_description(void) {
  return describe((wf_encoder_description){
      .layers = 2,
      .width = 9,
      .kinds = 2,
      .kind = {{.heads = 2, .head_width = 5, .inner = 13, .norm_epsilon = 1e-5f, .score_scale = 0.5f},
               {.heads = 3, .head_width = 4, .inner = 7, .norm_epsilon = 1e-5f, .score_scale = 0.5f}},
      .layer_kind = {0, 1},
      .vocabulary = 29,
      .positions = 17,
      .types = 2,
      .embedding_norm = 1,
      .embedding_norm_epsilon = 1e-5f,
      .final_norm = 1,
      .final_norm_epsilon = 1e-5f,
      .head_count = 1,
      .head = {{.inputs = 9, .outputs = 4, .activation = WF_TANH, .norm = 1}}});
}

/* Windows of 3 x 3 over two stages, the first with a shifted layer. */
static wf_encoder_description windowed_description(void) {
  return describe((wf_encoder_description){.stem = WF_STEM_PATCHES,
                                           .layers = 3,
                                           .width = 6,
                                           .kinds = 3,
                                           .kind = {{.width = 6,
                                                     .heads = 2,
                                                     .head_width = 3,
                                                     .inner = 7,
                                                     .norm_epsilon = 1e-5f,
                                                     .score_scale = 0.6f,
                                                     .window = 3},
                                                    {.width = 6,
                                                     .heads = 2,
                                                     .head_width = 3,
                                                     .inner = 7,
                                                     .norm_epsilon = 1e-5f,
                                                     .score_scale = 0.6f,
                                                     .window = 3,
                                                     .shift = 1},
                                                    {.width = 12,
                                                     .heads = 4,
                                                     .head_width = 3,
                                                     .inner = 9,
                                                     .norm_epsilon = 1e-5f,
                                                     .score_scale = 0.6f,
                                                     .window = 3}},
                                           .layer_kind = {0, 1, 2},
                                           .merge_norm_epsilon = 1e-5f,
                                           .channels = 1,
                                           .patch_height = 2,
                                           .patch_width = 2});
}

static uint32_t plan(const wf_encoder_description *d) {
  uint32_t bytes = 12345, status = wf_encoder_plan(&bytes, d);
  CHECK(status == WF_OK || bytes == 12345, "a refused plan wrote its size");
  return status;
}

/* A field by place, the least and the largest value that it may have, and what the good description with the largest is:
 * most fit it, some are in range and do not fit the rest, or are not computed. */
typedef struct range {
  const char *name;
  size_t offset;
  uint32_t least, most, least_status, status;
} range;
#define PLACE(name)                      offsetof(wf_encoder_description, name)
#define FIELD(name, least, most)         {#name, PLACE(name), least, most, WF_OK, WF_OK}
#define UNFIT(name, least, most, status) {#name, PLACE(name), least, most, WF_OK, status}

static const range ranges[] = {
    FIELD(tile, 0, WF_TILE_COUNT - 1),
    UNFIT(stem, 0, WF_STEM_ATTENTION, WF_OK),
    FIELD(vocabulary, 1, 1u << 20),
    FIELD(positions, 0, 65536),
    FIELD(types, 0, 65536),
    FIELD(channels, 0, 16),
    FIELD(patch_height, 0, 1024),
    FIELD(patch_width, 0, 1024),
    FIELD(stride_height, 0, 1024),
    FIELD(stride_width, 0, 1024),
    FIELD(prefix, 0, 1024),
    FIELD(norm_form, 0, WF_NORM_RMS),
    FIELD(embedding_norm, 0, 3),
    FIELD(dropped_token, 0, 29),
    FIELD(relative_norm, 0, 1),
    FIELD(projection, 0, 1),
    {"table_width", PLACE(table_width), 1, 8192, WF_ERROR_SHAPE, WF_ERROR_SHAPE},
    FIELD(final_norm, 0, 2),
    FIELD(merge_form, 0, WF_MERGE_NORM_LAST),
    FIELD(layers, 0, WF_MAX_LAYERS),
    UNFIT(pool, 0, 1, WF_ERROR_ARGUMENT), /* of no layer */
    FIELD(head_count, 0, WF_MAX_HEADS),
    FIELD(layer_kind[1], 0, 1),
    UNFIT(layer_weights[1], 0, 1, WF_OK),
    FIELD(kind[1].heads, 1, 128),
    FIELD(kind[1].head_width, 1, 1024),
    FIELD(kind[1].inner, 1, 65536),
    FIELD(kind[1].activation, 0, WF_ACTIVATION_COUNT - 1),
    FIELD(kind[1].gated, 0, 1),
    FIELD(kind[1].norms, 0, 63),
    FIELD(kind[1].norm_form, 0, WF_NORM_RMS),
    UNFIT(kind[1].head_norm, 0, 1 + WF_NORM_L2, WF_ERROR_UNSUPPORTED),
    UNFIT(kind[1].rotary, 0, WF_ROTARY_PAIRS, WF_ERROR_ARGUMENT),    /* of no channels */
    UNFIT(kind[1].bias, 0, WF_BIAS_DISENTANGLED, WF_ERROR_ARGUMENT), /* of no terms */
    FIELD(kind[1].bias_reach, 0, 65536),
    FIELD(kind[1].bias_buckets, 0, 65536),
    FIELD(kind[1].layer_scale, 0, 1),
    {"kind[1].key_heads", PLACE(kind[1].key_heads), 1, 3, WF_OK, WF_OK},
    FIELD(kind[1].left, 0, UINT32_MAX),
    FIELD(kind[1].right, 0, UINT32_MAX),
    FIELD(head[0].inputs, 1, 65536),
    FIELD(head[0].outputs, 1, 1u << 20),
    FIELD(head[0].activation, 0, WF_ACTIVATION_COUNT - 1),
    FIELD(head[0].norm, 0, 1),
    UNFIT(head[0].tied, 0, 1, WF_ERROR_SHAPE),
    UNFIT(head[0].bare, 0, 1, WF_ERROR_SHAPE),
};

static uint32_t plan_with(size_t offset, const void *value) {
  wf_encoder_description d = good_description();
  memcpy((char *)&d + offset, value, 4);
  if (offset == PLACE(kind[1].heads)) d.kind[1].key_heads = d.kind[1].heads;
  if (offset == PLACE(layer_weights[1])) d.layer_kind[1] = d.layer_kind[0];
  if (offset == PLACE(stem)) d.embedding_norm = 0;
  for (uint32_t i = 2; offset == PLACE(layers) && i < WF_MAX_LAYERS; i++) d.layer_weights[i] = i;
  for (int i = 1; offset == PLACE(head_count) && i < WF_MAX_HEADS; i++) d.head[i] = d.head[0];
  return plan(&d);
}

static void test_fields_out_of_range_are_refused(void) {
  CHECK(plan_with(PLACE(tile), &(uint32_t){0}) == WF_OK, "the good one");
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
    const range *r = &ranges[i];
    const uint32_t beyond[] = {r->most + 1, r->least - 1, 1u << 31, UINT32_MAX};
    for (int k = 0; k < 4; k++) {
      if (beyond[k] >= r->least && beyond[k] <= r->most) continue;
      uint32_t status = plan_with(r->offset, &beyond[k]);
      CHECK(status == WF_ERROR_ARGUMENT, "%s = %u: status %u", r->name, beyond[k], status);
    }
    uint32_t low = plan_with(r->offset, &r->least), high = plan_with(r->offset, &r->most);
    CHECK(low == r->least_status, "%s = %u: status %u", r->name, r->least, low);
    CHECK(high == r->status, "%s = %u: status %u", r->name, r->most, high);
  }
}

/* Fields that go together. */
static void test_linked_ranges(void) {
  static const struct {
    uint32_t width, prefix, prefix_positions, kinds, window, shift, status;
  } cases[] = {
      {8192, 0, 0, 1, 0, 0, WF_OK},
      {8193, 0, 0, 1, 0, 0, WF_ERROR_ARGUMENT},
      {0, 0, 0, 1, 0, 0, WF_ERROR_ARGUMENT},
      {1, 5, 5, 1, 0, 0, WF_OK},
      {1, 5, 6, 1, 0, 0, WF_ERROR_ARGUMENT},
      {1, 0, 1, 1, 0, 0, WF_ERROR_ARGUMENT},
      {1, 0, 0, 8, 0, 0, WF_OK},
      {1, 0, 0, 9, 0, 0, WF_ERROR_ARGUMENT},
      {1, 0, 0, UINT32_MAX, 0, 0, WF_ERROR_ARGUMENT},
      {1, 0, 0, 0, 0, 0, WF_ERROR_ARGUMENT}, /* a layer of no kind */
      {1, 0, 0, 1, 1, 0, WF_OK},
      {1, 0, 0, 1, 65, 0, WF_ERROR_ARGUMENT},
      {1, 0, 0, 1, UINT32_MAX, 0, WF_ERROR_ARGUMENT},
      {1, 0, 0, 1, 0, 1, WF_ERROR_ARGUMENT},
      {1, 0, 0, 1, 3, 3, WF_ERROR_ARGUMENT},
      {1, 0, 0, 1, 3, UINT32_MAX, WF_ERROR_ARGUMENT},
      {1, 0, 0, 1, 2, 0, WF_OK},
      {1, 0, 0, 1, 64, 63, WF_OK},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    wf_encoder_description d = {.stem = WF_STEM_PATCHES, .layers = 1, .width = cases[i].width};
    d.channels = d.patch_height = d.patch_width = 1;
    d.prefix = cases[i].prefix;
    d.prefix_positions = cases[i].prefix_positions;
    d.kinds = WF_MAX_KINDS;
    for (int k = 0; k < WF_MAX_KINDS; k++)
      d.kind[k] = (wf_kind_description){.heads = 1, .head_width = 1, .inner = 1, .score_scale = 1.0f};
    for (int k = 0; k < WF_MAX_KINDS; k++)
      d.kind[k].window = cases[i].window, d.kind[k].shift = cases[i].shift;
    d = describe(d);
    d.kinds = cases[i].kinds;
    uint32_t status = plan(&d);
    CHECK(status == cases[i].status, "case %zu: status %u, not %u", i, status, cases[i].status);
  }
}

static void test_numbers_out_of_range_are_refused(void) {
  static const size_t epsilons[] = {PLACE(embedding_norm_epsilon), PLACE(final_norm_epsilon),
                                    PLACE(merge_norm_epsilon), PLACE(kind[1].norm_epsilon),
                                    PLACE(head[0].norm_epsilon)};
  static const float bad[] = {-1e-5f, 1.5f, INFINITY, -INFINITY, NAN}, good[] = {0.0f, -0.0f, 1.0f};
  static const float bad_scale[] = {0.0f, -1.0f, 2e6f, INFINITY, NAN}, good_scale[] = {1e-30f, 1.0f, 1e6f};
  for (int k = 0; k < 5; k++) {
    for (int i = 0; i < 5; i++)
      CHECK(plan_with(epsilons[k], &bad[i]) == WF_ERROR_ARGUMENT, "epsilon %d = %g", k, (double)bad[i]);
    for (int i = 0; i < 3; i++)
      CHECK(plan_with(epsilons[k], &good[i]) == WF_OK, "epsilon %d = %g", k, (double)good[i]);
  }
  for (int i = 0; i < 5; i++) {
    uint32_t status = plan_with(PLACE(kind[1].score_scale), &bad_scale[i]);
    CHECK(status == WF_ERROR_ARGUMENT, "score scale %g", (double)bad_scale[i]);
    status = plan_with(PLACE(token_scale), &bad_scale[i]);
    CHECK(status == (i ? WF_ERROR_ARGUMENT : WF_OK), "token scale %g", (double)bad_scale[i]);
  }
  for (int i = 0; i < 3; i++) {
    uint32_t status = plan_with(PLACE(kind[1].score_scale), &good_scale[i]);
    CHECK(status == WF_OK, "score scale %g", (double)good_scale[i]);
    CHECK(plan_with(PLACE(token_scale), &good_scale[i]) == WF_OK, "token scale %g", (double)good_scale[i]);
  }
}

/* Every field that has values which this core does not compute yet, each of those values. */
static void test_what_is_not_computed_is_refused(void) {
  static const struct {
    const char *name;
    size_t offset;
    uint32_t first, last;
  } fields[] = {
      {"dtype", PLACE(dtype), 1, 3},
      {"kind.head_norm", PLACE(kind[1].head_norm), 1 + WF_NORM_L2, 1 + WF_NORM_L2},
      {"kind.bias", PLACE(kind[1].bias), WF_BIAS_WINDOW, WF_BIAS_WINDOW},
      {"embedding_norm", PLACE(embedding_norm), 2, 2}, /* of patches */
  };
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    for (uint32_t value = fields[i].first; value <= fields[i].last; value++) {
      uint32_t status = plan_with(fields[i].offset, &value);
      CHECK(status == WF_ERROR_UNSUPPORTED, "%s = %u: status %u", fields[i].name, value, status);
    }
  }
  wf_encoder_description d = good_description();
  d.kind[1].window = 3;
  d.kind[1].bias = WF_BIAS_WINDOW;
  CHECK(plan(&d) == WF_ERROR_UNSUPPORTED, "windows in some layers");
  d = windowed_description();
  d.kind[0].right = 0;
  CHECK(plan(&d) == WF_ERROR_UNSUPPORTED, "a reach inside windows");
  d = windowed_description();
  d.kind[0].head_norm = 1 + WF_NORM_LAYER;
  CHECK(plan(&d) == WF_ERROR_UNSUPPORTED, "norms of heads inside windows");
  d = good_description();
  for (int i = 0; i < 3; i++) {
    d = good_description();
    d.stem = WF_STEM_ATTENTION;
    d.embedding_norm = 0;
    if (i == 0) d.kind[1].left = 5;
    if (i == 1) d.kind[1].head_norm = 1 + WF_NORM_RMS;
    if (i == 2) d.kind[1].layer_scale = 1;
    CHECK(plan(&d) == WF_ERROR_UNSUPPORTED, "a lone attention module %d", i);
  }
  d = good_description();
  d.stem = WF_STEM_EMBEDDINGS;
  d.embedding_norm = 0;
  CHECK(plan(&d) == WF_OK, "rows as they are");
  d.embedding_norm = 1;
  CHECK(plan(&d) == WF_ERROR_UNSUPPORTED, "a norm over the caller's rows");
  d = good_description();
  d.kind[1].width = 18;
  CHECK(plan(&d) == WF_ERROR_UNSUPPORTED, "merging without windows");
}

static void test_windowed_descriptions(void) {
  wf_encoder_description d = windowed_description();
  CHECK(plan(&d) == WF_OK, "the good one: status %u", plan(&d));
  for (uint32_t stem = 0; stem <= WF_STEM_ATTENTION; stem++) {
    d = windowed_description();
    d.vocabulary = 5;
    d.stem = stem;
    CHECK(plan(&d) == (stem == WF_STEM_PATCHES ? WF_OK : WF_ERROR_UNSUPPORTED), "stem %u", stem);
  }
  for (uint32_t bias = 0; bias <= WF_BIAS_DISTANCE; bias++) {
    d = windowed_description();
    d.kind[1].bias = bias;
    d.kind[1].bias_buckets = 32, d.kind[1].bias_reach = 128;
    CHECK(plan(&d) == (bias == WF_BIAS_WINDOW ? WF_OK : WF_ERROR_UNSUPPORTED), "bias %u", bias);
  }
  for (int axis = 0; axis < 2; axis++) {
    d = windowed_description();
    *(axis ? &d.stride_width : &d.stride_height) += 1;
    CHECK(plan(&d) == WF_ERROR_UNSUPPORTED, "gaps between patches in windows");
  }
  d = windowed_description();
  d.prefix = 1;
  CHECK(plan(&d) == WF_ERROR_UNSUPPORTED, "a prefix");
  for (int field = 0; field < 5; field++) {
    d = windowed_description();
    uint32_t *fields[] = {&d.channels, &d.patch_height, &d.patch_width, &d.stride_height, &d.stride_width};
    *fields[field] = 0;
    CHECK(plan(&d) == WF_ERROR_ARGUMENT, "no patches: %d", field);
  }
  static const uint32_t widths[] = {1, 6, 11, 13, 24, 3};
  for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
    d = windowed_description();
    d.kind[2].width = widths[i];
    CHECK(plan(&d) == (widths[i] == 6 ? WF_OK : WF_ERROR_SHAPE), "12 is %u: status %u", widths[i], plan(&d));
  }
}

/* Layers that use others' weights, heads that divide, and every tied head that is not the token table's transpose. */
static void test_sizes_that_do_not_fit_together(void) {
  static const struct {
    uint32_t kind[3], weights[3], status;
  } layers[] = {
      {{0, 1, 0}, {0, 1, 0}, WF_OK},
      {{0, 1, 1}, {0, 1, 1}, WF_OK},
      {{0, 1, 1}, {0, 1, 0}, WF_ERROR_SHAPE},    /* of another kind */
      {{0, 0, 0}, {0, 0, 1}, WF_ERROR_ARGUMENT}, /* of one that has none of its own */
      {{0, 0, 0}, {0, 2, 2}, WF_ERROR_ARGUMENT}, /* of a later one */
      {{0, 0, 0}, {1, 1, 2}, WF_ERROR_ARGUMENT},
      {{0, 2, 0}, {0, 1, 2}, WF_ERROR_ARGUMENT},
  };
  for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
    wf_encoder_description d = good_description();
    d.layers = 3;
    for (int k = 0; k < 3; k++)
      d.layer_kind[k] = layers[i].kind[k], d.layer_weights[k] = layers[i].weights[k];
    CHECK(plan(&d) == layers[i].status, "layers %zu: status %u", i, plan(&d));
  }
  for (int kind = 0; kind < 6; kind++) {
    wf_encoder_description d = good_description();
    d.head[0] = (wf_head_description){.inputs = 9, .outputs = 29, .tied = 1};
    if (kind == 0) d.head[0].inputs = 8;
    if (kind == 1) d.head[0].outputs = 28;
    if (kind == 2) d.head[0].norm = 1;
    if (kind == 3) d.head[0].activation = WF_GELU;
    if (kind == 4) d.vocabulary = 30;
    CHECK(plan(&d) == (kind == 5 ? WF_OK : WF_ERROR_SHAPE), "tied head %d", kind);
  }
  wf_encoder_description d = good_description();
  d.kind[1].key_heads = 2;
  CHECK(plan(&d) == WF_ERROR_SHAPE, "3 heads of 2 key heads");
  d.kind[1].key_heads = 4;
  CHECK(plan(&d) == WF_ERROR_ARGUMENT, "3 heads of 4 key heads");
  d = good_description();
  d.width = d.table_width = d.head[0].inputs = 10;
  CHECK(plan(&d) == WF_ERROR_SHAPE, "rows of 10 enter a layer of 9");
}

static void test_models_beyond_32_bits(void) {
  wf_encoder_description d = good_description();
  d.layers = d.head_count = 0;
  d.vocabulary = 1u << 20;
  d.width = d.table_width = 8192;
  CHECK(plan(&d) == WF_ERROR_MEMORY, "a table of 32 GB");
  d = good_description();
  d.head_count = 0;
  d.layers = WF_MAX_LAYERS, d.width = d.table_width = 8192;
  for (uint32_t i = 0; i < WF_MAX_LAYERS; i++) d.layer_kind[i] = 0, d.layer_weights[i] = i;
  d.kind[0].width = 8192, d.kind[0].heads = d.kind[0].key_heads = 128, d.kind[0].head_width = 1024;
  d.kind[0].inner = 65536, d.kind[0].gated = 1;
  CHECK(plan(&d) == WF_ERROR_MEMORY, "the largest of everything");
}

/* The layer that pools attends plainly, and nothing else. */
static void test_pool_layers(void) {
  wf_encoder_description d = good_description();
  d.pool = 1;
  d.kinds = 3;
  d.layer_kind[2] = 2;
  d.kind[2] = d.kind[1];
  d.kind[2].norms = WF_BEFORE_FEED_FORWARD;
  d = describe(d);
  CHECK(plan(&d) == WF_OK, "the good one");
#define REFUSED(status, field, value)                                 \
  do {                                                                \
    wf_encoder_description other = d;                                 \
    other.field = value;                                              \
    CHECK(plan(&other) == (status), "a pooling with " #field #value); \
  } while (0)
  REFUSED(WF_ERROR_ARGUMENT, layer_kind[2], 3);
  REFUSED(WF_ERROR_ARGUMENT, layer_weights[2], 0);
  REFUSED(WF_ERROR_SHAPE, kind[2].width, 10);
  REFUSED(WF_ERROR_UNSUPPORTED, kind[2].right, 0);
  REFUSED(WF_ERROR_UNSUPPORTED, kind[2].head_norm, 1);
  REFUSED(WF_ERROR_UNSUPPORTED, kind[2].layer_scale, 1);
  REFUSED(WF_ERROR_UNSUPPORTED, kind[2].norms, WF_AFTER_FEED_FORWARD | WF_BEFORE_FEED_FORWARD);
#undef REFUSED
}

int main(void) {
  test_fields_out_of_range_are_refused();
  test_linked_ranges();
  test_numbers_out_of_range_are_refused();
  test_what_is_not_computed_is_refused();
  test_windowed_descriptions();
  test_sizes_that_do_not_fit_together();
  test_models_beyond_32_bits();
  test_pool_layers();
  return check_finish();
}
