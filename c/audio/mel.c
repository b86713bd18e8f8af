/* Logarithmic mel spectra of samples. Not here: samples themselves (samples.c). */
#include "../encodings/sizes.h"
#include "../encodings/trig.h"
#include "../wasmformer.h"
#include "fft.h"

/* Small rather than fast: the transforms and the models behind them are what takes time. */
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#define PI 3.14159265358979323846

/* Slaney's scale: linear below 1 kHz, then 27 steps to 6.4 kHz. */
#define LINEAR      (200.0 / 3)
#define BREAK_HERTZ 1000.0
#define BREAK_MEL   15.0
#define LOG_STEP    (1.85629799036562645 / 27) /* ln(6.4) / 27 */

#define LN10         2.30258509299404568
#define EPSILON      1.192092955078125e-07 /* Kaldi's least energy */
#define PREEMPHASIS  0.97
#define LEAST_SLANEY 1e-10
#define RANGE        8.0

static double mel_of(double hertz, bool kaldi) {
  if (kaldi) return 1127 * wf_log(1 + hertz / 700);
  return hertz < BREAK_HERTZ ? hertz / LINEAR : BREAK_MEL + wf_log(hertz / BREAK_HERTZ) / LOG_STEP;
}

static double hertz_of(double mel) {
  return mel < BREAK_MEL ? LINEAR * mel : BREAK_HERTZ * wf_exp64(LOG_STEP * (mel - BREAK_MEL));
}

uint32_t wf_mel_filters(double *out, uint32_t mels, uint32_t bins, double rate, double low, double high,
                        uint32_t kaldi) {
  if (!out || !(low >= 0) || !(low < high) || !(high <= 1e9) || !(rate <= 1e9)) return WF_ERROR_ARGUMENT;
  if (bins < 2 || !wf_fits(mels, bins, 2, 1)) return WF_ERROR_SHAPE;
  const double first = mel_of(low, kaldi), step = (mel_of(high, kaldi) - first) / ((double)mels + 1);
  const double width = (kaldi ? rate / 2 : __builtin_floor(rate / 2)) / ((double)bins - 1);
  for (uint32_t m = 0; m < mels; m++) {
    double edges[3];
    for (int i = 0; i < 3; i++) {
      edges[i] = first + step * ((double)m + i);
      if (!kaldi) edges[i] = hertz_of(edges[i]);
    }
    const double gain = kaldi ? 1 : 2 / (edges[2] - edges[0]);
    for (uint32_t k = 0; k < bins; k++) {
      const double at = kaldi ? mel_of(width * k, true) : width * k;
      const double rising = (at - edges[0]) / (edges[1] - edges[0]);
      const double falling = (edges[2] - at) / (edges[2] - edges[1]);
      const double least = rising < falling ? rising : falling;
      *out++ = least > 0 ? least * gain : 0;
    }
  }
  return WF_OK;
}

/* What wf_log_mel works with; the arrays lie in the caller's space. */
typedef struct wf_mel {
  const float *x;
  const double *filters;
  wf_complex *roots, *frame, *other;
  double *window, *power; /* power: of two frames, side by side */
  uint32_t *reaches;      /* of each filter: the bins from and to which it is not 0 */
  uint32_t samples, length, frames, reach, size, hop, mels, bins;
  bool kaldi;
} wf_mel;

/* Most of a filter's weights are 0. */
static void set_reaches(const wf_mel *mel) {
  for (uint32_t m = 0; m < mel->mels; m++) {
    const double *weights = mel->filters + (size_t)m * mel->bins;
    uint32_t first = 0, end = mel->bins;
    while (end && weights[end - 1] == 0) end--;
    while (first < end && weights[first] == 0) first++;
    mel->reaches[2 * (size_t)m] = first, mel->reaches[2 * (size_t)m + 1] = end;
  }
}

static wf_mel mel_in(double *space, uint32_t size, uint32_t reach, bool kaldi) {
  wf_mel mel = {.reach = reach, .size = size, .bins = size / 2 + 1, .kaldi = kaldi};
  mel.roots = (wf_complex *)space;
  mel.frame = mel.roots + size, mel.other = mel.frame + size;
  mel.window = (double *)(mel.other + size);
  mel.power = mel.window + size;
  mel.reaches = (uint32_t *)(mel.power + 2 * (size_t)mel.bins);
  wf_roots(mel.roots, size);
  const uint32_t period = kaldi ? reach - 1 : reach; /* Hann's window ends in a 0, or before it */
  for (uint32_t k = 0; k < reach; k++) mel.window[k] = period ? 0.5 - 0.5 * wf_cos(2 * PI * k / period) : 1;
  return mel;
}

/* A sample of the padded and mirrored input. */
static double sample_at(const wf_mel *mel, int64_t at) {
  const int64_t last = (int64_t)mel->length - 1;
  if (at < 0) at = -at;
  if (at > last) at = 2 * last - at;
  return at >= 0 && at < mel->samples ? (double)mel->x[at] : 0;
}

/* Writes a windowed frame into the real (0) or imaginary (1) parts; one that does not exist is 0. */
static void load(const wf_mel *mel, uint32_t frame, int part) {
  double *out = &mel->frame[0].re + part;
  const int64_t start = (int64_t)frame * mel->hop - (mel->kaldi ? 0 : mel->size / 2);
  const uint32_t reach = frame < mel->frames ? mel->reach : 0;
  double mean = 0, before = 0;
  if (mel->kaldi && reach) {
    for (uint32_t k = 0; k < reach; k++) mean += sample_at(mel, start + k);
    mean /= reach;
    before = sample_at(mel, start) - mean;
  }
  for (uint32_t k = 0; k < mel->size; k++) {
    double value = 0;
    if (k < reach) {
      const double centred = sample_at(mel, start + k) - mean;
      value = (mel->kaldi ? centred - PREEMPHASIS * before : centred) * mel->window[k];
      before = centred;
    }
    out[2 * (size_t)k] = value;
  }
}

/* The power of two real frames that were transformed as one complex one. */
static void set_powers(const wf_mel *mel, const wf_complex *spectrum) {
  for (uint32_t k = 0; k < mel->bins; k++) {
    const wf_complex a = spectrum[k], b = spectrum[k ? mel->size - k : 0];
    const double sum = a.re + b.re, difference = a.im - b.im, other = a.im + b.im, last = b.re - a.re;
    mel->power[2 * k] = (sum * sum + difference * difference) / 4;
    mel->power[2 * k + 1] = (other * other + last * last) / 4;
  }
}

/* The logarithms of a filter's energies of both frames. */
static void filter_pair(double logs[2], const wf_mel *mel, uint32_t m) {
  const double *weights = mel->filters + (size_t)m * mel->bins;
  double sums[2] = {0, 0};
  for (uint32_t k = mel->reaches[2 * (size_t)m]; k < mel->reaches[2 * (size_t)m + 1]; k++) {
    sums[0] += weights[k] * mel->power[2 * k];
    sums[1] += weights[k] * mel->power[2 * k + 1];
  }
  const double least = mel->kaldi ? EPSILON : LEAST_SLANEY;
  for (int i = 0; i < 2; i++) logs[i] = wf_log(sums[i] > least ? sums[i] : least) / (mel->kaldi ? 1 : LN10);
}

/* The scale of the output: what is less than RANGE below the largest, unless Kaldi's, then (x - mean) / deviation. */
static void finish(float *out, size_t count, double mean, double deviation, bool kaldi) {
  float most = -__builtin_inff();
  for (size_t i = 0; i < count; i++) most = out[i] > most ? out[i] : most;
  const float least = kaldi ? -__builtin_inff() : most - (float)RANGE;
  for (size_t i = 0; i < count; i++)
    out[i] = (float)(((double)(out[i] > least ? out[i] : least) - mean) / deviation);
}

uint32_t wf_log_mel(float *out, double *space, const float *x, const double *filters, uint32_t samples,
                    uint32_t length, uint32_t frames, uint32_t reach, uint32_t size, uint32_t hop,
                    uint32_t mels, uint32_t kaldi, double mean, double deviation) {
  if (!out || !space || (!x && samples) || !filters || !hop || !(deviation != 0)) return WF_ERROR_ARGUMENT;
  if (size < 2 || size > 1u << 16 || reach < 1 || reach > size || !wf_fits(frames, mels, 1, 1))
    return WF_ERROR_SHAPE;
  if (samples > length || (!kaldi && length <= size / 2)) return WF_ERROR_SHAPE;
  const uint64_t end = (uint64_t)(frames - 1) * hop + (kaldi ? 0 : size - size / 2);
  if (!kaldi && (reach != size || end > (uint64_t)length + size / 2)) return WF_ERROR_SHAPE;
  wf_mel mel = mel_in(space, size, reach, kaldi != 0);
  mel.x = x, mel.filters = filters, mel.mels = mels, mel.hop = hop, mel.samples = samples;
  mel.length = kaldi ? samples : length;
  mel.frames = frames;
  set_reaches(&mel);
  if (kaldi) {
    const uint32_t whole = samples < reach ? 0 : 1 + (samples - reach) / hop;
    if (whole < frames) mel.frames = whole;
    for (size_t i = (size_t)mel.frames * mels; i < (size_t)frames * mels; i++) out[i] = 0;
  }
  for (uint32_t frame = 0; frame < mel.frames; frame += 2) {
    load(&mel, frame, 0), load(&mel, frame + 1, 1);
    set_powers(&mel, wf_fft(mel.frame, mel.other, mel.roots, size));
    for (uint32_t m = 0; m < mels; m++) {
      double logs[2];
      filter_pair(logs, &mel, m);
      for (uint32_t i = frame; i < frame + 2 && i < mel.frames; i++)
        out[kaldi ? (size_t)i * mels + m : (size_t)m * frames + i] = (float)logs[i - frame];
    }
  }
  finish(out, (size_t)frames * mels, mean, deviation, kaldi != 0);
  return WF_OK;
}

#pragma clang attribute pop
