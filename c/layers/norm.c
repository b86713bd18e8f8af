/* Normalisation over rows, and packing of rows into panels of A with or without it. */
#include "layers.h"

void wf_norm_row(float *y, const float *x, const wf_norm *norm) {
  if (norm->form == WF_NORM_RMS)
    wf_f32_rms_norm(y, x, norm->weight, norm->width, norm->epsilon);
  else
    wf_f32_layer_norm(y, x, norm->weight, norm->bias, norm->width, norm->epsilon);
}

void wf_norm_rows(float *x, const wf_norm *norm, const uint32_t *map, uint32_t first, uint32_t end) {
  for (uint32_t r = first; r < end; r++) {
    uint32_t place = map ? map[r] : r;
    if (place == WF_NO_ROW) continue;
    float *row = x + (size_t)place * norm->width;
    wf_norm_row(row, row, norm);
  }
}

uint32_t wf_row_panels(const wf_tile *tile, uint32_t rows) { return (rows + tile->rows - 1) / tile->rows; }

void wf_pack(const wf_workspace *work, float *panels, const float *x, const wf_norm *norm,
             const uint32_t *map, const wf_linear *reader, uint32_t rows, uint32_t first, uint32_t end) {
  uint32_t step = work->tile->rows, width = reader->inputs;
  int normed = norm && norm->width;
  for (uint32_t row = first * step; row < end * step && row < rows; row += step) {
    const float *lines[WF_TILE_MAX_ROWS];
    uint32_t count = rows - row < step ? rows - row : step;
    for (uint32_t r = 0; r < count; r++) {
      uint32_t source = map ? map[row + r] : row + r;
      const float *from = source == WF_NO_ROW ? NULL : x + (size_t)source * width;
      float *line = work->lines + (size_t)r * width;
      lines[r] = normed || source == WF_NO_ROW ? line : from;
      if (source == WF_NO_ROW) {
        for (uint32_t i = 0; i < width; i++) line[i] = 0.0f;
      } else if (normed) {
        wf_norm_row(line, from, norm);
      }
    }
    wf_pack_rows(panels + (size_t)row * width, lines, count, width, step);
  }
}
