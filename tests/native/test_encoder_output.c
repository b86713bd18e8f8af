/* What becomes of finished rows, against the twin in double precision in every tile: poolings side by side, heads in turn,
 * unit length, of any range of a block's sequences or rows, or of vectors that are given. */
#include "check.h"
#include "images.h"

enum { SEQUENCES = 70, WIDTH = 10, MOST_WIDTH = 60 };

static const wf_kind_description kind = {.heads = 2,
                                         .head_width = 3,
                                         .inner = 11,
                                         .activation = WF_GELU,
                                         .norms = WF_AFTER_ATTENTION | WF_AFTER_FEED_FORWARD,
                                         .norm_epsilon = 1e-5f,
                                         .score_scale = 0.6f};

/* Heads for one pooling or a row, for two side by side, and the tied one. */
enum { POOLER, NORMED, PAIR, DECODER };
static const wf_head_description heads[WF_MAX_HEADS] = {
    [POOLER] = {.inputs = WIDTH, .outputs = 7, .activation = WF_TANH},
    [NORMED] = {.inputs = WIDTH, .outputs = WIDTH, .activation = WF_GELU, .norm = 1, .norm_epsilon = 1e-5f},
    [PAIR] = {.inputs = 2 * WIDTH, .outputs = WIDTH},
    [DECODER] = {.inputs = WIDTH, .outputs = 29, .tied = 1},
};

static wf_encoder_description token_model(uint32_t tile, uint32_t final_norm) {
  wf_encoder_description d = {.tile = tile,
                              .layers = 1,
                              .width = WIDTH,
                              .kind = {kind},
                              .vocabulary = 29,
                              .final_norm = final_norm,
                              .final_norm_epsilon = 1e-5f,
                              .head_count = WF_MAX_HEADS};
  memcpy(d.head, heads, sizeof heads);
  return describe(d);
}

/* Windows whose last map has rows of WIDTH, fewer than the first has. */
static wf_encoder_description image_model(uint32_t tile) {
  wf_encoder_description d = {.tile = tile,
                              .stem = WF_STEM_PATCHES,
                              .layers = 2,
                              .width = WIDTH / 2,
                              .kinds = 2,
                              .kind = {kind, kind},
                              .layer_kind = {0, 1},
                              .merge_norm_epsilon = 1e-5f,
                              .final_norm = 1,
                              .final_norm_epsilon = 1e-5f,
                              .channels = CHANNELS,
                              .patch_height = 2,
                              .patch_width = 2,
                              .head_count = DECODER};
  memcpy(d.head, heads, sizeof heads);
  d.kind[0].window = d.kind[1].window = 3;
  d.kind[1].width = WIDTH;
  return describe(d);
}

/* A finished block, or vectors; what the twin starts with. */
typedef struct example {
  model m;
  uint32_t count, rows, lengths[SEQUENCES];
  double *x;      /* [rows, WIDTH] */
  float *vectors; /* [rows, 2 WIDTH] */
} example;

static void finish(example *e, uint32_t states) {
  uint64_t seed = 3;
  CHECK(run_to(&e->m, NULL, states - 1) == WF_OK && wf_encoder_finish(e->m.encoder) == WF_OK, "run");
  for (uint32_t s = 0; s < e->count; s++) e->rows += e->lengths[s];
  e->x = check_widened(wf_encoder_hidden(e->m.encoder), (size_t)e->rows * WIDTH);
  e->vectors = check_randoms(&seed, (size_t)e->rows * 2 * WIDTH, 1.0f);
}

static example example_of(wf_encoder_description d, uint32_t tile) {
  example e = {.count = SEQUENCES};
  for (uint32_t s = 0; s < SEQUENCES; s++) e.lengths[s] = 2 + s % 5 + (s == 66 ? 70 : 0);
  batch b = make_batch(&d, e.lengths, SEQUENCES);
  e.m = ready_model(&d, batch_cost(&b, tile), longest_cost(&b, tile));
  CHECK(begin_batch(&e.m, &b) == WF_OK, "begin");
  free_batch(&b);
  finish(&e, 2);
  return e;
}

static example token_example(uint32_t tile) {
  return example_of(token_model(tile, WF_FINAL_NORM_NONE), tile);
}

static example pooled_example(uint32_t tile) {
  return example_of(token_model(tile, WF_FINAL_NORM_POOLED), tile);
}

/* A layer that pools: other heads and another width inside, a norm before its network, or none. */
static wf_encoder_description attending_model(uint32_t tile) {
  wf_encoder_description d = token_model(tile, WF_FINAL_NORM_POOLED);
  d.kinds = 2;
  d.kind[1] = (wf_kind_description){.heads = 5,
                                    .head_width = 2,
                                    .inner = 17,
                                    .activation = WF_GELU_TANH,
                                    .norms = WF_BEFORE_FEED_FORWARD,
                                    .norm_epsilon = 1e-3f,
                                    .score_scale = 0.7f};
  d.pool = 1;
  d.layer_kind[1] = 1;
  return describe(d);
}

static example attending_example(uint32_t tile) { return example_of(attending_model(tile), tile); }

static example plain_attending_example(uint32_t tile) {
  wf_encoder_description d = attending_model(tile);
  d.final_norm = WF_FINAL_NORM_ROWS;
  d.kind[1].norms = 0;
  d.kind[1].gated = 1;
  return example_of(d, tile);
}

/* The normed head as its norm alone. */
static example bare_example(uint32_t tile) {
  wf_encoder_description d = token_model(tile, WF_FINAL_NORM_NONE);
  d.head[NORMED].activation = WF_IDENTITY;
  d.head[NORMED].bare = 1;
  return example_of(d, tile);
}

static example image_example(uint32_t tile) {
  example e = {.count = IMAGES, .lengths = {3 * 4, 3 * 4, 3 * 4}};
  wf_encoder_description d = image_model(tile);
  float *pixels = draw_images(IMAGES, 11, 14);
  e.m = ready_model(&d, IMAGES * 6 * 7, 60);
  CHECK(wf_encoder_begin_pixels(e.m.encoder, pixels, NULL, IMAGES, 11, 14) == WF_OK, "begin");
  free(pixels);
  finish(&e, 3);
  return e;
}

static void free_example(example *e) {
  free_model(&e->m);
  free(e->x);
  free(e->vectors);
}

/* All vectors of an output by the twin; returns their width. given: from e->vectors. */
static uint32_t reference(double *out, const example *e, const wf_output *o, int given) {
  const wf_encoder_description *d = &e->m.description;
  uint32_t width = WIDTH, rows = given || !o->poolings ? e->rows : e->count;
  double *in = check_doubles((size_t)e->rows * MOST_WIDTH);
  memcpy(out, e->x, (size_t)e->rows * WIDTH * sizeof(double));
  double *x =
      memcpy(check_doubles((size_t)e->rows * MOST_WIDTH), e->x, (size_t)e->rows * WIDTH * sizeof(double));
  for (uint32_t i = 0; i < o->late; i++) {
    memcpy(in, x, (size_t)e->rows * width * sizeof(double));
    wf_reference_head(x, in, d, &e->m.weights, o->head[i], e->rows);
    width = d->head[o->head[i]].outputs;
  }
  int attends = o->poolings && o->pooling[0] == WF_POOL_ATTENTION;
  for (uint32_t s = 0, row = 0; attends && s < e->count; row += e->lengths[s++]) {
    uint32_t length = e->lengths[s] - o->skip;
    double *scratch = check_doubles(wf_reference_scratch(d, 1, length + 1)),
           *maps = check_doubles((size_t)5 * length);
    wf_reference_attention_pool(out + (size_t)s * width, x + (size_t)(row + o->skip) * width, maps, scratch,
                                d, &e->m.weights, length);
    free(scratch);
    free(maps);
  }
  for (uint32_t s = 0, row = 0; !attends && o->poolings && s < e->count; row += e->lengths[s++]) {
    for (uint32_t p = 0; p < o->poolings; p++) {
      int all = o->pooling[p] == WF_POOL_TOKEN || !o->rows || o->skip + o->rows > e->lengths[s];
      uint32_t seen = all ? e->lengths[s] : o->skip + o->rows;
      wf_reference_pool(out + ((size_t)s * o->poolings + p) * width, x + (size_t)row * width, seen, width,
                        (wf_pooling)o->pooling[p], o->token, o->skip);
    }
  }
  if (o->poolings && d->final_norm == WF_FINAL_NORM_POOLED)
    wf_reference_norm_rows(out, out, e->m.weights.slot[WF_SLOT_FINAL_NORM_WEIGHT][0],
                           e->m.weights.slot[WF_SLOT_FINAL_NORM_BIAS][0], rows * o->poolings, WIDTH,
                           d->norm_form, (double)d->final_norm_epsilon);
  if (o->poolings) width *= o->poolings;
  if (given) width = d->head[o->head[0]].inputs;
  for (size_t i = 0; given && i < (size_t)rows * width; i++) out[i] = (double)e->vectors[i];
  for (uint32_t i = o->late; i < o->heads; i++) {
    memcpy(in, out, (size_t)rows * width * sizeof(double));
    wf_reference_head(out, in, d, &e->m.weights, o->head[i], rows);
    width = d->head[o->head[i]].outputs;
  }
  for (size_t at = 0; o->normalize && at < (size_t)rows * width; at += width)
    wf_reference_l2_norm(out + at, out + at, width);
  free(in);
  free(x);
  return width;
}

/* A part of the vectors in memory of its own, which must have the bits that it has among all. */
static void check_range(example *e, const wf_output *o, const float *vectors, const float *all,
                        uint32_t width, uint32_t first, uint32_t count) {
  float *out = check_floats((size_t)count * width);
  uint32_t status = wf_encoder_output(out, e->m.encoder, vectors, o, first, count);
  CHECK(status == WF_OK, "%u vectors from %u: status %u", count, first, status);
  CHECK(check_same(out, all + (size_t)first * width, (size_t)count * width), "%u vectors from %u of %u heads",
        count, first, o->heads);
  free(out);
}

/* One output, of a range of all and of parts; returns its vectors, for the other tiles to compare. */
static float *check_output(check_worst *worst, example *e, const wf_output *o, int given, size_t *values) {
  uint32_t count = given || !o->poolings ? e->rows : e->count;
  const float *vectors = given ? e->vectors : NULL;
  double *want = check_doubles((size_t)e->rows * MOST_WIDTH);
  uint32_t width = reference(want, e, o, given);
  float *got = check_floats((size_t)count * width);
  uint32_t status = wf_encoder_output(got, e->m.encoder, vectors, o, 0, count);
  CHECK(status == WF_OK, "status %u: %u poolings, %u heads, given %d", status, o->poolings, o->heads, given);
  for (size_t i = 0; i < (size_t)count * width; i++) {
    CHECK_ERROR(worst, fabs((double)got[i] - want[i]), "%u poolings from %u, %u heads from %u, normalize %u",
                o->poolings, o->pooling[0], o->heads, o->head[0], o->normalize);
  }
  const uint32_t ranges[][2] = {{0, 1},  {count - 1, 1}, {1, count - 1}, {0, 64},
                                {3, 65}, {count / 2, 1}, {count, 0},     {0, 0}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (ranges[i][0] + ranges[i][1] <= count)
      check_range(e, o, vectors, got, width, ranges[i][0], ranges[i][1]);
  free(want);
  *values = (size_t)count * width;
  return got;
}

static const wf_output outputs[] = {
    {.poolings = 0},
    {.poolings = 0, .normalize = 1},
    {.poolings = 1, .pooling = {WF_POOL_FIRST}},
    {.poolings = 1, .pooling = {WF_POOL_MEAN}},
    {.poolings = 1, .pooling = {WF_POOL_MAX}},
    {.poolings = 1, .pooling = {WF_POOL_MEAN_SQRT}},
    {.poolings = 1, .pooling = {WF_POOL_LAST}},
    {.poolings = 1, .pooling = {WF_POOL_WEIGHTED_MEAN}},
    {.poolings = 1, .pooling = {WF_POOL_TOKEN}, .token = 1},
    {.poolings = 1, .pooling = {WF_POOL_TOKEN}, .token = 0, .normalize = 1},
    {.poolings = 2, .pooling = {WF_POOL_MAX, WF_POOL_FIRST}, .normalize = 1},
    {.poolings = 6,
     .pooling = {WF_POOL_WEIGHTED_MEAN, WF_POOL_TOKEN, WF_POOL_LAST, WF_POOL_MEAN, WF_POOL_MAX, WF_POOL_MEAN},
     .token = 1},
    {.poolings = 1, .pooling = {WF_POOL_MEAN}, .skip = 1},
    {.poolings = 6,
     .pooling = {WF_POOL_WEIGHTED_MEAN, WF_POOL_TOKEN, WF_POOL_LAST, WF_POOL_FIRST, WF_POOL_MAX,
                 WF_POOL_MEAN_SQRT},
     .token = 1,
     .skip = 1},
    {.poolings = 2, .pooling = {WF_POOL_MEAN_SQRT, WF_POOL_TOKEN}, .token = 1, .rows = 1},
    {.poolings = 1, .pooling = {WF_POOL_MEAN}, .rows = 2, .heads = 1, .head = {POOLER}},
    {.poolings = 1, .pooling = {WF_POOL_MEAN}, .skip = 1, .heads = 1, .head = {POOLER}},
    {.poolings = 3, .pooling = {WF_POOL_WEIGHTED_MEAN, WF_POOL_FIRST, WF_POOL_TOKEN}, .skip = 1},
    {.heads = 1, .head = {POOLER}},
    {.heads = 1, .head = {NORMED}, .normalize = 1},
    {.heads = 4, .head = {NORMED, NORMED, NORMED, POOLER}},
    {.poolings = 1, .pooling = {WF_POOL_FIRST}, .heads = 1, .head = {POOLER}},
    {.poolings = 1, .pooling = {WF_POOL_MEAN}, .heads = 2, .head = {NORMED, POOLER}, .normalize = 1},
    {.poolings = 2, .pooling = {WF_POOL_MEAN, WF_POOL_MAX}, .heads = 1, .head = {PAIR}},
    {.poolings = 2, .pooling = {WF_POOL_LAST, WF_POOL_TOKEN}, .heads = 3, .head = {PAIR, NORMED, POOLER}},
    {.poolings = 1, .pooling = {WF_POOL_MEAN}, .heads = 1, .head = {POOLER}, .late = 1},
    {.poolings = 1, .pooling = {WF_POOL_MEAN}, .skip = 1, .heads = 2, .head = {NORMED, POOLER}, .late = 1},
    {.poolings = 1,
     .pooling = {WF_POOL_MEAN},
     .heads = 3,
     .head = {NORMED, NORMED, POOLER},
     .late = 2,
     .normalize = 1},
    {.poolings = 1, .pooling = {WF_POOL_ATTENTION}},
    {.poolings = 1, .pooling = {WF_POOL_ATTENTION}, .skip = 1, .normalize = 1},
    {.poolings = 1, .pooling = {WF_POOL_ATTENTION}, .heads = 2, .head = {NORMED, POOLER}},
    {.heads = 1, .head = {DECODER}},
    {.heads = 2, .head = {NORMED, DECODER}},
    {.heads = 1, .head = {DECODER}, .normalize = 1},
    {.poolings = 1, .pooling = {WF_POOL_TOKEN}, .token = 1, .heads = 2, .head = {NORMED, DECODER}},
    {.poolings = 2, .pooling = {WF_POOL_MEAN, WF_POOL_MAX}, .heads = 2, .head = {PAIR, DECODER}},
};
enum { OUTPUTS = sizeof outputs / sizeof *outputs };

/* What is through heads alone may be of given vectors; the tied head is the token model's. */
static void test_outputs(check_worst *worst, example (*make)(uint32_t tile), int tied) {
  float *first[2][OUTPUTS + 1] = {{0}};
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    example e = make(tile);
    for (int given = 0; given <= 1; given++) {
      for (int i = 0; i <= OUTPUTS; i++) {
        static const wf_output of_pairs = {.heads = 1, .head = {PAIR}};
        wf_output o = i < OUTPUTS ? outputs[i] : of_pairs;
        size_t values;
        if (!tied && o.heads && o.head[o.heads - 1] == DECODER) continue;
        if (o.poolings && o.pooling[0] == WF_POOL_ATTENTION && !e.m.description.pool) continue;
        if (o.late && e.m.description.final_norm == WF_FINAL_NORM_POOLED) continue;
        if (given ? o.poolings || !o.heads : i == OUTPUTS) continue;
        float *got = check_output(worst, &e, &o, given, &values);
        if (tile == 0) first[given][i] = got;
        CHECK(check_same(got, first[given][i], values), "other bits: output %d, tile %u", i, tile);
        if (tile > 0) free(got);
      }
    }
    double *rows = check_widened(wf_encoder_hidden(e.m.encoder), (size_t)e.rows * WIDTH);
    CHECK(memcmp(rows, e.x, (size_t)e.rows * WIDTH * sizeof(double)) == 0, "outputs changed the rows");
    free(rows);
    free_example(&e);
  }
  for (int i = 0; i <= OUTPUTS; i++) {
    free(first[0][i]);
    free(first[1][i]);
  }
}

static void test_refusals(void) {
  static const struct {
    const char *name;
    wf_output output;
    uint32_t first, count, status;
    int given;
  } bad[] = {
      {"late of two poolings", {.poolings = 2, .heads = 1, .late = 1}, 0, 1, WF_ERROR_ARGUMENT, 0},
      {"late of the first", {.poolings = 1, .heads = 1, .late = 1}, 0, 1, WF_ERROR_ARGUMENT, 0},
      {"late without a head", {.poolings = 1, .pooling = {1}, .late = 1}, 0, 1, WF_ERROR_ARGUMENT, 0},
      {"an unknown pooling", {.poolings = 1, .pooling = {8}}, 0, 1, WF_ERROR_ARGUMENT, 0},
      {"attention without its layer", {.poolings = 1, .pooling = {7}}, 0, 1, WF_ERROR_ARGUMENT, 0},
      {"a last pooling unknown", {.poolings = 2, .pooling = {0, UINT32_MAX}}, 0, 1, WF_ERROR_ARGUMENT, 0},
      {"seven poolings", {.poolings = 7}, 0, 1, WF_ERROR_ARGUMENT, 0},
      {"five heads", {.heads = 5}, 0, 1, WF_ERROR_ARGUMENT, 0},
      {"no such head", {.heads = 1, .head = {4}}, 0, 1, WF_ERROR_ARGUMENT, 0},
      {"no such last head", {.heads = 2, .head = {NORMED, UINT32_MAX}}, 0, 1, WF_ERROR_ARGUMENT, 0},
      {"normalize 2", {.normalize = 2}, 0, 1, WF_ERROR_ARGUMENT, 0},
      {"a token too many", {.poolings = 1, .pooling = {6}, .token = 2}, 0, 70, WF_ERROR_ARGUMENT, 0},
      {"the last token", {.poolings = 2, .pooling = {1, 6}, .token = ~0u}, 0, 70, WF_ERROR_ARGUMENT, 0},
      {"all rows skipped", {.poolings = 1, .pooling = {1}, .skip = 2}, 0, 70, WF_ERROR_ARGUMENT, 0},
      {"any rows skipped", {.poolings = 2, .pooling = {0, 2}, .skip = ~0u}, 0, 70, WF_ERROR_ARGUMENT, 0},
      {"a sequence too many", {.poolings = 1}, 0, SEQUENCES + 1, WF_ERROR_ARGUMENT, 0},
      {"sequences beyond all", {.poolings = 1}, SEQUENCES, 1, WF_ERROR_ARGUMENT, 0},
      {"a first beyond all", {.poolings = 1}, SEQUENCES + 1, 0, WF_ERROR_ARGUMENT, 0},
      {"a wrapping sum", {.poolings = 1}, 2, UINT32_MAX, WF_ERROR_ARGUMENT, 0},
      {"the last of numbers", {.poolings = 0}, UINT32_MAX, 1, WF_ERROR_ARGUMENT, 0},
      {"vectors and poolings", {.poolings = 1, .heads = 1}, 0, 1, WF_ERROR_ARGUMENT, 1},
      {"vectors without heads", {.normalize = 1}, 0, 1, WF_ERROR_ARGUMENT, 1},
      {"vectors, no such head", {.heads = 1, .head = {4}}, 0, 1, WF_ERROR_ARGUMENT, 1},
      {"vectors, five heads", {.heads = 5}, 0, 1, WF_ERROR_ARGUMENT, 1},
      {"rows into a pair's head", {.heads = 1, .head = {PAIR}}, 0, 1, WF_ERROR_SHAPE, 0},
      {"one pooling into it", {.poolings = 1, .heads = 1, .head = {PAIR}}, 0, 1, WF_ERROR_SHAPE, 0},
      {"three into it", {.poolings = 3, .heads = 1, .head = {PAIR}}, 0, 1, WF_ERROR_SHAPE, 0},
      {"two into another", {.poolings = 2, .heads = 1, .head = {NORMED}}, 0, 1, WF_ERROR_SHAPE, 0},
      {"7 into 10", {.heads = 2, .head = {POOLER, NORMED}}, 0, 1, WF_ERROR_SHAPE, 0},
      {"29 into 10", {.heads = 2, .head = {DECODER, NORMED}}, 0, 1, WF_ERROR_SHAPE, 1},
  };
  example e = token_example(0);
  float *out = check_floats((size_t)(e.rows + 1) * MOST_WIDTH);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    uint32_t status = wf_encoder_output(out, e.m.encoder, bad[i].given ? e.vectors : NULL, &bad[i].output,
                                        bad[i].first, bad[i].count);
    CHECK(status == bad[i].status, "%s: status %u, not %u", bad[i].name, status, bad[i].status);
  }
  const wf_output rows = {.poolings = 0};
  CHECK(wf_encoder_output(out, e.m.encoder, NULL, &rows, 1, e.rows) == WF_ERROR_ARGUMENT, "a row too many");
  for (size_t i = 0; i < (size_t)(e.rows + 1) * MOST_WIDTH; i++) CHECK(isnan(out[i]), "a refused call wrote");
  CHECK(wf_encoder_output(out, e.m.encoder, NULL, &rows, 0, e.rows) == WF_OK, "all rows");
  free(out);
  free_example(&e);
}

static void test_attention_pools_alone(void) {
  example e = attending_example(0);
  float out[2 * WIDTH];
  const wf_output two[] = {{.poolings = 2, .pooling = {WF_POOL_ATTENTION, WF_POOL_MEAN}},
                           {.poolings = 2, .pooling = {WF_POOL_MEAN, WF_POOL_ATTENTION}},
                           {.poolings = 1, .pooling = {WF_POOL_ATTENTION}, .skip = 2},
                           {.poolings = 1, .pooling = {WF_POOL_ATTENTION}, .rows = 1}};
  for (int i = 0; i < 4; i++) {
    uint32_t status = wf_encoder_output(out, e.m.encoder, NULL, &two[i], 0, 1);
    CHECK(status == WF_ERROR_ARGUMENT, "attention beside another, or of no rows or some: status %u", status);
  }
  free_example(&e);
}

int main(void) {
  check_worst tokens = {.name = "outputs of sequences", .limit = 1e-5};
  check_worst pooled = {.name = "outputs of sequences, normed when pooled", .limit = 1e-5};
  check_worst bare = {.name = "with a bare head", .limit = 1e-5};
  check_worst images = {.name = "outputs of images", .limit = 1e-5};
  check_worst attending = {.name = "pooled by attention", .limit = 1e-5};
  test_outputs(&tokens, token_example, 1);
  test_outputs(&pooled, pooled_example, 1);
  test_outputs(&bare, bare_example, 1);
  test_outputs(&images, image_example, 0);
  test_outputs(&attending, attending_example, 1);
  test_outputs(&attending, plain_attending_example, 1);
  test_attention_pools_alone();
  test_refusals();
  check_report(&tokens);
  check_report(&pooled);
  check_report(&bare);
  check_report(&images);
  check_report(&attending);
  return check_finish();
}
