// SPDX-License-Identifier: MIT

import PassoText

/// Labelled numbers from 0 up, such as probabilities or counts; several for each label where they
/// are to be compared.
package struct BarsFigure: Sendable, Hashable {
  package struct Bar: Sendable, Hashable {
    package let label: Bilingual

    /// One number for each series.
    package let values: [Double]

    package init(_ label: Bilingual, _ values: [Double]) {
      self.label = label
      self.values = values
    }

    package init(_ label: Bilingual, _ values: Double...) { self.init(label, values) }

    /// A bar whose label is the same in both languages.
    package init(_ label: String, _ values: Double...) { self.init(Bilingual(same: label), values) }
  }

  package let title: Bilingual

  /// What is compared; empty where every label has a single number.
  package let series: [Bilingual]

  package let bars: [Bar]

  /// How many decimals the numbers have; as many as suit them if not given.
  package let decimals: Int?

  /// Lines below the bars.
  package let notes: [Bilingual]

  package init(
    title: Bilingual,
    series: [Bilingual] = [],
    bars: [Bar],
    decimals: Int? = nil,
    notes: [Bilingual] = []
  ) {
    let count = max(1, series.count)
    precondition(bars.allSatisfy { $0.values.count == count }, "bars of \(title.en)")
    self.title = title
    self.series = series
    self.bars = bars
    self.decimals = decimals
    self.notes = notes
  }

  /// How the bars of a series are filled, so that no colour is needed to tell them apart.
  static let fills: [Character] = ["█", "░", "▒"]

  /// The full form of a number, or all of them with their series.
  func sentence(_ bar: Bar, _ language: Language) -> String {
    let numbers = bar.values.indices.map { index in
      let name = index < series.count ? series[index][language].visible + " " : ""
      return name + NumberText.general(bar.values[index])[language]
    }
    return "\(bar.label[language].visible): \(numbers.joined(separator: ", "))"
  }

  var format: CellFormat {
    decimals.map(CellFormat.init(decimals:))
      ?? CellFormat(for: bars.flatMap { $0.values.map { .number($0) } })
  }

  /// The part of the largest number, from 0 to 1.
  func part(_ value: Double) -> Double {
    let largest = bars.flatMap(\.values).filter(\.isFinite).max() ?? 0
    return largest > 0 && value.isFinite ? min(max(value / largest, 0), 1) : 0
  }
}

/// Draws bars with a resolution of an eighth of a character, where there is but one series.
struct BarsLayout {
  let figure: BarsFigure
  let text: TextLayout

  var lines: [StyledLine] {
    let format = figure.format
    let labels = figure.bars.map { $0.label[text.language].visible }
    let labelWidth = min(labels.map { DisplayWidth.of($0) }.max() ?? 0, text.width / 2)
    let numbers = figure.bars.map { $0.values.map { format.said($0)[text.language] } }
    let numberWidth = numbers.joined().map(\.count).max() ?? 0
    let room = max(4, text.width - labelWidth - numberWidth - 4)
    var lines = text.heading(figure.title, remark: format.remark)
    if !figure.series.isEmpty { lines += text.notes([legend]) }
    for (bar, (label, texts)) in zip(figure.bars, zip(labels, numbers)) {
      for (series, number) in texts.enumerated() {
        let name = series == 0 ? label.truncated(to: labelWidth) : ""
        lines.append(
          StyledLine(
            "\(name.padded(to: labelWidth))  \(number.leftPadded(to: numberWidth))  "
              + drawn(figure.part(bar.values[series]), series, room)
          )
        )
      }
    }
    return lines
  }

  private var legend: Bilingual {
    zip(BarsFigure.fills, figure.series).map { fill, name in
      Bilingual(same: "\(fill) ") + name
    }.joined(separator: "   ")
  }

  private func drawn(_ part: Double, _ series: Int, _ room: Int) -> String {
    let fill = BarsFigure.fills[series % BarsFigure.fills.count]
    guard figure.series.isEmpty else {
      return String(repeating: fill, count: Int((part * Double(room)).rounded()))
    }
    let (whole, rest) = Int((part * Double(room * 8)).rounded()).quotientAndRemainder(dividingBy: 8)
    let blocks = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: fill, count: whole) + blocks[rest]
  }
}
