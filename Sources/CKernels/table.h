// SPDX-License-Identifier: MIT
// All kernels for one kind of processor; the includer sets CK_LANES, CK_NAME and CK_LABEL.
#pragma clang fp contract(fast)
#include "vectors.h"
#include "product.h"
#include "dropout.h"
#include "attention.h"
#include "rows.h"
#include "updates.h"
#include "decoding.h"

// From here on nothing is contracted.
#define DOUBLES (LANES / 2)
#include "functions.h"

#define REAL float
#define VECTOR vf
#define COUNT LANES
#define ORDERED(name) ordered_##name##_f32
#include "ordered.h"
#undef REAL
#undef VECTOR
#undef COUNT
#undef ORDERED

#define REAL double
#define VECTOR vd
#define COUNT DOUBLES
#define ORDERED(name) ordered_##name##_f64
#include "ordered.h"

const ck_kernels CK_NAME(ck_kernels) = {
    .name = CK_LABEL,
    .tile_rows = TILE_ROWS,
    .tile_columns = TILE_COLUMNS,
    .product = CK_NAME(product),
    .attention = CK_NAME(attention),
    .attention_gradient = CK_NAME(attention_gradient),
    .norm = CK_NAME(norm),
    .norm_gradient = CK_NAME(norm_gradient),
    .sum_parts = CK_NAME(sum_parts),
    .column_sums = CK_NAME(column_sums),
    .embedding = CK_NAME(embedding),
    .embedding_gradient = CK_NAME(embedding_gradient),
    .position_gradient = CK_NAME(position_gradient),
    .rotary = CK_NAME(rotary),
    .swiglu = CK_NAME(swiglu),
    .swiglu_gradient = CK_NAME(swiglu_gradient),
    .cross_entropy = CK_NAME(cross_entropy),
    .mean_loss = CK_NAME(mean_loss),
    .adamw = CK_NAME(adamw),
    .momentum = CK_NAME(momentum),
    .sgd = CK_NAME(sgd),
    .squares = CK_NAME(squares),
    .clip = CK_NAME(clip),
    .matvec = CK_NAME(matvec),
    .matvec_finish = CK_NAME(matvec_finish),
    .cached_attention = CK_NAME(cached_attention),
    .copy = CK_NAME(copy),
    .ordered_product_f32 = ordered_product_f32,
    .ordered_product_f64 = ordered_product_f64,
    .ordered_exp_f32 = ordered_exp_f32,
    .ordered_exp_f64 = ordered_exp_f64,
    .ordered_tanh_f32 = ordered_tanh_f32,
    .ordered_tanh_f64 = ordered_tanh_f64,
};
