// SPDX-License-Identifier: MIT
// Which kernels this processor can execute; asked once, at run time.
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "include/ckernels.h"

extern const ck_kernels ck_kernels_plain;
#if defined(__x86_64__)
extern const ck_kernels ck_kernels_avx2, ck_kernels_avx512;

static int has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
static int has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
}
#endif

const ck_kernels *ck_available(int32_t index) {
  if (index == 0) return &ck_kernels_plain;
#if defined(__x86_64__)
  if (index == 1 && has_avx2()) return &ck_kernels_avx2;
  if (index == 2 && has_avx512()) return &ck_kernels_avx512;
#endif
  return NULL;
}

const ck_kernels *ck_best(void) {
  const ck_kernels *best = ck_available(0);
  for (int32_t i = 1; ck_available(i); i++) best = ck_available(i);
  return best;
}

int32_t ck_product_block(void) {
  static _Atomic int32_t known;
  int32_t block = atomic_load_explicit(&known, memory_order_relaxed);
  if (block) return block;
  long bytes = 0;
#ifdef _SC_LEVEL2_CACHE_SIZE
  bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
#endif
  // Some systems do not say. What is beyond 4 MB is shared with other cores.
  if (bytes < 256 * 1024) bytes = 512 * 1024;
  if (bytes > 4096 * 1024) bytes = 4096 * 1024;
  block = (int32_t)(bytes / 2 / (long)sizeof(float));
  atomic_store_explicit(&known, block, memory_order_relaxed);
  return block;
}

// The greatest need of all kinds of processors, see product.h and attention.h.
size_t ck_product_scratch(int32_t m, int32_t n, int32_t k) {
  const size_t depth = k < CK_PRODUCT_DEPTH ? k : CK_PRODUCT_DEPTH;
  const size_t columns = n < CK_PRODUCT_COLUMNS ? ((size_t)n + 31) / 32 * 32 : CK_PRODUCT_COLUMNS;
  const size_t rows = depth * (((size_t)m + 11) / 12 * 12), block = (size_t)ck_product_block();
  return depth * columns + (rows < block ? rows : block) + 64;
}

size_t ck_attention_scratch(int32_t length, int32_t width) {
  const size_t l = ((size_t)length + 31) / 32 * 32, w = ((size_t)width + 31) / 32 * 32;
  return 3 * l * w + 2 * 24 * (l + 32) + 24 * w + 64;
}
