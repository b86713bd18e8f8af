/* A linear layer: the packed product in blocks, and the sinks that take its result to where the next layer reads it. */
#include "layers.h"
#include <assert.h>

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }
static uint32_t panels_of(uint32_t n, uint32_t step) { return (n + step - 1) / step; }

/* Panels of a block of columns; a gated layer's pairs stay together. */
static uint32_t block_panels(const wf_linear *linear, const wf_tile *tile) {
  uint32_t floats = wf_is_int8(linear) ? 4 * WF_BLOCK_FLOATS : WF_BLOCK_FLOATS;
  uint32_t fitting = floats / (linear->inputs * wf_linear_columns(linear, tile));
  uint32_t step = fitting < 1 ? 1 : smaller(fitting, WF_STRIPE_PANELS);
  return linear->gated ? (step + 1) & ~1u : step;
}

/* Rows of a unit: about as many in each, in whole panels. */
static uint32_t unit_rows(const wf_tile *tile, uint32_t rows) {
  uint32_t even = panels_of(rows, panels_of(rows, WF_UNIT_ROWS));
  return panels_of(even, tile->rows) * tile->rows;
}

uint32_t wf_linear_units(const wf_linear *linear, const wf_tile *tile, uint32_t rows) {
  if (rows == 0) return 0;
  uint32_t panels = panels_of(linear->outputs, wf_linear_columns(linear, tile));
  uint32_t blocks = panels_of(panels, block_panels(linear, tile));
  return blocks * panels_of(rows, unit_rows(tile, rows));
}

/* `rows` rows of a stripe: whole panels together, and what is left as a panel or as a tail of one. */
static void multiply(const wf_tile *tile, float *stripe, uint32_t stride, const float *a, const float *b,
                     uint32_t k, uint32_t rows, uint32_t breadth) {
  uint32_t whole = rows / tile->rows, rest = rows % tile->rows;
  if (rest > tile->tail_rows) whole++;
  if (whole) tile->gemm(stripe, stride, a, b, k, whole, breadth);
  if (rest == 0 || rest > tile->tail_rows) return;
  tile->tail(stripe + (size_t)whole * tile->rows * stride, stride, a + (size_t)whole * tile->rows * k, b, k,
             1, breadth);
}

/* The same of whole numbers, whose sums become float32. */
static void multiply_int8(const wf_tile *tile, float *stripe, uint32_t stride, const float *a,
                          const wf_linear *linear, uint32_t column, uint32_t rows, uint32_t breadth) {
  const wf_i8_form form = wf_form_of(linear);
  const uint32_t mr = tile->rows, k = linear->inputs, nr = wf_i8_columns(mr), groups = wf_i8_groups(form, k);
  const size_t step = (size_t)k * mr * sizeof(float);
  const int8_t *b = (const int8_t *)linear->panels + (size_t)column * groups * wf_i8_depth(form);
  uint32_t whole = rows / mr, rest = rows % mr;
  if (rest > wf_i8_tail(mr)) whole++;
  const uint8_t *bytes = (const uint8_t *)a;
  if (whole) wf_i8_gemm(form, mr, 0)((int32_t *)stripe, stride, bytes, step, b, groups, whole, breadth);
  if (rest && rest <= wf_i8_tail(mr))
    wf_i8_gemm(form, mr, 1)((int32_t *)stripe + (size_t)whole * mr * stride, stride, bytes + whole * step,
                            step, b, groups, 1, breadth);
  for (uint32_t r = 0; r < rows; r++) {
    wf_i8_rows header = wf_i8_rows_of(a + (size_t)(r / mr) * k * mr, form, k, mr);
    wf_i8_dequantise(stripe + (size_t)r * stride, linear->scales + column, linear->sums + column,
                     linear->bias + column, header.scales[r % mr], header.zeros[r % mr], breadth * nr);
  }
}

void wf_linear_forward(const wf_workspace *work, const wf_sink *sink, const float *a, const wf_linear *linear,
                       uint32_t rows, uint32_t first, uint32_t end) {
  const wf_tile *tile = work->tile;
  uint32_t nr = wf_linear_columns(linear, tile);
  uint32_t k = linear->inputs, panels = panels_of(linear->outputs, nr);
  uint32_t step = block_panels(linear, tile), stride = step * nr;
  if (rows == 0) return;
  uint32_t height = unit_rows(tile, rows), runs = panels_of(rows, height);
  assert(runs);
  for (uint32_t unit = first; unit < end && unit / runs * step < panels; unit++) {
    uint32_t c = unit / runs * step, from = unit % runs * height, to = smaller(from + height, rows);
    uint32_t breadth = smaller(step, panels - c), column = c * nr;
    uint32_t columns = smaller(breadth * nr, linear->outputs - column);
    const float *b = linear->panels + (size_t)column * (k + 1);
    for (uint32_t row = from; row < to; row += WF_STRIPE_ROWS * tile->rows) {
      uint32_t count = smaller(WF_STRIPE_ROWS * tile->rows, to - row);
      if (wf_is_int8(linear))
        multiply_int8(tile, work->stripe, stride, a + (size_t)row * k, linear, column, count, breadth);
      else
        multiply(tile, work->stripe, stride, a + (size_t)row * k, b, k, count, breadth);
      for (uint32_t r = 0; sink->activation && r < count; r++) {
        wf_f32_activation(work->stripe + (size_t)r * stride, columns, sink->activation);
      }
      for (uint32_t r = 0; r < count; r += tile->rows) {
        const wf_stripe stripe = {work->stripe + (size_t)r * stride,
                                  stride,
                                  row + r,
                                  smaller(tile->rows, count - r),
                                  column,
                                  columns,
                                  nr};
        sink->take(sink, &stripe);
      }
    }
  }
}

static float *row_of(const wf_sink *sink, uint32_t row, uint32_t column) {
  uint32_t target = sink->map ? sink->map[row] : row;
  return target == WF_NO_ROW ? NULL : sink->out + (size_t)target * sink->width + column;
}

static void take_rows(const wf_sink *sink, const wf_stripe *stripe) {
  for (uint32_t r = 0; r < stripe->rows; r++) {
    const float *in = stripe->values + (size_t)r * stripe->stride;
    float *out = row_of(sink, stripe->row + r, stripe->column);
    for (uint32_t j = 0; out && j < stripe->columns; j++) out[j] = in[j];
  }
}

static void take_add(const wf_sink *sink, const wf_stripe *stripe) {
  for (uint32_t r = 0; r < stripe->rows; r++) {
    const float *in = stripe->values + (size_t)r * stripe->stride;
    float *out = row_of(sink, stripe->row + r, stripe->column);
    const float *scale = sink->scale ? sink->scale + stripe->column : NULL;
    for (uint32_t j = 0; out && !scale && j < stripe->columns; j++) out[j] += in[j];
    for (uint32_t j = 0; out && scale && j < stripe->columns; j++) out[j] += in[j] * scale[j];
  }
}

/* The rows are a panel's, from its first on. */
static void take_panels(const wf_sink *sink, const wf_stripe *stripe) {
  uint32_t step = sink->tile->rows;
  float *out = sink->out + (size_t)stripe->row * sink->width + (size_t)stripe->column * step;
  wf_pack_lanes(out, step, stripe->values, stripe->stride, stripe->rows, stripe->columns);
}

/* The stripe's columns are pairs of panels: NR of the gate, NR of up. Their products come to stand in its first half. */
static void take_gated(const wf_sink *sink, const wf_stripe *stripe) {
  uint32_t step = sink->tile->rows, nr = stripe->panel, pairs = stripe->columns / (2 * nr);
  float gates[WF_STRIPE_PANELS / 2 * WF_TILE_MAX_COLUMNS];
  for (uint32_t r = 0; r < stripe->rows; r++) {
    float *line = stripe->values + (size_t)r * stripe->stride;
    for (uint32_t p = 0; p < pairs; p++) {
      for (uint32_t i = 0; i < nr; i++) gates[p * nr + i] = line[2 * p * nr + i];
    }
    wf_f32_activation(gates, pairs * nr, sink->gate);
    for (uint32_t p = 0; p < pairs; p++) {
      for (uint32_t i = 0; i < nr; i++) line[p * nr + i] = gates[p * nr + i] * line[(2 * p + 1) * nr + i];
    }
  }
  uint32_t first = stripe->column / 2;
  float *out = sink->out + (size_t)stripe->row * sink->width + (size_t)first * step;
  wf_pack_lanes(out, step, stripe->values, stripe->stride, stripe->rows,
                smaller(pairs * nr, sink->width - first));
}

/* Values stand by panels of a head's channels. */
static void take_values(float *values, const float *in, uint32_t stride, uint32_t rows, uint32_t first,
                        uint32_t n, uint32_t length, uint32_t mr) {
  for (uint32_t r = 0; r < rows; r++, values += mr, in += stride) {
    for (uint32_t j = 0, count; j < n; j += count) {
      uint32_t lane = (first + j) % mr, c = 0;
      float *to = values + (size_t)((first + j) / mr) * length * mr + lane;
      count = smaller(mr - lane, n - j);
      for (; c + 4 <= count; c += 4) wf_store(to + c, wf_load(in + j + c));
      for (; c + 2 <= count; c += 2) wf_copy_pair(to + c, in + j + c);
      for (; c < count; c++) to[c] = in[j + c];
    }
  }
}

/* A run of columns inside one head, of tokens t .. t + rows - 1 of a sequence: part 0 queries, 1 keys, 2 values. */
static void take_head(const wf_sink *sink, float *in, uint32_t stride, const wf_sequence *sequence,
                      uint32_t t, uint32_t rows, uint32_t part, uint32_t head, uint32_t first, uint32_t n) {
  const wf_heads *heads = sink->heads;
  const wf_tile *tile = sink->tile;
  uint32_t width = heads->width, mr = tile->rows, step = part ? mr : tile->columns, line = part ? 0 : 1;
  if (part == 2) {
    float *values = wf_head_values(heads, tile, sequence, head) + (size_t)t * mr;
    take_values(values, in, stride, rows, first, n, sequence->length, mr);
    return;
  }
  float *panels =
      part ? wf_head_keys(heads, tile, sequence, head) : wf_head_queries(heads, tile, sequence, head);
  for (uint32_t r = 0; part == 0 && r < rows; r++) {
    for (uint32_t j = 0; j < n; j++) in[(size_t)r * stride + j] *= sink->query_scale;
  }
  for (uint32_t count; rows; rows -= count, t += count, in += (size_t)count * stride) {
    float *panel = panels + (size_t)(t / step) * (line + width) * step + t % step;
    count = smaller(rows, step - t % step);
    /* What begins the scores: for all columns of the head, so that only one thread writes it. */
    for (uint32_t r = 0; part == 0 && first == 0 && r < count; r++) panel[r] = 0.0f;
    wf_pack_lanes(panel + (size_t)(line + first) * step, step, in, stride, count, n);
  }
}

static void take_heads(const wf_sink *sink, const wf_stripe *stripe) {
  const wf_heads *heads = sink->heads;
  uint32_t width = heads->width, queries = heads->heads * width, keys = heads->key_heads * width;
  for (uint32_t r = 0, run; r < stripe->rows; r += run) {
    uint32_t number = heads->sequence_of_row[stripe->row + r];
    for (run = 1; r + run < stripe->rows && heads->sequence_of_row[stripe->row + r + run] == number;) run++;
    for (uint32_t j = 0, n; j < stripe->columns; j += n) {
      uint32_t at = stripe->column + j, part = at < queries ? 0 : at < queries + keys ? 1 : 2;
      uint32_t within = part == 0 ? at : (at - queries) % keys;
      const wf_sequence *sequence = part == 0 ? &heads->sequences[number] : &heads->memory[number];
      n = smaller(width - within % width, stripe->columns - j);
      if (sink->parts >> part & 1)
        take_head(sink, stripe->values + (size_t)r * stripe->stride + j, stripe->stride, sequence,
                  stripe->row + r - sequence->row, run, part, within / width, within % width, n);
    }
  }
}

wf_sink wf_sink_rows(float *out, uint32_t width, wf_activation activation) {
  return (wf_sink){.take = take_rows, .out = out, .width = width, .activation = activation};
}

wf_sink wf_sink_add(float *out, uint32_t width) {
  return (wf_sink){.take = take_add, .out = out, .width = width};
}

wf_sink wf_sink_panels(const wf_workspace *work, float *out, uint32_t width, wf_activation activation) {
  return (wf_sink){
      .take = take_panels, .tile = work->tile, .out = out, .width = width, .activation = activation};
}

wf_sink wf_sink_gated(const wf_workspace *work, float *out, uint32_t width, wf_activation activation) {
  return (wf_sink){.take = take_gated, .tile = work->tile, .out = out, .width = width, .gate = activation};
}

wf_sink wf_sink_heads(const wf_workspace *work, const wf_heads *heads, float query_scale) {
  return (wf_sink){
      .take = take_heads, .tile = work->tile, .heads = heads, .parts = 7, .query_scale = query_scale};
}

wf_linear wf_linear_make(const wf_tile *tile, uint32_t inputs, uint32_t outputs, uint32_t gated,
                         uint32_t dtype) {
  wf_linear linear = {.dtype = inputs < WF_I8_LEAST_INPUTS ? WF_F32 : dtype, .inputs = inputs};
  uint32_t nr = wf_linear_columns(&linear, tile), half = gated ? panels_of(outputs, nr) * nr : 0;
  linear.outputs = gated ? 2 * half : outputs;
  linear.gated = gated ? outputs : 0;
  return linear;
}

uint32_t wf_linear_row(uint32_t *run, const wf_linear *linear, const wf_tile *tile, uint32_t row) {
  uint32_t nr = wf_linear_columns(linear, tile), part = linear->gated && row >= linear->gated ? 1 : 0;
  if (!linear->gated) {
    *run = linear->outputs - row;
    return row;
  }
  uint32_t i = row - part * linear->gated;
  *run = smaller(nr - i % nr, linear->gated - i);
  return (2 * (i / nr) + part) * nr + i % nr;
}

uint64_t wf_linear_floats(const wf_linear *linear, const wf_tile *tile) {
  uint64_t padded = wf_linear_padded(linear, tile);
  if (!wf_is_int8(linear)) return padded * (1 + (uint64_t)linear->inputs);
  wf_i8_form form = wf_form_of(linear);
  return (padded * wf_i8_groups(form, linear->inputs) * wf_i8_depth(form) + 3) / sizeof(float);
}

void wf_linear_put(const wf_linear *linear, const wf_tile *tile, uint32_t output, uint32_t first,
                   const float *values, uint32_t n) {
  uint32_t nr = tile->columns;
  float *panel = linear->panels + (size_t)(output / nr) * nr * (1 + linear->inputs) + output % nr;
  for (uint32_t i = 0; i < n; i++) panel[(size_t)(1 + first + i) * nr] = values[i];
}

void wf_linear_put_panel(const wf_linear *linear, const wf_tile *tile, uint32_t output, const float *values) {
  uint32_t nr = tile->columns, k = linear->inputs, whole = k & ~3u;
  float *panel = linear->panels + (size_t)(output / nr) * nr * (1 + k) + nr;
  for (uint32_t j = 0; j < nr; j += 4) {
    const float *row = values + (size_t)j * k;
    for (uint32_t i = 0; i < whole; i += 4) {
      wf_f4 v[4];
      for (uint32_t r = 0; r < 4; r++) v[r] = wf_load(row + (size_t)r * k + i);
      wf_transpose(v);
      for (uint32_t r = 0; r < 4; r++) wf_store(panel + (size_t)(i + r) * nr + j, v[r]);
    }
    for (uint32_t i = whole; i < k; i++) {
      for (uint32_t r = 0; r < 4; r++) panel[(size_t)i * nr + j + r] = row[(size_t)r * k + i];
    }
  }
}

void wf_linear_quantise_rows(const wf_linear *linear, const wf_tile *tile, float *panels, uint32_t first,
                             uint32_t end) {
  const size_t size = (size_t)linear->inputs * tile->rows;
  for (uint32_t p = first; p < end; p++)
    wf_i8_quantise(panels + p * size, wf_form_of(linear), linear->inputs, tile->rows);
}

/* Where the numbers of an output begin in its panel: `depth` of them side by side, *step bytes from those to the next. */
static int8_t *numbers_of(size_t *step, const wf_linear *linear, const wf_tile *tile, uint32_t output) {
  const wf_i8_form form = wf_form_of(linear);
  const uint32_t nr = wf_i8_columns(tile->rows), depth = wf_i8_depth(form);
  *step = (size_t)nr * depth;
  return (int8_t *)linear->panels + (size_t)(output / nr) * wf_i8_groups(form, linear->inputs) * *step +
         (size_t)(output % nr) * depth;
}

void wf_linear_put_row(const wf_linear *linear, const wf_tile *tile, uint32_t output, float *row) {
  int8_t *numbers = (int8_t *)row;
  float scale = wf_i8_round_row(numbers, row, linear->inputs);
  wf_linear_put_numbers(linear, tile, output, numbers, scale);
}

void wf_linear_put_numbers(const wf_linear *linear, const wf_tile *tile, uint32_t output, const int8_t *row,
                           float scale) {
  const uint32_t k = linear->inputs, depth = wf_i8_depth(wf_form_of(linear));
  size_t step;
  int8_t *to = numbers_of(&step, linear, tile, output);
  int32_t sum = 0;
  for (uint32_t i = 0; i < k; i++) sum += row[i];
  for (uint32_t g = 0; depth == 4 && g < k / 4; g++) __builtin_memcpy(to + g * step, row + 4 * (size_t)g, 4);
  for (uint32_t g = 0; depth == 2 && g < k / 2; g++) __builtin_memcpy(to + g * step, row + 2 * (size_t)g, 2);
  for (uint32_t i = k / depth * depth; i < k; i++) to[i / depth * step + i % depth] = row[i];
  linear->scales[output] = scale;
  linear->sums[output] = sum;
}

void wf_linear_get_row(float *row, const wf_linear *linear, const wf_tile *tile, uint32_t output) {
  const uint32_t k = linear->inputs, depth = wf_i8_depth(wf_form_of(linear));
  size_t step;
  const int8_t *from = numbers_of(&step, linear, tile, output);
  for (uint32_t i = 0; i < k; i++) {
    const size_t at = i / depth * step + i % depth;
    row[i] = linear->scales[output] * (float)from[at];
  }
  wf_i8_turn(row, k, 1);
}

void wf_linear_put_bias(const wf_linear *linear, const wf_tile *tile, uint32_t output, float value) {
  uint32_t nr = tile->columns;
  if (wf_is_int8(linear))
    linear->bias[output] = value;
  else
    linear->panels[(size_t)(output / nr) * nr * (1 + linear->inputs) + output % nr] = value;
}
