/* Attention with what windows and masks add to its scores, and with keys of another length than the queries, against the
 * twin in double precision, in every tile. */
#include "check.h"
#include "heads.h"
#include "reference/reference.h"

enum { SEQUENCES = 3, HEADS = 2 };

/* What is added; all sequences have the same lengths, as windows do. */
typedef struct options {
  uint32_t queries, keys, width;
  int biased, regions, valid; /* valid lengths: none, of sequences, of queries */
  int masked; /* none, or what the mask has of its own: 1 keys, 2 queries, 4 heads, 8 sequences */
} options;

typedef struct example {
  options o;
  float *queries, *keys, *values; /* [SEQUENCES, T, H * W] */
  float *bias;                    /* [H, Tq, Tk] */
  float *regions;                 /* [SEQUENCES, Tq] */
  uint32_t valid[SEQUENCES];
  uint32_t *valid_of_queries; /* [Tq], the same in all sequences */
  uint8_t *mask;
  wf_mask strides;
} example;

/* A mask whose axes are shared where `masked` does not name them. One query has no key at all. */
static void make_mask(example *e, uint64_t *seed) {
  const int own = e->o.masked;
  uint32_t keys = own & 1 ? e->o.keys : 1, queries = own & 2 ? e->o.queries : 1, heads = own & 4 ? HEADS : 1;
  wf_mask m = {.fill = -1e10f};
  m.of_key = own & 1 ? 1 : 0;
  m.of_query = own & 2 ? keys : 0;
  m.of_head = own & 4 ? keys * queries : 0;
  m.of_sequence = own & 8 ? keys * queries * heads : 0;
  size_t count = (size_t)keys * queries * heads * SEQUENCES;
  e->mask = malloc(count);
  if (!e->mask) abort();
  for (size_t i = 0; i < count; i++) e->mask[i] = (i >= keys || !(own & 2)) && check_index(seed, 3) > 0;
  m.values = e->mask;
  e->strides = m;
}

/* The mask of one sequence, nothing shared: [H, Tq, Tk]. */
static uint8_t *whole_mask(const example *e, uint32_t s) {
  const wf_mask *m = &e->strides;
  uint8_t *out = malloc((size_t)HEADS * e->o.queries * e->o.keys), *to = out;
  if (!out) abort();
  for (uint32_t h = 0; h < HEADS; h++)
    for (uint32_t i = 0; i < e->o.queries; i++)
      for (uint32_t j = 0; j < e->o.keys; j++)
        *to++ = m->values[s * m->of_sequence + h * m->of_head + i * m->of_query + j * m->of_key];
  return out;
}

static example make_example(const options *o) {
  uint64_t seed = o->queries * 100 + o->keys;
  size_t all = (size_t)SEQUENCES * HEADS * o->width;
  example e = {.o = *o};
  e.queries = check_randoms(&seed, all * o->queries, 1.0f);
  e.keys = check_randoms(&seed, all * o->keys, 1.0f);
  e.values = check_randoms(&seed, all * o->keys, 1.0f);
  e.bias = check_randoms(&seed, (size_t)HEADS * o->queries * o->keys, 3.0f);
  e.regions = check_floats((size_t)SEQUENCES * o->queries);
  for (uint32_t i = 0; i < SEQUENCES * o->queries; i++) e.regions[i] = (float)check_index(&seed, 3);
  for (uint32_t s = 0; s < SEQUENCES; s++) e.valid[s] = s == 0 ? 0 : 1 + check_index(&seed, o->keys);
  e.valid_of_queries = malloc(o->queries * sizeof *e.valid_of_queries);
  if (!e.valid_of_queries) abort();
  /* 0 is none, keys + 1 more than all. */
  for (uint32_t i = 0; i < o->queries; i++) e.valid_of_queries[i] = check_index(&seed, o->keys + 2);
  make_mask(&e, &seed);
  return e;
}

static void free_example(example *e) {
  float *all[] = {e->queries, e->keys, e->values, e->bias, e->regions};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  free(e->valid_of_queries);
  free(e->mask);
}

static void put_example(const block *b, const example *e) {
  size_t all = HEADS * (size_t)e->o.width;
  for (uint32_t s = 0; s < SEQUENCES; s++) {
    size_t keys = s * e->o.keys * all;
    put_sequence(b, s, e->queries + s * e->o.queries * all, e->keys + keys, e->values + keys, all, all);
  }
}

/* The bias in panels, [H][ceil(Tq / NR)][Tk][NR]. */
static float *pack_bias(const example *e, uint32_t nr) {
  uint32_t panels = panels_of(e->o.queries, nr);
  float *out = check_floats((size_t)HEADS * panels * e->o.keys * nr);
  for (uint32_t h = 0; h < HEADS; h++) {
    for (uint32_t i = 0; i < e->o.queries; i++) {
      for (uint32_t j = 0; j < e->o.keys; j++) {
        out[((size_t)(h * panels + i / nr) * e->o.keys + j) * nr + i % nr] =
            e->bias[((size_t)h * e->o.queries + i) * e->o.keys + j];
      }
    }
  }
  return out;
}

/* The regions of all rows, and NaN in the lanes that the last panel reads beyond them. */
static float *pad_regions(const example *e, uint32_t nr) {
  uint32_t rows = e->o.queries;
  float *out = check_floats((size_t)(SEQUENCES - 1) * rows + panels_of(rows, nr) * nr);
  memcpy(out, e->regions, (size_t)SEQUENCES * rows * sizeof(float));
  return out;
}

/* Runs in a tile; context: [SEQUENCES, Tq, H * W], maps: [SEQUENCES, H, Tq, Tk]. */
static void run(uint32_t tile, const example *e, float *context, float *maps) {
  const options *o = &e->o;
  const uint32_t lengths[] = {o->queries, o->queries, o->queries},
                 key_lengths[] = {o->keys, o->keys, o->keys};
  uint32_t all = HEADS * o->width;
  block b = make_block(wf_tile_get(tile), HEADS, HEADS, o->width, lengths, key_lengths, SEQUENCES);
  uint32_t mr = b.tile->rows, nr = b.tile->columns;
  float *bias = pack_bias(e, nr), *regions = pad_regions(e, nr);
  wf_workspace work = make_workspace(b.tile, o->keys, o->width);
  wf_score_step steps[4];
  float *panels = check_floats((size_t)panels_of(b.rows, mr) * mr * all);
  put_example(&b, e);
  b.heads.steps = steps;
  if (o->biased) steps[b.heads.step_count++] = wf_step_bias(bias);
  if (o->regions) steps[b.heads.step_count++] = wf_step_regions(regions, WF_MASKED);
  if (o->valid == 1) steps[b.heads.step_count++] = wf_step_valid(e->valid);
  if (o->valid == 2) steps[b.heads.step_count++] = wf_step_valid_of_queries(e->valid_of_queries);
  if (o->masked) steps[b.heads.step_count++] = wf_step_mask(&e->strides, 0);
  wf_attention(&work, panels, &b.heads, 0, wf_attention_units(&b.heads, SEQUENCES), maps);
  for (uint32_t i = 0; i < b.rows * all; i++) context[i] = panels[panel_index(b.tile, i / all, i % all, all)];
  float *memory[] = {bias, regions, panels};
  for (size_t i = 0; i < sizeof memory / sizeof *memory; i++) free(memory[i]);
  free_workspace(&work);
  free_block(&b);
}

/* The bias that the twin adds: the table's, and -100 across regions. */
static double *whole_bias(const example *e, uint32_t s) {
  const options *o = &e->o;
  double *bias = check_widened(e->bias, (size_t)HEADS * o->queries * o->keys);
  const float *region = e->regions + (size_t)s * o->queries;
  for (size_t i = 0; i < (size_t)HEADS * o->queries * o->keys; i++) {
    uint32_t query = (uint32_t)(i / o->keys % o->queries), key = (uint32_t)(i % o->keys);
    if (!o->biased) bias[i] = 0.0;
    if (o->regions && region[query] != region[key]) bias[i] -= 100.0;
  }
  return bias;
}

static void check_sequence(check_worst worst[2], const example *e, uint32_t s, const float *context,
                           const float *maps) {
  const options *o = &e->o;
  size_t all = HEADS * (size_t)o->width, in_context = o->queries * all,
         in_maps = (size_t)HEADS * o->queries * o->keys;
  double *queries = check_widened(e->queries + s * in_context, in_context);
  double *keys = check_widened(e->keys + s * o->keys * all, o->keys * all);
  double *values = check_widened(e->values + s * o->keys * all, o->keys * all);
  uint8_t *mask = whole_mask(e, s);
  double *bias = whole_bias(e, s), *want = check_doubles(in_context), *map = check_doubles(in_maps);
  wf_reference_sequence sequence = {.queries = queries,
                                    .keys = keys,
                                    .values = values,
                                    .stride = all,
                                    .key_stride = all,
                                    .group = 1,
                                    .left = UINT32_MAX,
                                    .right = UINT32_MAX,
                                    .bias = bias,
                                    .valid = o->valid == 1 ? e->valid[s] : o->keys,
                                    .valid_of_queries = o->valid == 2 ? e->valid_of_queries : NULL,
                                    .mask = o->masked ? mask : NULL,
                                    .fill = -1e10,
                                    .query_length = o->queries,
                                    .key_length = o->keys};
  wf_reference_attention(want, map, &sequence, HEADS, o->width);
  for (size_t i = 0; i < in_context; i++) {
    CHECK_ERROR(&worst[0], fabs((double)context[s * in_context + i] - want[i]),
                "%u queries, %u keys, bias %d %d %d", o->queries, o->keys, o->biased, o->regions, o->valid);
  }
  for (size_t i = 0; i < in_maps; i++) {
    CHECK_ERROR(&worst[1], fabs((double)maps[s * in_maps + i] - map[i]), "%u queries, %u keys, bias %d %d %d",
                o->queries, o->keys, o->biased, o->regions, o->valid);
  }
  double *memory[] = {queries, keys, values, bias, want, map};
  for (size_t i = 0; i < sizeof memory / sizeof *memory; i++) free(memory[i]);
  free(mask);
}

static void test_options(check_worst worst[2], const options *o) {
  example e = make_example(o);
  size_t in_context = (size_t)SEQUENCES * o->queries * HEADS * o->width;
  size_t in_maps = (size_t)SEQUENCES * HEADS * o->queries * o->keys;
  float *context[2] = {check_floats(in_context), check_floats(in_context)};
  float *maps[2] = {check_floats(in_maps), check_floats(in_maps)};
  run(0, &e, context[0], maps[0]);
  for (uint32_t s = 0; s < SEQUENCES; s++) check_sequence(worst, &e, s, context[0], maps[0]);
  for (uint32_t tile = 1; tile < WF_TILE_COUNT; tile++) {
    run(tile, &e, context[1], maps[1]);
    CHECK(check_same(context[0], context[1], in_context) && check_same(maps[0], maps[1], in_maps),
          "other bits: tile %u, %u queries, %u keys, bias %d %d %d", tile, o->queries, o->keys, o->biased,
          o->regions, o->valid);
  }
  for (int i = 0; i < 2; i++) {
    free(context[i]);
    free(maps[i]);
  }
  free_example(&e);
}

int main(void) {
  static const uint32_t lengths[] = {1, 2, 4, 5, 6, 7, 8, 9, 11, 12, 13, 25, 49, 64};
  enum { COUNT = sizeof lengths / sizeof *lengths };
  check_worst worst[2] = {{.name = "result with bias", .limit = 4e-6},
                          {.name = "maps with bias", .limit = 3e-6}};
  for (int i = 0; i < COUNT; i++) {
    for (int kind = 0; kind < 8; kind++) {
      options o = {lengths[i], lengths[i], 5 + lengths[i] % 4, kind & 1, kind >> 1 & 1, kind >> 2 & 1, 0};
      test_options(worst, &o);
    }
    for (int j = 0; j < COUNT; j++) {
      options o = {lengths[i], lengths[j], 7, 0, 0, j % 3, (i + j) % 16};
      test_options(worst, &o);
    }
  }
  /* More keys than are held at once. */
  static const uint32_t far[][2] = {{9, 512},  {9, 513},   {13, 600},  {1, 997},
                                    {520, 12}, {520, 520}, {300, 4000}};
  for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
    for (int kind = 0; kind < 6; kind++) {
      options o = {far[i][0], far[i][1], 6, kind & 1, 0, kind >> 1, kind == 5 ? 15 : kind & 2};
      test_options(worst, &o);
    }
  }
  check_report(&worst[0]);
  check_report(&worst[1]);
  return check_finish();
}
