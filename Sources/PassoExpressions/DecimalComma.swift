// SPDX-License-Identifier: MIT

import PassoText

/// A comma that somebody may have meant as a decimal mark: `exp(0,5)`, `[0,1, 0,9]`.
///
/// In an expression it separates two numbers, as it does in every line that Passo reads; who writes
/// decimals with a comma elsewhere is told.
package struct DecimalComma: Sendable, Hashable {
  /// As it was typed: `0,5`.
  let typed: String

  /// What a person could have meant: `0.5`.
  let meant: String

  /// Finds the first of a line.
  ///
  /// Indices are whole numbers, so that no comma there is meant; and the commas of `[1,2,3]` are
  /// all alike: only where others of the same brackets have a blank behind them, or where it is the
  /// only one and the brackets are no row of a matrix, is a comma between two digits in doubt.
  package init?(in line: String) {
    guard let tokens = try? ExpressionLexer.tokens(of: line) else { return nil }
    var open: [Brackets] = []
    for (index, token) in tokens.enumerated() where token.kind == .symbol {
      switch token.text {
      case "[", "(":
        let isIndex = token.text == "[" && index > 0 && Self.endsValue(tokens[index - 1])
        open.append(Brackets(isIndex: isIndex, isInner: token.text == "[" && !open.isEmpty))
      case ",": open.indices.last.map { open[$0].add(Self(tokens, comma: index)) }
      case "]", ")":
        guard let found = open.popLast()?.doubtful else { continue }
        self = found
        return
      default: continue
      }
    }
    return nil
  }

  /// Two numbers around a comma, without a blank; nil if they are something else.
  private init?(_ tokens: [ExpressionToken], comma: Int) {
    guard comma > 0, comma + 1 < tokens.count else { return nil }
    let (left, right) = (tokens[comma - 1], tokens[comma + 1])
    guard left.kind == .number, right.kind == .number,
      left.span.upperBound == tokens[comma].span.lowerBound,
      tokens[comma].span.upperBound == right.span.lowerBound,
      (left.text + right.text).allSatisfy(\.isWholeNumber)
    else { return nil }
    (typed, meant) = ("\(left.text),\(right.text)", "\(left.text).\(right.text)")
  }

  /// Whether brackets behind it choose a part of it.
  private static func endsValue(_ token: ExpressionToken) -> Bool {
    token.kind == .name || token.kind == .symbol && ["]", ")"].contains(token.text)
  }

  /// The commas between two brackets.
  private struct Brackets {
    let isIndex: Bool
    let isInner: Bool
    private var first: DecimalComma?
    private var tightCount = 0
    private var looseCount = 0

    init(isIndex: Bool, isInner: Bool) { (self.isIndex, self.isInner) = (isIndex, isInner) }

    mutating func add(_ comma: DecimalComma?) {
      if comma == nil { looseCount += 1 } else { tightCount += 1 }
      first = first ?? comma
    }

    var doubtful: DecimalComma? {
      !isIndex && (looseCount > 0 || tightCount == 1 && !isInner) ? first : nil
    }
  }

  /// What it was taken for, and how a decimal is written.
  package var note: Bilingual {
    Bilingual(
      it: "\(it: typed) qui sono due numeri: i decimali si scrivono con il punto, \(meant)",
      en: "\(en: typed) is two numbers here: decimals are written with a point, \(meant)"
    )
  }
}
