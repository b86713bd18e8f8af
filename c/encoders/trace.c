/* What can be seen of a forward besides its states: values that the stem and the stages of a layer append to the caller's
 * memory as they make them. A product that goes straight into what follows is made once more for the trace, by the same
 * kernels from the same operands: the same bits, and nothing that the forward reads is changed. */
#include "encoder.h"

/* Room for the next `count` values of the trace; NULL if the block at hand has none. */
static float *take(wf_encoder *e, size_t count) {
  wf_scratch *s = &e->scratch;
  if (!s->trace || s->count != 1 || s->rows > WF_TRACED_TOKENS) return NULL;
  float *place = s->trace;
  s->trace += count;
  return place;
}

void wf_trace(wf_encoder *e, const float *values, size_t count) {
  float *to = take(e, count);
  for (size_t i = 0; to && i < count; i++) to[i] = values ? values[i] : 0.0f;
}

void wf_trace_panels(wf_encoder *e, const float *panels, uint32_t rows, uint32_t width) {
  const uint32_t mr = e->scratch.work->tile->rows;
  float *to = take(e, (size_t)rows * width);
  for (uint32_t r = 0; to && r < rows; r++) {
    for (uint32_t i = 0; i < width; i++)
      *to++ = panels[(size_t)(r / mr) * mr * width + (size_t)i * mr + r % mr];
  }
}

static void trace_rows(wf_encoder *e, const float *x) {
  wf_trace(e, x, (size_t)e->scratch.rows * wf_layer_of(e)->kind->width);
}

/* ---- Products */

/* A sink that lays columns out as planes of `width`, [planes][T][width]: heads, or with pairs of panels the two halves of
 * a gated product. */
typedef struct planes {
  wf_sink sink;
  uint32_t rows, width, pair; /* pair: columns of a panel; 0 without pairs */
} planes;

static void take_planes(const wf_sink *sink, const wf_stripe *stripe) {
  const planes *p = (const planes *)sink;
  for (uint32_t c = stripe->column; c < stripe->column + stripe->columns; c++) {
    uint32_t plane = p->pair ? c / p->pair % 2 : c / p->width;
    uint32_t at = p->pair ? c / (2 * p->pair) * p->pair + c % p->pair : c % p->width;
    if (at >= p->width) continue; /* what fills a gated layer's last pair */
    for (uint32_t r = 0; r < stripe->rows; r++)
      sink->out[((size_t)plane * p->rows + stripe->row + r) * p->width + at] =
          stripe->values[(size_t)r * stripe->stride + c - stripe->column];
  }
}

/* Traces the product of rows, packed in `a`, as planes of a width. */
static void trace_product(wf_encoder *e, const float *a, const wf_linear *linear, uint32_t width) {
  const wf_workspace *work = e->scratch.work;
  uint32_t rows = e->scratch.group.rows, outputs = linear->gated ? 2 * linear->gated : linear->outputs;
  planes p = {.sink = {.take = take_planes, .out = take(e, (size_t)rows * outputs)},
              .rows = rows,
              .width = width,
              .pair = linear->gated ? wf_linear_columns(linear, work->tile) : 0};
  if (p.sink.out)
    wf_linear_forward(work, &p.sink, a, linear, rows, 0, wf_linear_units(linear, work->tile, rows));
}

/* ---- Heads */

/* Traces packed queries [H][T][W] and keys [KH][T][W]. */
static void trace_heads(wf_encoder *e) {
  const wf_heads *h = &e->scratch.heads;
  const wf_tile *tile = e->scratch.work->tile;
  const uint32_t width = h->width, length = e->scratch.rows;
  float *to = take(e, (size_t)(h->heads + h->key_heads) * length * width);
  for (uint32_t i = 0; to && i < h->heads + h->key_heads; i++) {
    const int asks = i < h->heads;
    const uint32_t step = asks ? tile->columns : tile->rows, lines = width + (asks ? 1 : 0);
    const float *head = asks ? wf_head_queries(h, tile, h->sequences, i) + step
                             : wf_head_keys(h, tile, h->memory, i - h->heads);
    for (uint32_t t = 0; t < length; t++) {
      for (uint32_t c = 0; c < width; c++) *to++ = head[((size_t)(t / step) * lines + c) * step + t % step];
    }
  }
}

/* Queries, keys and values as their product gives them, then as norms and as rotation leave them. Queries without the
 * scale of scores: what attention reads, with it, is made anew at the end. */
static void trace_projected(wf_encoder *e) {
  const wf_layer *layer = wf_layer_of(e);
  const wf_linear *qkv = &layer->weights->qkv;
  wf_scratch *s = &e->scratch;
  const uint32_t units = layer->kind->heads;
  wf_turn turn = layer->turns ? wf_turn_of(e) : (wf_turn){0}, norm = turn;
  trace_product(e, s->packed, qkv, layer->kind->head_width);
  if (!layer->turns) return;
  wf_sink sink = wf_sink_heads(s->work, &s->heads, 1.0f);
  wf_multiply(s, &sink, qkv, s->group.rows);
  norm.rotary = 0;
  norm.query_scale = turn.query_scale = 1.0f;
  turn.norm = WF_COLUMN_NONE;
  if (norm.norm) {
    wf_turn_heads(s->work, &s->heads, &norm, 0, units);
    trace_heads(e);
  }
  if (turn.rotary) {
    wf_turn_heads(s->work, &s->heads, &turn, 0, units);
    trace_heads(e);
  }
  sink.query_scale = wf_query_scale(layer->kind);
  wf_multiply(s, &sink, qkv, s->group.rows);
}

/* A score step that copies scores as they come, and what another step adds to them. */
typedef struct copying {
  wf_score_step step;
  const wf_score_step *bias; /* or NULL */
  float *scores, *biases;    /* [H][T][T] */
} copying;

static void copy_panel(float *map, const wf_scores *s) {
  const uint32_t nr = s->work->tile->columns, length = s->heads->sequences->length;
  for (uint32_t q = s->first_query; q < s->first_query + nr && q < length; q++) {
    float *row = map + ((size_t)s->head * length + q) * length + s->first_key;
    for (uint32_t j = 0; j < s->count; j++) row[j] = s->values[(size_t)j * nr + q - s->first_query];
  }
}

static void copy_scores(const wf_score_step *step, const wf_scores *s) {
  const copying *c = (const copying *)step;
  copy_panel(c->scores, s);
  if (!c->bias) return;
  for (uint32_t i = 0; i < s->count * s->work->tile->columns; i++) s->values[i] = 0.0f;
  c->bias->apply(c->bias, s);
  copy_panel(c->biases, s);
}

/* Scores of all pairs, also of those beyond a reach, by a walk whose result the forward's own then overwrites. */
static void trace_scores(wf_encoder *e) {
  const wf_kind_description *kind = wf_layer_of(e)->kind;
  wf_scratch *s = &e->scratch;
  const size_t size = (size_t)kind->heads * s->rows * s->rows;
  float *to = take(e, kind->bias ? 2 * size : size);
  copying c = {.step = {.apply = copy_scores}, .scores = to};
  wf_heads heads = s->heads;
  if (!to) return;
  if (kind->bias) {
    c.bias = s->steps;
    c.biases = to + size;
  }
  heads.left = heads.right = WF_UNLIMITED;
  heads.steps = &c.step;
  heads.step_count = 1;
  wf_attention(s->work, s->packed, &heads, 0, wf_attention_units(&heads, 1), NULL);
}

/* ---- Stages */

static void trace_attention(wf_encoder *e, uint32_t stage) {
  const wf_layer *layer = wf_layer_of(e);
  const wf_layer_weights *w = layer->weights;
  const wf_kind_description *k = layer->kind;
  const wf_scratch *s = &e->scratch;
  if (stage == PACK_ATTENTION && w->norms[BEFORE_ATTENTION].width)
    wf_trace_panels(e, s->packed, s->rows, k->width);
  if (stage == PROJECT) trace_projected(e);
  if (stage == TURN) trace_scores(e);
  if (stage == ATTEND) wf_trace_panels(e, s->packed, s->rows, k->heads * k->head_width);
  if (stage == PUT_OUT) trace_product(e, s->packed, &w->out, k->width);
  if (stage == ADD_ATTENTION && w->norms[INSIDE_ATTENTION].width) trace_rows(e, s->branch);
  if (stage == ADD_ATTENTION || (stage == NORM_ATTENTION && w->norms[AFTER_ATTENTION].width))
    trace_rows(e, s->x);
}

static void trace_feed_forward(wf_encoder *e, uint32_t stage) {
  const wf_layer *layer = wf_layer_of(e);
  const wf_layer_weights *w = layer->weights;
  const wf_kind_description *k = layer->kind;
  const wf_scratch *s = &e->scratch;
  if (stage == PACK_FF && w->norms[BEFORE_FF].width) wf_trace_panels(e, s->packed, s->rows, k->width);
  if (stage == PUT_UP) trace_product(e, s->packed, &w->up, k->inner);
  if (stage == PUT_UP) wf_trace_panels(e, s->hidden, s->rows, k->inner);
  if (stage == PUT_DOWN) trace_product(e, s->hidden, &w->down, k->width);
  if (stage == ADD_FF && w->norms[INSIDE_FF].width) trace_rows(e, s->branch);
  if (stage == ADD_FF || (stage == NORM_FF && w->norms[AFTER_FF].width)) trace_rows(e, s->x);
}

void wf_trace_stage(wf_encoder *e) {
  if (e->scratch.at.part == 0) trace_attention(e, e->scratch.at.stage);
  if (e->scratch.at.part == 1) trace_feed_forward(e, e->scratch.at.stage);
}

/* ---- The caller's side */

uint32_t wf_encoder_trace(float *out, wf_encoder *encoder) {
  const wf_encoder_description *d = &encoder->description;
  WF_TRY(wf_ready(encoder));
  encoder->scratch.trace = NULL;
  if (wf_is_windowed(d) || d->stem == WF_STEM_FRAMES || d->stem == WF_STEM_ATTENTION)
    return WF_ERROR_UNSUPPORTED;
  encoder->scratch.trace = out;
  return WF_OK;
}

/* Rows and columns of a value of the stem; no columns if there is none. */
static void stem_shape(uint32_t shape[3], const wf_encoder_description *d, wf_traced value) {
  const int patches = d->stem == WF_STEM_PATCHES, tables = d->stem == WF_STEM_TOKENS;
  const uint32_t tokens = shape[1];
  if (value == WF_TRACED_WORD) shape[2] = tables ? d->table_width : 0;
  if (value == WF_TRACED_TYPE) shape[2] = d->types ? d->table_width : 0;
  if (value == WF_TRACED_PATCH || value == WF_TRACED_PREFIX) {
    shape[1] = value == WF_TRACED_PREFIX ? d->prefix : tokens - d->prefix;
    shape[2] = patches && shape[1] ? d->width : 0;
  }
  if (value == WF_TRACED_POSITION) shape[2] = d->positions ? d->table_width : 0;
  if (value == WF_TRACED_SUM) shape[2] = tables ? d->table_width : d->width;
  if (value == WF_TRACED_EMBEDDING_NORM) shape[2] = d->embedding_norm == 1 ? d->table_width : 0;
  if (value == WF_TRACED_PROJECTED) shape[2] = d->projection ? d->width : 0;
  if (value == WF_TRACED_PROJECTED_NORM) shape[2] = d->embedding_norm == 3 ? d->width : 0;
}

static void layer_shape(uint32_t shape[3], const wf_kind_description *k, wf_traced value) {
  /* The bit of the norm that a value leaves. */
  static const uint8_t norms[] = {[WF_TRACED_BEFORE_ATTENTION] = WF_BEFORE_ATTENTION,
                                  [WF_TRACED_INSIDE_ATTENTION] = WF_INSIDE_ATTENTION,
                                  [WF_TRACED_AFTER_ATTENTION] = WF_AFTER_ATTENTION,
                                  [WF_TRACED_BEFORE_FEED_FORWARD] = WF_BEFORE_FEED_FORWARD,
                                  [WF_TRACED_INSIDE_FEED_FORWARD] = WF_INSIDE_FEED_FORWARD,
                                  [WF_TRACED_AFTER_FEED_FORWARD] = WF_AFTER_FEED_FORWARD};
  const int normed = value == WF_TRACED_QUERY_NORMED || value == WF_TRACED_KEY_NORMED;
  const int rotated = value == WF_TRACED_QUERY_ROTATED || value == WF_TRACED_KEY_ROTATED;
  shape[2] = norms[value] && !(k->norms & norms[value]) ? 0 : k->width;
  if (value >= WF_TRACED_QUERY && value <= WF_TRACED_KEY_ROTATED) {
    const int asks =
        value == WF_TRACED_QUERY || value == WF_TRACED_QUERY_NORMED || value == WF_TRACED_QUERY_ROTATED;
    shape[0] = asks ? k->heads : k->key_heads;
    shape[2] = (normed && !k->head_norm) || (rotated && !k->rotary) ? 0 : k->head_width;
  }
  if (value == WF_TRACED_SCORES || value == WF_TRACED_BIAS) {
    shape[0] = k->heads;
    shape[2] = value == WF_TRACED_BIAS && !k->bias ? 0 : shape[1];
  }
  if (value == WF_TRACED_CONTEXT) shape[2] = k->heads * k->head_width;
  if (value >= WF_TRACED_INTERMEDIATE && value <= WF_TRACED_ACTIVATED)
    shape[2] = value == WF_TRACED_UP && !k->gated ? 0 : k->inner;
}

uint32_t wf_encoder_trace_shape(uint32_t shape[3], const wf_encoder *encoder, uint32_t value, uint32_t layer,
                                uint32_t tokens) {
  const wf_encoder_description *d = &encoder->description;
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  if (value > WF_TRACED_AFTER_FEED_FORWARD) return WF_ERROR_ARGUMENT;
  if (tokens == 0 || tokens > WF_TRACED_TOKENS || tokens < d->prefix) return WF_ERROR_SHAPE;
  const int stem = value < WF_TRACED_BEFORE_ATTENTION;
  if (!stem && layer >= d->layers) return WF_ERROR_ARGUMENT;
  shape[0] = 1;
  shape[1] = tokens;
  shape[2] = 0;
  if (stem)
    stem_shape(shape, d, (wf_traced)value);
  else
    layer_shape(shape, &d->kind[d->layer_kind[layer]], (wf_traced)value);
  if (shape[2] == 0) shape[0] = shape[1] = 0;
  return WF_OK;
}
