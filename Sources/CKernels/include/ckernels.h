// SPDX-License-Identifier: MIT
// The kernels of the fast program: float vectors, compiled once for each kind of processor.
//
// A kernel does one part of its work, numbered from 0; parts write to different places, so that
// threads may do them in any order with the same result to the last bit.
#ifndef PASSO_CKERNELS_H
#define PASSO_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What the element-wise end of a matrix product does.
enum ck_finish {
  CK_FINISH_NONE = 0,
  /// `post = gelu(c)` and `c = gelu'(c)`, which is all that the backward pass asks for.
  CK_FINISH_GELU = 1,
  /// `c = c * aux`.
  CK_FINISH_TIMES = 2,
};

/// `c = a * b`, then `+ bias`, `+ residual`, then the finish.
///
/// `a` is [m, k], `b` is [k, n]; each has one stride of 1. `c`, `residual`, `post` and `aux` are
/// row-major.
typedef struct {
  int32_t m, n, k;
  const float *a;
  ptrdiff_t a_row, a_column;
  const float *b;
  ptrdiff_t b_row, b_column;
  float *c;
  ptrdiff_t c_row;
  /// Whether the product is added to what `c` holds.
  int32_t accumulate;
  int32_t finish;
  /// [n], or NULL.
  const float *bias;
  /// [m, n], or NULL.
  const float *residual;
  ptrdiff_t residual_row;
  float *post;
  const float *aux;
  /// The row stride of `post` or `aux`.
  ptrdiff_t other_row;
  /// The work is cut into so many bands of rows times bands of columns.
  int32_t row_parts, column_parts;
} ck_product;

/// Numbers turned off at random, see `Dropout`: place `i` by random number `i` of a stream.
typedef struct {
  /// The seed of the round; NULL for no dropout.
  const int32_t *seed;
  int64_t stream;
  /// A number is turned off if the upper 53 bits of its random one are below this.
  uint64_t limit;
  /// By what the others are multiplied.
  float share;
} ck_dropout;

/// Attention of all heads without a matrix of positions by positions in memory.
///
/// Row `b * length + t` of `q` starts with head 0. Part: one batch row and one key head.
typedef struct {
  const float *q, *k, *v;
  ptrdiff_t row;
  float *out;
  ptrdiff_t out_row;
  /// [batch, head, position]: the logarithm of each row's sum of exponentials, over `scale`.
  float *log_sums;
  int32_t batch, heads, key_heads, length, width;
  /// Positions that a query sees, itself and those before; 0 for all, also those behind.
  int32_t window;
  float scale;
  /// [batch]: positions at the start of a row that all of its queries see; NULL for none.
  const int32_t *prefix;
  /// Of the weights, whose places are [batch, head, query, key].
  ck_dropout dropout;
  /// Of the backward pass: gradient of `out`, and of `q`, `k`, `v` with the stride `row`.
  const float *d_out;
  float *dq, *dk, *dv;
} ck_attention;

/// Layer norm, or RMS norm where the mean is not taken off; also its gradient.
typedef struct {
  int32_t rows, width, parts;
  /// Whether the mean of a row is taken off.
  int32_t is_centred;
  float epsilon;
  /// The last may be NULL.
  const float *x, *gain, *bias;
  float *out;
  /// [rows, 2]: mean and inverse deviation.
  float *moments;
  /// Of the backward pass: gradient of `out`, and what is added to the gradient of `x`, or NULL.
  const float *d_out, *d_skip;
  float *dx;
  /// [parts, 2, width]: sums for gain and bias.
  float *partial;
} ck_norm;

/// Adds up partial sums: `out[i] = sum of partial[part * stride + i]`.
typedef struct {
  int32_t parts, width, accumulate;
  ptrdiff_t stride;
  const float *partial;
  float *out;
} ck_sum_parts;

/// `out[j] = sum over rows of x[row, j]`; parts are bands of 64 columns.
typedef struct {
  int32_t rows, width, accumulate;
  const float *x;
  ptrdiff_t row;
  float *out;
} ck_column_sums;

/// Token and position vectors; forward and backward.
typedef struct {
  int32_t batch, length, width, vocabulary, parts, accumulate;
  /// Positions known before the first one; NULL for none.
  const int32_t *known;
  const int32_t *tokens;
  /// `positions` may be NULL.
  const float *table, *positions;
  float *out;
  const float *d_out;
  float *d_table, *d_positions;
} ck_embedding;

/// Turns pairs of components by the angle of their position; `sign` -1 turns back.
typedef struct {
  int32_t rows, length, heads, width, parts;
  /// The first components of each head, which are turned; the rest stays as it is.
  int32_t turned;
  /// Positions known before the first one; NULL for none.
  const int32_t *known;
  float *x;
  ptrdiff_t row;
  /// [position, turned]: the cosines of all pairs, then their sines.
  const float *angles;
  float sign;
} ck_rotary;

/// `post = silu(gate) * up`, and its gradient.
typedef struct {
  int32_t rows, width, parts;
  const float *gate, *up;
  ptrdiff_t row;
  float *post;
  const float *d_post;
  float *d_gate, *d_up;
} ck_swiglu;

/// Loss of each row, and logits overwritten by their gradient if `scale` is not NULL.
typedef struct {
  int32_t rows, width, parts;
  float *logits;
  ptrdiff_t row;
  const int32_t *targets;
  int32_t ignored;
  float *losses;
  /// What a unit of weight is in the loss.
  const float *scale;
  /// What each row weighs; NULL where all weigh 1.
  const float *weights;
} ck_cross_entropy;

/// What the rounds of an update come to so far.
typedef struct {
  /// The sum of the losses that count, and how many count, or what they weigh.
  double loss, targets;
  /// Their mean; the number of targets again; what a unit of it is in the mean.
  float mean, count, share;
} ck_rounds;

/// The mean of the losses that count, and what a unit of weight is in it: one part.
typedef struct {
  int32_t rows, ignored;
  const int32_t *targets;
  const float *losses;
  /// What each row weighs; NULL where all weigh 1.
  const float *weights;
  float *weight;
  float *loss;
  /// NULL for an update of one round.
  ck_rounds *rounds;
  /// Whether the round is added to those before.
  int32_t accumulate;
} ck_mean_loss;

/// The optimizer on one run of numbers; `scale` is the clip factor.
typedef struct {
  int64_t count;
  int64_t chunk;
  float *w;
  const float *g;
  float *m, *v;
  const float *scale;
  /// [lr, 1 - beta1^t, 1 - beta2^t].
  const float *settings;
  float beta1, beta2, epsilon, decay;
} ck_update;

/// Sums of squares, a double for each chunk.
typedef struct {
  int64_t count;
  int64_t chunk;
  const float *x;
  double *sums;
} ck_squares;

/// The norm from the sums, and the factor that brings it to the limit: one part.
typedef struct {
  int32_t count;
  double limit;
  const double *sums;
  /// What turns the gradients into those of a mean; it is in the factor too. NULL if they are.
  const float *share;
  float *norm;
  float *factor;
} ck_clip;

/// `y = x * W + bias + residual` for one row `x`; every weight is read once.
typedef struct {
  int32_t inputs, outputs, parts;
  const float *x, *w;
  ptrdiff_t row;
  /// Row-major [inputs, outputs]: parts are bands of inputs, whose sums go to `partial`,
  /// [parts, outputs], and are added up by `matvec_finish`. If `transposed`, [outputs, inputs]:
  /// parts are bands of outputs, and go to `y`.
  int32_t transposed;
  float *partial;
  const float *bias, *residual;
  float *y;
  /// Where `gelu(y)` goes, or NULL; then `y` becomes the slope, as in a product.
  float *post;
} ck_matvec;

/// Causal attention of new positions over a cache, to which they are added; part: one key head.
typedef struct {
  const float *q, *k, *v;
  ptrdiff_t row;
  /// [key head, capacity, width].
  float *cache_k, *cache_v;
  int32_t rows, heads, key_heads, width, capacity;
  /// Positions that a query sees, itself and those before; 0 for all.
  int32_t window;
  /// Positions known before the first one.
  const int32_t *known;
  float scale;
  float *out;
  ptrdiff_t out_row;
} ck_cached_attention;

/// Rows put into other places, which may lie beside others.
typedef struct {
  int32_t rows, width, parts;
  const float *from;
  ptrdiff_t from_row;
  float *to;
  ptrdiff_t to_row;
} ck_copy;

/// A thread's own working memory.
typedef struct {
  float *base;
} ck_scratch;

/// `c = a * b`, or `c += a * b`, each number of it one chain of fused multiply-adds in the order of
/// `k`: the same bits on every processor. `a` is [m, k], `b` is [k, n], with any strides; `c` is
/// row-major.
typedef struct {
  int64_t m, n, k;
  const void *a;
  ptrdiff_t a_row, a_column;
  const void *b;
  ptrdiff_t b_row, b_column;
  void *c;
  ptrdiff_t c_row;
  int32_t accumulate;
} ck_ordered_product;

typedef void (*ck_kernel)(const void *arguments, int32_t part, const ck_scratch *scratch);

/// The kernels for one kind of processor.
typedef struct {
  const char *name;
  int32_t tile_rows, tile_columns;
  ck_kernel product, attention, attention_gradient, norm, norm_gradient, sum_parts, column_sums,
      embedding, embedding_gradient, position_gradient, rotary, swiglu, swiglu_gradient,
      cross_entropy, mean_loss, adamw, momentum, sgd, squares, clip, matvec, matvec_finish,
      cached_attention, copy;
  void (*ordered_product_f32)(const ck_ordered_product *);
  void (*ordered_product_f64)(const ck_ordered_product *);
  /// In place, the same bits on every processor.
  void (*ordered_exp_f32)(float *, int64_t count);
  void (*ordered_exp_f64)(double *, int64_t count);
  void (*ordered_tanh_f32)(float *, int64_t count);
  void (*ordered_tanh_f64)(double *, int64_t count);
} ck_kernels;

/// Elementary functions, the same bits on every processor; `sin` and `cos` of what lies beyond a
/// million are not a number.
double ck_exp(double x);
double ck_log(double x);
double ck_tanh(double x);
double ck_erf(double x);
double ck_sin(double x);
double ck_cos(double x);

/// The kernels for this processor.
const ck_kernels *ck_best(void);

/// All kernels that this processor can execute, the plain ones first; NULL past the last.
const ck_kernels *ck_available(int32_t index);

/// How products are cut into blocks: terms of a sum, and columns of `b`.
enum { CK_PRODUCT_DEPTH = 384, CK_PRODUCT_COLUMNS = 2048 };

/// Numbers of `a` in a block: half of this processor's second cache.
int32_t ck_product_block(void);

/// Floats of working memory that a kernel needs; `a` is [m, k], `b` is [k, n].
size_t ck_product_scratch(int32_t m, int32_t n, int32_t k);
size_t ck_attention_scratch(int32_t length, int32_t width);

/// One step of a fast program.
typedef struct {
  ck_kernel kernel;
  const void *arguments;
  int32_t parts;
  /// Whether the parts are worth several threads.
  int32_t is_shared;
} ck_step;

/// Threads that do the parts of steps together; they spin for a moment, then sleep.
typedef struct ck_pool ck_pool;

/// Starts `threads - 1` threads, each with working memory; NULL if there is none.
ck_pool *ck_pool_create(int32_t threads, size_t scratch_floats);
void ck_pool_destroy(ck_pool *pool);

/// Does steps in order; `seconds`, if not NULL, gets what each took.
void ck_pool_run(ck_pool *pool, const ck_step *steps, int32_t count, double *seconds);

#ifdef __cplusplus
}
#endif
#endif
