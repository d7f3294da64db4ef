// SPDX-License-Identifier: MIT

import Glibc
import PassoText

/// One way to write all numbers of a matrix, so that they can be compared down a column.
struct CellFormat: Equatable {
  let decimals: Int

  /// Numbers are shown times ten to this power, which the title then says.
  let exponent: Int

  /// Numbers beyond it are marked, and written with few digits.
  private var limit = Double.infinity

  private static let outlierMark = "!"

  /// So many decimals, whatever the numbers.
  init(decimals: Int) {
    self.decimals = decimals
    exponent = 0
  }

  /// The format for a matrix: that of its numbers without the outliers.
  init(for matrix: MatrixFigure) {
    self.init(
      for: matrix.cells.filter { cell in
        cell.finiteNumber.map { !matrix.shades.isOutlier($0) } ?? true
      }
    )
    limit = matrix.shades.limit
  }

  /// The format in which the largest number shows about three digits.
  ///
  /// Whole numbers stay whole. Numbers below a tenth are all multiplied by a power of 1000: a
  /// column of `0.00` says nothing, and `0.0124` takes more room than `12.4`.
  init(for cells: [MatrixFigure.Cell]) {
    let numbers = cells.compactMap(\.finiteNumber)
    let largest = numbers.reduce(0) { max($0, abs($1)) }
    if numbers.allSatisfy({ $0 == $0.rounded() }), largest < 1e6 {
      (decimals, exponent) = (0, 0)
    } else if largest < 0.1 || largest >= 1e5 {
      // Beyond that the power of ten would be no number.
      let thousands = max(-102, Int((log10(largest) / 3).rounded(.down)))
      exponent = 3 * thousands
      decimals = Self.decimals(largest / pow(10, Double(3 * thousands)))
    } else {
      exponent = 0
      decimals = Self.decimals(largest)
    }
  }

  private static func decimals(_ largest: Double) -> Int {
    largest >= 10 ? 1 : 2
  }

  /// A cell of a tensor as text; an exact zero is `0`, a rounded one `0.00`.
  func text(_ cell: MatrixFigure.Cell) -> String {
    switch cell {
    case .masked: return "×"
    case .omitted: return MatrixFigure.ellipsis
    case .number(let number):
      if number == 0 { return "0" }
      let scaled = exponent == 0 ? number : number * pow(10, Double(-exponent))
      guard number.isFinite, abs(number) > limit else {
        return NumberText.code(scaled, decimals: decimals)
      }
      return NumberText.code(scaled, digits: 3) + Self.outlierMark
    }
  }

  /// A number that is measured, not the value of a tensor: the bar of a probability.
  func said(_ number: Double) -> Bilingual {
    if number == 0 { return Bilingual(same: "0") }
    return NumberText.fixed(exponent == 0 ? number : number * pow(10, Double(-exponent)), decimals)
  }

  /// What the title has to say of the power of ten.
  var remark: String? {
    exponent == 0 ? nil : "×10" + String(String(exponent).map(Self.superscript))
  }

  private static func superscript(_ character: Character) -> Character {
    let raised: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
      "8": "⁸", "9": "⁹",
    ]
    return raised[character] ?? character
  }
}

extension MatrixFigure.Cell {
  /// The number, unless it is NaN, infinite, or not there.
  var finiteNumber: Double? {
    if case .number(let number) = self, number.isFinite { number } else { nil }
  }

  /// Whether it is NaN or infinite.
  var isStrange: Bool {
    if case .number(let number) = self { !number.isFinite } else { false }
  }
}
