// SPDX-License-Identifier: MIT

import CKernels
import PassoText

/// `silu(gate) * up`, of which gate and up lie side by side.
struct Gate: FastOperation {
  /// Gate, then up, in each row.
  let inner: FastView
  let post: FastView

  let work = Bilingual(same: "silu(gate) × up")

  fileprivate var rows: Int { post.rows }
  fileprivate var width: Int { post.columns }
  fileprivate var parts: Int { rowParts(rows, width: width) }
  fileprivate var cost: Double { 4 * passCost(rows * width) }

  func bind(_ binder: inout FastBinder) {
    var arguments = arguments(&binder)
    arguments.post = binder.writes(post)
    binder.call(\.swiglu, arguments, parts: parts, cost: cost)
  }

  fileprivate func arguments(_ binder: inout FastBinder) -> ck_swiglu {
    let gate = binder.reads(inner)
    var arguments = ck_swiglu()
    arguments.rows = Int32(rows)
    arguments.width = Int32(width)
    arguments.parts = Int32(parts)
    arguments.gate = gate
    arguments.up = gate + width
    arguments.row = inner.stride
    return arguments
  }
}

/// The gradients of gate and up, side by side as these are.
struct GateGradient: FastOperation {
  let gate: Gate
  let gradient: FastView
  let out: FastView

  let work = Bilingual(it: "gradiente di silu(gate) × up", en: "gradient of silu(gate) × up")

  func bind(_ binder: inout FastBinder) {
    let start = binder.writes(out)
    var arguments = gate.arguments(&binder)
    arguments.d_post = binder.reads(gradient)
    arguments.d_gate = start
    arguments.d_up = start + gate.width
    binder.call(\.swiglu_gradient, arguments, parts: gate.parts, cost: 2 * gate.cost)
  }
}
