/* What a kind of layer may ask for, each against the twin in double precision, in every tile: all combinations of norms,
 * all activations, gated and not, with inner widths beside the tiles'. */
#include "check.h"
#include "model.h"
#include "twin.h"

static const uint32_t lengths[] = {1, 5, 13, 6};
enum { COUNT = sizeof lengths / sizeof *lengths };

static wf_encoder_description one_kind(uint32_t layers, uint32_t width, wf_kind_description kind) {
  wf_encoder_description d = {.stem = WF_STEM_EMBEDDINGS, .layers = layers, .width = width, .kind = {kind}};
  return describe(d);
}

static void test_kind(series *series, uint32_t layers, uint32_t width, wf_kind_description kind) {
  wf_encoder_description d = one_kind(layers, width, kind);
  batch b = make_batch(&d, lengths, COUNT);
  check_in_every_tile(series, d, &b, NULL, NULL);
  free_batch(&b);
}

/* The rows behind two layers tell each combination from every other: an absent norm is no norm, a present one is applied
 * where its bit says. */
static void test_all_places_of_norms(series *series) {
  enum { PLACES = 64, WIDTH = 13 };
  float *rows[PLACES];
  for (uint32_t norms = 0; norms < PLACES; norms++) {
    const wf_kind_description kind = {.heads = 2,
                                      .head_width = 5,
                                      .inner = 7,
                                      .activation = WF_GELU,
                                      .norms = norms,
                                      .norm_epsilon = 1e-5f,
                                      .score_scale = 0.4f};
    test_kind(series, 2, WIDTH, kind);
    wf_encoder_description d = one_kind(2, WIDTH, kind);
    batch b = make_batch(&d, lengths, COUNT);
    model m = ready_model(&d, batch_cost(&b, 0), longest_cost(&b, 0));
    trace t = run_model(&m, &b);
    rows[norms] = memcpy(check_floats(t.in_hidden), t.hidden + 2 * t.in_hidden, t.in_hidden * sizeof(float));
    for (uint32_t other = 0; other < norms; other++)
      CHECK(!check_same(rows[norms], rows[other], t.in_hidden), "norms %u give what %u give", norms, other);
    free_trace(&t);
    check_weights_come_back(&m);
    free_model(&m);
    free_batch(&b);
  }
  for (uint32_t norms = 0; norms < PLACES; norms++) free(rows[norms]);
}

/* Inner widths of one value, beside and at the columns of tiles (8 and 12), and of several blocks of columns. */
static void test_feed_forward(series *series) {
  static const uint32_t inner[] = {1, 5, 7, 8, 9, 11, 12, 13, 24, 25, 61, 401};
  for (uint32_t gated = 0; gated <= 1; gated++) {
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
      for (uint32_t activation = 0; activation < WF_ACTIVATION_COUNT; activation++) {
        if (inner[i] > 100 && activation > WF_GELU) continue;
        const wf_kind_description kind = {.heads = 1,
                                          .head_width = 3,
                                          .inner = inner[i],
                                          .activation = activation,
                                          .gated = gated,
                                          .norms = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD,
                                          .norm_epsilon = 1e-5f,
                                          .score_scale = 0.4f};
        test_kind(series, 1, 11, kind);
      }
    }
  }
}

/* Blocks of a single panel of columns: an input so wide that no two fit. A gated layer's pairs stay together. */
static void test_wide_inputs(series *series) {
  for (uint32_t gated = 0; gated <= 1; gated++) {
    const wf_kind_description kind = {.heads = 1,
                                      .head_width = 1,
                                      .inner = 50,
                                      .activation = WF_SILU,
                                      .gated = gated,
                                      .norms = WF_BEFORE_ATTENTION | WF_BEFORE_FEED_FORWARD,
                                      .norm_epsilon = 1e-5f,
                                      .score_scale = 0.4f};
    test_kind(series, 1, 8192, kind);
  }
}

int main(void) {
  series norms = {{.name = "places of norms", .limit = 1e-5}, {.name = "their maps", .limit = 2e-6}, 1};
  series inner = {{.name = "feed-forward", .limit = 1e-5}, {.name = "their maps", .limit = 2e-6}, 1};
  series wide = {
      {.name = "wide rows, sums of 8192", .limit = 4e-5}, {.name = "their maps", .limit = 2e-6}, 1};
  test_all_places_of_norms(&norms);
  test_feed_forward(&inner);
  test_wide_inputs(&wide);
  report_series(&norms);
  report_series(&inner);
  report_series(&wide);
  return check_finish();
}
