// SPDX-License-Identifier: MIT

/// The pieces of which a line of a rule consists.
struct GrammarLexer {
  enum Piece {
    case bar, nothing
    case name(String)
    case bare(String)
    case quoted(String)
  }

  private var rest: Substring.UnicodeScalarView

  init(_ line: Substring) { rest = line.unicodeScalars }

  /// The next piece; nil at the end of the line.
  mutating func next() throws(GrammarFault) -> Piece? {
    skipBlanks()
    guard let first = rest.first else { return nil }
    switch first {
    case "|":
      rest.removeFirst()
      return .bar
    case "<": return .name(try name())
    case "\"":
      rest.removeFirst()
      guard let end = rest.firstIndex(of: "\"") else { throw .unclosedQuote }
      let text = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
      return .quoted(text)
    default:
      if isNothing {
        rest.removeFirst(2)
        return .nothing
      }
      return .bare(bareWord())
    }
  }

  /// Takes a sign if it comes next.
  mutating func skip(_ sign: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard rest.first == sign else { return false }
    rest.removeFirst()
    return true
  }

  /// The name of a rule, if the line looks as if it began one.
  func beginsRule() -> String? {
    var copy = self
    guard case .name(let name)? = try? copy.next() else { return nil }
    return copy.skip("=") ? name : nil
  }

  private mutating func skipBlanks() { rest = rest.drop { $0.properties.isWhitespace } }

  private var isNothing: Bool {
    rest.first == "(" && rest.dropFirst().first == ")"
  }

  private mutating func name() throws(GrammarFault) -> String {
    let inside = rest.dropFirst()
    let name = inside.prefix { scalar in
      !scalar.properties.isWhitespace && !["<", ">", "|", "\""].contains(scalar)
    }
    guard !name.isEmpty, name.endIndex < inside.endIndex, inside[name.endIndex] == ">" else {
      throw .unclosedName(String(rest.prefix { !$0.properties.isWhitespace }))
    }
    rest = inside[inside.index(after: name.endIndex)...]
    return String(name)
  }

  private mutating func bareWord() -> String {
    var word = String.UnicodeScalarView()
    while let first = rest.first, !isNothing, !first.properties.isWhitespace,
      !["|", "<", "\""].contains(first)
    {
      word.append(first)
      rest.removeFirst()
    }
    return String(word)
  }
}
