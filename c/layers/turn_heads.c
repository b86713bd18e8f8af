/* A pass over packed heads before attention: norms of queries and keys over a head's width, and rotation by position.
 * Not here: the tables of angles (c/encodings), norms of whole rows (norm.c). */
#include "layers.h"
#include <assert.h>

/* Tokens t .. t + columns - 1 of one head, channels down: x [W][columns], columns a multiple of 4. */
static void turn_panel(const wf_turn *turn, const wf_norm *norm, float scale, float *x, uint32_t t,
                       uint32_t width, uint32_t columns) {
  wf_f32_norm_columns(x, norm->weight, norm->bias, turn->norm, norm->epsilon, scale, width, columns);
  if (turn->rotary == 0) return;
  wf_f32_rotate_columns(x, turn->cosines + t, turn->sines + t, turn->positions, turn->rotary / 2, columns,
                        turn->interleaved);
}

static void turn_queries(const wf_workspace *work, const wf_heads *heads, const wf_turn *turn,
                         const wf_sequence *sequence, uint32_t head) {
  const uint32_t nr = work->tile->columns, width = heads->width;
  const float scale = turn->query_scale * (turn->head_scales ? turn->head_scales[head] : 1.0f);
  float *panel = wf_head_queries(heads, work->tile, sequence, head);
  for (uint32_t t = 0; t < sequence->length; t += nr, panel += (size_t)(1 + width) * nr) {
    turn_panel(turn, &turn->query_norm, scale, panel + nr, t, width, nr);
  }
}

/* Panels of keys have MR lanes, no whole vectors: they pass through the workspace. */
static void turn_keys(const wf_workspace *work, const wf_heads *heads, const wf_turn *turn,
                      const wf_sequence *memory, uint32_t key_head) {
  const uint32_t mr = work->tile->rows, width = heads->width, columns = mr > 4 ? 8 : 4;
  float *panel = wf_head_keys(heads, work->tile, memory, key_head), *x = work->context;
  for (uint32_t t = 0; t < memory->length; t += mr, panel += (size_t)width * mr) {
    for (uint32_t c = 0; c < width; c++) {
      for (uint32_t i = 0; i < columns; i++) x[c * columns + i] = i < mr ? panel[c * mr + i] : 0.0f;
    }
    turn_panel(turn, &turn->key_norm, 1.0f, x, t, width, columns);
    for (uint32_t c = 0; c < width; c++) {
      for (uint32_t i = 0; i < mr; i++) panel[c * mr + i] = x[c * columns + i];
    }
  }
}

void wf_turn_heads(const wf_workspace *work, const wf_heads *heads, const wf_turn *turn, uint32_t first,
                   uint32_t end) {
  const uint32_t group = heads->heads / heads->key_heads;
  assert(turn->rotary <= heads->width && turn->rotary % 2 == 0);
  assert(turn->norm != WF_COLUMN_NONE || (turn->query_scale == 1.0f && !turn->head_scales));
  for (uint32_t i = first; i < end; i++) {
    uint32_t sequence = i / heads->heads, head = i % heads->heads;
    turn_queries(work, heads, turn, &heads->sequences[sequence], head);
    if (head % group == 0) turn_keys(work, heads, turn, &heads->memory[sequence], head / group);
  }
}
