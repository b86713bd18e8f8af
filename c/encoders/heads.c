/* Linear heads on top of an encoder: poolers, classifiers, dense layers of sentence-transformers, and the decoder of a
 * masked language model, which multiplies by the token table. */
#include "encoder.h"

/* The token table is kept as rows for look-up; a tied head packs it panel by panel as it goes. */
static void tied_forward(const wf_scratch *s, float *out, const wf_encoder *encoder, const wf_head *head,
                         uint32_t rows) {
  const wf_tile *tile = s->work.tile;
  uint32_t width = encoder->description.width, vocabulary = encoder->description.vocabulary;
  for (uint32_t first = 0; first < vocabulary; first += tile->columns) {
    uint32_t n = vocabulary - first < tile->columns ? vocabulary - first : tile->columns;
    wf_linear panel = {.panels = s->work.panel, .inputs = width, .outputs = n};
    for (uint32_t j = 0; j < n; j++) {
      const float *token = encoder->weights.tokens + (size_t)(first + j) * width;
      wf_linear_put(&panel, tile, j, 0, token, width, 1.0f);
      wf_linear_put_bias(&panel, tile, j, head->tied_bias[first + j]);
    }
    wf_sink columns = wf_sink_rows(out + first, vocabulary, WF_IDENTITY);
    wf_linear_forward(&s->work, &columns, s->packed, &panel, rows);
  }
}

/* As many rows as the scratch takes at a time. */
static void head_forward(float *out, const float *x, wf_encoder *encoder, uint32_t head, uint32_t rows) {
  const wf_head_description *h = &encoder->description.head[head];
  const wf_head *weights = &encoder->weights.heads[head];
  const wf_scratch *s = &encoder->scratch;
  wf_pack(&s->work, s->packed, x, NULL, NULL, rows, h->inputs);
  if (h->tied) {
    tied_forward(s, out, encoder, weights, rows);
    return;
  }
  wf_sink sink = wf_sink_rows(out, h->outputs, (wf_activation)h->activation);
  wf_linear_forward(&s->work, &sink, s->packed, &weights->linear, rows);
  if (h->norm) wf_norm_rows(out, &weights->norm, rows, h->outputs);
}

uint32_t wf_encoder_head(float *out, const float *x, wf_encoder *encoder, uint32_t head, uint32_t rows) {
  const wf_encoder_description *d = &encoder->description;
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  if (head >= d->head_count) return WF_ERROR_ARGUMENT;
  uint32_t group = wf_group_rows(d), inputs = d->head[head].inputs, outputs = d->head[head].outputs;
  for (uint32_t first = 0; first < rows; first += group) {
    uint32_t count = rows - first < group ? rows - first : group;
    head_forward(out + (size_t)first * outputs, x + (size_t)first * inputs, encoder, head, count);
  }
  return WF_OK;
}
