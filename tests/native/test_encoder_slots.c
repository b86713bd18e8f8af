/* The shape of every slot that models of all forms have, and that there are no others: what the header's table of slots
 * says, computed from the description. */
#include "check.h"
#include "model.h"

enum { ALL_NORMS = 63 };

static wf_encoder_description every_norm(void) {
  static const uint32_t sets[] = {0, 1, 0, 3, 1, 3};
  wf_encoder_description d = describe((wf_encoder_description){
      .layers = 6,
      .width = 11,
      .kinds = 2,
      .kind = {{.heads = 2,
                .head_width = 3,
                .inner = 19,
                .gated = 1,
                .norms = ALL_NORMS,
                .norm_epsilon = 1e-5f,
                .score_scale = 0.5f},
               {.heads = 5, .head_width = 7, .inner = 4, .norm_epsilon = 1e-5f, .score_scale = 0.5f}},
      .layer_kind = {0, 1, 0, 1, 1, 1},
      .vocabulary = 61,
      .positions = 23,
      .types = 2,
      .embedding_norm = 1,
      .final_norm = 1,
      .head_count = 4,
      .head = {{.inputs = 11, .outputs = 7, .norm = 1},
               {.inputs = 11, .outputs = 61, .tied = 1},
               {.inputs = 88, .outputs = 1},
               {.inputs = 7, .outputs = 3}}});
  memcpy(d.layer_weights, sets, sizeof sets);
  return d;
}

static wf_encoder_description windowed(void) {
  return describe((wf_encoder_description){
      .stem = WF_STEM_PATCHES,
      .layers = 5,
      .width = 6,
      .kinds = 3,
      .kind = {{.width = 6, .heads = 2, .head_width = 3, .inner = 11, .score_scale = 0.5f, .window = 3},
               {.width = 12,
                .heads = 4,
                .head_width = 5,
                .inner = 9,
                .norms = WF_BEFORE_ATTENTION,
                .score_scale = 0.5f,
                .window = 4,
                .shift = 1},
               {.width = 24, .heads = 1, .head_width = 24, .inner = 2, .score_scale = 0.5f, .window = 2}},
      .layer_kind = {0, 0, 1, 1, 2},
      .final_norm = 1,
      .channels = 2,
      .patch_height = 2,
      .patch_width = 3,
      .head_count = 1,
      .head = {{.inputs = 24, .outputs = 5}}});
}

static wf_encoder_description patches(void) {
  return describe(
      (wf_encoder_description){.stem = WF_STEM_PATCHES,
                               .layers = 1,
                               .width = 14,
                               .kind = {{.heads = 2, .head_width = 7, .inner = 19, .score_scale = 0.4f}},
                               .positions = 14,
                               .channels = 3,
                               .patch_height = 5,
                               .patch_width = 4,
                               .prefix = 6,
                               .prefix_positions = 1});
}

static wf_encoder_description without_layers(void) {
  return describe((wf_encoder_description){.width = 3, .vocabulary = 5});
}

static void set(uint32_t shape[2], uint32_t rows, uint32_t columns) {
  shape[0] = columns ? rows : 0;
  shape[1] = rows ? columns : 0;
}

/* Slots that the model has once. */
static void shape_in_model(uint32_t shape[2], const wf_encoder_description *d, uint32_t slot) {
  uint32_t last = d->layers ? kind_of(d, d->layers - 1)->width : d->width;
  if (slot == WF_SLOT_TOKEN_TABLE) set(shape, d->vocabulary, d->width);
  if (slot == WF_SLOT_POSITION_TABLE) set(shape, d->positions, d->width);
  if (slot == WF_SLOT_TYPE_TABLE) set(shape, d->types, d->width);
  if (slot == WF_SLOT_PREFIX_TABLE) set(shape, d->prefix, d->width);
  if (slot == WF_SLOT_EMBEDDING_NORM_WEIGHT || slot == WF_SLOT_EMBEDDING_NORM_BIAS)
    set(shape, d->embedding_norm > 0, d->width);
  if (slot == WF_SLOT_FINAL_NORM_WEIGHT || slot == WF_SLOT_FINAL_NORM_BIAS) set(shape, d->final_norm, last);
  if (d->stem != WF_STEM_PATCHES) return;
  if (slot == WF_SLOT_PATCH_WEIGHT) set(shape, d->width, d->channels * d->patch_height * d->patch_width);
  if (slot == WF_SLOT_PATCH_BIAS) set(shape, 1, d->width);
}

static void shape_in_layer(uint32_t shape[2], const wf_kind_description *k, uint32_t slot) {
  uint32_t all = k->heads * k->head_width, outputs = k->gated ? 2 * k->inner : k->inner;
  uint32_t qkv = (k->heads + 2 * k->key_heads) * k->head_width, side = 2 * k->window - 1;
  if (slot == WF_SLOT_QKV_WEIGHT) set(shape, qkv, k->width);
  if (slot == WF_SLOT_QKV_BIAS) set(shape, 1, qkv);
  if (slot == WF_SLOT_OUT_WEIGHT) set(shape, k->width, all);
  if (slot == WF_SLOT_OUT_BIAS || slot == WF_SLOT_DOWN_BIAS) set(shape, 1, k->width);
  if (slot == WF_SLOT_UP_WEIGHT) set(shape, outputs, k->width);
  if (slot == WF_SLOT_UP_BIAS) set(shape, 1, outputs);
  if (slot == WF_SLOT_DOWN_WEIGHT) set(shape, k->width, k->inner);
  if (slot == WF_SLOT_WINDOW_TABLE && k->window) set(shape, side * side, k->heads);
  static const wf_slot norms[] = {WF_SLOT_BEFORE_ATTENTION_WEIGHT,    WF_SLOT_INSIDE_ATTENTION_WEIGHT,
                                  WF_SLOT_AFTER_ATTENTION_WEIGHT,     WF_SLOT_BEFORE_FEED_FORWARD_WEIGHT,
                                  WF_SLOT_INSIDE_FEED_FORWARD_WEIGHT, WF_SLOT_AFTER_FEED_FORWARD_WEIGHT};
  for (uint32_t i = 0; i < 6; i++)
    if (slot == norms[i] || slot == norms[i] + 1u) set(shape, k->norms >> i & 1, k->width);
}

static void shape_in_merge(uint32_t shape[2], const wf_encoder_description *d, uint32_t slot,
                           uint32_t index) {
  for (uint32_t layer = 0; layer + 1 < d->layers; layer++) {
    uint32_t width = kind_of(d, layer)->width;
    if (kind_of(d, layer + 1)->width == width || index-- > 0) continue;
    if (slot == WF_SLOT_MERGE_WEIGHT) set(shape, 2 * width, 4 * width);
    if (slot == WF_SLOT_MERGE_NORM_WEIGHT || slot == WF_SLOT_MERGE_NORM_BIAS) set(shape, 1, 4 * width);
    return;
  }
}

static void expect_shape(uint32_t shape[2], const wf_encoder_description *d, uint32_t slot, uint32_t index) {
  set(shape, 0, 0);
  if (index == 0) shape_in_model(shape, d, slot);
  if (index < d->layers && d->layer_weights[index] == index) shape_in_layer(shape, kind_of(d, index), slot);
  if (slot >= WF_SLOT_MERGE_NORM_WEIGHT && slot <= WF_SLOT_MERGE_WEIGHT)
    shape_in_merge(shape, d, slot, index);
  if (index >= d->head_count) return;
  const wf_head_description *h = &d->head[index];
  if (slot == WF_SLOT_HEAD_WEIGHT && !h->tied) set(shape, h->outputs, h->inputs);
  if (slot == WF_SLOT_HEAD_BIAS) set(shape, 1, h->outputs);
  if ((slot == WF_SLOT_HEAD_NORM_WEIGHT || slot == WF_SLOT_HEAD_NORM_BIAS)) set(shape, h->norm, h->outputs);
}

static void test_model(const char *name, wf_encoder_description d) {
  model m = make_model(&d);
  uint32_t found = 0;
  static const uint32_t beyond[] = {8, 127, 128, 1u << 31, UINT32_MAX};
  for (uint32_t slot = 0; slot < 80; slot++) {
    for (uint32_t i = 0; i < 8 + sizeof beyond / sizeof *beyond; i++) {
      uint32_t index = i < 8 ? i : beyond[i - 8], shape[2] = {0, 0}, want[2];
      expect_shape(want, &d, slot, index);
      uint32_t status = wf_encoder_slot_shape(shape, m.encoder, slot, index);
      CHECK(status == (want[0] ? WF_OK : WF_ERROR_ARGUMENT), "%s: slot %u %u: status %u", name, slot, index,
            status);
      CHECK(shape[0] == want[0] && shape[1] == want[1], "%s: slot %u %u: %u x %u, not %u x %u", name, slot,
            index, shape[0], shape[1], want[0], want[1]);
      found += want[0] > 0;
    }
  }
  for (uint32_t bit = 7; bit < 32; bit++) {
    uint32_t shape[2];
    CHECK(wf_encoder_slot_shape(shape, m.encoder, 1u << bit, 0) == WF_ERROR_ARGUMENT, "slot %u", 1u << bit);
  }
  CHECK(found > 0, "%s: no slots", name);
  free_model(&m);
}

int main(void) {
  test_model("every norm", every_norm());
  test_model("windows", windowed());
  test_model("patches", patches());
  test_model("without layers", without_layers());
  return check_finish();
}
