/* A description becomes a model: its fields are checked, its memory is measured and placed by the same code. */
#include "encoder.h"

static uint32_t check(const wf_encoder_description *d) {
  int sizes = d->layers <= 128 && d->width >= 1 && d->width <= 8192 && d->heads >= 1 && d->heads <= 128 &&
              d->head_width >= 1 && d->head_width <= 1024 && d->feed_forward >= 1 &&
              d->feed_forward <= 65536 && d->max_rows >= 1 && d->max_rows <= 1u << 20;
  int tables = d->vocabulary <= 1u << 20 && d->positions <= 65536 && d->types <= 65536;
  int kinds = d->tile < WF_TILE_COUNT && d->stem <= WF_STEM_EMBEDDINGS && d->place <= WF_PLACE_PRE &&
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
  return WF_OK;
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
                        const wf_tile *tile) {
  uint32_t all = d->heads * d->head_width;
  layer->norm1 = place_norm(arena, d->width, d->norm_epsilon);
  layer->qkv = place_linear(arena, tile, d->width, 3 * all);
  layer->out = place_linear(arena, tile, all, d->width);
  layer->norm2 = place_norm(arena, d->width, d->norm_epsilon);
  layer->up = place_linear(arena, tile, d->width, d->feed_forward);
  layer->down = place_linear(arena, tile, d->feed_forward, d->width);
}

static void place_weights(wf_arena *arena, wf_weights *w, const wf_encoder_description *d,
                          const wf_tile *tile) {
  w->tokens = wf_arena_floats(arena, (uint64_t)d->vocabulary * d->width);
  w->positions = wf_arena_floats(arena, (uint64_t)d->positions * d->width);
  w->types = wf_arena_floats(arena, (uint64_t)d->types * d->width);
  w->embedding_norm = place_norm(arena, d->width, d->embedding_norm_epsilon);
  w->final_norm = place_norm(arena, d->width, d->norm_epsilon);
  w->layers = wf_arena_take(arena, d->layers, (uint32_t)sizeof(wf_layer));
  for (uint32_t i = 0; i < d->layers; i++) {
    wf_layer measured;
    place_layer(arena, w->layers ? &w->layers[i] : &measured, d, tile);
  }
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

static void place_scratch(wf_arena *arena, wf_scratch *s, const wf_encoder_description *d,
                          const wf_tile *tile) {
  uint64_t rows = d->max_rows + (uint64_t)WF_TILE_MAX_ROWS; /* room for the last panel */
  uint32_t widest = largest(d->width, d->heads * d->head_width), inside = d->feed_forward;
  for (uint32_t i = 0; i < d->head_count; i++) widest = largest(widest, d->head[i].inputs);
  uint64_t padded_width = d->head_width + (uint64_t)WF_TILE_MAX_ROWS;
  s->x = wf_arena_floats(arena, rows * d->width);
  s->packed = wf_arena_floats(arena, rows * widest);
  s->hidden = wf_arena_floats(arena, rows * inside);
  s->sequences = wf_arena_take(arena, d->max_rows, (uint32_t)sizeof(wf_sequence));
  s->sequence_of_row = wf_arena_take(arena, d->max_rows, (uint32_t)sizeof(uint32_t));
  s->heads.heads = d->heads;
  s->heads.width = d->head_width;
  s->heads.sequences = s->sequences;
  s->heads.sequence_of_row = s->sequence_of_row;
  s->heads.queries = wf_arena_floats(arena, d->max_rows * (uint64_t)d->heads * (1 + (uint64_t)d->head_width));
  s->heads.keys = wf_arena_floats(arena, d->max_rows * (uint64_t)d->heads * d->head_width);
  s->heads.values = wf_arena_floats(arena, d->max_rows * (uint64_t)d->heads * padded_width);
  s->work.tile = tile;
  s->work.stripe = wf_arena_floats(arena, WF_STRIPE_FLOATS);
  s->work.scores = wf_arena_floats(arena, (rows + 1) * WF_TILE_MAX_COLUMNS);
  s->work.context = wf_arena_floats(arena, padded_width * WF_TILE_MAX_COLUMNS);
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
