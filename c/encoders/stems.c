/* The stems: token ids, rows or pixels become the rows that enter layer 0, a block of sequences. */
#include "encoder.h"

/* Begins a block for a stem; none is begun if it does not fit. */
static uint32_t begin(wf_encoder *encoder, wf_stem stem, const uint32_t *lengths, uint32_t sequences) {
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
  s->mask = (wf_mask){0};
  s->finished = 0;
  s->rows = rows;
  return WF_OK;
}

static uint32_t reject(wf_encoder *encoder) {
  encoder->scratch.rows = 0;
  return WF_ERROR_ARGUMENT;
}

/* before: positions are still to be added */
static void norm_embeddings(wf_encoder *encoder, int before) {
  if (encoder->weights.embedding_norm.width && (encoder->description.embedding_norm == 2) == before)
    wf_norm_rows(encoder->scratch.x, &encoder->weights.embedding_norm, NULL, 0, encoder->scratch.rows);
}

uint32_t wf_encoder_begin_tokens(wf_encoder *encoder, const uint32_t *ids, const uint32_t *positions,
                                 const uint32_t *types, const uint32_t *lengths, uint32_t sequences) {
  const wf_encoder_description *d = &encoder->description;
  const wf_weights *w = &encoder->weights;
  wf_scratch *s = &encoder->scratch;
  WF_TRY(begin(encoder, WF_STEM_TOKENS, lengths, sequences));
  if (d->positions && !positions) return reject(encoder);
  for (uint32_t r = 0; r < s->rows; r++) {
    uint32_t type = d->types && types ? types[r] : 0;
    if (ids[r] >= d->vocabulary || (d->positions && positions[r] >= d->positions)) return reject(encoder);
    if (d->types && type >= d->types) return reject(encoder);
    float *x = s->x + (size_t)r * d->width;
    const float *token = w->tokens.values + (size_t)ids[r] * d->width;
    for (uint32_t i = 0; i < d->width; i++) x[i] = token[i];
    const float *kind = w->types.values + (size_t)type * d->width;
    for (uint32_t i = 0; d->types && i < d->width; i++) x[i] += kind[i];
    const float *position = d->positions ? w->positions.values + (size_t)positions[r] * d->width : NULL;
    for (uint32_t i = 0; position && i < d->width; i++) x[i] += position[i];
  }
  norm_embeddings(encoder, 0);
  return WF_OK;
}

uint32_t wf_encoder_begin_embeddings(wf_encoder *encoder, const float *x, const uint32_t *lengths,
                                     uint32_t sequences) {
  const wf_encoder_description *d = &encoder->description;
  WF_TRY(begin(encoder, WF_STEM_EMBEDDINGS, lengths, sequences));
  __builtin_memcpy(encoder->scratch.x, x, (size_t)encoder->scratch.rows * d->width * sizeof(float));
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
    wf_linear_forward(s->work, &rows, s->packed, linear, count, 0, wf_linear_blocks(linear, s->work->tile));
  }
}

/* Prefix tokens and positions of one image's rows. */
static void place_tokens(const wf_encoder *encoder, float *x, const float *positions, uint32_t length) {
  const wf_encoder_description *d = &encoder->description;
  for (uint32_t t = 0; t < length; t++, x += d->width) {
    const float *prefix = t < d->prefix ? encoder->weights.prefix.values + (size_t)t * d->width : NULL;
    uint32_t row = t < d->prefix ? t : t - d->prefix + d->prefix_positions;
    int counts = t >= d->prefix || t < d->prefix_positions;
    const float *position = positions && counts ? positions + (size_t)row * d->width : NULL;
    for (uint32_t i = 0; prefix && i < d->width; i++) x[i] = prefix[i];
    for (uint32_t i = 0; position && i < d->width; i++) x[i] += position[i];
  }
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
                        .rows = grid[0],
                        .columns = grid[1]};
  embed_patches(encoder, &patches, images);
  norm_embeddings(encoder, 1);
  const float *table = positions ? positions : d->positions ? encoder->weights.positions.values : NULL;
  for (uint32_t i = 0; i < images; i++)
    place_tokens(encoder, s->x + (size_t)i * length * d->width, table, length);
  norm_embeddings(encoder, 0);
  return WF_OK;
}

const float *wf_encoder_positions(const wf_encoder *encoder) { return encoder->weights.positions.values; }
