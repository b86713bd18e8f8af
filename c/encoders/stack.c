/* The layer stack: a block of sequences goes through the stem, the layers and the final norm. */
#include "encoder.h"

/* Self-attention over the block, added to x: queries, keys and values are one product. */
static void attend(const wf_layer *layer, wf_scratch *s, const wf_norm *norm, uint32_t width, float *maps) {
  wf_sink heads = wf_sink_heads(&s->work, &s->heads), residual = wf_sink_add(s->x, width);
  wf_pack(&s->work, s->packed, s->x, norm, s->rows, width);
  wf_linear_forward(&s->work, &heads, s->packed, &layer->qkv, s->rows);
  wf_attention(&s->work, s->packed, &s->heads, s->count, maps);
  wf_linear_forward(&s->work, &residual, s->packed, &layer->out, s->rows);
}

/* The feed-forward network, added to x. */
static void feed_forward(const wf_layer *layer, wf_scratch *s, const wf_norm *norm, uint32_t width,
                         wf_activation activation) {
  wf_sink inside = wf_sink_panels(&s->work, s->hidden, layer->up.outputs, activation);
  wf_sink residual = wf_sink_add(s->x, width);
  wf_pack(&s->work, s->packed, s->x, norm, s->rows, width);
  wf_linear_forward(&s->work, &inside, s->packed, &layer->up, s->rows);
  wf_linear_forward(&s->work, &residual, s->hidden, &layer->down, s->rows);
}

uint32_t wf_encoder_layer(float *maps, wf_encoder *encoder, uint32_t layer) {
  const wf_encoder_description *d = &encoder->description;
  wf_scratch *s = &encoder->scratch;
  if (encoder->magic != WF_ENCODER_MAGIC || s->rows == 0) return WF_ERROR_STATE;
  if (layer >= d->layers) return WF_ERROR_ARGUMENT;
  const wf_layer *l = &encoder->weights.layers[layer];
  if (d->place == WF_PLACE_PRE) {
    attend(l, s, &l->norm1, d->width, maps);
    feed_forward(l, s, &l->norm2, d->width, (wf_activation)d->activation);
  } else {
    attend(l, s, NULL, d->width, maps);
    wf_norm_rows(s->x, &l->norm1, s->rows, d->width);
    feed_forward(l, s, NULL, d->width, (wf_activation)d->activation);
    wf_norm_rows(s->x, &l->norm2, s->rows, d->width);
  }
  return WF_OK;
}

uint32_t wf_encoder_finish(wf_encoder *encoder) {
  wf_scratch *s = &encoder->scratch;
  if (encoder->magic != WF_ENCODER_MAGIC || s->rows == 0) return WF_ERROR_STATE;
  if (encoder->description.final_norm) {
    wf_norm_rows(s->x, &encoder->weights.final_norm, s->rows, encoder->description.width);
  }
  return WF_OK;
}

float *wf_encoder_hidden(wf_encoder *encoder) { return encoder->scratch.x; }

uint32_t wf_encoder_row_cost(const wf_encoder *encoder, uint32_t length) {
  return wf_padded_length(encoder->scratch.work.tile, length);
}

/* Lays the block's sequences out; none is begun if they do not fit. */
static uint32_t begin(wf_encoder *encoder, const uint32_t *lengths, uint32_t sequences) {
  wf_scratch *s = &encoder->scratch;
  uint32_t row = 0, slot = 0, most = encoder->description.max_rows;
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  s->rows = 0;
  if (sequences == 0) return WF_ERROR_ARGUMENT;
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
  WF_TRY(begin(encoder, lengths, sequences));
  if (d->stem != WF_STEM_TOKENS || (d->positions && !positions)) return reject(encoder);
  for (uint32_t r = 0; r < s->rows; r++) {
    uint32_t type = types ? types[r] : 0;
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
  WF_TRY(begin(encoder, lengths, sequences));
  if (d->stem != WF_STEM_EMBEDDINGS) return reject(encoder);
  __builtin_memcpy(encoder->scratch.x, x, (size_t)encoder->scratch.rows * d->width * sizeof(float));
  return WF_OK;
}
