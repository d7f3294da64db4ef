// SPDX-License-Identifier: MIT
// Vectors of CK_LANES floats, and the few functions that the kernels need on them.
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "include/ckernels.h"

#define LANES CK_LANES
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef float vf __attribute__((ext_vector_type(LANES)));
typedef int32_t vi __attribute__((ext_vector_type(LANES)));
typedef vf vf_unaligned __attribute__((aligned(4), may_alias));

INLINE vf load(const float *p) { return *(const vf_unaligned *)p; }
INLINE void store(float *p, vf x) { *(vf_unaligned *)p = x; }
INLINE vf all(float x) { return (vf)x; }

// Of two numbers the larger or smaller; `a` if it is not a number.
INLINE vf at_least(vf a, float limit) { return a < limit ? all(limit) : a; }
INLINE vf at_most(vf a, float limit) { return a > limit ? all(limit) : a; }
INLINE vf larger(vf a, vf b) { return a > b ? a : b; }

// The same bits as another type: a cast between vectors converts nothing.
INLINE vf bits(vi x) { return (vf)x; }
INLINE vi number(vf x) { return (vi)x; }

// Across the lanes, by halves: few steps, which wait for each other less than one for each lane.
#if CK_LANES == 16
#define ACROSS(RESULT, X, OF_TWO)                                       \
  const __typeof__((X).lo) a = OF_TWO((X).lo, (X).hi);                  \
  const __typeof__(a.lo) b = OF_TWO(a.lo, a.hi), c = OF_TWO(b, b.zwxy); \
  RESULT = OF_TWO(c.x, c.y)
#elif CK_LANES == 8
#define ACROSS(RESULT, X, OF_TWO)                                                   \
  const __typeof__((X).lo) b = OF_TWO((X).lo, (X).hi), c = OF_TWO(b, b.zwxy);       \
  RESULT = OF_TWO(c.x, c.y)
#else
#define ACROSS(RESULT, X, OF_TWO) \
  const vf c = OF_TWO(X, X.zwxy); \
  RESULT = OF_TWO(c.x, c.y)
#endif
#define SUM_OF_TWO(A, B) ((A) + (B))
#define LARGER_OF_TWO(A, B) ((A) > (B) ? (A) : (B))

INLINE float sum_of(vf x) {
  ACROSS(const float total, x, SUM_OF_TWO);
  return total;
}

INLINE float largest_of(vf x) {
  ACROSS(const float peak, x, LARGER_OF_TWO);
  return peak;
}

// e^x = 2^n * e^r with |r| <= ln(2) / 2; the polynomial is that of Cephes' expf (Moshier), whose
// error is below 2 in the last place. NaN stays NaN; x has to lie between -87.33 and 88.37.
INLINE vf exponential_within(vf x) {
  vf shifted = x * 1.44269504f + 12582912.0f;
  vf n = shifted - 12582912.0f;
  vf r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  vf y = all(1.9875691500e-4f);
  y = y * r + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * (r * r) + r + 1.0f;
  return y * bits((number(shifted) << 23) + 0x3F800000);
}

// Below its range the smallest normal number, above one close to the greatest.
INLINE vf exponential(vf x) { return exponential_within(at_most(at_least(x, -87.33f), 88.37f)); }

// The natural logarithm of positive numbers that are not denormal; infinity and NaN stay what they
// are. The polynomial is that of Cephes' logf, whose error is below 2 in the last place.
INLINE vf logarithm(vf x) {
  // So that the fraction lies around 1, between the square roots of 1/2 and 2.
  const vi shifted = number(x) - 0x3F3504F3;
  const vf e = __builtin_convertvector(shifted >> 23, vf);
  const vf f = bits((shifted & 0x7FFFFF) + 0x3F3504F3) - 1.0f, square = f * f;
  vf y = all(7.0376836292e-2f);
  y = y * f - 1.1514610310e-1f;
  y = y * f + 1.1676998740e-1f;
  y = y * f - 1.2420140846e-1f;
  y = y * f + 1.4249322787e-1f;
  y = y * f - 1.6668057665e-1f;
  y = y * f + 2.0000714765e-1f;
  y = y * f - 2.4999993993e-1f;
  y = y * f + 3.3333331174e-1f;
  y = y * f * square - e * 2.12194440e-4f - 0.5f * square;
  return x < INFINITY ? f + y + e * 0.693359375f : x;
}

// For one number: from the library it would not have the same bits everywhere.
INLINE float logarithm_of(float x) { return logarithm(all(x))[0]; }

INLINE vf sigmoid(vf x) { return 1.0f / (1.0f + exponential(-x)); }

#define GELU_SLOPE 0.7978845608f
#define GELU_CUBIC 0.044715f

// The activation and its slope, which share all that is dear: the backward pass has no work left.
// x * (1 + tanh(u)) / 2 with u = x * (slope + slope * cubic * x^2) is x * s, s = sigmoid(2 * u): so
// the tail on the left keeps its digits, which 1 + tanh would lose. The slope is
// s + x * s * (1 - s) * (2 * u)'; where 1 - s would lose its digits, e * s has them. Beyond 10 it
// is 0 or 1.
INLINE vf gelu(vf x, vf *slope) {
  const vf y = at_most(at_least(x, -10.0f), 10.0f), square = y * y;
  const vf twice_u = y * (square * (2.0f * GELU_SLOPE * GELU_CUBIC) + 2.0f * GELU_SLOPE);
  const vf e = exponential_within(-twice_u), s = 1.0f / (1.0f + e);
  const vf inner = square * (6.0f * GELU_SLOPE * GELU_CUBIC) + 2.0f * GELU_SLOPE;
  *slope = s + y * inner * (e * s) * s;
  return x * s;
}

// The last vector of a row, filled up; and its way back. Masks where the processor has them.
#if CK_LANES == 16
INLINE __mmask16 first(int count) { return (__mmask16)((1u << count) - 1); }
INLINE vf load_some(const float *p, int count, float filling) {
  return (vf)_mm512_mask_loadu_ps((__m512)all(filling), first(count), p);
}
INLINE void store_some(float *p, vf x, int count) {
  _mm512_mask_storeu_ps(p, first(count), (__m512)x);
}
#elif CK_LANES == 8
INLINE __m256i first(int count) {
  const vi place = {0, 1, 2, 3, 4, 5, 6, 7};
  return (__m256i)(place < (vi)count);
}
INLINE vf load_some(const float *p, int count, float filling) {
  const vi mask = (vi)first(count);
  return mask ? (vf)_mm256_maskload_ps(p, (__m256i)mask) : all(filling);
}
INLINE void store_some(float *p, vf x, int count) {
  _mm256_maskstore_ps(p, first(count), (__m256)x);
}
#else
INLINE vf load_some(const float *p, int count, float filling) {
  float buffer[LANES];
  for (int i = 0; i < LANES; i++) buffer[i] = i < count ? p[i] : filling;
  return load(buffer);
}
INLINE void store_some(float *p, vf x, int count) {
  for (int i = 0; i < count; i++) p[i] = x[i];
}
#endif

// Does something to every vector of a row: `step` sees `i` and how many lanes count.
#define FOR_LANES(width, ...)                                        \
  do {                                                               \
    int i = 0;                                                       \
    for (; i + LANES <= (width); i += LANES) {                       \
      const int lanes = LANES;                                       \
      __VA_ARGS__                                                    \
    }                                                                \
    if (i < (width)) {                                               \
      const int lanes = (width)-i;                                   \
      __VA_ARGS__                                                    \
    }                                                                \
  } while (0)

INLINE vf get_or(const float *p, int lanes, float filling) {
  return lanes == LANES ? load(p) : load_some(p, lanes, filling);
}
INLINE vf get(const float *p, int lanes) { return get_or(p, lanes, 0); }
INLINE void put(float *p, vf x, int lanes) {
  if (lanes == LANES) store(p, x);
  else store_some(p, x, lanes);
}

// The range of a part when `count` things are cut into `parts`, in multiples of `unit`.
INLINE void part_range(int count, int parts, int part, int unit, int *first, int *end) {
  if (parts == 1) {
    // Most products of a lesson: no division is worth its time there.
    *first = 0;
    *end = count;
    return;
  }
  int units = (count + unit - 1) / unit;
  *first = (int)((int64_t)units * part / parts) * unit;
  *end = (int)((int64_t)units * (part + 1) / parts) * unit;
  if (*end > count) *end = count;
}
