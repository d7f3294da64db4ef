// SPDX-License-Identifier: MIT

/// What is looked for in a text: a text, or what a regular expression matches.
package enum TextPattern: Hashable, Sendable {
  case text(String)
  case expression(SplitExpression)

  /// Single scalars of a set.
  case scalars(ScalarClassName)

  /// `\w+|[^\w\s]+`, in the notation of Rust.
  case wordsOrMarks

  // `tokenizers` has this expression of its own, so that all share the matchers.
  private static let wordMatchers = ExpressionMatchers(.wordsOrMarks)

  /// The matches, from the left.
  func matches(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    switch self {
    case .text(let needle):
      // What is longer than the text costs nothing, however long it is.
      needle.utf8.count <= text.count ? Needle(Array(needle.utf8)).places(in: text) : []
    case .expression(let expression): expression.matchers.matches(in: text)
    case .scalars(let name): name.places(in: text)
    case .wordsOrMarks: Self.wordMatchers.matches(in: text)
    }
  }

  /// The matches among scalars.
  func matches(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
    switch self {
    case .text(let needle):
      // No scalar has more than four bytes.
      guard needle.utf8.count / 4 <= scalars.count else { return [] }
      return Needle(Array(needle.unicodeScalars)).places(in: scalars)
    case .scalars, .expression, .wordsOrMarks:
      // By bytes, then counted.
      var text = String(String.UnicodeScalarView(scalars))
      return text.withUTF8 { bytes in
        var (count, place) = (0, 0)
        func scalarPlace(_ byte: Int) -> Int {
          while place < byte {
            if bytes[place] & 0xC0 != 0x80 { count += 1 }
            place += 1
          }
          return count
        }
        return matches(in: bytes).map { match in
          let start = scalarPlace(match.lowerBound)
          return start..<scalarPlace(match.upperBound)
        }
      }
    }
  }
}

/// A run that is looked for so that no unit of a text is read again, as Knuth, Morris and Pratt do.
private struct Needle<Unit: Equatable> {
  private let units: [Unit]

  // By how many units fit, how many of them fit still if the next one does not.
  private var shorter: [Int]

  init(_ units: [Unit]) {
    self.units = units
    shorter = Array(repeating: 0, count: units.count + 1)
    var fitting = 0
    for end in units.indices.dropFirst() {
      while fitting > 0, units[end] != units[fitting] { fitting = shorter[fitting] }
      if units[end] == units[fitting] { fitting += 1 }
      shorter[end + 1] = fitting
    }
  }

  /// Where it stands in a text, from the left, none in another; an empty one nowhere.
  func places(in text: some RandomAccessCollection<Unit>) -> [Range<Int>] {
    guard !units.isEmpty, units.count <= text.count else { return [] }
    var (places, fitting): ([Range<Int>], Int) = ([], 0)
    for (place, unit) in text.enumerated() {
      while fitting > 0, unit != units[fitting] { fitting = shorter[fitting] }
      if unit == units[fitting] { fitting += 1 }
      guard fitting == units.count else { continue }
      places.append(place + 1 - fitting..<place + 1)
      fitting = 0
    }
    return places
  }
}

/// Classes of characters at which texts are cut.
package enum ScalarClassName: Hashable, Sendable {
  case whiteSpace
  case punctuation
  case number
  case scalar(Unicode.Scalar)

  private func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .whiteSpace: scalar.properties.isWhitespace
    case .punctuation: OldUnicode.isPunctuation(scalar)
    case .number: ScalarClass.of(scalar) == ScalarClass.number
    case .scalar(let other): scalar == other
    }
  }

  func places(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var (places, at): ([Range<Int>], Int) = ([], 0)
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      let end = at + UTF8.width(scalar)
      if contains(scalar) { places.append(at..<end) }
      at = end
    }
    return places
  }
}
