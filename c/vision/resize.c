/* Resizing 8-bit images as Pillow does: one axis at a time, weights in fixed point, every pass rounded to 8 bits. Not
 * here: what an image becomes afterwards (normalize.c), and tables of floats (encodings/resample.c). */
#include "filters.h"
#include "sizes.h"

/* Pillow's weights have 22 fractional bits: a sum of 8-bit values fits 32 bits as long as the weights' magnitudes stay below
 * 2. The worst, Lanczos' at a cut-off edge, is 1.6. PyTorch's are the most bits that fit 16. */
enum { FRACTION_BITS = 22, COLUMNS_AT_ONCE = 64 };

/* How an axis is resized. */
typedef struct wf_axis {
  double step, stretch, support; /* entries of the input between two outputs; of the filter, in entries */
  uint32_t from, to, taps;       /* taps: the most that an output has */
  uint32_t filter, bits;         /* bits: of weights, behind the point */
} wf_axis;

/* The taps of one output: out = sum of weight[i] x[first + i]. It lies in the caller's space with its weights. */
typedef struct wf_image_taps {
  int32_t first, count;
  int32_t weight[];
} wf_image_taps;

static wf_axis axis_of(uint32_t from, uint32_t to, uint32_t filter) {
  filter &= ~(uint32_t)WF_IMAGE_SHORT_WEIGHTS;
  const double step = (double)from / (double)to, stretch = step > 1 ? step : 1;
  const double support = wf_filter_support(filter) * stretch;
  return (wf_axis){step,   stretch,      support, from, to, 2 * (uint32_t)__builtin_ceil(support) + 1,
                   filter, FRACTION_BITS};
}

static uint64_t words_of(const wf_axis *axis) { return (uint64_t)axis->to * (2 + (uint64_t)axis->taps); }

static bool axis_fits(uint32_t from, uint32_t to) {
  return from >= 1 && to >= 1 && from <= WF_IMAGE_MAX_SIDE && to <= WF_IMAGE_MAX_SIDE;
}

static wf_image_taps *taps_at(int32_t *space, const wf_axis *axis, uint32_t at) {
  return (wf_image_taps *)(space + (size_t)at * (2 + axis->taps));
}

/* Rounds to the nearest, halves away from zero. */
static int32_t fixed(double weight, uint32_t bits) {
  const double scaled = weight * (1 << bits);
  return (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

/* Entries whose centres lie within the support, weighted by the filter, the weights summing to 1 before rounding. */
static __attribute__((noinline, minsize)) void set_taps(wf_image_taps *taps, const wf_axis *axis,
                                                        uint32_t at) {
  const double centre = (at + 0.5) * axis->step, squeeze = 1.0 / axis->stretch;
  const double left = centre - axis->support + 0.5, right = centre + axis->support + 0.5;
  taps->first = left > 0 ? (int32_t)left : 0;
  taps->count = (int32_t)(right < axis->from ? right : axis->from) - taps->first;
  double total = 0;
  for (int32_t i = 0; i < taps->count; i++)
    total += wf_filter((i + taps->first - centre + 0.5) * squeeze, axis->filter);
  for (int32_t i = 0; i < taps->count; i++) {
    const double weight = wf_filter((i + taps->first - centre + 0.5) * squeeze, axis->filter);
    taps->weight[i] = fixed(total != 0 ? weight / total : weight, axis->bits);
  }
}

/* The nearest entry alone. Pillow adds positions up, PyTorch multiplies them in single precision. */
static void set_all_nearest(int32_t *space, const wf_axis *axis, bool multiplied) {
  const int32_t last = (int32_t)axis->from - 1;
  double position = axis->step * 0.5;
  for (uint32_t at = 0; at < axis->to; at++) {
    if (multiplied) position = (double)(float)((at + 0.5) * (double)(float)axis->step);
    wf_image_taps *taps = taps_at(space, axis, at);
    taps->first = (int32_t)position < last ? (int32_t)position : last;
    taps->count = 1;
    taps->weight[0] = 1 << FRACTION_BITS;
    position += axis->step;
  }
}

static void set_all_taps(int32_t *space, const wf_axis *axis) {
  for (uint32_t at = 0; at < axis->to; at++) set_taps(taps_at(space, axis, at), axis, at);
}

/* The most bits behind the point with which the largest of the axis' weights stays below 2^15. */
static uint32_t short_bits(int32_t *space, const wf_axis *axis) {
  int32_t most = 0;
  for (uint32_t at = 0; at < axis->to; at++) {
    const wf_image_taps *taps = taps_at(space, axis, at);
    for (int32_t i = 0; i < taps->count; i++)
      if (taps->weight[i] > most) most = taps->weight[i];
  }
  uint32_t bits = 0;
  while (bits < FRACTION_BITS && fixed((double)most / (1 << FRACTION_BITS), bits + 1) < 1 << 15) bits++;
  return bits;
}

static uint8_t to_byte(int32_t sum, uint32_t bits) {
  sum >>= bits;
  return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

/* One output of a narrow image: a pixel of `inner` channels, a constant where this is inlined. */
static inline void sum_pixel(uint8_t *out, const uint8_t *x, const wf_image_taps *taps, uint32_t inner,
                             uint32_t bits) {
  int32_t sums[4] = {0};
  for (uint32_t c = 0; c < inner; c++) sums[c] = (1 << bits) / 2;
  x += (size_t)taps->first * inner;
  for (int32_t i = 0; i < taps->count; i++, x += inner)
    for (uint32_t c = 0; c < inner; c++) sums[c] += taps->weight[i] * x[c];
  for (uint32_t c = 0; c < inner; c++) out[c] = to_byte(sums[c], bits);
}

/* One output of up to COLUMNS_AT_ONCE columns, `stride` bytes between the entries that it sums. */
static void sum_columns(uint8_t *out, const uint8_t *x, const wf_image_taps *taps, size_t stride,
                        uint32_t columns, uint32_t bits) {
  int32_t sums[COLUMNS_AT_ONCE];
  for (uint32_t c = 0; c < columns; c++) sums[c] = (1 << bits) / 2;
  x += (size_t)taps->first * stride;
  for (int32_t i = 0; i < taps->count; i++, x += stride) {
    const int32_t weight = taps->weight[i];
    for (uint32_t c = 0; c < columns; c++) sums[c] += weight * x[c];
  }
  for (uint32_t c = 0; c < columns; c++) out[c] = to_byte(sums[c], bits);
}

/* All outputs of one line [from, inner]. */
static void resize_line(uint8_t *out, const uint8_t *x, int32_t *space, const wf_axis *axis, uint32_t inner) {
  for (uint32_t at = 0; at < axis->to; at++, out += inner) {
    const wf_image_taps *taps = taps_at(space, axis, at);
    if (inner == 1) {
      sum_pixel(out, x, taps, 1, axis->bits);
    } else if (inner == 3) {
      sum_pixel(out, x, taps, 3, axis->bits);
    } else if (inner == 4) {
      sum_pixel(out, x, taps, 4, axis->bits);
    } else {
      for (uint32_t first = 0; first < inner; first += COLUMNS_AT_ONCE) {
        const uint32_t columns = inner - first < COLUMNS_AT_ONCE ? inner - first : COLUMNS_AT_ONCE;
        sum_columns(out + first, x + first, taps, inner, columns, axis->bits);
      }
    }
  }
}

static bool is_filter(uint32_t filter) {
  return (filter & ~(uint32_t)WF_IMAGE_SHORT_WEIGHTS) < WF_IMAGE_FILTERS;
}

uint32_t wf_image_resize_space(uint32_t from, uint32_t to, uint32_t filter) {
  if (!axis_fits(from, to) || !is_filter(filter)) return 0;
  const wf_axis axis = axis_of(from, to, filter);
  const uint64_t bytes = words_of(&axis) * sizeof(int32_t);
  return bytes <= WF_IMAGE_MAX_BYTES ? (uint32_t)bytes : 0;
}

uint32_t wf_image_resize_axis(uint8_t *out, int32_t *space, const uint8_t *x, uint32_t outer, uint32_t from,
                              uint32_t to, uint32_t inner, uint32_t filter) {
  if (!out || !space || !x || !is_filter(filter)) return WF_ERROR_ARGUMENT;
  if (wf_image_resize_space(from, to, filter) == 0) return WF_ERROR_SHAPE;
  if (!wf_image_fits(outer, from, inner) || !wf_image_fits(outer, to, inner)) return WF_ERROR_SHAPE;
  const bool is_short = (filter & WF_IMAGE_SHORT_WEIGHTS) != 0;
  wf_axis axis = axis_of(from, to, filter);
  if (axis.filter == WF_IMAGE_NEAREST) {
    set_all_nearest(space, &axis, is_short);
  } else {
    set_all_taps(space, &axis);
    if (is_short) {
      axis.bits = short_bits(space, &axis);
      set_all_taps(space, &axis);
    }
  }
  for (size_t o = 0; o < outer; o++)
    resize_line(out + o * to * inner, x + o * from * inner, space, &axis, inner);
  return WF_OK;
}
