/* What follows from the weights and is made once, when all are put: biases in the form in which attention adds them, relative
 * positions as the layers project them, and angles. */
#include "../encodings/buckets.h"
#include "../encodings/trig.h"
#include "encoder.h"

/* The row of a window's table for query q and key j, [2 side - 1][2 side - 1] over differences of rows and columns. */
static uint32_t offset_of(uint32_t q, uint32_t j, uint32_t side) {
  return (q / side + side - 1 - j / side) * (2 * side - 1) + (q % side + side - 1 - j % side);
}

/* A coordinate of an offset as SwinV2's network reads it, rounded where PyTorch rounds it. */
static float offset_coordinate(int64_t offset, const wf_kind_description *k) {
  uint32_t side = k->bias_reach ? k->bias_reach : k->window;
  float x = (float)offset;
  if (side > 1) x /= (float)(side - 1);
  x *= 8.0f;
  float size = (float)(wf_log((double)((x < 0.0f ? -x : x) + 1.0f)) / 0.6931471805599453) / 3.0f;
  return x < 0.0f ? -size : size;
}

/* A layer's table of offsets from its network: 16 sigmoid(out relu(hidden [y, x] + bias)). */
static void derive_offsets(const wf_layer_weights *w, const wf_kind_description *k) {
  int64_t most = (int64_t)k->window - 1;
  float *out = w->window_table.values;
  for (int64_t y = -most; y <= most; y++) {
    for (int64_t x = -most; x <= most; x++, out += k->heads) {
      const float down = offset_coordinate(y, k), across = offset_coordinate(x, k);
      for (uint32_t h = 0; h < k->heads; h++) {
        const float *row = w->offset_out.values + (size_t)h * k->bias_buckets;
        double sum = 0.0;
        for (uint32_t i = 0; i < k->bias_buckets; i++) {
          const float *from = w->offset_hidden.values + (size_t)2 * i;
          float inside = from[0] * down + from[1] * across + w->offset_bias.values[i];
          if (inside > 0.0f) sum += (double)(inside * row[i]);
        }
        out[h] = (float)(16.0 / (1.0 + wf_exp64(-sum)));
      }
    }
  }
}

static void derive_head_scales(const wf_layer_weights *w, const wf_kind_description *k) {
  const double most = 4.605170185988092; /* ln 100 */
  for (uint32_t h = 0; h < k->heads; h++) {
    double x = (double)w->logit_scale.values[h];
    w->head_scales[h] = (float)wf_exp64(x < most ? x : most);
  }
}

/* A layer's relative position bias in the panels that attention adds: [H][ceil(N / NR)][N][NR]. */
static void derive_window_bias(const wf_layer_weights *w, const wf_kind_description *kind,
                               const wf_tile *tile) {
  uint32_t side = kind->window, tokens = side * side, heads = kind->heads;
  float *out = w->window_bias;
  for (uint32_t h = 0; h < heads; h++) {
    for (uint32_t t = 0; t < tokens; t += tile->columns) {
      for (uint32_t j = 0; j < tokens; j++) {
        for (uint32_t q = t; q < t + tile->columns; q++)
          *out++ = q < tokens ? w->window_table.values[(size_t)offset_of(q, j, side) * heads + h] : 0.0f;
      }
    }
  }
}

/* A table of buckets spread over distances query - key from -reach to reach: [H][2 reach + 1]. */
static void derive_distance_bias(const wf_layer_weights *w, const wf_kind_description *kind) {
  wf_t5_rule rule;
  const int64_t reach = kind->bias_reach;
  float *out = w->distance_bias;
  /* WavLM's gated biases fall into buckets by its own order of operations. */
  wf_t5_rule_make(&rule, kind->bias_buckets, kind->bias_reach,
                  WF_BUCKETS_BIDIRECTIONAL | (kind->bias_gated ? WF_BUCKETS_ROUND_SUM : 0));
  for (uint32_t h = 0; h < kind->heads; h++) {
    for (int64_t d = -reach; d <= reach; d++)
      *out++ = w->distance_table.values[(size_t)wf_t5_bucket(&rule, -d) * kind->heads + h];
  }
}

/* The row of the table of relative positions for a distance query - key. */
static uint32_t relative_row(const wf_kind_description *kind, uint32_t span, int64_t distance) {
  int64_t row = span + (kind->bias_buckets ? wf_deberta_bucket(distance, kind->bias_buckets, kind->bias_reach)
                                           : distance);
  return row < 0 ? 0 : row >= 2 * (int64_t)span ? 2 * span - 1 : (uint32_t)row;
}

/* A sink that spreads projected rows of the table over the distances of a layer: out is [H W][columns], a line a channel. */
typedef struct spread {
  wf_sink sink;
  const wf_kind_description *kind;
  uint32_t span, reach;
  uint32_t base;       /* the row of the table that the product's first row is */
  uint32_t first, end; /* columns of the product that are wanted */
  float scale;
} spread;

/* The first entry of a line whose row of the table is `row` or behind it: rows ascend with the distance. */
static size_t entry_of(const spread *s, uint32_t row) {
  size_t low = 0, high = wf_relative_columns(s->reach);
  while (low < high) {
    size_t middle = (low + high) / 2;
    int64_t distance = (int64_t)middle - WF_RELATIVE_MARGIN - s->reach;
    if (relative_row(s->kind, s->span, distance) < row)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void take_spread(const wf_sink *sink, const wf_stripe *stripe) {
  const spread *s = (const spread *)sink;
  const size_t length = wf_relative_columns(s->reach);
  for (uint32_t r = 0; r < stripe->rows; r++) {
    size_t from = entry_of(s, s->base + stripe->row + r), to = entry_of(s, s->base + stripe->row + r + 1);
    for (uint32_t c = 0; c < stripe->columns; c++) {
      if (stripe->column + c < s->first || stripe->column + c >= s->end) continue;
      float *line = sink->out + (stripe->column + c - s->first) * length;
      for (size_t i = from; i < to; i++) line[i] = stripe->values[(size_t)r * stripe->stride + c] * s->scale;
    }
  }
}

/* Projects the table by `count` outputs of a linear layer, from the first on, times a scale. */
static void project_relative(wf_encoder *e, float *out, const wf_layer *layer, const wf_linear *linear,
                             uint32_t first, uint32_t count, float scale) {
  const wf_table *table = &e->weights.relative;
  const wf_workspace *work = e->scratch.work;
  spread s = {.sink = wf_sink_rows(out, 0, WF_IDENTITY),
              .kind = layer->kind,
              .span = table->rows / 2,
              .reach = layer->weights->relative.reach,
              .first = first,
              .end = first + count,
              .scale = scale};
  uint32_t most = e->scratch.max_rows < WF_ROWS_AT_A_TIME ? e->scratch.max_rows : WF_ROWS_AT_A_TIME, rows;
  s.sink.take = take_spread;
  for (s.base = 0; s.base < table->rows; s.base += rows) {
    rows = table->rows - s.base < most ? table->rows - s.base : most;
    wf_pack(work, e->scratch.packed, table->values + (size_t)s.base * table->columns,
            &e->weights.relative_norm, NULL, linear, rows, 0, wf_row_panels(work->tile, rows));
    wf_multiply(&e->scratch, &s.sink, linear, rows);
  }
}

static void derive_relative(wf_encoder *e, const wf_layer *layer) {
  const wf_layer_weights *w = layer->weights;
  const uint32_t all = layer->kind->heads * layer->kind->head_width;
  const int shared = layer->kind->bias_terms & WF_TERM_SHARED;
  if (w->relative.keys)
    project_relative(e, w->relative.keys, layer, shared ? &w->qkv : &w->position_key, shared ? all : 0, all,
                     1.0f);
  if (w->relative.queries)
    project_relative(e, w->relative.queries, layer, shared ? &w->qkv : &w->position_query, 0, all,
                     layer->kind->score_scale);
}

void wf_derive_angles(wf_encoder *e) {
  for (uint32_t i = 0; i < WF_MAX_ROTARIES; i++) {
    const wf_rotary_description *r = &e->description.rotary[i];
    const wf_angles *a = &e->scratch.angles[i];
    const double rate = r->base > 0.0f ? -wf_log((double)r->base) / r->pairs : 0.0;
    for (uint32_t k = 0; a->positions && !r->map && k < r->pairs; k++) {
      const float frequency = e->weights.rotary[i].values[k];
      const double exact = wf_exp64(rate * k);
      for (size_t p = 0; p < a->positions; p++) {
        double sine, cosine;
        wf_sincos(&sine, &cosine, r->base > 0.0f ? (double)p * exact : (double)((float)p * frequency));
        a->cosines[k * (size_t)a->positions + p] = (float)cosine * r->gain;
        a->sines[k * (size_t)a->positions + p] = (float)sine * r->gain;
      }
    }
  }
}

/* One value of a table [rows][columns][heads] at a place between its entries, as F.interpolate has it (bilinear,
 * align_corners=False). */
static float between(const float *table, uint32_t rows, uint32_t columns, uint32_t heads, float y, float x) {
  uint32_t y0 = (uint32_t)y, x0 = (uint32_t)x, y1 = y0 + 1 < rows ? y0 + 1 : y0,
           x1 = x0 + 1 < columns ? x0 + 1 : x0;
  float down = y - (float)y0, across = x - (float)x0;
  const float *upper = table + (size_t)y0 * columns * heads, *lower = table + (size_t)y1 * columns * heads;
  float a = (1.0f - across) * upper[(size_t)x0 * heads] + across * upper[(size_t)x1 * heads];
  float b = (1.0f - across) * lower[(size_t)x0 * heads] + across * lower[(size_t)x1 * heads];
  return (1.0f - down) * a + down * b;
}

static float source_of(uint32_t to, uint32_t size, uint32_t from_size) {
  float at = ((float)to + 0.5f) * ((float)from_size / (float)size) - 0.5f;
  return at > 0.0f ? at : 0.0f;
}

/* A table for the map at hand: [H][(2 h - 1) (2 w - 1) + 3]. The reference reads the table's sides in exchange. */
static void derive_dense_table(float *out, const wf_table *table, const wf_kind_description *k,
                               uint32_t height, uint32_t width) {
  uint32_t from_rows = 2 * k->bias_reach - 1, from_columns = 2 * k->bias_buckets - 1;
  uint32_t rows = 2 * height - 1, columns = 2 * width - 1, last = table->rows - 3;
  for (uint32_t h = 0; h < k->heads; h++) {
    for (uint32_t y = 0; y < rows; y++) {
      float from_y = source_of(y, rows, from_rows);
      for (uint32_t x = 0; x < columns; x++) {
        float from_x = source_of(x, columns, from_columns);
        *out++ = between(table->values + h, from_rows, from_columns, k->heads, from_y, from_x);
      }
    }
    for (uint32_t i = 0; i < 3; i++) *out++ = table->values[(size_t)(last + i) * k->heads + h];
  }
}

/* A coordinate of patch `i` of `count`, from -1 to 1, times 2 pi, rounded where PyTorch rounds it. */
static float turn_of(uint32_t i, uint32_t count) {
  return 6.283185307179586f * (2.0f * (((float)i + 0.5f) / (float)count) - 1.0f);
}

/* The angles of a map's patches behind the prefix. */
static void derive_map_angles(wf_encoder *e, uint32_t table) {
  const wf_scratch *s = &e->scratch;
  const wf_rotary_description *r = &e->description.rotary[table];
  const wf_angles *a = &s->angles[table];
  uint32_t prefix = e->description.prefix, tokens = prefix + s->height * s->width;
  for (uint32_t k = 0; k < 2 * r->pairs; k++) {
    float frequency = e->weights.rotary[table].values[k % r->pairs];
    float *cosines = a->cosines + k * (size_t)a->positions, *sines = a->sines + k * (size_t)a->positions;
    for (uint32_t t = 0; t < a->positions; t++) {
      double sine = 0.0, cosine = 1.0;
      uint32_t patch = t - prefix;
      float turn = k < r->pairs ? turn_of(patch / s->width, s->height) : turn_of(patch % s->width, s->width);
      if (t >= prefix && t < tokens) wf_sincos(&sine, &cosine, (double)(turn * frequency));
      cosines[t] = (float)cosine * r->gain;
      sines[t] = (float)sine * r->gain;
    }
  }
}

void wf_derive_map(wf_encoder *e) {
  wf_scratch *s = &e->scratch;
  const wf_encoder_description *d = &e->description;
  if (s->map_height == s->height && s->map_width == s->width) return;
  s->map_height = s->height;
  s->map_width = s->width;
  for (uint32_t i = 0; i < WF_MAX_ROTARIES; i++)
    if (d->rotary[i].map && d->rotary[i].pairs) derive_map_angles(e, i);
  for (uint32_t i = 0; i < d->layers; i++) {
    const wf_layer *layer = &e->weights.layers[i];
    if (layer->kind->bias == WF_BIAS_DENSE && d->layer_bias[i] == i)
      derive_dense_table(s->dense + (size_t)i * s->dense_size, &layer->weights->dense_table, layer->kind,
                         s->height, s->width);
  }
}

/* Weights of the first convolution over rows, v as they were put: gain[k] v / |v|, in place. */
static void derive_weight_norm(const wf_encoder *e) {
  const wf_position_description *p = &e->description.position;
  const uint32_t nr = wf_tile_get(e->description.tile)->columns, outputs = e->description.width / p->groups;
  for (uint32_t k = 0; k < p->kernel; k++) {
    double sum = 0.0;
    for (int scaling = 0; scaling <= 1; scaling++) {
      float scale =
          scaling ? (float)((double)e->weights.position_gain.values[k] / __builtin_sqrt(sum)) : 0.0f;
      for (uint32_t g = 0; g < p->groups; g++) {
        const wf_linear *linear = &e->weights.positional[g];
        for (uint32_t at = 0; at < (outputs + nr - 1) / nr * outputs; at++) {
          size_t line =
              (size_t)(at / outputs) * (1 + linear->inputs) + 1 + (size_t)k * outputs + at % outputs;
          float *values = linear->panels + line * nr;
          for (uint32_t i = 0; i < nr; i++) {
            if (scaling)
              values[i] *= scale;
            else
              sum += (double)values[i] * (double)values[i];
          }
        }
      }
    }
  }
}

uint32_t wf_encoder_derive(wf_encoder *encoder) {
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  const wf_encoder_description *d = &encoder->description;
  if (d->relative_rows && encoder->scratch.max_rows == 0) return WF_ERROR_STATE;
  for (uint32_t i = 0; i < d->layers; i++) {
    const wf_layer *layer = &encoder->weights.layers[i];
    if (d->layer_weights[i] != i) continue;
    if (layer->weights->head_scales) derive_head_scales(layer->weights, layer->kind);
    if (layer->weights->offset_hidden.rows) derive_offsets(layer->weights, layer->kind);
    if (layer->weights->window_bias) derive_window_bias(layer->weights, layer->kind, wf_tile_get(d->tile));
    if (layer->weights->distance_bias) derive_distance_bias(layer->weights, layer->kind);
    if (layer->kind->bias == WF_BIAS_DISENTANGLED) derive_relative(encoder, layer);
  }
  if (d->position.weight_norm && !encoder->weights.derived) derive_weight_norm(encoder);
  for (uint32_t i = 0; i < encoder->weights.position_norm.width; i++)
    encoder->weights.position_norm.weight[i] = 1.0f;
  encoder->weights.derived = 1;
  encoder->scratch.map_height = 0;
  if (encoder->scratch.max_rows) wf_derive_angles(encoder);
  return WF_OK;
}
