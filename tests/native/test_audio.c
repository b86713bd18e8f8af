/* Log-mel spectra, resampling and samples of files against the formulas written out plainly in double, with the C library's
 * functions and transforms that are sums; and what is refused. */
#include "../../c/wasmformer.h"
#include "check.h"

#define PI 3.14159265358979323846

static double mel_scale(double hertz, int kaldi) {
  if (kaldi) return 1127 * log(1 + hertz / 700);
  return hertz < 1000 ? 3 * hertz / 200 : 15 + 27 * log(hertz / 1000) / log(6.4);
}

static double from_slaney(double mel) { return mel < 15 ? 200 * mel / 3 : 1000 * pow(6.4, (mel - 15) / 27); }

static void test_filters(void) {
  check_worst worst = {.name = "mel filters", .limit = 1e-12};
  static const uint32_t sizes[][3] = {{80, 201, 16000}, {128, 257, 16000}, {7, 33, 8001}, {1, 2, 16000}};
  for (int i = 0; i < 8; i++) {
    const uint32_t mels = sizes[i / 2][0], bins = sizes[i / 2][1], rate = sizes[i / 2][2];
    const int kaldi = i % 2;
    const double low = kaldi ? 20 : 0, high = floor(rate / 2.0);
    double *out = check_doubles((size_t)mels * bins);
    CHECK(wf_mel_filters(out, mels, bins, rate, low, high, (uint32_t)kaldi) == WF_OK, "%u mels", mels);
    const double first = mel_scale(low, kaldi), last = mel_scale(high, kaldi);
    for (uint32_t m = 0; m < mels; m++)
      for (uint32_t k = 0; k < bins; k++) {
        double at = kaldi ? mel_scale(rate / (2.0 * (bins - 1)) * k, 1) : high * k / (bins - 1);
        double corner[3];
        for (uint32_t c = 0; c < 3; c++) {
          corner[c] = first + (last - first) * (m + c) / (mels + 1);
          if (!kaldi) corner[c] = from_slaney(corner[c]);
        }
        double want = fmax(
            0, fmin((at - corner[0]) / (corner[1] - corner[0]), (corner[2] - at) / (corner[2] - corner[1])));
        if (!kaldi) want *= 2 / (corner[2] - corner[0]);
        CHECK_ERROR(&worst, fabs(out[m * bins + k] - want), "%u, %u of %u x %u", m, k, mels, bins);
      }
    free(out);
  }
  check_report(&worst);
}

/* A sizes of one spectrum. */
typedef struct spectrum {
  uint32_t samples, length, frames, reach, size, hop, mels, kaldi;
} spectrum;

static double at(const spectrum *s, const float *x, int64_t i) {
  const int64_t last = (int64_t)s->length - 1;
  if (!s->kaldi && i < 0) i = -i;
  if (!s->kaldi && i > last) i = 2 * last - i;
  return i >= 0 && i < s->samples ? (double)x[i] : 0;
}

/* The power of a frame at a frequency, by the sum of the transform's definition. */
static double power_of(const double *frame, uint32_t size, uint32_t k) {
  double re = 0, im = 0;
  for (uint32_t j = 0; j < size; j++) {
    const double angle = 2 * PI * (double)((uint64_t)k * j % size) / size;
    re += frame[j] * cos(angle), im -= frame[j] * sin(angle);
  }
  return re * re + im * im;
}

static void plain_frame(double *frame, const spectrum *s, const float *x, uint32_t t) {
  const int64_t start = (int64_t)t * s->hop - (s->kaldi ? 0 : s->size / 2);
  double mean = 0;
  for (uint32_t j = 0; j < s->reach; j++) mean += at(s, x, start + j) / s->reach;
  if (!s->kaldi) mean = 0;
  for (uint32_t j = 0; j < s->size; j++) frame[j] = 0;
  for (uint32_t j = 0; j < s->reach; j++) {
    double value = at(s, x, start + j) - mean;
    if (s->kaldi) value -= 0.97 * (at(s, x, start + (j ? j - 1 : 0)) - mean);
    const double period = s->kaldi ? s->reach - 1 : s->reach;
    frame[j] = value * (period > 0 ? 0.5 - 0.5 * cos(2 * PI * j / period) : 1);
  }
}

static void plain_log_mel(double *out, const spectrum *s, const float *x, const double *filters, double mean,
                          double deviation) {
  const uint32_t bins = s->size / 2 + 1;
  double *frame = check_doubles(s->size), *power = check_doubles(bins), most = -INFINITY;
  for (uint32_t t = 0; t < s->frames; t++) {
    const int there = !s->kaldi || (uint64_t)t * s->hop + s->reach <= s->samples;
    plain_frame(frame, s, x, t);
    for (uint32_t k = 0; k < bins; k++) power[k] = power_of(frame, s->size, k);
    for (uint32_t m = 0; m < s->mels; m++) {
      double sum = 0;
      for (uint32_t k = 0; k < bins; k++) sum += filters[m * bins + k] * power[k];
      double value = s->kaldi ? log(fmax(sum, 0x1p-23)) : log10(fmax(sum, 1e-10));
      if (!there) value = 0;
      most = fmax(most, value);
      out[s->kaldi ? t * s->mels + m : m * s->frames + t] = value;
    }
  }
  for (size_t i = 0; i < (size_t)s->frames * s->mels; i++)
    out[i] = ((s->kaldi ? out[i] : fmax(out[i], most - 8)) - mean) / deviation;
  free(frame), free(power);
}

static void test_log_mel(void) {
  check_worst worst = {.name = "log-mel spectra", .limit = 2e-6};
  uint64_t seed = 21;
  static const spectrum sizes[] = {
      {1200, 1600, 10, 400, 400, 160, 20, 0},
      {900, 900, 4, 400, 512, 160, 20, 1},
      {300, 300, 2, 400, 512, 160, 20, 1},
      {0, 300, 3, 60, 60, 100, 5, 0},
      {200, 200, 13, 30, 30, 15, 4, 0},
      {200, 211, 9, 101, 101, 17, 4, 0},
      {77, 77, 3, 25, 49, 20, 4, 1},
      {40, 40, 5, 2, 2, 8, 1, 0},
      {50, 50, 60, 1, 6, 1, 2, 1},
      {500, 500, 2, 243, 243, 100, 3, 1},
  };
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    const spectrum s = sizes[i];
    const size_t count = (size_t)s.frames * s.mels, bins = s.size / 2 + 1;
    float *x = check_randoms(&seed, s.samples, 0.5f), *out = check_floats(count);
    double *filters = check_doubles(s.mels * bins), *space = check_doubles(8 * s.size + 2 + s.mels);
    double *want = check_doubles(count);
    CHECK(wf_mel_filters(filters, s.mels, (uint32_t)bins, 16000, s.kaldi ? 20 : 0, 8000, s.kaldi) == WF_OK,
          "filters");
    CHECK(wf_log_mel(out, space, x, filters, s.samples, s.length, s.frames, s.reach, s.size, s.hop, s.mels,
                     s.kaldi, s.kaldi ? -4.25 : -4, s.kaldi ? 9 : 4) == WF_OK,
          "case %zu", i);
    plain_log_mel(want, &s, x, filters, s.kaldi ? -4.25 : -4, s.kaldi ? 9 : 4);
    for (size_t j = 0; j < count; j++)
      CHECK_ERROR(&worst, fabs((double)out[j] - want[j]), "case %zu, value %zu", i, j);
    free(x), free(out), free(filters), free(space), free(want);
  }
  check_report(&worst);
}

static void test_standardize(void) {
  check_worst worst = {.name = "unit variance", .limit = 1e-6};
  uint64_t seed = 5;
  static const uint32_t sizes[][2] = {{1, 1}, {9, 4}, {1000, 1000}, {1000, 999}};
  for (int i = 0; i < 4; i++) {
    const uint32_t n = sizes[i][0], valid = sizes[i][1];
    float *x = check_randoms(&seed, n, 0.01f), *out = check_floats(n);
    double mean = 0, variance = 0;
    for (uint32_t j = 0; j < valid; j++) mean += (double)(x[j] += 3) / valid;
    for (uint32_t j = 0; j < valid; j++) variance += ((double)x[j] - mean) * ((double)x[j] - mean) / valid;
    CHECK(wf_standardize(out, x, n, valid) == WF_OK, "%u of %u", valid, n);
    for (uint32_t j = 0; j < n; j++) {
      const double want = j < valid ? ((double)x[j] - mean) / sqrt(variance + 1e-7) : 0;
      CHECK_ERROR(&worst, fabs((double)out[j] - want), "%u of %u", j, n);
    }
    CHECK(wf_standardize(x, x, n, valid) == WF_OK && check_same(x, out, n), "in place");
    free(x), free(out);
  }
  check_report(&worst);
}

static void test_samples_of_files(void) {
  static const uint8_t bytes[] = {0, 255, 128, 64, 1, 128, 255, 127};
  float out[8];
  CHECK(wf_mix_samples(out, bytes, 4, 1, WF_SAMPLE_U8) == WF_OK && out[0] == -1 && out[1] == 127.0f / 128 &&
            out[2] == 0 && out[3] == -0.5f,
        "8 bits");
  CHECK(wf_mix_samples(out, bytes, 4, 1, WF_SAMPLE_S16) == WF_OK && out[0] == -256.0f / 32768 &&
            out[1] == 16512.0f / 32768 && out[2] == -32767.0f / 32768 && out[3] == 32767.0f / 32768,
        "16 bits");
  CHECK(wf_mix_samples(out, bytes, 2, 1, WF_SAMPLE_S24) == WF_OK && out[0] == -8323328.0f / 8388608 &&
            out[1] == -8388288.0f / 8388608,
        "24 bits");
  CHECK(wf_mix_samples(out, bytes, 1, 2, WF_SAMPLE_S32) == WF_OK &&
            out[0] == (float)((1082195712.0 + 2147450881.0) / 2147483648.0 / 2),
        "32 bits, two channels");
  const float floats[4] = {0.25f, -2, 1, 0};
  CHECK(wf_mix_samples(out, (const uint8_t *)floats, 2, 2, WF_SAMPLE_F32) == WF_OK && out[0] == -0.875f &&
            out[1] == 0.5f,
        "floats");
  const double doubles[3] = {0.25, -2, 1};
  CHECK(wf_mix_samples(out, (const uint8_t *)doubles, 1, 3, WF_SAMPLE_F64) == WF_OK && out[0] == -0.25f,
        "doubles");
}

static uint32_t divisor(uint32_t a, uint32_t b) {
  uint32_t d = a < b ? a : b;
  while (a % d || b % d) d--;
  return d;
}

/* torchaudio's kernel of one phase, tap by tap over its whole width. */
static double plain_resampled(const float *x, uint32_t samples, uint32_t i, uint32_t from, uint32_t to) {
  const double base = fmin(from, to) * 0.99;
  const int64_t width = (int64_t)ceil(6 * from / base), phase = i % to, start = (int64_t)(i / to) * from;
  double sum = 0;
  for (int64_t k = -width; k < width + from; k++) {
    double t = (-(double)phase / to + (double)k / from) * base;
    t = fmin(fmax(t, -6), 6);
    const double window = pow(cos(t * PI / 6 / 2), 2), value = t == 0 ? 1 : sin(t * PI) / (t * PI);
    const int64_t place = start + k;
    if (place >= 0 && place < samples) sum += value * window * base / from * (double)x[place];
  }
  return sum;
}

static void test_resampling(void) {
  check_worst worst = {.name = "resampling", .limit = 5e-7};
  uint64_t seed = 77;
  static const uint32_t rates[][3] = {{44100, 16000, 500}, {8000, 16000, 100},  {48000, 16000, 300},
                                      {16000, 16000, 50},  {11025, 16000, 200}, {192000, 16000, 500},
                                      {3, 7, 1},           {1, 1000, 3},        {22050, 16000, 1}};
  for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
    const uint32_t samples = rates[i][2], common = divisor(rates[i][0], rates[i][1]);
    const uint32_t from = rates[i][0] / common, to = rates[i][1] / common;
    const uint32_t count = (samples * to + from - 1) / from;
    float *x = check_randoms(&seed, samples, 1), *out = check_floats(count);
    CHECK(wf_resample_samples(out, x, samples, count, rates[i][0], rates[i][1]) == WF_OK, "%u to %u", from,
          to);
    for (uint32_t j = 0; j < count; j++)
      CHECK_ERROR(&worst, fabs((double)out[j] - plain_resampled(x, samples, j, from, to)), "%u to %u, %u",
                  from, to, j);
    free(x), free(out);
  }
  check_report(&worst);
}

static void test_refusals(void) {
  float x[64] = {0}, out[64];
  double filters[64] = {0}, space[400];
  CHECK(wf_mel_filters(filters, 2, 1, 16000, 0, 8000, 0) == WF_ERROR_SHAPE, "one bin");
  CHECK(wf_mel_filters(filters, 0, 3, 16000, 0, 8000, 0) == WF_ERROR_SHAPE, "no filters");
  CHECK(wf_mel_filters(filters, 2, 3, 16000, 8000, 8000, 0) == WF_ERROR_ARGUMENT, "an empty band");
  CHECK(wf_mel_filters(filters, 2, 3, NAN, 0, 8000, 0) == WF_ERROR_ARGUMENT, "a rate that is no number");
#define MEL(samples, length, frames, reach, size, hop, mels, kaldi) \
  wf_log_mel(out, space, x, filters, samples, length, frames, reach, size, hop, mels, kaldi, 0, 1)
  CHECK(MEL(64, 64, 5, 16, 16, 16, 2, 0) == WF_OK, "the last frame ends where the mirror does");
  CHECK(MEL(64, 64, 6, 16, 16, 16, 2, 0) == WF_ERROR_SHAPE, "a frame behind the mirror");
  CHECK(MEL(64, 64, 0, 16, 16, 16, 2, 0) == WF_ERROR_SHAPE, "no frames");
  CHECK(MEL(64, 63, 3, 16, 16, 16, 2, 0) == WF_ERROR_SHAPE, "more samples than there are");
  CHECK(MEL(8, 8, 1, 16, 16, 16, 2, 0) == WF_ERROR_SHAPE, "too few for a mirror");
  CHECK(MEL(64, 64, 3, 12, 16, 16, 2, 0) == WF_ERROR_SHAPE, "a window shorter than the transform");
  CHECK(MEL(64, 64, 3, 17, 16, 16, 2, 1) == WF_ERROR_SHAPE, "a window longer than the transform");
  CHECK(MEL(64, 64, 3, 16, 1, 16, 2, 1) == WF_ERROR_SHAPE, "a transform of 1");
  CHECK(MEL(64, 64, 3, 16, 65537, 16, 2, 1) == WF_ERROR_SHAPE, "a transform too long");
  CHECK(MEL(64, 64, 3, 16, 16, 0, 2, 1) == WF_ERROR_ARGUMENT, "no step");
  CHECK(MEL(64, 64, 1u << 20, 16, 16, 16, 1u << 20, 1) == WF_ERROR_SHAPE, "2^40 values");
  CHECK(wf_standardize(out, x, 64, 0) == WF_ERROR_SHAPE, "no samples");
  CHECK(wf_standardize(out, x, 63, 64) == WF_ERROR_SHAPE, "more samples than there are");
  CHECK(wf_standardize(NULL, x, 64, 64) == WF_ERROR_ARGUMENT, "no output");
  CHECK(wf_mix_samples(out, (uint8_t *)x, 4, 0, 1) == WF_ERROR_SHAPE, "no channels");
  CHECK(wf_mix_samples(out, (uint8_t *)x, 4, 1, 6) == WF_ERROR_ARGUMENT, "no format");
  CHECK(wf_mix_samples(out, (uint8_t *)x, 1u << 20, 1u << 16, 1) == WF_ERROR_SHAPE, "2^36 samples");
  CHECK(wf_resample_samples(out, x, 64, 63, 1, 1) == WF_ERROR_SHAPE, "another count");
  CHECK(wf_resample_samples(out, x, 64, 64, 0, 1) == WF_ERROR_ARGUMENT, "no rate");
  CHECK(wf_resample_samples(out, x, 64, 1, 100, 1) == WF_ERROR_UNSUPPORTED, "a hundredth of the rate");
}

int main(void) {
  test_filters();
  test_log_mel();
  test_standardize();
  test_samples_of_files();
  test_resampling();
  test_refusals();
  return check_finish();
}
