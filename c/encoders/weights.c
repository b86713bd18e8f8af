/* Weights on their way in: a slot says where a tensor of the file goes, values are converted to float32 in small pieces
 * and packed in place, so a weight is never in memory twice. */
#include "encoder.h"

/* Where a slot's values go: plain (row-major, at `plain`), or the weight or bias of a linear layer. */
typedef struct target {
  float *plain;
  const wf_linear *weight, *bias;
  uint32_t rows, columns;
  uint32_t scaled; /* rows below this are multiplied by the score scale: the queries */
} target;

static target plain(float *values, uint32_t rows, uint32_t columns) {
  return (target){.plain = values, .rows = rows, .columns = columns};
}
static target weight_of(const wf_linear *linear) {
  return (target){.weight = linear, .rows = linear->outputs, .columns = linear->inputs};
}
static target bias_of(const wf_linear *linear) {
  return (target){.bias = linear, .rows = 1, .columns = linear->outputs};
}

static target find_layer_slot(const wf_encoder *e, uint32_t slot, const wf_layer *layer) {
  uint32_t width = layer->width, side = 2 * e->description.window - 1;
  target t = {0};
  switch (slot) {
  case WF_SLOT_QKV_WEIGHT:
    t = weight_of(&layer->qkv);
    t.scaled = layer->heads * e->description.head_width;
    break;
  case WF_SLOT_QKV_BIAS:
    t = bias_of(&layer->qkv);
    t.scaled = layer->heads * e->description.head_width;
    break;
  case WF_SLOT_OUT_WEIGHT:
    return weight_of(&layer->out);
  case WF_SLOT_OUT_BIAS:
    return bias_of(&layer->out);
  case WF_SLOT_NORM1_WEIGHT:
    return plain(layer->norm1.weight, 1, width);
  case WF_SLOT_NORM1_BIAS:
    return plain(layer->norm1.bias, 1, width);
  case WF_SLOT_UP_WEIGHT:
    return weight_of(&layer->up);
  case WF_SLOT_UP_BIAS:
    return bias_of(&layer->up);
  case WF_SLOT_DOWN_WEIGHT:
    return weight_of(&layer->down);
  case WF_SLOT_DOWN_BIAS:
    return bias_of(&layer->down);
  case WF_SLOT_NORM2_WEIGHT:
    return plain(layer->norm2.weight, 1, width);
  case WF_SLOT_NORM2_BIAS:
    return plain(layer->norm2.bias, 1, width);
  case WF_SLOT_WINDOW_TABLE:
    return layer->window_table ? plain(layer->window_table, side * side, layer->heads) : t;
  default:
    break;
  }
  return t;
}

static target find_head_slot(const wf_encoder *e, uint32_t slot, uint32_t index) {
  const wf_head_description *d = &e->description.head[index];
  const wf_head *head = &e->weights.heads[index];
  if (slot == WF_SLOT_HEAD_WEIGHT && !d->tied) return weight_of(&head->linear);
  if (slot == WF_SLOT_HEAD_BIAS)
    return d->tied ? plain(head->tied_bias, 1, d->outputs) : bias_of(&head->linear);
  if (slot == WF_SLOT_HEAD_NORM_WEIGHT && d->norm) return plain(head->norm.weight, 1, d->outputs);
  if (slot == WF_SLOT_HEAD_NORM_BIAS && d->norm) return plain(head->norm.bias, 1, d->outputs);
  return (target){0};
}

static target find_merge_slot(uint32_t slot, const wf_merge *merge) {
  if (slot == WF_SLOT_MERGE_NORM_WEIGHT) return plain(merge->norm.weight, 1, merge->reduction.inputs);
  if (slot == WF_SLOT_MERGE_NORM_BIAS) return plain(merge->norm.bias, 1, merge->reduction.inputs);
  return slot == WF_SLOT_MERGE_WEIGHT ? weight_of(&merge->reduction) : (target){0};
}

/* A target without rows: the model has no such slot. */
static target find(const wf_encoder *e, uint32_t slot, uint32_t index) {
  const wf_encoder_description *d = &e->description;
  const wf_weights *w = &e->weights;
  if (slot >= WF_SLOT_HEAD_WEIGHT)
    return index < d->head_count ? find_head_slot(e, slot, index) : (target){0};
  if (slot >= WF_SLOT_MERGE_NORM_WEIGHT) {
    return index < wf_last_stage(d) ? find_merge_slot(slot, &w->merges[index]) : (target){0};
  }
  if (slot >= WF_SLOT_QKV_WEIGHT) {
    return index < d->layers ? find_layer_slot(e, slot, &w->layers[index]) : (target){0};
  }
  switch (index == 0 ? slot : UINT32_MAX) {
  case WF_SLOT_TOKEN_TABLE:
    return plain(w->tokens, d->vocabulary, d->width);
  case WF_SLOT_POSITION_TABLE:
    return plain(w->positions, d->positions, d->width);
  case WF_SLOT_TYPE_TABLE:
    return plain(w->types, d->types, d->width);
  case WF_SLOT_EMBEDDING_NORM_WEIGHT:
    return plain(w->embedding_norm.weight, d->embedding_norm, d->width);
  case WF_SLOT_EMBEDDING_NORM_BIAS:
    return plain(w->embedding_norm.bias, d->embedding_norm, d->width);
  case WF_SLOT_FINAL_NORM_WEIGHT:
    return plain(w->final_norm.weight, d->final_norm, wf_stage_width(d, wf_last_stage(d)));
  case WF_SLOT_FINAL_NORM_BIAS:
    return plain(w->final_norm.bias, d->final_norm, wf_stage_width(d, wf_last_stage(d)));
  case WF_SLOT_PATCH_WEIGHT:
    return d->stem == WF_STEM_PATCHES ? weight_of(&w->patches) : (target){0};
  case WF_SLOT_PATCH_BIAS:
    return d->stem == WF_STEM_PATCHES ? bias_of(&w->patches) : (target){0};
  case WF_SLOT_PREFIX_TABLE:
    return plain(w->prefix, d->prefix, d->width);
  default:
    return (target){0};
  }
}

uint32_t wf_encoder_slot_shape(uint32_t shape[2], const wf_encoder *encoder, uint32_t slot, uint32_t index) {
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  target t = find(encoder, slot, index);
  if (t.rows == 0) return WF_ERROR_ARGUMENT;
  shape[0] = t.rows;
  shape[1] = t.columns;
  return WF_OK;
}

static float from_bits(uint32_t bits) {
  union {
    uint32_t bits;
    float value;
  } u = {bits};
  return u.value;
}

/* IEEE half precision: the exponent is rebiased by a multiplication, which also makes subnormals exact. */
static float from_f16(uint32_t h) {
  uint32_t sign = (h & 0x8000u) << 16, rest = h & 0x7fffu;
  if (rest >= 0x7c00u) return from_bits(sign | 0x7f800000u | (rest & 0x3ffu) << 13);
  return from_bits(sign | 0x3f800000u) * (from_bits(rest << 13) * 0x1p112f);
}

static void convert(float *out, const uint8_t *data, uint32_t count, uint32_t dtype) {
  if (dtype == WF_F32) {
    __builtin_memcpy(out, data, (size_t)count * sizeof(float));
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    uint32_t half = data[2 * (size_t)i] | (uint32_t)data[2 * (size_t)i + 1] << 8;
    out[i] = dtype == WF_F16 ? from_f16(half) : from_bits(half << 16);
  }
}

/* `count` values of a linear layer, all in one row of the target. */
static void put_run(const wf_encoder *e, const target *t, uint32_t row, uint32_t column, const float *values,
                    uint32_t count) {
  const wf_tile *tile = e->scratch.work.tile;
  float scale = e->description.score_scale;
  if (t->weight) {
    wf_linear_put(t->weight, tile, row, column, values, count, row < t->scaled ? scale : 1.0f);
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    wf_linear_put_bias(t->bias, tile, column + i, column + i < t->scaled ? values[i] * scale : values[i]);
  }
}

/* A whole panel of a weight at once, if that is what comes next: its rows are read along, not across. Returns the values
 * taken, 0 if it is not. Data in another alignment than floats have goes the slow way. */
static uint32_t put_panel(const wf_encoder *e, const target *t, uint32_t first, const void *data,
                          uint32_t count) {
  const wf_tile *tile = e->scratch.work.tile;
  if (!t->weight || t->columns == 0 || (uintptr_t)data % sizeof(float)) return 0;
  uint32_t row = first / t->columns, step = tile->columns;
  if (first % t->columns || row % step || count / t->columns < step) return 0;
  if (row < t->scaled && row + step > t->scaled) return 0;
  wf_linear_put_panel(t->weight, tile, row, data, row < t->scaled ? e->description.score_scale : 1.0f);
  return step * t->columns;
}

uint32_t wf_encoder_put(wf_encoder *encoder, const void *data, uint32_t slot, uint32_t index, uint32_t first,
                        uint32_t count, uint32_t dtype) {
  enum { PIECE = 512 };
  float values[PIECE];
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  target t = find(encoder, slot, index);
  if (t.rows == 0 || dtype > WF_BF16) return WF_ERROR_ARGUMENT;
  if ((uint64_t)first + count > (uint64_t)t.rows * t.columns) return WF_ERROR_SHAPE;
  const uint8_t *bytes = data;
  if (t.plain) {
    convert(t.plain + first, bytes, count, dtype);
    return WF_OK;
  }
  while (count) {
    uint32_t done = dtype == WF_F32 ? put_panel(encoder, &t, first, bytes, count) : 0;
    if (done == 0) {
      uint32_t row = first / t.columns, column = first % t.columns;
      done = t.columns - column < count ? t.columns - column : count;
      if (done > PIECE) done = PIECE;
      convert(values, bytes, done, dtype);
      put_run(encoder, &t, row, column, values, done);
    }
    bytes += (size_t)done * (dtype == WF_F32 ? 4 : 2);
    first += done;
    count -= done;
  }
  return WF_OK;
}
