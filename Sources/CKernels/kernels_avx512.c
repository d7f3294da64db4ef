// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
// The headers of the system come first: what follows is compiled for newer processors only.
#include <immintrin.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "include/ckernels.h"

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,fma"))), apply_to = function)
// Small shapes are left to these.
void product_avx2(const void *, int32_t, const ck_scratch *);
void attention_avx2(const void *, int32_t, const ck_scratch *);
void attention_gradient_avx2(const void *, int32_t, const ck_scratch *);

#define CK_LANES 16
#define CK_NAME(name) name##_avx512
#define CK_LABEL "avx512"
#include "table.h"
#pragma clang attribute pop
#endif
