/* The discrete Fourier transform of any length, in double precision. */
#ifndef WF_AUDIO_FFT_H
#define WF_AUDIO_FFT_H

#include <stdint.h>

/* A complex number. */
typedef struct wf_complex {
  double re, im;
} wf_complex;

/* wf_roots fills [n] with e^(-2 pi i k / n). */
void wf_roots(wf_complex *roots, uint32_t n);

/* wf_fft transforms x [n] by roots [n] and returns where the result lies, in natural order: x or space [n], both of which are
 * overwritten. */
wf_complex *wf_fft(wf_complex *x, wf_complex *space, const wf_complex *roots, uint32_t n);

#endif
