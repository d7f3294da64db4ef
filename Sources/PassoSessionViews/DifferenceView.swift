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

  /// Those that differ most, or the first of those that were given.
  private let places: [Int]

  /// How many numbers differ.
  let count: Int

  private static let mostRows = 8

  init(_ left: Tensor, _ right: Tensor, places: [Int]? = nil) {
    self.left = left
    self.right = right
    if let places {
      (self.places, count) = (Array(places.prefix(Self.mostRows)), places.count)
      return
    }
    switch (left.storage, right.storage) {
    case (.f32(let one), .f32(let other)): (self.places, count) = Self.largest(one, other)
    default: (self.places, count) = Self.largest(left.doubles, right.doubles)
    }
  }

  /// The places of the largest differences, the first of equal ones first, and how many there are.
  ///
  /// Not by sorting: an embedding has millions.
  private static func largest<T: BinaryFloatingPoint>(
    _ left: [T],
    _ right: [T]
  ) -> (places: [Int], count: Int) {
    var (best, count): ([(place: Int, size: Double)], Int) = ([], 0)
    for place in left.indices {
      let (one, other) = (Double(left[place]), Double(right[place]))
      guard one.bitPattern != other.bitPattern else { continue }
      count += 1
      let size = abs(one - other)
      if best.count == mostRows, !(size > best[mostRows - 1].size) { continue }
      let index = best.firstIndex { size > $0.size } ?? best.count
      best.insert((place, size), at: index)
      if best.count > mostRows { best.removeLast() }
    }
    return (best.map(\.place), count)
  }

  /// The cell that differs most.
  var first: (index: String, left: String, right: String)? {
    places.first.map { (index($0), Self.digits(left[$0]), Self.digits(right[$0])) }
  }

  func figure(
    title: Bilingual,
    left leftName: Bilingual = Bilingual(it: "prima", en: "before"),
    right rightName: Bilingual = Bilingual(it: "dopo", en: "after")
  ) -> Figure {
    // What lies between the ids of two tokens says nothing.
    let isOfIDs = left.element == .integer
    let rows = places.map { place -> [Bilingual] in
      let difference = NumberText.code(right[place] - left[place], digits: 3)
      let cells = [index(place), Self.digits(left[place]), Self.digits(right[place]), difference]
      return .same(isOfIDs ? Array(cells.dropLast()) : cells)
    }
    let columns: [TableFigure.Column] = [
      .init(it: "cella", en: "cell"), .init(leftName, .right), .init(rightName, .right),
      .init(it: "differenza", en: "difference", .right),
    ]
    let rest = count - rows.count
    return .table(
      TableFigure(
        title: title,
        columns: isOfIDs ? Array(columns.dropLast()) : columns,
        rows: rows,
        notes: rest > 0
          ? [Bilingual(it: "e altre \(rest) celle", en: "and \(rest) more cells")] : []
      )
    )
  }

  private static func digits(_ number: Double) -> String { NumberText.code(number, digits: 7) }

  private func index(_ place: Int) -> String { "\(Stats.places(of: place, left.shape.sizes))" }
}
