/* The plain layer stack: attention and feed-forward network over a block of sequences, and the final norm. What enters it
 * is in stems.c, windowed layers are in windows.c. */
#include "encoder.h"

void wf_attend(wf_scratch *s, const wf_layer *layer, const wf_norm *norm, const uint32_t *map, uint32_t rows,
               uint32_t sequences, float *maps) {
  wf_sink heads = wf_sink_heads(&s->work, &s->heads), residual = wf_sink_add(s->x, layer->width);
  residual.map = map;
  wf_pack(&s->work, s->packed, s->x, norm, map, rows, layer->width);
  wf_linear_forward(&s->work, &heads, s->packed, &layer->qkv, rows);
  wf_attention(&s->work, s->packed, &s->heads, 0, sequences * layer->heads, maps);
  wf_linear_forward(&s->work, &residual, s->packed, &layer->out, rows);
}

void wf_feed_forward(wf_scratch *s, const wf_layer *layer, const wf_norm *norm, uint32_t first, uint32_t rows,
                     wf_activation activation) {
  float *x = s->x + (size_t)first * layer->width;
  wf_sink inside = wf_sink_panels(&s->work, s->hidden, layer->up.outputs, activation);
  wf_sink residual = wf_sink_add(x, layer->width);
  wf_pack(&s->work, s->packed, x, norm, NULL, rows, layer->width);
  wf_linear_forward(&s->work, &inside, s->packed, &layer->up, rows);
  wf_linear_forward(&s->work, &residual, s->hidden, &layer->down, rows);
}

static void plain_layer(const wf_encoder_description *d, const wf_layer *l, wf_scratch *s, float *maps) {
  wf_activation activation = (wf_activation)d->activation;
  if (d->place == WF_PLACE_PRE) {
    wf_attend(s, l, &l->norm1, NULL, s->rows, s->count, maps);
    wf_feed_forward(s, l, &l->norm2, 0, s->rows, activation);
  } else {
    wf_attend(s, l, NULL, NULL, s->rows, s->count, maps);
    wf_norm_rows(s->x, &l->norm1, s->rows, d->width);
    wf_feed_forward(s, l, NULL, 0, s->rows, activation);
    wf_norm_rows(s->x, &l->norm2, s->rows, d->width);
  }
}

uint32_t wf_encoder_layer(float *maps, wf_encoder *encoder, uint32_t layer) {
  const wf_encoder_description *d = &encoder->description;
  if (encoder->magic != WF_ENCODER_MAGIC || encoder->scratch.rows == 0) return WF_ERROR_STATE;
  if (layer >= d->layers) return WF_ERROR_ARGUMENT;
  /* A windowed layer fits the map that the layers before it leave. */
  if (d->stages && layer != encoder->scratch.done) return WF_ERROR_STATE;
  encoder->scratch.done = layer + 1;
  const wf_layer *l = &encoder->weights.layers[layer];
  if (d->stages) {
    wf_windowed_layer(encoder, l, maps);
  } else {
    plain_layer(d, l, &encoder->scratch, maps);
  }
  return WF_OK;
}

uint32_t wf_encoder_finish(wf_encoder *encoder) {
  const wf_encoder_description *d = &encoder->description;
  wf_scratch *s = &encoder->scratch;
  if (encoder->magic != WF_ENCODER_MAGIC || s->rows == 0) return WF_ERROR_STATE;
  if (d->stages && s->done != d->layers) return WF_ERROR_STATE;
  if (d->final_norm)
    wf_norm_rows(s->x, &encoder->weights.final_norm, s->rows, wf_stage_width(d, wf_last_stage(d)));
  return WF_OK;
}

float *wf_encoder_hidden(wf_encoder *encoder) { return encoder->scratch.x; }

uint32_t wf_encoder_row_cost(const wf_encoder *encoder, uint32_t length) {
  return wf_padded_length(encoder->scratch.work.tile, length);
}
