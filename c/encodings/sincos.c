/* Sines and cosines on an even grid of positions: the fast way to a table. Eight rows at once: the angle sum
 * theorem turns the rotation at the middle of the eight and four short exact ones into all of them, in double, and a
 * row above and a row below share their products. Then the middle is turned to the next eight rows. Not here: angles
 * off the grid (sinusoids.c). */
#include "../wasmformer.h"
#include "sizes.h"
#include "trig.h"
#include <string.h>

typedef double wf_d2 __attribute__((vector_size(16)));
typedef float wf_f2 __attribute__((vector_size(8)));
typedef float wf_f2_unaligned __attribute__((vector_size(8), aligned(4), may_alias));
typedef float wf_f4_unaligned __attribute__((vector_size(16), aligned(4), may_alias));

/* After so many rows the middle is computed anew, so that rounding does not add up: the error stays below 1e-13. */
enum { ROWS = 8, EXACT_EVERY = 512 }; /* ROWS is also what advances, steps and the middle below assume */

/* What two neighbouring pairs need. */
typedef struct wf_group {
  wf_d2 re, im;                 /* e^(i angle) at the middle of the next eight rows */
  wf_d2 advance_re, advance_im; /* of eight rows */
  wf_d2 step_re[4], step_im[4]; /* of 1/2, 3/2, 5/2 and 7/2 rows */
  wf_d2 frequency;
} wf_group;

/* The state lies in the caller's memory: this, then a group for each two pairs, then ROWS spare rows. */
struct wf_sincos_state {
  double start, step;
  uint32_t pairs, width, halves, cosine_first, row, ended;
  uint32_t unused[6];
};

static wf_group *groups_of(wf_sincos_state *state) { return (wf_group *)(state + 1); }

static uint32_t group_count(uint32_t pairs) { return (pairs + 1) / 2; }

/* Swapping sine and cosine is a reflection of the angle; it turns the other way. */
static void rotation(double *re, double *im, double angle, bool cosine_first, bool is_step) {
  double s, c;
  wf_sincos(&s, &c, angle);
  *re = cosine_first && !is_step ? s : c;
  *im = cosine_first ? (is_step ? -s : c) : s;
}

/* Sets the middle of the eight rows from state->row on, from its angle. */
static void compute_middle(wf_sincos_state *state) {
  const double at = state->start + (state->row + 3.5) * state->step;
  for (uint32_t k = 0; k < 2 * group_count(state->pairs); k++) {
    wf_group *g = groups_of(state) + k / 2;
    double re, im;
    rotation(&re, &im, at * g->frequency[k & 1], state->cosine_first != 0, false);
    g->re[k & 1] = re;
    g->im[k & 1] = im;
  }
}

uint32_t wf_sincos_space(uint32_t pairs, uint32_t width) {
  if (!wf_fits(pairs, 64, 1, 1) || !wf_fits(width, 64, 1, 1)) return 0;
  return (uint32_t)(sizeof(wf_sincos_state) + group_count(pairs) * sizeof(wf_group) +
                    ROWS * width * sizeof(float));
}

uint32_t wf_sincos_begin(wf_sincos_state *state, const double *frequencies, uint32_t pairs, uint32_t width,
                         uint32_t layout, double start, double step) {
  if (!state || !frequencies || layout > 3) return WF_ERROR_ARGUMENT;
  if (wf_sincos_space(pairs, width) == 0 || width < 2 * pairs - 1) return WF_ERROR_SHAPE;
  *state = (wf_sincos_state){.start = start, .step = step, .pairs = pairs, .width = width};
  state->halves = layout & WF_SINCOS_HALVES;
  state->cosine_first = layout & WF_SINCOS_COSINE_FIRST;
  const bool swapped = state->cosine_first != 0;
  for (uint32_t k = 0; k < 2 * group_count(pairs); k++) {
    wf_group *g = groups_of(state) + k / 2;
    const uint32_t lane = k & 1;
    const double w = k < pairs ? frequencies[k] : 0;
    double re, im;
    g->frequency[lane] = w;
    rotation(&re, &im, 8 * step * w, swapped, true);
    g->advance_re[lane] = re;
    g->advance_im[lane] = im;
    for (uint32_t j = 0; j < 4; j++) {
      rotation(&re, &im, (j + 0.5) * step * w, swapped, true);
      g->step_re[j][lane] = re;
      g->step_im[j][lane] = im;
    }
  }
  return WF_OK;
}

/* Writes two pairs to a row at pair k. */
static inline __attribute__((always_inline)) void put(float *row, wf_d2 re, wf_d2 im, size_t k, size_t second,
                                                      bool halves) {
  const wf_f2 a = __builtin_convertvector(im, wf_f2), b = __builtin_convertvector(re, wf_f2);
  if (halves) {
    *(wf_f2_unaligned *)(row + k) = a;
    *(wf_f2_unaligned *)(row + second + k) = b;
  } else {
    *(wf_f4_unaligned *)(row + 2 * k) = __builtin_shufflevector(a, b, 0, 2, 1, 3);
  }
}

/* Writes `groups` groups of eight rows and turns their middles to the next eight. */
static inline __attribute__((always_inline)) void fill_groups(float *out, wf_group *g, size_t groups,
                                                              size_t width, size_t second, bool halves) {
  for (size_t k = 0; k < 2 * groups; k += 2, g++) {
    const wf_d2 re = g->re, im = g->im;
    for (size_t j = 0; j < 4; j++) {
      const wf_d2 a = re * g->step_re[j], b = im * g->step_im[j];
      const wf_d2 c = im * g->step_re[j], d = re * g->step_im[j];
      put(out + (4 + j) * width, a - b, c + d, k, second, halves);
      put(out + (3 - j) * width, a + b, c - d, k, second, halves);
    }
    g->re = re * g->advance_re - im * g->advance_im;
    g->im = im * g->advance_re + re * g->advance_im;
  }
}

/* The pairs that no full group covers: an odd last one, and one whose second value has no column. */
static void fill_rest(float *out, wf_sincos_state *state, uint32_t first) {
  const size_t width = state->width, pairs = state->pairs;
  for (size_t k = first; k < pairs; k++) {
    wf_group *g = groups_of(state) + k / 2;
    const size_t lane = k & 1;
    const size_t one = state->halves ? k : 2 * k, other = state->halves ? pairs + k : 2 * k + 1;
    const double re = g->re[lane], im = g->im[lane];
    for (size_t row = 0; row < ROWS; row++) {
      const size_t j = row < 4 ? 3 - row : row - 4;
      const double c = g->step_re[j][lane], s = row < 4 ? -g->step_im[j][lane] : g->step_im[j][lane];
      out[row * width + one] = (float)(im * c + re * s);
      if (other < width) out[row * width + other] = (float)(re * c - im * s);
    }
    const double c = g->advance_re[lane], s = g->advance_im[lane];
    g->re[lane] = re * c - im * s;
    g->im[lane] = im * c + re * s;
  }
  for (size_t row = 0; row < ROWS; row++)
    for (size_t column = 2 * pairs; column < width; column++) out[row * width + column] = 0;
}

static void fill_eight(float *out, wf_sincos_state *state) {
  if (state->row % EXACT_EVERY == 0) compute_middle(state);
  const size_t width = state->width, pairs = state->pairs;
  const size_t groups =
      (width < 2 * pairs ? pairs - 1 : pairs) / 2; /* both values of both pairs have columns */
  if (state->halves)
    fill_groups(out, groups_of(state), groups, width, pairs, true);
  else
    fill_groups(out, groups_of(state), groups, width, 0, false);
  fill_rest(out, state, (uint32_t)(2 * groups));
  state->row += ROWS;
}

uint32_t wf_sincos_next(float *out, wf_sincos_state *state, uint32_t rows) {
  if (!out || !state) return WF_ERROR_ARGUMENT;
  if (!wf_fits(rows, state->width, 1, 1)) return WF_ERROR_SHAPE;
  if (state->ended) return WF_ERROR_STATE;
  uint32_t row = 0;
  for (; row + ROWS <= rows; row += ROWS) fill_eight(out + (size_t)row * state->width, state);
  if (row == rows) return WF_OK;
  state->ended = 1;
  float *spare = (float *)(groups_of(state) + group_count(state->pairs));
  fill_eight(spare, state);
  memcpy(out + (size_t)row * state->width, spare, (size_t)(rows - row) * state->width * sizeof(float));
  return WF_OK;
}

uint32_t wf_grid_rows(float *out, const float *tables, const uint32_t *parts, uint32_t count,
                      uint32_t table_size, uint32_t first, uint32_t rows, uint32_t size1, uint32_t size2,
                      uint32_t width) {
  if (!out || !tables || !parts || count == 0) return WF_ERROR_ARGUMENT;
  if (!wf_fits(rows, width, 1, 1) || !wf_fits(size1, size2, 1, 1)) return WF_ERROR_SHAPE;
  const uint32_t last = first + rows - 1, ends[3] = {last / (size1 * size2), size1 - 1, size2 - 1};
  if (last < first) return WF_ERROR_SHAPE;
  for (const uint32_t *p = parts; p < parts + 5 * (size_t)count; p += 5) {
    if (p[0] > 2 || (uint64_t)p[4] + p[3] > width) return WF_ERROR_SHAPE;
    if ((uint64_t)p[1] + (uint64_t)ends[p[0]] * p[2] + p[3] > table_size) return WF_ERROR_SHAPE;
  }
  for (uint32_t i = 0; i < rows; i++, out += width) {
    const uint32_t row = first + i, at[3] = {row / (size1 * size2), row / size2 % size1, row % size2};
    for (const uint32_t *p = parts; p < parts + 5 * (size_t)count; p += 5)
      memcpy(out + p[4], tables + p[1] + (size_t)at[p[0]] * p[2], p[3] * sizeof(float));
  }
  return WF_OK;
}
