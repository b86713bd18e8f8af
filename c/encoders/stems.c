/* The stems: token ids, rows or pixels become the rows that enter layer 0, laid out as a block of sequences. */
#include "encoder.h"

/* Lays the block's sequences out for a stem; none is begun if they do not fit. */
static uint32_t begin(wf_encoder *encoder, wf_stem stem, const uint32_t *lengths, uint32_t sequences) {
  wf_scratch *s = &encoder->scratch;
  uint32_t row = 0, slot = 0, most = encoder->description.max_rows;
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  s->rows = 0;
  s->done = 0;
  if (sequences == 0 || encoder->description.stem != stem) return WF_ERROR_ARGUMENT;
  for (uint32_t i = 0; i < sequences; i++) {
    if (lengths[i] == 0) return WF_ERROR_ARGUMENT;
    if (lengths[i] > most || wf_padded_length(s->work.tile, lengths[i]) > most - slot) return WF_ERROR_MEMORY;
    s->sequences[i] = (wf_sequence){.row = row, .length = lengths[i], .slot = slot};
    for (uint32_t t = 0; t < lengths[i]; t++) s->sequence_of_row[row++] = i;
    slot += wf_padded_length(s->work.tile, lengths[i]);
  }
  s->count = sequences;
  s->rows = row;
  return WF_OK;
}

static uint32_t reject(wf_encoder *encoder) {
  encoder->scratch.rows = 0;
  return WF_ERROR_ARGUMENT;
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
    const float *token = w->tokens + (size_t)ids[r] * d->width;
    for (uint32_t i = 0; i < d->width; i++) x[i] = token[i];
    const float *kind = w->types + (size_t)type * d->width;
    for (uint32_t i = 0; d->types && i < d->width; i++) x[i] += kind[i];
    const float *position = d->positions ? w->positions + (size_t)positions[r] * d->width : NULL;
    for (uint32_t i = 0; position && i < d->width; i++) x[i] += position[i];
  }
  if (d->embedding_norm) wf_norm_rows(s->x, &w->embedding_norm, s->rows, d->width);
  return WF_OK;
}

uint32_t wf_encoder_begin_embeddings(wf_encoder *encoder, const float *x, const uint32_t *lengths,
                                     uint32_t sequences) {
  const wf_encoder_description *d = &encoder->description;
  WF_TRY(begin(encoder, WF_STEM_EMBEDDINGS, lengths, sequences));
  __builtin_memcpy(encoder->scratch.x, x, (size_t)encoder->scratch.rows * d->width * sizeof(float));
  return WF_OK;
}

/* Lays out images of `patches` patches each: in a plain stack one sequence an image, in a windowed one only rows. */
static uint32_t begin_images(wf_encoder *encoder, uint32_t images, uint32_t patches) {
  const wf_encoder_description *d = &encoder->description;
  wf_scratch *s = &encoder->scratch;
  uint32_t length = d->prefix + patches, padded = wf_padded_length(s->work.tile, length), row = 0;
  s->rows = 0;
  s->done = 0;
  if (images == 0) return WF_ERROR_ARGUMENT;
  if ((uint64_t)images * (d->stages ? length : padded) > d->max_rows) return WF_ERROR_MEMORY;
  for (uint32_t i = 0; i < images && !d->stages; i++) {
    s->sequences[i] = (wf_sequence){.row = row, .length = length, .slot = i * padded};
    for (uint32_t t = 0; t < length; t++) s->sequence_of_row[row++] = i;
  }
  s->count = images;
  s->rows = images * length;
  return WF_OK;
}

/* Whether every stage's map holds a whole window: the reference fails on smaller ones, so there is nothing to equal. */
static int windows_fit(const wf_encoder_description *d, uint32_t rows, uint32_t columns) {
  for (uint32_t i = 0; i < d->stages; i++, rows = (rows + 1) / 2, columns = (columns + 1) / 2) {
    if (rows < d->window || columns < d->window) return 0;
  }
  return 1;
}

/* The patch embedding, a group of patches at a time, into the rows behind each image's prefix. */
static void embed_patches(wf_encoder *encoder, const wf_patches *patches, uint32_t images) {
  const wf_encoder_description *d = &encoder->description;
  wf_scratch *s = &encoder->scratch;
  uint32_t on_image = patches->rows * patches->columns, all = images * on_image;
  uint32_t group = wf_group_rows(d);
  wf_sink rows = wf_sink_rows(s->x, d->width, WF_IDENTITY);
  rows.map = s->map;
  for (uint32_t first = 0; first < all; first += group) {
    uint32_t count = all - first < group ? all - first : group;
    for (uint32_t i = 0; i < count; i++) {
      uint32_t image = (first + i) / on_image;
      s->map[i] = image * (d->prefix + on_image) + d->prefix + (first + i) % on_image;
    }
    wf_pack_patches(&s->work, s->packed, patches, first, count);
    wf_linear_forward(&s->work, &rows, s->packed, &encoder->weights.patches, count);
  }
}

/* Prefix tokens and positions of one image's rows. */
static void place_tokens(const wf_encoder *encoder, float *x, const float *positions, uint32_t length) {
  const wf_encoder_description *d = &encoder->description;
  for (uint32_t t = 0; t < length; t++, x += d->width) {
    const float *prefix = t < d->prefix ? encoder->weights.prefix + (size_t)t * d->width : NULL;
    uint32_t skipped = d->prefix_positions ? 0 : d->prefix;
    const float *position = positions && t >= skipped ? positions + (size_t)(t - skipped) * d->width : NULL;
    for (uint32_t i = 0; prefix && i < d->width; i++) x[i] = prefix[i];
    for (uint32_t i = 0; position && i < d->width; i++) x[i] += position[i];
  }
}

uint32_t wf_encoder_begin_pixels(wf_encoder *encoder, const float *pixels, const float *positions,
                                 uint32_t images, uint32_t height, uint32_t width) {
  const wf_encoder_description *d = &encoder->description;
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  encoder->scratch.rows = 0;
  if (d->stem != WF_STEM_PATCHES || height == 0 || width == 0 || height > 65536 || width > 65536)
    return reject(encoder);
  wf_patches patches = {.pixels = pixels,
                        .channels = d->channels,
                        .height = height,
                        .width = width,
                        .patch_height = d->patch_height,
                        .patch_width = d->patch_width};
  uint32_t more_rows = d->stages ? d->patch_height - 1 : 0, more_columns = d->stages ? d->patch_width - 1 : 0;
  patches.rows = (height + more_rows) / d->patch_height;
  patches.columns = (width + more_columns) / d->patch_width;
  uint32_t on_image = patches.rows * patches.columns, length = d->prefix + on_image;
  if (on_image == 0 || !windows_fit(d, patches.rows, patches.columns)) return WF_ERROR_SHAPE;
  if (!positions && d->positions && d->positions != on_image + (d->prefix_positions ? d->prefix : 0)) {
    return WF_ERROR_SHAPE;
  }
  WF_TRY(begin_images(encoder, images, on_image));
  wf_scratch *s = &encoder->scratch;
  s->images = images;
  s->height = patches.rows;
  s->width = patches.columns;
  embed_patches(encoder, &patches, images);
  const float *table = positions ? positions : d->positions ? encoder->weights.positions : NULL;
  for (uint32_t i = 0; i < images; i++)
    place_tokens(encoder, s->x + (size_t)i * length * d->width, table, length);
  if (d->embedding_norm) wf_norm_rows(s->x, &encoder->weights.embedding_norm, s->rows, d->width);
  return WF_OK;
}

const float *wf_encoder_positions(const wf_encoder *encoder) { return encoder->weights.positions; }
