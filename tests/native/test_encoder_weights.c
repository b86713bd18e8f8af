/* Weights on their way into an encoder: conversion from every 16-bit float, pieces of any length, the shapes of slots, and
 * what is refused. */
#include "check.h"
#include "exact.h"
#include "model.h"

static wf_encoder_description small_model(uint32_t tile, uint32_t inner) {
  return describe(
      (wf_encoder_description){.tile = tile,
                               .layers = 2,
                               .width = 11,
                               .kind = {{.heads = 2,
                                         .head_width = 3,
                                         .inner = inner,
                                         .norms = WF_AFTER_ATTENTION | WF_AFTER_FEED_FORWARD,
                                         .norm_epsilon = 1e-5f,
                                         .score_scale = 0.5f}},
                               .vocabulary = 61,
                               .positions = 23,
                               .types = 2,
                               .embedding_norm = 1,
                               .embedding_norm_epsilon = 1e-5f,
                               .final_norm = 1,
                               .final_norm_epsilon = 1e-5f,
                               .head_count = 2,
                               .head = {{.inputs = 11, .outputs = 7, .norm = 1, .norm_epsilon = 1e-5f},
                                        {.inputs = 11, .outputs = 61, .tied = 1}}});
}

/* Reads a table of all 65536 values back through the stem: width 1, no norm, so that a row is a table's entry. */
static void test_every_half_converts_exactly(wf_dtype dtype, double (*value)(uint32_t)) {
  enum { ALL = 65536, ROWS = 8192 };
  wf_encoder_description d = describe((wf_encoder_description){.width = 1, .vocabulary = ALL});
  model m = ready_model(&d, ROWS, ROWS);
  uint8_t *data = check_alloc(1 + 2 * ALL); /* at an odd address */
  uint32_t *ids = check_alloc(ALL * sizeof(uint32_t));
  for (uint32_t i = 0; i < ALL; i++) {
    data[1 + 2 * i] = (uint8_t)(i & 255);
    data[2 + 2 * i] = (uint8_t)(i >> 8);
    ids[i] = i;
  }
  const wf_put put = {.slot = WF_SLOT_TOKEN_TABLE, .count = ALL, .dtype = dtype};
  CHECK(wf_encoder_put(m.encoder, data + 1, &put) == WF_OK, "put, dtype %d", dtype);
  for (uint32_t i = 0; i < ALL; i++) {
    const uint32_t length = 8000, left = i % length, rest = ALL - i < length ? ALL - i : length;
    if (left == 0) {
      CHECK(wf_encoder_begin_tokens(m.encoder, ids + i, NULL, NULL, &rest, 1) == WF_OK, "begin at %u", i);
    }
    float got = wf_encoder_hidden(m.encoder)[left], want = (float)value(i);
    CHECK(isnan(want) ? isnan(got) : check_same(&got, &want, 1), "dtype %d, bits %04x: %g, not %g", dtype, i,
          (double)got, (double)want);
  }
  free(data);
  free(ids);
  free_model(&m);
}

/* Fills a slot with one put, then with others' values, then in pieces of odd lengths: the encoder's memory must be, byte
 * for byte, what the one put left. */
static void check_pieces(model *m, uint32_t slot, uint32_t index, wf_dtype dtype, uint32_t piece) {
  uint64_t seed = slot + piece;
  uint32_t shape[2];
  if (wf_encoder_slot_shape(shape, m->encoder, slot, index) != WF_OK) return;
  uint32_t count = shape[0] * shape[1], size = size_of(dtype), status = WF_OK;
  float *x = draw_exact(&seed, count), *other = draw_exact(&seed, count);
  uint8_t *data = encode(x, count, dtype), *whole = check_alloc(m->bytes);
  status |= put_slot(m->encoder, x, slot, index, count);
  memcpy(whole, m->encoder, m->bytes);
  status |= put_slot(m->encoder, other, slot, index, count);
  CHECK(memcmp(whole, m->encoder, m->bytes) != 0, "slot %u %u holds nothing", slot, index);
  for (uint32_t first = 0, n, step = piece; first < count; first += n, step = step * 2 + 1) {
    n = count - first < step ? count - first : step;
    uint8_t *copy = check_alloc((size_t)n * size); /* its end is where a read too far is seen */
    memcpy(copy, data + (size_t)first * size, (size_t)n * size);
    const wf_put put = {slot, index, first, n, dtype, WF_ROWS_AS_THEY_ARE, 0.0f, 0};
    status |= wf_encoder_put(m->encoder, copy, &put);
    free(copy);
  }
  CHECK(status == WF_OK, "slot %u %u dtype %d pieces from %u: status %u", slot, index, dtype, piece, status);
  CHECK(memcmp(whole, m->encoder, m->bytes) == 0, "slot %u %u dtype %d pieces from %u", slot, index, dtype,
        piece);
  free(x);
  free(other);
  free(data);
  free(whole);
}

static void test_pieces_equal_one_piece(void) {
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    wf_encoder_description d = small_model(tile, 521); /* longer than a piece of the conversion */
    model m = make_model(&d);
    for (uint32_t slot = 0; slot < WF_REFERENCE_SLOTS; slot++) {
      for (uint32_t index = 0; index < 2; index++) {
        for (uint32_t dtype = WF_F32; dtype <= WF_F64; dtype++) {
          for (uint32_t piece = 1; piece <= 13; piece += 4)
            check_pieces(&m, slot, index, (wf_dtype)dtype, piece);
        }
      }
    }
    free_model(&m);
  }
}

/* All slots filled one after another: none overwrites another, so each read in turn still gives the same forward. */
static void test_slots_do_not_overlap(void) {
  wf_encoder_description d = small_model(0, 19);
  model one = ready_model(&d, 32, 32), two = make_model(&d);
  for (int slot = WF_REFERENCE_SLOTS - 1; slot >= 0; slot--) {
    for (int index = WF_REFERENCE_INDEXES - 1; index >= 0; index--) {
      uint32_t shape[2], s = (uint32_t)slot, i = (uint32_t)index;
      if (wf_encoder_slot_shape(shape, two.encoder, s, i) != WF_OK) continue;
      const float *x = one.weights.slot[slot][index];
      CHECK(put_slot(two.encoder, x, s, i, shape[0] * shape[1]) == WF_OK, "slot %d", slot);
    }
  }
  CHECK(wf_encoder_derive(two.encoder) == WF_OK, "derive");
  give_scratch(&two, 32, 32);
  const uint32_t lengths[] = {5, 9, 1};
  batch b = make_batch(&d, lengths, 3);
  trace first = run_model(&one, &b), second = run_model(&two, &b);
  CHECK(same_trace(&first, &second, d.layers), "weights depend on the order in which they are put");
  free_trace(&first);
  free_trace(&second);
  free_batch(&b);
  free_model(&one);
  free_model(&two);
}

typedef struct slot_shape {
  uint32_t slot, rows, columns, indexes;
} slot_shape;

static void test_slot_shapes(void) {
  static const slot_shape slots[] = {
      {WF_SLOT_TOKEN_TABLE, 61, 11, 1},
      {WF_SLOT_POSITION_TABLE, 23, 11, 1},
      {WF_SLOT_TYPE_TABLE, 2, 11, 1},
      {WF_SLOT_EMBEDDING_NORM_WEIGHT, 1, 11, 1},
      {WF_SLOT_EMBEDDING_NORM_BIAS, 1, 11, 1},
      {WF_SLOT_FINAL_NORM_WEIGHT, 1, 11, 1},
      {WF_SLOT_FINAL_NORM_BIAS, 1, 11, 1},
      {WF_SLOT_QKV_WEIGHT, 18, 11, 2},
      {WF_SLOT_QKV_BIAS, 1, 18, 2},
      {WF_SLOT_OUT_WEIGHT, 11, 6, 2},
      {WF_SLOT_OUT_BIAS, 1, 11, 2},
      {WF_SLOT_AFTER_ATTENTION_WEIGHT, 1, 11, 2},
      {WF_SLOT_AFTER_ATTENTION_BIAS, 1, 11, 2},
      {WF_SLOT_UP_WEIGHT, 19, 11, 2},
      {WF_SLOT_UP_BIAS, 1, 19, 2},
      {WF_SLOT_DOWN_WEIGHT, 11, 19, 2},
      {WF_SLOT_DOWN_BIAS, 1, 11, 2},
      {WF_SLOT_AFTER_FEED_FORWARD_WEIGHT, 1, 11, 2},
      {WF_SLOT_AFTER_FEED_FORWARD_BIAS, 1, 11, 2},
      {WF_SLOT_HEAD_WEIGHT, 7, 11, 1},
      {WF_SLOT_HEAD_BIAS, 1, 7, 1},
      {WF_SLOT_HEAD_NORM_WEIGHT, 1, 7, 1},
      {WF_SLOT_HEAD_NORM_BIAS, 1, 7, 1},
  };
  wf_encoder_description d = small_model(0, 19);
  model m = make_model(&d);
  for (uint32_t slot = 0; slot < 80; slot++) {
    for (uint32_t index = 0; index < 6; index++) {
      uint32_t shape[2] = {0, 0}, want[2] = {0, 0};
      for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        if (slots[i].slot != slot || index >= slots[i].indexes) continue;
        want[0] = slots[i].rows;
        want[1] = slots[i].columns;
      }
      if (slot == WF_SLOT_HEAD_BIAS && index == 1) want[0] = 1, want[1] = 61; /* of the tied head */
      uint32_t status = wf_encoder_slot_shape(shape, m.encoder, slot, index);
      CHECK(status == (want[0] ? WF_OK : WF_ERROR_ARGUMENT), "slot %u %u: status %u", slot, index, status);
      CHECK(shape[0] == want[0] && shape[1] == want[1], "slot %u %u: %u x %u", slot, index, shape[0],
            shape[1]);
    }
  }
  free_model(&m);
}

static void test_wrong_puts_are_refused_and_change_nothing(void) {
  wf_encoder_description d = small_model(3, 19);
  model m = make_model(&d);
  draw_weights(&m);
  static const float x[256] = {1.0f};
  static const struct {
    uint32_t slot, index, first, count, dtype, status;
  } puts[] = {
      {WF_SLOT_TYPE_TABLE, 0, 0, 23, WF_F32, WF_ERROR_SHAPE},
      {WF_SLOT_TYPE_TABLE, 0, 22, 1, WF_F32, WF_ERROR_SHAPE},
      {WF_SLOT_TYPE_TABLE, 0, 21, 2, WF_F32, WF_ERROR_SHAPE},
      {WF_SLOT_TYPE_TABLE, 0, UINT32_MAX, 2, WF_F32, WF_ERROR_SHAPE},
      {WF_SLOT_TYPE_TABLE, 0, 1, UINT32_MAX, WF_F32, WF_ERROR_SHAPE},
      {WF_SLOT_TYPE_TABLE, 0, 0, 22, WF_F64 + 1, WF_ERROR_ARGUMENT},
      {WF_SLOT_TYPE_TABLE, 1, 0, 22, WF_F32, WF_ERROR_ARGUMENT},
      {WF_SLOT_QKV_BIAS, 2, 0, 18, WF_F32, WF_ERROR_ARGUMENT},
      {WF_SLOT_HEAD_WEIGHT, 1, 0, 1, WF_F32, WF_ERROR_ARGUMENT},
      {WF_SLOT_HEAD_NORM_BIAS, 1, 0, 1, WF_F32, WF_ERROR_ARGUMENT},
      {WF_SLOT_HEAD_BIAS, 2, 0, 1, WF_F32, WF_ERROR_ARGUMENT},
      {WF_SLOT_HEAD_BIAS, UINT32_MAX, 0, 1, WF_F32, WF_ERROR_ARGUMENT},
      {15, 0, 0, 1, WF_F32, WF_ERROR_ARGUMENT},
      {UINT32_MAX, 0, 0, 1, WF_F32, WF_ERROR_ARGUMENT},
      {WF_SLOT_TYPE_TABLE, 0, 22, 0, WF_F32, WF_OK},
  };
  uint8_t *before = check_alloc(m.bytes);
  memcpy(before, m.encoder, m.bytes);
  for (size_t i = 0; i < sizeof puts / sizeof *puts; i++) {
    const wf_put put = {puts[i].slot, puts[i].index, puts[i].first, puts[i].count, puts[i].dtype, 0, 0.0f, 0};
    uint32_t status = wf_encoder_put(m.encoder, x, &put);
    CHECK(status == puts[i].status, "put %zu: status %u, not %u", i, status, puts[i].status);
  }
  CHECK(memcmp(before, m.encoder, m.bytes) == 0, "a refused put wrote");
  free(before);
  free_model(&m);
}

int main(void) {
  test_every_half_converts_exactly(WF_F16, wf_reference_f16);
  test_every_half_converts_exactly(WF_BF16, wf_reference_bf16);
  test_pieces_equal_one_piece();
  test_slots_do_not_overlap();
  test_slot_shapes();
  test_wrong_puts_are_refused_and_change_nothing();
  return check_finish();
}
