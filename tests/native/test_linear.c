/* A linear layer in every tile into every sink, against its twin in double precision: packing, blocks of columns, sizes
 * beside the tiles'. All sinks and tiles give the same bits. */
#include "check.h"
#include "heads.h"
#include "layers/layers.h"
#include "reference/reference.h"

static const double unit = 0x1p-24;

typedef struct problem {
  uint32_t rows, inputs, outputs;
  float *x, *weight, *bias;
  double *want, *size;
} problem;

static problem make_problem(uint32_t rows, uint32_t inputs, uint32_t outputs) {
  uint64_t seed = (uint64_t)rows * 7919 + inputs * 104729 + outputs;
  problem p = {.rows = rows, .inputs = inputs, .outputs = outputs};
  p.x = check_randoms(&seed, (size_t)rows * inputs, 1.0f);
  p.weight = check_randoms(&seed, (size_t)outputs * inputs, 2.0f / sqrtf((float)inputs));
  p.bias = check_randoms(&seed, outputs, 1.0f);
  p.want = check_doubles((size_t)rows * outputs);
  p.size = check_doubles((size_t)rows * outputs);
  double *x = check_widened(p.x, (size_t)rows * inputs);
  wf_reference_linear(p.want, p.size, x, p.weight, p.bias, rows, inputs, outputs);
  free(x);
  return p;
}

static void free_problem(problem *p) {
  free(p->x);
  free(p->weight);
  free(p->bias);
  free(p->want);
  free(p->size);
}

/* The layer of a problem in a tile, its rows packed, and room for a stripe. */
typedef struct packed {
  wf_linear linear;
  wf_workspace work;
  float *a;
} packed;

/* Puts the weight in runs of odd lengths; the result must be the twin's. */
static packed pack(const problem *p, const wf_tile *tile) {
  packed k = {.linear = wf_linear_make(tile, p->inputs, p->outputs, 0, WF_F32), .work = {.tile = tile}};
  size_t count = wf_linear_floats(&k.linear, tile);
  float *want = check_floats(count);
  k.linear.panels = check_floats(count);
  memset(k.linear.panels, 0, count * sizeof(float));
  for (uint32_t j = 0; j < p->outputs; j++) {
    wf_linear_put_bias(&k.linear, tile, j, p->bias[j]);
    for (uint32_t first = 0, n; first < p->inputs; first += n) {
      n = first + j % 5 + 1 > p->inputs ? p->inputs - first : j % 5 + 1;
      wf_linear_put(&k.linear, tile, j, first, p->weight + (size_t)j * p->inputs + first, n);
    }
  }
  wf_reference_pack_weight(want, p->weight, p->bias, p->outputs, p->inputs, tile->columns);
  CHECK(check_same(k.linear.panels, want, count), "packed weight %u x %u for %u columns", p->outputs,
        p->inputs, tile->columns);
  free(want);
  k.work.stripe = check_floats(WF_STRIPE_FLOATS);
  k.a = check_floats((size_t)panels_of(p->rows, tile->rows) * tile->rows * p->inputs);
  wf_reference_pack_rows(k.a, p->x, p->rows, p->inputs, tile->rows);
  return k;
}

/* The whole product into a sink, all units at once. */
static void multiply(const packed *k, const wf_sink *sink, uint32_t rows) {
  wf_linear_forward(&k->work, sink, k->a, &k->linear, rows, 0,
                    wf_linear_units(&k->linear, k->work.tile, rows));
}

static void free_packed(packed *k) {
  free(k->linear.panels);
  free(k->work.stripe);
  free(k->a);
}

/* One activation into rows; returns them. Into panels the bits must be the same. */
static float *into_rows_and_panels(const problem *p, const packed *k, wf_activation activation) {
  const wf_tile *tile = k->work.tile;
  uint32_t padded = panels_of(p->rows, tile->rows) * tile->rows;
  float *rows = check_floats((size_t)p->rows * p->outputs),
        *panels = check_floats((size_t)padded * p->outputs);
  wf_sink sinks[2] = {wf_sink_rows(rows, p->outputs, activation),
                      wf_sink_panels(&k->work, panels, p->outputs, activation)};
  for (int i = 0; i < 2; i++) multiply(k, &sinks[i], p->rows);
  int same = 1;
  for (uint32_t r = 0; r < p->rows; r++) {
    for (uint32_t j = 0; j < p->outputs; j++) {
      same &= check_same(&rows[(size_t)r * p->outputs + j], &panels[panel_index(tile, r, j, p->outputs)], 1);
    }
  }
  CHECK(same, "panels differ from rows: %u x %u x %u, %u rows in a tile", p->rows, p->inputs, p->outputs,
        tile->rows);
  free(panels);
  return rows;
}

static void check_values(check_worst *worst, const problem *p, const float *got, wf_activation activation) {
  for (size_t i = 0; i < (size_t)p->rows * p->outputs; i++) {
    double want = wf_reference_activate(p->want[i], activation);
    double limit =
        1.2 * (p->inputs + 1.0) * unit * p->size[i] + (activation ? 4e-7 * fmax(1.0, fabs(want)) : 0.0);
    CHECK_ERROR(worst, fabs((double)got[i] - want) / limit, "%u x %u x %u activation %d", p->rows, p->inputs,
                p->outputs, activation);
  }
}

/* A residual: the sum must be that of the stored product, rounded once more. */
static void check_added(const problem *p, const packed *k, const float *product) {
  size_t count = (size_t)p->rows * p->outputs;
  uint64_t seed = 77;
  float *got = check_randoms(&seed, count, 1.0f), *want = check_floats(count);
  for (size_t i = 0; i < count; i++) want[i] = got[i] + product[i];
  wf_sink sink = wf_sink_add(got, p->outputs);
  multiply(k, &sink, p->rows);
  CHECK(check_same(got, want, count), "added: %u x %u x %u, tile %u x %u", p->rows, p->inputs, p->outputs,
        k->work.tile->rows, k->work.tile->columns);
  free(got);
  free(want);
}

/* Units one by one, the last first, into rows: the same bits as all at once. */
static void check_units(const problem *p, const packed *k, const float *product) {
  size_t count = (size_t)p->rows * p->outputs;
  float *got = check_floats(count);
  wf_sink sink = wf_sink_rows(got, p->outputs, WF_IDENTITY);
  for (uint32_t i = wf_linear_units(&k->linear, k->work.tile, p->rows); i-- > 0;)
    wf_linear_forward(&k->work, &sink, k->a, &k->linear, p->rows, i, i + 1);
  CHECK(check_same(got, product, count), "units: %u x %u x %u, %u rows in a tile", p->rows, p->inputs,
        p->outputs, k->work.tile->rows);
  free(got);
}

static void check_layer(check_worst *worst, uint32_t rows, uint32_t inputs, uint32_t outputs) {
  problem p = make_problem(rows, inputs, outputs);
  float *first[WF_ACTIVATION_COUNT] = {0};
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    packed k = pack(&p, wf_tile_get(tile));
    for (int activation = 0; activation < WF_ACTIVATION_COUNT; activation++) {
      if (activation > WF_GELU && rows * inputs * outputs > 100000) continue;
      float *got = into_rows_and_panels(&p, &k, (wf_activation)activation);
      if (activation == WF_IDENTITY) check_added(&p, &k, got);
      if (activation == WF_IDENTITY) check_units(&p, &k, got);
      if (tile == 0) check_values(worst, &p, got, (wf_activation)activation);
      if (tile == 0) first[activation] = got;
      CHECK(check_same(got, first[activation], (size_t)rows * outputs), "other bits: tile %u, %u x %u x %u",
            tile, rows, inputs, outputs);
      if (tile > 0) free(got);
    }
    free_packed(&k);
  }
  for (int activation = 0; activation < WF_ACTIVATION_COUNT; activation++) free(first[activation]);
  free_problem(&p);
}

/* Every query, key and value lies where the drawing says, with the bits of the same product stored in rows. */
static void check_heads(uint32_t tile, uint32_t heads, uint32_t key_heads, uint32_t width, uint32_t inputs) {
  static const uint32_t lengths[] = {1, 2, 5, 6, 7, 8, 9, 13, 3, 12};
  enum { COUNT = sizeof lengths / sizeof *lengths };
  block b = make_block(wf_tile_get(tile), heads, key_heads, width, lengths, lengths, COUNT);
  uint32_t queries = heads * width, keys = key_heads * width, all = queries + 2 * keys;
  problem p = make_problem(b.rows, inputs, all);
  packed k = pack(&p, b.tile);
  float *rows = check_floats((size_t)b.rows * all);
  wf_sink sinks[2] = {wf_sink_rows(rows, all, WF_IDENTITY), wf_sink_heads(&k.work, &b.heads, 1.0f)};
  for (int i = 0; i < 2; i++) multiply(&k, &sinks[i], b.rows);
  for (uint32_t r = 0; r < b.rows; r++) {
    uint32_t s = b.sequence_of_row[r], t = r - b.sequences[s].row;
    const float *row = rows + (size_t)r * all;
    int same = 1;
    for (uint32_t h = 0; h < heads; h++) {
      same &= *query_at(&b, s, h, t, -1) == 0.0f;
      for (uint32_t c = 0; c < width; c++) {
        same &= check_same(query_at(&b, s, h, t, (int)c), &row[h * width + c], 1);
        if (h >= key_heads) continue;
        same &= check_same(key_at(&b, s, h, t, c), &row[queries + h * width + c], 1);
        same &= check_same(value_at(&b, s, h, t, c), &row[queries + keys + h * width + c], 1);
      }
    }
    CHECK(same, "heads: tile %u, %u and %u heads of %u, token %u of sequence %u", tile, heads, key_heads,
          width, t, s);
  }
  free(rows);
  free_packed(&k);
  free_problem(&p);
  free_block(&b);
}

/* Rows and residuals go where a map says, and nowhere for WF_NO_ROW. */
static void check_map(uint32_t tile, uint32_t rows) {
  problem p = make_problem(rows, 19, 23);
  packed k = pack(&p, wf_tile_get(tile));
  float *plain = check_floats((size_t)rows * 23), *got = check_floats((size_t)2 * rows * 23);
  uint32_t *map = check_alloc(rows * sizeof(uint32_t));
  for (uint32_t r = 0; r < rows; r++) map[r] = r % 3 == 1 ? WF_NO_ROW : 2 * (rows - 1 - r);
  wf_sink sinks[3] = {wf_sink_rows(plain, 23, WF_GELU), wf_sink_rows(got, 23, WF_GELU), wf_sink_add(got, 23)};
  sinks[1].map = sinks[2].map = map;
  multiply(&k, &sinks[0], rows);
  multiply(&k, &sinks[1], rows);
  for (uint32_t row = 0; row < 2 * rows; row++) {
    uint32_t from = rows - 1 - row / 2;
    const float *line = got + (size_t)row * 23;
    if (row % 2 || from % 3 == 1)
      CHECK(isnan(line[0]) && isnan(line[22]), "wrote row %u, tile %u", row, tile);
    else
      CHECK(check_same(line, plain + (size_t)from * 23, 23), "row %u of %u, tile %u", row, rows, tile);
  }
  memset(got, 0, (size_t)2 * rows * 23 * sizeof(float));
  sinks[0] = wf_sink_rows(plain, 23, WF_IDENTITY);
  multiply(&k, &sinks[0], rows);
  multiply(&k, &sinks[2], rows);
  for (uint32_t row = 0; row < 2 * rows; row++) {
    uint32_t from = rows - 1 - row / 2;
    int none = row % 2 || from % 3 == 1;
    for (uint32_t j = 0; j < 23; j++) {
      CHECK(got[(size_t)row * 23 + j] == (none ? 0.0f : plain[(size_t)from * 23 + j]), "added row %u", row);
    }
  }
  free(plain);
  free(got);
  free(map);
  free_packed(&k);
  free_problem(&p);
}

int main(void) {
  static const uint32_t small[] = {1, 2, 5, 6, 7, 8, 9, 11, 12, 13};
  enum { SMALL = sizeof small / sizeof *small };
  check_worst worst = {.name = "linear with activation, of its rounding", .limit = 1.0};
  for (int r = 0; r < SMALL; r++) {
    for (int n = 0; n < SMALL; n++) {
      check_layer(&worst, small[r], 1, small[n]);
      check_layer(&worst, small[r], 17, small[n]);
    }
  }
  /* One stripe of WF_STRIPE_PANELS panels and beyond; blocks of few panels; a block of one. */
  check_layer(&worst, 13, 31, 257);
  check_layer(&worst, 7, 64, 401);
  check_layer(&worst, 11, 383, 293);
  check_layer(&worst, 3, 2003, 131);
  check_layer(&worst, 7, 13001, 29);
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    check_heads(tile, 1, 1, 1, 3);
    check_heads(tile, 3, 3, 5, 8);
    check_heads(tile, 2, 2, 32, 7);
    check_heads(tile, 5, 5, 33, 11);
    check_heads(tile, 12, 12, 16, 5);
    check_heads(tile, 3, 1, 5, 8);
    check_heads(tile, 4, 2, 16, 3);
    check_heads(tile, 6, 2, 33, 5);
    for (uint32_t rows = 1; rows <= 13; rows++) check_map(tile, rows);
  }
  check_report(&worst);
  return check_finish();
}
