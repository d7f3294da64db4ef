// SPDX-License-Identifier: MIT
// What the readable program is made of where it takes time, with the same bits on every processor.
// In a product each number of c is one chain of fused multiply-adds, in the order of the sum:
// vectors lie across columns, and a block goes on where the one before it has ended, so that
// neither has a say in any digit. Functions are those of functions.h.
//
// Included once for each type of number: REAL, its vector VECTOR of COUNT, ORDERED(name).

// Rows and vectors of a tile of c, which stays in registers.
#define ORDERED_ROWS (LANES == 16 ? 12 : LANES == 8 ? 6 : 4)
#define ORDERED_VECTORS 2
#define ORDERED_COLUMNS (ORDERED_VECTORS * COUNT)

// A panel of b fills half of the first cache, a block of a a part of the second; both are on the
// stack, 130 KiB at most.
#define ORDERED_DEPTH ((LANES == 16 ? 768 : 1024) / (int)sizeof(REAL))
#define ORDERED_BLOCK 96

INLINE VECTOR ORDERED(load)(const REAL *p, int count) {
  VECTOR x = (VECTOR)(REAL)0;
  if (count == COUNT) memcpy(&x, p, sizeof x);
  else memcpy(&x, p, (size_t)count * sizeof(REAL));
  return x;
}

INLINE void ORDERED(store)(REAL *p, VECTOR x, int count) {
  if (count == COUNT) memcpy(p, &x, sizeof x);
  else memcpy(p, &x, (size_t)count * sizeof(REAL));
}

// Rows of packed a, [depth, ORDERED_ROWS], times a panel of b, added to a tile of c.
INLINE void ORDERED(multiply_rows)(
    const int rows, int depth, const REAL *a, const REAL *b, ptrdiff_t b_row, REAL *c,
    ptrdiff_t c_row, int is_first, const int *counts) {
  VECTOR sum[ORDERED_ROWS][ORDERED_VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < ORDERED_VECTORS; v++)
      sum[r][v] = is_first ? (VECTOR)(REAL)0 : ORDERED(load)(c + r * c_row + v * COUNT, counts[v]);
#pragma clang loop unroll_count(4)
  for (int p = 0; p < depth; p++) {
    VECTOR right[ORDERED_VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < ORDERED_VECTORS; v++)
      memcpy(&right[v], b + p * b_row + v * COUNT, sizeof(VECTOR));
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const VECTOR left = (VECTOR)a[p * ORDERED_ROWS + r];
#pragma clang loop unroll(full)
      for (int v = 0; v < ORDERED_VECTORS; v++)
        sum[r][v] = __builtin_elementwise_fma(left, right[v], sum[r][v]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < ORDERED_VECTORS; v++)
      ORDERED(store)(c + r * c_row + v * COUNT, sum[r][v], counts[v]);
}

#define ORDERED_CASE(N)                                                                    \
  case N:                                                                                  \
    ORDERED(multiply_rows)(N, depth, a, b, b_row, c, c_row, is_first, counts);             \
    break;

static void ORDERED(multiply_tile)(
    int rows, int columns, int depth, const REAL *a, const REAL *b, ptrdiff_t b_row, REAL *c,
    ptrdiff_t c_row, int is_first) {
  int counts[ORDERED_VECTORS];
  for (int v = 0; v < ORDERED_VECTORS; v++) {
    const int left = columns - v * COUNT;
    counts[v] = left < 0 ? 0 : left < COUNT ? left : COUNT;
  }
  switch (rows) {
    ORDERED_CASE(1) ORDERED_CASE(2) ORDERED_CASE(3) ORDERED_CASE(4)
#if CK_LANES >= 8
    ORDERED_CASE(5) ORDERED_CASE(6)
#endif
#if CK_LANES == 16
    ORDERED_CASE(7) ORDERED_CASE(8) ORDERED_CASE(9) ORDERED_CASE(10) ORDERED_CASE(11)
    ORDERED_CASE(12)
#endif
  }
}

// [depth, wide] from a matrix of any strides; what is missing of the width is 0.
INLINE void ORDERED(pack)(
    int depth, int count, const int wide, const REAL *from, ptrdiff_t along, ptrdiff_t across,
    REAL *to) {
  for (int p = 0; p < depth; p++) {
    const REAL *source = from + p * along;
    if (across == 1 && count == wide) {
      memcpy(to + p * wide, source, (size_t)wide * sizeof(REAL));
    } else if (across == 1) {
      for (int i = 0; i < count; i++) to[p * wide + i] = source[i];
    } else {
      for (int i = 0; i < count; i++) to[p * wide + i] = source[i * across];
    }
    for (int i = count; i < wide; i++) to[p * wide + i] = 0;
  }
}

INLINE int ORDERED(least)(int64_t a, int b) { return a < b ? (int)a : b; }

// A block of rows of c over one stretch of the depth.
static void ORDERED(multiply_block)(
    const ck_ordered_product *p, int64_t row, int rows, int64_t k, int depth, REAL *packed_a) {
  REAL packed_b[ORDERED_DEPTH * ORDERED_COLUMNS];
  const REAL *a = (const REAL *)p->a + row * p->a_row + k * p->a_column;
  const REAL *b = (const REAL *)p->b + k * p->b_row;
  for (int r = 0; r < rows; r += ORDERED_ROWS)
    ORDERED(pack)(depth, ORDERED(least)(rows - r, ORDERED_ROWS), ORDERED_ROWS, a + r * p->a_row,
                  p->a_column, p->a_row, packed_a + r * depth);
  // Numbers of b that are read once need not be put in order before.
  const int is_direct = rows <= ORDERED_ROWS && p->b_column == 1;
  for (int64_t j = 0; j < p->n; j += ORDERED_COLUMNS) {
    const int columns = ORDERED(least)(p->n - j, ORDERED_COLUMNS);
    if (is_direct && columns == ORDERED_COLUMNS) {
      ORDERED(multiply_tile)(rows, columns, depth, packed_a, b + j, p->b_row,
                             (REAL *)p->c + row * p->c_row + j, p->c_row,
                             k == 0 && !p->accumulate);
      continue;
    }
    ORDERED(pack)(depth, columns, ORDERED_COLUMNS, b + j * p->b_column, p->b_row, p->b_column,
                  packed_b);
    for (int r = 0; r < rows; r += ORDERED_ROWS)
      ORDERED(multiply_tile)(
          ORDERED(least)(rows - r, ORDERED_ROWS), columns, depth, packed_a + r * depth, packed_b,
          ORDERED_COLUMNS, (REAL *)p->c + (row + r) * p->c_row + j, p->c_row, k == 0 && !p->accumulate);
  }
}

static void ORDERED(product)(const ck_ordered_product *p) {
  REAL packed_a[ORDERED_DEPTH * ORDERED_BLOCK];
  // Once where there is no depth at all: c then becomes 0.
  int64_t k = 0;
  do {
    const int depth = ORDERED(least)(p->k - k, ORDERED_DEPTH);
    for (int64_t i = 0; i < p->m; i += ORDERED_BLOCK)
      ORDERED(multiply_block)(p, i, ORDERED(least)(p->m - i, ORDERED_BLOCK), k, depth, packed_a);
    k += ORDERED_DEPTH;
  } while (k < p->k);
}

// Each number of x becomes a function of it, computed in doubles.
#define ORDERED_FUNCTION(NAME)                                                             \
  static void ORDERED(NAME)(REAL *x, int64_t count) {                                      \
    for (int64_t i = 0; i < count; i += DOUBLES) {                                         \
      REAL part[DOUBLES] = {0};                                                            \
      const int64_t left = count - i;                                                      \
      if (left >= DOUBLES) memcpy(part, x + i, sizeof part);                               \
      else memcpy(part, x + i, (size_t)left * sizeof(REAL));                               \
      vd wide;                                                                             \
      for (int j = 0; j < DOUBLES; j++) wide[j] = part[j];                                 \
      wide = NAME##_of(wide);                                                              \
      for (int j = 0; j < DOUBLES; j++) part[j] = (REAL)wide[j];                           \
      if (left >= DOUBLES) memcpy(x + i, part, sizeof part);                               \
      else memcpy(x + i, part, (size_t)left * sizeof(REAL));                               \
    }                                                                                      \
  }

ORDERED_FUNCTION(exp)
ORDERED_FUNCTION(tanh)

#undef ORDERED_FUNCTION
#undef ORDERED_CASE
#undef ORDERED_ROWS
#undef ORDERED_VECTORS
#undef ORDERED_COLUMNS
#undef ORDERED_DEPTH
#undef ORDERED_BLOCK
