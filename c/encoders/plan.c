/* A description becomes a model: its fields are checked, its memory is measured and placed by the same code. */
#include "encoder.h"

/* The fields that only images and windows have. */
static uint32_t check_vision(const wf_encoder_description *d) {
  uint32_t layers = 0;
  int patches = d->channels <= 16 && d->patch_height <= 1024 && d->patch_width <= 1024 && d->prefix <= 1024 &&
                d->prefix_positions <= 1;
  if (!patches || d->stages > WF_MAX_STAGES || d->group_rows < 1 || d->group_rows > 1u << 20)
    return WF_ERROR_ARGUMENT;
  if (d->stem == WF_STEM_PATCHES && (uint64_t)d->channels * d->patch_height * d->patch_width == 0)
    return WF_ERROR_ARGUMENT;
  if (d->stages == 0) return WF_OK;
  if (d->group_rows < wf_padded_length(wf_tile_get(d->tile), d->window * d->window)) return WF_ERROR_ARGUMENT;
  if (d->stem != WF_STEM_PATCHES || d->window < 2 || d->window > 64 || d->prefix ||
      d->place != WF_PLACE_PRE) {
    return WF_ERROR_UNSUPPORTED;
  }
  for (uint32_t i = 0; i < d->stages; i++) {
    if (d->depth[i] < 1 || d->depth[i] > 128 || d->stage_heads[i] < 1 || d->stage_heads[i] > 128)
      return WF_ERROR_ARGUMENT;
    if (d->stage_heads[i] * d->head_width != wf_stage_width(d, i)) return WF_ERROR_SHAPE;
    layers += d->depth[i];
  }
  return layers == d->layers && d->width <= 2048 && d->feed_forward <= 8192 ? WF_OK : WF_ERROR_SHAPE;
}

static uint32_t check(const wf_encoder_description *d) {
  int sizes = d->layers <= 128 && d->width >= 1 && d->width <= 8192 && d->heads >= 1 && d->heads <= 128 &&
              d->head_width >= 1 && d->head_width <= 1024 && d->feed_forward >= 1 &&
              d->feed_forward <= 65536 && d->max_rows >= 1 && d->max_rows <= 1u << 20;
  int tables = d->vocabulary <= 1u << 20 && d->positions <= 65536 && d->types <= 65536;
  int kinds = d->tile < WF_TILE_COUNT && d->stem <= WF_STEM_ATTENTION && d->place <= WF_PLACE_PRE &&
              d->activation < WF_ACTIVATION_COUNT && d->embedding_norm <= 1 && d->final_norm <= 1;
  int numbers = d->norm_epsilon >= 0.0f && d->norm_epsilon <= 1.0f && d->embedding_norm_epsilon >= 0.0f &&
                d->embedding_norm_epsilon <= 1.0f && d->score_scale > 0.0f && d->score_scale <= 1e6f;
  if (!sizes || !tables || !kinds || !numbers || d->head_count > WF_MAX_HEADS) return WF_ERROR_ARGUMENT;
  if (d->stem == WF_STEM_TOKENS && d->vocabulary == 0) return WF_ERROR_ARGUMENT;
  for (uint32_t i = 0; i < d->head_count; i++) {
    const wf_head_description *h = &d->head[i];
    if (h->inputs < 1 || h->inputs > 65536 || h->outputs < 1 || h->outputs > 1u << 20)
      return WF_ERROR_ARGUMENT;
    if (h->activation >= WF_ACTIVATION_COUNT || h->norm > 1 || h->tied > 1) return WF_ERROR_ARGUMENT;
    if (h->tied && (h->inputs != d->width || h->outputs != d->vocabulary || h->norm || h->activation))
      return WF_ERROR_SHAPE;
  }
  return check_vision(d);
}

static wf_norm place_norm(wf_arena *arena, uint32_t width, float epsilon) {
  wf_norm norm = {.epsilon = epsilon};
  norm.weight = wf_arena_floats(arena, width);
  norm.bias = wf_arena_floats(arena, width);
  return norm;
}

static wf_linear place_linear(wf_arena *arena, const wf_tile *tile, uint32_t inputs, uint32_t outputs) {
  wf_linear linear = {.inputs = inputs, .outputs = outputs};
  linear.panels = wf_arena_floats(arena, wf_linear_floats(&linear, tile));
  return linear;
}

static void place_layer(wf_arena *arena, wf_layer *layer, const wf_encoder_description *d,
                        const wf_tile *tile, uint32_t stage) {
  uint32_t width = wf_stage_width(d, stage), heads = wf_stage_heads(d, stage), all = heads * d->head_width;
  uint32_t inner = d->feed_forward << stage, side = 2 * d->window - 1;
  layer->heads = heads;
  layer->width = width;
  layer->norm1 = place_norm(arena, width, d->norm_epsilon);
  layer->qkv = place_linear(arena, tile, width, 3 * all);
  layer->out = place_linear(arena, tile, all, width);
  layer->norm2 = place_norm(arena, width, d->norm_epsilon);
  layer->up = place_linear(arena, tile, width, inner);
  layer->down = place_linear(arena, tile, inner, width);
  layer->window_table = d->stages ? wf_arena_floats(arena, (uint64_t)side * side * heads) : NULL;
}

/* The layers of each stage, and the merging behind all stages but the last. */
static void place_layers(wf_arena *arena, wf_weights *w, const wf_encoder_description *d,
                         const wf_tile *tile) {
  uint32_t i = 0;
  for (uint32_t stage = 0; stage <= wf_last_stage(d); stage++) {
    uint32_t depth = d->stages ? d->depth[stage] : d->layers, width = wf_stage_width(d, stage);
    for (uint32_t place = 0; place < depth; place++, i++) {
      wf_layer measured, *layer = w->layers ? &w->layers[i] : &measured;
      place_layer(arena, layer, d, tile, stage);
      layer->place = place;
      layer->ends = d->stages && place + 1 == depth ? stage + 1 : 0;
    }
    if (stage == wf_last_stage(d)) break;
    w->merges[stage].norm = place_norm(arena, 4 * width, d->embedding_norm_epsilon);
    w->merges[stage].reduction = place_linear(arena, tile, 4 * width, 2 * width);
  }
}

static void place_weights(wf_arena *arena, wf_weights *w, const wf_encoder_description *d,
                          const wf_tile *tile) {
  w->tokens = wf_arena_floats(arena, (uint64_t)d->vocabulary * d->width);
  w->positions = wf_arena_floats(arena, (uint64_t)d->positions * d->width);
  w->types = wf_arena_floats(arena, (uint64_t)d->types * d->width);
  w->prefix = wf_arena_floats(arena, (uint64_t)d->prefix * d->width);
  if (d->stem == WF_STEM_PATCHES) {
    w->patches = place_linear(arena, tile, d->channels * d->patch_height * d->patch_width, d->width);
  }
  w->embedding_norm = place_norm(arena, d->width, d->embedding_norm_epsilon);
  w->final_norm = place_norm(arena, wf_stage_width(d, wf_last_stage(d)), d->norm_epsilon);
  w->layers = wf_arena_take(arena, d->layers, (uint32_t)sizeof(wf_layer));
  place_layers(arena, w, d, tile);
  for (uint32_t i = 0; i < d->head_count; i++) {
    const wf_head_description *h = &d->head[i];
    wf_head *head = &w->heads[i];
    head->linear = (wf_linear){.inputs = h->inputs, .outputs = h->outputs};
    if (h->tied) head->tied_bias = wf_arena_floats(arena, h->outputs);
    if (!h->tied) head->linear = place_linear(arena, tile, h->inputs, h->outputs);
    if (h->norm) head->norm = place_norm(arena, h->outputs, d->norm_epsilon);
  }
}

static uint32_t largest(uint32_t a, uint32_t b) { return a > b ? a : b; }

/* The widest row that a product reads, and that a feed-forward network has inside. */
static uint32_t widest_row(const wf_encoder_description *d) {
  uint32_t last = wf_last_stage(d), widest = largest(wf_stage_width(d, last), d->heads * d->head_width);
  if (last) widest = largest(widest, 4 * wf_stage_width(d, last - 1));
  widest = largest(widest, d->channels * d->patch_height * d->patch_width);
  for (uint32_t i = 0; i < d->head_count; i++) widest = largest(widest, d->head[i].inputs);
  return widest;
}

static void place_heads(wf_arena *arena, wf_scratch *s, const wf_encoder_description *d, uint64_t rows) {
  uint64_t heads = wf_stage_heads(d, wf_last_stage(d)), window = (uint64_t)d->window * d->window;
  for (uint32_t i = 0; i < d->stages; i++) heads = heads > d->stage_heads[i] ? heads : d->stage_heads[i];
  s->sequences = wf_arena_take(arena, rows, (uint32_t)sizeof(wf_sequence));
  s->memory =
      d->stem == WF_STEM_ATTENTION ? wf_arena_take(arena, rows, (uint32_t)sizeof(wf_sequence)) : s->sequences;
  s->sequence_of_row = wf_arena_take(arena, rows, (uint32_t)sizeof(uint32_t));
  s->map = wf_arena_take(arena, rows, (uint32_t)sizeof(uint32_t));
  s->heads = (wf_heads){.heads = d->heads, .key_heads = d->heads, .width = d->head_width};
  s->heads.left = s->heads.right = WF_UNLIMITED;
  s->heads.steps = s->steps;
  s->heads.sequences = s->sequences;
  s->heads.memory = s->memory;
  s->heads.sequence_of_row = s->sequence_of_row;
  s->heads.queries = wf_arena_floats(arena, rows * heads * (1 + (uint64_t)d->head_width));
  s->heads.keys = wf_arena_floats(arena, rows * heads * d->head_width);
  s->heads.values = wf_arena_floats(arena, rows * heads * (d->head_width + (uint64_t)WF_TILE_MAX_ROWS));
  s->regions = d->stages ? wf_arena_floats(arena, rows + WF_TILE_MAX_COLUMNS) : NULL;
  s->window_bias = d->stages ? wf_arena_floats(arena, heads * window * window) : NULL;
  s->bias = d->stages ? wf_arena_floats(arena, heads * window * (window + WF_TILE_MAX_COLUMNS)) : NULL;
}

/* Rows of x are max_rows, rows of a group all that products and attention see at a time. Merging never needs more: a map
 * that another stage follows has at least 3 x 3 rows, and 2 ceil(h / 2) ceil(w / 2) <= h w from there on. */
static void place_scratch(wf_arena *arena, wf_scratch *s, const wf_encoder_description *d,
                          const wf_tile *tile) {
  uint64_t group = (wf_group_rows(d)) + (uint64_t)WF_TILE_MAX_ROWS;
  uint64_t rows = d->max_rows + (uint64_t)WF_TILE_MAX_ROWS;
  uint32_t widest = widest_row(d);
  s->x = wf_arena_floats(arena, rows * d->width);
  s->next = d->stages > 1 ? wf_arena_floats(arena, rows * d->width) : NULL;
  s->packed = wf_arena_floats(arena, group * widest);
  s->hidden = wf_arena_floats(arena, group * ((uint64_t)d->feed_forward << wf_last_stage(d)));
  place_heads(arena, s, d, group);
  s->work.tile = tile;
  s->work.stripe = wf_arena_floats(arena, WF_STRIPE_FLOATS);
  s->work.scores = wf_arena_floats(arena, WF_SCORE_FLOATS);
  s->work.context =
      wf_arena_floats(arena, 2 * (d->head_width + (uint64_t)WF_TILE_MAX_ROWS) * WF_TILE_MAX_COLUMNS);
  s->work.lines = wf_arena_floats(arena, (uint64_t)WF_TILE_MAX_ROWS * largest(widest, WF_TILE_MAX_COLUMNS));
  s->work.panel = wf_arena_floats(arena, (1 + (uint64_t)d->width) * WF_TILE_MAX_COLUMNS);
}

static uint64_t place(wf_arena *arena, const wf_encoder_description *d) {
  wf_encoder measured, *encoder = wf_arena_take(arena, 1, (uint32_t)sizeof(wf_encoder));
  const wf_tile *tile = wf_tile_get(d->tile);
  if (!encoder) encoder = &measured;
  encoder->description = *d;
  place_weights(arena, &encoder->weights, d, tile);
  place_scratch(arena, &encoder->scratch, d, tile);
  return arena->used;
}

uint32_t wf_encoder_plan(uint32_t *bytes, const wf_encoder_description *description) {
  wf_arena arena = {.base = NULL};
  WF_TRY(check(description));
  uint64_t all = place(&arena, description);
  if (all > UINT32_MAX) return WF_ERROR_MEMORY;
  *bytes = (uint32_t)all;
  return WF_OK;
}

uint32_t wf_encoder_create(wf_encoder *memory, uint32_t bytes, const wf_encoder_description *description) {
  wf_arena arena = {.base = (uint8_t *)memory};
  uint32_t needed = 0;
  WF_TRY(wf_encoder_plan(&needed, description));
  if (bytes < needed || (uintptr_t)memory % WF_ARENA_ALIGNMENT) return WF_ERROR_MEMORY;
  place(&arena, description);
  memory->magic = WF_ENCODER_MAGIC;
  return WF_OK;
}
