// SPDX-License-Identifier: MIT

import PassoText

/// How the numbers of a matrix become shades, and which of them stand apart.
///
/// A single huge number would make all others look alike: shades end at the largest number that is
/// not an outlier.
struct MatrixScale: Sendable, Hashable {
  /// The magnitude that gets the strongest shade; 0 if there is nothing to tell apart.
  let limit: Double

  let kind: MatrixFigure.Scale

  /// How many times larger than all others an outlier is.
  private static let gap = 5.0

  /// At most one number in fifty is an outlier, and one of a few.
  private static func most(of count: Int) -> Int { max(1, count / 50) }

  /// Fewer numbers than this have no outliers: they can be read one by one.
  private static let fewest = 12

  /// The scale for some numbers; those that are not finite have no shade.
  init(_ numbers: [Double], _ kind: MatrixFigure.Scale) {
    self.kind = kind
    let magnitudes = numbers.filter { $0.isFinite }.map(abs)
    let largest = magnitudes.max() ?? 0
    let isBounded = numbers.allSatisfy { !$0.isFinite || (0...1).contains($0) }
    // Probabilities may be all or nothing.
    guard magnitudes.count >= Self.fewest, !isBounded else {
      limit = largest
      return
    }
    let top = magnitudes.sorted(by: >).prefix(Self.most(of: magnitudes.count) + 1)
    let last = top.indices.dropFirst().last { top[$0] > 0 && top[$0 - 1] > Self.gap * top[$0] }
    limit = last.map { top[$0] } ?? largest
  }

  /// Whether a number is so large that its shade would say nothing of the others.
  func isOutlier(_ number: Double) -> Bool { number.isFinite && abs(number) > limit }

  /// The shade of a number, from -1 to 1; nil if it has none.
  func part(_ number: Double) -> Double? {
    guard number.isFinite, limit > 0 else { return nil }
    return min(max(number / limit, -1), 1)
  }
}

/// The cells of a matrix that nobody should overlook.
struct OddCells {
  /// What is odd, and the rows and columns where it is.
  private var places: [(kind: Kind, text: String)] = []
  private var counts: [Kind: Int] = [:]

  private enum Kind: CaseIterable {
    case outlier
    case nan
    case positive
    case negative

    func name(_ count: Int) -> Bilingual {
      switch self {
      case .outlier:
        Bilingual(
          it: "\(count) fuori scala (!)",
          en: "\(count) outlier\(count == 1 ? "" : "s") (!)"
        )
      case .nan: Bilingual(same: "\(count) NaN")
      case .positive: Bilingual(same: "\(count) +inf")
      case .negative: Bilingual(same: "\(count) -inf")
      }
    }
  }

  /// More places of a kind than this are only counted.
  private static let shown = 4

  /// Looks through cells, row-major.
  ///
  /// - Parameters:
  ///   - cells: The cells.
  ///   - rows: Where the rows stand on the whole axis; of a single row, places are given by the
  ///     column alone.
  ///   - columns: Where the columns stand.
  ///   - scale: What an outlier is.
  init(
    _ cells: some Sequence<MatrixFigure.Cell>,
    rows: MatrixFigure.Axis,
    columns: MatrixFigure.Axis,
    _ scale: MatrixScale
  ) {
    for (index, cell) in cells.enumerated() {
      guard case .number(let number) = cell, let kind = Self.kind(number, scale) else { continue }
      counts[kind, default: 0] += 1
      guard counts[kind, default: 0] <= Self.shown else { continue }
      let (row, column) = index.quotientAndRemainder(dividingBy: max(1, columns.labels.count))
      let (down, across) = (rows.indices[row] ?? row, columns.indices[column] ?? column)
      let place = rows.labels.count == 1 ? "[\(across)]" : "[\(down), \(across)]"
      let value = kind == .outlier ? " " + NumberText.code(number, digits: 4) : ""
      places.append((kind, place + value))
    }
  }

  private static func kind(_ number: Double, _ scale: MatrixScale) -> Kind? {
    if number.isNaN { return .nan }
    if number.isInfinite { return number > 0 ? .positive : .negative }
    return scale.isOutlier(number) ? .outlier : nil
  }

  /// A line for each kind: how many there are, and where the first of them stand.
  var notes: [Bilingual] {
    Kind.allCases.compactMap { kind in
      guard let count = counts[kind] else { return nil }
      let found = places.filter { $0.kind == kind }.map(\.text)
      let rest = count > found.count ? ", \(MatrixFigure.ellipsis)" : ""
      return kind.name(count) + Bilingual(same: ": " + found.joined(separator: ", ") + rest)
    }
  }
}
