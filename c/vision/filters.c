/* The resampling filters of Pillow, term by term in its order, so that weights round alike. */
#include "filters.h"

#define PI 3.14159265358979323846

/* sin(pi x) for |x| <= 3, within 2e-16. Small, not fast: it is called for weights, not for pixels. */
static __attribute__((noinline, minsize)) double sin_pi(double x) {
  const int32_t half_turns = (int32_t)(x < 0 ? x - 0.5 : x + 0.5);
  const double angle = PI * (x - half_turns), square = angle * angle; /* |angle| <= pi/2 */
  double sum = 1;
  for (int k = 20; k >= 2; k -= 2) sum = 1 - sum * square / (k * (k + 1));
  return half_turns & 1 ? -angle * sum : angle * sum;
}

static double sinc(double x) { return x == 0 ? 1 : sin_pi(x) / (x * PI); }

static double bicubic(double x) { /* Keys' cubic, a = -1/2 */
  const double a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/* Sinc under Hamming's window, whose numbers are single precision in Pillow. */
static double hamming(double x) {
  if (x == 0) return 1;
  return x < 1 ? sin_pi(x) / (x * PI) * ((double)0.54f + (double)0.46f * sin_pi(0.5 - x)) : 0;
}

double wf_filter_support(uint32_t filter) {
  static const double supports[WF_IMAGE_FILTERS] = {
      [WF_IMAGE_NEAREST] = 0, [WF_IMAGE_LANCZOS] = 3, [WF_IMAGE_BILINEAR] = 1,
      [WF_IMAGE_BICUBIC] = 2, [WF_IMAGE_BOX] = 0.5,   [WF_IMAGE_HAMMING] = 1,
  };
  return supports[filter];
}

double wf_filter(double x, uint32_t filter) {
  const double distance = __builtin_fabs(x);
  switch ((wf_image_filter)filter) {
  case WF_IMAGE_LANCZOS:
    return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
  case WF_IMAGE_BILINEAR:
    return distance < 1 ? 1 - distance : 0;
  case WF_IMAGE_BICUBIC:
    return bicubic(distance);
  case WF_IMAGE_HAMMING:
    return hamming(distance);
  case WF_IMAGE_BOX:
    return x > -0.5 && x <= 0.5 ? 1 : 0;
  case WF_IMAGE_NEAREST:
  case WF_IMAGE_SHORT_WEIGHTS: /* no filter */
    break;
  }
  return 0;
}
