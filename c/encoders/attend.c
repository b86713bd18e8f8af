/* Attention as a module of its own: queries, keys and values come from the caller, and there is no residual. Reference:
 * torch.nn.MultiheadAttention with batch_first, and the tutorial module of "Dive into Deep Learning". */
#include "encoder.h"

/* One of the three inputs of one sequence goes through the common projection; only its own part is taken. */
static void project(wf_scratch *s, const wf_linear *qkv, const float *x, uint32_t rows, uint32_t part) {
  wf_sink heads = wf_sink_heads(s->work, &s->heads);
  heads.parts = 1u << part;
  wf_pack(s->work, s->packed, x, NULL, NULL, qkv, rows, 0, wf_row_panels(s->work->tile, rows));
  wf_linear_forward(s->work, &heads, s->packed, qkv, rows, 0, wf_linear_blocks(qkv, s->work->tile));
}

/* Lays out one sequence of queries and one of keys; MEMORY if they are too long. */
static uint32_t lay_out(wf_encoder *encoder, uint32_t query_length, uint32_t key_length) {
  wf_scratch *s = &encoder->scratch;
  uint32_t longest = query_length > key_length ? query_length : key_length;
  if (longest > s->group_rows || wf_padded_length(s->work->tile, longest) > s->group_rows)
    return WF_ERROR_MEMORY;
  for (uint32_t i = 0; i < longest; i++) s->sequence_of_row[i] = 0;
  s->sequences[0] = (wf_sequence){.length = query_length};
  s->memory[0] = (wf_sequence){.length = key_length};
  const wf_kind_description *kind = &encoder->description.kind[0];
  s->heads.heads = kind->heads;
  s->heads.key_heads = kind->key_heads;
  s->heads.width = kind->head_width;
  s->heads.left = s->heads.right = WF_UNLIMITED;
  return WF_OK;
}

uint32_t wf_encoder_attend(float *out, float *maps, wf_encoder *encoder, const float *queries,
                           const float *keys, const float *values, const uint32_t *valid, uint32_t sequences,
                           uint32_t query_length, uint32_t key_length) {
  WF_TRY(wf_ready(encoder));
  const wf_encoder_description *d = &encoder->description;
  wf_scratch *s = &encoder->scratch;
  if (d->stem != WF_STEM_ATTENTION || d->layers == 0) return WF_ERROR_UNSUPPORTED;
  if (query_length == 0 || key_length == 0) return WF_ERROR_ARGUMENT;
  WF_TRY(lay_out(encoder, query_length, key_length));
  const wf_layer_weights *w = encoder->weights.layers->weights;
  uint32_t blocks = wf_linear_blocks(&w->out, s->work->tile);
  size_t query_step = (size_t)query_length * d->width, key_step = (size_t)key_length * d->width;
  for (uint32_t b = 0; b < sequences; b++) {
    if (valid) s->steps[0] = wf_step_valid_of_queries(valid + (size_t)b * query_length);
    s->heads.step_count = valid ? 1 : 0;
    project(s, &w->qkv, queries + b * query_step, query_length, 0);
    project(s, &w->qkv, keys + b * key_step, key_length, 1);
    project(s, &w->qkv, values + b * key_step, key_length, 2);
    wf_attention(s->work, s->packed, &s->heads, 0, wf_attention_units(&s->heads, 1), maps);
    wf_sink rows = wf_sink_rows(out + b * query_step, d->width, WF_IDENTITY);
    wf_linear_forward(s->work, &rows, s->packed, &w->out, query_length, 0, blocks);
    if (maps) maps += (size_t)s->heads.heads * query_length * key_length;
  }
  return WF_OK;
}
