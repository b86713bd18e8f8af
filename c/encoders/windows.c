/* Swin's windows, and the merging of patches between layers of different width. Windows are gathered while rows are packed
 * and scattered while the result is added; the map itself is never copied. Reference: transformers' SwinLayer and
 * SwinPatchMerging. */
#include "../encodings/window.h"
#include "encoder.h"

/* The windows of a layer on the map at hand. */
typedef struct windows {
  uint32_t side, shift;   /* of a window; how far the map is rolled up and left */
  uint32_t down, across;  /* windows on the padded map of one image */
  uint32_t height, width; /* of the map */
} windows;

/* A map that is one window across or down is not shifted, unless windows are the same on all maps. */
static windows windows_of(const wf_scratch *s, const wf_kind_description *kind) {
  uint32_t shorter = s->height < s->width ? s->height : s->width;
  windows w = {.side = kind->window, .height = s->height, .width = s->width};
  if (shorter > kind->window || kind->bias_buckets) w.shift = kind->shift;
  w.down = (s->height + w.side - 1) / w.side;
  w.across = (s->width + w.side - 1) / w.side;
  return w;
}

/* Lays out windows first .. first + count - 1 (over all images) as sequences: where each row stands on the map, and its
 * region if the map is shifted. */
static void lay_out(wf_scratch *s, const windows *w, uint32_t first, uint32_t count) {
  uint32_t tokens = w->side * w->side, padded = wf_padded_length(s->work->tile, tokens),
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

uint32_t wf_take_windows(wf_encoder *e, uint32_t first) {
  wf_scratch *s = &e->scratch;
  windows w = windows_of(s, wf_layer_of(e)->kind);
  uint32_t tokens = w.side * w.side, all = s->images * w.down * w.across;
  uint32_t group = s->group_rows / wf_padded_length(s->work->tile, tokens);
  uint32_t count = all - first < group ? all - first : group;
  lay_out(s, &w, first, count);
  /* SwinV2 adds the mask twice. */
  float masked = wf_layer_of(e)->kind->bias_buckets ? 2.0f * WF_MASKED : WF_MASKED;
  if (w.shift) s->steps[s->heads.step_count++] = wf_step_regions(s->regions, masked);
  s->group = (wf_row_group){.x = s->x, .map = s->map, .rows = count * tokens, .sequences = count};
  return count;
}

/* ---- Merging */

/* Gathers one row of the merged map: the four patches (0,0), (1,0), (0,1), (1,1), zeros beyond the edges. */
static void gather_four(const wf_scratch *s, float *line, uint32_t row, uint32_t width) {
  uint32_t columns = (s->width + 1) / 2, rows = (s->height + 1) / 2, place = row % (rows * columns);
  uint32_t image = row / (rows * columns);
  for (uint32_t part = 0; part < 4; part++) {
    uint32_t y = place / columns * 2 + part % 2, x = place % columns * 2 + part / 2;
    int inside = y < s->height && x < s->width;
    const float *from =
        s->x + ((size_t)(image * s->height + (inside ? y : 0)) * s->width + (inside ? x : 0)) * width;
    for (uint32_t i = 0; i < width; i++) line[part * width + i] = inside ? from[i] : 0.0f;
  }
}

static uint32_t merged_panels(const wf_encoder *e) {
  return wf_row_panels(e->scratch.work->tile, e->scratch.group.rows);
}

static uint64_t gather_cost(const wf_encoder *e) {
  return (uint64_t)32 * e->scratch.work->tile->rows * wf_layer_of(e)->kind->width;
}

static uint64_t merge_cost(const wf_encoder *e) { return wf_linear_cost(e->scratch.group.rows); }

static void gather(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  wf_scratch *s = &e->scratch;
  const wf_norm *norm = &wf_layer_of(e)->merge->norm;
  uint32_t width = wf_layer_of(e)->kind->width, step = work->tile->rows;
  for (uint32_t i = first * step; i < end * step && i < s->group.rows; i += step) {
    const float *lines[WF_TILE_MAX_ROWS];
    uint32_t n = s->group.rows - i < step ? s->group.rows - i : step;
    for (uint32_t r = 0; r < n; r++) {
      float *line = work->lines + (size_t)r * 4 * width;
      lines[r] = line;
      gather_four(s, line, s->at.first + i + r, width);
      if (norm->width == 4 * width) wf_norm_row(line, line, norm);
    }
    wf_pack_rows(s->packed + (size_t)i * 4 * width, lines, n, 4 * width, step);
  }
}

static uint32_t reduction_units(const wf_encoder *e) {
  return wf_linear_units(&wf_layer_of(e)->merge->reduction, e->scratch.work->tile, e->scratch.group.rows);
}

static void reduce(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  wf_scratch *s = &e->scratch;
  uint32_t width = 2 * wf_layer_of(e)->kind->width;
  wf_sink out = wf_sink_rows(s->next + (size_t)s->at.first * width, width, WF_IDENTITY);
  wf_linear_forward(work, &out, s->packed, &wf_layer_of(e)->merge->reduction, s->group.rows, first, end);
}

static uint32_t normed_panels(const wf_encoder *e) {
  return e->description.merge_form == WF_MERGE_NORM_LAST ? merged_panels(e) : 0;
}

static void norm_merged(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  const wf_scratch *s = &e->scratch;
  const wf_norm *norm = &wf_layer_of(e)->merge->norm;
  uint32_t step = work->tile->rows, last = end * step < s->group.rows ? end * step : s->group.rows;
  wf_norm_rows(s->next + (size_t)s->at.first * norm->width, norm, NULL, first * step, last);
}

/* Rows of the merged map; behind the last one the map halves and x changes places with next. */
static uint32_t take_merged(wf_encoder *e, uint32_t first) {
  wf_scratch *s = &e->scratch;
  if (!wf_layer_of(e)->merge) return 0;
  uint32_t height = (s->height + 1) / 2, width = (s->width + 1) / 2, on_image = height * width;
  uint32_t left = s->images * on_image - first;
  s->group = (wf_row_group){.rows = left < WF_ROWS_AT_A_TIME ? left : WF_ROWS_AT_A_TIME};
  if (left) return s->group.rows;
  float *old = s->x;
  s->x = s->next;
  s->next = old;
  s->height = height;
  s->width = width;
  s->rows = s->images * on_image;
  for (uint32_t i = 0; i < s->images; i++) s->lengths[i] = on_image;
  return 0;
}

static const wf_stage merge_stages[] = {
    {merged_panels, gather, gather_cost},
    {reduction_units, reduce, merge_cost},
    {normed_panels, norm_merged, gather_cost},
};
const wf_part wf_merge_part = {take_merged, merge_stages, sizeof merge_stages / sizeof *merge_stages};
