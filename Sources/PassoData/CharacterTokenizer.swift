// SPDX-License-Identifier: MIT
import PassoText

/// One token for each Unicode scalar, as it stands: nothing is normalized.
///
/// `decode(encode(text))` is the text again, but for special tokens: where a text spells one, it is
/// that token, as for byte pairs. A vocabulary that has `<unk>` takes it for characters that it
/// does not have.
package struct CharacterTokenizer: Tokenizer {
  /// The tokens by id, as they are: `tokens` has them as figures show them.
  package let spellings: [String]

  // By scalar, up to the highest of them; -1 for none.
  private let ids: [TokenID]
  private let specials: [SpecialToken: TokenID]

  /// The special tokens, in the order of their ids.
  package let added: [AddedToken]

  package let template: TextTemplate

  private var finder: AddedTokenFinder

  /// Uses tokens that are already numbered: special tokens and single scalars.
  package init(
    tokens: [String],
    template: TextTemplate = TextTemplate()
  ) throws(DataProblem) {
    try Vocabulary.check(count: tokens.count)
    var ids: [Unicode.Scalar: TokenID] = [:]
    var specials: [SpecialToken: TokenID] = [:]
    for (id, token) in tokens.enumerated() {
      let scalars = token.unicodeScalars
      let first: TokenID?
      if let special = SpecialToken(rawValue: token) {
        first = specials.updateValue(TokenID(id), forKey: special)
      } else if let scalar = scalars.first, scalars.count == 1 {
        first = ids.updateValue(TokenID(id), forKey: scalar)
      } else {
        throw scalars.isEmpty ? .emptyToken(id: id) : .longCharacter(token, id: id)
      }
      if let first { throw .duplicateToken(token, first: Int(first), second: id) }
    }
    spellings = tokens
    self.template = template
    var table = Array(repeating: TokenID(-1), count: Int(ids.keys.max()?.value ?? 0) + 1)
    for (scalar, id) in ids { table[Int(scalar.value)] = id }
    self.ids = table
    self.specials = specials
    added = specials.map { AddedToken($0.key.rawValue, id: $0.value, isSpecial: true) }
      .sorted { $0.id < $1.id }
    finder = AddedTokenFinder(added)
  }

  /// Numbers the characters of the texts in order of first appearance, after the special tokens.
  package init(
    texts: [String],
    specials: [SpecialToken] = [.start]
  ) throws(DataProblem) {
    var tokens = specials.map(\.rawValue)
    // What the special tokens are spelled with is no text.
    let finder = try CharacterTokenizer(tokens: tokens + ["a"]).finder
    var seen: Set<Unicode.Scalar> = []
    var spelled = false
    for var text in texts {
      text.withUTF8 { bytes in
        finder.parts(of: bytes) { part in
          guard case .text(let range) = part else {
            spelled = true
            return
          }
          for scalar in String(decoding: bytes[range], as: UTF8.self).unicodeScalars
          where seen.insert(scalar).inserted {
            tokens.append(String(scalar))
          }
        }
      }
    }
    guard !seen.isEmpty else { throw spelled ? .onlySpecialText : .noWords(scalars: 0) }
    try self.init(tokens: tokens)
  }

  package var kind: TokenizerKind { .characters }

  package var vocabularySize: Int { spellings.count }

  package var cuts: TextCuts { finder.allowsCuts ? .beforeSpace : .nowhere }

  package func id(of token: SpecialToken) -> TokenID? { specials[token] }

  package func encode(_ text: String) throws(DataProblem) -> [TokenID] {
    var text = text
    var found: [TokenID] = []
    var missing: Range<Int>?
    text.withUTF8 { bytes in
      finder.parts(of: bytes) { part in
        switch part {
        case .token(let id): found.append(id)
        case .text(let range):
          guard missing == nil else { return }
          let wrong = append(bytes[range], to: &found)
          missing = wrong.map { range.lowerBound + $0..<range.upperBound }
        }
      }
    }
    if let missing { throw unknown(Array(text.utf8)[missing.lowerBound...], in: text) }
    return found
  }

  /// Where the first unknown character begins, if there is one.
  private func append(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>,
    to found: inout [TokenID]
  ) -> Int? {
    let unknown = specials[.unknown]
    var offset = 0
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      guard let id = id(of: scalar) ?? unknown else { return offset }
      found.append(id)
      offset += UTF8.width(scalar)
    }
    return nil
  }

  private func id(of scalar: Unicode.Scalar) -> TokenID? {
    guard scalar.value < ids.count else { return nil }
    let id = ids[Int(scalar.value)]
    return id < 0 ? nil : id
  }

  private func unknown(_ rest: ArraySlice<UInt8>, in text: String) -> DataProblem {
    let before =
      text.unicodeScalars.count - String(decoding: rest, as: UTF8.self).unicodeScalars.count
    let scalar = String(decoding: rest, as: UTF8.self).unicodeScalars.first ?? " "
    return .unknownCharacter(
      scalar,
      number: before + 1,
      known: spellings.count,
      place: Place(of: before..<before + 1, in: text)
    )
  }

  package var readingSpecialsAsText: any Tokenizer {
    var copy = self
    copy.finder = AddedTokenFinder([])
    return copy
  }

  package func decode(
    _ ids: [TokenID],
    keepingSpecials: Bool
  ) throws(DataProblem) -> String {
    try check(ids)
    var text = String.UnicodeScalarView()
    for id in ids {
      let token = spellings[Int(id)]
      if keepingSpecials || SpecialToken(rawValue: token) == nil {
        text.append(contentsOf: token.unicodeScalars)
      }
    }
    return String(text)
  }

  package func token(of id: TokenID) -> String? {
    guard spellings.indices.contains(Int(id)) else { return nil }
    let token = spellings[Int(id)]
    return SpecialToken(rawValue: token) == nil ? ByteSpelling.shown(Array(token.utf8)) : token
  }
}
