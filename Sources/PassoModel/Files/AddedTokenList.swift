// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The `added_tokens` of a `tokenizer.json`.
enum AddedTokenList {
  /// The tokens of a list, in its order.
  static func read(_ list: JSONValue) throws(TokenizerFault) -> [AddedToken] {
    guard list != .null else { return [] }
    guard case .array(let elements) = list else { throw .missing(key: "added_tokens") }
    var tokens: [AddedToken] = []
    for (index, element) in elements.enumerated() {
      tokens.append(try token(element, "added_tokens[\(index)]"))
    }
    return tokens
  }

  private static func token(
    _ element: JSONValue,
    _ path: String
  ) throws(TokenizerFault) -> AddedToken {
    guard let content = element["content"]?.text else { throw .missing(key: "\(path).content") }
    guard case .number(let number)? = element["id"] else { throw .missing(key: "\(path).id") }
    guard let id = TokenID(exactly: number), id >= 0 else {
      throw .id(token: content, count: Vocabulary.limit)
    }
    func flag(_ key: String) throws(TokenizerFault) -> Bool {
      guard case .boolean(let flag)? = element[key] else { throw .missing(key: "\(path).\(key)") }
      return flag
    }
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

  /// The special tokens among those of a vocabulary.
  static func specials(_ tokens: [String]) -> [AddedToken] {
    tokens.enumerated().filter { SpecialToken(rawValue: $0.element) != nil }
      .map { AddedToken($0.element, id: TokenID($0.offset), isSpecial: true) }
  }
}
