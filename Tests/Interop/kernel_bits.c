// SPDX-License-Identifier: MIT
// Fingerprints of what the ordered kernels compute, a line for each kind that this processor has.
// All lines have to be equal, on every processor: see kernel_bits.sh.
#pragma clang fp contract(off)
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../Sources/CKernels/include/ckernels.h"

#define COUNT 20000
#define MOST 96

static uint64_t state;

static uint64_t next(void) {
  uint64_t z = (state += 0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

static double uniform(double least, double greatest) {
  return least + (greatest - least) * ((double)(next() >> 11) * 0x1p-53);
}

// FNV-1a over words; all that is not a number counts as one.
static uint64_t hash_f64(const double *x, int count, uint64_t hash) {
  for (int i = 0; i < count; i++) {
    uint64_t bits;
    memcpy(&bits, x + i, 8);
    if (x[i] != x[i]) bits = 1;
    hash = (hash ^ bits) * 0x100000001B3;
  }
  return hash;
}

static uint64_t hash_f32(const float *x, int count, uint64_t hash) {
  for (int i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, 4);
    if (x[i] != x[i]) bits = 1;
    hash = (hash ^ bits) * 0x100000001B3;
  }
  return hash;
}

static const double special[] = {0, -0.0, INFINITY, -INFINITY, NAN, 1, -1, 5e-324, -5e-324, 0x1p-1022,
                                 1.7976931348623157e308, -708.5, -745.13, 709.78, 0x1p-126, 88.8};

// Numbers of every size that a function takes, and some that it does not.
static void fill(double *x, double least, double greatest) {
  const int few = sizeof special / sizeof *special;
  memcpy(x, special, sizeof special);
  for (int i = few; i < COUNT; i++) {
    x[i] = uniform(least, greatest);
    if (i % 4 == 0) x[i] = ldexp(x[i], -(int)(next() % 60));
  }
}

static uint64_t function_f64(void (*f)(double *, int64_t), double least, double greatest) {
  static double x[COUNT];
  fill(x, least, greatest);
  f(x, COUNT - 3);
  return hash_f64(x, COUNT, 1);
}

static uint64_t function_f32(void (*f)(float *, int64_t), double least, double greatest) {
  static double wide[COUNT];
  static float x[COUNT];
  fill(wide, least, greatest);
  for (int i = 0; i < COUNT; i++) x[i] = (float)wide[i];
  f(x, COUNT - 3);
  return hash_f32(x, COUNT, 1);
}

static uint64_t scalar(double (*f)(double), double least, double greatest) {
  static double x[COUNT];
  fill(x, least, greatest);
  for (int i = 0; i < COUNT; i++) x[i] = f(x[i]);
  return hash_f64(x, COUNT, 1);
}

static int size(void) { return 1 + (int)(next() % MOST); }

#define PRODUCTS(NAME, REAL)                                                                    \
  static uint64_t NAME(void (*multiply)(const ck_ordered_product *)) {                         \
    static REAL a[MOST * MOST * 4], b[MOST * MOST * 4], c[MOST * MOST];                        \
    uint64_t hash = 1;                                                                         \
    for (int round = 0; round < 30; round++) {                                                 \
      const int m = size(), n = size(), k = size() * (round % 3 ? 1 : 4);                      \
      const int turns_a = next() & 1, turns_b = next() & 1;                                    \
      for (int i = 0; i < m * k; i++) a[i] = (REAL)uniform(-1, 1);                             \
      for (int i = 0; i < k * n; i++) b[i] = (REAL)uniform(-1, 1);                             \
      for (int i = 0; i < m * n; i++) c[i] = (REAL)uniform(-1, 1);                             \
      const ck_ordered_product product = {                                                     \
          m, n, k, a, turns_a ? 1 : k, turns_a ? m : 1, b, turns_b ? 1 : n, turns_b ? k : 1,   \
          c, n, round & 1};                                                                    \
      multiply(&product);                                                                      \
      hash = sizeof(REAL) == 4 ? hash_f32((float *)c, m * n, hash)                             \
                               : hash_f64((double *)c, m * n, hash);                           \
    }                                                                                          \
    return hash;                                                                               \
  }

PRODUCTS(products_f32, float)
PRODUCTS(products_f64, double)

int main(void) {
  for (int kind = 0; ck_available(kind); kind++) {
    const ck_kernels *k = ck_available(kind);
    state = 1;
    printf("product %016llx %016llx", (unsigned long long)products_f32(k->ordered_product_f32),
           (unsigned long long)products_f64(k->ordered_product_f64));
    printf(" exp %016llx %016llx",
           (unsigned long long)function_f32(k->ordered_exp_f32, -110, 95),
           (unsigned long long)function_f64(k->ordered_exp_f64, -750, 715));
    printf(" tanh %016llx %016llx",
           (unsigned long long)function_f32(k->ordered_tanh_f32, -12, 12),
           (unsigned long long)function_f64(k->ordered_tanh_f64, -25, 25));
    printf(" one %016llx %016llx %016llx %016llx %016llx %016llx\n",
           (unsigned long long)scalar(ck_exp, -750, 715), (unsigned long long)scalar(ck_log, -1, 1e9),
           (unsigned long long)scalar(ck_tanh, -25, 25), (unsigned long long)scalar(ck_sin, -1e6, 1e6),
           (unsigned long long)scalar(ck_cos, -1e6, 1e6),
           (unsigned long long)scalar(ck_erf, -7, 7));
  }
  return 0;
}
