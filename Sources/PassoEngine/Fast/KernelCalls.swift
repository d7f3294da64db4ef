// SPDX-License-Identifier: MIT

import CKernels

struct NormCall {
  let rows: Int
  let width: Int
  let epsilon: Double
  let x: FastView
  let gain: FastView
  let bias: FastView?
  let moments: BufferID

  var cost: Double { 2 * passCost(rows * width) }

  func arguments(_ binder: FastBinder) -> ck_norm {
    var arguments = ck_norm()
    arguments.rows = Int32(rows)
    arguments.width = Int32(width)
    arguments.parts = Int32(rowParts(rows, width: width))
    arguments.epsilon = Float(epsilon)
    arguments.x = UnsafePointer(binder[x])
    arguments.gain = UnsafePointer(binder[gain])
    arguments.bias = bias.map { UnsafePointer(binder[$0]) }
    arguments.moments = binder[moments]
    return arguments
  }
}

struct GateCall {
  let rows: Int
  let width: Int
  let inner: FastView
  let post: FastView

  var cost: Double { 4 * passCost(rows * width) }

  func arguments(_ binder: FastBinder) -> ck_swiglu {
    var arguments = ck_swiglu()
    arguments.rows = Int32(rows)
    arguments.width = Int32(width)
    arguments.parts = Int32(rowParts(rows, width: width))
    arguments.gate = UnsafePointer(binder[inner])
    arguments.up = UnsafePointer(binder[inner] + width)
    arguments.row = inner.stride
    arguments.post = binder[post]
    return arguments
  }
}

struct AttentionCall {
  let batch: Int
  let length: Int
  let heads: Int
  let keyHeads: Int
  let width: Int
  let window: Int
  /// How many positions at the start of each row are visible from everywhere, [batch].
  let prefix: BufferID?
  let scale: Double
  let inner: FastView
  let out: FastView
  let logSums: BufferID

  var parts: Int { batch * keyHeads }

  /// Pairs of query and key that see each other, times components.
  var pairs: Double {
    let seen =
      window == 0
      ? length * length : (0..<length).reduce(0) { $0 + min($1 + 1, window) }
    return Double(seen * batch * heads * width)
  }

  func arguments(_ binder: FastBinder) -> ck_attention {
    var arguments = ck_attention()
    let start = UnsafePointer(binder[inner])
    arguments.q = start
    arguments.k = start + heads * width
    arguments.v = start + (heads + keyHeads) * width
    arguments.row = inner.stride
    arguments.out = binder[out]
    arguments.out_row = out.stride
    arguments.log_sums = binder[logSums]
    arguments.batch = Int32(batch)
    arguments.heads = Int32(heads)
    arguments.key_heads = Int32(keyHeads)
    arguments.length = Int32(length)
    arguments.width = Int32(width)
    arguments.window = Int32(window)
    arguments.scale = Float(scale)
    arguments.prefix = prefix.map { UnsafePointer(binder.integers($0)) }
    return arguments
  }
}
