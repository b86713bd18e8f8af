/* Whole forwards of small random models against the twin in double precision, post and pre norm, in every tile. The bits
 * of a sequence depend neither on the tile, nor on its batch, nor on what was computed before. */
#include "check.h"
#include "layers/layers.h"
#include "model.h"

/* Lengths at the edges of all tiles. */
static const uint32_t lengths[] = {1, 2, 5, 6, 7, 8, 9, 12, 13, 100, 3, 31};
enum { COUNT = sizeof lengths / sizeof *lengths };

typedef struct series {
  check_worst hidden, maps, heads;
} series;

/* Models that differ in what a forward does; the tile and max_rows are filled in later. */
enum { POST, PRE, EMBEDDINGS, ONES, NO_LAYERS, LONG_ROWS, KINDS };
static const wf_encoder_description kinds[KINDS] = {
    /* BERT: a pooler, a head with a norm before a tied decoder, a classifier */
    [POST] = {.layers = 2,
              .width = 20,
              .heads = 3,
              .head_width = 7,
              .feed_forward = 37,
              .norm_epsilon = 1e-12f,
              .score_scale = 0.4f,
              .vocabulary = 53,
              .positions = 100,
              .types = 2,
              .embedding_norm = 1,
              .embedding_norm_epsilon = 1e-5f,
              .activation = WF_GELU,
              .head_count = 4,
              .head = {{.inputs = 20, .outputs = 20, .activation = WF_TANH},
                       {.inputs = 20, .outputs = 20, .activation = WF_GELU, .norm = 1},
                       {.inputs = 20, .outputs = 53, .tied = 1},
                       {.inputs = 20, .outputs = 3}}},
    [PRE] = {.place = WF_PLACE_PRE,
             .layers = 2,
             .width = 20,
             .heads = 3,
             .head_width = 7,
             .feed_forward = 37,
             .activation = WF_RELU,
             .norm_epsilon = 1e-5f,
             .score_scale = 0.4f,
             .vocabulary = 53,
             .positions = 100,
             .final_norm = 1},
    /* the caller's rows, heads wider than the model, sizes of whole tiles */
    [EMBEDDINGS] = {.stem = WF_STEM_EMBEDDINGS,
                    .layers = 2,
                    .width = 24,
                    .heads = 4,
                    .head_width = 12,
                    .feed_forward = 96,
                    .activation = WF_GELU_TANH,
                    .norm_epsilon = 1e-12f,
                    .score_scale = 0.4f,
                    .head_count = 1,
                    .head = {{.inputs = 97, .outputs = 11, .activation = WF_SIGMOID}}},
    [ONES] = {.place = WF_PLACE_PRE,
              .layers = 4,
              .width = 1,
              .heads = 1,
              .head_width = 1,
              .feed_forward = 1,
              .activation = WF_SILU,
              .score_scale = 0.4f,
              .norm_epsilon = 1e-5f,
              .vocabulary = 53},
    [NO_LAYERS] = {.width = 20,
                   .heads = 1,
                   .head_width = 20,
                   .feed_forward = 1,
                   .score_scale = 1.0f,
                   .norm_epsilon = 1e-5f,
                   .vocabulary = 53,
                   .types = 2,
                   .final_norm = 1},
    /* blocks of columns beyond one stripe */
    [LONG_ROWS] = {.place = WF_PLACE_PRE,
                   .layers = 1,
                   .width = 96,
                   .heads = 6,
                   .head_width = 16,
                   .feed_forward = 419,
                   .activation = WF_QUICK_GELU,
                   .norm_epsilon = 1e-12f,
                   .score_scale = 0.25f,
                   .vocabulary = 53,
                   .positions = 100},
};

/* max_rows is exactly what the batch costs. */
static wf_encoder_description fit(wf_encoder_description d, uint32_t tile, const batch *b) {
  d.tile = tile;
  d.max_rows = 0;
  for (uint32_t s = 0; s < b->count; s++) d.max_rows += wf_padded_length(wf_tile_get(tile), b->lengths[s]);
  return d;
}

/* The twin's forward of one sequence: rows of `got` start at `row`, maps at `map`. */
static void check_sequence(series *series, const model *m, const batch *b, const trace *got, uint32_t s,
                           uint32_t row, size_t map) {
  const wf_encoder_description *d = &m->description;
  uint32_t length = b->lengths[s];
  size_t count = (size_t)length * d->width, in_map = (size_t)d->heads * length * length,
         at = (size_t)row * d->width;
  double *x = check_widened(b->embeddings + at, count), *maps = check_doubles(in_map);
  double *scratch = check_doubles(wf_reference_scratch(d, length));
  if (d->stem == WF_STEM_TOKENS) {
    wf_reference_embed(x, d, &m->weights, b->ids + row, b->positions + row, b->types + row, length);
  }
  for (uint32_t layer = 0; layer <= d->layers + 1; layer++) {
    const float *hidden = got->hidden + layer * got->in_hidden + at;
    for (size_t i = 0; i < count; i++) {
      CHECK_ERROR(&series->hidden, fabs((double)hidden[i] - x[i]), "width %u layer %u length %u", d->width,
                  layer, length);
    }
    if (layer == d->layers) wf_reference_finish(x, d, &m->weights, length);
    if (layer >= d->layers) continue;
    wf_reference_layer(x, maps, scratch, d, &m->weights, layer, length);
    for (size_t i = 0; i < in_map; i++) {
      double value = (double)got->maps[layer * got->in_maps + map + i];
      CHECK_ERROR(&series->maps, fabs(value - maps[i]), "width %u layer %u length %u", d->width, layer,
                  length);
    }
  }
  free(x);
  free(maps);
  free(scratch);
}

/* A sequence alone has the bits that it has in the batch. */
static void check_alone(model *m, const batch *b, const trace *all, uint32_t s, uint32_t row, size_t map) {
  const wf_encoder_description *d = &m->description;
  size_t in_map = (size_t)d->heads * b->lengths[s] * b->lengths[s];
  batch one = make_batch(d, &b->lengths[s], 1);
  trace t = run_model(m, &one);
  int same = 1;
  for (uint32_t layer = 0; layer <= d->layers + 1; layer++) {
    same &= check_same(t.hidden + layer * t.in_hidden,
                       all->hidden + layer * all->in_hidden + (size_t)row * d->width, t.in_hidden);
    if (layer < d->layers)
      same &= check_same(t.maps + layer * in_map, all->maps + layer * all->in_maps + map, in_map);
  }
  CHECK(same, "alone: tile %u width %u length %u", d->tile, d->width, b->lengths[s]);
  free_trace(&t);
  free_batch(&one);
}

static void for_each_sequence(series *series, model *m, const batch *b, const trace *t) {
  size_t map = 0;
  for (uint32_t s = 0, row = 0; s < b->count; row += b->lengths[s++]) {
    if (series)
      check_sequence(series, m, b, t, s, row, map);
    else
      check_alone(m, b, t, s, row, map);
    map += (size_t)m->description.heads * b->lengths[s] * b->lengths[s];
  }
}

/* Heads over all rows of the block, read from where they stand. first: [head], kept by the first tile. */
static void check_heads(series *series, model *m, const batch *b, float *first[WF_MAX_HEADS]) {
  const wf_encoder_description *d = &m->description;
  for (uint32_t head = 0; head < d->head_count; head++) {
    const wf_head_description *h = &d->head[head];
    uint64_t seed = head + 1;
    size_t count = (size_t)b->rows * h->outputs;
    int own = h->inputs != d->width;
    float *drawn = check_randoms(&seed, (size_t)b->rows * h->inputs, 1.0f), *got = check_floats(count);
    const float *x = own ? drawn : wf_encoder_hidden(m->encoder);
    double *wide = check_widened(x, (size_t)b->rows * h->inputs), *want = check_doubles(count);
    CHECK(wf_encoder_head(got, x, m->encoder, head, b->rows) == WF_OK, "head %u", head);
    wf_reference_head(want, wide, d, &m->weights, head, b->rows);
    for (size_t i = 0; i < count; i++) {
      CHECK_ERROR(&series->heads, fabs((double)got[i] - want[i]), "head %u of width %u", head, d->width);
    }
    if (!first[head]) first[head] = memcpy(check_floats(count), got, count * sizeof(float));
    CHECK(check_same(got, first[head], count), "other bits: head %u tile %u", head, d->tile);
    free(drawn);
    free(got);
    free(wide);
    free(want);
  }
}

static void test_kind(series *series, int kind) {
  wf_encoder_description d = kinds[kind];
  batch b = make_batch(&d, lengths, COUNT);
  trace first = {0};
  float *heads[WF_MAX_HEADS] = {0};
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    d = fit(d, tile, &b);
    model m = make_model(&d);
    draw_weights(&m);
    trace t = run_model(&m, &b);
    check_heads(series, &m, &b, heads);
    if (tile == 0) for_each_sequence(series, &m, &b, &t);
    for_each_sequence(NULL, &m, &b, &t);
    trace again = run_model(&m, &b);
    CHECK(same_trace(&t, &again, d.layers), "again: kind %d tile %u", kind, tile);
    free_trace(&again);
    if (tile == 0) first = t;
    CHECK(same_trace(&t, &first, d.layers), "other bits: kind %d tile %u", kind, tile);
    if (tile > 0) free_trace(&t);
    free_model(&m);
  }
  for (int head = 0; head < WF_MAX_HEADS; head++) free(heads[head]);
  free_trace(&first);
  free_batch(&b);
}

/* NaN in one sequence changes no bit of the others, nor of what is computed later in the same scratch. */
static void test_a_bad_sequence_stays_alone(void) {
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    wf_encoder_description d = kinds[EMBEDDINGS];
    batch b = make_batch(&d, lengths, COUNT);
    d = fit(d, tile, &b);
    model m = make_model(&d);
    draw_weights(&m);
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
  wf_encoder_description d = kinds[POST];
  batch b = make_batch(&d, lengths, COUNT);
  d = fit(d, 0, &b);
  model m = make_model(&d);
  draw_weights(&m);
  memset(b.types, 0, b.rows * sizeof(uint32_t));
  trace t = run_model(&m, &b);
  CHECK(wf_encoder_begin_tokens(m.encoder, b.ids, b.positions, NULL, b.lengths, b.count) == WF_OK,
        "no types");
  CHECK(check_same(wf_encoder_hidden(m.encoder), t.hidden, t.in_hidden), "types NULL differ from types 0");
  free_trace(&t);
  free_model(&m);
  free_batch(&b);
}

int main(void) {
  series series = {{.name = "hidden states", .limit = 1e-5},
                   {.name = "attention maps", .limit = 2e-6},
                   {.name = "heads", .limit = 5e-6}};
  for (int kind = 0; kind < KINDS; kind++) test_kind(&series, kind);
  test_a_bad_sequence_stays_alone();
  test_types_may_be_absent();
  check_report(&series.hidden);
  check_report(&series.maps);
  check_report(&series.heads);
  return check_finish();
}
