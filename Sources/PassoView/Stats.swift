// SPDX-License-Identifier: MIT

import PassoText

/// Numbers summed up.
package struct Stats: Sendable, Hashable {
  package let count: Int
  package let least: Double
  package let greatest: Double
  package let mean: Double

  /// The standard deviation of the whole population.
  package let deviation: Double

  /// The square root of the sum of squares.
  package let norm: Double

  package let zeros: Int

  /// How many are NaN or infinite; they are left out of everything else.
  package var nonFinite: Int { nan + positive + negative }

  /// How many are NaN, plus infinity, and minus infinity.
  package let nan: Int
  package let positive: Int
  package let negative: Int

  /// Where the first of those stands.
  package let firstNonFinite: Int?

  /// How many fall into each of equal parts between least and greatest.
  package let bins: [Int]

  /// Sums up numbers; two passes, so that the deviation of large numbers stays exact.
  package init(_ numbers: [Double], binCount: Int = 10) {
    let finite = numbers.filter(\.isFinite)
    let unit = Self.unit(finite)
    let mean =
      finite.isEmpty ? Double.nan : finite.reduce(0) { $0 + $1 / unit } / Double(finite.count)
    let squares = finite.reduce(0) { $0 + ($1 / unit - mean) * ($1 / unit - mean) }
    let least = finite.min() ?? .nan
    let greatest = finite.max() ?? .nan
    count = numbers.count
    self.mean = mean * unit
    self.least = least
    self.greatest = greatest
    deviation = finite.isEmpty ? .nan : (squares / Double(finite.count)).squareRoot() * unit
    norm = finite.reduce(0) { $0 + ($1 / unit) * ($1 / unit) }.squareRoot() * unit
    zeros = finite.count { $0 == 0 }
    nan = numbers.count { $0.isNaN }
    positive = numbers.count { $0 == .infinity }
    negative = numbers.count { $0 == -.infinity }
    firstNonFinite = numbers.firstIndex { !$0.isFinite }
    var bins = Array(repeating: 0, count: greatest > least ? binCount : min(1, finite.count))
    for number in finite where !bins.isEmpty {
      let part = bins.count == 1 ? 0 : (least...greatest).part(number)
      bins[min(Int(part * Double(bins.count)), bins.count - 1)] += 1
    }
    self.bins = bins
  }

  /// What numbers are measured in while they are added, so that neither they nor their squares leave
  /// the range of a number: a power of two, which changes no digit.
  private static func unit(_ finite: [Double]) -> Double {
    let largest = finite.reduce(0) { max($0, abs($1)) }
    let isOrdinary = largest == 0 || (0x1p-400...0x1p400).contains(largest)
    return isOrdinary ? 1 : Double(sign: .plus, exponent: largest.exponent, significand: 1)
  }

  /// One line: the numbers that matter most.
  package var line: Bilingual {
    func digits(_ value: Double) -> String { NumberText.general(value, digits: 4) }
    let strange =
      nonFinite == 0
      ? Bilingual(same: "")
      : Bilingual(
        it: ", \(nonFinite) non finit\(nonFinite == 1 ? "o" : "i")",
        en: ", \(nonFinite) not finite"
      )
    return Bilingual(
      it: "min \(digits(least)), max \(digits(greatest)), media \(digits(mean)),"
        + " norma \(digits(norm))",
      en: "min \(digits(least)), max \(digits(greatest)), mean \(digits(mean)),"
        + " norm \(digits(norm))"
    ) + strange
  }

  /// All of it, with the distribution.
  ///
  /// - Parameters:
  ///   - name: What the numbers are.
  ///   - sizes: How many entries each axis has, so that a place is given as a slice takes it.
  /// - Returns: A table, with a histogram where numbers differ.
  package func figure(of name: String, sizes: [Int] = []) -> Figure {
    func row(_ it: String, _ en: String, _ value: String) -> [Bilingual] {
      [Bilingual(it: it, en: en), Bilingual(same: value)]
    }
    var rows = [
      row("numeri", "numbers", NumberText.count(count)),
      row("minimo", "least", NumberText.general(least)),
      row("massimo", "greatest", NumberText.general(greatest)),
      row("media", "mean", NumberText.general(mean)),
      row("deviazione standard", "standard deviation", NumberText.general(deviation)),
      row("norma", "norm", NumberText.general(norm)),
      row("zeri esatti", "exact zeros", NumberText.count(zeros)),
    ]
    if let firstNonFinite {
      for (name, found) in [("NaN", nan), ("+inf", positive), ("-inf", negative)] where found > 0 {
        rows.append(row(name, name, NumberText.count(found)))
      }
      let (it, en) = ("il primo non finito, all'indice", "the first not finite, at index")
      rows.append(row(it, en, Self.place(firstNonFinite, sizes)))
    }
    let table = TableFigure(
      columns: [.init(Bilingual(same: "")), .init(Bilingual(same: ""), .right)],
      rows: rows
    )
    let title = Bilingual(same: name)
    guard bins.count > 1 else { return .group(title: title, [.table(table)]) }
    return .group(title: title, [.table(table), .bars(histogram)])
  }

  private static func place(_ index: Int, _ sizes: [Int]) -> String {
    var (rest, parts): (Int, [String]) = (index, [])
    for size in sizes.reversed() where size > 0 {
      parts.append(String(rest % size))
      rest /= size
    }
    return parts.isEmpty ? "\(index)" : "[\(parts.reversed().joined(separator: ", "))]"
  }

  private var histogram: BarsFigure {
    func edge(_ index: Int) -> String {
      let part = Double(index) / Double(bins.count)
      return NumberText.general(
        index == bins.count ? greatest : (least...greatest).number(at: part),
        digits: 3
      )
    }
    let edges = (0...bins.count).map(edge)
    let width = edges.map(\.count).max() ?? 0
    func padded(_ text: String) -> String {
      String(repeating: " ", count: width - text.count) + text
    }
    return BarsFigure(
      title: Bilingual(
        it: "istogramma: quanti numeri in ogni intervallo",
        en: "histogram: how many numbers in each interval"
      ),
      bars: bins.enumerated().map { index, count in
        .init("\(padded(edges[index])) … \(padded(edges[index + 1]))", Double(count))
      }
    )
  }
}
