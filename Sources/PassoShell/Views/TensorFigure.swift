// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoText
import PassoView

/// Makes figures of tensors: token labels on the axes that stand for tokens.
struct TensorFigure {
  let session: Session

  init(_ session: Session) {
    self.session = session
  }

  /// A tensor under a title.
  ///
  /// The last two axes become rows and columns; of those before, the first entry is shown, and a
  /// note says so.
  ///
  /// - Parameters:
  ///   - tensor: What to show.
  ///   - title: What it is called.
  ///   - name: The value's full name where it has one; gradients get the signed scale, masked
  ///     scores their mark.
  ///   - row: Which row of the batch the tokens are taken from.
  /// - Returns: A line for a single number, else a matrix.
  func figure(_ tensor: Tensor, title: String, name: String? = nil, row: Int = 0) -> Figure {
    let shape = tensor.shape
    guard shape.rank > 0 else {
      return .text(
        TextFigure([
          .init([Run("\(title) = ", .code), Run(number(tensor[0], tensor.element), .emphasis)])
        ])
      )
    }
    let hidden = max(0, shape.rank - 2)
    let kept = shape.suffix(from: hidden)
    let isSingleRow = kept.rank == 1
    let columnAxis = kept.axes[kept.rank - 1]
    let rowAxis = isSingleRow ? nil : kept.axes[0]
    let numbers = (0..<kept.count).map { tensor[$0] }
    return .matrix(
      MatrixFigure(
        title: Bilingual(same: "\(title)  \(shape)"),
        rows: rowAxis.map { axis($0, size: kept.sizes[0], row: row) } ?? .init("", [""]),
        columns: axis(columnAxis, size: kept.lastSize, row: row),
        cells: cells(numbers, name: name, shape: kept, row: row),
        scale: numbers.contains { $0 < 0 } ? .signed : .sequential,
        notes: note(on: shape.prefix(hidden))
      )
    )
  }

  /// The labels of an axis.
  func axis(_ axis: Axis, size: Int, row: Int = 0) -> MatrixFigure.Axis {
    MatrixFigure.Axis(axis.name, labels(axis, size: size, row: row))
  }

  private func labels(_ axis: Axis, size: Int, row: Int) -> [String] {
    let tokens: [String] =
      switch axis {
      // A slice has lost where it began: its places must not be called by the first tokens.
      case .position, .query, .key:
        size == session.batch.length
          ? session.inputTokens(row: session.rowsAtWork.lowerBound + row) : []
      case .vocab:
        size == session.configuration.vocabularySize ? session.vocabularyTokens : []
      default: []
      }
    return (0..<size).map { $0 < tokens.count ? tokens[$0] : String($0) }
  }

  private func cells(
    _ numbers: [Double],
    name: String?,
    shape: Shape,
    row: Int
  ) -> [MatrixFigure.Cell] {
    guard let name, name.hasSuffix(".masked") || name.hasSuffix(".pattern"),
      !name.hasPrefix("grad."), shape.axes == [.query, .key]
    else { return numbers.map { .number($0) } }
    let sees = session.sight(row: session.rowsAtWork.lowerBound + row)
    return numbers.enumerated().map { index, number in
      let isAllowed = sees(index / shape.sizes[1], index % shape.sizes[1])
      // The pattern's exact zeros are the point of the lesson: they stay numbers.
      return isAllowed || name.hasSuffix(".pattern") ? .number(number) : .masked
    }
  }

  private func note(on leading: Shape) -> [Bilingual] {
    guard leading.count > 1 else { return [] }
    let axes = zip(leading.axes, leading.sizes).filter { $0.1 > 1 }
    let zeros = leading.axes.map { _ in "0" }.joined(separator: ", ")
    let it = axes.map { "\($0.0) 0 di \($0.1)" }.joined(separator: ", ")
    let en = axes.map { "\($0.0) 0 of \($0.1)" }.joined(separator: ", ")
    return [
      Bilingual(
        it: "mostrato: \(it); la fetta [\(zeros)] si può cambiare",
        en: "shown: \(en); the slice [\(zeros)] can be changed"
      )
    ]
  }

  private func number(_ value: Double, _ element: Element) -> String {
    element == .integer ? String(Int(value)) : NumberText.general(value, digits: 7)
  }
}
