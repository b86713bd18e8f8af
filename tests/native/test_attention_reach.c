/* Attention whose queries see a part of the keys, whose heads share keys, whose scores take steps, and whose keys are
 * more than are held at once, against the twin in double precision. The bits of a sequence depend neither on the tile,
 * nor on what else is in the block, nor on how the units are dealt out. */
#include "check.h"
#include "heads.h"
#include "reference/reference.h"

/* The score steps of a shape, in the order in which they are applied. */
enum { AGAIN = 1, DENSE = 2, DISTANCE = 4, REGIONS = 8, VALID = 16, DOUBLED = 32, STEPS = 6 };

typedef struct shape {
  uint32_t heads, key_heads, width, left, right, steps, reach; /* reach: of the distance table */
} shape;

/* One sequence, drawn by its length and shape alone, and its results. */
typedef struct example {
  shape s;
  uint32_t length, valid;
  float *queries, *keys, *values; /* [T, H * W], [T, KH * W] */
  float *bias, *table, *regions;  /* [H, T, T], [H, 2 * reach + 1] by the shape alone, [T] */
  float *context, *maps;          /* [T, H * W], [H, T, T], of the first run */
} example;

static example make_example(uint32_t length, const shape *s) {
  uint64_t seed = length * 1000 + s->width, common = s->reach + 1;
  size_t all = (size_t)length * s->heads * s->width, pairs = (size_t)s->heads * length * length;
  example e = {.s = *s, .length = length};
  e.queries = check_randoms(&seed, all, 1.0f);
  e.keys = check_randoms(&seed, (size_t)length * s->key_heads * s->width, 1.0f);
  e.values = check_randoms(&seed, (size_t)length * s->key_heads * s->width, 1.0f);
  e.bias = check_randoms(&seed, s->steps & DENSE ? pairs : 0, 3.0f);
  e.table = check_randoms(&common, s->heads * (2 * (size_t)s->reach + 1), 3.0f);
  e.regions = check_floats(length);
  for (uint32_t t = 0; t < length; t++) e.regions[t] = (float)check_index(&seed, 3);
  e.valid = check_index(&seed, length + 1);
  e.context = check_floats(all);
  e.maps = check_floats(pairs);
  return e;
}

static void free_example(example *e) {
  float *all[] = {e->queries, e->keys, e->values, e->bias, e->table, e->regions, e->context, e->maps};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/* Two steps of a caller's own: q k^T once more, read from the packed heads, and everything twice. */
static void add_again(const wf_score_step *step, const wf_scores *s) {
  const wf_heads *h = s->heads;
  const wf_tile *tile = s->work->tile;
  const wf_sequence *sequence = &h->sequences[s->sequence], *memory = &h->memory[s->sequence];
  const float *q = wf_head_queries(h, tile, sequence, s->head) + (size_t)s->first_query * (1 + h->width);
  const float *k = wf_head_keys(h, tile, memory, s->head / (h->heads / h->key_heads));
  (void)step;
  for (uint32_t j = s->first_key; j < s->first_key + s->count; j++) {
    for (uint32_t i = 0; i < tile->columns && s->first_query + i < sequence->length; i++) {
      float sum = 0.0f;
      for (uint32_t c = 0; c < h->width; c++) {
        size_t at = ((size_t)(j / tile->rows) * h->width + c) * tile->rows + j % tile->rows;
        sum += q[(1 + c) * tile->columns + i] * k[at];
      }
      s->values[(j - s->first_key) * tile->columns + i] += sum;
    }
  }
}

static void double_scores(const wf_score_step *step, const wf_scores *s) {
  (void)step;
  for (uint32_t i = 0; i < s->count * s->work->tile->columns; i++) s->values[i] *= 2.0f;
}

/* The bias in panels, [H][ceil(T / NR)][T][NR]. */
static float *pack_bias(const example *e, uint32_t nr) {
  uint32_t panels = panels_of(e->length, nr), n = e->length;
  float *out = check_floats((size_t)e->s.heads * panels * n * nr);
  for (uint32_t h = 0; h < e->s.heads; h++) {
    for (uint32_t i = 0; i < n; i++) {
      for (uint32_t j = 0; j < n; j++)
        out[((size_t)(h * panels + i / nr) * n + j) * nr + i % nr] = e->bias[((size_t)h * n + i) * n + j];
    }
  }
  return out;
}

/* A block of examples of one shape, in a tile, ready to run. */
typedef struct job {
  block b;
  wf_workspace work;
  wf_score_step steps[STEPS];
  float *bias, *regions, *panels, *maps;
  uint32_t valid[32];
  size_t in_maps;
} job;

static void make_job(job *j, uint32_t tile, example *const *examples, uint32_t count, int with_maps) {
  const shape *s = &examples[0]->s;
  uint32_t lengths[32], longest = 0, nr = wf_tile_get(tile)->columns, *steps = &j->b.heads.step_count;
  j->in_maps = 0;
  for (uint32_t i = 0; i < count; i++) {
    lengths[i] = examples[i]->length;
    longest = lengths[i] > longest ? lengths[i] : longest;
    j->valid[i] = examples[i]->valid;
    j->in_maps += (size_t)s->heads * lengths[i] * lengths[i];
  }
  j->b = make_block(wf_tile_get(tile), s->heads, s->key_heads, s->width, lengths, lengths, count);
  j->work = make_workspace(j->b.tile, longest, s->width);
  j->bias = s->steps & DENSE ? pack_bias(examples[0], nr) : NULL;
  j->regions = check_floats(j->b.rows + nr - 1);
  j->panels =
      check_floats((size_t)panels_of(j->b.rows, j->b.tile->rows) * j->b.tile->rows * s->heads * s->width);
  j->maps = with_maps ? check_floats(j->in_maps) : NULL;
  for (uint32_t i = 0; i < count; i++) {
    const example *e = examples[i];
    put_sequence(&j->b, i, e->queries, e->keys, e->values, (size_t)s->heads * s->width,
                 (size_t)s->key_heads * s->width);
    memcpy(j->regions + j->b.sequences[i].row, e->regions, e->length * sizeof(float));
  }
  j->b.heads.left = s->left;
  j->b.heads.right = s->right;
  j->b.heads.steps = j->steps;
  if (s->steps & AGAIN) j->steps[(*steps)++] = (wf_score_step){.apply = add_again};
  if (s->steps & DENSE) j->steps[(*steps)++] = wf_step_bias(j->bias);
  if (s->steps & DISTANCE) j->steps[(*steps)++] = wf_step_distance(examples[0]->table, s->reach);
  if (s->steps & REGIONS) j->steps[(*steps)++] = wf_step_regions(j->regions, WF_MASKED);
  if (s->steps & VALID) j->steps[(*steps)++] = wf_step_valid(j->valid);
  if (s->steps & DOUBLED) j->steps[(*steps)++] = (wf_score_step){.apply = double_scores};
}

static void free_job(job *j) {
  float *all[] = {j->bias, j->regions, j->panels, j->maps};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  free_workspace(&j->work);
  free_block(&j->b);
}

/* Runs a block, the first `split` units and then the others; the first run of a sequence keeps its results, later ones
 * must give the same bits. */
static void run(uint32_t tile, example *const *examples, uint32_t count, int first, int with_maps,
                uint32_t split) {
  job j;
  make_job(&j, tile, examples, count, with_maps);
  const shape *s = &examples[0]->s;
  uint32_t all = s->heads * s->width, units = wf_attention_units(&j.b.heads, count);
  const float *map = j.maps;
  if (split >= units) split = 0;
  wf_attention(&j.work, j.panels, &j.b.heads, split, units, j.maps);
  if (split) wf_attention(&j.work, j.panels, &j.b.heads, 0, split, j.maps);
  for (uint32_t n = 0; n < count; n++) {
    example *e = examples[n];
    size_t in_map = (size_t)s->heads * e->length * e->length;
    int same = 1;
    for (uint32_t i = 0; i < e->length * all; i++) {
      float got = j.panels[panel_index(j.b.tile, j.b.sequences[n].row + i / all, i % all, all)];
      if (first) e->context[i] = got;
      same &= check_same(&e->context[i], &got, 1);
    }
    if (first) memcpy(e->maps, map, in_map * sizeof(float));
    if (map) same &= check_same(e->maps, map, in_map);
    if (map) map += in_map;
    CHECK(same, "other bits: tile %u, %u/%u heads of %u, length %u of %u, reach %u %u, steps %u", tile,
          s->heads, s->key_heads, s->width, e->length, count, s->left, s->right, s->steps);
  }
  free_job(&j);
}

/* What the twin adds to the scores of [H, T, T]. */
static double *whole_bias(const example *e) {
  const shape *s = &e->s;
  uint32_t n = e->length, group = s->heads / s->key_heads;
  size_t pairs = (size_t)s->heads * n * n;
  double *bias = check_doubles(pairs);
  for (size_t i = 0; i < pairs; i++) {
    uint32_t head = (uint32_t)(i / n / n);
    const float *q = e->queries + (i / n % n) * s->heads * s->width + (size_t)head * s->width;
    const float *k = e->keys + (i % n) * s->key_heads * s->width + (size_t)(head / group) * s->width;
    bias[i] = s->steps & DENSE ? (double)e->bias[i] : 0.0;
    for (uint32_t c = 0; s->steps & AGAIN && c < s->width; c++) bias[i] += (double)q[c] * (double)k[c];
  }
  if (s->steps & DISTANCE) wf_reference_add_distance(bias, e->table, s->reach, s->heads, n, n);
  if (s->steps & REGIONS) wf_reference_add_regions(bias, e->regions, s->heads, n);
  for (size_t i = 0; s->steps & DOUBLED && i < pairs; i++) bias[i] *= 2.0;
  return bias;
}

typedef struct series {
  check_worst context, maps, sums;
} series;

static void note(check_worst *worst, const example *e, double error) {
  const shape *s = &e->s;
  CHECK_ERROR(worst, error, "%u/%u heads of %u, length %u, reach %u %u, steps %u", s->heads, s->key_heads,
              s->width, e->length, s->left, s->right, s->steps);
}

/* Sums of the maps' rows, and exact zeros beyond the reach. */
static void check_maps(series *series, const example *e) {
  uint32_t n = e->length, zeros = 1;
  for (uint32_t row = 0; row < e->s.heads * n; row++) {
    double sum = 0.0;
    for (uint32_t i = row % n, j = 0; j < n; j++) {
      float p = e->maps[(size_t)row * n + j];
      int seen = j < i ? i - j <= e->s.left : j - i <= e->s.right;
      sum += (double)p;
      if (!seen) zeros &= p == 0.0f;
    }
    note(&series->sums, e, fabs(sum - 1.0));
  }
  CHECK(zeros, "length %u, reach %u %u: a key beyond it has a probability", n, e->s.left, e->s.right);
}

static void check_example(series *series, const example *e) {
  const shape *s = &e->s;
  size_t all = (size_t)s->heads * s->width, key_all = (size_t)s->key_heads * s->width;
  size_t in_maps = (size_t)s->heads * e->length * e->length;
  double *queries = check_widened(e->queries, e->length * all),
         *keys = check_widened(e->keys, e->length * key_all),
         *values = check_widened(e->values, e->length * key_all), *bias = whole_bias(e),
         *context = check_doubles(e->length * all), *maps = check_doubles(in_maps);
  for (size_t i = 0; s->steps & DOUBLED && i < e->length * all; i++) queries[i] *= 2.0;
  wf_reference_sequence sequence = {.queries = queries,
                                    .keys = keys,
                                    .values = values,
                                    .stride = all,
                                    .key_stride = key_all,
                                    .group = s->heads / s->key_heads,
                                    .left = s->left,
                                    .right = s->right,
                                    .bias = bias,
                                    .valid = s->steps & VALID ? e->valid : e->length,
                                    .query_length = e->length,
                                    .key_length = e->length};
  wf_reference_attention(context, maps, &sequence, s->heads, s->width);
  for (size_t i = 0; i < e->length * all; i++)
    note(&series->context, e, fabs((double)e->context[i] - context[i]));
  for (size_t i = 0; i < in_maps; i++) note(&series->maps, e, fabs((double)e->maps[i] - maps[i]));
  check_maps(series, e);
  double *memory[] = {queries, keys, values, bias, context, maps};
  for (size_t i = 0; i < sizeof memory / sizeof *memory; i++) free(memory[i]);
}

/* Every sequence alone, then all together, reversed, and without maps, in every tile. */
static void test_shape(series *series, const shape *s, const uint32_t *lengths, uint32_t count) {
  example examples[32], *forwards[32], *backwards[32];
  for (uint32_t i = 0; i < count; i++) {
    examples[i] = make_example(lengths[i], s);
    forwards[i] = backwards[count - 1 - i] = &examples[i];
  }
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    for (uint32_t i = 0; i < count; i++) run(tile, &forwards[i], 1, tile == 0, 1, 0);
    if (count > 1 && !(s->steps & DENSE)) {
      run(tile, forwards, count, 0, 1, 1 + tile);
      run(tile, backwards, count, 0, 0, 0);
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    example *twice[] = {&examples[i], &examples[i]};
    if (s->steps & DENSE) run(1, twice, 2, 0, 1, s->heads);
    check_example(series, &examples[i]);
    free_example(&examples[i]);
  }
}

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const uint32_t reaches[] = {0, 1, 7, 64, WF_UNLIMITED};

/* All reaches with all ways of sharing key heads, and one set of steps each in turn. */
static void test_short(series *series) {
  static const uint32_t heads[][3] = {{1, 1, 5}, {2, 1, 8}, {3, 1, 6}, {3, 3, 13}, {4, 2, 1}};
  static const uint32_t lengths[] = {1, 2, 7, 8, 9, 11, 12, 13, 24, 25, 61, 67, 97, 131};
  uint32_t steps = 0;
  for (uint32_t i = 0; i < 25; i++) {
    for (uint32_t k = 0; k < COUNT_OF(heads); k++, steps += 5) {
      shape s = {heads[k][0],    heads[k][1], heads[k][2], reaches[i / 5],
                 reaches[i % 5], steps % 32,  i * 3 % 70};
      test_shape(series, &s, lengths, COUNT_OF(lengths));
    }
  }
}

/* Every set of steps, with the last doubling what the others made; the valid length's scores are not for doubling. */
static void test_steps(series *series) {
  static const uint32_t lengths[] = {1, 5, 8, 9, 12, 13, 40, 61}, tables[] = {0, 1, 3, 11, 12, 60, 200};
  for (uint32_t steps = 0; steps < 64; steps++) {
    for (uint32_t i = 0; i < COUNT_OF(tables) && (i == 0 || steps & DISTANCE); i++) {
      shape s = {2, 1 + steps % 2, 7, WF_UNLIMITED, WF_UNLIMITED, steps, tables[i]};
      if (!(steps & VALID && steps & DOUBLED)) test_shape(series, &s, lengths, COUNT_OF(lengths));
    }
  }
}

/* About the number of keys that are held whole, and beyond it. */
static void test_long(series *series) {
  static const uint32_t lengths[] = {511, 512, 513, 7, 600, 601}, longest[] = {997, 60, 1000};
  static const uint32_t pairs[][2] = {{4, 4}, {4, 0}, {0, 4}, {3, 3}, {0, 0}, {2, 4}, {4, 1}, {1, 2}};
  for (uint32_t i = 0; i < COUNT_OF(pairs); i++) {
    shape s = {2, 1, 5, reaches[pairs[i][0]], reaches[pairs[i][1]], i * 4 % 32, 20};
    test_shape(series, &s, lengths, COUNT_OF(lengths));
    s.heads = 1;
    if (i < 3) test_shape(series, &s, longest, COUNT_OF(longest));
  }
  /* The longest reaches whose scores are held whole, and the first that are not. */
  for (uint32_t reach = 243; reach <= 256; reach += reach == 246 ? 9 : 1) {
    static const uint32_t one[] = {601};
    shape s = {1, 1, 3, reach, reach, DISTANCE, 300};
    test_shape(series, &s, one, 1);
  }
  shape s = {1, 1, 4, WF_UNLIMITED, WF_UNLIMITED, AGAIN | DENSE | DISTANCE | REGIONS | VALID, 300};
  test_shape(series, &s, lengths, COUNT_OF(lengths));
}

/* Scores whose maximum rises or falls from block to block, far beyond what e^x holds. */
static void test_steep_scores(series *series) {
  for (int sign = -1; sign <= 1; sign += 2) {
    shape s = {1, 1, 3, WF_UNLIMITED, WF_UNLIMITED, DISTANCE, 700};
    example e = make_example(701, &s), *one[] = {&e};
    for (int i = 0; i <= 1400; i++) e.table[i] = (float)(sign * (i - 700)) * 0.5f;
    for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) run(tile, one, 1, tile == 0, 1, 0);
    check_example(series, &e);
    free_example(&e);
  }
}

int main(void) {
  series near = {{.name = "result of short sequences", .limit = 4e-6},
                 {.name = "maps of short sequences", .limit = 4e-6},
                 {.name = "a map's row, its sum less 1", .limit = 1e-6}};
  series far = {{.name = "result of long sequences", .limit = 4e-6},
                {.name = "maps of long sequences", .limit = 4e-6},
                {.name = "a map's row, its sum less 1", .limit = 2e-6}};
  series steep = {{.name = "result of steep scores", .limit = 1e-5},
                  {.name = "maps of steep scores", .limit = 1e-5},
                  {.name = "a map's row, its sum less 1", .limit = 2e-6}};
  test_short(&near);
  test_steps(&near);
  test_long(&far);
  test_steep_scores(&steep);
  series *all[] = {&near, &far, &steep};
  for (size_t i = 0; i < COUNT_OF(all); i++) {
    check_report(&all[i]->context);
    check_report(&all[i]->maps);
    check_report(&all[i]->sums);
  }
  return check_finish();
}
