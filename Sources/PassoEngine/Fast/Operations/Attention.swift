// SPDX-License-Identifier: MIT

import CKernels
import PassoText

/// Attention of all heads, without a matrix of positions by positions in memory.
struct Attention: FastOperation {
  let batch: Int
  let length: Int
  let heads: Int
  let keyHeads: Int
  let width: Int

  let mask: MaskKind

  /// How many positions at the start of each row are visible from everywhere, [batch].
  let prefix: FastView?
  let scale: Double
  let dropout: DroppedWeights?

  /// Queries, keys and values, side by side.
  let inner: FastView
  let out: FastView

  /// The logarithm of each softmax's sum, for the backward pass.
  let logSums: FastView

  var work: Bilingual { Bilingual(it: "attenzione (\(mask))", en: "attention (\(mask))") }

  fileprivate var parts: Int { batch * keyHeads }

  /// Positions that a query sees, itself and those before; 0 for all.
  private var window: Int {
    switch mask {
    case .none: 0
    case .window(let size): size
    // The kernel adds the prefix.
    case .causal, .strict, .prefix, .custom: length
    }
  }

  /// Pairs of query and key that see each other, times components.
  fileprivate var pairs: Double {
    let seen =
      window == 0
      ? length * length : (0..<length).reduce(0) { $0 + min($1 + 1, window) }
    return Double(seen * batch * heads * width)
  }

  var flops: Double { 4 * pairs }

  func bind(_ binder: inout FastBinder) {
    var arguments = arguments(&binder)
    arguments.out = binder.writes(out)
    arguments.log_sums = binder.writes(logSums)
    binder.call(\.attention, arguments, parts: parts, cost: flops / 4e10)
  }

  fileprivate func arguments(_ binder: inout FastBinder) -> ck_attention {
    var arguments = ck_attention()
    let start = binder.reads(inner)
    arguments.q = start
    arguments.k = start + heads * width
    arguments.v = start + (heads + keyHeads) * width
    arguments.row = inner.stride
    arguments.out_row = out.stride
    arguments.batch = Int32(batch)
    arguments.heads = Int32(heads)
    arguments.key_heads = Int32(keyHeads)
    arguments.length = Int32(length)
    arguments.width = Int32(width)
    arguments.window = Int32(window)
    arguments.scale = Float(scale)
    arguments.prefix = prefix.map { binder.integers($0) }
    if let dropout { arguments.dropout = dropout.arguments(&binder) }
    return arguments
  }
}

/// Weights of attention that are turned off at random: those that the readable step turns off.
struct DroppedWeights {
  let op: Dropout

  /// The seed of the round, a whole number.
  let seed: FastView

  fileprivate func arguments(_ binder: inout FastBinder) -> ck_dropout {
    ck_dropout(
      seed: binder.integers(seed),
      stream: Int64(op.stream),
      // A random number k / 2^53 is below the rate if k is below this.
      limit: UInt64((op.rate * 0x1p53).rounded(.up)),
      share: Float(1 / (1 - op.rate))
    )
  }
}

/// The gradients of queries, keys and values, side by side as these are.
struct AttentionGradient: FastOperation {
  let attention: Attention

  /// The gradient of what attention gave.
  let gradient: FastView
  let out: FastView

  var work: Bilingual { Bilingual(it: "gradiente dell'", en: "gradient of ") + attention.work }

  var flops: Double { 10 * attention.pairs }

  func bind(_ binder: inout FastBinder) {
    var arguments = attention.arguments(&binder)
    // The kernel of the forward pass writes these two, this one does not.
    arguments.out = UnsafeMutablePointer(mutating: binder.reads(attention.out))
    arguments.log_sums = UnsafeMutablePointer(mutating: binder.reads(attention.logSums))
    arguments.d_out = binder.reads(gradient)
    let start = binder.writes(out)
    arguments.dq = start
    arguments.dk = start + attention.heads * attention.width
    arguments.dv = start + (attention.heads + attention.keyHeads) * attention.width
    binder.call(\.attention_gradient, arguments, parts: attention.parts, cost: flops / 4e10)
  }
}

/// Causal attention of new positions over a cache, to which they are added.
struct CachedAttentionRows: FastOperation {
  let heads: Int
  let keyHeads: Int
  let width: Int
  let capacity: Int

  /// Positions that a query sees, itself and those before; nil for all.
  let window: Int?
  let scale: Double

  /// Queries, keys and values, side by side.
  let inner: FastView
  let keys: FastView
  let values: FastView
  let known: FastView
  let out: FastView

  let work = Bilingual(it: "attenzione con la cache", en: "attention with a cache")

  func bind(_ binder: inout FastBinder) {
    let q = binder.reads(inner)
    let arguments = ck_cached_attention(
      q: q,
      k: q + heads * width,
      v: q + (heads + keyHeads) * width,
      row: inner.stride,
      cache_k: binder.changes(keys),
      cache_v: binder.changes(values),
      rows: Int32(inner.rows),
      heads: Int32(heads),
      key_heads: Int32(keyHeads),
      width: Int32(width),
      capacity: Int32(capacity),
      window: Int32(min(window ?? 0, capacity)),
      known: binder.integers(known),
      scale: Float(scale),
      out: binder.writes(out),
      out_row: out.stride
    )
    let cost = passCost(inner.rows * heads * width * capacity / 2)
    binder.call(\.cached_attention, arguments, parts: keyHeads, cost: cost)
  }
}

/// Heads of queries and keys rotated, or rotated back, where they are.
struct Rotation: FastOperation {
  let length: Int
  let heads: Int
  let width: Int

  /// The first components of each head, which are rotated.
  let rotated: Int

  /// In generation: how many positions are known before the first.
  let known: FastView?
  let x: FastView
  let angles: FastView
  let isInverse: Bool

  var work: Bilingual {
    isInverse
      ? Bilingual(it: "rotazione all'indietro (q, k)", en: "rotation back (q, k)")
      : Bilingual(it: "rotazione (q, k)", en: "rotation (q, k)")
  }

  func bind(_ binder: inout FastBinder) {
    let rows = x.rows
    let parts = rowParts(rows, width: heads * width)
    let arguments = ck_rotary(
      rows: Int32(rows),
      length: Int32(length),
      heads: Int32(heads),
      width: Int32(width),
      parts: Int32(parts),
      turned: Int32(rotated),
      known: known.map { binder.integers($0) },
      x: binder.changes(x),
      row: x.stride,
      angles: binder.reads(angles),
      sign: isInverse ? -1 : 1
    )
    binder.call(\.rotary, arguments, parts: parts, cost: passCost(2 * rows * heads * width))
  }
}
