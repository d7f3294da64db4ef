// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// The number of a token, from 0; negative numbers mean "no token", as in `ignoredTarget`.
package typealias TokenID = Int32

/// A token that stands for no text; a vocabulary has it if it has its spelling.
package enum SpecialToken: Hashable, Sendable {
  /// Fills short rows; nothing is asked there.
  case pad

  /// Stands before the first word, so that the first word too is predicted from something.
  case start

  /// Stands after the last word.
  case end

  /// Stands for words that the vocabulary does not have.
  case unknown

  /// Stands where a word was hidden.
  case mask

  /// Stands where a run of words was cut out, and before the run in the answer; counted from 0.
  case span(Int)

  /// Stands before the beginning of a text out of whose middle something was taken.
  case fillPrefix

  /// Stands before the end of such a text.
  case fillSuffix

  /// Stands before what was taken out.
  case fillMiddle

  /// Says that a token is the one that stood there.
  case original

  /// Says that another token stood there.
  case replaced

  /// Those that every toy language has; their ids come before those of its words.
  package static let single: [SpecialToken] = [.pad, .start, .end, .unknown, .mask]

  /// Those that are not counted.
  private static let named: [SpecialToken] =
    single + [.fillPrefix, .fillSuffix, .fillMiddle, .original, .replaced]
}

extension SpecialToken: RawRepresentable {
  package init?(rawValue: String) {
    if let token = Self.named.first(where: { $0.rawValue == rawValue }) {
      self = token
      return
    }
    let parts = (opens: "<span_", closes: ">")
    guard rawValue.hasPrefix(parts.opens), rawValue.hasSuffix(parts.closes) else { return nil }
    let digits = rawValue.dropFirst(parts.opens.count).dropLast(parts.closes.count)
    guard let number = Int(digits), number >= 0, String(number) == digits else { return nil }
    self = .span(number)
  }

  /// The spelling in a vocabulary.
  package var rawValue: String {
    switch self {
    case .pad: "<pad>"
    case .start: "<start>"
    case .end: "<end>"
    case .unknown: "<unk>"
    case .mask: "<mask>"
    case .fillPrefix: "<fim_prefix>"
    case .fillSuffix: "<fim_suffix>"
    case .fillMiddle: "<fim_middle>"
    case .original: "<original>"
    case .replaced: "<replaced>"
    case .span(let number): "<span_\(number)>"
    }
  }
}

/// The tokens that a model knows, each with its id.
package struct Vocabulary: Hashable, Sendable {
  /// More tokens than any model in use; keeps every later product of sizes small.
  package static let limit = 1 << 24

  /// The tokens; the place in the list is the id.
  package let tokens: [String]

  // By bytes: `tokenizers` takes two spellings of an accent for two words, `String` does not.
  private let ids: [[UInt8]: TokenID]

  /// Numbers the tokens in the order given.
  package init(_ tokens: [String]) throws(DataProblem) {
    try Self.check(count: tokens.count)
    var ids: [[UInt8]: TokenID] = [:]
    for (id, token) in tokens.enumerated() {
      guard !token.isEmpty else { throw .emptyToken(id: id) }
      if let first = ids.updateValue(TokenID(id), forKey: Array(token.utf8)) {
        throw .duplicateToken(token, first: Int(first), second: id)
      }
    }
    self.tokens = tokens
    self.ids = ids
  }

  /// - Throws: `DataProblem` if no vocabulary has so many tokens.
  static func check(count: Int) throws(DataProblem) {
    guard count > 0 else { throw .emptyVocabulary }
    guard count <= limit else { throw .vocabularyTooLarge(count: count, limit: limit) }
  }

  /// More bytes than any token in use that is looked for at every place of a text; keeps the time
  /// for that linear in the text.
  package static let longestToken = 4_096

  /// - Throws: `DataProblem` if a token that is looked for everywhere is so long.
  package static func check(token: some Collection<UInt8>, id: Int) throws(DataProblem) {
    guard token.count > longestToken else { return }
    let beginning = String(decoding: token.prefix(24), as: UTF8.self) + "…"
    throw .longToken(beginning, id: id, count: token.count, limit: longestToken)
  }

  /// The id of a token, or nil if the vocabulary does not have it.
  package func id(of token: String) -> TokenID? {
    ids[Array(token.utf8)]
  }

  /// The id of a special token, or nil if the vocabulary does not have it.
  package func id(of token: SpecialToken) -> TokenID? {
    id(of: token.rawValue)
  }

  /// The word that a person probably meant; nil for words too long to be a slip of the keyboard.
  package func closest(to word: String) -> String? {
    guard word.unicodeScalars.prefix(33).count <= 32 else { return nil }
    return Suggestion.closest(
      to: word,
      among: tokens.lazy.filter { SpecialToken(rawValue: $0) == nil }
    )
  }
}
