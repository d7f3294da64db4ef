// SPDX-License-Identifier: MIT
// Panels of b, in the order in which a tile reads them: [depth, TILE_COLUMNS].

typedef float v4 __attribute__((vector_size(16)));
typedef v4 v4_unaligned __attribute__((aligned(4), may_alias));

INLINE v4 load4(const float *p) { return *(const v4_unaligned *)p; }

// Every fourth of LANES rows, four numbers each; and the order of lanes that turns them.
#if CK_LANES == 16
typedef float v8 __attribute__((vector_size(32)));
INLINE v8 beside(v4 a, v4 b) { return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7); }
INLINE vf fourth_rows(const float *rows, ptrdiff_t row) {
  const v8 low = beside(load4(rows), load4(rows + 4 * row));
  const v8 high = beside(load4(rows + 8 * row), load4(rows + 12 * row));
  return (vf)__builtin_shufflevector(
      low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
#define FIRST_HALVES 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define SECOND_HALVES 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define FIRST_PAIRS 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define SECOND_PAIRS 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#elif CK_LANES == 8
INLINE vf fourth_rows(const float *rows, ptrdiff_t row) {
  return (vf)__builtin_shufflevector(
      load4(rows), load4(rows + 4 * row), 0, 1, 2, 3, 4, 5, 6, 7);
}
#define FIRST_HALVES 0, 8, 1, 9, 4, 12, 5, 13
#define SECOND_HALVES 2, 10, 3, 11, 6, 14, 7, 15
#define FIRST_PAIRS 0, 1, 8, 9, 4, 5, 12, 13
#define SECOND_PAIRS 2, 3, 10, 11, 6, 7, 14, 15
#else
INLINE vf fourth_rows(const float *rows, ptrdiff_t row) { return (vf)load4(rows); }
#define FIRST_HALVES 0, 4, 1, 5
#define SECOND_HALVES 2, 6, 3, 7
#define FIRST_PAIRS 0, 1, 4, 5
#define SECOND_PAIRS 2, 3, 6, 7
#endif

// Four columns of LANES rows become four rows.
INLINE void turn_four(const float *rows, ptrdiff_t row, float *out, ptrdiff_t out_row) {
  const vf a = fourth_rows(rows, row), b = fourth_rows(rows + row, row);
  const vf c = fourth_rows(rows + 2 * row, row), d = fourth_rows(rows + 3 * row, row);
  const vf ab_low = __builtin_shufflevector(a, b, FIRST_HALVES);
  const vf ab_high = __builtin_shufflevector(a, b, SECOND_HALVES);
  const vf cd_low = __builtin_shufflevector(c, d, FIRST_HALVES);
  const vf cd_high = __builtin_shufflevector(c, d, SECOND_HALVES);
  store(out, __builtin_shufflevector(ab_low, cd_low, FIRST_PAIRS));
  store(out + out_row, __builtin_shufflevector(ab_low, cd_low, SECOND_PAIRS));
  store(out + 2 * out_row, __builtin_shufflevector(ab_high, cd_high, FIRST_PAIRS));
  store(out + 3 * out_row, __builtin_shufflevector(ab_high, cd_high, SECOND_PAIRS));
}

// The rows of b lie one after the other.
static void pack_rows(int depth, int columns, matrix b, float *out) {
  for (int p = 0; p < depth; p++, out += TILE_COLUMNS) {
    const float *row = b.start + p * b.row;
    UNROLL for (int v = 0; v < TILE_VECTORS; v++) {
      const int lanes = columns - v * LANES;
      if (lanes > 0) store(out + v * LANES, get(row + v * LANES, lanes < LANES ? lanes : LANES));
    }
  }
}

// The columns of b lie one after the other.
static void pack_columns(int depth, int columns, matrix b, float *out) {
  int j = 0;
  for (; j + LANES <= columns; j += LANES) {
    const float *rows = b.start + j * b.column;
    int p = 0;
    for (; p + 4 <= depth; p += 4)
      turn_four(rows + p, b.column, out + p * TILE_COLUMNS + j, TILE_COLUMNS);
    for (; p < depth; p++)
      for (int c = 0; c < LANES; c++) out[p * TILE_COLUMNS + j + c] = rows[c * b.column + p];
  }
  for (; j < columns; j++)
    for (int p = 0; p < depth; p++) out[p * TILE_COLUMNS + j] = b.start[j * b.column + p];
}

// One panel, missing columns 0.
static void pack_panel(int depth, int columns, matrix b, float *out) {
  if (columns < TILE_COLUMNS) memset(out, 0, (size_t)depth * TILE_COLUMNS * sizeof(float));
  if (b.column == 1) pack_rows(depth, columns, b, out);
  else pack_columns(depth, columns, b, out);
}

// All panels of [depth, columns], one after the other.
static void pack_panels(int depth, int columns, matrix b, float *out) {
  for (int j = 0; j < columns; j += TILE_COLUMNS) {
    const int count = columns - j < TILE_COLUMNS ? columns - j : TILE_COLUMNS;
    const matrix part = {b.start + j * b.column, b.row, b.column};
    pack_panel(depth, count, part, out + (ptrdiff_t)(j / TILE_COLUMNS) * depth * TILE_COLUMNS);
  }
}
