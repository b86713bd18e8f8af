/* The value of a 16-bit float by its definition: sign, biased exponent, fraction. */
#include "reference.h"
#include <math.h>

static double value_of(uint32_t bits, int exponent_bits, int fraction_bits) {
  uint32_t fraction = bits & ((1u << fraction_bits) - 1);
  int bias = (1 << (exponent_bits - 1)) - 1, largest = (1 << exponent_bits) - 1;
  int exponent = (int)(bits >> fraction_bits) & largest;
  double size;
  if (exponent == largest)
    size = fraction ? NAN : INFINITY;
  else if (exponent == 0)
    size = ldexp(fraction, 1 - bias - fraction_bits);
  else
    size = ldexp(fraction + (1u << fraction_bits), exponent - bias - fraction_bits);
  return bits & 0x8000u ? -size : size;
}

double wf_reference_f16(uint32_t bits) { return value_of(bits, 5, 10); }

double wf_reference_bf16(uint32_t bits) { return value_of(bits, 8, 7); }
