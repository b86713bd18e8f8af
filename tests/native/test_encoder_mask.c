/* A mask over pairs of tokens, in a stack of layers: whatever blocks and groups the sequences come in, whatever axes the
 * mask shares, and what it refuses. Its scores are compared with the twin's in test_attention_bias.c. */
#include "check.h"
#include "model.h"

enum {
  SEQUENCES = 5,
  LENGTH = 13,
  WIDTH = 12,
  HEADS = 2,
  ROWS = SEQUENCES * LENGTH,
  PAIRS = LENGTH * LENGTH
};

static wf_encoder_description stack(uint32_t tile, uint32_t left, uint32_t right) {
  wf_encoder_description d = describe((wf_encoder_description){
      .tile = tile,
      .stem = WF_STEM_EMBEDDINGS,
      .layers = 2,
      .width = WIDTH,
      .kind = {{.heads = HEADS, .head_width = 6, .inner = 9, .norm_epsilon = 1e-5f, .score_scale = 0.4f}}});
  d.kind[0].left = left;
  d.kind[0].right = right;
  return d;
}

static void run_all(model *m) {
  uint32_t left = 1;
  while (left) CHECK(wf_encoder_run(&left, NULL, m->encoder, 2, 1) == WF_OK, "a layer did not run");
}

/* The rows behind the stack, `at_a_time` sequences in a block; strides NULL: no mask. */
static float *run(model *m, const float *x, const uint8_t *mask, const uint32_t *strides,
                  uint32_t at_a_time) {
  float *out = check_floats((size_t)ROWS * WIDTH);
  for (uint32_t s = 0; s < SEQUENCES; s += at_a_time) {
    uint32_t count = SEQUENCES - s < at_a_time ? SEQUENCES - s : at_a_time, lengths[SEQUENCES];
    for (uint32_t i = 0; i < count; i++) lengths[i] = LENGTH;
    size_t at = (size_t)s * LENGTH * WIDTH, size = (size_t)count * LENGTH * WIDTH;
    CHECK(wf_encoder_begin_embeddings(m->encoder, x + at, lengths, count) == WF_OK, "begin");
    if (strides)
      CHECK(wf_encoder_mask(m->encoder, mask + (size_t)s * strides[0], strides, -1e10f) == WF_OK, "mask");
    run_all(m);
    memcpy(out + at, wf_encoder_hidden(m->encoder), size * sizeof(float));
  }
  return out;
}

/* A mask of its own for each sequence and head gives the same bits in every tile, block and group. */
static void test_blocks(const float *x) {
  uint64_t seed = 5;
  static uint8_t mask[SEQUENCES * HEADS * PAIRS];
  const uint32_t strides[] = {HEADS * PAIRS, PAIRS, LENGTH, 1};
  for (size_t i = 0; i < sizeof mask; i++) mask[i] = i >= LENGTH && check_index(&seed, 2);
  float *first = NULL;
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    wf_encoder_description d = stack(tile, WF_UNLIMITED, WF_UNLIMITED);
    for (uint32_t group = 24; group <= 96; group += 72) {
      model m = ready_model(&d, 24 * SEQUENCES, group);
      for (uint32_t at_a_time = 1; at_a_time <= SEQUENCES; at_a_time++) {
        float *out = run(&m, x, mask, strides, at_a_time);
        if (!first)
          first = memcpy(check_floats((size_t)ROWS * WIDTH), out, (size_t)ROWS * WIDTH * sizeof(float));
        CHECK(check_same(first, out, (size_t)ROWS * WIDTH), "other bits: tile %u, group %u, %u sequences",
              tile, group, at_a_time);
        free(out);
      }
      free_model(&m);
    }
  }
  free(first);
}

/* One mask for all equals one for each; a mask of ones equals none; a causal one equals a reach of 0 to the right. */
static void test_sharing(const float *x) {
  static uint8_t causal[PAIRS], copies[SEQUENCES * HEADS * PAIRS];
  const uint8_t one = 1;
  for (uint32_t i = 0; i < PAIRS; i++) causal[i] = i % LENGTH <= i / LENGTH;
  for (uint32_t i = 0; i < sizeof copies; i++) copies[i] = causal[i % PAIRS];
  wf_encoder_description d = stack(0, WF_UNLIMITED, WF_UNLIMITED), limited = stack(0, WF_UNLIMITED, 0);
  model m = ready_model(&d, 24 * SEQUENCES, 48), reach = ready_model(&limited, 24 * SEQUENCES, 48);
  const uint32_t shared[] = {0, 0, LENGTH, 1}, own[] = {HEADS * PAIRS, PAIRS, LENGTH, 1},
                 none[] = {0, 0, 0, 0};
  const size_t size = (size_t)ROWS * WIDTH;
  float *all[] = {run(&m, x, causal, shared, 2), run(&m, x, copies, own, 2), run(&reach, x, NULL, NULL, 2),
                  run(&m, x, &one, none, 3), run(&m, x, NULL, NULL, 2)};
  CHECK(check_same(all[0], all[1], size), "a shared mask gives other bits than its copies");
  for (size_t i = 0; i < size; i++)
    CHECK(fabsf(all[0][i] - all[2][i]) < 1e-5f, "causal: %g, by reach %g", (double)all[0][i],
          (double)all[2][i]);
  CHECK(check_same(all[3], all[4], size), "a mask of ones changes bits, or the last block's mask stayed");
  CHECK(!check_same(all[0], all[4], size), "a causal mask changes nothing");
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  free_model(&m);
  free_model(&reach);
}

static void test_refusals(const float *x) {
  const uint8_t one = 1;
  const uint32_t none[] = {0, 0, 0, 0}, length = LENGTH;
  wf_encoder_description d = stack(0, WF_UNLIMITED, WF_UNLIMITED);
  model m = ready_model(&d, 24, 24);
  uint32_t left;
  CHECK(wf_encoder_mask(m.encoder, &one, none, 0.0f) == WF_ERROR_STATE, "a mask without a block");
  CHECK(wf_encoder_begin_embeddings(m.encoder, x, &length, 1) == WF_OK, "begin");
  CHECK(wf_encoder_mask(m.encoder, NULL, none, 0.0f) == WF_ERROR_ARGUMENT, "no values");
  CHECK(wf_encoder_mask(m.encoder, &one, NULL, 0.0f) == WF_ERROR_ARGUMENT, "no strides");
  CHECK(wf_encoder_run(&left, NULL, m.encoder, 1, 0) == WF_OK, "a step");
  CHECK(wf_encoder_mask(m.encoder, &one, none, 0.0f) == WF_ERROR_STATE, "a mask inside a layer");
  free_model(&m);
}

int main(void) {
  uint64_t seed = 3;
  float *x = check_randoms(&seed, (size_t)ROWS * WIDTH, 1.0f);
  test_blocks(x);
  test_sharing(x);
  test_refusals(x);
  free(x);
  return check_finish();
}
