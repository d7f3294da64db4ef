// SPDX-License-Identifier: MIT
// One new token: each weight is read once, as fast as memory gives it.

// Rows of w times one number each, added to a run of outputs that stays in the first cache.
INLINE void add_rows(float *y, const float *x, const float *w, ptrdiff_t row, int rows, int width) {
  int r = 0;
  for (; r + 4 <= rows; r += 4) {
    const float *a = w + r * row, *b = a + row, *c = b + row, *d = c + row;
    FOR_LANES(width, vf sum = get(y + i, lanes);
              sum += x[r] * get(a + i, lanes); sum += x[r + 1] * get(b + i, lanes);
              sum += x[r + 2] * get(c + i, lanes); sum += x[r + 3] * get(d + i, lanes);
              put(y + i, sum, lanes););
  }
  for (; r < rows; r++)
    FOR_LANES(width, put(y + i, get(y + i, lanes) + x[r] * get(w + r * row + i, lanes), lanes););
}

INLINE float long_dot(const float *a, const float *b, int count) {
  vf s0 = all(0), s1 = all(0), s2 = all(0), s3 = all(0);
  int i = 0;
  for (; i + 4 * LANES <= count; i += 4 * LANES) {
    s0 += load(a + i) * load(b + i);
    s1 += load(a + i + LANES) * load(b + i + LANES);
    s2 += load(a + i + 2 * LANES) * load(b + i + 2 * LANES);
    s3 += load(a + i + 3 * LANES) * load(b + i + 3 * LANES);
  }
  vf rest = s0 + s1 + s2 + s3;
  for (; i < count; i += LANES) {
    const int lanes = count - i < LANES ? count - i : LANES;
    rest += get(a + i, lanes) * get(b + i, lanes);
  }
  return sum_of(rest);
}

void CK_NAME(matvec)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_matvec *p = arguments;
  int first, end;
  if (p->transposed) {
    part_range(p->outputs, p->parts, part, 16, &first, &end);
    for (int j = first; j < end; j++) p->y[j] = long_dot(p->w + j * p->row, p->x, p->inputs);
    return;
  }
  part_range(p->inputs, p->parts, part, 4, &first, &end);
  float *sums = p->partial + (ptrdiff_t)part * p->outputs;
  memset(sums, 0, (size_t)p->outputs * 4);
  if (p->parts == 1) {
    // Small enough for the caches: there four rows at a time are faster.
    add_rows(sums, p->x, p->w, p->row, p->inputs, p->outputs);
    return;
  }
  // One row after the other: a single stream is what memory gives fastest; the sums stay in the
  // first cache.
  for (int r = first; r < end; r++) {
    const float *w = p->w + r * p->row;
    const vf x = all(p->x[r]);
    FOR_LANES(p->outputs, put(sums + i, get(sums + i, lanes) + x * get(w + i, lanes), lanes););
  }
}

void CK_NAME(matvec_finish)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_matvec *p = arguments;
  FOR_LANES(p->outputs, vf x = p->transposed ? get(p->y + i, lanes) : all(0);
            if (!p->transposed)
              for (int n = 0; n < p->parts; n++)
                x += get(p->partial + (ptrdiff_t)n * p->outputs + i, lanes);
            if (p->bias) x += get(p->bias + i, lanes);
            if (p->residual) x += get(p->residual + i, lanes);
            vf slope = x;
            if (p->post) put(p->post + i, gelu(x, &slope), lanes);
            put(p->y + i, slope, lanes););
}

// The caches are [key head, position, width], so that a head reads one run of memory.
void CK_NAME(cached_attention)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_cached_attention *p = arguments;
  const int width = p->width, known = *p->known, group = p->heads / p->key_heads;
  float *keys = p->cache_k + (ptrdiff_t)part * p->capacity * width;
  float *values = p->cache_v + (ptrdiff_t)part * p->capacity * width;
  float *weights = scratch->base;
  for (int row = 0; row < p->rows; row++) {
    const int last = known + row, end = last + 1;
    const int first = p->window && end > p->window ? end - p->window : 0, seen = end - first;
    const float *near_keys = keys + (ptrdiff_t)first * width;
    const float *near_values = values + (ptrdiff_t)first * width;
    const ptrdiff_t at = row * p->row + (ptrdiff_t)part * width;
    memcpy(keys + (ptrdiff_t)last * width, p->k + at, (size_t)width * 4);
    memcpy(values + (ptrdiff_t)last * width, p->v + at, (size_t)width * 4);
    for (int head = part * group; head < (part + 1) * group; head++) {
      const float *q = p->q + row * p->row + (ptrdiff_t)head * width;
      for (int t = 0; t < seen; t++)
        weights[t] = long_dot(near_keys + (ptrdiff_t)t * width, q, width);
      const float share = 1 / soften(weights, 0, seen, 0, seen, p->scale).sum;
      float *out = p->out + row * p->out_row + (ptrdiff_t)head * width;
      memset(out, 0, (size_t)width * 4);
      add_rows(out, weights, near_values, width, seen, width);
      FOR_LANES(width, put(out + i, get(out + i, lanes) * share, lanes););
    }
  }
}
