// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoExpressions
import PassoText

/// The places that tokens name: what stands beside a figure can be written in a slice.
package struct SessionLabels: AxisLabels {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// The place that a token names, on the axis of the vocabulary or of positions of the text.
  ///
  /// - Throws: `ExpressionProblem` or `WrittenTokenProblem` if the token names no place, or
  ///   several.
  package func place(of label: String, on axis: Axis, size: Int, row: Int) throws -> Int {
    if axis == .vocab, size == session.configuration.vocabularySize {
      return Int(try session.tokenID(written: label, isQuoted: true))
    }
    let tokens = tokens(on: axis, size: size, row: row)
    guard !tokens.isEmpty else { throw ExpressionProblem.noLabels(label, axis: axis) }
    for spelling in Self.spellings(of: label) {
      let places = tokens.indices.filter { tokens[$0] == spelling }
      if places.count > 1 { throw ExpressionProblem.repeatedLabel(label, places: places) }
      if let place = places.first { return place }
    }
    let closest = Suggestion.closest(to: label, among: tokens)
    throw ExpressionProblem.unknownLabel(label, closest: closest)
  }

  /// The labels of an axis in a figure; empty if it has none.
  ///
  /// A slice has lost where it began: its places must not be called by the first tokens. And a name
  /// may hold a value of another text, with more rows than there are now.
  package func tokens(on axis: Axis, size: Int, row: Int) -> [String] {
    switch axis {
    case .position, .query, .key:
      size == session.batch.length && session.rowsAtWork.count > row
        ? session.inputTokens(row: session.rowsAtWork.lowerBound + row) : []
    case .vocab:
      size == session.configuration.vocabularySize
        ? (0..<size).map { session.label(TokenID($0)) } : []
    default: []
    }
  }

  /// A blank before a word is shown as a mark, and part of most tokens in the middle of a text.
  private static func spellings(of label: String) -> [String] {
    let blank = "\u{2423}"
    let shown = label.replacing(" ", with: blank)
    return [label, shown, blank + shown]
  }
}
