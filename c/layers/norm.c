/* Normalisation over rows, and packing of rows into panels of A with or without it. */
#include "layers.h"

void wf_norm_rows(float *x, const wf_norm *norm, uint32_t rows, uint32_t width) {
  for (uint32_t r = 0; r < rows; r++) {
    float *row = x + (size_t)r * width;
    wf_f32_layer_norm(row, row, norm->weight, norm->bias, width, norm->epsilon);
  }
}

void wf_pack(const wf_workspace *work, float *panels, const float *x, const wf_norm *norm,
             const uint32_t *map, uint32_t rows, uint32_t width) {
  uint32_t step = work->tile->rows;
  for (uint32_t first = 0; first < rows; first += step) {
    const float *lines[WF_TILE_MAX_ROWS];
    uint32_t count = rows - first < step ? rows - first : step;
    for (uint32_t r = 0; r < count; r++) {
      uint32_t source = map ? map[first + r] : first + r;
      const float *row = source == WF_NO_ROW ? NULL : x + (size_t)source * width;
      float *line = work->lines + (size_t)r * width;
      lines[r] = norm || source == WF_NO_ROW ? line : row;
      if (source == WF_NO_ROW) {
        for (uint32_t i = 0; i < width; i++) line[i] = 0.0f;
      } else if (norm) {
        wf_f32_layer_norm(line, row, norm->weight, norm->bias, width, norm->epsilon);
      }
    }
    wf_pack_rows(panels + (size_t)first * width, lines, count, width, step);
  }
}
