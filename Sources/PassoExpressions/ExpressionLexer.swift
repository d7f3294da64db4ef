// SPDX-License-Identifier: MIT

import PassoText

/// A word of an expression.
struct ExpressionToken: Sendable, Hashable {
  enum Kind: Sendable {
    case number
    case name
    case symbol
    /// A word in quotation marks; its text is what stands inside.
    case quotation
  }

  let kind: Kind

  /// What it says, in the characters of a keyboard.
  let text: String

  /// Where it stands in the line, in scalars.
  let span: Range<Int>
}

/// Cuts a line into the words of an expression.
struct ExpressionLexer {
  private let line: String

  /// The line as it was typed, and the same in the characters of a keyboard, one for one.
  private let typed: [Unicode.Scalar]
  private let scalars: [Unicode.Scalar]
  private var index = 0

  /// Signs of mathematics that no keyboard has.
  private static let signs: [Unicode.Scalar: String] = [
    "\u{2264}": "<=", "\u{2265}": ">=", "\u{2260}": "!=", "\u{2026}": "...",
  ]

  private static let maxLength = 4000
  private static let symbols = [
    "...", "==", "!=", "<=", ">=", "**", "<", ">", "+", "-", "*", "/", "@", "(", ")", "[", "]",
    ",", ":", "=",
  ].map { Array($0.unicodeScalars) }

  /// - Throws: A placed `ExpressionProblem`.
  static func tokens(of line: String) throws -> [ExpressionToken] {
    guard line.unicodeScalars.count <= maxLength else { throw ExpressionProblem.tooLong(maxLength) }
    var lexer = ExpressionLexer(line: line)
    var tokens: [ExpressionToken] = []
    while let token = try lexer.token() { tokens.append(token) }
    return tokens
  }

  private init(line: String) {
    self.line = line
    typed = Array(line.unicodeScalars)
    scalars = typed.map(TypedCharacters.plain)
  }

  private mutating func token() throws -> ExpressionToken? {
    while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
    guard index < scalars.count, scalars[index] != "#", !isTrailingSemicolon else { return nil }
    let start = index
    if let quotation = quotation() { return quotation }
    if let sign = Self.signs[scalars[index]] {
      index += 1
      return ExpressionToken(kind: .symbol, text: sign, span: start..<index)
    }
    if Self.isDigit(scalars[index]) || isPoint(before: index + 1) {
      skipNumber()
      return token(.number, from: start)
    }
    if Self.beginsName(scalars[index]) {
      while index < scalars.count, continuesName(index) { index += 1 }
      return token(.name, from: start)
    }
    for symbol in Self.symbols where scalars[start...].starts(with: symbol) {
      index += symbol.count
      return token(.symbol, from: start)
    }
    throw ExpressionProblem.unexpected(String(typed[start])).placed(start..<start + 1, in: line)
  }

  private func token(_ kind: ExpressionToken.Kind, from start: Int) -> ExpressionToken {
    ExpressionToken(
      kind: kind,
      text: String(String.UnicodeScalarView(scalars[start..<index])),
      span: start..<index
    )
  }

  /// A word between quotation marks of any kind; nil if here is none.
  private mutating func quotation() -> ExpressionToken? {
    guard let end = QuotationMarks.end(of: typed, from: index) else { return nil }
    let text = QuotationMarks.content(typed[index + 1..<end], openedBy: typed[index])
    defer { index = end + 1 }
    return ExpressionToken(kind: .quotation, text: text, span: index..<end + 1)
  }

  // Lines of other languages end so.
  private var isTrailingSemicolon: Bool {
    let rest = scalars[index...].prefix { $0 != "#" }
    return rest.first == ";" && rest.allSatisfy { $0 == ";" || $0.properties.isWhitespace }
  }

  /// Numbers as Python has them: `.5`, `5.`, `1e-3`, `1_000`.
  private mutating func skipNumber() {
    skipDigits()
    // A point before a third one is an ellipsis, one before a name asks for something of a number.
    if index < scalars.count, scalars[index] == ".", !continuesName(index),
      index + 1 == scalars.count || scalars[index + 1] != "."
    {
      index += 1
    } else if isPoint(before: index + 1) {
      index += 1
      skipDigits()
    }
    guard index < scalars.count, scalars[index] == "e" || scalars[index] == "E" else { return }
    var end = index + 1
    if end < scalars.count, scalars[end] == "-" || scalars[end] == "+" { end += 1 }
    guard end < scalars.count, Self.isDigit(scalars[end]) else { return }
    index = end
    skipDigits()
  }

  private mutating func skipDigits() {
    while index < scalars.count {
      let isSeparator =
        scalars[index] == "_" && index > 0 && Self.isDigit(scalars[index - 1])
        && index + 1 < scalars.count && Self.isDigit(scalars[index + 1])
      guard isSeparator || Self.isDigit(scalars[index]) else { return }
      index += 1
    }
  }

  /// Whether a point with a digit behind it stands before a place.
  private func isPoint(before index: Int) -> Bool {
    index > 0 && index < scalars.count && scalars[index - 1] == "." && Self.isDigit(scalars[index])
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic
  }

  // A point belongs to a name where something follows it: `blocks.0.attn.q`.
  private func continuesName(_ index: Int) -> Bool {
    let scalar = scalars[index]
    if Self.beginsName(scalar) || Self.isDigit(scalar) { return true }
    guard scalar == ".", index + 1 < scalars.count else { return false }
    return Self.beginsName(scalars[index + 1]) || Self.isDigit(scalars[index + 1])
  }
}
