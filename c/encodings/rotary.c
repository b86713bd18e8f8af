/* Rotary position embedding: the frequencies of the scaled forms, and the rotation of queries and keys that a model
 * applies in every layer. Not here: the table of sines and cosines (sinusoids.c). */
#include "../kernels/simd.h"
#include "../wasmformer.h"
#include "layout.h"
#include "sizes.h"
#include "trig.h"

static const double TWO_PI = 6.283185307179586;

static double clamp(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

/* YaRN: the pair that turns so many times over the original length. */
static double yarn_pair(double turns, double dim, double base, double original) {
  return dim * wf_log(original / (turns * TWO_PI)) / (2 * wf_log(base));
}

/* YaRN: slow pairs are stretched by the factor, fast ones stay, those between are mixed. */
static void yarn(double *w, uint32_t pairs, double base, const double *options) {
  const double factor = options[0], original = options[1], fast = options[2], slow = options[3];
  const double dim = 2.0 * pairs;
  double low = yarn_pair(fast, dim, base, original), high = yarn_pair(slow, dim, base, original);
  if (options[4] != 0) {
    low = __builtin_floor(low);
    high = __builtin_ceil(high);
  }
  low = low > 0 ? low : 0;
  high = high < dim - 1 ? high : dim - 1;
  if (low == high) high += 0.001;
  for (uint32_t i = 0; i < pairs; i++) {
    const double keep = 1 - clamp(((double)i - low) / (high - low), 0, 1);
    w[i] = w[i] / factor * (1 - keep) + w[i] * keep;
  }
}

/* Llama 3: wavelengths above original / low are stretched, below original / high kept, those between are mixed. */
static void llama3(double *w, uint32_t pairs, const double *options) {
  const double factor = options[0], original = options[1], low = options[2], high = options[3];
  for (uint32_t i = 0; i < pairs; i++) {
    const double length = TWO_PI / w[i];
    if (length > original / low) {
      w[i] /= factor;
    } else if (!(length < original / high)) {
      const double smooth = (original / length - low) / (high - low);
      w[i] = (1 - smooth) * w[i] / factor + smooth * w[i];
    }
  }
}

/* minsize: it runs once for a table. */
__attribute__((minsize)) uint32_t wf_rope_frequencies(double *out, const double *factors, uint32_t pairs,
                                                      uint32_t method, double base, const double *options) {
  if (!out || !options || !(base > 0) || method > WF_ROPE_PROPORTIONAL) return WF_ERROR_ARGUMENT;
  if (method == WF_ROPE_LONGROPE && !factors) return WF_ERROR_ARGUMENT;
  if (!wf_fits(pairs, 2, 1, 1)) return WF_ERROR_SHAPE;
  const double dim = 2.0 * pairs, factor = options[0];
  if (method == WF_ROPE_DYNAMIC) {
    const double growth = factor * options[2] / options[1] - (factor - 1);
    if (growth != 1) base *= wf_pow(growth, dim / (dim - 2));
  }
  for (uint32_t i = 0; i < pairs; i++) {
    out[i] = wf_pow(base, -2.0 * i / dim);
    if (method == WF_ROPE_LINEAR || method == WF_ROPE_PROPORTIONAL) out[i] /= factor;
    if (method == WF_ROPE_LONGROPE) out[i] /= factors[i];
    if (method == WF_ROPE_PROPORTIONAL && i >= options[1]) out[i] = 0;
  }
  if (method == WF_ROPE_YARN) yarn(out, pairs, base, options);
  if (method == WF_ROPE_LLAMA3) llama3(out, pairs, options);
  return WF_OK;
}

/* 0.1 m ln(factor) + 1, YaRN's factor on the logits; 1 where nothing is stretched. */
static double yarn_scale(double factor, double m) { return factor <= 1 ? 1 : 0.1 * m * wf_log(factor) + 1; }

uint32_t wf_rope_attention_factor(double *out, uint32_t method, double factor, double original, double scale,
                                  double scale_all) {
  if (!out || method > WF_ROPE_PROPORTIONAL) return WF_ERROR_ARGUMENT;
  *out = 1;
  if (method == WF_ROPE_YARN)
    *out = yarn_scale(factor, scale) / (scale_all > 0 ? yarn_scale(factor, scale_all) : 1);
  if (method == WF_ROPE_LONGROPE && factor > 1) *out = __builtin_sqrt(1 + wf_log(factor) / wf_log(original));
  return WF_OK;
}

/* One vector with halves: (a, b) = (x[k], x[k + n/2]) becomes (a cos - b sin, b cos + a sin). `again` is where the
 * tables hold the second half's values. */
static void rotate_halves(float *out, const float *x, const float *cosines, const float *sines,
                          uint32_t pairs, size_t again) {
  uint32_t k = 0;
  for (; k + 4 <= pairs; k += 4) {
    const wf_f4 a = wf_load(x + k), b = wf_load(x + pairs + k);
    const wf_f4 first = a * wf_load(cosines + k) - b * wf_load(sines + k);
    const wf_f4 second = b * wf_load(cosines + again + k) + a * wf_load(sines + again + k);
    wf_store(out + k, first);
    wf_store(out + pairs + k, second);
  }
  for (; k < pairs; k++) {
    const float a = x[k], b = x[pairs + k];
    out[k] = a * cosines[k] - b * sines[k];
    out[pairs + k] = b * cosines[again + k] + a * sines[again + k];
  }
}

/* One vector of neighbouring pairs: (a, b) = (x[2k], x[2k + 1]). `step` is 2 where the tables hold each value twice. */
static void rotate_neighbours(float *out, const float *x, const float *cosines, const float *sines,
                              uint32_t pairs, size_t step) {
  for (uint32_t k = 0; k < pairs; k++, cosines += step, sines += step) {
    const float a = x[2 * k], b = x[2 * k + 1];
    out[2 * k] = a * cosines[0] - b * sines[0];
    out[2 * k + 1] = b * cosines[step - 1] + a * sines[step - 1];
  }
}

uint32_t wf_rotate(float *out, const float *x, const float *cosines, const float *sines, uint32_t sequences,
                   uint32_t heads, uint32_t tokens, uint32_t dim, uint32_t prefix, uint32_t rotary,
                   uint32_t table_sequences, uint32_t table_heads, uint32_t table_width, uint32_t layout,
                   uint32_t interleaved) {
  if (!out || !x || !cosines || !sines || layout > WF_LAYOUT_TBHD) return WF_ERROR_ARGUMENT;
  if (!wf_fits(sequences, heads, tokens, dim) || rotary == 0 || rotary > dim || rotary % 2 != 0 ||
      prefix > tokens)
    return WF_ERROR_SHAPE;
  if (table_width != rotary && table_width != rotary / 2) return WF_ERROR_SHAPE;
  if ((table_sequences != 1 && table_sequences != sequences) || (table_heads != 1 && table_heads != heads))
    return WF_ERROR_SHAPE;
  const wf_strides s = wf_strides_of(layout, sequences, heads, tokens, dim);
  const size_t repeated = table_width == rotary, rows = tokens - prefix;
  for (size_t b = 0; b < sequences; b++)
    for (size_t h = 0; h < heads; h++) {
      const size_t table = (table_sequences > 1 ? b : 0) * table_heads + (table_heads > 1 ? h : 0);
      for (size_t t = 0; t < tokens; t++) {
        const float *from = wf_vector_at(x, &s, b, h, t);
        float *to = out + (from - x);
        uint32_t untouched = 0;
        if (t >= prefix) {
          const size_t at = (table * rows + t - prefix) * table_width;
          if (interleaved)
            rotate_neighbours(to, from, cosines + at, sines + at, rotary / 2, 1 + repeated);
          else
            rotate_halves(to, from, cosines + at, sines + at, rotary / 2, repeated ? rotary / 2 : 0);
          untouched = rotary;
        }
        for (uint32_t c = untouched; to != from && c < dim; c++) to[c] = from[c];
      }
    }
  return WF_OK;
}
