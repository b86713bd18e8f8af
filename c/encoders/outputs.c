/* What becomes of finished rows: pooling, a norm of what it gives, linear heads in turn (poolers, classifiers, dense layers of
 * sentence-transformers, the decoder of a masked language model, which multiplies by the token table), unit length. */
#include "encoder.h"

typedef struct tied {
  const wf_encoder *encoder;
  const wf_head *head;
  float *out;
  uint32_t rows;
} tied;

/* Panels first .. end - 1 of the token table, which is kept as rows for look-up: each is packed where it is multiplied. */
static void multiply_tied(void *context, uint32_t thread, uint32_t first, uint32_t end) {
  const tied *t = context;
  const wf_workspace *work = &t->encoder->scratch.work[thread];
  const wf_tile *tile = work->tile;
  const wf_table *tokens = &t->encoder->weights.tokens;
  for (uint32_t at = first * tile->columns; at < end * tile->columns && at < tokens->rows;
       at += tile->columns) {
    uint32_t n = tokens->rows - at < tile->columns ? tokens->rows - at : tile->columns;
    const float *token = tokens->values + (size_t)at * tokens->columns;
    wf_linear panel = wf_linear_make(tile, tokens->columns, n, 0, WF_F32);
    panel.panels = work->panel;
    if (n == tile->columns) wf_linear_put_panel(&panel, tile, 0, token);
    for (uint32_t j = 0; j < n; j++) {
      if (n < tile->columns)
        wf_linear_put(&panel, tile, j, 0, token + (size_t)j * tokens->columns, tokens->columns);
      wf_linear_put_bias(&panel, tile, j, t->head->tied_bias.values[at + j]);
    }
    wf_sink columns = wf_sink_rows(t->out + at, tokens->rows, WF_IDENTITY);
    wf_linear_forward(work, &columns, t->encoder->scratch.packed, &panel, t->rows, 0, 1);
  }
}

static void tied_forward(const wf_scratch *s, float *out, const wf_encoder *encoder, const wf_head *head,
                         uint32_t rows) {
  const wf_table *tokens = &encoder->weights.tokens;
  const wf_tile *tile = s->work->tile;
  if (encoder->weights.words.outputs) {
    wf_linear words = encoder->weights.words;
    wf_sink sink = wf_sink_rows(out, words.outputs, WF_IDENTITY);
    words.bias = head->tied_bias.values;
    wf_multiply(s, &sink, &words, rows);
    return;
  }
  tied t = {encoder, head, out, rows};
  wf_for(s->team, wf_panels_of(tokens->rows, tile->columns), (uint64_t)rows * tokens->columns * tile->columns,
         multiply_tied, &t);
}

/* out may be x. */
static void head_forward(float *out, const float *x, wf_encoder *encoder, uint32_t head, uint32_t rows) {
  const wf_head_description *h = &encoder->description.head[head];
  const wf_head *weights = &encoder->weights.heads[head];
  const wf_scratch *s = &encoder->scratch;
  const wf_tile *tile = s->work->tile;
  if (h->bare) {
    if (out != x) __builtin_memcpy(out, x, (size_t)rows * h->inputs * sizeof(float));
    wf_norm_rows(out, &weights->norm, NULL, 0, rows);
    return;
  }
  wf_linear reader = wf_linear_make(tile, h->inputs, h->outputs, 0, WF_F32);
  wf_pack(s->work, s->packed, x, NULL, NULL, &reader, rows, 0, wf_row_panels(tile, rows));
  if (h->tied) {
    tied_forward(s, out, encoder, weights, rows);
    return;
  }
  wf_sink sink = wf_sink_rows(out, h->outputs, (wf_activation)h->activation);
  wf_multiply(s, &sink, &weights->linear, rows);
  if (weights->norm.width) wf_norm_rows(out, &weights->norm, NULL, 0, rows);
}

/* The rows up to the last that a pooling sees. */
static uint32_t pooled_length(const wf_output *output, uint32_t pooling, uint32_t length) {
  int all = output->rows == 0 || output->pooling[pooling] == WF_POOL_TOKEN;
  return all || length - output->skip < output->rows ? length : output->skip + output->rows;
}

/* Sequences first .. first + count - 1, their poolings side by side. */
static uint32_t pool(float *out, wf_encoder *e, const wf_output *output, uint32_t first, uint32_t count) {
  const wf_scratch *s = &e->scratch;
  uint32_t width = wf_last_width(&e->description);
  const float *x = s->x;
  for (uint32_t i = 0; i < first; i++) x += (size_t)s->lengths[i] * width;
  float *at = out;
  int attends = output->pooling[0] == WF_POOL_ATTENTION;
  if (attends) WF_TRY(wf_attention_pool(out, e, x, output->skip, first, count));
  for (uint32_t i = first; !attends && i < first + count; x += (size_t)s->lengths[i++] * width)
    for (uint32_t p = 0; p < output->poolings; p++, at += width)
      wf_pool(at, x, pooled_length(output, p, s->lengths[i]), width, (wf_pooling)output->pooling[p],
              output->token, output->skip);
  if (e->description.final_norm == WF_FINAL_NORM_POOLED)
    wf_norm_rows(out, &e->weights.final_norm, NULL, 0, count * output->poolings);
  return WF_OK;
}

/* The mean of a sequence's rows behind the heads that come before it; it stays until the next. */
static const float *late_mean(wf_encoder *e, const wf_output *output, const float *x, uint32_t length) {
  uint32_t inputs = wf_last_width(&e->description);
  uint32_t width = e->description.head[output->head[output->late - 1]].outputs;
  float *mean = e->scratch.vectors, *rows = mean + width;
  for (uint32_t i = 0; i < width; i++) mean[i] = 0.0f;
  for (uint32_t done = 0; done < length; done += WF_VECTORS_AT_A_TIME - 1) {
    uint32_t n = length - done < WF_VECTORS_AT_A_TIME - 1 ? length - done : WF_VECTORS_AT_A_TIME - 1;
    const float *from = x + (size_t)done * inputs;
    for (uint32_t i = 0; i < output->late; i++, from = rows) head_forward(rows, from, e, output->head[i], n);
    for (uint32_t i = 0; i < n * width; i++) mean[i % width] += rows[i];
  }
  for (uint32_t i = 0; i < width; i++) mean[i] /= (float)length;
  return mean;
}

/* Sequences first .. first + count - 1, each through the heads before its pooling, which is the mean, and those behind it. */
static void put_late(float *out, wf_encoder *e, const wf_output *output, uint32_t first, uint32_t count,
                     uint32_t width) {
  const wf_scratch *s = &e->scratch;
  uint32_t inputs = wf_last_width(&e->description);
  const float *x = s->x;
  for (uint32_t i = 0; i < first; i++) x += (size_t)s->lengths[i] * inputs;
  for (uint32_t i = first; i < first + count; x += (size_t)s->lengths[i++] * inputs, out += width) {
    const float *from = x + (size_t)output->skip * inputs;
    from = late_mean(e, output, from, s->lengths[i] - output->skip);
    for (uint32_t h = output->late; h < output->heads; h++, from = s->vectors)
      head_forward(s->vectors, from, e, output->head[h], 1);
    __builtin_memcpy(out, from, (size_t)width * sizeof(float));
  }
}

/* At most WF_VECTORS_AT_A_TIME vectors, each of `width` values at the end; `from`: the first of those that are given. */
static uint32_t put_vectors(float *out, wf_encoder *e, const float *from, const wf_output *output,
                            uint32_t first, uint32_t count, uint32_t width) {
  wf_scratch *s = &e->scratch;
  if (!from) from = s->x + (size_t)first * wf_last_width(&e->description);
  if (output->late) {
    put_late(out, e, output, first, count, width);
    from = out;
  } else if (output->poolings) {
    float *pooled = output->heads ? s->vectors : out;
    WF_TRY(pool(pooled, e, output, first, count));
    from = pooled;
  }
  for (uint32_t i = 0; !output->late && i < output->heads; i++) {
    float *to = i + 1 == output->heads ? out : s->vectors;
    head_forward(to, from, e, output->head[i], count);
    from = to;
  }
  if (from != out) __builtin_memcpy(out, from, (size_t)count * width * sizeof(float));
  for (uint32_t i = 0; output->normalize && i < count; i++)
    wf_f32_l2_norm(out + (size_t)i * width, out + (size_t)i * width, width);
  return WF_OK;
}

/* Checks an output and turns *width, of what goes in, into the width of its vectors. */
static uint32_t check_output(uint32_t *width, const wf_encoder *e, const wf_output *output) {
  const wf_encoder_description *d = &e->description;
  if (output->poolings > WF_MAX_POOLINGS || output->heads > WF_MAX_HEADS || output->normalize > 1)
    return WF_ERROR_ARGUMENT;
  int late = output->poolings == 1 && output->pooling[0] == WF_POOL_MEAN && output->late <= output->heads;
  if (output->late && (!late || d->final_norm == WF_FINAL_NORM_POOLED)) return WF_ERROR_ARGUMENT;
  for (uint32_t p = 0; p < output->poolings; p++) {
    uint32_t pooling = output->pooling[p];
    if (pooling > WF_POOL_ATTENTION) return WF_ERROR_ARGUMENT;
    if (pooling == WF_POOL_ATTENTION && (!d->pool || output->poolings > 1)) return WF_ERROR_ARGUMENT;
    if (output->rows && (output->late || pooling == WF_POOL_ATTENTION)) return WF_ERROR_ARGUMENT;
    uint32_t row = pooling == WF_POOL_TOKEN ? output->token : output->skip;
    for (uint32_t i = 0; row && i < e->scratch.count; i++)
      if (row >= e->scratch.lengths[i]) return WF_ERROR_ARGUMENT;
  }
  if (output->poolings) *width *= output->poolings;
  for (uint32_t i = 0; i < output->heads; i++) {
    if (output->head[i] >= d->head_count) return WF_ERROR_ARGUMENT;
    if (d->head[output->head[i]].inputs != *width) return WF_ERROR_SHAPE;
    *width = d->head[output->head[i]].outputs;
  }
  return WF_OK;
}

uint32_t wf_encoder_output(float *out, wf_encoder *encoder, const float *vectors, const wf_output *output,
                           uint32_t first, uint32_t count) {
  WF_TRY(wf_ready(encoder));
  const wf_scratch *s = &encoder->scratch;
  const wf_encoder_description *d = &encoder->description;
  uint32_t all = output->poolings ? s->count : s->rows, inputs = wf_last_width(d);
  if (vectors) {
    if (output->poolings || !output->heads || output->head[0] >= d->head_count) return WF_ERROR_ARGUMENT;
    inputs = d->head[output->head[0]].inputs;
  } else {
    if (s->rows == 0 || !s->finished) return WF_ERROR_STATE;
    if (first > all || count > all - first) return WF_ERROR_ARGUMENT;
  }
  uint32_t width = inputs;
  WF_TRY(check_output(&width, encoder, output));
  for (uint32_t done = 0; done < count; done += WF_VECTORS_AT_A_TIME) {
    uint32_t n = count - done < WF_VECTORS_AT_A_TIME ? count - done : WF_VECTORS_AT_A_TIME;
    const float *from = vectors ? vectors + (size_t)(first + done) * inputs : NULL;
    WF_TRY(put_vectors(out + (size_t)done * width, encoder, from, output, first + done, n, width));
  }
  return wf_ready(encoder);
}
