// SPDX-License-Identifier: MIT
// Matrix products: panels of `b` packed for the cache, tiles of `c` in registers.
// Source of the blocking: Goto and van de Geijn 2008, Anatomy of High-Performance Matrix
// Multiplication; Van Zee and van de Geijn 2015, BLIS.

#define TILE_ROWS (LANES == 16 ? 12 : 6)
#define TILE_VECTORS 2
#define TILE_COLUMNS (TILE_VECTORS * LANES)

// A panel of b, [DEPTH, TILE_COLUMNS], fills a good part of the first cache; a block of a,
// [BLOCK_ROWS, DEPTH], half of the second; the packed b, [DEPTH, BLOCK_COLUMNS], a part of the
// third.
#define DEPTH 384
#define BLOCK_ROWS 144
#define BLOCK_COLUMNS 2048

typedef struct {
  const float *start;
  ptrdiff_t row, column;
} matrix;

// Sums for the finish to work on; or, where nothing is left to do but to store or to add them, the
// place in c.
typedef struct {
  vf lane[TILE_ROWS][TILE_VECTORS];
  float *c;
  ptrdiff_t c_row;
  int adds;
} tile;

// Rows of a times a panel of b. One of the strides of a is 1, which the caller makes constant.
INLINE void multiply_rows(
    const int rows, int depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const float *b, ptrdiff_t b_row, tile *out) {
  vf sum[TILE_ROWS][TILE_VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < TILE_VECTORS; v++) sum[r][v] = all(0);
#pragma clang loop unroll_count(4)
  for (int p = 0; p < depth; p++) {
    vf right[TILE_VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < TILE_VECTORS; v++) right[v] = load(b + p * b_row + v * LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      vf left = all(a[r * a_row + p * a_column]);
#pragma clang loop unroll(full)
      for (int v = 0; v < TILE_VECTORS; v++) sum[r][v] = left * right[v] + sum[r][v];
    }
  }
  if (!out->c) {
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
      for (int v = 0; v < TILE_VECTORS; v++) out->lane[r][v] = sum[r][v];
    return;
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    float *c = out->c + r * out->c_row;
#pragma clang loop unroll(full)
    for (int v = 0; v < TILE_VECTORS; v++)
      store(c + v * LANES, out->adds ? load(c + v * LANES) + sum[r][v] : sum[r][v]);
  }
}

#define CASE(N)                                                                   \
  case N:                                                                         \
    if (a.column == 1) multiply_rows(N, depth, a.start, a.row, 1, b, b_row, out); \
    else multiply_rows(N, depth, a.start, 1, a.column, b, b_row, out);            \
    break;

static void multiply(int rows, int depth, matrix a, const float *b, ptrdiff_t b_row, tile *out) {
  switch (rows) {
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#if CK_LANES == 16
    CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#endif
  }
}

// What becomes of a tile at row i, column j of c.
typedef struct {
  const ck_product *p;
  int is_first, is_last;
} finishing;

// One vector of a row; `lanes` is constant where whole vectors count.
INLINE void finish_vector(const finishing f, vf x, int i, int j, const int lanes) {
  const ck_product *p = f.p;
  float *c = p->c + i * p->c_row + j;
  if (!f.is_first || p->accumulate) x += get(c, lanes);
  if (f.is_last) {
    if (p->bias) x += get(p->bias + j, lanes);
    if (p->residual) x += get(p->residual + i * p->residual_row + j, lanes);
    if (p->finish == CK_FINISH_GELU) {
      vf slope;
      put(p->post + i * p->other_row + j, gelu(x, &slope), lanes);
      x = slope;
    }
    if (p->finish == CK_FINISH_TIMES) x *= get(p->aux + i * p->other_row + j, lanes);
  }
  put(c, x, lanes);
}

static void finish_tile(finishing f, const tile *t, int rows, int i, int j, int columns) {
  if (columns == TILE_COLUMNS) {
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
      for (int v = 0; v < TILE_VECTORS; v++)
        finish_vector(f, t->lane[r][v], i + r, j + v * LANES, LANES);
  } else {
    for (int r = 0; r < rows; r++)
      for (int v = 0; v * LANES < columns; v++) {
        const int lanes = columns - v * LANES < LANES ? columns - v * LANES : LANES;
        finish_vector(f, t->lane[r][v], i + r, j + v * LANES, lanes);
      }
  }
}

// The tile of c, and what is read or written beside it, is on its way while the sums are made.
INLINE void prefetch_tile(finishing f, int rows, int i, int j) {
  const ck_product *p = f.p;
  const float *others[] = {p->post, p->aux, p->residual};
  for (int r = 0; r < rows; r++) {
    const float *target = p->c + (i + r) * p->c_row + j;
    __builtin_prefetch(target, 1);
    __builtin_prefetch(target + TILE_COLUMNS - 1, 1);
  }
  if (!f.is_last) return;
  for (int n = 0; n < 3; n++) {
    if (!others[n]) continue;
    const ptrdiff_t row = n == 2 ? p->residual_row : p->other_row;
    for (int r = 0; r < rows; r++) {
      __builtin_prefetch(others[n] + (i + r) * row + j);
      __builtin_prefetch(others[n] + (i + r) * row + j + TILE_COLUMNS - 1);
    }
  }
}

typedef float v4 __attribute__((vector_size(16)));
typedef float v4_unaligned __attribute__((vector_size(16), aligned(4), may_alias));

// Four rows of four become four columns.
INLINE void transpose4(const float *source, ptrdiff_t row, float *target, ptrdiff_t target_row) {
  v4 a = *(const v4_unaligned *)source, b = *(const v4_unaligned *)(source + row);
  v4 c = *(const v4_unaligned *)(source + 2 * row), d = *(const v4_unaligned *)(source + 3 * row);
  v4 ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  v4 ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  v4 cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  v4 cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(v4_unaligned *)target = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
  *(v4_unaligned *)(target + target_row) = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
  *(v4_unaligned *)(target + 2 * target_row) =
      __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
  *(v4_unaligned *)(target + 3 * target_row) =
      __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

// One panel: `depth` rows of TILE_COLUMNS numbers, missing columns 0.
static void pack_panel(int depth, int columns, matrix b, float *out) {
  if (columns < TILE_COLUMNS) memset(out, 0, (size_t)depth * TILE_COLUMNS * 4);
  if (b.column == 1) {
    for (int p = 0; p < depth; p++, out += TILE_COLUMNS) {
      const float *row = b.start + p * b.row;
      if (columns == TILE_COLUMNS) {
        for (int v = 0; v < TILE_VECTORS; v++) store(out + v * LANES, load(row + v * LANES));
      } else {
        for (int j = 0; j < columns; j++) out[j] = row[j];
      }
    }
    return;
  }
  int j = 0;
  for (; j + 4 <= columns; j += 4) {
    const float *rows = b.start + j * b.column;
    int p = 0;
    for (; p + 4 <= depth; p += 4)
      transpose4(rows + p, b.column, out + p * TILE_COLUMNS + j, TILE_COLUMNS);
    for (; p < depth; p++)
      for (int c = 0; c < 4; c++) out[p * TILE_COLUMNS + j + c] = rows[c * b.column + p];
  }
  for (; j < columns; j++)
    for (int p = 0; p < depth; p++) out[p * TILE_COLUMNS + j] = b.start[j * b.column + p];
}

// All panels of [depth, columns], one after the other.
static void pack_panels(int depth, int columns, matrix b, float *out) {
  for (int j = 0; j < columns; j += TILE_COLUMNS) {
    int count = columns - j < TILE_COLUMNS ? columns - j : TILE_COLUMNS;
    matrix part = {b.start + j * b.column, b.row, b.column};
    pack_panel(depth, count, part, out + (size_t)(j / TILE_COLUMNS) * depth * TILE_COLUMNS);
  }
}

// Rows of the source that are copied together: few enough that their lines stay in the first cache
// although they lie a power of two apart.
#define PACK_ROWS 8

// One tile's part of some rows of a transposed a. Whole vectors are stored, which run over into the
// next row and are overwritten by it; where there is no next row in order, single numbers.
INLINE void pack_rows(
    const float *source, ptrdiff_t apart, int from, int to, int depth, int count, int is_whole,
    float *out) {
  for (int p = from; p < to; p++) {
    if (is_whole && p + 1 < depth) {
      for (int r = 0; r < TILE_ROWS; r += LANES)
        store(out + p * TILE_ROWS + r, load(source + p * apart + r));
    } else {
      for (int r = 0; r < count; r++) out[p * TILE_ROWS + r] = source[p * apart + r];
    }
  }
}

// One tile's part of a that lies row after row: turned in blocks of four.
INLINE void pack_across(const float *source, ptrdiff_t row, int count, int depth, float *out) {
  int r = 0;
  for (; r + 4 <= count; r += 4) {
    const float *rows = source + r * row;
    int p = 0;
    for (; p + 4 <= depth; p += 4)
      transpose4(rows + p, row, out + p * TILE_ROWS + r, TILE_ROWS);
    for (; p < depth; p++)
      for (int i = 0; i < 4; i++) out[p * TILE_ROWS + r + i] = rows[i * row + p];
  }
  for (; r < count; r++)
    for (int p = 0; p < depth; p++) out[p * TILE_ROWS + r] = source[r * row + p];
}

// A block of a as [depth, TILE_ROWS] for each tile of rows.
static void pack_tiles(int rows, int depth, matrix a, float *out) {
  if (a.column == 1) {
    for (int i = 0; i < rows; i += TILE_ROWS)
      pack_across(a.start + i * a.row, a.row, rows - i < TILE_ROWS ? rows - i : TILE_ROWS, depth,
                  out + (ptrdiff_t)i * depth);
    return;
  }
  for (int p = 0; p < depth; p += PACK_ROWS) {
    const int end = p + PACK_ROWS < depth ? p + PACK_ROWS : depth;
    for (int i = 0; i < rows; i += TILE_ROWS) {
      const int count = rows - i < TILE_ROWS ? rows - i : TILE_ROWS;
      pack_rows(a.start + i, a.column, p, end, depth, count, i + 2 * LANES <= rows,
                out + (ptrdiff_t)i * depth);
    }
  }
}

// A range of rows of c from packed panels of b.
INLINE void multiply_block(
    int rows, int columns, int depth, matrix a, int is_packed, const float *b, ptrdiff_t b_row,
    ptrdiff_t panel, int i, int j, finishing f) {
  tile t;
  t.c_row = f.p->c_row;
  t.adds = !f.is_first || f.p->accumulate;
  const int is_plain = !f.is_last
      || (!f.p->bias && !f.p->residual && f.p->finish == CK_FINISH_NONE);
  for (int c = 0; c < columns; c += TILE_COLUMNS) {
    const float *right = b + (c / TILE_COLUMNS) * panel;
    int width = columns - c < TILE_COLUMNS ? columns - c : TILE_COLUMNS;
    for (int r = 0; r < rows; r += TILE_ROWS) {
      int height = rows - r < TILE_ROWS ? rows - r : TILE_ROWS;
      matrix left = is_packed ? (matrix){a.start + (ptrdiff_t)r * depth, 1, TILE_ROWS}
                              : (matrix){a.start + r * a.row, a.row, a.column};
      prefetch_tile(f, height, i + r, j + c);
      t.c = is_plain && width == TILE_COLUMNS ? f.p->c + (i + r) * t.c_row + j + c : NULL;
      multiply(height, depth, left, right, b_row, &t);
      if (!t.c) finish_tile(f, &t, height, i + r, j + c, width);
    }
  }
}

// Depths of nearly equal size: a short last one would waste the time of storing tiles.
INLINE int depth_of_block(int k) {
  int blocks = (k + DEPTH - 1) / DEPTH;
  return blocks <= 1 ? k : ((k + blocks - 1) / blocks + 7) / 8 * 8;
}

// Products whose operands fit into the first cache are not worth packing.
INLINE int is_small(const ck_product *p) {
  return p->b_column == 1 && p->n % TILE_COLUMNS == 0 && p->k <= DEPTH
      && (int64_t)p->n * p->k <= 4096;
}

void CK_NAME(product)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_product *p = arguments;
  int row, row_end, column, column_end;
  part_range(p->m, p->row_parts, part / p->column_parts, TILE_ROWS, &row, &row_end);
  part_range(p->n, p->column_parts, part % p->column_parts, TILE_COLUMNS, &column, &column_end);
  if (is_small(p)) {
    matrix a = {p->a + row * p->a_row, p->a_row, p->a_column};
    finishing f = {p, 1, 1};
    multiply_block(row_end - row, column_end - column, p->k, a, 0, p->b + column, p->b_row,
                   TILE_COLUMNS, row, column, f);
    return;
  }
  float *packed_b = scratch->base;
  float *packed_a = packed_b + DEPTH * BLOCK_COLUMNS;
  const int depth = depth_of_block(p->k);
  // Rows that are far apart in memory are copied. With eight lanes those of a row-major a can be
  // read where they lie; sixteen need the next number sooner than that gives it.
  const int packs_a = (p->a_column != 1 || LANES == 16) && column_end - column > TILE_COLUMNS;
  for (int j = column; j < column_end; j += BLOCK_COLUMNS) {
    int columns = column_end - j < BLOCK_COLUMNS ? column_end - j : BLOCK_COLUMNS;
    for (int k = 0; k < p->k; k += depth) {
      int d = p->k - k < depth ? p->k - k : depth;
      matrix b = {p->b + k * p->b_row + j * p->b_column, p->b_row, p->b_column};
      pack_panels(d, columns, b, packed_b);
      finishing f = {p, k == 0, k + d >= p->k};
      for (int i = row; i < row_end; i += BLOCK_ROWS) {
        int rows = row_end - i < BLOCK_ROWS ? row_end - i : BLOCK_ROWS;
        matrix a = {p->a + i * p->a_row + k * p->a_column, p->a_row, p->a_column};
        if (packs_a) {
          pack_tiles(rows, d, a, packed_a);
          a.start = packed_a;
        }
        multiply_block(rows, columns, d, a, packs_a, packed_b, TILE_COLUMNS,
                       (ptrdiff_t)d * TILE_COLUMNS, i, j, f);
      }
    }
  }
}
