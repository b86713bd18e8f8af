/* Whole numbers of 8 bits: turning and rounding of rows, products in every form and tile, and a linear layer of them, each against
 * plain loops. Sums are exact: every form gives the same. */
#include "check.h"
#include "layers/layers.h"
#include "reference/reference.h"

static uint32_t random_below(uint64_t *seed, uint32_t n) {
  float *one = check_randoms(seed, 1, 1.0f);
  uint32_t value = (uint32_t)((fabsf(*one)) * (float)n);
  free(one);
  return value < n ? value : n - 1;
}

/* A sign of the Hadamard matrix: minus where an odd number of bits is common. */
static double sign_of(uint32_t i, uint32_t j) { return __builtin_parity(i & j) ? -1.0 : 1.0; }

/* x [inputs] turned, by the definition. */
static double *turned(const float *x, uint32_t inputs, size_t stride) {
  uint32_t block = wf_i8_block(inputs);
  double *out = check_doubles(inputs);
  for (uint32_t i = 0; i < inputs; i++) {
    out[i] = 0.0;
    for (uint32_t j = 0; j < block; j++)
      out[i] += sign_of(i % block, j) * (double)x[(size_t)(i / block * block + j) * stride];
  }
  return out;
}

static void test_turn(void) {
  static const uint32_t inputs[] = {1, 4, 16, 20, 24, 33, 64, 96, 100, 384, 768};
  check_worst worst = {"turned rows, of the sum of sizes", 0x1p-20, 0.0, 0, ""};
  for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
    CHECK(inputs[i] % wf_i8_block(inputs[i]) == 0, "a block of %u", inputs[i]);
    for (uint32_t rows = 1; rows <= 6; rows++) {
      uint64_t seed = inputs[i] * 31 + rows;
      float *x = check_randoms(&seed, (size_t)inputs[i] * rows, 1.0f);
      float *got = check_floats((size_t)inputs[i] * rows);
      memcpy(got, x, (size_t)inputs[i] * rows * sizeof(float));
      wf_i8_turn(got, inputs[i], rows);
      for (uint32_t r = 0; r < rows; r++) {
        double *want = turned(x + r, inputs[i], rows);
        for (uint32_t k = 0; k < inputs[i]; k++)
          CHECK_ERROR(&worst, fabs((double)got[(size_t)k * rows + r] - want[k]) / wf_i8_block(inputs[i]),
                      "%u inputs, %u rows", inputs[i], rows);
        free(want);
      }
      free(x);
      free(got);
    }
  }
  check_report(&worst);
}

/* The number that stands in a panel of a form, from 0 to 255. */
static int32_t number_at(const float *panel, wf_i8_form form, uint32_t rows, uint32_t k, uint32_t r) {
  uint32_t depth = wf_i8_depth(form);
  const uint8_t *group = (const uint8_t *)panel + ((size_t)(k / depth) * rows + r) * 4;
  if (form == WF_I8_WORDS) return group[2 * (k % 2)] + 256 * group[2 * (k % 2) + 1];
  return form == WF_I8_SIGNED ? (int8_t)group[k % 4] + 128 : group[k % 4];
}

static void test_quantise(void) {
  static const uint32_t inputs[] = {16, 17, 30, 64, 99, 384};
  check_worst worst = {"rounded numbers, in steps of the scale", 0.51, 0.0, 0, ""};
  for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
    for (uint32_t rows = 3; rows <= 6; rows++) {
      uint64_t seed = inputs[i] * 37 + rows;
      size_t size = (size_t)inputs[i] * rows + 4;
      float *x = check_randoms(&seed, size, 3.0f), *panels[WF_I8_FORMS];
      for (uint32_t k = 0; rows > 1 && k < inputs[i]; k++) x[(size_t)k * rows + 1] = 0.0f;
      x[2] = 1000.0f;
      for (int form = 0; form < WF_I8_FORMS; form++) {
        panels[form] = check_floats(size);
        memcpy(panels[form], x, size * sizeof(float));
        wf_i8_quantise(panels[form], (wf_i8_form)form, inputs[i], rows);
      }
      for (uint32_t r = 0; r < rows; r++) {
        double *want = turned(x + r, inputs[i], rows);
        wf_i8_rows kept = wf_i8_rows_of(panels[WF_I8_WORDS], WF_I8_WORDS, inputs[i], rows);
        for (int form = 0; form < WF_I8_FORMS; form++) {
          wf_i8_rows own = wf_i8_rows_of(panels[form], (wf_i8_form)form, inputs[i], rows);
          CHECK(check_same(&own.scales[r], &kept.scales[r], 1) &&
                    own.zeros[r] + (form == WF_I8_SIGNED ? 128 : 0) == kept.zeros[r],
                "form %d has another scale", form);
          for (uint32_t k = 0; k < inputs[i]; k++)
            CHECK(number_at(panels[form], (wf_i8_form)form, rows, k, r) ==
                      number_at(panels[WF_I8_WORDS], WF_I8_WORDS, rows, k, r),
                  "form %d has another number", form);
        }
        for (uint32_t k = 0; k < inputs[i]; k++) {
          int32_t q = number_at(panels[WF_I8_WORDS], WF_I8_WORDS, rows, k, r);
          double got = (double)kept.scales[r] * (q - kept.zeros[r]),
                 step = kept.scales[r] > 0.0f ? kept.scales[r] : 1.0;
          CHECK(q >= 0 && q <= 255, "a number of %d", q);
          CHECK_ERROR(&worst, fabs(got - want[k]) / step, "%u inputs, %u rows", inputs[i], rows);
        }
        free(want);
      }
      for (int form = 0; form < WF_I8_FORMS; form++) free(panels[form]);
      free(x);
    }
  }
  check_report(&worst);
}

/* A row with a value that is no number, or without end, has no scale; its neighbours do not notice. */
static void test_odd_rows(void) {
  static const float odd[] = {NAN, INFINITY, -INFINITY};
  for (int i = 0; i < 3; i++) {
    float x[6 * 32 + 4], clean[6 * 32 + 4];
    for (int j = 0; j < 6 * 32 + 4; j++) clean[j] = x[j] = (float)(j % 13) - 5.0f;
    x[6 * 7 + 4] = odd[i];
    wf_i8_quantise(x, WF_I8_UNSIGNED, 32, 6);
    wf_i8_quantise(clean, WF_I8_UNSIGNED, 32, 6);
    for (uint32_t r = 0; r < 6; r++) {
      float scale = wf_i8_rows_of(x, WF_I8_UNSIGNED, 32, 6).scales[r];
      float want = wf_i8_rows_of(clean, WF_I8_UNSIGNED, 32, 6).scales[r];
      CHECK(r == 4 ? isnan(scale) : check_same(&scale, &want, 1), "row %u beside %g has scale %g", r,
            (double)odd[i], (double)scale);
    }
  }
}

/* Products of every form and number of rows, of the largest numbers among them. Natively bytes count as unsigned. */
static void test_products(void) {
  static const wf_i8_form forms[] = {WF_I8_WORDS, WF_I8_UNSIGNED};
  uint64_t seed = 5;
  for (uint32_t rows = 3; rows <= 6; rows++) {
    for (int f = 0; f < 2; f++) {
      for (uint32_t groups = 1; groups <= 9; groups += 2) {
        uint32_t depth = wf_i8_depth(forms[f]), nr = wf_i8_columns(rows), stride = 2 * nr + 4;
        size_t step = (size_t)groups * rows * 4;
        uint8_t *a = malloc(2 * step);
        int8_t *b = malloc((size_t)2 * groups * nr * depth);
        int32_t *out = malloc((size_t)2 * rows * stride * sizeof(int32_t));
        for (size_t i = 0; i < 2 * step; i++) {
          uint32_t value = random_below(&seed, 4) ? random_below(&seed, 256) : 255;
          a[i] = (uint8_t)(forms[f] == WF_I8_WORDS && i % 2 ? 0 : value);
        }
        for (size_t i = 0; i < (size_t)2 * groups * nr * depth; i++)
          b[i] = (int8_t)(random_below(&seed, 4) ? (int32_t)random_below(&seed, 255) - 127 : -127);
        for (int tail = 0; tail <= (wf_i8_tail(rows) ? 1 : 0); tail++) {
          wf_i8_gemm(forms[f], rows, tail)(out, stride, a, step, b, groups, 2, 2);
          uint32_t counted = tail ? wf_i8_tail(rows) : rows;
          for (uint32_t r = 0; r < 2 * rows; r++) {
            for (uint32_t j = 0; r % rows < counted && j < 2 * nr; j++) {
              int32_t want = 0;
              for (uint32_t k = 0; k < groups * depth; k++) {
                const uint8_t *group = a + r / rows * step + ((size_t)(k / depth) * rows + r % rows) * 4;
                want += group[k % depth * (4 / depth)] *
                        b[((size_t)(j / nr) * groups + k / depth) * nr * depth + j % nr * depth + k % depth];
              }
              CHECK(out[(size_t)r * stride + j] == want, "form %d, %u rows, %u groups: %d, not %d", f, rows,
                    groups, out[(size_t)r * stride + j], want);
            }
          }
        }
        free(a);
        free(b);
        free(out);
      }
    }
  }
}

/* A layer of whole numbers with its weights; those that it gives back are the ones put, but for rounding. */
static wf_linear make_layer(const wf_tile *tile, uint32_t dtype, const float *weight, const float *bias,
                            uint32_t inputs, uint32_t outputs) {
  wf_linear linear = wf_linear_make(tile, inputs, outputs, 0, dtype);
  uint32_t padded = wf_linear_padded(&linear, tile);
  linear.panels = calloc(wf_linear_floats(&linear, tile), sizeof(float));
  linear.scales = calloc(padded, sizeof(float));
  linear.bias = calloc(padded, sizeof(float));
  linear.sums = calloc(padded, sizeof(int32_t));
  float *line = check_floats(inputs);
  double worst = 0.0;
  for (uint32_t j = 0; j < outputs; j++) {
    memcpy(line, weight + (size_t)j * inputs, inputs * sizeof(float));
    wf_linear_put_row(&linear, tile, j, line);
    wf_linear_put_bias(&linear, tile, j, bias[j]);
    wf_linear_get_row(line, &linear, tile, j);
    for (uint32_t i = 0; i < inputs; i++)
      worst = fmax(worst, fabs((double)(line[i] - weight[(size_t)j * inputs + i])));
  }
  /* Half a step of each of a block's numbers, less than a 127th of what a block's weights sum up to. */
  CHECK(worst < 0.6 * wf_i8_block(inputs) / 127.0, "weights of %u inputs read back: %g", inputs, worst);
  free(line);
  return linear;
}

/* Rows times that layer. */
static float *multiplied(const wf_linear *linear, const wf_tile *tile, const float *x, uint32_t rows) {
  uint32_t inputs = linear->inputs, panels = wf_panels_of(rows, tile->rows);
  float *a = calloc((size_t)panels * tile->rows * inputs + 4, sizeof(float));
  float *out = check_floats((size_t)rows * linear->outputs);
  wf_workspace work = {.tile = tile, .stripe = check_floats(WF_STRIPE_FLOATS)};
  wf_sink sink = wf_sink_rows(out, linear->outputs, WF_IDENTITY);
  for (uint32_t r = 0; r < rows; r++) {
    for (uint32_t i = 0; i < inputs; i++)
      a[(size_t)(r / tile->rows) * tile->rows * inputs + (size_t)i * tile->rows + r % tile->rows] =
          x[(size_t)r * inputs + i];
  }
  wf_linear_quantise_rows(linear, tile, a, 0, panels);
  wf_linear_forward(&work, &sink, a, linear, rows, 0, wf_linear_units(linear, tile, rows));
  free(work.stripe);
  free(a);
  return out;
}

/* A layer of whole numbers beside the product in double precision; every tile and form gives the same bits. */
static void test_linear(uint32_t rows, uint32_t inputs, uint32_t outputs) {
  uint64_t seed = (uint64_t)rows * 7919 + inputs * 104729 + outputs;
  float *x = check_randoms(&seed, (size_t)rows * inputs, 1.0f);
  float *weight = check_randoms(&seed, (size_t)outputs * inputs, 1.0f);
  float *bias = check_randoms(&seed, outputs, 1.0f), *first = NULL;
  double *want = check_doubles((size_t)rows * outputs), *size = check_doubles((size_t)rows * outputs);
  double *wide = check_widened(x, (size_t)rows * inputs), error = 0.0, all = 0.0;
  wf_reference_linear(want, size, wide, weight, bias, rows, inputs, outputs);
  for (uint32_t t = 0; t < WF_TILE_COUNT; t++) {
    for (uint32_t dtype = WF_INT8_WORDS; dtype <= WF_INT8_UNSIGNED; dtype++) {
      wf_linear linear = make_layer(wf_tile_get(t), dtype, weight, bias, inputs, outputs);
      float *out = multiplied(&linear, wf_tile_get(t), x, rows);
      if (!first) first = out;
      CHECK(check_same(out, first, (size_t)rows * outputs), "tile %u, dtype %u gives other bits", t, dtype);
      if (out != first) free(out);
      free(linear.panels);
      free(linear.scales);
      free(linear.bias);
      free(linear.sums);
    }
  }
  for (size_t i = 0; first && i < (size_t)rows * outputs; i++) {
    error += pow(want[i] - (double)first[i], 2);
    all += pow(want[i], 2);
  }
  CHECK(sqrt(error / all) < 0.02, "%u x %u x %u: off by %g", rows, inputs, outputs, sqrt(error / all));
  free(first);
  free(x);
  free(weight);
  free(bias);
  free(want);
  free(size);
  free(wide);
}

int main(void) {
  test_turn();
  test_quantise();
  test_odd_rows();
  test_products();
  CHECK(wf_int8_dtype() == WF_INT8_UNSIGNED, "bytes count as unsigned natively");
  test_linear(1, 16, 1);
  test_linear(14, 96, 40);
  test_linear(40, 130, 29);
  test_linear(121, 384, 100);
  return check_finish();
}
