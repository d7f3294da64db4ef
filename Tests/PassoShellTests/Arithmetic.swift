// SPDX-License-Identifier: MIT

import Glibc

/// A calculator of its own for the lines that `:why` prints: it shares no code with the shell.
struct Arithmetic {
  private let characters: [Character]
  private var next = 0

  /// The value of a line; nil if it is not arithmetic.
  static func value(_ line: String) -> Double? {
    var reader = Arithmetic(characters: line.filter { $0 != " " && $0 != "\n" })
    guard let value = reader.sum(), reader.next == reader.characters.count else { return nil }
    return value
  }

  private init(characters: String) { self.characters = Array(characters) }

  private var peek: Character? { next < characters.count ? characters[next] : nil }

  private mutating func sum() -> Double? {
    guard var value = product() else { return nil }
    while let sign = peek, sign == "+" || sign == "-" {
      next += 1
      guard let term = product() else { return nil }
      value = sign == "+" ? value + term : value - term
    }
    return value
  }

  private mutating func product() -> Double? {
    guard var value = factor() else { return nil }
    while let sign = peek, sign == "*" || sign == "/" {
      next += 1
      guard let term = factor() else { return nil }
      value = sign == "*" ? value * term : value / term
    }
    return value
  }

  private mutating func factor() -> Double? {
    if peek == "-" {
      next += 1
      return factor().map { -$0 }
    }
    if peek == "(" { return brackets() }
    if let first = peek, first.isLetter { return function() }
    let start = next
    while let character = peek {
      let isSign = (character == "-" || character == "+") && next > start
      guard
        character.isNumber || character == "." || character == "e"
          || isSign && characters[next - 1] == "e"
      else { break }
      next += 1
    }
    return Double(String(characters[start..<next]))
  }

  private mutating func brackets() -> Double? {
    next += 1
    let value = sum()
    guard peek == ")" else { return nil }
    next += 1
    return value
  }

  private mutating func function() -> Double? {
    let start = next
    while let character = peek, character.isLetter { next += 1 }
    let name = String(characters[start..<next])
    guard peek == "(", let x = brackets() else { return nil }
    switch name {
    case "exp": return exp(x)
    case "log": return log(x)
    case "sqrt": return sqrt(x)
    case "tanh": return tanh(x)
    case "abs": return abs(x)
    default: return nil
    }
  }
}
