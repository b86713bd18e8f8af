/* The inner products of the encodings: float32 in, summed in double by a fixed number of partial sums, so that the terms
 * that are added to attention scores carry no error of their own and every build gives the same bits. Not a kernel: matrix
 * products of an encoder are in c/kernels. */
#ifndef WF_ENCODINGS_DOT_H
#define WF_ENCODINGS_DOT_H

#include <stddef.h>
#include <stdint.h>

/* wf_dot returns the sum of a[i] * b[i] over n values. */
double wf_dot(const float *a, const float *b, uint32_t n);

/* wf_dot_column returns the sum of a[i] * column[i * stride] over n values. */
double wf_dot_column(const float *a, const float *column, uint32_t n, size_t stride);

#endif
