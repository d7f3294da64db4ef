// SPDX-License-Identifier: MIT
// A tile of c in registers: rows of a times a panel of b, one fused multiply-add per term.

#define TILE_ROWS (LANES == 16 ? 12 : 6)
#define TILE_VECTORS 2
#define TILE_COLUMNS (TILE_VECTORS * LANES)

// Terms of the sums that are added in one pass of the loop.
#define TERMS 4

// A row-major a has an address for every second row: an instruction adds one distance by itself,
// and with an address for each row the registers would not do. Other layouts have one for each
// term.
#define ROWS_PER_ADDRESS 2
#define ADDRESSES (TILE_ROWS / ROWS_PER_ADDRESS > TERMS ? TILE_ROWS / ROWS_PER_ADDRESS : TERMS)

// Lines of memory that are wanted soon: `count` times two lines, `step` numbers apart.
typedef struct {
  const float *start;
  ptrdiff_t step;
  int count;
} stream;

#define STREAMS 8

// Where the operands of a tile lie.
typedef struct {
  const float *a, *b;
  // Between the rows of a if they lie row after row, else between its columns.
  ptrdiff_t a_apart, b_row;
  // Where this tile leaves a or b packed for those that follow, or NULL: stores cost nothing where
  // sums keep the processor busy.
  float *a_copy, *b_copy;
  const stream *ahead;
  int streams;
} operands;

// Sums for the finish to work on; or, where nothing is left to do but to store or to add them, the
// place in c.
typedef struct {
  vf lane[TILE_ROWS][TILE_VECTORS];
  float *c;
  ptrdiff_t c_row;
  int adds;
} tile;

// What the compiler knows of a tile.
typedef struct {
  const int rows, vectors, by_rows, copies_a, copies_b;
} tile_kind;

// How far a tile's sums have come.
typedef struct {
  const float *a[ADDRESSES], *b;
  float *a_copy, *b_copy;
  vf sum[TILE_ROWS][TILE_VECTORS];
} progress;

// The product of one number in memory and a vector is added. Half of the rows do it like this, half
// with the number in a register: the first takes fewer instructions, the second fewer loads. On a
// Xeon whose other thread was busy, the mixture reached 0.85 of the peak, only registers 0.79, only
// memory 0.82; alone 0.97 each.
#if CK_LANES == 16
#define FROM_MEMORY(r) ((r) % 2 == 0)
INLINE void add_from_memory(vf *sum, const float *left, vf right) {
  __asm__("vfmadd231ps %2%{1to16%}, %1, %0" : "+v"(*sum) : "v"(right), "m"(*left));
}
#else
#define FROM_MEMORY(r) 0
INLINE void add_from_memory(vf *sum, const float *left, vf right) { *sum += *left * right; }
#endif

INLINE int addresses_of(const tile_kind kind) {
  return kind.by_rows ? (kind.rows + ROWS_PER_ADDRESS - 1) / ROWS_PER_ADDRESS : TERMS;
}

// Adds the products of one term to all sums.
INLINE void add_term(const tile_kind kind, const int term, const operands *o, progress *s) {
  const float *b = s->b + term * o->b_row;
  vf right[TILE_VECTORS];
  UNROLL for (int v = 0; v < kind.vectors; v++) right[v] = load(b + v * LANES);
  if (kind.copies_b)
    UNROLL for (int v = 0; v < kind.vectors; v++)
      store(s->b_copy + term * TILE_COLUMNS + v * LANES, right[v]);
  UNROLL for (int r = 0; r < kind.rows; r++) {
    const float *left = kind.by_rows
        ? s->a[r / ROWS_PER_ADDRESS] + r % ROWS_PER_ADDRESS * o->a_apart + term
        : s->a[term] + r;
    if (FROM_MEMORY(r)) {
      UNROLL for (int v = 0; v < kind.vectors; v++) add_from_memory(&s->sum[r][v], left, right[v]);
    } else {
      const vf x = all(*left);
      UNROLL for (int v = 0; v < kind.vectors; v++) s->sum[r][v] += x * right[v];
    }
  }
  if (kind.copies_a)
    memcpy(s->a_copy + term * TILE_ROWS, s->a[term], (size_t)kind.rows * sizeof(float));
}

// Adds `terms` terms, and moves on.
INLINE void add_terms(const tile_kind kind, const int terms, const operands *o, progress *s) {
  UNROLL for (int t = 0; t < terms; t++) add_term(kind, t, o, s);
  s->b += terms * o->b_row;
  if (kind.copies_a) s->a_copy += terms * TILE_ROWS;
  if (kind.copies_b) s->b_copy += terms * TILE_COLUMNS;
  UNROLL for (int n = 0; n < addresses_of(kind); n++) {
    s->a[n] += kind.by_rows ? terms : terms * o->a_apart;
    // Keeps the compiler from replacing the few addresses by one for each number.
    __asm__("" : "+r"(s->a[n]));
  }
}

INLINE void sum_products(const tile_kind kind, int depth, const operands *o, progress *s) {
  UNROLL for (int r = 0; r < kind.rows; r++)
    UNROLL for (int v = 0; v < kind.vectors; v++) s->sum[r][v] = all(0);
  const ptrdiff_t apart = kind.by_rows ? ROWS_PER_ADDRESS * o->a_apart : o->a_apart;
  UNROLL for (int n = 0; n < addresses_of(kind); n++) s->a[n] = o->a + n * apart;
  s->b = o->b;
  s->a_copy = o->a_copy;
  s->b_copy = o->b_copy;
  int p = 0;
  if (kind.rows == TILE_ROWS) {
    // One request in a pass: many at once would hold up the loads.
#pragma clang loop unroll(disable)
    for (int n = 0; n < o->streams; n++) {
      const float *ahead = o->ahead[n].start;
      const ptrdiff_t step = o->ahead[n].step;
      const int wanted = p + TERMS * o->ahead[n].count, end = wanted < depth ? wanted : depth;
#pragma clang loop unroll(disable)
      for (; p + TERMS <= end; p += TERMS, ahead += step) {
        __builtin_prefetch(ahead);
        __builtin_prefetch(ahead + TILE_COLUMNS - 1);
        add_terms(kind, TERMS, o, s);
      }
    }
  }
#pragma clang loop unroll(disable)
  for (; p + TERMS <= depth; p += TERMS) add_terms(kind, TERMS, o, s);
#pragma clang loop unroll(disable)
  for (; p < depth; p++) add_terms(kind, 1, o, s);
}

INLINE void multiply_tile(const tile_kind kind, int depth, const operands *o, tile *out) {
  progress s;
  sum_products(kind, depth, o, &s);
  if (!out->c) {
    UNROLL for (int r = 0; r < kind.rows; r++)
      UNROLL for (int v = 0; v < kind.vectors; v++) out->lane[r][v] = s.sum[r][v];
    return;
  }
  if (out->adds)
    UNROLL for (int r = 0; r < kind.rows; r++)
      UNROLL for (int v = 0; v < kind.vectors; v++)
        s.sum[r][v] += load(out->c + r * out->c_row + v * LANES);
  UNROLL for (int r = 0; r < kind.rows; r++)
    UNROLL for (int v = 0; v < kind.vectors; v++)
      store(out->c + r * out->c_row + v * LANES, s.sum[r][v]);
}

#define CASE(ROWS)                                                                         \
  case ROWS:                                                                               \
    if (vectors == 1) multiply_tile((tile_kind){ROWS, 1, by_rows, 0, 0}, depth, o, out);   \
    else multiply_tile((tile_kind){ROWS, TILE_VECTORS, by_rows, 0, 0}, depth, o, out);     \
    break;
#if CK_LANES == 16
#define CASES CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) \
    CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#else
#define CASES CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#endif

static void multiply_by_rows(int rows, int vectors, int depth, const operands *o, tile *out) {
  const int by_rows = 1;
  switch (rows) { CASES }
}

static void multiply_by_columns(int rows, int vectors, int depth, const operands *o, tile *out) {
  const int by_rows = 0;
  switch (rows) { CASES }
}

// A whole tile that leaves copies of what it reads.
#define COPYING(BY_ROWS, A, B) \
  multiply_tile((tile_kind){TILE_ROWS, TILE_VECTORS, BY_ROWS, A, B}, depth, o, out)
static void multiply_and_copy(int by_rows, int depth, const operands *o, tile *out) {
  if (by_rows) COPYING(1, 0, 1);
  else if (o->a_copy && o->b_copy) COPYING(0, 1, 1);
  else if (o->a_copy) COPYING(0, 1, 0);
  else COPYING(0, 0, 1);
}
