/* Attention to other rows than those that ask, without residual: as a module of its own, whose queries, keys and values
 * come from the caller, and as pooling. Reference: torch.nn.MultiheadAttention with batch_first, the tutorial module of
 * "Dive into Deep Learning"; of pooling transformers' SiglipMultiheadAttentionPoolingHead, timm's AttentionPoolLatent. */
#include "encoder.h"

enum { QUERIES = 1, KEYS = 2, VALUES = 4 };

/* Rows of one sequence go through the common projection; only some parts are taken. */
static void project(wf_scratch *s, const wf_layer *layer, const float *x, uint32_t rows, uint32_t parts) {
  const wf_linear *qkv = &layer->weights->qkv;
  wf_sink heads = wf_sink_heads(s->work, &s->heads, wf_query_scale(layer->kind));
  heads.parts = parts;
  wf_pack(s->work, s->packed, x, NULL, NULL, qkv, rows, 0, wf_row_panels(s->work->tile, rows));
  wf_multiply(s, &heads, qkv, rows);
}

/* Lays out one sequence of queries and one of keys; MEMORY if they are too long. */
static uint32_t lay_out(wf_scratch *s, const wf_kind_description *kind, uint32_t query_length,
                        uint32_t key_length) {
  uint32_t longest = query_length > key_length ? query_length : key_length;
  if (longest > s->group_rows || wf_padded_length(s->work->tile, longest) > s->group_rows)
    return WF_ERROR_MEMORY;
  for (uint32_t i = 0; i < longest; i++) s->sequence_of_row[i] = 0;
  s->sequences[0] = (wf_sequence){.length = query_length};
  s->memory[0] = (wf_sequence){.length = key_length};
  s->heads.heads = kind->heads;
  s->heads.key_heads = kind->key_heads;
  s->heads.width = kind->head_width;
  s->heads.left = s->heads.right = WF_UNLIMITED;
  return WF_OK;
}

/* One sequence, see lay_out; out, queries: [query_length, D], keys, values: [key_length, D]. */
static void attend(float *out, float *maps, wf_scratch *s, const wf_layer *layer, const float *queries,
                   const float *keys, const float *values) {
  const wf_linear *last = &layer->weights->out;
  uint32_t query_length = s->sequences->length, key_length = s->memory->length;
  s->heads.memory = s->memory;
  project(s, layer, queries, query_length, QUERIES);
  project(s, layer, keys, key_length, keys == values ? KEYS | VALUES : KEYS);
  if (keys != values) project(s, layer, values, key_length, VALUES);
  wf_attention(s->work, s->packed, &s->heads, 0, wf_attention_units(&s->heads, 1), maps);
  s->heads.memory = s->sequences;
  wf_sink rows = wf_sink_rows(out, layer->kind->width, WF_IDENTITY);
  wf_multiply(s, &rows, last, query_length);
}

uint32_t wf_encoder_attend(float *out, float *maps, wf_encoder *encoder, const float *queries,
                           const float *keys, const float *values, const uint32_t *valid, uint32_t sequences,
                           uint32_t query_length, uint32_t key_length) {
  WF_TRY(wf_ready(encoder));
  const wf_encoder_description *d = &encoder->description;
  wf_scratch *s = &encoder->scratch;
  if (d->stem != WF_STEM_ATTENTION || d->layers == 0) return WF_ERROR_UNSUPPORTED;
  if (query_length == 0 || key_length == 0) return WF_ERROR_ARGUMENT;
  WF_TRY(wf_ready(encoder));
  WF_TRY(lay_out(s, &d->kind[0], query_length, key_length));
  size_t query_step = (size_t)query_length * d->width, key_step = (size_t)key_length * d->width;
  for (uint32_t b = 0; b < sequences; b++) {
    if (valid) s->steps[0] = wf_step_valid_of_queries(valid + (size_t)b * query_length);
    s->heads.step_count = valid ? 1 : 0;
    attend(out + b * query_step, maps, s, encoder->weights.layers, queries + b * query_step,
           keys + b * key_step, values + b * key_step);
    if (maps) maps += (size_t)s->heads.heads * query_length * key_length;
  }
  return wf_ready(encoder);
}

uint32_t wf_attention_pool(float *out, wf_encoder *e, const float *x, uint32_t skip, uint32_t first,
                           uint32_t count) {
  wf_scratch *s = &e->scratch;
  const wf_layer *layer = &e->weights.layers[e->description.layers];
  uint32_t width = layer->kind->width;
  s->heads.step_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    const float *rows = x + (size_t)skip * width;
    WF_TRY(lay_out(s, layer->kind, 1, s->lengths[first + i] - skip));
    attend(out + (size_t)i * width, NULL, s, layer, e->weights.probe.values, rows, rows);
    x += (size_t)s->lengths[first + i] * width;
  }
  /* The network of the layer at hand, which is this one when all others have run. */
  s->group = (wf_row_group){.x = out, .rows = count};
  for (uint32_t i = 0; i < wf_feed_forward_part.count; i++) {
    const wf_stage *stage = &wf_feed_forward_part.stages[i];
    stage->run(e, s->work, 0, stage->units(e));
  }
  return WF_OK;
}
