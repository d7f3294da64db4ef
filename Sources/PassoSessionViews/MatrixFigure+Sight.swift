// SPDX-License-Identifier: MIT

import PassoEvaluation
import PassoModel
import PassoText
import PassoView

extension MatrixFigure {
  /// Which positions see which: 1 where one does.
  ///
  /// - Parameters:
  ///   - title: What is seen.
  ///   - sight: The matrix.
  ///   - rows: What sees.
  ///   - columns: What is seen.
  ///   - labels: The tokens of the positions, at least as many as there are.
  init(
    title: Bilingual,
    _ sight: SightMatrix,
    rows: Bilingual,
    columns: Bilingual,
    labels: [String]
  ) {
    let labels = Array(labels.prefix(sight.length))
    self.init(
      title: title,
      rows: Axis(rows, labels),
      columns: Axis(columns, labels),
      cells: sight.cells.map { .number($0 ? 1 : 0) },
      scale: .sequential
    )
  }
}
