// SPDX-License-Identifier: MIT

import CKernels
import PassoText

/// A matrix as a factor of a product.
struct Factor {
  let view: FastView
  var isTransposed = false

  var rows: Int { isTransposed ? view.columns : view.rows }
  var columns: Int { isTransposed ? view.rows : view.columns }
  var rowStride: Int { isTransposed ? 1 : view.stride }
  var columnStride: Int { isTransposed ? view.stride : 1 }
}

/// What is done with each number of a product before it is written.
struct Finish {
  var bias: FastView?
  var residual: FastView?
  /// Where the activated values go; the slope of the activation takes the place of what it read.
  var gelu: FastView?
  /// What the result is multiplied by, number by number.
  var factor: FastView?
  /// Whether later rounds add to the result.
  var addsRounds = false
}

/// One matrix product with all that happens to it on the way to memory.
struct Product: FastOperation {
  let a: Factor
  let b: Factor
  let c: FastView
  let finish: Finish

  /// What lies side by side in the result.
  var contents = ""

  /// For one row: the sums of bands of weights, unless these are transposed.
  var partial: FastView?

  var work: Bilingual {
    var work = Bilingual(it: "prodotto", en: "product") + Bilingual(same: contents)
    if finish.bias != nil { work = work + Bilingual(it: " + termine noto", en: " + bias") }
    if finish.residual != nil { work = work + Bilingual(it: " + residuo", en: " + residual") }
    if finish.gelu != nil { work = work + Bilingual(same: " + gelu") }
    guard finish.factor != nil else { return work }
    return work + Bilingual(it: " × pendenza di gelu", en: " × slope of gelu")
  }

  var flops: Double { 2 * Double(a.rows) * Double(b.columns) * Double(a.columns) }

  func bind(_ binder: inout FastBinder) {
    if isOneRow { return bindOneRow(&binder) }
    let other = finish.gelu ?? finish.factor
    let parts = split(threads: binder.threads, tileRows: Int(binder.kernels.tile_rows))
    let adds = finish.addsRounds && binder.isLaterRound
    let arguments = ck_product(
      m: Int32(a.rows),
      n: Int32(b.columns),
      k: Int32(a.columns),
      a: binder.reads(a.view),
      a_row: a.rowStride,
      a_column: a.columnStride,
      b: binder.reads(b.view),
      b_row: b.rowStride,
      b_column: b.columnStride,
      c: binder.adds(c, if: adds),
      c_row: c.stride,
      accumulate: adds ? 1 : 0,
      finish: Int32(
        (finish.gelu != nil
          ? CK_FINISH_GELU
          : finish.factor != nil ? CK_FINISH_TIMES : CK_FINISH_NONE).rawValue
      ),
      bias: finish.bias.map { binder.reads($0) },
      residual: finish.residual.map { binder.reads($0) },
      residual_row: finish.residual?.stride ?? 0,
      post: finish.gelu.map { binder.writes($0) },
      aux: finish.factor.map { binder.reads($0) },
      other_row: other?.stride ?? 0,
      row_parts: Int32(parts.rows),
      column_parts: Int32(parts.columns)
    )
    binder.call(\.product, arguments, parts: parts.rows * parts.columns, cost: flops / 8e10)
  }

  /// One row is multiplied as memory gives the weights.
  var isOneRow: Bool {
    a.rows == 1 && a.columnStride == 1 && !finish.addsRounds
      && finish.factor == nil
  }

  /// Bands of one row's weights: the same for any number of threads, because sums depend on it.
  var rowBands: Int { max(1, min(16, b.rows * b.columns / 65_536)) }

  private func bindOneRow(_ binder: inout FastBinder) {
    let arguments = ck_matvec(
      inputs: Int32(b.rows),
      outputs: Int32(b.columns),
      parts: Int32(rowBands),
      x: binder.reads(a.view),
      w: binder.reads(b.view),
      row: b.view.stride,
      transposed: b.isTransposed ? 1 : 0,
      partial: partial.map { binder.writes($0) },
      bias: finish.bias.map { binder.reads($0) },
      residual: finish.residual.map { binder.reads($0) },
      y: binder.writes(c),
      post: finish.gelu.map { binder.writes($0) }
    )
    let cost = passCost(b.rows * b.columns)
    binder.call(\.matvec, arguments, parts: rowBands, cost: cost)
    if !b.isTransposed || finish.bias != nil || finish.residual != nil || finish.gelu != nil {
      binder.call(\.matvec_finish, arguments, parts: 1, cost: 0)
    }
  }

  /// Into how many bands of rows or columns the work is cut, so that no thread waits long.
  ///
  /// A band of rows packs all of `b` once more. A band of columns reads all of `a` once more, and
  /// leaves each row in the caches of several processors, where the next step wants it in one.
  private func split(threads: Int, tileRows: Int) -> (rows: Int, columns: Int) {
    guard threads > 1, flops > 1e6 else { return (1, 1) }
    let wanted = 2 * threads
    let (m, n, k) = (Double(a.rows), Double(b.columns), Double(a.columns))
    let rowCost = 0.15 * n * k
    let columnCost = (a.columnStride == 1 ? 0.1 : 0.3) * m * k + 0.1 * m * n
    let rows = min(wanted, max(1, a.rows / (2 * tileRows)))
    let columns = min(wanted, max(1, b.columns / 32))
    let prefersRows = rowCost <= columnCost
    if prefersRows && rows >= threads || columns < threads { return (rows, 1) }
    return (1, columns)
  }
}
