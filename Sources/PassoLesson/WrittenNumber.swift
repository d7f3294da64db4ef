// SPDX-License-Identifier: MIT

import PassoText

/// A number as a text states it, without its sign: `1,45` in Italian, `50,000` in English.
package struct WrittenNumber: Sendable, Hashable {
  /// As it is written.
  package let text: String

  package let value: Double

  /// Digits behind the decimal mark.
  package let decimals: Int

  /// All its digits.
  package var digits: Int { text.count { $0.isNumber } }

  /// Those behind the zeros at its beginning.
  package var significantDigits: Int {
    text.filter { $0.isNumber }.drop { $0 == "0" }.count
  }

  /// Whether a number rounds to this one.
  ///
  /// - Parameters:
  ///   - other: The number; its sign says nothing.
  ///   - known: Digits behind the mark that are known of it; nil for all of them.
  /// - Returns: Whether it does.
  package func rounds(_ other: Double, knownTo known: Int? = nil) -> Bool {
    var room = Self.half(decimals)
    if let known, known > decimals { room += Self.half(known) }
    return abs(abs(other) - value) <= room + 1e-9 * max(1, value)
  }

  /// Half a unit of the last digit.
  private static func half(_ decimals: Int) -> Double {
    (0..<decimals).reduce(0.5) { unit, _ in unit / 10 }
  }
}

extension WrittenNumber {
  /// The numbers of a text in a language; what belongs to a name, as in `x2` or `F02.3`, is none.
  package static func all(in text: String, _ language: Language) -> [WrittenNumber] {
    var scanner = NumberScanner(text, language)
    var numbers: [WrittenNumber] = []
    while let number = scanner.next() { numbers.append(number) }
    return numbers
  }
}

/// Finds one number after the other.
private struct NumberScanner {
  private let scalars: [Unicode.Scalar]
  private var index = 0

  /// What stands before decimals, and between groups of three digits.
  private let mark: Unicode.Scalar
  private let groupMarks: Set<Unicode.Scalar>

  init(_ text: String, _ language: Language) {
    scalars = Array(text.unicodeScalars)
    mark = language == .it ? "," : "."
    groupMarks = language == .it ? [".", " ", "\u{A0}", "\u{2009}", "\u{202F}"] : [","]
  }

  mutating func next() -> WrittenNumber? {
    while let start = start() {
      if let number = read(from: start) { return number }
    }
    return nil
  }

  /// The next digit, which no digit stands before.
  private mutating func start() -> Int? {
    while index < scalars.count, !isDigit(index) { index += 1 }
    return index < scalars.count ? index : nil
  }

  /// Reads a number; nil if it is part of a name.
  private mutating func read(from start: Int) -> WrittenNumber? {
    var digits = takeDigits()
    if digits.count <= 3, digits.first != "0" {
      while let group = takeGroup() { digits += group }
    }
    var decimals = 0
    if index + 1 < scalars.count, scalars[index] == mark, isDigit(index + 1) {
      index += 1
      let behind = takeDigits()
      (digits, decimals) = (digits + "." + behind, behind.count)
    }
    let exponent = takeExponent()
    // `gatto-1` is a name too.
    let isHyphenated = start > 1 && scalars[start - 1] == "-" && isPartOfName(start - 2)
    let isName = isHyphenated || isPartOfName(start - 1) || isPartOfName(index)
    guard !isName, let value = Double(digits + exponent) else { return nil }
    let text = String(String.UnicodeScalarView(scalars[start..<index]))
    let shift = Int(exponent.dropFirst()) ?? 0
    return WrittenNumber(text: text, value: value, decimals: max(0, min(99, decimals - shift)))
  }

  private mutating func takeDigits() -> String {
    var digits = ""
    while index < scalars.count, isDigit(index) {
      digits.unicodeScalars.append(scalars[index])
      index += 1
    }
    return digits
  }

  /// Three digits behind a mark, and no more of them.
  private mutating func takeGroup() -> String? {
    guard index + 3 < scalars.count, groupMarks.contains(scalars[index]),
      (1...3).allSatisfy({ isDigit(index + $0) }), !isDigit(index + 4)
    else { return nil }
    index += 1
    return takeDigits()
  }

  /// `e-05`, as programs write it; empty if there is none.
  private mutating func takeExponent() -> String {
    guard index + 1 < scalars.count, scalars[index] == "e" else { return "" }
    let isSigned = scalars[index + 1] == "-" || scalars[index + 1] == "+"
    let first = index + (isSigned ? 2 : 1)
    guard isDigit(first), first < scalars.count else { return "" }
    let sign = isSigned ? String(scalars[index + 1]) : ""
    index = first
    return "e" + sign + takeDigits()
  }

  private func isDigit(_ index: Int) -> Bool {
    scalars.indices.contains(index) && ("0"..."9").contains(scalars[index])
  }

  private func isPartOfName(_ index: Int) -> Bool {
    guard scalars.indices.contains(index) else { return false }
    return scalars[index].properties.isAlphabetic || scalars[index] == "_"
  }
}
