// SPDX-License-Identifier: MIT
#if defined(__x86_64__)
// The headers of the system come first: what follows is compiled for newer processors only.
#include <immintrin.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define CK_LANES 8
#define CK_NAME(name) name##_avx2
#define CK_LABEL "avx2"
#include "table.h"
#pragma clang attribute pop
#endif
