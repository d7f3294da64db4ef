// SPDX-License-Identifier: MIT
// Optimizers: every number is read and written once. And norms of gradients.

INLINE void chunk_range(int64_t count, int64_t chunk, int32_t part, int64_t *first, int64_t *end) {
  *first = chunk * part;
  *end = *first + chunk < count ? *first + chunk : count;
}

// Source: Loshchilov and Hutter 2017, arXiv:1711.05101, algorithm 2, decay times the learning rate.
void CK_NAME(adamw)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_update *p = arguments;
  int64_t first, end;
  chunk_range(p->count, p->chunk, part, &first, &end);
  const float rate = p->settings[0], scale = p->scale ? *p->scale : 1;
  const float kept = 1 - rate * p->decay;
  const float m_share = 1 - p->beta1, v_share = 1 - p->beta2;
  const float m_correction = 1 / p->settings[1], v_correction = 1 / p->settings[2];
  float *w = p->w + first, *m = p->m + first, *v = p->v + first;
  const float *g = p->g + first;
  FOR_LANES((int)(end - first), vf d = get(g + i, lanes) * scale;
            vf direction = p->beta1 * get(m + i, lanes) + m_share * d;
            vf size = p->beta2 * get(v + i, lanes) + v_share * (d * d);
            put(m + i, direction, lanes); put(v + i, size, lanes);
            vf root = __builtin_elementwise_sqrt(size * v_correction) + p->epsilon;
            vf step = rate * (direction * m_correction) / root;
            put(w + i, kept * get(w + i, lanes) - step, lanes););
}

void CK_NAME(momentum)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_update *p = arguments;
  int64_t first, end;
  chunk_range(p->count, p->chunk, part, &first, &end);
  const float rate = p->settings[0], scale = p->scale ? *p->scale : 1;
  float *w = p->w + first, *m = p->m + first;
  const float *g = p->g + first;
  FOR_LANES((int)(end - first),
            vf velocity = p->beta1 * get(m + i, lanes) + get(g + i, lanes) * scale;
            put(m + i, velocity, lanes); put(w + i, get(w + i, lanes) - rate * velocity, lanes););
}

void CK_NAME(sgd)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_update *p = arguments;
  int64_t first, end;
  chunk_range(p->count, p->chunk, part, &first, &end);
  const float rate = p->settings[0] * (p->scale ? *p->scale : 1);
  float *w = p->w + first;
  const float *g = p->g + first;
  FOR_LANES((int)(end - first), put(w + i, get(w + i, lanes) - rate * get(g + i, lanes), lanes););
}

void CK_NAME(squares)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_squares *p = arguments;
  int64_t first, end;
  chunk_range(p->count, p->chunk, part, &first, &end);
  // Short runs in float, added up in double: small numbers are not lost in the total.
  double total = 0;
  for (; first < end; first += 1024) {
    vf sums = all(0);
    const int count = end - first < 1024 ? (int)(end - first) : 1024;
    FOR_LANES(count, vf x = get(p->x + first + i, lanes); sums += x * x;);
    for (int i = 0; i < LANES; i++) total += sums[i];
  }
  p->sums[part] = total;
}

void CK_NAME(clip)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_clip *p = arguments;
  double total = 0;
  for (int i = 0; i < p->count; i++) total += p->sums[i];
  const float share = p->share ? *p->share : 1;
  const double norm = sqrt(total) * share, factor = p->limit / (norm + 1e-6);
  *p->norm = (float)norm;
  // Not a minimum, which would hide a norm that is not a number.
  if (p->factor) *p->factor = (factor > 1 ? 1 : (float)factor) * share;
}
