// SPDX-License-Identifier: MIT

/// What is looked for in a text: a text, or what a regular expression matches.
package enum TextPattern: Hashable, Sendable {
  case text(String)
  case expression(SplitExpression)

  /// Single scalars of a set.
  case scalars(ScalarClassName)

  /// `\w+|[^\w\s]+`, in the notation of Rust.
  case wordsOrMarks

  /// The matches, from the left.
  func matches(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    switch self {
    case .text(let needle): Self.places(of: Array(needle.utf8), in: Array(text))
    case .expression(let expression):
      Self.matches(of: ExpressionMatcher(expression.program), in: text)
    case .scalars(let name): name.places(in: text)
    case .wordsOrMarks: Self.matches(of: ExpressionMatcher(.wordsOrMarks), in: text)
    }
  }

  /// The matches among scalars.
  func matches(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
    switch self {
    case .text(let needle): return Self.places(of: Array(needle.unicodeScalars), in: scalars)
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

  private static func matches(
    of matcher: ExpressionMatcher,
    in text: UnsafeBufferPointer<UInt8>
  ) -> [Range<Int>] {
    var (matches, place): ([Range<Int>], Int) = ([], 0)
    while place < text.count {
      let (end, isMatch) = matcher.piece(of: text, from: place)
      if isMatch { matches.append(place..<end) }
      place = end
    }
    return matches
  }

  private static func places<Unit: Equatable>(of needle: [Unit], in text: [Unit]) -> [Range<Int>] {
    guard let first = needle.first, needle.count <= text.count else { return [] }
    var (places, at): ([Range<Int>], Int) = ([], 0)
    while at <= text.count - needle.count {
      if text[at] == first, text[at..<at + needle.count].elementsEqual(needle) {
        places.append(at..<at + needle.count)
        at += needle.count
      } else {
        at += 1
      }
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
