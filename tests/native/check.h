/* What the native test programs share: counted checks, the worst error of a series with its parameters, random numbers
 * and arrays of exactly the size asked for, so that the address sanitizer sees one element too many. Not a framework:
 * each program is a main() that calls its tests and returns check_finish(). */
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Counts of one program; each program has this header in one file only. */
static struct {
  uint64_t checks, failures;
} check_state;

/* The worst error of a series against its limit, and where it was. Errors may be fractions of a bound, with limit 1. */
typedef struct check_worst {
  const char *name;
  double limit, error;
  uint64_t count;
  char where[120];
} check_worst;

static inline void __attribute__((format(printf, 3, 4))) check_fail(const char *file, int line,
                                                                    const char *format, ...) {
  va_list arguments;
  if (++check_state.failures > 20) return;
  printf("  FAILED %s:%d: ", file, line);
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf("\n");
}

static inline void __attribute__((format(printf, 3, 4))) check_note(check_worst *worst, double error,
                                                                    const char *format, ...) {
  va_list arguments;
  worst->error = error;
  va_start(arguments, format);
  (void)vsnprintf(worst->where, sizeof worst->where, format, arguments);
  va_end(arguments);
}

/* CHECK(condition, format, ...) prints the parameters when the condition does not hold. */
#define CHECK(condition, ...)                                      \
  do {                                                             \
    check_state.checks++;                                          \
    if (!(condition)) check_fail(__FILE__, __LINE__, __VA_ARGS__); \
  } while (0)

/* CHECK_ERROR(worst, error, format, ...) notes an error with its parameters if it is the worst yet; NaN is the worst. */
#define CHECK_ERROR(worst, value, ...)                              \
  do {                                                              \
    double check_value = (value);                                   \
    (worst)->count++;                                               \
    if (!(check_value <= (worst)->error) && !isnan((worst)->error)) \
      check_note((worst), check_value, __VA_ARGS__);                \
  } while (0)

/* check_report prints a series and counts it as one check, failed if it is empty or beyond its limit. */
static inline void check_report(const check_worst *worst) {
  int fine = worst->count > 0 && worst->error <= worst->limit;
  check_state.checks++;
  if (!fine) check_state.failures++;
  printf("  %s%s: worst %.3g of %.3g%s%s, %llu values\n", fine ? "" : "FAILED ", worst->name, worst->error,
         worst->limit, worst->where[0] ? " at " : "", worst->where, (unsigned long long)worst->count);
}

/* check_finish prints the totals and returns the program's exit status: a failure, too, if nothing was checked. */
static inline int check_finish(void) {
  printf("  %llu checks, %llu failed\n", (unsigned long long)check_state.checks,
         (unsigned long long)check_state.failures);
  return check_state.failures > 0 || check_state.checks == 0;
}

/* check_random returns the next number of a series in [-1, 1), a multiple of 2^-23 (xorshift64*). check_index returns one
 * below n. */
static inline uint32_t check_bits(uint64_t *seed) {
  *seed ^= *seed >> 12;
  *seed ^= *seed << 25;
  *seed ^= *seed >> 27;
  return (uint32_t)((*seed * 2685821657736338717ull) >> 32);
}
static inline float check_random(uint64_t *seed) {
  return (float)(int32_t)((check_bits(seed) >> 8) - (1 << 23)) * 0x1p-23f;
}
static inline uint32_t check_index(uint64_t *seed, uint32_t n) { return check_bits(seed) % n; }

/* check_alloc returns memory of exactly `bytes` (at least one), all ones: NaN as floats, out of range as indexes. The
 * caller frees it. */
static inline void *check_alloc(size_t bytes) {
  size_t room = bytes ? bytes : 1;
  void *memory = malloc(room);
  if (!memory) abort();
  return memset(memory, 0xff, room);
}
static inline float *check_floats(size_t count) { return check_alloc(count * sizeof(float)); }
static inline double *check_doubles(size_t count) { return check_alloc(count * sizeof(double)); }

static inline float *check_randoms(uint64_t *seed, size_t count, float scale) {
  float *x = check_floats(count);
  for (size_t i = 0; i < count; i++) x[i] = check_random(seed) * scale;
  return x;
}

static inline double *check_widened(const float *x, size_t count) {
  double *y = check_doubles(count);
  for (size_t i = 0; i < count; i++) y[i] = (double)x[i];
  return y;
}

/* check_same returns 1 if two arrays have the same bits. */
static inline int check_same(const float *a, const float *b, size_t count) {
  return memcmp(a, b, count * sizeof(float)) == 0;
}

#endif
