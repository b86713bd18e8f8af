/* Groups of rows: attention takes as many sequences as fit one, the feed-forward network, the patch embedding and merging
 * WF_ROWS_AT_A_TIME rows. However a block falls into groups, the bits are those of one group, and of the twin. */
#include "check.h"
#include "encoders/encoder.h"
#include "images.h"
#include "twin.h"

static const uint32_t ragged[] = {1, 17, 2, 30, 3, 3, 8, 12, 1, 1, 25, 6, 29, 5};
enum { RAGGED = sizeof ragged / sizeof *ragged, SEQUENCES = 16 };

static wf_encoder_description plain_description(uint32_t tile, uint32_t width) {
  return describe((wf_encoder_description){.tile = tile,
                                           .stem = WF_STEM_EMBEDDINGS,
                                           .layers = 2,
                                           .width = width,
                                           .kinds = 2,
                                           .kind = {{.heads = 3,
                                                     .head_width = 5,
                                                     .inner = 13,
                                                     .activation = WF_SILU,
                                                     .gated = 1,
                                                     .norms = 63,
                                                     .norm_epsilon = 1e-5f,
                                                     .score_scale = 0.4f},
                                                    {.heads = 2,
                                                     .head_width = 3,
                                                     .inner = 7,
                                                     .norms = WF_AFTER_ATTENTION | WF_AFTER_FEED_FORWARD,
                                                     .norm_epsilon = 1e-5f,
                                                     .score_scale = 0.4f}},
                                           .layer_kind = {0, 1},
                                           .final_norm = 1,
                                           .final_norm_epsilon = 1e-5f});
}

/* Every group from that of the longest sequence to that of the whole block and beyond, so also those which a row of tiles
 * less or more than whole sequences fill. */
static void test_groups_of_attention(series *series, uint32_t tile) {
  wf_encoder_description d = plain_description(tile, 9);
  batch b = make_batch(&d, ragged, RAGGED);
  uint32_t rows = batch_cost(&b, tile), least = longest_cost(&b, tile);
  model m = ready_model(&d, rows, rows);
  trace whole = run_model(&m, &b);
  if (tile == 0) for_each_sequence(series, &m, &b, &whole);
  for (uint32_t group = least; group <= rows + 1; group++) {
    give_scratch(&m, rows, group);
    trace t = run_model(&m, &b);
    CHECK(same_trace(&t, &whole, d.layers), "groups of %u of %u rows, tile %u", group, rows, tile);
    free_trace(&t);
  }
  free_trace(&whole);
  free_model(&m);
  free_batch(&b);
}

/* Groups that whole sequences fill to the row: as many of each length as a group of `most` rows takes. */
static void test_groups_filled_exactly(uint32_t tile) {
  wf_encoder_description d = plain_description(tile, 9);
  for (uint32_t length = 1; length <= 25; length += 3) {
    const uint32_t lengths[] = {length, length, length, length, length, length};
    batch b = make_batch(&d, lengths, 6);
    uint32_t padded = wf_padded_length(wf_tile_get(tile), length);
    model m = ready_model(&d, 6 * padded, 6 * padded);
    trace whole = run_model(&m, &b);
    for (uint32_t sequences = 1; sequences <= 6; sequences++) {
      for (uint32_t spare = 0; spare <= 1; spare++) {
        give_scratch(&m, 6 * padded, sequences * padded + spare);
        trace t = run_model(&m, &b);
        CHECK(same_trace(&t, &whole, d.layers), "%u sequences of %u and %u rows, tile %u", sequences, length,
              spare, tile);
        free_trace(&t);
      }
    }
    free_trace(&whole);
    free_model(&m);
    free_batch(&b);
  }
}

/* A sequence must fit a group, wherever in the block it stands, however large the block may be. */
static void test_a_sequence_longer_than_a_group(uint32_t tile) {
  wf_encoder_description d = plain_description(tile, 9);
  const wf_tile *t = wf_tile_get(tile);
  model m = ready_model(&d, 1000, wf_padded_length(t, 20));
  uint64_t seed = 1;
  float *x = check_randoms(&seed, (size_t)1000 * 9, 1.0f);
  for (uint32_t length = 1; length < 64; length++) {
    const uint32_t lengths[2][2] = {{length, 5}, {5, length}};
    int fits = wf_padded_length(t, length) <= wf_padded_length(t, 20);
    for (int order = 0; order < 2; order++) {
      uint32_t status = wf_encoder_begin_embeddings(m.encoder, x, lengths[order], 2);
      CHECK(status == (fits ? WF_OK : WF_ERROR_MEMORY), "a length of %u, tile %u: status %u", length, tile,
            status);
      uint32_t ran = run_to(&m, NULL, 2);
      CHECK(ran == (fits ? WF_OK : WF_ERROR_STATE), "a length of %u, tile %u: run gave %u", length, tile,
            ran);
    }
  }
  free(x);
  free_model(&m);
}

/* Blocks of as many rows as the feed-forward network takes at a time, one less, one more, and several times that; the
 * group of attention may be smaller, or larger. */
static void test_groups_of_rows(series *series, uint32_t tile) {
  static const uint32_t rows[] = {WF_ROWS_AT_A_TIME - 1, WF_ROWS_AT_A_TIME, WF_ROWS_AT_A_TIME + 1,
                                  2 * WF_ROWS_AT_A_TIME + 7};
  for (int i = 0; i < 4; i++) {
    uint32_t lengths[SEQUENCES], left = rows[i];
    for (int s = 0; s < SEQUENCES; s++)
      left -= lengths[s] = s + 1 < SEQUENCES ? rows[i] / SEQUENCES - (uint32_t)s % 3 : left;
    wf_encoder_description d = plain_description(tile, 10);
    batch b = make_batch(&d, lengths, SEQUENCES);
    model m = ready_model(&d, batch_cost(&b, tile), longest_cost(&b, tile));
    trace t = run_model(&m, &b);
    if (tile == 0 && i == 2) for_each_sequence(series, &m, &b, &t);
    for_each_sequence(NULL, &m, &b, &t);
    give_scratch(&m, batch_cost(&b, tile), batch_cost(&b, tile));
    trace whole = run_model(&m, &b);
    CHECK(same_trace(&t, &whole, d.layers), "%u rows in one group, tile %u", rows[i], tile);
    free_trace(&t);
    free_trace(&whole);
    free_model(&m);
    free_batch(&b);
  }
}

/* More patches, and more merged rows, than are taken at a time: 3 images of 46 x 45 patches, 23 x 23 behind merging. */
static void test_groups_of_patches(series *series) {
  const wf_kind_description kind = {.heads = 1,
                                    .head_width = 2,
                                    .inner = 5,
                                    .norms = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD,
                                    .norm_epsilon = 1e-5f,
                                    .score_scale = 0.6f,
                                    .window = 5};
  wf_encoder_description d = {.stem = WF_STEM_PATCHES,
                              .layers = 2,
                              .width = 10,
                              .kinds = 2,
                              .kind = {kind, kind},
                              .layer_kind = {0, 1},
                              .merge_norm_epsilon = 1e-5f,
                              .channels = CHANNELS,
                              .patch_height = 1,
                              .patch_width = 1};
  d.kind[0].shift = 2;
  d.kind[1].width = 20;
  check_images(series, describe(d), 46, 45, 3);
  d.layers = d.kinds = 1;
  d.kind[0].window = d.kind[0].shift = 0;
  d.prefix = 1;
  check_images(series, describe(d), 20, 19, 3); /* 3 images of 380 patches behind a prefix */
}

int main(void) {
  series plain = {{.name = "rows in groups", .limit = 1e-5}, {.name = "their maps", .limit = 2e-6}, 1};
  series images = {{.name = "patches in groups", .limit = 1e-5}, {.name = "their maps", .limit = 2e-6}, 1};
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    test_groups_of_attention(&plain, tile);
    test_groups_filled_exactly(tile);
    test_a_sequence_longer_than_a_group(tile);
    test_groups_of_rows(&plain, tile);
  }
  test_groups_of_patches(&images);
  report_series(&plain);
  report_series(&images);
  return check_finish();
}
