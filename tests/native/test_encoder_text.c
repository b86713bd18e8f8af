/* The forms that text encoders have beside BERT's, each a small random model held to the twin in every tile: RMS norms, rotary
 * positions, biases by distance, terms of relative positions, projected tables, dropped tokens; and that angles and biases are
 * there whenever scratch is. */
#include "check.h"
#include "model.h"
#include "twin.h"

static const uint32_t lengths[] = {1, 2, 5, 6, 7, 8, 9, 12, 13, 70, 3, 31};
enum { COUNT = sizeof lengths / sizeof *lengths };

enum {
  POST_NORM = WF_AFTER_ATTENTION | WF_AFTER_FEED_FORWARD,
  PRE_NORM = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD,
  SANDWICH = PRE_NORM | WF_INSIDE_ATTENTION | WF_INSIDE_FEED_FORWARD,
};

enum {
  T5,
  UMT5,
  MPNET,
  MODERNBERT,
  GEMMA,
  DEBERTA_V3,
  DEBERTA_V1,
  ONE_TERM,
  ALBERT,
  PROJECTED,
  ESM,
  ROFORMER,
  MODELS
};

static const wf_kind_description BASE = {.heads = 3,
                                         .head_width = 8,
                                         .inner = 13,
                                         .activation = WF_GELU,
                                         .norms = POST_NORM,
                                         .norm_epsilon = 1e-6f,
                                         .score_scale = 0.35f};

/* Three layers of a kind over tables; what a form changes follows. */
static wf_encoder_description base_description(const wf_kind_description *kind) {
  return describe((wf_encoder_description){.layers = 3,
                                           .width = 20,
                                           .kinds = 1,
                                           .kind = {*kind},
                                           .vocabulary = 53,
                                           .embedding_norm = 1,
                                           .embedding_norm_epsilon = 1e-6f,
                                           .final_norm_epsilon = 1e-6f,
                                           .relative_norm_epsilon = 1e-7f});
}

static wf_encoder_description by_distance(int model) {
  wf_kind_description kind = BASE;
  kind.bias = WF_BIAS_DISTANCE;
  kind.bias_buckets = model == MPNET ? 32 : 8;
  kind.bias_reach = model == MPNET ? 128 : 20;
  if (model != MPNET) {
    kind.norms = PRE_NORM;
    kind.norm_form = WF_NORM_RMS;
    kind.gated = 1;
    kind.score_scale = 1.0f;
  }
  wf_encoder_description d = base_description(&kind);
  d.norm_form = kind.norm_form;
  d.positions = model == MPNET ? 100 : 0;
  d.embedding_norm = model == MPNET;
  d.final_norm = model != MPNET;
  for (uint32_t i = 0; i < d.layers; i++) d.layer_bias[i] = model == UMT5 ? i : 0;
  return d;
}

/* ModernBERT: layers that see all and layers that see their neighbours, each with its own angles; Gemma's besides. */
static wf_encoder_description turned(int model) {
  wf_kind_description kind = BASE;
  kind.rotary = WF_ROTARY_HALVES;
  kind.rotary_width = 8;
  kind.gated = 1;
  kind.norms = PRE_NORM;
  if (model == GEMMA) {
    kind.norms = SANDWICH;
    kind.norm_form = WF_NORM_RMS;
    kind.head_norm = 1 + WF_NORM_RMS;
  }
  wf_encoder_description d = base_description(&kind);
  d.norm_form = kind.norm_form;
  d.kinds = 3;
  d.kind[1] = d.kind[2] = d.kind[0];
  d.kind[0].norms = model == GEMMA ? SANDWICH : WF_BEFORE_FEED_FORWARD;
  d.kind[1].left = d.kind[1].right = 4;
  d.kind[1].rotary_table = 1;
  d.kind[2].rotary_width = 6; /* but for the last channels */
  d.kind[2].rotary = WF_ROTARY_NONE;
  if (model == GEMMA) d.kind[0].key_heads = 1;
  d.rotary[0] = d.rotary[1] = (wf_rotary_description){.pairs = 4, .gain = 1.0f};
  d.rotary[1].gain = 1.25f;
  for (uint32_t i = 0; i < 3; i++) d.layer_kind[i] = i;
  d.final_norm = 1;
  return d;
}

static wf_encoder_description relative(int model) {
  wf_kind_description kind = BASE;
  kind.bias = WF_BIAS_DISENTANGLED;
  kind.bias_terms = WF_TERM_CONTENT_TO_POSITION | WF_TERM_POSITION_TO_CONTENT;
  if (model == DEBERTA_V3) kind.bias_terms |= WF_TERM_SHARED;
  if (model != DEBERTA_V1) {
    kind.bias_buckets = 8;
    kind.bias_reach = 45;
  }
  wf_encoder_description d = base_description(&kind);
  d.relative_rows = model == DEBERTA_V1 ? 40 : 16; /* distances of 70 tokens go beyond both */
  d.relative_norm = model == DEBERTA_V3;
  d.kinds = 2;
  d.kind[1] = d.kind[0];
  if (model == ONE_TERM) {
    d.kind[0].bias_terms = WF_TERM_CONTENT_TO_POSITION;
    d.kind[1].bias_terms = WF_TERM_POSITION_TO_CONTENT | WF_TERM_SHARED;
    d.convolution = 5;
    d.convolution_activation = WF_GELU;
  }
  if (model == DEBERTA_V3) d.convolution = 1;
  d.layer_kind[1] = 1;
  return d;
}

static wf_encoder_description projected(int model) {
  wf_encoder_description d = base_description(&BASE);
  d.positions = 100;
  d.types = 2;
  d.table_width = model == ALBERT ? 9 : 33;
  d.projection = 1;
  d.embedding_norm = model == ALBERT ? 1 : 3;
  for (uint32_t i = 0; model == ALBERT && i < d.layers; i++) d.layer_weights[i] = 0;
  d.head_count = 2;
  d.head[0] = (wf_head_description){
      .inputs = 20, .outputs = d.table_width, .activation = WF_GELU, .norm = 1, .norm_epsilon = 1e-6f};
  d.head[1] = (wf_head_description){.inputs = d.table_width, .outputs = 53, .tied = 1};
  return d;
}

static wf_encoder_description describe_model(int model) {
  if (model <= MPNET) return by_distance(model);
  if (model <= GEMMA) return turned(model);
  if (model <= ONE_TERM) return relative(model);
  if (model <= PROJECTED) return projected(model);
  wf_kind_description kind = BASE;
  kind.rotary = model == ESM ? WF_ROTARY_HALVES : WF_ROTARY_PAIRS;
  kind.rotary_width = model == ESM ? 8 : 6;
  kind.norms = model == ESM ? PRE_NORM : POST_NORM;
  wf_encoder_description d = base_description(&kind);
  d.dropped_token = model == ESM ? 8 : 0;
  d.token_scale = model == ESM ? 1.7f : 0.0f;
  d.rotary[0] = (wf_rotary_description){kind.rotary_width / 2, model == ESM ? 0.0f : 10000.0f, 1.0f, 0};
  d.final_norm = model == ESM;
  return d;
}

/* Heads in turn, the second over what the first gives. */
static void check_chain(model *m, const batch *b, void *context) {
  const wf_encoder_description *d = &m->description;
  if (d->head_count < 2) return;
  const wf_output output = {.heads = 2, .head = {0, 1}};
  size_t count = (size_t)b->rows * d->head[1].outputs;
  float *got = check_floats(count);
  double *x = check_widened(wf_encoder_hidden(m->encoder), (size_t)b->rows * d->width);
  double *inside = check_doubles((size_t)b->rows * d->head[0].outputs), *want = check_doubles(count);
  CHECK(wf_encoder_output(got, m->encoder, NULL, &output, 0, b->rows) == WF_OK, "heads");
  wf_reference_head(inside, x, d, &m->weights, 0, b->rows);
  wf_reference_head(want, inside, d, &m->weights, 1, b->rows);
  for (size_t i = 0; i < count; i++)
    CHECK_ERROR((check_worst *)context, fabs((double)got[i] - want[i]), "tables of %u", d->table_width);
  free(got);
  free(x);
  free(inside);
  free(want);
}

/* Scratch that is smaller, larger, or placed after the rest is derived gives the same bits: angles are filled for it. */
static void test_scratch_may_change(int model) {
  wf_encoder_description d = describe_model(model);
  static const uint32_t one[] = {70}, few[] = {3, 7};
  batch b = make_batch(&d, one, 1), small = make_batch(&d, few, 2);
  struct model m = ready_model(&d, batch_cost(&b, 0), longest_cost(&b, 0));
  trace first = run_model(&m, &b);
  give_scratch(&m, batch_cost(&small, 0), longest_cost(&small, 0));
  trace between = run_model(&m, &small);
  give_scratch(&m, 3 * batch_cost(&b, 0), 2 * longest_cost(&b, 0));
  trace second = run_model(&m, &b), again = run_model(&m, &small);
  CHECK(same_trace(&first, &second, d.layers), "model %d in other scratch", model);
  CHECK(same_trace(&between, &again, d.layers), "model %d in larger scratch", model);
  free_trace(&first);
  free_trace(&between);
  free_trace(&second);
  free_trace(&again);
  free_batch(&b);
  free_batch(&small);
  check_weights_come_back(&m);
  free_model(&m);
}

/* Relative positions are projected by kernels, which need the scratch. */
static void test_deriving_needs_scratch(void) {
  wf_encoder_description d = describe_model(DEBERTA_V1);
  model m = make_model(&d);
  put_weights(&m);
  CHECK(wf_encoder_derive(m.encoder) == WF_ERROR_STATE, "derived without scratch");
  give_scratch(&m, 12, 12);
  CHECK(wf_encoder_derive(m.encoder) == WF_OK, "derived with scratch for 12 rows");
  free_model(&m);
}

/* A file's rows by head are the same weight as [queries; keys; values]. */
static void test_rows_by_head(void) {
  wf_encoder_description d = describe_model(DEBERTA_V1);
  const uint32_t heads = 3, width = 8, all = 24, columns = d.width;
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    d.tile = tile;
    model m = make_model(&d);
    put_weights(&m);
    const float *weight = m.weights.slot[WF_SLOT_QKV_WEIGHT][0], *bias = m.weights.slot[WF_SLOT_QKV_BIAS][0];
    float *by_head = check_floats((size_t)3 * all * columns), *biases = check_floats((size_t)3 * all);
    for (uint32_t r = 0; r < 3 * all; r++) {
      uint32_t part = r / width % 3, row = part * all + r / (3 * width) * width + r % width;
      memcpy(by_head + (size_t)r * columns, weight + (size_t)row * columns, columns * sizeof(float));
      biases[r] = bias[row];
    }
    CHECK(heads * width == all, "sizes");
    uint8_t *before = memcpy(check_alloc(m.bytes), m.encoder, m.bytes);
    const wf_put puts[] = {{.slot = WF_SLOT_QKV_WEIGHT, .count = 3 * all * columns, .rows = WF_ROWS_BY_HEAD},
                           {.slot = WF_SLOT_QKV_BIAS, .count = 3 * all, .rows = WF_ROWS_BY_HEAD}};
    float *found = check_floats((size_t)3 * all * columns);
    memset(found, 0, (size_t)3 * all * columns * sizeof(float));
    CHECK(put_slot(m.encoder, found, WF_SLOT_QKV_WEIGHT, 0, 3 * all * columns) == WF_OK, "zeros");
    CHECK(wf_encoder_put(m.encoder, by_head, &puts[0]) == WF_OK, "by head");
    CHECK(wf_encoder_get(found, m.encoder, &puts[0]) == WF_OK, "got by head");
    CHECK(memcmp(found, by_head, (size_t)3 * all * columns * sizeof(float)) == 0, "others come back");
    CHECK(wf_encoder_get(found, m.encoder,
                         &(wf_put){.slot = WF_SLOT_QKV_WEIGHT, .count = 3 * all * columns}) == WF_OK,
          "got in the model's order");
    CHECK(memcmp(found, weight, (size_t)3 * all * columns * sizeof(float)) == 0, "others come back");
    free(found);
    CHECK(wf_encoder_put(m.encoder, biases, &puts[1]) == WF_OK, "biases by head");
    CHECK(memcmp(before, m.encoder, m.bytes) == 0, "tile %u: other weights by head", tile);
    free(before);
    free(by_head);
    free(biases);
    free_model(&m);
  }
}

/* Two kinds of layer, of 3 heads each. */
static wf_encoder_description good_description(void) {
  wf_encoder_description d = base_description(&BASE);
  d.kinds = 2;
  d.kind[1] = d.kind[0];
  d.layer_kind[1] = 1;
  return d;
}

static uint32_t plan(const wf_encoder_description *d) {
  uint32_t bytes;
  return wf_encoder_plan(&bytes, d);
}

/* What the fields of biases by distance and of relative positions must be together. */
static void test_fields_of_biases(void) {
  static const struct {
    uint32_t bias, buckets, reach, terms, rows, status;
  } biases[] = {
      {WF_BIAS_DISTANCE, 32, 128, 0, 0, WF_OK},
      {WF_BIAS_DISTANCE, 32, 128, 1, 0, WF_ERROR_ARGUMENT},
      {WF_BIAS_DISTANCE, 3, 128, 0, 0, WF_ERROR_ARGUMENT},
      {WF_BIAS_DISTANCE, 32, 8, 0, 0, WF_ERROR_ARGUMENT},
      {WF_BIAS_DISTANCE, 0, 0, 0, 0, WF_ERROR_ARGUMENT},
      {WF_BIAS_DENSE, 0, 3, 0, 0, WF_ERROR_ARGUMENT},
      {WF_BIAS_DENSE, 3, 257, 0, 0, WF_ERROR_ARGUMENT},
      {WF_BIAS_DENSE, 3, 3, 0, 0, WF_ERROR_UNSUPPORTED},
      {WF_BIAS_DISENTANGLED, 0, 0, 3, 16, WF_OK},
      {WF_BIAS_DISENTANGLED, 8, 40, 7, 16, WF_OK},
      {WF_BIAS_DISENTANGLED, 8, 5, 7, 16, WF_ERROR_ARGUMENT},
      {WF_BIAS_DISENTANGLED, 1, 40, 7, 16, WF_ERROR_ARGUMENT},
      {WF_BIAS_DISENTANGLED, 8, 40, 4, 16, WF_ERROR_ARGUMENT},
      {WF_BIAS_DISENTANGLED, 8, 40, 8, 16, WF_ERROR_ARGUMENT},
      {WF_BIAS_DISENTANGLED, 8, 40, 3, 0, WF_ERROR_ARGUMENT},
      {WF_BIAS_DISENTANGLED, 8, 40, 3, 15, WF_ERROR_ARGUMENT},
      {WF_BIAS_DISENTANGLED, 8, 40, 3, 65538, WF_ERROR_ARGUMENT},
      {WF_BIAS_NONE, 0, 0, 1, 0, WF_ERROR_ARGUMENT},
  };
  for (size_t i = 0; i < sizeof biases / sizeof *biases; i++) {
    wf_encoder_description d = good_description();
    for (int k = 0; k < 2; k++) {
      d.kind[k].bias = biases[i].bias, d.kind[k].bias_buckets = biases[i].buckets;
      d.kind[k].bias_reach = biases[i].reach, d.kind[k].bias_terms = biases[i].terms;
    }
    d.relative_rows = biases[i].rows;
    CHECK(plan(&d) == biases[i].status, "bias %zu: status %u", i, plan(&d));
    if (biases[i].bias != WF_BIAS_DISTANCE || biases[i].status != WF_OK) continue;
    d.layer_bias[1] = 0;
    CHECK(plan(&d) == WF_OK, "a table of another layer: status %u", plan(&d));
    d.kind[1].heads = d.kind[1].key_heads = 2;
    CHECK(plan(&d) == WF_ERROR_SHAPE, "a table of other heads: status %u", plan(&d));
    d.layer_bias[1] = 2;
    CHECK(plan(&d) == WF_ERROR_ARGUMENT, "a later layer's table: status %u", plan(&d));
  }
  wf_encoder_description d = good_description();
  d.kind[1].bias = WF_BIAS_DISENTANGLED, d.kind[1].bias_terms = 3, d.relative_rows = 16;
  d.kind[1].key_heads = 1;
  CHECK(plan(&d) == WF_ERROR_UNSUPPORTED, "relative terms with fewer key heads");
}

/* What the fields of rotation must be together. */
static void test_fields_of_rotation(void) {
  wf_encoder_description d;
  static const struct {
    uint32_t rotary, width, table, pairs, status;
    float base, gain;
  } angles[] = {
      {1, 4, 0, 2, WF_OK, 0.0f, 1.0f},
      {2, 2, 1, 1, WF_OK, 10000.0f, 1.5f},
      {1, 3, 0, 1, WF_ERROR_ARGUMENT, 0.0f, 1.0f},
      {1, 10, 0, 5, WF_ERROR_SHAPE, 0.0f, 1.0f},
      {1, 4, 0, 1, WF_ERROR_SHAPE, 0.0f, 1.0f},
      {1, 4, 2, 2, WF_ERROR_ARGUMENT, 0.0f, 1.0f},
      {1, 4, 0, 2, WF_ERROR_ARGUMENT, -1.0f, 1.0f},
      {1, 4, 0, 2, WF_ERROR_ARGUMENT, NAN, 1.0f},
      {1, 4, 0, 2, WF_ERROR_ARGUMENT, 0.0f, 0.0f},
      {1, 4, 0, 2, WF_ERROR_ARGUMENT, 0.0f, NAN},
      {0, 0, 0, 513, WF_ERROR_ARGUMENT, 0.0f, 1.0f},
      {3, 4, 0, 2, WF_ERROR_ARGUMENT, 0.0f, 1.0f},
  };
  for (size_t i = 0; i < sizeof angles / sizeof *angles; i++) {
    d = good_description();
    d.kind[1].rotary = angles[i].rotary, d.kind[1].rotary_width = angles[i].width;
    d.kind[1].rotary_table = angles[i].table;
    d.rotary[angles[i].table % WF_MAX_ROTARIES] =
        (wf_rotary_description){angles[i].pairs, angles[i].base, angles[i].gain, 0};
    CHECK(plan(&d) == angles[i].status, "angles %zu: status %u", i, plan(&d));
  }
}

/* Tables of another width than the model's are projected, and only those of tokens. */
static void test_fields_of_projection(void) {
  wf_encoder_description d = good_description();
  d.table_width = 8;
  CHECK(plan(&d) == WF_ERROR_SHAPE, "tables of 8 columns for rows of 20");
  d.projection = 1;
  CHECK(plan(&d) == WF_OK, "which are projected");
  d.table_width = 20;
  CHECK(plan(&d) == WF_OK, "tables of 20 columns, which are projected too");
  d.stem = WF_STEM_EMBEDDINGS;
  d.embedding_norm = 0;
  CHECK(plan(&d) == WF_ERROR_UNSUPPORTED, "a projection of the caller's rows");
}

int main(void) {
  series all = {{.name = "hidden states", .limit = 1e-5}, {.name = "attention maps", .limit = 4e-6}, 1};
  check_worst heads = {.name = "tied heads", .limit = 2e-5};
  for (int model = 0; model < MODELS; model++) {
    wf_encoder_description d = describe_model(model);
    batch b = make_batch(&d, lengths, COUNT);
    check_in_every_tile(&all, d, &b, check_chain, &heads);
    free_batch(&b);
    test_scratch_may_change(model);
  }
  test_deriving_needs_scratch();
  test_rows_by_head();
  test_fields_of_biases();
  test_fields_of_rotation();
  test_fields_of_projection();
  report_series(&all);
  check_report(&heads);
  return check_finish();
}
