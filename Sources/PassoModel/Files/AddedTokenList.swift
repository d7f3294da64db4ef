// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The `added_tokens` of a `tokenizer.json`.
enum AddedTokenList {
  /// The tokens of the list of a file, in its order; none where it has no list.
  static func read(_ document: TokenizerDocument) throws(TokenizerFault) -> [AddedToken] {
    guard document.parts["added_tokens"] != nil else { return [] }
    var tokens: [AddedToken] = []
    for element in try document.part("added_tokens").elements() {
      tokens.append(try token(element))
    }
    return tokens
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
      JSONText.object([
        ("id", String(token.id)), ("content", JSONText.string(token.content)),
        ("single_word", "\(token.isSingleWord)"), ("lstrip", "\(token.stripsLeft)"),
        ("rstrip", "\(token.stripsRight)"), ("normalized", "\(token.isNormalized)"),
        ("special", "\(token.isSpecial)"),
      ])
    }
    return "[" + elements.joined(separator: ",") + "]"
  }
}
