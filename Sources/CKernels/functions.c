// SPDX-License-Identifier: MIT
// The elementary functions of one number.
#include <stdint.h>

#include "include/ckernels.h"

#define INLINE static inline __attribute__((always_inline))
#define DOUBLES 1
#include "functions.h"

double ck_exp(double x) { return exp_of(x)[0]; }
double ck_log(double x) { return log_of(x)[0]; }
double ck_tanh(double x) { return tanh_of(x)[0]; }
double ck_erf(double x) { return erf_of(x)[0]; }
double ck_sin(double x) { return circle_of(x).sine[0]; }
double ck_cos(double x) { return circle_of(x).cosine[0]; }
