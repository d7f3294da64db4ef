// SPDX-License-Identifier: MIT
// What is done row by row: norms, embeddings, rotation, gates, the loss.

void CK_NAME(norm)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_norm *p = arguments;
  const int width = p->width;
  int row, end;
  part_range(p->rows, p->parts, part, 1, &row, &end);
  for (; row < end; row++) {
    const float *x = p->x + (ptrdiff_t)row * width;
    float *out = p->out + (ptrdiff_t)row * width;
    float mean = 0;
    if (p->is_centred) {
      vf sums = all(0);
      FOR_LANES(width, sums += get(x + i, lanes););
      mean = sum_of(sums) / width;
    }
    vf squares = all(0);
    FOR_LANES(width, vf d = get_or(x + i, lanes, mean) - mean; squares += d * d;);
    const float inverse = 1 / sqrtf(sum_of(squares) / width + p->epsilon);
    p->moments[2 * row] = mean;
    p->moments[2 * row + 1] = inverse;
    FOR_LANES(width, vf y = get(p->gain + i, lanes) * ((get(x + i, lanes) - mean) * inverse);
              if (p->bias) y += get(p->bias + i, lanes); put(out + i, y, lanes););
  }
}

// With n = (x - mean) * inverse and g = d_out * gain:
// dx = inverse * (g - mean(g) - n * mean(g * n)); without a mean for RMS norm.
void CK_NAME(norm_gradient)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_norm *p = arguments;
  const int width = p->width;
  float *d_gain = p->partial + (ptrdiff_t)part * 2 * width, *d_bias = d_gain + width;
  memset(d_gain, 0, (size_t)width * (p->bias ? 8 : 4));
  int row, end;
  part_range(p->rows, p->parts, part, 1, &row, &end);
  for (; row < end; row++) {
    const ptrdiff_t at = (ptrdiff_t)row * width;
    const float *x = p->x + at, *d_out = p->d_out + at;
    const float mean = p->moments[2 * row], inverse = p->moments[2 * row + 1];
    vf sums = all(0), products = all(0);
    FOR_LANES(width, vf d = get(d_out + i, lanes);
              vf n = (get(x + i, lanes) - mean) * inverse; vf g = d * get(p->gain + i, lanes);
              sums += g; products += g * n;
              put(d_gain + i, get(d_gain + i, lanes) + d * n, lanes);
              if (p->bias) put(d_bias + i, get(d_bias + i, lanes) + d, lanes););
    const float middle = p->is_centred ? sum_of(sums) / width : 0, slope = sum_of(products) / width;
    FOR_LANES(width, vf n = (get(x + i, lanes) - mean) * inverse;
              vf g = get(d_out + i, lanes) * get(p->gain + i, lanes);
              vf y = inverse * (g - middle - n * slope);
              if (p->d_skip) y += get(p->d_skip + at + i, lanes);
              put(p->dx + at + i, y, lanes););
  }
}

void CK_NAME(sum_parts)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_sum_parts *p = arguments;
  FOR_LANES(p->width, vf sum = p->accumulate ? get(p->out + i, lanes) : all(0);
            for (int n = 0; n < p->parts; n++) sum += get(p->partial + n * p->stride + i, lanes);
            put(p->out + i, sum, lanes););
}

void CK_NAME(column_sums)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_column_sums *p = arguments;
  enum { VECTORS = 64 / LANES };
  const int first = part * 64, width = p->width - first < 64 ? p->width - first : 64;
  vf sums[VECTORS];
  for (int v = 0; v < VECTORS; v++) sums[v] = all(0);
  const float *x = p->x + first;
  if (width == 64) {
    for (int row = 0; row < p->rows; row++, x += p->row)
      for (int v = 0; v < VECTORS; v++) sums[v] += load(x + v * LANES);
  } else {
    for (int row = 0; row < p->rows; row++, x += p->row)
      FOR_LANES(width, sums[i / LANES] += get(x + i, lanes););
  }
  float *out = p->out + first;
  FOR_LANES(width, vf sum = sums[i / LANES]; if (p->accumulate) sum += get(out + i, lanes);
            put(out + i, sum, lanes););
}

void CK_NAME(embedding)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_embedding *p = arguments;
  const int width = p->width, known = p->known ? *p->known : 0;
  int row, end;
  part_range(p->batch * p->length, p->parts, part, 1, &row, &end);
  for (; row < end; row++) {
    const float *token = p->table + (ptrdiff_t)p->tokens[row] * width;
    float *out = p->out + (ptrdiff_t)row * width;
    if (!p->positions) {
      memcpy(out, token, (size_t)width * 4);
      continue;
    }
    const float *place =
        p->positions + (ptrdiff_t)(known + row % p->length) * width;
    FOR_LANES(width, put(out + i, get(token + i, lanes) + get(place + i, lanes), lanes););
  }
}

// Parts are bands of columns: tokens that come twice are added in order, by whichever thread.
void CK_NAME(embedding_gradient)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_embedding *p = arguments;
  int column, end;
  part_range(p->width, p->parts, part, 16, &column, &end);
  if (!p->accumulate)
    for (int token = 0; token < p->vocabulary; token++)
      memset(p->d_table + (ptrdiff_t)token * p->width + column, 0, (size_t)(end - column) * 4);
  for (int row = 0; row < p->batch * p->length; row++) {
    float *sum = p->d_table + (ptrdiff_t)p->tokens[row] * p->width + column;
    const float *d = p->d_out + (ptrdiff_t)row * p->width + column;
    FOR_LANES(end - column, put(sum + i, get(sum + i, lanes) + get(d + i, lanes), lanes););
  }
}

void CK_NAME(position_gradient)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_embedding *p = arguments;
  int position, end;
  part_range(p->length, p->parts, part, 1, &position, &end);
  for (; position < end; position++) {
    float *out = p->d_positions + (ptrdiff_t)position * p->width;
    FOR_LANES(p->width, vf sum = p->accumulate ? get(out + i, lanes) : all(0);
              for (int b = 0; b < p->batch; b++)
                sum += get(p->d_out + ((ptrdiff_t)b * p->length + position) * p->width + i, lanes);
              put(out + i, sum, lanes););
  }
}

void CK_NAME(rotary)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_rotary *p = arguments;
  const int half = p->turned / 2, known = p->known ? *p->known : 0;
  int row, end;
  part_range(p->rows, p->parts, part, 1, &row, &end);
  for (; row < end; row++) {
    const float *angles =
        p->angles + (ptrdiff_t)(known + row % p->length) * p->turned;
    for (int head = 0; head < p->heads; head++) {
      float *low = p->x + (ptrdiff_t)row * p->row + (ptrdiff_t)head * p->width, *high = low + half;
      FOR_LANES(half, vf a = get(low + i, lanes); vf b = get(high + i, lanes);
                vf cosine = get(angles + i, lanes);
                vf sine = get(angles + half + i, lanes) * p->sign;
                put(low + i, a * cosine - b * sine, lanes);
                put(high + i, b * cosine + a * sine, lanes););
    }
  }
}

void CK_NAME(copy)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_copy *p = arguments;
  int row, end;
  part_range(p->rows, p->parts, part, 1, &row, &end);
  for (; row < end; row++)
    memcpy(p->to + row * p->to_row, p->from + row * p->from_row, (size_t)p->width * 4);
}

void CK_NAME(swiglu)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_swiglu *p = arguments;
  int row, end;
  part_range(p->rows, p->parts, part, 1, &row, &end);
  for (; row < end; row++) {
    const float *gate = p->gate + row * p->row, *up = p->up + row * p->row;
    float *post = p->post + (ptrdiff_t)row * p->width;
    FOR_LANES(p->width, vf g = get(gate + i, lanes);
              put(post + i, g * sigmoid(g) * get(up + i, lanes), lanes););
  }
}

void CK_NAME(swiglu_gradient)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_swiglu *p = arguments;
  int row, end;
  part_range(p->rows, p->parts, part, 1, &row, &end);
  for (; row < end; row++) {
    const float *gate = p->gate + row * p->row, *up = p->up + row * p->row;
    const float *d_post = p->d_post + (ptrdiff_t)row * p->width;
    float *d_gate = p->d_gate + row * p->row, *d_up = p->d_up + row * p->row;
    FOR_LANES(p->width, vf g = get(gate + i, lanes); vf u = get(up + i, lanes);
              vf d = get(d_post + i, lanes); vf s = sigmoid(g);
              put(d_gate + i, d * u * s * (1.0f + g * (1.0f - s)), lanes);
              put(d_up + i, d * g * s, lanes););
  }
}

// -log softmax(x)[t] = log(sum exp(x - peak)) - (x[t] - peak), and probs - onehot.
void CK_NAME(cross_entropy)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_cross_entropy *p = arguments;
  int row, end;
  part_range(p->rows, p->parts, part, 1, &row, &end);
  for (; row < end; row++) {
    float *x = p->logits + row * p->row;
    const int32_t target = p->targets[row];
    if (target == p->ignored) {
      p->losses[row] = 0;
      if (p->scale) memset(x, 0, (size_t)p->width * 4);
      continue;
    }
    vf peaks = all(-INFINITY), sums = all(0);
    FOR_LANES(p->width, peaks = larger(peaks, get_or(x + i, lanes, -INFINITY)););
    const float peak = largest_of(peaks), expected = x[target];
    FOR_LANES(p->width, vf e = exponential(get_or(x + i, lanes, -INFINITY) - peak);
              sums += e; if (p->scale) put(x + i, e, lanes););
    const float sum = sum_of(sums);
    p->losses[row] = logarithm_of(sum) - (expected - peak);
    if (!p->scale) continue;
    const float weight = p->weights ? *p->scale * p->weights[row] : *p->scale;
    const float share = weight / sum;
    FOR_LANES(p->width, put(x + i, get(x + i, lanes) * share, lanes););
    x[target] -= weight;
  }
}

void CK_NAME(mean_loss)(const void *arguments, int32_t part, const ck_scratch *scratch) {
  const ck_mean_loss *p = arguments;
  double total = 0, counted = 0;
  for (int row = 0; row < p->rows; row++) {
    if (p->targets[row] == p->ignored) continue;
    const double weight = p->weights ? p->weights[row] : 1;
    counted += weight;
    if (p->losses) total += p->losses[row] * weight;
  }
  if (p->weight) *p->weight = 1 / (float)counted;
  if (p->loss) *p->loss = (float)(total / counted);
  if (!p->rounds) return;
  ck_rounds *r = p->rounds;
  r->loss = total + (p->accumulate ? r->loss : 0);
  r->targets = counted + (p->accumulate ? r->targets : 0);
  r->mean = (float)(r->loss / r->targets);
  r->count = (float)r->targets;
  // Where nothing counts all gradients are 0, and stay it.
  r->share = r->targets > 0 ? (float)(1 / r->targets) : 1;
}
