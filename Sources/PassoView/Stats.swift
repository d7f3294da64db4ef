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

  /// How many are NaN, plus infinity, and minus infinity; they are left out of everything else.
  package let nan: Int
  package let positive: Int
  package let negative: Int

  /// Where the first of those stands.
  package let firstNonFinite: Int?

  /// How many fall into each of equal parts between least and greatest.
  package let bins: [Int]

  /// Sums up numbers; two passes, so that the deviation of large numbers stays exact.
  package init(_ numbers: [Double], binCount: Int = 10) {
    let finite = numbers.filter { $0.isFinite }
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

  /// What numbers are measured in while they are added, so that neither they nor their squares
  /// leave the range of a number: a power of two, which changes no digit.
  private static func unit(_ finite: [Double]) -> Double {
    let largest = finite.reduce(0) { max($0, abs($1)) }
    let isOrdinary = largest == 0 || (0x1p-400...0x1p400).contains(largest)
    return isOrdinary ? 1 : Double(sign: .plus, exponent: largest.exponent, significand: 1)
  }

  /// The end of a sentence: how many are not finite, if any, of each kind.
  package var remark: Bilingual {
    [("NaN", nan), ("+inf", positive), ("-inf", negative)].filter { $0.1 > 0 }
      .map { name, found in
        Bilingual(
          it: ", \(found) \(found == 1 ? "valore" : "valori") \(name)",
          en: ", \(found) \(found == 1 ? "value" : "values") \(name)"
        )
      }.reduce(Bilingual(same: ""), +)
  }

  /// One line: the numbers that matter most.
  package var line: Bilingual {
    func digits(_ value: Double) -> Bilingual { NumberText.general(value, digits: 4) }
    return Bilingual(
      it: "min \(digits(least).it), max \(digits(greatest).it), media \(digits(mean).it),"
        + " norma \(digits(norm).it)",
      en: "min \(digits(least).en), max \(digits(greatest).en), mean \(digits(mean).en),"
        + " norm \(digits(norm).en)"
    ) + remark
  }

  /// All of it, with the distribution.
  ///
  /// - Parameters:
  ///   - name: What the numbers are.
  ///   - sizes: How many entries each axis has, so that a place is given as a slice takes it.
  /// - Returns: A table, with a histogram where numbers differ.
  package func figure(of name: String, sizes: [Int] = []) -> Figure {
    var rows: [[Bilingual]] = [
      .row(it: "numeri", en: "numbers", [NumberText.count(count)]),
      .row(it: "minimo", en: "least", [NumberText.general(least)]),
      .row(it: "massimo", en: "greatest", [NumberText.general(greatest)]),
      .row(it: "media", en: "mean", [NumberText.general(mean)]),
      .row(it: "deviazione standard", en: "standard deviation", [NumberText.general(deviation)]),
      .row(it: "norma", en: "norm", [NumberText.general(norm)]),
      .row(it: "zeri esatti", en: "exact zeros", [NumberText.count(zeros)]),
    ]
    if let firstNonFinite {
      for (name, found) in [("NaN", nan), ("+inf", positive), ("-inf", negative)] where found > 0 {
        rows.append(.same([name, NumberText.count(found)]))
      }
      let place = Self.place(firstNonFinite, sizes)
      let (it, en) = ("il primo non finito, all'indice", "the first not finite, at index")
      rows.append(.row(it: it, en: en, [place]))
    }
    let table = TableFigure(columns: [.init(), .init(.right)], rows: rows)
    return .group(
      title: Bilingual(same: name),
      [.table(table)] + (bins.count > 1 ? [.bars(histogram)] : [])
    )
  }

  private static func place(_ index: Int, _ sizes: [Int]) -> String {
    let places = places(of: index, sizes)
    return places.isEmpty ? "\(index)" : "\(places)"
  }

  /// Where a number stands along each axis, by its place among all of them, the last axis fastest.
  package static func places(of index: Int, _ sizes: [Int]) -> [Int] {
    var (rest, places): (Int, [Int]) = (index, [])
    for size in sizes.reversed() where size > 0 {
      places.append(rest % size)
      rest /= size
    }
    return places.reversed()
  }

  private var histogram: BarsFigure {
    let edges = (0...bins.count).map { index in
      let part = Double(index) / Double(bins.count)
      let edge = index == bins.count ? greatest : (least...greatest).number(at: part)
      return NumberText.general(edge, digits: 3)
    }
    let width = edges.map(\.en.count).max() ?? 0
    return BarsFigure(
      title: Bilingual(
        it: "istogramma: quanti numeri in ogni intervallo",
        en: "histogram: how many numbers in each interval"
      ),
      bars: bins.enumerated().map { index, count in
        let (low, high) = (edges[index], edges[index + 1])
        let label = Bilingual(
          it: "\(low.it.leftPadded(to: width)) … \(high.it.leftPadded(to: width))",
          en: "\(low.en.leftPadded(to: width)) … \(high.en.leftPadded(to: width))"
        )
        return .init(label, Double(count))
      }
    )
  }
}
