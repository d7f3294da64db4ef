// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The `added_tokens` of a `tokenizer.json`.
struct AddedTokenList {
  /// The tokens in the order of the file, with the ids that `tokenizers` gives them.
  let tokens: [AddedToken]

  /// Whether some have another id in the file.
  let notes: [TokenizerNote]

  /// Reads the list of a file; it is empty where the file has none.
  ///
  /// - Parameters:
  ///   - document: The file.
  ///   - vocabulary: The tokens of its model.
  ///   - count: How many of them there are; ids between them may belong to none.
  /// - Throws: `TokenizerFault` if the list is none.
  init(
    _ document: TokenizerDocument,
    _ vocabulary: ByteTable,
    count: Int
  ) throws(TokenizerFault) {
    var listed: [AddedToken] = []
    if document.parts["added_tokens"] != nil {
      for element in try document.part("added_tokens").elements() {
        listed.append(try Self.token(element))
      }
    }
    // Numbered as by `tokenizers`, whatever ids they have: those of the vocabulary keep its ids,
    // the others follow on the number of its tokens.
    var tokens: [AddedToken?] = []
    var renumbered = RenumberedTokens()
    var places: [[UInt8]: Int] = [:]
    var highest = -1
    for token in listed where !token.bytes.isEmpty {
      let place = places.updateValue(tokens.count, forKey: token.bytes)
      let same = place.flatMap { tokens[$0] }
      let known = same.map { Int($0.id) } ?? vocabulary.number(of: token.bytes)
      let id = known ?? (highest >= count ? highest + 1 : count)
      highest = max(highest, id)
      guard let id = TokenID(exactly: id) else {
        throw .id(token: token.content, count: Vocabulary.limit)
      }
      // Of two that are written alike, the later one counts.
      if let place { tokens[place] = nil }
      tokens.append(token.numbered(id))
      if token.id != id { renumbered.add(token, id) }
    }
    self.tokens = tokens.compactMap(\.self)
    notes = renumbered.count == 0 ? [] : [.renumbered(renumbered)]
  }

  private static func token(_ part: TokenizerPart) throws(TokenizerFault) -> AddedToken {
    let content = try part.member("content").text()
    guard let id = TokenID(exactly: try part.member("id").integer()), id >= 0 else {
      throw .id(token: content, count: Vocabulary.limit)
    }
    func flag(_ key: String) throws(TokenizerFault) -> Bool { try part.member(key).flag() }
    var token = AddedToken(content, id: id, isSpecial: try flag("special"))
    token.isSingleWord = try flag("single_word")
    token.stripsLeft = try flag("lstrip")
    token.stripsRight = try flag("rstrip")
    token.isNormalized = try flag("normalized")
    return token
  }

  /// A list as JSON, in the order of the ids.
  static func json(_ tokens: [AddedToken]) -> String {
    let elements = tokens.sorted { $0.id < $1.id }.map { token in
      JSONText.object([("id", String(token.id))] + members(token))
    }
    return JSONText.list(elements)
  }

  /// A token as JSON, without its id.
  static func json(_ token: AddedToken) -> String { JSONText.object(members(token)) }

  private static func members(_ token: AddedToken) -> [(key: String, value: String)] {
    [
      ("content", JSONText.string(token.content)),
      ("single_word", "\(token.isSingleWord)"), ("lstrip", "\(token.stripsLeft)"),
      ("rstrip", "\(token.stripsRight)"), ("normalized", "\(token.isNormalized)"),
      ("special", "\(token.isSpecial)"),
    ]
  }
}
