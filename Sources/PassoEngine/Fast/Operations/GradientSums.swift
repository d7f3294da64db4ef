// SPDX-License-Identifier: MIT

import CKernels
import PassoText

/// The gradients of an update in which they were not cleared: added to those before, or to
/// themselves where backward was called twice.
struct GradientSums: FastOperation {
  /// What this update has found: one run of all numbers.
  let gradients: FastView

  /// What was there before; nil where it is the same once more.
  let before: FastView?
  let sums: FastView

  let work = Bilingual(it: "gradienti non azzerati", en: "gradients not cleared")

  var flops: Double { Double(sums.columns) }

  func bind(_ binder: inout FastBinder) {
    let out = binder.writes(sums)
    let parts = [before, gradients].compactMap(\.self)
    for (index, part) in (before == nil ? parts + parts : parts).enumerated() {
      let arguments = ck_sum_parts(
        parts: 1,
        width: Int32(sums.columns),
        accumulate: index == 0 ? 0 : 1,
        stride: sums.columns,
        partial: binder.reads(part),
        out: out
      )
      binder.call(\.sum_parts, arguments, parts: 1, cost: 0)
    }
  }
}

/// The sums of an update, as what is there before the next one.
struct KeptGradients: FastOperation {
  let sums: FastView
  let kept: FastView

  let work = Bilingual(it: "gradienti conservati", en: "gradients kept")

  func bind(_ binder: inout FastBinder) {
    let arguments = ck_sum_parts(
      parts: 1,
      width: Int32(sums.columns),
      accumulate: 0,
      stride: sums.columns,
      partial: binder.reads(sums),
      out: binder.writes(kept)
    )
    binder.call(\.sum_parts, arguments, parts: 1, cost: 0)
  }
}
