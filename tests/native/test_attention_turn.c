/* Norms and rotation of packed queries and keys against their twins in double precision, in every tile: the bits depend
 * neither on the tile nor on how the units are dealt out, and nothing else in the heads is touched. */
#include "check.h"
#include "heads.h"
#include "reference/reference.h"

static const double unit = 0x1p-24;
static const uint32_t lengths[] = {1, 7, 2, 8, 9, 3, 11, 12, 13, 5, 25, 61, 6};
enum { COUNT = sizeof lengths / sizeof *lengths, LONGEST = 61, PREFIX = 2 };

typedef struct shape {
  uint32_t heads, key_heads, width, rotary, interleaved;
  wf_column_norm norm;
  int weighted, biased, scaled;
} shape;

/* Queries and keys of all sequences, [R, H * W] and [R, KH * W], before and after, and what turns them. */
typedef struct example {
  shape s;
  uint32_t rows;
  float *queries, *keys, *turned_queries, *turned_keys;
  float *cosines, *sines, *head_scales, *weights; /* weights: [4][W] */
  wf_turn turn;
} example;

static example make_example(const shape *s) {
  uint64_t seed = s->width * 100 + s->rotary + 1;
  size_t angles = (size_t)s->rotary / 2 * LONGEST;
  example e = {.s = *s};
  for (int i = 0; i < COUNT; i++) e.rows += lengths[i];
  size_t in_queries = (size_t)e.rows * s->heads * s->width,
         in_keys = (size_t)e.rows * s->key_heads * s->width;
  e.queries = check_randoms(&seed, in_queries, 2.0f);
  e.keys = check_randoms(&seed, in_keys, 2.0f);
  e.turned_queries = check_floats(in_queries);
  e.turned_keys = check_floats(in_keys);
  e.cosines = check_floats(angles + WF_TILE_MAX_COLUMNS - 1);
  e.sines = check_floats(angles + WF_TILE_MAX_COLUMNS - 1);
  for (size_t i = 0; i < angles; i++) {
    double angle = 3.0 * (double)check_random(&seed);
    e.cosines[i] = i % LONGEST < PREFIX ? 1.0f : (float)cos(angle);
    e.sines[i] = i % LONGEST < PREFIX ? 0.0f : (float)sin(angle);
  }
  e.head_scales = check_randoms(&seed, s->heads, 5.0f);
  e.weights = check_randoms(&seed, 4 * (size_t)s->width, 2.0f);
  e.turn =
      (wf_turn){.norm = s->norm, .query_scale = 1.0f, .rotary = s->rotary, .interleaved = s->interleaved};
  e.turn.query_norm = e.turn.key_norm = (wf_norm){.epsilon = s->norm == WF_COLUMN_L2 ? 1e-12f : 1e-6f};
  if (s->weighted) e.turn.query_norm.weight = e.weights;
  if (s->weighted) e.turn.key_norm.weight = e.weights + s->width;
  if (s->biased) e.turn.query_norm.bias = e.weights + 2 * (size_t)s->width;
  if (s->biased) e.turn.key_norm.bias = e.weights + 3 * (size_t)s->width;
  if (s->scaled) e.turn.query_scale = 0.375f;
  if (s->scaled) e.turn.head_scales = e.head_scales;
  if (s->rotary) e.turn.cosines = e.cosines;
  if (s->rotary) e.turn.sines = e.sines;
  e.turn.positions = LONGEST;
  return e;
}

static void free_example(example *e) {
  float *all[] = {e->queries, e->keys,  e->turned_queries, e->turned_keys,
                  e->cosines, e->sines, e->head_scales,    e->weights};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/* Takes a sequence's values out of the panels: stored the first time, of the same bits later. */
static int same_sequence(example *e, const block *b, uint32_t n, int first) {
  const shape *s = &e->s;
  int same = 1;
  for (uint32_t t = 0; t < lengths[n]; t++) {
    size_t row = b->sequences[n].row + t;
    for (uint32_t i = 0; i < s->heads * s->width; i++) {
      float got = *query_at(b, n, i / s->width, t, (int)(i % s->width)),
            *want = &e->turned_queries[row * s->heads * s->width + i];
      if (first) *want = got;
      same &= check_same(want, &got, 1) && *query_at(b, n, i / s->width, t, -1) == 0.0f;
    }
    for (uint32_t i = 0; i < s->key_heads * s->width; i++) {
      float got = *key_at(b, n, i / s->width, t, i % s->width),
            *want = &e->turned_keys[row * s->key_heads * s->width + i];
      if (first) *want = got;
      same &= check_same(want, &got, 1);
      same &= *value_at(b, n, i / s->width, t, i % s->width) == e->keys[row * s->key_heads * s->width + i];
    }
  }
  return same;
}

static void run(uint32_t tile, example *e, uint32_t split, int first) {
  const shape *s = &e->s;
  const size_t all = (size_t)s->heads * s->width, key_all = (size_t)s->key_heads * s->width;
  block b = make_block(wf_tile_get(tile), s->heads, s->key_heads, s->width, lengths, lengths, COUNT);
  wf_workspace work = make_workspace(b.tile, 1, s->width);
  for (uint32_t n = 0; n < COUNT; n++) {
    const float *keys = e->keys + b.sequences[n].row * key_all;
    put_sequence(&b, n, e->queries + b.sequences[n].row * all, keys, keys, all, key_all);
  }
  wf_turn_heads(&work, &b.heads, &e->turn, split, COUNT * s->heads);
  wf_turn_heads(&work, &b.heads, &e->turn, 0, split);
  for (uint32_t n = 0; n < COUNT; n++) {
    CHECK(same_sequence(e, &b, n, first), "other bits: tile %u, %u/%u heads of %u, norm %d, rotary %u", tile,
          s->heads, s->key_heads, s->width, s->norm, s->rotary);
  }
  free_workspace(&work);
  free_block(&b);
}

/* One token's channels x [W] in one head, as the twin turns them. */
static void turn_in_double(double *x, const example *e, const wf_norm *norm, double scale, uint32_t t) {
  const shape *s = &e->s;
  double cosines[512], sines[512];
  wf_reference_norm_head(x, norm->weight, norm->bias, s->norm, (double)norm->epsilon, scale, s->width);
  for (uint32_t k = 0; k < s->rotary / 2; k++) {
    cosines[k] = (double)e->cosines[k * LONGEST + t];
    sines[k] = (double)e->sines[k * LONGEST + t];
  }
  wf_reference_rotate_head(x, cosines, sines, s->rotary / 2, s->interleaved);
}

/* Errors in units of the largest value that the vector can have. */
static void check_vector(check_worst *worst, const example *e, const float *before, const float *after,
                         const wf_norm *norm, double scale, uint32_t t) {
  const shape *s = &e->s;
  double *want = check_widened(before, s->width), top = 2.0;
  turn_in_double(want, e, norm, scale, t);
  for (uint32_t c = 0; c < s->width; c++) top = fmax(top, fabs(want[c]));
  for (uint32_t c = 0; c < s->width; c++) {
    CHECK_ERROR(worst, fabs((double)after[c] - want[c]) / (top * unit * (8.0 + s->width)),
                "width %u norm %d rotary %u%s, token %u channel %u", s->width, s->norm, s->rotary,
                s->interleaved ? " interleaved" : "", t, c);
    if (t < PREFIX && s->norm == WF_COLUMN_NONE)
      CHECK(after[c] == before[c], "width %u: token %u of the prefix turned", s->width, t);
  }
  free(want);
}

static void check_example(check_worst *worst, const example *e) {
  const shape *s = &e->s;
  for (uint32_t n = 0, row = 0; n < COUNT; n++) {
    for (uint32_t t = 0; t < lengths[n]; t++, row++) {
      for (uint32_t h = 0; h < s->heads; h++) {
        size_t at = ((size_t)row * s->heads + h) * s->width;
        double scale = s->scaled ? 0.375 * (double)e->head_scales[h] : 1.0;
        check_vector(worst, e, e->queries + at, e->turned_queries + at, &e->turn.query_norm, scale, t);
      }
      for (uint32_t h = 0; h < s->key_heads; h++) {
        size_t at = ((size_t)row * s->key_heads + h) * s->width;
        check_vector(worst, e, e->keys + at, e->turned_keys + at, &e->turn.key_norm, 1.0, t);
      }
    }
  }
}

static void test_shape(check_worst *worst, const shape *s) {
  example e = make_example(s);
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) run(tile, &e, tile * 3, tile == 0);
  check_example(worst, &e);
  free_example(&e);
}

int main(void) {
  static const uint32_t heads[][2] = {{1, 1}, {3, 1}, {4, 2}, {3, 3}};
  static const uint32_t widths[][2] = {{1, 0},  {2, 2},   {5, 4},   {8, 8},   {13, 6},  {16, 0},
                                       {32, 8}, {33, 32}, {64, 64}, {80, 40}, {96, 96}, {128, 128}};
  check_worst worst[4] = {{.name = "turned without a norm, of its rounding", .limit = 1.0},
                          {.name = "RMS norm and rotation, of its rounding", .limit = 1.0},
                          {.name = "layer norm and rotation, of its rounding", .limit = 1.0},
                          {.name = "L2 norm and rotation, of its rounding", .limit = 1.0}};
  for (uint32_t i = 0; i < sizeof widths / sizeof *widths; i++) {
    for (uint32_t kind = 0; kind < 8; kind++) {
      const uint32_t *h = heads[(i + kind) % 4];
      shape s = {.heads = h[0], .key_heads = h[1], .width = widths[i][0], .rotary = widths[i][1]};
      s.interleaved = kind / 4;
      s.norm = (wf_column_norm)(kind % 4);
      s.weighted = s.norm == WF_COLUMN_RMS || s.norm == WF_COLUMN_LAYER;
      s.biased = s.norm == WF_COLUMN_LAYER && i % 2;
      s.scaled = s.norm != WF_COLUMN_NONE && (i + kind) % 3 != 0;
      /* A layer norm of one or two values is 0 or a sign: too steep to compare. */
      if (s.norm != WF_COLUMN_LAYER || s.width > 2) test_shape(&worst[s.norm], &s);
    }
  }
  for (int i = 0; i < 4; i++) check_report(&worst[i]);
  return check_finish();
}
