/* Gates of biases by distance: what each head makes of the rows that enter attention. Reference: transformers' WavLMAttention.
 *
 *   a, b = sigmoid(sums of four of linear(x_head));  gate = a (b scale - 1) + 2 */
#include "../encodings/trig.h"
#include "encoder.h"

static float sigmoid(float x) { return (float)(1.0 / (1.0 + wf_exp64(-(double)x))); }

void wf_make_gates(wf_encoder *e, const wf_workspace *work, uint32_t first, uint32_t end) {
  const wf_row_group *g = &e->scratch.group;
  const wf_layer_weights *w = wf_layer_of(e)->weights;
  const wf_kind_description *k = wf_layer_of(e)->kind;
  const uint32_t step = work->tile->rows, to = end * step < g->rows ? end * step : g->rows;
  for (uint32_t r = first * step; r < to; r++) {
    const float *x = g->x + (size_t)r * k->width;
    if (w->norms[BEFORE_ATTENTION].width) {
      wf_norm_row(work->lines, x, &w->norms[BEFORE_ATTENTION]);
      x = work->lines;
    }
    for (uint32_t h = 0; h < k->heads; h++, x += k->head_width) {
      float sums[2] = {0.0f, 0.0f};
      for (uint32_t o = 0; o < 8; o++) {
        const float *row = w->gate.values + (size_t)o * k->head_width;
        sums[o / 4] += w->gate_bias.values[o];
        for (uint32_t i = 0; i < k->head_width; i++) sums[o / 4] += x[i] * row[i];
      }
      float a = sigmoid(sums[0]), b = sigmoid(sums[1]);
      e->scratch.gates[(size_t)r * k->heads + h] = a * (b * w->gate_scale.values[h] - 1.0f) + 2.0f;
    }
  }
}
