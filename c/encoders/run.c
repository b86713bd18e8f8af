/* The layer loop: layers, their parts, groups, stages and units, in order, as far as the caller wants to go. */
#include "encoder.h"

static const wf_part *const parts[] = {&wf_attention_part, &wf_feed_forward_part, &wf_convolution_part,
                                       &wf_merge_part};
enum { PARTS = sizeof parts / sizeof *parts };

typedef struct share {
  wf_encoder *encoder;
  const wf_stage *stage;
  uint32_t first; /* unit that the loop begins with */
} share;

static void run_share(void *context, uint32_t thread, uint32_t first, uint32_t end) {
  const share *s = context;
  s->stage->run(s->encoder, &s->encoder->scratch.work[thread], s->first + first, s->first + end);
}

typedef struct product {
  const wf_scratch *scratch;
  const wf_sink *sink;
  const wf_linear *linear;
  uint32_t rows;
} product;

static void multiply_share(void *context, uint32_t thread, uint32_t first, uint32_t end) {
  const product *p = context;
  wf_linear_forward(&p->scratch->work[thread], p->sink, p->scratch->packed, p->linear, p->rows, first, end);
}

void wf_multiply(const wf_scratch *s, const wf_sink *sink, const wf_linear *linear, uint32_t rows) {
  if (wf_is_int8(linear))
    wf_linear_quantise_rows(linear, s->work->tile, s->packed, 0, wf_row_panels(s->work->tile, rows));
  product p = {s, sink, linear, rows};
  wf_for(s->team, wf_linear_units(linear, s->work->tile, rows), wf_linear_cost(rows), multiply_share, &p);
}

/* Values of attention maps that the group at hand has. */
static size_t map_size(const wf_encoder *e) {
  const wf_scratch *s = &e->scratch;
  size_t size = 0;
  for (uint32_t i = 0; i < s->group.sequences; i++)
    size += (size_t)s->sequences[i].length * s->sequences[i].length;
  return size * wf_layer_of(e)->kind->heads;
}

/* Goes to the next group of the part, or behind the part's last to the next part. */
static void next_group(wf_encoder *e) {
  wf_cursor *at = &e->scratch.at;
  at->maps += map_size(e);
  at->first += at->taken;
  at->taken = at->stage = 0;
}

static void next_part(wf_cursor *at) {
  at->part++;
  at->first = 0;
  at->maps = 0;
  if (at->part < PARTS) return;
  at->part = 0;
  at->layer++;
}

/* Runs units of the stage at hand, as many as the work allows but at least one; returns their cost. */
static uint64_t run_units(wf_encoder *e, const wf_stage *stage, uint64_t work) {
  wf_cursor *at = &e->scratch.at;
  uint32_t all = stage->units(e), left = all - at->unit;
  uint64_t cost = left ? stage->cost(e) : 0, fitting = cost ? work / cost : left;
  uint32_t units = fitting < left ? (fitting ? (uint32_t)fitting : 1) : left;
  share s = {e, stage, at->unit};
  if (left) wf_for(e->scratch.team, units, cost, run_share, &s);
  at->unit += units;
  if (at->unit == all) {
    if (e->scratch.trace) wf_trace_stage(e);
    at->unit = 0;
    at->stage++;
  }
  return cost * units;
}

uint32_t wf_encoder_run(uint32_t *left, float *maps, wf_encoder *encoder, uint32_t state, uint32_t work) {
  WF_TRY(wf_ready(encoder));
  wf_scratch *s = &encoder->scratch;
  wf_cursor *at = &s->at;
  uint32_t until = wf_state_layers(&encoder->description, state);
  uint32_t begun = at->layer + (at->part || at->first || at->taken);
  if (s->rows == 0) return WF_ERROR_STATE;
  if (until > WF_MAX_LAYERS || until < begun) return WF_ERROR_ARGUMENT;
  uint64_t allowed = (uint64_t)work << 20, spent = 0;
  while (s->sound.x && (spent == 0 || spent < allowed)) spent += wf_run_sound(encoder);
  while (!s->sound.x && at->layer < until && (spent == 0 || spent < allowed)) {
    const wf_part *part = parts[at->part];
    s->maps = at->layer + 1 == until ? maps : NULL;
    if (at->taken == 0) {
      at->taken = part->take(encoder, at->first);
      if (at->taken == 0) next_part(at);
    } else if (at->stage == part->count) {
      next_group(encoder);
    } else {
      spent += run_units(encoder, &part->stages[at->stage], allowed - spent);
    }
  }
  *left = until - at->layer + (s->sound.x ? 1 : 0);
  return WF_OK;
}

uint32_t wf_encoder_mask(wf_encoder *encoder, const uint8_t *values, const uint32_t strides[4], float fill) {
  WF_TRY(wf_ready(encoder));
  wf_scratch *s = &encoder->scratch;
  const wf_cursor *at = &s->at;
  if (s->rows == 0 || at->layer || at->part || at->first || at->taken) return WF_ERROR_STATE;
  if (!values || !strides) return WF_ERROR_ARGUMENT;
  if (wf_is_windowed(&encoder->description)) return WF_ERROR_UNSUPPORTED;
  s->mask = (wf_mask){values, strides[0], strides[1], strides[2], strides[3], fill};
  return WF_OK;
}

uint32_t wf_encoder_finish(wf_encoder *encoder) {
  WF_TRY(wf_ready(encoder));
  wf_scratch *s = &encoder->scratch;
  if (s->rows == 0 || s->sound.x || s->at.layer != encoder->description.layers || s->finished)
    return WF_ERROR_STATE;
  if (encoder->description.final_norm == WF_FINAL_NORM_ROWS)
    wf_norm_rows(s->x, &encoder->weights.final_norm, NULL, 0, s->rows);
  s->finished = 1;
  return WF_OK;
}

const float *wf_encoder_hidden(const wf_encoder *encoder) {
  return encoder->magic == WF_ENCODER_MAGIC ? encoder->scratch.x : NULL;
}
