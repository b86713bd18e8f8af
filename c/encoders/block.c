/* Attention and the feed-forward network over a group of rows, each as the stages that the papers draw:
 *
 *   x += s * inside(out(softmax(q k^T) v)),  q, k, v = qkv(before(x));  x = after(x)
 *   x += s * inside(down(activation(up(before(x)))));                   x = after(x)
 *
 * Not here: which groups there are in windows (windows.c), when which stage runs (run.c). */
#include "encoder.h"

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

static const wf_tile *tile_of(const wf_encoder *e) { return e->scratch.work->tile; }

/* ---- Units and costs */

static uint32_t row_panels(const wf_encoder *e) { return wf_row_panels(tile_of(e), e->scratch.group.rows); }

static uint32_t panels_if(const wf_encoder *e, uint32_t norm) {
  return wf_layer_of(e)->weights->norms[norm].width ? row_panels(e) : 0;
}
static uint32_t panels_inside_attention(const wf_encoder *e) { return panels_if(e, INSIDE_ATTENTION); }
static uint32_t panels_after_attention(const wf_encoder *e) { return panels_if(e, AFTER_ATTENTION); }
static uint32_t panels_inside_ff(const wf_encoder *e) { return panels_if(e, INSIDE_FF); }
static uint32_t panels_after_ff(const wf_encoder *e) { return panels_if(e, AFTER_FF); }

static uint32_t qkv_units(const wf_encoder *e) {
  return wf_linear_units(&wf_layer_of(e)->weights->qkv, tile_of(e), e->scratch.group.rows);
}
static uint32_t out_units(const wf_encoder *e) {
  return wf_linear_units(&wf_layer_of(e)->weights->out, tile_of(e), e->scratch.group.rows);
}
static uint32_t up_units(const wf_encoder *e) {
  return wf_linear_units(&wf_layer_of(e)->weights->up, tile_of(e), e->scratch.group.rows);
}
static uint32_t down_units(const wf_encoder *e) {
  return wf_linear_units(&wf_layer_of(e)->weights->down, tile_of(e), e->scratch.group.rows);
}
/* Rows become whole numbers by themselves: sinks, norms and traces see float32. */
static uint32_t panels_of_int8(const wf_encoder *e, const wf_linear *reader) {
  return wf_is_int8(reader) ? row_panels(e) : 0;
}
static uint32_t qkv_panels(const wf_encoder *e) { return panels_of_int8(e, &wf_layer_of(e)->weights->qkv); }
static uint32_t out_panels(const wf_encoder *e) { return panels_of_int8(e, &wf_layer_of(e)->weights->out); }
static uint32_t up_panels(const wf_encoder *e) { return panels_of_int8(e, &wf_layer_of(e)->weights->up); }
static uint32_t down_panels(const wf_encoder *e) { return panels_of_int8(e, &wf_layer_of(e)->weights->down); }
static uint32_t attention_units(const wf_encoder *e) {
  return wf_attention_units(&e->scratch.heads, e->scratch.group.sequences);
}

static uint32_t panels_of_gates(const wf_encoder *e) {
  return wf_layer_of(e)->kind->bias_gated ? row_panels(e) : 0;
}

static uint32_t turning_units(const wf_encoder *e) {
  const wf_layer *layer = wf_layer_of(e);
  return layer->turns ? e->scratch.group.sequences * layer->kind->heads : 0;
}

/* A block of columns has about WF_BLOCK_FLOATS weights. */
static uint64_t product_cost(const wf_encoder *e) { return wf_linear_cost(e->scratch.group.rows); }

static uint64_t row_cost(const wf_encoder *e) {
  return (uint64_t)8 * tile_of(e)->rows * wf_layer_of(e)->kind->width;
}

static uint64_t attention_cost(const wf_encoder *e) {
  uint64_t length = e->scratch.group.rows / e->scratch.group.sequences, pairs = length * length;
  if (pairs > WF_UNIT_PAIRS) pairs = WF_UNIT_PAIRS;
  /* Terms of relative positions are no products of panels: they take about three times as long. */
  uint32_t parts = wf_layer_of(e)->kind->bias == WF_BIAS_DISENTANGLED ? 8 : 2;
  return parts * pairs * wf_layer_of(e)->kind->head_width;
}

static uint64_t turning_cost(const wf_encoder *e) {
  uint64_t length = e->scratch.group.rows / e->scratch.group.sequences;
  return 8 * length * wf_layer_of(e)->kind->head_width;
}

/* ---- What both halves share */

static void pack(wf_encoder *e, const wf_workspace *work, uint32_t norm, const wf_linear *reader,
                 uint32_t first, uint32_t end) {
  const wf_row_group *g = &e->scratch.group;
  wf_pack(work, e->scratch.packed, g->x, &wf_layer_of(e)->weights->norms[norm], g->map, reader, g->rows,
          first, end);
}

/* Where a branch's last product goes: it is added to x, scaled if the layer does, or normalised first. */
static wf_sink branch_sink(const wf_encoder *e, uint32_t inside, const wf_table *scale) {
  const wf_row_group *g = &e->scratch.group;
  uint32_t width = wf_layer_of(e)->kind->width;
  if (wf_layer_of(e)->weights->norms[inside].width)
    return wf_sink_rows(e->scratch.branch, width, WF_IDENTITY);
  wf_sink sink = wf_sink_add(g->x, width);
  sink.map = g->map;
  sink.scale = scale->values;
  return sink;
}

static void add_normed(wf_encoder *e, uint32_t norm, const wf_table *scale, uint32_t first, uint32_t end) {
  const wf_row_group *g = &e->scratch.group;
  uint32_t width = wf_layer_of(e)->kind->width, step = tile_of(e)->rows;
  uint32_t from = first * step, to = smaller(end * step, g->rows);
  wf_norm_rows(e->scratch.branch, &wf_layer_of(e)->weights->norms[norm], NULL, from, to);
  for (uint32_t r = from; r < to; r++) {
    uint32_t place = g->map ? g->map[r] : r;
    const float *y = e->scratch.branch + (size_t)r * width;
    float *x = place == WF_NO_ROW ? NULL : g->x + (size_t)place * width;
    for (uint32_t i = 0; x && i < width; i++) x[i] += scale->values ? y[i] * scale->values[i] : y[i];
  }
}

static void norm_after(wf_encoder *e, uint32_t norm, uint32_t first, uint32_t end) {
  const wf_row_group *g = &e->scratch.group;
  uint32_t step = tile_of(e)->rows;
  wf_norm_rows(g->x, &wf_layer_of(e)->weights->norms[norm], g->map, first * step,
               smaller(end * step, g->rows));
}

static void quantise_qkv(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  wf_linear_quantise_rows(&wf_layer_of(e)->weights->qkv, work->tile, e->scratch.packed, first, end);
}
static void quantise_out(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  wf_linear_quantise_rows(&wf_layer_of(e)->weights->out, work->tile, e->scratch.packed, first, end);
}
static void quantise_up(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  wf_linear_quantise_rows(&wf_layer_of(e)->weights->up, work->tile, e->scratch.packed, first, end);
}
static void quantise_down(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  wf_linear_quantise_rows(&wf_layer_of(e)->weights->down, work->tile, e->scratch.hidden, first, end);
}

/* ---- Attention */

static void pack_attention(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  pack(e, work, BEFORE_ATTENTION, &wf_layer_of(e)->weights->qkv, first, end);
}

static void project(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  const wf_linear *qkv = &wf_layer_of(e)->weights->qkv;
  wf_sink sink = wf_sink_heads(work, &e->scratch.heads, wf_query_scale(wf_layer_of(e)->kind));
  wf_linear_forward(work, &sink, e->scratch.packed, qkv, e->scratch.group.rows, first, end);
}

wf_turn wf_turn_of(const wf_encoder *e) {
  wf_turn turn = wf_layer_of(e)->turn;
  const wf_angles *angles = &e->scratch.angles[wf_layer_of(e)->kind->rotary_table];
  if (turn.rotary) {
    turn.cosines = angles->cosines;
    turn.sines = angles->sines;
    turn.positions = angles->positions;
  }
  return turn;
}

static void turn(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  wf_turn turn = wf_turn_of(e);
  wf_turn_heads(work, &e->scratch.heads, &turn, first, end);
}

static void attend(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  float *maps = e->scratch.maps ? e->scratch.maps + e->scratch.at.maps : NULL;
  wf_attention(work, e->scratch.packed, &e->scratch.heads, first, end, maps);
}

static void put_out(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  const wf_linear *out = &wf_layer_of(e)->weights->out;
  wf_sink sink = branch_sink(e, INSIDE_ATTENTION, &wf_layer_of(e)->weights->attention_scale);
  wf_linear_forward(work, &sink, e->scratch.packed, out, e->scratch.group.rows, first, end);
}

static void add_attention(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  (void)work;
  add_normed(e, INSIDE_ATTENTION, &wf_layer_of(e)->weights->attention_scale, first, end);
}

static void norm_attention(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  (void)work;
  norm_after(e, AFTER_ATTENTION, first, end);
}

/* As many whole sequences as fit a group. */
static uint32_t take_sequences(wf_encoder *e, uint32_t first) {
  wf_scratch *s = &e->scratch;
  uint32_t start = 0, row = 0, slot = 0, i = first;
  for (uint32_t before = 0; before < first; before++) start += s->lengths[before];
  for (; i < s->count; i++) {
    uint32_t length = s->lengths[i], padded = wf_padded_length(tile_of(e), length);
    if (padded > s->group_rows - slot) break;
    s->sequences[i - first] = (wf_sequence){.row = row, .length = length, .slot = slot};
    for (uint32_t t = 0; t < length; t++) s->sequence_of_row[row++] = i - first;
    slot += padded;
  }
  s->group = (wf_row_group){
      .x = s->x + (size_t)start * wf_layer_of(e)->kind->width, .rows = row, .sequences = i - first};
  return i - first;
}

static uint32_t take_attention(wf_encoder *e, uint32_t first) {
  const wf_layer *layer = wf_layer_of(e);
  const wf_kind_description *kind = layer->kind;
  wf_heads *heads = &e->scratch.heads;
  heads->heads = kind->heads;
  heads->key_heads = kind->key_heads;
  heads->width = kind->head_width;
  heads->left = kind->left;
  heads->right = kind->right;
  heads->step_count = layer->step_count;
  for (uint32_t i = 0; i < layer->step_count; i++) e->scratch.steps[i] = layer->steps[i];
  if (kind->bias_gated)
    e->scratch.steps[0] = wf_step_gated_distance(layer->steps[0].values, kind->bias_reach, e->scratch.gates);
  if (kind->bias == WF_BIAS_DENSE) {
    size_t table = (size_t)e->description.layer_bias[e->scratch.at.layer] * e->scratch.dense_size;
    e->scratch.steps[heads->step_count++] =
        wf_step_dense(e->scratch.dense + table, e->scratch.height, e->scratch.width);
  }
  if (e->scratch.mask.values) e->scratch.steps[heads->step_count++] = wf_step_mask(&e->scratch.mask, first);
  return kind->window ? wf_take_windows(e, first) : take_sequences(e, first);
}

static const wf_stage attention_stages[] = {
    [PACK_ATTENTION] = {row_panels, pack_attention, row_cost},
    [QUANTISE_QKV] = {qkv_panels, quantise_qkv, row_cost},
    [PROJECT] = {qkv_units, project, product_cost},
    [MAKE_GATES] = {panels_of_gates, wf_make_gates, row_cost},
    [TURN] = {turning_units, turn, turning_cost},
    [ATTEND] = {attention_units, attend, attention_cost},
    [QUANTISE_OUT] = {out_panels, quantise_out, row_cost},
    [PUT_OUT] = {out_units, put_out, product_cost},
    [ADD_ATTENTION] = {panels_inside_attention, add_attention, row_cost},
    [NORM_ATTENTION] = {panels_after_attention, norm_attention, row_cost},
};
const wf_part wf_attention_part = {take_attention, attention_stages,
                                   sizeof attention_stages / sizeof *attention_stages};

/* ---- The feed-forward network */

static void pack_ff(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  pack(e, work, BEFORE_FF, &wf_layer_of(e)->weights->up, first, end);
}

static void put_up(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  const wf_kind_description *kind = wf_layer_of(e)->kind;
  wf_activation activation = (wf_activation)kind->activation;
  wf_sink sink = kind->gated ? wf_sink_gated(work, e->scratch.hidden, kind->inner, activation)
                             : wf_sink_panels(work, e->scratch.hidden, kind->inner, activation);
  wf_linear_forward(work, &sink, e->scratch.packed, &wf_layer_of(e)->weights->up, e->scratch.group.rows,
                    first, end);
}

static void put_down(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  wf_sink sink = branch_sink(e, INSIDE_FF, &wf_layer_of(e)->weights->feed_forward_scale);
  wf_linear_forward(work, &sink, e->scratch.hidden, &wf_layer_of(e)->weights->down, e->scratch.group.rows,
                    first, end);
}

static void add_ff(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  (void)work;
  add_normed(e, INSIDE_FF, &wf_layer_of(e)->weights->feed_forward_scale, first, end);
}

static void norm_ff(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  (void)work;
  norm_after(e, AFTER_FF, first, end);
}

static uint32_t take_rows(wf_encoder *e, uint32_t first) {
  wf_scratch *s = &e->scratch;
  uint32_t rows = smaller(WF_ROWS_AT_A_TIME, s->rows - first);
  s->group = (wf_row_group){.x = s->x + (size_t)first * wf_layer_of(e)->kind->width, .rows = rows};
  return rows;
}

static const wf_stage feed_forward_stages[] = {
    [PACK_FF] = {row_panels, pack_ff, row_cost},
    [QUANTISE_UP] = {up_panels, quantise_up, row_cost},
    [PUT_UP] = {up_units, put_up, product_cost},
    [QUANTISE_DOWN] = {down_panels, quantise_down, row_cost},
    [PUT_DOWN] = {down_units, put_down, product_cost},
    [ADD_FF] = {panels_inside_ff, add_ff, row_cost},
    [NORM_FF] = {panels_after_ff, norm_ff, row_cost},
};
const wf_part wf_feed_forward_part = {take_rows, feed_forward_stages,
                                      sizeof feed_forward_stages / sizeof *feed_forward_stages};
