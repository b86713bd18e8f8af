/* A create over memory that holds a model in use: with the same description, with another, with one that is refused, with
 * too few bytes. Nothing of the old layout may be called, and the memory serves a new model. */
#include "check.h"
#include "model.h"

enum { SAME, ANOTHER, UNSUPPORTED, OUT_OF_RANGE, A_BYTE_LESS, NO_ROOM, FOUR_BYTES, WAYS };
static const char *const names[] = {"the same",    "another", "unsupported", "out of range",
                                    "a byte less", "no room", "four bytes"};

static wf_encoder_description describe_model(uint32_t stem, uint32_t tile) {
  return describe((wf_encoder_description){
      .tile = tile,
      .stem = stem,
      .layers = 2,
      .width = 6,
      .kind = {{.heads = 2, .head_width = 3, .inner = 11, .norm_epsilon = 1e-5f, .score_scale = 0.6f}},
      .vocabulary = stem == WF_STEM_TOKENS ? 31 : 0,
      .final_norm = 1,
      .final_norm_epsilon = 1e-5f,
      .head_count = 1,
      .head = {{.inputs = 6, .outputs = 5}}});
}

/* No function reads the old model: a forward is out of order, and where no new model stands everything is. */
static void check_gone(model *m, const batch *b, const char *way, uint32_t status) {
  const wf_output output = {.heads = 1};
  const wf_put put = {.slot = WF_SLOT_FINAL_NORM_BIAS, .count = 6};
  float x[64] = {0}, out[64];
  uint32_t left, shape[2];
  wf_state state;
  const uint32_t never[] = {
      wf_encoder_run(&left, NULL, m->encoder, 0, 0),
      wf_encoder_run(&left, NULL, m->encoder, 2, 1),
      wf_encoder_finish(m->encoder),
      wf_encoder_output(out, m->encoder, NULL, &output, 0, 1),
      wf_encoder_output(out, m->encoder, x, &output, 0, 1),
      begin_batch(m, b),
      wf_encoder_begin_embeddings(m->encoder, x, b->lengths, 1),
      wf_encoder_begin_pixels(m->encoder, x, NULL, 1, 2, 2),
      wf_encoder_attend(out, NULL, m->encoder, x, x, x, NULL, 1, 1, 1),
  };
  for (size_t i = 0; i < sizeof never / sizeof *never; i++)
    CHECK(never[i] == WF_ERROR_STATE, "%s: forward function %zu: status %u", way, i, never[i]);
  CHECK(!wf_encoder_hidden(m->encoder), "%s: rows of the old model", way);
  const uint32_t asked[] = {
      wf_encoder_state(&state, m->encoder, 0, 0, 0),
      wf_encoder_least_image(shape, m->encoder),
      wf_encoder_slot_shape(shape, m->encoder, WF_SLOT_FINAL_NORM_BIAS, 0),
      wf_encoder_put(m->encoder, x, &put),
  };
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
    CHECK(asked[i] == status, "%s: function %zu: status %u", way, i, asked[i]);
  if (status == WF_OK) return;
  CHECK(wf_encoder_derive(m->encoder) == WF_ERROR_STATE, "%s: derive", way);
  CHECK(wf_encoder_scratch(m->encoder, m->scratch, m->scratch_bytes, 1, 8, 1, NULL) == WF_ERROR_STATE,
        "%s: scratch", way);
}

/* A new model over the old one takes its weights and scratch one after another; before all are there nothing begins. */
static void check_new_model(model *m, const batch *b, const wf_encoder_description *d, const char *way) {
  model next = {.description = *d, .encoder = m->encoder, .scratch = m->scratch};
  check_gone(&next, b, way, WF_OK);
  give_scratch(&next, batch_cost(b, d->tile), batch_cost(b, d->tile));
  CHECK(begin_batch(&next, b) == WF_ERROR_STATE, "%s: begun before the weights were derived", way);
  draw_weights(&next);
  trace t = run_model(&next, b);
  model other = ready_model(d, batch_cost(b, d->tile), batch_cost(b, d->tile));
  trace want = run_model(&other, b);
  CHECK(same_trace(&t, &want, d->layers), "%s: other bits than in new memory", way);
  free_trace(&t);
  free_trace(&want);
  free_model(&other);
  m->scratch = next.scratch;
  next.encoder = NULL; /* still the old one's */
  next.scratch = NULL;
  free_model(&next);
}

static void test_create_over_a_used_model(int way) {
  static const uint32_t lengths[] = {4, 13, 1};
  wf_encoder_description d = describe_model(WF_STEM_TOKENS, 0);
  wf_encoder_description next = describe_model(way == ANOTHER ? WF_STEM_EMBEDDINGS : WF_STEM_TOKENS, 1);
  batch b = make_batch(&d, lengths, 3);
  model m = ready_model(&d, batch_cost(&b, 0), batch_cost(&b, 0));
  uint32_t bytes = m.bytes, needed = 0, want = WF_OK;
  CHECK(begin_batch(&m, &b) == WF_OK && run_to(&m, NULL, 1) == WF_OK, "run");
  CHECK(wf_encoder_plan(&needed, &next) == WF_OK && needed <= bytes, "plan");
  if (way == UNSUPPORTED) next.dtype = WF_BF16, want = WF_ERROR_UNSUPPORTED;
  if (way == OUT_OF_RANGE) next.kind[0].heads = 0, want = WF_ERROR_ARGUMENT;
  if (way >= A_BYTE_LESS) want = WF_ERROR_MEMORY;
  if (way == A_BYTE_LESS) bytes = needed - 1;
  if (way == NO_ROOM) bytes = 64;
  if (way == FOUR_BYTES) bytes = 4;
  if (want == WF_OK) memset(m.encoder, 0, m.bytes);
  uint32_t status = wf_encoder_create(m.encoder, bytes, &next);
  CHECK(status == want, "create over a model, %s: status %u, not %u", names[way], status, want);
  if (want == WF_OK)
    check_new_model(&m, &b, &next, names[way]);
  else
    check_gone(&m, &b, names[way], WF_ERROR_STATE);
  memset(m.encoder, 0, m.bytes);
  CHECK(wf_encoder_create(m.encoder, m.bytes, &d) == WF_OK, "create again");
  check_new_model(&m, &b, &d, names[way]);
  free_batch(&b);
  free_model(&m);
}

int main(void) {
  for (int way = 0; way < WAYS; way++) test_create_over_a_used_model(way);
  return check_finish();
}
