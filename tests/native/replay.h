/* What the programs that tests/native/record.js writes are made of: each call of the core gets its arrays in memory of exactly
 * their sizes, so that the address sanitizer sees one element too many, and must give the bits that WebAssembly gave; any
 * NaN stands for any other. Arrays are named by their place in the recorded file. */
#ifndef REPLAY_H
#define REPLAY_H

#include "check.h"

typedef enum replay_kind { REPLAY_BYTES, REPLAY_F32, REPLAY_F64 } replay_kind;

/* Expected of a call that gave any status but 0. */
#define REPLAY_REFUSED UINT32_MAX

/* An array of the call in work: what it is filled with, or what it must hold after the call. */
typedef struct replay_array {
  void *memory;
  const uint8_t *recorded;
  uint32_t bytes;
  int filled;
  replay_kind kind;
} replay_array;

enum { REPLAY_ARRAYS = 16 };
static struct {
  uint8_t *file, *space; /* the recorded arrays; what the case reserved */
  uint32_t size, count, cases, calls;
  const char *name; /* of the case */
  replay_array arrays[REPLAY_ARRAYS];
} replay;

/* replay_open reads the recorded arrays, of `size` bytes. */
static inline void replay_open(const char *path, uint32_t size) {
  FILE *file = fopen(path, "rb");
  replay.file = check_alloc(size);
  replay.size = file ? (uint32_t)fread(replay.file, 1, size, file) : 0;
  CHECK(replay.size == size, "%s has not its %u bytes", path, size);
  if (file) (void)fclose(file);
  if (check_state.failures) exit(check_finish());
}

static inline void replay_case(const char *name) {
  free(replay.space);
  replay.space = NULL;
  replay.name = name;
  replay.cases++;
}

static inline void replay_reserve(uint32_t bytes) {
  free(replay.space);
  replay.space = memset(check_alloc(bytes), 0, bytes);
}

static inline void *replay_at(uint32_t offset) { return replay.space + offset; }

static inline void *replay_array_of(replay_kind kind, uint32_t offset, uint32_t bytes, int filled) {
  if (replay.count == REPLAY_ARRAYS || offset > replay.size || bytes > replay.size - offset) abort();
  replay_array *array = &replay.arrays[replay.count++];
  *array = (replay_array){check_alloc(bytes), replay.file + offset, bytes, filled, kind};
  return filled ? array->memory : memcpy(array->memory, array->recorded, bytes);
}

static inline void *replay_in(uint32_t offset, uint32_t bytes) {
  return replay_array_of(REPLAY_BYTES, offset, bytes, 0);
}

static inline void *replay_out(replay_kind kind, uint32_t offset, uint32_t bytes) {
  return replay_array_of(kind, offset, bytes, 1);
}

static inline int replay_is_nan(replay_kind kind, const uint8_t *bytes) {
  float narrow = 0.0f;
  double wide = 0.0;
  if (kind == REPLAY_F32) memcpy(&narrow, bytes, sizeof narrow);
  if (kind == REPLAY_F64) memcpy(&wide, bytes, sizeof wide);
  return isnan(narrow) || isnan(wide);
}

static inline void replay_compare(const char *what, const replay_array *array) {
  const uint32_t step = array->kind == REPLAY_F64 ? 8 : 4;
  const uint8_t *got = array->memory, *want = array->recorded;
  for (uint32_t at = 0; at < array->bytes; at += step) {
    const uint32_t size = array->bytes - at < step ? array->bytes - at : step;
    const int same = memcmp(got + at, want + at, size) == 0;
    CHECK(same || (replay_is_nan(array->kind, got + at) && replay_is_nan(array->kind, want + at)),
          "%s, %s: other bits than WebAssembly's in element %u", replay.name, what, at / step);
  }
}

/* replay_look holds what was reserved to what JavaScript read there. */
static inline void replay_look(uint32_t offset, uint32_t bytes, void *memory) {
  const replay_array array = {memory, replay.file + offset, bytes, 1, REPLAY_F32};
  replay_compare("what it reserved", &array);
}

/* replay_end takes a call's result and its arrays. */
static inline void replay_end(const char *function, uint32_t result, uint32_t want) {
  CHECK(want == REPLAY_REFUSED ? result != 0 : result == want, "%s, %s: %u, not %u", replay.name, function,
        result, want);
  for (uint32_t i = 0; i < replay.count; i++) {
    if (replay.arrays[i].filled && result == want) replay_compare(function, &replay.arrays[i]);
    free(replay.arrays[i].memory);
  }
  replay.count = 0;
  replay.calls++;
}

static inline int replay_close(void) {
  free(replay.space);
  free(replay.file);
  printf("  %u cases, %u calls\n", replay.cases, replay.calls);
  return check_finish();
}

#endif
