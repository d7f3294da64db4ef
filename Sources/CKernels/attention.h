// SPDX-License-Identifier: MIT
// Attention by bands of queries: scores of one band at a time, never positions by positions.
// Source of the idea: Dao et al. 2022, FlashAttention, arXiv:2205.14135; here a band is a set of
// whole rows, so that each softmax is the plain one. For backward the weights are computed again
// from the logarithms of the sums.

// Queries of one band; a multiple of every TILE_ROWS.
#define BAND 24

// Rows of scores lie apart by this, which is no power of two: else they would share cache sets.
INLINE ptrdiff_t score_row(int length) { return (length + 15) / 16 * 16 + 16; }

INLINE int padded(int columns) { return (columns + 31) / 32 * 32; }

typedef struct {
  const ck_attention *a;
  const float *q, *k, *v, *out, *d_out;
  float *log_sums;
  int start, end;        // queries
  int prefix;
  int first_key, last_key;
  uint64_t random;       // before the place of the first query and key 0, where there is dropout
} band;

INLINE int keys_from(const ck_attention *a, int query) {
  return a->window == 0 || query < a->window ? 0 : query - a->window + 1;
}
INLINE int keys_to(const band *s, int query) {
  if (s->a->window == 0) return s->a->length;
  return query + 1 > s->prefix ? query + 1 : s->prefix;
}

// Panels of b: packed one after the other, or side by side in rows of their own.
typedef struct {
  const float *start;
  ptrdiff_t row, apart;
} right_side;

INLINE right_side packed_right(const float *panels, int depth) {
  return (right_side){panels, TILE_COLUMNS, (ptrdiff_t)depth * TILE_COLUMNS};
}

// Rows of whole vectors are read where they are; others are packed.
INLINE right_side right_of(const float *b, ptrdiff_t row, int depth, int columns, float *memory) {
  if (columns % LANES == 0) return (right_side){b, row, TILE_COLUMNS};
  pack_panels(depth, columns, (matrix){b, row, 1}, memory);
  return packed_right(memory, depth);
}

INLINE right_side from_row(right_side b, int row) {
  b.start += row * b.row;
  return b;
}

// c = a * b, or c += it.
static void multiply_panels(
    int rows, int columns, int depth, matrix a, right_side b, float *c, ptrdiff_t c_row,
    int accumulate) {
  const ck_product p = {.c = c, .c_row = c_row, .accumulate = accumulate};
  band_of_tiles t = {{&p, 1, 1}, {a}, .rows = rows, .depth = depth};
  for (; t.j < columns; t.j += TILE_COLUMNS) {
    t.width = columns - t.j < TILE_COLUMNS ? columns - t.j : TILE_COLUMNS;
    t.b = (panel){b.start + (t.j / TILE_COLUMNS) * b.apart, b.row, NULL};
    multiply_band(&t);
  }
}

// The scores of a band against its keys, from whole panels of keys.
static void band_scores(band s, const float *query, const float *packed_keys, float *scores) {
  const ck_attention *a = s.a;
  int from = s.first_key / TILE_COLUMNS * TILE_COLUMNS;
  const float *panels = packed_keys + (ptrdiff_t)from * a->width;
  matrix q = {query, 0, 1};
  q.row = query == s.q ? a->row : a->out_row;
  multiply_panels(s.end - s.start, s.last_key - from, a->width, q,
                  packed_right(panels, a->width), scores + from, score_row(a->length), 0);
}

typedef struct {
  float peak, sum;
} softness;

// The scores of a query become exponentials, not yet divided by their sum.
INLINE softness soften(float *scores, int from, int to, int first, int last, float scale) {
  vf peaks = all(-INFINITY);
  int i = from;
  for (; i + LANES <= to; i += LANES) peaks = larger(peaks, load(scores + i));
  if (i < to) peaks = larger(peaks, load_some(scores + i, to - i, -INFINITY));
  // From differences, so that the greatest weight is exactly 1 before it is divided.
  const float peak = largest_of(peaks);
  vf sums = all(0);
  for (i = from; i + LANES <= to; i += LANES) {
    const vf e = exponential((load(scores + i) - peak) * scale);
    sums += e;
    store(scores + i, e);
  }
  if (i < to) {
    const vf e = exponential((load_some(scores + i, to - i, -INFINITY) - peak) * scale);
    sums += e;
    store_some(scores + i, e, to - i);
  }
  for (i = first; i < from; i++) scores[i] = 0;
  for (i = to; i < last; i++) scores[i] = 0;
  return (softness){peak, sum_of(sums)};
}

// What `soften` finds for the queries of a band, in whole vectors.
typedef struct {
  float peak[2 * BAND], sum[2 * BAND];
} band_softness;

// The logarithms of the sums; each sum becomes one over it.
INLINE void finish_softness(band_softness *s, int rows, float scale, float *log_sums) {
  for (int i = rows; i < 2 * BAND; i++) s->peak[i] = s->sum[i] = 1;
  for (int i = 0; i < rows; i += LANES) {
    const int lanes = rows - i < LANES ? rows - i : LANES;
    const vf sum = load(s->sum + i);
    put(log_sums + i, load(s->peak + i) + logarithm(sum) / scale, lanes);
    store(s->sum + i, 1.0f / sum);
  }
}

static band band_at(const ck_attention *a, int row, int head, int start) {
  const int group = a->heads / a->key_heads, first = row * a->length;
  const int end = start + BAND < a->length ? start + BAND : a->length;
  const ptrdiff_t own = (ptrdiff_t)head * a->width, shared = (ptrdiff_t)(head / group) * a->width;
  band s = {a, 0};
  s.q = a->q + (ptrdiff_t)(first + start) * a->row + own;
  s.k = a->k + (ptrdiff_t)first * a->row + shared;
  s.v = a->v + (ptrdiff_t)first * a->row + shared;
  s.out = a->out + (ptrdiff_t)(first + start) * a->out_row + own;
  if (a->d_out) s.d_out = a->d_out + (ptrdiff_t)(first + start) * a->out_row + own;
  s.log_sums = a->log_sums + ((ptrdiff_t)row * a->heads + head) * a->length + start;
  s.start = start;
  s.end = end;
  s.first_key = keys_from(a, start);
  if (a->prefix) s.prefix = a->prefix[row];
  s.last_key = keys_to(&s, end - 1);
  if (a->dropout.seed) {
    const uint64_t query = ((uint64_t)row * a->heads + head) * a->length + start;
    s.random = state_at(first_state(&a->dropout), query * a->length);
  }
  return s;
}

// What a query of a band has for each key, where some of the weights are turned off.
INLINE void drop_weights(const band *s, int query, float *of_keys) {
  const ck_attention *a = s->a;
  if (!a->dropout.seed) return;
  const uint64_t state = state_at(s->random, (uint64_t)query * a->length);
  drop(&a->dropout, of_keys, keys_from(a, s->start + query), keys_to(s, s->start + query), state);
}

#if CK_LANES == 16
// A narrow head would leave half of each vector idle.
#define NARROW_HEADS(KERNEL)                 \
  if (a->width < LANES) {                    \
    KERNEL##_avx2(arguments, part, scratch); \
    return;                                  \
  }
#else
#define NARROW_HEADS(KERNEL)
#endif

#include "attention_short.h"

void CK_NAME(attention)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_attention *a = arguments;
  NARROW_HEADS(attention)
  const int row = part / a->key_heads, key_head = part % a->key_heads;
  const int group = a->heads / a->key_heads, width = a->width, length = a->length;
  const ptrdiff_t shared = (ptrdiff_t)key_head * width + (ptrdiff_t)row * length * a->row;
  float *keys = scratch->base, *values = keys + (ptrdiff_t)padded(length) * width;
  if (is_short(a)) {
    turn(a->k + shared, a->row, length, width, keys);
    for (int head = key_head * group; head < (key_head + 1) * group; head++)
      short_attention(band_at(a, row, head, 0), keys);
    return;
  }
  float *scores = values + (ptrdiff_t)length * padded(width);
  pack_panels(width, length, (matrix){a->k + shared, 1, a->row}, keys);
  const right_side right = right_of(a->v + shared, a->row, length, width, values);
  for (int head = key_head * group; head < (key_head + 1) * group; head++) {
    for (int start = 0; start < length; start += BAND) {
      band s = band_at(a, row, head, start);
      band_scores(s, s.q, keys, scores);
      band_softness soft;
      for (int i = 0; i < s.end - start; i++) {
        const softness x =
            soften(scores + i * score_row(length), keys_from(a, start + i),
                   keys_to(&s, start + i), s.first_key, s.last_key, a->scale);
        soft.peak[i] = x.peak;
        soft.sum[i] = x.sum;
        drop_weights(&s, i, scores + i * score_row(length));
      }
      finish_softness(&soft, s.end - start, a->scale, s.log_sums);
      matrix weights = {scores + s.first_key, score_row(length), 1};
      multiply_panels(s.end - start, width, s.last_key - s.first_key, weights,
                      from_row(right, s.first_key), (float *)s.out, a->out_row, 0);
      for (int i = 0; i < s.end - start; i++) {
        float *out = (float *)s.out + i * a->out_row;
        const float share = soft.sum[i];
        FOR_LANES(width, put(out + i, get(out + i, lanes) * share, lanes););
      }
    }
  }
}

// Scores become weights P, and d_scores the gradient of the scaled scores: P * (dP - sum of P dP).
// The sum over keys, not dO * O: where one key has all the weight, the gradient is exactly 0.
INLINE void soften_gradient(
    float *scores, float *d_scores, int from, int to, int first, int last, float scale,
    float log_sum) {
  vf sums = all(0);
  for (int i = from; i < to; i += LANES) {
    const int lanes = to - i < LANES ? to - i : LANES;
    vf weight = exponential((get(scores + i, lanes) - log_sum) * scale);
    put(scores + i, weight, lanes);
    sums += get(scores + i, lanes) * get(d_scores + i, lanes);
  }
  const float mean = sum_of(sums);
  for (int i = from; i < to; i += LANES) {
    const int lanes = to - i < LANES ? to - i : LANES;
    put(d_scores + i, get(scores + i, lanes) * (get(d_scores + i, lanes) - mean) * scale, lanes);
  }
  for (int i = first; i < from; i++) scores[i] = d_scores[i] = 0;
  for (int i = to; i < last; i++) scores[i] = d_scores[i] = 0;
}

typedef struct {
  float *keys_across, *values_across, *scores, *d_scores, *right;
  right_side keys;
} attention_memory;

static void band_gradient(band s, int row, int head, const attention_memory m) {
  const ck_attention *a = s.a;
  const int width = a->width, length = a->length, group = a->heads / a->key_heads;
  const int rows = s.end - s.start, seen = s.last_key - s.first_key;
  const ptrdiff_t apart = score_row(length);
  band_scores(s, s.q, m.keys_across, m.scores);
  band_scores(s, s.d_out, m.values_across, m.d_scores);
  for (int i = 0; i < rows; i++) {
    drop_weights(&s, i, m.d_scores + i * apart);
    soften_gradient(m.scores + i * apart, m.d_scores + i * apart, keys_from(a, s.start + i),
                    keys_to(&s, s.start + i), s.first_key, s.last_key, a->scale, s.log_sums[i]);
    drop_weights(&s, i, m.scores + i * apart);
  }
  const ptrdiff_t first = (ptrdiff_t)row * length;
  const ptrdiff_t shared = (first + s.first_key) * a->row + (ptrdiff_t)(head / group) * width;
  // dV += P' dO, dK += dS' Q, dQ = dS K.
  const matrix weights = {m.scores + s.first_key, 1, apart};
  multiply_panels(seen, width, rows, weights, right_of(s.d_out, a->out_row, rows, width, m.right),
                  a->dv + shared, a->row, 1);
  const matrix turned = {m.d_scores + s.first_key, 1, apart};
  multiply_panels(seen, width, rows, turned, right_of(s.q, a->row, rows, width, m.right),
                  a->dk + shared, a->row, 1);
  float *dq = a->dq + (first + s.start) * a->row + (ptrdiff_t)head * width;
  const matrix d_scores = {m.d_scores + s.first_key, apart, 1};
  multiply_panels(rows, width, seen, d_scores, from_row(m.keys, s.first_key), dq, a->row, 0);
}

void CK_NAME(attention_gradient)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_attention *a = arguments;
  NARROW_HEADS(attention_gradient)
  const int row = part / a->key_heads, key_head = part % a->key_heads;
  const int group = a->heads / a->key_heads, width = a->width, length = a->length;
  const ptrdiff_t shared = (ptrdiff_t)key_head * width + (ptrdiff_t)row * length * a->row;
  const ptrdiff_t across = (ptrdiff_t)padded(length) * width;
  const ptrdiff_t along = (ptrdiff_t)length * padded(width);
  attention_memory m;
  m.keys_across = scratch->base;
  m.values_across = m.keys_across + across;
  float *const keys = m.values_across + across;
  m.scores = keys + along;
  m.d_scores = m.scores + BAND * score_row(length);
  m.right = m.d_scores + BAND * score_row(length);
  for (int t = 0; t < length; t++) {
    memset(a->dk + shared + t * a->row, 0, (size_t)width * 4);
    memset(a->dv + shared + t * a->row, 0, (size_t)width * 4);
  }
  if (is_short(a)) {
    turn(a->k + shared, a->row, length, width, m.keys_across);
    turn(a->v + shared, a->row, length, width, m.values_across);
    for (int head = key_head * group; head < (key_head + 1) * group; head++) {
      const band s = band_at(a, row, head, 0);
      const ptrdiff_t own = (ptrdiff_t)row * length * a->row + (ptrdiff_t)head * width;
      short_weights(s, m.keys_across, m.values_across, m.scores, m.d_scores);
      short_gradient(s, m.scores, m.d_scores, a->dq + own, a->dk + shared, a->dv + shared);
    }
    return;
  }
  pack_panels(width, length, (matrix){a->k + shared, 1, a->row}, m.keys_across);
  pack_panels(width, length, (matrix){a->v + shared, 1, a->row}, m.values_across);
  m.keys = right_of(a->k + shared, a->row, length, width, keys);
  for (int head = key_head * group; head < (key_head + 1) * group; head++)
    for (int start = 0; start < length; start += BAND)
      band_gradient(band_at(a, row, head, start), row, head, m);
}
