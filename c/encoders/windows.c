/* Swin's layers: attention inside windows that every other layer shifts, and the merging of patches between stages.
 * Windows are gathered while rows are packed and scattered while the result is added; the map itself is never copied.
 * Reference: transformers' SwinLayer and SwinPatchMerging. */
#include "../encodings/window.h"
#include "encoder.h"

/* The windows of a layer on the map at hand. */
typedef struct windows {
  uint32_t side, shift;   /* of a window; how far the map is rolled up and left */
  uint32_t down, across;  /* windows on the padded map of one image */
  uint32_t height, width; /* of the map */
} windows;

static windows windows_of(const wf_encoder_description *d, const wf_scratch *s, const wf_layer *layer) {
  uint32_t shorter = s->height < s->width ? s->height : s->width;
  windows w = {.side = d->window, .height = s->height, .width = s->width};
  if (shorter > d->window && layer->place % 2) w.shift = d->window / 2;
  w.down = (s->height + w.side - 1) / w.side;
  w.across = (s->width + w.side - 1) / w.side;
  return w;
}

/* Lays out windows first .. first + count - 1 (over all images) as sequences: where each row stands on the map, and its
 * region if the map is shifted. */
static void lay_out(wf_scratch *s, const windows *w, uint32_t first, uint32_t count) {
  uint32_t tokens = w->side * w->side, padded = wf_padded_length(s->work.tile, tokens),
           on_image = w->down * w->across;
  uint32_t rolled_height = w->down * w->side, rolled_width = w->across * w->side, row = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t image = (first + i) / on_image, place = (first + i) % on_image;
    s->sequences[i] = (wf_sequence){.row = row, .length = tokens, .slot = i * padded};
    for (uint32_t t = 0; t < tokens; t++, row++) {
      uint32_t y = place / w->across * w->side + t / w->side, x = place % w->across * w->side + t % w->side;
      uint32_t from_y = (y + w->shift) % rolled_height, from_x = (x + w->shift) % rolled_width;
      int inside = from_y < w->height && from_x < w->width;
      s->sequence_of_row[row] = i;
      s->map[row] = inside ? (image * w->height + from_y) * w->width + from_x : WF_NO_ROW;
      s->regions[row] =
          (float)wf_window_region(y, x, rolled_height, rolled_width, w->side, w->side, w->shift, w->shift);
    }
  }
}

/* The layer's relative position bias, transposed into the panels that attention adds. */
static void place_bias(wf_scratch *s, const wf_layer *layer, uint32_t side) {
  uint32_t tokens = side * side, nr = s->work.tile->columns;
  float *out = s->bias;
  wf_window_bias(s->window_bias, layer->window_table, side, side, layer->heads, 0);
  for (uint32_t h = 0; h < layer->heads; h++) {
    const float *bias = s->window_bias + (size_t)h * tokens * tokens;
    for (uint32_t t = 0; t < tokens; t += nr) {
      for (uint32_t j = 0; j < tokens; j++) {
        for (uint32_t q = t; q < t + nr; q++) *out++ = q < tokens ? bias[(size_t)q * tokens + j] : 0.0f;
      }
    }
  }
}

static void attend_in_windows(wf_encoder *encoder, const wf_layer *layer, float *maps) {
  const wf_encoder_description *d = &encoder->description;
  wf_scratch *s = &encoder->scratch;
  windows w = windows_of(d, s, layer);
  uint32_t tokens = w.side * w.side, all = s->images * w.down * w.across;
  uint32_t group = wf_group_rows(d) / wf_padded_length(s->work.tile, tokens);
  place_bias(s, layer, w.side);
  s->heads.heads = s->heads.key_heads = layer->heads;
  s->steps[0] = wf_step_bias(s->bias);
  s->steps[1] = wf_step_regions(s->regions);
  s->heads.step_count = w.shift ? 2 : 1;
  for (uint32_t first = 0; first < all; first += group) {
    uint32_t count = all - first < group ? all - first : group;
    lay_out(s, &w, first, count);
    wf_attend(s, layer, &layer->norm1, s->map, count * tokens, count, maps);
    if (maps) maps += (size_t)count * layer->heads * tokens * tokens;
  }
}

/* Gathers one row of the merged map: the four patches (0,0), (1,0), (0,1), (1,1), zeros beyond the edges, normalised. */
static void gather_four(const wf_scratch *s, float *line, const wf_norm *norm, uint32_t row, uint32_t width) {
  uint32_t columns = (s->width + 1) / 2, rows = (s->height + 1) / 2, place = row % (rows * columns);
  uint32_t image = row / (rows * columns);
  for (uint32_t part = 0; part < 4; part++) {
    uint32_t y = place / columns * 2 + part % 2, x = place % columns * 2 + part / 2;
    int inside = y < s->height && x < s->width;
    const float *from =
        s->x + ((size_t)(image * s->height + (inside ? y : 0)) * s->width + (inside ? x : 0)) * width;
    for (uint32_t i = 0; i < width; i++) line[part * width + i] = inside ? from[i] : 0.0f;
  }
  wf_f32_layer_norm(line, line, norm->weight, norm->bias, 4 * width, norm->epsilon);
}

/* Patch merging: the map halves, the width doubles, and x changes places with next. */
static void merge_patches(wf_encoder *encoder, const wf_merge *merge, uint32_t width) {
  wf_scratch *s = &encoder->scratch;
  uint32_t height = (s->height + 1) / 2, columns = (s->width + 1) / 2, rows = s->images * height * columns;
  uint32_t step = s->work.tile->rows, group = wf_group_rows(&encoder->description);
  for (uint32_t first = 0; first < rows; first += group) {
    uint32_t count = rows - first < group ? rows - first : group;
    for (uint32_t i = 0; i < count; i += step) {
      const float *lines[WF_TILE_MAX_ROWS];
      uint32_t n = count - i < step ? count - i : step;
      for (uint32_t r = 0; r < n; r++) {
        lines[r] = s->work.lines + (size_t)r * 4 * width;
        gather_four(s, s->work.lines + (size_t)r * 4 * width, &merge->norm, first + i + r, width);
      }
      wf_pack_rows(s->packed + (size_t)i * 4 * width, lines, n, 4 * width, step);
    }
    wf_sink out = wf_sink_rows(s->next + (size_t)first * 2 * width, 2 * width, WF_IDENTITY);
    wf_linear_forward(&s->work, &out, s->packed, &merge->reduction, count);
  }
  float *old = s->x;
  s->x = s->next;
  s->next = old;
  s->height = height;
  s->width = columns;
  s->rows = rows;
}

void wf_windowed_layer(wf_encoder *encoder, const wf_layer *layer, float *maps) {
  const wf_encoder_description *d = &encoder->description;
  wf_scratch *s = &encoder->scratch;
  uint32_t group = wf_group_rows(d);
  attend_in_windows(encoder, layer, maps);
  for (uint32_t first = 0; first < s->rows; first += group) {
    uint32_t count = s->rows - first < group ? s->rows - first : group;
    wf_feed_forward(s, layer, &layer->norm2, first, count, (wf_activation)d->activation);
  }
  if (layer->ends && layer->ends < d->stages)
    merge_patches(encoder, &encoder->weights.merges[layer->ends - 1], layer->width);
}
