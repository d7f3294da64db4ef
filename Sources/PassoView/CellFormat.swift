// SPDX-License-Identifier: MIT

import PassoText

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// One way to write all numbers of a matrix, so that they can be compared down a column.
struct CellFormat: Equatable {
  let decimals: Int

  /// Numbers are shown times ten to this power, which the title then says.
  let exponent: Int

  /// The format in which the largest number shows about three digits.
  ///
  /// Whole numbers stay whole. Numbers below a hundredth are all multiplied by a power of 1000:
  /// a column of `0.000` says nothing.
  init(for cells: [MatrixFigure.Cell]) {
    let numbers = cells.compactMap(\.finiteNumber)
    let largest = numbers.reduce(0) { max($0, abs($1)) }
    if numbers.allSatisfy({ $0 == $0.rounded() }), largest < 1e6 {
      (decimals, exponent) = (0, 0)
    } else if largest < 0.01 || largest >= 1e5 {
      let thousands = Int((log10(largest) / 3).rounded(.down))
      exponent = 3 * thousands
      decimals = Self.decimals(largest / pow(10, Double(3 * thousands)))
    } else {
      exponent = 0
      decimals = Self.decimals(largest)
    }
  }

  private static func decimals(_ largest: Double) -> Int {
    switch largest {
    case 100...: 1
    case 0.1...: 2
    default: 3
    }
  }

  /// A cell as text; an exact zero is `0`, a rounded one `0.00`.
  func text(_ cell: MatrixFigure.Cell) -> String {
    switch cell {
    case .masked: return "×"
    case .omitted: return MatrixFigure.ellipsis
    case .number(let number):
      if number == 0 { return "0" }
      let scaled = exponent == 0 ? number : number * pow(10, Double(-exponent))
      return NumberText.fixed(scaled, decimals)
    }
  }

  /// What the title has to say of the power of ten.
  var remark: String? {
    exponent == 0 ? nil : "× 1e\(exponent)"
  }
}

extension MatrixFigure.Cell {
  /// The number, unless it is NaN, infinite, or not there.
  var finiteNumber: Double? {
    if case .number(let number) = self, number.isFinite { number } else { nil }
  }
}
