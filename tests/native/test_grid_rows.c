/* Rows of tables over grids at the end of the 32-bit row numbers, against positions worked out by hand. */
#include <stdint.h>

#include "check.h"
#include "wasmformer.h"

enum { SIDE = 3 };

static const float tables[SIDE] = {1, 2, 3};

/* Of each row its place on the last axis. The first axis' table is one row for all places: its step is 0. */
static uint32_t rows_from(float *out, uint32_t first, uint32_t rows) {
  static const uint32_t parts[] = {0, 1, 0, 1, 0, 2, 0, 1, 1, 1};
  return wf_grid_rows(out, tables, parts, 2, SIDE, first, rows, 1, SIDE, 2);
}

static void test_the_last_rows_end(void) {
  /* 2^32 - 1 is a multiple of 3. */
  static const float want[] = {2, 2, 2, 3, 2, 1};
  float got[6];
  CHECK(rows_from(got, UINT32_MAX - 2, 3) == WF_OK, "the last three rows");
  CHECK(check_same(got, want, 6), "the last three rows");
}

static void test_rows_beyond_are_refused(void) {
  float kept[2] = {7, 7};
  static const uint32_t bad[][2] = {{UINT32_MAX, 2}, {2, UINT32_MAX}, {0, 0}, {UINT32_MAX, 0}, {0, 1u << 31}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    CHECK(rows_from(kept, bad[i][0], bad[i][1]) == WF_ERROR_SHAPE, "%u rows from %u", bad[i][1], bad[i][0]);
    CHECK(kept[0] == 7 && kept[1] == 7, "%u rows from %u write nothing", bad[i][1], bad[i][0]);
  }
}

int main(void) {
  test_the_last_rows_end();
  test_rows_beyond_are_refused();
  return check_finish();
}
