/* Encoders of images against their twins in double precision: patches with a prefix in a plain stack, and Swin's windows
 * with shifts, padding and merging. The same bits in every tile, for an image alone, and for any size of group. */
#include "check.h"
#include "images.h"

/* Patches behind `prefix` tokens, of which `positions` have rows in the position table. */
static wf_encoder_description plain_description(uint32_t prefix, uint32_t positions) {
  return describe((wf_encoder_description){.stem = WF_STEM_PATCHES,
                                           .layers = 2,
                                           .width = 14,
                                           .kind = {{.heads = 2,
                                                     .head_width = 7,
                                                     .inner = 19,
                                                     .activation = WF_GELU,
                                                     .norms = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD,
                                                     .norm_epsilon = 1e-6f,
                                                     .score_scale = 0.4f}},
                                           .positions = positions + 12,
                                           .final_norm = 1,
                                           .final_norm_epsilon = 1e-6f,
                                           .channels = CHANNELS,
                                           .patch_height = 3,
                                           .patch_width = 5,
                                           .prefix = prefix,
                                           .prefix_positions = positions});
}

/* Biases by offset behind a class token on a map of rows x columns: a table a layer, and one for both. */
static wf_encoder_description biased_description(uint32_t rows, uint32_t columns, int shared) {
  wf_encoder_description d = plain_description(1, 1);
  d.positions = 0;
  d.kind[0].bias = WF_BIAS_DENSE;
  d.kind[0].bias_buckets = rows;
  d.kind[0].bias_reach = columns;
  d.layer_bias[1] = shared ? 0 : 1;
  return d;
}

/* A kind of layer of Swin's. */
static wf_kind_description windows(uint32_t width, uint32_t heads, uint32_t head_width, uint32_t inner,
                                   uint32_t window, uint32_t shift) {
  return (wf_kind_description){.width = width,
                               .heads = heads,
                               .head_width = head_width,
                               .inner = inner,
                               .activation = WF_GELU,
                               .norms = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD,
                               .norm_epsilon = 1e-5f,
                               .score_scale = 0.6f,
                               .window = window,
                               .shift = shift};
}

/* Swin with stages of two, two and one layer; `layers` of them, so that the rows of each are seen once. */
static wf_encoder_description windowed_description(uint32_t layers) {
  return describe((wf_encoder_description){.stem = WF_STEM_PATCHES,
                                           .layers = layers,
                                           .width = 6,
                                           .kinds = 5,
                                           .kind = {windows(6, 2, 3, 11, 3, 0), windows(6, 2, 3, 11, 3, 1),
                                                    windows(12, 4, 3, 22, 3, 0), windows(12, 4, 3, 22, 3, 1),
                                                    windows(24, 8, 3, 44, 3, 0)},
                                           .layer_kind = {0, 1, 2, 3, 4},
                                           .embedding_norm = 1,
                                           .embedding_norm_epsilon = 1e-5f,
                                           .merge_norm_epsilon = 1e-5f,
                                           .final_norm = 1,
                                           .final_norm_epsilon = 1e-5f,
                                           .channels = CHANNELS,
                                           .patch_height = 2,
                                           .patch_width = 3});
}

/* Windows, shifts, heads and inner widths of each stage's own; layers of the first stage that share weights, unshifted
 * and shifted not; a gated one. */
static wf_encoder_description mixed_description(void) {
  wf_encoder_description d = windowed_description(7);
  d.kinds = 5;
  d.kind[0] = windows(6, 3, 5, 7, 4, 3);
  d.kind[1] = windows(6, 1, 6, 1, 2, 1);
  d.kind[2] = windows(12, 2, 4, 9, 5, 2);
  d.kind[3] = windows(12, 5, 2, 13, 3, 0);
  d.kind[4] = windows(24, 1, 7, 6, 2, 1);
  d.kind[3].gated = 1;
  d.embedding_norm = d.final_norm = 0;
  static const uint32_t kinds[] = {0, 1, 0, 2, 3, 4, 4};
  memcpy(d.layer_kind, kinds, sizeof kinds);
  d = describe(d);
  d.layer_weights[2] = 0;
  d.layer_weights[6] = 5;
  return d;
}

/* SwinV2: norms inside, cosine attention, biases from a network, windows that are the same on any map. */
static wf_encoder_description continuous_description(void) {
  wf_encoder_description d = windowed_description(5);
  for (int i = 0; i < 5; i++) {
    d.kind[i].norms = WF_INSIDE_ATTENTION | WF_INSIDE_FEED_FORWARD;
    d.kind[i].head_norm = 1 + WF_NORM_L2;
    d.kind[i].score_scale = 1.0f;
    d.kind[i].bias_buckets = 21;
    d.kind[i].bias_reach = i == 1 ? 5 : 0;
  }
  d.kind[3].shift = 2;
  d.kind[4].window = 1;
  d.merge_form = WF_MERGE_NORM_LAST;
  return describe(d);
}

/* A shifted layer with every combination of norms, on a map with padding: rows of padding are neither normed nor added. */
static void test_all_places_of_norms(series *series) {
  for (uint32_t norms = 0; norms < 64; norms++) {
    wf_encoder_description d = windowed_description(1);
    d.kind[0].shift = 2;
    d.kind[0].norms = norms;
    check_images(series, d, 13, 14, 3); /* 7 x 5 */
  }
}

/* Absolute positions in windows, behind the norm over patches. */
static void test_positions_behind_the_norm(series *series) {
  wf_encoder_description d = windowed_description(3);
  d.positions = 7 * 5;
  d.embedding_norm = 2;
  check_images(series, d, 13, 14, 3); /* 7 x 5 */
}

int main(void) {
  series shallow = {
      {.name = "hidden states of images", .limit = 1e-5}, {.name = "attention maps", .limit = 2e-6}, 0};
  /* A stage's layers are held to the twin together: those before the last magnify rounding in its maps. */
  series mixed = {
      {.name = "mixed windows by stage", .limit = 2e-5}, {.name = "their attention maps", .limit = 1e-5}, 1};
  for (uint32_t prefix = 0; prefix <= 3; prefix++) { /* images of 3 x 4 patches */
    for (uint32_t positions = 0; positions <= prefix; positions++)
      check_images(&shallow, plain_description(prefix, positions), 11, 24, 3);
  }
  for (uint32_t stride = 1; stride <= 7; stride += 2) { /* patches of 3 x 5 that overlap, or leave gaps */
    wf_encoder_description d = plain_description(2, 2);
    d.stride_height = stride, d.stride_width = stride + 1;
    d.positions = 2 + ((11 - 3) / stride + 1) * ((24 - 5) / (stride + 1) + 1);
    check_images(&shallow, d, 11, 24, 3);
  }
  for (int shared = 0; shared <= 1; shared++) {
    check_images(&shallow, biased_description(3, 3, shared), 10, 16, 3); /* 3 x 3 patches */
    check_images(&shallow, biased_description(4, 4, shared), 11, 31, 3); /* 3 x 6 */
    check_images(&shallow, biased_description(5, 2, shared), 17, 14, 3); /* 5 x 2 */
    check_images(&shallow, biased_description(2, 7, shared), 22, 5, 3);  /* 7 x 1 */
  }
  for (uint32_t layers = 1; layers <= 5; layers++) {
    uint32_t groups = layers == 5 ? 5 : 1;
    check_images(&shallow, windowed_description(layers), 24, 36,
                 groups); /* 12 x 12, 6 x 6, 3 x 3: whole windows */
    check_images(&shallow, windowed_description(layers), 25, 52, groups); /* 13 x 18, 7 x 9, 4 x 5: padding */
  }
  check_images(&mixed, mixed_description(), 37, 61, 3); /* 19 x 21, 10 x 11, 5 x 6 */
  check_images(&mixed, mixed_description(), 19, 27, 1); /* 10 x 9, 5 x 5, one window of 5, 3 x 3 */
  series cosine = {
      {.name = "SwinV2 by stage", .limit = 3e-5}, {.name = "its attention maps", .limit = 3e-5}, 1};
  check_images(&cosine, continuous_description(), 25, 52, 3); /* 13 x 18, 7 x 9, 4 x 5 */
  check_images(&cosine, continuous_description(), 7, 9, 3);   /* 4 x 3, 2 x 2, smaller than a window, 1 x 1 */
  report_series(&cosine);
  series norms = {{.name = "places of norms in windows", .limit = 1e-5},
                  {.name = "their attention maps", .limit = 2e-6},
                  1};
  test_all_places_of_norms(&norms);
  test_positions_behind_the_norm(&norms);
  report_series(&norms);
  report_series(&shallow);
  report_series(&mixed);
  return check_finish();
}
