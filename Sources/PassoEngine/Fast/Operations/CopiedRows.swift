// SPDX-License-Identifier: MIT

import CKernels
import PassoText

/// Rows put beside others, or taken from beside them.
struct CopiedRows: FastOperation {
  let from: FastView
  let to: FastView

  let work = Bilingual(it: "copia", en: "copy")

  func bind(_ binder: inout FastBinder) {
    let parts = rowParts(from.rows, width: from.columns)
    let arguments = ck_copy(
      rows: Int32(from.rows),
      width: Int32(from.columns),
      parts: Int32(parts),
      from: binder.reads(from),
      from_row: from.stride,
      to: binder.writes(to),
      to_row: to.stride
    )
    binder.call(\.copy, arguments, parts: parts, cost: passCost(2 * from.rows * from.columns))
  }
}
