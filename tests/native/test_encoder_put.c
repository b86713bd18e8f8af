/* What wf_put asks for besides the values: an offset, and the order of a gated network's rows, whole and in pieces,
 * from every dtype. Memory is compared byte for byte with what whole puts of the finished values leave; that those go
 * where the forward reads them is seen by the tests of forwards. What wf_encoder_get gives back is what was put. */
#include "check.h"
#include "exact.h"
#include "model.h"

static wf_encoder_description gated_model(uint32_t tile, uint32_t inner) {
  return describe((wf_encoder_description){
      .tile = tile,
      .layers = 1,
      .width = 11,
      .kind = {{.heads = 2,
                .head_width = 5,
                .inner = inner,
                .activation = WF_SILU,
                .gated = 1,
                .norms = WF_INSIDE_ATTENTION | WF_BEFORE_FEED_FORWARD,
                .norm_epsilon = 1e-5f,
                .score_scale = 0.5f}},
      .vocabulary = 23,
      .head_count = 2,
      .head = {{.inputs = 11, .outputs = 13}, {.inputs = 11, .outputs = 23, .tied = 1}}});
}

/* A tensor in a file: x is what the file holds, `order` how its rows stand, `want` the values to be kept, in the model's
 * order of rows. */
typedef struct example {
  uint32_t slot, count;
  wf_put put;
  float *x, *want;
} example;

static example make_example(const model *m, uint32_t slot, uint32_t rows, float offset) {
  uint32_t shape[2] = {0, 0};
  uint64_t seed = slot + 1;
  example e = {.slot = slot, .put = {.slot = slot, .rows = rows, .offset = offset}};
  if (wf_encoder_slot_shape(shape, m->encoder, slot, 0) != WF_OK) return e;
  e.count = shape[0] * shape[1];
  e.x = draw_exact(&seed, e.count);
  e.want = check_floats(e.count);
  for (uint32_t i = 0; i < e.count; i++) {
    uint32_t half = e.count / 2, from = rows == WF_ROWS_UP_GATE ? (i < half ? i + half : i - half) : i;
    float value = e.x[from];
    if (offset != 0.0f) value += offset;
    e.want[i] = value;
  }
  return e;
}

static void free_example(example *e) {
  free(e->x);
  free(e->want);
}

/* Puts the file's tensor in pieces that begin with `piece` values and grow; the last of several at an odd address. */
static uint32_t put_pieces(model *m, const example *e, wf_dtype dtype, uint32_t piece) {
  uint32_t size = size_of(dtype), status = WF_OK;
  uint8_t *data = encode(e->x, e->count, dtype);
  for (uint32_t first = 0, n, step = piece; first < e->count; first += n, step = step * 2 + 1) {
    n = e->count - first < step ? e->count - first : step;
    uint32_t odd = first > 0 && first + n == e->count;
    uint8_t *copy = check_alloc((size_t)n * size + odd);
    memcpy(copy + odd, data + (size_t)first * size, (size_t)n * size);
    wf_put put = e->put;
    put.first = first;
    put.count = n;
    put.dtype = dtype;
    status |= wf_encoder_put(m->encoder, copy + odd, &put);
    free(copy);
  }
  free(data);
  return status;
}

/* What was put comes back in the file's order, whole and in pieces; want, in the model's. */
static void check_get(const model *m, const example *e) {
  float *found = check_floats(e->count), *kept = check_floats(e->count);
  wf_put get = e->put;
  for (uint32_t first = 0, n, step = 1; first < e->count; first += n, step = step * 2 + 1) {
    n = e->count - first < step ? e->count - first : step;
    float *piece = check_floats(n);
    get.first = first;
    get.count = n;
    CHECK(wf_encoder_get(piece, m->encoder, &get) == WF_OK, "slot %u: a piece", e->slot);
    memcpy(found + first, piece, n * sizeof(float));
    free(piece);
  }
  for (uint32_t i = 0; i < e->count; i++) kept[i] = e->put.offset != 0.0f ? e->x[i] + e->put.offset : e->x[i];
  CHECK(check_same(found, kept, e->count), "slot %u rows %u: others come back", e->slot, e->put.rows);
  get.first = 1;
  CHECK(wf_encoder_get(found, m->encoder, &(wf_put){.slot = e->slot, .count = e->count}) == WF_OK &&
            check_same(found, e->want, e->count),
        "slot %u: others in the model's order", e->slot);
  get.count = e->count;
  CHECK(wf_encoder_get(found, m->encoder, &get) == WF_ERROR_SHAPE, "slot %u: beyond", e->slot);
  free(found);
  free(kept);
}

static void check_put(model *m, const example *e) {
  uint8_t *whole = check_alloc(m->bytes);
  uint64_t seed = 99;
  float *other = draw_exact(&seed, e->count);
  CHECK(put_slot(m->encoder, e->want, e->slot, 0, e->count) == WF_OK, "slot %u", e->slot);
  memcpy(whole, m->encoder, m->bytes);
  for (uint32_t dtype = WF_F32; dtype <= WF_F64; dtype++) {
    static const uint32_t pieces[] = {1, 6, 1u << 20};
    for (int i = 0; i < 3; i++) {
      CHECK(put_slot(m->encoder, other, e->slot, 0, e->count) == WF_OK, "slot %u", e->slot);
      uint32_t status = put_pieces(m, e, (wf_dtype)dtype, pieces[i]);
      CHECK(status == WF_OK && memcmp(whole, m->encoder, m->bytes) == 0,
            "slot %u dtype %u rows %u offset %g pieces from %u: status %u", e->slot, dtype, e->put.rows,
            (double)e->put.offset, pieces[i], status);
    }
  }
  free(other);
  free(whole);
  check_get(m, e);
}

static void test_offset(uint32_t tile, uint32_t inner) {
  static const float numbers[] = {0.0f, 1.0f, 0.7f, -3.0f, 1e3f};
  wf_encoder_description d = gated_model(tile, inner);
  model m = make_model(&d);
  uint32_t slots = 0;
  for (uint32_t slot = 0; slot < WF_REFERENCE_SLOTS; slot++) {
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
      example e = make_example(&m, slot, WF_ROWS_AS_THEY_ARE, numbers[i]);
      if (e.count) check_put(&m, &e);
      slots += e.count > 0;
      free_example(&e);
    }
  }
  CHECK(slots == 15 * 5, "%u slots and numbers", slots);
  free_model(&m);
}

/* Whole, in pieces, and each half by itself; GATE_UP is the order that the model keeps. */
static void test_orders_of_rows(uint32_t tile, uint32_t inner) {
  wf_encoder_description d = gated_model(tile, inner);
  model m = make_model(&d);
  for (uint32_t slot = WF_SLOT_UP_WEIGHT; slot <= WF_SLOT_UP_BIAS; slot++) {
    for (uint32_t rows = 0; rows <= WF_ROWS_UP_GATE; rows++) {
      example e = make_example(&m, slot, rows, 0.0f), moved = make_example(&m, slot, rows, 1.0f);
      check_put(&m, &e);
      check_put(&m, &moved);
      CHECK(put_slot(m.encoder, e.want, slot, 0, e.count) == WF_OK, "slot %u", slot);
      uint8_t *whole = memcpy(check_alloc(m.bytes), m.encoder, m.bytes);
      CHECK(put_slot(m.encoder, moved.want, slot, 0, e.count) == WF_OK, "slot %u", slot);
      for (uint32_t half = 2; half-- > 0;) {
        uint32_t count = e.count / 2;
        wf_put put = e.put;
        put.first = half * count;
        put.count = count;
        float *copy = memcpy(check_floats(count), e.x + half * count, count * sizeof(float));
        CHECK(wf_encoder_put(m.encoder, copy, &put) == WF_OK, "slot %u half %u", slot, half);
        free(copy);
      }
      CHECK(memcmp(whole, m.encoder, m.bytes) == 0, "halves: slot %u rows %u inner %u", slot, rows, inner);
      free(whole);
      free_example(&e);
      free_example(&moved);
    }
  }
  free_model(&m);
}

/* Zeros of both signs keep their sign wherever they go: as many words change as the slot has values. */
static void test_the_sign_of_zeros(uint32_t tile) {
  wf_encoder_description d = gated_model(tile, 19);
  model m = make_model(&d);
  for (uint32_t slot = 0; slot < WF_REFERENCE_SLOTS; slot++) {
    for (uint32_t dtype = WF_F32; dtype <= WF_F64; dtype++) {
      uint32_t shape[2], changed = 0, other = 0;
      if (wf_encoder_slot_shape(shape, m.encoder, slot, 0) != WF_OK) continue;
      uint32_t count = shape[0] * shape[1];
      wf_put put = {.slot = slot, .count = count, .dtype = dtype};
      uint8_t *data = check_alloc((size_t)count * 8), *before = check_alloc(m.bytes);
      memset(data, 0, (size_t)count * 8);
      CHECK(wf_encoder_put(m.encoder, data, &put) == WF_OK, "slot %u", slot);
      memcpy(before, m.encoder, m.bytes);
      for (size_t i = 0; i < count; i++) data[(size_t)size_of(dtype) * (i + 1) - 1] = 0x80;
      CHECK(wf_encoder_put(m.encoder, data, &put) == WF_OK, "slot %u", slot);
      for (size_t i = 0; i < m.bytes; i += 4) {
        uint32_t was, is;
        memcpy(&was, before + i, 4);
        memcpy(&is, (const uint8_t *)m.encoder + i, 4);
        changed += was == 0 && is == 0x80000000u;
        other += was != is && !(was == 0 && is == 0x80000000u);
      }
      CHECK(changed == count && other == 0, "slot %u dtype %u: %u of %u zeros, %u else", slot, dtype, changed,
            count, other);
      memset(data, 0, (size_t)count * 8);
      CHECK(wf_encoder_put(m.encoder, data, &put) == WF_OK, "slot %u", slot);
      free(data);
      free(before);
    }
  }
  free_model(&m);
}

/* Values that add to a table's, moved and in each dtype; a linear layer's do not. */
static void test_adding(uint32_t tile) {
  wf_encoder_description d = gated_model(tile, 19);
  model m = make_model(&d);
  const float a[3] = {1.5f, -2.0f, 0.25f};
  const double b[3] = {0.5, 8.0, -3.0};
  const uint16_t c[3] = {0x3c00, 0x4000, 0xc200}; /* 1, 2, -3 */
  wf_put put = {.slot = WF_SLOT_TOKEN_TABLE, .first = 2, .count = 3};
  CHECK(wf_encoder_put(m.encoder, a, &put) == WF_OK, "a");
  put.add = 1;
  put.dtype = WF_F64;
  CHECK(wf_encoder_put(m.encoder, b, &put) == WF_OK, "b");
  put.dtype = WF_F16;
  put.offset = 1.0f;
  CHECK(wf_encoder_put(m.encoder, c, &put) == WF_OK, "c");
  const float want[3] = {1.5f + 0.5f + 2.0f, -2.0f + 8.0f + 3.0f, 0.25f - 3.0f - 2.0f};
  uint32_t found = 0;
  for (size_t i = 0; i + sizeof want <= m.bytes; i += sizeof(float)) {
    float values[3];
    memcpy(values, (const uint8_t *)m.encoder + i, sizeof values);
    found += values[0] == want[0] && values[1] == want[1] && values[2] == want[2];
  }
  CHECK(found == 1, "the sums are others");
  put.slot = WF_SLOT_UP_WEIGHT;
  CHECK(wf_encoder_put(m.encoder, c, &put) == WF_ERROR_ARGUMENT, "a weight adds");
  put.slot = WF_SLOT_TOKEN_TABLE;
  put.add = 2;
  CHECK(wf_encoder_put(m.encoder, c, &put) == WF_ERROR_ARGUMENT, "add is 2");
  free_model(&m);
}

/* Orders that a slot does not have, and numbers that are no dtype, change nothing. */
static void test_refusals(void) {
  wf_encoder_description d = gated_model(0, 19);
  model m = make_model(&d);
  draw_weights(&m);
  const float x[512] = {1.0f};
  uint8_t *before = memcpy(check_alloc(m.bytes), m.encoder, m.bytes);
  for (uint32_t slot = 0; slot < 80; slot++) {
    uint32_t gated = slot == WF_SLOT_UP_WEIGHT || slot == WF_SLOT_UP_BIAS;
    uint32_t by_head = slot == WF_SLOT_QKV_WEIGHT || slot == WF_SLOT_QKV_BIAS;
    for (uint32_t rows = gated ? WF_ROWS_BY_HEAD : WF_ROWS_GATE_UP; rows <= 5; rows++) {
      if (by_head && rows == WF_ROWS_BY_HEAD) continue;
      wf_put put = {.slot = slot, .count = 1, .rows = rows};
      CHECK(wf_encoder_put(m.encoder, x, &put) == WF_ERROR_ARGUMENT, "slot %u rows %u", slot, rows);
    }
  }
  for (uint32_t dtype = 4; dtype; dtype <<= 1) {
    wf_put put = {.slot = WF_SLOT_UP_WEIGHT, .count = 1, .dtype = dtype};
    CHECK(wf_encoder_put(m.encoder, x, &put) == WF_ERROR_ARGUMENT, "dtype %u", dtype);
  }
  wf_put beyond = {.slot = WF_SLOT_UP_WEIGHT, .first = 2 * 19 * 11, .count = 1};
  CHECK(wf_encoder_put(m.encoder, x, &beyond) == WF_ERROR_SHAPE, "beyond both halves");
  float out;
  const wf_put none = {.slot = WF_SLOT_PATCH_WEIGHT, .count = 1};
  CHECK(wf_encoder_get(&out, m.encoder, &none) == WF_ERROR_ARGUMENT, "a slot that the model lacks");
  CHECK(memcmp(before, m.encoder, m.bytes) == 0, "a refused put wrote");
  free(before);
  free_model(&m);
}

int main(void) {
  /* Inner widths beside and at the columns of tiles, and rows longer than a piece of the conversion. */
  static const uint32_t inner[] = {1, 7, 8, 12, 13, 24, 521};
  for (uint32_t tile = 0; tile < WF_TILE_COUNT; tile++) {
    test_offset(tile, 19);
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) test_orders_of_rows(tile, inner[i]);
    test_the_sign_of_zeros(tile);
    test_adding(tile);
  }
  test_refusals();
  return check_finish();
}
