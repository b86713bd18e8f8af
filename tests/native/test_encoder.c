/* Whole forwards of small random models against the twin in double precision, in every tile: post and pre norm, kinds of
 * layer that alternate or share weights. The bits of a sequence depend neither on the tile, nor on its batch, nor on what
 * was computed before. */
#include "check.h"
#include "model.h"
#include "twin.h"

/* Lengths at the edges of all tiles. */
static const uint32_t lengths[] = {1, 2, 5, 6, 7, 8, 9, 12, 13, 100, 3, 31};
enum { COUNT = sizeof lengths / sizeof *lengths };

enum {
  POST_NORM = WF_AFTER_ATTENTION | WF_AFTER_FEED_FORWARD,
  PRE_NORM = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD,
  SANDWICH = PRE_NORM | WF_INSIDE_ATTENTION | WF_INSIDE_FEED_FORWARD,
};

/* Models that differ in what a forward does; the tile is filled in later, and what `describe` completes. */
enum {
  POST,
  PRE,
  EMBEDDINGS,
  ONES,
  NO_LAYERS,
  LONG_ROWS,
  ONE_SET,
  TWO_SETS,
  ALTERNATING,
  REACH,
  NORMED,
  MODELS
};
static const wf_encoder_description models[MODELS] = {
    /* BERT: a pooler, a head with a norm before a tied decoder, a classifier */
    [POST] =
        {.layers = 2,
         .width = 20,
         .kind = {{.heads = 3,
                   .head_width = 7,
                   .inner = 37,
                   .activation = WF_GELU,
                   .norms = POST_NORM,
                   .norm_epsilon = 1e-12f,
                   .score_scale = 0.4f}},
         .vocabulary = 53,
         .positions = 100,
         .types = 2,
         .embedding_norm = 1,
         .embedding_norm_epsilon = 1e-5f,
         .head_count = 4,
         .head = {{.inputs = 20, .outputs = 20, .activation = WF_TANH},
                  {.inputs = 20, .outputs = 20, .activation = WF_GELU, .norm = 1, .norm_epsilon = 1e-12f},
                  {.inputs = 20, .outputs = 53, .tied = 1},
                  {.inputs = 20, .outputs = 3}}},
    [PRE] = {.layers = 2,
             .width = 20,
             .kind = {{.heads = 3,
                       .head_width = 7,
                       .inner = 37,
                       .activation = WF_RELU,
                       .norms = PRE_NORM,
                       .norm_epsilon = 1e-5f,
                       .score_scale = 0.4f}},
             .vocabulary = 53,
             .positions = 100,
             .final_norm = 1,
             .final_norm_epsilon = 1e-5f},
    /* the caller's rows, heads wider than the model, sizes of whole tiles */
    [EMBEDDINGS] = {.stem = WF_STEM_EMBEDDINGS,
                    .layers = 2,
                    .width = 24,
                    .kind = {{.heads = 4,
                              .head_width = 12,
                              .inner = 96,
                              .activation = WF_GELU_TANH,
                              .norms = POST_NORM,
                              .norm_epsilon = 1e-12f,
                              .score_scale = 0.4f}},
                    .head_count = 1,
                    .head = {{.inputs = 97, .outputs = 11, .activation = WF_SIGMOID}}},
    [ONES] = {.layers = 4,
              .width = 1,
              .kind = {{.heads = 1,
                        .head_width = 1,
                        .inner = 1,
                        .activation = WF_SILU,
                        .norms = PRE_NORM,
                        .norm_epsilon = 1e-5f,
                        .score_scale = 0.4f}},
              .vocabulary = 53},
    [NO_LAYERS] = {.width = 20, .vocabulary = 53, .types = 2, .final_norm = 1, .final_norm_epsilon = 1e-5f},
    /* blocks of columns beyond one stripe */
    [LONG_ROWS] = {.layers = 1,
                   .width = 96,
                   .kind = {{.heads = 6,
                             .head_width = 16,
                             .inner = 419,
                             .activation = WF_QUICK_GELU,
                             .norms = PRE_NORM,
                             .norm_epsilon = 1e-12f,
                             .score_scale = 0.25f}},
                   .vocabulary = 53,
                   .positions = 100},
    /* ALBERT: all layers use the weights of the first */
    [ONE_SET] = {.layers = 4,
                 .width = 20,
                 .kind = {{.heads = 3,
                           .head_width = 7,
                           .inner = 37,
                           .activation = WF_GELU_TANH,
                           .norms = POST_NORM,
                           .norm_epsilon = 1e-12f,
                           .score_scale = 0.4f}},
                 .vocabulary = 53,
                 .embedding_norm = 1,
                 .embedding_norm_epsilon = 1e-12f},
    /* two groups of layers, of two kinds, one gated; they share in turn */
    [TWO_SETS] = {.layers = 5,
                  .width = 20,
                  .kinds = 2,
                  .kind = {{.heads = 3,
                            .head_width = 7,
                            .inner = 37,
                            .activation = WF_SILU,
                            .gated = 1,
                            .norms = PRE_NORM,
                            .norm_epsilon = 1e-5f,
                            .score_scale = 0.4f},
                           {.heads = 2,
                            .head_width = 9,
                            .inner = 11,
                            .activation = WF_GELU,
                            .norms = POST_NORM,
                            .norm_epsilon = 1e-5f,
                            .score_scale = 0.3f}},
                  .layer_kind = {0, 1, 1, 0, 1},
                  .vocabulary = 53},
    /* ModernBERT's layers without a first norm, Gemma's with four, one without any */
    [ALTERNATING] = {.layers = 4,
                     .width = 20,
                     .kinds = 3,
                     .kind = {{.heads = 3,
                               .head_width = 7,
                               .inner = 13,
                               .activation = WF_GELU,
                               .gated = 1,
                               .norms = WF_BEFORE_FEED_FORWARD,
                               .norm_epsilon = 1e-5f,
                               .score_scale = 0.4f},
                              {.heads = 5,
                               .head_width = 3,
                               .inner = 41,
                               .activation = WF_GELU_TANH,
                               .gated = 1,
                               .norms = SANDWICH,
                               .norm_epsilon = 1e-6f,
                               .score_scale = 0.6f},
                              {.heads = 1,
                               .head_width = 24,
                               .inner = 1,
                               .activation = WF_TANH,
                               .norm_epsilon = 1e-5f,
                               .score_scale = 0.2f}},
                     .layer_kind = {0, 1, 2, 1},
                     .vocabulary = 53,
                     .embedding_norm = 1,
                     .embedding_norm_epsilon = 1e-5f,
                     .final_norm = 1,
                     .final_norm_epsilon = 1e-6f},
    /* layers that see a band, what came before, and everything, with fewer key heads than heads */
    [REACH] = {.layers = 3,
               .width = 20,
               .kinds = 3,
               .kind = {{.heads = 6,
                         .key_heads = 2,
                         .head_width = 5,
                         .inner = 13,
                         .activation = WF_SILU,
                         .gated = 1,
                         .norms = PRE_NORM,
                         .norm_epsilon = 1e-5f,
                         .score_scale = 0.4f},
                        {.heads = 3,
                         .key_heads = 1,
                         .head_width = 7,
                         .inner = 13,
                         .activation = WF_GELU,
                         .norms = PRE_NORM,
                         .norm_epsilon = 1e-5f,
                         .score_scale = 0.4f},
                        {.heads = 4,
                         .key_heads = 4,
                         .head_width = 3,
                         .inner = 5,
                         .activation = WF_GELU,
                         .norms = PRE_NORM,
                         .norm_epsilon = 1e-5f,
                         .score_scale = 0.5f}},
               .layer_kind = {0, 1, 2},
               .vocabulary = 53,
               .positions = 100,
               .final_norm = 1,
               .final_norm_epsilon = 1e-5f},
    /* queries and keys normed head by head, branches scaled, with and without a norm inside them */
    [NORMED] = {.layers = 3,
                .width = 20,
                .kinds = 3,
                .kind = {{.heads = 4,
                          .head_width = 5,
                          .inner = 13,
                          .activation = WF_GELU,
                          .norms = PRE_NORM,
                          .norm_epsilon = 1e-6f,
                          .score_scale = 0.4f,
                          .head_norm = 1 + WF_NORM_LAYER,
                          .layer_scale = 1},
                         {.heads = 6,
                          .key_heads = 3,
                          .head_width = 7,
                          .inner = 13,
                          .activation = WF_SILU,
                          .gated = 1,
                          .norms = SANDWICH,
                          .norm_epsilon = 1e-5f,
                          .score_scale = 0.4f,
                          .head_norm = 1 + WF_NORM_RMS},
                         {.heads = 1,
                          .head_width = 12,
                          .inner = 9,
                          .activation = WF_GELU,
                          .norms = SANDWICH,
                          .norm_epsilon = 1e-5f,
                          .score_scale = 0.3f,
                          .layer_scale = 1}},
                .layer_kind = {0, 1, 2},
                .vocabulary = 53,
                .positions = 100},
};

static wf_encoder_description describe_model(int model) {
  static const uint32_t in_turn[] = {0, 1, 1, 0, 1};
  wf_encoder_description d = describe(models[model]);
  for (uint32_t i = 0; model == ONE_SET && i < d.layers; i++) d.layer_weights[i] = 0;
  for (uint32_t i = 0; model == TWO_SETS && i < d.layers; i++) d.layer_weights[i] = in_turn[i];
  if (model == REACH) {
    d.kind[0].left = 3;
    d.kind[0].right = 9;
    d.kind[1].right = 0;
  }
  return d;
}

/* What heads gave in the first tile, and how far they were from the twin. */
typedef struct heads {
  check_worst worst;
  float *first[WF_MAX_HEADS];
} heads;

/* Heads over all rows of the block, or over vectors where they take others. */
static void check_heads(model *m, const batch *b, void *context) {
  const wf_encoder_description *d = &m->description;
  heads *kept = context;
  for (uint32_t head = 0; head < d->head_count; head++) {
    const wf_head_description *h = &d->head[head];
    const wf_output output = {.heads = 1, .head = {head}};
    uint64_t seed = head + 1;
    size_t count = (size_t)b->rows * h->outputs;
    float *drawn = check_randoms(&seed, (size_t)b->rows * h->inputs, 1.0f), *got = check_floats(count);
    const float *vectors = h->inputs == d->width ? NULL : drawn;
    const float *x = vectors ? vectors : wf_encoder_hidden(m->encoder);
    double *wide = check_widened(x, (size_t)b->rows * h->inputs), *want = check_doubles(count);
    CHECK(wf_encoder_output(got, m->encoder, vectors, &output, 0, b->rows) == WF_OK, "head %u", head);
    wf_reference_head(want, wide, d, &m->weights, head, b->rows);
    for (size_t i = 0; i < count; i++) {
      CHECK_ERROR(&kept->worst, fabs((double)got[i] - want[i]), "head %u of width %u", head, d->width);
    }
    if (!kept->first[head]) kept->first[head] = memcpy(check_floats(count), got, count * sizeof(float));
    CHECK(check_same(got, kept->first[head], count), "other bits: head %u tile %u", head, d->tile);
    free(drawn);
    free(got);
    free(wide);
    free(want);
  }
}

static void test_model(series *series, check_worst *worst, int model) {
  wf_encoder_description d = describe_model(model);
  batch b = make_batch(&d, lengths, COUNT);
  heads kept = {.worst = *worst};
  check_in_every_tile(series, d, &b, check_heads, &kept);
  *worst = kept.worst;
  for (int head = 0; head < WF_MAX_HEADS; head++) free(kept.first[head]);
  free_batch(&b);
}

/* NaN in one sequence changes no bit of the others, nor of what is computed later in the same scratch. */
static void test_a_bad_sequence_stays_alone(void) {
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    wf_encoder_description d = describe_model(EMBEDDINGS);
    batch b = make_batch(&d, lengths, COUNT);
    d.tile = tile;
    model m = ready_model(&d, batch_cost(&b, tile), batch_cost(&b, tile));
    trace good = run_model(&m, &b);
    size_t first = (size_t)(1 + 2 + 5) * d.width, last = first + (size_t)6 * d.width; /* the sequence of 6 */
    float kept = b.embeddings[first + 30];
    b.embeddings[first + 30] = NAN;
    trace bad = run_model(&m, &b);
    for (uint32_t layer = 0; layer <= d.layers + 1; layer++) {
      const float *x = good.hidden + layer * good.in_hidden, *y = bad.hidden + layer * bad.in_hidden;
      CHECK(check_same(x, y, first), "tile %u layer %u, before the bad sequence", tile, layer);
      CHECK(check_same(x + last, y + last, good.in_hidden - last), "tile %u layer %u, after it", tile, layer);
    }
    CHECK(isnan(bad.hidden[(d.layers + 1) * bad.in_hidden + first]), "tile %u: NaN did not pass", tile);
    b.embeddings[first + 30] = kept;
    trace later = run_model(&m, &b);
    CHECK(same_trace(&good, &later, d.layers), "tile %u: a forward after NaN", tile);
    free_trace(&good);
    free_trace(&bad);
    free_trace(&later);
    free_model(&m);
    free_batch(&b);
  }
}

/* Without ids of types each token has type 0. */
static void test_types_may_be_absent(void) {
  wf_encoder_description d = describe_model(POST);
  batch b = make_batch(&d, lengths, COUNT);
  model m = ready_model(&d, batch_cost(&b, 0), batch_cost(&b, 0));
  memset(b.types, 0, b.rows * sizeof(uint32_t));
  trace t = run_model(&m, &b);
  CHECK(wf_encoder_begin_tokens(m.encoder, b.ids, b.positions, NULL, b.lengths, b.count) == WF_OK,
        "no types");
  CHECK(check_same(wf_encoder_hidden(m.encoder), t.hidden, t.in_hidden), "types NULL differ from types 0");
  free_trace(&t);
  free_model(&m);
  free_batch(&b);
}

/* Layers that share weights are layers of their own with equal weights. */
static void test_shared_weights_equal_copies(void) {
  wf_encoder_description d = describe_model(TWO_SETS), copied = describe(models[TWO_SETS]);
  batch b = make_batch(&d, lengths, COUNT);
  model shared = ready_model(&d, batch_cost(&b, 0), batch_cost(&b, 0)), copies = make_model(&copied);
  draw_weights(&copies);
  CHECK(shared.bytes < copies.bytes, "shared weights take %u bytes, copies %u", shared.bytes, copies.bytes);
  for (uint32_t slot = WF_SLOT_QKV_WEIGHT; slot < WF_SLOT_MERGE_NORM_WEIGHT; slot++) {
    for (uint32_t layer = 0; layer < d.layers; layer++) {
      uint32_t shape[2], set = d.layer_weights[layer];
      int has = wf_encoder_slot_shape(shape, copies.encoder, slot, layer) == WF_OK;
      uint32_t status = wf_encoder_slot_shape(shape, shared.encoder, slot, layer);
      CHECK(status == (has && set == layer ? WF_OK : WF_ERROR_ARGUMENT), "slot %u layer %u: status %u", slot,
            layer, status);
      if (!has) continue;
      const float *x = shared.weights.slot[slot][set];
      uint32_t put = put_slot(shared.encoder, x, slot, layer, shape[0] * shape[1]);
      CHECK(put == status, "put into slot %u of layer %u: status %u", slot, layer, put);
      CHECK(put_slot(copies.encoder, x, slot, layer, shape[0] * shape[1]) == WF_OK, "slot %u", slot);
    }
  }
  give_scratch(&copies, batch_cost(&b, 0), batch_cost(&b, 0));
  trace first = run_model(&shared, &b), second = run_model(&copies, &b);
  CHECK(same_trace(&first, &second, d.layers), "shared weights and copies of them give other bits");
  free_trace(&first);
  free_trace(&second);
  free_model(&shared);
  free_model(&copies);
  free_batch(&b);
}

int main(void) {
  series shallow = {{.name = "hidden states", .limit = 1e-5}, {.name = "attention maps", .limit = 2e-6}, 0};
  series deep = {
      {.name = "deep models by layer", .limit = 1e-5}, {.name = "their attention maps", .limit = 2e-6}, 1};
  check_worst heads = {.name = "heads", .limit = 5e-6};
  for (int model = 0; model < MODELS; model++) test_model(model < ONE_SET ? &shallow : &deep, &heads, model);
  test_a_bad_sequence_stays_alone();
  test_types_may_be_absent();
  test_shared_weights_equal_copies();
  report_series(&shallow);
  report_series(&deep);
  check_report(&heads);
  return check_finish();
}
