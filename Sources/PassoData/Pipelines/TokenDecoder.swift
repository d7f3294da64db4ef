// SPDX-License-Identifier: MIT

/// A step by which the `decoder` of a tokenizer makes text of tokens, as `tokenizers` does it.
package enum TokenDecoder: Sendable {
  case byteLevel
  case wordPiece(prefix: String, cleansUp: Bool)

  /// A mark as a blank; without one before the text if the scheme put it there.
  case metaspace(Unicode.Scalar, skipsFirst: Bool)
  case bytePairs(suffix: String)
  case byteFallback
  case fuse
  case strip(Unicode.Scalar, left: Int, right: Int)
  case replace(TextPattern, by: String)

  /// A token as it is written.
  typealias Spelling = [UInt8]

  /// - Throws: `DataProblem` if the text becomes longer than there is room for.
  func apply(
    to tokens: [Spelling],
    in room: inout GrowthRoom
  ) throws(DataProblem) -> [Spelling] {
    if case .replace(let pattern, let content) = self {
      return try Self.replaced(pattern, inEach: tokens, by: content, &room)
    }
    let tokens = apply(to: tokens)
    try room.ask(tokens.reduce(0) { $0 + $1.count })
    return tokens
  }

  /// Makes of each byte, and before each token, a few at most.
  private func apply(to tokens: [Spelling]) -> [Spelling] {
    switch self {
    case .byteLevel: return [Self.bytes(tokens)]
    case .fuse: return [Array(tokens.joined())]
    case .byteFallback: return Self.fallBack(tokens)
    case .wordPiece(let prefix, let cleansUp):
      let prefix = Array(prefix.utf8)
      return tokens.enumerated().map { place, token in
        let joined = place == 0 ? token : Self.joined(token, prefix)
        return cleansUp ? Self.cleaned(joined) : joined
      }
    case .metaspace(let mark, let skipsFirst):
      let mark = String(mark)
      return tokens.enumerated().map { place, token in
        Self.replaced(.text(mark), in: token, by: place == 0 && skipsFirst ? [] : [0x20])
      }
    case .bytePairs(let suffix):
      return tokens.enumerated().map { place, token in
        let isLast = place == tokens.count - 1
        // An empty text is found nowhere.
        return Self.replaced(.text(suffix), in: token, by: isLast ? [] : [0x20])
      }
    case .strip(let scalar, let left, let right):
      return tokens.map { Self.stripped($0, Array(String(scalar).utf8), left, right) }
    case .replace: return tokens
    }
  }

  /// The bytes that all tokens are written for; one with another character stands for itself.
  private static func bytes(_ tokens: [Spelling]) -> Spelling {
    let bytes = tokens.flatMap { token in
      ByteSpelling.bytes(of: String(decoding: token, as: UTF8.self)) ?? token
    }
    // What is no UTF-8 becomes U+FFFD here, not later.
    return Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  private static func fallBack(_ tokens: [Spelling]) -> [Spelling] {
    var (all, run): ([Spelling], [UInt8]) = ([], [])
    func flush() {
      guard !run.isEmpty else { return }
      if String(validating: run, as: UTF8.self) != nil {
        all.append(run)
      } else {
        all += run.map { _ in Array("\u{FFFD}".utf8) }
      }
      run = []
    }
    for token in tokens {
      if let byte = ByteToken.byte(token) {
        run.append(byte)
      } else {
        flush()
        all.append(token)
      }
    }
    flush()
    return all
  }

  private static func joined(_ token: Spelling, _ prefix: Spelling) -> Spelling {
    token.starts(with: prefix) ? Array(token.dropFirst(prefix.count)) : [0x20] + token
  }

  private static func cleaned(_ token: Spelling) -> Spelling {
    let changes = [
      (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
      (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ]
    return changes.reduce(token) { replaced(.text($1.0), in: $0, by: Array($1.1.utf8)) }
  }

  private static func stripped(
    _ token: Spelling,
    _ mark: Spelling,
    _ left: Int,
    _ right: Int
  ) -> Spelling {
    var token = token[...]
    var count = 0
    while count < left, token.starts(with: mark) {
      token = token.dropFirst(mark.count)
      count += 1
    }
    count = 0
    while count < right, token.suffix(mark.count).elementsEqual(mark) {
      token = token.dropLast(mark.count)
      count += 1
    }
    return Array(token)
  }

  /// Puts a text in the place of what is found, as long as there is room for it.
  private static func replaced(
    _ pattern: TextPattern,
    inEach tokens: [Spelling],
    by content: String,
    _ room: inout GrowthRoom
  ) throws(DataProblem) -> [Spelling] {
    var (all, count): ([Spelling], Int) = ([], 0)
    all.reserveCapacity(tokens.count)
    let content = Array(content.utf8)
    for token in tokens {
      let matches = token.withUnsafeBufferPointer { pattern.matches(in: $0) }
      try room.ask(count + token.count + matches.count * content.count)
      all.append(replaced(matches, in: token, by: content))
      count += all[all.count - 1].count
    }
    return all
  }

  private static func replaced(
    _ pattern: TextPattern,
    in token: Spelling,
    by content: Spelling
  ) -> Spelling {
    let matches = token.withUnsafeBufferPointer { pattern.matches(in: $0) }
    return replaced(matches, in: token, by: content)
  }

  private static func replaced(
    _ matches: [Range<Int>],
    in token: Spelling,
    by content: Spelling
  ) -> Spelling {
    if matches.isEmpty { return token }
    var (all, place): (Spelling, Int) = ([], 0)
    for match in matches {
      all += token[place..<match.lowerBound]
      all += content
      place = match.upperBound
    }
    return all + token[place...]
  }
}
