// SPDX-License-Identifier: MIT
// For any processor: vectors of four, which every compiler can make.
#define CK_LANES 4
#define CK_NAME(name) name##_plain
#define CK_LABEL "plain"
#include "table.h"
