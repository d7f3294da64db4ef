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
} band;

INLINE int keys_from(const ck_attention *a, int query) {
  return a->window == 0 || query < a->window ? 0 : query - a->window + 1;
}
INLINE int keys_to(const band *s, int query) {
  if (s->a->window == 0) return s->a->length;
  return query + 1 > s->prefix ? query + 1 : s->prefix;
}

// c = a * packed b, or c += it.
static void multiply_packed(
    int rows, int columns, int depth, matrix a, const float *b, ptrdiff_t apart, float *c,
    ptrdiff_t c_row, int accumulate) {
  const ck_product p = {.c = c, .c_row = c_row, .accumulate = accumulate};
  band_of_tiles t = {{&p, 1, 1}, {a}, .rows = rows, .depth = depth};
  for (; t.j < columns; t.j += TILE_COLUMNS) {
    t.width = columns - t.j < TILE_COLUMNS ? columns - t.j : TILE_COLUMNS;
    t.b = (panel){b + (t.j / TILE_COLUMNS) * apart, TILE_COLUMNS, NULL};
    multiply_band(&t);
  }
}

// The scores of a band against its keys, from whole panels of keys.
static void band_scores(band s, const float *query, const float *packed_keys, float *scores) {
  const ck_attention *a = s.a;
  int from = s.first_key / TILE_COLUMNS * TILE_COLUMNS;
  const float *panels = packed_keys + (ptrdiff_t)from / TILE_COLUMNS * a->width * TILE_COLUMNS;
  matrix q = {query, 0, 1};
  q.row = query == s.q ? a->row : a->out_row;
  multiply_packed(s.end - s.start, s.last_key - from, a->width, q, panels,
                  (ptrdiff_t)a->width * TILE_COLUMNS, scores + from, score_row(a->length), 0);
}

// Scores become exponentials, not yet divided; gives one over the sum.
INLINE float soften(
    float *scores, int from, int to, int first, int last, float scale, float *log_sum) {
  vf peaks = all(-INFINITY);
  int i = from;
  for (; i + LANES <= to; i += LANES) peaks = larger(peaks, load(scores + i));
  if (i < to) peaks = larger(peaks, load_some(scores + i, to - i, -INFINITY));
  // From differences, so that the greatest weight is exactly 1 before it is divided.
  const float peak = largest_of(peaks);
  vf sums = all(0);
  for (i = from; i < to; i += LANES) {
    const int lanes = to - i < LANES ? to - i : LANES;
    vf x = lanes == LANES ? load(scores + i) : load_some(scores + i, lanes, -INFINITY);
    vf e = exponential((x - peak) * scale);
    sums += e;
    put(scores + i, e, lanes);
  }
  for (i = first; i < from; i++) scores[i] = 0;
  for (i = to; i < last; i++) scores[i] = 0;
  const float sum = sum_of(sums);
  *log_sum = peak + logf(sum) / scale;
  return 1 / sum;
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
  return s;
}

#include "attention_short.h"

void CK_NAME(attention)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_attention *a = arguments;
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
  pack_panels(length, width, (matrix){a->v + shared, a->row, 1}, values);
  for (int head = key_head * group; head < (key_head + 1) * group; head++) {
    for (int start = 0; start < length; start += BAND) {
      band s = band_at(a, row, head, start);
      band_scores(s, s.q, keys, scores);
      float inverse[BAND];
      for (int i = 0; i < s.end - start; i++)
        inverse[i] = soften(scores + i * score_row(length), keys_from(a, start + i),
                            keys_to(&s, start + i), s.first_key, s.last_key, a->scale,
                            s.log_sums + i);
      matrix weights = {scores + s.first_key, score_row(length), 1};
      multiply_packed(s.end - start, width, s.last_key - s.first_key, weights,
                      values + s.first_key * TILE_COLUMNS, (ptrdiff_t)length * TILE_COLUMNS,
                      (float *)s.out, a->out_row, 0);
      for (int i = 0; i < s.end - start; i++) {
        float *out = (float *)s.out + i * a->out_row;
        const float share = inverse[i];
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
  float *keys_across, *keys, *values_across, *scores, *d_scores, *right;
} attention_memory;

static void band_gradient(band s, int row, int head, const attention_memory m) {
  const ck_attention *a = s.a;
  const int width = a->width, length = a->length, group = a->heads / a->key_heads;
  const int rows = s.end - s.start, seen = s.last_key - s.first_key;
  const ptrdiff_t apart = score_row(length);
  band_scores(s, s.q, m.keys_across, m.scores);
  band_scores(s, s.d_out, m.values_across, m.d_scores);
  for (int i = 0; i < rows; i++)
    soften_gradient(m.scores + i * apart, m.d_scores + i * apart, keys_from(a, s.start + i),
                    keys_to(&s, s.start + i), s.first_key, s.last_key, a->scale, s.log_sums[i]);
  const ptrdiff_t first = (ptrdiff_t)row * length;
  const ptrdiff_t shared = (first + s.first_key) * a->row + (ptrdiff_t)(head / group) * width;
  // dV += P' dO, dK += dS' Q, dQ = dS K.
  pack_panels(rows, width, (matrix){s.d_out, a->out_row, 1}, m.right);
  multiply_packed(seen, width, rows, (matrix){m.scores + s.first_key, 1, apart}, m.right,
                  (ptrdiff_t)rows * TILE_COLUMNS, a->dv + shared, a->row, 1);
  pack_panels(rows, width, (matrix){s.q, a->row, 1}, m.right);
  multiply_packed(seen, width, rows, (matrix){m.d_scores + s.first_key, 1, apart}, m.right,
                  (ptrdiff_t)rows * TILE_COLUMNS, a->dk + shared, a->row, 1);
  float *dq = a->dq + (first + s.start) * a->row + (ptrdiff_t)head * width;
  multiply_packed(rows, width, seen, (matrix){m.d_scores + s.first_key, apart, 1},
                  m.keys + s.first_key * TILE_COLUMNS, (ptrdiff_t)length * TILE_COLUMNS, dq,
                  a->row, 0);
}

void CK_NAME(attention_gradient)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_attention *a = arguments;
  const int row = part / a->key_heads, key_head = part % a->key_heads;
  const int group = a->heads / a->key_heads, width = a->width, length = a->length;
  const ptrdiff_t shared = (ptrdiff_t)key_head * width + (ptrdiff_t)row * length * a->row;
  const ptrdiff_t across = (ptrdiff_t)padded(length) * width;
  const ptrdiff_t along = (ptrdiff_t)length * padded(width);
  attention_memory m;
  m.keys_across = scratch->base;
  m.values_across = m.keys_across + across;
  m.keys = m.values_across + across;
  m.scores = m.keys + along;
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
  pack_panels(length, width, (matrix){a->k + shared, a->row, 1}, m.keys);
  for (int head = key_head * group; head < (key_head + 1) * group; head++)
    for (int start = 0; start < length; start += BAND)
      band_gradient(band_at(a, row, head, start), row, head, m);
}
