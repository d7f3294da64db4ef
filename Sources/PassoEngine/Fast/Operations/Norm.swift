// SPDX-License-Identifier: MIT

import CKernels
import PassoText

/// Each row over its deviation, times gain plus bias if there is one; less its mean first, where it
/// is centred.
struct Norm: FastOperation {
  let isCentred: Bool
  let epsilon: Double
  let x: FastView
  let gain: FastView
  let bias: FastView?

  /// Mean and inverse deviation of each row, for the backward pass.
  let moments: FastView
  let out: FastView

  var work: Bilingual { Bilingual(same: isCentred ? "layer norm" : "RMS norm") }

  private var rows: Int { x.rows }
  private var width: Int { x.columns }

  var parts: Int { rowParts(rows, width: width) }

  fileprivate var cost: Double { 2 * passCost(rows * width) }

  func bind(_ binder: inout FastBinder) {
    var arguments = arguments(&binder)
    arguments.moments = binder.writes(moments)
    arguments.out = binder.writes(out)
    binder.call(\.norm, arguments, parts: parts, cost: cost)
  }

  fileprivate func arguments(_ binder: inout FastBinder) -> ck_norm {
    var arguments = ck_norm()
    arguments.rows = Int32(rows)
    arguments.width = Int32(width)
    arguments.parts = Int32(parts)
    arguments.is_centred = isCentred ? 1 : 0
    arguments.epsilon = Float(epsilon)
    arguments.x = binder.reads(x)
    arguments.gain = binder.reads(gain)
    arguments.bias = bias.map { binder.reads($0) }
    return arguments
  }
}

/// The gradient of a norm's rows, and by parts the sums that give those of gain and bias.
struct NormGradient: FastOperation {
  let norm: Norm

  /// The gradient of what the norm gave.
  let gradient: FastView

  /// What goes past the norm, and is added.
  let skip: FastView?
  let out: FastView

  /// A row for each part, `2 * width` apart: sums for the gain, then those for a bias.
  let partial: FastView

  var work: Bilingual {
    Bilingual(it: "gradiente di ", en: "gradient of ") + norm.work
      + (skip == nil ? Bilingual(same: "") : Bilingual(it: " + residuo", en: " + residual"))
  }

  func bind(_ binder: inout FastBinder) {
    var arguments = norm.arguments(&binder)
    // The kernel of the forward pass writes them, this one does not.
    arguments.moments = UnsafeMutablePointer(mutating: binder.reads(norm.moments))
    arguments.d_out = binder.reads(gradient)
    arguments.d_skip = skip.map { binder.reads($0) }
    arguments.dx = binder.writes(out)
    arguments.partial = binder.writes(partial)
    binder.call(\.norm_gradient, arguments, parts: norm.parts, cost: 2 * norm.cost)
  }
}

/// The sums that parts have left, added up.
struct SumOfParts: FastOperation {
  let parts: Int
  let width: Int
  let partial: FastView
  let targets: [FastView]

  let work = Bilingual(it: "somma delle parti", en: "sum of parts")

  func bind(_ binder: inout FastBinder) {
    let partial = binder.reads(partial)
    for (index, target) in targets.enumerated() {
      let arguments = ck_sum_parts(
        parts: Int32(parts),
        width: Int32(width),
        accumulate: binder.accumulate,
        stride: 2 * width,
        partial: partial + index * width,
        out: binder.adds(target, if: binder.isLaterRound)
      )
      binder.call(\.sum_parts, arguments, parts: 1, cost: 0)
    }
  }
}

/// The sum of each column: the gradient of a bias.
struct ColumnSums: FastOperation {
  let x: FastView
  let out: FastView

  let work = Bilingual(it: "somme delle colonne", en: "column sums")

  func bind(_ binder: inout FastBinder) {
    let arguments = ck_column_sums(
      rows: Int32(x.rows),
      width: Int32(x.columns),
      accumulate: binder.accumulate,
      x: binder.reads(x),
      row: x.stride,
      out: binder.adds(out, if: binder.isLaterRound)
    )
    let cost = passCost(x.rows * x.columns)
    binder.call(\.column_sums, arguments, parts: (x.columns + 63) / 64, cost: cost)
  }
}
