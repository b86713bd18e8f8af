/* A description becomes a model: its weights, and later its scratch, are measured and placed by the same code. */
#include "encoder.h"

static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* ---- Weights */

static wf_norm place_norm(wf_arena *arena, uint32_t width, uint32_t form, float epsilon) {
  wf_norm norm = {.width = width, .form = form, .epsilon = epsilon};
  norm.weight = wf_arena_floats(arena, width);
  norm.bias = wf_arena_floats(arena, width);
  return norm;
}

static wf_linear place_typed(wf_arena *arena, const wf_tile *tile, uint32_t inputs, uint32_t outputs,
                             uint32_t gated, uint32_t dtype) {
  wf_linear linear = wf_linear_make(tile, inputs, outputs, gated, dtype);
  linear.panels = wf_arena_floats(arena, wf_linear_floats(&linear, tile));
  uint32_t padded = wf_is_int8(&linear) ? wf_linear_padded(&linear, tile) : 0;
  linear.scales = wf_arena_floats(arena, padded);
  linear.bias = wf_arena_floats(arena, padded);
  linear.sums = wf_arena_take(arena, padded, (uint32_t)sizeof(int32_t));
  return linear;
}

static wf_linear place_linear(wf_arena *arena, const wf_tile *tile, uint32_t inputs, uint32_t outputs) {
  return place_typed(arena, tile, inputs, outputs, 0, WF_F32);
}

static wf_table place_table(wf_arena *arena, uint32_t rows, uint32_t columns) {
  wf_table table = {.rows = rows, .columns = columns};
  table.values = wf_arena_floats(arena, (uint64_t)rows * columns);
  return table;
}

/* What relative positions are projected with, and to. */
static void place_relative(wf_arena *arena, wf_layer_weights *w, const wf_kind_description *k,
                           const wf_encoder_description *d, const wf_tile *tile) {
  uint32_t all = k->heads * k->head_width, reach = k->bias_buckets ? k->bias_reach : d->relative_rows / 2;
  uint64_t size = all * (uint64_t)wf_relative_columns(reach);
  w->relative.reach = reach;
  if (k->bias_terms & WF_TERM_CONTENT_TO_POSITION) {
    if (!(k->bias_terms & WF_TERM_SHARED)) w->position_key = place_linear(arena, tile, k->width, all);
    w->relative.keys = wf_arena_floats(arena, size);
  }
  if (k->bias_terms & WF_TERM_POSITION_TO_CONTENT) {
    if (!(k->bias_terms & WF_TERM_SHARED)) w->position_query = place_linear(arena, tile, k->width, all);
    w->relative.queries = wf_arena_floats(arena, size);
  }
}

/* The weights of layer `index`, which has its own. */
static wf_layer_weights place_layer(wf_arena *arena, const wf_encoder_description *d, uint32_t index,
                                    const wf_tile *tile) {
  const wf_kind_description *k = &d->kind[d->layer_kind[index]];
  wf_layer_weights w = {0};
  uint32_t all = k->heads * k->head_width, keys = k->key_heads * k->head_width;
  for (uint32_t i = 0; i < WF_LAYER_NORMS; i++)
    if (k->norms >> i & 1) w.norms[i] = place_norm(arena, k->width, k->norm_form, k->norm_epsilon);
  w.qkv = place_typed(arena, tile, k->width, all + 2 * keys, 0, d->dtype);
  w.out = place_typed(arena, tile, all, k->width, 0, d->dtype);
  w.up = place_typed(arena, tile, k->width, k->inner, k->gated, d->dtype);
  w.down = place_typed(arena, tile, k->inner, k->width, 0, d->dtype);
  if (k->head_norm == 1 + WF_NORM_L2) {
    w.query_norm.epsilon = w.key_norm.epsilon = 1e-12f; /* F.normalize's */
    w.logit_scale = place_table(arena, 1, k->heads);
    w.head_scales = wf_arena_floats(arena, k->heads);
  } else if (k->head_norm) {
    w.query_norm = place_norm(arena, k->head_width, 0, k->norm_epsilon);
    w.key_norm = place_norm(arena, k->head_width, 0, k->norm_epsilon);
  }
  if (k->layer_scale) {
    w.attention_scale = place_table(arena, 1, k->width);
    w.feed_forward_scale = place_table(arena, 1, k->width);
  }
  if (k->bias == WF_BIAS_WINDOW) {
    uint32_t side = 2 * k->window - 1, tokens = k->window * k->window, nr = tile->columns;
    uint64_t padded = (tokens + nr - 1) / nr * (uint64_t)nr;
    w.window_table = place_table(arena, side * side, k->heads);
    w.window_bias = wf_arena_floats(arena, k->heads * padded * tokens);
    w.offset_hidden = place_table(arena, k->bias_buckets, 2);
    w.offset_bias = place_table(arena, k->bias_buckets ? 1 : 0, k->bias_buckets);
    w.offset_out = place_table(arena, k->bias_buckets ? k->heads : 0, k->bias_buckets);
  }
  if (k->bias == WF_BIAS_DISTANCE && d->layer_bias[index] == index) {
    w.distance_table = place_table(arena, k->bias_buckets, k->heads);
    w.distance_bias = wf_arena_floats(arena, k->heads * (2 * (uint64_t)k->bias_reach + 1));
  }
  if (k->bias_gated) {
    w.gate = place_table(arena, 8, k->head_width);
    w.gate_bias = place_table(arena, 1, 8);
    w.gate_scale = place_table(arena, 1, k->heads);
  }
  if (k->bias == WF_BIAS_DENSE && d->layer_bias[index] == index)
    w.dense_table = place_table(arena, (2 * k->bias_buckets - 1) * (2 * k->bias_reach - 1) + 3, k->heads);
  if (k->bias == WF_BIAS_DISENTANGLED) place_relative(arena, &w, k, d, tile);
  return w;
}

/* What is done to queries and keys, and what scores receive, chosen once. distance: the bias that the layer uses */
static void choose_steps(wf_layer *layer, const float *distance) {
  static const wf_column_norm forms[] = {WF_COLUMN_NONE, WF_COLUMN_LAYER, WF_COLUMN_RMS, WF_COLUMN_L2};
  const wf_kind_description *k = layer->kind;
  const wf_layer_weights *w = layer->weights;
  layer->turns = k->head_norm || k->rotary;
  layer->turn = (wf_turn){.norm = forms[k->head_norm],
                          .query_norm = w->query_norm,
                          .key_norm = w->key_norm,
                          .query_scale = k->head_norm ? k->score_scale : 1.0f,
                          .head_scales = w->head_scales,
                          .rotary = k->rotary ? k->rotary_width : 0,
                          .interleaved = k->rotary == WF_ROTARY_PAIRS};
  wf_score_step *step = &layer->steps[layer->step_count];
  if (k->bias == WF_BIAS_WINDOW) *step = wf_step_bias(w->window_bias);
  if (k->bias == WF_BIAS_DISTANCE) *step = wf_step_distance(distance, k->bias_reach);
  if (k->bias == WF_BIAS_DISENTANGLED) *step = wf_step_relative(&w->relative);
  if (k->bias && k->bias != WF_BIAS_DENSE) layer->step_count++; /* that one depends on the map */
}

/* Layers, the weights that they do not share, and the merging between them. */
static void place_layers(wf_arena *arena, wf_weights *w, const wf_encoder_description *d,
                         const wf_tile *tile) {
  uint32_t count = d->layers + d->pool;
  w->layers = wf_arena_take(arena, count, (uint32_t)sizeof(wf_layer));
  w->sets = wf_arena_take(arena, count, (uint32_t)sizeof(wf_layer_weights));
  w->merges = wf_arena_take(arena, d->layers, (uint32_t)sizeof(wf_merge));
  w->merge_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    const wf_kind_description *kind = &d->kind[d->layer_kind[i]];
    wf_merge measured, *merge = w->merges ? &w->merges[w->merge_count] : &measured;
    if (d->layer_weights[i] == i) {
      wf_layer_weights weights = place_layer(arena, d, i, tile);
      if (w->sets) w->sets[i] = weights;
    }
    if (wf_merges_behind(d, i)) {
      uint32_t normed = d->merge_form == WF_MERGE_NORM_LAST ? 2 : 4;
      merge->norm = place_norm(arena, normed * kind->width, 0, d->merge_norm_epsilon);
      merge->reduction = place_linear(arena, tile, 4 * kind->width, 2 * kind->width);
      w->merge_count++;
    } else {
      merge = NULL;
    }
    if (!w->layers || !w->sets) continue;
    wf_layer *layer = &w->layers[i];
    *layer = (wf_layer){.kind = kind, .weights = &w->sets[d->layer_weights[i]], .merge = merge};
    choose_steps(layer, kind->bias == WF_BIAS_DISTANCE ? w->sets[d->layer_bias[i]].distance_bias : NULL);
  }
}

/* What sound passes before the layers. */
static void place_frames(wf_arena *arena, wf_weights *w, const wf_encoder_description *d,
                         const wf_tile *tile) {
  const wf_position_description *p = &d->position;
  uint32_t inputs = d->frame_inputs, count = p->count * p->groups;
  w->frames = wf_arena_take(arena, d->convolutions, (uint32_t)sizeof(wf_frame));
  w->positional = wf_arena_take(arena, count, (uint32_t)sizeof(wf_linear));
  for (uint32_t i = 0; i < d->convolutions; inputs = d->frame[i++].outputs) {
    const wf_convolution_description *c = &d->frame[i];
    wf_frame frame = {.linear = place_linear(arena, tile, inputs * c->kernel, c->outputs)};
    if (c->norm) frame.norm = place_norm(arena, c->outputs, 0, 1e-5f);
    if (w->frames) w->frames[i] = frame;
  }
  for (uint32_t i = 0; i < count; i++) {
    uint32_t width = d->width / p->groups;
    wf_linear linear = place_linear(arena, tile, width * p->kernel, width);
    if (w->positional) w->positional[i] = linear;
  }
  if (d->feature_norm) w->feature_norm = place_norm(arena, d->table_width, 0, d->feature_norm_epsilon);
  if (p->norm) w->position_norm = place_norm(arena, d->width, 0, 1e-5f);
  if (p->weight_norm) w->position_gain = place_table(arena, 1, p->kernel);
}

static void place_weights(wf_arena *arena, wf_weights *w, const wf_encoder_description *d,
                          const wf_tile *tile) {
  if (d->vocabulary && d->dtype != WF_F32 && d->table_width >= WF_I8_LEAST_INPUTS)
    w->words = place_typed(arena, tile, d->table_width, d->vocabulary, 0, d->dtype);
  else
    w->tokens = place_table(arena, d->vocabulary, d->table_width);
  w->positions = place_table(arena, d->positions, d->table_width);
  w->types = place_table(arena, d->types, d->table_width);
  w->prefix = place_table(arena, d->prefix, d->width);
  w->relative = place_table(arena, d->relative_rows, d->width);
  if (d->pool) w->probe = place_table(arena, 1, wf_last_width(d));
  if (d->relative_norm) w->relative_norm = place_norm(arena, d->width, 0, d->relative_norm_epsilon);
  for (uint32_t i = 0; i < WF_MAX_ROTARIES; i++)
    if (d->rotary[i].pairs) w->rotary[i] = place_table(arena, 1, d->rotary[i].pairs);
  if (d->projection) w->projection = place_linear(arena, tile, d->table_width, d->width);
  if (d->stem == WF_STEM_FRAMES) place_frames(arena, w, d, tile);
  if (d->stem == WF_STEM_PATCHES)
    w->patches = place_linear(arena, tile, d->channels * d->patch_height * d->patch_width, d->width);
  if (d->embedding_norm)
    w->embedding_norm = place_norm(arena, d->embedding_norm == 3 ? d->width : d->table_width, d->norm_form,
                                   d->embedding_norm_epsilon);
  if (d->convolution) {
    w->convolution = place_linear(arena, tile, d->width * d->convolution, d->width);
    w->convolution_norm = place_norm(arena, d->width, 0, d->kind[d->layer_kind[0]].norm_epsilon);
  }
  if (d->final_norm) w->final_norm = place_norm(arena, wf_last_width(d), d->norm_form, d->final_norm_epsilon);
  place_layers(arena, w, d, tile);
  uint64_t longest = d->table_width;
  for (uint32_t i = 0; i < d->kinds; i++) {
    const wf_kind_description *k = &d->kind[i];
    longest = larger(longest, larger(larger(k->width, k->inner), (uint64_t)k->heads * k->head_width));
  }
  w->line = wf_arena_floats(arena, d->dtype == WF_F32 ? 0 : 2 * longest);
  for (uint32_t i = 0; i < d->head_count; i++) {
    const wf_head_description *h = &d->head[i];
    wf_head *head = &w->heads[i];
    if (h->tied) head->tied_bias = place_table(arena, 1, h->outputs);
    if (h->tied) (void)wf_arena_floats(arena, WF_TILE_MAX_COLUMNS); /* products read whole panels of it */
    if (!h->tied && !h->bare) head->linear = place_linear(arena, tile, h->inputs, h->outputs);
    if (h->norm) head->norm = place_norm(arena, h->outputs, 0, h->norm_epsilon);
  }
}

static uint64_t place_model(wf_arena *arena, const wf_encoder_description *d) {
  wf_encoder measured = {0}, *encoder = wf_arena_take(arena, 1, (uint32_t)sizeof(wf_encoder));
  if (!encoder) encoder = &measured;
  if (encoder != &measured) encoder->description = *d;
  place_weights(arena, &encoder->weights, arena->base ? &encoder->description : d, wf_tile_get(d->tile));
  return arena->used;
}

static uint32_t fit_bytes(uint32_t *bytes, uint64_t used) {
  if (used > UINT32_MAX) return WF_ERROR_MEMORY;
  *bytes = (uint32_t)used;
  return WF_OK;
}

uint32_t wf_encoder_plan(uint32_t *bytes, const wf_encoder_description *description) {
  wf_arena arena = {.base = NULL};
  WF_TRY(wf_check_description(description));
  return fit_bytes(bytes, place_model(&arena, description));
}

uint32_t wf_encoder_create(wf_encoder *memory, uint32_t bytes, const wf_encoder_description *description) {
  wf_arena arena = {.base = (uint8_t *)memory};
  uint32_t needed = 0;
  if ((uintptr_t)memory % WF_ARENA_ALIGNMENT) return WF_ERROR_MEMORY;
  if (bytes >= sizeof memory->magic) memory->magic = 0;
  if (bytes < sizeof(wf_encoder)) return WF_ERROR_MEMORY;
  *memory = (wf_encoder){0};
  WF_TRY(wf_encoder_plan(&needed, description));
  if (bytes < needed) return WF_ERROR_MEMORY;
  place_model(&arena, description);
  memory->magic = WF_ENCODER_MAGIC;
  return WF_OK;
}

/* ---- Scratch */

/* The largest of what the kinds of layer need, a row or a window each. */
typedef struct needs {
  uint64_t widest, inner, queries, keys, values, branch, window; /* floats of a row; tokens of a window */
  uint64_t dense, gates;                                         /* heads of layers with such a bias */
  uint64_t line; /* floats that a convolution reads for a row */
  uint32_t head_width;
} needs;

static needs needs_of(const wf_encoder_description *d) {
  needs n = {.widest = larger(d->width, d->table_width)};
  if (d->projection) n.inner = d->table_width;
  n.widest = larger(n.widest, (uint64_t)d->channels * d->patch_height * d->patch_width);
  if (d->convolution) n.branch = d->width;
  n.widest = larger(n.widest, (uint64_t)d->width * d->convolution);
  for (uint32_t i = 0, inputs = d->frame_inputs; i < d->convolutions; inputs = d->frame[i++].outputs)
    n.line = larger(n.line, (uint64_t)inputs * d->frame[i].kernel);
  if (d->position.count)
    n.line = larger(n.line, (uint64_t)d->width / d->position.groups * d->position.kernel);
  for (uint32_t i = 0; i < d->head_count; i++) n.widest = larger(n.widest, d->head[i].inputs);
  for (uint32_t i = 0; i < d->layers + d->pool; i++) {
    const wf_kind_description *k = &d->kind[d->layer_kind[i]];
    n.widest = larger(n.widest, larger(k->width, (uint64_t)k->heads * k->head_width));
    if (wf_merges_behind(d, i)) n.widest = larger(n.widest, (uint64_t)4 * k->width);
    n.inner = larger(n.inner, k->inner);
    n.queries = larger(n.queries, k->heads * (1 + (uint64_t)k->head_width));
    n.keys = larger(n.keys, (uint64_t)k->key_heads * k->head_width);
    n.values = larger(n.values, k->key_heads * (k->head_width + (uint64_t)WF_TILE_MAX_ROWS));
    if (k->norms & (WF_INSIDE_ATTENTION | WF_INSIDE_FEED_FORWARD)) n.branch = larger(n.branch, k->width);
    n.window = larger(n.window, (uint64_t)k->window * k->window);
    if (k->bias == WF_BIAS_DENSE) n.dense = larger(n.dense, k->heads);
    if (k->bias_gated) n.gates = larger(n.gates, k->heads);
    if (k->head_width > n.head_width) n.head_width = k->head_width;
  }
  return n;
}

static void place_heads(wf_arena *arena, wf_scratch *s, const wf_encoder_description *d, const needs *n,
                        uint64_t rows) {
  s->sequences = wf_arena_take(arena, rows, (uint32_t)sizeof(wf_sequence));
  if (d->stem == WF_STEM_ATTENTION || d->pool)
    s->memory = wf_arena_take(arena, rows, (uint32_t)sizeof(wf_sequence));
  s->sequence_of_row = wf_arena_take(arena, rows, (uint32_t)sizeof(uint32_t));
  s->heads = (wf_heads){.sequences = s->sequences, .memory = s->sequences, .steps = s->steps};
  s->heads.sequence_of_row = s->sequence_of_row;
  s->heads.queries = wf_arena_floats(arena, rows * n->queries);
  s->heads.keys = wf_arena_floats(arena, rows * n->keys);
  s->heads.values = wf_arena_floats(arena, rows * n->values);
  s->regions = n->window ? wf_arena_floats(arena, rows + WF_TILE_MAX_COLUMNS) : NULL;
}

static void place_workspace(wf_arena *arena, wf_workspace *work, const wf_encoder_description *d,
                            const needs *n) {
  work->tile = wf_tile_get(d->tile);
  work->stripe = wf_arena_floats(arena, WF_STRIPE_FLOATS);
  work->scores = wf_arena_floats(arena, WF_SCORE_FLOATS);
  work->context =
      wf_arena_floats(arena, 2 * (n->head_width + (uint64_t)WF_TILE_MAX_ROWS) * WF_TILE_MAX_COLUMNS);
  work->lines =
      wf_arena_floats(arena, WF_TILE_MAX_ROWS * larger(larger(n->widest, n->line), WF_TILE_MAX_COLUMNS));
  work->panel = wf_arena_floats(arena, (1 + (uint64_t)d->table_width) * WF_TILE_MAX_COLUMNS);
}

/* Rows between convolutions: those that a piece of the last one's needs of each before. */
static void place_pieces(wf_arena *arena, wf_scratch *s, const wf_encoder_description *d, uint64_t block) {
  enum { FIRST_ROWS = 2048 };
  uint64_t stride = 1, rows, most[2] = {(uint64_t)WF_FRAMES_AT_A_TIME * d->frame[0].outputs, 0};
  if (d->convolutions == 0) return;
  for (uint32_t i = 1; i < d->convolutions; i++) stride *= d->frame[i].stride;
  rows = stride < FIRST_ROWS ? FIRST_ROWS / stride : 1;
  if (rows > WF_ROWS_AT_A_TIME) rows = WF_ROWS_AT_A_TIME;
  s->frame_piece = (uint32_t)rows;
  for (uint32_t i = d->convolutions; i-- > 0;) {
    most[i % 2] = larger(most[i % 2], rows * d->frame[i].outputs);
    rows = (rows - 1) * d->frame[i].stride + d->frame[i].kernel;
  }
  for (uint32_t i = 0; i < 2; i++) s->frames[i] = wf_arena_floats(arena, most[i] + WF_TILE_MAX_COLUMNS);
  s->frame_mean = wf_arena_floats(arena, 2 * (uint64_t)d->frame[0].outputs);
  s->frame_sums = wf_arena_take(arena, 2 * (uint64_t)d->frame[0].outputs, (uint32_t)sizeof(double));
  s->features = d->features ? wf_arena_floats(arena, block * d->table_width) : NULL;
  s->other = d->position.count ? wf_arena_floats(arena, block * d->width) : NULL;
}

/* Merging never needs more room than the map before: one that another stage follows has at least 2 x 2 rows, and
 * 2 ceil(h / 2) ceil(w / 2) <= h w from there on. */
static uint64_t place_scratch(wf_arena *arena, wf_scratch *s, const wf_encoder_description *d, uint32_t rows,
                              uint32_t group, uint32_t threads) {
  needs n = needs_of(d);
  uint64_t block = (uint64_t)rows + WF_TILE_MAX_ROWS, grouped = (uint64_t)group + WF_TILE_MAX_ROWS;
  uint64_t part = (rows < WF_ROWS_AT_A_TIME ? rows : WF_ROWS_AT_A_TIME) + (uint64_t)WF_TILE_MAX_ROWS;
  uint64_t vectors = WF_VECTORS_AT_A_TIME + WF_TILE_MAX_ROWS;
  s->max_rows = rows;
  s->group_rows = group;
  s->x = wf_arena_floats(arena, block * d->width);
  s->next = n.window || d->convolution || d->position.count ? wf_arena_floats(arena, block * d->width) : NULL;
  place_pieces(arena, s, d, block);
  s->gates = wf_arena_floats(arena, n.gates * grouped);
  s->packed = wf_arena_floats(
      arena, larger(larger(larger(grouped, part), vectors) * n.widest, WF_FRAMES_AT_A_TIME * n.line));
  s->hidden = wf_arena_floats(arena, part * n.inner);
  s->branch = wf_arena_floats(arena, larger(grouped, part) * n.branch);
  s->vectors = wf_arena_floats(arena, vectors * n.widest);
  for (uint32_t i = 0; i < WF_MAX_ROTARIES; i++) {
    uint64_t positions = d->rotary[i].pairs ? (uint64_t)group : 0;
    uint64_t size = (1 + d->rotary[i].map) * (uint64_t)d->rotary[i].pairs * positions + WF_TILE_MAX_COLUMNS;
    s->angles[i] = (wf_angles){.positions = (uint32_t)positions};
    s->angles[i].cosines = wf_arena_floats(arena, positions ? size : 0);
    s->angles[i].sines = wf_arena_floats(arena, positions ? size : 0);
  }
  s->dense_size = (uint32_t)(n.dense * 4 * group);
  s->dense = wf_arena_floats(arena, (uint64_t)d->layers * s->dense_size);
  s->heard = wf_arena_take(arena, d->convolutions ? block : 0, (uint32_t)sizeof(uint32_t));
  s->lengths = wf_arena_take(arena, block, (uint32_t)sizeof(uint32_t));
  s->map = wf_arena_take(arena, larger(grouped, part), (uint32_t)sizeof(uint32_t));
  place_heads(arena, s, d, &n, grouped);
  for (uint32_t i = 0; i < threads; i++) place_workspace(arena, &s->work[i], d, &n);
  return arena->used;
}

uint32_t wf_encoder_scratch_plan(uint32_t *bytes, const wf_encoder_description *description, uint32_t rows,
                                 uint32_t group, uint32_t threads) {
  wf_arena arena = {.base = NULL};
  wf_scratch measured = {0};
  WF_TRY(wf_check_description(description));
  if (rows < 1 || rows > 1u << 20 || group < 1 || group > 1u << 20) return WF_ERROR_ARGUMENT;
  if (threads < 1 || threads > WF_MAX_THREADS) return WF_ERROR_ARGUMENT;
  uint32_t window = (uint32_t)needs_of(description).window;
  if (window && wf_padded_length(wf_tile_get(description->tile), window) > group) return WF_ERROR_ARGUMENT;
  return fit_bytes(bytes, place_scratch(&arena, &measured, description, rows, group, threads));
}

uint32_t wf_encoder_scratch(wf_encoder *encoder, void *memory, uint32_t bytes, uint32_t rows, uint32_t group,
                            uint32_t threads, wf_team *team) {
  wf_arena arena = {.base = memory};
  uint32_t needed = 0;
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  WF_TRY(wf_encoder_scratch_plan(&needed, &encoder->description, rows, group, threads));
  encoder->scratch = (wf_scratch){0};
  if (bytes < needed || (uintptr_t)memory % WF_ARENA_ALIGNMENT) return WF_ERROR_MEMORY;
  place_scratch(&arena, &encoder->scratch, &encoder->description, rows, group, threads);
  encoder->scratch.team = team;
  if (encoder->weights.derived) wf_derive_angles(encoder);
  return WF_OK;
}

uint32_t wf_encoder_row_cost(const wf_encoder *encoder, uint32_t length) {
  if (encoder->magic != WF_ENCODER_MAGIC || wf_is_windowed(&encoder->description)) return length;
  return wf_padded_length(wf_tile_get(encoder->description.tile), length);
}
