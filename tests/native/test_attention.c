/* Attention over blocks of sequences of different lengths, in every tile, against its twin in double precision. The bits
 * of a sequence depend neither on the tile nor on what else is in the block, nor on what lies in unused lanes. */
#include "check.h"
#include "heads.h"
#include "layers/layers.h"
#include "reference/reference.h"

enum { LONGEST = 131 };

/* One sequence: rows [T, 3HW] of queries, keys and values, drawn by its length alone, and its results. */
typedef struct example {
  uint32_t length, heads, width;
  float *qkv, *context, *maps; /* context: [T, HW], maps: [H, T, T], of the first run */
} example;

static example make_example(uint32_t length, uint32_t heads, uint32_t width, float scale) {
  uint64_t seed = length * 1000 + width;
  example e = {.length = length, .heads = heads, .width = width};
  e.qkv = check_randoms(&seed, (size_t)length * 3 * heads * width, scale);
  e.context = check_floats((size_t)length * heads * width);
  e.maps = check_floats((size_t)heads * length * length);
  return e;
}

static void free_example(example *e) {
  free(e->qkv);
  free(e->context);
  free(e->maps);
}

/* Runs a block; the first run of a sequence keeps its results, later ones must give the same bits. */
static void run_block(uint32_t tile, example *const *examples, uint32_t count, int first, int with_maps) {
  uint32_t lengths[32], heads = examples[0]->heads, width = examples[0]->width, all = heads * width,
                        longest = 0;
  size_t map_floats = 0;
  for (uint32_t s = 0; s < count; s++) {
    lengths[s] = examples[s]->length;
    longest = lengths[s] > longest ? lengths[s] : longest;
    map_floats += (size_t)heads * lengths[s] * lengths[s];
  }
  block b = make_block(wf_tile_get(tile), heads, heads, width, lengths, lengths, count);
  wf_workspace work = make_workspace(b.tile, longest, width);
  float *panels = check_floats((size_t)panels_of(b.rows, b.tile->rows) * b.tile->rows * all);
  float *maps = with_maps ? check_floats(map_floats) : NULL, *map = maps;
  for (uint32_t s = 0; s < count; s++) {
    const float *qkv = examples[s]->qkv;
    put_sequence(&b, s, qkv, qkv + all, qkv + 2 * (size_t)all, 3 * (size_t)all, 3 * (size_t)all);
  }
  wf_attention(&work, panels, &b.heads, 0, wf_attention_units(&b.heads, count), maps);
  for (uint32_t s = 0; s < count; s++) {
    const example *e = examples[s];
    size_t in_map = (size_t)heads * e->length * e->length;
    int same = 1;
    for (uint32_t i = 0; i < e->length * all; i++) {
      float got = panels[panel_index(b.tile, b.sequences[s].row + i / all, i % all, all)];
      if (first) e->context[i] = got;
      same &= check_same(&e->context[i], &got, 1);
    }
    if (first) memcpy(e->maps, map, in_map * sizeof(float));
    if (maps) same &= check_same(e->maps, map, in_map);
    if (maps) map += in_map;
    CHECK(same, "other bits: tile %u, %u heads of %u, length %u among %u", tile, heads, width, e->length,
          count);
  }
  free(panels);
  free(maps);
  free_workspace(&work);
  free_block(&b);
}

typedef struct series {
  check_worst context, maps, sums;
} series;

static void check_example(series *series, const example *e) {
  uint32_t all = e->heads * e->width;
  size_t in_context = (size_t)e->length * all, in_maps = (size_t)e->heads * e->length * e->length;
  double *context = check_doubles(in_context), *maps = check_doubles(in_maps);
  double *qkv = check_widened(e->qkv, in_context * 3);
  wf_reference_sequence sequence = wf_reference_self(qkv, all, e->length);
  wf_reference_attention(context, maps, &sequence, e->heads, e->width);
  for (size_t i = 0; i < in_context; i++) {
    CHECK_ERROR(&series->context, fabs((double)e->context[i] - context[i]), "%u heads of %u, length %u",
                e->heads, e->width, e->length);
  }
  for (size_t i = 0; i < in_maps; i++) {
    CHECK_ERROR(&series->maps, fabs((double)e->maps[i] - maps[i]), "%u heads of %u, length %u", e->heads,
                e->width, e->length);
  }
  for (size_t row = 0; row < (size_t)e->heads * e->length; row++) {
    double sum = 0.0;
    for (uint32_t j = 0; j < e->length; j++) sum += (double)e->maps[row * e->length + j];
    CHECK_ERROR(&series->sums, fabs(sum - 1.0), "%u heads of %u, length %u", e->heads, e->width, e->length);
  }
  free(context);
  free(maps);
  free(qkv);
}

/* Sequences at the edges of all tiles: alone, together, reversed, and without maps. */
static void test_width(series *series, uint32_t heads, uint32_t width) {
  static const uint32_t lengths[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 23, 24, 25, 61, 100, LONGEST};
  enum { COUNT = sizeof lengths / sizeof *lengths };
  example examples[COUNT], *forwards[COUNT], *backwards[COUNT];
  for (int i = 0; i < COUNT; i++) {
    examples[i] = make_example(lengths[i], heads, width, 2.0f / sqrtf(sqrtf((float)width)));
    forwards[i] = backwards[COUNT - 1 - i] = &examples[i];
  }
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    run_block(tile, forwards, COUNT, tile == 0, 1);
    run_block(tile, backwards, COUNT, 0, 1);
    run_block(tile, forwards, COUNT, 0, 0);
    for (int i = 0; i < COUNT; i++) run_block(tile, &forwards[i], 1, 0, 1);
  }
  for (int i = 0; i < COUNT; i++) {
    check_example(series, &examples[i]);
    free_example(&examples[i]);
  }
}

/* NaN in a sequence stays in it. */
static void test_a_bad_sequence_stays_alone(void) {
  example bad = make_example(9, 2, 5, 1.0f),
          good[2] = {make_example(7, 2, 5, 1.0f), make_example(13, 2, 5, 1.0f)};
  example *pair[] = {&good[0], &good[1]}, *mixed[] = {&bad}, *all[] = {&good[0], &bad, &good[1]};
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    run_block(tile, pair, 2, 1, 1);
    bad.qkv[3] = NAN;
    bad.qkv[40] = INFINITY;
    run_block(tile, mixed, 1, 1, 1);
    run_block(tile, all, 3, 0, 1);
  }
  free_example(&bad);
  free_example(&good[0]);
  free_example(&good[1]);
}

/* However long a sequence is, a unit has about as many pairs, and its queries are whole panels of every tile. */
static void test_units(void) {
  static const uint32_t lengths[] = {1, 23, 24, 1000, 1024, 1025, 4096, 43690, 1000001, 1u << 20};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    const wf_sequence sequences[] = {{.length = lengths[i]}, {.length = 5}};
    const wf_heads heads = {.heads = 3, .key_heads = 3, .sequences = sequences, .memory = sequences};
    uint32_t units = wf_attention_units(&heads, 1);
    uint64_t pairs = (uint64_t)lengths[i] * lengths[i] * 3;
    CHECK(units % 3 == 0 && pairs / units <= WF_UNIT_PAIRS + (uint64_t)WF_WHOLE_PANELS * lengths[i],
          "length %u: %u units", lengths[i], units);
    CHECK((uint64_t)lengths[i] * lengths[i] > WF_UNIT_PAIRS || units == 3, "length %u: %u units", lengths[i],
          units);
    CHECK(wf_attention_units(&heads, 2) == units + 3, "length %u and 5", lengths[i]);
  }
}

int main(void) {
  test_units();
  series series = {{.name = "attention's result", .limit = 2e-6},
                   {.name = "attention's maps", .limit = 1e-6},
                   {.name = "a map's row, its sum less 1", .limit = 1e-6}};
  static const uint32_t shapes[][2] = {{1, 1},  {3, 2},  {2, 5},  {2, 6},   {3, 7}, {2, 8},
                                       {1, 12}, {2, 13}, {2, 33}, {12, 32}, {1, 64}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) test_width(&series, shapes[i][0], shapes[i][1]);
  test_a_bad_sequence_stays_alone();
  check_report(&series.context);
  check_report(&series.maps);
  check_report(&series.sums);
  return check_finish();
}
