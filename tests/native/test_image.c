/* Images: resizing against plain sums in double precision, exact cases, bands, and what is refused. Equality with Pillow
 * is tested from JavaScript, with its own pictures. */
#include "check.h"
#include "wasmformer.h"

static const double pi = 3.14159265358979323846;

static uint8_t *random_image(uint64_t *seed, size_t count) {
  uint8_t *x = check_alloc(count);
  for (size_t i = 0; i < count; i++)
    x[i] = (uint8_t)(check_index(seed, 3) ? check_bits(seed) : check_index(seed, 2) * 255);
  return x;
}

static double reference_sinc(double x) { return x == 0.0 ? 1.0 : sin(pi * x) / (pi * x); }

/* The filters as their papers have them; the box is open on its left. */
static double reference_filter(double x, uint32_t filter) {
  double d = fabs(x);
  switch ((wf_image_filter)filter) {
  case WF_IMAGE_LANCZOS:
    return d < 3 ? reference_sinc(x) * reference_sinc(x / 3) : 0;
  case WF_IMAGE_BILINEAR:
    return d < 1 ? 1 - d : 0;
  case WF_IMAGE_BICUBIC:
    if (d < 1) return 1.5 * d * d * d - 2.5 * d * d + 1;
    return d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 0;
  case WF_IMAGE_HAMMING:
    return d < 1 ? reference_sinc(x) * (0.54 + 0.46 * cos(pi * x)) : 0;
  case WF_IMAGE_BOX:
    return x > -0.5 && x <= 0.5 ? 1 : 0;
  case WF_IMAGE_NEAREST:
  case WF_IMAGE_SHORT_WEIGHTS:
    break;
  }
  return 0;
}

/* One output by a sum over the whole line. */
static double reference_value(const uint8_t *x, uint32_t from, uint32_t to, uint32_t at, uint32_t inner,
                              uint32_t filter) {
  double step = (double)from / to, stretch = step > 1 ? step : 1, sum = 0, total = 0;
  if (filter == WF_IMAGE_NEAREST) { /* halves fall where adding up the steps puts them */
    double position = step / 2;
    for (uint32_t i = 0; i < at; i++) position += step;
    return x[(size_t)position * inner];
  }
  for (uint32_t i = 0; i < from; i++) {
    double weight = reference_filter((i + 0.5 - (at + 0.5) * step) / stretch, filter);
    sum += weight * x[(size_t)i * inner];
    total += weight;
  }
  return fmin(255, fmax(0, sum / total));
}

static uint8_t *resize(const uint8_t *x, uint32_t outer, uint32_t from, uint32_t to, uint32_t inner,
                       uint32_t filter) {
  uint8_t *out = check_alloc((size_t)outer * to * inner);
  uint32_t bytes = wf_image_resize_space(from, to, filter);
  int32_t *space = check_alloc(bytes);
  uint32_t status = wf_image_resize_axis(out, space, x, outer, from, to, inner, filter);
  CHECK(bytes > 0 && status == WF_OK, "%u x %u to %u x %u filter %u: %u", outer, from, to, inner, filter,
        status);
  free(space);
  return out;
}

static void check_size(check_worst *worst, uint32_t outer, uint32_t from, uint32_t to, uint32_t inner,
                       uint64_t seed) {
  uint8_t *x = random_image(&seed, (size_t)outer * from * inner);
  for (uint32_t filter = WF_IMAGE_NEAREST; filter <= WF_IMAGE_HAMMING; filter++) {
    uint8_t *out = resize(x, outer, from, to, inner, filter);
    for (size_t i = 0; i < (size_t)outer * to * inner; i++) {
      size_t o = i / ((size_t)to * inner), at = i / inner % to, c = i % inner;
      double want = reference_value(x + o * from * inner + c, from, to, (uint32_t)at, inner, filter);
      CHECK_ERROR(worst, fabs(out[i] - want), "%u to %u of %u, filter %u at %zu", from, to, inner, filter,
                  at);
    }
    if (from == to)
      CHECK(memcmp(out, x, (size_t)outer * from * inner) == 0, "%u filter %u changed", from, filter);
    free(out);
  }
  free(x);
}

static void test_against_plain_sums(void) {
  static const uint32_t sides[] = {1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 32, 33, 100, 101},
                        inners[] = {1, 2, 3, 4, 5, 63, 64, 65, 129};
  const size_t count = sizeof sides / sizeof *sides;
  check_worst worst = {.name = "resized values, of their rounding", .limit = 0.5001};
  for (size_t i = 0; i < count * count; i++) {
    uint32_t inner = inners[i % (sizeof inners / sizeof *inners)];
    check_size(&worst, inner > 4 ? 1 : 3, sides[i / count], sides[i % count], inner, i + 1);
  }
  check_size(&worst, 2, 5000, 3, 3, 7);
  check_size(&worst, 2, 3, 2000, 3, 8);
  check_report(&worst);
}

/* Bits behind the point with which the largest weight of any output is still below 2^15. */
static uint32_t reference_bits(uint32_t from, uint32_t to, uint32_t filter) {
  double step = (double)from / to, stretch = step > 1 ? step : 1, most = 0;
  for (uint32_t at = 0; at < to; at++) {
    double total = 0, top = 0;
    for (uint32_t i = 0; i < from; i++) {
      double weight = reference_filter((i + 0.5 - (at + 0.5) * step) / stretch, filter);
      total += weight;
      top = fmax(top, weight);
    }
    most = fmax(most, top / total);
  }
  uint32_t bits = 0;
  while (bits < 22 && (int32_t)(0.5 + most * (1 << (bits + 1))) < 1 << 15) bits++;
  return bits;
}

/* Sums of rounded products, all of them integers: the result is exact. */
static uint8_t reference_short(const uint8_t *x, uint32_t from, uint32_t to, uint32_t at, uint32_t filter,
                               uint32_t bits) {
  double step = (double)from / to, stretch = step > 1 ? step : 1, total = 0,
         sum = floor(ldexp(0.5, (int)bits));
  for (uint32_t i = 0; i < from; i++)
    total += reference_filter((i + 0.5 - (at + 0.5) * step) / stretch, filter);
  for (uint32_t i = 0; i < from; i++)
    sum +=
        round(reference_filter((i + 0.5 - (at + 0.5) * step) / stretch, filter) / total * (1 << bits)) * x[i];
  return (uint8_t)fmin(255, fmax(0, floor(sum / (1 << bits))));
}

/* Halves may round either way where a weight is computed in another order, which moves an output by one. */
static void test_short_weights(void) {
  uint64_t seed = 21;
  size_t count = 0, apart = 0;
  for (int i = 0; i < 400; i++) {
    uint32_t from = 1 + check_index(&seed, 120), to = 1 + check_index(&seed, 60),
             filter = 1 + (uint32_t)i % 3;
    uint8_t *x = random_image(&seed, from);
    uint8_t *out = resize(x, 1, from, to, 1, filter + WF_IMAGE_SHORT_WEIGHTS);
    uint32_t bits = reference_bits(from, to, filter);
    for (uint32_t at = 0; at < to; at++, count++) {
      int difference = abs(out[at] - reference_short(x, from, to, at, filter, bits));
      CHECK(difference <= 1, "%u to %u, filter %u at %u: %d", from, to, filter, at, difference);
      apart += difference != 0;
    }
    free(out), free(x);
  }
  CHECK(apart * 1000 < count, "%zu of %zu values are apart", apart, count);
}

static void test_constants_and_bands(void) {
  uint64_t seed = 3;
  for (int i = 0; i < 300; i++) {
    uint32_t from = 1 + check_index(&seed, 200), to = 1 + check_index(&seed, 200), filter = (uint32_t)i % 6;
    uint8_t level = (uint8_t)check_bits(&seed), *flat = memset(check_alloc(from * 3), level, from * 3);
    uint8_t *same = resize(flat, 1, from, to, 3, filter);
    for (uint32_t j = 0; j < to * 3; j++) CHECK(same[j] == level, "%u to %u filter %u", from, to, filter);
    uint8_t *x = random_image(&seed, (size_t)7 * from * 4), *whole = resize(x, 7, from, to, 4, filter);
    uint8_t *band = resize(x + (size_t)4 * from * 4, 3, from, to, 4, filter);
    CHECK(memcmp(whole + (size_t)4 * to * 4, band, (size_t)3 * to * 4) == 0, "rows 4 to 6, %u to %u", from,
          to);
    free(flat), free(same), free(x), free(whole), free(band);
  }
}

static void test_normalisation(void) {
  uint64_t seed = 9;
  const float mean[3] = {0.5f, -0.25f, 0}, deviation[3] = {0.5f, 0.25f, -2};
  const double scale = 1.0 / 255;
  for (int i = 0; i < 400; i++) {
    const uint32_t channels = (const uint32_t[]){1, 3, 4}[i % 3];
    const int32_t h = 1 + (int32_t)check_index(&seed, 9), w = 1 + (int32_t)check_index(&seed, 9);
    const int32_t height = 1 + (int32_t)check_index(&seed, 12), width = 1 + (int32_t)check_index(&seed, 12);
    const int32_t top = (int32_t)check_index(&seed, 16) - 8, left = (int32_t)check_index(&seed, 16) - 8;
    uint8_t *x = random_image(&seed, (size_t)h * (size_t)w * channels);
    float *out = check_floats(3 * (size_t)height * (size_t)width);
    CHECK(wf_image_normalize(out, x, mean, deviation, (uint32_t)h, (uint32_t)w, channels, (uint32_t)height,
                             (uint32_t)width, top, left, scale) == WF_OK,
          "%d x %d", h, w);
    for (int32_t j = 0; j < 3 * height * width; j++) {
      const int32_t c = j / (height * width), y = j / width % height + top, z = j % width + left;
      const int inside = y >= 0 && y < h && z >= 0 && z < w;
      const uint32_t at = (uint32_t)(y * w + z) * channels + (channels == 1 ? 0 : (uint32_t)c);
      const float want = ((float)((inside ? x[at] : 0) * scale) - mean[c]) / deviation[c];
      CHECK(out[j] == want, "%d x %d of %u channels, value %d: %g, not %g", h, w, channels, j, (double)out[j],
            (double)want);
    }
    free(x), free(out);
  }
}

static void test_refusals(void) {
  uint8_t x[12] = {0}, out[12];
  int32_t space[64];
  float y[12], one[3] = {1, 1, 1}, bad[3] = {1, 0, 1};
  const uint32_t side = UINT32_C(1) << 26;
  CHECK(wf_image_resize_space(0, 1, 2) == 0 && wf_image_resize_space(1, 0, 2) == 0, "sides of 0");
  CHECK(wf_image_resize_space(side + 1, 1, 2) == 0 && wf_image_resize_space(1, side, 6) == 0,
        "beyond the limits");
  CHECK(wf_image_resize_space(2, 2, WF_IMAGE_SHORT_WEIGHTS + 6) == 0, "no filter of short weights");
  CHECK(wf_image_resize_space(side, side, WF_IMAGE_LANCZOS) == 0, "weights beyond memory");
  CHECK(wf_image_resize_axis(NULL, space, x, 1, 2, 2, 1, 2) == WF_ERROR_ARGUMENT, "no output");
  CHECK(wf_image_resize_axis(out, NULL, x, 1, 2, 2, 1, 2) == WF_ERROR_ARGUMENT, "no space");
  CHECK(wf_image_resize_axis(out, space, x, 1, 2, 2, 1, 6) == WF_ERROR_ARGUMENT, "no filter");
  CHECK(wf_image_resize_axis(out, space, x, 0, 2, 2, 1, 2) == WF_ERROR_SHAPE, "no rows");
  CHECK(wf_image_resize_axis(out, space, x, 1, 2, 2, 0, 2) == WF_ERROR_SHAPE, "no columns");
  CHECK(wf_image_resize_axis(out, space, x, UINT32_MAX, 2, 2, UINT32_MAX, 2) == WF_ERROR_SHAPE, "2^65 bytes");
  CHECK(wf_image_normalize(y, x, one, bad, 2, 2, 3, 2, 2, 0, 0, 1) == WF_ERROR_ARGUMENT, "a deviation of 0");
  bad[1] = NAN;
  CHECK(wf_image_normalize(y, x, bad, one, 2, 2, 3, 2, 2, 0, 0, 1) == WF_ERROR_ARGUMENT,
        "a mean that is no number");
  CHECK(wf_image_normalize(y, x, one, one, 2, 2, 3, 2, 2, 0, 0, NAN) == WF_ERROR_ARGUMENT,
        "a scale that is no number");
  CHECK(wf_image_normalize(y, x, one, one, 2, 2, 2, 2, 2, 0, 0, 1) == WF_ERROR_ARGUMENT, "two channels");
  CHECK(wf_image_normalize(y, x, one, one, 0, 2, 3, 2, 2, 0, 0, 1) == WF_ERROR_SHAPE, "no pixels");
  CHECK(wf_image_normalize(y, x, one, one, 2, 2, 3, UINT32_MAX, UINT32_MAX, 0, 0, 1) == WF_ERROR_SHAPE,
        "2^65 floats");
  CHECK(wf_image_normalize(y, x, one, one, 2, 2, 3, 2, 2, INT32_MIN, INT32_MAX, 1) == WF_OK,
        "a crop far outside");
}

int main(void) {
  test_against_plain_sums();
  test_short_weights();
  test_constants_and_bands();
  test_normalisation();
  test_refusals();
  return check_finish();
}
