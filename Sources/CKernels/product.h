// SPDX-License-Identifier: MIT
// Matrix products: panels of `b` packed for the cache, tiles of `c` in registers.
// Source of the blocking: Goto and van de Geijn 2008, Anatomy of High-Performance Matrix
// Multiplication; Van Zee and van de Geijn 2015, BLIS.

typedef struct {
  const float *start;
  ptrdiff_t row, column;
} matrix;

#include "tile.h"
#include "packing.h"

// A panel of b, [DEPTH, TILE_COLUMNS], fills a good part of the first cache; a block of a,
// [rows, DEPTH], half of the second; the packed b, [DEPTH, BLOCK_COLUMNS], a part of the third.
// Sums are cut where the depth ends: it may not depend on the machine, or their last bits would.
#define DEPTH CK_PRODUCT_DEPTH
#define BLOCK_COLUMNS CK_PRODUCT_COLUMNS

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

// Rows of a. Those that lie row after row are read where they are; columns are packed by the first
// tiles that read them, [depth, TILE_ROWS] for each whole tile, if there is a place for them.
typedef struct {
  matrix in_place;
  float *packed;
  int is_packed;
} left_side;

// A panel of b; if `copy` is not NULL, the first tile packs it there.
typedef struct {
  const float *start;
  ptrdiff_t row;
  float *copy;
} panel;

// Rows of a times a panel of b, for the tiles of c from row i, column j on.
typedef struct {
  finishing f;
  left_side a;
  panel b;
  int rows, width, depth, i, j;
  // Whether memory is fetched ahead; and what the next panel is made of, or no start.
  int fetches;
  matrix next;
} band_of_tiles;

INLINE operands operands_of(const band_of_tiles *t, panel b, int row, int height) {
  const matrix m = t->a.in_place;
  operands o = {.b = b.start, .b_row = b.row, .b_copy = b.copy};
  if (m.column == 1) {
    o.a = m.start + row * m.row;
    o.a_apart = m.row;
    return o;
  }
  float *own =
      t->a.packed && height == TILE_ROWS ? t->a.packed + (ptrdiff_t)row * t->depth : NULL;
  if (own && t->a.is_packed) {
    o.a = own;
    o.a_apart = TILE_ROWS;
    return o;
  }
  o.a = m.start + row;
  o.a_apart = m.column;
  o.a_copy = own;
  return o;
}

// The share of the next panel that is fetched while the tile at a row is computed.
INLINE int fetch_panel(const band_of_tiles *t, int row, stream *ahead, int count) {
  const matrix b = t->next;
  const int tiles = (t->rows + TILE_ROWS - 1) / TILE_ROWS, at = row / TILE_ROWS;
  if (b.column == 1) {
    const int from = t->depth * at / tiles, to = t->depth * (at + 1) / tiles;
    ahead[count++] = (stream){b.start + from * b.row, b.row, to - from};
    return count;
  }
  int from = TILE_COLUMNS * at / tiles;
  const int to = TILE_COLUMNS * (at + 1) / tiles;
  for (; from < to && count < STREAMS; from++)
    ahead[count++] =
        (stream){b.start + from * b.column, TILE_COLUMNS, t->depth / TILE_COLUMNS};
  return count;
}

// What is fetched while the tile at a row is computed: the next tile of c, what is read or written
// beside it, and a share of the next panel.
INLINE int fetch_ahead(const band_of_tiles *t, int row, stream *ahead) {
  const ck_product *p = t->f.p;
  const int is_below = row + TILE_ROWS < t->rows;
  int count = 0;
  if (is_below || t->next.start) {
    const ptrdiff_t i = is_below ? t->i + row + TILE_ROWS : t->i;
    const ptrdiff_t j = is_below ? t->j : t->j + TILE_COLUMNS;
    ahead[count++] = (stream){p->c + i * p->c_row + j, p->c_row, TILE_ROWS};
    const float *other = p->post ? p->post : p->aux;
    if (t->f.is_last && other)
      ahead[count++] = (stream){other + i * p->other_row + j, p->other_row, TILE_ROWS};
    if (t->f.is_last && p->residual)
      ahead[count++] = (stream){p->residual + i * p->residual_row + j, p->residual_row, TILE_ROWS};
  }
  return t->next.start ? fetch_panel(t, row, ahead, count) : count;
}

static void multiply_band(const band_of_tiles *t) {
  const ck_product *p = t->f.p;
  const int is_plain =
      !t->f.is_last || (!p->bias && !p->residual && p->finish == CK_FINISH_NONE);
  const int by_rows = t->a.in_place.column == 1, vectors = t->width <= LANES ? 1 : TILE_VECTORS;
  panel b = t->b;
  tile out;
  out.c_row = p->c_row;
  out.adds = !t->f.is_first || p->accumulate;
  for (int r = 0; r < t->rows; r += TILE_ROWS) {
    const int height = t->rows - r < TILE_ROWS ? t->rows - r : TILE_ROWS;
    float *c = p->c + (t->i + r) * p->c_row + t->j;
    out.c = is_plain && t->width == TILE_COLUMNS ? c : NULL;
    operands o = operands_of(t, b, r, height);
    stream ahead[STREAMS];
    o.ahead = ahead;
    o.streams = t->fetches ? fetch_ahead(t, r, ahead) : 0;
    if (o.a_copy || o.b_copy) multiply_and_copy(by_rows, t->depth, &o, &out);
    else if (by_rows) multiply_by_rows(height, vectors, t->depth, &o, &out);
    else multiply_by_columns(height, vectors, t->depth, &o, &out);
    if (!out.c) finish_tile(t->f, &out, height, t->i + r, t->j, t->width);
    if (b.copy) b = (panel){b.copy, TILE_COLUMNS, NULL};
  }
}

// Depths of nearly equal size: a short last one would waste the time of storing tiles.
INLINE int depth_of_block(int k) {
  const int blocks = (k + DEPTH - 1) / DEPTH;
  return blocks <= 1 ? k : ((k + blocks - 1) / blocks + 7) / 8 * 8;
}

// Blocks of nearly as many rows, in whole tiles.
INLINE int rows_of_block(int rows, int depth) {
  const int most = ck_product_block() / depth / TILE_ROWS * TILE_ROWS;
  const int blocks = (rows + most - 1) / most;
  return ((rows + blocks - 1) / blocks + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
}

// A panel of b: packed already, or packed now, or left to the first tile; where there is but one
// tile, a copy would be of no use.
INLINE panel panel_of(matrix b, int depth, int width, int is_packed, int is_only, float *place) {
  if (!is_packed && b.column == 1 && (width == TILE_COLUMNS || (is_only && width == LANES)))
    return (panel){b.start, b.row, is_only ? NULL : place};
  if (!is_packed) pack_panel(depth, width, b, place);
  return (panel){place, TILE_COLUMNS, NULL};
}

// The panel after this one: as it lies in b, or packed already.
INLINE matrix next_panel(const band_of_tiles *t, matrix b, int is_first_block, int end) {
  if (t->j + 2 * TILE_COLUMNS > end) return (matrix){0};
  if (is_first_block) return (matrix){b.start + TILE_COLUMNS * b.column, b.row, b.column};
  return (matrix){t->b.start + (ptrdiff_t)t->depth * TILE_COLUMNS, TILE_COLUMNS, 1};
}

void CK_NAME(product)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_product *p = arguments;
#if CK_LANES == 16
  // Two vectors of eight are faster here than one of sixteen.
  if (p->n <= 16) {
    product_avx2(arguments, part, scratch);
    return;
  }
#endif
  int row, row_end, column, column_end;
  part_range(p->m, p->row_parts, part / p->column_parts, TILE_ROWS, &row, &row_end);
  part_range(p->n, p->column_parts, part % p->column_parts, TILE_COLUMNS, &column, &column_end);
  // There may be more parts than tiles.
  if (row == row_end || column == column_end) return;
  const int depth = depth_of_block(p->k), block_rows = rows_of_block(row_end - row, depth);
  const int panels = ((p->n < BLOCK_COLUMNS ? p->n : BLOCK_COLUMNS) - 1) / TILE_COLUMNS + 1;
  float *const packed_b = scratch->base;
  float *const packed_a = packed_b + (ptrdiff_t)panels * depth * TILE_COLUMNS;
  const int is_one_block = row_end - row <= block_rows, is_one_tile = row_end - row <= TILE_ROWS;
  for (int j = column; j < column_end; j += BLOCK_COLUMNS) {
    const int end = column_end - j < BLOCK_COLUMNS ? column_end : j + BLOCK_COLUMNS;
    for (int k = 0; k < p->k; k += depth) {
      band_of_tiles t = {{p, k == 0, p->k - k <= depth}, .fetches = 1};
      t.depth = p->k - k < depth ? p->k - k : depth;
      for (t.i = row; t.i < row_end; t.i += block_rows) {
        t.rows = row_end - t.i < block_rows ? row_end - t.i : block_rows;
        const matrix a = {p->a + t.i * p->a_row + k * p->a_column, p->a_row, p->a_column};
        t.a = (left_side){a, end - j > TILE_COLUMNS ? packed_a : NULL, 0};
        for (t.j = j; t.j < end; t.j += TILE_COLUMNS) {
          t.width = end - t.j < TILE_COLUMNS ? end - t.j : TILE_COLUMNS;
          // Where there is one block of rows, a panel has been used up when the next is packed.
          float *place = packed_b + (is_one_block ? 0 : (ptrdiff_t)(t.j - j) * t.depth);
          const matrix b = {p->b + k * p->b_row + t.j * p->b_column, p->b_row, p->b_column};
          t.b = panel_of(b, t.depth, t.width, t.i > row, is_one_tile, place);
          t.next = next_panel(&t, b, t.i == row, end);
          multiply_band(&t);
          t.a.is_packed = 1;
        }
      }
    }
  }
}
