// SPDX-License-Identifier: MIT
// Vectors of CK_LANES floats, and the few functions that the kernels need on them.
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "include/ckernels.h"

#define LANES CK_LANES
#define INLINE static inline __attribute__((always_inline))

typedef float vf __attribute__((vector_size(LANES * 4)));
typedef int32_t vi __attribute__((vector_size(LANES * 4)));
typedef float vf_unaligned __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

INLINE vf load(const float *p) { return *(const vf_unaligned *)p; }
INLINE void store(float *p, vf x) { *(vf_unaligned *)p = x; }
INLINE vf all(float x) { return x - (vf){0}; }
INLINE vf smaller(vf a, vf b) { vi m = a < b; return (vf)((m & (vi)a) | (~m & (vi)b)); }
INLINE vf larger(vf a, vf b) { vi m = a > b; return (vf)((m & (vi)a) | (~m & (vi)b)); }

INLINE float sum_of(vf x) {
  float total = 0;
  for (int i = 0; i < LANES; i++) total += x[i];
  return total;
}

INLINE float largest_of(vf x) {
  float peak = x[0];
  for (int i = 1; i < LANES; i++) peak = x[i] > peak ? x[i] : peak;
  return peak;
}

// e^x = 2^n * e^r with |r| <= ln(2) / 2; the polynomial is that of Cephes' expf (Moshier), whose
// error is below 2 in the last place. NaN stays NaN; beyond the range of floats it gives 0 or inf.
INLINE vf exponential(vf x) {
  vf clamped = larger(smaller(x, all(88.7228f)), all(-87.3365f));
  vf shifted = clamped * 1.44269504f + 12582912.0f;
  vf n = shifted - 12582912.0f;
  vf r = clamped - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  vf y = all(1.9875691500e-4f);
  y = y * r + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * (r * r) + r + 1.0f;
  // 2^n in two factors, because n may be 128.
  vi whole = (vi)shifted - 0x4B400000;
  vi half = whole >> 1;
  vf first = (vf)((half + 127) << 23), second = (vf)((whole - half + 127) << 23);
  vf result = y * first * second;
  result = (vf)(~(x < -87.3365f) & (vi)result);
  vi over = x > 88.7228f, nan = x != x;
  result = (vf)((over & (vi)all(INFINITY)) | (~over & (vi)result));
  return (vf)((nan & (vi)x) | (~nan & (vi)result));
}

// tanh(x) = 1 - 2 / (e^2x + 1), which is exact enough where it is added to 1.
INLINE vf hyperbolic_tangent(vf x) { return 1.0f - 2.0f / (exponential(2.0f * x) + 1.0f); }

#define GELU_SLOPE 0.7978845608f
#define GELU_CUBIC 0.044715f

INLINE vf gelu(vf x) {
  vf t = hyperbolic_tangent(GELU_SLOPE * (x + GELU_CUBIC * (x * x * x)));
  return 0.5f * x * (1.0f + t);
}

INLINE vf gelu_slope(vf x) {
  vf t = hyperbolic_tangent(GELU_SLOPE * (x + GELU_CUBIC * (x * x * x)));
  vf inner = GELU_SLOPE * (1.0f + 3.0f * GELU_CUBIC * (x * x));
  return 0.5f * (1.0f + t) + 0.5f * x * (1.0f - t * t) * inner;
}

INLINE vf sigmoid(vf x) { return 1.0f / (1.0f + exponential(-x)); }

// The last vector of a row, filled up; and its way back.
INLINE vf load_some(const float *p, int count, float filling) {
  float buffer[LANES];
  for (int i = 0; i < LANES; i++) buffer[i] = i < count ? p[i] : filling;
  return load(buffer);
}

INLINE void store_some(float *p, vf x, int count) {
  for (int i = 0; i < count; i++) p[i] = x[i];
}

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

INLINE vf get(const float *p, int lanes) { return lanes == LANES ? load(p) : load_some(p, lanes, 0); }
INLINE void put(float *p, vf x, int lanes) {
  if (lanes == LANES) store(p, x);
  else store_some(p, x, lanes);
}

// The range of a part when `count` things are cut into `parts`, in multiples of `unit`.
INLINE void part_range(int count, int parts, int part, int unit, int *first, int *end) {
  int units = (count + unit - 1) / unit;
  *first = (int)((int64_t)units * part / parts) * unit;
  *end = (int)((int64_t)units * (part + 1) / parts) * unit;
  if (*end > count) *end = count;
}
