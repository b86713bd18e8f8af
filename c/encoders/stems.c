/* The stems: token ids, rows or pixels become the rows that enter layer 0, a block of sequences. */
#include "encoder.h"

uint32_t wf_begin(wf_encoder *encoder, wf_stem stem, const uint32_t *lengths, uint32_t sequences) {
  wf_scratch *s = &encoder->scratch;
  WF_TRY(wf_ready(encoder));
  s->rows = 0;
  if (sequences == 0 || encoder->description.stem != (uint32_t)stem) return WF_ERROR_ARGUMENT;
  uint32_t rows = 0, cost = 0;
  for (uint32_t i = 0; i < sequences; i++) {
    if (lengths[i] == 0) return WF_ERROR_ARGUMENT;
    if (lengths[i] > s->max_rows) return WF_ERROR_MEMORY;
    uint32_t padded = wf_padded_length(s->work->tile, lengths[i]);
    if (padded > s->group_rows || padded > s->max_rows - cost) return WF_ERROR_MEMORY;
    s->lengths[i] = lengths[i];
    rows += lengths[i];
    cost += padded;
  }
  s->count = sequences;
  s->images = s->height = s->width = 0;
  s->at = (wf_cursor){0};
  s->sound.x = NULL;
  s->mask = (wf_mask){0};
  s->finished = 0;
  s->rows = rows;
  return WF_OK;
}

static uint32_t reject(wf_encoder *encoder) {
  encoder->scratch.rows = 0;
  return WF_ERROR_ARGUMENT;
}

void wf_norm_embeddings(wf_encoder *encoder, uint32_t place) {
  wf_scratch *s = &encoder->scratch;
  if (encoder->description.embedding_norm != place) return;
  wf_norm_rows(s->x, &encoder->weights.embedding_norm, NULL, 0, s->rows);
  wf_trace(encoder, s->x, (size_t)s->rows * encoder->description.width);
}

/* The tokens of a block and what their rows are looked up with. */
typedef struct tokens {
  const uint32_t *ids, *positions, *types;
} tokens;

static int tokens_exist(const wf_encoder_description *d, const tokens *t, uint32_t rows) {
  if (d->positions && !t->positions) return 0;
  for (uint32_t r = 0; r < rows; r++) {
    if (t->ids[r] >= d->vocabulary || (d->positions && t->positions[r] >= d->positions)) return 0;
    if (d->types && t->types && t->types[r] >= d->types) return 0;
  }
  return 1;
}

/* What multiplies the rows of a sequence's other tokens where a token is dropped: a model was trained with 12 % of them so. */
static float share_kept(const wf_encoder_description *d, const uint32_t *ids, uint32_t length) {
  uint32_t dropped = 0;
  for (uint32_t i = 0; i < length; i++) dropped += ids[i] == d->dropped_token - 1;
  return (1.0f - 0.12f) / (1.0f - (float)dropped / (float)length);
}

/* A token's row of the table of words, which stands in `space` if the table does not hold it as floats. */
static const float *word_of(float *space, const wf_encoder *e, uint32_t id) {
  const wf_weights *w = &e->weights;
  if (!w->words.outputs) return w->tokens.values + (size_t)id * w->tokens.columns;
  wf_linear_get_row(space, &w->words, e->scratch.work->tile, id);
  return space;
}

/* The sum of the tables' rows for one token, [E]. */
static void embed_token(float *x, const wf_encoder *encoder, const tokens *t, uint32_t row, float kept) {
  const wf_encoder_description *d = &encoder->description;
  const wf_weights *w = &encoder->weights;
  const uint32_t width = d->table_width, type = d->types && t->types ? t->types[row] : 0;
  const float *token = word_of(x, encoder, t->ids[row]);
  const float *kind = d->types ? w->types.values + (size_t)type * width : NULL;
  const float *position = d->positions ? w->positions.values + (size_t)t->positions[row] * width : NULL;
  const int dropped = d->dropped_token && t->ids[row] == d->dropped_token - 1;
  for (uint32_t i = 0; i < width; i++) x[i] = dropped ? 0.0f : token[i];
  for (uint32_t i = 0; d->token_scale > 0.0f && i < width; i++) x[i] *= d->token_scale;
  for (uint32_t i = 0; d->dropped_token && i < width; i++) x[i] *= kept;
  for (uint32_t i = 0; kind && i < width; i++) x[i] += kind[i];
  for (uint32_t i = 0; position && i < width; i++) x[i] += position[i];
}

/* Rows first .. first + count - 1 of the tables' width, which stand in hidden, to the model's. */
static void project_tables(wf_encoder *encoder, uint32_t first, uint32_t count) {
  const wf_encoder_description *d = &encoder->description;
  const wf_linear *linear = &encoder->weights.projection;
  const wf_norm *norm = d->embedding_norm == 1 ? &encoder->weights.embedding_norm : NULL;
  wf_scratch *s = &encoder->scratch;
  wf_sink out = wf_sink_rows(s->x + (size_t)first * d->width, d->width, WF_IDENTITY);
  wf_pack(s->work, s->packed, s->hidden, norm, NULL, linear, count, 0, wf_row_panels(s->work->tile, count));
  if (norm) wf_trace_panels(encoder, s->packed, count, d->table_width);
  wf_multiply(s, &out, linear, count);
  wf_trace(encoder, s->x + (size_t)first * d->width, (size_t)count * d->width);
}

/* Traces the rows of a table, row 0 for each where none are named. */
static void trace_table(wf_encoder *e, const wf_table *table, const uint32_t *rows) {
  for (uint32_t r = 0; table->rows && r < e->scratch.rows; r++)
    wf_trace(e, table->values + (rows ? rows[r] : 0) * (size_t)table->columns, table->columns);
}

static void trace_words(wf_encoder *e, const uint32_t *ids) {
  for (uint32_t r = 0; e->scratch.trace && r < e->scratch.rows; r++)
    wf_trace(e, word_of(e->scratch.work->lines, e, ids[r]), e->description.table_width);
}

uint32_t wf_encoder_begin_tokens(wf_encoder *encoder, const uint32_t *ids, const uint32_t *positions,
                                 const uint32_t *types, const uint32_t *lengths, uint32_t sequences) {
  const wf_encoder_description *d = &encoder->description;
  const tokens t = {ids, positions, types};
  wf_scratch *s = &encoder->scratch;
  WF_TRY(wf_begin(encoder, WF_STEM_TOKENS, lengths, sequences));
  if (!tokens_exist(d, &t, s->rows)) return reject(encoder);
  float *words = s->trace;
  trace_words(encoder, ids);
  for (; d->token_scale > 0.0f && words < s->trace; words++) *words *= d->token_scale;
  trace_table(encoder, &encoder->weights.types, types);
  trace_table(encoder, &encoder->weights.positions, positions);
  uint32_t row = 0, waiting = 0; /* rows that stand in hidden and are not projected yet */
  for (uint32_t i = 0; i < sequences; i++) {
    float kept = d->dropped_token ? share_kept(d, ids + row, lengths[i]) : 1.0f;
    for (uint32_t end = row + lengths[i]; row < end; row++) {
      if (d->projection && waiting == WF_ROWS_AT_A_TIME) {
        project_tables(encoder, row - waiting, waiting);
        waiting = 0;
      }
      float *to =
          d->projection ? s->hidden + (size_t)waiting++ * d->table_width : s->x + (size_t)row * d->width;
      embed_token(to, encoder, &t, row, kept);
    }
  }
  wf_trace(encoder, d->projection ? s->hidden : s->x, (size_t)row * d->table_width);
  if (waiting) project_tables(encoder, row - waiting, waiting);
  if (!d->projection) wf_norm_embeddings(encoder, 1);
  wf_norm_embeddings(encoder, 3);
  if (d->convolution) __builtin_memcpy(s->next, s->x, (size_t)s->rows * d->width * sizeof(float));
  return WF_OK;
}

uint32_t wf_encoder_begin_embeddings(wf_encoder *encoder, const float *x, const uint32_t *lengths,
                                     uint32_t sequences) {
  const wf_encoder_description *d = &encoder->description;
  WF_TRY(wf_begin(encoder, WF_STEM_EMBEDDINGS, lengths, sequences));
  __builtin_memcpy(encoder->scratch.x, x, (size_t)encoder->scratch.rows * d->width * sizeof(float));
  wf_trace(encoder, x, (size_t)encoder->scratch.rows * d->width);
  return WF_OK;
}

/* Begins a block of images of `length` tokens each. */
static uint32_t begin_images(wf_encoder *encoder, uint32_t images, uint32_t length) {
  wf_scratch *s = &encoder->scratch;
  uint32_t cost = wf_encoder_row_cost(encoder, length);
  if (images == 0) return WF_ERROR_ARGUMENT;
  if ((uint64_t)images * cost > s->max_rows) return WF_ERROR_MEMORY;
  if (!wf_is_windowed(&encoder->description) && cost > s->group_rows) return WF_ERROR_MEMORY;
  for (uint32_t i = 0; i < images; i++) s->lengths[i] = length;
  s->count = images;
  s->at = (wf_cursor){0};
  s->mask = (wf_mask){0};
  s->finished = 0;
  s->rows = images * length;
  return WF_OK;
}

/* The patch embedding, a group of patches at a time, into the rows behind each image's prefix. */
static void embed_patches(wf_encoder *encoder, const wf_patches *patches, uint32_t images) {
  const wf_encoder_description *d = &encoder->description;
  const wf_linear *linear = &encoder->weights.patches;
  wf_scratch *s = &encoder->scratch;
  uint32_t on_image = patches->rows * patches->columns, all = images * on_image;
  wf_sink rows = wf_sink_rows(s->x, d->width, WF_IDENTITY);
  rows.map = s->map;
  for (uint32_t first = 0; first < all; first += WF_ROWS_AT_A_TIME) {
    uint32_t count = all - first < WF_ROWS_AT_A_TIME ? all - first : WF_ROWS_AT_A_TIME;
    for (uint32_t i = 0; i < count; i++) {
      uint32_t image = (first + i) / on_image;
      s->map[i] = image * (d->prefix + on_image) + d->prefix + (first + i) % on_image;
    }
    wf_pack_patches(s->work, s->packed, patches, first, count);
    wf_multiply(s, &rows, linear, count);
  }
}

/* The position of row t of an image, NULL if it has none. */
static const float *position_of(const wf_encoder_description *d, const float *positions, uint32_t t) {
  uint32_t row = t < d->prefix ? t : t - d->prefix + d->prefix_positions;
  int counts = t >= d->prefix || t < d->prefix_positions;
  return positions && counts ? positions + (size_t)row * d->width : NULL;
}

/* Prefix tokens and positions of one image's rows. */
static void place_tokens(const wf_encoder *encoder, float *x, const float *positions, uint32_t length) {
  const wf_encoder_description *d = &encoder->description;
  for (uint32_t t = 0; t < length; t++, x += d->width) {
    const float *prefix = t < d->prefix ? encoder->weights.prefix.values + (size_t)t * d->width : NULL;
    const float *position = position_of(d, positions, t);
    for (uint32_t i = 0; prefix && i < d->width; i++) x[i] = prefix[i];
    for (uint32_t i = 0; position && i < d->width; i++) x[i] += position[i];
  }
}

/* Traces what becomes the rows of an image: patches, which stand in their places, prefix tokens and positions. */
static void trace_parts(wf_encoder *e, const float *positions, uint32_t length) {
  const wf_encoder_description *d = &e->description;
  wf_trace(e, e->scratch.x + (size_t)d->prefix * d->width, (size_t)(length - d->prefix) * d->width);
  wf_trace(e, e->weights.prefix.values, (size_t)d->prefix * d->width);
  for (uint32_t t = 0; d->positions && t < length; t++) wf_trace(e, position_of(d, positions, t), d->width);
}

uint32_t wf_encoder_begin_pixels(wf_encoder *encoder, const float *pixels, const float *positions,
                                 uint32_t images, uint32_t height, uint32_t width) {
  const wf_encoder_description *d = &encoder->description;
  wf_scratch *s = &encoder->scratch;
  uint32_t grid[2];
  WF_TRY(wf_ready(encoder));
  s->rows = 0;
  WF_TRY(wf_patch_grid(grid, d, height, width));
  uint32_t on_image = grid[0] * grid[1], length = d->prefix + on_image;
  if (!positions && d->positions && d->positions != on_image + d->prefix_positions) return WF_ERROR_SHAPE;
  WF_TRY(begin_images(encoder, images, length));
  s->images = images;
  s->height = grid[0];
  s->width = grid[1];
  wf_patches patches = {.pixels = pixels,
                        .channels = d->channels,
                        .height = height,
                        .width = width,
                        .patch_height = d->patch_height,
                        .patch_width = d->patch_width,
                        .stride_height = d->stride_height,
                        .stride_width = d->stride_width,
                        .rows = grid[0],
                        .columns = grid[1]};
  wf_derive_map(encoder);
  embed_patches(encoder, &patches, images);
  wf_norm_embeddings(encoder, 2);
  const float *table = positions ? positions : d->positions ? encoder->weights.positions.values : NULL;
  trace_parts(encoder, table, length);
  for (uint32_t i = 0; i < images; i++)
    place_tokens(encoder, s->x + (size_t)i * length * d->width, table, length);
  wf_trace(encoder, s->x, (size_t)length * d->width);
  wf_norm_embeddings(encoder, 1);
  return WF_OK;
}

const float *wf_encoder_positions(const wf_encoder *encoder) { return encoder->weights.positions.values; }
