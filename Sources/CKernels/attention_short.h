// SPDX-License-Identifier: MIT
// Attention over so few positions that the scores of a query are one vector: no panels, no bands.
// Sentences of a lesson are like that, where packing takes longer than the products.

INLINE int is_short(const ck_attention *a) {
  return a->length <= LANES && a->width % LANES == 0;
}

// [width, LANES] from [length, width]: what one query meets, key beside key.
INLINE void turn(const float *x, ptrdiff_t row, int length, int width, float *turned) {
  for (int d = 0; d < width; d++) store(turned + d * LANES, all(0));
  for (int t = 0; t < length; t++)
    for (int d = 0; d < width; d++) turned[d * LANES + t] = x[t * row + d];
}

INLINE vf dots(const float *x, const float *turned, int width) {
  vf even = all(0), odd = all(0);
  for (int d = 0; d < width; d += 2) {
    even += x[d] * load(turned + d * LANES);
    odd += x[d + 1] * load(turned + (d + 1) * LANES);
  }
  return even + odd;
}

// Which lanes are keys that a query may see: all bits, or none.
INLINE vi seen(const band *s, int query) {
  const ck_attention *a = s->a;
  static const float places[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const vf place = load(places);
  const int to = keys_to(s, query);
  const vf from = all((float)keys_from(a, query));
  const vf end = all((float)(to < a->length ? to : a->length));
  return (place >= from) & (place < end);
}

INLINE vf only(vi lanes, vf x) { return bits(number(x) & lanes); }

// What a query has for each key, where some of the weights are turned off.
INLINE vf dropped(const band *s, int query, vf x) {
  const ck_attention *a = s->a;
  if (!a->dropout.seed) return x;
  return x * shares(&a->dropout, state_at(s->random, (uint64_t)query * a->length));
}

static void short_attention(const band s, const float *keys) {
  const ck_attention *a = s.a;
  for (int i = 0; i < a->length; i++) {
    const vi lanes = seen(&s, i);
    const vf scores = dots(s.q + i * a->row, keys, a->width);
    const float peak = largest_of(lanes ? scores : all(-INFINITY));
    float weights[LANES];
    vf e = only(lanes, exponential((scores - peak) * a->scale));
    const float sum = sum_of(e);
    s.log_sums[i] = peak + logarithm_of(sum) / a->scale;
    store(weights, dropped(&s, i, e * (1 / sum)));
    for (int d = 0; d < a->width; d += LANES) {
      vf z = all(0);
      for (int t = 0; t < a->length; t++) z += weights[t] * load(s.v + t * a->row + d);
      store((float *)s.out + i * a->out_row + d, z);
    }
  }
}

// Weights and gradients of scores, [length, LANES] each.
static void short_weights(
    const band s, const float *keys, const float *values, float *weights, float *d_scores) {
  const ck_attention *a = s.a;
  for (int i = 0; i < a->length; i++) {
    const vi lanes = seen(&s, i);
    const vf scores = dots(s.q + i * a->row, keys, a->width);
    const vf weight = only(lanes, exponential((scores - s.log_sums[i]) * a->scale));
    const vf d_weight = dropped(&s, i, dots(s.d_out + i * a->out_row, values, a->width));
    const float mean = sum_of(weight * d_weight);
    store(weights + i * LANES, dropped(&s, i, weight));
    store(d_scores + i * LANES, weight * (d_weight - mean) * a->scale);
  }
}

static void short_gradient(
    const band s, const float *weights, const float *d_scores, float *dq, float *dk, float *dv) {
  const ck_attention *a = s.a;
  for (int d = 0; d < a->width; d += LANES)
    for (int i = 0; i < a->length; i++) {
      vf query = all(0), key = load(dk + i * a->row + d), value = load(dv + i * a->row + d);
      for (int t = 0; t < a->length; t++) {
        query += d_scores[i * LANES + t] * load(s.k + t * a->row + d);
        key += d_scores[t * LANES + i] * load(s.q + t * a->row + d);
        value += weights[t * LANES + i] * load(s.d_out + t * a->out_row + d);
      }
      store(dq + i * a->row + d, query);
      store(dk + i * a->row + d, key);
      store(dv + i * a->row + d, value);
    }
}
