// SPDX-License-Identifier: MIT

import PassoText

/// A word of an expression.
struct ExpressionToken: Sendable, Hashable {
  enum Kind: Sendable {
    case number
    case name
    case symbol
  }

  let kind: Kind
  let text: String

  /// Where it stands in the line, in scalars.
  let span: Range<Int>
}

/// Cuts a line into the words of an expression.
struct ExpressionLexer {
  private let line: String
  private let scalars: [Unicode.Scalar]
  private var index = 0

  private static let maxLength = 4000
  private static let symbols = [
    "...", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "@", "(", ")", "[", "]", ",", ":",
    "=",
  ].map { Array($0.unicodeScalars) }

  /// - Throws: A placed `ExpressionProblem`.
  static func tokens(of line: String) throws -> [ExpressionToken] {
    var lexer = ExpressionLexer(line: line, scalars: Array(line.unicodeScalars))
    guard lexer.scalars.count <= maxLength else { throw ExpressionProblem.tooLong(maxLength) }
    var tokens: [ExpressionToken] = []
    while let token = try lexer.token() { tokens.append(token) }
    return tokens
  }

  private init(line: String, scalars: [Unicode.Scalar]) {
    self.line = line
    self.scalars = scalars
  }

  private mutating func token() throws -> ExpressionToken? {
    while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
    guard index < scalars.count, scalars[index] != "#" else { return nil }
    let start = index
    if Self.isDigit(scalars[index]) {
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
    throw Placed(
      ExpressionProblem.unexpected(String(scalars[start])),
      source: line,
      span: start..<start + 1
    )
  }

  private func token(_ kind: ExpressionToken.Kind, from start: Int) -> ExpressionToken {
    ExpressionToken(
      kind: kind,
      text: String(String.UnicodeScalarView(scalars[start..<index])),
      span: start..<index
    )
  }

  private mutating func skipNumber() {
    func skipDigits() { while index < scalars.count, Self.isDigit(scalars[index]) { index += 1 } }
    skipDigits()
    if index + 1 < scalars.count, scalars[index] == ".", Self.isDigit(scalars[index + 1]) {
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
