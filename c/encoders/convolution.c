/* A convolution over the tokens beside the first layer, which DeBERTa v2 adds: behind that layer
 *
 *   x = norm(x + activation(conv(x0)))
 *
 * x0 being what entered it; beyond a sequence's ends x0 is zero. Reference: transformers' ConvLayer of DeBERTa v2. */
#include "encoder.h"

static const wf_tile *tile_of(const wf_encoder *e) { return e->scratch.work->tile; }

static uint32_t row_panels(const wf_encoder *e) { return wf_row_panels(tile_of(e), e->scratch.group.rows); }

static uint32_t product_units(const wf_encoder *e) {
  return wf_linear_units(&e->weights.convolution, tile_of(e), e->scratch.group.rows);
}

static uint64_t row_cost(const wf_encoder *e) {
  return (uint64_t)8 * tile_of(e)->rows * e->weights.convolution.inputs;
}

static uint64_t product_cost(const wf_encoder *e) { return wf_linear_cost(e->scratch.group.rows); }

/* What the convolution reads at one row of the block: [D][kernel], as its weight has it. */
static void gather(float *line, const wf_scratch *s, uint32_t row, uint32_t width, uint32_t kernel) {
  uint32_t start = 0, i = 0;
  while (row - start >= s->lengths[i]) start += s->lengths[i++];
  for (uint32_t k = 0; k < kernel; k++) {
    uint32_t at = row + k - kernel / 2; /* wraps where it is before the block */
    int inside = at - start < s->lengths[i];
    const float *from = s->next + (size_t)(inside ? at : row) * width;
    for (uint32_t c = 0; c < width; c++) line[(size_t)c * kernel + k] = inside ? from[c] : 0.0f;
  }
}

static void pack(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  const wf_scratch *s = &e->scratch;
  uint32_t step = work->tile->rows, kernel = e->description.convolution, size = e->weights.convolution.inputs;
  for (uint32_t i = first * step; i < end * step && i < s->group.rows; i += step) {
    const float *lines[WF_TILE_MAX_ROWS];
    uint32_t n = s->group.rows - i < step ? s->group.rows - i : step;
    for (uint32_t r = 0; r < n; r++) {
      float *line = work->lines + (size_t)r * size;
      lines[r] = line;
      gather(line, s, s->at.first + i + r, size / kernel, kernel);
    }
    wf_pack_rows(s->packed + (size_t)i * size, lines, n, size, step);
  }
}

static void convolve(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  const wf_linear *linear = &e->weights.convolution;
  wf_activation activation = (wf_activation)e->description.convolution_activation;
  wf_sink sink = wf_sink_rows(e->scratch.branch, linear->outputs, activation);
  wf_linear_forward(work, &sink, e->scratch.packed, linear, e->scratch.group.rows, first, end);
}

static void add(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  const wf_row_group *g = &e->scratch.group;
  uint32_t width = e->weights.convolution.outputs, step = work->tile->rows;
  uint32_t from = first * step, to = end * step < g->rows ? end * step : g->rows;
  for (size_t i = (size_t)from * width; i < (size_t)to * width; i++) g->x[i] += e->scratch.branch[i];
  wf_norm_rows(g->x, &e->weights.convolution_norm, NULL, from, to);
}

static uint32_t take(wf_encoder *e, uint32_t first) {
  wf_scratch *s = &e->scratch;
  if (!e->description.convolution || s->at.layer) return 0;
  uint32_t left = s->rows - first, rows = left < WF_ROWS_AT_A_TIME ? left : WF_ROWS_AT_A_TIME;
  s->group = (wf_row_group){.x = s->x + (size_t)first * e->description.width, .rows = rows};
  return rows;
}

static const wf_stage stages[] = {
    {row_panels, pack, row_cost}, {product_units, convolve, product_cost}, {row_panels, add, row_cost}};
const wf_part wf_convolution_part = {take, stages, sizeof stages / sizeof *stages};
