/* Resizing along one axis by a linear or cubic filter, with PyTorch's conventions for where samples lie. Not here:
 * BEiT's geometric resizing of relative biases (table_resize.c), and images, which are integers (c/vision). */
#include "../wasmformer.h"
#include "sizes.h"

enum { COLUMNS_AT_ONCE = 64 };

/* The entries that one output sums: `count` of them from `first` on, each weighted by the filter at
 * (first + i - centre) / width. Entries outside the table are its ends. */
typedef struct wf_taps {
  int64_t first, count;
  double centre, width, total;
} wf_taps;

/* Keys' cubic with parameter a, or the triangle. */
static double filter(double x, uint32_t options) {
  const double a = options & WF_RESAMPLE_ANTIALIAS ? -0.5 : -0.75;
  x = __builtin_fabs(x);
  if (!(options & WF_RESAMPLE_CUBIC)) return x < 1 ? 1 - x : 0;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

static double tap_weight(const wf_taps *taps, int64_t i, uint32_t options) {
  return filter(((double)(taps->first + i) - taps->centre) / taps->width, options) / taps->total;
}

/* Samples at whole coordinates; the support is one or two of them on each side. */
static wf_taps plain_taps(uint32_t at, uint32_t from, double step, uint32_t options) {
  const bool cubic = (options & WF_RESAMPLE_CUBIC) != 0;
  double centre = options & WF_RESAMPLE_ALIGN_CORNERS ? step * at : step * (at + 0.5) - 0.5;
  if (!cubic && centre < 0) centre = 0;
  const double last = (double)from + 1; /* beyond it every entry is the end of the table */
  if (centre > last) centre = last;
  const int64_t below = (int64_t)__builtin_floor(centre);
  return (wf_taps){cubic ? below - 1 : below, cubic ? 4 : 2, centre, 1, 1};
}

/* The filter is stretched by the step when shrinking; only entries of the table count, and weights sum to 1. */
static wf_taps antialias_taps(uint32_t at, uint32_t from, double step, uint32_t options) {
  const double stretch = step > 1 ? step : 1;
  const double support = (options & WF_RESAMPLE_CUBIC ? 2 : 1) * stretch, centre = step * (at + 0.5);
  const double left = centre - support + 0.5, right = centre + support + 0.5, size = from;
  int64_t first = left > 0 ? (int64_t)left : 0, end = (int64_t)(right < size ? right : size);
  if (first >= end) first = end - 1; /* a given step may lead beyond the table */
  wf_taps taps = {first, end - first, centre - 0.5, stretch, 1};
  double total = 0;
  for (int64_t i = 0; i < taps.count; i++) total += tap_weight(&taps, i, options);
  if (total != 0) taps.total = total;
  return taps;
}

/* One output row of up to COLUMNS_AT_ONCE columns. */
static void sum_taps(float *out, const float *x, const wf_taps *taps, uint32_t from, size_t stride,
                     uint32_t columns, uint32_t options) {
  double sums[COLUMNS_AT_ONCE] = {0};
  for (int64_t i = 0; i < taps->count; i++) {
    int64_t entry = taps->first + i;
    if (entry < 0) entry = 0;
    if (entry > (int64_t)from - 1) entry = (int64_t)from - 1;
    const double weight = tap_weight(taps, i, options);
    const float *row = x + (size_t)entry * stride;
    for (uint32_t c = 0; c < columns; c++) sums[c] += weight * (double)row[c];
  }
  for (uint32_t c = 0; c < columns; c++) out[c] = (float)sums[c];
}

uint32_t wf_resample_axis(float *out, const float *x, uint32_t outer, uint32_t from, uint32_t to,
                          uint32_t inner, double step, uint32_t options) {
  if (!out || !x || !(step >= 0 && step <= 1e6) || options > 7) return WF_ERROR_ARGUMENT;
  if (!wf_fits(outer, from, inner, 1) || !wf_fits(outer, to, inner, 1)) return WF_ERROR_SHAPE;
  const bool corners = (options & WF_RESAMPLE_ALIGN_CORNERS) != 0;
  if (step == 0)
    step = corners ? (to > 1 ? (double)(from - 1) / (double)(to - 1) : 0) : (double)from / (double)to;
  for (size_t o = 0; o < outer; o++) {
    for (uint32_t at = 0; at < to; at++) {
      const wf_taps taps = options & WF_RESAMPLE_ANTIALIAS ? antialias_taps(at, from, step, options)
                                                           : plain_taps(at, from, step, options);
      for (uint32_t first = 0; first < inner; first += COLUMNS_AT_ONCE) {
        const uint32_t columns = inner - first < COLUMNS_AT_ONCE ? inner - first : COLUMNS_AT_ONCE;
        sum_taps(out + (o * to + at) * inner + first, x + o * from * inner + first, &taps, from, inner,
                 columns, options);
      }
    }
  }
  return WF_OK;
}
