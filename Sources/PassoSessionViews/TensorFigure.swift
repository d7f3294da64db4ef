// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoExpressions
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Makes figures of tensors: token labels on the axes that stand for tokens.
package struct TensorFigure {
  let session: Session

  package init(_ session: Session) {
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
  ///   - origin: What the tensor is a slice of, so that its places keep their names.
  /// - Returns: A line for a single number, else a matrix.
  package func figure(
    _ tensor: Tensor,
    title: String,
    name: String? = nil,
    origin: SliceOrigin? = nil
  ) -> Figure {
    let shape = tensor.shape
    guard shape.rank > 0 else {
      return .line(Run("\(title) = ", .code), Run(number(tensor[0], tensor.element), .emphasis))
    }
    return .matrix(matrix(tensor, title: title, name: name, origin))
  }

  private func matrix(
    _ tensor: Tensor,
    title: String,
    name: String?,
    _ origin: SliceOrigin?
  ) -> MatrixFigure {
    let hidden = max(0, tensor.shape.rank - 2)
    let kept = tensor.shape.suffix(from: hidden)
    let isSingleRow = kept.rank == 1
    let size = (rows: isSingleRow ? 1 : kept.sizes[0], columns: kept.lastSize)
    // Of a large matrix only what can be seen is made: a vocabulary has millions of numbers.
    let isLarge = Self.isLarge(kept)
    let rows = MatrixFigure.kept(size.rows, isLarge ? MatrixFigure.most.rows : size.rows)
    let columns = MatrixFigure.kept(
      size.columns,
      isLarge ? MatrixFigure.most.columns : size.columns
    )
    let cells = cells(tensor, (rows, columns), name: name, shape: kept)
    let (first, last) = (hidden, tensor.shape.rank - 1)
    let rowAxis =
      isSingleRow ? MatrixFigure.Axis("", [""]) : axis(first, of: tensor.shape, origin, kept: rows)
    var matrix = MatrixFigure(
      title: Bilingual(same: "\(title)  \(tensor.shape)"),
      rows: rowAxis,
      columns: axis(last, of: tensor.shape, origin, kept: columns),
      cells: cells,
      scale: cells.contains(where: \.isNegative) ? .signed : .sequential,
      notes: note(on: tensor.shape.prefix(hidden)) + (isLarge ? [Self.advice(title)] : [])
    )
    matrix.size = size
    matrix.slice = Self.slice(of: title, hidden: hidden, isSingleRow: isSingleRow)
    return matrix
  }

  /// What to type to see a part: as much as a projector shows.
  private static func slice(of typed: String, hidden: Int, isSingleRow: Bool) -> String {
    let part = isSingleRow ? "[0:8]" : "[\(String(repeating: "0, ", count: hidden))0:8, 0:8]"
    let isName = typed.wholeMatch(of: /[\w.]+(\[[^\]]*\])*/) != nil
    let isCall = typed.wholeMatch(of: /\w+\([^()]*\)/) != nil
    return (isName || isCall ? typed : "(\(typed))") + part
  }

  /// More numbers than this are not all looked at.
  private static let largest = 1 << 16

  /// Whether only a part of a matrix is looked at.
  package static func isLarge(_ matrix: Shape) -> Bool { matrix.count > largest }

  private static func advice(_ title: String) -> Bilingual {
    Bilingual(
      it: "di tutti i suoi numeri :stats \(title) dà il riassunto",
      en: ":stats \(title) sums up all of its numbers"
    )
  }

  /// Some of the labels of an axis of a tensor that may be a slice.
  private func axis(
    _ index: Int,
    of shape: Shape,
    _ origin: SliceOrigin?,
    kept: [Int?]
  ) -> MatrixFigure.Axis {
    let (axis, size) = (shape.axes[index], shape.sizes[index])
    guard let origin, index < origin.kept.count else {
      return MatrixFigure.Axis(axis.word, kept: kept, label: labels(axis, size: size, row: 0))
    }
    let (whole, slice) = origin.kept[index]
    let label = labels(axis, size: whole, row: origin.row)
    return MatrixFigure.Axis(axis.word, kept: kept) { label(slice.position($0)) }
  }

  /// A place by its axes: where it stands along each, and the label there.
  func labels(of index: Int, _ shape: Shape) -> [(axis: Axis, place: Int, label: String)] {
    Stats.places(of: index, shape.sizes).enumerated().map { number, place in
      let (axis, size) = (shape.axes[number], shape.sizes[number])
      return (axis, place, labels(axis, size: size, row: 0)(place))
    }
  }

  /// The label of each place of an axis.
  private func labels(_ axis: Axis, size: Int, row: Int) -> (Int) -> String {
    let tokens = SessionLabels(session).tokens(on: axis, size: size, row: row)
    return { $0 < tokens.count ? tokens[$0] : String($0) }
  }

  private func cells(
    _ tensor: Tensor,
    _ picked: (rows: [Int?], columns: [Int?]),
    name: String?,
    shape: Shape
  ) -> [MatrixFigure.Cell] {
    let display = name.flatMap(ValueName.init)?.display ?? .numbers
    return picked.rows.flatMap { row in
      picked.columns.map { column in
        guard let row, let column else { return .omitted }
        return MatrixFigure.Cell(tensor[row * shape.lastSize + column], display)
      }
    }
  }

  private func note(on leading: Shape) -> [Bilingual] {
    guard leading.count > 1 else { return [] }
    let axes = zip(leading.axes, leading.sizes).filter { $0.1 > 1 }
    let zeros = leading.axes.map { _ in "0" }.joined(separator: ", ")
    let list = axes.map { axis, size in
      axis.word + Bilingual(it: " 0 di \(size)", en: " 0 of \(size)")
    }
    return [
      Bilingual(it: "mostrato: ", en: "shown: ") + list.joined(separator: ", ")
        + Bilingual(
          it: "; la fetta [\(zeros)] si può cambiare",
          en: "; the slice [\(zeros)] can be changed"
        )
    ]
  }

  private func number(_ value: Double, _ element: Element) -> String {
    element == .integer ? String(Int(value)) : NumberText.code(value, digits: 7)
  }
}

extension MatrixFigure.Cell {
  /// A number as its value is shown: where the mask has put minus infinity there is a cross.
  ///
  /// The pattern's exact zeros are the point of a lesson: they stay numbers.
  init(_ number: Double, _ display: ValueCard.Display) {
    self = display == .maskedScores && number == -.infinity ? .masked : .number(number)
  }

  fileprivate var isNegative: Bool {
    if case .number(let number) = self { number < 0 } else { false }
  }
}
