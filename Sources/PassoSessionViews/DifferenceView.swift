// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Shows in what two runs differ first.
package struct DifferenceView {
  private let left: (name: String, session: Session)
  private let right: (name: String, session: Session)

  package init(_ left: (String, Session), _ right: (String, Session)) {
    self.left = left
    self.right = right
  }

  package func figure(_ difference: TimelineDifference?) -> Figure {
    guard let difference else {
      return .line(
        Bilingual(
          it: "nessuna differenza: ogni valore è uguale, bit per bit",
          en: "no difference: every value is the same, bit for bit"
        )
      )
    }
    let first = difference.first
    let title = Bilingual(
      it: "la prima differenza è in \(first.name)",
      en: "the first difference is in \(first.name)"
    )
    return .group(title: title, [place(first), cells(first), others(difference)])
  }

  private func place(_ first: TimelineDifference.Difference) -> Figure {
    let moment = first.moment
    let text = Bilingual(
      it: "aggiornamento \(moment.update), passo \(moment.step)",
      en: "update \(moment.update), step \(moment.step)"
    )
    return .line(text, .dim)
  }

  private func cells(_ first: TimelineDifference.Difference) -> Figure {
    guard first.left.shape == first.right.shape else {
      return .line(Run("\(first.left.shape) ≠ \(first.right.shape)"))
    }
    let count = first.places.count
    return DifferenceTable(first.left, first.right, places: first.places).figure(
      title: Bilingual(
        it: "numeri diversi: \(count) di \(first.left.count)",
        en: "numbers that differ: \(count) of \(first.left.count)"
      ),
      left: Bilingual(same: left.name),
      right: Bilingual(same: right.name)
    )
  }

  private func others(_ difference: TimelineDifference) -> Figure {
    let names = difference.others
    let shown = names.prefix(6).flatMap { [Run(" "), Run($0, .code)] }
    let text = Bilingual(
      it: "poi, nello stesso aggiornamento: \(names.count) di \(difference.comparedCount - 1)",
      en: "then, in the same update: \(names.count) of \(difference.comparedCount - 1)"
    )
    let list = names.isEmpty ? [] : [Run(":")] + shown
    let end = Run(names.count > 6 ? " …" : "")
    return .text(TextFigure([.init([Run(text)] + list + [end])]))
  }
}

/// The cells in which two tensors of one shape differ most, side by side.
struct DifferenceTable {
  private let left: Tensor
  private let right: Tensor
  private let places: [Int]
  private static let mostRows = 8

  init(_ left: Tensor, _ right: Tensor, places: [Int]? = nil) {
    self.left = left
    self.right = right
    self.places =
      places
      ?? (0..<left.count).filter { left[$0].bitPattern != right[$0].bitPattern }
      .sorted { abs(left[$0] - right[$0]) > abs(left[$1] - right[$1]) }
  }

  /// How many numbers differ.
  var count: Int { places.count }

  /// The cell that differs most.
  var first: (index: String, left: String, right: String)? {
    places.first.map { (index($0), Self.digits(left[$0]), Self.digits(right[$0])) }
  }

  func figure(
    title: Bilingual,
    left leftName: Bilingual = Bilingual(it: "prima", en: "before"),
    right rightName: Bilingual = Bilingual(it: "dopo", en: "after")
  ) -> Figure {
    let rows = places.prefix(Self.mostRows).map { place -> [Bilingual] in
      let difference = NumberText.code(right[place] - left[place], digits: 3)
      return .same([
        index(place), Self.digits(left[place]), Self.digits(right[place]), difference,
      ])
    }
    let rest = places.count - rows.count
    return .table(
      TableFigure(
        title: title,
        columns: [
          .init(it: "cella", en: "cell"), .init(leftName, .right), .init(rightName, .right),
          .init(it: "differenza", en: "difference", .right),
        ],
        rows: rows,
        notes: rest > 0
          ? [Bilingual(it: "e altre \(rest) celle", en: "and \(rest) more cells")] : []
      )
    )
  }

  private static func digits(_ number: Double) -> String { NumberText.code(number, digits: 7) }

  private func index(_ place: Int) -> String { "\(Stats.places(of: place, left.shape.sizes))" }
}
