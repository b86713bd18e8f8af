/* Sine, cosine, exponential, logarithm and power in double precision: the encodings' own, so that the core imports
 * nothing and every engine gives the same bits. tests/native/test_trig.c holds them to the C library. Not for kernels:
 * those have float32 forms on four lanes (c/kernels/f32_math.h, with wf_exp). */
#ifndef WF_ENCODINGS_TRIG_H
#define WF_ENCODINGS_TRIG_H

/* wf_sincos writes the sine and cosine of x, within 2e-16 for |x| <= 2^50; beyond, and for NaN, both are NaN. */
void wf_sincos(double *sine, double *cosine, double x);

double wf_sin(double x);
double wf_cos(double x);

/* wf_exp64 returns e^x within 1 ulp; 0 and infinity where the result leaves the range. */
double wf_exp64(double x);

/* wf_log returns the natural logarithm of x within 1 ulp; -infinity for 0, NaN below. */
double wf_log(double x);

/* wf_pow returns base^exponent for base > 0 within 1 ulp of results between 1e-300 and 1e300, NaN for other bases. */
double wf_pow(double base, double exponent);

#endif
