/* Weights on their way in: one table says where each slot's tensor goes, values are converted to float32 in small pieces
 * and packed in place, so a weight is never in memory twice. */
#include "encoder.h"
#include <assert.h>

/* What counts the index of a slot, and what stands at its place in the struct. */
typedef enum scope { IN_MODEL, IN_LAYER, IN_MERGE, IN_HEAD, IN_ROTARY, IN_FRAME, IN_POSITION } scope;
typedef enum form { TABLE, WEIGHT, BIAS, NORM_WEIGHT, NORM_BIAS } form;

typedef struct slot_row {
  wf_slot slot;
  scope scope;
  form form;
  size_t place;
} slot_row;

/* Both halves of a linear layer or of a norm. */
#define LINEAR(name, scope, type, field)                             \
  {WF_SLOT_##name##_WEIGHT, scope, WEIGHT, offsetof(type, field)}, { \
    WF_SLOT_##name##_BIAS, scope, BIAS, offsetof(type, field)        \
  }
#define NORM(name, scope, type, field)                                    \
  {WF_SLOT_##name##_WEIGHT, scope, NORM_WEIGHT, offsetof(type, field)}, { \
    WF_SLOT_##name##_BIAS, scope, NORM_BIAS, offsetof(type, field)        \
  }

static const slot_row slots[] = {
    {WF_SLOT_TOKEN_TABLE, IN_MODEL, TABLE, offsetof(wf_weights, tokens)},
    {WF_SLOT_TOKEN_TABLE, IN_MODEL, WEIGHT, offsetof(wf_weights, words)},
    {WF_SLOT_POSITION_TABLE, IN_MODEL, TABLE, offsetof(wf_weights, positions)},
    {WF_SLOT_TYPE_TABLE, IN_MODEL, TABLE, offsetof(wf_weights, types)},
    {WF_SLOT_PREFIX_TABLE, IN_MODEL, TABLE, offsetof(wf_weights, prefix)},
    {WF_SLOT_RELATIVE_TABLE, IN_MODEL, TABLE, offsetof(wf_weights, relative)},
    NORM(RELATIVE_NORM, IN_MODEL, wf_weights, relative_norm),
    {WF_SLOT_PROBE, IN_MODEL, TABLE, offsetof(wf_weights, probe)},
    LINEAR(PROJECTION, IN_MODEL, wf_weights, projection),
    {WF_SLOT_ROTARY_FREQUENCIES, IN_ROTARY, TABLE, 0},
    LINEAR(PATCH, IN_MODEL, wf_weights, patches),
    NORM(EMBEDDING_NORM, IN_MODEL, wf_weights, embedding_norm),
    NORM(FINAL_NORM, IN_MODEL, wf_weights, final_norm),
    LINEAR(QKV, IN_LAYER, wf_layer_weights, qkv),
    LINEAR(OUT, IN_LAYER, wf_layer_weights, out),
    LINEAR(UP, IN_LAYER, wf_layer_weights, up),
    LINEAR(DOWN, IN_LAYER, wf_layer_weights, down),
    NORM(BEFORE_ATTENTION, IN_LAYER, wf_layer_weights, norms[BEFORE_ATTENTION]),
    NORM(INSIDE_ATTENTION, IN_LAYER, wf_layer_weights, norms[INSIDE_ATTENTION]),
    NORM(AFTER_ATTENTION, IN_LAYER, wf_layer_weights, norms[AFTER_ATTENTION]),
    NORM(BEFORE_FEED_FORWARD, IN_LAYER, wf_layer_weights, norms[BEFORE_FF]),
    NORM(INSIDE_FEED_FORWARD, IN_LAYER, wf_layer_weights, norms[INSIDE_FF]),
    NORM(AFTER_FEED_FORWARD, IN_LAYER, wf_layer_weights, norms[AFTER_FF]),
    {WF_SLOT_ATTENTION_SCALE, IN_LAYER, TABLE, offsetof(wf_layer_weights, attention_scale)},
    {WF_SLOT_FEED_FORWARD_SCALE, IN_LAYER, TABLE, offsetof(wf_layer_weights, feed_forward_scale)},
    NORM(QUERY_NORM, IN_LAYER, wf_layer_weights, query_norm),
    NORM(KEY_NORM, IN_LAYER, wf_layer_weights, key_norm),
    {WF_SLOT_WINDOW_TABLE, IN_LAYER, TABLE, offsetof(wf_layer_weights, window_table)},
    {WF_SLOT_OFFSET_HIDDEN_WEIGHT, IN_LAYER, TABLE, offsetof(wf_layer_weights, offset_hidden)},
    {WF_SLOT_OFFSET_HIDDEN_BIAS, IN_LAYER, TABLE, offsetof(wf_layer_weights, offset_bias)},
    {WF_SLOT_OFFSET_OUT_WEIGHT, IN_LAYER, TABLE, offsetof(wf_layer_weights, offset_out)},
    {WF_SLOT_LOGIT_SCALE, IN_LAYER, TABLE, offsetof(wf_layer_weights, logit_scale)},
    {WF_SLOT_DENSE_TABLE, IN_LAYER, TABLE, offsetof(wf_layer_weights, dense_table)},
    LINEAR(FRAME, IN_FRAME, wf_frame, linear),
    NORM(FRAME_NORM, IN_FRAME, wf_frame, norm),
    NORM(FEATURE_NORM, IN_MODEL, wf_weights, feature_norm),
    {WF_SLOT_POSITION_CONVOLUTION_WEIGHT, IN_POSITION, WEIGHT, 0},
    {WF_SLOT_POSITION_CONVOLUTION_BIAS, IN_POSITION, BIAS, 0},
    {WF_SLOT_POSITION_GAIN, IN_MODEL, TABLE, offsetof(wf_weights, position_gain)},
    {WF_SLOT_GATE_WEIGHT, IN_LAYER, TABLE, offsetof(wf_layer_weights, gate)},
    {WF_SLOT_GATE_BIAS, IN_LAYER, TABLE, offsetof(wf_layer_weights, gate_bias)},
    {WF_SLOT_GATE_SCALE, IN_LAYER, TABLE, offsetof(wf_layer_weights, gate_scale)},
    {WF_SLOT_DISTANCE_TABLE, IN_LAYER, TABLE, offsetof(wf_layer_weights, distance_table)},
    LINEAR(POSITION_KEY, IN_LAYER, wf_layer_weights, position_key),
    LINEAR(POSITION_QUERY, IN_LAYER, wf_layer_weights, position_query),
    NORM(MERGE_NORM, IN_MERGE, wf_merge, norm),
    {WF_SLOT_MERGE_WEIGHT, IN_MERGE, WEIGHT, offsetof(wf_merge, reduction)},
    LINEAR(HEAD, IN_HEAD, wf_head, linear),
    {WF_SLOT_HEAD_BIAS, IN_HEAD, TABLE, offsetof(wf_head, tied_bias)},
    NORM(HEAD_NORM, IN_HEAD, wf_head, norm),
    LINEAR(CONVOLUTION, IN_MODEL, wf_weights, convolution),
    NORM(CONVOLUTION_NORM, IN_MODEL, wf_weights, convolution_norm),
};

/* Where a slot's values go: plain (row-major, at `plain`), or the weight or bias of a linear layer. No rows: nowhere. */
typedef struct target {
  float *plain;
  const wf_linear *weight, *bias;
  uint32_t rows, columns;
  uint32_t head_width; /* of queries, keys and values that a file may have by head; else 0 */
  uint32_t group;      /* rows of each of several linear layers in turn; else 0 */
  uint32_t kernel;     /* of a convolution, whose inputs stand place by place of it; else 0 */
} target;

static target target_at(const void *place, form form) {
  const wf_table *table = place;
  const wf_linear *linear = place;
  const wf_norm *norm = place;
  uint32_t outputs =
      form == WEIGHT || form == BIAS ? (linear->gated ? 2 * linear->gated : linear->outputs) : 0;
  switch (form) {
  case WEIGHT:
    return (target){.weight = linear, .rows = outputs, .columns = linear->inputs};
  case BIAS:
    return (target){.bias = linear, .rows = outputs ? 1 : 0, .columns = outputs};
  case NORM_WEIGHT:
    return (target){.plain = norm->weight, .rows = norm->width ? 1 : 0, .columns = norm->width};
  case NORM_BIAS:
    return (target){.plain = norm->bias, .rows = norm->width ? 1 : 0, .columns = norm->width};
  case TABLE:
    break;
  }
  return (target){.plain = table->values, .rows = table->rows, .columns = table->columns};
}

/* The struct that a scope's slots lie in, NULL if there is no such one. */
static const uint8_t *base_of(const wf_encoder *e, scope scope, uint32_t index) {
  const wf_encoder_description *d = &e->description;
  const wf_weights *w = &e->weights;
  switch (scope) {
  case IN_LAYER:
    return index < d->layers + d->pool && d->layer_weights[index] == index ? (const uint8_t *)&w->sets[index]
                                                                           : NULL;
  case IN_MERGE:
    return index < w->merge_count ? (const uint8_t *)&w->merges[index] : NULL;
  case IN_HEAD:
    return index < d->head_count ? (const uint8_t *)&w->heads[index] : NULL;
  case IN_FRAME:
    return index < d->convolutions ? (const uint8_t *)&w->frames[index] : NULL;
  case IN_POSITION:
    return index < d->position.count ? (const uint8_t *)&w->positional[index * d->position.groups] : NULL;
  case IN_ROTARY:
    return index < WF_MAX_ROTARIES ? (const uint8_t *)&w->rotary[index] : NULL;
  case IN_MODEL:
    break;
  }
  return index == 0 ? (const uint8_t *)w : NULL;
}

static target find(const wf_encoder *e, uint32_t slot, uint32_t index) {
  for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
    const uint8_t *base = slots[i].slot == slot ? base_of(e, slots[i].scope, index) : NULL;
    target t = base ? target_at(base + slots[i].place, slots[i].form) : (target){0};
    if (t.rows == 0) continue;
    /* What a network makes is no file's. */
    if (slot == WF_SLOT_WINDOW_TABLE && e->weights.layers[index].kind->bias_buckets) return (target){0};
    if (slots[i].scope == IN_FRAME && t.weight) t.kernel = e->description.frame[index].kernel;
    if (slots[i].scope == IN_POSITION) {
      t.kernel = e->description.position.kernel;
      t.group = e->description.width / e->description.position.groups;
      t.rows = t.weight ? e->description.width : 1;
      if (t.bias) t.columns = e->description.width;
    }
    if (slot == WF_SLOT_QKV_WEIGHT || slot == WF_SLOT_QKV_BIAS) {
      const wf_kind_description *kind = e->weights.layers[index].kind;
      t.head_width = kind->heads == kind->key_heads ? kind->head_width : 0;
    }
    return t;
  }
  return (target){0};
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

static uint32_t size_of(uint32_t dtype) { return dtype == WF_F64 ? 8 : dtype == WF_F32 ? 4 : 2; }

static void convert(float *out, const uint8_t *data, uint32_t count, const wf_put *put) {
  if (put->dtype == WF_F32) __builtin_memcpy(out, data, (size_t)count * sizeof(float));
  for (uint32_t i = 0; put->dtype == WF_F64 && i < count; i++) {
    double value;
    __builtin_memcpy(&value, data + 8 * (size_t)i, sizeof value);
    out[i] = (float)value;
  }
  for (uint32_t i = 0; size_of(put->dtype) == 2 && i < count; i++) {
    uint32_t half = data[2 * (size_t)i] | (uint32_t)data[2 * (size_t)i + 1] << 8;
    out[i] = put->dtype == WF_F16 ? from_f16(half) : from_bits(half << 16);
  }
  /* x + 0 would lose the sign of a zero. */
  for (uint32_t i = 0; put->offset != 0.0f && i < count; i++) out[i] += put->offset;
}

static void add_values(float *to, const uint8_t *data, uint32_t count, const wf_put *put) {
  for (uint32_t i = 0; i < count; i++) {
    float value;
    convert(&value, data + (size_t)i * size_of(put->dtype), 1, put);
    to[i] += value;
  }
}

/* The row of [gate; up], or of [queries; keys; values], that a file's row is. */
static uint32_t ordered(const target *t, uint32_t row, uint32_t rows) {
  const wf_linear *linear = t->weight ? t->weight : t->bias;
  if (rows == WF_ROWS_BY_HEAD) {
    uint32_t head = row / (3 * t->head_width), inside = row % (3 * t->head_width);
    return inside / t->head_width * (linear->outputs / 3) + head * t->head_width + inside % t->head_width;
  }
  if (rows != WF_ROWS_UP_GATE) return row;
  return row < linear->gated ? row + linear->gated : row - linear->gated;
}

/* Where one value of a linear layer stands in its panels. */
static float *place_of(const wf_tile *tile, const target *t, uint32_t row, uint32_t column, uint32_t rows) {
  const wf_linear *linear = t->weight ? t->weight : t->bias;
  uint32_t output = t->weight ? row : column, line = t->weight ? 1 + column : 0, nr = tile->columns, run;
  assert(linear);
  if (t->group) {
    linear += output / t->group;
    output %= t->group;
  }
  if (t->weight && t->kernel)
    line = 1 + column % t->kernel * (linear->inputs / t->kernel) + column / t->kernel;
  output = wf_linear_row(&run, linear, tile, ordered(t, output, rows));
  if (wf_is_int8(linear)) return &linear->bias[output];
  return linear->panels + ((size_t)(output / nr) * (1 + linear->inputs) + line) * nr + output % nr;
}

/* `count` values of a linear layer, all in one row of the target. */
static void put_run(const wf_tile *tile, const target *t, uint32_t row, uint32_t column, const float *values,
                    uint32_t count, uint32_t rows) {
  uint32_t run;
  if (t->weight && !t->kernel) {
    wf_linear_put(t->weight, tile, wf_linear_row(&run, t->weight, tile, ordered(t, row, rows)), column,
                  values, count);
    return;
  }
  for (uint32_t i = 0; i < count; i++) *place_of(tile, t, row, column + i, rows) = values[i];
}

/* The same of whole numbers, which are made of a row when all of it is there, or nothing more is at hand. */
static uint32_t put_int8(wf_encoder *e, const target *t, uint32_t row, uint32_t column, const float *values,
                         uint32_t count, const wf_put *put, int is_last) {
  const uint32_t columns = t->columns, place = put->slot << 16 | put->index;
  float *kept = e->weights.line, *turned = kept + columns;
  const wf_tile *tile = wf_tile_get(e->description.tile);
  uint32_t run;
  if (column && (place != e->weights.line_slot || row != e->weights.line_row)) return WF_ERROR_STATE;
  for (uint32_t i = 0; column == 0 && i < columns; i++) kept[i] = 0.0f;
  e->weights.line_slot = place;
  e->weights.line_row = row;
  __builtin_memcpy(kept + column, values, count * sizeof(float));
  if (column + count < columns && !is_last) return WF_OK;
  __builtin_memcpy(turned, kept, columns * sizeof(float));
  wf_linear_put_row(t->weight, tile, wf_linear_row(&run, t->weight, tile, ordered(t, row, put->rows)),
                    turned);
  return WF_OK;
}

/* A whole panel of a weight at once, if that is what comes next: its rows are read along, not across. Returns the values
 * taken, 0 if it is not. Data in another alignment than floats have, or to be converted, goes the slow way. */
static uint32_t put_panel(const wf_tile *tile, const target *t, uint32_t first, const void *data,
                          uint32_t count, const wf_put *put) {
  uint32_t step = tile->columns, run;
  if (put->dtype != WF_F32 || put->offset != 0.0f) return 0;
  if (!t->weight || t->kernel || t->columns == 0 || (uintptr_t)data % sizeof(float)) return 0;
  if (wf_is_int8(t->weight)) return 0;
  uint32_t row = first / t->columns;
  if (first % t->columns || count / t->columns < step) return 0;
  if (put->rows == WF_ROWS_BY_HEAD) return 0;
  uint32_t output = wf_linear_row(&run, t->weight, tile, ordered(t, row, put->rows));
  if (output % step || run < step) return 0;
  wf_linear_put_panel(t->weight, tile, output, data);
  return step * t->columns;
}

/* The slot of a piece, if there is one that has such rows and as many values. */
static uint32_t find_piece(target *t, const wf_encoder *encoder, const wf_put *put) {
  if (encoder->magic != WF_ENCODER_MAGIC) return WF_ERROR_STATE;
  *t = find(encoder, put->slot, put->index);
  const wf_linear *linear = t->weight ? t->weight : t->bias;
  if (t->rows == 0 || put->dtype > WF_F64 || put->rows > WF_ROWS_BY_HEAD) return WF_ERROR_ARGUMENT;
  int halves = put->rows == WF_ROWS_GATE_UP || put->rows == WF_ROWS_UP_GATE;
  if (halves && !(linear && linear->gated)) return WF_ERROR_ARGUMENT;
  if (put->rows == WF_ROWS_BY_HEAD && !t->head_width) return WF_ERROR_ARGUMENT;
  return (uint64_t)put->first + put->count > (uint64_t)t->rows * t->columns ? WF_ERROR_SHAPE : WF_OK;
}

float *wf_encoder_place(const wf_encoder *encoder, uint32_t slot, uint32_t index) {
  return encoder->magic == WF_ENCODER_MAGIC ? find(encoder, slot, index).plain : NULL;
}

uint32_t wf_encoder_get(float *out, const wf_encoder *encoder, const wf_put *get) {
  target t;
  WF_TRY(find_piece(&t, encoder, get));
  const wf_tile *tile = wf_tile_get(encoder->description.tile);
  if (get->slot == WF_SLOT_POSITION_CONVOLUTION_WEIGHT && encoder->description.position.weight_norm &&
      encoder->weights.derived)
    return WF_ERROR_UNSUPPORTED;
  if (t.plain) __builtin_memcpy(out, t.plain + get->first, (size_t)get->count * sizeof(float));
  for (uint32_t i = 0, n; !t.plain && i < get->count; i += n) {
    uint32_t row = (get->first + i) / t.columns, column = (get->first + i) % t.columns;
    if (t.weight && wf_is_int8(t.weight)) {
      uint32_t run, output = wf_linear_row(&run, t.weight, tile, ordered(&t, row, get->rows));
      n = t.columns - column < get->count - i ? t.columns - column : get->count - i;
      float *line = encoder->weights.line + t.columns; /* beside a row that is coming */
      wf_linear_get_row(line, t.weight, tile, output);
      __builtin_memcpy(out + i, line + column, n * sizeof(float));
      continue;
    }
    const float *from = place_of(tile, &t, row, column, get->rows);
    n = t.weight && !t.kernel ? t.columns - column : 1; /* a row of a product goes down its panel */
    if (n > get->count - i) n = get->count - i;
    for (uint32_t k = 0; k < n; k++) out[i + k] = from[(size_t)k * tile->columns];
  }
  return WF_OK;
}

uint32_t wf_encoder_put(wf_encoder *encoder, const void *data, const wf_put *put) {
  enum { PIECE = 512 };
  float values[PIECE];
  target t;
  WF_TRY(find_piece(&t, encoder, put));
  const wf_tile *tile = wf_tile_get(encoder->description.tile);
  const uint8_t *bytes = data;
  uint32_t first = put->first, count = put->count;
  if (put->add > (t.plain ? 1u : 0u)) return WF_ERROR_ARGUMENT;
  if (t.plain && !put->add) {
    convert(t.plain + first, bytes, count, put);
    return WF_OK;
  }
  if (t.plain) {
    add_values(t.plain + first, bytes, count, put);
    return WF_OK;
  }
  while (count) {
    uint32_t done = put_panel(tile, &t, first, bytes, count, put);
    if (done == 0) {
      uint32_t row = first / t.columns, column = first % t.columns;
      done = t.columns - column < count ? t.columns - column : count;
      if (done > PIECE) done = PIECE;
      convert(values, bytes, done, put);
      if (t.weight && wf_is_int8(t.weight))
        WF_TRY(put_int8(encoder, &t, row, column, values, done, put, done == count));
      else
        put_run(tile, &t, row, column, values, done, put->rows);
    }
    bytes += (size_t)done * size_of(put->dtype);
    first += done;
    count -= done;
  }
  return WF_OK;
}

uint32_t wf_encoder_put_int8(wf_encoder *encoder, float *space, const int8_t *rows, const float *scales,
                             const wf_put *put) {
  target t;
  uint32_t run;
  WF_TRY(find_piece(&t, encoder, put));
  const wf_tile *tile = wf_tile_get(encoder->description.tile);
  if (t.bias || t.kernel || t.group || put->add || t.columns == 0) return WF_ERROR_ARGUMENT;
  if (put->first % t.columns || put->count % t.columns) return WF_ERROR_ARGUMENT;
  for (uint32_t i = 0; i < put->count / t.columns; i++, rows += t.columns) {
    uint32_t row = put->first / t.columns + i;
    if (t.weight && wf_is_int8(t.weight)) {
      uint32_t output = wf_linear_row(&run, t.weight, tile, ordered(&t, row, put->rows));
      wf_linear_put_numbers(t.weight, tile, output, rows, scales[i]);
      continue;
    }
    for (uint32_t k = 0; k < t.columns; k++) space[k] = scales[i] * (float)rows[k];
    wf_i8_turn(space, t.columns, 1);
    if (t.plain)
      __builtin_memcpy(t.plain + (size_t)row * t.columns, space, t.columns * sizeof(float));
    else
      put_run(tile, &t, row, 0, space, t.columns, put->rows);
  }
  return WF_OK;
}

uint32_t wf_int8_rows(int8_t *rows, float *scales, float *space, const float *x, uint32_t count,
                      uint32_t columns) {
  if (columns == 0) return WF_ERROR_ARGUMENT;
  for (uint32_t i = 0; i < count; i++, rows += columns, x += columns) {
    __builtin_memcpy(space, x, columns * sizeof(float));
    scales[i] = wf_i8_round_row(rows, space, columns);
  }
  return WF_OK;
}
