// SPDX-License-Identifier: MIT
// Elementary functions with the same bits on every processor: doubles are added, multiplied and
// divided in a fixed order and never fused, so neither the width of a vector nor the instructions
// that there are make a difference. DOUBLES is how many of them a vector has. Source of the
// reductions: Muller 2016, Elementary Functions, chapters 4, 5 and 11; the errors are the largest
// that were found in 60,000 numbers each, against 120 bits.
#pragma clang fp contract(off)

typedef double vd __attribute__((ext_vector_type(DOUBLES)));
typedef int64_t vl __attribute__((ext_vector_type(DOUBLES)));

INLINE vd doubles(double x) { return (vd)x; }

// A power of two, 2^n, for n from -1022 to 1023.
INLINE vd power_of_two(vl n) { return (vd)((n + 1023) << 52); }

// What is added to a double below 2^51 to round it to an integer, which its lowest bits then hold.
#define ROUNDING 0x1.8p52

#define LN2_HIGH 0x1.62e42fee00000p-1
#define LN2_LOW 0x1.a39ef35793c76p-33

// (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2: the series up to r^13, whose rest is below 2^-58.
INLINE vd exponential_rest(vd r) {
  vd y = doubles(1 / 6227020800.0);
  y = y * r + 1 / 479001600.0;
  y = y * r + 1 / 39916800.0;
  y = y * r + 1 / 3628800.0;
  y = y * r + 1 / 362880.0;
  y = y * r + 1 / 40320.0;
  y = y * r + 1 / 5040.0;
  y = y * r + 1 / 720.0;
  y = y * r + 1 / 120.0;
  y = y * r + 1 / 24.0;
  y = y * r + 1 / 6.0;
  return y * r + 0.5;
}

// x = n ln(2) + r + low, for |x| <= 1100; n as it stands in the lowest bits of `shifted`.
typedef struct {
  vl n;
  vd r, low;
} reduced;

INLINE reduced reduce_exponent(vd x) {
  vd shifted = x * 0x1.71547652b82fep+0 + ROUNDING;
  vd n = shifted - ROUNDING;
  vd high = x - n * LN2_HIGH, low = n * LN2_LOW;
  vd r = high - low;
  return (reduced){(vl)shifted - (vl)doubles(ROUNDING), r, (high - r) - low};
}

// e^x, to 0.65 ulp; 0 below -745.14, infinity above 709.78.
INLINE vd exp_of(vd x) {
  // What is masked comes here as -infinity, and numbers below the normal ones take long.
  const vl is_zero = x < -745.14;
  vd inside = x > 710 ? doubles(710) : x;
  inside = is_zero || x != x ? doubles(0) : inside;
  reduced e = reduce_exponent(inside);
  vd one = 1 + e.r;
  vd y = one + (((1 - one) + e.r) + (e.low + e.r * e.r * exponential_rest(e.r)));
  // In two steps: 2^n alone may lie outside of what there is.
  const vl half = e.n >> 1;
  y = y * power_of_two(half) * power_of_two(e.n - half);
  y = is_zero ? doubles(0) : y;
  return x == x ? y : x;
}

// e^x - 1 for 0 <= x <= 45, to 2 ulp.
INLINE vd exp_minus_one(vd x) {
  reduced e = reduce_exponent(x);
  vd scale = power_of_two(e.n);
  vd part = e.r + (e.low + e.r * e.r * exponential_rest(e.r));
  return (scale - 1) + scale * part;
}

// tanh(x), to 2.1 ulp.
INLINE vd tanh_of(vd x) {
  vd size = x < 0 ? -x : x;
  vd inside = size < 22 ? size : doubles(22);
  vd e = exp_minus_one(2 * inside);
  vd y = e / (e + 2);
  y = x < 0 ? -y : y;
  y = x == 0 ? x : y;
  return x == x ? y : x;
}

// Polynomials of t in [-1, 1], lowest power first, through the nodes of Chebyshev, computed with
// 200 bits: erf(x) / x - 1 of x^2 = (1 + t) / 2; e^(x^2) (1 - erf(x)) of x up to 2.25, and up to 6.
static const double erf_below_1[] = {
    -0x1.1ae14dc34815ap-5, -0x1.1fd16292151fdp-3, 0x1.454368017b042p-6, -0x1.2b902b7b2f28ep-9,
    0x1.c82aa249df460p-13, -0x1.263991b802ee6p-16, 0x1.486638bc9befep-20, -0x1.429e93e668f24p-24,
    0x1.1ad5edf90dd80p-28, -0x1.bf8d2c72b9b8cp-33, 0x1.428e938efe043p-37, -0x1.acbabce2865e7p-42,
    0x1.05ffd737fb32ep-46,
};
static const double erf_below_2[] = {
    0x1.3583f6644327bp-2, -0x1.75d6603aff812p-4, 0x1.9fc1dd02f5b7bp-6, -0x1.afa5850dd186ap-8,
    0x1.a6759c6534a88p-10, -0x1.889eae7bf95f9p-12, 0x1.5c737986caf48p-14, -0x1.28a79da380cf6p-16,
    0x1.e654664951194p-19, -0x1.80fdf27f4f22bp-21, 0x1.271aab9a38b64p-23, -0x1.b71d51e87a5eap-26,
    0x1.3d96faa30f760p-28, -0x1.bca18ba49d0ebp-31, 0x1.31ada9001aa13p-33, -0x1.cdbf6b8fb7de8p-36,
    0x1.2da6607dfcb77p-38,
};
static const double erf_below_6[] = {
    0x1.10845e1dcb182p-3, -0x1.d5e92d865004fp-5, 0x1.8b9bded053e20p-6, -0x1.45b2a1073645dp-7,
    0x1.068e612fffbbbp-8, -0x1.9ef7a09b92346p-10, 0x1.41c9fd0617957p-11, -0x1.ea2c8216287c2p-13,
    0x1.6efbb2156b74bp-14, -0x1.0e483e34cc19bp-15, 0x1.87f53502997d3p-17, -0x1.17e7ddbb3334bp-18,
    0x1.8926f33fd8bf3p-20, -0x1.10ebb6d203318p-21, 0x1.7f6e28f649502p-23, -0x1.02ac023dcaf47p-24,
    0x1.17554036c19c5p-26, -0x1.7453b9128a377p-28, 0x1.eb084c08433f0p-29, -0x1.388f91ef19c94p-30,
};

INLINE vd polynomial(const double *coefficients, int count, vd t) {
  vd y = doubles(coefficients[count - 1]);
  for (int i = count - 2; i >= 0; i--) y = y * t + coefficients[i];
  return y;
}
#define POLYNOMIAL(TABLE, T) polynomial(TABLE, sizeof(TABLE) / sizeof(double), T)

// The error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x, to 1.1 ulp.
INLINE vd erf_of(vd x) {
  const vd size = x < 0 ? -x : x, square = x * x;
  const vd near = size + size * POLYNOMIAL(erf_below_1, 2 * square - 1);
  const vd inside = size < 6 ? size : doubles(6);
  const vd middle = POLYNOMIAL(erf_below_2, (inside - 1.625) * 1.6);
  const vd far = POLYNOMIAL(erf_below_6, (inside - 4.125) * (1 / 1.875));
  const vd rest = exp_of(-inside * inside) * (inside < 2.25 ? middle : far);
  vd y = size < 1 ? near : 1 - rest;
  y = size < 6 ? y : doubles(1);
  y = x < 0 ? -y : y;
  y = x == 0 ? x : y;
  return x == x ? y : x;
}

// ln(x), to 0.8 ulp: x = 2^k m with m between sqrt(1/2) and sqrt(2), f = m - 1, s = f / (2 + f);
// then ln(m) = f - (f^2 / 2 - s (f^2 / 2 + R)) with R = 2/3 s^2 + 2/5 s^4 + ...
INLINE vd log_of(vd x) {
  vl is_small = x < 0x1p-1022;
  vd normal = is_small ? x * 0x1p54 : x;
  vl pattern = (vl)normal;
  // The bits of sqrt(1/2) taken away first: the exponent then changes there.
  vl shifted = pattern - 0x3fe6a09e667f3bcd;
  vl k = shifted >> 52;
  vd m = (vd)(pattern - (k << 52));
  k = is_small ? k - 54 : k;
  vd count = __builtin_convertvector(k, vd);
  vd f = m - 1, s = f / (2 + f), z = s * s;
  vd rest = doubles(2 / 25.0);
  rest = rest * z + 2 / 23.0;
  rest = rest * z + 2 / 21.0;
  rest = rest * z + 2 / 19.0;
  rest = rest * z + 2 / 17.0;
  rest = rest * z + 2 / 15.0;
  rest = rest * z + 2 / 13.0;
  rest = rest * z + 2 / 11.0;
  rest = rest * z + 2 / 9.0;
  rest = rest * z + 2 / 7.0;
  rest = rest * z + 2 / 5.0;
  rest = (rest * z + 2 / 3.0) * z;
  vd half = 0.5 * f * f;
  vd y = count * LN2_HIGH + (f - (half - (s * (half + rest) + count * LN2_LOW)));
  y = x == 0 ? doubles(-__builtin_inf()) : y;
  y = x == __builtin_inf() ? x : y;
  return x < 0 ? doubles(__builtin_nan("")) : x == x ? y : x;
}

// pi / 2 in three parts; the first two have 33 bits, so that their products with a number below
// 2^20 are exact.
#define HALF_PI_1 0x1.921fb544p+0
#define HALF_PI_2 0x1.0b4611a6p-34
#define HALF_PI_3 0x1.3198a2e037073p-69

// Sine and cosine, to 0.9 ulp for |x| <= 10^6. What is larger has no digits left that mean
// anything: not a number.
typedef struct {
  vd sine, cosine;
} circle;

INLINE circle circle_of(vd x) {
  x = x < -1e6 || x > 1e6 ? doubles(__builtin_nan("")) : x;
  vd shifted = x * 0x1.45f306dc9c883p-1 + ROUNDING;
  vd n = shifted - ROUNDING;
  vl quarter = (vl)shifted;
  vd first = x - n * HALF_PI_1;
  vd second = n * HALF_PI_2;
  vd high = first - second;
  vd low = (first - high) - second - n * HALF_PI_3;
  vd r = high + low;
  low = (high - r) + low;
  vd z = r * r;
  vd s = doubles(-1 / 121645100408832000.0);
  s = s * z + 1 / 355687428096000.0;
  s = s * z - 1 / 1307674368000.0;
  s = s * z + 1 / 6227020800.0;
  s = s * z - 1 / 39916800.0;
  s = s * z + 1 / 362880.0;
  s = s * z - 1 / 5040.0;
  s = s * z + 1 / 120.0;
  s = s * z - 1 / 6.0;
  s = r + (low + r * z * s);
  vd c = doubles(-1 / 6402373705728000.0);
  c = c * z + 1 / 20922789888000.0;
  c = c * z - 1 / 87178291200.0;
  c = c * z + 1 / 479001600.0;
  c = c * z - 1 / 3628800.0;
  c = c * z + 1 / 40320.0;
  c = c * z - 1 / 720.0;
  c = c * z + 1 / 24.0;
  vd half = 0.5 * z, one = 1 - half;
  c = one + (((1 - one) - half) + (z * z * c - r * low));
  vl swaps = (quarter & 1) != 0;
  vd sine = swaps ? c : s, cosine = swaps ? s : c;
  sine = (quarter & 2) != 0 ? -sine : sine;
  cosine = ((quarter + 1) & 2) != 0 ? -cosine : cosine;
  return (circle){sine, cosine};
}
