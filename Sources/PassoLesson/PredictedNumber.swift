// SPDX-License-Identifier: MIT

import PassoText

/// A number as somebody types it for an answer: `1389`, `0,5`, `1.389`, `4/7`.
package struct PredictedNumber: Sendable, Hashable {
  /// With its mark read as that of decimals, unless it can only group thousands.
  package let value: Double

  /// The other way to read `1.389`: nobody knows yet which of the two was meant.
  private let grouped: Double?

  package init(_ value: Double) { (self.value, grouped) = (value, nil) }

  /// Reads what was typed; nil if it is no number.
  package init?(typed text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard let top = Self.clear(parts[0]), let bottom = Self.clear(parts[1]), bottom != 0
      else { return nil }
      (value, grouped) = (top / bottom, nil)
    } else if let (groups, isCertain) = Self.groups(of: text) {
      let decimal = isCertain ? nil : Self.plain(text[...])
      (value, grouped) = (decimal ?? groups, decimal == nil ? nil : groups)
    } else if let number = Self.plain(text[...]) {
      (value, grouped) = (number, nil)
    } else {
      return nil
    }
  }

  /// Of two ways to read it the one that comes closer to what was found.
  package func closest(to found: Double) -> Double {
    guard let grouped, abs(grouped - found) < abs(value - found) else { return value }
    return grouped
  }

  /// A number that can be read in one way only.
  private static func clear(_ text: Substring) -> Double? {
    guard let (number, isCertain) = groups(of: String(text).trimmed) else { return plain(text) }
    return isCertain ? number : nil
  }

  private static func plain(_ text: Substring) -> Double? {
    let number = Double(String(text).trimmed.replacing(",", with: "."))
    return number?.isFinite == true ? number : nil
  }

  /// Groups of three digits, and whether their marks can be nothing else.
  private static func groups(of text: String) -> (number: Double, isCertain: Bool)? {
    guard
      let match = text.wholeMatch(of: /[+-]?[1-9]\d{0,2}(?:([.,'’ \u{A0}\u{202F}])\d{3})+/),
      let mark = match.1.first,
      text.allSatisfy({ $0 == mark || $0.isNumber || "+-".contains($0) }),
      let number = Double(text.filter { $0.isNumber || $0 == "-" })
    else { return nil }
    return (number, !".,".contains(mark) || text.count { $0 == mark } > 1)
  }
}
